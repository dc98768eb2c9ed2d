"""Candidats: the box of the top bar is the live query; a list, and who is chosen beside it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial

from PySide6.QtCore import QModelIndex, Qt, QTimer
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QApplication, QHBoxLayout, QLineEdit, QVBoxLayout, QWidget
from typing_extensions import override

from clementine_crm.domain.ids import Id
from clementine_crm.domain.next_action import Due
from clementine_crm.queries.candidates import CandidateFilter, Order
from clementine_crm.queries.dossier_access import Opened, opened
from clementine_crm.queries.hidden import hidden_reasons
from clementine_crm.queries.missions import MissionRow, missions
from clementine_crm.services.audit import NoteView
from ui import theme
from ui.context import Change, UiContext
from ui.keys import bind
from ui.models.candidates import CandidatesModel
from ui.models.found import EVERYBODY, Found, FoundRow, Wanted, find, rows_of
from ui.models.plain import choose
from ui.models.results import results_of
from ui.pages.base import Action, Foot, Page
from ui.pages.candidates_filters import Choices, FilterBar, FilterSheet, choices
from ui.pages.candidates_none import NobodyPanel, count_without
from ui.pages.candidates_table import FoundCard
from ui.pages.candidates_words import cells_of, count_of, heads, reason_of
from ui.pages.dossier_acts import PersonActs
from ui.pages.dossier_pane import DossierPane
from ui.pages.dossier_proofs import EvidenceSheet, HiddenSheet
from ui.pages.new_candidate import NewCandidate
from ui.speech import say
from ui.top_bar import SearchBox
from ui.widgets.field import Choice
from ui.widgets.text import Text
from ui.widgets.veil import covered

PANE, LIST_LEAST, SEEN_MS = 452, 480, 2000
ORDERS: tuple[Order, ...] = ("name", "last_contact", "newest")


class CandidatesPage(Page):
    """List and pane. Moving in the list changes the pane and leaves the focus where it is."""

    live_query = True
    headless = True

    def __init__(self, ctx: UiContext) -> None:
        super().__init__(ctx)
        self._text = ""
        self._order: Order = "name"
        self._found: Found | None = None
        self._missions_asked = False
        self._keep: Id | None = None
        self.card = FoundCard()
        self.table = self.card.table
        self.model = CandidatesModel(
            heads(searching=False), lambda row: cells_of(row, ctx.clock.today()), self._ask, self
        )
        self.table.setModel(self.model)
        self.filters = FilterBar()
        self.order = Choice(
            say("candidates.order"), [(say(f"candidates.by_{o}"), o) for o in ORDERS]
        )
        self.pane = DossierPane(ctx.clock)
        self.nobody = NobodyPanel(ctx.clock.today)
        self.acts = PersonActs(ctx, self)
        self.count = Text("", "second", "soft", elide=True)
        self._lay_out()
        # Who stays on screen was seen, and that is logged; who only passes by was not.
        self._seen = QTimer(self)
        self._seen.setSingleShot(True)
        self._seen.setInterval(SEEN_MS)
        self._seen.timeout.connect(self._note_view)
        self._connect()
        self.set_title(say("shell.candidates"))

    def _lay_out(self) -> None:
        left = QVBoxLayout()
        left.setSpacing(8)
        head = QHBoxLayout()
        head.setSpacing(12)
        title = Text(say("shell.candidates"), "page_title")
        head.addWidget(title)
        head.addWidget(self.count, 1, Qt.AlignmentFlag.AlignBottom)
        left.addLayout(head)
        tools = QHBoxLayout()
        tools.setSpacing(8)
        tools.addWidget(self.filters, 1)
        tools.addWidget(self.order)
        left.addLayout(tools)
        left.addWidget(self.nobody)
        left.addWidget(self.card, 1)
        row = QHBoxLayout()
        row.setSpacing(theme.GAP)
        holder = QWidget()
        left.setContentsMargins(0, 0, 0, 0)
        holder.setLayout(left)
        holder.setMinimumWidth(LIST_LEAST)
        row.addWidget(holder, 1)
        self.pane.setFixedWidth(PANE)
        row.addWidget(self.pane)
        self.content.addLayout(row, 1)
        self.nobody.setVisible(False)

    def _connect(self) -> None:
        self.table.selectionModel().currentRowChanged.connect(self._moved)
        self.table.opened.connect(self.open_dossier)
        self.table.order_asked.connect(self._set_order)
        self.model.dataChanged.connect(lambda *_: self._preview_when_here())
        self.order.activated.connect(lambda _n: self._set_order(str(self.order.currentData())))
        self.filters.changed.connect(self.refresh)
        self.filters.add_asked.connect(self.add_filter)
        self.card.why_asked.connect(self._why_hidden)
        self.nobody.without_asked.connect(self._without)
        self.nobody.person_asked.connect(lambda id: self.ctx.frame.go("dossier", id))
        self.pane.proof_asked.connect(self._prove)
        self.pane.call_asked.connect(self.acts.call)
        self.pane.note_asked.connect(self.acts.note)
        self.pane.task_asked.connect(self.acts.task)
        self.pane.next_asked.connect(self._do_next)
        self.pane.document_asked.connect(lambda row: self.open_dossier(row.id))
        keys: dict[str, Callable[[], object]] = {
            "F": self.add_filter, "F2": self.acts.edit, "Ctrl+F": self.add_filter,
        }  # fmt: skip
        for name, act in keys.items():
            bind(self, name, partial(self._awake, act))
        # The arrows of the search box move in the list; elsewhere they are the list's own.
        self._arrows = [
            bind(self, key, partial(self._into_list, by))
            for key, by in (("Down", 1), ("Up", -1), ("PgDown", 10), ("PgUp", -10))
        ]
        QApplication.instance().focusChanged.connect(self._focus_moved)  # type: ignore[union-attr]

    def _awake(self, act: Callable[[], object]) -> None:
        if not covered(self):
            act()

    def _focus_moved(self, _before: QWidget | None, now: QWidget | None) -> None:
        for shortcut in self._arrows:
            shortcut.setEnabled(isinstance(now, SearchBox))

    def _into_list(self, by: int) -> None:
        """From the box into the list: down to the first line, or on from the chosen one."""
        if not covered(self) and self.model.rowCount():
            self.table.setFocus()
            if by > 1:
                choose(self.table, self.model, min(by, self.model.rowCount() - 1))

    # Asking.
    @property
    def wanted(self) -> Wanted:
        """What is asked now."""
        return Wanted(self._text, self.filters.wanted, self._order)

    @override
    def affects(self, change: Change) -> bool:
        return change.touches("candidate", "mission")

    @override
    def refresh(self) -> None:
        wanted = self.wanted
        self._busy(on=True)
        self.ctx.read(
            lambda reading: find(reading, wanted), owner=self, on_result=self._answered,
            on_error=self._failed, slot="find",
        )  # fmt: skip
        if not self._missions_asked:
            self._missions_asked = True
            self.ctx.read(missions, owner=self, on_result=self._name_missions, slot="missions")

    @override
    def query(self, text: str) -> None:
        if text.strip() != self._text:
            self._text = text.strip()
            self.refresh()

    def _busy(self, *, on: bool) -> None:
        box = self.window().findChild(SearchBox)
        if isinstance(box, SearchBox):
            box.set_busy(busy=on and bool(self._text))

    def _failed(self, error: Exception) -> None:
        self._busy(on=False)
        self.ctx.frame.show_error(error, self.refresh)

    def _name_missions(self, found: list[MissionRow]) -> None:
        self.filters.missions = {m.id: m.reference for m in found}
        self.filters.show_chips()

    def _answered(self, found: Found) -> None:
        self._busy(on=False)
        before = self._rid_chosen()
        again = self._found is not None and self._found.wanted == found.wanted
        self._found = found
        self.model.heads = heads(searching=found.wanted.searching)
        self.model.set_found(found)
        place = self.model.place_of(before) if before is not None and again else 0
        self.count.setText(count_of(found))
        self.card.show_foot(found)
        self.table.show_order(self._order, searching=found.wanted.searching)
        self.order.setVisible(not found.wanted.searching)
        self.order.setCurrentIndex(ORDERS.index(self._order))
        self.nobody.show_found(found, self.filters.missions)
        self.nobody.setVisible(self.nobody.says_something)
        if not len(found) and found.wanted != Wanted():
            self._count_without(found.wanted)
        choose(self.table, self.model, max(place, 0))
        if not len(found):
            self._show_pane(None)
        self.foot_changed.emit()

    def _count_without(self, wanted: Wanted) -> None:
        """How many there would be without one of the filters: the way out that keeps most."""
        self.ctx.read(
            lambda reading: count_without(reading, wanted), owner=self,
            on_result=lambda counts: self.nobody.show_counts(counts, self.filters.missions),
            slot="without",
        )  # fmt: skip

    def _without(self, name: str) -> None:
        if name == "text":
            self._clear_text()
        else:
            self.filters.remove(name)

    def _clear_text(self) -> None:
        box = self.window().findChild(SearchBox)
        if isinstance(box, QLineEdit):
            box.clear()
        self.query("")

    def _ask(self, rids: Sequence[int], then: Callable[[list[FoundRow]], None]) -> None:
        found = self.model.found
        self.ctx.read(lambda reading: rows_of(reading, found, rids), owner=self, on_result=then)

    def _set_order(self, order: str) -> None:
        wanted: Order = next((o for o in ORDERS if o == order), "name")
        if wanted != self._order:
            self._order = wanted
            self.refresh()

    # Filters.
    def add_filter(self) -> None:
        """F: one more chip."""
        self.ctx.read(choices, owner=self, on_result=self._offer, slot="choices")

    def _offer(self, found: Choices) -> None:
        self._name_missions(found[1])
        sheet = FilterSheet(found, self.window())
        sheet.chosen.connect(
            lambda name, value: self.filters.set_wanted(
                replace(self.filters.wanted, **{name: value})
            )
        )
        sheet.open()

    def _why_hidden(self) -> None:
        found = self._found
        if found is not None and found.wanted.searching:
            HiddenSheet([(say("hidden.searched"), found.hidden)], self.window()).open()
            return

        def told(reasons: list[tuple[str, int]]) -> None:
            said = [(reason_of(state), count) for state, count in reasons]
            HiddenSheet(said, self.window()).open()

        self.ctx.read(hidden_reasons, owner=self, on_result=told, slot="hidden")

    # Who is chosen.
    def _rid_chosen(self) -> int | None:
        row = self.model.row_at(self.table.currentIndex().row())
        return row.row.rid if row is not None else None

    def _moved(self, _now: QModelIndex, _before: QModelIndex) -> None:
        self._preview_when_here()

    def _preview_when_here(self) -> None:
        id = self.model.id_at(self.table.currentIndex().row())
        shown = self.pane.opened.id if self.pane.opened is not None else None
        if id is None or (id == shown and self._keep != id):
            return
        self._keep = None
        self.ctx.read(
            lambda reading: opened(reading, id), owner=self, on_result=self._show_pane,
            on_error=lambda _gone: self._show_pane(None), slot="pane",
        )  # fmt: skip

    def _show_pane(self, found: Opened | None) -> None:
        self.pane.show_dossier(found)
        self.acts.set_person(found)
        if found is not None and found.view is not None:
            self._seen.start()
        else:
            self._seen.stop()
        self.foot_changed.emit()

    def _note_view(self) -> None:
        if self.isVisible() and self.pane.opened is not None:
            self.ctx.dispatch(NoteView(self.pane.opened.id), owner=self)

    @override
    def refresh_now_or_when_shown(self) -> None:
        # The person beside the list is read again with it.
        self._keep = self.pane.opened.id if self.pane.opened is not None else None
        super().refresh_now_or_when_shown()

    def open_dossier(self, at: object = None) -> None:
        """Entrée: the whole dossier; ``at`` one of its documents."""
        place = self.table.currentIndex().row()
        id = self.model.id_at(place)
        if id is None or self._found is None:
            return
        results_of(self.ctx).open_from(self.model.found.rids, self._text, place, id)
        self.ctx.frame.go("dossier", (id, at) if isinstance(at, bytes) else id)

    def _do_next(self) -> None:
        action = self.pane.action
        if action is not None and action.due is Due.CALL:
            self.acts.call()
        else:
            self.open_dossier()

    def _prove(self) -> None:
        view = self.pane.view
        if view is not None:
            EvidenceSheet(view.name, view.consents, self.window()).open()

    # Window.
    @override
    def foot(self) -> Foot:
        none = "" if self.pane.opened is not None else say("candidates.nobody_chosen")
        return Foot(
            Action(say("candidates.open"), self.open_dossier, "Return", "person", reason=none),
            self.acts.actions(),
        )

    @override
    def keys(self) -> list[tuple[str, str]]:
        return [
            ("↑ ↓", say("candidates.key_move")), ("F", say("candidates.key_filter")),
            ("F2", say("candidates.key_edit")), ("Ctrl+K", say("candidates.key_search")),
        ]  # fmt: skip

    @override
    def make_new(self) -> None:
        sheet = NewCandidate(self.ctx, self.window())
        sheet.made.connect(lambda id: self.ctx.frame.go("dossier", id))
        sheet.open()

    @override
    def open_at(self, argument: object) -> None:
        if isinstance(argument, CandidateFilter):
            self.filters.set_wanted(argument)
        elif isinstance(argument, str):
            self.query(argument)

    @override
    def leave_escape(self) -> bool:
        if self._text:
            self._clear_text()
            return True
        if self.filters.wanted != EVERYBODY:
            self.filters.set_wanted(EVERYBODY)
            return True
        return False

    @override
    def panes(self) -> list[QWidget]:
        return [self.table, self.pane]

    @override
    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        QTimer.singleShot(0, self, self._focus_list)

    def _focus_list(self) -> None:
        now = QApplication.focusWidget()
        if self.isVisible() and not isinstance(now, SearchBox):
            self.table.setFocus()
