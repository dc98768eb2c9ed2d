"""The tokens of the product's look, in one place: colours, sizes, spacing and type.

Everything drawn takes its colours from ``current()``; nothing else in ``ui`` names a colour.
``apply`` puts a theme on the application: Fusion, our own palette (Qt's colour scheme is not
honoured everywhere, a palette is) and a small style sheet for the stock controls.
"""

from __future__ import annotations

import sys
from dataclasses import dataclass, fields, replace
from functools import cache
from pathlib import Path
from typing import Literal

from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QFont, QFontDatabase, QFontMetricsF, QGuiApplication, QPalette
from PySide6.QtWidgets import QApplication, QStyleFactory

from ui.stylesheet import stylesheet

RESOURCES = Path(__file__).resolve().parent.parent / "resources"

# Spacing, radii and the sizes of the shell, in device-independent pixels.
SPACE = (4, 8, 12, 16, 24)
GAP = 12
RADIUS_CELL, RADIUS_CONTROL, RADIUS_CARD, RADIUS_DIALOG = 6, 8, 10, 12
RAIL, RAIL_SMALL, TOP_BAR, FOOT, FOOT_SMALL = 208, 60, 56, 60, 52
SMALL_BELOW = 1366
# Text sizes in pixels.
NOTE, SECOND, BODY, CARD_TITLE, DIALOG_TITLE, PAGE_TITLE, PERSON, FIGURE = (
    11, 12, 13, 14, 16, 20, 24, 26,
)  # fmt: skip
# Motion, in milliseconds; all 0 when the system asks for less of it.
HOVER, PANE, UNDO_IN, UNDO_OUT, DRAG = 80, 140, 120, 160, 100

Weight = Literal[400, 600]


@dataclass(frozen=True)
class Tokens:
    """The colours of one theme, each ``#rrggbb``; the light ones are the defaults."""

    page: str = "#faf7f2"
    card: str = "#ffffff"
    sunk: str = "#f3eee6"
    line: str = "#e9e2d8"
    edge: str = "#8f8475"
    ink: str = "#1f1b16"
    ink_soft: str = "#655c51"
    accent: str = "#c2410c"
    on_accent: str = "#ffffff"
    accent_ink: str = "#9a3412"
    accent_wash: str = "#fdeee2"
    good: str = "#14532d"
    good_wash: str = "#dcf1e3"
    care: str = "#7c4a03"
    care_wash: str = "#fde8c8"
    stop: str = "#9f1d17"
    stop_wash: str = "#fbe3e1"
    on_stop: str = "#ffffff"
    good_bar: str = "#3f9361"
    care_bar: str = "#bd7a22"
    stop_bar: str = "#c8504a"
    tint: str = "#f0c9ae"
    mark: str = "#ffe08a"
    mark_ink: str = "#1f1b16"
    paper: str = "#ffffff"
    undo: str = "#2b251f"
    undo_text: str = "#ffffff"
    undo_act: str = "#ffb48a"
    undo_edge: str = "#2b251f"
    mark_fruit: str = "#c2410c"
    mark_leaf: str = "#3f9361"
    mark_glint: str = "#ffffff"

    def colour(self, name: str) -> QColor:
        """The colour of a token by its name (AttributeError when there is none: a bug of ours)."""
        return QColor(getattr(self, name))


LIGHT = Tokens()
DARK = Tokens(
    page="#1c1916", card="#26221e", sunk="#312c26", line="#3a342d", edge="#83796c",
    ink="#f3ede4", ink_soft="#b9ae9f", accent="#fb8a4c", on_accent="#1c1916",
    accent_ink="#ffb48a", accent_wash="#40281a", good="#b5e5c4", good_wash="#1d3a28",
    care="#f5d197", care_wash="#43310f", stop="#f4b4af", stop_wash="#471f1c",
    on_stop="#1c1916", good_bar="#5fb583", care_bar="#dca14c", stop_bar="#d9706a",
    tint="#7a4a2c", paper="#e6dfd3", undo="#4a4138", undo_act="#ffc9a6",
    undo_edge="#83796c", mark_fruit="#fb8a4c", mark_leaf="#5fb583",
)  # fmt: skip

