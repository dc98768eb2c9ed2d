"""The life of one consent record: what an act does to it (``gdpr.md`` 1.4).

An act that a state does not know changes nothing; an erased record changes no more.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date

from clementine_crm.clock import paris_date
from clementine_crm.domain.consent_calendar import (
    ASKABLE,
    DAY,
    FINAL,
    LEGITIMATE,
    RENEWAL,
    Life,
    begin_period,
    end,
    lift,
    sendable,
    set_period,
    void,
)
from clementine_crm.domain.consent_model import (
    ENDED,
    ConsentEvent,
    EventType,
    Policy,
    State,
    Suppression,
)
from clementine_crm.domain.values import add_months

_Act = Callable[[Life, ConsentEvent, date], Life]

RANK: dict[EventType, int] = {
    EventType.REPLY_REFUSE: 2,
    EventType.WITHDRAW: 2,
    EventType.OBJECT: 2,
    EventType.TRIAGE_REJECT: 2,
    EventType.INVALIDATE: 2,
    EventType.ERASURE_REQUEST: 3,
    EventType.RESTRICTION_OFF: -1,
    EventType.HOLD_OFF: -1,
    EventType.RESTRICTION_ON: 4,
    EventType.HOLD_ON: 4,
    EventType.ERASED: 5,
}
"""On equal instants the more restrictive act comes last and wins (A12); others are 0."""

_CONSENTING = frozenset(
    {Policy.STRICT, Policy.OPTOUT, Policy.NEWSLETTER, Policy.SHARE, Policy.ENQUIRY}
)
_MONTHS_APPLICATION = 3
_MONTHS_PLACEMENT = 60
_YEARS_INVOICE = 10
_MONTHS_RIGHTS = 60
_MONTHS_LEGACY = 24


def order(event: ConsentEvent) -> tuple[object, int, bytes]:
    """Where an event stands in the union of all devices' chains."""
    return (event.received_time, RANK.get(event.type, 0), event.id)


def apply(life: Life, event: ConsentEvent) -> Life:
    """The life after the act; ``life`` itself when the act means nothing in its state."""
    if life.state is State.ERASED:
        return life
    act = _ACTS.get(event.type)
    return act(life, event, paris_date(event.received_time)) if act else life


def may_import(last_contact: date | None, on: date) -> bool:
    """Whether a legacy record without proof may come in: heard of less than 24 months ago."""
    return last_contact is not None and on < add_months(last_contact, _MONTHS_LEGACY)


def _live(life: Life) -> bool:
    return life.state is not None and life.state not in ENDED


def _yes(life: Life, event: ConsentEvent, on: date) -> Life:
    """A new act of the person: the clock restarts, an express yes makes any pool strict (A7)."""
    if life.policy not in _CONSENTING:
        return life
    if event.type is EventType.REPLY_ACCEPT and life.state is None:
        return life
    late = life.state is State.EXPIRED
    policy = Policy.STRICT if life.policy in LEGITIMATE else life.policy
    return replace(begin_period(replace(life, policy=policy), State.GIVEN, on), late=late)


def _collected(life: Life, _: ConsentEvent, on: date) -> Life:
    if life.state is None and life.policy in LEGITIMATE:
        return begin_period(life, State.ACTIVE, on)
    return life


def _to_ask(life: Life, state: State, on: date) -> Life:
    limit = add_months(on, 1)
    fresh = replace(life, granted=None, valid=None, renewal=None, latest=None)
    return replace(fresh, state=state, origin=state, ask=limit, until=limit)


def _sourced(life: Life, _: ConsentEvent, on: date) -> Life:
    return _to_ask(life, State.SOURCED, on) if life.state is None else life


def _unknown(life: Life, event: ConsentEvent, on: date) -> Life:
    if life.state is not None:
        return life
    if not may_import(event.last_contact, on):
        return end(life, State.EXPIRED, on)
    return _to_ask(life, State.UNKNOWN, on)


def _invalidated(life: Life, _: ConsentEvent, on: date) -> Life:
    return _to_ask(life, State.INVALIDATED, on) if life.state is State.GIVEN else life


