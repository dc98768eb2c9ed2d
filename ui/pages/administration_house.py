"""The house: four proofs, then every check of the diagnosis with what to do about it."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget
from typing_extensions import override

from clementine_crm.domain.agency import Right
from clementine_crm.jobs import JobContext
from ui import moments, theme
from ui.context import Change, UiContext
from ui.models.plain import Line, ListModel, choose, replace_lines
from ui.pages.administration_tab import AdminTab
from ui.pages.base import Action, Foot
from ui.ports import Check, Desk
from ui.speech import say, words
from ui.widgets.card import Card
from ui.widgets.figure import Figure
from ui.widgets.rows import TWO_LINES, ChipSpec, Row, RowList

PROOFS = {"copy": "server", "base": "lock", "reader": "book", "room": "gauge"}
ICONS = {
    "place": "desktop", "keys": "key", "documents": "file", "clock": "clock", "plugins": "admin",
    "leftovers": "erase", **PROOFS,
}  # fmt: skip


def sentence(check: Check) -> str:
    """What a check says; the name alone when a newer program's words are unknown here."""
    try:
        return words()(check.say, **dict(check.params))
    except (KeyError, IndexError):
        return say(f"doctor.name_{check.name}")


class HouseTab(AdminTab):
    """Signal: ``judged(checks)`` when the diagnosis is there."""

    judged = Signal(object)
    name = "house"
    needs = (Right.BACKUP, Right.PLUGINS)

    def __init__(self, ctx: UiContext, desk: Desk) -> None:
        super().__init__(ctx, desk)
        self._looking = False
        self._again = False
        column = QVBoxLayout()
        column.setSpacing(theme.GAP)
        proofs = QHBoxLayout()
        proofs.setSpacing(theme.GAP)
        self.proofs = {
            name: Figure(icon, "", say(f"doctor.name_{name}"), say("administration.looking"),
                         tone="neutral", height=82, on_click=partial(self._open, name))
            for name, icon in PROOFS.items()
        }  # fmt: skip
        for figure in self.proofs.values():
            proofs.addWidget(figure, 1)
        column.addLayout(proofs)
        self.card = Card(say("administration.diagnosis"), flush=True)
        self.model: ListModel[Check] = ListModel(self)
        self.list = RowList(say("administration.diagnosis"), TWO_LINES)
        self.list.setModel(self.model)
        self.card.body.addWidget(self.list)
        column.addWidget(self.card, 1)
        self.row.addLayout(column)
        ctx.bus.changed.connect(self._hear)

    def _hear(self, change: object) -> None:
        # A copy was made from another tab: the verdict above all tabs is told anew.
        if isinstance(change, Change) and change.touches("backup") and self.model.lines:
            self.refresh()

    @override
    def refresh(self) -> None:
        if self._looking:
            self._again = True
            return
        self._looking = True
        self.foot_changed.emit()

        def look(_job: JobContext) -> Sequence[Check]:
            return self.desk.doctor()

        self.ctx.runner.submit(
            look, lane="io", owner=self, on_result=self._show, on_error=self._failed
        )

    def _failed(self, error: Exception) -> None:
        self._looking = False
        self.ctx.frame.show_error(error, self.refresh)
        self.foot_changed.emit()

    def _show(self, checks: Sequence[Check]) -> None:
        self._looking = False
        for check in checks:
            if check.name in self.proofs:
                tone, text = (
                    ("good", sentence(check))
                    if check.ok
                    else ("stop", say("administration.see_below"))
                )
                self.proofs[check.name].set("", say(f"doctor.name_{check.name}"), text, tone)
        ordered = sorted(checks, key=lambda check: check.ok)
        replace_lines(self.list, self.model, [Line(c.name, c, _row(c)) for c in ordered])
        at = moments.hour(self.ctx.clock.now())
        wrong = sum(not check.ok for check in checks)
        self.card.set_title(
            say("administration.diagnosis"), note=say("administration.looked_at", at=at)
        )
        self.set_count(wrong)
        self.judged.emit(checks)
        self.foot_changed.emit()
        if self._again:
            self._again = False
            self.refresh()

    def _open(self, name: str) -> None:
        if name == "copy":
            self.ctx.frame.go("administration", "copies")
            return
        places = [place for place, key in enumerate(self.model.keys()) if key == name]
        for place in places:
            choose(self.list, self.model, place)
            self.list.setFocus()

    @override
    def foot(self) -> Foot:
        reason = say("administration.looking") if self._looking else ""
        again = Action(say("administration.look_again"), self.refresh, "D", "sync", reason=reason)
        copy = Action(
            say("administration.make_copy"),
            lambda: self.ctx.frame.go("administration", "copies"),
            "S",
        )
        return Foot(again, (copy,), note=say("administration.house_note"))

    @override
    def panes(self) -> list[QWidget]:
        return [self.proofs["copy"], self.list]


def _row(check: Check) -> Row:
    chip = ChipSpec(say("administration.good"), "good", "check")
    if not check.ok:
        chip = ChipSpec(say("administration.look_here"), "stop", "alert")
    return Row(
        say(f"doctor.name_{check.name}"),
        sentence(check),
        icon=ICONS.get(check.name, "info"),
        chip=chip,
    )
