"""One sitting: an agency open for one person, from unlocking to locking, and its window's content.

The shell can be built again (another language, another look) while the sitting goes on; long work
goes on even while the window is locked, and the sitting ends when it is done.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from threading import Lock
from typing import Any

from PySide6.QtCore import QObject, QTimer, Signal
from PySide6.QtWidgets import QWidget

from clementine_crm.domain.agency import Right
from clementine_crm.jobs import JobContext
from clementine_crm.queries import house
from clementine_crm.queries.inbox import waiting
from clementine_crm.queries.today import stale
from ui import quantities
from ui.context import Change, Frame, Outcome, UiContext
from ui.jobs import Handle, Runner
from ui.places import places
from ui.ports import Desk
from ui.shell import Shell
from ui.speech import say, words

log = logging.getLogger(__name__)
LOOK_EVERY_MS, SLOWLY = 1_000, 3
STATE_EVERY_MS = 60_000


class Commits:
    """Tells commits of others from our own by the base's version; used by every lane."""

    def __init__(self, version: Callable[[], int]) -> None:
        self._version = version
        self._lock = Lock()
        self._seen = version()
        self._foreign = False

    def look(self) -> None:
        """Note what was committed since the last look: somebody else did."""
        with self._lock:
            now = self._version()
            self._foreign |= now != self._seen
            self._seen = now

    def own(self) -> None:
        """What was committed just now was ours."""
        with self._lock:
            self._seen = self._version()

    def take(self) -> bool:
        """Whether others committed since this was last asked."""
        self.look()
        with self._lock:
            found, self._foreign = self._foreign, False
        return found


class BehindTheDoor:
    """The frame while the window is locked: what work says meanwhile is told when it opens again."""

    def __init__(self) -> None:
        self.told: list[tuple[str, str, Callable[[], object] | None]] = []
        self.errors: list[tuple[Exception, Callable[[], object] | None]] = []

    def go(self, name: str, argument: object = None) -> None:
        """Nobody sees where."""

    def offer_undo(
        self,
        text: str,
        on_undo: Callable[[], object],
        on_expired: Callable[[], object] | None = None,
    ) -> None:
        """Nobody is there to take it back: what was waiting is done."""
        del text, on_undo
        if on_expired is not None:
            on_expired()

    def tell(self, text: str, link: str = "", on_open: Callable[[], object] | None = None) -> None:
        """Kept for later."""
        self.told.append((text, link, on_open))

    def show_error(self, error: Exception, retry: Callable[[], object] | None = None) -> None:
        """Kept for later."""
        self.errors.append((error, retry))

    def cover(self, panel: QWidget, *, width: int = 700, top: int = -1) -> object:
        """Nothing is shown over a door."""
        del width, top
        return panel

    def uncover(self) -> None:
        """Nothing is shown over a door."""

    def say_to(self, frame: Frame) -> None:
        """Say it now."""
        for error, retry in self.errors:
            frame.show_error(error, retry)
        for text, link, on_open in self.told[-1:]:
            frame.tell(text, link, on_open)


