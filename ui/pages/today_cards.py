"""The cards of Aujourd’hui: what is to be done, what to keep in mind, the week, who we hold, the house."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime

from PySide6.QtCore import QModelIndex, QRectF, Qt
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget
from typing_extensions import override

from clementine_crm.domain.consent_model import ENDED, State
from clementine_crm.domain.ids import Id
from clementine_crm.domain.triage import week_of
from clementine_crm.queries.tasks import TaskRow
from clementine_crm.queries.today import Today
from ui import moments, theme
from ui.models.plain import Line, ListModel, replace_lines
from ui.quantities import ago, number
from ui.speech import say
from ui.widgets import drawing
from ui.widgets.bars import StackedBar
from ui.widgets.button import Button, IconButton
from ui.widgets.card import Card, FactRow
from ui.widgets.card import Line as Rule
from ui.widgets.chart import Bar, BarChart
from ui.widgets.chip import Chip, ChipKind
from ui.widgets.field import MARK, Picture
from ui.widgets.layouts import empty
from ui.widgets.rows import DENSE, TASK, ChipSpec, Row, RowList
from ui.widgets.text import Text

ICONS = {"candidate": "person", "mission": "mission", "client": "client"}
# What counts as what, in the bar: text, colour, states.
HELD: tuple[tuple[str, str, frozenset[State]], ...] = (
    ("consented", "good_bar", frozenset({State.GIVEN, State.ACTIVE, State.RETAINED})),
    ("applying", "edge", frozenset({State.OPEN, State.CLOSED})),
    ("to_inform", "tint", frozenset({State.SOURCED, State.UNKNOWN, State.INVALIDATED})),
    ("asked", "care_bar", frozenset({
        State.REQUESTED, State.RENEWAL_DUE, State.RENEWAL_SENT, State.RENEWAL_REMINDED,
        State.NOTICE_DUE, State.NOTICE_SENT, State.FINAL_DUE, State.FINAL_REQUEST_SENT,
    })),
    ("ending", "stop_bar", ENDED),
)  # fmt: skip


class TaskList(RowList):
    """Espace, or a click on the box, ticks a task."""

    def __init__(self, on_tick: Callable[[QModelIndex], object]) -> None:
        super().__init__(say("today.tasks"), TASK)
        self._on_tick = on_tick

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Space and self.currentIndex().isValid():
            if not event.isAutoRepeat():
                self._on_tick(self.currentIndex())
            return
        super().keyPressEvent(event)

    @override
    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        super().mouseReleaseEvent(event)
        where = event.position().toPoint()
        index = self.indexAt(where)
        if index.isValid() and where.x() <= 16 + MARK + 8:
            self._on_tick(index)


class TasksCard(Card):
    """À faire, earliest first; ticked with Espace."""

    def __init__(self, on_tick: Callable[[QModelIndex], object]) -> None:
        super().__init__(say("today.tasks"), flush=True)
        self.list = TaskList(on_tick)
        self.model: ListModel[TaskRow] = ListModel(self)
        self.list.setModel(self.model)
        self._nothing = QWidget()
        inside = QVBoxLayout(self._nothing)
        inside.setContentsMargins(24, 12, 24, 24)
        inside.addStretch(1)
        calm = Text(say("today.nothing"), "dialog_title", wrap=True)
        note = Text(say("today.nothing_note"), "body", "soft", wrap=True)
        for text in (calm, note):
            text.setAlignment(Qt.AlignmentFlag.AlignHCenter)
            inside.addWidget(text)
        inside.addStretch(2)
        self._stack = QStackedWidget()
        self._stack.addWidget(self.list)
        self._stack.addWidget(self._nothing)
        self.body.addWidget(self._stack)
        self.setMinimumHeight(140)

    def show_tasks(self, tasks: Sequence[TaskRow], day: date) -> None:
        """Show the open tasks."""
        replace_lines(self.list, self.model, [Line(t.id, t, _task_row(t, day)) for t in tasks])
        self.set_title(say("today.tasks"), number(len(tasks)) if tasks else "")
        self._stack.setCurrentIndex(0 if tasks else 1)


def _task_row(task: TaskRow, day: date) -> Row:
    chip = None
    if task.due is not None:
        late = task.due < day
        kind = "stop" if late else "accent" if task.due == day else "neutral"
        chip = ChipSpec(moments.near_day(task.due, day), kind, "alert" if late else "")
    return Row(task.text, task.about, icon=ICONS.get(task.kind, "note"), chip=chip, ticked=False)


class MindCard(Card):
    """This week: the signature, what was set aside, whom nobody has heard of for too long."""

    def __init__(self, on_open: Callable[[str, Id | None], object]) -> None:
        super().__init__(say("today.mind"), flush=True)
        self._on_open = on_open
        self.list = RowList(say("today.mind"), TASK)
        self.model: ListModel[tuple[str, Id | None]] = ListModel(self)
        self.list.setModel(self.model)
        self.list.clicked.connect(self._clicked)
        self.list.activated.connect(self._clicked)
        self.body.addWidget(self.list)

    def _clicked(self, index: QModelIndex) -> None:
        self._on_open(*self.model.lines[index.row()].thing)

    def show_mind(self, now: Today) -> None:
        """Show what the week asks for."""
        week = week_of(now.day).split("-W")[1]
        signed = ChipSpec(
            say("today.signed" if now.week_signed else "today.to_sign"),
            "good" if now.week_signed else "neutral", "check" if now.week_signed else "",
        )  # fmt: skip
        lines: list[Line[tuple[str, Id | None]]] = [
            Line(
                "week",
                ("triage", None),
                Row(say("today.week", week=int(week)), icon="pencil", chip=signed),
            )
        ]
        if now.set_aside:
            chip = ChipSpec(number(now.set_aside), "care", "clock")
            row = Row(say("today.aside"), say("today.aside_note"), icon="file", chip=chip)
            lines.append(Line("aside", ("triage", None), row))
        for link in now.link_due:
            chip = ChipSpec(
                say("today.since", day=moments.short_day(link.since, now.day)), "care", "clock"
            )
            row = Row(link.name, say("today.link_note"), icon="person", chip=chip)
            lines.append(Line(link.dossier, ("", link.dossier), row))
        replace_lines(self.list, self.model, lines)
        more = len(lines) - 1
        self.set_title(say("today.mind"), number(more) if more else "")


class ArrivalsCard(Card):
    """Applications per week, as bars or as the same numbers in rows (V)."""

    def __init__(self) -> None:
        self.turn = IconButton("list", say("today.as_table"), key="V", kind="quiet", height=28)
        super().__init__(say("today.arrivals"), trailing=self.turn)
        self.turn.clicked.connect(lambda _=False: self.toggle())
        self.chart = BarChart(say("today.arrivals"))
        self._table = QWidget()
        self._rows = QGridLayout(self._table)
        self._rows.setContentsMargins(0, 0, 0, 0)
        self._rows.setHorizontalSpacing(24)
        self._rows.setVerticalSpacing(0)
        self._stack = QStackedWidget()
        self._stack.addWidget(self.chart)
        self._stack.addWidget(self._table)
        self.body.addWidget(self._stack)

    def toggle(self) -> None:
        """Bars, or the numbers behind them."""
        self._stack.setCurrentIndex(1 - self._stack.currentIndex())

    def show_weeks(self, weeks: Sequence[tuple[str, int]]) -> None:
        """Show them, the present one last."""
        bars = [
            Bar(
                say("today.week_short", week=int(week.split("-W")[1])),
                count,
                place == len(weeks) - 1,
            )
            for place, (week, count) in enumerate(weeks)
        ]
        self.chart.set_bars(bars)
        self.note.setText(say("today.this_week", count=number(weeks[-1][1])) if weeks else "")
        empty(self._rows)
        half = (len(bars) + 1) // 2
        for place, bar in enumerate(bars):
            row = FactRow(bar.name, number(bar.value), label_width=44)
            self._rows.addWidget(row, place % half, place // half)


class _Dot(QWidget):
    def __init__(self, token: str) -> None:
        super().__init__()
        self._token = token
        self.setFixedSize(10, 10)

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        drawing.smooth(painter)
        drawing.box(painter, QRectF(1, 1, 8, 8), 4, theme.colour(self._token))


class HeldCard(Card):
    """Who may be kept: one bar that adds up, and what its parts are."""

    def __init__(self) -> None:
        super().__init__(say("today.held"))
        # As high as the heads of its neighbours, which carry a button.
        self.head.setMinimumHeight(46)
        self.bar = StackedBar(())
        self.body.addWidget(self.bar)
        self.body.addSpacing(2)
        self._rows = QVBoxLayout()
        self._rows.setSpacing(2)
        self.body.addLayout(self._rows)
        self.body.addStretch(1)

    def show_states(self, held: Mapping[State, int]) -> None:
        """Show how many persons stand where."""
        parts = [
            (sum(held.get(state, 0) for state in states), token, say(f"today.held_{name}"))
            for name, token, states in HELD
        ]
        self.bar.set_parts(parts)
        total = sum(count for count, _, _ in parts)
        self.note.setText(say("today.held_total", n=total, count=number(total)))
        empty(self._rows)
        for count, token, name in parts:
            if count:
                self._rows.addWidget(_legend(token, name, count))
        if not total:
            self._rows.addWidget(Text(say("today.held_none"), "body", "soft", wrap=True))


def _legend(token: str, name: str, count: int) -> QWidget:
    line = QWidget()
    row = QHBoxLayout(line)
    row.setContentsMargins(0, 0, 0, 0)
    row.setSpacing(8)
    row.addWidget(_Dot(token))
    row.addWidget(Text(name, elide=True), 1)
    row.addWidget(Text(number(count), "strong"))
    line.setFixedHeight(22)
    line.setAccessibleName(f"{name} {count}")
    return line


class HouseCard(Card):
    """Whether the house is in order: the copy first, red when it is over a day old or missing."""

    def __init__(self, on_open: Callable[[str], object]) -> None:
        self._link = Button(
            say("today.house_open"), "link", height=28, on_click=lambda: on_open("copies")
        )
        super().__init__(say("today.house"), trailing=self._link)
        self._rows = QVBoxLayout()
        self._rows.setSpacing(0)
        self.body.addLayout(self._rows)
        self.body.addStretch(1)
        self.body.addWidget(Rule())
        self._foot = Text("", "second", "soft", elide=True)
        self.body.addWidget(self._foot)

    def show_house(self, now: Today, instant: datetime) -> None:
        """Show its lines; the title is the verdict."""
        lines = [self._copy_line(now, instant)]
        lines.append(("send", say("today.house_outbox"), *_count(now.outbox, "neutral")))
        lines.append(("file", say("today.house_aside"), *_count(now.set_aside, "care")))
        self.set_title(say("today.house_wrong" if now.copy_red else "today.house"))
        empty(self._rows)
        for icon, text, chip, kind in lines:
            self._rows.addWidget(_house_line(icon, text, chip, kind))
        self._foot.setText(self._advice(now))

    @staticmethod
    def _copy_line(now: Today, instant: datetime) -> tuple[str, str, str, ChipKind]:
        name = say("today.house_copy")
        if now.copy is None:
            return "server", name, say("today.copy_none"), "stop"
        when = ago(now.copy.at, instant) if now.copy.ok else say("today.copy_failed")
        return "server", name, when, "stop" if now.copy_red else "good"

    @staticmethod
    def _advice(now: Today) -> str:
        if now.copy is None:
            return say("today.advice_none")
        return say(
            "today.advice_red" if now.copy_red else "today.advice_good", target=now.copy.target
        )


def _count(count: int, kind: ChipKind) -> tuple[str, ChipKind]:
    return (number(count), kind) if count else (say("today.none"), "good")


def _house_line(icon: str, text: str, chip: str, kind: ChipKind) -> QWidget:
    line = QWidget()
    row = QHBoxLayout(line)
    row.setContentsMargins(0, 0, 0, 0)
    row.setSpacing(10)
    row.addWidget(Picture(icon, "ink", 15))
    row.addWidget(Text(text, elide=True), 1)
    row.addWidget(Chip(chip, kind))
    line.setFixedHeight(30)
    line.setAccessibleName(f"{text} : {chip}")
    return line


__all__ = ["DENSE", "ArrivalsCard", "HeldCard", "HouseCard", "MindCard", "TaskList", "TasksCard"]
