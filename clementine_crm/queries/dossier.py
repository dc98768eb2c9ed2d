"""One candidate's dossier as it is opened: head, rows, thread, right to keep."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from clementine_crm.domain.agency import Right
from clementine_crm.domain.consent import permitted
from clementine_crm.domain.consent_model import Permissions
from clementine_crm.domain.ids import Id, show_id
from clementine_crm.errors import NotFound
from clementine_crm.queries.consents import ConsentLine, Standing, explain, standing
from clementine_crm.queries.documents import DocumentRow, in_front
from clementine_crm.queries.reading import Reading
from clementine_crm.queries.tasks import TaskRow, in_order
from clementine_crm.queries.whole import Rows, whole
from clementine_crm.store import derived_tables, tables


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


_OF_DOSSIER = (
    tables.candidate,
    tables.contact_point,
    tables.skill,
    tables.work_experience,
    tables.education,
    tables.tag,
    tables.provenance,
    tables.application,
    tables.document,
    tables.activity,
    tables.task,
    tables.consent_record,
    tables.consent_event,
    tables.outbox_message,
    derived_tables.consent_span,
)
_AROUND = {
    tables.user: "1 = 1",
    tables.mission: "id IN (SELECT mission FROM application WHERE dossier = :dossier)",
    tables.notice_version: "id IN (SELECT notice_version FROM consent_record "
    "WHERE dossier = :dossier UNION SELECT notice_version FROM consent_event "
    "WHERE dossier = :dossier)",
}


def candidate(reading: Reading, id: Id) -> CandidateView:
    """One dossier whole, in one statement; NotFound ``no_such_dossier`` when it is none."""
    with reading.connect(Right.SEE_PERSONS) as connection:
        found = whole(connection, id, _OF_DOSSIER, _AROUND)
    if not found["candidate"]:
        raise NotFound("no_such_dossier", id=show_id(id))
    return _view(found, reading.today)


def _view(found: dict[str, Rows], today: date) -> CandidateView:
    r = found["candidate"][0]
    users = {u.id: u.name for u in found["user"]}
    spans = [s for s in found["consent_span"] if s.start <= today <= (s.end or date.max)]
    stands = standing(spans)
    skills = found["skill"]
    applications = _applications(found)
    documents = in_front(found["document"])
    name = f"{r.given_name} {r.family_name}".strip()
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
        stands,
        permitted(stands.use),
        tuple(PointRow(p.id, p.kind, p.value) for p in found["contact_point"]),
        tuple(NamedRow(s.id, s.name, s.level, s.confirmed) for s in skills if s.kind == "skill"),
        tuple(NamedRow(s.id, s.name, s.level, s.confirmed) for s in skills if s.kind != "skill"),
        tuple(_named(w.id, w.title, w.company, w.period) for w in found["work_experience"]),
        tuple(_named(e.id, e.diploma, e.school, e.period) for e in found["education"]),
        tuple(NamedRow(t.id, t.name) for t in found["tag"]),
        applications,
        documents,
        tuple(in_order(found["task"])),
        _thread(found, applications, documents, users),
        tuple(
            explain(
                found["consent_record"],
                found["consent_event"],
                found["notice_version"],
                name,
                today,
            )
        ),
        tuple(
            Origin(tuple(p.cell_names.split()), p.source, p.captured_at, p.evidence)
            for p in reversed(found["provenance"])
        ),
    )


def _named(id: Id, first: str, second: str, period: str) -> NamedRow:
    return NamedRow(id, " · ".join(filter(None, (first, second))), period)


def _applications(found: dict[str, Rows]) -> tuple[ApplicationRow, ...]:
    titles = {m.id: m.title for m in found["mission"]}
    made = [
        ApplicationRow(
            a.id,
            a.reference,
            titles.get(a.mission, ""),
            a.position,
            a.stage,
            a.attempt,
            a.source,
            a.form,
            a.received_at,
            a.motivation,
        )
        for a in found["application"]
    ]
    return tuple(reversed(made))


def _thread(
    found: dict[str, Rows],
    applications: tuple[ApplicationRow, ...],
    documents: tuple[DocumentRow, ...],
    users: dict[Id, str],
) -> tuple[ThreadLine, ...]:
    lines = [
        ThreadLine(a.kind, a.at, "", a.text, users.get(a.by, ""), a.outcome, a.next_step)
        for a in found["activity"]
    ]
    lines += [
        ThreadLine("application", a.received_at, a.reference, a.title or a.position)
        for a in applications
        if a.received_at
    ]
    lines += [ThreadLine("document", d.received_at, d.name) for d in documents if d.received_at]
    purposes = {c.id: c.purpose for c in found["consent_record"]}
    lines += [
        ThreadLine("consent", e.received_time, e.type, e.answer, outcome=purposes.get(e.record, ""))
        for e in found["consent_event"]
    ]
    lines += [
        ThreadLine("message", m.created_at, m.subject, m.body, outcome=m.state)
        for m in found["outbox_message"]
    ]
    return tuple(sorted(lines, key=lambda line: line.at, reverse=True))
