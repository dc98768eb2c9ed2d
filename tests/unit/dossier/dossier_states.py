"""States of dossiers for property tests: real tables, few rows and stamps, so that they meet.

A state is read off a string of bytes, one byte a choice: hypothesis draws and shrinks one string
where a draw for each cell would take a hundred times as long.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cache
from typing import Any, TypeVar

from hypothesis import strategies as st
from sqlalchemy import Column, Date, LargeBinary, Text

from clementine_crm.dossier.state import (
    ABSENT,
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
from clementine_crm.store.columns import Code, metadata
from clementine_crm.store.tables import cells_of

KINDS = {
    "candidate": [
        "candidate",
        "contact_point",
        "work_experience",
        "education",
        "skill",
        "tag",
        "provenance",
        "application",
        "stage_transition",
        "document",
        "consent_record",
        "consent_event",
        "activity",
        "task",
    ],
    "client": ["client", "client_contact", "activity", "task"],
    "mission": ["mission", "activity", "task"],
    "inbox": ["inbox_item", "contact_point", "document"],
    "agency": ["agency", "user", "setting", "notice_version", "triage_decision", "triage_session"],
    "audit": ["audit_event"],
}
DOSSIER = bytes(16)
NEWER_TABLE, NEWER_CELL = "interview", "pronouns"
T = TypeVar("T")

# Every kind of value that SQLite holds, and values that are equal in Python without being the same.
LOOSE: list[Cell] = [
    ABSENT, None, 0, 1, 0.0, -0.0, 1.0, float("inf"), -(1 << 63), (1 << 63) - 1, "", "1", "Zoé ’ «",
    "\0", b"", b"1", bytes(range(16)),
]  # fmt: skip


class Dice:
    """Choices by the bytes of a string; when it ends, always the first."""

    def __init__(self, data: bytes) -> None:
        self._bytes: Iterator[int] = iter(data)

    def number(self, sides: int) -> int:
        return next(self._bytes, 0) % sides

    def one(self, choices: Sequence[T]) -> T:
        return choices[self.number(len(choices))]

    def stamp(self) -> Stamp:
        return Stamp(1 + self.number(6), 1 + self.number(3))

    def mark(self, base: Stamp) -> Written:
        if self.number(3) == 0:
            return Written(base)
        replaced = NEVER if self.number(4) == 0 else self.stamp()
        return Written(self.stamp(), replaced, NEVER if self.number(4) == 0 else self.stamp())


def id_of(place: int, number: int) -> bytes:
    """Row ids, unique across tables as random ones are."""
    return bytes([*[7] * 14, place, number])


@cache
def values(column: Column[Any]) -> list[Cell]:
    """What a column may hold, as SQLite stores it."""
    if isinstance(column.type, Code):
        return [ABSENT, *(str(code) for code in column.type.codes)]
    if isinstance(column.type, Text):
        return [ABSENT, "Zoé Brûlé", "’ « »", "x"]
    if isinstance(column.type, LargeBinary):
        return [ABSENT, id_of(0, 0), bytes(range(16))]
    if isinstance(column.type, Date):
        return [ABSENT, "2026-11-27", "2026-12-01"]
    if column.name in {DEAD, "confirmed"}:
        return [ABSENT, 1]
    return [ABSENT, 0] if column.name == "active" else [ABSENT, 5, 1_764_000_000_000_000]


def row(dice: Dice, table: str, *, unknown: bool = True) -> Row:
    base = dice.stamp()
    cells: dict[str, tuple[Cell, Written]] = {}
    for _ in range(dice.number(6)):
        if table in metadata.tables:
            name = dice.one([DEAD, *cells_of(metadata.tables[table])])
            value = dice.one(values(metadata.tables[table].c[name]))
        else:
            name, value = dice.one([DEAD, "at", "place"]), dice.one(LOOSE)
        cells[name] = value, dice.mark(base)
    if unknown and dice.number(2):
        cells[NEWER_CELL] = dice.one(LOOSE), dice.mark(base)
    return row_of(base, [(name, *held) for name, held in cells.items()])


def dossier(dice: Dice, kind: str, *, unknown: bool = True) -> Dossier:
    """A living dossier of a kind, with cells and a table of a newer program when ``unknown``."""
    found: dict[str, dict[bytes, Row]] = {}
    offered = [*KINDS[kind], *([NEWER_TABLE] if unknown else [])]
    for _ in range(dice.number(5)):
        place = dice.number(len(offered))
        rows = found.setdefault(offered[place], {})
        rows[id_of(place, dice.number(2))] = row(dice, offered[place], unknown=unknown)
    return Dossier(DOSSIER, kind, found)


def erasure(dice: Dice, kind: str) -> Erased:
    return Erased(DOSSIER, kind, dice.one(["discarded", "undone", "kept"]), dice.number(3))


def state(dice: Dice, kind: str) -> State:
    return erasure(dice, kind) if dice.number(8) == 7 else dossier(dice, kind)


kinds = st.sampled_from(sorted(KINDS))
dice = st.binary(min_size=30, max_size=200).map(Dice)


def several(number: int) -> st.SearchStrategy[list[State]]:
    """States of one dossier of any kind."""
    return st.builds(lambda k, *dice: [state(d, k) for d in dice], kinds, *[dice] * number)
