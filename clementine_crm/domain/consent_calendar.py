"""The life of one consent record: what a date does to it (``gdpr.md`` 1.3 A2 to A16).

:class:`Life` is everything known at one moment; :func:`step` names the next change that the
calendar alone will bring; what acts bring stands in
:mod:`clementine_crm.domain.consent_acts`.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, timedelta

from clementine_crm.domain.consent_model import ENDED, Overlay, Policy, State, Suppression, Use
from clementine_crm.domain.values import add_months

DAY = timedelta(days=1)
WEEK = timedelta(days=7)

LEGITIMATE = frozenset({Policy.OPTOUT, Policy.B2B, Policy.ENQUIRY})
"""Policies under which a person objects; under the others consent is withdrawn."""

RENEWAL = frozenset({State.RENEWAL_DUE, State.RENEWAL_SENT, State.RENEWAL_REMINDED})
ASKABLE = frozenset({State.SOURCED, State.UNKNOWN, State.INVALIDATED})
FINAL = frozenset({State.FINAL_DUE, State.FINAL_REQUEST_SENT})

_USE: dict[State, Use] = {
    **dict.fromkeys(
        (State.GIVEN, State.ACTIVE, State.NOTICE_SENT, State.OPEN, *sorted(FINAL)), Use.FULL
    ),
    **dict.fromkeys((*sorted(ASKABLE), State.REQUESTED), Use.CONTACT_ONLY),
    **dict.fromkeys((*sorted(RENEWAL), State.NOTICE_DUE), Use.RENEWAL_ONLY),
    State.CLOSED: Use.STORAGE_ONLY,
    State.RETAINED: Use.CONTRACT,
}


@dataclass(frozen=True)
class Life:
    """A record at one moment. ``until`` is the last day before it expires by itself; ``erase_on``
    is set once it has ended. ``period`` counts the opt-out periods, ``last`` that only an express
    yes can prolong it; ``origin`` is the state that a void first request falls back to."""

    policy: Policy
    state: State | None = None
    granted: date | None = None
    valid: date | None = None
    renewal: date | None = None
    latest: date | None = None
    sent: date | None = None
    answer: date | None = None
    reminded: bool = False
    ask: date | None = None
    until: date | None = None
    period: int = 1
    last: bool = False
    contact: date | None = None
    origin: State = State.UNKNOWN
    erase_on: date | None = None
    erased: date | None = None
    late: bool = False
    suppression: Suppression = Suppression.NONE
    suppressed: date | None = None
    reachable: bool = True
    restricted: bool = False
    held: bool = False
    triage: date | None = None
    link: date | None = None
    retained: date | None = None
    invoice: date | None = None

    @property
    def cap(self) -> date | None:
        """Opt-out: two years after the last contact from the person (A7)."""
        if self.policy is not Policy.OPTOUT or self.contact is None:
            return None
        return add_months(self.contact, 24)

    @property
    def remind(self) -> date | None:
        """Seven days before a renewal's deadline; a first request and a notice have none."""
        if self.answer is None or self.state not in (*RENEWAL, State.FINAL_REQUEST_SENT):
            return None
        return self.answer - WEEK

    @property
    def use(self) -> Use:
        if self.state is None or self.state is State.ERASED:
            return Use.NONE
        if self.restricted or (self.held and self.state in ENDED):
            return Use.STORAGE_ONLY
        return _USE.get(self.state, Use.NONE)

    @property
    def overlays(self) -> frozenset[Overlay]:
        found = {Overlay.RESTRICTED: self.restricted, Overlay.LEGAL_HOLD: self.held}
        return frozenset(overlay for overlay, on in found.items() if on)

    @property
    def erasure(self) -> date | None:
        """The day of the run that will erase if nothing changes (A16)."""
        if self.restricted or self.state is None or self.state is State.ERASED:
            return None
        if self.state in ENDED:
            return self.erase_on
        if self.state in (State.GIVEN, State.ACTIVE, State.NOTICE_SENT, State.RETAINED):
            return None
        return self.until + DAY if self.until else None


def begin_period(life: Life, state: State, granted: date) -> Life:
    """A consent or a collection of day ``granted``: pending requests and ends are void."""
    fresh = replace(
        life,
        state=state,
        granted=granted,
        valid=None,
        renewal=None,
        latest=None,
        sent=None,
        answer=None,
        reminded=False,
        ask=None,
        until=None,
        period=1,
        contact=granted,
        erase_on=None,
        late=False,
        suppression=Suppression.NONE,
        suppressed=None,
    )
    return set_period(fresh)


def set_period(life: Life) -> Life:
    """E, R and L from the anchor, never chained (A2, A4, A7, A8)."""
    anchor = life.granted
    if anchor is None or life.policy is Policy.SHARE:
        return life
    if life.policy is Policy.OPTOUT:
        return _set_optout(life, anchor)
    if life.policy is Policy.B2B:
        end = add_months(life.contact or anchor, 36)
        return replace(life, valid=end, until=end)
    months = 36 if life.policy is Policy.NEWSLETTER else 12
    end = add_months(anchor, months)
    latest = add_months(anchor, months + 1)
    return replace(life, valid=end, renewal=end + DAY, latest=latest, until=latest)


