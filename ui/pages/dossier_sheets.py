"""What is written on a dossier in one key each: a note, a call, a task; and its values corrected."""

from __future__ import annotations

from datetime import timedelta

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QWidget
from typing_extensions import override

from clementine_crm.domain.activity import CALL_OUTCOMES
from clementine_crm.domain.ids import Id
from clementine_crm.domain.values import show_phone
from clementine_crm.errors import StaleData, ValidationError
from clementine_crm.queries.dossier import CandidateView, PointRow
from clementine_crm.services.activities import AddCall, AddNote, AddTask
from clementine_crm.services.candidates import (
    AddContactPoint,
    AddTags,
    CellEdit,
    EditCandidate,
    RemoveRow,
)
from ui.context import UiContext
from ui.errors import sentence
from ui.speech import say, words
from ui.widgets.area import Area
from ui.widgets.date_field import DateField
from ui.widgets.decision import Decision
from ui.widgets.field import Field, Mark
from ui.widgets.text import Text


class PersonSheet(Decision):
    """A sheet about one person: it sends a command, shows its refusal, or closes."""

    def __init__(
        self, ctx: UiContext, title: str, act: str, parent: QWidget, width: int = 520
    ) -> None:
        super().__init__(title, act, parent, width=width)
        self.ctx = ctx

    def send(self, command: object) -> None:
        """Write it; grey meanwhile."""
        self.act.set_reason(say("ask.working"))
        self.ctx.dispatch(
            command, owner=self, on_done=lambda _r: self._sent(), on_error=self._refused
        )

    def _sent(self) -> None:
        self.accept()

    def _refused(self, error: Exception) -> None:
        self.act.set_reason("")
        self.tell(error)

    def tell(self, error: Exception) -> None:
        """Show what was refused; a subclass knows its fields."""
        self.ctx.frame.show_error(error)


class NoteSheet(PersonSheet):
    """N: a note. The person can read it, and that stands under the field for good."""

    def __init__(self, ctx: UiContext, dossier: Id, name: str, parent: QWidget) -> None:
        super().__init__(ctx, say("note.title", name=name), say("note.act"), parent)
        self._dossier = dossier
        self.text = Area(say("note.text"), hint=say("note.hint"), lines=6)
        self.column.addWidget(self.text)
        self.close_with_buttons()
        self.text.changed.connect(lambda _text: self._update())
        self.text.setFocus()
        self._update()

    def _update(self) -> None:
        self.act.set_reason("" if self.text.text() else say("note.missing"))

    @override
    def do(self) -> None:
        self.send(AddNote(self._dossier, self.text.text()))

    @override
    def tell(self, error: Exception) -> None:
        self.text.set_error(sentence(error, words()))
        self.text.setFocus()


