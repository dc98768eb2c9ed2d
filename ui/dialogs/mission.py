"""A new mission: reference, title, client, language, criteria. Ctrl Entrée saves it."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QCompleter, QHBoxLayout, QVBoxLayout, QWidget

from clementine_crm.domain.ids import Id
from clementine_crm.errors import ClementineError, ValidationError
from clementine_crm.services.missions import AddMission
from clementine_crm.words import LANGUAGES
from ui.context import UiContext
from ui.errors import sentence
from ui.keys import bind
from ui.speech import say
from ui.widgets.button import Button
from ui.widgets.field import Choice, Field
from ui.widgets.question import Sheet
from ui.widgets.text import Text


class MissionSheet(Sheet):
    """Signal: ``made(Id)``. A client that does not exist yet is made with it."""

    made = Signal(object)

    def __init__(
        self,
        ctx: UiContext,
        clients: Sequence[str],
        client: str = "",
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(say("missions.new_title"), parent, width=600)
        self._ctx = ctx
        self.reference = Field(say("missions.reference"), ghost=say("missions.reference_ghost"))
        self.lang = Choice(
            say("missions.lang"), [(say(f"account.{lang}"), lang) for lang in LANGUAGES]
        )
        self.title_field = Field(say("missions.name"), ghost=say("missions.name_ghost"))
        self.client = Field(say("missions.client_optional"), text=client)
        known = QCompleter(list(clients), self)
        known.setCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
        known.setFilterMode(Qt.MatchFlag.MatchContains)
        self.client.box.setCompleter(known)
        self.criteria = Field(say("missions.criteria"), ghost=say("missions.criteria_ghost"))
        self.column.setSpacing(12)
        first = QHBoxLayout()
        first.setSpacing(12)
        first.addWidget(self.reference, 2, Qt.AlignmentFlag.AlignTop)
        first.addLayout(_labelled(say("missions.lang"), self.lang), 1)
        self.column.addLayout(first)
        for field in (self.title_field, self.client, self.criteria):
            self.column.addWidget(field)
        self.column.addWidget(Text(say("missions.criteria_note"), "second", "soft", wrap=True))
        self.save = Button(say("missions.save"), "filled", key="Ctrl+Return", on_click=self._save)
        cancel = Button(say("ui.cancel"), key="Esc", on_click=self.reject)
        row = QHBoxLayout()
        row.addWidget(self.save)
        row.addWidget(cancel)
        row.addStretch(1)
        self.column.addLayout(row)
        for keys in ("Ctrl+Return", "Ctrl+Enter"):
            bind(self, keys, self.save.click)
        for field in (self.reference, self.title_field):
            field.changed.connect(self._update)
        self.reference.setFocus()
        self._update()

    def _update(self, *_: object) -> None:
        missing = ""
        if not self.reference.text().strip():
            missing = say("missions.missing_reference")
        elif not self.title_field.text().strip():
            missing = say("missions.missing_name")
        self.save.set_reason(missing)

    def _save(self) -> None:
        command = AddMission(
            self.reference.text(), self.title_field.text(), self.client.text(),
            str(self.lang.currentData()), self.criteria.text(),
        )  # fmt: skip
        self.save.set_reason(say("password.wait"))
        self._ctx.dispatch(command, owner=self, on_done=self._done, on_error=self._failed)

    def _done(self, mission: Id) -> None:
        self.made.emit(mission)
        self.accept()

    def _failed(self, error: Exception) -> None:
        self._update()
        if not isinstance(error, ClementineError):
            self._ctx.frame.show_error(error)
            return
        named = error.field if isinstance(error, ValidationError) else "reference"
        field = self.title_field if named == "title" else self.reference
        field.set_error(sentence(error, self._ctx.words))
        field.setFocus()


def _labelled(label: str, control: QWidget) -> QVBoxLayout:
    column = QVBoxLayout()
    column.setSpacing(4)
    column.addWidget(Text(label, "second", "soft"))
    column.addWidget(control)
    column.addStretch(1)
    return column
