"""What every page is given: words, jobs, one way to write, one way to read, and what changed.

The window knows neither base nor services: ``execute`` makes a frozen command happen (on the write
lane) and ``reader`` gives the queries (on a read lane). Both come from outside.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Protocol, TypeVar, runtime_checkable

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget
from shiboken6 import isValid

from clementine_crm.clock import Clock, SystemClock
from clementine_crm.domain.agency import Right, User
from clementine_crm.jobs import JobContext
from clementine_crm.words import Words
from ui.jobs import Handle, Runner

T = TypeVar("T")

EVERYTHING = "*"


@runtime_checkable
class ChangeSet(Protocol):
    """What a write touched: kinds (``candidate``, ``inbox``…) and ids of dossiers."""

    @property
    def kinds(self) -> frozenset[str]: ...

    @property
    def ids(self) -> frozenset[bytes]: ...


class Outcome(Protocol):
    """What a command answered, and what it changed."""

    @property
    def result(self) -> Any: ...

    @property
    def changes(self) -> ChangeSet: ...


class Execute(Protocol):
    """Makes a frozen command happen; with a ``job`` a long one, beside the others."""

    def __call__(self, command: Any, job: JobContext | None = None) -> Outcome: ...


class PageDrawer(Protocol):
    """Draws the pages of documents in the reader process; one thread at a time (lane ``io``)."""

    def draw_page(self, data: bytes, page: int, scale: float, password: str = "") -> Any: ...


class Frame(Protocol):
    """The window around a page, as far as a page may use it (the shell is one)."""

    def go(self, name: str, argument: object = None) -> None:
        """Open a place; ``argument`` goes to its ``open_at``."""
        ...

    def offer_undo(
        self,
        text: str,
        on_undo: Callable[[], object],
        on_expired: Callable[[], object] | None = None,
    ) -> None:
        """Say what was done and offer Annuler for ten seconds (Ctrl Z)."""
        ...

    def tell(self, text: str, link: str = "", on_open: Callable[[], object] | None = None) -> None:
        """Say what ended out of sight."""
        ...

    def show_error(self, error: Exception, retry: Callable[[], object] | None = None) -> None:
        """The error bar, in words."""
        ...

    def cover(self, panel: QWidget, *, width: int = 700, top: int = -1) -> object:
        """Put a panel over the window; Échap takes it away."""
        ...

    def uncover(self) -> None:
        """Take away what covers the window, if anything does."""
        ...


@dataclass(frozen=True)
class Change:
    """A change as pages hear it. ``initiator`` is the page that asked for it, if it was one."""

    kinds: frozenset[str]
    ids: frozenset[bytes] = frozenset()
    initiator: QObject | None = field(default=None, compare=False)

    def touches(self, *kinds: str) -> bool:
        """Whether one of the kinds was touched (a commit of another process touches them all)."""
        return EVERYTHING in self.kinds or not self.kinds.isdisjoint(kinds)


class ChangeBus(QObject):
    """Tells the pages, on the GUI thread, what a write touched. Signal: ``changed(Change)``."""

    changed = Signal(object)

    def publish(self, changes: ChangeSet, initiator: QObject | None = None) -> None:
        """Say what was written; nothing is said when nothing was touched."""
        if changes.kinds:
            self.changed.emit(Change(changes.kinds, changes.ids, initiator))

    def publish_everything(self) -> None:
        """Another process committed: anything may have changed."""
        self.changed.emit(Change(frozenset({EVERYTHING})))


class UiContext:
    """One per window. Dependencies of a page beyond these arrive by its own constructor."""

    def __init__(
        self,
        *,
        execute: Execute,
        reader: Callable[[], Any],
        words: Words,
        runner: Runner,
        clock: Clock | None = None,
        actor: User | None = None,
        pages: PageDrawer | None = None,
    ) -> None:
        self.words = words
        self.runner = runner
        self.clock: Clock = clock or SystemClock()
        self.actor = actor
        self.pages = pages
        self.bus = ChangeBus(runner)
        self._frame: Frame | None = None
        self._execute = execute
        self._reader = reader
        self._asked: dict[tuple[int, str], tuple[int, Handle]] = {}

    @property
    def frame(self) -> Frame:
        """The window around the pages; set by the shell when it is built."""
        if self._frame is None:
            raise RuntimeError("no window yet")
        return self._frame

    @frame.setter
    def frame(self, frame: Frame) -> None:
        self._frame = frame

    def may(self, right: Right) -> bool:
        """Whether who works here has a right; what may not be done is grey and says why."""
        return self.actor is not None and self.actor.may(right)

    def dispatch(
        self,
        command: object,
        *,
        owner: QObject | None = None,
        on_done: Callable[[Any], None] | None = None,
        on_error: Callable[[Exception], None] | None = None,
    ) -> Handle:
        """Make a command happen on the write lane.

        ``on_done(result)`` comes first, so that the page which asked shows its answer, then the
        bus tells every page what changed, even when the owner is gone meanwhile. Without
        ``on_error`` the shell's error bar says what failed.
        """

        return self.runner.submit(
            lambda _job: self._execute(command),
            lane="write",
            name=type(command).__name__,
            on_result=self._written(owner, on_done),
            on_error=self._failing(owner, on_error),
        )

    def _written(
        self, owner: QObject | None, on_done: Callable[[Any], None] | None
    ) -> Callable[[Outcome], None]:
        # The bus speaks even when the owner is gone: the runner must not drop this callback.
        def done(outcome: Outcome) -> None:
            alive = owner is None or isValid(owner)
            if on_done and alive:
                on_done(outcome.result)
            self.bus.publish(outcome.changes, owner if alive else None)

        return done

    def _failing(
        self, owner: QObject | None, on_error: Callable[[Exception], None] | None
    ) -> Callable[[Exception], None]:
        def failed(error: Exception) -> None:
            if on_error and (owner is None or isValid(owner)):
                on_error(error)
            else:
                self.runner.failed.emit(error)

        return failed

    def read(
        self,
        query: Callable[[Any], T],
        *,
        owner: QObject | None = None,
        on_result: Callable[[T], None],
        on_error: Callable[[Exception], None] | None = None,
        slot: str = "",
    ) -> Handle:
        """Ask the queries on a read lane: ``read(lambda q: q.candidates(...), …)``.

        With a ``slot``, a newer request of the same owner and slot cancels the older one and its
        late answer is dropped: a search box may ask at every key.
        """
        place = (id(owner), slot)
        number = 0
        if slot and place in self._asked:
            number, older = self._asked[place][0] + 1, self._asked[place][1]
            if isValid(older):
                older.cancel()

        def fresh() -> bool:
            return not slot or self._asked.get(place, (number,))[0] == number

        def done(answer: T) -> None:
            if fresh():
                on_result(answer)

        def failed(error: Exception) -> None:
            if not fresh():
                return
            if on_error:
                on_error(error)
            else:
                self.runner.failed.emit(error)

        handle = self.runner.submit(
            lambda _job: query(self._reader()),
            lane="read",
            name=slot,
            owner=owner,
            on_result=done,
            on_error=failed,
        )
        if slot:
            if place not in self._asked and owner is not None:
                owner.destroyed.connect(lambda _=None: self._asked.pop(place, None))
            self._asked[place] = (number, handle)
        return handle

    def carry_out(
        self,
        command: object,
        *,
        name: str,
        owner: QObject | None = None,
        on_done: Callable[[Any], None] | None = None,
        on_error: Callable[[Exception], None] | None = None,
        on_progress: Callable[[int, int, str], None] | None = None,
    ) -> Handle:
        """Make a long command happen (an import): ``work`` for a command. ``name`` is shown."""
        return self.work(
            lambda job: self._execute(command, job),
            name=name,
            owner=owner,
            on_done=on_done,
            on_error=on_error,
            on_progress=on_progress,
        )

    def work(
        self,
        job: Callable[[JobContext], Outcome],
        *,
        name: str,
        owner: QObject | None = None,
        on_done: Callable[[Any], None] | None = None,
        on_error: Callable[[Exception], None] | None = None,
        on_progress: Callable[[int, int, str], None] | None = None,
        on_cancelled: Callable[[], None] | None = None,
    ) -> Handle:
        """Run a long write (an import, a copy) with progress and cancel; its changes are told.

        It runs beside the write lane: between two of its commits every other write goes through.
        """

        def cancelled() -> None:
            # Whole batches were kept: what changed is not known here.
            self.bus.publish_everything()
            if on_cancelled and (owner is None or isValid(owner)):
                on_cancelled()

        def told(done: int, total: int, text: str) -> None:
            if on_progress and (owner is None or isValid(owner)):
                on_progress(done, total, text)

        return self.runner.submit(
            job,
            lane="long",
            name=name,
            on_result=self._written(owner, on_done),
            on_error=self._failing(owner, on_error),
            on_progress=told,
            on_cancelled=cancelled,
        )
