"""The house itself: copies, imports of the last weeks, who works here, settings."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Row, func, select

from clementine_crm.domain.agency import Right
from clementine_crm.domain.ids import Id
from clementine_crm.ports import OutgoingMessage
from clementine_crm.queries.reading import Reading, rows
from clementine_crm.store import tables
from clementine_crm.store.imports import read_batches


@dataclass(frozen=True)
class CopyRow:
    """One run of a copy, as this desktop remembers it; the truth lies in the copy's folder."""

    id: str
    at: datetime
    target: str
    dossiers: int
    bytes: int
    ok: bool


@dataclass(frozen=True)
class BatchRow:
    """One import of the last thirty days and its counts."""

    id: Id
    at: datetime
    source: str
    path: str
    state: str
    read: int
    accepted: int
    already_known: int
    merged: int
    set_aside: int
    rejected: int
    left_out: tuple[str, ...]


@dataclass(frozen=True)
class UserRow:
    id: Id
    email: str
    name: str
    roles: tuple[str, ...]
    active: bool


@dataclass(frozen=True)
class SessionRow:
    """One signed week."""

    week: str
    received: int
    kept: int
    discarded: int
    left: int


def last_copy(connection: Connection) -> CopyRow | None:
    table = tables.backup_run
    row = connection.execute(select(table).order_by(table.c.at.desc()).limit(1)).first()
    return _copy(row) if row else None


def _copy(row: Row[Any]) -> CopyRow:
    return CopyRow(row.id, row.at, row.target, row.dossiers, row.bytes, bool(row.ok))


def copies(reading: Reading) -> list[CopyRow]:
    """Every run remembered here, newest first."""
    table = tables.backup_run
    with reading.connect(Right.BACKUP) as connection:
        return [_copy(r) for r in connection.execute(select(table).order_by(table.c.at.desc()))]


def batches(reading: Reading) -> list[BatchRow]:
    """The imports that can still be taken back, newest first."""
    since = reading.clock.now() - timedelta(days=30)
    with reading.connect(Right.IMPORT) as connection:
        found = read_batches(connection, tables.import_batch.c.at >= since)
    return [
        BatchRow(
            b.id,
            b.at,
            b.source,
            b.path,
            b.state,
            b.read,
            b.accepted,
            b.already_known,
            b.merged,
            b.set_aside,
            b.rejected,
            tuple(sorted(b.left_out)),
        )
        for b in reversed(found)
    ]


def users(reading: Reading) -> list[UserRow]:
    """Who has an account."""
    with reading.connect(Right.TRIAGE) as connection:
        return [
            UserRow(u.id, u.email, u.name, tuple(u.roles.split()), u.active)
            for u in rows(connection, tables.user)
        ]


def agency_name(reading: Reading) -> str:
    with reading.engine.connect() as connection:
        found = rows(connection, tables.agency)
    return found[0].name if found else ""


def settings(reading: Reading) -> dict[str, str]:
    """The agency's settings by their dotted name."""
    with reading.engine.connect() as connection:
        return {s.name: s.value for s in rows(connection, tables.setting)}


def sessions(reading: Reading) -> list[SessionRow]:
    """The signed weeks, newest first."""
    with reading.connect(Right.TRIAGE) as connection:
        held = rows(connection, tables.triage_session)
    made = [SessionRow(s.week, s.received, s.kept, s.discarded, s.left_over) for s in held]
    return sorted(made, key=lambda s: s.week, reverse=True)


def outbox(reading: Reading) -> list[OutgoingMessage]:
    """The messages that wait, oldest first."""
    table = tables.outbox_message
    with reading.connect(Right.SEE_PERSONS) as connection:
        query = select(table).order_by(table.c.created_at)
        return [OutgoingMessage(**r) for r in connection.execute(query).mappings()]


def count_of(reading: Reading, kind: str) -> int:
    """How many dossiers of a kind there are."""
    key = tables.dossier_key
    with reading.engine.connect() as connection:
        return connection.scalar(select(func.count()).where(key.c.kind == kind)) or 0


def kind_of(reading: Reading, dossier: Id) -> str:
    """The kind of a dossier, "" when it is gone."""
    key = tables.dossier_key
    with reading.engine.connect() as connection:
        return connection.scalar(select(key.c.kind).where(key.c.dossier == dossier)) or ""
