"""Notes, calls and dated tasks on a dossier."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from clementine_crm.domain.activity import CALL, CALL_OUTCOMES, NOTE, REACHED, Activity, Task
from clementine_crm.domain.candidate import Candidate
from clementine_crm.domain.forbidden import refuse_identifiers
from clementine_crm.domain.ids import Id
from clementine_crm.errors import ValidationError
from clementine_crm.services.work import Command, OnDossier, Work, handles


def checked_text(text: str, field: str = "text") -> str:
    """Free text about a person: never empty, never a social-security or account number (6.3)."""
    text = text.strip()
    if not text:
        raise ValidationError("text_missing", field=field)
    refuse_identifiers(text, field=field)
    return text


@dataclass(frozen=True)
class AddNote(OnDossier[Id]):
    """A note on any dossier. The person can read it."""

    text: str


@handles(AddNote)
def add_note(command: AddNote, work: Work) -> Id:
    return _record(work, command.dossier, NOTE, checked_text(command.text))


@dataclass(frozen=True)
class AddCall(OnDossier[Id]):
    """A call: its outcome, what was said, what comes next (with a date it becomes a task)."""

    outcome: str
    text: str = ""
    next_step: str = ""
    next_on: date | None = None


@handles(AddCall)
def add_call(command: AddCall, work: Work) -> Id:
    if command.outcome not in CALL_OUTCOMES:
        raise ValidationError("call_outcome_unknown", field="outcome", value=command.outcome)
    text = checked_text(command.text) if command.text.strip() else ""
    step = checked_text(command.next_step, "next_step") if command.next_step.strip() else ""
    activity = _record(work, command.dossier, CALL, text, command.outcome, step)
    if step and command.next_on:
        _task(work, command.dossier, step, command.next_on)
    if command.outcome == REACHED:
        _contacted(work, command.dossier)
    return activity


@dataclass(frozen=True)
class AddTask(OnDossier[Id]):
    """Something to do by a day, for oneself."""

    text: str
    due: date | None = None


@handles(AddTask)
def add_task(command: AddTask, work: Work) -> Id:
    return _task(work, command.dossier, checked_text(command.text), command.due)


@dataclass(frozen=True)
class CompleteTask(Command[Id]):
    """Tick a task; ``done`` False takes the tick back."""

    id: Id
    done: bool = True


@handles(CompleteTask)
def complete_task(command: CompleteTask, work: Work) -> Id:
    task = work.uow.get(Task, command.id)
    task.done_at = work.clock.now() if command.done else None
    return task.dossier


def _record(
    work: Work, dossier: Id, kind: str, text: str, outcome: str = "", next_step: str = ""
) -> Id:
    work.uow.kind_of(dossier)
    activity = Activity(
        dossier,
        kind,
        work.clock.now(),
        text,
        by=work.actor.id,
        outcome=outcome,
        next_step=next_step,
    )
    work.uow.add(activity)
    work.uow.put_text(dossier, activity.id, text)
    return activity.id


def _task(work: Work, dossier: Id, text: str, due: date | None) -> Id:
    work.uow.kind_of(dossier)
    task = Task(dossier, text, due=due, assignee=work.actor.id, created_at=work.clock.now())
    work.uow.add(task)
    return task.id


def _contacted(work: Work, dossier: Id) -> None:
    for candidate in work.uow.find(Candidate, id=dossier):
        candidate.last_contact = work.clock.today()
