"""Buttons of the product: one filled per screen, its key inside it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QAbstractButton, QSizePolicy, QWidget
from typing_extensions import override

from ui import icons, theme
from ui.keys import key_text
from ui.widgets import drawing

Kind = Literal["filled", "outlined", "danger", "danger_filled", "quiet", "link", "on"]
PADDING, ICON_GAP, KEY_GAP, LINK_PADDING = 14, 7, 10, 4


class Button(QAbstractButton):
    """A button of 36 px (32 in heads, 28 in cards); ``danger`` always carries an icon.

    ``key`` is shown inside, it does not make the shortcut: the page or foot that owns the act does.
    """

    def __init__(
        self,
        text: str,
        kind: Kind = "outlined",
        *,
        icon: str = "",
        key: str = "",
        height: int = 36,
        on_click: Callable[[], object] | None = None,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.kind: Kind = kind
        self.icon_name = icon or ("erase" if kind == "danger" else "")
        self.key = key
        self._height = height
        self.setText(text)
        self.setAccessibleName(text)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        if on_click is not None:
            self.clicked.connect(lambda _=False: on_click())

    @override
    def setText(self, text: str) -> None:
        super().setText(text)
        # Qt takes & for a mnemonic; ours are shown as keys.
        self.setShortcut("")
        self.setAccessibleName(text)
        self.updateGeometry()

    def set_reason(self, reason: str) -> None:
        """Grey with the reason in a tooltip and for the screen reader; "" enables again."""
        self.setEnabled(not reason)
        self.setToolTip(reason)
        self.setAccessibleDescription(reason)

    def set_kind(self, kind: Kind) -> None:
        """Change the kind (a quiet button that becomes ``on``)."""
        self.kind = kind
        self.update()

    def _weight(self) -> theme.Weight:
        return 400 if self.kind in ("quiet", "link") else 600

    def _padding(self) -> int:
        return LINK_PADDING if self.kind == "link" else (12 if self._height < 36 else PADDING)

    def _needed(self) -> float:
        width = 2.0 * self._padding()
        if self.icon_name:
            width += icons.BUTTON + (ICON_GAP if self.text() or self.key else 0)
        if self.text():
            width += drawing.advance(self.text(), theme.BODY, self._weight())
        if self.key:
            width += drawing.key_width(key_text(self.key)) + (KEY_GAP if self.text() else 0)
            width -= 4 if self.kind != "link" else 0
        return width

    @override
    def sizeHint(self) -> QSize:
        return QSize(int(self._needed() + 1), self._height)

    @override
    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def clipped(self) -> list[str]:
        """The text when it does not fit."""
        return [self.text()] if self._needed() > self.width() + 1 else []

    def _colours(self) -> tuple[QColor | None, QColor | None, QColor]:
        """Ground, edge and ink."""
        colour = theme.colour
        if not self.isEnabled():
            ground = None if self.kind in ("link", "quiet") else colour("sunk")
            return ground, drawing.chip_edge("edge"), colour("ink_soft")
        table: dict[Kind, tuple[QColor | None, QColor | None, QColor]] = {
            "filled": (colour("accent"), None, colour("on_accent")),
            "outlined": (colour("card"), colour("edge"), colour("ink")),
            "danger": (colour("card"), colour("stop"), colour("stop")),
            "danger_filled": (colour("stop"), None, colour("on_stop")),
            "quiet": (None, None, colour("ink")),
            "link": (None, None, colour("accent_ink")),
            "on": (colour("accent_wash"), drawing.chip_edge("edge"), colour("accent_ink")),
        }
        ground, edge, ink = table[self.kind]
        if self.underMouse() and self.kind in ("outlined", "quiet", "danger"):
            ground = colour("sunk")
        if self.isDown():
            ground = (ground or colour("sunk")).darker(106)
        return ground, edge, ink

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        drawing.smooth(painter)
        ground, edge, ink = self._colours()
        whole = QRectF(self.rect())
        drawing.box(painter, whole, theme.RADIUS_CONTROL, ground, edge)
        if self.hasFocus():
            self._ring(painter, whole)
        middle = whole.center().y()
        left = self._left()
        if self.icon_name:
            top = round(middle - icons.BUTTON / 2)
            where = QRectF(round(left), top, icons.BUTTON, icons.BUTTON)
            icons.paint(painter, self.icon_name, ink, where)
            left += icons.BUTTON + ICON_GAP
        if self.text():
            advance = drawing.advance(self.text(), theme.BODY, self._weight())
            room = QRectF(left, 0, advance + 1, self.height())
            drawing.draw_text(painter, room, self.text(), theme.BODY, self._weight(), ink)
            if self.kind == "link" and self.underMouse():
                base = round(middle) + 8
                painter.drawLine(int(left), base, int(left + advance), base)
            left += advance + KEY_GAP
        if self.key:
            drawing.draw_key(painter, key_text(self.key), left, middle, self._key_colour(ink))

    def _left(self) -> float:
        return (self.width() - self._needed()) / 2 + self._padding()

    def _key_colour(self, ink: QColor) -> QColor:
        soft = self.isEnabled() and self.kind in ("outlined", "quiet", "link")
        return theme.colour("ink_soft") if soft else ink

    def _ring_colour(self) -> QColor:
        return theme.colour("ink")

    def _ring(self, painter: QPainter, whole: QRectF) -> None:
        """2 px of ink inside the button; a line of the ground keeps it visible on a fill."""
        if self.kind in ("filled", "danger_filled"):
            drawing.box(painter, whole, theme.RADIUS_CONTROL, None, self._ring_colour(), 2)
            inner = whole.adjusted(2, 2, -2, -2)
            drawing.box(painter, inner, theme.RADIUS_CONTROL - 2, None, theme.colour("card"), 1.5)
        else:
            drawing.box(painter, whole, theme.RADIUS_CONTROL, None, self._ring_colour(), 2)


class IconButton(Button):
    """An icon alone: always a tooltip with its key, and an accessible name."""

    def __init__(
        self,
        icon: str,
        name: str,
        *,
        key: str = "",
        kind: Kind = "outlined",
        height: int = 32,
        on_click: Callable[[], object] | None = None,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__("", kind, icon=icon, height=height, on_click=on_click, parent=parent)
        self.setAccessibleName(name)
        self._name, self._keys = name, key
        self.setToolTip(f"{name}  ({key_text(key)})" if key else name)

    @override
    def set_reason(self, reason: str) -> None:
        super().set_reason(reason)
        if not reason:
            self.setToolTip(f"{self._name}  ({key_text(self._keys)})" if self._keys else self._name)

    @override
    def sizeHint(self) -> QSize:
        return QSize(max(self._height, 30), self._height)

    @override
    def _needed(self) -> float:
        return float(self._height)

    @override
    def _left(self) -> float:
        return (self.width() - icons.BUTTON) / 2


class Key(QWidget):
    """A key cap on its own, in a sentence or a list of keys."""

    def __init__(self, key: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._text = key_text(key)
        self.setAccessibleName(self._text)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    @override
    def sizeHint(self) -> QSize:
        return QSize(int(drawing.key_width(self._text)), drawing.KEY_HEIGHT)

    @override
    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def clipped(self) -> list[str]:
        """The key when it does not fit."""
        return [self._text] if drawing.key_width(self._text) > self.width() + 1 else []

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        drawing.smooth(painter)
        drawing.draw_key(painter, self._text, 0, self.height() / 2, theme.colour("ink_soft"))
