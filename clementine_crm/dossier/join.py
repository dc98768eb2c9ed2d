"""Two versions of a dossier become one, the same whoever joins, in whatever order and how often.

Each cell is a chain of (value, mark) under a total order, and the join takes the greater of two: so
it is commutative, associative and idempotent by construction. A cell that a row does not name counts
as its default at the row's base stamp.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

from clementine_crm.domain.ids import Id
from clementine_crm.dossier.encoding import pack_cell, pack_row
from clementine_crm.dossier.state import (
    ABSENT,
    ADD_WINS,
    DEAD,
    NEVER,
    Cell,
    Dossier,
    Erased,
    Row,
    Stamp,
    State,
    Written,
    row_of,
)


class Conflict(NamedTuple):
    """A value that lost to one whose writer cannot have seen it; both are kept for a person."""

    table: str
    row: Id
    cell: str
    lost: Cell
    lost_at: Stamp
    won: Cell
    won_at: Stamp


class Joined(NamedTuple):
    state: State
    conflicts: tuple[Conflict, ...] = ()


_Held = tuple[Cell, Written]
_Order = Callable[[str, _Held], tuple[Any, ...]]


def join(one: State, other: State) -> Joined:
    """The join of two states of one dossier. ValueError when they are of two dossiers."""
    if (one.id, one.kind) != (other.id, other.kind):
        raise ValueError("states of two dossiers")
    if isinstance(one, Erased) or isinstance(other, Erased):
        erased = [state for state in (one, other) if isinstance(state, Erased)]
        return Joined(min(erased, key=lambda state: (state.at, state.cause)))
    conflicts: list[Conflict] = []
    rows: dict[str, dict[Id, Row]] = {}
    for table in {**one.rows, **other.rows}:
        mine, theirs = one.rows.get(table, {}), other.rows.get(table, {})
        joined = rows[table] = {**mine, **theirs}
        for id in mine.keys() & theirs.keys():
            a, b = mine[id], theirs[id]
            # Most rows are the same. Equal is not enough: 1 and 1.0 are equal.
            same = a == b and pack_row(a) == pack_row(b)
            joined[id] = a if same else _row(table, id, a, b, conflicts)
    return Joined(Dossier(one.id, one.kind, rows), tuple(sorted(conflicts, key=_place)))


def _place(conflict: Conflict) -> tuple[Any, ...]:
    return conflict.table, conflict.row, conflict.cell, conflict.lost_at


def _row(table: str, id: Id, one: Row, other: Row, conflicts: list[Conflict]) -> Row:
    order = _add_wins if table in ADD_WINS else _last_wins
    cells = []
    lost = []
    for name in {**one.cells, **other.cells}:
        a, b = (one.cell(name), one.written(name)), (other.cell(name), other.written(name))
        if a[1] == b[1] and _same(a[0], b[0]):
            winner = a
        else:
            winner, loser = (a, b) if order(name, a) > order(name, b) else (b, a)
            if _unseen(loser, winner):
                lost.append((name, loser, winner, one if loser is a else other))
        cells.append((name, *winner))
    row = row_of(max(one.base, other.base), cells)
    for name, loser, winner, owner in lost:
        if not (loser[0] is ABSENT and (row.dead or owner.dead)):
            conflicts.append(
                Conflict(table, id, name, loser[0], loser[1].at, winner[0], winner[1].at)
            )
    if row.dead and one.dead != other.dead:
        conflicts += _buried(table, id, row)
    return row


def _unseen(loser: _Held, winner: _Held) -> bool:
    """Whether an edit was lost that the winner's writer did not hold."""
    (value, written), (other, over) = loser, winner
    return (
        not _same(value, other)
        and written.at.device != over.at.device
        and over.seen < written.at
        # A default that came with its row is nobody's edit.
        and not (value is ABSENT and written.replaced == NEVER)
    )


def _buried(table: str, id: Id, row: Row) -> list[Conflict]:
    """Values in a row that was taken away: a removal blanks all it has seen, so it missed these."""
    gone = row.written(DEAD).at
    return [
        Conflict(table, id, name, value, row.written(name).at, ABSENT, gone)
        for name, value in row.cells.items()
        if name != DEAD and value is not ABSENT
    ]


def _last_wins(_name: str, held: _Held) -> tuple[Any, ...]:
    value, written = held
    return written.at, _weight(value), written.replaced, written.seen


def _add_wins(name: str, held: _Held) -> tuple[Any, ...]:
    """What takes away (the removal, and the blanks it leaves) counts by what it took away."""
    value, written = held
    takes_away = (value is not ABSENT) if name == DEAD else (value is ABSENT)
    counts = written.replaced if takes_away else written.at
    return counts, takes_away, written.at, _weight(value), written.replaced, written.seen


def _weight(value: Cell) -> bytes:
    """An order among all values; the default is the lightest."""
    return b"" if value is ABSENT else pack_cell(value)


def _same(one: Cell, other: Cell) -> bool:
    # 1 and 1.0, 0.0 and -0.0 are equal and have other bytes.
    if type(one) is not type(other):
        return False
    return pack_cell(one) == pack_cell(other) if isinstance(one, float) else one == other
