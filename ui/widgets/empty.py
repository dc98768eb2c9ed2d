"""A page with nothing on it: a drawing, a fact, what to do next, when the next thing will come."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPainterPath, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QVBoxLayout, QWidget
from typing_extensions import override

from ui import icons, theme
from ui.widgets import drawing
from ui.widgets.card import Panel
from ui.widgets.figure import Figure
from ui.widgets.text import Text


class Drawing(QWidget):
    """An empty tray with the fruit, 220 × 150, two tones."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    @override
    def sizeHint(self) -> QSize:
        return QSize(220, 150)

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        drawing.smooth(painter)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.colour("accent_wash"))
        painter.drawEllipse(QRectF(35, 4, 150, 142))
        density = painter.device().devicePixelRatio()
        tray = QPainterPath(QPointF(50, 94))
        for x, y in ((69, 60), (151, 60), (170, 94), (170, 132), (50, 132)):
            tray.lineTo(x, y)
        tray.closeSubpath()
        pen = QPen(theme.colour("edge"), 2)
        pen.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
        painter.setPen(pen)
        painter.setBrush(theme.colour("card"))
        painter.drawPath(tray)
        lip = QPainterPath(QPointF(50, 94))
        lip.lineTo(88, 94)
        lip.cubicTo(QPointF(90, 114), QPointF(130, 114), QPointF(132, 94))
        lip.lineTo(170, 94)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawPath(lip)
        painter.drawPixmap(QPointF(86, 14), icons.product_mark(50, density))


class EmptyState(Panel):
    """Title 24/600, one sentence of fact, one to three next steps, and when more will come."""

    def __init__(
        self,
        title: str,
        fact: str,
        steps: Sequence[Figure] = (),
        later: str = "",
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent=parent)
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 24, 24, 24)
        column.setSpacing(8)
        middle = Qt.AlignmentFlag.AlignHCenter
        column.addStretch(3)
        column.addWidget(Drawing(), 0, middle)
        for text in (Text(title, "person", wrap=True), Text(fact, "body", "soft", wrap=True)):
            text.setAlignment(middle)
            column.addWidget(text)
        column.addSpacing(8)
        widest = max((step.sizeHint().width() for step in steps), default=0)
        for step in steps:
            step.setMinimumWidth(max(420, min(widest, 560)))
            column.addWidget(step, 0, middle)
        if later:
            note = Text(later, "second", "soft", wrap=True)
            note.setAlignment(middle)
            column.addSpacing(8)
            column.addWidget(note)
        column.addStretch(4)
        self.setAccessibleName(title)
