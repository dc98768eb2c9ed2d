"""The consent records that a decision gives rise to, with their evidence (``gdpr.md`` 1.2, 1.4)."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from clementine_crm.domain.agency import Agency, NoticeVersion
from clementine_crm.domain.consent_acts import may_import
from clementine_crm.domain.consent_evidence import chain
from clementine_crm.domain.consent_model import (
    BASIS_OF,
    POLICY_OF,
    Channel,
    ConsentEvent,
    ConsentRecord,
    EventType,
    Purpose,
)
from clementine_crm.domain.ids import Id, derived_id, new_id
from clementine_crm.domain.inbox import InboxItem
from clementine_crm.services.work import Work, refuse_unless

APPLIED, SOURCED, UNKNOWN = "applied", "sourced", "unknown"
GROUNDS = (APPLIED, SOURCED, UNKNOWN)
"""Why a person without a ticked box may be held: they applied; they were found and will be informed;
they stand in an old file and will be asked."""

_NO = {"", "0", "no", "non", "false", "off"}
_CATEGORIES = {
    Purpose.POOL: "identity contact cv experience diplomas notes",
    Purpose.APPLICATION: "identity contact cv experience diplomas letter notes",
    Purpose.ENQUIRY: "name contact company message",
}
_CHANNELS = {"web_form": Channel.WEB_FORM, "e_mail": Channel.E_MAIL, "mail": Channel.E_MAIL}


@dataclass(frozen=True)
class Proof:
    """What an act is proved by: ``evidence`` is hashed, never copied; ``happened`` is the time the
    sender claims, ``received`` the one that counts (A1)."""

    received: datetime
    source: str = ""
    channel: Channel = Channel.IMPORT
    answer: str = ""
    evidence: bytes = b""
    notice: NoticeVersion | None = None
    happened: datetime | None = None
    last_contact: date | None = None
    entity: str = "person"


def open_record(
    work: Work, dossier: Id, purpose: Purpose, act: EventType, proof: Proof, about: Id | None = None
) -> ConsentRecord:
    """One record and the act it begins with. Raises RuleViolation ``consent_without_evidence``."""
    known = work.uow.find(ConsentRecord, dossier=dossier)
    subject = known[0].subject if known else new_id()
    record = _record(dossier, subject, _controller(work), purpose, proof, about)
    work.uow.add(record)
    append_event(work, record, act, proof)
    return record


def open_first_records(
    work: Work, dossiers: Iterable[Id], purpose: Purpose, act: EventType, proof: Proof
) -> None:
    """The first record of many dossiers made in this very transaction, with the same act and proof:
    nothing about them is looked up one by one.
    """
    controller, device = _controller(work), work.uow.local("device")
    for dossier in dossiers:
        record = _record(dossier, new_id(), controller, purpose, proof)
        work.uow.add(record)
        work.uow.add(chain(_event(record, act, proof, device), ()))


def _controller(work: Work) -> str:
    return work.uow.find(Agency)[0].name


def _record(
    dossier: Id,
    subject: Id,
    controller: str,
    purpose: Purpose,
    proof: Proof,
    about: Id | None = None,
) -> ConsentRecord:
    policy = POLICY_OF[purpose]
    return ConsentRecord(
        dossier=dossier,
        subject=subject,
        controller=controller,
        purpose=purpose,
        basis=BASIS_OF[policy],
        policy=policy,
        categories=_CATEGORIES.get(purpose, ""),
        recipients="team",
        storage_location="desktop",
        retention_rule=policy,
        withdrawal_method="e_mail",
        notice_version=proof.notice.id if proof.notice else None,
        source=proof.source,
        about=about,
    )


def append_event(work: Work, record: ConsentRecord, act: EventType, proof: Proof) -> ConsentEvent:
    """Append one act behind the last of this device on the record's chain."""
    event = _event(record, act, proof, work.uow.local("device"))
    chain(event, work.uow.find(ConsentEvent, record=record.id))
    work.uow.add(event)
    return event


