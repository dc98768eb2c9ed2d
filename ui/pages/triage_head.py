"""The head of triage: what is late, which sources, signing the week; and what to do when all is done."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QMenu, QWidget

from clementine_crm.queries.inbox import InboxQueue
from ui.pages.base import Action, Foot
from ui.pages.triage_queue import QueuePane
from ui.pages.triage_words import source_name
from ui.quantities import number
from ui.speech import say
from ui.widgets.button import Button
from ui.widgets.chip import Chip
from ui.widgets.empty import EmptyState
from ui.widgets.figure import Figure


class TriageHead:
    """The tools at the right of the title, and the sentence below it."""

    def __init__(
        self, queue: QueuePane, sign: Callable[[], object], say_below: Callable[[str], object]
    ) -> None:
        self._queue, self._say_below = queue, say_below
        self._signed = ""
        self.red = Chip("", "stop")
        self.sources = Button(say("triage.all_sources"), icon="filter", key="F", height=32,
                              on_click=self.open_sources)  # fmt: skip
        self.sign = Button("", icon="pencil", key="S", height=32, on_click=sign)
        self.tools: tuple[QWidget, ...] = (self.red, self.sources, self.sign)
        self._week, self._small = "", False
        self._left: InboxQueue | None = None
        for tool in self.tools:
            tool.setVisible(False)

    def show_queue(self, queue: InboxQueue, week: str) -> None:
        """Say how things stand."""
        self._week, self._left = week, queue
        self.red.set(say("triage.red", n=queue.red, count=number(queue.red)), "stop")
        self.red.setVisible(bool(queue.red))
        self.sources.setVisible(len(self._held()) > 1)
        self.sign.set_reason(self._cannot_sign())
        self._say_tools()
        self.sign.setVisible(True)
        self._say_below(say("triage.subtitle" if queue.rows else "triage.subtitle_empty"))

    def set_small(self, *, small: bool) -> None:
        """In a small window the tools are icons with their keys."""
        self._small = small
        self._say_tools()

    def _say_tools(self) -> None:
        names = ", ".join(map(source_name, sorted(self._queue.sources)))
        for tool, text in (
            (self.sources, names or say("triage.all_sources")),
            (self.sign, say("triage.sign", week=int(self._week[-2:] or 0))),
        ):
            tool.setText("" if self._small else text)
            tool.setAccessibleName(text)
            if not tool.accessibleDescription():
                tool.setToolTip(text if self._small else "")

    def set_signed(self, week: str) -> None:
        """The week is signed."""
        self._signed = week

    @property
    def may_sign(self) -> bool:
        """Whether nothing late stands in the way."""
        return self._left is not None and not self._cannot_sign()

    def _cannot_sign(self) -> str:
        red = self._left.red if self._left is not None else 0
        return say("triage.cannot_sign", n=red, count=number(red)) if red else ""

    def _held(self) -> list[str]:
        if self._left is None:
            return []
        return sorted({row.source for row in (*self._left.rows, *self._left.aside)})

    def open_sources(self) -> None:
        """A menu of the sources that wait, each to be ticked."""
        held = self._held()
        if len(held) < 2:
            return
        menu = QMenu(self.sources)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        every = menu.addAction(say("triage.all_sources"))
        every.setCheckable(True)
        every.setChecked(not self._queue.sources)
        every.triggered.connect(lambda _=False: self._choose(frozenset()))
        menu.addSeparator()
        for source in held:
            entry = menu.addAction(source_name(source))
            entry.setCheckable(True)
            entry.setChecked(source in self._queue.sources)
            entry.triggered.connect(partial(self._toggle, source))
        menu.popup(self.sources.mapToGlobal(QPoint(0, self.sources.height() + 2)))

    def _toggle(self, source: str, _checked: bool = False) -> None:
        self._choose(self._queue.sources ^ {source})

    def _choose(self, sources: frozenset[str]) -> None:
        self._queue.set_sources(sorted(sources))
        self._say_tools()

    def empty_foot(
        self, sign: Callable[[], object], again: Callable[[], object], drop: Callable[[], object]
    ) -> Foot:
        """The acts when nothing waits."""
        week = int(self._week[-2:]) if self._week else 0
        return Foot(
            Action(say("triage.sign", week=week), sign, "S", "pencil") if week else None,
            (
                Action(say("triage.drop"), drop, "O", "upload"),
                Action(say("triage.read_again"), again, icon="sync"),
            ),
        )


def nothing_left(
    queue: InboxQueue, week: str, *, sign: Callable[[], object], kept: Callable[[], object],
    drop: Callable[[], object], aside: Callable[[], object],
) -> EmptyState:  # fmt: skip
    """Everything is sorted: a fact, and what comes next."""
    number_of_week = int(week[-2:])
    steps = [
        Figure("pencil", "", say("triage.sign", week=number_of_week), say("triage.sign_note"),
               key="S", height=62, on_click=sign),
        Figure("people", "", say("triage.see_kept"), say("triage.see_kept_note"), height=62,
               on_click=kept),
        Figure("upload", "", say("triage.drop"), say("triage.drop_note"), key="O", height=62,
               on_click=drop),
    ]  # fmt: skip
    if queue.aside:
        n = len(queue.aside)
        steps.insert(1, Figure("list", "", say("triage.see_aside", n=n), say("triage.see_aside_note"),
                               key="X", height=62, on_click=aside))  # fmt: skip
    fact = say("triage.empty_fact", n=queue.done, count=number(queue.done))
    return EmptyState(say("triage.empty"), fact, steps[:3])
