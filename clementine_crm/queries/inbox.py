"""What waits for a decision: the queue, and one item with all that was read of it."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, Row, func, select

from clementine_crm.clock import paris_date
from clementine_crm.domain.agency import Right
from clementine_crm.domain.ids import Id, show_id
from clementine_crm.domain.inbox import ASKED, DISCARDING, LATER, SET_ASIDE, WAITING
from clementine_crm.domain.triage import nearest_missions, overdue, triage_due, week_of
from clementine_crm.domain.values import add_months
from clementine_crm.errors import NotFound
from clementine_crm.queries.documents import DocumentRow, documents_of, text_of
from clementine_crm.queries.known import Known, known_persons
from clementine_crm.queries.missions import Criterion, MissionRow, criteria_in, mission_rows
from clementine_crm.queries.reading import Reading, by_dossier, rows
from clementine_crm.services.lawful import said_yes
from clementine_crm.store import derived_tables, tables

_QUEUE = (WAITING, ASKED, LATER)


@dataclass(frozen=True)
class InboxRow:
    """One item in the queue. ``red`` when it waits for more than seven days; ``set_aside`` is a key
    under ``reading.``; ``known`` how many persons it may already be.
    """

    id: Id
    source: str
    kind: str
    form: str
    given_name: str
    family_name: str
    received_at: datetime | None
    reference: str
    mission: str
    position: str
    subject: str
    status: str
    set_aside: str
    consultant: Id | None
    red: bool
    due: date | None
    known: int = 0
    documents: int = 0

    @property
    def name(self) -> str:
        return f"{self.given_name} {self.family_name}".strip()


@dataclass(frozen=True)
class InboxQueue:
    """``rows`` in the order they are treated: red first, then oldest; put-off ones last."""

    rows: tuple[InboxRow, ...]
    aside: tuple[InboxRow, ...]
    done: int
    red: int

    @property
    def total(self) -> int:
        return self.done + len(self.rows)


@dataclass(frozen=True)
class FieldLine:
    """A value of the item and where it stands: the source's own word (confidence 1, ``document``
    None) or a line of a document.
    """

    name: str
    value: str
    source: str
    evidence: str
    document: Id | None
    page: int
    line: int
    quote: str
    confidence: float


@dataclass(frozen=True)
class BoxLine:
    """A box the person ticked or left."""

    purpose: str
    label: str
    answer: str
    form: str
    version: str
    given_at: str


@dataclass(frozen=True)
class MissionHint:
    """A mission that may be meant; ``because`` is reference, near_reference or title."""

    reference: str
    title: str
    because: str


@dataclass(frozen=True)
class ItemView:
    """One item as a recruiter judges it.

    ``keep_until`` is the last day of full use that keeping would give, None without a pool consent.
    """

    row: InboxRow
    channel: str
    lang: str
    ground: str
    message: str
    company: str
    tags: tuple[str, ...]
    left_out: tuple[str, ...]
    warnings: tuple[str, ...]
    evidence: str
    fields: tuple[FieldLine, ...]
    boxes: tuple[BoxLine, ...]
    emails: tuple[str, ...]
    phones: tuple[str, ...]
    documents: tuple[DocumentRow, ...]
    mission: MissionRow | None
    criteria: tuple[Criterion, ...]
    hints: tuple[MissionHint, ...]
    known: tuple[Known, ...]
    keep_until: date | None
    texts: tuple[tuple[Id, str], ...] = ()


def inbox(reading: Reading, consultant: Id | None = None) -> InboxQueue:
    """The queue of everybody, or of one consultant (with what nobody has)."""
    item = tables.inbox_item
    with reading.connect(Right.TRIAGE) as connection:
        held = rows(connection, item, item.c.status != DISCARDING)
        if consultant:
            held = [r for r in held if r.consultant in {None, consultant}]
        references = {m.id: m.reference for m in rows(connection, tables.mission)}
        known = _known_counts(connection)
        documents = _document_counts(connection)
        done = _done_this_week(connection, reading.today)
    made = [_row(r, references, known, documents, reading.today) for r in held]
    waiting = [r for r in made if r.status in _QUEUE]
    waiting.sort(key=lambda r: (r.status == LATER, not r.red, _when(r)))
    aside = [r for r in made if r.status == SET_ASIDE]
    return InboxQueue(tuple(waiting), tuple(aside), done, sum(r.red for r in waiting))


def waiting(reading: Reading) -> int:
    """How many items wait for a decision, without reading them."""
    table = tables.inbox_item
    with reading.connect(Right.TRIAGE) as connection:
        query = select(func.count()).where(table.c.dead.is_(False), table.c.status.in_(_QUEUE))
        return connection.scalar(query) or 0


def _when(row: InboxRow) -> float:
    return row.received_at.timestamp() if row.received_at else 0.0


def _row(
    r: Row[Any], references: dict[Id, str], known: Counter[Id], documents: Counter[Id], today: date
) -> InboxRow:
    received = paris_date(r.received_at) if r.received_at else None
    return InboxRow(
        r.id,
        r.source,
        r.kind,
        r.form,
        r.given_name,
        r.family_name,
        r.received_at,
        r.reference,
        references.get(r.mission, ""),
        r.position,
        r.subject,
        r.status,
        r.set_aside,
        r.consultant,
        received is not None and r.status != SET_ASIDE and overdue(received, today),
        triage_due(received) if received else None,
        known[r.id],
        documents[r.id],
    )


def _known_counts(connection: Connection) -> Counter[Id]:
    """How many candidates share an e-mail, a phone or a name with each item."""
    key, other, owner, item = (
        derived_tables.person_key.alias("k"),
        derived_tables.person_key.alias("o"),
        tables.dossier_key,
        tables.inbox_item,
    )
    query = (
        select(key.c.dossier, func.count(other.c.dossier.distinct()))
        .join(item, item.c.dossier == key.c.dossier)
        .join(other, (other.c.kind == key.c.kind) & (other.c.value == key.c.value))
        .join(owner, owner.c.dossier == other.c.dossier)
        .where(owner.c.kind == "candidate")
        .group_by(key.c.dossier)
    )
    return Counter(dict(connection.execute(query).all()))


def _document_counts(connection: Connection) -> Counter[Id]:
    document, item = tables.document, tables.inbox_item
    query = (
        select(document.c.dossier, func.count())
        .join(item, item.c.dossier == document.c.dossier)
        .where(document.c.dead.is_(False))
        .group_by(document.c.dossier)
    )
    return Counter(dict(connection.execute(query).all()))


def _done_this_week(connection: Connection, today: date) -> int:
    outcome = {
        d.item: d.outcome
        for d in rows(connection, tables.triage_decision)
        if week_of(paris_date(d.at)) == week_of(today)
    }
    return sum(o != "undone" for o in outcome.values())


def item(reading: Reading, id: Id) -> ItemView:
    """One item whole. NotFound ``no_such_item`` when it was decided meanwhile."""
    with reading.connect(Right.TRIAGE) as connection:
        table = tables.inbox_item
        found = rows(connection, table, table.c.id == id)
        if not found:
            raise NotFound("no_such_item", id=show_id(id))
        r = found[0]
        documents = documents_of(connection, id)
        texts = tuple((d.id, text_of(connection, d.id)) for d in documents)
        missions = mission_rows(connection)
        mission = next((m for m in missions if m.id == r.mission), None)
        known = known_persons(connection, r, [t for _, t in texts], reading.today)
        points = by_dossier(connection, tables.contact_point, [id]).get(id, [])
        counts = Counter({id: len(documents)})
    references = {m.id: m.reference for m in missions}
    whole = "\n".join([r.message, *(text for _, text in texts)])
    boxes = tuple(_box(b) for b in json.loads(r.consents))
    return ItemView(
        _row(r, references, Counter({id: len(known)}), counts, reading.today),
        r.channel,
        r.lang,
        r.ground,
        r.message,
        r.company,
        tuple(filter(None, (t.strip() for t in r.tags.split(",")))),
        tuple(r.left_out.splitlines()),
        tuple(r.warnings.split()),
        r.evidence,
        tuple(_field(f) for f in json.loads(r.fields)),
        boxes,
        tuple(p.value for p in points if p.kind == "email"),
        tuple(p.value for p in points if p.kind == "phone"),
        documents,
        mission,
        criteria_in(mission.criteria, whole) if mission else (),
        () if mission else _hints(r, missions),
        known,
        _keep_until(boxes, r.received_at),
        texts,
    )


def _field(value: dict[str, Any]) -> FieldLine:
    return FieldLine(
        value["name"],
        value["value"],
        value["source"],
        value["evidence"],
        bytes.fromhex(value["document"]) if value["document"] else None,
        value["page"],
        value["line"],
        value["quote"],
        value["confidence"],
    )


def _box(box: dict[str, Any]) -> BoxLine:
    return BoxLine(
        box["purpose"],
        box["label"],
        str(box["answer"]),
        box["form"],
        box["notice_version"],
        box["given_at"] or "",
    )


def _hints(r: Row[Any], missions: Sequence[MissionRow]) -> tuple[MissionHint, ...]:
    near = nearest_missions(r.reference, r.position or r.subject, missions)
    return tuple(MissionHint(s.mission.reference, s.mission.title, s.because) for s in near)


def _keep_until(boxes: tuple[BoxLine, ...], received: datetime | None) -> date | None:
    agreed = any(b.purpose == "POOL" and said_yes(b.answer) for b in boxes)
    return add_months(paris_date(received), 12) if agreed and received else None
