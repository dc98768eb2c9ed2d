"""Proof of consent: no yes without evidence, and chains of hashes that show a changed event.

Each device chains the events it appends to a record; the record is the union of its chains
(``gdpr.md`` 1.2), so two desktops never wait for one another.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from datetime import date, datetime

from clementine_crm.domain.consent_model import GRANTS, ConsentEvent, ConsentRecord, State
from clementine_crm.domain.ids import Id
from clementine_crm.errors import RuleViolation

_PROVED = (
    "id",
    "dossier",
    "record",
    "type",
    "event_time",
    "received_time",
    "entity",
    "channel",
    "notice_version",
    "answer",
    "evidence",
    "reply_token",
    "last_contact",
    "note",
    "device",
    "prev_hash",
)


def require_evidence(event: ConsentEvent) -> None:
    """RuleViolation ``consent_without_evidence`` for a yes without the notice version shown, or
    without either the exact answer or the file it came in."""
    proved = event.notice_version is not None and bool(event.answer.strip() or event.evidence)
    if event.type in GRANTS and not proved:
        raise RuleViolation("consent_without_evidence", type=event.type.value)


def _plain(value: object) -> str | None:
    if value is None:
        return None
    if isinstance(value, bytes):
        return value.hex()
    # The instant as received, zone included; a copy that lost its offset is not the same proof.
    return value.isoformat() if isinstance(value, datetime | date) else str(value)


def event_hash(event: ConsentEvent) -> str:
    """SHA-256 over every proved field and the hash before it, as canonical JSON."""
    fields = {name: _plain(getattr(event, name)) for name in _PROVED}
    text = json.dumps(fields, ensure_ascii=True, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def chain(event: ConsentEvent, before: Iterable[ConsentEvent]) -> ConsentEvent:
    """``event`` fastened behind the last one of its device on its record; returns it filled.

    ``before`` may be all events of the dossier. RuleViolation when a yes lacks its evidence.
    """
    require_evidence(event)
    mine = [e for e in before if _chain_of(e) == _chain_of(event) and e.id != event.id]
    followed = {e.prev_hash for e in mine}
    ends = sorted(e.hash for e in mine if e.hash not in followed)
    event.prev_hash = ends[-1] if ends else ""
    event.hash = event_hash(event)
    return event


def _chain_of(event: ConsentEvent) -> tuple[str, Id, Id | None]:
    return event.device, event.dossier, event.record


def broken_links(events: Iterable[ConsentEvent]) -> tuple[Id, ...]:
    """The events whose proof does not hold: changed since, or following one that is missing.

    The order of ``events`` is of no matter. Two events that follow the same one are both reported.
    """
    chains: dict[tuple[str, Id, Id | None], list[ConsentEvent]] = {}
    for event in events:
        chains.setdefault(_chain_of(event), []).append(event)
    broken: set[Id] = set()
    for linked in chains.values():
        known = {e.hash for e in linked} | {""}
        followers: dict[str, list[Id]] = {}
        for event in linked:
            followers.setdefault(event.prev_hash, []).append(event.id)
            if event.hash != event_hash(event) or event.prev_hash not in known:
                broken.add(event.id)
        for ids in followers.values():
            if len(ids) > 1:
                broken.update(ids)
    return tuple(sorted(broken))


_DPV = {
    State.REQUESTED: ("dpv:ConsentRequested",),
    State.RENEWAL_DUE: ("dpv:ConsentExpired", "dpv:ConsentRequested"),
    State.RENEWAL_SENT: ("dpv:ConsentExpired", "dpv:ConsentRequested"),
    State.RENEWAL_REMINDED: ("dpv:ConsentExpired", "dpv:ConsentRequested"),
    State.REFUSED: ("dpv:ConsentRefused",),
    State.WITHDRAWN: ("dpv:ConsentWithdrawn",),
    State.EXPIRED: ("dpv:ConsentExpired",),
    State.INVALIDATED: ("dpv:ConsentInvalidated",),
    State.UNKNOWN: ("dpv:ConsentUnknown",),
    State.OBJECTED: ("dpv:LegitimateInterestObjected",),
    **dict.fromkeys(
        (
            State.ACTIVE,
            State.NOTICE_DUE,
            State.NOTICE_SENT,
            State.FINAL_DUE,
            State.FINAL_REQUEST_SENT,
        ),
        ("dpv:LegitimateInterestNotObjected",),
    ),
}


def dpv_status(state: State, *, grants: int = 1) -> tuple[str, ...]:
    """The status an export names (``gdpr.md`` 1.2), two for a record being renewed (old, new);
    ``grants`` counts the yeses so far. Empty where the vocabulary has no word."""
    if state is State.GIVEN:
        return ("dpv:RenewedConsentGiven" if grants > 1 else "dpv:ConsentGiven",)
    return _DPV.get(state, ())


def count_grants(record: ConsentRecord, events: Iterable[ConsentEvent]) -> int:
    """How many times the person said yes for this record."""
    return len({e.id for e in events if e.record == record.id and e.type in GRANTS})
