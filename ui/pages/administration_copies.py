"""Copies: on a USB key or a share, encrypted; made, read again, and how one is brought back."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QVBoxLayout, QWidget
from typing_extensions import override

from clementine_crm.domain.agency import Right
from clementine_crm.jobs import JobContext
from clementine_crm.ports import ChangeSet
from clementine_crm.queries.house import CopyRow, copies
from clementine_crm.queries.today import stale
from ui import moments, theme
from ui.context import UiContext
from ui.dialogs.restore import RestoreSheet
from ui.models.plain import Line, ListModel, choose, replace_lines, thing_at
from ui.pages.administration_tab import AdminTab
from ui.pages.base import Action, Foot
from ui.ports import CopyCheck, Desk, KeptCopy, ListedCopy
from ui.quantities import ago, number, size
from ui.speech import say
from ui.widgets.card import Card
from ui.widgets.figure import Figure
from ui.widgets.rows import TWO_LINES, ChipSpec, Row, RowList
from ui.widgets.text import Text


class _Told:
    """What a copy changed, for the bus."""

    result: object
    changes = ChangeSet(frozenset({"backup"}))

    def __init__(self, result: object) -> None:
        self.result = result


class CopiesTab(AdminTab):
    """The folder and its copies at the left; what this desktop remembers at the right."""

    name = "copies"
    needs = (Right.BACKUP,)

    def __init__(self, ctx: UiContext, desk: Desk) -> None:
        super().__init__(ctx, desk)
        self._folder: Path | None = None
        self._runs: list[CopyRow] = []
        self._checked: dict[str, bool] = {}
        left = QVBoxLayout()
        left.setSpacing(theme.GAP)
        self.proof = Figure("server", "", say("administration.no_copy"), say("administration.plug_in"),
                            tone="stop", height=82, on_click=self.choose_folder)  # fmt: skip
        left.addWidget(self.proof)
        self.model: ListModel[ListedCopy] = ListModel(self)
        self.list = RowList(say("administration.kept_copies"), TWO_LINES)
        self.list.setModel(self.model)
        self.list.selectionModel().currentChanged.connect(lambda *_: self.foot_changed.emit())
        self.kept = Card(say("administration.kept_copies"), flush=True)
        self._none = Text(say("administration.choose_first"), "body", "soft", wrap=True)
        self._none.setContentsMargins(15, 4, 15, 8)
        self._none.setAlignment(Qt.AlignmentFlag.AlignTop)
        self.kept.body.addWidget(self._none, 1)
        self.kept.body.addWidget(self.list, 1)
        left.addWidget(self.kept, 1)
        right = QVBoxLayout()
        right.setSpacing(theme.GAP)
        self.history = Card(say("administration.runs"), flush=True)
        self.run_model: ListModel[CopyRow] = ListModel(self)
        self.runs = RowList(say("administration.runs"), TWO_LINES)
        self.runs.setModel(self.run_model)
        self._no_run = Text(say("administration.no_run"), "body", "soft", wrap=True)
        self._no_run.setContentsMargins(15, 4, 15, 8)
        self._no_run.setAlignment(Qt.AlignmentFlag.AlignTop)
        self.history.body.addWidget(self._no_run, 1)
        self.history.body.addWidget(self.runs, 1)
        self.runs.hide()
        right.addWidget(self.history, 1)
        right.addWidget(_what_it_holds())
        self.row.addLayout(left, 56)
        self.row.addLayout(right, 44)

    # Reading.
    @override
    def refresh(self) -> None:
        self.ctx.read(copies, owner=self, on_result=self._remembered, slot="copies")

    def _remembered(self, runs: list[CopyRow]) -> None:
        self._runs = runs
        now = self.ctx.clock.now()
        replace_lines(self.runs, self.run_model, [Line(r.id, r, _run_row(r, now)) for r in runs])
        self._no_run.setVisible(not runs)
        self.runs.setVisible(bool(runs))
        last = runs[0] if runs else None
        red = stale(last, now)
        if last is None:
            self.proof.set("", say("administration.no_copy"), say("administration.plug_in"), "stop")
        else:
            detail = say("administration.copy_detail", n=last.dossiers, count=number(last.dossiers),
                         target=last.target)  # fmt: skip
            name = say("administration.copy_late" if red else "administration.copy_made",
                       when=ago(last.at, now))  # fmt: skip
            self.proof.set("", name, detail, "stop" if red else "good")
        self.set_count(int(red))
        if self._folder is None and last is not None:
            self._folder = Path(last.target)
        self._list_folder()
        self.foot_changed.emit()

    def _list_folder(self) -> None:
        folder = self._folder
        if folder is None:
            self._show_kept(())
            return

        def look(_job: JobContext) -> Sequence[ListedCopy]:
            return self.desk.copies.list(folder)

        self.ctx.runner.submit(look, lane="io", owner=self, on_result=self._show_kept,
                               on_error=lambda _error: self._show_kept(()))  # fmt: skip

    def _show_kept(self, found: Sequence[ListedCopy]) -> None:
        now = self.ctx.clock.now()
        lines = []
        for copy in found:
            told = say("administration.kept_line", n=copy.dossiers, count=number(copy.dossiers),
                       size=size(copy.size))  # fmt: skip
            chip = None
            if copy.id in self._checked or not copy.readable:
                good = copy.readable and self._checked[copy.id]
                chip = ChipSpec(say("administration.verified" if good else "administration.damaged"),
                                "good" if good else "stop", "check" if good else "alert")  # fmt: skip
            row = Row(moments.day_and_hour(copy.made_at, now), told, icon="server", chip=chip)
            lines.append(Line(copy.id, copy, row))
        replace_lines(self.list, self.model, lines)
        if lines and not self.list.currentIndex().isValid():
            choose(self.list, self.model, 0)
        where = str(self._folder) if self._folder else ""
        self.kept.set_title(
            say("administration.kept_copies"), number(len(found)) if found else "", where
        )
        self._none.setText(
            say("administration.nothing_there" if where else "administration.choose_first")
        )
        self._none.setVisible(not found)
        self.list.setVisible(bool(found))
        self.foot_changed.emit()

    # Acts.
    @override
    def foot(self) -> Foot:
        busy = say("password.wait") if self._busy() else ""
        refused = self.refuses(Right.BACKUP) or busy
        pick = Action(
            say("administration.choose_folder"), self.choose_folder, "C", "server", reason=busy
        )
        if self._folder is None:
            return Foot(pick, note=say("administration.copies_note"))
        now = Action(say("administration.copy_now"), self.copy_now, "S", "download", reason=refused)
        none = "" if self.model.lines else say("administration.nothing_there")
        verify = Action(say("administration.verify"), self.verify, "V", reason=none or busy)
        restore = Action(say("administration.restore"), self._restore, "R", reason=none)
        return Foot(now, (pick, verify, restore), note=say("administration.copies_note"))

    def _busy(self) -> bool:
        return any(h.running and h.lane == "long" for h in self.ctx.runner.handles)

    def choose_folder(self) -> None:
        """Ask the system for a USB key or a folder of a share."""
        start = str(self._folder or "")
        dialog = QFileDialog(self.window(), say("administration.choose_folder"), start)
        dialog.setFileMode(QFileDialog.FileMode.Directory)
        dialog.filesSelected.connect(lambda names: self.use_folder(Path(names[0])))
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    def use_folder(self, folder: Path) -> None:
        """Copies go there from now on."""
        self._folder = folder
        self._list_folder()

    def copy_now(self) -> None:
        """Make one, beside everything else."""
        folder = self._folder
        if folder is None:
            return
        ctx = self.ctx

        def done(copy: KeptCopy) -> None:
            text = say("administration.copied_done", n=copy.dossiers, count=number(copy.dossiers))
            ctx.frame.tell(
                text, say("imports.see"), lambda: ctx.frame.go("administration", "copies")
            )

        ctx.work(
            lambda job: _Told(self.desk.copies.run(folder, job)),
            name=say("administration.copying", folder=folder.name or str(folder)), on_done=done,
        )  # fmt: skip
        self.foot_changed.emit()

    def verify(self) -> None:
        """Read the chosen copy again, whole."""
        copy, folder = thing_at(self.list, self.model), self._folder
        if copy is None or folder is None:
            return

        def done(found: CopyCheck) -> None:
            self._checked[copy.id] = found.ok
            key = "verify_good" if found.ok else "verify_bad"
            n = found.checked if found.ok else len(found.damaged)
            self.ctx.frame.tell(say(f"administration.{key}", n=n, count=number(n)))
            self._list_folder()

        self.ctx.runner.submit(
            lambda job: self.desk.copies.verify(folder, copy.id, job), lane="long",
            name=say("administration.verifying"), owner=self, on_result=done,
        )  # fmt: skip
        self.foot_changed.emit()

    def _restore(self) -> None:
        copy, folder = thing_at(self.list, self.model), self._folder
        if copy is not None and folder is not None:
            RestoreSheet(copy.id, folder, self.window()).open()

    @override
    def panes(self) -> list[QWidget]:
        return [self.list, self.runs] if self.model.lines else [self.proof, self.runs]


def _run_row(run: CopyRow, now: datetime) -> Row:
    chip = ChipSpec(say("administration.whole"), "good", "check")
    if not run.ok:
        chip = ChipSpec(say("today.copy_failed"), "stop", "alert")
    told = say(
        "administration.kept_line", n=run.dossiers, count=number(run.dossiers), size=size(run.bytes)
    )
    return Row(run.target, f"{moments.day_and_hour(run.at, now)} · {told}", chip=chip)


def _what_it_holds() -> Card:
    card = Card(say("administration.holds"))
    for name in ("all", "keys", "erased"):
        line = QHBoxLayout()
        line.addWidget(Text(say(f"administration.holds_{name}"), "second", wrap=True))
        card.body.addLayout(line)
    return card
