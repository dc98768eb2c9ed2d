"""The consent engine: what a record allows on which day (``gdpr.md`` section 1).

Pure: no clock, no base. A record and its events go in; spans of days, a state, dates come out.
State is a function of events and the date, never of a job having run (A9).
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from enum import StrEnum
from operator import itemgetter

from clementine_crm.clock import paris_date
from clementine_crm.domain.consent_acts import apply, may_import, order
from clementine_crm.domain.consent_calendar import ASKABLE, DAY, Life, sendable, step
from clementine_crm.domain.consent_model import (
    BASIS_OF,
    ENDED,
    GRANTS,
    POLICY_OF,
    Basis,
    Channel,
    ConsentEvent,
    ConsentRecord,
    Dates,
    EventType,
    Overlay,
    Permissions,
    Policy,
    Purpose,
    Span,
    State,
    Suppression,
    Use,
    permitted,
    strongest,
)

__all__ = [
    "BASIS_OF",
    "CARRYING",
    "ENDED",
    "GRANTS",
    "POLICY_OF",
    "Act",
    "Basis",
    "Channel",
    "ConsentEvent",
    "ConsentRecord",
    "Dates",
    "EventType",
    "Overlay",
    "Permissions",
    "Policy",
    "Purpose",
    "Span",
    "State",
    "Suppression",
    "Use",
    "act_due",
    "due",
    "events_of",
    "may_import",
    "may_return",
    "permitted",
    "spans",
    "state_at",
    "strongest",
    "use_of_person",
]


class Act(StrEnum):
    """What the daily run owes a record on one day."""

    SEND_RENEWAL = "send_renewal"
    SEND_RECONFIRMATION = "send_reconfirmation"
    SEND_OPTOUT_NOTICE = "send_optout_notice"
    SEND_OPTIN_REQUEST = "send_optin_request"
    SEND_REMINDER = "send_reminder"
    ERASE = "erase"


def events_of(record: ConsentRecord, events: Iterable[ConsentEvent]) -> list[ConsentEvent]:
    """The record's own events and those of its whole dossier, each once, in the order they count.

    ValueError for an instant without a zone: its day in Paris cannot be known.
    """
    found = {e.id: e for e in events if e.record is None or e.record == record.id}
    if any(e.received_time.tzinfo is None for e in found.values()):
        raise ValueError("a received_time has no zone")
    return sorted(found.values(), key=order)


def _marks(record: ConsentRecord, events: Iterable[ConsentEvent]) -> list[tuple[date, Life]]:
    """Every change of the record with its day, from its first event to the end of its future."""
    life = Life(record.policy)
    marks: list[tuple[date, Life]] = [(date.min, life)]

    def let_pass(until: date) -> None:
        nonlocal life
        while (change := step(life)) is not None and change[0] <= until:
            life = change[1]
            # A lifted restriction may uncover a day gone by: it counts from the lifting.
            marks.append((max(change[0], marks[-1][0]), life))

    for event in events_of(record, events):
        on = paris_date(event.received_time)
        let_pass(on)
        after = apply(life, event)
        if after != life:
            life = after
            marks.append((on, life))
    let_pass(date.max)
    return marks


def spans(record: ConsentRecord, events: Iterable[ConsentEvent]) -> tuple[Span, ...]:
    """The record's whole life by day: the past from its events, the future if nothing happens.

    Spans follow each other without a gap; the day of an act belongs to what the act made. Empty
    before a first act.
    """
    last_of_day = dict(_marks(record, events))
    found: list[Span] = []
    for start, life in last_of_day.items():
        if life.state is None:
            continue
        if found and (found[-1].state, found[-1].use) == (life.state, life.use):
            continue
        if found:
            found[-1] = replace(found[-1], end=start - DAY)
        found.append(Span(start, None, life.state, life.use))
    return tuple(found)


def _life_on(record: ConsentRecord, events: Iterable[ConsentEvent], on: date) -> Life:
    marks = _marks(record, events)
    return marks[bisect_right(marks, on, key=itemgetter(0)) - 1][1]


def state_at(
    record: ConsentRecord, events: Iterable[ConsentEvent], on: date
) -> tuple[State | None, Use]:
    """State and use at the end of day ``on`` in Paris; (None, NONE) before the record begins."""
    life = _life_on(record, events, on)
    return life.state, life.use


def due(record: ConsentRecord, events: Iterable[ConsentEvent], on: date) -> Dates:
    """State, use and every date as they stand at the end of day ``on``."""
    life = _life_on(record, events, on)
    suppressed = life.suppressed is not None and on <= life.suppressed
    return Dates(
        state=life.state,
        use=life.use,
        overlays=life.overlays,
        granted_on=life.granted,
        valid_through=life.valid,
        renewal_due_on=life.renewal,
        latest_send=life.latest,
        sent_on=life.sent,
        remind_on=life.remind,
        answer_by=life.answer,
        ask_by=life.ask if life.state in ASKABLE else None,
        cap=life.cap,
        erase_on=life.erasure,
        erased_on=life.erased,
        late=life.late,
        suppression=life.suppression if suppressed else Suppression.NONE,
        suppressed_until=life.suppressed if suppressed else None,
        triage_by=life.triage,
        link_by=life.link if life.state is State.OPEN else None,
        retained_until=life.retained,
        invoice_until=life.invoice,
    )


def act_due(record: ConsentRecord, events: Iterable[ConsentEvent], on: date) -> Act | None:
    """What the run of day ``on`` should do with the record; whoever does it appends the event.

    A restriction forbids all, a legal hold the erasure alone (A13, A14); mail needs an address
    that works.
    """
    life = _life_on(record, events, on)
    if life.restricted:
        return None
    erasure = life.erasure
    if erasure is not None and erasure <= on:
        return None if life.held else Act.ERASE
    if not life.reachable:
        return None
    if sendable(life, on) and life.renewal is not None and life.renewal <= on:
        if life.state is State.NOTICE_DUE:
            return Act.SEND_OPTOUT_NOTICE
        if life.state is State.FINAL_DUE:
            return Act.SEND_OPTIN_REQUEST
        news = life.policy is Policy.NEWSLETTER
        return Act.SEND_RECONFIRMATION if news else Act.SEND_RENEWAL
    if life.remind is None or life.answer is None or life.reminded:
        return None
    # Too late a reminder would only worry: two days or more must remain (A4).
    timely = life.remind <= on <= life.answer - 2 * DAY
    return Act.SEND_REMINDER if timely else None


def may_return(dates: Dates, data_as_of: date) -> bool:
    """Whether a file whose data is of day ``data_as_of`` may bring this person in again (A15).

    A refusal, withdrawal or objection blocks any import; after a mere erasure only newer data may
    come. A live record is not in question.
    """
    if dates.suppression is Suppression.BLOCKED:
        return False
    return dates.erased_on is None or data_as_of > dates.erased_on


CARRYING = frozenset({Purpose.POOL, Purpose.APPLICATION, Purpose.PLACEMENT})
"""The purposes that carry a candidate's profile."""
_CONTACT = frozenset({Purpose.B2B, Purpose.ENQUIRY})


def use_of_person(uses: Iterable[tuple[Purpose, Use]], *, client_side: bool = False) -> Use:
    """What a person as a whole may be used for: the widest use among the purposes that carry the
    profile. A newsletter, a test or one presentation never makes a candidate searchable."""
    carrying = _CONTACT if client_side else CARRYING
    return strongest(use for purpose, use in uses if purpose in carrying)
