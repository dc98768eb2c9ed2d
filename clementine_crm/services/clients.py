"""Client companies and the persons there."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from clementine_crm.domain.agency import Right
from clementine_crm.domain.client import Client
from clementine_crm.domain.ids import Id
from clementine_crm.domain.values import fold
from clementine_crm.errors import ValidationError
from clementine_crm.services.work import Command, Work, handles, refuse_unless


def client_named(work: Work, name: str) -> Client:
    """The client of that name, accents and case ignored; a new one when there is none."""
    wanted = fold(name)
    for client in work.uow.find(Client):
        if fold(client.name) == wanted:
            return client
    dossier = work.uow.open_dossier("client")
    client = Client(dossier, name.strip(), id=dossier, created_at=work.clock.now())
    work.uow.add(client)
    return client


@dataclass(frozen=True)
class AddClient(Command[Id]):
    """A company we work for."""

    name: str
    town: str = ""
    needs: ClassVar[Right] = Right.EDIT_MISSIONS


@handles(AddClient)
def add_client(command: AddClient, work: Work) -> Id:
    name = command.name.strip()
    if not name:
        raise ValidationError("client_name_missing", field="name")
    exists = any(fold(client.name) == fold(name) for client in work.uow.find(Client))
    refuse_unless(not exists, "client_exists", name=name)
    client = client_named(work, name)
    client.town = command.town.strip()
    return client.id
