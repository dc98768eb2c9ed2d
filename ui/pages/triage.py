"""Triage: one item at a time, the CV in sight, five keys; keep or discard?"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable
from functools import partial

from PySide6.QtCore import QEvent, QObject, Qt, QTimer
from PySide6.QtGui import QKeyEvent, QShowEvent
from PySide6.QtWidgets import QApplication, QHBoxLayout, QSizePolicy, QStackedWidget, QWidget
from typing_extensions import override

from clementine_crm.domain.ids import Id
from clementine_crm.domain.inbox import SET_ASIDE
from clementine_crm.domain.triage import week_of
from clementine_crm.errors import NotFound
from clementine_crm.queries.inbox import InboxQueue, InboxRow, ItemView, item
from clementine_crm.queries.missions import MissionRow
from ui import theme
from ui.context import Change, UiContext
from ui.keys import bind
from ui.models.page_shelf import shelf_of
from ui.pages.base import Action, Foot, Page
from ui.pages.triage_acts import Decisions
from ui.pages.triage_document import ItemDocuments, tabs_of
from ui.pages.triage_facts import FactsPane
from ui.pages.triage_head import TriageHead, nothing_left
from ui.pages.triage_item import (
    ItemReading,
    item_or_none,
    queue_and_missions,
    same_files,
    words_to_light,
)
from ui.pages.triage_queue import QueuePane
from ui.pages.triage_words import ENQUIRY, lawful_of, notices_of
from ui.speech import say
from ui.widgets.veil import covered

TOUCHED = ("inbox", "candidate", "mission", "agency")
QUEUE_WIDE, QUEUE_SMALL, FACTS_WIDE, FACTS_SMALL, PAGE_LEAST = 288, 236, 320, 296, 520
AHEAD, VIEWS_KEPT, CALM_MS, AHEAD_MS = 2, 8, 300, 25


class TriagePage(Page):
    """Queue, page, facts. What is decided leaves the screen at once and may be taken back."""

    def __init__(self, ctx: UiContext) -> None:
        super().__init__(ctx)
        self._views: OrderedDict[Id, ItemView] = OrderedDict()
        self.shown: ItemView | None = None
        self.missions: list[MissionRow] = []
        self._asked: Id | None = None
        self._choose_next: Id | None = None
        # After a burst of decisions one reading of the queue is enough.
        self._calm = QTimer(self)
        self._calm.setSingleShot(True)
        self._calm.setInterval(CALM_MS)
        self._calm.timeout.connect(self.refresh)
        # After the item is on screen: what comes next must not hold it up.
        self._ahead = QTimer(self)
        self._ahead.setSingleShot(True)
        self._ahead.setInterval(AHEAD_MS)
        self._ahead.timeout.connect(self._fetch_ahead)
        self.queue = QueuePane(ctx.clock.now)
        self.documents = ItemDocuments(shelf_of(ctx))
        self.facts = FactsPane()
        self._stack = QStackedWidget()
        self._panes = self._lay_out()
        self._stack.addWidget(self._panes)
        self._empty: QWidget | None = None
        self._stack.setVisible(False)
        self.content.addWidget(self._stack)
        self.acts = Decisions(ctx, self, self.queue, self.facts, self)
        self.reading = ItemReading(ctx, self, self.documents, self.facts, self)
        self.head = TriageHead(self.queue, self.acts.sign, self.subtitle_label.setText)
        for tool in self.head.tools:
            self.head_tools.addWidget(tool)
        self._connect()
        self.set_title(say("triage.title"), say("triage.subtitle"))

    def _lay_out(self) -> QWidget:
        panes = QWidget()
        row = QHBoxLayout(panes)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(theme.GAP)
        self.queue.setFixedWidth(QUEUE_WIDE)
        self.facts.setFixedWidth(FACTS_WIDE)
        self.documents.setMinimumWidth(PAGE_LEAST)
        # The facts keep their room while an item is still being read.
        keep = self.facts.sizePolicy()
        keep.setRetainSizeWhenHidden(True)
        self.facts.setSizePolicy(keep)
        wide = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.documents.setSizePolicy(wide)
        for pane in (self.queue, self.documents, self.facts):
            row.addWidget(pane)
        return panes

    def _connect(self) -> None:
        self.queue.chosen.connect(self._show_row)
        self.queue.turned.connect(self._turned)
        self.queue.list.installEventFilter(self)
        self.facts.mission_asked.connect(self.acts.keep_as)
        self.facts.known_changed.connect(self.foot_changed)
        self.acts.decided.connect(self._decided)
        self.acts.came_back.connect(self._came_back)
        self.acts.asked.connect(self._calm.start)
        self.acts.signed.connect(self.head.set_signed)
        acts: dict[str, Callable[[], object]] = {
            "F2": self.facts.ask_correction, "A": self.facts.toggle_apart, "X": self.queue.turn,
            "V": self.documents.turn, "F": self.head.open_sources,
            "+": partial(self.documents.zoom_by, 1), "-": partial(self.documents.zoom_by, -1),
            "0": partial(self.documents.zoom_by, 0), "S": self._press_sign, "C": self.reading.compare,
        }  # fmt: skip
        for place in range(4):
            acts[str(place + 1)] = partial(self.documents.go_tab, place)
        self._here = [bind(self, keys, partial(self._awake, act)) for keys, act in acts.items()]

    def _awake(self, act: Callable[[], object]) -> None:
        if not covered(self):
            act()

    # Reading.
    @override
    def affects(self, change: Change) -> bool:
        if not change.touches(*TOUCHED):
            return False
        if change.initiator in (self, self.acts, self.reading):
            # What this page asked for is on screen already; the base is asked when it is calm.
            self._forget(change)
            self._calm.start()
            return False
        self._forget(change)
        return True

    def _forget(self, change: Change) -> None:
        if change.touches("candidate", "mission"):
            # Any item may be known, or face other criteria, from now on.
            self._views.clear()
        for id in change.ids:
            self._views.pop(id, None)

    @override
    def refresh(self) -> None:
        self._calm.stop()
        self.ctx.read(queue_and_missions, owner=self, on_result=self._got, slot="queue")

    def _got(self, found: tuple[InboxQueue, list[MissionRow]]) -> None:
        queue, self.missions = found
        self.queue.show_queue(queue)
        self.counter_changed.emit(len(queue.rows))
        if self._choose_next is not None and self.queue.choose(self._choose_next):
            self._choose_next = None
        self._settle()
        row = self.queue.current
        if row is not None and row.id not in self._views:
            self._fetch(row.id)

    def _settle(self) -> None:
        """The panes, or that nothing is left; head and foot as things stand."""
        first = not self._stack.isVisible()
        empty = not self.queue.queue.rows and not self.queue.at_aside
        if empty:
            self._show_empty()
        else:
            self._stack.setCurrentWidget(self._panes)
        self._stack.setVisible(True)
        for shortcut in self._here:
            # On the empty page the foot has keys of its own.
            shortcut.setEnabled(not empty or shortcut.key().toString() == "X")
        self.head.show_queue(self.queue.queue, week_of(self.ctx.clock.today()))
        self.foot_changed.emit()
        if first:
            self._focus_queue()

    def _focus_queue(self) -> None:
        """The queue has the keys when the page is opened; whoever typed elsewhere is left there."""
        now = QApplication.focusWidget()
        inside = now is not None and now is not self and self._panes.isAncestorOf(now)
        if self.isVisible() and self._panes.isVisible() and not inside:
            self.queue.list.setFocus()

    def _show_empty(self) -> None:
        if self._empty is not None:
            self._stack.removeWidget(self._empty)
            self._empty.deleteLater()
        empty = nothing_left(
            self.queue.queue, week_of(self.ctx.clock.today()), sign=self.acts.sign,
            kept=lambda: self.ctx.frame.go("candidates"),
            drop=lambda: self.ctx.frame.go("import"), aside=self.queue.turn,
        )  # fmt: skip
        self._empty = empty
        self._stack.addWidget(empty)
        self._stack.setCurrentWidget(empty)

    def _turned(self) -> None:
        if self.queue.at_aside:
            self._stack.setCurrentWidget(self._panes)
        self._settle()

    # One item.
    def _show_row(self, row: InboxRow | None) -> None:
        self._asked = None
        if row is None:
            self._show_view(None)
            return
        view = self._views.get(row.id)
        if view is not None:
            self._show_view(view)
        else:
            self._fetch(row.id)

    def _fetch(self, id: Id) -> None:
        self._asked = id
        self.ctx.read(
            lambda reading: item(reading, id), owner=self, on_result=self._fetched,
            on_error=self._not_fetched, slot="item",
        )  # fmt: skip

    def _fetched(self, view: ItemView) -> None:
        self._keep_view(view)
        if self._asked == view.row.id:
            self._show_view(view)

    def _not_fetched(self, error: Exception) -> None:
        if isinstance(error, NotFound):
            # Somebody decided it meanwhile: the queue knows.
            self._calm.start()
        else:
            self.ctx.frame.show_error(error, self.refresh)

    def _keep_view(self, view: ItemView) -> None:
        self._views[view.row.id] = view
        self._views.move_to_end(view.row.id)
        while len(self._views) > VIEWS_KEPT:
            self._views.popitem(last=False)

    def _show_view(self, view: ItemView | None) -> None:
        self._asked = None
        before, self.shown = self.shown, view
        self.documents.set_notice(*(notices_of(view) if view is not None else ()))
        self.facts.show_item(view, self.ctx.clock.now())
        if view is None:
            self.documents.show_tabs([], ())
        elif before is not None and same_files(before, view):
            # A corrected value: the page stays where it was read.
            self.documents.set_terms(words_to_light(view))
        else:
            tabs = tabs_of(view.documents, dict(view.texts), view.message, view.row.subject)
            self.documents.show_tabs(tabs, words_to_light(view))
        self.foot_changed.emit()
        self._ahead.start()

    def _fetch_ahead(self) -> None:
        """Have the next items, and their first pages, at hand before a key goes down."""
        for steps in range(1, AHEAD + 1):
            row = self.queue.after(steps)
            if row is None:
                return
            held = self._views.get(row.id)
            if held is not None:
                self.documents.fetch_ahead(held, self)
                continue
            self.ctx.read(
                partial(item_or_none, row.id), owner=self, on_result=self._came_ahead,
                slot=f"ahead {steps}",
            )  # fmt: skip

    def _came_ahead(self, view: ItemView | None) -> None:
        if view is not None:
            self._keep_view(view)
            self.documents.fetch_ahead(view, self)

    # What stands in the foot.
    @property
    def ready(self) -> ItemView | None:
        """The item in sight: nothing is decided that was not shown."""
        row = self.queue.current
        shown = self.shown
        return shown if row is not None and shown is not None and shown.row.id == row.id else None

    @override
    def foot(self) -> Foot:
        row = self.queue.current
        if row is None or self._stack.currentWidget() is not self._panes:
            return self.head.empty_foot(
                self.acts.sign, self.refresh, lambda: self.ctx.frame.go("import")
            )
        return Foot(
            Action(self._keep_text(), self.acts.keep, "G", "check"),
            (
                Action(say("triage.keep_for"), self.acts.keep_for, "M",
                       reason=say("triage.no_mission_for") if row.kind == ENQUIRY else ""),
                Action(say("triage.ask"), self.acts.ask, "D", reason=self._cannot_ask()),
                Action(say("triage.put_back"), self.acts.put_back, "P") if row.status == SET_ASIDE
                else Action(say("triage.later"), self.acts.later, "P"),
            ),
            Action(say("triage.discard"), self.acts.discard, "E", "erase"),
        )  # fmt: skip

    def _keep_text(self) -> str:
        view = self.shown
        if view is None:
            return say("triage.keep")
        if view.row.kind == ENQUIRY:
            return say("triage.keep_client")
        if self.facts.joined is not None:
            return say("triage.join")
        asks = lawful_of(view, self.ctx.clock.now()).asks
        return say("triage.keep_asking" if asks else "triage.keep")

    def _cannot_ask(self) -> str:
        view = self.shown
        return say("triage.no_address") if view is not None and not view.emails else ""

    @override
    def keys(self) -> list[tuple[str, str]]:
        return [
            ("↑ ↓", say("triage.key_move")), ("F2", say("triage.key_correct")),
            ("A", say("triage.key_apart")), ("1 2 3", say("triage.key_tabs")),
            ("Space", say("triage.key_scroll")), ("+", say("triage.key_zoom")),
            ("V", say("triage.key_text")), ("C", say("triage.key_compare")),
            ("X", say("triage.key_aside")),
            ("F", say("triage.key_sources")), ("S", say("triage.key_sign")),
        ]  # fmt: skip

    @override
    def undo(self) -> None:
        self.acts.undo()

    def _decided(self) -> None:
        self.counter_changed.emit(len(self.queue.queue.rows))
        self._settle()

    def _came_back(self, id: Id) -> None:
        self._choose_next = id
        self.refresh()

    def _press_sign(self) -> None:
        if self.head.may_sign:
            self.acts.sign()

    # Window.
    @override
    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        # After the shell gave the focus to the first control it met.
        QTimer.singleShot(0, self, self._focus_queue)

    @override
    def open_at(self, argument: object) -> None:
        if isinstance(argument, bytes):
            self._choose_next = argument
            self.refresh()

    @override
    def panes(self) -> list[QWidget]:
        if self._stack.currentWidget() is not self._panes:
            return [self._stack]
        return [self.queue, self.documents, self.facts]

    @override
    def leave_escape(self) -> bool:
        if self.queue.at_aside:
            self.queue.turn()
            return True
        return False

    @override
    def drawn_for(self, *, small: bool) -> None:
        self.queue.setFixedWidth(QUEUE_SMALL if small else QUEUE_WIDE)
        self.facts.setFixedWidth(FACTS_SMALL if small else FACTS_WIDE)
        self.documents.set_narrow(narrow=small)
        self.head.set_small(small=small)

    @override
    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """On the queue Space reads on, ← → turn the tabs: the focus stays where it is."""
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            back = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
            if event.key() == Qt.Key.Key_Space:
                self.documents.scroll_by(-0.85 if back else 0.85)
                return True
            step = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}.get(Qt.Key(event.key()))
            if step is not None:
                self.documents.go_tab(self.documents.tabs.current() + step)
                return True
        return super().eventFilter(watched, event)
