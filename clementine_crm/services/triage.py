"""Keep, ask for more, put off or discard what came in; sign the week."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, ClassVar

from clementine_crm.domain.agency import Right, TriageDecision, TriageSession
from clementine_crm.domain.application import Application, StageTransition
from clementine_crm.domain.candidate import (
    Candidate,
    ContactPoint,
    Education,
    Provenance,
    Skill,
    Tag,
    WorkExperience,
)
from clementine_crm.domain.consent_model import ConsentEvent, ConsentRecord
from clementine_crm.domain.document import Document
from clementine_crm.domain.ids import Id, derived_id, new_id, show_id
from clementine_crm.domain.inbox import ASKED, DISCARDING, LATER, SET_ASIDE, WAITING, InboxItem
from clementine_crm.domain.mission import OPEN, Mission
from clementine_crm.domain.triage import week_of
from clementine_crm.errors import NotFound, RuleViolation
from clementine_crm.ports import KEPT, OutgoingMessage
from clementine_crm.services.agencies import agency_name
from clementine_crm.services.enquiries import keep_enquiry
from clementine_crm.services.keeping import Kept, keep_item
from clementine_crm.services.missions import mission_of
from clementine_crm.services.work import Command, Work, handles, refuse_unless
from clementine_crm.words import Words

UNDO_WINDOW = timedelta(seconds=10)
_TO_DECIDE = (WAITING, LATER, ASKED, SET_ASIDE)


@dataclass(frozen=True)
class KeptItem:
    """What keeping gave: the candidate, and the request that waits when no consent covers the pool."""

    item: Id
    candidate: Id
    made: bool
    request_prepared: bool


@dataclass(frozen=True)
class KeepItems(Command[tuple[KeptItem, ...]]):
    """Items become candidates and applications for ``mission`` (a reference), or for none.

    ``known`` joins the items to an existing candidate that a person recognised. Raises ``NotFound``
    for an unknown item or mission, ``RuleViolation`` for a closed mission or an age-old file.
    """

    items: tuple[Id, ...]
    mission: str = ""
    known: Id | None = None
    needs: ClassVar[Right] = Right.TRIAGE

    def subjects(self) -> Iterable[Id]:
        return self.items


@handles(KeepItems)
def keep_items(command: KeepItems, work: Work) -> tuple[KeptItem, ...]:
    return tuple(_keep(_item(work, id), command, work) for id in command.items)


def _keep(item: InboxItem, command: KeepItems, work: Work) -> KeptItem:
    if item.kind == "enquiry":
        client = keep_enquiry(item, work)
        _decide(work, item.id, "kept", client)
        work.uow.rebind(item.id, client)
        work.uow.erase(item.id, KEPT)
        return KeptItem(item.id, client, made=True, request_prepared=False)
    mission = _mission(command, item, work)
    snapshot = _snapshot(item, work)
    kept = keep_item(item, mission, command.known, work)
    prepared = False
    if mission is None and not kept.pooled:
        prepared = _prepare_request(kept.candidate, "pool_request", work)
    _decide(work, item.id, "kept", kept.candidate)
    work.uow.rebind(item.id, kept.candidate)
    work.uow.put_undo(kept.candidate, "keep", _undo_of(kept, snapshot))
    work.uow.erase(item.id, KEPT)
    return KeptItem(item.id, kept.candidate, kept.made, prepared)


def _mission(command: KeepItems, item: InboxItem, work: Work) -> Mission | None:
    if not command.mission:
        return work.uow.get(Mission, item.mission) if item.mission else None
    mission = mission_of(work.uow, command.mission)
    if mission is None:
        raise NotFound("no_such_mission", reference=command.mission)
    refuse_unless(mission.status == OPEN, "mission_closed", reference=mission.reference)
    return mission


def _prepare_request(candidate: Id, letter: str, work: Work) -> bool:
    """Write the question that waits in the outbox; without an address there is nobody to ask."""
    person = work.uow.get(Candidate, candidate)
    emails = [p.value for p in work.uow.find(ContactPoint, dossier=candidate) if p.kind == "email"]
    if not emails:
        return False
    _put_letter(work, candidate, emails[0], person.given_name, person.lang, letter)
    return True


def _put_letter(
    work: Work, dossier: Id, email: str, given_name: str, lang: str, letter: str, **more: object
) -> None:
    words = Words("en" if lang == "en" else "fr")
    params = {
        "given_name": given_name, "agency": agency_name(work.uow), "user": work.actor.name, **more
    }
    message = OutgoingMessage(
        new_id(), dossier, email, words(f"letters.{letter}_subject", **params),
        words(f"letters.{letter}_body", **params), words.lang, "waiting", work.clock.now(),
    )
    work.uow.put_message(message)


@dataclass(frozen=True)
class DiscardItems(Command[int]):
    """Discard. ``at_once`` erases before it returns (command line); otherwise the items are hidden
    and erased when the undo bar ends.
    """

    items: tuple[Id, ...]
    at_once: bool = True
    needs: ClassVar[Right] = Right.TRIAGE

    def subjects(self) -> Iterable[Id]:
        return self.items


@handles(DiscardItems)
def discard_items(command: DiscardItems, work: Work) -> int:
    for id in command.items:
        item = _item(work, id)
        if command.at_once:
            _erase_discarded(item, work)
        else:
            item.status = DISCARDING
            item.decide_by = work.clock.now() + UNDO_WINDOW
    if command.at_once:
        work.uow.take_undo()
    return len(command.items)


def _erase_discarded(item: InboxItem, work: Work) -> None:
    _decide(work, item.id, "discarded", None)
    work.uow.erase(item.id, "discarded")


@dataclass(frozen=True)
class FinishDiscards(Command[int]):
    """Erase what was discarded: what is past its ten seconds, or all (lock, quit, next start)."""

    all: bool = False
    needs: ClassVar[Right] = Right.TRIAGE


@handles(FinishDiscards)
def finish_discards(command: FinishDiscards, work: Work) -> int:
    done = 0
    for item in work.uow.find(InboxItem, status=DISCARDING):
        if command.all or item.decide_by is None or item.decide_by <= work.clock.now():
            _erase_discarded(item, work)
            done += 1
    return done


@dataclass(frozen=True)
class PutOff(Command[int]):
    """Later: the item goes to the end of the queue and keeps its age."""

    items: tuple[Id, ...]
    needs: ClassVar[Right] = Right.TRIAGE

    def subjects(self) -> Iterable[Id]:
        return self.items


@handles(PutOff)
def put_off(command: PutOff, work: Work) -> int:
    for id in command.items:
        _item(work, id).status = LATER
    return len(command.items)


@dataclass(frozen=True)
class AskForMore(Command[int]):
    """Keep waiting; a message that asks for what is missing waits in the outbox."""

    items: tuple[Id, ...]
    missing: str = ""
    needs: ClassVar[Right] = Right.TRIAGE

    def subjects(self) -> Iterable[Id]:
        return self.items


@handles(AskForMore)
def ask_for_more(command: AskForMore, work: Work) -> int:
    for id in command.items:
        item = _item(work, id)
        emails = [p.value for p in work.uow.find(ContactPoint, dossier=item.id) if p.kind == "email"]
        refuse_unless(bool(emails), "nobody_to_ask")
        words = Words("en" if item.lang == "en" else "fr")
        missing = command.missing or _missing(item, work, words)
        _put_letter(
            work, item.id, emails[0], item.given_name, item.lang, "ask_more",
            missing=missing, subject=item.subject or item.position,
        )
        item.status = ASKED
    return len(command.items)


def _missing(item: InboxItem, work: Work, words: Words) -> str:
    documents = work.uow.find(Document, dossier=item.id)
    phones = work.uow.find(ContactPoint, dossier=item.id, kind="phone")
    lacking = []
    if not any(d.role == "cv" or d.text_chars for d in documents):
        lacking.append(words("letters.missing_cv"))
    if not phones:
        lacking.append(words("letters.missing_phone"))
    return "\n".join(f"- {line}" for line in lacking or [words("letters.missing_details")])


@dataclass(frozen=True)
class UndoTriage(Command[Id]):
    """Take back the last keep, or a window's discard inside its ten seconds.

    Raises ``RuleViolation`` when there is nothing left to take back.
    """

    needs: ClassVar[Right] = Right.TRIAGE


@handles(UndoTriage)
def undo_triage(_command: UndoTriage, work: Work) -> Id:
    now = work.clock.now()
    hidden = [
        item
        for item in work.uow.find(InboxItem, status=DISCARDING)
        if item.decide_by and item.decide_by > now
    ]
    if hidden:
        latest = max(hidden, key=lambda item: item.decide_by or now)
        latest.status, latest.decide_by = WAITING, None
        return latest.id
    memory = work.uow.take_undo()
    if memory is None or memory.act != "keep":
        raise RuleViolation("nothing_to_undo")
    return _take_back(memory.dossier, json.loads(memory.was), work)


_ROWS: dict[str, type[Any]] = {
    cls.__name__: cls
    for cls in (
        Application, StageTransition, ContactPoint, WorkExperience, Education, Skill, Tag, Provenance,
        Document, ConsentRecord, ConsentEvent,
    )
}
_CELLS = (
    "source", "kind", "form", "channel", "lang", "ground", "given_name", "family_name", "subject",
    "message", "reference", "position", "company", "fields", "consents", "left_out", "warnings",
    "tags", "evidence",
)
_IDS = ("mission", "consultant", "batch")


def _snapshot(item: InboxItem, work: Work) -> dict[str, Any]:
    """What makes the item again; its documents are copied back from the candidate by their hash."""
    return {
        "cells": {name: getattr(item, name) for name in _CELLS},
        "ids": {name: getattr(item, name).hex() for name in _IDS if getattr(item, name)},
        "received_at": item.received_at.isoformat() if item.received_at else "",
        "last_contact": item.last_contact.isoformat() if item.last_contact else "",
        "documents": [d.sha256.hex() for d in work.uow.find(Document, dossier=item.id)],
        "points": [(p.kind, p.value) for p in work.uow.find(ContactPoint, dossier=item.id)],
    }


def _undo_of(kept: Kept, snapshot: dict[str, Any]) -> bytes:
    rows = [(name, id.hex()) for name, id in kept.rows]
    return json.dumps({"made": kept.made, "rows": rows, "item": snapshot}).encode()


def _take_back(candidate: Id, was: dict[str, Any], work: Work) -> Id:
    item = _make_again(candidate, was["item"], work)
    work.uow.rebind(candidate, item)
    if was["made"]:
        work.uow.erase(candidate, "undone")
    else:
        for name, id in was["rows"]:
            for row in work.uow.find(_ROWS[name], id=bytes.fromhex(id)):
                work.uow.put_text(candidate, row.id, "")
                work.uow.take_away(row)
    _decide(work, item, "undone", None)
    return item


def _make_again(candidate: Id, was: dict[str, Any], work: Work) -> Id:
    from datetime import date, datetime

    dossier = work.uow.open_dossier("inbox")
    item = InboxItem(dossier, id=dossier, **was["cells"])
    for name, value in was["ids"].items():
        setattr(item, name, bytes.fromhex(value))
    item.received_at = datetime.fromisoformat(was["received_at"]) if was["received_at"] else None
    item.last_contact = date.fromisoformat(was["last_contact"]) if was["last_contact"] else None
    work.uow.add(item)
    for kind, value in was["points"]:
        row = derived_id(dossier, f"{kind}/{value}")
        work.uow.add(ContactPoint(dossier, kind, value, id=row))
    for document in work.uow.find(Document, dossier=candidate):
        if document.sha256.hex() in was["documents"]:
            blob = work.uow.put_document(dossier, work.uow.document(candidate, document.blob))
            cells = {
                name: getattr(document, name)
                for name in ("name", "media_type", "size", "sha256", "role", "kind", "lang", "pages",
                             "reason", "flags", "text_chars", "received_at")
            }
            copy = Document(dossier, blob=blob, **cells)
            work.uow.add(copy)
            work.uow.put_text(dossier, copy.id, work.uow.text_of(document.id))
    return dossier


@dataclass(frozen=True)
class CloseWeek(Command[TriageSession]):
    """Sign the current week's session: what was received, kept, discarded, and what is left."""

    needs: ClassVar[Right] = Right.TRIAGE


@handles(CloseWeek)
def close_week(_command: CloseWeek, work: Work) -> TriageSession:
    today = work.clock.today()
    week = week_of(today)
    decisions = [d for d in work.uow.find(TriageDecision) if week_of(d.at.date()) == week]
    outcome = {d.item: d.outcome for d in decisions}
    kept = sum(o == "kept" for o in outcome.values())
    discarded = sum(o == "discarded" for o in outcome.values())
    left = sum(len(work.uow.find(InboxItem, status=status)) for status in _TO_DECIDE)
    session = TriageSession(
        work.agency, week, today, received=kept + discarded + left, kept=kept, discarded=discarded,
        left_over=left, by=work.actor.id,
    )
    work.uow.add(session)
    return session


def _item(work: Work, id: Id) -> InboxItem:
    found = [i for i in work.uow.find(InboxItem, id=id) if i.status in _TO_DECIDE]
    if not found:
        raise NotFound("no_such_item", id=show_id(id))
    return found[0]


def _decide(work: Work, item: Id, outcome: str, candidate: Id | None) -> None:
    work.uow.add(
        TriageDecision(
            work.agency, item, outcome, work.clock.now(), by=work.actor.id, candidate=candidate
        )
    )
