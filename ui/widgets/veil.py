"""A veil of 35 % over the window with one panel on it: the keys of the screen, the palette."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QColor, QKeyEvent, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QApplication, QWidget
from typing_extensions import override

from ui import theme

SHARE = 0.35


class Veil(QWidget):
    """Covers ``window``; a click beside the panel or Échap closes it and gives the focus back.

    ``top`` places the panel that far from the top (the palette: 58), otherwise in the middle.
    Signal: ``closed()``.
    """

    closed = Signal()

    def __init__(self, window: QWidget, panel: QWidget, *, width: int = 700, top: int = -1) -> None:
        super().__init__(window)
        self.setProperty("floats", True)
        self._window = window
        self._before = QApplication.focusWidget()
        self._panel, self._wanted, self._top = panel, width, top
        panel.setParent(self)
        self.setAccessibleName(panel.accessibleName())
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        window.installEventFilter(self)
        self._place()
        self.show()
        self.raise_()
        self.setFocus()

    def close_veil(self) -> None:
        """Take it away; the focus goes back where it was."""
        self.hide()
        if self._before is not None:
            self._before.setFocus()
        self.closed.emit()
        self.deleteLater()

    def _place(self) -> None:
        window = self._window
        self.setGeometry(window.rect())
        width = min(self._wanted, window.width() - 48)
        self._panel.setFixedWidth(width)
        tall = self._panel.heightForWidth(width)
        if tall <= 0:
            tall = self._panel.sizeHint().height()
        tall = min(tall, window.height() - 80)
        top = self._top if self._top >= 0 else (window.height() - tall) // 2
        self._panel.setGeometry((window.width() - width) // 2, top, width, tall)

    @override
    def focusNextPrevChild(self, next: bool) -> bool:
        # Tab stays on the panel: what lies under the veil is asleep.
        children = [
            w for w in self._panel.findChildren(QWidget)
            if w.isVisible() and w.isEnabled() and w.focusPolicy() & Qt.FocusPolicy.TabFocus
        ]  # fmt: skip
        if not children:
            return True
        now = QApplication.focusWidget()
        at = children.index(now) if now in children else (-1 if next else 0)
        children[(at + (1 if next else -1)) % len(children)].setFocus(Qt.FocusReason.TabFocusReason)
        return True

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.close_veil()

    @override
    def mousePressEvent(self, event: QMouseEvent) -> None:
        if not self._panel.geometry().contains(event.position().toPoint()):
            self.close_veil()

    @override
    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Resize:
            self._place()
        return super().eventFilter(watched, event)

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        dark = QColor(0, 0, 0) if theme.current().name != "light" else theme.colour("ink")
        dark.setAlphaF(SHARE)
        QPainter(self).fillRect(self.rect(), dark)


def covered(widget: QWidget) -> bool:
    """Whether something stands over the window: the keys of the page below sleep."""
    return any(veil.isVisible() for veil in widget.window().findChildren(Veil))
