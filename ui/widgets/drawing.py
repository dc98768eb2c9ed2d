"""Strokes that several painted controls share: rounded boxes, focus rings, keys, pills."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen

from ui import icons, theme

KEY_HEIGHT, KEY_PADDING, KEY_RADIUS = 20, 6, 4


def smooth(painter: QPainter) -> None:
    """Antialiasing on, for shapes and text."""
    painter.setRenderHints(QPainter.RenderHint.Antialiasing | QPainter.RenderHint.TextAntialiasing)


def box(
    painter: QPainter,
    where: QRectF,
    radius: float,
    ground: QColor | None,
    edge: QColor | None = None,
    width: float = 1.0,
) -> None:
    """A rounded box whose edge lies inside ``where``."""
    painter.setBrush(ground if ground is not None else Qt.BrushStyle.NoBrush)
    if edge is None:
        painter.setPen(Qt.PenStyle.NoPen)
        painter.drawRoundedRect(where, radius, radius)
        return
    painter.setPen(QPen(edge, width))
    half = width / 2
    inner = where.adjusted(half, half, -half, -half)
    painter.drawRoundedRect(inner, radius - half, radius - half)


def key_width(text: str) -> float:
    """Width of a key cap, at least 20 px; 0 without a key."""
    if not text:
        return 0.0
    return max(float(KEY_HEIGHT), round(advance(text, theme.NOTE, 600)) + 2 * KEY_PADDING)


def draw_key(painter: QPainter, text: str, left: float, middle: float, colour: QColor) -> None:
    """A key cap, its middle at height ``middle``."""
    where = QRectF(left, round(middle - KEY_HEIGHT / 2), key_width(text), KEY_HEIGHT)
    box(painter, where, KEY_RADIUS, None, colour)
    painter.setFont(theme.font(theme.NOTE, 600))
    painter.setPen(colour)
    painter.drawText(where, Qt.AlignmentFlag.AlignCenter, text)


def draw_text(
    painter: QPainter,
    where: QRectF,
    text: str,
    size: int,
    weight: theme.Weight,
    colour: QColor,
    align: Qt.AlignmentFlag = Qt.AlignmentFlag.AlignLeft,
) -> float:
    """One line, elided where it does not fit; gives the advance of the whole text."""
    metrics = theme.metrics(size, weight)
    painter.setFont(theme.font(size, weight))
    painter.setPen(colour)
    wide = metrics.horizontalAdvance(text)
    if wide > where.width() + 0.5:
        text = metrics.elidedText(text, Qt.TextElideMode.ElideRight, where.width())
    painter.drawText(where, int(align | Qt.AlignmentFlag.AlignVCenter), text)
    return wide


def advance(text: str, size: int, weight: theme.Weight = 400) -> float:
    """Width of one line in the product's font."""
    return theme.metrics(size, weight).horizontalAdvance(text)


def pill(
    painter: QPainter, left: float, middle: float, text: str, kind: str, icon: str = ""
) -> float:
    """A 20 px chip drawn on a row; gives its width."""
    ground, ink = chip_colours(kind)
    width = pill_width(text, icon)
    where = QRectF(left, round(middle - 10), width, 20)
    box(painter, where, 10, theme.colour(ground), chip_edge(ink))
    x = left + 8
    if icon:
        icons.paint(painter, icon, ink, QRectF(QPointF(x, where.top() + 3.5), QPointF(x + 13, 0)))
        x += 17
    draw_text(painter, QRectF(x, where.top(), width, 20), text, theme.NOTE, 600, theme.colour(ink))
    return width


def pill_width(text: str, icon: str = "") -> float:
    """Width of a 20 px chip."""
    return round(advance(text, theme.NOTE, 600)) + 17 + (17 if icon else 0)


def chip_edge(ink: str) -> QColor | None:
    """The edge that every chip gets in high contrast."""
    return theme.colour(ink) if theme.current().chip_edges else None


def chip_colours(kind: str) -> tuple[str, str]:
    """Ground and ink tokens of a kind of chip."""
    return {
        "good": ("good_wash", "good"),
        "care": ("care_wash", "care"),
        "stop": ("stop_wash", "stop"),
        "accent": ("accent_wash", "accent_ink"),
    }.get(kind, ("sunk", "ink_soft"))
