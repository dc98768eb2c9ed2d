"""The acts of triage: keep, ask, put off, discard, sign; each at once, and each may be taken back."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Protocol

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from clementine_crm.domain.ids import Id
from clementine_crm.queries.inbox import InboxRow, ItemView
from clementine_crm.queries.missions import MissionRow
from clementine_crm.services.triage import (
    CloseWeek,
    DiscardItems,
    FinishDiscards,
    KeepItems,
    PutOff,
    SignedWeek,
    UndoTriage,
)
from clementine_crm.services.waiting import PutBack
from ui.context import UiContext
from ui.pages.triage_facts import FactsPane
from ui.pages.triage_queue import QueuePane
from ui.pages.triage_sheets import AskSheet, MissionSheet
from ui.pages.triage_words import ENQUIRY, title_of
from ui.speech import say


class InSight(Protocol):
    """What the acts ask of the page."""

    missions: list[MissionRow]

    @property
    def ready(self) -> ItemView | None:
        """The item in sight: nothing is decided that was not shown."""
        ...

    def window(self) -> QWidget: ...


class Decisions(QObject):
    """Signals: ``decided()`` the queue changed on screen; ``came_back(Id)`` an item waits again;
    ``asked()`` something was written that the queue will tell; ``signed(week)``.
    """

    decided = Signal()
    came_back = Signal(bytes)
    asked = Signal()
    signed = Signal(str)

    def __init__(
        self, ctx: UiContext, page: InSight, queue: QueuePane, facts: FactsPane, parent: QObject
    ) -> None:
        super().__init__(parent)
        self.ctx, self._page, self.queue, self.facts = ctx, page, queue, facts

    def keep(self) -> None:
        """G: keep, for the mission the item names or for none; or join the person it is."""
        self.keep_as("")

    def keep_as(self, mission: str, *, none: bool = False) -> None:
        view = self._page.ready
        if view is None:
            return
        known = self.facts.joined
        command = KeepItems(
            (view.row.id,), mission=mission, known=known.dossier if known is not None else None,
            spontaneous=none,
        )  # fmt: skip
        text = kept_sentence(view, mission, known.name if known is not None else "", none=none)
        self._decide(view.row, command, text, self._undo_keep)

    def keep_for(self) -> None:
        """M: keep for a mission that is asked, the nearest first, or for none."""
        view = self._page.ready
        if view is None:
            return
        sheet = MissionSheet(view, self._page.missions, self._page.window())
        sheet.chosen.connect(lambda reference: self.keep_as(reference, none=not reference))
        sheet.open()

    def ask(self) -> None:
        """D: a letter that asks for what is missing; the item stays."""
        view = self._page.ready
        if view is not None and view.emails:
            AskSheet(self.ctx, view, lambda: self._told_ask(view), self._page.window()).open()

    def _told_ask(self, view: ItemView) -> None:
        self.asked.emit()
        self.ctx.frame.tell(say("ask.done", name=title_of(view.row)), say("ask.see"),
                            lambda: self.ctx.frame.go("administration", "outbox"))  # fmt: skip

    def later(self) -> None:
        """P: to the end of the queue, its age kept."""
        view = self._page.ready
        if view is None:
            return
        text = say("triage.done_later", name=title_of(view.row))
        self._decide(view.row, PutOff((view.row.id,)), text,
                     partial(self._undo_later, view.row.id), decided=False)  # fmt: skip

    def put_back(self) -> None:
        """P on what was set aside: into the queue after all."""
        view = self._page.ready
        if view is None:
            return
        self.queue.take(view.row, decided=False)
        self.ctx.dispatch(PutBack((view.row.id,)), owner=self)
        self.ctx.frame.tell(say("triage.done_put_back", name=title_of(view.row)))
        self.decided.emit()

    def discard(self) -> None:
        """E: out of sight at once, erased when the undo bar ends."""
        view = self._page.ready
        if view is None:
            return
        text = say("triage.done_discarded", name=title_of(view.row))
        command = DiscardItems((view.row.id,), at_once=False)
        self._decide(view.row, command, text, partial(self._undo_discard, view.row.id),
                     self._finish)  # fmt: skip

    def _decide(
        self, row: InboxRow, command: object, text: str, on_undo: Callable[[], object],
        on_expired: Callable[[], object] | None = None, *, decided: bool = True,
    ) -> None:  # fmt: skip
        """The item leaves, the next one stands there, the base hears of it, Annuler is offered."""
        place = self.queue.list.currentIndex().row()
        self.queue.take(row, decided=decided)
        # The offer before ends first: what it held back is erased before the next act is written.
        self.ctx.frame.offer_undo(text, on_undo, on_expired)
        self.ctx.dispatch(command, owner=self, on_error=partial(self._refused, row, place))
        self.decided.emit()

    def _refused(self, row: InboxRow, place: int, error: Exception) -> None:
        self.queue.put(row, place)
        self.decided.emit()
        self.ctx.frame.show_error(error)

    # Taking back.
    def undo(self) -> None:
        """Ctrl Z without a bar: the last keep, if nothing came after."""
        self._undo_keep()

    def _undo_keep(self) -> None:
        self._take_back(UndoTriage())

    def _undo_discard(self, id: Id) -> None:
        self._take_back(UndoTriage(id))

    def _undo_later(self, id: Id) -> None:
        self.ctx.dispatch(PutBack((id,)), owner=self, on_done=lambda _n: self.came_back.emit(id))

    def _take_back(self, command: UndoTriage) -> None:
        self.ctx.dispatch(command, owner=self, on_done=self.came_back.emit)

    def _finish(self) -> None:
        self.ctx.dispatch(FinishDiscards(all=True), owner=self)

    # The week.
    def sign(self) -> None:
        """S: sign the week's session; its counts go to the register."""
        self.ctx.dispatch(CloseWeek(), owner=self, on_done=self._signed)

    def _signed(self, signed: SignedWeek) -> None:
        self.signed.emit(signed.week)
        self.ctx.frame.tell(say("triage.signed", week=int(signed.week[-2:]), kept=signed.kept,
                                discarded=signed.discarded, left=signed.left))  # fmt: skip
        self.asked.emit()


def kept_sentence(view: ItemView, mission: str, known: str, *, none: bool) -> str:
    """What the undo bar says: kept, for what, and that a request was prepared when one was."""
    name = title_of(view.row)
    if view.row.kind == ENQUIRY:
        return say("triage.done_client", name=view.company or name)
    if known:
        return say("triage.done_joined", name=known)
    reference = mission or ("" if none or view.mission is None else view.mission.reference)
    pooled = view.keep_until is not None
    asks = not pooled and (view.ground != "applied" or not reference)
    if reference and not asks:
        return say("triage.done_kept_for", name=name, reference=reference)
    if not asks:
        return say("triage.done_kept", name=name)
    return say("triage.done_kept_asked" if view.emails else "triage.done_kept_nobody", name=name)
