"""What is due next, who may open what, and how the right to keep is said."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clementine_crm.bootstrap import Desk
from clementine_crm.domain.agency import Role
from clementine_crm.domain.consent_model import Dates, Overlay, Purpose, State, Use
from clementine_crm.domain.ids import Id
from clementine_crm.domain.next_action import (
    Due,
    OpenTask,
    Situation,
    Unanswered,
    next_action,
)
from clementine_crm.queries.consents import consent_lines
from clementine_crm.queries.dossier_access import Access, opened
from clementine_crm.queries.hidden import LIMITED, hidden_reasons
from clementine_crm.queries.known import persons_like
from clementine_crm.store import tables
from ui.pages.dossier_words import next_of, say_next, strip_of

TODAY = date(2026, 11, 27)
GIVEN = Dates(State.GIVEN, Use.FULL, valid_through=date(2027, 3, 1))
OPEN = Dates(State.OPEN, Use.FULL, link_by=date(2026, 12, 20))
APPLIED = Unanswered("received", "REF-2214", date(2026, 11, 20))


def due_of(*records: tuple[Purpose, Dates], **more: object) -> Due | None:
    found = next_action(replace(Situation(records), **more), TODAY)
    return found.due if found is not None else None


def test_the_law_comes_first() -> None:
    sourced = Dates(State.SOURCED, Use.CONTACT_ONLY, ask_by=date(2026, 12, 1))
    late = OpenTask("call", TODAY - timedelta(3))
    assert due_of((Purpose.POOL, sourced), tasks=(late,), applications=(APPLIED,)) is Due.INFORM
    renewal = Dates(State.RENEWAL_DUE, Use.RENEWAL_ONLY, latest_send=date(2026, 12, 2))
    assert due_of((Purpose.POOL, renewal), tasks=(late,)) is Due.RENEW


def test_then_what_was_promised_the_oldest_first() -> None:
    tasks = (OpenTask("b", TODAY), OpenTask("a", TODAY - timedelta(2)), OpenTask("c", None))
    found = next_action(Situation(((Purpose.POOL, GIVEN),), tasks, (APPLIED,)), TODAY)
    assert found is not None
    assert (found.due, found.about) == (Due.TASK, "a")


def test_then_who_waits_for_an_answer() -> None:
    assert due_of((Purpose.POOL, GIVEN), applications=(APPLIED,)) is Due.CALL
    assert (
        due_of((Purpose.POOL, GIVEN), applications=(APPLIED,), spoken_on=date(2026, 11, 21)) is None
    )
    before = date(2026, 11, 19)
    assert due_of((Purpose.POOL, GIVEN), applications=(APPLIED,), spoken_on=before) is Due.CALL


def test_an_application_for_no_mission_is_to_be_linked_unless_the_pool_covers_it() -> None:
    loose = Unanswered("contacted", "", date(2026, 11, 20))
    assert due_of((Purpose.APPLICATION, OPEN), applications=(loose,)) is Due.LINK
    assert due_of((Purpose.APPLICATION, OPEN), (Purpose.POOL, GIVEN), applications=(loose,)) is None
    bound = Unanswered("contacted", "REF-2214", date(2026, 11, 20))
    assert due_of((Purpose.APPLICATION, OPEN), applications=(bound,)) is None


def test_nothing_is_due_for_a_limited_person() -> None:
    limited = replace(GIVEN, overlays=frozenset({Overlay.RESTRICTED}))
    late = OpenTask("call", TODAY - timedelta(3))
    assert due_of((Purpose.POOL, limited), tasks=(late,), applications=(APPLIED,)) is None


@given(
    st.lists(st.tuples(st.sampled_from(list(Purpose)), st.sampled_from(list(State))), max_size=4)
)
def test_whatever_the_records_there_is_one_answer_or_none(
    records: list[tuple[Purpose, State]],
) -> None:
    held = tuple(
        (p, Dates(s, Use.NONE, ask_by=TODAY, latest_send=TODAY, link_by=TODAY)) for p, s in records
    )
    found = next_action(Situation(held), TODAY)
    assert found is None or found.due in Due


# On a real base.
def id_of(desk: Desk, name: str) -> Id:
    given, _, family = name.partition(" ")
    with desk.reading.connect() as connection:
        person = tables.candidate
        query = person.select().where(person.c.given_name == given, person.c.family_name == family)
        return connection.execute(query).first().id


def test_a_dossier_read_in_one_go_says_what_its_records_say(kept_desk: Desk) -> None:
    id = id_of(kept_desk, "Damien Santoni")
    view = opened(kept_desk.reading, id).view
    assert view is not None
    told = {line.purpose: line.dates.state for line in consent_lines(kept_desk.reading, id)}
    assert {line.purpose: line.dates.state for line in view.consents} == told
    assert told[Purpose.APPLICATION] is State.OPEN


def test_a_limited_dossier_is_read_by_dpo_and_manager_alone(kept_desk: Desk) -> None:
    id = id_of(kept_desk, "Louis Berthier")
    found = opened(kept_desk.reading, id)
    assert found.access is Access.LIMITED
    assert found.view is not None
    assert found.since == kept_desk.clock.today()
    recruiter = replace(kept_desk.reading, actor=replace(kept_desk.actor, roles=Role.RECRUITER))
    refused = opened(recruiter, id)
    assert (refused.access, refused.view) == (Access.REFUSED, None)


def test_a_withdrawn_dossier_shows_a_name_and_dates_alone(kept_desk: Desk) -> None:
    found = opened(kept_desk.reading, id_of(kept_desk, "Nina Vasseur"))
    assert (found.access, found.view) == (Access.LOCKED, None)
    assert found.since == kept_desk.clock.today()
    assert found.erase_on == kept_desk.clock.today() + timedelta(1)


def test_who_is_hidden_is_counted_by_reason(kept_desk: Desk) -> None:
    reasons = dict(hidden_reasons(kept_desk.reading))
    assert reasons[LIMITED] == 1
    assert sum(reasons.values()) == 2


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        (("", "", "DAMIEN.Santoni@mail.example.com", ""), ["Damien Santoni"]),
        (("Damien", "Santony", "", "06 39 98 79 17"), ["Damien Santoni"]),
        (("damien", "SANTONI", "", ""), ["Damien Santoni"]),
        (("Damien", "", "", ""), []),
        (("", "", "", ""), []),
    ],
)
def test_somebody_typed_in_is_recognised(
    kept_desk: Desk, typed: tuple[str, str, str, str], found: list[str]
) -> None:
    assert [known.name for known in persons_like(kept_desk.reading, *typed)] == found


def test_the_strip_and_the_next_action_are_said(kept_desk: Desk) -> None:
    today = kept_desk.clock.today()
    sourced = opened(kept_desk.reading, id_of(kept_desk, "Zoé Marchal")).view
    assert sourced is not None
    strip = strip_of(sourced, today)
    assert strip is not None
    assert strip.state == "care"
    assert strip.title.startswith("À informer avant le")
    action = next_of(sourced, today)
    assert action is not None
    assert say_next(action, sourced, today)[0].startswith("Maintenant\u00a0: informer")
    kept = opened(kept_desk.reading, id_of(kept_desk, "Damien Santoni")).view
    assert kept is not None
    strip = strip_of(kept, today)
    assert strip is not None
    assert (strip.state, strip.title[:27]) == ("good", "Peut être conservée jusqu’a")
