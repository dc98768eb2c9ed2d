"""Clients: who do we work for."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget
from typing_extensions import override

from clementine_crm.domain.agency import Right
from clementine_crm.domain.ids import Id
from clementine_crm.domain.values import fold
from clementine_crm.queries.missions import ClientRow, ContactRow, MissionRow, clients, missions
from clementine_crm.queries.reading import Reading
from ui import theme
from ui.context import Change, UiContext
from ui.dialogs.client import ClientSheet
from ui.dialogs.mission import MissionSheet
from ui.models.plain import Line, ListModel, choose, replace_lines, thing_at
from ui.pages.base import Action, Foot, Page
from ui.quantities import number
from ui.speech import say
from ui.widgets.card import Card, FactRow
from ui.widgets.chip import Chip
from ui.widgets.empty import EmptyState
from ui.widgets.figure import Figure
from ui.widgets.layouts import empty, show_instead
from ui.widgets.rows import TASK, TWO_LINES, ChipSpec, Row, RowList
from ui.widgets.text import Text

ROLES = ("decision_maker", "operational", "administrative", "")


@dataclass(frozen=True)
class House:
    """Clients with their missions, read in one go."""

    clients: list[ClientRow]
    missions: list[MissionRow]


def house(reading: Reading) -> House:
    """Everything the page shows."""
    return House(clients(reading), missions(reading))


class ClientsPage(Page):
    """The list at the left, the chosen company at the right."""

    def __init__(self, ctx: UiContext) -> None:
        super().__init__(ctx)
        self._house: House | None = None
        self._wanted: object = None
        self.model: ListModel[ClientRow] = ListModel(self)
        self.list = RowList(say("clients.title"), TWO_LINES)
        self.list.setModel(self.model)
        self.list.selectionModel().currentChanged.connect(lambda *_: self._chosen())
        self.contacts = Card(say("clients.contacts"))
        self._people = QVBoxLayout()
        self._people.setSpacing(4)
        self.contacts.body.addLayout(self._people)
        self.mandates = Card(say("clients.missions"), flush=True)
        self.mandate_model: ListModel[MissionRow] = ListModel(self)
        self.mandate_list = RowList(say("clients.missions"), TASK)
        self.mandate_list.setModel(self.mandate_model)
        self.mandate_list.clicked.connect(lambda _index: self._mission())
        self.mandate_list.selectionModel().currentChanged.connect(
            lambda *_: self.foot_changed.emit()
        )
        self.mandates.body.addWidget(self.mandate_list)
        self._head_card = Card()
        self._name = Text("", "page_title", wrap=True)
        self._town = Text("", "body", "soft")
        self._head_card.body.addWidget(self._name)
        self._head_card.body.addWidget(self._town)
        self._stack = QStackedWidget()
        self._stack.addWidget(self._both())
        self._stack.hide()
        self.content.addWidget(self._stack)
        self.set_title(say("clients.title"))

    def _both(self) -> QWidget:
        both = QWidget()
        row = QHBoxLayout(both)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(theme.GAP)
        self._listed = Card(flush=True)
        self._listed.body.addWidget(self.list)
        row.addWidget(self._listed)
        right = QVBoxLayout()
        right.setSpacing(theme.GAP)
        for card, share in ((self._head_card, 0), (self.contacts, 0), (self.mandates, 1)):
            right.addWidget(card, share)
        row.addLayout(right, 1)
        return both

    # Reading.
    @override
    def affects(self, change: Change) -> bool:
        return change.touches("client", "mission")

    @override
    def refresh(self) -> None:
        self.ctx.read(house, owner=self, on_result=self.show_house, slot="clients")

    @override
    def open_at(self, argument: object) -> None:
        if isinstance(argument, (bytes, str)):
            self._wanted = argument
            if self._house is not None:
                self._choose_wanted()

    def show_house(self, found: House) -> None:
        """Show the clients and their missions."""
        self._house = found
        n = len(found.clients)
        self.set_title(say("clients.title"), say("clients.subtitle", n=n, count=number(n)))
        opened = Counter(m.client for m in found.missions if m.open)
        replace_lines(
            self.list, self.model, [Line(c.id, c, _row(c, opened)) for c in found.clients]
        )
        if not n:
            self._show_empty()
        else:
            self._stack.setCurrentIndex(0)
            if not self.list.currentIndex().isValid():
                choose(self.list, self.model, 0)
            self._choose_wanted()
            self._chosen()
        self._stack.show()
        self.foot_changed.emit()

    def _choose_wanted(self) -> None:
        wanted, self._wanted = self._wanted, None
        for place, line in enumerate(self.model.lines):
            same_name = isinstance(wanted, str) and fold(line.thing.name) == fold(wanted)
            if line.key == wanted or same_name:
                choose(self.list, self.model, place)

    def _show_empty(self) -> None:
        step = Figure("plus", "", say("clients.first"), say("clients.first_note"), key="A",
                      height=62, on_click=self.make_new)  # fmt: skip
        nothing = EmptyState(say("clients.empty"), say("clients.empty_fact"), [step])
        show_instead(self._stack, 1, nothing)

    @property
    def chosen(self) -> ClientRow | None:
        """The company under the bar."""
        return thing_at(self.list, self.model) if self.model.lines else None

    def _chosen(self) -> None:
        client, found = self.chosen, self._house
        if client is None or found is None:
            return
        self._name.setText(client.name)
        self._town.setText(client.town)
        self._town.setVisible(bool(client.town))
        empty(self._people)
        self.contacts.set_title(say("clients.contacts"), number(len(client.contacts)))
        for contact in sorted(client.contacts, key=_by_role):
            self._people.addWidget(_contact(contact))
        if not client.contacts:
            self._people.addWidget(Text(say("clients.no_contact"), "body", "soft", wrap=True))
        mine = [m for m in found.missions if m.client == client.name]
        self.mandates.set_title(say("clients.missions"), number(len(mine)))
        replace_lines(
            self.mandate_list, self.mandate_model, [Line(m.id, m, _mandate(m)) for m in mine]
        )
        self.foot_changed.emit()

    @override
    def drawn_for(self, *, small: bool) -> None:
        self._listed.setFixedWidth(260 if small else 320)

    # Acts.
    @override
    def foot(self) -> Foot:
        may = "" if self.ctx.may(Right.EDIT_MISSIONS) else say("ui_errors.not_allowed_title")
        add = Action(say("clients.add"), self.make_new, "A", "plus", reason=may)
        client = self.chosen
        if client is None:
            return Foot(add)
        new = Action(say("clients.new_mission"), self._new_mission, "M", reason=may)
        reason = "" if self.mandate_model.lines else say("clients.no_mission")
        main = Action(
            say("clients.open_mission"), self._mission, "Return", "mission", reason=reason
        )
        return Foot(main, (add, new))

    @override
    def make_new(self) -> None:
        sheet = ClientSheet(self.ctx, self.window())
        sheet.made.connect(self._made)
        sheet.open()

    def _made(self, client: Id) -> None:
        self._wanted = client
        self.refresh()

    def _new_mission(self) -> None:
        client, found = self.chosen, self._house
        if client is not None and found is not None:
            names = [c.name for c in found.clients]
            sheet = MissionSheet(self.ctx, names, client.name, self.window())
            sheet.made.connect(lambda mission: self.ctx.frame.go("missions", mission))
            sheet.open()

    def _mission(self) -> None:
        mission = thing_at(self.mandate_list, self.mandate_model)
        if mission is None and self.mandate_model.lines:
            mission = self.mandate_model.lines[0].thing
        if mission is not None:
            self.ctx.frame.go("missions", mission.id)

    @override
    def panes(self) -> list[QWidget]:
        return [self.list, self.mandate_list] if self.model.lines else []


def _row(client: ClientRow, opened: Mapping[str, int]) -> Row:
    n, now = len(client.missions), opened.get(client.name, 0)
    said = say("clients.mission_count", n=n, count=number(n))
    if n:
        said = say("clients.mission_counts", missions=said, n=now, count=number(now))
    return Row(client.name, f"{client.town} · {said}" if client.town else said)


def _mandate(mission: MissionRow) -> Row:
    n = mission.applications
    kept = say("clients.kept", n=n, count=number(n)) if n else ""
    chip = (
        ChipSpec(say("missions.is_open"), "good", "check")
        if mission.open
        else ChipSpec(say("missions.is_closed"))
    )
    return Row(f"{mission.reference} · {mission.title}", kept, icon="mission", chip=chip)


def _by_role(contact: ContactRow) -> tuple[int, str]:
    return ROLES.index(contact.role) if contact.role in ROLES else len(ROLES), fold(contact.name)


def _contact(contact: ContactRow) -> QWidget:
    line = QWidget()
    column = QVBoxLayout(line)
    column.setContentsMargins(0, 4, 0, 4)
    column.setSpacing(0)
    head = QHBoxLayout()
    head.setSpacing(8)
    name = contact.name or contact.email or contact.phone
    head.addWidget(Text(name, "strong"))
    head.addWidget(Text(contact.position, "second", "soft", elide=True), 1)
    if contact.role:
        head.addWidget(Chip(say(f"clients.role_{contact.role}")))
    column.addLayout(head)
    if contact.email:
        column.addWidget(FactRow(say("clients.email"), contact.email))
    if contact.phone:
        column.addWidget(FactRow(say("clients.phone"), contact.phone))
    line.setAccessibleName(name)
    return line
