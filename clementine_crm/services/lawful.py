"""The consent records that a decision gives rise to, with their evidence (``gdpr.md`` 1.2, 1.4)."""

from __future__ import annotations

import hashlib
import json
from datetime import date, datetime

from clementine_crm.domain.agency import NoticeVersion
from clementine_crm.domain.application import Application
from clementine_crm.domain.consent_model import (
    BASIS_OF,
    POLICY_OF,
    Channel,
    ConsentEvent,
    ConsentRecord,
    EventType,
    Purpose,
)
from clementine_crm.domain.ids import Id, new_id
from clementine_crm.domain.inbox import InboxItem
from clementine_crm.domain.values import add_months
from clementine_crm.services.agencies import agency_name
from clementine_crm.services.work import Work, refuse_unless

_NO = {"", "0", "no", "non", "false", "off"}
_CATEGORIES = "identity contact cv experience diplomas notes"


def open_record(
    work: Work,
    dossier: Id,
    purpose: Purpose,
    act: EventType,
    *,
    received: datetime,
    source: str,
    channel: Channel = Channel.IMPORT,
    answer: str = "",
    evidence: bytes = b"",
    notice: str = "",
    about: Id | None = None,
    last_contact: date | None = None,
    happened: datetime | None = None,
) -> ConsentRecord:
    """One record and its first event; ``evidence`` is hashed, never copied."""
    subject = next(
        (r.subject for r in work.uow.find(ConsentRecord, dossier=dossier)), new_id()
    )
    policy = POLICY_OF[purpose]
    version = next((n.id for n in work.uow.find(NoticeVersion, version=notice)), None)
    record = ConsentRecord(
        dossier=dossier,
        subject=subject,
        controller=agency_name(work.uow),
        purpose=purpose,
        basis=BASIS_OF[policy],
        policy=policy,
        categories=_CATEGORIES,
        recipients="team",
        storage_location="desktop",
        retention_rule=policy,
        withdrawal_method="e_mail",
        notice_version=version,
        source=source,
        about=about,
    )
    work.uow.add(record)
    append_event(
        work, record, act, received=received, channel=channel, answer=answer, evidence=evidence,
        notice=version, note=notice, last_contact=last_contact, happened=happened,
    )
    return record


def append_event(
    work: Work,
    record: ConsentRecord,
    act: EventType,
    *,
    received: datetime,
    channel: Channel,
    answer: str = "",
    evidence: bytes = b"",
    notice: Id | None = None,
    note: str = "",
    last_contact: date | None = None,
    happened: datetime | None = None,
) -> ConsentEvent:
    """Append one act to the record's chain on this device."""
    device = work.uow.local("device")
    chain = [e for e in work.uow.find(ConsentEvent, record=record.id) if e.device == device]
    event = ConsentEvent(
        dossier=record.dossier,
        record=record.id,
        type=act,
        event_time=happened or received,
        received_time=received,
        entity="person" if channel is not Channel.IMPORT else work.actor.email,
        channel=channel,
        notice_version=notice,
        answer=answer,
        evidence=hashlib.sha256(evidence).hexdigest() if evidence else "",
        note=note,
        last_contact=last_contact,
        device=device,
        prev_hash=chain[-1].hash if chain else "",
    )
    event.hash = event_hash(event)
    work.uow.add(event)
    return event


def ground_of(item: InboxItem, candidate: Id, application: Application, work: Work) -> bool:
    """Give the kept candidate its lawful records; True when the pool consent is among them.

    A ticked box for the pool is GIVEN on the day it was received; an application without one is
    OPEN; a person found elsewhere is SOURCED, one from an old file UNKNOWN (never over 24 months).
    """
    received = item.received_at or work.clock.now()
    channel = _CHANNELS.get(item.channel, Channel.IMPORT)
    evidence = f"{item.evidence}\n{item.consents}\n{item.message}".encode()
    pooled = False
    for box in json.loads(item.consents):
        if box["purpose"] == Purpose.POOL and box["answer"].strip().casefold() not in _NO:
            open_record(
                work, candidate, Purpose.POOL, EventType.CONSENT_GIVEN, received=received,
                source=item.source, channel=channel, answer=f"{box['label']} : {box['answer']}",
                evidence=evidence, notice=box["notice_version"] or box["form"],
                happened=_given_at(box["given_at"]),
            )
            pooled = True
    if item.ground == "applied":
        open_record(
            work, candidate, Purpose.APPLICATION, EventType.APPLICATION_RECEIVED, received=received,
            source=item.source, channel=channel, evidence=evidence, about=application.id,
        )
    elif item.ground == "sourced":
        open_record(
            work, candidate, Purpose.POOL, EventType.SOURCED, received=work.clock.now(),
            source=item.source, evidence=evidence,
        )
    else:
        _unknown(item, candidate, evidence, work)
    return pooled


def _unknown(item: InboxItem, candidate: Id, evidence: bytes, work: Work) -> None:
    recent = item.last_contact is not None and add_months(item.last_contact, 24) > work.clock.today()
    refuse_unless(recent, "last_contact_too_old")
    open_record(
        work, candidate, Purpose.POOL, EventType.IMPORTED_UNKNOWN, received=work.clock.now(),
        source=item.source, evidence=evidence, last_contact=item.last_contact,
    )


def _given_at(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None


_CHANNELS = {
    "web_form": Channel.WEB_FORM,
    "e_mail": Channel.E_MAIL,
    "mail": Channel.E_MAIL,
    "files": Channel.IMPORT,
}