# (text, ground) pairs that are read, and (edge, ground) pairs that only have to be seen.
TEXT_PAIRS = (
    ("ink", "card"), ("ink", "page"), ("ink", "sunk"), ("ink", "accent_wash"),
    ("ink_soft", "card"), ("ink_soft", "page"), ("ink_soft", "sunk"),
    ("ink_soft", "accent_wash"), ("on_accent", "accent"), ("accent_ink", "card"),
    ("accent_ink", "page"), ("accent_ink", "accent_wash"), ("good", "good_wash"),
    ("care", "care_wash"), ("stop", "stop_wash"), ("good", "card"), ("stop", "card"),
    ("stop", "page"), ("care", "card"), ("on_stop", "stop"), ("mark_ink", "mark"),
    ("undo_text", "undo"), ("undo_act", "undo"), ("ink", "stop_wash"), ("ink", "care_wash"),
)  # fmt: skip
EDGE_PAIRS = (
    ("edge", "card"), ("edge", "page"), ("edge", "sunk"), ("accent", "card"),
    ("accent", "accent_wash"), ("good_bar", "card"), ("care_bar", "card"),
    ("stop_bar", "card"), ("stop", "page"), ("stop", "card"),
)  # fmt: skip


def contrast(first: str, second: str) -> float:
    """The contrast ratio of two colours, 1 to 21, as WCAG 2 defines it."""

    def luminance(name: str) -> float:
        colour = QColor(name)
        channels = (colour.redF(), colour.greenF(), colour.blueF())
        linear: list[float] = [
            c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels
        ]
        return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]

    one, other = luminance(first), luminance(second)
    return (max(one, other) + 0.05) / (min(one, other) + 0.05)


def high_contrast(system: QPalette) -> Tokens:
    """Tokens from the system's own palette: lines become edges, washes become the ground."""
    role = QPalette.ColorRole
    ground, text = system.color(role.Window).name(), system.color(role.WindowText).name()
    picked, on_picked = system.color(role.Highlight).name(), system.color(role.HighlightedText)
    same = dict.fromkeys(("page", "card", "sunk", "accent_wash", "good_wash", "care_wash", "stop_wash", "paper", "undo"), ground)  # fmt: skip
    inks = dict.fromkeys(("line", "edge", "ink", "ink_soft", "accent_ink", "good", "care", "stop", "good_bar", "care_bar", "stop_bar", "tint", "undo_text", "undo_act", "undo_edge", "mark_fruit", "mark_leaf"), text)  # fmt: skip
    rest = {"accent": picked, "on_accent": on_picked.name(), "on_stop": ground,
            "mark": picked, "mark_ink": on_picked.name()}  # fmt: skip
    return replace(LIGHT, **(same | inks | rest))


@dataclass(frozen=True)
class Theme:
    """A name, its tokens, and whether every chip carries an edge and things may move."""

    name: Literal["light", "dark", "contrast"] = "light"
    tokens: Tokens = LIGHT
    chip_edges: bool = False
    motion: bool = True

    def duration(self, milliseconds: int) -> int:
        """How long something may move: 0 when the system asks for less motion."""
        return milliseconds if self.motion else 0


_current = Theme()


def current() -> Theme:
    """The theme on screen."""
    return _current


def tokens() -> Tokens:
    """The colours on screen."""
    return _current.tokens


def colour(name: str) -> QColor:
    """A token of the theme on screen, as a colour."""
    return _current.tokens.colour(name)


def named(name: str) -> Theme:
    """The theme called ``light``, ``dark`` or ``contrast`` (anything else: light)."""
    if name == "dark":
        return Theme("dark", DARK)
    if name == "contrast":
        return Theme("contrast", high_contrast(QApplication.palette()), chip_edges=True)
    return Theme()


