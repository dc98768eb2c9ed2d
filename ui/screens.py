"""Pictures of screens at a fixed size, and what every screen must pass before a person looks.

A check gives sentences, one per fault, empty when all is well; tests assert that they are empty.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import combinations
from pathlib import Path
from typing import cast

from PySide6.QtCore import QPoint, QRect, QSize, Qt
from PySide6.QtGui import QAccessible, QAccessibleInterface, QPixmap
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QAbstractScrollArea,
    QAbstractSpinBox,
    QApplication,
    QComboBox,
    QHeaderView,
    QLabel,
    QLineEdit,
    QPlainTextEdit,
    QScrollBar,
    QStackedWidget,
    QTextEdit,
    QWidget,
)

from ui import theme

TEXT_CONTRAST, EDGE_CONTRAST = 4.5, 3.0
SIZES = ((1280, 720), (1920, 1080))
CONTROLS = (
    QAbstractButton, QLineEdit, QComboBox, QAbstractItemView, QPlainTextEdit, QTextEdit,
    QAbstractSpinBox,
)  # fmt: skip


def settle() -> None:
    """Let layouts and posted events finish (no time passes)."""
    for _ in range(3):
        QApplication.sendPostedEvents()
        QApplication.processEvents()


def prepare(widget: QWidget, size: tuple[int, int]) -> None:
    """Show a window at a size of its own, laid out and painted once."""
    widget.resize(*size)
    widget.show()
    settle()


def grab(widget: QWidget, size: tuple[int, int] | None = None, density: float = 1.0) -> QPixmap:
    """The widget as a picture of ``size × density`` pixels (1.5 is a screen at 150 %)."""
    if size is not None:
        prepare(widget, size)
    picture = QPixmap(QSize(widget.width(), widget.height()) * density)
    picture.setDevicePixelRatio(density)
    picture.fill(Qt.GlobalColor.transparent)
    widget.render(picture, QPoint(0, 0))
    return picture


def save(widget: QWidget, path: Path, size: tuple[int, int], density: float = 1.0) -> Path:
    """Write the picture as PNG; OSError when it cannot be written."""
    path.parent.mkdir(parents=True, exist_ok=True)
    if not grab(widget, size, density).save(str(path), "PNG"):
        raise OSError(f"cannot write {path.name}")
    return path


def faults(root: QWidget) -> list[str]:
    """Every check on a window that is on screen."""
    return [
        *clipped(root), *overlapping(root), *outside(root), *empty_texts(root), *nameless(root),
        *unreachable(root),
    ]  # fmt: skip


def visible(root: QWidget) -> Iterator[QWidget]:
    """The root and every widget below it that a person can see, ours only."""
    if root.isVisible():
        yield root
    for child in root.findChildren(QWidget):
        if child.isVisible() and not child.objectName().startswith("qt_"):
            yield child


def describe(widget: QWidget) -> str:
    """What the widget is, for a sentence."""
    said = widget.accessibleName()
    if not said and isinstance(widget, (QLabel, QAbstractButton)):
        said = widget.text()
    return f"{type(widget).__name__}[{said[:40]}]"


def clipped(root: QWidget) -> list[str]:
    """Texts that do not fit where cutting was not declared."""
    found: list[str] = []
    for widget in visible(root):
        if hasattr(widget, "clipped"):
            found += [f"clipped: {describe(widget)}: {text}" for text in widget.clipped()]
        elif isinstance(widget, QComboBox):
            found += _combo_clipped(widget)
    return found


def _combo_clipped(box: QComboBox) -> list[str]:
    need = box.fontMetrics().horizontalAdvance(box.currentText()) + 36
    return [f"clipped: {describe(box)}: {box.currentText()}"] if need > box.width() + 1 else []


def _plain_children(parent: QWidget) -> list[QWidget]:
    return [
        child
        for child in parent.children()
        if isinstance(child, QWidget)
        and child.isVisible()
        and not child.isWindow()
        and not child.property("floats")
        and not child.objectName().startswith("qt_")
        and not isinstance(child, (QScrollBar, QHeaderView))
    ]


def _laid_out(widget: QWidget) -> bool:
    """Whether we placed the children (the inside of Qt's own controls is Qt's affair)."""
    own = (QAbstractScrollArea, QStackedWidget, QComboBox, QLineEdit, QAbstractSpinBox)
    parent = widget.parentWidget()
    return not isinstance(widget, own) and not isinstance(parent, (QComboBox, QAbstractItemView))


def overlapping(root: QWidget) -> list[str]:
    """Siblings that lie on each other without having declared that they float."""
    found = []
    for parent in visible(root):
        if not _laid_out(parent):
            continue
        for one, other in combinations(_plain_children(parent), 2):
            if one.geometry().intersects(other.geometry()):
                found.append(f"overlap: {describe(one)} and {describe(other)}")
    return found


def outside(root: QWidget) -> list[str]:
    """Widgets cut by the edge of their parent (what scrolls is not cut)."""
    found = []
    for parent in visible(root):
        if not _laid_out(parent):
            continue
        frame = QRect(QPoint(0, 0), parent.size())
        for child in _plain_children(parent):
            if child.width() and child.height() and not frame.contains(child.geometry()):
                found.append(f"outside: {describe(child)} in {describe(parent)}")
    return found


def empty_texts(root: QWidget) -> list[str]:
    """Labels that take room and say nothing, buttons without text, icon or name."""
    found = []
    for widget in visible(root):
        if isinstance(widget, QLabel):
            silent = not widget.text().strip() and widget.pixmap().isNull()
            if silent and widget.width() > 0 and widget.height() > 0 and not _grows(widget):
                found.append(f"empty: {describe(widget)} ")
        elif isinstance(widget, QAbstractButton):
            named = widget.text() or widget.accessibleName() or not widget.icon().isNull()
            if not named:
                found.append(f"empty: {describe(widget)}")
    return found


def _grows(label: QLabel) -> bool:
    # An elided note that is "" for now is only the stretch of its row.
    return bool(getattr(label, "elides", False))


def nameless(root: QWidget) -> list[str]:
    """Controls that a screen reader could not name."""
    found = []
    for widget in visible(root):
        if not isinstance(widget, CONTROLS) or isinstance(widget, QHeaderView):
            continue
        if isinstance(widget.parentWidget(), (QLineEdit, QComboBox, QAbstractSpinBox)):
            continue
        # The stub promises an interface; Qt gives none to a widget that is being taken down.
        face = cast("QAccessibleInterface | None", QAccessible.queryAccessibleInterface(widget))
        name = face.text(QAccessible.Text.Name) if face is not None else ""
        if not name.strip():
            found.append(f"nameless: {describe(widget)}")
    return found


def tab_order(root: QWidget) -> list[QWidget]:
    """The controls Tab goes through, in order, from the first of the window."""
    order: list[QWidget] = []
    widget: QWidget | None = root.nextInFocusChain()
    while widget is not None and widget is not root:
        reachable = widget.focusPolicy() & Qt.FocusPolicy.TabFocus and widget.isEnabled()
        inside = root.isAncestorOf(widget) and widget.isVisible()
        if inside and reachable and widget.focusProxy() is None:
            order.append(widget)
        widget = widget.nextInFocusChain()
    return order


def unreachable(root: QWidget) -> list[str]:
    """Enabled buttons and fields that Tab never meets."""
    met = set(tab_order(root))
    found = []
    for widget in visible(root):
        ours = isinstance(widget, (QAbstractButton, QLineEdit, QComboBox, QPlainTextEdit))
        if not ours or not widget.isEnabled() or widget in met or widget.focusProxy() is not None:
            continue
        if isinstance(widget.parentWidget(), (QLineEdit, QComboBox, QAbstractSpinBox)):
            continue
        if widget.property("by_key_only") or _by_arrows(widget, met):
            continue
        found.append(f"unreachable: {describe(widget)}")
    return found


def _by_arrows(widget: QWidget, met: set[QWidget]) -> bool:
    """One of several of which Tab meets the chosen one, the arrows the others (tabs, radios)."""
    group = widget.group() if isinstance(widget, QAbstractButton) else None
    return group is not None and group.exclusive() and group.checkedButton() in met


def poor_contrast(
    tokens: theme.Tokens,
    texts: Sequence[tuple[str, str]] = theme.TEXT_PAIRS,
    edges: Sequence[tuple[str, str]] = theme.EDGE_PAIRS,
) -> list[str]:
    """Pairs of tokens below 4.5 for text and 3.0 for edges of controls."""
    found = []
    for pairs, least in ((texts, TEXT_CONTRAST), (edges, EDGE_CONTRAST)):
        for ink, ground in pairs:
            ratio = theme.contrast(getattr(tokens, ink), getattr(tokens, ground))
            if ratio < least:
                found.append(f"contrast: {ink} on {ground} is {ratio:.2f}")
    return found
