"""The top bar: the one search box, Nouveau, help, the person with role."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QAbstractButton, QHBoxLayout, QLineEdit, QSizePolicy, QWidget
from typing_extensions import override

from ui import icons, theme
from ui.keys import key_text
from ui.speech import say
from ui.widgets import drawing
from ui.widgets.button import Button, IconButton


class SearchBox(QLineEdit):
    """520 px (280 at least), its key inside at the right. Signal: ``left()`` on Échap when empty."""

    left = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFont(theme.font())
        self.setPlaceholderText(say("shell.search_ghost"))
        self.setAccessibleName(say("shell.search"))
        # A file dropped on the window is a file, also above this box.
        self.setAcceptDrops(False)
        self.setMaximumWidth(520)
        self.setMinimumWidth(280)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.busy = False
        self.setTextMargins(24, 0, 56, 0)

    @override
    def sizeHint(self) -> QSize:
        return QSize(520, 36)

    @override
    def event(self, event: QEvent) -> bool:
        # Échap is the box's own while it has the keyboard, before it is the window's.
        mine = isinstance(event, QKeyEvent) and event.key() == Qt.Key.Key_Escape
        if mine and event.type() == QEvent.Type.ShortcutOverride:
            event.accept()
            return True
        return super().event(event)

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            if self.text():
                self.clear()
            else:
                self.left.emit()
            return
        super().keyPressEvent(event)

    @override
    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self.update()

    def set_busy(self, *, busy: bool) -> None:
        """A 2 px line runs under the box while a search goes on."""
        self.busy = busy
        self.update()

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        painter = QPainter(self)
        drawing.smooth(painter)
        middle = self.height() / 2
        icons.paint(painter, "search", "ink_soft", QRectF(12, round(middle - 8), 16, 16))
        key = key_text("Esc" if self.hasFocus() else "Ctrl+K")
        left = self.width() - 8 - drawing.key_width(key)
        drawing.draw_key(painter, key, left, middle, theme.colour("ink_soft"))
        if self.busy:
            line = QRectF(8, self.height() - 2, self.width() - 16, 2)
            painter.fillRect(line, theme.colour("accent"))


class PersonButton(QAbstractButton):
    """Initials in a circle (colleagues only), name and role."""

    def __init__(self, name: str, role: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.small = False
        self.set(name, role)

    def set(self, name: str, role: str) -> None:
        """Show somebody."""
        self._name, self._role = name, role
        self._initials = "".join(part[0] for part in name.split()[:2]).upper()
        self.setText(name)
        self.setAccessibleName(f"{name}, {role}" if role else name)
        self.setToolTip(self.accessibleName())
        self.updateGeometry()

    @override
    def sizeHint(self) -> QSize:
        if self.small:
            return QSize(36, 40)
        name = min(180.0, drawing.advance(self._name, theme.SECOND, 600))
        role = min(180.0, drawing.advance(self._role, theme.NOTE))
        return QSize(int(max(name, role)) + 46, 40)

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        drawing.smooth(painter)
        circle = QRectF(3, 5, 30, 30)
        edge = drawing.chip_edge("edge")
        drawing.box(painter, circle, 15, theme.colour("accent_wash"), edge)
        ink = theme.colour("accent_ink")
        centre = Qt.AlignmentFlag.AlignHCenter
        drawing.draw_text(painter, circle, self._initials, theme.NOTE, 600, ink, centre)
        if self.hasFocus():
            ring = QRectF(self.rect())
            drawing.box(painter, ring, theme.RADIUS_CONTROL, None, theme.colour("ink"), 2)
        if self.small:
            return
        room = self.width() - 44.0
        first, second = QRectF(42, 3, room, 18), QRectF(42, 20, room, 16)
        drawing.draw_text(painter, first, self._name, theme.SECOND, 600, theme.colour("ink"))
        drawing.draw_text(painter, second, self._role, theme.NOTE, 400, theme.colour("ink_soft"))


class TopBar(QWidget):
    """56 px. Its parts are attributes: ``search``, ``new``, ``help``, ``person``."""

    def __init__(self, name: str, role: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFixedHeight(theme.TOP_BAR)
        self.setAccessibleName(say("shell.top_bar"))
        self.search = SearchBox()
        self.new = Button(say("shell.new"), icon="plus", key="Ctrl+N")
        self.help = IconButton("help", say("shell.help"), key="?", kind="quiet", height=36)
        self.person = PersonButton(name, role)
        self._row = QHBoxLayout(self)
        self._row.setSpacing(12)
        self._row.addWidget(self.search, 20)
        self._row.addStretch(1)
        for widget in (self.new, self.help, self.person):
            self._row.addWidget(widget)
        self.set_small(small=False)

    def set_small(self, *, small: bool) -> None:
        """Narrower margins below 1366 px."""
        self._row.setContentsMargins(24, 0, 16 if small else 24, 1)

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(self.rect(), theme.colour("card"))
        painter.fillRect(0, self.height() - 1, self.width(), 1, theme.colour("line"))
