"""A kept item becomes a candidate's dossier, or joins the one it was recognised as."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

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
from clementine_crm.domain.ids import Id, derived_id
from clementine_crm.domain.inbox import InboxItem
from clementine_crm.domain.mission import Mission
from clementine_crm.domain.values import fold
from clementine_crm.services.documents import copy_documents
from clementine_crm.services.items import ReadValue, read_values
from clementine_crm.services.lawful import SOURCED, ground_of
from clementine_crm.services.work import Work


@dataclass(frozen=True)
class Kept:
    """``made`` when the candidate is new; ``pooled`` when a consent covers the pool."""

    candidate: Id
    made: bool
    pooled: bool


def keep_item(item: InboxItem, mission: Mission | None, known: Id | None, work: Work) -> Kept:
    """Make the candidate (or complete ``known``), the application and the lawful records."""
    dossier = known or new_candidate(item, work)
    copy_documents(work, item.id, dossier)
    once = Once(work, dossier, fresh=known is None)
    add_values(item, dossier, once, work)
    for name in filter(None, (tag.strip() for tag in item.tags.split(","))):
        once(Tag, f"tag/{fold(name)}", name=name)
    application = _application(item, mission, dossier, work)
    pooled = ground_of(item, dossier, application.id, work)
    _fill(work.uow.get(Candidate, dossier), item)
    return Kept(dossier, known is None, pooled)


def new_candidate(item: InboxItem, work: Work) -> Id:
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


_BY_VALUE: tuple[type[Any], ...] = (ContactPoint, Skill, WorkExperience, Education, Tag)


class Once:
    """Adds rows whose id is derived from their value, each value once in a dossier."""

    def __init__(self, work: Work, dossier: Id, *, fresh: bool = False) -> None:
        self._work = work
        self._dossier = dossier
        self._held: set[Id] = set()
        if not fresh:
            for cls in _BY_VALUE:
                self._held |= {row.id for row in work.uow.find(cls, dossier=dossier)}

    def __call__(self, make: Callable[..., object], value: str, /, **cells: object) -> Id:
        """The row's id; ``make`` is its class, ``value`` what names it, ``cells`` what it holds."""
        id = derived_id(self._dossier, value)
        if id not in self._held:
            self._held.add(id)
            self._work.uow.add(make(self._dossier, id=id, **cells))
        return id


def _fill(candidate: Candidate, item: InboxItem) -> None:
    """Blank cells take what the item says; what stands is never overwritten silently."""
    values = read_values(item)
    for cell in ("headline", "town", "postal_address"):
        if not getattr(candidate, cell):
            setattr(candidate, cell, next((v.value for v in values if v.name == cell), ""))
    candidate.headline = candidate.headline or item.position
    received = item.last_contact or (item.received_at.date() if item.received_at else None)
    if item.ground != SOURCED and received:
        candidate.last_contact = max(filter(None, (candidate.last_contact, received)))


def add_values(item: InboxItem, dossier: Id, once: Once, work: Work) -> None:
    """What was read becomes rows of the candidate, each value once."""
    for point in work.uow.find(ContactPoint, dossier=item.id):
        once(ContactPoint, f"{point.kind}/{point.value}", kind=point.kind, value=point.value)
    values = read_values(item)
    for value in values:
        named = f"{value.name}/{fold(value.value)}"
        if value.name == "skill":
            once(Skill, named, name=value.value)
        elif value.name == "language":
            # An ISO code, and the level where it was written: "en B2".
            code, _, level = value.value.partition(" ")
            once(Skill, f"language/{fold(code)}", name=code, kind="language", level=level)
        elif value.name == "company":
            once(WorkExperience, named, company=value.value)
        elif value.name == "diploma":
            once(Education, named, diploma=value.value)
    _provenance(values, item, dossier, work)


def _provenance(values: list[ReadValue], item: InboxItem, dossier: Id, work: Work) -> None:
    """One row a source: which cells it gave, and where they were read."""
    for source in dict.fromkeys(v.source for v in values):
        given = [v for v in values if v.source == source]
        lines = ", ".join(f"{v.name} l. {v.line}" for v in given if v.line)
        work.uow.add(
            Provenance(
                dossier,
                dossier,
                " ".join(dict.fromkeys(v.name for v in given)),
                "cv" if source == "cv" else item.source,
                work.clock.now(),
                lines if source == "cv" else item.evidence,
            )
        )


def _application(item: InboxItem, mission: Mission | None, dossier: Id, work: Work) -> Application:
    wanted = mission.id if mission else None
    earlier = [a for a in work.uow.find(Application, dossier=dossier) if a.mission == wanted]
    application = Application(
        dossier,
        mission=wanted,
        reference=mission.reference if mission else item.reference,
        position=item.position,
        motivation=item.message,
        source=item.source,
        form=item.form,
        attempt=len(earlier) + 1,
        received_at=item.received_at,
    )
    work.uow.add(application)
    work.uow.add(
        StageTransition(
            dossier, application.id, application.stage, work.clock.now(), by=work.actor.id
        )
    )
    work.uow.put_text(dossier, application.id, f"{item.subject}\n{item.message}".strip())
    return application
