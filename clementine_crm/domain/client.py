"""The companies we work for and the persons there."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime

from clementine_crm.domain.ids import Id, new_id


@dataclass(eq=False)
class Client:
    """The root of a client's dossier; ``dossier`` equals ``id``."""

    dossier: Id
    name: str
    id: Id = field(default_factory=new_id)
    town: str = ""
    created_at: datetime | None = None


@dataclass(eq=False)
class ClientContact:
    """``role`` is operational, administrative or decision_maker; empty until known."""

    dossier: Id
    id: Id = field(default_factory=new_id)
    given_name: str = ""
    family_name: str = ""
    position: str = ""
    email: str = ""
    phone: str = ""
    role: str = ""
    source: str = ""
    last_contact: date | None = None
