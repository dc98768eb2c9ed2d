"""What floats above the foot: the undo bar and toasts. One at a time; read out when it comes."""

from __future__ import annotations

import time
from collections.abc import Callable

from PySide6.QtCore import (
    QEasingCurve,
    QEvent,
    QObject,
    QPoint,
    QPropertyAnimation,
    QTimer,
)
from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent
from PySide6.QtWidgets import QWidget
from typing_extensions import override

from ui import theme
from ui.widgets.bars import ToastPanel, UndoPanel

UNDO_S, TOAST_S, TICK_MS, LIFT = 10.0, 6.0, 100, 14


class Floating(QObject):
    """Times the bar over a page area. ``clock`` is monotonic seconds (tests give their own)."""

    def __init__(self, over: QWidget, clock: Callable[[], float] = time.monotonic) -> None:
        super().__init__(over)
        self._over, self._clock = over, clock
        self._panel: UndoPanel | ToastPanel | None = None
        self._left = self._whole = 0.0
        self._at = 0.0
        self._on_undo: Callable[[], object] | None = None
        self._on_expired: Callable[[], object] | None = None
        self._motion: QPropertyAnimation | None = None
        self._timer = QTimer(self)
        self._timer.setInterval(TICK_MS)
        self._timer.timeout.connect(self.tick)
        over.installEventFilter(self)

    @property
    def panel(self) -> QWidget | None:
        """What is on screen now."""
        return self._panel

    def show_undo(
        self,
        text: str,
        on_undo: Callable[[], object],
        on_expired: Callable[[], object] | None = None,
        seconds: float = UNDO_S,
    ) -> None:
        """Offer Annuler. The offer before it ends at once: its ``on_expired`` is called first."""
        self.flush()
        self._on_undo, self._on_expired = on_undo, on_expired
        panel = UndoPanel(text, self.undo)
        self._show(panel, seconds, text)
        panel.set_left(seconds, seconds)

    def show_toast(
        self, text: str, link: str = "", on_open: Callable[[], object] | None = None
    ) -> None:
        """Say what ended out of sight; an undo bar on screen stays and the toast is dropped."""
        if isinstance(self._panel, UndoPanel):
            return
        self._remove()

        def opened() -> None:
            self._remove()
            if on_open is not None:
                on_open()

        self._show(ToastPanel(text, link, opened), TOAST_S, text)

    def undo(self) -> bool:
        """Take back what the bar offers (Ctrl Z); False when nothing is offered."""
        act, self._on_undo, self._on_expired = self._on_undo, None, None
        self._remove()
        if act is None:
            return False
        act()
        return True

    def flush(self) -> None:
        """End the offer now (quit, lock, another act): what was waiting is done."""
        act, self._on_undo, self._on_expired = self._on_expired, None, None
        self._remove()
        if act is not None:
            act()

    def settle(self) -> None:
        """Let it stand where it slides to (for pictures)."""
        self._place()

    def tick(self) -> None:
        """Count down, unless the bar is pointed at."""
        now = self._clock()
        gone, self._at = now - self._at, now
        if self._panel is None:
            return
        if not self._panel.pointed_at:
            self._left -= gone
        if self._left <= 0:
            self.flush()
        elif isinstance(self._panel, UndoPanel):
            self._panel.set_left(self._left, self._whole)

    def _show(self, panel: UndoPanel | ToastPanel, seconds: float, text: str) -> None:
        self._panel = panel
        panel.setParent(self._over)
        panel.setProperty("floats", True)
        self._left = self._whole = seconds
        self._at = self._clock()
        panel.show()
        self._place()
        panel.raise_()
        self._slide(panel)
        self._timer.start()
        announcement = QAccessibleAnnouncementEvent(panel, text)
        QAccessible.updateAccessibility(announcement)

    def _slide(self, panel: QWidget) -> None:
        duration = theme.current().duration(theme.UNDO_IN)
        if not duration:
            return
        motion = QPropertyAnimation(panel, b"pos", panel)
        self._motion = motion
        motion.setDuration(duration)
        motion.setStartValue(panel.pos() + QPoint(0, 10))
        motion.setEndValue(panel.pos())
        motion.setEasingCurve(QEasingCurve.Type.OutCubic)
        motion.start()

    def _remove(self) -> None:
        self._timer.stop()
        if self._panel is not None:
            self._motion = None
            self._panel.hide()
            self._panel.deleteLater()
            self._panel = None

    def _place(self) -> None:
        if self._panel is None:
            return
        if self._motion is not None:
            # A window resized meanwhile: the bar goes where it belongs now.
            self._motion.stop()
            self._motion = None
        self._panel.setMaximumWidth(16777215)
        self._panel.setMinimumWidth(0)
        self._panel.adjustSize()
        width = min(self._panel.width(), self._over.width() - 32)
        self._panel.setFixedWidth(width)
        left = (self._over.width() - width) // 2
        self._panel.move(left, self._over.height() - self._panel.height() - LIFT)

    @override
    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Resize:
            self._place()
        return super().eventFilter(watched, event)