class CallSheet(PersonSheet):
    """A: a call. How it ended, what was said, what comes next and when (then it is a task)."""

    def __init__(
        self, ctx: UiContext, dossier: Id, name: str, phones: tuple[str, ...], parent: QWidget,
    ) -> None:  # fmt: skip
        super().__init__(ctx, say("call.title", name=name), say("call.act"), parent)
        self._dossier = dossier
        if phones:
            self.column.addWidget(Text(say("call.numbers", numbers=", ".join(phones)), "strong"))
        self.outcomes: dict[str, Mark] = {}
        grid = QGridLayout()
        grid.setVerticalSpacing(2)
        group = QWidget()
        group.setAccessibleName(say("call.outcome"))
        group.setLayout(grid)
        grid.setContentsMargins(0, 0, 0, 0)
        for place, outcome in enumerate(CALL_OUTCOMES):
            mark = Mark(say(f"outcomes.{outcome}"), "radio", checked=place == 0)
            self.outcomes[outcome] = mark
            grid.addWidget(mark, place // 2, place % 2, Qt.AlignmentFlag.AlignLeft)
        self.text = Area(say("call.text"), hint=say("note.hint"), lines=4)
        self.step = Field(say("call.step"), ghost=say("call.step_ghost"))
        self.on = DateField(say("call.on"), ctx.clock.today())
        self.column.addWidget(group)
        self.column.addWidget(self.text)
        row = QHBoxLayout()
        row.setSpacing(12)
        row.addWidget(self.step, 3)
        row.addWidget(self.on, 2)
        self.column.addLayout(row)
        self.close_with_buttons()
        self.outcomes[CALL_OUTCOMES[0]].setFocus()

    @property
    def outcome(self) -> str:
        """How the call ended."""
        return next(name for name, mark in self.outcomes.items() if mark.isChecked())

    @override
    def do(self) -> None:
        if not self.on.readable():
            return
        if self.on.day() is not None and not self.step.text().strip():
            self.step.set_error(say("call.step_missing"))
            self.step.setFocus()
            return
        self.send(
            AddCall(self._dossier, self.outcome, self.text.text(), self.step.text().strip(),
                    self.on.day())
        )  # fmt: skip

    @override
    def tell(self, error: Exception) -> None:
        about_next = isinstance(error, ValidationError) and error.field == "next_step"
        field = self.step if about_next else self.text
        field.set_error(sentence(error, words()))
        field.setFocus()


class PersonTaskSheet(PersonSheet):
    """T: something to do for this person, by a day."""

    def __init__(self, ctx: UiContext, dossier: Id, name: str, parent: QWidget) -> None:
        super().__init__(ctx, say("person_task.title", name=name), say("person_task.act"), parent)
        self._dossier = dossier
        today = ctx.clock.today()
        self.text = Field(say("person_task.text"), ghost=say("person_task.ghost"))
        self.due = DateField(say("person_task.due"), today)
        self.due.set_day(today + timedelta(days=1))
        for field in (self.text, self.due):
            self.column.addWidget(field)
            field.box.returnPressed.connect(self._press)
        self.close_with_buttons()
        self.text.changed.connect(lambda _text: self._update())
        self.text.setFocus()
        self._update()

    def _update(self) -> None:
        self.act.set_reason("" if self.text.text().strip() else say("person_task.missing"))

    @override
    def do(self) -> None:
        if self.due.readable():
            self.send(AddTask(self._dossier, self.text.text(), self.due.day()))

    @override
    def tell(self, error: Exception) -> None:
        self.text.set_error(sentence(error, words()))
        self.text.setFocus()


CELLS = (
    ("given_name", "family_name"),
    ("headline",),
    ("town", "availability"),
    ("postal_address",),
)


class EditSheet(PersonSheet):
    """F2: the head of a dossier, its addresses and its tags."""

    def __init__(
        self, ctx: UiContext, view: CandidateView, parent: QWidget, first: str = ""
    ) -> None:
        super().__init__(ctx, say("edit.title", name=view.name), say("edit.act"), parent,
                         width=600)  # fmt: skip
        self._view = view
        self._was = {cell: str(getattr(view, cell)) for row in CELLS for cell in row}
        self.fields: dict[str, Field] = {}
        for cells in CELLS:
            self._row(*((cell, self._was[cell]) for cell in cells))
        for kind in ("email", "phone"):
            self._was[kind] = ", ".join(_shown(p) for p in view.points if p.kind == kind)
        self._was["tags"] = ", ".join(tag.name for tag in view.tags)
        self._row(("email", self._was["email"]), ("phone", self._was["phone"]))
        self._row(("tags", self._was["tags"]))
        self.column.addWidget(Text(say("edit.lists"), "note", "soft", wrap=True))
        self.close_with_buttons()
        self.fields.get(first, self.fields["given_name"]).setFocus()
        self._left: list[object] = []

    def _row(self, *cells: tuple[str, str]) -> None:
        row = QHBoxLayout()
        row.setSpacing(12)
        for cell, value in cells:
            field = Field(say(f"facts.{cell}"), text=value)
            self.fields[cell] = field
            row.addWidget(field, 1)
            row.setAlignment(field, Qt.AlignmentFlag.AlignTop)
        self.column.addLayout(row)

    def commands(self) -> list[object]:
        """What was changed, as commands in order."""
        made: list[object] = []
        cells = [cell for row in CELLS for cell in row]
        edits = tuple(
            CellEdit(cell, self._was[cell], self.fields[cell].text().strip())
            for cell in cells
            if self.fields[cell].text().strip() != self._was[cell]
        )
        if edits:
            made.append(EditCandidate(self._view.id, edits))
        for kind in ("email", "phone"):
            made += self._points(kind)
        return [*made, *self._tags()]

    def _points(self, kind: str) -> list[object]:
        held = {_shown(p): p.id for p in self._view.points if p.kind == kind}
        now = _parts(self.fields[kind].text())
        added = [AddContactPoint(self._view.id, kind, v) for v in now if v not in held]
        gone = [
            RemoveRow(self._view.id, id, "contact_point") for v, id in held.items() if v not in now
        ]
        return [*added, *gone]

    def _tags(self) -> list[object]:
        held = {tag.name: tag.id for tag in self._view.tags}
        now = _parts(self.fields["tags"].text())
        new = tuple(name for name in now if name not in held)
        made: list[object] = [AddTags(self._view.id, new)] if new else []
        return made + [
            RemoveRow(self._view.id, id, "tag") for name, id in held.items() if name not in now
        ]

    @override
    def do(self) -> None:
        self._left = self.commands()
        self._next()

    def _next(self) -> None:
        """One command after the other: what is refused shows at its field, the rest is written."""
        if not self._left:
            self._sent()
            return
        command = self._left.pop(0)
        self.act.set_reason(say("ask.working"))
        self.ctx.dispatch(
            command, owner=self, on_done=lambda _r: self._written(command), on_error=self._refused
        )

    def _written(self, command: object) -> None:
        if isinstance(command, EditCandidate):
            self._was |= {edit.cell: edit.now for edit in command.edits}
        self._next()

    @override
    def tell(self, error: Exception) -> None:
        name = getattr(error, "field", "")
        if isinstance(error, StaleData):
            # Both values in the sentence, the newest proposed in the field.
            name = str(error.params["cell"])
            self._was[name] = str(error.params["theirs"])
            self.fields[name].set_text(self._was[name])
        if name == "text":
            name = "tags"
        field = self.fields.get(name)
        if field is None or not isinstance(error, (ValidationError, StaleData)):
            self.ctx.frame.show_error(error)
            return
        field.set_error(sentence(error, words()))
        field.setFocus()


def _shown(point: PointRow) -> str:
    return show_phone(point.value) if point.kind == "phone" else point.value


def _parts(text: str) -> list[str]:
    return list(dict.fromkeys(filter(None, (part.strip() for part in text.split(",")))))
