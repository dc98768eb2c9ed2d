"""The details of a failure: kinds and places in the code, to be copied for whoever mends it."""

from __future__ import annotations

from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QHBoxLayout, QPlainTextEdit, QWidget

from ui import theme
from ui.speech import say
from ui.widgets.button import Button
from ui.widgets.question import Sheet
from ui.widgets.text import Text


class DetailsSheet(Sheet):
    """Names nobody: what it holds may be sent as it is."""

    def __init__(self, details: str, parent: QWidget | None = None) -> None:
        super().__init__(say("details.title"), parent, width=640)
        self.column.addWidget(Text(say("details.text"), "body", "soft", wrap=True))
        self.box = QPlainTextEdit(details)
        self.box.setReadOnly(True)
        self.box.setFont(theme.font(theme.SECOND))
        self.box.setAccessibleName(say("details.title"))
        self.box.setTabChangesFocus(True)
        self.box.setMinimumHeight(180)
        self.column.addWidget(self.box)
        self.copy = Button(say("ui.copy"), icon="file", on_click=self._copy)
        close = Button(say("ui.close"), key="Esc", on_click=self.reject)
        row = QHBoxLayout()
        row.addWidget(self.copy)
        row.addWidget(close)
        row.addStretch(1)
        self.column.addLayout(row)
        close.setFocus()

    def _copy(self) -> None:
        QGuiApplication.clipboard().setText(self.box.toPlainText())
        self.copy.setText(say("details.copied"))
