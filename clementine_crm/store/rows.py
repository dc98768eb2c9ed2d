"""Rows of dossiers read and written as SQLite holds them, each with the marks of its cells.

Raw statements on the driver's connection: a join reads and writes every row of a dossier, and the
types of the mapping would cost more than the base.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from functools import cache
from itertools import chain
from typing import Any

import sqlcipher3.dbapi2 as driver
from sqlalchemy import Boolean, Column, Connection, Date, Integer, LargeBinary, Table, Text
from sqlalchemy.sql.schema import DefaultClause

from clementine_crm.domain.ids import Id
from clementine_crm.dossier.encoding import (
    pack_cells,
    pack_marks,
    pack_row,
    unpack_cells,
    unpack_marks,
    unpack_row,
)
from clementine_crm.dossier.state import (
    ABSENT,
    Cell,
    Row,
    Rows,
    Stamp,
    Value,
    Written,
    overwrite,
    row_of,
)
from clementine_crm.errors import Corrupt, SchemaTooNew
from clementine_crm.store.columns import Code, Instant
from clementine_crm.store.engine import translated
from clementine_crm.store.functions import writing
from clementine_crm.store.tables import cells_of, synced_tables

# Years 1 to 8999: what is counted from a date must be a date too.
_INSTANTS = range(-62_135_596_800_000_000, 221_845_392_000_000_000)
_LAST_YEAR = 8_999


@dataclass(frozen=True)
class Shape:
    """One synced table as this program knows it."""

    name: str
    cells: tuple[str, ...]
    known: frozenset[str]
    defaults: tuple[Value, ...]
    checks: tuple[Callable[[Value], None], ...]
    select: str
    insert: str
    update: str

    def read(self, found: tuple[Any, ...]) -> Row:
        """A row of ``select`` as a value."""
        _, clock, device, marks, extra, *values = found
        base = Stamp(clock, device)
        if marks is None and extra is None:
            held = zip(self.cells, values, self.defaults, strict=True)
            return Row(base, {name: value for name, value, default in held if value != default})
        later = unpack_marks(marks) if marks else {}
        cells: dict[str, Cell] = {
            name: ABSENT if value == default else value
            for name, value, default in zip(self.cells, values, self.defaults, strict=True)
        }
        for name in later.keys() - cells.keys():
            cells[name] = ABSENT
        if extra:
            cells.update(unpack_cells(extra))
        plain = Written(base)
        return row_of(base, ((name, cells[name], later.get(name, plain)) for name in cells))

    def written(self, row: Row) -> list[Any]:
        """Clock, device, marks, unknown cells and the cells, for ``insert`` and ``update``.

        Corrupt or SchemaTooNew for a value that the column cannot hold.
        """
        extra = {n: v for n, v in row.cells.items() if n not in self.known and v is not ABSENT}
        values: list[Value] = []
        for name, default, check in zip(self.cells, self.defaults, self.checks, strict=True):
            cell = row.cells.get(name, ABSENT)
            if cell is ABSENT:
                values.append(default)
            else:
                check(cell)
                values.append(cell)
        return [
            *row.base,
            pack_marks(row.later) if row.later else None,
            pack_cells(extra) if extra else None,
            *values,
        ]

    def readable(self, row: Row) -> list[Any] | None:
        """``written``, or None for a row that must go on waiting for a newer program."""
        try:
            return self.written(row)
        except (Corrupt, SchemaTooNew):
            return None


@cache
def shapes() -> dict[str, Shape]:
    return {table.name: _shape(table) for table in synced_tables()}


def _shape(table: Table) -> Shape:
    cells = tuple(cells_of(table))
    kept = ["clock", "dev", "cells", "extra", *cells]
    listed = ", ".join(f'"{name}"' for name in kept)
    marks = ", ".join("?" * (len(kept) + 2))
    assigned = ", ".join(f'"{name}" = ?' for name in kept)
    return Shape(
        table.name,
        cells,
        frozenset(cells),
        tuple(default_of(table.c[name]) for name in cells),
        tuple(_check(table.c[name]) for name in cells),
        f'SELECT id, {listed} FROM "{table.name}" WHERE dossier = ?',  # noqa: S608 - names of our schema
        f'INSERT INTO "{table.name}" ({listed}, id, dossier) VALUES ({marks})',  # noqa: S608
        f'UPDATE "{table.name}" SET {assigned} WHERE id = ? AND dossier = ?',  # noqa: S608
    )


def default_of(column: Column[Any]) -> Value:
    """The value of a cell before anybody wrote it, as SQLite stores it."""
    if not isinstance(column.server_default, DefaultClause):
        return None
    text = str(column.server_default.arg)
    return int(text) if isinstance(column.type, Integer | Boolean) else text


def _check(column: Column[Any]) -> Callable[[Value], None]:
    """Refuses what the mapping could not read back; a code that is new is a newer program's."""
    suits = _suits(column.type)
    nullable = column.nullable
    codes = {"", *map(str, column.type.codes)} if isinstance(column.type, Code) else None

    def check(value: Value) -> None:
        if value is None and nullable:
            return
        if not suits(value):
            raise Corrupt("dossier_damaged")
        if codes is not None and value not in codes:
            raise SchemaTooNew("dossier_newer")

    return check


