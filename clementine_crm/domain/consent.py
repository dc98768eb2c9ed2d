"""The consent engine: what a record allows on which day (``gdpr.md`` section 1).

Pure: no clock, no base. A record and its events go in; spans of days, a state, dates come out.
State is a function of events and the date, never of a job having run (A9).
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from clementine_crm.domain.consent_model import (
    BASIS_OF,
    ENDED,
    GRANTS,
    POLICY_OF,
    Basis,
    Channel,
    ConsentEvent,
    ConsentRecord,
    Dates,
    EventType,
    Overlay,
    Permissions,
    Policy,
    Purpose,
    Span,
    State,
    Suppression,
    Use,
    permitted,
    strongest,
)

__all__ = [
    "BASIS_OF",
    "ENDED",
    "GRANTS",
    "POLICY_OF",
    "Basis",
    "Channel",
    "ConsentEvent",
    "ConsentRecord",
    "Dates",
    "EventType",
    "Overlay",
    "Permissions",
    "Policy",
    "Purpose",
    "Span",
    "State",
    "Suppression",
    "Use",
    "due",
    "permitted",
    "spans",
    "state_at",
    "strongest",
]


def spans(record: ConsentRecord, events: Iterable[ConsentEvent]) -> tuple[Span, ...]:
    """The record's whole life by day: the past from its events, the future if nothing happens."""
    raise NotImplementedError


def state_at(
    record: ConsentRecord, events: Iterable[ConsentEvent], on: date
) -> tuple[State | None, Use]:
    """State and use at the end of day ``on`` in Paris; (None, NONE) before the record begins."""
    raise NotImplementedError


def due(record: ConsentRecord, events: Iterable[ConsentEvent], on: date) -> Dates:
    """State, use and every date as they stand at the end of day ``on``."""
    raise NotImplementedError
