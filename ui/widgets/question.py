"""The one question: only for what cannot be undone, with numbers, the safe choice in focus."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QShowEvent
from PySide6.QtWidgets import QDialog, QHBoxLayout, QVBoxLayout, QWidget
from typing_extensions import override

from ui import theme
from ui.keys import bind
from ui.widgets import drawing
from ui.widgets.button import Button
from ui.widgets.text import Text


class Sheet(QDialog):
    """A dialog in the product's look: radius 12, no frame, opened with ``open()``, Échap closes.

    ``column`` takes the content. A subclass adds its own buttons.
    """

    def __init__(self, title: str, parent: QWidget | None = None, *, width: int = 520) -> None:
        super().__init__(parent, Qt.WindowType.Dialog | Qt.WindowType.FramelessWindowHint)
        self.setAttribute(Qt.WidgetAttribute.WA_TranslucentBackground)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(title)
        self.setAccessibleName(title)
        self.setFixedWidth(width)
        self.column = QVBoxLayout(self)
        self.column.setContentsMargins(24, 20, 24, 16)
        self.column.setSpacing(theme.SPACE[1])
        self.title = Text(title, "dialog_title", wrap=True)
        self.column.addWidget(self.title)

    @override
    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        parent = self.parentWidget()
        if parent is not None:
            frame = parent.window().geometry()
            self.move(frame.center() - self.rect().center())

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        drawing.smooth(painter)
        drawing.box(painter, QRectF(self.rect()), theme.RADIUS_DIALOG, theme.colour("card"),
                    theme.colour("edge"))  # fmt: skip


class Question(Sheet):
    """Names the act and its object; Ctrl Entrée does it, Échap keeps things as they are."""

    def __init__(
        self,
        title: str,
        consequences: str,
        *,
        act: str,
        keep: str,
        on_act: Callable[[], object],
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(title, parent)
        self.column.addWidget(Text(consequences, wrap=True))
        self.setAccessibleDescription(consequences)
        self.act = Button(act, "danger_filled", key="Ctrl+Return", on_click=self.accept)
        self.keep = Button(keep, "outlined", key="Esc", on_click=self.reject)
        need = self.act.sizeHint().width() + self.keep.sizeHint().width() + 60
        self.setFixedWidth(min(640, max(480, self.width(), need)))
        row = QHBoxLayout()
        row.setContentsMargins(0, 8, 0, 0)
        row.addWidget(self.act)
        row.addWidget(self.keep)
        row.addStretch(1)
        self.column.addLayout(row)
        for keys in ("Ctrl+Return", "Ctrl+Enter"):
            bind(self, keys, self.accept)
        self.accepted.connect(on_act)
        self.keep.setFocus()
