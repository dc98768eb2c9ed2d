"""What happened with a dossier, and what is to be done."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime

from clementine_crm.domain.ids import Id, new_id

NOTE, CALL, MAIL, MEETING, EVENT = "note", "call", "mail", "meeting", "event"
REACHED = "reached"
"""The one outcome that counts as a contact: the person was spoken to."""
CALL_OUTCOMES = (REACHED, "voicemail", "no_answer", "wrong_number")


@dataclass(eq=False)
class Activity:
    """One line of the thread; append-only. ``outcome`` is one of ``CALL_OUTCOMES`` for a call."""

    dossier: Id
    kind: str
    at: datetime
    text: str
    id: Id = field(default_factory=new_id)
    by: Id | None = None
    outcome: str = ""
    next_step: str = ""


@dataclass(eq=False)
class Task:
    dossier: Id
    text: str
    id: Id = field(default_factory=new_id)
    due: date | None = None
    assignee: Id | None = None
    created_at: datetime | None = None
    done_at: datetime | None = None
