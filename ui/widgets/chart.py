"""One bar chart: bars of at most 26 px with their number, the past in tint, the present in accent."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget
from typing_extensions import override

from ui import theme
from ui.widgets import drawing

WIDEST, FOOT, HEAD = 26, 22, 18


@dataclass(frozen=True)
class Bar:
    """A bar: its name below, its number above."""

    name: str
    value: int
    current: bool = False


class BarChart(QWidget):
    """The same data stands in ``table()``, one key away for those who do not see bars."""

    def __init__(self, title: str, bars: Sequence[Bar] = (), parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._title = title
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.set_bars(bars)

    def set_bars(self, bars: Sequence[Bar]) -> None:
        """Replace the bars."""
        self._bars = tuple(bars)
        said = ", ".join(f"{bar.name} {bar.value}" for bar in self._bars)
        self.setAccessibleName(self._title)
        self.setAccessibleDescription(said)
        self.update()

    def table(self) -> list[tuple[str, int]]:
        """The data as rows."""
        return [(bar.name, bar.value) for bar in self._bars]

    @override
    def sizeHint(self) -> QSize:
        return QSize(360, 170)

    @override
    def minimumSizeHint(self) -> QSize:
        names = [drawing.advance(bar.name, theme.NOTE, 600) + 4 for bar in self._bars]
        return QSize(int(sum(max(names, default=0.0) for _ in names)), 110)

    def clipped(self) -> list[str]:
        """Names too wide for their place."""
        step = self.width() / max(1, len(self._bars))
        return [b.name for b in self._bars if drawing.advance(b.name, theme.NOTE, 600) > step]

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        drawing.smooth(painter)
        if not self._bars:
            return
        top = (
            max(1, *(bar.value for bar in self._bars))
            if len(self._bars) > 1
            else max(1, self._bars[0].value)
        )
        base, high = self.height() - FOOT, self.height() - FOOT - HEAD
        for share in (0.0, 0.5, 1.0):
            y = round(base - high * share)
            painter.fillRect(QRectF(0, y, self.width(), 1), theme.colour("line"))
        step = self.width() / len(self._bars)
        wide = min(WIDEST, step * 0.6)
        centre = Qt.AlignmentFlag.AlignHCenter
        for place, bar in enumerate(self._bars):
            middle = step * (place + 0.5)
            tall = high * max(0, bar.value) / top
            column = QRectF(round(middle - wide / 2), base - tall, round(wide), tall)
            if tall > 0:
                token = "accent" if bar.current else "tint"
                drawing.box(painter, column, min(4.0, tall / 2), theme.colour(token),
                            drawing.chip_edge("edge"))  # fmt: skip
            weight: theme.Weight = 600 if bar.current else 400
            ink = theme.colour("ink" if bar.current else "ink_soft")
            over = QRectF(middle - step / 2, base - tall - 17, step, 16)
            drawing.draw_text(painter, over, str(bar.value), theme.NOTE, weight, ink, centre)
            under = QRectF(middle - step / 2, base + 4, step, 16)
            drawing.draw_text(painter, under, bar.name, theme.NOTE, weight, ink, centre)
