"""The head of a dossier: the way back, the place in the results, the name with its chips."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from clementine_crm.domain.consent_model import ENDED, Purpose
from clementine_crm.queries.dossier import CandidateView
from clementine_crm.queries.dossier_access import Opened
from ui.pages.dossier_words import stage_name
from ui.quantities import number
from ui.speech import say
from ui.widgets.button import Button, IconButton
from ui.widgets.chip import Chip
from ui.widgets.layouts import empty
from ui.widgets.text import Text

MOST_CHIPS = 3


class DossierHead(QWidget):
    """Signals: ``back_asked()``; ``step_asked(int)`` the next or the previous result."""

    back_asked = Signal()
    step_asked = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.back = Button(say("shell.candidates"), "link", icon="left", height=24,
                           on_click=self.back_asked.emit)  # fmt: skip
        self._place = Text("", "second", "soft", elide=True)
        self.before = IconButton("up", say("dossier.previous"), key="Ctrl+PgUp", kind="quiet", height=24,
                                 on_click=lambda: self.step_asked.emit(-1))  # fmt: skip
        self.after = IconButton("down", say("dossier.next"), key="Ctrl+PgDown", kind="quiet", height=24,
                                on_click=lambda: self.step_asked.emit(1))  # fmt: skip
        way = QHBoxLayout()
        way.setSpacing(8)
        way.addWidget(self.back)
        way.addWidget(self._place, 1)
        way.addWidget(self.before)
        way.addWidget(self.after)
        self._name = Text("", "person")
        self._chips = QHBoxLayout()
        self._chips.setSpacing(6)
        self._who = Text("", "second", "soft")
        line = QHBoxLayout()
        line.setSpacing(10)
        line.addWidget(self._name)
        line.addLayout(self._chips)
        line.addStretch(1)
        line.addWidget(self._who, 0, Qt.AlignmentFlag.AlignBottom)
        self._second = Text("", "body", "soft", elide=True)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(2)
        for layout in (way, line):
            column.addLayout(layout)
        column.addWidget(self._second)

    def show_dossier(self, opened: Opened | None, at: int, total: int, text: str) -> None:
        """Show who it is, and where it stands in the answer it was opened from."""
        empty(self._chips)
        self._name.setText(opened.name if opened is not None else "\u00a0")
        view = opened.view if opened is not None else None
        for chip in _chips(view) if view is not None else []:
            self._chips.addWidget(chip)
        owner = view.owner if view is not None else ""
        self._who.setText(say("dossier.followed", name=owner) if owner else "")
        self._who.setVisible(bool(owner))
        parts = (view.headline, view.town) if view is not None else ()
        self._second.setText(" · ".join(filter(None, parts)))
        inside = at >= 0 and total > 0
        key = "dossier.place_for" if text else "dossier.place"
        self._place.setText(
            say(key, at=number(at + 1), n=number(total), text=text) if inside else ""
        )
        for button in (self.before, self.after):
            button.setVisible(inside and total > 1)


def _chips(view: CandidateView) -> list[Chip]:
    chips = []
    if any(c.purpose is Purpose.POOL and c.dates.state not in ENDED for c in view.consents):
        chips.append(Chip(say("dossier.pool")))
    for application in view.applications[:MOST_CHIPS]:
        if application.reference:
            text = f"{application.reference} · {stage_name(application.stage)}"
            chips.append(Chip(text, "accent"))
    return chips
