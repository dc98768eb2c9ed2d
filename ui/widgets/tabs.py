"""Tabs: a line of names, counters in wash, 2 px accent under the current one."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QAbstractButton, QButtonGroup, QHBoxLayout, QSizePolicy, QWidget
from typing_extensions import override

from ui import theme
from ui.widgets import drawing


class _Tab(QAbstractButton):
    def __init__(self, text: str, count: str, height: int) -> None:
        super().__init__()
        self.setText(text)
        self.count = count
        self._height = height
        self.setCheckable(True)
        self.setAccessibleName(f"{text} {count}".strip())
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.setCursor(Qt.CursorShape.PointingHandCursor)

    def set(self, text: str, count: str) -> None:
        """Show another name or counter."""
        self.setText(text)
        self.count = count
        self.setAccessibleName(f"{text} {count}".strip())
        self.updateGeometry()
        self.update()

    def _needed(self) -> float:
        width = drawing.advance(self.text(), theme.BODY, 600) + 4
        return width + (drawing.pill_width(self.count) + 8 if self.count else 0)

    @override
    def sizeHint(self) -> QSize:
        return QSize(int(self._needed() + 1), self._height)

    @override
    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def clipped(self) -> list[str]:
        return [self.text()] if self._needed() > self.width() + 1 else []

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        drawing.smooth(painter)
        on = self.isChecked()
        ink = theme.colour("ink" if on or self.underMouse() else "ink_soft")
        room = QRectF(2, 0, self.width() - 2, self.height() - 2)
        used = drawing.draw_text(painter, room, self.text(), theme.BODY, 600 if on else 400, ink)
        if self.count:
            drawing.pill(painter, 2 + used + 8, self.height() / 2 - 1, self.count,
                         "accent" if on else "neutral")  # fmt: skip
        if on:
            painter.fillRect(QRectF(0, self.height() - 2, self.width(), 2), theme.colour("accent"))
        if self.hasFocus():
            ring = QRectF(self.rect()).adjusted(-1, 3, 1, -5)
            drawing.box(painter, ring, theme.RADIUS_CELL, None, theme.colour("ink"), 2)


class Tabs(QWidget):
    """Names beside each other; ← → moves. Signal: ``chosen(int)``."""

    chosen = Signal(int)

    def __init__(
        self,
        names: Sequence[tuple[str, str]],
        *,
        height: int = 38,
        line: bool = True,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._line, self._height = line, height
        self.setFixedHeight(height)
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(0, 0, 0, 0)
        self._row.setSpacing(20)
        self._group = QButtonGroup(self)
        self._group.idClicked.connect(self.chosen)
        self._row.addStretch(1)
        self.set_names(names)

    def set_names(self, names: Sequence[tuple[str, str]]) -> None:
        """Replace names and counters (text, count or ""); the current place and the focus are kept."""
        at = max(0, self.current())
        tabs = self._group.buttons()
        if len(tabs) == len(names):
            for tab, (text, count) in zip(tabs, names, strict=True):
                if isinstance(tab, _Tab):
                    tab.set(text, count)
            return
        for old in self._group.buttons():
            self._group.removeButton(old)
            old.hide()
            old.deleteLater()
        for number, (text, count) in enumerate(names):
            tab = _Tab(text, count, self._height)
            self._group.addButton(tab, number)
            self._row.insertWidget(number, tab)
        if names:
            self._group.button(min(at, len(names) - 1)).setChecked(True)

    def current(self) -> int:
        """The place chosen, from 0; -1 without tabs."""
        return self._group.checkedId()

    def choose(self, place: int) -> None:
        """Choose a tab, as a click would; nothing when there is none."""
        if not 0 <= place < len(self._group.buttons()):
            return
        tab = self._group.button(place)
        if not tab.isChecked():
            had = any(each.hasFocus() for each in self._group.buttons())
            tab.setChecked(True)
            if had:
                tab.setFocus(Qt.FocusReason.OtherFocusReason)
            self.chosen.emit(place)

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        step = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}.get(Qt.Key(event.key()))
        if step is None:
            super().keyPressEvent(event)
            return
        place = (self.current() + step) % max(1, len(self._group.buttons()))
        self.choose(place)
        self._group.button(place).setFocus(Qt.FocusReason.TabFocusReason)

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        if self._line:
            line = QRectF(0, self.height() - 1, self.width(), 1)
            QPainter(self).fillRect(line, theme.colour("line"))
