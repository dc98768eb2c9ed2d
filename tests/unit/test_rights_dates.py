"""Deadlines of rights requests and breaches."""

from __future__ import annotations

from datetime import date, datetime

import pytest

from clementine_crm.domain.rights import breach_dates, easter, holidays, request_dates, working_day


def test_one_month_or_the_last_day_of_it() -> None:
    """S20: no 31 September."""
    found = request_dates(date(2026, 8, 31))
    assert (found.due, found.legal_latest, found.extended) == (
        date(2026, 9, 30),
        date(2026, 9, 30),
        False,
    )


def test_a_holiday_moves_the_legal_day_alone_and_an_extension_gives_three_months() -> None:
    """T26: 1 May is a holiday, 2 and 3 May 2026 a week-end."""
    found = request_dates(date(2026, 4, 1))
    assert (found.due, found.legal_latest) == (date(2026, 5, 1), date(2026, 5, 4))
    assert request_dates(date(2026, 4, 1), extended_on=[date(2026, 4, 20)]).due == date(2026, 7, 1)
    late = request_dates(date(2026, 4, 1), extended_on=[date(2026, 5, 2)])
    assert (late.due, late.extended) == (date(2026, 5, 1), False)


def test_waiting_for_a_proof_suspends() -> None:
    asked, given = date(2026, 4, 2), date(2026, 4, 12)
    found = request_dates(date(2026, 4, 1), proof_asked=asked, proof_given=given)
    assert found.due == date(2026, 5, 11)
    assert request_dates(date(2026, 4, 1), proof_asked=asked).due == date(2026, 5, 1)


@pytest.mark.parametrize(
    ("year", "day"),
    [
        (2024, date(2024, 3, 31)),
        (2025, date(2025, 4, 20)),
        (2026, date(2026, 4, 5)),
        (2038, date(2038, 4, 25)),
    ],
)
def test_easter(year: int, day: date) -> None:
    assert easter(year) == day
    assert len(holidays(year)) == 11


def test_working_days() -> None:
    assert working_day(date(2026, 5, 14)) == date(2026, 5, 15), "Ascension"
    assert working_day(date(2026, 12, 31)) == date(2026, 12, 31)
    assert working_day(date(2027, 1, 1)) == date(2027, 1, 4)


def test_a_breach_counts_hours_through_the_clock_change() -> None:
    """T30: 72 elapsed hours from Friday 18:00 are Monday 17:00 when summer time ends."""
    found = breach_dates(datetime.fromisoformat("2026-10-23T18:00:00+02:00"))
    assert found.authority.isoformat() == "2026-10-26T17:00:00+01:00"
    assert found.newsletter.isoformat() == "2026-10-25T17:00:00+01:00"
