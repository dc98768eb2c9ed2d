"""The right to keep a person, as a strip: until when, since when, and on what evidence."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Literal

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget
from typing_extensions import override

from ui import theme
from ui.widgets import drawing
from ui.widgets.button import Button
from ui.widgets.card import Panel
from ui.widgets.field import Picture
from ui.widgets.text import Text

State = Literal["good", "care", "stop"]


@dataclass(frozen=True)
class Consent:
    """What the strip shows. Words come from the page; dates only place the dot and the parts.

    ``start`` agreement, ``ask`` day of the request, ``end`` erasure without an answer.
    """

    state: State
    title: str
    start: date
    ask: date
    end: date
    today: date
    start_text: str
    ask_text: str
    end_text: str
    evidence: str = ""


class _Track(QWidget):
    """8 px: elapsed, remaining, the month of the request, a dot for today; dates under it."""

    def __init__(self, consent: Consent) -> None:
        super().__init__()
        self.consent = consent
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(" · ".join((consent.start_text, consent.ask_text, consent.end_text)))

    @override
    def sizeHint(self) -> QSize:
        return QSize(300, 36)

    @override
    def minimumSizeHint(self) -> QSize:
        c = self.consent
        ends = drawing.advance(c.start_text, theme.NOTE) + drawing.advance(c.end_text, theme.NOTE)
        return QSize(int(ends + drawing.advance(c.ask_text, theme.NOTE, 600)) + 24, 36)

    def clipped(self) -> list[str]:
        """The dates when they do not fit beside each other."""
        wide = self.minimumSizeHint().width()
        return [self.consent.ask_text] if wide > self.width() + 1 else []

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        drawing.smooth(painter)
        c = self.consent
        days = max(1, (c.end - c.start).days)
        wide = float(self.width())

        def at(day: date) -> float:
            return wide * min(1.0, max(0.0, (day - c.start).days / days))

        ask, now = at(c.ask), at(c.today)
        parts = (
            (0.0, ask, "good_wash"), (ask, wide, "care_wash"), (0.0, min(now, ask), "good_bar"),
            (ask, now, "care_bar" if c.state != "stop" else "stop_bar"),
        )  # fmt: skip
        for left, right, token in parts:
            if right > left:
                drawing.box(painter, QRectF(left, 6, right - left, 8), 4, theme.colour(token))
        spot = QRectF(min(max(now, 6.0), wide - 6) - 6, 4, 12, 12)
        drawing.box(painter, spot, 6, theme.colour("ink"), theme.colour("card"), 1.5)
        self._dates(painter, ask)

    def _dates(self, painter: QPainter, ask: float) -> None:
        c, soft, wide = self.consent, theme.colour("ink_soft"), float(self.width())
        room = QRectF(0, 18, wide, 18)
        drawing.draw_text(painter, room, c.start_text, theme.NOTE, 400, soft)
        right = Qt.AlignmentFlag.AlignRight
        drawing.draw_text(painter, room, c.end_text, theme.NOTE, 400, soft, right)
        middle = drawing.advance(c.ask_text, theme.NOTE, 600)
        low = drawing.advance(c.start_text, theme.NOTE) + 12
        high = wide - drawing.advance(c.end_text, theme.NOTE) - 12 - middle
        left = max(low, min(ask - middle / 2, high))
        spot = QRectF(left, 18, middle + 1, 18)
        ink = theme.colour(c.state)
        drawing.draw_text(painter, spot, c.ask_text, theme.NOTE, 600, ink)


class ConsentStrip(Panel):
    """Green, amber in the month of the request, red when locked: the title says so too."""

    def __init__(
        self,
        consent: Consent,
        *,
        link: str = "",
        on_link: Callable[[], object] | None = None,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__("card", f"{consent.state}_bar", parent=parent)
        self.setAccessibleName(consent.title)
        column = QVBoxLayout(self)
        column.setContentsMargins(14, 10, 14, 8)
        column.setSpacing(2)
        head = QHBoxLayout()
        head.setSpacing(8)
        picture = {"good": "consent", "care": "clock", "stop": "lock"}[consent.state]
        head.addWidget(Picture(picture, consent.state, 17))
        head.addWidget(Text(consent.title, "card_title", consent.state, elide=True), 1)
        column.addLayout(head)
        column.addWidget(_Track(consent))
        foot = QHBoxLayout()
        foot.setSpacing(8)
        foot.addWidget(Text(consent.evidence, "second", "soft", wrap=True), 1)
        if link:
            foot.addWidget(
                Button(link, "link", height=28, on_click=on_link), 0, Qt.AlignmentFlag.AlignBottom
            )
        column.addLayout(foot)