def _suits(kind: Any) -> Callable[[Value], bool]:
    if isinstance(kind, Text | Code):
        return lambda value: type(value) is str
    if isinstance(kind, LargeBinary):
        return lambda value: type(value) is bytes
    if isinstance(kind, Date):
        return _is_date
    if isinstance(kind, Boolean):
        return lambda value: type(value) is int and value in (0, 1)
    if isinstance(kind, Instant):
        return lambda value: type(value) is int and value in _INSTANTS
    return lambda value: type(value) is int


def _is_date(value: Value) -> bool:
    try:
        day = date.fromisoformat(value) if type(value) is str else None
    except ValueError:
        return False
    return day is not None and day.isoformat() == value and day.year <= _LAST_YEAR


def raw(connection: Connection) -> Any:
    """The driver's connection under a connection that is in a transaction."""
    return connection.connection.driver_connection


@cache
def _present() -> str:
    """Which tables hold rows of a dossier, in one statement."""
    return " UNION ALL ".join(
        f"SELECT '{name}' WHERE EXISTS (SELECT 1 FROM \"{name}\" WHERE dossier = ?1)"  # noqa: S608
        for name in shapes()
    )


def read(connection: Connection, dossier: Id) -> Rows:
    """Every row of a dossier, those of unknown tables too."""
    found: dict[str, dict[Id, Row]] = {}
    with translated():
        execute = raw(connection).execute
        for (name,) in execute(_present(), (dossier,)).fetchall():
            shape = shapes()[name]
            found[name] = {row[0]: shape.read(row) for row in execute(shape.select, (dossier,))}
        unknown = "SELECT tbl, row, state FROM unknown_row WHERE dossier = ?"
        for table, id, state in execute(unknown, (dossier,)):
            found.setdefault(table, {})[id] = unpack_row(state)
    return found


@dataclass(frozen=True)
class Change:
    """One row that ``write`` wrote; ``before`` None when it is new here."""

    table: str
    id: Id
    before: Row | None
    after: Row


