"""Words of consent: purposes, states, uses, and the record with its events (``gdpr.md`` 1.1, 1.2).

Nothing is computed here; see :mod:`clementine_crm.domain.consent`.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from enum import StrEnum

from clementine_crm.domain.ids import Id, new_id

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
SCHEMA_VERSION = 1


class Purpose(StrEnum):
    """Why data of a person is held: one lifecycle each."""

    POOL = "POOL"
    APPLICATION = "APPLICATION"
    SHARE = "SHARE"
    TEST = "TEST"
    NEWS = "NEWS"
    PLACEMENT = "PLACEMENT"
    B2B = "B2B"
    ENQUIRY = "ENQUIRY"
    RIGHTS = "RIGHTS"


class Basis(StrEnum):
    """The legal ground (GDPR 6)."""

    CONSENT = "consent"
    LEGITIMATE_INTEREST = "legitimate_interest"
    PRE_CONTRACT = "pre_contract"
    CONTRACT = "contract"
    LEGAL_OBLIGATION = "legal_obligation"


class Policy(StrEnum):
    """Which calendar counts."""

    STRICT = "strict"
    OPTOUT = "optout"
    NEWSLETTER = "newsletter"
    APPLICATION = "application"
    SHARE = "share"
    PLACEMENT = "placement"
    B2B = "b2b"
    ENQUIRY = "enquiry"
    RIGHTS = "rights"


class State(StrEnum):
    """Where one record stands (``gdpr.md`` 1.4)."""

    REQUESTED = "REQUESTED"
    GIVEN = "GIVEN"
    RENEWAL_DUE = "RENEWAL_DUE"
    RENEWAL_SENT = "RENEWAL_SENT"
    RENEWAL_REMINDED = "RENEWAL_REMINDED"
    SOURCED = "SOURCED"
    UNKNOWN = "UNKNOWN"
    INVALIDATED = "INVALIDATED"
    ACTIVE = "ACTIVE"
    NOTICE_DUE = "NOTICE_DUE"
    NOTICE_SENT = "NOTICE_SENT"
    FINAL_DUE = "FINAL_DUE"
    FINAL_REQUEST_SENT = "FINAL_REQUEST_SENT"
    OPEN = "OPEN"
    CLOSED = "CLOSED"
    RETAINED = "RETAINED"
    EXPIRED = "EXPIRED"
    REFUSED = "REFUSED"
    WITHDRAWN = "WITHDRAWN"
    OBJECTED = "OBJECTED"
    TRIAGED_OUT = "TRIAGED_OUT"
    ERASED = "ERASED"


ENDED = frozenset(
    {
        State.EXPIRED,
        State.REFUSED,
        State.WITHDRAWN,
        State.OBJECTED,
        State.TRIAGED_OUT,
        State.ERASED,
    }
)
"""States that only wait for the erasure, or follow it."""


class Use(StrEnum):
    """What the data may serve, from most to least."""

    FULL = "full"
    CONTRACT = "contract"
    CONTACT_ONLY = "contact_only"
    RENEWAL_ONLY = "renewal_only"
    STORAGE_ONLY = "storage_only"
    NONE = "none"


class Overlay(StrEnum):
    """What lies over every record of a person."""

    RESTRICTED = "RESTRICTED"
    LEGAL_HOLD = "LEGAL_HOLD"


class Suppression(StrEnum):
    """What an import of the same person meets (A15)."""

    NONE = "none"
    TOMBSTONE = "tombstone"
    BLOCKED = "blocked"


class Channel(StrEnum):
    """How an act reached the agency."""

    WEB_FORM = "web_form"
    E_MAIL = "e_mail"
    POST = "post"
    PAPER = "paper"
    PHONE_CONFIRMED = "phone_confirmed"
    IMPORT = "import"


class EventType(StrEnum):
    """What happened to a record. The last group says nothing about consent and changes nothing."""

    CONSENT_GIVEN = "consent_given"
    COLLECTED = "collected"
    SOURCED = "sourced"
    IMPORTED_UNKNOWN = "imported_unknown"
    APPLICATION_RECEIVED = "application_received"
    PLACED = "placed"
    RIGHTS_CLOSED = "rights_closed"

    ART14_NOTICE_SENT = "art14_notice_sent"
    CONSENT_REQUESTED = "consent_requested"
    RENEWAL_SENT = "renewal_sent"
    REMINDER_SENT = "reminder_sent"
    ERASED = "erased"

    REPLY_ACCEPT = "reply_accept"
    REPLY_REFUSE = "reply_refuse"
    WITHDRAW = "withdraw"
    OBJECT = "object"
    ERASURE_REQUEST = "erasure_request"
    PERSON_CONTACT = "person_contact"
    NEWSLETTER_ACTIVITY = "newsletter_activity"

    INVALIDATE = "invalidate"
    TRIAGE_REJECT = "triage_reject"
    APPLICATION_REJECTED = "application_rejected"
    MISSION_CLOSED = "mission_closed"
    HARD_BOUNCE = "hard_bounce"
    NO_CHANNEL = "no_channel"
    CHANNEL_ADDED = "channel_added"
    RESTRICTION_ON = "restriction_on"
    RESTRICTION_OFF = "restriction_off"
    HOLD_ON = "hold_on"
    HOLD_OFF = "hold_off"

    REPLY_AMBIGUOUS = "reply_ambiguous"
    AUTO_REPLY = "auto_reply"
    MAIL_OPENED = "mail_opened"
    LINK_FETCHED = "link_fetched"
    NOTE_ADDED = "note_added"
    ORAL_ACCEPT = "oral_accept"


GRANTS = frozenset({EventType.CONSENT_GIVEN, EventType.REPLY_ACCEPT})
"""Acts that say yes: never without evidence."""

POLICY_OF: dict[Purpose, Policy] = {
    Purpose.POOL: Policy.STRICT,
    Purpose.APPLICATION: Policy.APPLICATION,
    Purpose.SHARE: Policy.SHARE,
    Purpose.TEST: Policy.STRICT,
    Purpose.NEWS: Policy.NEWSLETTER,
    Purpose.PLACEMENT: Policy.PLACEMENT,
    Purpose.B2B: Policy.B2B,
    Purpose.ENQUIRY: Policy.ENQUIRY,
    Purpose.RIGHTS: Policy.RIGHTS,
}
"""The default calendar of each purpose; POOL may be ``optout`` after the DPO's decision."""

