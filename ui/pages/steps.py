"""The steps at the left of the first start: done, current, to come."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget
from typing_extensions import override

from ui import icons, theme
from ui.speech import say
from ui.widgets import drawing
from ui.widgets.card import Panel
from ui.widgets.field import Picture
from ui.widgets.text import Text

WIDE, NARROW = 430, 320


class Brand(QWidget):
    """The mark and the product's name, 32 px high."""

    def __init__(self) -> None:
        super().__init__()
        self.setFixedHeight(36)
        self.setAccessibleName(say("shell.product"))

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        drawing.smooth(painter)
        painter.drawPixmap(0, 2, icons.product_mark(32, self.devicePixelRatioF()))
        room = QRectF(44, 0, self.width() - 44, 38)
        name = say("shell.product")
        drawing.draw_text(painter, room, name, theme.PAGE_TITLE, 600, theme.colour("ink"))


class _Step(QWidget):
    def __init__(self, number: int, title: str, note: str) -> None:
        super().__init__()
        self._number, self._state = number, 0
        row = QHBoxLayout(self)
        row.setContentsMargins(40, 4, 0, 4)
        lines = QVBoxLayout()
        lines.setSpacing(0)
        self.title = Text(title, "body", wrap=True)
        self.note = Text(note, "second", "soft", wrap=True)
        lines.addWidget(self.title)
        lines.addWidget(self.note)
        row.addLayout(lines)
        self.setMinimumHeight(44)

    def set_state(self, state: int, note: str = "") -> None:
        """−1 done, 0 current, 1 to come."""
        self._state = state
        self.title.set_tone("soft" if state > 0 else "")
        self.title.setFont(theme.font(theme.BODY, 600 if state == 0 else 400))
        if note:
            self.note.setText(note)
        self.update()

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        drawing.smooth(painter)
        where = QRectF(0, (self.height() - 28) / 2, 28, 28)
        if self._state < 0:
            drawing.box(painter, where, 14, theme.colour("good_wash"), drawing.chip_edge("good"))
            icons.paint(painter, "check", "good", where.adjusted(6, 6, -6, -6))
            return
        ground, ink = ("accent", "on_accent") if self._state == 0 else ("card", "ink_soft")
        edge = None if self._state == 0 else theme.colour("edge")
        drawing.box(painter, where, 14, theme.colour(ground), edge, 1.5)
        centre = Qt.AlignmentFlag.AlignHCenter
        drawing.draw_text(painter, where, str(self._number), theme.SECOND, 600,
                          theme.colour(ink), centre)  # fmt: skip


class Steps(QWidget):
    """430 px (320 when small): brand, welcome, steps, and the one thing to know."""

    def __init__(
        self, title: str, text: str, steps: Sequence[tuple[str, str]], foot: QWidget, warning: str
    ) -> None:
        super().__init__()
        column = QVBoxLayout(self)
        column.setContentsMargins(36, 34, 36, 24)
        column.setSpacing(8)
        column.addWidget(Brand())
        column.addSpacing(16)
        column.addWidget(Text(title, "page_title", wrap=True))
        column.addWidget(Text(text, "body", "soft", wrap=True))
        column.addSpacing(12)
        self.steps = [_Step(n, name, note) for n, (name, note) in enumerate(steps, start=1)]
        for step in self.steps:
            column.addWidget(step)
        column.addStretch(1)
        if warning:
            box = Panel("sunk", "", theme.RADIUS_CONTROL)
            row = QHBoxLayout(box)
            row.setContentsMargins(14, 10, 14, 10)
            row.setSpacing(10)
            row.addWidget(Picture("info", "ink_soft", 15), 0, Qt.AlignmentFlag.AlignTop)
            row.addWidget(Text(warning, "second", wrap=True), 1)
            column.addWidget(box)
        column.addWidget(foot)
        self.set_small(small=False)

    def set_small(self, *, small: bool) -> None:
        """Narrower below 1366 px."""
        self.setFixedWidth(NARROW if small else WIDE)

    def set_current(self, current: int, notes: Sequence[str] = ()) -> None:
        """Mark the step (from 0); ``notes`` replace the soft lines of those done."""
        for place, step in enumerate(self.steps):
            note = notes[place] if place < len(notes) else ""
            step.set_state((place > current) - (place < current), note)

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(self.rect(), theme.colour("card"))
        painter.fillRect(self.width() - 1, 0, 1, self.height(), theme.colour("line"))
