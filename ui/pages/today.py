"""Aujourd’hui: what needs me now."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget
from typing_extensions import override

from clementine_crm.domain.agency import Right
from clementine_crm.domain.consent_model import Use
from clementine_crm.domain.ids import Id
from clementine_crm.queries.candidates import CandidateFilter
from clementine_crm.queries.missions import MissionRow, missions
from clementine_crm.queries.tasks import TaskRow
from clementine_crm.queries.today import Today, today
from clementine_crm.services.activities import CompleteTask
from ui import moments, theme
from ui.context import Change, UiContext
from ui.dialogs.task import TaskSheet
from ui.models.plain import thing_at
from ui.pages.base import Action, Foot, Page
from ui.pages.today_cards import ArrivalsCard, HeldCard, HouseCard, MindCard, TasksCard
from ui.quantities import number
from ui.speech import say
from ui.widgets.empty import EmptyState
from ui.widgets.figure import Figure
from ui.widgets.layouts import show_instead

TOUCHED = ("inbox", "candidate", "agency", "mission", "client", "backup", "registry")


class TodayPage(Page):
    """Four figures, what is to be done, and whether the house is in order."""

    def __init__(self, ctx: UiContext) -> None:
        super().__init__(ctx)
        self._now: Today | None = None
        self._stack = QStackedWidget()
        self.figures = self._figures()
        self.tasks = TasksCard(self._tick)
        self.mind = MindCard(self._mind)
        self.arrivals, self.held = ArrivalsCard(), HeldCard()
        self.house = HouseCard(self._open_house)
        self._stack.addWidget(self._day())
        self._stack.hide()
        self.content.addWidget(self._stack)
        self.tasks.list.selectionModel().currentChanged.connect(lambda *_: self.foot_changed.emit())
        self._greet()

    def _figures(self) -> dict[str, Figure]:
        made = {
            "waiting": Figure("triage", "", "", "", on_click=self._triage),
            "inform": Figure("consent", "", "", "", on_click=self._inform),
            "outbox": Figure("send", "", "", "", on_click=self._outbox),
            "late": Figure("clock", "", "", "", on_click=self._late),
        }
        if not self.ctx.may(Right.SEE_CONSENTS):
            # An assistant has no figure of consents.
            made.pop("inform").deleteLater()
        return made

    def _day(self) -> QWidget:
        page = QWidget()
        column = QVBoxLayout(page)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.GAP)
        row = QHBoxLayout()
        row.setSpacing(theme.GAP)
        for figure in self.figures.values():
            row.addWidget(figure, 1)
        column.addLayout(row)
        middle = QHBoxLayout()
        middle.setSpacing(theme.GAP)
        middle.addWidget(self.tasks, 62)
        middle.addWidget(self.mind, 38)
        column.addLayout(middle, 58)
        low = QGridLayout()
        low.setHorizontalSpacing(theme.GAP)
        cards = ((self.arrivals, 36), (self.held, 34), (self.house, 30))
        for place, (card, share) in enumerate(cards):
            low.addWidget(card, 0, place)
            low.setColumnStretch(place, share)
        column.addLayout(low, 42)
        return page

    # Reading.
    @override
    def affects(self, change: Change) -> bool:
        return change.touches(*TOUCHED)

    @override
    def refresh(self) -> None:
        self.ctx.read(today, owner=self, on_result=self.show_day, slot="today")

    @override
    def open_at(self, argument: object) -> None:
        if argument == "outbox":
            self._outbox()

    def _greet(self, sentence: str = "") -> None:
        actor = self.ctx.actor
        given = actor.name.split()[0] if actor is not None and actor.name else ""
        day = self.ctx.clock.today()
        shown = say("today.day", weekday=moments.weekday(day), day=moments.full_day(day))
        self.set_title(
            say("today.hello", name=given).strip(), f"{shown} · {sentence}" if sentence else shown
        )

    def show_day(self, now: Today) -> None:
        """Show a day."""
        self._now = now
        self._greet(summary(now))
        self._set_figures(now)
        self.tasks.show_tasks(now.tasks, now.day)
        self.mind.show_mind(now)
        self.arrivals.show_weeks(now.arrivals)
        self.held.show_states(now.held)
        self.house.show_house(now, self.ctx.clock.now())
        self._stack.setCurrentIndex(0)
        if self._nothing_yet(now):
            self._show_empty()
        self._stack.show()
        self.foot_changed.emit()

    @staticmethod
    def _nothing_yet(now: Today) -> bool:
        return not (
            now.waiting or now.set_aside or now.tasks or now.held or any(n for _, n in now.arrivals)
        )

    def _show_empty(self) -> None:
        frame = self.ctx.frame
        steps = [
            Figure("upload", "", say("today.first_import"), say("today.first_import_note"), key="I",
                   height=62, on_click=self._import),
            Figure("mission", "", say("today.first_mission"), say("today.first_mission_note"),
                   height=62, on_click=lambda: frame.go("missions")),
            Figure("server", "", say("today.first_copy"), say("today.first_copy_note"),
                   height=62, on_click=lambda: frame.go("administration", "copies")),
        ]  # fmt: skip
        empty = EmptyState(say("today.empty"), say("today.empty_fact"), steps)
        show_instead(self._stack, 1, empty)

    def _set_figures(self, now: Today) -> None:
        figures = self.figures
        red = say("today.waiting_red", n=now.red, count=number(now.red)) if now.red else ""
        calm = say("today.waiting_calm" if now.waiting else "today.waiting_none")
        figures["waiting"].set(
            number(now.waiting), say("today.waiting", n=now.waiting), red or calm,
            "stop" if now.red else "accent" if now.waiting else "good",
        )  # fmt: skip
        if "inform" in figures:
            figures["inform"].set(
                number(now.to_inform), say("today.inform", n=now.to_inform),
                say("today.inform_note" if now.to_inform else "today.inform_none"),
                "care" if now.to_inform else "good",
            )  # fmt: skip
        figures["outbox"].set(
            number(now.outbox), say("today.outbox", n=now.outbox),
            say("today.outbox_note" if now.outbox else "today.outbox_none"),
            "accent" if now.outbox else "good",
        )  # fmt: skip
        late = next((task for task in now.tasks if task.overdue(now.day)), None)
        note = say("today.late_first", task=late.text) if late else say("today.late_none")
        figures["late"].set(number(now.late), say("today.late", n=now.late), note,
                            "stop" if now.late else "good")  # fmt: skip

    # Acts.
    @override
    def foot(self) -> Foot:
        waiting = self._now.waiting if self._now else 0
        main = Action(say("today.start"), self._triage, "Return", "triage")
        if self._now is not None and not waiting:
            main = Action(say("today.import"), self._import, "Return", "upload")
        others = [
            Action(say("today.task"), self.make_new, "T"),
            Action(say("today.open"), self._open_task, "O", reason=self._why_not_open()),
        ]
        if waiting:
            others.append(Action(say("today.import"), self._import, "I"))
        note = say("today.foot_note") if waiting else say("today.foot_sorted")
        return Foot(main, tuple(others), note=note if self._now else "")

    @override
    def keys(self) -> list[tuple[str, str]]:
        return [("Space", say("today.key_tick")), ("V", say("today.key_table"))]

    def _why_not_open(self) -> str:
        task = thing_at(self.tasks.list, self.tasks.model)
        if task is None:
            return say("today.open_none")
        return "" if task.kind in ("candidate", "mission", "client") else say("today.open_agency")

    @override
    def make_new(self) -> None:
        def ask(found: list[MissionRow]) -> None:
            sheet = TaskSheet(self.ctx, found, self.window())
            sheet.open()

        self.ctx.read(missions, owner=self, on_result=ask)

    def _tick(self, index: QModelIndex) -> None:
        task = self.tasks.model.lines[index.row()].thing
        self.ctx.dispatch(CompleteTask(task.id), owner=self, on_done=lambda _id: self._ticked(task))

    def _ticked(self, task: TaskRow) -> None:
        undo = CompleteTask(task.id, done=False)
        self.ctx.frame.offer_undo(
            say("today.ticked", task=task.text), lambda: self.ctx.dispatch(undo)
        )
        # The initiator hears the bus as well: the list is read again there.

    def _open_task(self) -> None:
        task = thing_at(self.tasks.list, self.tasks.model)
        if task is not None:
            self._open(task.kind, task.dossier)

    def _open(self, kind: str, dossier: Id) -> None:
        place = {"candidate": "dossier", "mission": "missions", "client": "clients"}.get(kind)
        if place:
            self.ctx.frame.go(place, dossier)

    def _triage(self) -> None:
        self.ctx.frame.go("triage")

    def _import(self) -> None:
        self.ctx.frame.go("import")

    def _inform(self) -> None:
        self.ctx.frame.go("candidates", CandidateFilter(use=Use.CONTACT_ONLY))

    def _outbox(self) -> None:
        self.ctx.frame.go("administration", "outbox")

    def _late(self) -> None:
        self.tasks.list.setFocus()

    def _mind(self, what: str, dossier: Id | None) -> None:
        if dossier is not None:
            self._open("candidate", dossier)
        elif what:
            self.ctx.frame.go(what)

    def _open_house(self, what: str) -> None:
        opens = {"inform": self._inform, "aside": self._triage}
        act = opens.get(what)
        if act is not None:
            act()
        else:
            self.ctx.frame.go("administration", what)

    @override
    def panes(self) -> list[QWidget]:
        return [self.figures["waiting"], self.tasks, self.mind, self.arrivals, self.house]


def summary(now: Today) -> str:
    """One sentence that sums up the day."""
    due = sum(task.due is not None and task.due <= now.day for task in now.tasks)
    if now.red and now.late:
        return say("today.sum_red_late", n=now.late, red=number(now.red), late=number(now.late))
    if now.red:
        return say("today.sum_red", n=now.red, count=number(now.red))
    if now.late:
        return say("today.sum_late", n=now.late, count=number(now.late))
    if now.waiting:
        return say("today.sum_waiting", n=now.waiting, count=number(now.waiting))
    if due:
        return say("today.sum_due", n=due, count=number(due))
    return say("today.sum_clear")