BASIS_OF: dict[Policy, Basis] = {
    Policy.STRICT: Basis.CONSENT,
    Policy.OPTOUT: Basis.LEGITIMATE_INTEREST,
    Policy.NEWSLETTER: Basis.CONSENT,
    Policy.APPLICATION: Basis.PRE_CONTRACT,
    Policy.SHARE: Basis.CONSENT,
    Policy.PLACEMENT: Basis.CONTRACT,
    Policy.B2B: Basis.LEGITIMATE_INTEREST,
    Policy.ENQUIRY: Basis.LEGITIMATE_INTEREST,
    Policy.RIGHTS: Basis.LEGAL_OBLIGATION,
}


@dataclass(eq=False)
class ConsentRecord:
    """One purpose of one person (fields of ``gdpr.md`` 1.2); its state stands in its events.

    ``subject`` is the random subject UUID, never an e-mail. ``about`` is the application, mission
    or placement that an APPLICATION, SHARE or PLACEMENT record concerns; ``client`` the named
    client of a SHARE. Lists are space-separated codes.
    """

    id: Id = field(default_factory=new_id)
    dossier: Id = field(default_factory=new_id)
    subject: Id = field(default_factory=new_id)
    schema_version: int = SCHEMA_VERSION
    controller: str = ""
    purpose: Purpose = Purpose.POOL
    basis: Basis = Basis.CONSENT
    policy: Policy = Policy.STRICT
    categories: str = ""
    recipients: str = ""
    storage_location: str = ""
    retention_rule: str = ""
    withdrawal_method: str = ""
    notice_version: Id | None = None
    source: str = ""
    about: Id | None = None
    client: Id | None = None


