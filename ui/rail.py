"""The rail: places with their counters, Administration pinned low, two lines of state."""

from __future__ import annotations

from typing import Literal

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QAbstractButton, QSizePolicy, QVBoxLayout, QWidget
from typing_extensions import override

from ui import icons, theme
from ui.keys import key_text
from ui.speech import say
from ui.widgets import drawing

StateTone = Literal["good", "care", "stop", "soft"]


class _Brand(QWidget):
    def __init__(self) -> None:
        super().__init__()
        self.small = False
        self.setFixedHeight(56)
        self.setAccessibleName(say("shell.product"))

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        drawing.smooth(painter)
        mark = icons.product_mark(24, self.devicePixelRatioF())
        painter.drawPixmap(18, 16, mark)
        if not self.small:
            room = QRectF(50, 0, self.width() - 56, 57)
            ink = theme.colour("ink")
            drawing.draw_text(painter, room, say("shell.product"), theme.DIALOG_TITLE, 600, ink)


class PlaceButton(QAbstractButton):
    """A place: 38 px, 19 px icon, counter at the right (a badge when small)."""

    def __init__(self, name: str, text: str, icon: str, key: str) -> None:
        super().__init__()
        self.name, self._icon, self._key = name, icon, key
        self.small = False
        self.count = 0
        self.setText(text)
        self.setCheckable(True)
        self.setAutoExclusive(False)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setFixedHeight(38)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.set_count(0)

    def set_count(self, count: int) -> None:
        """How many wait there; 0 shows nothing."""
        self.count = count
        spoken = f"{self.text()} {count}" if count else self.text()
        self.setAccessibleName(spoken)
        self.setToolTip(f"{spoken}  ({key_text(self._key)})" if self._key else spoken)
        self.update()

    def set_small(self, *, small: bool) -> None:
        """Icon alone, or icon and name."""
        self.small = small
        self.updateGeometry()
        self.update()

    @override
    def sizeHint(self) -> QSize:
        return QSize(44 if self.small else 192, 38)

    def clipped(self) -> list[str]:
        """The name when it does not fit beside its counter."""
        if self.small:
            return []
        count = drawing.pill_width(str(self.count)) + 8 if self.count else 0
        need = 42 + drawing.advance(self.text(), theme.BODY, 600) + count + 8
        return [self.text()] if need > self.width() + 1 else []

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        drawing.smooth(painter)
        whole, on = QRectF(self.rect()), self.isChecked()
        if on:
            drawing.box(painter, whole, theme.RADIUS_CONTROL, theme.colour("accent_wash"),
                        drawing.chip_edge("edge"))  # fmt: skip
            bar = QRectF(0, 10, 3, self.height() - 20)
            drawing.box(painter, bar, 1.5, theme.colour("accent"))
        elif self.underMouse():
            drawing.box(painter, whole, theme.RADIUS_CONTROL, theme.colour("sunk"))
        if self.hasFocus():
            drawing.box(painter, whole, theme.RADIUS_CONTROL, None, theme.colour("ink"), 2)
        ink = "accent_ink" if on else "ink"
        icons.paint(painter, self._icon, ink, QRectF(12, 9.5, icons.RAIL, icons.RAIL))
        if self.small:
            self._badge(painter)
            return
        right = self.width() - 10.0
        if self.count:
            width = drawing.pill_width(str(self.count))
            right -= width
            drawing.pill(painter, right, 19, str(self.count), "neutral")
        room = QRectF(42, 0, right - 46, self.height())
        weight: theme.Weight = 600 if on else 400
        drawing.draw_text(painter, room, self.text(), theme.BODY, weight, theme.colour(ink))

    def _badge(self, painter: QPainter) -> None:
        if not self.count:
            return
        text = str(self.count) if self.count < 100 else "99+"
        width = max(16.0, drawing.advance(text, 9, 600) + 8)
        where = QRectF(self.width() - width, 1, width, 16)
        drawing.box(painter, where, 8, theme.colour("accent"), theme.colour("card"))
        centre = Qt.AlignmentFlag.AlignHCenter
        drawing.draw_text(painter, where, text, 9, 600, theme.colour("on_accent"), centre)


