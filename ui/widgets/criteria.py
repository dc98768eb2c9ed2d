"""What a mission asks for, found or to ask, in columns: never a score."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize
from PySide6.QtGui import QHelpEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget
from typing_extensions import override

from clementine_crm.queries.missions import Criterion
from ui import icons, theme
from ui.speech import say
from ui.widgets import drawing

LINE, MOST = 19, 3


class CriteriaGrid(QWidget):
    """Two or three columns; the line a criterion was found on is its tooltip."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._criteria: tuple[Criterion, ...] = ()
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)

    def set_criteria(self, criteria: Sequence[Criterion]) -> None:
        """Show others."""
        self._criteria = tuple(criteria)
        self.setAccessibleName("; ".join(_spoken(c) for c in self._criteria))
        self.updateGeometry()
        self.update()

    def _columns(self, width: int) -> int:
        """As many as the longest word leaves room for."""
        widest = max((drawing.advance(c.word, theme.SECOND) for c in self._criteria), default=0)
        return max(1, min(MOST, int(width // (widest + 30))))

    @override
    def heightForWidth(self, width: int) -> int:
        columns = self._columns(width)
        return LINE * -(-len(self._criteria) // columns)

    @override
    def sizeHint(self) -> QSize:
        return QSize(260, self.heightForWidth(260))

    @override
    def minimumSizeHint(self) -> QSize:
        return QSize(120, LINE)

    def _spot(self, number: int) -> QRectF:
        columns = self._columns(self.width())
        wide = self.width() / columns
        row, column = divmod(number, columns)
        return QRectF(column * wide, row * LINE, wide - 6, LINE)

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        drawing.smooth(painter)
        for number, criterion in enumerate(self._criteria):
            spot = self._spot(number)
            icon, tone = ("check", "good") if criterion.found else ("help", "care")
            icons.paint(painter, icon, tone, QRectF(spot.left(), spot.top() + 3, 13, 13))
            ink = theme.colour("ink" if criterion.found else "ink_soft")
            room = spot.adjusted(19, 0, 0, 0)
            drawing.draw_text(painter, room, criterion.word, theme.SECOND, 400, ink)

    @override
    def event(self, event: QEvent) -> bool:
        if isinstance(event, QHelpEvent):
            at = QPointF(event.pos())
            for number, criterion in enumerate(self._criteria):
                if self._spot(number).contains(at):
                    QToolTip.showText(event.globalPos(), _told(criterion), self)
                    return True
        return super().event(event)


def _told(criterion: Criterion) -> str:
    if criterion.found:
        return say("criteria.line", word=criterion.word, quote=criterion.quote)
    return say("criteria.to_ask", word=criterion.word)


def _spoken(criterion: Criterion) -> str:
    key = "criteria.spoken_found" if criterion.found else "criteria.to_ask"
    return say(key, word=criterion.word)
