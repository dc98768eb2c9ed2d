"""What needs me now: figures with the lists behind them."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import Connection, func, select

from clementine_crm.clock import paris_date
from clementine_crm.domain.agency import Right
from clementine_crm.domain.consent_model import Purpose, State
from clementine_crm.domain.ids import Id
from clementine_crm.domain.inbox import DISCARDING, SET_ASIDE
from clementine_crm.domain.triage import overdue, week_of
from clementine_crm.domain.values import add_months
from clementine_crm.queries.consents import counts_by_state
from clementine_crm.queries.house import CopyRow, last_copy
from clementine_crm.queries.reading import Reading, rows
from clementine_crm.queries.tasks import TaskRow, tasks
from clementine_crm.store import derived_tables, tables

WEEKS = 8
COPY_FRESH = timedelta(days=1)


@dataclass(frozen=True)
class LinkDue:
    """A person kept for no mission, for more than a month without a consent (``gdpr.md`` 1.4)."""

    dossier: Id
    name: str
    since: date


@dataclass(frozen=True)
class Today:
    """``waiting`` to triage, ``red`` of them over seven days; ``arrivals`` by ISO week, oldest
    first; ``held`` persons by state; ``to_inform`` found or of unknown consent, to be told or asked;
    ``copy_red`` when the last copy is over a day old or there is none.
    """

    day: date
    waiting: int
    red: int
    set_aside: int
    tasks: tuple[TaskRow, ...]
    late: int
    arrivals: tuple[tuple[str, int], ...]
    week_signed: bool
    held: dict[State, int]
    to_inform: int
    link_due: tuple[LinkDue, ...]
    outbox: int
    copy: CopyRow | None
    copy_red: bool


def today(reading: Reading) -> Today:
    """The first page of the day."""
    day = reading.today
    open_tasks = tuple(tasks(reading))
    with reading.connect(Right.SEE_PERSONS) as connection:
        item = tables.inbox_item
        held = rows(connection, item, item.c.status != DISCARDING)
        waiting = [r for r in held if r.status != SET_ASIDE]
        received = [paris_date(r.received_at) for r in waiting if r.received_at]
        states = counts_by_state(connection, day)
        copy = last_copy(connection)
        signed = {s.week for s in rows(connection, tables.triage_session)}
        arrivals = _arrivals(
            connection, day, [paris_date(r.received_at) for r in held if r.received_at]
        )
        links = _link_due(connection, day)
        outbox = connection.scalar(select(func.count()).select_from(tables.outbox_message)) or 0
    return Today(
        day,
        len(waiting),
        sum(overdue(on, day) for on in received),
        len(held) - len(waiting),
        open_tasks,
        sum(t.overdue(day) for t in open_tasks),
        arrivals,
        week_of(day) in signed,
        states,
        sum(states.get(s, 0) for s in (State.SOURCED, State.UNKNOWN, State.INVALIDATED)),
        links,
        outbox,
        copy,
        stale(copy, reading.clock.now()),
    )


def stale(copy: CopyRow | None, now: datetime) -> bool:
    """Whether the last good copy is over a day old, or missing."""
    return copy is None or not copy.ok or now - copy.at > COPY_FRESH


def _arrivals(
    connection: Connection, day: date, waiting: list[date]
) -> tuple[tuple[str, int], ...]:
    weeks = [week_of(day - timedelta(weeks=n)) for n in reversed(range(WEEKS))]
    decided: dict[Id, date] = {}
    for d in rows(connection, tables.triage_decision):
        if d.outcome == "undone":
            decided.pop(d.item, None)
        elif d.received_on:
            decided[d.item] = d.received_on
    counts = Counter(week_of(on) for on in [*waiting, *decided.values()])
    return tuple((week, counts[week]) for week in weeks)


def _link_due(connection: Connection, day: date) -> tuple[LinkDue, ...]:
    span, record, application, person = (
        derived_tables.consent_span,
        tables.consent_record,
        tables.application,
        tables.candidate,
    )
    query = (
        select(span.c.dossier, span.c.start, person.c.given_name, person.c.family_name)
        .join(record, record.c.id == span.c.record)
        .join(application, application.c.id == record.c.about)
        .join(person, person.c.id == span.c.dossier)
        .where(
            span.c.purpose == Purpose.APPLICATION,
            span.c.state == State.OPEN,
            span.c.end.is_(None),
            span.c.start <= add_months(day, -1),
            application.c.mission.is_(None),
            application.c.dead.is_(False),
        )
        .order_by(span.c.start)
    )
    found = [
        LinkDue(r.dossier, f"{r.given_name} {r.family_name}".strip(), r.start)
        for r in connection.execute(query)
    ]
    pooled = set(
        connection.scalars(
            select(span.c.dossier).where(
                span.c.purpose == Purpose.POOL,
                span.c.dossier.in_([link.dossier for link in found]),
                span.c.start <= day,
                (span.c.end.is_(None)) | (span.c.end >= day),
                span.c.use == "full",
            )
        )
    )
    return tuple(link for link in found if link.dossier not in pooled)
