"""Bars: progress, parts of a whole, the next right action, and the one that floats (undo, toast)."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import QEvent, QRectF, Qt
from PySide6.QtGui import QColor, QEnterEvent, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget
from typing_extensions import override

from ui import theme
from ui.quantities import number
from ui.speech import say
from ui.widgets import drawing
from ui.widgets.button import Button, Key
from ui.widgets.card import Panel
from ui.widgets.field import Picture
from ui.widgets.text import Text


class ProgressLine(QWidget):
    """A bar of 6 to 10 px, done of how many; 0 of 0 shows an empty track."""

    def __init__(self, height: int = 6, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.done, self.total = 0, 0
        self.setFixedHeight(height)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def set(self, done: int, total: int) -> None:
        """Move the bar."""
        self.done, self.total = done, total
        self.setAccessibleName(say("ui.of", done=done, total=total))
        self.update()

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        drawing.smooth(painter)
        whole, radius = QRectF(self.rect()), self.height() / 2
        drawing.box(painter, whole, radius, theme.colour("sunk"), drawing.chip_edge("edge"))
        share = min(1.0, self.done / self.total) if self.total > 0 else 0.0
        if share > 0:
            filled = QRectF(0, 0, max(self.height(), whole.width() * share), whole.height())
            drawing.box(painter, filled, radius, theme.colour("accent"))


class StackedBar(QWidget):
    """Parts of a whole, 10 px, 2 px apart. Each part is (count, token, name)."""

    def __init__(
        self, parts: Sequence[tuple[int, str, str]], parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setFixedHeight(10)
        self.set_parts(parts)

    def set_parts(self, parts: Sequence[tuple[int, str, str]]) -> None:
        """Replace the parts."""
        self._parts = [part for part in parts if part[0] > 0]
        self.setAccessibleName(", ".join(f"{name} {count}" for count, _, name in self._parts))
        self.update()

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        drawing.smooth(painter)
        total = sum(count for count, _, _ in self._parts)
        if not total:
            drawing.box(painter, QRectF(self.rect()), 5, theme.colour("sunk"))
            return
        left, room = 0.0, self.width() - 2.0 * (len(self._parts) - 1)
        for count, token, _ in self._parts:
            width = max(2.0, room * count / total)
            radius = min(4.0, width / 2)
            drawing.box(painter, QRectF(left, 0, width, 10), radius, theme.colour(token))
            left += width + 2


class ProgressCard(Panel):
    """Name, done of how many, time left, Arrêter: in its card, or in the foot for everything."""

    def __init__(
        self, name: str, on_stop: Callable[[], object], parent: QWidget | None = None
    ) -> None:
        super().__init__(parent=parent)
        column = QVBoxLayout(self)
        column.setContentsMargins(14, 8, 14, 12)
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addWidget(Picture("sync", "accent", 15))
        row.addWidget(Text(name, "strong"))
        self._text = Text("", "second", "soft", elide=True)
        row.addWidget(self._text, 1)
        self.stop = Button(say("ui.stop"), "quiet", key="Esc", height=28, on_click=on_stop)
        row.addWidget(self.stop)
        self._bar = ProgressLine(8)
        column.addLayout(row)
        column.addWidget(self._bar)
        self.setAccessibleName(name)

    def progress(self, done: int, total: int, text: str) -> None:
        """Show where it is."""
        self._bar.set(done, total)
        count = say("ui.of", done=number(done), total=number(total)) if total else ""
        self._text.setText(" · ".join(filter(None, (count, text))))


class NextRightAction(Panel):
    """Wash, arrow, one sentence with its reason and its key. A click or its key does it."""

    def __init__(
        self,
        title: str,
        reason: str,
        key: str = "",
        on_click: Callable[[], object] | None = None,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__("accent_wash", "", theme.RADIUS_CARD, parent)
        self._on_click = on_click
        if on_click is not None:
            self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setAccessibleName(title)
        self.setAccessibleDescription(reason)
        row = QHBoxLayout(self)
        row.setContentsMargins(14, 8, 14, 8)
        row.setSpacing(12)
        row.addWidget(Picture("arrow", "accent_ink", 19))
        lines = QVBoxLayout()
        lines.setSpacing(0)
        # In a bar made taller by its neighbour the two lines stay together.
        lines.addStretch(1)
        lines.addWidget(Text(title, "strong", "accent", wrap=True))
        lines.addWidget(Text(reason, "second", wrap=True))
        lines.addStretch(1)
        row.addLayout(lines, 1)
        if key:
            row.addWidget(Key(key))

    @override
    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        super().mouseReleaseEvent(event)
        inside = self.rect().contains(event.position().toPoint())
        if self._on_click is not None and inside and event.button() is Qt.MouseButton.LeftButton:
            self._on_click()


class _Ring(QWidget):
    """Seconds left, as a ring."""

    def __init__(self) -> None:
        super().__init__()
        self.share = 1.0
        self.setFixedSize(18, 18)

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        drawing.smooth(painter)
        pen = painter.pen()
        pen.setWidthF(2.5)
        pen.setColor(theme.colour("edge"))
        painter.setPen(pen)
        where = QRectF(2, 2, 14, 14)
        painter.drawEllipse(where)
        pen.setColor(theme.colour("undo_act"))
        painter.setPen(pen)
        painter.drawArc(where, 90 * 16, int(360 * 16 * self.share))


class UndoPanel(Panel):
    """The face of the undo bar: what was done, Annuler, Ctrl Z, seconds. ``ui.floating`` times it."""

    def __init__(self, text: str, on_undo: Callable[[], object]) -> None:
        super().__init__("undo", "undo_edge", theme.RADIUS_CARD)
        self.setFixedHeight(40)
        self.pointed_at = False
        row = QHBoxLayout(self)
        row.setContentsMargins(14, 0, 12, 0)
        row.setSpacing(10)
        self._what = Text(text, tone="undo")
        row.addWidget(self._what)
        self.act = _UndoButton(on_undo)
        row.addWidget(self.act)
        self._seconds = Text("", "second", "undo")
        self._seconds.setMinimumWidth(30)
        row.addWidget(self._seconds)
        self._ring = _Ring()
        row.addWidget(self._ring)
        self.setAccessibleName(text)

    def set_left(self, seconds: float, whole: float) -> None:
        """Show how long Annuler remains."""
        self._seconds.setText(say("ui.seconds", n=max(0, round(seconds))))
        self._ring.share = seconds / whole if whole else 0
        self._ring.update()

    @override
    def enterEvent(self, event: QEnterEvent) -> None:
        self.pointed_at = True

    @override
    def leaveEvent(self, event: QEvent) -> None:
        self.pointed_at = False


class _UndoButton(Button):
    def __init__(self, on_undo: Callable[[], object]) -> None:
        super().__init__(
            say("ui.undo"), "link", icon="undo", key="Ctrl+Z", height=28, on_click=on_undo
        )

    @override
    def _colours(self) -> tuple[QColor | None, QColor | None, QColor]:
        return None, None, theme.colour("undo_act")

    @override
    def _key_colour(self, ink: QColor) -> QColor:
        return ink

    @override
    def _ring_colour(self) -> QColor:
        return theme.colour("undo_text")


class ToastPanel(Panel):
    """What ended out of sight, with Ouvrir."""

    def __init__(self, text: str, link: str, on_open: Callable[[], object] | None) -> None:
        super().__init__("card", "good_bar", theme.RADIUS_CARD)
        self.setFixedHeight(40)
        self.pointed_at = False
        row = QHBoxLayout(self)
        row.setContentsMargins(14, 0, 14, 0)
        row.setSpacing(10)
        row.addWidget(Picture("check", "good", 17))
        row.addWidget(Text(text))
        if link:
            row.addWidget(Button(link, "link", height=28, on_click=on_open))
        self.setAccessibleName(text)

    @override
    def enterEvent(self, event: QEnterEvent) -> None:
        self.pointed_at = True

    @override
    def leaveEvent(self, event: QEvent) -> None:
        self.pointed_at = False
