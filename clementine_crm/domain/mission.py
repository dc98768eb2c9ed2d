"""A client's mandate to find somebody (elsewhere "job order")."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

from clementine_crm.domain.ids import Id, new_id

OPEN, CLOSED = "open", "closed"


@dataclass(eq=False)
class Mission:
    """The root of a mission's dossier. ``criteria`` are the words a CV is looked at for, by comma."""

    dossier: Id
    reference: str
    title: str
    id: Id = field(default_factory=new_id)
    client: Id | None = None
    lang: str = "fr"
    status: str = OPEN
    criteria: str = ""
    owner: Id | None = None
    opened_on: date | None = None
    closed_on: date | None = None
