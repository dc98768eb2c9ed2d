"""A person we may propose, and what hangs on them. Every class is one kind of row of the dossier."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime

from clementine_crm.domain.ids import Id, new_id


@dataclass(eq=False)
class Candidate:
    """The root of a candidate's dossier; ``dossier`` equals ``id``."""

    dossier: Id
    id: Id = field(default_factory=new_id)
    given_name: str = ""
    family_name: str = ""
    headline: str = ""
    town: str = ""
    postal_address: str = ""
    availability: str = ""
    lang: str = ""
    source: str = ""
    owner: Id | None = None
    created_at: datetime | None = None
    last_contact: date | None = None

    @property
    def full_name(self) -> str:
        return f"{self.given_name} {self.family_name}".strip()


@dataclass(eq=False)
class ContactPoint:
    """One way to reach the person: ``kind`` is email, phone (E.164) or link."""

    dossier: Id
    kind: str
    value: str
    id: Id = field(default_factory=new_id)


@dataclass(eq=False)
class WorkExperience:
    dossier: Id
    id: Id = field(default_factory=new_id)
    title: str = ""
    company: str = ""
    period: str = ""


@dataclass(eq=False)
class Education:
    dossier: Id
    id: Id = field(default_factory=new_id)
    diploma: str = ""
    school: str = ""
    period: str = ""


@dataclass(eq=False)
class Skill:
    """A skill or, with ``kind`` language, a language and its level. ``confirmed`` by a recruiter."""

    dossier: Id
    name: str
    id: Id = field(default_factory=new_id)
    kind: str = "skill"
    level: str = ""
    confirmed: bool = False


@dataclass(eq=False)
class Tag:
    dossier: Id
    name: str
    id: Id = field(default_factory=new_id)


@dataclass(eq=False)
class Provenance:
    """Where values of one row come from: ``cell_names`` lists them, space separated; newest wins."""

    dossier: Id
    row: Id
    cell_names: str
    source: str
    captured_at: datetime
    evidence: str = ""
    id: Id = field(default_factory=new_id)
