"""Work off the GUI thread: four lanes, callbacks given at submission, answers on the GUI thread.

A job is a plain callable ``(JobContext) -> T`` that knows no Qt. Callbacks go *into* ``submit``: a
short job may end before a signal could be connected. They are dropped when their owner is gone.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable
from typing import Literal, TypeVar, cast

from PySide6.QtCore import QDeadlineTimer, QObject, Qt, QThreadPool, QTimer, Signal
from shiboken6 import isValid

from clementine_crm.errors import Cancelled
from clementine_crm.jobs import Cancel, JobContext

log = logging.getLogger(__name__)

Lane = Literal["write", "long", "read", "io"]
# A long write commits between two items, so it has a lane of its own: a tick need not wait for it.
LANES: dict[Lane, int] = {"write": 1, "long": 1, "read": 2, "io": 4}
_ASIDE: tuple[Lane, ...] = ("read", "io")
PROGRESS_EVERY_S = 0.1
SHOWN_AFTER_MS = 400
QUIT_WAIT_MS = 3000

T = TypeVar("T")


class Handle(QObject):
    """One submitted job, living on the GUI thread.

    Signals: ``progressed(done, total, text)`` at most ten times a second, ``shown()`` once when it
    has lasted 400 ms, ``ended()`` once whatever came out of it.
    """

    progressed = Signal(int, int, str)
    shown = Signal()
    ended = Signal()

    def __init__(self, parent: Runner, name: str, lane: Lane, owner: QObject | None) -> None:
        super().__init__(parent)
        self._runner = parent
        self.name = name
        self.lane: Lane = lane
        self.running = True
        self._owner = owner
        self._cancel = Cancel()
        self._on_result: Callable[[object], None] | None = None
        self._on_error: Callable[[Exception], None] | None = None
        self._on_progress: Callable[[int, int, str], None] | None = None
        self._on_cancelled: Callable[[], None] | None = None
        self._last_told = 0.0

    def cancel(self) -> None:
        """Ask the job to stop between two items; what it finished stays."""
        self._cancel.set()

    # What runs on the worker thread touches no Qt of the handle's own: the GUI thread may have
    # delivered the answer and deleted it before the emit that sent it has returned.

    def run(self, job: Callable[[JobContext], object]) -> None:
        """Do the work; called on a worker thread."""
        result: object = None
        error: Exception | None = None
        try:
            # A write already accepted is done even when the window closes meanwhile.
            if self.lane != "write":
                self._cancel.check()
            result = job(JobContext(progress=self._tell, cancel=self._cancel))
        except Exception as caught:  # noqa: BLE001 (the runner is one of the four places)
            error = caught
        self._runner.send(self, result, error)

    def _tell(self, done: int, total: int, text: str) -> None:
        now = time.monotonic()
        last = bool(total) and done >= total
        if last or now - self._last_told >= PROGRESS_EVERY_S:
            self._last_told = now
            self._runner.tell(self, done, total, text)

    @property
    def _owner_gone(self) -> bool:
        return self._owner is not None and not isValid(self._owner)

    def move(self, done: int, total: int, text: str) -> None:
        """Show where it is; on the GUI thread."""
        if not self.running:
            return
        self.progressed.emit(done, total, text)
        if self._on_progress and not self._owner_gone:
            self._on_progress(done, total, text)

    def deliver(self, result: object, error: Exception | None) -> None:
        """Give its answer to whoever asked; on the GUI thread, once."""
        self.running = False
        runner = self._runner
        runner.forget(self)
        self.ended.emit()
        self.deleteLater()
        if isinstance(error, Cancelled):
            if self._on_cancelled and not self._owner_gone:
                self._on_cancelled()
        elif error is not None:
            self._fail(runner, error)
        elif self._on_result and not self._owner_gone:
            self._on_result(result)

    def _fail(self, runner: Runner, error: Exception) -> None:
        if self._on_error and not self._owner_gone:
            self._on_error(error)
        else:
            runner.failed.emit(error)


class Runner(QObject):
    """Four lanes: ``write`` and ``long`` (one worker each, in order), ``read`` (two), ``io`` (four).

    Signals: ``started(Handle)``; ``failed(Exception)`` for an error nobody asked to be told.
    """

    started = Signal(object)
    failed = Signal(object)
    _came = Signal(object)
    _moved = Signal(object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._deaf = False
        queued = Qt.ConnectionType.QueuedConnection
        self._came.connect(self._deliver, queued)
        self._moved.connect(self._move, queued)
        self._handles: list[Handle] = []
        self._closed = False
        self._pools: dict[Lane, QThreadPool] = {}
        for lane, workers in LANES.items():
            pool = QThreadPool(self)
            pool.setMaxThreadCount(workers)
            # Connections of the store belong to their thread: keep the threads.
            pool.setExpiryTimeout(-1)
            self._pools[lane] = pool

    @property
    def handles(self) -> tuple[Handle, ...]:
        """What is waiting or running now."""
        return tuple(self._handles)

    def submit(
        self,
        job: Callable[[JobContext], T],
        *,
        lane: Lane = "io",
        name: str = "",
        owner: QObject | None = None,
        on_result: Callable[[T], None] | None = None,
        on_error: Callable[[Exception], None] | None = None,
        on_progress: Callable[[int, int, str], None] | None = None,
        on_cancelled: Callable[[], None] | None = None,
    ) -> Handle:
        """Queue a job; call on the GUI thread only. After ``quit`` nothing starts any more.

        Without ``on_error`` (or with its owner gone) an error goes to ``failed``, never nowhere.
        """
        if threading.current_thread() is not threading.main_thread():
            raise RuntimeError("jobs are submitted from the GUI thread")
        handle = Handle(self, name, lane, owner)
        handle._on_result = cast("Callable[[object], None] | None", on_result)  # noqa: SLF001
        handle._on_error = on_error  # noqa: SLF001 (one module, one courier)
        handle._on_progress = on_progress  # noqa: SLF001
        handle._on_cancelled = on_cancelled  # noqa: SLF001
        if self._closed:
            handle.running = False
            handle.cancel()
            return handle
        self._handles.append(handle)
        QTimer.singleShot(SHOWN_AFTER_MS, handle, handle.shown.emit)
        self._pools[lane].start(lambda: handle.run(job))
        self.started.emit(handle)
        return handle

    # From the worker threads, and on the GUI thread again.

    def send(self, handle: Handle, result: object, error: Exception | None) -> None:
        """An answer; called on a worker thread. After ``quit`` nobody listens any more."""
        if not self._deaf:
            self._came.emit((handle, result, error))

    def tell(self, handle: Handle, done: int, total: int, text: str) -> None:
        """Where a job is; called on a worker thread."""
        if not self._deaf:
            self._moved.emit((handle, done, total, text))

    def _deliver(self, answer: object) -> None:
        handle, result, error = cast("tuple[Handle, object, Exception | None]", answer)
        if isValid(handle):
            handle.deliver(result, error)

    def _move(self, told: object) -> None:
        handle, done, total, text = cast("tuple[Handle, int, int, str]", told)
        if isValid(handle):
            handle.move(done, total, text)

    def forget(self, handle: Handle) -> None:
        """Drop an ended job from the list (called by the job itself)."""
        if handle in self._handles:
            self._handles.remove(handle)

    def drain(self, wait_ms: int = QUIT_WAIT_MS) -> bool:
        """Wait, on any thread but theirs, until no read or network job runs; False when one does."""
        deadline = QDeadlineTimer(wait_ms)
        return all(self._pools[lane].waitForDone(deadline) for lane in _ASIDE)

    def quit(self, wait_ms: int = QUIT_WAIT_MS) -> list[str]:
        """Cancel everything, wait, and give the names of what still runs.

        Reads and network jobs that have not begun are dropped; writes already asked for are made.
        """
        self._closed = True
        for handle in self._handles:
            handle.cancel()
        for lane in ("long", "read", "io"):
            self._pools[lane].clear()
        deadline = QDeadlineTimer(wait_ms)
        busy = {lane for lane, pool in self._pools.items() if not pool.waitForDone(deadline)}
        self._deaf = True
        if busy:
            log.info("lanes still busy at quit: %s", sorted(busy))
        return [h.name for h in self._handles if h.lane in busy and h.running]
