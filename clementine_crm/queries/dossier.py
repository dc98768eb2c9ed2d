"""One candidate's dossier as it is opened: head, rows, thread, right to keep."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, Row, select

from clementine_crm.domain.agency import Right
from clementine_crm.domain.consent import permitted
from clementine_crm.domain.consent_model import Permissions
from clementine_crm.domain.ids import Id, show_id
from clementine_crm.errors import NotFound
from clementine_crm.queries.consents import NOBODY, ConsentLine, Standing, lines_of, standings
from clementine_crm.queries.documents import DocumentRow, documents_of
from clementine_crm.queries.reading import Reading, rows
from clementine_crm.queries.tasks import TaskRow, tasks_of
from clementine_crm.store import tables


@dataclass(frozen=True)
class PointRow:
    """An e-mail, phone or link."""

    id: Id
    kind: str
    value: str


@dataclass(frozen=True)
class NamedRow:
    """A skill, language, tag, employer or diploma with what is known beside it."""

    id: Id
    name: str
    detail: str = ""
    confirmed: bool = False


@dataclass(frozen=True)
class ApplicationRow:
    """One application; ``reference`` and ``title`` are the mission's, empty = spontaneous."""

    id: Id
    reference: str
    title: str
    position: str
    stage: str
    attempt: int
    source: str
    form: str
    received_at: datetime | None
    motivation: str


@dataclass(frozen=True)
class ThreadLine:
    """One line of the thread, newest first. ``kind``: note, call, mail, meeting, event,
    application, document, consent, message (waiting in the outbox).
    """

    kind: str
    at: datetime
    title: str
    text: str = ""
    by: str = ""
    outcome: str = ""
    next_step: str = ""


@dataclass(frozen=True)
class Origin:
    """Where values come from: ``cells`` they are, ``source``, when, and the evidence."""

    cells: tuple[str, ...]
    source: str
    at: datetime
    evidence: str


@dataclass(frozen=True)
class CandidateView:
    """Everything the dossier's screen shows; ``allowed`` is what may be done with the person."""

    id: Id
    given_name: str
    family_name: str
    headline: str
    town: str
    postal_address: str
    availability: str
    lang: str
    source: str
    owner: str
    created_at: datetime | None
    last_contact: date | None
    standing: Standing
    allowed: Permissions
    points: tuple[PointRow, ...]
    skills: tuple[NamedRow, ...]
    languages: tuple[NamedRow, ...]
    experience: tuple[NamedRow, ...]
    education: tuple[NamedRow, ...]
    tags: tuple[NamedRow, ...]
    applications: tuple[ApplicationRow, ...]
    documents: tuple[DocumentRow, ...]
    tasks: tuple[TaskRow, ...]
    thread: tuple[ThreadLine, ...]
    consents: tuple[ConsentLine, ...]
    origins: tuple[Origin, ...]

    @property
    def name(self) -> str:
        return f"{self.given_name} {self.family_name}".strip()


def candidate(reading: Reading, id: Id) -> CandidateView:
    """One dossier whole; NotFound ``no_such_dossier`` when it is gone or no candidate's."""
    with reading.connect(Right.SEE_PERSONS) as connection:
        table = tables.candidate
        found = rows(connection, table, table.c.id == id)
        if not found:
            raise NotFound("no_such_dossier", id=show_id(id))
        return _view(connection, found[0], reading.today)


def _view(connection: Connection, r: Row[Any], today: date) -> CandidateView:
    def of(table: Any) -> list[Row[Any]]:
        return list(rows(connection, table, table.c.dossier == r.id))

    users = {u.id: u.name for u in rows(connection, tables.user)}
    standing = standings(connection, [r.id], today).get(r.id, NOBODY)
    applications = _applications(connection, of(tables.application))
    documents = documents_of(connection, r.id)
    consents = tuple(lines_of(connection, today, r.id))
    skills = of(tables.skill)
    return CandidateView(
        r.id,
        r.given_name,
        r.family_name,
        r.headline,
        r.town,
        r.postal_address,
        r.availability,
        r.lang,
        r.source,
        users.get(r.owner, ""),
        r.created_at,
        r.last_contact,
        standing,
        permitted(standing.use),
        tuple(PointRow(p.id, p.kind, p.value) for p in of(tables.contact_point)),
        tuple(NamedRow(s.id, s.name, s.level, s.confirmed) for s in skills if s.kind == "skill"),
        tuple(NamedRow(s.id, s.name, s.level, s.confirmed) for s in skills if s.kind != "skill"),
        tuple(_experience(w) for w in of(tables.work_experience)),
        tuple(_education(e) for e in of(tables.education)),
        tuple(NamedRow(t.id, t.name) for t in of(tables.tag)),
        applications,
        documents,
        tuple(tasks_of(connection, r.id)),
        _thread(connection, r.id, of(tables.activity), applications, documents, users),
        consents,
        tuple(
            Origin(tuple(p.cell_names.split()), p.source, p.captured_at, p.evidence)
            for p in reversed(of(tables.provenance))
        ),
    )


def _experience(row: Row[Any]) -> NamedRow:
    name = " · ".join(filter(None, (row.title, row.company)))
    return NamedRow(row.id, name, row.period)


def _education(row: Row[Any]) -> NamedRow:
    name = " · ".join(filter(None, (row.diploma, row.school)))
    return NamedRow(row.id, name, row.period)


def _applications(connection: Connection, held: list[Row[Any]]) -> tuple[ApplicationRow, ...]:
    mission = tables.mission
    wanted = [a.mission for a in held if a.mission]
    titles = {m.id: m for m in connection.execute(select(mission).where(mission.c.id.in_(wanted)))}

    def title(a: Row[Any]) -> str:
        return titles[a.mission].title if a.mission in titles else ""

    made = [
        ApplicationRow(
            a.id,
            a.reference,
            title(a),
            a.position,
            a.stage,
            a.attempt,
            a.source,
            a.form,
            a.received_at,
            a.motivation,
        )
        for a in held
    ]
    return tuple(reversed(made))


def _thread(
    connection: Connection,
    dossier: Id,
    activities: list[Row[Any]],
    applications: tuple[ApplicationRow, ...],
    documents: tuple[DocumentRow, ...],
    users: dict[Id, str],
) -> tuple[ThreadLine, ...]:
    lines = [
        ThreadLine(a.kind, a.at, "", a.text, users.get(a.by, ""), a.outcome, a.next_step)
        for a in activities
    ]
    lines += [
        ThreadLine("application", a.received_at, a.reference, a.title or a.position)
        for a in applications
        if a.received_at
    ]
    lines += [ThreadLine("document", d.received_at, d.name) for d in documents if d.received_at]
    record = tables.consent_record
    purposes = {c.id: c.purpose for c in rows(connection, record, record.c.dossier == dossier)}
    event = tables.consent_event
    lines += [
        ThreadLine("consent", e.received_time, e.type, e.answer, outcome=purposes.get(e.record, ""))
        for e in rows(connection, event, event.c.dossier == dossier)
    ]
    outbox = tables.outbox_message
    lines += [
        ThreadLine("message", m.created_at, m.subject, m.body, outcome=m.state)
        for m in connection.execute(select(outbox).where(outbox.c.dossier == dossier))
    ]
    return tuple(sorted(lines, key=lambda line: line.at, reverse=True))
