"""All rows of one dossier in one statement: opening it costs one round, however much hangs on it."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime
from types import SimpleNamespace
from typing import Any

from sqlalchemy import Column, Connection, Date, LargeBinary, Table, text
from sqlalchemy.types import Boolean

from clementine_crm.domain.ids import Id
from clementine_crm.store.columns import Code, Instant
from clementine_crm.store.tables import cells_of

Rows = list[Any]


def whole(
    connection: Connection,
    dossier: Id,
    of_dossier: Sequence[Table],
    around: Mapping[Table, str] | None = None,
) -> dict[str, Rows]:
    """Living rows by table name, oldest first, with the attributes of their columns.

    ``around`` adds rows of other dossiers: table to a condition over ``:dossier``.
    """
    wanted = dict.fromkeys(of_dossier, "dossier = :dossier") | dict(around or {})
    parts = [f"({_listed(table, where)})" for table, where in wanted.items()]
    found = connection.execute(text(f"SELECT {', '.join(parts)}"), {"dossier": dossier}).one()
    return {
        table.name: [_row(table, values) for values in json.loads(listed)]
        for table, listed in zip(wanted, found, strict=True)
    }


def _columns(table: Table) -> list[Column[Any]]:
    if not table.info.get("synced"):
        return list(table.columns)
    names = ["id", "dossier", *(name for name in cells_of(table) if name != "dead")]
    return [table.c[name] for name in names]


def _listed(table: Table, where: str) -> str:
    values = ", ".join(
        f'hex("{c.name}")' if isinstance(c.type, LargeBinary) else f'"{c.name}"'
        for c in _columns(table)
    )
    living = " AND dead = 0" if table.info.get("synced") else ""
    order = " ORDER BY rid" if "rid" in table.c else ""
    return (
        f"SELECT json_group_array(json_array({values})) FROM "  # noqa: S608 - names of our schema
        f'(SELECT * FROM "{table.name}" WHERE {where}{living}{order})'
    )


def _row(table: Table, values: Sequence[Any]) -> SimpleNamespace:
    return SimpleNamespace(
        **{
            column.name: None if value is None else _read(column)(value)
            for column, value in zip(_columns(table), values, strict=True)
        }
    )


def _read(column: Column[Any]) -> Callable[[Any], Any]:
    if isinstance(column.type, LargeBinary):
        return _blob
    if isinstance(column.type, Instant):
        return _instant
    if isinstance(column.type, Code):
        codes = column.type.codes
        return lambda value: codes(value) if value else None
    if isinstance(column.type, Date):
        return date.fromisoformat
    return bool if isinstance(column.type, Boolean) else _same


def _blob(value: str) -> bytes | None:
    # hex() gives an empty text for NULL.
    return bytes.fromhex(value) or None


def _instant(value: int) -> datetime:
    made = Instant().process_result_value(value, None)  # type: ignore[arg-type]  # the dialect is not read
    if made is None:
        raise ValueError(value)
    return made


def _same(value: Any) -> Any:
    return value
