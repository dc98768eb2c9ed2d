"""A kept item becomes a candidate's dossier, or joins the one it was recognised as."""

from __future__ import annotations

from dataclasses import dataclass

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
from clementine_crm.domain.consent_model import ConsentEvent, ConsentRecord
from clementine_crm.domain.document import Document
from clementine_crm.domain.ids import Id, derived_id
from clementine_crm.domain.inbox import InboxItem
from clementine_crm.domain.mission import Mission
from clementine_crm.domain.values import fold
from clementine_crm.services.items import ReadValue, read_values
from clementine_crm.services.lawful import ground_of
from clementine_crm.services.work import Work


@dataclass(frozen=True)
class Kept:
    """``made`` when the candidate is new; ``rows`` are what was added to a known one."""

    candidate: Id
    application: Id
    made: bool
    pooled: bool
    rows: tuple[tuple[str, Id], ...]


class _Adding:
    """Adds rows to a candidate and remembers which, so that the act can be taken back."""

    def __init__(self, work: Work, dossier: Id) -> None:
        self.work = work
        self.dossier = dossier
        self.rows: list[tuple[str, Id]] = []

    def __call__(self, entity: object) -> None:
        self.work.uow.add(entity)
        id: Id = entity.id  # type: ignore[attr-defined]  # every row has one
        self.rows.append((type(entity).__name__, id))


def keep_item(item: InboxItem, mission: Mission | None, known: Id | None, work: Work) -> Kept:
    """Make the candidate (or complete ``known``), the application and the lawful records."""
    dossier = known or _new_candidate(item, work)
    adding = _Adding(work, dossier)
    _documents(item, adding)
    _values(item, adding)
    for name in filter(None, (tag.strip() for tag in item.tags.split(","))):
        _once(adding, Tag(dossier, name, id=derived_id(dossier, f"tag/{fold(name)}")))
    application = _application(item, mission, adding)
    before = set(_consent_rows(work, dossier))
    pooled = ground_of(item, dossier, application, work)
    adding.rows += [row for row in _consent_rows(work, dossier) if row not in before]
    candidate = work.uow.get(Candidate, dossier)
    _fill(candidate, item)
    return Kept(dossier, application.id, known is None, pooled, tuple(adding.rows))


def _consent_rows(work: Work, dossier: Id) -> list[tuple[str, Id]]:
    return [
        (cls.__name__, row.id)
        for cls in (ConsentEvent, ConsentRecord)
        for row in work.uow.find(cls, dossier=dossier)
    ]


def _new_candidate(item: InboxItem, work: Work) -> Id:
    dossier = work.uow.open_dossier("candidate")
    work.uow.add(
        Candidate(
            dossier,
            id=dossier,
            given_name=item.given_name,
            family_name=item.family_name,
            source=item.source,
            lang=item.lang,
            owner=item.consultant,
            created_at=work.clock.now(),
        )
    )
    return dossier


def _fill(candidate: Candidate, item: InboxItem) -> None:
    """Blank cells take what the item says; what stands is never overwritten silently."""
    values = read_values(item)
    for cell, name in (("headline", "headline"), ("town", "town"), ("postal_address", "postal_address")):
        if not getattr(candidate, cell):
            setattr(candidate, cell, next((v.value for v in values if v.name == name), ""))
    candidate.headline = candidate.headline or item.position
    received = item.last_contact or (item.received_at.date() if item.received_at else None)
    if item.ground != "sourced" and received:
        candidate.last_contact = max(filter(None, (candidate.last_contact, received)))


def _documents(item: InboxItem, adding: _Adding) -> None:
    """Re-seal under the candidate's own key: nothing stays under the item's."""
    uow = adding.work.uow
    held = {d.sha256 for d in uow.find(Document, dossier=adding.dossier)}
    for document in uow.find(Document, dossier=item.id):
        if document.sha256 in held:
            continue
        blob = uow.put_document(adding.dossier, uow.document(item.id, document.blob))
        cells = {
            name: getattr(document, name)
            for name in ("name", "media_type", "size", "sha256", "role", "kind", "lang", "pages",
                         "reason", "flags", "text_chars", "received_at")
        }
        copy = Document(adding.dossier, blob=blob, **cells)
        adding(copy)
        uow.put_text(adding.dossier, copy.id, uow.text_of(document.id))


def _once(adding: _Adding, entity: object) -> None:
    id: Id = entity.id  # type: ignore[attr-defined]  # every row has one
    if not adding.work.uow.find(type(entity), id=id):
        adding(entity)


def _values(item: InboxItem, adding: _Adding) -> None:
    dossier = adding.dossier
    for point in adding.work.uow.find(ContactPoint, dossier=item.id):
        row = derived_id(dossier, f"{point.kind}/{point.value}")
        _once(adding, ContactPoint(dossier, point.kind, point.value, id=row))
    values = read_values(item)
    for value in values:
        row = derived_id(dossier, f"{value.name}/{fold(value.value)}")
        if value.name in {"skill", "language"}:
            _once(adding, Skill(dossier, value.value, id=row, kind=value.name))
        elif value.name == "company":
            _once(adding, WorkExperience(dossier, id=row, company=value.value))
        elif value.name == "diploma":
            _once(adding, Education(dossier, id=row, diploma=value.value))
    _provenance(values, item, adding)


def _provenance(values: list[ReadValue], item: InboxItem, adding: _Adding) -> None:
    """One row a source: which cells it gave, and where the first was read."""
    for source in dict.fromkeys(v.source for v in values):
        given = [v for v in values if v.source == source]
        evidence = item.evidence if source != "cv" else ", ".join(
            f"{v.name} l. {v.line}" for v in given if v.line
        )
        adding(
            Provenance(
                adding.dossier,
                adding.dossier,
                " ".join(dict.fromkeys(v.name for v in given)),
                item.source if source != "cv" else "cv",
                adding.work.clock.now(),
                evidence,
            )
        )


def _application(item: InboxItem, mission: Mission | None, adding: _Adding) -> Application:
    earlier = [
        a for a in adding.work.uow.find(Application, dossier=adding.dossier)
        if a.mission == (mission.id if mission else None)
    ]
    application = Application(
        adding.dossier,
        mission=mission.id if mission else None,
        reference=mission.reference if mission else item.reference,
        position=item.position,
        motivation=item.message,
        source=item.source,
        form=item.form,
        attempt=len(earlier) + 1,
        received_at=item.received_at,
    )
    adding(application)
    adding(
        StageTransition(
            adding.dossier, application.id, application.stage, adding.work.clock.now(),
            by=adding.work.actor.id,
        )
    )
    adding.work.uow.put_text(adding.dossier, application.id, f"{item.subject}\n{item.message}".strip())
    return application
