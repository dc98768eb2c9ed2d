"""Our own icons, drawn in the colours of the theme.

One family: 20 px grid, 1.6 px line, round ends, no fill. The files say ``currentColor``; the
colour is put in when the picture is drawn, once per name, colour, size and screen density.
"""

from __future__ import annotations

from functools import lru_cache

from PySide6.QtCore import QByteArray, QRectF, Qt
from PySide6.QtGui import QColor, QIcon, QPainter, QPixmap
from PySide6.QtSvg import QSvgRenderer

from ui import theme

CHIP, BUTTON, ROW, RAIL = 13, 17, 15, 19
FOLDER = theme.RESOURCES / "icons"


def names() -> list[str]:
    """Every icon there is."""
    return sorted(path.stem for path in FOLDER.glob("*.svg"))


@lru_cache(maxsize=256)
def _source(name: str) -> str:
    return (FOLDER / f"{name}.svg").read_text(encoding="utf-8")


@lru_cache(maxsize=1024)
def _drawn(name: str, colours: tuple[tuple[str, str], ...], size: int, density: float) -> QPixmap:
    text = _source(name)
    for word, value in colours:
        text = text.replace(word, value)
    renderer = QSvgRenderer(QByteArray(text.encode()))
    pixels = round(size * density)
    picture = QPixmap(pixels, pixels)
    picture.fill(Qt.GlobalColor.transparent)
    painter = QPainter(picture)
    renderer.render(painter, QRectF(0, 0, pixels, pixels))
    painter.end()
    picture.setDevicePixelRatio(density)
    return picture


def pixmap(name: str, colour: QColor | str, size: int = BUTTON, density: float = 1.0) -> QPixmap:
    """An icon in a colour (a token's name or a colour) at ``size`` device-independent pixels."""
    value = theme.colour(colour) if isinstance(colour, str) else colour
    return _drawn(name, (("currentColor", value.name()),), size, density)


def product_mark(size: int, density: float = 1.0) -> QPixmap:
    """The clementine: fruit, leaf and glint."""
    t = theme.tokens()
    colours = (
        ("fruitColor", t.mark_fruit),
        ("leafColor", t.mark_leaf),
        ("glintColor", t.mark_glint),
    )
    return _drawn("mark", colours, size, density)


def icon(name: str, colour: str = "ink", size: int = BUTTON) -> QIcon:
    """An icon for Qt's own controls (menus, line edits), sharp at 100, 150 and 200 %."""
    made = QIcon()
    for density in (1.0, 1.5, 2.0):
        made.addPixmap(pixmap(name, colour, size, density))
    return made


def window_icon() -> QIcon:
    """The mark, for the title bar and the task bar."""
    made = QIcon()
    for side in (16, 24, 32, 48, 64, 256):
        made.addPixmap(product_mark(side))
    return made


def paint(painter: QPainter, name: str, colour: QColor | str, where: QRectF) -> None:
    """Draw an icon in a square, as sharp as the device it is painted on."""
    size = round(where.width())
    density = painter.device().devicePixelRatio()
    painter.drawPixmap(where.topLeft(), pixmap(name, colour, size, density))
