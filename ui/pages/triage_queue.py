"""The left pane of triage: what waits, in the order it is treated, and what was set aside."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime

from PySide6.QtCore import QModelIndex, Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from clementine_crm.domain.ids import Id
from clementine_crm.queries.inbox import InboxQueue, InboxRow
from ui.models.plain import choose
from ui.models.queue import QueueModel
from ui.pages.triage_words import queue_row
from ui.quantities import number
from ui.speech import say
from ui.widgets.bars import ProgressLine
from ui.widgets.card import Line as Rule
from ui.widgets.card import Panel
from ui.widgets.rows import QUEUE, RowList
from ui.widgets.tabs import Tabs
from ui.widgets.text import Text

QUEUED, ASIDE = 0, 1
_EMPTY = InboxQueue((), (), 0, 0)


class QueuePane(Panel):
    """Signals: ``chosen(InboxRow | None)`` another item is the current one; ``turned()`` the other
    queue is shown.
    """

    chosen = Signal(object)
    turned = Signal()

    def __init__(self, clock: Callable[[], datetime], parent: QWidget | None = None) -> None:
        super().__init__(parent=parent)
        self._clock = clock
        self.queue = _EMPTY
        self.sources: frozenset[str] = frozenset()
        self._silent = False
        self.tabs = Tabs([(say("triage.to_sort"), "")], height=36, line=False)
        self.tabs.chosen.connect(lambda _place: self._turned())
        self._bar, self._done = ProgressLine(6), Text("", "second", "soft")
        self.model = QueueModel(lambda row: queue_row(row, self._clock()), self)
        self.list = RowList(say("triage.queue"), QUEUE)
        self.setFocusProxy(self.list)
        self.list.setModel(self.model)
        self.list.selectionModel().currentChanged.connect(self._chosen)
        column = QVBoxLayout(self)
        column.setContentsMargins(1, 4, 1, 1)
        column.setSpacing(0)
        head = QHBoxLayout()
        head.setContentsMargins(14, 0, 12, 0)
        head.addWidget(self.tabs, 1)
        column.addLayout(head)
        progress = QHBoxLayout()
        progress.setContentsMargins(14, 4, 14, 8)
        progress.setSpacing(10)
        progress.addWidget(self._bar, 1)
        progress.addWidget(self._done)
        column.addLayout(progress)
        column.addWidget(Rule())
        column.addWidget(self.list, 1)
        self.setAccessibleName(say("triage.queue"))

    # What is shown.
    @property
    def at_aside(self) -> bool:
        """Whether what was set aside is shown."""
        return self.tabs.current() == ASIDE

    @property
    def rows(self) -> tuple[InboxRow, ...]:
        """What the list shows, by the queue and the sources chosen."""
        held = self.queue.aside if self.at_aside else self.queue.rows
        return tuple(r for r in held if not self.sources or r.source in self.sources)

    @property
    def current(self) -> InboxRow | None:
        """The item that the keys act on."""
        return self.after(0)

    def after(self, steps: int) -> InboxRow | None:
        """The item so many places further on."""
        if not self.list.currentIndex().isValid():
            return None
        place = self.list.currentIndex().row() + steps
        return self.model.rows[place] if 0 <= place < len(self.model.rows) else None

    def show_queue(self, queue: InboxQueue) -> None:
        """Show what the base says now; the current item stays current, or its place does."""
        self.queue = queue
        if self.at_aside and not queue.aside:
            self.tabs.choose(QUEUED)
        self._names()
        self._fill()

    def choose(self, id: Id) -> bool:
        """Make an item the current one; False when it is not in sight."""
        place = self.model.place_of(id)
        choose(self.list, self.model, place)
        return place >= 0

    def take(self, row: InboxRow, *, decided: bool = True) -> None:
        """Take an item out of sight at once; ``decided`` counts it as done."""
        queue = self.queue
        done = queue.done + 1 if decided else queue.done
        rows = tuple(r for r in queue.rows if r.id != row.id)
        aside = tuple(r for r in queue.aside if r.id != row.id)
        self.show_queue(InboxQueue(rows, aside, done, sum(r.red for r in rows)))

    def put(self, row: InboxRow, place: int) -> None:
        """Put an item back where it was (an act that was refused)."""
        rows = [r for r in self.queue.rows if r.id != row.id]
        rows.insert(min(place, len(rows)), row)
        self.show_queue(
            InboxQueue(tuple(rows), self.queue.aside, self.queue.done, sum(r.red for r in rows))
        )
        self.choose(row.id)

    def turn(self) -> None:
        """To the other queue, and back."""
        if self.queue.aside:
            self.tabs.choose(QUEUED if self.at_aside else ASIDE)

    def set_sources(self, sources: Sequence[str]) -> None:
        """Show only what came from these; empty shows all."""
        self.sources = frozenset(sources)
        self._fill()

    def _turned(self) -> None:
        self._fill()
        choose(self.list, self.model, 0)
        self.turned.emit()

    def _names(self) -> None:
        names = [(say("triage.to_sort"), number(len(self.queue.rows)))]
        if self.queue.aside:
            names.append((say("triage.aside"), number(len(self.queue.aside))))
        self.tabs.set_names(names)
        done, total = self.queue.done, self.queue.total
        self._bar.set(done, total)
        self._done.setText(say("triage.done_of", done=number(done), total=number(total)))

    def _fill(self) -> None:
        before = self.current
        place = max(0, self.list.currentIndex().row())
        top = self.list.verticalScrollBar().value()
        # One word about the outcome, not one for every step of the exchange.
        self._silent = True
        self.model.set_rows(self.rows)
        at = self.model.place_of(before.id) if before is not None else -1
        # The same item stays current; when it left, whoever stands in its place is.
        choose(self.list, self.model, at if at >= 0 else min(place, len(self.model.rows) - 1))
        if at >= 0:
            self.list.verticalScrollBar().setValue(top)
        self._silent = False
        now = self.current
        if (before and before.id) != (now and now.id):
            self.chosen.emit(now)

    def _chosen(self, now: QModelIndex, _before: QModelIndex) -> None:
        if not self._silent and now.isValid():
            self.chosen.emit(self.current)
