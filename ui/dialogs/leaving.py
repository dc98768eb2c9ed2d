"""Closing while work goes on: says what, and what becomes of it."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtWidgets import QHBoxLayout, QWidget

from ui.jobs import Handle
from ui.keys import bind
from ui.speech import say
from ui.widgets.button import Button
from ui.widgets.question import Sheet
from ui.widgets.text import Text


class Leaving(Sheet):
    """The safe choice has the focus; when the work ends meanwhile, the window closes by itself."""

    def __init__(
        self, working: Sequence[Handle], on_leave: Callable[[], object], parent: QWidget
    ) -> None:
        super().__init__(say("leaving.title", n=len(working)), parent, width=560)
        self.setObjectName("leaving")
        for handle in working:
            self.column.addWidget(Text(handle.name, "strong", wrap=True))
            handle.ended.connect(self._one_ended)
        self.column.addWidget(Text(say("leaving.text"), wrap=True))
        self._left = len(working)
        self.stop = Button(say("leaving.stop"), key="Ctrl+Return", on_click=self.accept)
        self.wait = Button(say("leaving.wait"), "outlined", key="Esc", on_click=self.reject)
        row = QHBoxLayout()
        row.setContentsMargins(0, 8, 0, 0)
        row.addWidget(self.stop)
        row.addWidget(self.wait)
        row.addStretch(1)
        self.column.addLayout(row)
        for keys in ("Ctrl+Return", "Ctrl+Enter"):
            bind(self, keys, self.accept)
        self.accepted.connect(on_leave)
        self.wait.setFocus()

    @classmethod
    def ask(
        cls, window: QWidget, working: Sequence[Handle], on_leave: Callable[[], object]
    ) -> Leaving:
        """Open it over the window."""
        sheet = cls(working, on_leave, window)
        sheet.open()
        return sheet

    def _one_ended(self) -> None:
        self._left -= 1
        if not self._left:
            self.accept()
