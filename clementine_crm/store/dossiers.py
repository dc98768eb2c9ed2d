"""Whole dossiers in and out of the base: loaded, joined with what another desktop has, erased.

What only a newer program knows is kept as it came: unknown cells in the row's ``extra``, rows of
unknown tables in ``unknown_row``. Foreign keys across dossiers are soft, so dossiers come in any order.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, Table, delete, select, update
from sqlalchemy.dialects.sqlite import insert as upsert

from clementine_crm.domain.ids import Id, show_id
from clementine_crm.dossier.encoding import decode, digest, dossier_in, encode, pack_cell
from clementine_crm.dossier.join import Conflict, join
from clementine_crm.dossier.state import ABSENT, Dossier, Erased, Rows, State, latest
from clementine_crm.errors import Corrupt, NotFound
from clementine_crm.ports import JoinOutcome, JoinReport
from clementine_crm.store import derived, derived_tables, rows, tables
from clementine_crm.store.engine import translated
from clementine_crm.store.functions import writing, zip_text
from clementine_crm.store.rows import Change
from clementine_crm.store.sql import ERASING, JOINING, NORMAL

OWN_TEXT = {"activity": "text", "application": "motivation"}
"""Cells that are searched as texts of their row; a document's text comes from its file."""

_OF_DOSSIER: tuple[Table, ...] = (
    derived_tables.search_doc,
    derived_tables.body_text,
    derived_tables.person_key,
    derived_tables.consent_span,
    tables.conflict,
    tables.unknown_row,
    tables.batch_change,
    tables.outbox_message,
    tables.undo_memory,
    tables.dirty,
    tables.dossier_key,
)
_ADOPTED = "cells_adopted"


@dataclass(frozen=True)
class Gone:
    """What an erasure took: the kind of the dossier and the names of its sealed files."""

    kind: str
    cause: str
    blobs: tuple[str, ...]


@dataclass(frozen=True)
class Applied:
    """What a join did: the sealed files that no row names any more, what an erasure took, and the
    latest clock that came.
    """

    report: JoinReport
    unnamed: frozenset[str] = frozenset()
    gone: Gone | None = None
    latest: int = 0


def every(connection: Connection) -> list[Id]:
    """Every dossier that has a state here, the erased ones too, in the order of ids."""
    living = connection.scalars(select(tables.dossier_key.c.dossier)).all()
    return sorted({*living, *connection.scalars(select(tables.erased.c.dossier))})


def digests(connection: Connection) -> dict[Id, bytes]:
    """The SHA-256 of every dossier's state."""
    return {id: digest(encode(load(connection, id))) for id in every(connection)}


def load(connection: Connection, dossier: Id) -> State:
    """The state of a dossier as this transaction sees it; NotFound when there never was one."""
    found = _known(connection, dossier)
    if found is None:
        raise NotFound("no_such_dossier", id=show_id(dossier))
    return found


def _known(connection: Connection, dossier: Id) -> State | None:
    with translated():
        execute = rows.raw(connection).execute
        statement = (
            "SELECT kind, coalesce(at, 0), coalesce(cause, '') FROM erased WHERE dossier = ?"
        )
        erased = execute(statement, (dossier,)).fetchone()
        if erased is not None:
            kind, at, cause = erased
            return Erased(dossier, kind, cause, at)
        key = execute("SELECT kind FROM dossier_key WHERE dossier = ?", (dossier,)).fetchone()
    return None if key is None else Dossier(dossier, key[0], rows.read(connection, dossier))


def apply(connection: Connection, data: bytes, now: datetime, key: bytes | None = None) -> Applied:
    """Join an encoded state with what is here.

    ``key`` is the dossier's key, needed when it is new here: NotFound ``dossier_key_missing``.
    Corrupt ``dossier_damaged`` for a state that cannot be of this base, SchemaTooNew
    ``dossier_newer`` for codes that only a newer program has; nothing is written then.
    """
    held = _known(connection, dossier_in(data))
    if held is not None and encode(held) == data:
        unknown = rows.unknown_in(held.rows) if isinstance(held, Dossier) else 0
        return Applied(JoinReport(held.id, held.kind, JoinOutcome.SAME, unknown=unknown))
    state = decode(data)
    if held is not None and held.kind != state.kind:
        raise Corrupt("dossier_damaged")
    with _whole(connection):
        if isinstance(state, Erased):
            return _apply_erasure(connection, held, state)
        return _apply(connection, held, state, now, key)


