"""A dossier: who it is, what is due, the right to keep, everything that happened."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path

from PySide6.QtCore import QTimer
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QVBoxLayout, QWidget
from typing_extensions import override

from clementine_crm.domain.ids import Id
from clementine_crm.domain.next_action import Due, NextAction
from clementine_crm.errors import NotFound
from clementine_crm.jobs import JobContext
from clementine_crm.plugin_api import FileData
from clementine_crm.queries.candidates import CandidateRow, candidate_rows
from clementine_crm.queries.dossier import CandidateView
from clementine_crm.queries.dossier_access import Access, Opened, opened, texts_of
from clementine_crm.services.activities import CompleteTask
from clementine_crm.services.audit import NoteView
from clementine_crm.services.candidates import AddDocument
from ui import theme
from ui.context import Change, UiContext
from ui.keys import bind
from ui.models.results import results_of
from ui.pages.base import Action, Foot, Page
from ui.pages.dossier_acts import PersonActs
from ui.pages.dossier_columns import PersonColumn, WorkColumn
from ui.pages.dossier_head import DossierHead
from ui.pages.dossier_middle import CV, MESSAGES, DossierMiddle
from ui.pages.dossier_parts import Holder, lawful_panel, next_panel
from ui.pages.dossier_proofs import EvidenceSheet, Writer
from ui.pages.dossier_shut import banner_of, shut_panel
from ui.pages.dossier_versions import VersionsSheet, versions_of
from ui.speech import say
from ui.widgets.veil import covered

KEYS = {Due.CALL: "A", Due.TASK: "F", Due.INFORM: "M", Due.LINK: "M", Due.RENEW: "M"}
LEFT, LEFT_SMALL, RIGHT, RIGHT_SMALL = 288, 250, 312, 262
LARGEST = 100 * 1024 * 1024


class DossierPage(Page):
    """One person. ``write`` makes the file of an export (its own writer when None)."""

    headless = True

    def __init__(self, ctx: UiContext, write: Writer | None = None) -> None:
        super().__init__(ctx)
        self.id: Id | None = None
        self.opened: Opened | None = None
        self.action: NextAction | None = None
        self._at: Id | None = None
        self._fresh = True
        self.acts = PersonActs(ctx, self, write)
        self.head = DossierHead()
        self._banner, self._next, self._lawful, self._shut = Holder(), Holder(), Holder(), Holder()
        self.person, self.work = PersonColumn(), WorkColumn()
        self.middle = DossierMiddle(ctx)
        self._body = QWidget()
        self._lay_out()
        self._connect()
        self.set_title(say("dossier.title"))

    def _lay_out(self) -> None:
        body = QVBoxLayout(self._body)
        body.setContentsMargins(0, 0, 0, 0)
        body.setSpacing(theme.GAP)
        top = QHBoxLayout()
        top.setSpacing(theme.GAP)
        top.addWidget(self._next, 40)
        top.addWidget(self._lawful, 60)
        columns = QHBoxLayout()
        columns.setSpacing(theme.GAP)
        self.person.setFixedWidth(LEFT)
        self.work.setFixedWidth(RIGHT)
        columns.addWidget(self.person)
        columns.addWidget(self.middle, 1)
        columns.addWidget(self.work)
        body.addWidget(self._banner)
        body.addLayout(top)
        body.addLayout(columns, 1)
        self.content.addWidget(self.head)
        self.content.addWidget(self._body, 1)
        self.content.addWidget(self._shut, 1)
        self._show(None)

    def _connect(self) -> None:
        self.head.back_asked.connect(lambda: self.ctx.frame.go("candidates"))
        self.head.step_asked.connect(self.step)
        self.person.edit_asked.connect(self.acts.edit)
        self.work.document_opened.connect(self._show_document)
        self.work.drop_asked.connect(self._ask_files)
        self.work.task_ticked.connect(self._tick)
        self.work.task_asked.connect(self.acts.task)
        self.middle.note_asked.connect(self.acts.note)
        self.middle.proof_asked.connect(self._prove)
        self.middle.documents.compare_asked.connect(self.compare)
        keys: dict[str, Callable[[], object]] = {
            "F2": self.acts.edit, "Ctrl+PgDown": partial(self.step, 1),
            "Ctrl+PgUp": partial(self.step, -1), "V": self.middle.documents.turn,
            "C": self.compare,
        }  # fmt: skip
        for place in range(5):
            keys[str(place + 1)] = partial(self.middle.choose, place)
        for name, act in keys.items():
            bind(self, name, partial(self._awake, act))

    def _awake(self, act: Callable[[], object]) -> None:
        if not covered(self):
            act()

    # Reading.
    @override
    def affects(self, change: Change) -> bool:
        return change.touches("candidate", "mission") and (
            not change.ids or self.id is None or self.id in change.ids or change.touches("mission")
        )

    @override
    def open_at(self, argument: object) -> None:
        id, at = argument if isinstance(argument, tuple) else (argument, None)
        if not isinstance(id, bytes):
            return
        if id != self.id:
            self._fresh = True
            self._show(None)
            self.middle.choose(0)
        self.id, self._at = id, at if isinstance(at, bytes) else None
        self.ctx.dispatch(NoteView(id), owner=self, on_error=lambda _gone: None)
        self.refresh()

    @override
    def refresh(self) -> None:
        id = self.id
        if id is None:
            return
        self.ctx.read(
            lambda reading: opened(reading, id), owner=self, on_result=self._got,
            on_error=self._gone, slot="dossier",
        )  # fmt: skip

    def _gone(self, error: Exception) -> None:
        if isinstance(error, NotFound):
            # Erased, or joined elsewhere: nothing of it stays on the screen.
            self.id = None
            self._show(None)
            self.ctx.frame.go("candidates")
        self.ctx.frame.show_error(error)

    def _got(self, found: Opened) -> None:
        if found.id == self.id:
            self._show(found)

    def _show(self, found: Opened | None) -> None:
        self.opened = found
        self.acts.set_person(found)
        view = found.view if found is not None else None
        results = results_of(self.ctx)
        self.head.show_dossier(found, results.place_of(self.id), len(results.rids), results.text)
        self._body.setVisible(view is not None)
        shut = found is not None and view is None
        self._shut.hold(shut_panel(found, self.ctx.clock.today()) if shut else None)
        self.set_title(found.name if found is not None else say("dossier.title"))
        first = view is not None and self._fresh
        if found is not None and view is not None:
            self._show_view(found, view)
        if first:
            self._fresh = False
            self._focus_middle()
        self.foot_changed.emit()

    def _show_view(self, found: Opened, view: CandidateView) -> None:
        today = self.ctx.clock.today()
        readonly = "" if found.access is Access.OPEN else say("dossier.read_only")
        self._banner.hold(banner_of(found))
        self.action, panel = next_panel(view, today, KEYS, self._do_next)
        self._next.hold(panel)
        self._lawful.hold(lawful_panel(view, today, self._prove))
        self.person.show_person(view, readonly=readonly)
        self.work.show_work(view, today, readonly=readonly)
        self.middle.show_dossier(view, readonly=readonly)
        self.ctx.read(
            lambda reading: texts_of(reading, view), owner=self, on_result=self._texts_came,
            slot="texts",
        )  # fmt: skip

    def _texts_came(self, texts: dict[Id, str]) -> None:
        view = self.opened.view if self.opened is not None else None
        if view is not None:
            results = results_of(self.ctx)
            lit = results.text.split() if results.place_of(self.id) >= 0 else []
            self.middle.show_documents(view, texts, lit)
            if self._at is not None:
                self.middle.choose(CV)
                self.middle.documents.reveal(self._at)
                self._at = None

    def _show_document(self, row: object) -> None:
        id = getattr(row, "id", None)
        if isinstance(id, bytes) and self.middle.documents.reveal(id):
            self.middle.choose(CV)

    # Acts.
    @override
    def foot(self) -> Foot:
        note, call, task, export = self.acts.actions()
        main, others = self._main(call)
        if main is not None:
            rest = tuple(a for a in (note, call, task, export) if a.key != main.key)
            return Foot(main, rest)
        return Foot(Action(note.text, note.run, note.key, note.icon, reason=note.reason), others)

    def _main(self, call: Action) -> tuple[Action | None, tuple[Action, ...]]:
        """What is due is the main act where a key does it; otherwise writing a note is."""
        _note, _call, task, export = self.acts.actions()
        due = self.action.due if self.action is not None and self.opened is not None else None
        if due is Due.CALL:
            return call, ()
        if due is Due.TASK:
            reason = self.acts.cannot_edit
            return Action(say("dossier.task_done"), self._do_task, "F", "check", reason=reason), ()
        if due in (Due.INFORM, Due.LINK, Due.RENEW):
            return Action(say("dossier.see_message"), self._see_message, "M", "send"), ()
        return None, (call, task, export)

    def _do_next(self) -> None:
        main = self.foot().main
        if self.action is not None and main is not None and not main.reason:
            main.run()

    def _do_task(self) -> None:
        """F: the task that is due is done."""
        view, action = (self.opened.view if self.opened is not None else None), self.action
        if view is None or action is None:
            return
        due = (
            t
            for t in view.tasks
            if t.done_at is None and (t.text, t.due) == (action.about, action.by)
        )
        task = next(due, None)
        if task is not None:
            self._tick(task)
            again = partial(self.ctx.dispatch, CompleteTask(task.id, done=False), owner=self)
            self.ctx.frame.offer_undo(say("dossier.task_was_done", task=task.text), again)

    def _see_message(self) -> None:
        self.middle.choose(MESSAGES)

    def step(self, by: int) -> None:
        """The next or the previous person of the answer this dossier was opened from."""
        results = results_of(self.ctx)
        if results.place_of(self.id) < 0:
            return
        rid = results.step(by)
        if rid is None:
            return

        def arrived(rows: list[CandidateRow]) -> None:
            if rows:
                results.arrive(rows[0].id)
                self.ctx.frame.go("dossier", rows[0].id)

        self.ctx.read(lambda reading: candidate_rows(reading, [rid]), owner=self, slot="step",
                      on_result=arrived)  # fmt: skip

    def _prove(self) -> None:
        view = self.opened.view if self.opened is not None else None
        if view is not None:
            EvidenceSheet(view.name, view.consents, self.window()).open()

    def compare(self) -> None:
        """C: what changed since the version before."""
        if self.opened is None or self.opened.view is None:
            return
        found = versions_of(self.middle.documents.versions(), self.ctx.clock.today())
        if len(found) > 1:
            new, *older = found
            VersionsSheet(self.ctx, self.opened.name, new, older, self.window()).open()

    def _tick(self, task: object) -> None:
        id, done = getattr(task, "id", None), getattr(task, "done_at", None)
        if isinstance(id, bytes) and self.opened is not None and self.opened.access is Access.OPEN:
            self.ctx.dispatch(CompleteTask(id, done=done is None), owner=self)

    # Files.
    def _ask_files(self) -> None:
        dialog = QFileDialog(self.window(), say("dossier.drop"))
        dialog.setFileMode(QFileDialog.FileMode.ExistingFiles)
        dialog.filesSelected.connect(lambda names: self.add_files([Path(n) for n in names]))
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    def add_files(self, paths: list[Path]) -> None:
        """Add files to the dossier; a newer CV stands in front of the older one."""
        id = self.id
        if id is None or self.opened is None or self.opened.access is not Access.OPEN:
            return

        def read(_job: JobContext) -> list[FileData]:
            held = [p for p in paths if p.is_file() and p.stat().st_size <= LARGEST]
            return [FileData(name=p.name, data=p.read_bytes(), role="cv") for p in held]

        def write(files: list[FileData]) -> None:
            for file in files:
                self.ctx.dispatch(
                    AddDocument(id, file), owner=self, on_done=partial(self._added, file)
                )

        self.ctx.runner.submit(read, lane="io", owner=self, on_result=write,
                               on_error=self.ctx.frame.show_error)  # fmt: skip

    def _added(self, file: FileData, new: bool) -> None:
        self.ctx.frame.tell(say("dossier.added" if new else "dossier.had", file=file.name))

    # Window.
    @override
    def keys(self) -> list[tuple[str, str]]:
        return [
            ("F2", say("dossier.key_edit")), ("1 2 3", say("dossier.key_tabs")),
            ("V", say("dossier.key_text")), ("C", say("dossier.key_compare")),
            ("Ctrl+PgDown", say("dossier.key_next")),
            ("Ctrl+PgUp", say("dossier.key_previous")), ("Alt+Left", say("dossier.key_back")),
        ]  # fmt: skip

    @override
    def leave_escape(self) -> bool:
        self.ctx.frame.go("candidates")
        return True

    @override
    def panes(self) -> list[QWidget]:
        return [self.person, self.middle, self.work]

    @override
    def drawn_for(self, *, small: bool) -> None:
        self.person.setFixedWidth(LEFT_SMALL if small else LEFT)
        self.work.setFixedWidth(RIGHT_SMALL if small else RIGHT)

    @override
    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        QTimer.singleShot(0, self, self._focus_middle)

    def _focus_middle(self) -> None:
        if self.isVisible():
            self.middle.take_focus()
