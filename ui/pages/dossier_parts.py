"""The parts that the pane and the page of a dossier share: right to keep, what is due, short lists."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime
from types import MappingProxyType
from typing import Generic, TypeVar

from PySide6.QtCore import QItemSelectionModel, Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QScrollArea, QVBoxLayout, QWidget
from typing_extensions import override

from clementine_crm.clock import paris_date
from clementine_crm.domain.next_action import Due, NextAction
from clementine_crm.queries.documents import DocumentRow
from clementine_crm.queries.dossier import ApplicationRow, CandidateView, ThreadLine
from clementine_crm.queries.tasks import TaskRow
from ui import moments, theme
from ui.models.plain import Line, ListModel, replace_lines
from ui.pages.dossier_words import (
    event_of,
    ground_sentence,
    next_of,
    say_next,
    stage_name,
    strip_of,
    task_chip,
)
from ui.quantities import size
from ui.speech import say
from ui.widgets.bars import NextRightAction
from ui.widgets.button import Button
from ui.widgets.card import Panel
from ui.widgets.consent_strip import ConsentStrip
from ui.widgets.field import Picture
from ui.widgets.layouts import empty
from ui.widgets.rows import ChipSpec, Row, RowList
from ui.widgets.text import Text
from ui.widgets.timeline import Timeline

T = TypeVar("T")
_STAYS = (Qt.FocusReason.ActiveWindowFocusReason, Qt.FocusReason.PopupFocusReason)


class Holder(QWidget):
    """A place for one widget that is built anew for each person."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)

    def hold(self, widget: QWidget | None) -> None:
        """Show it instead of the one before; None shows nothing."""
        empty(self._column)
        if widget is not None:
            self._column.addWidget(widget)
        self.setVisible(widget is not None)


def lawful_panel(
    view: CandidateView, today: date, on_link: Callable[[], object], *, brief: bool = False
) -> QWidget:
    """The strip of the person's right to be kept, or the sentence where no date bounds it."""
    strip = strip_of(view, today, brief=brief)
    if strip is not None:
        return ConsentStrip(strip, link=say("lawful.proof"), on_link=on_link)
    title, evidence = ground_sentence(view)
    panel = Panel("card", "good_bar" if evidence else "stop_bar")
    panel.setAccessibleName(title)
    tone = "good" if evidence else "stop"
    column = QVBoxLayout(panel)
    column.setContentsMargins(14, 10, 14, 8)
    column.setSpacing(4)
    head = QHBoxLayout()
    head.setSpacing(8)
    head.addWidget(
        Picture("consent" if evidence else "lock", tone, 17), 0, Qt.AlignmentFlag.AlignTop
    )
    head.addWidget(Text(title, "card_title", "good" if evidence else "stop", wrap=True), 1)
    column.addLayout(head)
    foot = QHBoxLayout()
    foot.addWidget(Text(evidence, "second", "soft", wrap=True), 1)
    foot.addWidget(Button(say("lawful.proof"), "link", height=28, on_click=on_link), 0,
                   Qt.AlignmentFlag.AlignBottom)  # fmt: skip
    column.addLayout(foot)
    column.addStretch(1)
    return panel


def next_panel(
    view: CandidateView,
    today: date,
    keys: Mapping[Due, str] = MappingProxyType({Due.CALL: "A"}),
    on_click: Callable[[], object] | None = None,
) -> tuple[NextAction | None, NextRightAction | None]:
    """What is due and how it is shown, with the key that does it; (None, None) when nothing is."""
    action = next_of(view, today)
    if action is None:
        return None, None
    title, reason = say_next(action, view, today)
    return action, NextRightAction(title, reason, keys.get(action.due, ""), on_click)


