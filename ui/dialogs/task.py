"""A dated task, for the agency or about a mission."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from clementine_crm.errors import ValidationError
from clementine_crm.queries.missions import MissionRow
from clementine_crm.services.activities import AddTask
from ui.context import UiContext
from ui.errors import sentence
from ui.keys import bind
from ui.speech import say
from ui.widgets.button import Button
from ui.widgets.date_field import DateField
from ui.widgets.field import Choice, Field
from ui.widgets.question import Sheet
from ui.widgets.text import Text


class TaskSheet(Sheet):
    """What, by when, about what. Ctrl Entrée saves it."""

    def __init__(
        self, ctx: UiContext, missions: Sequence[MissionRow], parent: QWidget | None = None
    ) -> None:
        super().__init__(say("task.title"), parent, width=520)
        self._ctx = ctx
        agency = ctx.actor.dossier if ctx.actor is not None else b""
        entries: list[tuple[str, object]] = [(say("task.agency"), agency)]
        entries += [(f"{m.reference} · {m.title}", m.id) for m in missions if m.open]
        self.text = Field(say("task.text"), ghost=say("task.text_ghost"))
        self.due = DateField(say("task.due"), ctx.clock.today())
        self.about = Choice(say("task.about"), entries)
        below = QVBoxLayout()
        below.setSpacing(4)
        below.addWidget(Text(say("task.about"), "second", "soft"))
        below.addWidget(self.about)
        self.column.setSpacing(12)
        self.column.addWidget(self.text)
        self.column.addWidget(self.due)
        self.column.addLayout(below)
        self.save = Button(say("task.save"), "filled", key="Ctrl+Return", on_click=self._save)
        cancel = Button(say("ui.cancel"), key="Esc", on_click=self.reject)
        row = QHBoxLayout()
        row.addWidget(self.save)
        row.addWidget(cancel)
        row.addStretch(1)
        self.column.addLayout(row)
        for keys in ("Ctrl+Return", "Ctrl+Enter"):
            bind(self, keys, self.save.click)
        self.text.changed.connect(self._update)
        self.text.setFocus()
        self._update()

    def _update(self, *_: object) -> None:
        self.save.set_reason("" if self.text.text().strip() else say("task.missing"))

    def _save(self) -> None:
        if not self.due.readable():
            return
        command = AddTask(self.about.currentData(), self.text.text(), self.due.day())
        self.save.set_reason(say("password.wait"))
        self._ctx.dispatch(
            command, owner=self, on_done=lambda _id: self.accept(), on_error=self._failed
        )

    def _failed(self, error: Exception) -> None:
        self._update()
        if isinstance(error, ValidationError):
            self.text.set_error(sentence(error, self._ctx.words))
            self.text.setFocus()
        else:
            self._ctx.frame.show_error(error)
