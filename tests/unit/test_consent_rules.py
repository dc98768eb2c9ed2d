"""Rules of consent that hold for any life: dates, union, computing twice, evidence, permissions."""

from __future__ import annotations

import itertools
import random
from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from clementine_crm.clock import PARIS
from clementine_crm.domain.consent import (
    ENDED,
    ConsentEvent,
    ConsentRecord,
    EventType,
    Policy,
    Purpose,
    Span,
    State,
    Use,
    act_due,
    due,
    permitted,
    spans,
    state_at,
    strongest,
    use_of_person,
)
from clementine_crm.domain.consent_evidence import (
    broken_links,
    chain,
    dpv_status,
    require_evidence,
)
from clementine_crm.domain.ids import new_id
from clementine_crm.domain.values import add_months
from clementine_crm.errors import RuleViolation
from tests.unit.consent_life import PersonLife

START = date(2024, 1, 1)
KINDS = tuple(EventType)
RESTRICTING = {EventType.RESTRICTION_ON, EventType.RESTRICTION_OFF}
YES = {EventType.CONSENT_GIVEN, EventType.REPLY_ACCEPT}


def at(day: int, seconds: int = 0) -> datetime:
    return datetime.combine(START + timedelta(days=day), time(12), UTC) + timedelta(seconds=seconds)


def event(kind: EventType, when: datetime, record: ConsentRecord | None) -> ConsentEvent:
    return ConsentEvent(
        record=record.id if record else None,
        type=kind,
        event_time=when,
        received_time=when,
        last_contact=when.date() - timedelta(days=100),
    )


@st.composite
def lives(draw: st.DrawFn) -> tuple[ConsentRecord, list[ConsentEvent]]:
    policy = draw(st.sampled_from(Policy))
    record = ConsentRecord(policy=policy)
    acts = draw(
        st.lists(
            st.tuples(st.sampled_from(KINDS), st.integers(0, 1500), st.integers(0, 3)), max_size=12
        )
    )
    start = {
        Policy.OPTOUT: EventType.COLLECTED,
        Policy.B2B: EventType.COLLECTED,
        Policy.ENQUIRY: EventType.COLLECTED,
        Policy.APPLICATION: EventType.APPLICATION_RECEIVED,
        Policy.PLACEMENT: EventType.PLACED,
        Policy.RIGHTS: EventType.RIGHTS_CLOSED,
    }.get(policy, EventType.CONSENT_GIVEN)
    events = [event(start, at(0), record)]
    return record, events + [event(k, at(d, s), record) for k, d, s in acts]


def on_day(found: tuple[Span, ...], day: date) -> tuple[State | None, Use]:
    for span in found:
        if span.start <= day and (span.end is None or day <= span.end):
            return span.state, span.use
    return None, Use.NONE


@settings(max_examples=150, deadline=None)
@given(lives(), st.integers(-5, 2500))
def test_spans_are_the_states_of_the_days_without_gap(life, day) -> None:
    record, events = life
    found = spans(record, events)
    for one, two in itertools.pairwise(found):
        assert one.end is not None
        assert one.start <= one.end
        assert one.end + timedelta(days=1) == two.start
        assert (one.state, one.use) != (two.state, two.use)
    assert found[-1].end is None
    when = START + timedelta(days=day)
    assert on_day(found, when) == state_at(record, events, when)


