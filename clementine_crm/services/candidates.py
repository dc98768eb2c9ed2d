"""Candidates' dossiers by hand: made, mended, completed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from clementine_crm.domain.application import Application, StageTransition
from clementine_crm.domain.candidate import Candidate, ContactPoint, Provenance, Tag
from clementine_crm.domain.consent_model import Channel, EventType, Purpose
from clementine_crm.domain.ids import Id, derived_id
from clementine_crm.domain.mission import OPEN, Mission
from clementine_crm.domain.values import fold, normalise_email, normalise_phone
from clementine_crm.errors import NotFound, StaleData, ValidationError
from clementine_crm.plugin_api import FileData
from clementine_crm.services.activities import checked_text
from clementine_crm.services.documents import add_file, read_files
from clementine_crm.services.keeping import Once
from clementine_crm.services.lawful import APPLIED, GROUNDS, Proof, open_pool_ground, open_record
from clementine_crm.services.letters import prepare_letter
from clementine_crm.services.missions import mission_of
from clementine_crm.services.permission import require
from clementine_crm.services.work import Command, OnDossier, Work, handles, refuse_unless

CELLS = (
    "given_name",
    "family_name",
    "headline",
    "town",
    "postal_address",
    "availability",
    "lang",
)
"""What a person may correct in a dossier's head."""


@dataclass(frozen=True)
class AddCandidate(Command[Id]):
    """A dossier by hand, with where the person comes from and why we may hold it.

    ``ground``: ``applied`` (they applied, ``mission`` or none), ``sourced`` (found: to be informed
    within a month), ``unknown`` (an old file: ``last_contact`` under 24 months, to be asked).
    ``evidence`` says how they applied. A message that informs or asks is prepared where one is due.
    """

    given_name: str
    family_name: str
    source: str
    ground: str
    email: str = ""
    phone: str = ""
    headline: str = ""
    town: str = ""
    lang: str = "fr"
    mission: str = ""
    evidence: str = ""
    last_contact: date | None = None
    files: tuple[FileData, ...] = ()
    tags: tuple[str, ...] = ()


@handles(AddCandidate)
def add_candidate(command: AddCandidate, work: Work) -> Id:
    points = _checked(command)
    files = read_files(work, command.files)
    mission = _open_mission(command.mission, work)
    dossier = work.uow.open_dossier("candidate")
    candidate = Candidate(
        dossier,
        id=dossier,
        given_name=command.given_name.strip(),
        family_name=command.family_name.strip(),
        headline=command.headline.strip(),
        town=command.town.strip(),
        lang=command.lang,
        source=command.source.strip(),
        owner=work.actor.id,
        created_at=work.clock.now(),
        last_contact=command.last_contact or work.clock.today(),
    )
    work.uow.add(candidate)
    for kind, value in points:
        row = derived_id(dossier, f"{kind}/{value}")
        work.uow.add(ContactPoint(dossier, kind, value, id=row))
    work.uow.add(
        Provenance(dossier, dossier, "*", candidate.source, work.clock.now(), command.evidence)
    )
    for file in files:
        add_file(work, dossier, file, work.clock.now())
    for tag in command.tags:
        _tag(work, dossier, tag)
    _hold(command, candidate, mission, work)
    return dossier


def _checked(command: AddCandidate) -> list[tuple[str, str]]:
    if not (command.given_name.strip() or command.family_name.strip()):
        raise ValidationError("person_name_missing", field="family_name")
    if not command.source.strip():
        raise ValidationError("source_missing", field="source")
    if command.ground not in GROUNDS:
        raise ValidationError("ground_unknown", field="ground", value=command.ground)
    points = []
    if command.email.strip():
        points.append(("email", checked_point("email", command.email)))
    if command.phone.strip():
        points.append(("phone", checked_point("phone", command.phone)))
    return points


def checked_point(kind: str, text: str) -> str:
    """An address in the form that is kept; ValidationError ``not_an_email``, ``not_a_phone``."""
    value = normalise_email(text) if kind == "email" else normalise_phone(text)
    if value is None:
        raise ValidationError(
            f"not_{'an_email' if kind == 'email' else 'a_phone'}", field=kind, value=text
        )
    return value


def _open_mission(reference: str, work: Work) -> Mission | None:
    if not reference.strip():
        return None
    mission = mission_of(work.uow, reference)
    if mission is None:
        raise NotFound("no_such_mission", reference=reference)
    refuse_unless(mission.status == OPEN, "mission_closed", reference=mission.reference)
    return mission


