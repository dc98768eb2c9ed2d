"""What a base holds beside the states of its dossiers, as bytes for a copy and back.

*Beside* a dossier: texts that search needs, letters that wait, values that lost, what an import made
of it, the identities that led to it. The *memory* of no dossier: identities whose item is decided or
gone, imports of the last days, what was erased. It names nobody. Rows travel by the names of their
columns: what another version does not know is left out.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from typing import Any

import msgpack
from sqlalchemy import Connection, Table

from clementine_crm.domain.ids import Id
from clementine_crm.errors import Corrupt
from clementine_crm.store import derived_tables, rows, tables
from clementine_crm.store.engine import translated
from clementine_crm.store.tables import synced_tables

_BESIDE: tuple[Table, ...] = (
    derived_tables.body_text,
    tables.outbox_message,
    tables.conflict,
    tables.batch_change,
    tables.external_id,
)
# The paths of imports and the rows they rejected may name persons: they stay on this desktop.
_LEFT_BLANK = {"import_batch": {"path"}}
_MEMORY: tuple[tuple[Table, str], ...] = (
    (tables.external_id, "dossier IS NULL"),
    (tables.import_batch, "1"),
    (tables.erased, "1"),
)


def versions(connection: Connection) -> dict[Id, bytes]:
    """Of every living dossier, bytes that change whenever a cell of it does: the marks of its rows.

    Reads no content: a hundred thousand dossiers take seconds.
    """
    digests: dict[Id, Any] = {
        row[0]: hashlib.sha256() for row in _raw(connection, "SELECT dossier FROM dossier_key")
    }
    for table in synced_tables():
        marks = (
            f"SELECT dossier, id, clock, dev, cells, extra FROM {table.name} ORDER BY dossier, id"  # noqa: S608 - a name of our schema
        )
        _feed(digests, table.name, _raw(connection, marks))
    unknown = "SELECT dossier, tbl, row, state FROM unknown_row ORDER BY dossier, tbl, row"
    _feed(digests, "unknown_row", _raw(connection, unknown))
    return {dossier: digest.digest() for dossier, digest in digests.items()}


def beside_versions(connection: Connection) -> dict[Id, bytes]:
    """The same of what stands beside a dossier; none where nothing does.

    A document's text is told by the name it would have as a file, another text by its length: it
    follows a cell, whose change the dossier's own version tells.
    """
    digests: dict[Id, Any] = {}
    texts = (
        "SELECT b.dossier, b.row, length(b.body), coalesce(d.text_blob, '') FROM body_text b "
        "LEFT JOIN document d ON d.id = b.row ORDER BY b.dossier, b.row"
    )
    _feed(digests, "body_text", _raw(connection, texts))
    for table in _BESIDE[1:]:
        names = ", ".join(f'"{name}"' for name in _columns(table) if name != "dossier")
        query = f"SELECT dossier, {names} FROM {table.name} WHERE dossier IS NOT NULL ORDER BY dossier, {names}"  # noqa: S608 - names of our schema
        _feed(digests, table.name, _raw(connection, query))
    return {dossier: digest.digest() for dossier, digest in digests.items()}


def beside(connection: Connection, dossier: Id) -> bytes:
    """What stands beside one dossier."""
    return _packed(connection, ((table, "dossier = ?", (dossier,)) for table in _BESIDE))


def take_beside(connection: Connection, data: bytes) -> None:
    """Write down what ``beside`` gave; Corrupt ``dossier_damaged``."""
    _unpack(connection, data, {table.name: table for table in _BESIDE})


def memory(connection: Connection) -> bytes:
    """What no dossier holds."""
    return _packed(connection, ((table, where, ()) for table, where in _MEMORY))


def take_memory(connection: Connection, data: bytes) -> None:
    """Write down what ``memory`` gave; Corrupt ``dossier_damaged``."""
    _unpack(connection, data, {table.name: table for table, _ in _MEMORY})


# ── inside ────────────────────────────────────────────────────────────────────────────────────


def _raw(connection: Connection, query: str, given: tuple[Any, ...] = ()) -> Iterator[Any]:
    with translated():
        yield from rows.raw(connection).execute(query, given)


def _feed(digests: dict[Id, Any], name: str, found: Iterable[tuple[Any, ...]]) -> None:
    for dossier, *values in found:
        digest = digests.setdefault(dossier, hashlib.sha256())
        digest.update(bytes(msgpack.packb([name, *values])))


def _columns(table: Table) -> list[str]:
    return [column.name for column in table.columns if column.name != "rid"]


def _packed(connection: Connection, parts: Iterable[tuple[Table, str, tuple[Any, ...]]]) -> bytes:
    said = []
    for table, where, given in parts:
        names = _columns(table)
        blank = _LEFT_BLANK.get(table.name, ())
        listed = ", ".join("''" if name in blank else f'"{name}"' for name in names)
        query = f"SELECT {listed} FROM {table.name} WHERE {where} ORDER BY {listed}"  # noqa: S608 - names of our schema
        found = [list(row) for row in _raw(connection, query, given)]
        if found:
            said.append([table.name, names, found])
    return bytes(msgpack.packb(said))


def _unpack(connection: Connection, data: bytes, known: dict[str, Table]) -> None:
    try:
        for name, names, found in msgpack.unpackb(data):
            if name in known:
                _insert(connection, known[name], names, found)
    except (ValueError, TypeError, KeyError, IndexError):
        raise Corrupt("dossier_damaged") from None


def _insert(connection: Connection, table: Table, names: list[str], found: list[Any]) -> None:
    kept = [name for name in names if name in table.columns]
    at = [names.index(name) for name in kept]
    columns = ", ".join(f'"{name}"' for name in kept)
    marks = ", ".join("?" * len(kept))
    with translated():
        many = rows.raw(connection).executemany
        if table is derived_tables.body_text:
            # REPLACE wakes no trigger: the index would keep the words of the text replaced.
            many('DELETE FROM body_text WHERE "row" = ?', [[r[names.index("row")]] for r in found])
        statement = f"INSERT OR REPLACE INTO {table.name} ({columns}) VALUES ({marks})"  # noqa: S608 - names of our schema
        many(statement, [[row[n] for n in at] for row in found])