@settings(max_examples=100, deadline=None)
@given(lives(), st.randoms(use_true_random=False))
def test_order_of_arrival_and_doubles_change_nothing(life, rnd: random.Random) -> None:
    record, events = life
    shuffled = events + rnd.sample(events, len(events) // 2)
    rnd.shuffle(shuffled)
    assert spans(record, shuffled) == spans(record, events) == spans(record, events)


@settings(max_examples=100, deadline=None)
@given(lives(), st.integers(0, 1500))
def test_what_comes_later_never_changes_an_earlier_day(life, day) -> None:
    record, events = life
    when = START + timedelta(days=day)
    known = [e for e in events if e.received_time.astimezone(PARIS).date() <= when]
    assert due(record, known, when) == due(record, events, when)


@settings(max_examples=20, deadline=None)
@given(
    st.dates(date(2023, 1, 1), date(2027, 12, 31)),
    st.lists(
        st.tuples(st.integers(0, 450), st.sampled_from(["hard_bounce", "channel_added"])),
        max_size=4,
    ),
    st.integers(0, 60),
    st.integers(0, 40),
)
def test_no_answer_is_waited_for_beyond_the_fourteenth_month(first, bounces, pause, length) -> None:
    """D ≤ addMonths(G,14) unless restricted, and no full use after E without a new act."""
    person = PersonLife()
    renewal = add_months(first, 12) + timedelta(days=1)
    off = renewal + timedelta(days=pause)
    events = [
        {"type": "consent_given", "on": first.isoformat()},
        {
            "type": "scheduler_off",
            "from": off.isoformat(),
            "to": (off + timedelta(days=length)).isoformat(),
        },
        *({"type": kind, "on": (first + timedelta(days=day)).isoformat()} for day, kind in bounces),
    ]
    person.live(events, add_months(first, 15))
    record = person.record(Purpose.POOL)
    assert record is not None
    day = first
    while day <= add_months(first, 15):
        now = due(record, person.events, day)
        assert now.answer_by is None or now.answer_by <= add_months(first, 14)
        assert (now.use is Use.FULL) == (day <= add_months(first, 12))
        day += timedelta(days=1)
    last = due(record, person.events, add_months(first, 15))
    assert last.state is State.ERASED


@settings(max_examples=150, deadline=None)
@given(lives(), st.integers(0, 2500))
def test_strict_use_ends_with_the_period_and_restriction_stores_only(life, day) -> None:
    record, events = life
    when = START + timedelta(days=day)
    now = due(record, events, when)
    if "RESTRICTED" in now.overlays:
        assert now.use in (Use.STORAGE_ONLY, Use.NONE)
        assert now.erase_on is None
        assert act_due(record, events, when) is None
    if now.state is State.GIVEN and now.valid_through is not None:
        assert when <= now.valid_through
    if now.use is Use.FULL and now.cap is not None:
        assert when <= now.cap or now.state is State.FINAL_REQUEST_SENT
    if now.state in ENDED:
        assert now.use in (Use.NONE, Use.STORAGE_ONLY)


@settings(max_examples=80, deadline=None)
@given(lives(), st.integers(0, 1500))
def test_erasure_absorbs_everything_that_follows(life, day) -> None:
    record, events = life
    gone = event(EventType.ERASED, at(day), record)
    assert state_at(record, [*events, gone], date.max) == (State.ERASED, Use.NONE)


def test_on_the_same_instant_the_more_restrictive_act_wins() -> None:
    record = ConsentRecord()
    given_ = event(EventType.CONSENT_GIVEN, at(0), record)
    yes, no = (
        event(EventType.REPLY_ACCEPT, at(5), record),
        event(EventType.REPLY_REFUSE, at(5), record),
    )
    for ids in ((b"\0" * 16, b"\1" * 16), (b"\1" * 16, b"\0" * 16)):
        yes.id, no.id = ids
        assert state_at(record, [given_, yes, no], START + timedelta(days=5))[0] is State.REFUSED


@pytest.mark.parametrize(
    ("received", "granted"),
    [
        ("2025-06-30T21:59:00+00:00", date(2025, 6, 30)),
        ("2025-06-30T22:01:00+00:00", date(2025, 7, 1)),
        ("2025-01-01T00:30:00+01:00", date(2025, 1, 1)),
        ("2024-12-31T23:59:00-11:00", date(2025, 1, 1)),
        ("2025-10-26T02:30:00+01:00", date(2025, 10, 26)),
    ],
)
def test_the_day_is_the_one_in_paris(received: str, granted: date) -> None:
    record = ConsentRecord()
    events = [event(EventType.CONSENT_GIVEN, datetime.fromisoformat(received), record)]
    assert due(record, events, date(2025, 12, 1)).granted_on == granted


def test_an_instant_without_zone_is_refused() -> None:
    record = ConsentRecord()
    with pytest.raises(ValueError, match="zone"):
        spans(record, [event(EventType.CONSENT_GIVEN, datetime(2025, 1, 1), record)])  # noqa: DTZ001


def test_no_event_no_span() -> None:
    record = ConsentRecord()
    assert spans(record, []) == ()
    assert state_at(record, [], START) == (None, Use.NONE)
    other = event(EventType.CONSENT_GIVEN, at(0), ConsentRecord())
    assert spans(record, [other]) == (), "another record's consent is not this one's"


def test_a_sending_outside_its_days_does_not_count() -> None:
    record = ConsentRecord()
    events = [event(EventType.CONSENT_GIVEN, datetime(2025, 3, 10, 12, tzinfo=UTC), record)]
    early = event(EventType.RENEWAL_SENT, datetime(2026, 3, 10, 12, tzinfo=UTC), record)
    assert state_at(record, [*events, early], date(2026, 3, 11))[0] is State.RENEWAL_DUE
    late = event(EventType.RENEWAL_SENT, datetime(2026, 4, 11, 12, tzinfo=UTC), record)
    assert state_at(record, [*events, late], date(2026, 4, 11))[0] is State.EXPIRED


def test_what_each_use_permits() -> None:
    assert permitted(Use.FULL).search
    assert permitted(Use.FULL).present
    asking = [u for u in Use if permitted(u).ask]
    assert asking == [Use.FULL, Use.CONTACT_ONLY, Use.RENEWAL_ONLY]
    for use in (Use.STORAGE_ONLY, Use.NONE):
        assert not any(vars(permitted(use)).values())
    for use in set(Use) - {Use.FULL}:
        assert not permitted(use).search
        assert not permitted(use).present


def test_the_widest_use_speaks_for_the_person_but_only_of_purposes_with_a_profile() -> None:
    assert strongest([]) is Use.NONE
    assert strongest([Use.STORAGE_ONLY, Use.RENEWAL_ONLY]) is Use.RENEWAL_ONLY
    assert use_of_person([(Purpose.NEWS, Use.FULL), (Purpose.TEST, Use.FULL)]) is Use.NONE
    mixed = [(Purpose.NEWS, Use.FULL), (Purpose.POOL, Use.RENEWAL_ONLY)]
    assert use_of_person(mixed) is Use.RENEWAL_ONLY
    assert use_of_person([(Purpose.B2B, Use.FULL)]) is Use.NONE
    assert use_of_person([(Purpose.B2B, Use.FULL)], client_side=True) is Use.FULL


def grant(record: ConsentRecord, day: int, device: str) -> ConsentEvent:
    found = event(EventType.CONSENT_GIVEN, at(day), record)
    found.dossier = record.dossier
    found.notice_version = new_id()
    found.answer = "Oui, gardez mon profil"
    found.device = device
    return found


def test_a_yes_without_evidence_is_refused() -> None:
    record = ConsentRecord()
    bare = event(EventType.CONSENT_GIVEN, at(0), record)
    with pytest.raises(RuleViolation) as refused:
        require_evidence(bare)
    assert refused.value.key == "consent_without_evidence"
    bare.notice_version = new_id()
    bare.answer = "   "
    with pytest.raises(RuleViolation):
        require_evidence(bare)
    bare.evidence = "ab" * 32
    require_evidence(bare)
    require_evidence(event(EventType.WITHDRAW, at(1), record))


def test_chains_of_two_devices_hold_in_any_order_and_show_a_changed_event() -> None:
    record = ConsentRecord()
    events: list[ConsentEvent] = []
    for n, device in enumerate("ABABBA"):
        events.append(chain(grant(record, n, device), events))
    assert [e.prev_hash == "" for e in events].count(True) == 2
    assert broken_links(reversed(events)) == ()

    events[2].answer = "Non"
    assert broken_links(events) == (events[2].id,)
    events[2].answer = "Oui, gardez mon profil"
    assert broken_links(events) == ()

    gone = events.pop(2)
    follower = next(e for e in events if e.prev_hash == gone.hash)
    assert broken_links(events) == (follower.id,)


def test_a_forked_chain_is_reported() -> None:
    record = ConsentRecord()
    first = chain(grant(record, 0, "A"), [])
    two = chain(grant(record, 1, "A"), [first])
    forged = chain(grant(record, 2, "A"), [first])
    assert set(broken_links([first, two, forged])) == {two.id, forged.id}


def test_export_names_the_states_after_the_vocabulary() -> None:
    assert dpv_status(State.GIVEN) == ("dpv:ConsentGiven",)
    assert dpv_status(State.GIVEN, grants=2) == ("dpv:RenewedConsentGiven",)
    assert dpv_status(State.RENEWAL_SENT) == ("dpv:ConsentExpired", "dpv:ConsentRequested")
    assert dpv_status(State.ERASED) == ()