def write(connection: Connection, dossier: Id, before: Rows, after: Rows) -> list[Change]:
    """Write the rows of ``after`` that differ from ``before``, in the connection's present mode.

    Corrupt for rows that cannot be this dossier's, SchemaTooNew for codes of a newer program.
    """
    changes = list(_differences(before, after))
    known = [change for change in changes if change.table in shapes()]
    added: dict[str, list[list[Any]]] = {}
    altered: dict[str, list[list[Any]]] = {}
    for change in known:
        values = [*shapes()[change.table].written(change.after), change.id, dossier]
        (added if change.before is None else altered).setdefault(change.table, []).append(values)
    with translated():
        many = raw(connection).executemany
        try:
            for table, rows in altered.items():
                many(shapes()[table].update, rows)
            for table, rows in added.items():
                many(shapes()[table].insert, rows)
        except driver.IntegrityError:
            # A row of another dossier under this id.
            raise Corrupt("dossier_damaged") from None
        for change in changes:
            if change.table not in shapes():
                _keep_unknown(connection, dossier, change)
    return changes


def _differences(before: Rows, after: Rows) -> Iterator[Change]:
    for table, rows in after.items():
        held = before.get(table, {})
        for id, row in rows.items():
            old = held.get(id)
            # By their bytes: 1 and 1.0 are equal.
            if old is None or (old is not row and pack_row(old) != pack_row(row)):
                yield Change(table, id, old, row)


def _keep_unknown(connection: Connection, dossier: Id, change: Change) -> None:
    execute = raw(connection).execute
    place = (dossier, change.table, change.id)
    execute("DELETE FROM unknown_row WHERE dossier = ? AND tbl = ? AND row = ?", place)
    statement = "INSERT INTO unknown_row (dossier, tbl, row, state) VALUES (?, ?, ?, ?)"
    execute(statement, (*place, pack_row(change.after)))


def forget_unknown(connection: Connection, table: str, id: Id) -> None:
    """Blank, as one write of this transaction, the cells of a row that only a newer program knows."""
    shape = shapes()[table]
    with translated():
        execute = raw(connection).execute
        statement = (
            f'SELECT extra, clock, dev, cells FROM "{table}" WHERE id = ? AND extra IS NOT NULL'  # noqa: S608
        )
        found = execute(statement, (id,)).fetchone()
        if found is None:
            return
        extra, clock, device, marks = found
        later = unpack_marks(marks) if marks else {}
        plain, now = Written(Stamp(clock, device)), writing(connection)
        for name in unpack_cells(extra).keys() - shape.known:
            later[name] = overwrite(later.get(name, plain), Stamp(now.hlc(), now.device))
        statement = f'UPDATE "{table}" SET extra = NULL, cells = ? WHERE id = ?'  # noqa: S608
        execute(statement, (pack_marks(later), id))


def adopt(connection: Connection, dossier: Id) -> int:
    """Move what was kept unread into the columns and tables that are known now; how many rows."""
    number = 0
    with translated():
        execute = raw(connection).execute
        unknown = "SELECT tbl, row, state, rid FROM unknown_row WHERE dossier = ?"
        for table, id, state, rid in execute(unknown, (dossier,)).fetchall():
            shape = shapes().get(table)
            if shape is not None and (values := shape.readable(unpack_row(state))):
                execute(shape.insert, [*values, id, dossier])
                execute("DELETE FROM unknown_row WHERE rid = ?", (rid,))
                number += 1
        for shape in shapes().values():
            unread = execute(f"{shape.select} AND extra IS NOT NULL", (dossier,)).fetchall()
            for found in unread:
                if values := shape.readable(shape.read(found)):
                    execute(shape.update, [*values, found[0], dossier])
                    number += 1
    return number


def unknown_in(rows: Rows) -> int:
    """How many rows and cells only a newer program knows."""
    strange = sum(len(found) for table, found in rows.items() if table not in shapes())
    return strange + sum(
        name not in shape.known
        for table, shape in shapes().items()
        for row in rows.get(table, {}).values()
        for name in row.cells
    )


def names_in(rows: Rows, table: str, *cells: str) -> set[str]:
    """What these cells of the living rows of a table say, blanks left out."""
    living = (row for row in rows.get(table, {}).values() if not row.dead)
    said = chain.from_iterable((row.cell(cell) for cell in cells) for row in living)
    return {value for value in said if isinstance(value, str) and value}
