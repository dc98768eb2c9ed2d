"""What came in and waits for a decision. Nothing is a candidate before "keep"."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime

from clementine_crm.domain.ids import Id, new_id

WAITING, LATER, ASKED, DISCARDING = "waiting", "later", "asked", "discarding"
SET_ASIDE = "set_aside"


@dataclass(eq=False)
class InboxItem:
    """One incoming item, root of its own dossier.

    ``fields``, ``consents`` are JSON lists as intake wrote them: every value with its source, place
    and confidence, every box with label, answer, form, version and time. ``left_out`` names, a line each, the
    forbidden fields that were dropped. ``decide_by`` is when a discard becomes an erasure.
    """

    dossier: Id
    source: str
    id: Id = field(default_factory=new_id)
    kind: str = "application"
    form: str = ""
    channel: str = ""
    lang: str = ""
    received_at: datetime | None = None
    last_contact: date | None = None
    ground: str = ""
    given_name: str = ""
    family_name: str = ""
    subject: str = ""
    message: str = ""
    reference: str = ""
    position: str = ""
    company: str = ""
    mission: Id | None = None
    consultant: Id | None = None
    status: str = WAITING
    set_aside: str = ""
    fields: str = "[]"
    consents: str = "[]"
    left_out: str = ""
    warnings: str = ""
    tags: str = ""
    evidence: str = ""
    batch: Id | None = None
    decide_by: datetime | None = None

    @property
    def full_name(self) -> str:
        return f"{self.given_name} {self.family_name}".strip()
