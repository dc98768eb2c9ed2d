"""Asked once for a whole import of loose files: where they come from, why we may hold them, when the
last exchange was. Nothing is written before."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from PySide6.QtWidgets import QButtonGroup, QHBoxLayout, QVBoxLayout, QWidget

from clementine_crm.domain.consent_acts import may_import
from clementine_crm.services.intake import ImportFiles
from clementine_crm.services.lawful import APPLIED, GROUNDS, UNKNOWN
from ui.keys import bind
from ui.pages.imports_survey import Survey
from ui.quantities import number
from ui.speech import say
from ui.widgets.button import Button
from ui.widgets.card import Panel
from ui.widgets.date_field import DateField
from ui.widgets.field import Field, Mark, Picture
from ui.widgets.question import Sheet
from ui.widgets.text import Text

SHOWN_TAGS = 8


class ImportSheet(Sheet):
    """``on_import`` gets the command; Ctrl Entrée, and nothing happens on Échap."""

    def __init__(
        self,
        survey: Survey,
        today: date,
        on_import: Callable[[ImportFiles], object],
        parent: QWidget | None = None,
    ) -> None:
        title = say("imports.ask_title", n=survey.files, count=number(survey.files))
        super().__init__(title, parent, width=620)
        self._survey, self._today, self._on_import = survey, today, on_import
        self.column.setSpacing(10)
        self.column.addWidget(Text(_what(survey), "body", "soft", wrap=True))
        self.source = Field(say("imports.source"), ghost=say("imports.source_ghost"))
        self.column.addWidget(self.source)
        self.column.addWidget(Text(say("imports.ground"), "second", "soft"))
        self._group = QButtonGroup(self)
        self.grounds: dict[str, Mark] = {}
        for number_, ground in enumerate(GROUNDS):
            mark = Mark(say(f"imports.ground_{ground}"), "radio", checked=ground == APPLIED)
            self._group.addButton(mark, number_)
            self.grounds[ground] = mark
            self.column.addWidget(mark)
            mark.toggled.connect(self._update)
        self.contact = DateField(say("imports.last_contact"), today, past=True)
        self.contact.changed.connect(self._update)
        self.column.addWidget(self.contact)
        self.column.addWidget(self._consequence())
        self.start = Button(say("imports.start"), "filled", icon="upload", key="Ctrl+Return",
                            on_click=self._go)  # fmt: skip
        cancel = Button(say("ui.cancel"), key="Esc", on_click=self.reject)
        self._missing = Text("", "second", "soft", elide=True)
        row = QHBoxLayout()
        row.addWidget(self.start)
        row.addWidget(cancel)
        row.addWidget(self._missing, 1)
        self.column.addLayout(row)
        for keys in ("Ctrl+Return", "Ctrl+Enter"):
            bind(self, keys, self.start.click)
        self.source.setFocus()
        self._update()

    def _consequence(self) -> QWidget:
        box = Panel("care_wash", "")
        row = QHBoxLayout(box)
        row.setContentsMargins(14, 10, 14, 10)
        row.setSpacing(10)
        row.addWidget(Picture("consent", "care", 17))
        lines = QVBoxLayout()
        lines.setSpacing(2)
        self._law = Text("", "second", wrap=True)
        lines.addWidget(self._law)
        if self._survey.folders:
            lines.addWidget(Text(_tags(self._survey.folders), "second", wrap=True))
        row.addLayout(lines, 1)
        return box

    @property
    def ground(self) -> str:
        """What was chosen."""
        return next(ground for ground, mark in self.grounds.items() if mark.isChecked())

    def _update(self, *_: object) -> None:
        ground = self.ground
        self._law.setText(say(f"imports.law_{ground}"))
        self.contact.setVisible(ground == UNKNOWN)
        reason = ""
        if ground == UNKNOWN:
            day = self.contact.day()
            if day is None:
                reason = say("imports.missing_contact")
            elif not may_import(day, self._today):
                reason = say("imports.too_old")
        self.start.set_reason(reason)
        self._missing.setText(reason)
        self.adjustSize()

    def _go(self) -> None:
        ground = self.ground
        day = self.contact.day() if ground == UNKNOWN else None
        command = ImportFiles(self._survey.paths, "", self.source.text().strip(), ground, day)
        self.accept()
        self._on_import(command)


def _what(survey: Survey) -> str:
    parts = [
        say(f"imports.found_{name}", n=count, count=number(count))
        for name, count in (
            ("loose", survey.loose),
            ("mails", survey.mails),
            ("tables", survey.tables),
        )
        if count
    ]
    return say("imports.found", what=", ".join(parts))


def _tags(folders: tuple[str, ...]) -> str:
    shown = ", ".join(folders[:SHOWN_TAGS])
    more = len(folders) - SHOWN_TAGS
    if more > 0:
        return say("imports.tags_more", tags=shown, n=more, count=number(more))
    return say("imports.tags", n=len(folders), tags=shown)