def _hold(command: AddCandidate, candidate: Candidate, mission: Mission | None, work: Work) -> None:
    """The lawful record, and the letter that is due with it."""
    if command.ground != APPLIED:
        open_pool_ground(work, candidate.id, command.ground, candidate.source, command.last_contact)
        letter = "found_request"
    else:
        application = Application(
            candidate.id,
            mission=mission.id if mission else None,
            reference=mission.reference if mission else "",
            source=candidate.source,
            received_at=work.clock.now(),
        )
        work.uow.add(application)
        work.uow.add(
            StageTransition(
                candidate.id, application.id, application.stage, work.clock.now(), by=work.actor.id
            )
        )
        proof = Proof(
            work.clock.now(),
            candidate.source,
            Channel.PAPER,
            answer=command.evidence,
            entity=work.actor.email,
        )
        act = EventType.APPLICATION_RECEIVED
        open_record(work, candidate.id, Purpose.APPLICATION, act, proof, application.id)
        letter = "pool_request" if mission is None else ""
    if letter:
        prepare_letter(
            work,
            candidate.id,
            letter,
            given_name=candidate.given_name,
            lang=candidate.lang,
            source=candidate.source,
        )


@dataclass(frozen=True)
class CellEdit:
    """One corrected value: ``was`` is what the screen showed when it was opened."""

    cell: str
    was: str
    now: str


@dataclass(frozen=True)
class EditCandidate(OnDossier[Id]):
    """Correct values in the head of a dossier.

    StaleData ``changed_meanwhile`` (cell, theirs, yours) when another has changed it meanwhile.
    """

    edits: tuple[CellEdit, ...]


@handles(EditCandidate)
def edit_candidate(command: EditCandidate, work: Work) -> Id:
    require(work, command.dossier, "edit")
    candidate = work.uow.get(Candidate, command.dossier)
    for edit in command.edits:
        if edit.cell not in CELLS:
            raise ValidationError("no_such_cell", field=edit.cell)
        stands = getattr(candidate, edit.cell)
        if stands != edit.was:
            raise StaleData("changed_meanwhile", cell=edit.cell, theirs=stands, yours=edit.now)
        setattr(candidate, edit.cell, edit.now.strip())
    if not candidate.full_name:
        raise ValidationError("person_name_missing", field="family_name")
    cells = " ".join(edit.cell for edit in command.edits)
    work.uow.add(
        Provenance(candidate.id, candidate.id, cells, "by_hand", work.clock.now(), work.actor.name)
    )
    return candidate.id


@dataclass(frozen=True)
class AddContactPoint(OnDossier[Id]):
    """One more e-mail or phone."""

    kind: str
    value: str


@handles(AddContactPoint)
def add_contact_point(command: AddContactPoint, work: Work) -> Id:
    require(work, command.dossier, "edit")
    value = checked_point(command.kind, command.value)
    once = Once(work, command.dossier)
    return once(ContactPoint, f"{command.kind}/{value}", kind=command.kind, value=value)


@dataclass(frozen=True)
class RemoveRow(OnDossier[None]):
    """Take an e-mail, a phone or a tag off a dossier."""

    row: Id
    kind: str


_REMOVABLE: dict[str, type[ContactPoint] | type[Tag]] = {"contact_point": ContactPoint, "tag": Tag}


@handles(RemoveRow)
def remove_row(command: RemoveRow, work: Work) -> None:
    require(work, command.dossier, "edit")
    row = work.uow.get(_REMOVABLE[command.kind], command.row)
    if row.dossier != command.dossier:
        raise NotFound("no_such_row", what=command.kind, id=command.row.hex())
    work.uow.take_away(row)


@dataclass(frozen=True)
class AddTags(OnDossier[None]):
    """Words of one's own on a dossier; never a number that may not be kept."""

    tags: tuple[str, ...]


@handles(AddTags)
def add_tags(command: AddTags, work: Work) -> None:
    require(work, command.dossier, "edit")
    for tag in command.tags:
        _tag(work, command.dossier, tag)


def _tag(work: Work, dossier: Id, tag: str) -> None:
    name = " ".join(checked_text(tag).split())
    Once(work, dossier)(Tag, f"tag/{fold(name)}", name=name)


@dataclass(frozen=True)
class AddDocument(OnDossier[bool]):
    """A file for a dossier; False when it is there already."""

    file: FileData


@handles(AddDocument)
def add_document(command: AddDocument, work: Work) -> bool:
    files = read_files(work, (command.file,))
    require(work, command.dossier, "edit")
    added = [add_file(work, command.dossier, file, work.clock.now()) for file in files]
    return any(added)
