"""A dossier as somebody may see it: whole, to be read only, or shut (``gdpr.md`` section 3)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from clementine_crm.domain.agency import Right, Role
from clementine_crm.domain.consent_model import ENDED, EventType, Overlay, Use
from clementine_crm.domain.ids import Id
from clementine_crm.queries.consents import ConsentLine
from clementine_crm.queries.documents import text_of
from clementine_crm.queries.dossier import CandidateView, candidate
from clementine_crm.queries.reading import Reading


class Access(StrEnum):
    """``OPEN``: as usual. ``KEPT``: read only, the state of the consents forbids more.
    ``LIMITED``: restricted at the person's request, read only, for DPO and manager. ``REFUSED``:
    restricted, for others. ``LOCKED``: withdrawn, refused or lapsed, awaiting its erasure.
    """

    OPEN = "open"
    KEPT = "kept"
    LIMITED = "limited"
    REFUSED = "refused"
    LOCKED = "locked"


@dataclass(frozen=True)
class Opened:
    """``view`` is None where only name and dates may be shown; ``since`` is the day of the act that
    shut or limited it, ``erase_on`` the day of the run that erases it.
    """

    id: Id
    name: str
    access: Access
    view: CandidateView | None = None
    since: date | None = None
    erase_on: date | None = None


_MAY_SEE_LIMITED = {Role.MANAGER, Role.DPO}
_SHUT = {
    EventType.WITHDRAW,
    EventType.OBJECT,
    EventType.ERASURE_REQUEST,
    EventType.REPLY_REFUSE,
    EventType.TRIAGE_REJECT,
}


def opened(reading: Reading, id: Id) -> Opened:
    """One dossier, as far as who asks may see it. NotFound ``no_such_dossier``."""
    view = candidate(reading, id)
    if any(Overlay.RESTRICTED in line.dates.overlays for line in view.consents):
        since = _last(view.consents, {EventType.RESTRICTION_ON})
        allowed = any(Role(role) in _MAY_SEE_LIMITED for role in reading.actor.roles.split())
        if not allowed:
            return Opened(id, view.name, Access.REFUSED, since=since)
        return Opened(id, view.name, Access.LIMITED, view, since)
    if view.standing.use is Use.NONE:
        erase = [line.dates.erase_on for line in view.consents if line.dates.erase_on]
        since = _last(view.consents, _SHUT) or _ended(view.consents)
        return Opened(id, view.name, Access.LOCKED, None, since, min(erase, default=None))
    access = Access.OPEN if view.allowed.edit else Access.KEPT
    return Opened(id, view.name, access, view)


def _last(consents: tuple[ConsentLine, ...], types: set[EventType]) -> date | None:
    days = [event.on for line in consents for event in line.events if event.type in types]
    return max(days, default=None)


def _ended(consents: tuple[ConsentLine, ...]) -> date | None:
    """The last day on which what lapsed could still be answered."""
    days = [
        day
        for line in consents
        if line.dates.state in ENDED
        for day in (line.dates.answer_by or line.dates.latest_send or line.dates.valid_through,)
        if day
    ]
    return max(days, default=None)


def texts_of(reading: Reading, view: CandidateView) -> dict[Id, str]:
    """What was read of each document of a dossier."""
    with reading.connect(Right.SEE_PERSONS) as connection:
        return {row.id: text_of(connection, row.id) for row in view.documents}
