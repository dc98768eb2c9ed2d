"""Deadlines of rights requests and breaches (``gdpr.md`` 3 and 5.3). Pure: no clock."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from clementine_crm.clock import PARIS
from clementine_crm.domain.values import add_months

DAY = timedelta(days=1)
_FIXED = ((1, 1), (5, 1), (5, 8), (7, 14), (8, 15), (11, 1), (11, 11), (12, 25))
_AFTER_EASTER = (1, 39, 50)


def easter(year: int) -> date:
    """Easter Sunday of the Gregorian calendar (Meeus's rule)."""
    a, (b, c) = year % 19, divmod(year, 100)
    d, e = divmod(b, 4)
    g = (8 * b + 13) // 25
    h = (19 * a + b - d - g + 15) % 30
    i, k = divmod(c, 4)
    weekday = (32 + 2 * e + 2 * i - h - k) % 7
    m = (a + 11 * h + 19 * weekday) // 433
    month = (h + weekday - 7 * m + 90) // 25
    return date(year, month, (h + weekday - 7 * m + 33 * month + 19) % 32)


def holidays(year: int) -> frozenset[date]:
    """The eleven national holidays."""
    movable = {easter(year) + days * DAY for days in _AFTER_EASTER}
    return frozenset({date(year, month, day) for month, day in _FIXED} | movable)


def working_day(day: date) -> date:
    """``day``, or the first working day after it."""
    while day.weekday() >= 5 or day in holidays(day.year):
        day += DAY
    return day


@dataclass(frozen=True)
class RequestDates:
    """When a request must be answered: ``due`` by our own rule, ``legal_latest`` by the law."""

    due: date
    legal_latest: date
    extended: bool


def request_dates(
    received: date,
    *,
    extended_on: Iterable[date] = (),
    proof_asked: date | None = None,
    proof_given: date | None = None,
) -> RequestDates:
    """One month; three when the person was told on or before the first due day; longer by the
    days that a proof of identity, asked for at once, was waited for."""
    waited = proof_given - proof_asked if proof_asked and proof_given else timedelta()
    first = add_months(received, 1) + waited
    extended = any(told <= first for told in extended_on)
    due = add_months(received, 3) + waited if extended else first
    return RequestDates(due, working_day(due), extended)


@dataclass(frozen=True)
class BreachDates:
    """Elapsed hours, whatever the clocks do: the authority, and subscribers of the newsletter."""

    authority: datetime
    newsletter: datetime


def breach_dates(aware: datetime, *, hours: int = 72, newsletter_hours: int = 48) -> BreachDates:
    """The instants to notify by, in Paris time; ``hours`` is a setting of the law's 72."""
    start = aware.astimezone(UTC)

    def after(count: int) -> datetime:
        return (start + timedelta(hours=count)).astimezone(PARIS)

    return BreachDates(after(hours), after(newsletter_hours))
