"""A new client: name and town. Ctrl Entrée saves it."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QWidget

from clementine_crm.domain.ids import Id
from clementine_crm.errors import ClementineError
from clementine_crm.services.clients import AddClient
from ui.context import UiContext
from ui.errors import sentence
from ui.keys import bind
from ui.speech import say
from ui.widgets.button import Button
from ui.widgets.field import Field
from ui.widgets.question import Sheet


class ClientSheet(Sheet):
    """Signal: ``made(Id)``."""

    made = Signal(object)

    def __init__(self, ctx: UiContext, parent: QWidget | None = None) -> None:
        super().__init__(say("clients.new_title"), parent, width=520)
        self._ctx = ctx
        self.name = Field(say("clients.name"), ghost=say("clients.name_ghost"))
        self.town = Field(say("clients.town"), ghost=say("clients.town_ghost"), icon="pin")
        self.column.setSpacing(12)
        self.column.addWidget(self.name)
        self.column.addWidget(self.town)
        self.save = Button(say("clients.save"), "filled", key="Ctrl+Return", on_click=self._save)
        cancel = Button(say("ui.cancel"), key="Esc", on_click=self.reject)
        row = QHBoxLayout()
        row.addWidget(self.save)
        row.addWidget(cancel)
        row.addStretch(1)
        self.column.addLayout(row)
        for keys in ("Ctrl+Return", "Ctrl+Enter"):
            bind(self, keys, self.save.click)
        self.name.changed.connect(self._update)
        self.name.setFocus()
        self._update()

    def _update(self, *_: object) -> None:
        self.save.set_reason("" if self.name.text().strip() else say("clients.missing_name"))

    def _save(self) -> None:
        self.save.set_reason(say("password.wait"))
        self._ctx.dispatch(
            AddClient(self.name.text(), self.town.text()),
            owner=self, on_done=self._done, on_error=self._failed,
        )  # fmt: skip

    def _done(self, client: Id) -> None:
        self.made.emit(client)
        self.accept()

    def _failed(self, error: Exception) -> None:
        self._update()
        if isinstance(error, ClementineError):
            self.name.set_error(sentence(error, self._ctx.words))
            self.name.setFocus()
        else:
            self._ctx.frame.show_error(error)
