"""An earlier state of a dossier written anew: over what it is now, or into a new dossier."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from clementine_crm.domain.ids import Id, derived_id
from clementine_crm.dossier.state import (
    ABSENT,
    DEAD,
    Cell,
    Dossier,
    Row,
    Stamp,
    Written,
    overwrite,
    row_of,
)


def put_back(now: Dossier, earlier: Dossier, at: Stamp) -> Dossier:
    """``now`` with the values of ``earlier``, every difference written at ``at``.

    A row that came since is taken away: blanked and dead, as any removal.
    """
    rows: dict[str, dict[Id, Row]] = {}
    for table in {**now.rows, **earlier.rows}:
        held, wanted = now.rows.get(table, {}), earlier.rows.get(table, {})
        rows[table] = {
            id: _written_over(held[id], _values(wanted.get(id)), at)
            if id in held
            else row_of(at, ((n, v, Written(at)) for n, v in wanted[id].cells.items()))
            for id in {**held, **wanted}
        }
    return Dossier(now.id, now.kind, rows)


def _values(row: Row | None) -> Mapping[str, Cell]:
    return {DEAD: 1} if row is None else row.cells


def _written_over(row: Row, values: Mapping[str, Cell], at: Stamp) -> Row:
    cells = []
    for name in {**row.cells, **values}:
        held, mark = row.cell(name), row.written(name)
        wanted = values.get(name, ABSENT)
        if wanted is held or (type(wanted) is type(held) and wanted == held):
            cells.append((name, held, mark))
        else:
            cells.append((name, wanted, overwrite(mark, at)))
    return row_of(row.base, cells)


def copy_as(state: Dossier, id: Id, at: Stamp, without: Collection[str] = ()) -> Dossier:
    """The living rows of ``state`` as a new dossier, written at ``at``, under ids of its own.

    Cells that name a row of the former dossier name its copy; rows of the tables ``without`` stay
    behind.
    """
    taken = {
        table: {row: found for row, found in rows.items() if not found.dead}
        for table, rows in state.rows.items()
        if table not in without
    }
    new = {row: derived_id(id, row.hex()) for rows in taken.values() for row in rows}
    new[state.id] = id
    rows = {
        table: {new[row]: _copy(found, new, at) for row, found in rows.items()}
        for table, rows in taken.items()
        if rows
    }
    return Dossier(id, state.kind, rows)


def _copy(row: Row, new: Mapping[Id, Id], at: Stamp) -> Row:
    plain = Written(at)
    return row_of(
        at,
        (
            (name, new.get(value, value) if isinstance(value, bytes) else value, plain)
            for name, value in row.cells.items()
        ),
    )
