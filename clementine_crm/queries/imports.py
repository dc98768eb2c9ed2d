"""One import, looked at again: what it brought, what it completed, what it refused."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection, select

from clementine_crm.domain.agency import Right
from clementine_crm.domain.ids import Id, show_id
from clementine_crm.errors import NotFound
from clementine_crm.ports import BatchRecord, RejectedRow
from clementine_crm.queries.reading import AT_ONCE, Reading, rows
from clementine_crm.services.batches import UNDOABLE
from clementine_crm.store import tables
from clementine_crm.store.imports import read_batches, read_rejected


@dataclass(frozen=True)
class Brought:
    """An item that an import made or completed and that still waits."""

    id: Id
    name: str
    about: str
    source: str
    status: str
    set_aside: str


@dataclass(frozen=True)
class BatchView:
    """An import whole. ``decided`` of those it made were kept or discarded since, and have no line;
    ``new + merged = accepted``, and ``read = new + merged + already_known + rejected``.
    """

    record: BatchRecord
    made: tuple[Brought, ...]
    completed: tuple[Brought, ...]
    rejected: tuple[RejectedRow, ...]

    @property
    def new(self) -> int:
        return self.record.accepted - self.record.merged

    @property
    def decided(self) -> int:
        return max(0, self.new - len(self.made))

    def undoable_until(self) -> datetime:
        return self.record.at + UNDOABLE


def imports(reading: Reading) -> list[BatchRecord]:
    """The imports that can still be taken back, newest first."""
    since = reading.clock.now() - timedelta(days=UNDOABLE.days)
    with reading.connect(Right.IMPORT) as connection:
        return read_batches(connection, tables.import_batch.c.at >= since)[::-1]


def one_import(reading: Reading, batch: Id) -> BatchView:
    """One of them with its lines; NotFound ``no_such_batch`` once it was taken back."""
    with reading.connect(Right.IMPORT) as connection:
        found = read_batches(connection, tables.import_batch.c.id == batch)
        if not found:
            raise NotFound("no_such_batch", id=show_id(batch))
        change = tables.batch_change
        query = select(change.c.dossier, change.c.was.is_(None).label("new"))
        did = connection.execute(query.where(change.c.batch == batch).order_by(change.c.rid)).all()
        held = _brought(connection, list(dict.fromkeys(row.dossier for row in did)))
        # One import may make an item and complete it, more than once: each act is a line.
        made = tuple(held[row.dossier] for row in did if row.new and row.dossier in held)
        completed = tuple(held[row.dossier] for row in did if not row.new and row.dossier in held)
        return BatchView(found[0], made, completed, tuple(read_rejected(connection, batch)))


def _brought(connection: Connection, dossiers: list[Id]) -> dict[Id, Brought]:
    item = tables.inbox_item
    found: dict[Id, Brought] = {}
    for start in range(0, len(dossiers), AT_ONCE):
        for r in rows(connection, item, item.c.dossier.in_(dossiers[start : start + AT_ONCE])):
            name = f"{r.given_name} {r.family_name}".strip()
            about = r.position or r.reference or r.subject or r.evidence
            found[r.dossier] = Brought(r.id, name, about, r.source, r.status, r.set_aside)
    return found
