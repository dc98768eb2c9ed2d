"""A figure that opens the list behind it: icon, number and name on one line, one soft line."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QAbstractButton, QSizePolicy, QWidget
from typing_extensions import override

from ui import icons, theme
from ui.widgets import drawing

Tone = str


class Figure(QAbstractButton):
    """80 px high; ``tone`` (accent, good, care, stop, neutral) colours the square of the icon.

    With ``value`` empty it is a choice of an empty page: title, explanation and a key.
    """

    def __init__(
        self,
        icon: str,
        value: str,
        name: str,
        detail: str,
        *,
        tone: Tone = "accent",
        key: str = "",
        height: int = 80,
        on_click: Callable[[], object] | None = None,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._icon, self._height, self._key = icon, height, key
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        if on_click is not None:
            self.clicked.connect(lambda _=False: on_click())
        self.set(value, name, detail, tone)

    def set(self, value: str, name: str, detail: str, tone: Tone = "accent") -> None:
        """Show another figure."""
        self._value, self._name, self._detail, self._tone = value, name, detail, tone
        self.setText(f"{value} {name}".strip())
        self.setAccessibleName(self.text())
        self.setAccessibleDescription(detail)
        self.updateGeometry()
        self.update()

    def _first_line(self) -> float:
        number = drawing.advance(self._value, theme.FIGURE, 600) + 9 if self._value else 0
        return number + drawing.advance(self._name, theme.BODY, 600)

    def _trailing(self) -> float:
        return drawing.key_width(self._key) + 14 if self._key else 30

    @override
    def sizeHint(self) -> QSize:
        text = max(self._first_line(), drawing.advance(self._detail, theme.SECOND))
        return QSize(int(70 + text + self._trailing() + 2), self._height)

    @override
    def minimumSizeHint(self) -> QSize:
        return QSize(int(70 + self._first_line() + self._trailing() + 2), self._height)

    def clipped(self) -> list[str]:
        """The name when it does not fit (the soft line may be cut, with a tooltip)."""
        need = 70 + self._first_line() + self._trailing()
        return [self.text()] if need > self.width() + 1 else []

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        drawing.smooth(painter)
        whole, middle = QRectF(self.rect()), self.height() / 2
        ground = theme.colour("page" if self.underMouse() else "card")
        drawing.box(painter, whole, theme.RADIUS_CARD, ground, theme.colour("line"))
        if self.hasFocus():
            drawing.box(painter, whole, theme.RADIUS_CARD, None, theme.colour("accent"), 2)
        wash, ink = drawing.chip_colours(self._tone)
        square = QRectF(16, middle - 20, 40, 40)
        drawing.box(painter, square, theme.RADIUS_CONTROL, theme.colour(wash),
                    drawing.chip_edge("edge"))  # fmt: skip
        icons.paint(painter, self._icon, ink, QRectF(26, round(middle - 10), 20, 20))
        self._lines(painter, middle)
        if self._key:
            left = self.width() - 14 - drawing.key_width(self._key)
            drawing.draw_key(painter, self._key, left, middle, theme.colour("ink_soft"))
        else:
            arrow = QRectF(self.width() - 28, round(middle - 7), 14, 14)
            icons.paint(painter, "right", "ink_soft", arrow)

    def _lines(self, painter: QPainter, middle: float) -> None:
        left, room = 70.0, self.width() - 70 - self._trailing()
        ink = theme.colour("ink")
        first = middle - 17 if self._value else middle - 10
        if self._value:
            spot = QRectF(left, first - 17, room, 34)
            used = drawing.draw_text(painter, spot, self._value, theme.FIGURE, 600, ink)
            beside = QRectF(left + used + 9, first - 12, room - used - 9, 30)
            drawing.draw_text(painter, beside, self._name, theme.BODY, 600, ink)
        else:
            drawing.draw_text(painter, QRectF(left, first - 10, room, 20), self._name,
                              theme.BODY, 600, ink)  # fmt: skip
        under = QRectF(left, middle + (6 if self._value else 1), room, 20)
        soft = theme.colour("ink_soft")
        used = drawing.draw_text(painter, under, self._detail, theme.SECOND, 400, soft)
        self.setToolTip(self._detail if used > room else "")
