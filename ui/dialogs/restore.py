"""How a copy is brought back: into a new folder, beside the home that is open, never over it."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QHBoxLayout, QPlainTextEdit, QWidget

from ui import theme
from ui.speech import say
from ui.widgets.button import Button
from ui.widgets.question import Sheet
from ui.widgets.text import Text


def command(copy: str, folder: Path) -> str:
    """The line to run on the desktop that will hold it."""
    into = say("restore.into")
    return f'clementine backup restore {copy} --from "{folder}" --into "{into}"'


class RestoreSheet(Sheet):
    """Explains and gives the line; nothing is restored from here."""

    def __init__(self, copy: str, folder: Path, parent: QWidget | None = None) -> None:
        super().__init__(say("restore.title"), parent, width=640)
        self.column.setSpacing(10)
        for name in ("what", "erased", "password"):
            self.column.addWidget(Text(say(f"restore.{name}"), wrap=True))
        self.line = QPlainTextEdit(command(copy, folder))
        self.line.setReadOnly(True)
        self.line.setFont(theme.font(theme.SECOND))
        self.line.setAccessibleName(say("restore.line"))
        self.line.setTabChangesFocus(True)
        self.line.setFixedHeight(64)
        self.column.addWidget(Text(say("restore.line"), "second", "soft"))
        self.column.addWidget(self.line)
        self.copy = Button(say("ui.copy"), icon="file", on_click=self._copy)
        close = Button(say("ui.close"), key="Esc", on_click=self.reject)
        row = QHBoxLayout()
        row.addWidget(self.copy)
        row.addWidget(close)
        row.addStretch(1)
        self.column.addLayout(row)
        close.setFocus()

    def _copy(self) -> None:
        QGuiApplication.clipboard().setText(self.line.toPlainText())
        self.copy.setText(say("details.copied"))
