"""Which copies stay: one a day for thirty days, one a month for twelve months."""

from datetime import UTC, datetime, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from clementine_crm.clock import paris_date
from clementine_crm.domain.values import add_months
from clementine_crm.hub.retention import ALWAYS, staying

NOW = datetime(2026, 11, 27, 18, 0, tzinfo=UTC)
instants = st.integers(0, 1_150).map(lambda n: NOW + timedelta(days=100 - n, hours=n % 23))
copies = st.dictionaries(st.text("abcdef", min_size=3, max_size=3), instants, max_size=60)


def at(text):
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def test_by_example():
    known = {
        "today, morning": at("2026-11-27T06:00"),
        "today, noon": at("2026-11-27T11:00"),
        "yesterday, early": at("2026-11-26T06:00"),
        "yesterday, late": at("2026-11-26T20:00"),
        "29 days": at("2026-10-29T10:00"),
        "30 days": at("2026-10-28T10:00"),
        "31 days": at("2026-10-27T10:00"),
        "september, last": at("2026-09-30T10:00"),
        "september, first": at("2026-09-01T10:00"),
        "12 months": at("2025-11-27T10:00"),
        "a day more": at("2025-11-26T10:00"),
    }
    assert staying(known, NOW) == {
        "today, morning",
        "today, noon",
        "yesterday, late",
        "29 days",
        "30 days",
        "september, last",
        "12 months",
    }


def test_a_clock_that_jumped_ahead_leaves_the_newest():
    known = {f"{n:02}": NOW - timedelta(days=n) for n in range(20)}
    ahead = NOW + timedelta(days=3 * 365)
    assert staying(known, ahead) == {"00", "01", "02"}
    # And one that was wound back takes nothing away that it does not know yet.
    assert staying(known, NOW - timedelta(days=10)) >= {f"{n:02}" for n in range(10)}


@settings(max_examples=200, deadline=None)
@given(copies, instants)
def test_what_stays(known, now):
    kept = staying(known, now)
    today = paris_date(now)
    newest = sorted(known, key=lambda c: (known[c], c))[-ALWAYS:]
    assert kept <= set(known)
    assert set(newest) <= kept
    for copy, made in known.items():
        day = paris_date(made)
        if day >= today:
            assert copy in kept
        later = [c for c, other in known.items() if (other, c) > (made, copy)]
        same_day = [c for c in later if paris_date(known[c]) == day]
        if today - day <= timedelta(days=30) and not same_day:
            assert copy in kept
        if day < add_months(today, -12) and copy not in newest:
            assert copy not in kept
        if copy not in kept:
            # Nothing goes but for a later one of its day or month, or for its age.
            same_month = [
                c for c in later if paris_date(known[c]).replace(day=1) == day.replace(day=1)
            ]
            assert same_day or same_month or day < add_months(today, -12)


@settings(max_examples=50, deadline=None)
@given(copies, instants)
def test_twice_is_once(known, now):
    kept = staying(known, now)
    assert staying({copy: known[copy] for copy in kept}, now) == kept
