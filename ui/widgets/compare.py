"""One person twice, side by side: what the dossier says, what came in; what is equal says so."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QRectF, QSize
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget
from typing_extensions import override

from ui import icons, theme
from ui.speech import say
from ui.widgets import drawing

LABEL, HEAD, LINE = 15, 20, 38


@dataclass(frozen=True)
class Pair:
    """A value on both sides."""

    label: str
    left: str
    right: str
    same: bool


class CompareGrid(QWidget):
    """A label over two values; equal ones carry a tick, others are strong on the side that is new."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._pairs: tuple[Pair, ...] = ()
        self._heads = ("", "")
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def set_pairs(self, left: str, right: str, pairs: Sequence[Pair]) -> None:
        """Show others; ``left`` and ``right`` head the columns."""
        self._heads, self._pairs = (left, right), tuple(pairs)
        self.setAccessibleName("; ".join(_spoken(pair, left, right) for pair in pairs))
        self.updateGeometry()
        self.update()

    @override
    def sizeHint(self) -> QSize:
        return QSize(240, HEAD + LINE * len(self._pairs))

    @override
    def minimumSizeHint(self) -> QSize:
        return QSize(160, self.sizeHint().height())

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        drawing.smooth(painter)
        half = self.width() / 2
        soft = theme.colour("ink_soft")
        for at, head in enumerate(self._heads):
            spot = QRectF(at * half, 0, half - 8, HEAD - 4)
            drawing.draw_text(painter, spot, head, theme.NOTE, 600, soft)
        for number, pair in enumerate(self._pairs):
            self._pair(painter, pair, HEAD + number * LINE, half)

    def _pair(self, painter: QPainter, pair: Pair, top: float, half: float) -> None:
        soft, ink = theme.colour("ink_soft"), theme.colour("ink")
        painter.fillRect(QRectF(0, top, self.width(), 1), theme.colour("line"))
        drawing.draw_text(
            painter, QRectF(0, top + 3, half, LABEL), pair.label, theme.NOTE, 400, soft
        )
        if pair.same:
            icons.paint(painter, "check", "good", QRectF(self.width() - 16, top + 3, 13, 13))
        for at, text in enumerate((pair.left, pair.right)):
            spot = QRectF(at * half, top + LABEL + 2, half - 8, LINE - LABEL - 3)
            new = at == 1 and not pair.same
            drawing.draw_text(
                painter, spot, text or "–", theme.SECOND, 600 if new else 400, ink if text else soft
            )


def _spoken(pair: Pair, left: str, right: str) -> str:
    if pair.same:
        return say("compare.same", label=pair.label, value=pair.left)
    return say(
        "compare.differ",
        label=pair.label,
        left=left,
        right=right,
        theirs=pair.left or "–",
        ours=pair.right or "–",
    )