def _asked(life: Life, _: ConsentEvent, on: date) -> Life:
    """A6: one month to answer the first request, no reminder; a second request adds nothing."""
    if life.state is not None and life.state not in ASKABLE:
        return life
    if life.restricted:
        return life
    limit = add_months(on, 1)
    ask = life.ask or limit
    return replace(life, state=State.REQUESTED, sent=on, answer=limit, until=limit, ask=ask)


_SENT = {
    State.RENEWAL_DUE: State.RENEWAL_SENT,
    State.NOTICE_DUE: State.NOTICE_SENT,
    State.FINAL_DUE: State.FINAL_REQUEST_SENT,
}


def _sent(life: Life, _: ConsentEvent, on: date) -> Life:
    if life.state not in _SENT or life.restricted or not sendable(life, on):
        return life
    answer = add_months(on, 1)
    if life.state is State.FINAL_DUE:
        # The cap is the deadline, unless a restriction moved it.
        answer = life.latest if life.latest == life.cap and life.latest else answer
    state = _SENT[life.state]
    return replace(life, state=state, sent=on, answer=answer, until=answer, reminded=False)


def _reminded(life: Life, _: ConsentEvent, __: date) -> Life:
    return replace(life, reminded=True)


_BOUNCED = {
    State.RENEWAL_SENT: State.RENEWAL_DUE,
    State.RENEWAL_REMINDED: State.RENEWAL_DUE,
    State.NOTICE_SENT: State.NOTICE_DUE,
    State.FINAL_REQUEST_SENT: State.FINAL_DUE,
}


def _bounce(life: Life, _: ConsentEvent, on: date) -> Life:
    """A request that never arrived opens no reply period; erased L+1, or the day after (A16)."""
    life = replace(life, reachable=False)
    back = life.origin if life.state is State.REQUESTED else _BOUNCED.get(life.state or State.OPEN)
    if back is None:
        return life
    life = void(life, back)
    return replace(life, until=max(life.until or on, on))


def _no_address(life: Life, _: ConsentEvent, __: date) -> Life:
    return replace(life, reachable=False)


def _address(life: Life, _: ConsentEvent, __: date) -> Life:
    return replace(life, reachable=True)


def _no(life: Life, _: ConsentEvent, on: date) -> Life:
    if life.state is None or life.policy in (Policy.PLACEMENT, Policy.RIGHTS):
        return life
    return end(life, State.REFUSED, on, Suppression.BLOCKED)


def _leave(life: Life, _: ConsentEvent, on: date) -> Life:
    """Withdrawal, objection, request to erase: one door, named after the ground."""
    if life.state is None or life.policy in (Policy.PLACEMENT, Policy.RIGHTS):
        return life
    state = State.OBJECTED if life.policy in LEGITIMATE else State.WITHDRAWN
    return end(life, state, on, Suppression.BLOCKED)


def _contact(life: Life, _: ConsentEvent, on: date) -> Life:
    """A contact from the person moves the opt-out cap and the B2B end."""
    if not _live(life) or life.policy not in (Policy.OPTOUT, Policy.B2B):
        return life
    life = replace(life, contact=max(on, life.contact or on))
    if life.state in FINAL:
        life = replace(life, state=State.ACTIVE, sent=None, answer=None, reminded=False)
    return set_period(life) if life.state is State.ACTIVE else life


def _activity(life: Life, _: ConsentEvent, on: date) -> Life:
    """A click or a reply is activity of a subscriber (A8)."""
    if life.policy is not Policy.NEWSLETTER or life.state not in (State.GIVEN, *RENEWAL):
        return life
    return begin_period(life, State.GIVEN, on)


def _application(life: Life, _: ConsentEvent, on: date) -> Life:
    if life.policy is not Policy.APPLICATION or life.state is not None:
        return life
    triage = on + 7 * DAY
    return replace(life, state=State.OPEN, granted=on, triage=triage, link=add_months(on, 1))


