"""Keep, ask for more, put off or discard what came in; sign the week."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import ClassVar

from clementine_crm.clock import paris_date
from clementine_crm.domain.agency import Right, TriageDecision, TriageSession
from clementine_crm.domain.candidate import Candidate, ContactPoint
from clementine_crm.domain.document import Document
from clementine_crm.domain.ids import Id, derived_id, show_id
from clementine_crm.domain.inbox import ASKED, DISCARDING, LATER, SET_ASIDE, WAITING, InboxItem
from clementine_crm.domain.mission import OPEN, Mission
from clementine_crm.domain.triage import week_of
from clementine_crm.errors import NotFound, RuleViolation
from clementine_crm.ports import KEPT
from clementine_crm.services.enquiries import keep_enquiry
from clementine_crm.services.keeping import Kept, keep_item
from clementine_crm.services.lawful import APPLIED
from clementine_crm.services.letters import address_of, prepare_letter, words_for
from clementine_crm.services.missions import mission_of
from clementine_crm.services.undoing import KEEP, KeepMemory, take_back_keep
from clementine_crm.services.work import Command, OnItems, Work, handles, refuse_unless

UNDO_WINDOW = timedelta(seconds=10)
TO_DECIDE = (WAITING, LATER, ASKED, SET_ASIDE)


@dataclass(frozen=True)
class KeptItem:
    """What keeping gave. ``dossier`` is the candidate's, or the client's for an enquiry.

    ``request``: ``none`` needed, ``prepared`` in the outbox (no consent covers the pool yet), or
    ``no_address`` when there is nobody to ask.
    """

    item: Id
    dossier: Id
    made: bool
    request: str


@dataclass(frozen=True)
class KeepItems(OnItems[tuple[KeptItem, ...]]):
    """Items become candidates and applications for ``mission`` (a reference), or for none.

    Empty, the mission that the item itself names counts; ``spontaneous`` keeps for none all the
    same. ``known`` joins the items to an existing candidate that a person recognised. Raises
    ``NotFound`` for an unknown item or mission, ``RuleViolation`` for a closed mission or an
    age-old file.
    """

    mission: str = ""
    known: Id | None = None
    spontaneous: bool = False
    needs: ClassVar[Right] = Right.TRIAGE


@handles(KeepItems)
def keep_items(command: KeepItems, work: Work) -> tuple[KeptItem, ...]:
    return tuple(_keep(_item(work, id), command, work) for id in command.items)


def _keep(item: InboxItem, command: KeepItems, work: Work) -> KeptItem:
    if item.kind == "enquiry":
        client = keep_enquiry(item, work)
        work.uow.take_undo()
        return _kept(item, KeptItem(item.id, client, made=True, request="none"), work)
    mission = _mission(command, item, work)
    memory = KeepMemory(item, command.known, work)
    kept = keep_item(item, mission, command.known, work)
    request = _request(item, mission, kept, work)
    done = _kept(item, KeptItem(item.id, kept.candidate, kept.made, request), work)
    memory.store(kept.candidate)
    return done


def _kept(item: InboxItem, kept: KeptItem, work: Work) -> KeptItem:
    _decide(work, item.id, "kept", kept.dossier, item.received_at)
    work.uow.erase(item.id, KEPT)
    return kept


def _mission(command: KeepItems, item: InboxItem, work: Work) -> Mission | None:
    if command.spontaneous:
        return None
    if not command.mission:
        return work.uow.get(Mission, item.mission) if item.mission else None
    mission = mission_of(work.uow, command.mission)
    if mission is None:
        raise NotFound("no_such_mission", reference=command.mission)
    refuse_unless(mission.status == OPEN, "mission_closed", reference=mission.reference)
    return mission


def _request(item: InboxItem, mission: Mission | None, kept: Kept, work: Work) -> str:
    """Whoever is kept for no mission without the pool consent is asked; whoever was found, informed."""
    if kept.pooled or (item.ground == APPLIED and mission is not None):
        return "none"
    person = work.uow.get(Candidate, kept.candidate)
    letter = "pool_request" if item.ground == APPLIED else "found_request"
    asked = prepare_letter(
        work,
        kept.candidate,
        letter,
        given_name=person.given_name,
        lang=person.lang,
        source=item.source,
    )
    return "prepared" if asked else "no_address"


@dataclass(frozen=True)
class DiscardItems(OnItems[int]):
    """Discard. ``at_once`` erases before it returns (command line); otherwise the items are hidden
    and erased when the undo bar ends.
    """

    at_once: bool = True
    needs: ClassVar[Right] = Right.TRIAGE


@handles(DiscardItems)
def discard_items(command: DiscardItems, work: Work) -> int:
    for id in command.items:
        item = _item(work, id)
        if command.at_once:
            _erase_discarded(item, work)
        else:
            item.status = DISCARDING
            item.decide_by = work.clock.now() + UNDO_WINDOW
    work.uow.take_undo()
    return len(command.items)


def _erase_discarded(item: InboxItem, work: Work) -> None:
    _decide(work, item.id, "discarded", None, item.received_at)
    work.uow.erase(item.id, "discarded")


@dataclass(frozen=True)
class FinishDiscards(Command[int]):
    """Erase what was discarded: what is past its ten seconds, or all (lock, quit, next start)."""

    all: bool = False
    needs: ClassVar[Right] = Right.TRIAGE


@handles(FinishDiscards)
def finish_discards(command: FinishDiscards, work: Work) -> int:
    now = work.clock.now()
    over = [
        item
        for item in work.uow.find(InboxItem, status=DISCARDING)
        if command.all or item.decide_by is None or item.decide_by <= now
    ]
    for item in over:
        _erase_discarded(item, work)
    return len(over)


@dataclass(frozen=True)
class PutOff(OnItems[int]):
    """Later: the item goes to the end of the queue and keeps its age."""

    needs: ClassVar[Right] = Right.TRIAGE


@handles(PutOff)
def put_off(command: PutOff, work: Work) -> int:
    for id in command.items:
        _item(work, id).status = LATER
    return len(command.items)


@dataclass(frozen=True)
class AskForMore(OnItems[int]):
    """Keep waiting; a message that asks for what is missing waits in the outbox.

    ``missing`` is the recruiter's own wording, line by line; empty, the program says what lacks.
    """

    missing: str = ""
    needs: ClassVar[Right] = Right.TRIAGE


@handles(AskForMore)
def ask_for_more(command: AskForMore, work: Work) -> int:
    for id in command.items:
        item = _item(work, id)
        refuse_unless(bool(address_of(work, item.id)), "nobody_to_ask")
        prepare_letter(
            work,
            item.id,
            "ask_more",
            given_name=item.given_name,
            lang=item.lang,
            missing=command.missing or what_lacks(item, work),
            about=item.subject or item.position,
        )
        item.status = ASKED
    return len(command.items)


def what_lacks(item: InboxItem, work: Work) -> str:
    """One line for each thing an application should have and has not."""
    words = words_for(item.lang)
    documents = work.uow.find(Document, dossier=item.id)
    lacking = []
    if not any(d.role == "cv" or d.text_chars for d in documents):
        lacking.append(words("letters.missing_cv"))
    if not work.uow.find(ContactPoint, dossier=item.id, kind="phone"):
        lacking.append(words("letters.missing_phone"))
    return "\n".join(f"- {line}" for line in lacking or [words("letters.missing_details")])


@dataclass(frozen=True)
class UndoTriage(Command[Id]):
    """Take back the last keep, or a window's discard inside its ten seconds; the item's id.

    ``item`` names the discard that an undo bar still shows: it is taken back for as long as the bar
    stands, which waits while it is pointed at. RuleViolation ``nothing_to_undo``, or
    ``changed_since_kept`` when the kept candidate was worked on since.
    """

    item: Id | None = None
    needs: ClassVar[Right] = Right.TRIAGE


@handles(UndoTriage)
def undo_triage(command: UndoTriage, work: Work) -> Id:
    now = work.clock.now()
    hidden = [
        item
        for item in work.uow.find(InboxItem, status=DISCARDING)
        if item.id == command.item or (item.decide_by and item.decide_by > now)
    ]
    if hidden:
        latest = max(hidden, key=lambda item: (item.id == command.item, item.decide_by or now))
        latest.status, latest.decide_by = WAITING, None
        return latest.id
    memory = work.uow.take_undo()
    if memory is None or memory.act != KEEP:
        raise RuleViolation("nothing_to_undo")
    item, former = take_back_keep(memory.dossier, memory.was, work)
    _decide(work, former, "undone", None)
    return item


@dataclass(frozen=True)
class SignedWeek:
    """A week's counts: ``received = kept + discarded + left``."""

    week: str
    received: int
    kept: int
    discarded: int
    left: int


