"""The agency itself: founding it, its users' rights, its settings."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from clementine_crm.clock import Clock
from clementine_crm.domain.agency import Agency, Right, Role, User
from clementine_crm.domain.ids import Id
from clementine_crm.domain.values import normalise_email
from clementine_crm.errors import ValidationError
from clementine_crm.ports import UnitOfWork
from clementine_crm.services.work import Command, Work, handles


def found_agency(uow: UnitOfWork, clock: Clock, name: str, email: str, person: str) -> User:
    """The first dossier of an empty base; its first user is manager and DPO.

    Raises ``ValidationError`` when a name is empty or the e-mail is none.
    """
    if not name.strip():
        raise ValidationError("agency_name_missing", field="agency")
    if not person.strip():
        raise ValidationError("person_name_missing", field="name")
    address = normalise_email(email)
    if address is None:
        raise ValidationError("not_an_email", field="email", value=email)
    agency = uow.open_dossier("agency")
    uow.add(Agency(agency, name.strip(), id=agency, created_at=clock.now()))
    user = User(agency, address, person.strip(), roles=f"{Role.MANAGER} {Role.DPO}")
    uow.add(user)
    return user


@dataclass(frozen=True)
class ChangeSetting(Command[None]):
    """Set one of the agency's settings (a plugin switched on, a rule of assignment)."""

    name: str
    value: str
    needs: ClassVar[Right] = Right.PLUGINS


@handles(ChangeSetting)
def change_setting(command: ChangeSetting, work: Work) -> None:
    work.set_setting(command.name, command.value)


@dataclass(frozen=True)
class AddUser(Command[Id]):
    """An account for a colleague on this desktop; the password is set by the keys."""

    email: str
    name: str
    role: Role
    needs: ClassVar[Right] = Right.ADMINISTER_ACCOUNTS


@handles(AddUser)
def add_user(command: AddUser, work: Work) -> Id:
    address = normalise_email(command.email)
    if address is None:
        raise ValidationError("not_an_email", field="email", value=command.email)
    user = User(work.agency, address, command.name.strip(), roles=command.role)
    work.uow.add(user)
    return user.id


def agency_name(uow: UnitOfWork) -> str:
    return next((agency.name for agency in uow.find(Agency)), "")
