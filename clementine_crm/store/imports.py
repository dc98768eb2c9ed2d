"""What an import leaves behind: its batch, the rows refused, what it changed, identities as HMACs."""

from __future__ import annotations

import json
from datetime import datetime

from sqlalchemy import ColumnElement, Connection, delete, func, insert, select
from sqlalchemy.dialects.sqlite import insert as upsert

from clementine_crm.domain.ids import Id, show_id
from clementine_crm.errors import NotFound
from clementine_crm.ports import BatchChange, BatchRecord, RejectedRow, Remembered
from clementine_crm.store import tables

_COUNTS = ("read", "accepted", "already_known", "merged", "set_aside")


class ImportMemory:
    """The part of a unit of work that imports use."""

    @property
    def _connection(self) -> Connection:
        raise NotImplementedError

    # Asked seven times a row of an import: plain statements, nothing to compile.
    def recall(self, mac: bytes) -> Remembered | None:
        row = self._connection.exec_driver_sql(
            "SELECT dossier, role FROM external_id WHERE mac = ?", (mac,)
        ).one_or_none()
        return None if row is None else Remembered(row.dossier, row.role)

    def remember(self, mac: bytes, dossier: Id | None, batch: Id | None, role: str) -> None:
        self._connection.exec_driver_sql(
            "INSERT INTO external_id (mac, dossier, batch, role) VALUES (?, ?, ?, ?) "
            "ON CONFLICT DO NOTHING",
            (mac, dossier, batch, role),
        )

    def forget_batch(self, batch: Id) -> None:
        """Take the batch's memory away, so that the same files import afresh; what was decided since
        keeps its trace."""
        external = tables.external_id
        self._connection.execute(
            delete(external).where(external.c.batch == batch, external.c.dossier.is_not(None))
        )
        for table, column in (
            (tables.import_row, tables.import_row.c.batch),
            (tables.batch_change, tables.batch_change.c.batch),
            (tables.import_batch, tables.import_batch.c.id),
        ):
            self._connection.execute(delete(table).where(column == batch))

    def save_batch(self, batch: BatchRecord) -> None:
        values = {
            "id": batch.id,
            "at": batch.at,
            "source": batch.source,
            "path": batch.path,
            "ground": batch.ground,
            "state": batch.state,
            "left_out": "\n".join(sorted(batch.left_out)),
            **{name: getattr(batch, name) for name in _COUNTS},
        }
        statement = upsert(tables.import_batch).values(values)
        self._connection.execute(
            statement.on_conflict_do_update(index_elements=["id"], set_=values)
        )

    def batch(self, id: Id) -> BatchRecord:
        found = read_batches(self._connection, tables.import_batch.c.id == id)
        if not found:
            raise NotFound("no_such_batch", id=show_id(id))
        return found[0]

    def batches(self, since: datetime) -> list[BatchRecord]:
        return read_batches(self._connection, tables.import_batch.c.at >= since)

    def reject(self, batch: Id, row: RejectedRow) -> None:
        self._connection.execute(
            insert(tables.import_row),
            {
                "batch": batch,
                "path": row.path,
                "row": row.row,
                "reason": row.reason,
                "params": json.dumps(row.params, ensure_ascii=False),
            },
        )

    def rejected(self, batch: Id) -> list[RejectedRow]:
        return read_rejected(self._connection, batch)

    def note_change(self, batch: Id, change: BatchChange) -> None:
        self._connection.execute(
            insert(tables.batch_change),
            {"batch": batch, "dossier": change.dossier, "was": change.was},
        )

    def changes_of(self, batch: Id) -> list[BatchChange]:
        changes = tables.batch_change
        query = select(changes).where(changes.c.batch == batch).order_by(changes.c.rid)
        return [BatchChange(row.dossier, row.was) for row in self._connection.execute(query)]


def read_batches(connection: Connection, where: ColumnElement[bool]) -> list[BatchRecord]:
    """The batches that a condition on their table chooses, oldest first, with their counts."""
    table, rows = tables.import_batch, tables.import_row
    refused = (
        select(func.count()).where(rows.c.batch == table.c.id).correlate(table).scalar_subquery()
    )
    query = select(table, refused.label("rejected")).where(where).order_by(table.c.at)
    return [
        BatchRecord(**{**row, "left_out": set((row["left_out"] or "").splitlines())})
        for row in connection.execute(query).mappings()
    ]


def read_rejected(connection: Connection, batch: Id) -> list[RejectedRow]:
    """What a batch refused, in its order."""
    rows = tables.import_row
    query = select(rows).where(rows.c.batch == batch).order_by(rows.c.rid)
    return [
        RejectedRow(row.path, row.row, row.reason, json.loads(row.params))
        for row in connection.execute(query)
    ]