@dataclass(frozen=True)
class CloseWeek(Command[SignedWeek]):
    """Sign the current week's session: what was received, kept, discarded, and what is left.

    Signed again the same week, it counts anew.
    """

    needs: ClassVar[Right] = Right.TRIAGE


@handles(CloseWeek)
def close_week(_command: CloseWeek, work: Work) -> SignedWeek:
    today = work.clock.today()
    week = week_of(today)
    outcome = {
        d.item: d.outcome
        for d in work.uow.find(TriageDecision)
        if week_of(paris_date(d.at)) == week
    }
    kept = sum(o == "kept" for o in outcome.values())
    discarded = sum(o == "discarded" for o in outcome.values())
    left = sum(len(work.uow.find(InboxItem, status=status)) for status in TO_DECIDE)
    row = derived_id(work.agency, f"triage/{week}")
    found = work.uow.find(TriageSession, id=row)
    session = found[0] if found else TriageSession(work.agency, week, today, 0, 0, 0, 0, id=row)
    session.signed_on, session.by = today, work.actor.id
    session.received = kept + discarded + left
    session.kept, session.discarded, session.left_over = kept, discarded, left
    if not found:
        work.uow.add(session)
    return SignedWeek(week, session.received, kept, discarded, left)


def _item(work: Work, id: Id) -> InboxItem:
    found = [i for i in work.uow.find(InboxItem, id=id) if i.status in TO_DECIDE]
    if not found:
        raise NotFound("no_such_item", id=show_id(id))
    return found[0]


def _decide(
    work: Work, item: Id, outcome: str, dossier: Id | None, received: datetime | None = None
) -> None:
    work.uow.add(
        TriageDecision(
            work.agency,
            item,
            outcome,
            work.clock.now(),
            received_on=paris_date(received) if received else None,
            by=work.actor.id,
            candidate=dossier,
        )
    )
