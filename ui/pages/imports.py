"""Import: files, folders and keys, dropped or chosen; each import reported, and undone as a whole."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from pathlib import Path

from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QStackedWidget, QWidget
from typing_extensions import override

from clementine_crm.domain.ids import Id
from clementine_crm.errors import NotFound
from clementine_crm.ports import BatchRecord
from clementine_crm.queries.imports import BatchView, imports, one_import
from clementine_crm.services.batches import BatchUndone, UndoBatch
from clementine_crm.services.intake import ImportFiles, ImportReport
from ui import moments, theme
from ui.context import Change, UiContext
from ui.dialogs.import_sheet import ImportSheet
from ui.jobs import Handle
from ui.models.plain import Line, ListModel, choose, replace_lines, thing_at
from ui.pages.base import Action, Foot, Page
from ui.pages.imports_report import ReportCard, short_path, state_chip, until
from ui.pages.imports_survey import Survey, survey
from ui.quantities import number
from ui.speech import say
from ui.widgets.card import Card
from ui.widgets.empty import EmptyState
from ui.widgets.figure import Figure
from ui.widgets.layouts import show_instead
from ui.widgets.question import Question
from ui.widgets.rows import TWO_LINES, ChipSpec, Row, RowList

CUT = ("running", "interrupted", "cancelled")


class ImportPage(Page):
    """Past imports at the left, the report of one at the right."""

    def __init__(self, ctx: UiContext) -> None:
        super().__init__(ctx)
        self._view: BatchView | None = None
        self._wanted: Id | None = None
        self._begun: datetime | None = None
        self.model: ListModel[BatchRecord] = ListModel(self)
        self.list = RowList(say("imports.past"), TWO_LINES)
        self.list.setModel(self.model)
        self.list.selectionModel().currentChanged.connect(lambda *_: self._chosen())
        self.report = ReportCard(self._open_item)
        self._stack = QStackedWidget()
        both = QWidget()
        row = QHBoxLayout(both)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(theme.GAP)
        self._listed = Card(say("imports.past"), flush=True)
        self._listed.body.addWidget(self.list)
        row.addWidget(self._listed)
        row.addWidget(self.report, 1)
        self._stack.addWidget(both)
        self._stack.hide()
        self.content.addWidget(self._stack)
        self.set_title(say("imports.title"), say("imports.subtitle"))
        for handle in ctx.runner.handles:
            self._follow(handle)
        ctx.runner.started.connect(self._follow)

    # Reading.
    @override
    def affects(self, change: Change) -> bool:
        return change.touches("inbox", "candidate", "client")

    @override
    def refresh(self) -> None:
        self.ctx.read(imports, owner=self, on_result=self.show_imports, slot="imports")

    @override
    def open_at(self, argument: object) -> None:
        if isinstance(argument, bytes):
            self._wanted = argument
            self._choose_wanted()

    def show_imports(self, found: list[BatchRecord]) -> None:
        """Show the imports of the last thirty days."""
        now = self.ctx.clock.now()
        running = self._running()
        lines = []
        for place, record in enumerate(found):
            text, kind = state_chip(record.state, running=running and place == 0)
            chip = ChipSpec(text, kind, _ICONS.get(kind, "")) if record.state != "done" else None
            counted = say("imports.line", n=record.read, read=number(record.read),
                          accepted=number(record.accepted))  # fmt: skip
            row = Row(
                short_path(record.path), counted, when=moments.when(record.at, now), chip=chip
            )
            lines.append(Line(record.id, record, row))
        replace_lines(self.list, self.model, lines)
        if not lines:
            self._view = None
            self._show_empty()
        else:
            self._stack.setCurrentIndex(0)
            self._choose_wanted()
            if not self.list.currentIndex().isValid():
                choose(self.list, self.model, 0)
            self._chosen()
        self._stack.show()
        self.foot_changed.emit()

    def _choose_wanted(self) -> None:
        keys = self.model.keys()
        begun, lines = self._begun, self.model.lines
        if begun is not None and lines and lines[0].thing.at >= begun:
            # The import that was just asked for: its counts are what one wants to see.
            self._begun = None
            choose(self.list, self.model, 0)
        if self._wanted in keys:
            choose(self.list, self.model, keys.index(self._wanted))
            self._wanted = None

    def _chosen(self) -> None:
        record = thing_at(self.list, self.model)
        if record is not None:
            self.ctx.read(
                lambda reading: one_import(reading, record.id), owner=self, slot="one",
                on_result=self._report, on_error=self._gone,
            )  # fmt: skip

    def _report(self, view: BatchView) -> None:
        self._view = view
        first = bool(self.model.lines) and self.model.lines[0].key == view.record.id
        self.report.show_import(view, running=self._running() and first, now=self.ctx.clock.now())
        self.foot_changed.emit()

    def _gone(self, error: Exception) -> None:
        if not isinstance(error, NotFound):
            self.ctx.frame.show_error(error, self.refresh)

    def _show_empty(self) -> None:
        steps = [
            Figure("file", "", say("imports.choose_files"), say("imports.files_note"), key="O",
                   height=62, on_click=self.choose_files),
            Figure("server", "", say("imports.choose_folder"), say("imports.folder_note"), key="D",
                   height=62, on_click=self.choose_folder),
        ]  # fmt: skip
        nothing = EmptyState(
            say("imports.empty"), say("imports.empty_fact"), steps, say("imports.empty_later")
        )
        show_instead(self._stack, 1, nothing)

    @override
    def drawn_for(self, *, small: bool) -> None:
        self._listed.setFixedWidth(280 if small else 340)

    # Bringing files in.
    @override
    def foot(self) -> Foot:
        files = Action(say("imports.files"), self.choose_files, "O", "file")
        folder = Action(say("imports.folder"), self.choose_folder, "D")
        view = self._view
        if view is None or not self.model.lines:
            return Foot(files, (folder,), note=say("imports.drop_note"))
        undo = None
        if not self._running():
            undo = Action(say("imports.undo"), self.ask_undo, "U", "undo", danger=True)
        if view.record.state in CUT and not self._running():
            again = Action(say("imports.again"), self.again, "Return", "sync")
            return Foot(again, (files, folder), undo, say("imports.again_note"))
        if view.made:
            sort = Action(say("imports.sort"), self._sort, "Return", "triage")
            return Foot(sort, (files, folder), undo, say("imports.until", day=until(view)))
        return Foot(files, (folder,), undo, say("imports.until", day=until(view)))

    @override
    def make_new(self) -> None:
        self.choose_files()

    def choose_files(self) -> None:
        """Ask the system for files."""
        self._dialog(QFileDialog.FileMode.ExistingFiles, say("imports.choose_files"))

    def choose_folder(self) -> None:
        """Ask the system for a folder or a key."""
        self._dialog(QFileDialog.FileMode.Directory, say("imports.choose_folder"))

    def _dialog(self, mode: QFileDialog.FileMode, title: str) -> None:
        dialog = QFileDialog(self.window(), title)
        dialog.setFileMode(mode)
        dialog.filesSelected.connect(lambda names: self.take_files([Path(n) for n in names]))
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    @override
    def take_files(self, paths: Sequence[Path]) -> None:
        """Dropped or chosen: counted first, then asked about, then read."""
        wanted = tuple(paths)
        self.ctx.runner.submit(
            lambda job: survey(wanted, job), lane="io", name=say("imports.counting"), owner=self,
            on_result=self._counted,
        )  # fmt: skip

    def _counted(self, found: Survey) -> None:
        if not found.files:
            self.ctx.frame.tell(say("imports.nothing_there"))
        elif found.loose:
            ImportSheet(found, self.ctx.clock.today(), self.start, self.window()).open()
        else:
            self.start(ImportFiles(found.paths))

    def start(self, command: ImportFiles) -> Handle:
        """Read them in, beside everything else; the strip above the foot tells where it is."""
        ctx = self.ctx

        def done(report: ImportReport) -> None:
            # The page may be gone meanwhile; the window is told all the same.
            text = say(
                f"imports.told_{report.state}", n=report.accepted, count=number(report.accepted)
            )
            ctx.frame.tell(text, say("imports.see"), lambda: ctx.frame.go("import", report.batch))

        # The base keeps milliseconds.
        self._begun = ctx.clock.now() - timedelta(milliseconds=1)
        name = say("imports.reading", what=short_path("; ".join(map(str, command.paths))))
        return ctx.carry_out(command, name=name, on_done=done)

    def _running(self) -> bool:
        return any(h.running and h.lane == "long" for h in self.ctx.runner.handles)

    def _follow(self, handle: object) -> None:
        if isinstance(handle, Handle) and handle.lane == "long":
            handle.progressed.connect(self._moved)
            handle.ended.connect(self.refresh_now_or_when_shown)

    def _moved(self, done: int, total: int, _text: str) -> None:
        self.report.progress.set(done, total)

    # Afterwards.
    def again(self) -> None:
        """An import that was cut short: the same import finishes the rest."""
        record = self._view.record if self._view is not None else None
        if record is None:
            return
        paths = [Path(part) for part in record.path.split("; ")]
        if all(path.exists() for path in paths):
            self.take_files(paths)
        else:
            self.ctx.frame.show_error(NotFound("no_such_file", path=short_path(record.path)))

    def _sort(self) -> None:
        self.ctx.frame.go("triage")

    def _open_item(self, item: Id) -> None:
        self.ctx.frame.go("triage", item)

    def ask_undo(self) -> None:
        """Taking an import back cannot be taken back: the question says how many."""
        view = self._view
        if view is None:
            return
        made = len(view.made)
        parts = [
            say("imports.undo_made", n=made, count=number(made))
            if made
            else say("imports.undo_none")
        ]
        if view.record.merged:
            parts.append(
                say(
                    "imports.undo_completed", n=view.record.merged, count=number(view.record.merged)
                )
            )
        if view.decided:
            parts.append(say("imports.undo_decided", n=view.decided, count=number(view.decided)))
        when = moments.day_and_hour(view.record.at, self.ctx.clock.now())
        question = Question(
            say("imports.undo_title", when=when), " ".join([*parts, say("imports.undo_again")]),
            act=say("imports.undo_act"), keep=say("imports.undo_keep"),
            on_act=lambda: self._undo(view.record.id), parent=self.window(),
        )  # fmt: skip
        question.open()

    def _undo(self, batch: Id) -> None:
        ctx = self.ctx

        def done(undone: BatchUndone) -> None:
            ctx.frame.tell(say("imports.undone", n=undone.removed, count=number(undone.removed)))

        ctx.carry_out(UndoBatch(batch), name=say("imports.undoing"), on_done=done)

    @override
    def keys(self) -> list[tuple[str, str]]:
        return [("Space", say("imports.key_part"))]

    @override
    def panes(self) -> list[QWidget]:
        return [self.list, self.report] if self.model.lines else []


_ICONS = {"stop": "alert", "care": "clock", "accent": "sync"}