class ShortList(RowList, Generic[T]):
    """A list as high as its lines. Signals: ``opened(thing)`` on Entrée or double click;
    ``ticked(thing)`` on Espace or a click on the box. Several stand on one page: only the one with
    the keys shows its bar, unless it ``leads`` (what is chosen is shown beside it).
    """

    opened = Signal(object)
    ticked = Signal(object)

    def __init__(self, name: str, height: int, most: int = 6, *, leads: bool = False) -> None:
        super().__init__(name, height)
        self._height, self._most, self._leads = height, most, leads
        self.lines: ListModel[T] = ListModel(self)
        self.setModel(self.lines)
        self.rows.closed = True
        self.doubleClicked.connect(lambda _index: self._tell(self.opened))
        self.show_lines([])

    def show_lines(self, lines: Sequence[Line[T]]) -> None:
        """Show others; the chosen one stays chosen."""
        replace_lines(self, self.lines, lines)
        self.setFixedHeight(self._height * min(len(lines), self._most))
        self.setVisible(bool(lines))
        if not self.hasFocus() and not self._leads:
            self.clearSelection()

    @property
    def thing(self) -> T | None:
        """What the current line stands for."""
        place = self.currentIndex().row()
        return self.lines.lines[place].thing if 0 <= place < len(self.lines.lines) else None

    def _tell(self, signal: object) -> None:
        thing = self.thing
        if thing is not None:
            signal.emit(thing)  # type: ignore[attr-defined]  # a bound signal

    @override
    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self.selectionModel().select(
            self.currentIndex(), QItemSelectionModel.SelectionFlag.ClearAndSelect
        )

    @override
    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        if event.reason() not in _STAYS and not self._leads:
            self.clearSelection()

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._tell(self.opened)
        elif event.key() == Qt.Key.Key_Space:
            self._tell(self.ticked)
        else:
            super().keyPressEvent(event)


def application_lines(view: CandidateView) -> list[Line[ApplicationRow]]:
    """Applications, newest first."""
    return [
        Line(
            a.id, a,
            Row(
                a.title or a.position or say("dossier.spontaneous"),
                a.reference or say("dossier.no_mission"),
                chip=ChipSpec(stage_name(a.stage), "accent" if place == 0 else "neutral"),
            ),
        )
        for place, a in enumerate(view.applications)
    ]  # fmt: skip


def document_lines(
    documents: Sequence[DocumentRow], today: date, *, brief: bool = False
) -> list[Line[DocumentRow]]:
    """Files, newest first, with their size, and their day where there is room."""
    made = []
    for d in documents:
        day = moments.short_day(paris_date(d.received_at), today) if d.received_at else ""
        when = " · ".join(filter(None, ("" if brief else day, size(d.size))))
        made.append(
            Line(d.id, d, Row(d.name, when=when, icon="file" if d.role != "letter" else "note"))
        )
    return made


def task_lines(tasks: Sequence[TaskRow], today: date) -> list[Line[TaskRow]]:
    """What is to be done, open ones first."""
    return [
        Line(t.id, t, Row(t.text, ticked=t.done_at is not None, chip=task_chip(t, today)))
        for t in tasks
    ]


class Thread(QScrollArea):
    """The thread in a column that scrolls; the newest stands on the wash."""

    def __init__(self, name: str, most: int = 40) -> None:
        super().__init__()
        self._most = most
        self.timeline = Timeline()
        inner = QWidget()
        column = QVBoxLayout(inner)
        column.setContentsMargins(15, 8, 15, 8)
        column.addWidget(self.timeline)
        self.nothing = Text(say("thread.nothing"), tone="soft", wrap=True)
        column.addWidget(self.nothing)
        column.addStretch(1)
        self.setWidget(inner)
        # It lies on a card: Qt would fill it with the ground of the window.
        inner.setAutoFillBackground(False)
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName(name)
        self._dress()

    def _dress(self) -> None:
        edge = theme.tokens().accent if self.hasFocus() else "transparent"
        radius = theme.RADIUS_CELL
        self.setStyleSheet(f"Thread {{ border: 2px solid {edge}; border-radius: {radius}px; }}")

    @override
    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self._dress()

    @override
    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self._dress()

    def show_lines(self, lines: Sequence[ThreadLine], now: datetime) -> None:
        """Show others, newest first."""
        shown = lines[: self._most]
        self.timeline.set_events(
            [event_of(line, now, fresh=n == 0) for n, line in enumerate(shown)]
        )
        self.timeline.setVisible(bool(shown))
        self.nothing.setVisible(not shown)
        self.verticalScrollBar().setValue(0)
