"""Whom search and list show on a day is what the domain says of that day, whatever came before."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from clementine_crm.domain.agency import Role, User
from clementine_crm.domain.consent import permitted, state_at, use_of_person
from clementine_crm.domain.consent_model import ConsentEvent, ConsentRecord, EventType, Purpose, Use
from clementine_crm.domain.ids import Id
from clementine_crm.queries.candidates import CandidateFilter, Order, candidate_ids, candidate_rows
from clementine_crm.queries.reading import Reading
from clementine_crm.store.documents import Documents
from tests.integration.queries.search_home import Act, SearchHome
from tests.support.agency import FIRST_DAY, TestClock

BEGINNINGS = [
    (EventType.CONSENT_GIVEN, Purpose.POOL),
    (EventType.SOURCED, Purpose.POOL),
    (EventType.IMPORTED_UNKNOWN, Purpose.POOL),
    (EventType.APPLICATION_RECEIVED, Purpose.APPLICATION),
    (EventType.PLACED, Purpose.PLACEMENT),
    (EventType.CONSENT_GIVEN, Purpose.NEWS),
]
LATER = [
    EventType.CONSENT_GIVEN,
    EventType.WITHDRAW,
    EventType.INVALIDATE,
    EventType.RESTRICTION_ON,
    EventType.RESTRICTION_OFF,
    EventType.APPLICATION_REJECTED,
    EventType.RENEWAL_SENT,
    EventType.REPLY_ACCEPT,
]


@st.composite
def lives(draw: st.DrawFn) -> tuple[Act, ...]:
    """Some records of one person and what happened to them over three years."""
    acts = []
    for type, purpose in draw(
        st.lists(st.sampled_from(BEGINNINGS), max_size=3, unique_by=lambda b: b[1])
    ):
        on = FIRST_DAY + timedelta(days=draw(st.integers(0, 400)))
        acts.append(Act(type, on, purpose))
        for later in draw(st.lists(st.sampled_from(LATER), max_size=3)):
            on += timedelta(days=draw(st.integers(0, 300)))
            acts.append(Act(later, on, purpose))
    return tuple(acts)


@pytest.fixture
def home(tmp_path: Path) -> Iterator[SearchHome]:
    home = SearchHome(tmp_path)
    yield home
    home.close()


def reading_of(home: SearchHome, today: date) -> Reading:
    clock = TestClock()
    clock.pass_time(days=(today - FIRST_DAY).days)
    actor = User(b"", "kim@example.org", "Kim Ott", roles=f"{Role.MANAGER}")
    return Reading(home.reader, home.reader, Documents(Path()), clock, actor)


def told(home: SearchHome, person: Id, day: date) -> tuple[bool, bool]:
    """Whether the domain lets a search, and a list, show the person."""
    with home.unit_of_work() as uow:
        records = uow.find(ConsentRecord, dossier=person)
        events = uow.find(ConsentEvent, dossier=person)
        uses = [(r.purpose, state_at(r, events, day)[1]) for r in records]
        may = permitted(use_of_person(uses))
    return may.search, may.list


# One home for all examples: each erases whom it added.
@settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(life=lives(), days=st.lists(st.integers(-5, 1_500), min_size=1, max_size=8))
def test_search_and_list_follow_the_law_day_by_day(
    home: SearchHome, life: tuple[Act, ...], days: list[int]
) -> None:
    person = home.add("Ana Alto", acts=life)
    other = home.add("Ana Alto")
    for after in (*days, 0):
        day = FIRST_DAY + timedelta(days=after)
        search, listed = told(home, person, day)
        assert (person in home.found("alto", today=day)) is search
        reading = reading_of(home, day)
        found = candidate_ids(reading)
        shown = {row.id for row in candidate_rows(reading, found.rids)}
        assert (person in shown) is listed
        everybody = [told(home, id, day)[1] for id in (person, other)]
        assert (len(found), found.hidden) == (sum(everybody), 2 - sum(everybody))
    with home.unit_of_work() as uow:
        for id in (person, other):
            uow.erase(id, "test")
        uow.commit()


def test_orders_and_filters_keep_who_may_be_listed(home: SearchHome) -> None:
    sourced = (Act(EventType.SOURCED, FIRST_DAY),)
    ana = home.add("Ana Roux", town="Lyon", source="cv", last_contact=date(2026, 11, 1))
    zoe = home.add("Zoé Baud", town="Lyon", source="site", last_contact=date(2026, 11, 3))
    kim = home.add("Kim Ott", acts=sourced, town="Mâcon", last_contact=date(2026, 11, 2))
    home.add("Nul Part", acts=())
    reading = reading_of(home, FIRST_DAY)

    def listed(wanted: CandidateFilter | None = None, order: Order = "name") -> list[Id]:
        found = candidate_ids(reading, wanted, order)
        assert found.hidden == 1
        return [row.id for row in candidate_rows(reading, found.rids)]

    assert listed() == [zoe, kim, ana]
    assert listed(order="newest") == [kim, zoe, ana]
    assert listed(order="last_contact") == [zoe, kim, ana]
    assert listed(CandidateFilter(town="lyon")) == [zoe, ana]
    assert listed(CandidateFilter(source="cv")) == [ana]
    use = CandidateFilter(use=Use.CONTACT_ONLY)
    assert listed(use) == [kim]