def _set_optout(life: Life, anchor: date) -> Life:
    """A7. A period that ends less than a month before the cap is the last one: its notice could
    not run its month, so the express request takes its place."""
    cap = life.cap or add_months(anchor, 24)
    end = min(add_months(anchor, 12 * life.period), cap)
    ask_yes = add_months(cap, -1)
    if end >= ask_yes:
        return replace(life, valid=end, renewal=ask_yes, latest=cap, until=cap, last=True)
    latest = add_months(anchor, 12 * life.period + 1)
    return replace(life, valid=end, renewal=end + DAY, latest=latest, until=latest, last=False)


def end(life: Life, state: State, on: date, suppression: Suppression | None = None) -> Life:
    """The record ends on day ``on``: hidden at once, erased the next day (A5); a record that had
    already expired keeps its earlier day. ``suppression`` starts its three years (A15)."""
    due = on if state is State.EXPIRED else on + DAY
    if life.state in ENDED and life.erase_on is not None:
        due = min(due, life.erase_on)
    ended = replace(life, state=state, erase_on=due, answer=None, until=None, sent=None)
    if suppression is None:
        return ended
    return replace(ended, suppression=suppression, suppressed=add_months(on, 36))


def sendable(life: Life, on: date) -> bool:
    """Whether a renewal, notice or express request may leave on that day."""
    waiting = life.state in (State.RENEWAL_DUE, State.NOTICE_DUE, State.FINAL_DUE)
    return waiting and life.latest is not None and on <= life.latest


def step(life: Life) -> tuple[date, Life] | None:
    """The next change that time alone brings, and its day; None when nothing more will come.

    Under a restriction nothing expires: a period that ends shows as due, a deadline that passes is
    void (A13).
    """
    if life.state in (State.GIVEN, State.ACTIVE):
        return _step_living(life)
    if life.restricted:
        return _step_restricted(life)
    if life.state is State.NOTICE_SENT:
        return _step_notice(life)
    if life.state is State.RENEWAL_SENT and life.remind is not None:
        return life.remind, replace(life, state=State.RENEWAL_REMINDED)
    if life.state in (*ENDED, None) or life.until is None:
        return None
    day = life.until + DAY
    return day, end(life, State.EXPIRED, day)


def _step_living(life: Life) -> tuple[date, Life] | None:
    if life.policy is Policy.B2B:
        if life.restricted or life.until is None:
            return None
        day = life.until + DAY
        return day, end(life, State.EXPIRED, day)
    if life.renewal is None:
        return None
    state = State.RENEWAL_DUE
    if life.policy is Policy.OPTOUT:
        state = State.FINAL_DUE if life.last else State.NOTICE_DUE
    return life.renewal, replace(life, state=state)


def _step_notice(life: Life) -> tuple[date, Life] | None:
    """Silence extends, but never beyond the cap."""
    if life.answer is None:
        return None
    day = life.answer + DAY
    cap = life.cap
    if cap is not None and cap < life.answer:
        return cap + DAY, end(life, State.EXPIRED, cap + DAY)
    extended = replace(
        life, state=State.ACTIVE, period=life.period + 1, sent=None, answer=None, until=None
    )
    return day, set_period(extended)


_VOID = {
    State.RENEWAL_SENT: State.RENEWAL_DUE,
    State.RENEWAL_REMINDED: State.RENEWAL_DUE,
    State.NOTICE_SENT: State.NOTICE_DUE,
    State.FINAL_REQUEST_SENT: State.FINAL_DUE,
}


def _step_restricted(life: Life) -> tuple[date, Life] | None:
    if life.answer is None or life.state is None:
        return None
    if life.state is State.REQUESTED:
        back = life.origin
    elif life.state in _VOID:
        back = _VOID[life.state]
    else:
        return None
    return life.answer + DAY, void(life, back)


def void(life: Life, back: State) -> Life:
    """The pending request counts for nothing: ``back`` to waiting for one."""
    until = life.ask if back in ASKABLE else life.latest
    return replace(life, state=back, sent=None, answer=None, reminded=False, until=until)


def lift(life: Life, on: date) -> Life:
    """The restriction ends on day ``on`` (A13): a deadline not yet passed stands, a passed one
    gives a fresh month from the next day."""
    life = replace(life, restricted=False)
    month = add_months(on, 1)
    if life.state in ENDED:
        return replace(life, erase_on=max(life.erase_on or on, on + DAY))
    if life.answer is not None or life.until is None or life.state is State.RETAINED:
        return life
    if life.state in (State.GIVEN, State.ACTIVE) and life.policy is not Policy.B2B:
        return life
    if on < life.until:
        return life
    if life.state in (State.RENEWAL_DUE, State.NOTICE_DUE, State.FINAL_DUE):
        return replace(life, renewal=on + DAY, latest=month, until=month)
    if life.state in ASKABLE:
        return replace(life, ask=month, until=month)
    return life