@dataclass(eq=False)
class ConsentEvent:
    """One act, appended and never changed (``gdpr.md`` 1.2).

    ``record`` is None for what concerns every record of the dossier: restriction, hold, bounce,
    address found, contact of the person, request to erase everything. ``received_time`` is the
    instant the agency's side received it (A1) and alone decides dates; ``event_time`` is what the
    sender claims. ``last_contact`` belongs to ``imported_unknown``. ``evidence`` is the sha256 of
    the message, form payload or scan.
    """

    id: Id = field(default_factory=new_id)
    dossier: Id = field(default_factory=new_id)
    record: Id | None = None
    type: EventType = EventType.NOTE_ADDED
    event_time: datetime = EPOCH
    received_time: datetime = EPOCH
    entity: str = ""
    channel: Channel = Channel.IMPORT
    notice_version: Id | None = None
    answer: str = ""
    evidence: str = ""
    reply_token: str = ""
    last_contact: date | None = None
    note: str = ""
    device: str = ""
    prev_hash: str = ""
    hash: str = ""


@dataclass(frozen=True)
class Span:
    """A run of days in one state: ``start`` to ``end``, both included; None is for ever."""

    start: date
    end: date | None
    state: State
    use: Use


@dataclass(frozen=True)
class Dates:
    """Where a record stands at the end of one day, and what follows if nothing happens.

    Every date is civil, Paris. ``renewal_due_on`` first day a request leaves, ``latest_send`` the
    last; ``answer_by`` last day to answer; ``ask_by`` last day to inform or ask; ``erase_on`` the
    day of the erasing run (None in GIVEN, ACTIVE, NOTICE_SENT, ERASED and under a restriction);
    ``link_by`` the day an open application without mission turns red.
    """

    state: State | None
    use: Use
    overlays: frozenset[Overlay] = frozenset()
    granted_on: date | None = None
    valid_through: date | None = None
    renewal_due_on: date | None = None
    latest_send: date | None = None
    sent_on: date | None = None
    remind_on: date | None = None
    answer_by: date | None = None
    ask_by: date | None = None
    cap: date | None = None
    erase_on: date | None = None
    erased_on: date | None = None
    late: bool = False
    suppression: Suppression = Suppression.NONE
    suppressed_until: date | None = None
    triage_by: date | None = None
    link_by: date | None = None
    retained_until: date | None = None
    invoice_until: date | None = None


@dataclass(frozen=True)
class Permissions:
    """What a feature may do with a person. ``ask`` is the one lawful question (inform, request,
    renewal) and mending the address it needs; ``mail`` is any other message."""

    search: bool = False
    list: bool = False
    mail: bool = False
    ask: bool = False
    present: bool = False
    export: bool = False
    edit: bool = False


_ALLOWED: dict[Use, Permissions] = {
    Use.FULL: Permissions(True, True, True, True, True, True, True),
    Use.CONTRACT: Permissions(list=True, mail=True, export=True, edit=True),
    Use.CONTACT_ONLY: Permissions(list=True, ask=True, edit=True),
    Use.RENEWAL_ONLY: Permissions(ask=True),
    Use.STORAGE_ONLY: Permissions(),
    Use.NONE: Permissions(),
}
_ORDER = tuple(Use)


def permitted(use: Use) -> Permissions:
    """The one answer every feature asks for before it touches a person."""
    return _ALLOWED[use]


def strongest(uses: Iterable[Use]) -> Use:
    """The widest use among a person's records; NONE when there is no record."""
    return min(uses, key=_ORDER.index, default=Use.NONE)
