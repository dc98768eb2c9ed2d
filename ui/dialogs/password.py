"""Changing one's own password."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QWidget

from clementine_crm.errors import ValidationError, WrongKey
from ui.errors import sentence
from ui.jobs import Runner
from ui.keys import bind
from ui.ports import PasswordChange
from ui.speech import say, words
from ui.widgets.button import Button
from ui.widgets.field import Field
from ui.widgets.password_pair import PasswordPair
from ui.widgets.question import Sheet
from ui.widgets.text import Text


class PasswordDialog(Sheet):
    """Opened with ``open()``. Signal: ``changed()`` when the new password holds.

    ``must``: the password was given by somebody else, and the sheet says so.
    """

    changed = Signal()

    def __init__(
        self,
        port: PasswordChange,
        runner: Runner,
        parent: QWidget | None = None,
        *,
        must: bool = False,
    ) -> None:
        super().__init__(say("password.title"), parent, width=620)
        self._port, self._runner = port, runner
        self._working = False
        self.column.setSpacing(12)
        self.current = Field(say("password.current"), secret=True)
        self.pair = PasswordPair(port.password_rules, label=say("password.new"))
        self._missing = Text("", "second", "soft", elide=True)
        self._error = Text("", "second", "stop", wrap=True)
        self._error.setVisible(False)
        self.save = Button(say("password.save"), "filled", key="Ctrl+Return", on_click=self._change)
        cancel = Button(say("ui.cancel"), key="Esc", on_click=self.reject)
        row = QHBoxLayout()
        row.addWidget(self.save)
        row.addWidget(cancel)
        row.addWidget(self._missing, 1)
        if must:
            self.column.addWidget(Text(say("password.must_change"), "body", "soft", wrap=True))
        for widget in (self.current, self.pair, self._error):
            self.column.addWidget(widget)
        self.column.addLayout(row)
        for keys in ("Ctrl+Return", "Ctrl+Enter"):
            bind(self, keys, self.save.click)
        self.current.changed.connect(self._update)
        self.pair.changed.connect(self._update)
        self.current.setFocus()
        self._update()

    def _reason(self) -> str:
        if self._working:
            return say("password.wait")
        if not self.current.text():
            return say("password.missing_current")
        return self.pair.missing()

    def _update(self, *_: object) -> None:
        reason = self._reason()
        self.save.set_reason(reason)
        self._missing.setText(reason)
        self._error.setVisible(False)

    def _change(self) -> None:
        current, new = self.current.text(), self.pair.value()
        self._working = True
        self._update()
        self._runner.submit(
            lambda _job: self._port.change(current, new),
            lane="write", owner=self, on_result=self._done, on_error=self._failed,
        )  # fmt: skip

    def _done(self, _none: None) -> None:
        self.changed.emit()
        self.accept()

    def _failed(self, error: Exception) -> None:
        self._working = False
        self._update()
        text = sentence(error, words())
        if isinstance(error, WrongKey):
            self.current.set_error(text)
            self.current.setFocus()
        elif isinstance(error, ValidationError):
            self.pair.first.set_error(text)
        else:
            self._error.setText(text)
            self._error.setVisible(True)
