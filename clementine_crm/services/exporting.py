"""Everything held on one person, gathered for the person (``gdpr.md`` section 3)."""

from __future__ import annotations

from dataclasses import dataclass, fields
from datetime import date, datetime
from typing import Any, ClassVar

from clementine_crm.domain.activity import Activity, Task
from clementine_crm.domain.agency import AuditEvent, NoticeVersion, Right, User
from clementine_crm.domain.application import Application, StageTransition
from clementine_crm.domain.candidate import (
    Candidate,
    ContactPoint,
    Education,
    Provenance,
    Skill,
    Tag,
    WorkExperience,
)
from clementine_crm.domain.consent import due
from clementine_crm.domain.consent_evidence import count_grants, dpv_status
from clementine_crm.domain.consent_model import ConsentEvent, ConsentRecord
from clementine_crm.domain.document import Document
from clementine_crm.domain.ids import Id, show_id
from clementine_crm.errors import Corrupt, NotFound
from clementine_crm.services.work import OnDossier, Work, handles

Section = list[dict[str, Any]] | dict[str, Any]


@dataclass(frozen=True)
class PersonFile:
    """What is held on a person: ``sections`` by file name, plain values; ``documents`` as
    (name, bytes), names unique; ``lost`` names documents whose bytes are missing or damaged.
    """

    name: str
    sections: dict[str, Section]
    documents: tuple[tuple[str, bytes], ...]
    emails: tuple[str, ...] = ()
    phones: tuple[str, ...] = ()
    lost: tuple[str, ...] = ()


@dataclass(frozen=True)
class ExportCandidate(OnDossier[PersonFile]):
    """Gather all of one dossier. ``reason`` is asked and logged."""

    reason: str = ""
    needs: ClassVar[Right] = Right.EXPORT


@handles(ExportCandidate)
def export_candidate(command: ExportCandidate, work: Work) -> PersonFile:
    dossier = command.dossier
    candidate = work.uow.get(Candidate, dossier)
    points = work.uow.find(ContactPoint, dossier=dossier)
    documents, listed, lost = _documents(work, dossier)
    sections: dict[str, Section] = {
        "person": {
            **_plain(candidate),
            "contact_points": _rows(work, ContactPoint, dossier),
            "work_experience": _rows(work, WorkExperience, dossier),
            "education": _rows(work, Education, dossier),
            "skills": _rows(work, Skill, dossier),
            "tags": _rows(work, Tag, dossier),
            "provenance": _rows(work, Provenance, dossier),
        },
        "consents": _consents(work, dossier),
        "applications": [
            {**_plain(a), "stages": [_plain(t) for t in _stages(work, a)]}
            for a in work.uow.find(Application, dossier=dossier)
        ],
        "messages": _messages(work, dossier),
        "notes": _rows(work, Activity, dossier),
        "tasks": _rows(work, Task, dossier),
        "tests": [],
        "disclosures": _disclosures(work, dossier),
        "documents": listed,
    }
    return PersonFile(
        candidate.full_name,
        sections,
        documents,
        tuple(p.value for p in points if p.kind == "email"),
        tuple(p.value for p in points if p.kind == "phone"),
        lost,
    )


def _stages(work: Work, application: Application) -> list[StageTransition]:
    return work.uow.find(StageTransition, application=application.id)


def _rows(work: Work, cls: type[Any], dossier: Id) -> list[dict[str, Any]]:
    return [_plain(row) for row in work.uow.find(cls, dossier=dossier)]


def _plain(row: Any) -> dict[str, Any]:
    return {f.name: plain(getattr(row, f.name)) for f in fields(row) if f.name != "dossier"}


def plain(value: object) -> object:
    """A value as JSON holds it: ids as UUID text, instants and dates as ISO, hashes in hex."""
    if isinstance(value, bytes):
        return show_id(value) if len(value) == 16 else value.hex()
    if isinstance(value, datetime | date):
        return value.isoformat()
    return value


def _consents(work: Work, dossier: Id) -> list[dict[str, Any]]:
    events = work.uow.find(ConsentEvent, dossier=dossier)
    notices = {n.id: n for n in work.uow.find(NoticeVersion)}
    found = []
    for record in work.uow.find(ConsentRecord, dossier=dossier):
        dates = due(record, events, work.clock.today())
        notice = notices.get(record.notice_version or b"")
        found.append(
            {
                **_plain(record),
                "state": dates.state,
                "status": list(dpv_status(dates.state, grants=count_grants(record, events)))
                if dates.state
                else [],
                "given_on": plain(dates.granted_on),
                "valid_through": plain(dates.valid_through),
                "erase_on": plain(dates.erase_on),
                "notice_text": notice.text if notice else "",
                "events": [_plain(e) for e in events if e.record in {None, record.id}],
            }
        )
    return found


def _messages(work: Work, dossier: Id) -> list[dict[str, Any]]:
    return [
        {
            "to": m.to_email,
            "subject": m.subject,
            "body": m.body,
            "state": m.state,
            "created_at": plain(m.created_at),
        }
        for m in work.uow.messages()
        if m.dossier == dossier
    ]


def _disclosures(work: Work, dossier: Id) -> list[dict[str, Any]]:
    """Who opened or took the dossier out: the part of the audit log that concerns the person."""
    names = {user.id: user.name for user in work.uow.find(User)}
    return [
        {"at": plain(e.at), "action": e.action, "user": names.get(e.user or b"", "")}
        for e in work.uow.find(AuditEvent, subject=dossier)
    ]


def _documents(
    work: Work, dossier: Id
) -> tuple[tuple[tuple[str, bytes], ...], list[dict[str, Any]], tuple[str, ...]]:
    taken: set[str] = set()
    files, listed, lost = [], [], []
    for document in work.uow.find(Document, dossier=dossier):
        name = _unique(document.name, taken)
        listed.append({**_plain(document), "file": f"documents/{name}"})
        try:
            files.append((name, work.uow.document(dossier, document.blob)))
        except (Corrupt, NotFound):
            lost.append(document.name)
    return tuple(files), listed, tuple(lost)


def _unique(name: str, taken: set[str]) -> str:
    stem, dot, suffix = name.rpartition(".")
    candidate, n = name, 2
    while candidate.casefold() in taken:
        candidate = f"{stem} ({n}).{suffix}" if dot else f"{name} ({n})"
        n += 1
    taken.add(candidate.casefold())
    return candidate