@contextmanager
def _whole(connection: Connection) -> Iterator[None]:
    """What fails half-way leaves nothing behind, though the transaction may go on."""
    execute = rows.raw(connection).execute
    with translated():
        execute("SAVEPOINT dossier")
    try:
        yield
    except BaseException:
        with translated():
            execute("ROLLBACK TO dossier")
            execute("RELEASE dossier")
        raise
    with translated():
        execute("RELEASE dossier")


def _apply(
    connection: Connection, held: State | None, state: Dossier, now: datetime, key: bytes | None
) -> Applied:
    if isinstance(held, Erased):
        return Applied(JoinReport(state.id, state.kind, JoinOutcome.REFUSED))
    if held is None:
        if key is None:
            raise NotFound("dossier_key_missing", id=show_id(state.id))
        with translated():
            statement = "INSERT INTO dossier_key (dossier, kind, dek) VALUES (?, ?, ?)"
            rows.raw(connection).execute(statement, (state.id, state.kind, key))
    before: Rows = {} if held is None else held.rows
    joined, conflicts = (state, ()) if held is None else join(held, state)
    if not isinstance(joined, Dossier):
        raise TypeError("two living states joined to an erased one")
    changes, unnamed = write(connection, state.id, before, joined.rows)
    _keep_conflicts(connection, state.id, conflicts, now)
    outcome = (
        JoinOutcome.NEW if held is None else JoinOutcome.CHANGED if changes else JoinOutcome.SAME
    )
    named = rows.names_in(joined.rows, "document", "blob", "text_blob")
    report = JoinReport(
        state.id,
        state.kind,
        outcome,
        rows=len(changes),
        conflicts=conflicts,
        unknown=rows.unknown_in(joined.rows),
        files=tuple(sorted(named - rows.names_in(before, "document", "blob", "text_blob"))),
    )
    return Applied(report, unnamed, latest=latest(state))


def write(
    connection: Connection, dossier: Id, before: Rows, after: Rows
) -> tuple[list[Change], frozenset[str]]:
    """Write rows with the marks they carry; what changed, and the sealed files no row names now.

    The dossier is touched, so that the transaction refreshes what is derived from it.
    """
    with _mode(connection, JOINING):
        changes = rows.write(connection, dossier, before, after)
    if changes:
        writing(connection).touch(dossier)
        _keep_texts(connection, dossier, changes)
    left = rows.names_in(before, "document", "blob") - rows.names_in(after, "document", "blob")
    return changes, frozenset(left)


@contextmanager
def _mode(connection: Connection, mode: int) -> Iterator[None]:
    state = writing(connection)
    state.mode = mode
    try:
        yield
    finally:
        state.mode = NORMAL


def _keep_texts(connection: Connection, dossier: Id, changes: Iterable[Change]) -> None:
    """The searched text of a row follows its cell; that of a row taken away goes."""
    gone, said = [], []
    for change in changes:
        cell = OWN_TEXT.get(change.table)
        text = change.after.cell(cell) if cell else ABSENT
        if change.before is not None:
            same = cell is None or change.before.cell(cell) == text
            if same and change.after.dead == change.before.dead:
                continue
            gone.append((change.id,))
        if isinstance(text, str) and text and not change.after.dead:
            said.append((dossier, change.id, zip_text(text)))
    with translated():
        many = rows.raw(connection).executemany
        many("DELETE FROM body_text WHERE row = ?", gone)
        many("INSERT INTO body_text (dossier, row, body) VALUES (?, ?, ?)", said)


