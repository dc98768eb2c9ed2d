"""The chips that narrow the list, and the sheet that adds one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import partial

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QWidget

from clementine_crm.domain.ids import Id
from clementine_crm.queries.candidates import CandidateFilter, filter_choices
from clementine_crm.queries.missions import MissionRow, missions
from clementine_crm.queries.reading import Reading
from ui.models.found import EVERYBODY
from ui.pages.candidates_words import USES, parts_of
from ui.pages.triage_words import source_name
from ui.speech import say
from ui.widgets.button import Button
from ui.widgets.chip import FilterChip
from ui.widgets.layouts import empty
from ui.widgets.question import Sheet
from ui.widgets.text import Text
from ui.widgets.typed_choice import Choosable, TypedChoice

Choices = tuple[dict[str, list[str]], list[MissionRow]]


def choices(reading: Reading) -> Choices:
    """What may be chosen: towns, sources and tags that exist, and the missions."""
    return filter_choices(reading), missions(reading)


class FilterBar(QWidget):
    """Chips with a ×, and the button that adds one. Signals: ``changed()``; ``add_asked()``."""

    changed = Signal()
    add_asked = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.wanted = EVERYBODY
        self.missions: dict[Id, str] = {}
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(0, 0, 0, 0)
        self._row.setSpacing(8)
        self._chips = QHBoxLayout()
        self._chips.setSpacing(8)
        self.add = Button(say("filters.add"), icon="plus", key="F", height=28,
                          on_click=self.add_asked.emit)  # fmt: skip
        self._row.addLayout(self._chips)
        self._row.addWidget(self.add)
        self._row.addStretch(1)

    def set_wanted(self, wanted: CandidateFilter) -> None:
        """Narrow by this; told to whoever listens when it is something else."""
        if wanted == self.wanted:
            return
        self.wanted = wanted
        self.show_chips()
        self.changed.emit()

    def show_chips(self) -> None:
        """Draw the chips again (a mission's name came)."""
        empty(self._chips)
        for name, icon, text in parts_of(self.wanted, self.missions):
            chip = FilterChip(text, icon)
            chip.removed.connect(partial(self.remove, name))
            self._chips.addWidget(chip)

    def remove(self, name: str) -> None:
        """Take one filter away."""
        blank = getattr(EVERYBODY, name)
        self.set_wanted(replace(self.wanted, **{name: blank}))


class FilterSheet(Sheet):
    """F: a town, a source, a tag, a mission or a right, found by typing. Signal: ``chosen(name, value)``."""

    chosen = Signal(str, object)

    def __init__(self, found: Choices, parent: QWidget) -> None:
        super().__init__(say("filters.title"), parent, width=520)
        self.choice = TypedChoice(
            say("filters.field"), entries_of(found), ghost=say("filters.ghost")
        )
        self.choice.taken.connect(self._take)
        self.column.addWidget(self.choice)
        self.column.addWidget(Text(say("filters.note"), "note", "soft", wrap=True))
        row = QHBoxLayout()
        row.addWidget(
            Button(say("filters.take"), "filled", key="Return", on_click=self.choice.take)
        )
        row.addWidget(Button(say("ui.cancel"), key="Esc", on_click=self.reject))
        row.addStretch(1)
        self.column.addLayout(row)
        self.choice.setFocus()

    def _take(self, value: object) -> None:
        if isinstance(value, tuple):
            self.accept()
            self.chosen.emit(value[0], value[1])


def entries_of(found: Choices) -> Sequence[Choosable]:
    """Everything that may be chosen, the rights first."""
    lists, held = found
    entries = [
        Choosable(("use", use), say(f"filters.use_{use}"), say("filters.right"), "consent")
        for use in USES
    ]
    icons = {"town": "pin", "tag": "tag", "source": "download"}
    for name, icon in icons.items():
        for value in lists.get(name, []):
            title = source_name(value) if name == "source" else value
            entries.append(Choosable((name, value), title, say(f"filters.{name}"), icon))
    entries += [
        Choosable(("mission", m.id), f"{m.reference} · {m.title}", m.client or say("filters.mission"),
                  "mission")
        for m in held
    ]  # fmt: skip
    return entries
