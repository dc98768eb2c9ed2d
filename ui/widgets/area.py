"""Several lines to fill in: a label above, a permanent hint and an error below."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QPlainTextEdit, QVBoxLayout, QWidget

from ui import theme
from ui.widgets.field import Picture
from ui.widgets.text import Text


class Area(QWidget):
    """``box`` is the QPlainTextEdit; Tab leaves it. Signal: ``changed(str)`` while typing."""

    changed = Signal(str)

    def __init__(
        self,
        label: str,
        *,
        ghost: str = "",
        hint: str = "",
        lines: int = 4,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.label = Text(label, "second", "soft")
        self.box = QPlainTextEdit()
        self.box.setFont(theme.font())
        self.box.setAccessibleName(label)
        self.box.setPlaceholderText(ghost)
        self.box.setTabChangesFocus(True)
        self.box.setFixedHeight(int(lines * theme.metrics().lineSpacing()) + 24)
        self.label.setBuddy(self.box)
        self._error_line = QWidget()
        row = QHBoxLayout(self._error_line)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(6)
        row.addWidget(Picture("alert", "stop", 13), 0, Qt.AlignmentFlag.AlignTop)
        self._error = Text("", "second", "stop", wrap=True)
        row.addWidget(self._error, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        column.addWidget(self.label)
        column.addWidget(self.box)
        if hint:
            column.addWidget(Text(hint, "note", "soft", wrap=True))
            self.box.setAccessibleDescription(hint)
        column.addWidget(self._error_line)
        self._error_line.setVisible(False)
        self.setFocusProxy(self.box)
        self.box.textChanged.connect(self._typed)

    def text(self) -> str:
        """What was typed, without blanks around it."""
        return self.box.toPlainText().strip()

    def set_text(self, text: str) -> None:
        """Put a text in."""
        self.box.setPlainText(text)

    def set_error(self, sentence: str) -> None:
        """Show what is wrong and how to mend it; "" and typing take it away."""
        self._error.setText(sentence)
        self._error_line.setVisible(bool(sentence))

    def error(self) -> str:
        """The sentence shown below, or ""."""
        return self._error.text() if not self._error_line.isHidden() else ""

    def _typed(self) -> None:
        self.set_error("")
        self.changed.emit(self.text())