class Sitting(QObject):
    """``desk`` is open; ``runner`` does its work; ``shell`` is what the window shows.

    Signals: ``rest()`` when the last long work ended.
    """

    rest = Signal()

    def __init__(self, desk: Desk, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.desk = desk
        self.runner = Runner(self)
        self.ctx = UiContext(
            execute=self._execute, reader=lambda: desk.reading, words=words(), runner=self.runner,
            clock=desk.clock, actor=desk.actor, pages=desk.pages,
        )  # fmt: skip
        self.shell: Shell | None = None
        self.left_at: tuple[str, object] = ("", None)
        self._door: BehindTheDoor | None = None
        self.ended = False
        self._commits: Commits | None = None
        self._looking = False
        self._skipped = 0
        self._look = QTimer(self)
        self._look.setInterval(LOOK_EVERY_MS)
        self._look.timeout.connect(self.look)
        self._state = QTimer(self)
        self._state.setInterval(STATE_EVERY_MS)
        self._state.timeout.connect(self.tell_state)
        self.runner.started.connect(self._started)
        self.ctx.bus.changed.connect(self._changed)

    def build(self) -> Shell:
        """The window's content in the language and look of now."""
        self.ctx.words = words()
        actor = self.desk.actor
        roles = [say(f"roles.{role}") for role in actor.roles.split()]
        self.shell = Shell(self.ctx, person=actor.name, role=", ".join(roles[:1]))
        for place in places(self.desk):
            self.shell.add_place(place)
        self.tell_state()
        self.count_waiting()
        if self._door is not None:
            self._door.say_to(self.shell)
            self._door = None
        return self.shell

    def leave(self) -> None:
        """The window's content goes (locked, or built anew): remember where it was."""
        if self.shell is not None:
            self.shell.floating.flush()
            self.left_at = self.shell.where
            self.shell = None
        self._door = BehindTheDoor()
        self.ctx.frame = self._door

    def begin(self) -> None:
        """Watch what others commit, and the age of the last copy."""
        self._look.start()
        self._state.start()
        self.look()

    # Writes, and whose they are.
    def _execute(self, command: Any, job: JobContext | None = None) -> Outcome:
        if job is not None or self._commits is None:
            return self.desk.execute(command, job)
        self._commits.look()
        outcome = self.desk.execute(command)
        self._commits.own()
        return outcome

    def look(self) -> None:
        """Ask on a read lane whether somebody else committed; pages hear of it on the bus."""
        if self._looking or self.ended:
            return
        # While an import commits every second, the pages follow at a calmer pace.
        self._skipped += 1
        if self.working and self._skipped % SLOWLY:
            return
        self._looking = True
        self.runner.submit(
            self._foreign, lane="read", owner=self, on_result=self._looked, on_error=self._not_now
        )

    def _foreign(self, _job: JobContext) -> bool:
        if self._commits is None:
            self._commits = Commits(self.desk.data_version)
            return False
        return self._commits.take()

    def _looked(self, foreign: bool) -> None:
        self._looking = False
        if foreign:
            self.ctx.bus.publish_everything()

    def _not_now(self, error: Exception) -> None:
        self._looking = False
        log.info("cannot look at the base: %s", type(error).__name__)

    # Work that goes on.
    @property
    def working(self) -> tuple[Handle, ...]:
        """Long work under way: imports, copies."""
        return tuple(h for h in self.runner.handles if h.running and h.lane == "long")

    def _started(self, handle: object) -> None:
        if isinstance(handle, Handle) and handle.lane == "long":
            handle.ended.connect(self._one_ended)

    def _one_ended(self) -> None:
        if not self.working:
            self.rest.emit()

    # The line of state about copies.
    def _changed(self, change: object) -> None:
        if not isinstance(change, Change):
            return
        if change.touches("backup"):
            self.tell_state()
        if change.touches("inbox"):
            self.count_waiting()

    def count_waiting(self) -> None:
        """The counter of Triage in the rail, whether or not its page was opened."""
        if self.shell is not None and self.shell.has("triage"):
            self.ctx.read(waiting, owner=self, on_result=self._counted, slot="waiting")

    def _counted(self, count: int) -> None:
        if self.shell is not None:
            self.shell.rail.places["triage"].set_count(count)

    def tell_state(self) -> None:
        """Show in the rail how old the last copy is; red when over a day, or when there is none."""
        if not self.ctx.may(Right.BACKUP):
            return
        self.ctx.read(house.copies, owner=self, on_result=self._told, slot="state")

    def _told(self, copies: list[house.CopyRow]) -> None:
        if self.shell is None:
            return
        last = copies[0] if copies else None
        now = self.ctx.clock.now()
        if last is None:
            self.shell.set_state("backup", say("state.copy_none"), "stop")
        elif stale(last, now):
            when = quantities.ago(last.at, now)
            self.shell.set_state("backup", say("state.copy_late", when=when), "stop")
        else:
            when = quantities.ago(last.at, now)
            self.shell.set_state("backup", say("state.copy", when=when), "good")

    def end(self, then: Callable[[], None]) -> None:
        """Erase what was discarded, close the base; ``then`` on the GUI thread when it is done."""
        self.ended = True
        self._look.stop()
        self._state.stop()
        self.leave()
        for handle in self.runner.handles:
            if handle.lane in ("read", "io"):
                handle.cancel()

        def close(_job: JobContext) -> None:
            self.runner.drain()
            self.desk.close()

        self.runner.submit(
            close, lane="write",
            on_result=lambda _none: then(), on_error=lambda error: self._ended_badly(error, then),
        )  # fmt: skip

    @staticmethod
    def _ended_badly(error: Exception, then: Callable[[], None]) -> None:
        # The next start finishes what this one could not: discards are kept as such in the base.
        log.warning("the base was not closed cleanly: %s", type(error).__name__)
        then()
