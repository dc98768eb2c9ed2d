"""Mandates and clients as lists, and what a mission asks of a text."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from datetime import date

from sqlalchemy import Connection, func, select

from clementine_crm.domain.agency import Right
from clementine_crm.domain.ids import Id
from clementine_crm.domain.mission import OPEN
from clementine_crm.domain.values import fold
from clementine_crm.queries.reading import Reading, rows
from clementine_crm.store import tables


@dataclass(frozen=True)
class MissionRow:
    """One mandate; ``applications`` counts those of persons kept."""

    id: Id
    reference: str
    title: str
    client: str
    status: str
    lang: str
    criteria: tuple[str, ...]
    opened_on: date | None
    closed_on: date | None
    applications: int = 0
    waiting: int = 0

    @property
    def open(self) -> bool:
        return self.status == OPEN


@dataclass(frozen=True)
class ContactRow:
    id: Id
    name: str
    position: str
    email: str
    phone: str
    role: str


@dataclass(frozen=True)
class ClientRow:
    id: Id
    name: str
    town: str
    contacts: tuple[ContactRow, ...]
    missions: tuple[str, ...]


@dataclass(frozen=True)
class Criterion:
    """A word a mission asks for; ``quote`` is the line it stands on, empty when to be asked."""

    word: str
    quote: str

    @property
    def found(self) -> bool:
        return bool(self.quote)


def missions(reading: Reading) -> list[MissionRow]:
    """Every mandate, open ones first, newest in front."""
    with reading.connect(Right.SEE_PERSONS) as connection:
        found = mission_rows(connection)
    return sorted(found, key=lambda m: (not m.open, -(m.opened_on or date.min).toordinal()))


def mission_rows(connection: Connection) -> list[MissionRow]:
    """All mandates, oldest first."""
    clients = {c.id: c.name for c in rows(connection, tables.client)}
    application, item = tables.application, tables.inbox_item
    kept = Counter[Id](
        dict(
            connection.execute(
                select(application.c.mission, func.count())
                .where(application.c.dead.is_(False), application.c.mission.is_not(None))
                .group_by(application.c.mission)
            ).all()
        )
    )
    waiting = Counter[Id](
        dict(
            connection.execute(
                select(item.c.mission, func.count())
                .where(item.c.dead.is_(False), item.c.mission.is_not(None))
                .group_by(item.c.mission)
            ).all()
        )
    )
    return [
        MissionRow(
            m.id,
            m.reference,
            m.title,
            clients.get(m.client, ""),
            m.status,
            m.lang,
            words_of(m.criteria),
            m.opened_on,
            m.closed_on,
            kept[m.id],
            waiting[m.id],
        )
        for m in rows(connection, tables.mission)
    ]


def words_of(criteria: str) -> tuple[str, ...]:
    return tuple(filter(None, (word.strip() for word in criteria.split(","))))


def criteria_in(words: tuple[str, ...], text: str) -> tuple[Criterion, ...]:
    """Each criterion with the first line of the text it stands on, accents and case aside."""
    lines = [(line.strip(), _flat(line)) for line in text.splitlines() if line.strip()]
    return tuple(
        Criterion(word, next((line for line, flat in lines if _flat(word) in flat), ""))
        for word in words
    )


def _flat(text: str) -> str:
    """Whole words between spaces; C++ and C# keep their signs."""
    words = re.sub(r"[^\w+#]+", " ", fold(text)).split()
    return f" {' '.join(words)} "


def clients(reading: Reading) -> list[ClientRow]:
    """Every client by name, with contacts and the references of its missions."""
    with reading.connect(Right.SEE_PERSONS) as connection:
        contacts: dict[Id, list[ContactRow]] = {}
        for c in rows(connection, tables.client_contact):
            name = f"{c.given_name} {c.family_name}".strip()
            contacts.setdefault(c.dossier, []).append(
                ContactRow(c.id, name, c.position, c.email, c.phone, c.role)
            )
        references: dict[Id, list[str]] = {}
        for m in rows(connection, tables.mission):
            references.setdefault(m.client or b"", []).append(m.reference)
        found = [
            ClientRow(
                c.id,
                c.name,
                c.town,
                tuple(contacts.get(c.id, ())),
                tuple(references.get(c.id, ())),
            )
            for c in rows(connection, tables.client)
        ]
    return sorted(found, key=lambda c: fold(c.name))
