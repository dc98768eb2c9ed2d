"""Cards and what stands in them: heads, facts with their source, lines."""

from __future__ import annotations

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout, QWidget
from typing_extensions import override

from ui import theme
from ui.widgets import drawing
from ui.widgets.chip import Chip
from ui.widgets.text import Text


class Line(QWidget):
    """A 1 px line between parts of a card; decoration only."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFixedHeight(1)

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        QPainter(self).fillRect(self.rect(), theme.colour("line"))


class Panel(QFrame):
    """A ground with a radius and a line: card, sunk or a wash, by token names."""

    def __init__(
        self,
        ground: str = "card",
        edge: str = "line",
        radius: int = theme.RADIUS_CARD,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._ground, self._edge, self._radius = ground, edge, radius

    def set_look(self, ground: str, edge: str) -> None:
        """Change ground and edge (a chosen card, a locked strip)."""
        self._ground, self._edge = ground, edge
        self.update()

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        drawing.smooth(painter)
        edge = theme.colour(self._edge) if self._edge else drawing.chip_edge("edge")
        drawing.box(painter, QRectF(self.rect()), self._radius, theme.colour(self._ground), edge)


class Card(Panel):
    """Title 14/600, a count, at most one link at the right; ``body`` takes the content.

    ``flush`` lets the content reach the sides (lists), otherwise it is padded 16 × 12.
    """

    def __init__(
        self,
        title: str = "",
        *,
        count: str = "",
        note: str = "",
        trailing: QWidget | None = None,
        flush: bool = False,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent=parent)
        whole = QVBoxLayout(self)
        # A list that reaches the sides must not cover the round corners.
        whole.setContentsMargins(1, 7 if flush and not title else 1, 1, 7 if flush else 1)
        whole.setSpacing(0)
        self.title = Text(title, "card_title")
        self.count = Chip(count)
        self.note = Text(note, "second", "soft", elide=True)
        self.head = QWidget()
        row = QHBoxLayout(self.head)
        row.setContentsMargins(15, 11, 15, 9 if flush else 7)
        row.setSpacing(theme.SPACE[1])
        row.addWidget(self.title)
        row.addWidget(self.count)
        row.addWidget(self.note, 1)
        self.count.setVisible(bool(count))
        if trailing is not None:
            row.addWidget(trailing)
        # In the layout first: shown without a parent it would be a window for an instant.
        whole.addWidget(self.head)
        self.head.setVisible(bool(title))
        self.body = QVBoxLayout()
        top = 0 if title else 11
        self.body.setContentsMargins(*((0, 0, 0, 0) if flush else (15, top, 15, 11)))
        self.body.setSpacing(theme.SPACE[1])
        whole.addLayout(self.body, 1)
        self.setAccessibleName(title)

    def set_title(self, title: str, count: str = "", note: str = "") -> None:
        """Change the head."""
        self.title.setText(title)
        self.count.set(count)
        self.count.setVisible(bool(count))
        self.note.setText(note)
        self.head.setVisible(bool(title))
        self.setAccessibleName(title)


class FactRow(QWidget):
    """26 px: what, its value, and where it was read. ``lit`` when it is pointed at."""

    def __init__(
        self,
        label: str,
        value: str,
        source: str = "",
        *,
        label_width: int = 84,
        lit: bool = False,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._lit = lit
        self.setFixedHeight(26)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(theme.SPACE[1])
        self.label = Text(label, "second", "soft")
        self.label.setMinimumWidth(label_width)
        self.value = Text(value, "strong" if lit else "body", elide=True)
        self.source = Text(source, "note", "accent" if lit else "soft")
        row.addWidget(self.label)
        row.addWidget(self.value, 1)
        if source:
            row.addWidget(self.source, 0, Qt.AlignmentFlag.AlignRight)
        self.setAccessibleName(f"{label} : {value}")

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        if self._lit:
            painter = QPainter(self)
            painter.fillRect(self.rect(), theme.colour("accent_wash"))
