"""A sheet with one act: its fields, then the act on Ctrl Entrée and the way out on Échap."""

from __future__ import annotations

from PySide6.QtWidgets import QHBoxLayout, QWidget

from ui import theme
from ui.keys import bind
from ui.speech import say
from ui.widgets.button import Button
from ui.widgets.question import Sheet


class Decision(Sheet):
    """A sheet with one act on Ctrl Entrée and Échap beside it."""

    def __init__(self, title: str, act: str, parent: QWidget, *, width: int = 520) -> None:
        super().__init__(title, parent, width=width)
        self.column.setSpacing(theme.SPACE[2])
        self.act = Button(act, "filled", key="Ctrl+Return", on_click=self.do)
        self.leave = Button(say("ui.cancel"), key="Esc", on_click=self.reject)
        for keys in ("Ctrl+Return", "Ctrl+Enter"):
            bind(self, keys, self._press)

    def close_with_buttons(self) -> None:
        """The last line: the act, then the way out."""
        row = QHBoxLayout()
        row.setContentsMargins(0, 4, 0, 0)
        row.setSpacing(10)
        row.addWidget(self.act)
        row.addWidget(self.leave)
        row.addStretch(1)
        self.column.addLayout(row)

    def _press(self) -> None:
        if self.act.isEnabled():
            self.do()

    def do(self) -> None:
        """What the sheet is for; a subclass says it."""
        self.accept()