def _event(record: ConsentRecord, act: EventType, proof: Proof, device: str) -> ConsentEvent:
    return ConsentEvent(
        dossier=record.dossier,
        record=record.id,
        type=act,
        event_time=proof.happened or proof.received,
        received_time=proof.received,
        entity=proof.entity,
        channel=proof.channel,
        notice_version=proof.notice.id if proof.notice else None,
        answer=proof.answer,
        evidence=hashlib.sha256(proof.evidence).hexdigest() if proof.evidence else "",
        last_contact=proof.last_contact,
        device=device,
    )


def channel_of(item: InboxItem) -> Channel:
    """How the item reached the agency."""
    return _CHANNELS.get(item.channel, Channel.IMPORT)


def said_yes(answer: str) -> bool:
    """Whether a box was ticked, as the forms say it."""
    return str(answer).strip().casefold() not in _NO


def notice_shown(
    work: Work, purpose: Purpose, version: str, text: str, lang: str, at: datetime
) -> NoticeVersion:
    """The text a person was shown, kept once a version: proof needs what exactly was read."""
    row = derived_id(work.agency, f"notice/{purpose}/{version}/{lang}")
    found = work.uow.find(NoticeVersion, id=row)
    if found:
        return found[0]
    notice = NoticeVersion(work.agency, purpose, lang, version, text, at, id=row)
    work.uow.add(notice)
    return notice


def ground_of(item: InboxItem, candidate: Id, application: Id, work: Work) -> bool:
    """Give the kept candidate its lawful records; True when the pool consent is among them.

    A ticked box for the pool is GIVEN on the day it was received; an application without one is
    OPEN; a person found elsewhere is SOURCED, one from an old file UNKNOWN (never over 24 months).
    """
    proof = Proof(
        received=item.received_at or work.clock.now(),
        source=item.source,
        channel=channel_of(item),
        evidence=f"{item.evidence}\n{item.consents}\n{item.message}".encode(),
    )
    pooled = _boxes(item, candidate, proof, work)
    if item.ground == APPLIED:
        open_record(
            work, candidate, Purpose.APPLICATION, EventType.APPLICATION_RECEIVED, proof, application
        )
    elif not pooled:
        open_pool_ground(work, candidate, item.ground, item.source, item.last_contact)
    return pooled


def open_pool_ground(
    work: Work, candidate: Id, ground: str, source: str, last_contact: date | None
) -> None:
    """SOURCED or UNKNOWN, from today on; RuleViolation ``last_contact_too_old`` after 24 months."""
    act = EventType.SOURCED
    if ground == UNKNOWN:
        refuse_unless(may_import(last_contact, work.clock.today()), "last_contact_too_old")
        act = EventType.IMPORTED_UNKNOWN
    entity = work.actor.email
    proof = Proof(work.clock.now(), source, last_contact=last_contact, entity=entity)
    open_record(work, candidate, Purpose.POOL, act, proof)


def _boxes(item: InboxItem, candidate: Id, proof: Proof, work: Work) -> bool:
    pooled = False
    for box in json.loads(item.consents):
        if box["purpose"] != Purpose.POOL or not said_yes(box["answer"]) or pooled:
            continue
        version = box["notice_version"] or _version_of(box["form"], box["label"])
        given = Proof(
            received=proof.received,
            source=proof.source,
            channel=proof.channel,
            answer=f"{box['label']} : {box['answer']}",
            evidence=proof.evidence,
            notice=notice_shown(
                work, Purpose.POOL, version, box["label"], item.lang, proof.received
            ),
            happened=datetime.fromisoformat(box["given_at"]) if box["given_at"] else None,
        )
        open_record(work, candidate, Purpose.POOL, EventType.CONSENT_GIVEN, given)
        pooled = True
    return pooled


def _version_of(form: str, label: str) -> str:
    """A form that does not number its texts: its name and a mark of the exact words."""
    return f"{form}:{hashlib.sha256(label.encode()).hexdigest()[:8]}"
