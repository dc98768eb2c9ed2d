"""The agency's own dossier: who works here, how, and what was decided each week."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum

from clementine_crm.domain.ids import Id, new_id


class Role(StrEnum):
    RECRUITER = "recruiter"
    ASSISTANT = "assistant"
    MANAGER = "manager"
    DPO = "dpo"
    WEBMASTER = "webmaster"
    IT = "it"


class Right(StrEnum):
    """What a command asks for. Scopes come with several users (synchronisation issue)."""

    SEE_PERSONS = "see_persons"
    EDIT_PERSONS = "edit_persons"
    TRIAGE = "triage"
    IMPORT = "import"
    EXPORT = "export"
    EDIT_MISSIONS = "edit_missions"
    BACKUP = "backup"
    RESTORE = "restore"
    PLUGINS = "plugins"
    SEE_CONSENTS = "see_consents"
    ADMINISTER_ACCOUNTS = "administer_accounts"
    CONFIRM_RUN = "confirm_run"


_WORK = {
    Right.SEE_PERSONS,
    Right.EDIT_PERSONS,
    Right.TRIAGE,
    Right.IMPORT,
    Right.EDIT_MISSIONS,
    Right.SEE_CONSENTS,
    Right.BACKUP,
}
RIGHTS: dict[Role, frozenset[Right]] = {
    Role.RECRUITER: frozenset(_WORK | {Right.EXPORT}),
    Role.ASSISTANT: frozenset(_WORK - {Right.SEE_CONSENTS}),
    Role.MANAGER: frozenset(
        _WORK | {Right.EXPORT, Right.ADMINISTER_ACCOUNTS, Right.PLUGINS, Right.RESTORE}
    ),
    Role.DPO: frozenset(
        {
            Right.SEE_PERSONS,
            Right.SEE_CONSENTS,
            Right.EXPORT,
            Right.CONFIRM_RUN,
            Right.BACKUP,
            Right.RESTORE,
        }
    ),
    Role.WEBMASTER: frozenset({Right.IMPORT}),
    Role.IT: frozenset({Right.BACKUP, Right.RESTORE, Right.PLUGINS}),
}


@dataclass(eq=False)
class Agency:
    dossier: Id
    name: str
    id: Id = field(default_factory=new_id)
    created_at: datetime | None = None


@dataclass(eq=False)
class User:
    """``roles`` are space separated: the first user of an agency is manager and DPO."""

    dossier: Id
    email: str
    name: str
    id: Id = field(default_factory=new_id)
    roles: str = Role.RECRUITER
    active: bool = True

    def may(self, right: Right) -> bool:
        return self.active and any(right in RIGHTS[Role(role)] for role in self.roles.split())


@dataclass(eq=False)
class Setting:
    """One setting of the agency: ``name`` is dotted (``plugin.website_forms.enabled``)."""

    dossier: Id
    name: str
    value: str
    id: Id = field(default_factory=new_id)


@dataclass(eq=False)
class NoticeVersion:
    """A published information text (GDPR 13/14). Immutable: a new text is a new version."""

    dossier: Id
    purpose: str
    lang: str
    version: str
    text: str
    published_at: datetime
    id: Id = field(default_factory=new_id)


@dataclass(eq=False)
class TriageDecision:
    """One decision of the week: no personal data, the item's random id only."""

    dossier: Id
    item: Id
    outcome: str
    at: datetime
    id: Id = field(default_factory=new_id)
    received_on: date | None = None
    by: Id | None = None
    candidate: Id | None = None


@dataclass(eq=False)
class TriageSession:
    """A signed week: counts only. ``week`` is ISO (``2026-W47``)."""

    dossier: Id
    week: str
    signed_on: date
    received: int
    kept: int
    discarded: int
    left_over: int
    id: Id = field(default_factory=new_id)
    by: Id | None = None


@dataclass(eq=False)
class AuditEvent:
    """Who did what, when, to which dossier: identifiers and field names, never values."""

    dossier: Id
    at: datetime
    action: str
    id: Id = field(default_factory=new_id)
    user: Id | None = None
    subject: Id | None = None
    detail: str = ""
