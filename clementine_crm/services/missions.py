"""Mandates: opened, found by their reference, closed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from clementine_crm.domain.agency import Right
from clementine_crm.domain.client import Client
from clementine_crm.domain.ids import Id
from clementine_crm.domain.mission import CLOSED, OPEN, Mission
from clementine_crm.domain.triage import normal_reference
from clementine_crm.errors import NotFound, ValidationError
from clementine_crm.ports import UnitOfWork
from clementine_crm.services.clients import client_named
from clementine_crm.services.work import Command, OnDossier, Work, handles, refuse_unless


def mission_of(uow: UnitOfWork, reference: str) -> Mission | None:
    """The mission of a reference however it was typed (``ref 2214`` is ``REF-2214``)."""
    wanted = normal_reference(reference)
    if not wanted:
        return None
    found = [m for m in uow.find(Mission) if normal_reference(m.reference) == wanted]
    return found[-1] if found else None


@dataclass(frozen=True)
class AddMission(Command[Id]):
    """Open a mandate. The reference is what forms and adverts will name."""

    reference: str
    title: str
    client: str = ""
    lang: str = "fr"
    criteria: str = ""
    needs: ClassVar[Right] = Right.EDIT_MISSIONS


@handles(AddMission)
def add_mission(command: AddMission, work: Work) -> Id:
    reference, title = command.reference.strip(), command.title.strip()
    if not normal_reference(reference):
        raise ValidationError("mission_reference_missing", field="reference")
    if not title:
        raise ValidationError("mission_title_missing", field="title")
    refuse_unless(mission_of(work.uow, reference) is None, "mission_exists", reference=reference)
    client: Client | None = client_named(work, command.client) if command.client.strip() else None
    dossier = work.uow.open_dossier("mission")
    work.uow.add(
        Mission(
            dossier,
            reference,
            title,
            id=dossier,
            client=client.id if client else None,
            lang=command.lang,
            criteria=command.criteria,
            owner=work.actor.id,
            opened_on=work.clock.today(),
        )
    )
    return dossier


@dataclass(frozen=True)
class CloseMission(Command[Id]):
    """Close a mandate: what still names it goes to triage with the nearest missions."""

    reference: str
    needs: ClassVar[Right] = Right.EDIT_MISSIONS


@handles(CloseMission)
def close_mission(command: CloseMission, work: Work) -> Id:
    mission = mission_of(work.uow, command.reference)
    if mission is None:
        raise NotFound("no_such_mission", reference=command.reference)
    mission.status = CLOSED
    mission.closed_on = work.clock.today()
    return mission.id


@dataclass(frozen=True)
class ReopenMission(OnDossier[Id]):
    """Undo a closing."""

    needs: ClassVar[Right] = Right.EDIT_MISSIONS


@handles(ReopenMission)
def reopen_mission(command: ReopenMission, work: Work) -> Id:
    mission = work.uow.get(Mission, command.dossier)
    mission.status = OPEN
    mission.closed_on = None
    return mission.id