class StateButton(QAbstractButton):
    """One line of state; it turns amber or red and says what is kept. A click opens the detail."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self.name = name
        self._icon, self._tone, self.small = "sync", "soft", False
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setFixedHeight(22)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setVisible(False)

    def set(self, text: str, tone: StateTone, icon: str) -> None:
        """Show a state; "" hides the line."""
        self._icon, self._tone = icon, tone
        self.setText(text)
        self.setAccessibleName(text)
        self.setToolTip(text)
        self.setVisible(bool(text))
        self.update()

    @override
    def sizeHint(self) -> QSize:
        return QSize(44 if self.small else 192, 22)

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        drawing.smooth(painter)
        loud = self._tone in ("care", "stop")
        pen = {"soft": "ink_soft"}.get(self._tone, self._tone)
        icons.paint(painter, self._icon, pen, QRectF(12, 3, 15, 15))
        if self.hasFocus():
            drawing.box(
                painter, QRectF(self.rect()), theme.RADIUS_CELL, None, theme.colour("ink"), 2
            )
        if not self.small:
            room = QRectF(34, 0, self.width() - 36, self.height())
            ink = theme.colour(pen if loud else "ink_soft")
            size = theme.SECOND
            drawing.draw_text(painter, room, self.text(), size, 600 if loud else 400, ink)


class Rail(QWidget):
    """Signals: ``asked(str)`` a place by name; ``state_asked(str)`` sync or backup."""

    asked = Signal(str)
    state_asked = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.places: dict[str, PlaceButton] = {}
        self.states = {name: StateButton(name) for name in ("sync", "backup")}
        self._brand = _Brand()
        self.setAccessibleName(say("shell.places"))
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 1, 0)
        column.setSpacing(0)
        column.addWidget(self._brand)
        self._upper, self._lower = QVBoxLayout(), QVBoxLayout()
        for part in (self._upper, self._lower):
            part.setContentsMargins(8, 4, 8, 4)
            part.setSpacing(1)
        column.addLayout(self._upper)
        column.addStretch(1)
        column.addLayout(self._lower)
        foot = QWidget()
        state = QVBoxLayout(foot)
        state.setContentsMargins(8, 9, 8, 9)
        state.setSpacing(0)
        for button in self.states.values():
            state.addWidget(button)
            button.clicked.connect(lambda _=False, n=button.name: self.state_asked.emit(n))
        self._foot = foot
        column.addWidget(foot)
        self.set_small(small=False)

    def add_place(self, name: str, text: str, icon: str, key: str, *, low: bool = False) -> None:
        """Add a place; ``low`` pins it above the lines of state."""
        button = PlaceButton(name, text, icon, key)
        button.setObjectName(f"place:{name}")
        button.clicked.connect(lambda _=False: self.asked.emit(name))
        self.places[name] = button
        (self._lower if low else self._upper).addWidget(button)

    def set_current(self, name: str) -> None:
        """Mark the place on screen."""
        for each in self.places.values():
            each.setChecked(each.name == name)

    def set_small(self, *, small: bool) -> None:
        """60 px (icons and round counters) or 208 px."""
        self.setFixedWidth(theme.RAIL_SMALL if small else theme.RAIL)
        self._brand.small = small
        for place in self.places.values():
            place.set_small(small=small)
        for state in self.states.values():
            state.small = small
            state.update()
        self._brand.update()

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(self.rect(), theme.colour("card"))
        painter.fillRect(self.width() - 1, 0, 1, self.height(), theme.colour("line"))
        if any(not s.isHidden() for s in self.states.values()):
            painter.fillRect(0, self._foot.y(), self.width(), 1, theme.colour("line"))
