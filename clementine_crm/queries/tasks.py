"""What is to be done, by day and by dossier."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, Row

from clementine_crm.domain.agency import Right
from clementine_crm.domain.ids import Id
from clementine_crm.queries.reading import Reading, by_dossier, rows
from clementine_crm.store import tables


@dataclass(frozen=True)
class TaskRow:
    """One task; ``about`` names its dossier, ``kind`` is that dossier's kind."""

    id: Id
    dossier: Id
    text: str
    due: date | None
    done_at: datetime | None
    about: str = ""
    kind: str = ""

    def overdue(self, today: date) -> bool:
        return self.done_at is None and self.due is not None and self.due < today


def tasks(reading: Reading, *, done: bool = False) -> list[TaskRow]:
    """Open tasks (or done ones), earliest due day first."""
    table = tables.task
    condition = table.c.done_at.is_not(None) if done else table.c.done_at.is_(None)
    with reading.connect(Right.SEE_PERSONS) as connection:
        held = rows(connection, table, condition)
        made = _named(connection, held)
    return sorted(made, key=lambda t: (t.due is None, t.due or date.max))


def in_order(held: Iterable[Any]) -> list[TaskRow]:
    """The tasks of one dossier from its rows, open ones first."""
    made = [_row(r) for r in held]
    return sorted(made, key=lambda t: (t.done_at is not None, t.due or date.max))


def _row(r: Any, about: str = "", kind: str = "") -> TaskRow:
    return TaskRow(r.id, r.dossier, r.text, r.due, r.done_at, about, kind)


def _named(connection: Connection, held: Sequence[Row[Any]]) -> list[TaskRow]:
    dossiers = [r.dossier for r in held]
    names: dict[Id, tuple[str, str]] = {}
    for person in _first(connection, tables.candidate, dossiers):
        names[person.dossier] = (f"{person.given_name} {person.family_name}".strip(), "candidate")
    for mission in _first(connection, tables.mission, dossiers):
        names[mission.dossier] = (f"{mission.reference} {mission.title}", "mission")
    for client in _first(connection, tables.client, dossiers):
        names[client.dossier] = (client.name, "client")
    return [_row(r, *names.get(r.dossier, ("", ""))) for r in held]


def _first(connection: Connection, table: Any, dossiers: list[Id]) -> list[Row[Any]]:
    return [found[0] for found in by_dossier(connection, table, dossiers).values()]