def chosen(look: str) -> Theme:
    """The theme of a preference: ``light``, ``dark``, or ``auto`` as the system says.

    High contrast comes before all of them, as long as the system asks for it.
    """
    hints = QGuiApplication.styleHints()
    if hints.accessibility().contrastPreference() == Qt.ContrastPreference.HighContrast:
        return named("contrast")
    if look in ("light", "dark"):
        return named(look)
    return named("dark" if hints.colorScheme() == Qt.ColorScheme.Dark else "light")


@cache
def bundled_family() -> str:
    """Load the bundled font once and give its family (needs a QApplication)."""
    family = ""
    for path in sorted((RESOURCES / "fonts").glob("*.otf")):
        number = QFontDatabase.addApplicationFont(str(path))
        family = family or next(iter(QFontDatabase.applicationFontFamilies(number)), "")
    return family


_family = ""
_WORN = "clementine_look"


def font(size: int = BODY, weight: Weight = 400) -> QFont:
    """The product's font at ``size`` pixels, with figures of equal width.

    One object a size and weight, made once: whoever wants another font makes a copy.
    """
    return _font(_family or bundled_family(), size, weight)


def metrics(size: int = BODY, weight: Weight = 400) -> QFontMetricsF:
    """How wide that font writes."""
    return _metrics(_family or bundled_family(), size, weight)


@cache
def _metrics(family: str, size: int, weight: Weight) -> QFontMetricsF:
    return QFontMetricsF(_font(family, size, weight))


@cache
def _font(family: str, size: int, weight: Weight) -> QFont:
    made = QFont(family)
    made.setPixelSize(size)
    made.setWeight(QFont.Weight(weight))
    made.setFeature(QFont.Tag("tnum"), 1)
    return made


def palette(tokens: Tokens) -> QPalette:
    """What Fusion paints the stock controls with."""
    role, group = QPalette.ColorRole, QPalette.ColorGroup
    pairs = {
        role.Window: "page", role.WindowText: "ink", role.Base: "card", role.Text: "ink",
        role.AlternateBase: "sunk", role.Button: "card", role.ButtonText: "ink",
        role.Highlight: "accent", role.HighlightedText: "on_accent", role.Link: "accent_ink",
        role.LinkVisited: "accent_ink", role.PlaceholderText: "ink_soft", role.Mid: "line",
        role.ToolTipBase: "undo", role.ToolTipText: "undo_text", role.Dark: "edge",
        role.Light: "card", role.Midlight: "sunk", role.Shadow: "edge",
        role.BrightText: "on_accent", role.Accent: "accent",
    }  # fmt: skip
    made = QPalette()
    for where, name in pairs.items():
        made.setColor(where, tokens.colour(name))
    for where in (role.WindowText, role.Text, role.ButtonText):
        made.setColor(group.Disabled, where, tokens.colour("ink_soft"))
    return made


def apply(app: QApplication, theme: Theme, *, bundled: bool = False) -> None:
    """Put a theme on the application; every widget is repainted, unless it wears that look already.

    ``bundled`` asks for the bundled font even where the system has its own (Segoe UI on Windows):
    screenshots and tests are then the same everywhere.
    """
    global _current, _family
    own = sys.platform == "win32" and not bundled
    family = "Segoe UI" if own else bundled_family()
    worn = f"{family} {theme}"
    if app.property(_WORN) == worn:
        return
    app.setProperty(_WORN, worn)
    _current, _family = theme, family
    style = app.style()
    if style.objectName() != "fusion":
        app.setStyle(QStyleFactory.create("Fusion"))
    app.setFont(font())
    app.setPalette(palette(theme.tokens))
    values = {f.name: str(getattr(theme.tokens, f.name)) for f in fields(Tokens)}
    app.setStyleSheet(stylesheet(values))