def _triaged(life: Life, _: ConsentEvent, on: date) -> Life:
    if life.state in (State.GIVEN, State.OPEN):
        return end(life, State.TRIAGED_OUT, on)
    return life


def _closed(life: Life, event: ConsentEvent, on: date) -> Life:
    if life.policy is Policy.SHARE and _live(life) and event.type is EventType.MISSION_CLOSED:
        return replace(end(life, State.EXPIRED, on), erase_on=on + DAY)
    if life.state is State.OPEN and event.type is not EventType.MISSION_CLOSED:
        until = add_months(on, _MONTHS_APPLICATION)
        return replace(life, state=State.CLOSED, until=until, link=None)
    return life


def _placed(life: Life, event: ConsentEvent, on: date) -> Life:
    if life.policy is not Policy.PLACEMENT or life.state is not None:
        return _closed(life, event, on)
    invoice = date(on.year + _YEARS_INVOICE, 12, 31)
    retained = add_months(on, _MONTHS_PLACEMENT)
    return replace(
        life, state=State.RETAINED, granted=on, retained=retained, invoice=invoice, until=invoice
    )


def _rights(life: Life, _: ConsentEvent, on: date) -> Life:
    if life.policy is not Policy.RIGHTS or life.state is not None:
        return life
    kept = add_months(on, _MONTHS_RIGHTS)
    return replace(life, state=State.RETAINED, granted=on, retained=kept, until=kept)


def _restrict(life: Life, _: ConsentEvent, __: date) -> Life:
    return replace(life, restricted=True)


def _unrestrict(life: Life, _: ConsentEvent, on: date) -> Life:
    return lift(life, on) if life.restricted else life


def _hold(life: Life, _: ConsentEvent, __: date) -> Life:
    return replace(life, held=True)


def _release(life: Life, _: ConsentEvent, on: date) -> Life:
    """A14: what waited behind the hold is erased the next day."""
    if life.held and life.state in ENDED and life.erase_on is not None:
        life = replace(life, erase_on=max(life.erase_on, on + DAY))
    return replace(life, held=False)


def _erased(life: Life, _: ConsentEvent, on: date) -> Life:
    if life.suppression is Suppression.NONE:
        life = replace(life, suppression=Suppression.TOMBSTONE, suppressed=add_months(on, 36))
    gone = replace(life, state=State.ERASED, erased=on, erase_on=None, sent=None, answer=None)
    return replace(gone, until=None, ask=None, renewal=None, latest=None)


_ACTS: dict[EventType, _Act] = {
    EventType.CONSENT_GIVEN: _yes,
    EventType.REPLY_ACCEPT: _yes,
    EventType.COLLECTED: _collected,
    EventType.SOURCED: _sourced,
    EventType.IMPORTED_UNKNOWN: _unknown,
    EventType.INVALIDATE: _invalidated,
    EventType.ART14_NOTICE_SENT: _asked,
    EventType.CONSENT_REQUESTED: _asked,
    EventType.RENEWAL_SENT: _sent,
    EventType.REMINDER_SENT: _reminded,
    EventType.HARD_BOUNCE: _bounce,
    EventType.NO_CHANNEL: _no_address,
    EventType.CHANNEL_ADDED: _address,
    EventType.REPLY_REFUSE: _no,
    EventType.WITHDRAW: _leave,
    EventType.OBJECT: _leave,
    EventType.ERASURE_REQUEST: _leave,
    EventType.PERSON_CONTACT: _contact,
    EventType.NEWSLETTER_ACTIVITY: _activity,
    EventType.APPLICATION_RECEIVED: _application,
    EventType.TRIAGE_REJECT: _triaged,
    EventType.APPLICATION_REJECTED: _closed,
    EventType.MISSION_CLOSED: _closed,
    EventType.PLACED: _placed,
    EventType.RIGHTS_CLOSED: _rights,
    EventType.RESTRICTION_ON: _restrict,
    EventType.RESTRICTION_OFF: _unrestrict,
    EventType.HOLD_ON: _hold,
    EventType.HOLD_OFF: _release,
    EventType.ERASED: _erased,
}
