"""The value of a whole dossier: every row of every table, and when each cell was written.

A row has one *base* stamp, the insertion's; a cell written later carries its own. A cell that holds
its column's default since the insertion is not named at all: a program that does not know the column
and one that does hold the same value. What was blanked later is named, as ``ABSENT``.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import Enum
from typing import Final, Literal, NamedTuple, TypeAlias

from clementine_crm.domain.ids import Id


class _Mark(Enum):
    ABSENT = "absent"


ABSENT: Final = _Mark.ABSENT
"""The column's default, whatever it is in the program that reads."""

Value: TypeAlias = int | str | bytes | float | None
Cell: TypeAlias = Value | Literal[_Mark.ABSENT]

DEAD: Final = "dead"
"""The cell that says a row was taken away; a cell like another."""

ADD_WINS: Final = frozenset({"contact_point", "education", "skill", "tag", "work_experience"})
"""Tables whose rows are named by what they say (``domain.ids.derived_id``): taking one away counts
only against the adding it has seen."""


class Stamp(NamedTuple):
    """When and where: the hybrid clock's stamp, and the number of the device that gave it."""

    clock: int
    device: int


NEVER: Final = Stamp(0, 0)


class Written(NamedTuple):
    """How a cell came to its value.

    ``replaced`` is the stamp of the value it took the place of; ``seen`` the last stamp of *another*
    device that the writer held in this cell, however often it wrote since (``sync.md`` 4.3).
    """

    at: Stamp
    replaced: Stamp = NEVER
    seen: Stamp = NEVER


def overwrite(before: Written, at: Stamp) -> Written:
    """The mark of a value written at ``at`` over one; twice in one transaction is once."""
    if before.at == at:
        return before
    seen = before.seen if before.at.device == at.device else before.at
    return Written(at, before.at, seen)


@dataclass(frozen=True, slots=True)
class Row:
    """``later`` holds the marks of the cells that were not written with the row; each is in
    ``cells`` too.
    """

    base: Stamp
    cells: Mapping[str, Cell] = field(default_factory=dict)
    later: Mapping[str, Written] = field(default_factory=dict)

    def cell(self, name: str) -> Cell:
        return self.cells.get(name, ABSENT)

    def written(self, name: str) -> Written:
        return self.later.get(name) or Written(self.base)

    @property
    def dead(self) -> bool:
        return self.cell(DEAD) is not ABSENT


def row_of(base: Stamp, cells: Iterable[tuple[str, Cell, Written]]) -> Row:
    """A row in its one form: nothing named that says no more than its base."""
    plain = Written(base)
    values: dict[str, Cell] = {}
    later: dict[str, Written] = {}
    for name, value, written in cells:
        if written != plain:
            values[name], later[name] = value, written
        elif value is not ABSENT:
            values[name] = value
    return Row(base, values, later)


Rows: TypeAlias = Mapping[str, Mapping[Id, Row]]


@dataclass(frozen=True, slots=True)
class Dossier:
    """A living dossier: its rows by table and id."""

    id: Id
    kind: str
    rows: Rows = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Erased:
    """All that is left of an erased dossier: cause, and instant in microseconds since 1970 UTC."""

    id: Id
    kind: str
    cause: str
    at: int


State: TypeAlias = Dossier | Erased


def latest(state: State) -> int:
    """The latest clock in a state: nobody who joined it may stamp before (0 in an erased one)."""
    if isinstance(state, Erased):
        return 0
    return max(
        (
            stamp.clock
            for rows in state.rows.values()
            for row in rows.values()
            for stamp in (row.base, *(written.at for written in row.later.values()))
        ),
        default=0,
    )
