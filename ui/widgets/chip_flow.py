"""Chips that run over lines: skills, languages, tags."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QPointF, QSize
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget
from typing_extensions import override

from ui.widgets import drawing
from ui.widgets.rows import ChipSpec

TALL, GAP = 26, 6


class ChipFlow(QWidget):
    """Painted, as many lines as needed; read out as one list."""

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._name = name
        self._chips: tuple[ChipSpec, ...] = ()
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)

    def set_chips(self, chips: Sequence[ChipSpec]) -> None:
        """Show others."""
        self._chips = tuple(chips)
        self.setAccessibleName(f"{self._name} : {', '.join(chip.text for chip in chips)}")
        self.updateGeometry()
        self.update()

    def _places(self, width: int) -> list[QPointF]:
        places, left, top = [], 0.0, 0.0
        for chip in self._chips:
            wide = drawing.pill_width(chip.text, chip.icon)
            if left and left + wide > width:
                left, top = 0.0, top + TALL
            places.append(QPointF(left, top))
            left += wide + GAP
        return places

    @override
    def heightForWidth(self, width: int) -> int:
        places = self._places(width)
        return int(places[-1].y()) + TALL if places else 0

    @override
    def sizeHint(self) -> QSize:
        return QSize(220, self.heightForWidth(max(120, self.width() or 220)))

    @override
    def minimumSizeHint(self) -> QSize:
        return QSize(80, self.heightForWidth(max(80, self.width())))

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        drawing.smooth(painter)
        for chip, place in zip(self._chips, self._places(self.width()), strict=True):
            drawing.pill(painter, place.x(), place.y() + TALL / 2, chip.text, chip.kind, chip.icon)
