"""Missions: how far is each mandate; as a plain list with what it asks for beside it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QHeaderView, QStackedWidget, QVBoxLayout, QWidget
from typing_extensions import override

from clementine_crm.domain.agency import Right
from clementine_crm.domain.ids import Id
from clementine_crm.queries.candidates import CandidateFilter
from clementine_crm.queries.missions import ClientRow, MissionRow, clients, missions
from clementine_crm.services.missions import CloseMission, ReopenMission
from ui import moments, theme
from ui.context import Change, UiContext
from ui.dialogs.mission import MissionSheet
from ui.models.plain import TableLine, TableModel, choose, replace_lines, thing_at
from ui.pages.base import Action, Foot, Page
from ui.quantities import number
from ui.speech import say
from ui.widgets.button import Button
from ui.widgets.card import Card, FactRow
from ui.widgets.chip import Chip
from ui.widgets.empty import EmptyState
from ui.widgets.figure import Figure
from ui.widgets.layouts import empty, show_instead
from ui.widgets.rows import Cell, CellTable, ChipSpec
from ui.widgets.tabs import Tabs
from ui.widgets.text import Text

_WHICH = ("open", "closed", "all")
# A column's head is its word; 0 wide takes what is left.
_COLUMNS = {
    "reference": 104, "name": 0, "client": 168, "opened": 104, "to_sort": 72, "kept": 104, "status": 96,
}  # fmt: skip
_PLACE = {name: place for place, name in enumerate(_COLUMNS)}


class MissionsPage(Page):
    """The list at the left, the chosen mandate at the right."""

    def __init__(self, ctx: UiContext) -> None:
        super().__init__(ctx)
        self._all: list[MissionRow] = []
        self._wanted: Id | None = None
        self.tabs = Tabs([(say(f"missions.{name}"), "") for name in _WHICH], line=False)
        self.tabs.chosen.connect(lambda _place: self._show_lines())
        self.head_tools.addWidget(self.tabs)
        self.model: TableModel[MissionRow] = TableModel(
            [say(f"missions.{h}") for h in _COLUMNS], self
        )
        self.table = CellTable(say("missions.title"))
        self.table.setModel(self.model)
        self._columns()
        self.table.selectionModel().currentChanged.connect(lambda *_: self._chosen())
        self.table.doubleClicked.connect(lambda _index: self._candidates())
        self._detail = MissionCard(self._client)
        self._stack = QStackedWidget()
        both = QWidget()
        row = QHBoxLayout(both)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(theme.GAP)
        listed = Card(flush=True)
        listed.body.addWidget(self.table)
        row.addWidget(listed, 1)
        row.addWidget(self._detail)
        self._stack.addWidget(both)
        self._stack.hide()
        self.content.addWidget(self._stack)
        self.set_title(say("missions.title"))

    def _columns(self) -> None:
        head = self.table.horizontalHeader()
        head.setStretchLastSection(False)
        for column, wide in enumerate(_COLUMNS.values()):
            if wide:
                self.table.setColumnWidth(column, wide)
            else:
                head.setSectionResizeMode(column, QHeaderView.ResizeMode.Stretch)
        self.table.setSortingEnabled(True)
        head.setSortIndicator(-1, Qt.SortOrder.AscendingOrder)

    # Reading.
    @override
    def affects(self, change: Change) -> bool:
        return change.touches("mission", "client", "candidate", "inbox")

    @override
    def refresh(self) -> None:
        self.ctx.read(missions, owner=self, on_result=self.show_missions, slot="missions")

    @override
    def open_at(self, argument: object) -> None:
        if isinstance(argument, bytes):
            self._wanted = argument
            if self._all:
                self._choose_wanted()

    def show_missions(self, found: list[MissionRow]) -> None:
        """Show them."""
        self._all = found
        opened = sum(m.open for m in found)
        counts = (opened, len(found) - opened, len(found))
        self.tabs.set_names(
            [(say(f"missions.{n}"), number(c)) for n, c in zip(_WHICH, counts, strict=True)]
        )
        self.set_title(
            say("missions.title"), say("missions.subtitle", n=opened, count=number(opened))
        )
        self.tabs.setVisible(bool(found))
        if not found:
            self._show_empty()
        else:
            self._stack.setCurrentIndex(0)
            self._show_lines()
            self._choose_wanted()
        self._stack.show()
        self.foot_changed.emit()

    def _show_lines(self) -> None:
        which = _WHICH[max(0, self.tabs.current())]
        today = self.ctx.clock.today()
        shown = [m for m in self._all if which == "all" or m.open == (which == "open")]
        self.table.setColumnHidden(_PLACE["status"], which != "all")
        replace_lines(self.table, self.model, [_line(m, today) for m in shown])
        if not self.table.currentIndex().isValid():
            choose(self.table, self.model, 0)
        self._chosen()

    def _choose_wanted(self) -> None:
        if self._wanted is None:
            return
        wanted = next((m for m in self._all if m.id == self._wanted), None)
        self._wanted = None
        if wanted is None:
            return
        if all(line.key != wanted.id for line in self.model.lines):
            self.tabs.choose(_WHICH.index("open" if wanted.open else "closed"))
        place = next((p for p, line in enumerate(self.model.lines) if line.key == wanted.id), -1)
        choose(self.table, self.model, place)

    def _show_empty(self) -> None:
        step = Figure("plus", "", say("missions.first"), say("missions.first_note"), key="A",
                      height=62, on_click=self.make_new)  # fmt: skip
        nothing = EmptyState(say("missions.empty"), say("missions.empty_fact"), [step])
        show_instead(self._stack, 1, nothing)

    @property
    def chosen(self) -> MissionRow | None:
        """The mandate under the bar."""
        return thing_at(self.table, self.model) if self._all else None

    def _chosen(self) -> None:
        self._detail.show_mission(self.chosen)
        self.foot_changed.emit()

    @override
    def drawn_for(self, *, small: bool) -> None:
        self._detail.setFixedWidth(268 if small else 300)
        self.table.setColumnHidden(_PLACE["opened"], small)

    # Acts.
    @override
    def foot(self) -> Foot:
        mission = self.chosen
        add = Action(say("missions.add"), self.make_new, "A", "plus", reason=self._may_edit())
        if mission is None:
            return Foot(add)
        change = (
            Action(say("missions.close"), self._close, "C", reason=self._may_edit())
            if mission.open
            else Action(say("missions.reopen"), self._reopen, "R", reason=self._may_edit())
        )
        n = mission.applications
        see = Action(
            say("missions.see", n=n, count=number(n)), self._candidates, "Return", "people"
        )
        sort = Action(say("missions.sort"), self._sort, "G", "triage")
        note = say("missions.close_note") if mission.open else ""
        if n:
            return Foot(see, (add, change, *((sort,) if mission.waiting else ())), note=note)
        if mission.waiting:
            return Foot(sort, (add, change), note=note)
        return Foot(add, (change,), note=note)

    def _sort(self) -> None:
        self.ctx.frame.go("triage")

    def _may_edit(self) -> str:
        return "" if self.ctx.may(Right.EDIT_MISSIONS) else say("ui_errors.not_allowed_title")

    @override
    def make_new(self) -> None:
        self.ctx.read(clients, owner=self, on_result=self._ask_new)

    def _ask_new(self, known: list[ClientRow], client: str = "") -> None:
        sheet = MissionSheet(self.ctx, [c.name for c in known], client, self.window())
        sheet.made.connect(self._made)
        sheet.open()

    def _made(self, mission: Id) -> None:
        self._wanted = mission
        self.refresh()

    def _candidates(self) -> None:
        mission = self.chosen
        if mission is not None and mission.applications:
            self.ctx.frame.go("candidates", CandidateFilter(mission=mission.id))

    def _client(self, name: str) -> None:
        self.ctx.frame.go("clients", name)

    def _close(self) -> None:
        mission = self.chosen
        if mission is None:
            return

        def done(_id: Id) -> None:
            self.ctx.frame.offer_undo(
                say("missions.closed_done", reference=mission.reference),
                lambda: self.ctx.dispatch(ReopenMission(mission.id)),
            )

        self.ctx.dispatch(CloseMission(mission.reference), owner=self, on_done=done)

    def _reopen(self) -> None:
        mission = self.chosen
        if mission is None:
            return

        def done(_id: Id) -> None:
            self.ctx.frame.offer_undo(
                say("missions.reopened_done", reference=mission.reference),
                lambda: self.ctx.dispatch(CloseMission(mission.reference)),
            )

        self.ctx.dispatch(ReopenMission(mission.id), owner=self, on_done=done)

    @override
    def panes(self) -> list[QWidget]:
        return [self.tabs, self.table, self._detail] if self._all else []


def _line(mission: MissionRow, today: date) -> TableLine[MissionRow]:
    chip = (
        ChipSpec(say("missions.is_open"), "good", "check")
        if mission.open
        else ChipSpec(say("missions.is_closed"))
    )
    opened = moments.short_day(mission.opened_on, today) if mission.opened_on else ""
    cells = (
        Cell(mission.reference, strong=True), Cell(mission.title), Cell(mission.client, soft=True),
        Cell(opened, soft=True), Cell(number(mission.waiting) if mission.waiting else ""),
        Cell(number(mission.applications) if mission.applications else ""), Cell(chip=chip),
    )  # fmt: skip
    sort = (
        mission.reference.casefold(), mission.title.casefold(), mission.client.casefold(),
        mission.opened_on, mission.waiting, mission.applications, mission.status,
    )  # fmt: skip
    return TableLine(mission.id, mission, cells, sort)


class MissionCard(Card):
    """What the mandate asks for, and who has applied."""

    def __init__(self, on_client: Callable[[str], object]) -> None:
        super().__init__()
        self._on_client = on_client
        self._column = QVBoxLayout()
        self._column.setSpacing(4)
        self.body.addLayout(self._column)
        self.body.addStretch(1)

    def show_mission(self, mission: MissionRow | None) -> None:
        """Show one, or nothing."""
        empty(self._column)
        self.setVisible(mission is not None)
        if mission is None:
            return
        add = self._column.addWidget
        add(Text(mission.title, "card_title", wrap=True))
        add(Text(mission.reference, "second", "soft"))
        if mission.client:
            link = Button(mission.client, "link", icon="client", height=28)
            link.clicked.connect(lambda _=False, name=mission.client: self._on_client(name))
            add(link)
        opened = moments.short_day(mission.opened_on) if mission.opened_on else "–"
        facts = [(say("missions.opened"), opened)]
        if mission.closed_on:
            facts.append((say("missions.closed_on"), moments.short_day(mission.closed_on)))
        facts += [
            (say("missions.lang"), say(f"account.{mission.lang}")),
            (say("missions.to_sort"), number(mission.waiting)),
            (say("missions.kept"), number(mission.applications)),
        ]
        for label, value in facts:
            add(FactRow(label, value, label_width=124))
        add(Text(say("missions.criteria_head"), "head", "soft"))
        if not mission.criteria:
            add(Text(say("missions.no_criteria"), "second", "soft", wrap=True))
        for word in mission.criteria:
            add(Chip(word))
        if mission.criteria:
            add(Text(say("missions.criteria_rule"), "second", "soft", wrap=True))
