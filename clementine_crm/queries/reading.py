"""What every query is given: a connection for reading, the day, and where documents lie."""

from __future__ import annotations

import contextlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Connection, Engine, Executable, Row, Table, and_, or_, select
from sqlalchemy.sql.elements import ColumnElement

from clementine_crm.clock import Clock
from clementine_crm.domain.agency import Right, User
from clementine_crm.domain.ids import Id
from clementine_crm.errors import NotAllowed
from clementine_crm.store import derived_tables
from clementine_crm.store.documents import Documents
from clementine_crm.store.engine import translated

AT_ONCE = 500


@dataclass(frozen=True)
class Reading:
    """Every query takes one; each reads on a connection of its own, one state of the base.

    ``search_engine`` has one connection with a large cache, for the full-text index.
    """

    engine: Engine
    search_engine: Engine
    documents: Documents
    clock: Clock
    actor: User

    @contextlib.contextmanager
    def connect(self, right: Right = Right.SEE_PERSONS) -> Iterator[Connection]:
        """A connection, for one who has the right; NotAllowed otherwise."""
        if not self.actor.may(right):
            raise NotAllowed("not_allowed", right=right.value)
        with translated(), self.engine.connect() as connection:
            yield connection

    @property
    def today(self) -> date:
        return self.clock.today()


def living(table: Table, *conditions: ColumnElement[bool]) -> Executable:
    """The rows of a synced table that were not taken away, oldest first."""
    return select(table).where(table.c.dead.is_(False), *conditions).order_by(table.c.rid)


def rows(
    connection: Connection, table: Table, *conditions: ColumnElement[bool]
) -> Sequence[Row[Any]]:
    return connection.execute(living(table, *conditions)).all()


def by_dossier(
    connection: Connection, table: Table, dossiers: Iterable[Id]
) -> dict[Id, list[Row[Any]]]:
    """Living rows of many dossiers, a few hundred a statement."""
    found: dict[Id, list[Row[Any]]] = {}
    wanted = list(dict.fromkeys(dossiers))
    for start in range(0, len(wanted), AT_ONCE):
        some = wanted[start : start + AT_ONCE]
        for row in rows(connection, table, table.c.dossier.in_(some)):
            found.setdefault(row.dossier, []).append(row)
    return found


def covers(day: date) -> ColumnElement[bool]:
    """Spans of consent that hold on a day."""
    span = derived_tables.consent_span
    return and_(span.c.start <= day, or_(span.c.end.is_(None), span.c.end >= day))
