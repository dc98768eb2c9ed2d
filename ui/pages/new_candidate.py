"""A dossier by hand in under a minute: who, from where, on what ground; known persons are told at once."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import QCompleter, QHBoxLayout, QVBoxLayout, QWidget
from typing_extensions import override

from clementine_crm.domain.ids import Id
from clementine_crm.domain.values import show_phone
from clementine_crm.errors import ClementineError, NotFound, ValidationError
from clementine_crm.jobs import JobContext
from clementine_crm.plugin_api import DocumentText, FileData
from clementine_crm.queries.candidates import filter_choices
from clementine_crm.queries.known import Known, persons_like
from clementine_crm.queries.missions import MissionRow, missions
from clementine_crm.services.candidates import AddCandidate
from ui.context import UiContext
from ui.errors import sentence
from ui.keys import bind
from ui.models.page_shelf import shelf_of
from ui.pages.triage_words import evidence_of
from ui.speech import say, words
from ui.widgets.button import Button
from ui.widgets.card import Panel
from ui.widgets.date_field import DateField
from ui.widgets.decision import Decision
from ui.widgets.drop_zone import DropZone
from ui.widgets.field import Choice, Field, Mark, Picture
from ui.widgets.text import Text

GROUNDS = ("applied", "sourced", "unknown")
PAIRS = (("given_name", "family_name"), ("email", "phone"), ("headline", "town"))
PAUSE_MS, LARGEST = 250, 40 * 1024 * 1024
_AT_FIELD = {"text": "evidence", "last_contact": "last_contact"}


class NewCandidate(Decision):
    """Ctrl N. Signals: ``made(Id)`` the dossier exists; ``known_opened(Id)`` an existing one was chosen."""

    made = Signal(bytes)
    known_opened = Signal(bytes)

    def __init__(self, ctx: UiContext, parent: QWidget) -> None:
        super().__init__(say("new_candidate.title"), say("new_candidate.act"), parent, width=680)
        self.ctx = ctx
        self.fields: dict[str, Field] = {}
        self.column.setSpacing(8)
        for names in PAIRS:
            self._row(*names)
        self.grounds: dict[str, Mark] = {}
        self._ground_row()
        self.mission = Choice(say("new_candidate.mission"), [(say("new_candidate.no_mission"), "")])
        self.last_contact = DateField(
            say("new_candidate.last_contact"), ctx.clock.today(), past=True
        )
        self._consequence = Text("", "second", "soft", wrap=True)
        self._why_row()
        self.drop = DropZone(say("new_candidate.drop"), say("new_candidate.choose"), "Ctrl+O")
        self.column.addWidget(self.drop)
        self._known_box = self._make_known_box()
        self.column.addWidget(self._known_box)
        self.close_with_buttons()
        bind(self, "Ctrl+O", self.drop.ask)
        self._pause = QTimer(self)
        self._pause.setSingleShot(True)
        self._pause.setInterval(PAUSE_MS)
        self._pause.timeout.connect(self._look)
        for name in ("given_name", "family_name", "email", "phone"):
            self.fields[name].changed.connect(lambda _text: self._pause.start())
        for field in self.fields.values():
            field.changed.connect(lambda _text: self._update())
        self.drop.changed.connect(self._read_files)
        ctx.read(
            lambda r: (filter_choices(r)["source"], missions(r)), owner=self, on_result=self._offer
        )
        self.fields["given_name"].setFocus()
        self._update()

    # Building.
    def _row(self, *names: str) -> None:
        row = QHBoxLayout()
        row.setSpacing(12)
        for name in names:
            field = Field(say(f"facts.{name}"))
            self.fields[name] = field
            row.addWidget(field, 1, Qt.AlignmentFlag.AlignTop)
        self.column.addLayout(row)

    def _ground_row(self) -> None:
        self.column.addWidget(Text(say("new_candidate.ground"), "second", "soft"))
        holder = QWidget()
        holder.setAccessibleName(say("new_candidate.ground"))
        row = QHBoxLayout(holder)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(14)
        for place, ground in enumerate(GROUNDS):
            mark = Mark(say(f"new_candidate.{ground}"), "radio", checked=place == 0)
            mark.toggled.connect(lambda _on=False: self._update())
            self.grounds[ground] = mark
            row.addWidget(mark)
        row.addStretch(1)
        self.column.addWidget(holder)

    def _why_row(self) -> None:
        """Where from, and what goes with the ground: a mission, or the last contact."""
        row = QHBoxLayout()
        row.setSpacing(12)
        source = Field(say("new_candidate.source"), ghost=say("new_candidate.source_ghost"))
        evidence = Field(say("new_candidate.evidence"), ghost=say("new_candidate.evidence_ghost"))
        self.fields |= {"source": source, "evidence": evidence}
        row.addWidget(source, 1, Qt.AlignmentFlag.AlignTop)
        row.addWidget(evidence, 1, Qt.AlignmentFlag.AlignTop)
        self.column.addLayout(row)
        below = QHBoxLayout()
        below.setSpacing(12)
        self._mission_box = QWidget()
        column = QVBoxLayout(self._mission_box)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        label = Text(say("new_candidate.mission"), "second", "soft")
        label.setBuddy(self.mission)
        column.addWidget(label)
        column.addWidget(self.mission)
        below.addWidget(self._mission_box, 1)
        below.addWidget(self.last_contact, 1)
        below.addWidget(self._consequence, 1)
        self.column.addLayout(below)
        self.mission.currentIndexChanged.connect(lambda _n: self._update())

    def _make_known_box(self) -> QWidget:
        box = Panel("care_wash", "", 8)
        row = QHBoxLayout(box)
        row.setContentsMargins(12, 6, 8, 6)
        row.setSpacing(8)
        row.addWidget(Picture("merge", "care", 15))
        self._known_text = Text("", "second", "care", wrap=True)
        self._known_open = Button(say("new_candidate.open_known"), "link", height=28)
        self._known_open.clicked.connect(lambda _=False: self._open_known())
        row.addWidget(self._known_text, 1)
        row.addWidget(self._known_open)
        self._known: Known | None = None
        box.setVisible(False)
        return box

    def _offer(self, found: tuple[list[str], list[MissionRow]]) -> None:
        sources, held = found
        completer = QCompleter(sources, self)
        completer.setCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
        # What is likely stands in the field as it is typed: nothing pops up over the form.
        completer.setCompletionMode(QCompleter.CompletionMode.InlineCompletion)
        self.fields["source"].box.setCompleter(completer)
        for mission in held:
            if mission.open:
                self.mission.addItem(f"{mission.reference} · {mission.title}", mission.reference)

    # While it is typed.
    @property
    def ground(self) -> str:
        """Why the person may be held."""
        return next(name for name, mark in self.grounds.items() if mark.isChecked())

    def value(self, name: str) -> str:
        """What stands in a field."""
        return self.fields[name].text().strip()

    def _update(self) -> None:
        applied = self.ground == "applied"
        self._mission_box.setVisible(applied)
        self.last_contact.setVisible(self.ground == "unknown")
        key = self.ground
        if applied:
            key = "applied_for" if self.mission.currentData() else "applied_for_none"
        self._consequence.setText(say(f"new_candidate.then_{key}"))
        self.act.set_reason(self._missing())

    def _missing(self) -> str:
        if not (self.value("given_name") or self.value("family_name")):
            return say("new_candidate.missing_name")
        return "" if self.value("source") else say("new_candidate.missing_source")

    def _look(self) -> None:
        """Is it somebody we know? Asked at every pause."""
        given, family, email, phone = map(
            self.value, ("given_name", "family_name", "email", "phone")
        )
        self.ctx.read(
            lambda reading: persons_like(reading, given, family, email, phone), owner=self,
            on_result=self._looked, slot="known",
        )  # fmt: skip

    def _looked(self, found: tuple[Known, ...]) -> None:
        self._known = next((known for known in found), None)
        self._known_box.setVisible(self._known is not None)
        if self._known is not None:
            key = "known" if self._known.likely else "namesake"
            self._known_text.setText(
                say(f"new_candidate.{key}", name=self._known.name,
                    headline=self._known.headline or "–", marks=evidence_of(self._known))
            )  # fmt: skip

    def _open_known(self) -> None:
        if self._known is not None:
            known = self._known
            self.reject()
            self.known_opened.emit(known.dossier)

    # The CV.
    def _read_files(self) -> None:
        """Propose what the first file says, in the fields that are still empty."""
        paths = self.drop.paths
        if not paths:
            return

        def job(_job: JobContext) -> bytes:
            return paths[-1].read_bytes() if paths[-1].stat().st_size <= LARGEST else b""

        def read(data: bytes) -> None:
            if data:
                shelf_of(self.ctx).read(data, paths[-1].name, owner=self, on_ready=self._propose)

        self.ctx.runner.submit(
            job, lane="io", owner=self, on_result=read, on_error=lambda _error: None
        )

    def _propose(self, text: DocumentText) -> None:
        for name, field in self.fields.items():
            if field.text().strip():
                continue
            value = next((f.value for f in text.fields if f.name == name), "")
            if value:
                field.set_text(show_phone(value) if name == "phone" else value)

    # Done.
    @override
    def do(self) -> None:
        if self._missing() or not self.last_contact.readable():
            return
        self.act.set_reason(say("ask.working"))
        paths = self.drop.paths
        self.ctx.runner.submit(
            lambda _job: _files(paths), lane="io", owner=self, on_result=self._write,
            on_error=self._refused,
        )  # fmt: skip

    def _write(self, files: tuple[FileData, ...]) -> None:
        applied = self.ground == "applied"
        unknown = self.ground == "unknown"
        command = AddCandidate(
            self.value("given_name"), self.value("family_name"), self.value("source"), self.ground,
            email=self.value("email"), phone=self.value("phone"), headline=self.value("headline"),
            town=self.value("town"), lang=words().lang, evidence=self.value("evidence"),
            mission=str(self.mission.currentData() or "") if applied else "",
            last_contact=self.last_contact.day() if unknown else None, files=files,
        )  # fmt: skip
        self.ctx.dispatch(command, owner=self, on_done=self._done, on_error=self._refused)

    def _done(self, id: Id) -> None:
        self.accept()
        self.made.emit(id)

    def _refused(self, error: Exception) -> None:
        self._update()
        name = error.field if isinstance(error, ValidationError) else ""
        if getattr(error, "key", "") == "last_contact_too_old":
            name = "last_contact"
        field: Field | None = self.fields.get(_AT_FIELD.get(name, name))
        if name == "last_contact":
            field = self.last_contact
        if field is not None and isinstance(error, ClementineError):
            field.set_error(sentence(error, words()))
            field.setFocus()
        else:
            self.ctx.frame.show_error(error)


def _files(paths: tuple[Path, ...]) -> tuple[FileData, ...]:
    """The bytes of what was dropped; the first is the CV."""
    made = []
    for place, path in enumerate(paths):
        try:
            data = path.read_bytes()
        except OSError as error:
            raise NotFound("no_such_file", path=path.name) from error
        made.append(FileData(name=path.name, data=data, role="cv" if place == 0 else "other"))
    return tuple(made)
