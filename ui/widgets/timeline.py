"""What happened with a person: icon squares on a line, newest first."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QGridLayout, QVBoxLayout, QWidget
from typing_extensions import override

from ui import icons, theme
from ui.widgets import drawing
from ui.widgets.layouts import empty
from ui.widgets.text import Text

SQUARE = 28


@dataclass(frozen=True)
class Event:
    """One thing that happened; ``fresh`` puts its icon on the wash."""

    icon: str
    title: str
    when: str
    text: str = ""
    fresh: bool = False


class IconSquare(QWidget):
    """An icon on a 28 px square (or larger), sunk or on a wash."""

    def __init__(
        self, icon: str, ground: str = "sunk", ink: str = "ink_soft", size: int = SQUARE
    ) -> None:
        super().__init__()
        self._icon, self._ground, self._ink = icon, ground, ink
        self.setFixedSize(size, size)

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        drawing.smooth(painter)
        whole = QRectF(self.rect())
        ground, edge = theme.colour(self._ground), drawing.chip_edge("edge")
        drawing.box(painter, whole, theme.RADIUS_CONTROL, ground, edge)
        inset = (self.width() - (15 if self.width() <= SQUARE else 19)) / 2
        inner = whole.adjusted(inset, inset, -inset, -inset)
        icons.paint(painter, self._icon, self._ink, inner)


class _Entry(QWidget):
    def __init__(self, event: Event, *, last: bool) -> None:
        super().__init__()
        self._last = last
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 12)
        grid.setHorizontalSpacing(12)
        grid.setVerticalSpacing(1)
        ground, ink = ("accent_wash", "accent_ink") if event.fresh else ("sunk", "ink_soft")
        top = Qt.AlignmentFlag.AlignTop
        grid.addWidget(IconSquare(event.icon, ground, ink), 0, 0, 2, 1, top)
        grid.addWidget(Text(event.title, "strong", elide=True), 0, 1, top)
        grid.addWidget(Text(event.when, "note", "soft"), 0, 2, top)
        if event.text:
            grid.addWidget(Text(event.text, "second", "soft", wrap=True), 1, 1, 1, 2, top)
        grid.setColumnStretch(1, 1)
        self.setAccessibleName(f"{event.when}, {event.title}. {event.text}")

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        if not self._last:
            line = QRectF(SQUARE / 2, SQUARE, 1, self.height() - SQUARE)
            QPainter(self).fillRect(line, theme.colour("line"))


class Timeline(QWidget):
    """A thread of events (some tens; longer ones are paged by the page)."""

    def __init__(self, events: Sequence[Event] = (), parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(0)
        self._column.addStretch(1)
        self.set_events(events)

    def set_events(self, events: Sequence[Event]) -> None:
        """Replace what is shown."""
        empty(self._column, keep=1)
        for place, event in enumerate(events):
            self._column.insertWidget(place, _Entry(event, last=place == len(events) - 1))
