"""The 24 words: 6 columns of 4, read downwards, 14/600 in cells of 41 px."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QGridLayout, QSizePolicy, QWidget
from typing_extensions import override

from ui import theme
from ui.widgets import drawing
from ui.widgets.layouts import empty

COLUMNS, ROWS, CELL = 6, 4, 41


class _Cell(QWidget):
    def __init__(self, number: int, word: str) -> None:
        super().__init__()
        self._number, self._word = number, word
        self.setFixedHeight(CELL)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(f"{number} {word}")

    def _needed(self) -> float:
        return 36 + drawing.advance(self._word, theme.CARD_TITLE, 600) + 8

    @override
    def sizeHint(self) -> QSize:
        return QSize(int(self._needed() + 1), CELL)

    @override
    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def clipped(self) -> list[str]:
        return [self._word] if self._needed() > self.width() + 1 else []

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        drawing.smooth(painter)
        whole = QRectF(self.rect())
        drawing.box(painter, whole, theme.RADIUS_CELL, theme.colour("page"), theme.colour("line"))
        right = Qt.AlignmentFlag.AlignRight
        drawing.draw_text(painter, QRectF(4, 0, 22, CELL), str(self._number), theme.NOTE, 400,
                          theme.colour("ink_soft"), right)  # fmt: skip
        room = QRectF(36, 0, self.width() - 40, CELL)
        drawing.draw_text(painter, room, self._word, theme.CARD_TITLE, 600, theme.colour("ink"))


class WordGrid(QWidget):
    """Shows words that are shown once; there is no way to copy them from here but by eye."""

    def __init__(self, words: Sequence[str] = (), parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setSpacing(8)
        self.set_words(words)

    def set_words(self, words: Sequence[str]) -> None:
        """Replace what is shown."""
        empty(self._grid)
        for place, word in enumerate(words):
            self._grid.addWidget(_Cell(place + 1, word), place % ROWS, place // ROWS)
