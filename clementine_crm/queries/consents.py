"""Who we may hold, why and until when: read from the spans, explained from the events."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Connection, Row, case, func, select

from clementine_crm.domain.agency import Right
from clementine_crm.domain.consent import due, use_of_person
from clementine_crm.domain.consent_model import (
    ConsentEvent,
    ConsentRecord,
    Dates,
    Purpose,
    State,
    Use,
)
from clementine_crm.domain.ids import Id
from clementine_crm.queries.reading import AT_ONCE, Reading, by_dossier, covers, rows
from clementine_crm.store import derived_tables, tables
from clementine_crm.store.tables import cells_of


@dataclass(frozen=True)
class Standing:
    """What may be done with a person today; ``until`` is the last day of full use, None while an
    application stays open or when there is none.
    """

    use: Use
    state: State | None = None
    purpose: Purpose | None = None
    until: date | None = None


@dataclass(frozen=True)
class EventLine:
    """One act on a record, as evidence is shown."""

    type: str
    on: date
    channel: str
    answer: str
    evidence: str
    notice: str
    entity: str


@dataclass(frozen=True)
class ConsentLine:
    """One record of a person: state, dates, and the acts behind it."""

    record: Id
    dossier: Id
    person: str
    purpose: Purpose
    source: str
    dates: Dates
    events: tuple[EventLine, ...] = ()


NOBODY = Standing(Use.NONE)


def standings(connection: Connection, dossiers: Iterable[Id], day: date) -> dict[Id, Standing]:
    """The standing of many persons by a lookup of their spans (A19)."""
    span = derived_tables.consent_span
    wanted = list(dict.fromkeys(dossiers))
    found: dict[Id, list[Row[Any]]] = {}
    for start in range(0, len(wanted), AT_ONCE):
        query = select(span).where(span.c.dossier.in_(wanted[start : start + AT_ONCE]), covers(day))
        for row in connection.execute(query):
            found.setdefault(row.dossier, []).append(row)
    return {dossier: standing(held) for dossier, held in found.items()}


def standing(held: Sequence[Any]) -> Standing:
    """The standing that the spans covering a day give together; NOBODY without any."""
    if not held:
        return NOBODY
    use = use_of_person((Purpose(row.purpose), Use(row.use)) for row in held)
    carrying = [row for row in held if Use(row.use) is use] or held
    pool = next((row for row in carrying if row.purpose == Purpose.POOL), carrying[0])
    ends = [row.end for row in carrying]
    until = max((end for end in ends if end), default=None)
    # An open application has no end: it is not "until" any day.
    if use is Use.FULL and pool.purpose != Purpose.POOL and None in ends:
        until = None
    return Standing(use, State(pool.state), Purpose(pool.purpose), until)


def consent_lines(
    reading: Reading, dossier: Id | None = None, *, limit: int = 100_000
) -> list[ConsentLine]:
    """Records with their dates as they stand today; of one person, or of all."""
    with reading.connect(Right.SEE_CONSENTS) as connection:
        return lines_of(connection, reading.today, dossier, limit)


def lines_of(
    connection: Connection, day: date, dossier: Id | None, limit: int = 100_000
) -> list[ConsentLine]:
    """The same on a connection at hand."""
    table = tables.consent_record
    held = rows(connection, table, *((table.c.dossier == dossier,) if dossier else ()))[:limit]
    dossiers = {row.dossier for row in held}
    events = by_dossier(connection, tables.consent_event, dossiers)
    people = by_dossier(connection, tables.candidate, dossiers)
    clients = by_dossier(connection, tables.client, dossiers)
    names = {d: f"{p[0].given_name} {p[0].family_name}".strip() for d, p in people.items()}
    names |= {d: c[0].name for d, c in clients.items()}
    notices = rows(connection, tables.notice_version)
    return [
        line
        for row in held
        for line in explain(
            [row], events.get(row.dossier, []), notices, names.get(row.dossier, ""), day
        )
    ]


def explain(
    held: Iterable[Any], events: Iterable[Any], notices: Iterable[Any], person: str, day: date
) -> list[ConsentLine]:
    """The records of one person, from rows already read."""
    versions = {n.id: f"{n.version} ({n.lang})" for n in notices}
    acts = [_entity(ConsentEvent, tables.consent_event, row) for row in events]
    found = []
    for row in held:
        record = _entity(ConsentRecord, tables.consent_record, row)
        own = [act for act in acts if act.record in {None, record.id}]
        found.append(
            ConsentLine(
                record.id,
                record.dossier,
                person,
                Purpose(record.purpose),
                record.source,
                due(record, own, day),
                tuple(_line(act, versions) for act in own),
            )
        )
    return found


def _line(act: ConsentEvent, notices: dict[Id, str]) -> EventLine:
    return EventLine(
        act.type,
        act.received_time.date(),
        act.channel,
        act.answer,
        act.evidence,
        notices.get(act.notice_version or b"", ""),
        act.entity,
    )


def _entity(cls: type[Any], table: Any, row: Any) -> Any:
    names = [name for name in ("id", "dossier", *cells_of(table)) if name != "dead"]
    return cls(**{name: getattr(row, name) for name in names})


def counts_by_state(connection: Connection, day: date) -> dict[State, int]:
    """How many persons stand in each state today: each once, by the record that allows most."""
    span = derived_tables.consent_span
    widest = case({use.value: place for place, use in enumerate(Use)}, value=span.c.use)
    first = func.row_number().over(
        partition_by=span.c.dossier, order_by=(widest, span.c.purpose != Purpose.POOL)
    )
    ranked = (
        select(span.c.state, first.label("place"))
        .where(covers(day), span.c.purpose.in_([Purpose.POOL, Purpose.APPLICATION]))
        .subquery()
    )
    query = select(ranked.c.state, func.count()).where(ranked.c.place == 1).group_by(ranked.c.state)
    return {State(state): count for state, count in connection.execute(query)}