def _keep_conflicts(
    connection: Connection, dossier: Id, conflicts: Iterable[Conflict], now: datetime
) -> None:
    """Each lost value once, however often its state comes by."""
    found = [
        {
            "dossier": dossier,
            "tbl": conflict.table,
            "row": conflict.row,
            "cell": conflict.cell,
            "lost": pack_cell(conflict.lost),
            "lost_clock": conflict.lost_at.clock,
            "lost_dev": conflict.lost_at.device,
            "won": pack_cell(conflict.won),
            "won_clock": conflict.won_at.clock,
            "won_dev": conflict.won_at.device,
            "at": now,
        }
        for conflict in conflicts
    ]
    if found:
        connection.execute(upsert(tables.conflict).on_conflict_do_nothing(), found)


# ── erasure ───────────────────────────────────────────────────────────────────────────────────


def _apply_erasure(connection: Connection, held: State | None, state: Erased) -> Applied:
    if isinstance(held, Erased):
        joined = join(held, state).state
        if joined == held:
            return Applied(JoinReport(state.id, state.kind, JoinOutcome.SAME))
        _keep_erasure(connection, state)
        return Applied(JoinReport(state.id, state.kind, JoinOutcome.CHANGED))
    gone = _delete(connection, state.id) if held is not None else ()
    _keep_erasure(connection, state)
    return Applied(
        JoinReport(state.id, state.kind, JoinOutcome.ERASED),
        gone=Gone(state.kind, state.cause, gone),
    )


def erase(connection: Connection, dossier: Id, kind: str, cause: str, at: datetime) -> Gone:
    """Erase a living dossier here and now: rows, key, texts, indexes; its files are the caller's."""
    blobs = _delete(connection, dossier)
    statement = upsert(tables.erased).values(dossier=dossier, kind=kind, at=at, cause=cause)
    connection.execute(statement.on_conflict_do_nothing())
    return Gone(kind, cause, blobs)


def _delete(connection: Connection, dossier: Id) -> tuple[str, ...]:
    document = tables.document
    blobs = connection.scalars(select(document.c.blob).where(document.c.dossier == dossier)).all()
    with _mode(connection, ERASING):
        for table in [*tables.synced_tables(), *_OF_DOSSIER]:
            connection.execute(delete(table).where(table.c.dossier == dossier))
    external = tables.external_id
    connection.execute(update(external).where(external.c.dossier == dossier).values(dossier=None))
    writing(connection).touched.discard(dossier)
    return tuple(blob for blob in blobs if blob)


def _keep_erasure(connection: Connection, state: Erased) -> None:
    with translated():
        rows.raw(connection).execute(
            "INSERT OR REPLACE INTO erased (dossier, kind, at, cause) VALUES (?, ?, ?, ?)",
            (state.id, state.kind, state.at, state.cause),
        )


# ── what a newer program left, once this one is newer ─────────────────────────────────────────


def adopt(connection: Connection) -> int:
    """After a migration: give cells and rows that were kept unread the columns and tables that they
    have now; how many rows. Clocks stay, nothing becomes dirty. Once per set of known cells.
    """
    known = {name: sorted(shape.known) for name, shape in sorted(rows.shapes().items())}
    mark = hashlib.sha256(repr(known).encode()).hexdigest()
    meta = tables.meta
    if connection.scalar(select(meta.c.value).where(meta.c.name == _ADOPTED)) == mark:
        return 0
    with _mode(connection, JOINING):
        number = {dossier: rows.adopt(connection, dossier) for dossier in _with_unread(connection)}
    derived.refresh(connection, [dossier for dossier, found in number.items() if found])
    statement = upsert(meta).values(name=_ADOPTED, value=mark)
    connection.execute(
        statement.on_conflict_do_update(index_elements=["name"], set_={"value": mark})
    )
    return sum(number.values())


def _with_unread(connection: Connection) -> list[Id]:
    found = set(connection.scalars(select(tables.unknown_row.c.dossier).distinct()))
    for table in tables.synced_tables():
        found.update(connection.scalars(select(table.c.dossier).where(table.c.extra.is_not(None))))
    return sorted(found)
