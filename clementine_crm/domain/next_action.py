"""The next right action for a person: one sentence with its reason, or none when nothing is due.

Computed from what the law asks first (to inform, to ask, to renew), then from what was promised (a
task of today or before), then from an application that nobody has answered yet.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from clementine_crm.domain.application import RECEIVED
from clementine_crm.domain.consent_model import Dates, Overlay, Purpose, State

TO_INFORM = frozenset({State.SOURCED, State.UNKNOWN, State.INVALIDATED})


class Due(StrEnum):
    """What is due."""

    INFORM = "inform"
    RENEW = "renew"
    TASK = "task"
    LINK = "link"
    CALL = "call"


@dataclass(frozen=True)
class NextAction:
    """``by`` is its last day, None when no day is set; ``about`` a mission's reference or a task."""

    due: Due
    by: date | None = None
    about: str = ""


@dataclass(frozen=True)
class OpenTask:
    text: str
    due: date | None


@dataclass(frozen=True)
class Unanswered:
    """An application that is still where it arrived; ``about`` the mission's reference or ""."""

    stage: str
    about: str
    received_on: date


@dataclass(frozen=True)
class Situation:
    """What is known of a person. ``spoken_on`` is the last call, message or meeting."""

    records: tuple[tuple[Purpose, Dates], ...]
    tasks: tuple[OpenTask, ...] = ()
    applications: tuple[Unanswered, ...] = ()
    spoken_on: date | None = None


def next_action(situation: Situation, today: date) -> NextAction | None:
    """The first that holds, in the order of the law, of the promise, of the waiting person."""
    records = situation.records
    if any(Overlay.RESTRICTED in dates.overlays for _, dates in records):
        return None
    for purpose, dates in records:
        if purpose is Purpose.POOL and dates.state in TO_INFORM:
            return NextAction(Due.INFORM, dates.ask_by)
        if purpose is Purpose.POOL and dates.state is State.RENEWAL_DUE:
            return NextAction(Due.RENEW, dates.latest_send)
    promised = [t for t in situation.tasks if t.due is not None and t.due <= today]
    if promised:
        first = min(promised, key=lambda t: t.due or today)
        return NextAction(Due.TASK, first.due, first.text)
    link = _to_link(situation)
    if link is not None and link <= today:
        return NextAction(Due.LINK, link)
    waiting = _unanswered(situation)
    if waiting is not None:
        return NextAction(Due.CALL, None, waiting.about)
    return NextAction(Due.LINK, link) if link is not None else None


def _to_link(situation: Situation) -> date | None:
    """The day an application for no mission turns red, unless a consent covers the pool."""
    records = situation.records
    pooled = any(p is Purpose.POOL and d.state is State.GIVEN for p, d in records)
    if pooled or all(application.about for application in situation.applications):
        return None
    days = [d.link_by for p, d in records if p is Purpose.APPLICATION and d.link_by]
    return min(days, default=None)


def _unanswered(situation: Situation) -> Unanswered | None:
    spoken = situation.spoken_on
    waiting = [
        a
        for a in situation.applications
        if a.stage == RECEIVED and (spoken is None or spoken < a.received_on)
    ]
    return max(waiting, key=lambda a: a.received_on, default=None)
