"""When nobody has touched keyboard or mouse for a while, somebody else may stand there."""

from __future__ import annotations

import time
from collections.abc import Callable

from PySide6.QtCore import QEvent, QObject, QTimer, Signal
from PySide6.QtGui import QGuiApplication, QWindow
from typing_extensions import override

LOCK_AFTER_S = 15 * 60.0
LOOK_EVERY_MS = 5_000
_TOUCHED = frozenset(
    {
        QEvent.Type.KeyPress, QEvent.Type.MouseButtonPress, QEvent.Type.MouseMove,
        QEvent.Type.Wheel, QEvent.Type.TouchBegin, QEvent.Type.TabletPress, QEvent.Type.Drop,
    }
)  # fmt: skip


def awake_or_asleep() -> float:
    """Seconds that also count while the machine sleeps: a lid closed at noon locks."""
    boot = getattr(time, "CLOCK_BOOTTIME", None)
    return time.clock_gettime(boot) if boot is not None else time.monotonic()


class IdleWatch(QObject):
    """Signal: ``idle()`` once after ``after`` seconds without a touch of any of our windows.

    It listens to the windows, not to the application: each event of every widget would otherwise
    pass through Python. ``clock`` gives
    seconds.
    """

    idle = Signal()

    def __init__(
        self,
        after: float = LOCK_AFTER_S,
        clock: Callable[[], float] = awake_or_asleep,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._after, self._clock = after, clock
        self._last = clock()
        self._told = False
        self._watched: set[int] = set()
        self._timer = QTimer(self)
        self._timer.setInterval(LOOK_EVERY_MS)
        self._timer.timeout.connect(self.look)
        app = QGuiApplication.instance()
        if isinstance(app, QGuiApplication):
            app.focusWindowChanged.connect(self._watch)
            self._watch(app.focusWindow())

    def start(self) -> None:
        """Begin to count from now."""
        self.touch()
        self._timer.start()

    def stop(self) -> None:
        """Count no more (nothing is open)."""
        self._timer.stop()

    def touch(self) -> None:
        """Somebody is there."""
        self._last, self._told = self._clock(), False

    def look(self) -> None:
        """Say so when it has been long enough."""
        if not self._told and self._clock() - self._last >= self._after:
            self._told = True
            self.idle.emit()

    def _watch(self, window: QWindow | None) -> None:
        if window is None or id(window) in self._watched:
            return
        number = id(window)
        self._watched.add(number)
        window.installEventFilter(self)
        window.destroyed.connect(lambda: self._watched.discard(number))

    @override
    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() in _TOUCHED:
            self.touch()
        return False
