"""Chips: a word, a date or a count; an icon whenever the colour has a meaning."""

from __future__ import annotations

from typing import Literal

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QAbstractButton, QSizePolicy, QWidget
from typing_extensions import override

from ui import icons, theme
from ui.speech import say
from ui.widgets import drawing

ChipKind = Literal["neutral", "accent", "good", "care", "stop"]
_OWN_ICON = {"good": "check", "care": "clock", "stop": "alert"}


class Chip(QWidget):
    """20 px high, never clickable. A coloured kind brings its own icon unless one is given."""

    def __init__(
        self,
        text: str,
        kind: ChipKind = "neutral",
        *,
        icon: str | None = None,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.text, self.kind = text, kind
        self.icon_name = _OWN_ICON.get(kind, "") if icon is None else icon
        self.setAccessibleName(text)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def set(self, text: str, kind: ChipKind = "neutral", icon: str | None = None) -> None:
        """Show something else."""
        self.text, self.kind = text, kind
        self.icon_name = _OWN_ICON.get(kind, "") if icon is None else icon
        self.setAccessibleName(text)
        self.updateGeometry()
        self.update()

    @override
    def sizeHint(self) -> QSize:
        return QSize(int(drawing.pill_width(self.text, self.icon_name)), 20)

    @override
    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def clipped(self) -> list[str]:
        """The text when it does not fit."""
        return [self.text] if self.sizeHint().width() > self.width() + 1 else []

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        drawing.smooth(painter)
        drawing.pill(painter, 0, self.height() / 2, self.text, self.kind, self.icon_name)


class FilterChip(QAbstractButton):
    """28 px, with a ×: a click, Suppr or Espace takes the filter away. Signal: ``removed()``."""

    removed = Signal()

    def __init__(self, text: str, icon: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setText(text)
        self.icon_name = icon
        self.setAccessibleName(say("ui.remove_filter", filter=text))
        self.setToolTip(say("ui.remove_filter", filter=text))
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.clicked.connect(lambda _=False: self.removed.emit())

    def _needed(self) -> float:
        return drawing.advance(self.text(), theme.SECOND, 600) + 40 + (18 if self.icon_name else 0)

    @override
    def sizeHint(self) -> QSize:
        return QSize(int(self._needed() + 1), 28)

    @override
    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def clipped(self) -> list[str]:
        """The text when it does not fit."""
        return [self.text()] if self._needed() > self.width() + 1 else []

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace):
            self.removed.emit()
        else:
            super().keyPressEvent(event)

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        drawing.smooth(painter)
        whole = QRectF(self.rect())
        ink = theme.colour("accent_ink")
        drawing.box(painter, whole, 14, theme.colour("accent_wash"), drawing.chip_edge("edge"))
        if self.hasFocus():
            drawing.box(painter, whole, 14, None, theme.colour("ink"), 2)
        left = 10.0
        if self.icon_name:
            icons.paint(painter, self.icon_name, ink, QRectF(left, 7, 14, 14))
            left += 18
        room = QRectF(left, 0, self.width() - left - 26, self.height())
        drawing.draw_text(painter, room, self.text(), theme.SECOND, 600, ink)
        icons.paint(painter, "x", ink, QRectF(self.width() - 22, 8, 12, 12))
