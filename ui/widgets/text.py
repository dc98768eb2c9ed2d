"""Labels: a role gives size and weight, a tone gives the colour."""

from __future__ import annotations

from typing import Literal

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QLabel, QSizePolicy, QWidget
from typing_extensions import override

from ui import theme

Role = Literal[
    "body", "strong", "second", "note", "head", "card_title", "dialog_title", "page_title",
    "person", "figure",
]  # fmt: skip
Tone = Literal["", "soft", "accent", "good", "care", "stop", "undo"]

_FONTS: dict[str, tuple[int, theme.Weight]] = {
    "body": (theme.BODY, 400),
    "strong": (theme.BODY, 600),
    "second": (theme.SECOND, 400),
    "note": (theme.NOTE, 400),
    "head": (theme.NOTE, 600),
    "card_title": (theme.CARD_TITLE, 600),
    "dialog_title": (theme.DIALOG_TITLE, 600),
    "page_title": (theme.PAGE_TITLE, 600),
    "person": (theme.PERSON, 600),
    "figure": (theme.FIGURE, 600),
}


class Text(QLabel):
    """A label. ``wrap`` lets it run over lines; ``elide`` cuts it with … and a tooltip.

    Text is always shown as written: a name that contains ``<b>`` stays a name.
    """

    def __init__(
        self,
        text: str = "",
        role: Role = "body",
        tone: Tone = "",
        *,
        wrap: bool = False,
        elide: bool = False,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(text, parent)
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setFont(theme.font(*_FONTS[role]))
        self.setProperty("tone", tone)
        self.setWordWrap(wrap)
        self.elides = elide
        if wrap:
            policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
            policy.setHeightForWidth(True)
            self.setSizePolicy(policy)
        if elide:
            self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
            self.setMinimumWidth(24)

    def set_tone(self, tone: Tone) -> None:
        """Change the colour."""
        if self.property("tone") != tone:
            self.setProperty("tone", tone)
            self.style().unpolish(self)
            self.style().polish(self)

    @override
    def sizeHint(self) -> QSize:
        hint = super().sizeHint()
        if self.elides:
            hint.setWidth(self.fontMetrics().horizontalAdvance(self.text()) + 1)
        return hint

    def _shown(self) -> str:
        room = self.contentsRect().width()
        return self.fontMetrics().elidedText(self.text(), Qt.TextElideMode.ElideRight, room)

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if self.elides:
            self.setToolTip(self.text() if self._shown() != self.text() else "")

    @override
    def setText(self, text: str) -> None:
        super().setText(text)
        if self.elides:
            self.setToolTip(text if self._shown() != text else "")

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        if not self.elides:
            super().paintEvent(event)
            return
        painter = QPainter(self)
        painter.setPen(self.palette().color(self.foregroundRole()))
        align = self.alignment() | Qt.AlignmentFlag.AlignVCenter
        painter.drawText(self.contentsRect(), int(align), self._shown())

    def clipped(self) -> list[str]:
        """What does not fit and is not meant to be cut (for the checks of screens)."""
        room, text = self.contentsRect(), self.text()
        if self.elides or not text or not self.pixmap().isNull():
            return []
        metrics = self.fontMetrics()
        if self.wordWrap():
            words = max((metrics.horizontalAdvance(w) for w in text.split()), default=0)
            fits = words <= room.width() and self.heightForWidth(self.width()) <= self.height() + 1
        else:
            fits = metrics.horizontalAdvance(text) <= room.width() + 1
            fits = fits and metrics.height() <= room.height() + 2
        return [] if fits else [text]
