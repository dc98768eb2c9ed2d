"""What is made again from the dossiers that a transaction touched: search rows, person keys, spans.

It runs inside the same transaction, so that no reader ever sees a dossier and an index that disagree.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from datetime import date
from typing import Any

from sqlalchemy import (
    Connection,
    Integer,
    Row,
    Table,
    delete,
    func,
    insert,
    literal_column,
    select,
    update,
)

from clementine_crm.domain.consent import CARRYING, spans
from clementine_crm.domain.consent_model import ConsentEvent, ConsentRecord, permitted
from clementine_crm.domain.identity import PersonKeys, keys
from clementine_crm.domain.ids import Id
from clementine_crm.domain.values import fold
from clementine_crm.store import derived_tables, tables

_AT_ONCE = 400
Rows = dict[Id, list[Row[Any]]]
Days = tuple[int, int]

RIDS = {
    kind: range(max(1, number << 40), number + 1 << 40)
    for number, kind in enumerate(("candidate", "client", "mission"))
}
"""Each kind has row numbers of its own in ``search_doc``, so that an index is searched by kind at no
cost; the newest has the highest."""


def refresh(connection: Connection, touched: Collection[Id]) -> None:
    """Bring the derived rows of these dossiers up to date, in the order in which they came."""
    kinds = _kinds(connection, touched)
    every = list(kinds)
    for start in range(0, len(every), _AT_ONCE):
        some = every[start : start + _AT_ONCE]
        of = {kind: [d for d in some if kinds[d] == kind] for kind in {kinds[d] for d in some}}
        _candidates(connection, of.get("candidate", []))
        _clients(connection, of.get("client", []))
        _missions(connection, of.get("mission", []))
        _inbox(connection, of.get("inbox", []))


def _kinds(connection: Connection, dossiers: Collection[Id]) -> dict[Id, str]:
    """The kinds of the dossiers still held, in the order in which they were opened."""
    key, every = tables.dossier_key, sorted(dossiers)
    opened = literal_column("rowid", Integer)
    held: list[Any] = []
    for start in range(0, len(every), _AT_ONCE):
        some = every[start : start + _AT_ONCE]
        query = select(opened, key.c.dossier, key.c.kind).where(key.c.dossier.in_(some))
        held += connection.execute(query).all()
    return {dossier: kind for _, dossier, kind in sorted(held)}


def _living(connection: Connection, table: Table, dossiers: list[Id]) -> Rows:
    rows: Rows = defaultdict(list)
    query = select(table).where(table.c.dossier.in_(dossiers), table.c.dead.is_(False))
    for row in connection.execute(query.order_by(table.c.rid)):
        rows[row.dossier].append(row)
    return rows


def _candidates(connection: Connection, dossiers: list[Id]) -> None:
    if not dossiers:
        return
    people = _living(connection, tables.candidate, dossiers)
    points = _living(connection, tables.contact_point, dossiers)
    skills = _living(connection, tables.skill, dossiers)
    tags = _living(connection, tables.tag, dossiers)
    documents, person_keys = [], []
    for dossier, (person, *_) in people.items():
        addresses = [point.value for point in points[dossier]]
        words = [row.name for row in [*skills[dossier], *tags[dossier]]]
        documents.append(
            {
                "dossier": dossier,
                "kind": "candidate",
                "name": f"{person.given_name} {person.family_name}".strip(),
                "title": person.headline,
                "skills": ", ".join(words),
                "contacts": " ".join(addresses),
                "sort": fold(f"{person.family_name} {person.given_name}"),
                "town": fold(person.town),
                "source": person.source,
                "last_contact": person.last_contact,
            }
        )
        person_keys += _keys(
            dossier,
            person.given_name,
            person.family_name,
            [p.value for p in points[dossier] if p.kind == "email"],
            [p.value for p in points[dossier] if p.kind == "phone"],
        )
    _replace_keys(connection, dossiers, person_keys)
    _replace_documents(connection, dossiers, documents)
    _spans(connection, dossiers)


def _keys(
    dossier: Id, given: str, family: str, emails: Iterable[str], phones: Iterable[str]
) -> list[dict[str, Any]]:
    person = PersonKeys(
        emails=tuple(emails), phones=tuple(phones), given_name=given, family_name=family
    )
    return [{"dossier": dossier, "kind": kind, "value": value} for kind, value in keys(person)]


def _spans(connection: Connection, dossiers: list[Id]) -> None:
    records = _living(connection, tables.consent_record, dossiers)
    events = _living(connection, tables.consent_event, dossiers)
    rows: list[dict[str, Any]] = []
    searched: dict[Id, list[Days]] = defaultdict(list)
    listed: dict[Id, list[Days]] = defaultdict(list)
    for dossier, held in records.items():
        acts = [_entity(ConsentEvent, tables.consent_event, row) for row in events[dossier]]
        for row in held:
            record = _entity(ConsentRecord, tables.consent_record, row)
            about = [act for act in acts if act.record in {None, record.id}]
            if not _readable(record, about):
                continue
            for span in spans(record, about):
                rows.append(
                    {
                        "dossier": dossier,
                        "record": record.id,
                        "purpose": record.purpose,
                        "state": span.state,
                        "use": span.use,
                        "start": span.start,
                        "end": span.end,
                    }
                )
                if record.purpose in CARRYING:
                    days = (span.start.toordinal(), (span.end or date.max).toordinal())
                    may = permitted(span.use)
                    if may.search:
                        searched[dossier].append(days)
                    if may.list:
                        listed[dossier].append(days)
    table = derived_tables.consent_span
    connection.execute(delete(table).where(table.c.dossier.in_(dossiers)))
    if rows:
        connection.execute(insert(table), rows)
    _findable(connection, dossiers, searched, listed)


def _readable(record: ConsentRecord, acts: Iterable[ConsentEvent]) -> bool:
    """Not when a part of a record has come before the rest: nothing may be done on its strength."""
    said = [
        record.purpose,
        record.policy,
        *(v for act in acts for v in (act.type, act.received_time)),
    ]
    return all(said)


def _findable(
    connection: Connection,
    dossiers: list[Id],
    searched: dict[Id, list[Days]],
    listed: dict[Id, list[Days]],
) -> None:
    doc, table = derived_tables.search_doc, derived_tables.findable
    held = connection.execute(select(doc.c.rid, doc.c.dossier).where(doc.c.dossier.in_(dossiers)))
    rows = [
        {
            "rid": rid,
            **_days("", searched.get(dossier, ())),
            **_days("listed_", listed.get(dossier, ())),
        }
        for rid, dossier in held
    ]
    connection.execute(delete(table).where(table.c.rid.in_([row["rid"] for row in rows])))
    if rows:
        connection.execute(insert(table), rows)


def _days(prefix: str, days: Sequence[Days]) -> dict[str, int | bool]:
    """The last stretch of days, and whether there are others; a stretch that never was for none."""
    stretches = _joined(days)
    first, last = stretches[-1] if stretches else (1, 0)
    return {
        f"{prefix}first": first,
        f"{prefix}last": last,
        f"{prefix}more": len(stretches) > 1,
    }


def _joined(days: Sequence[Days]) -> list[Days]:
    """The same days in as few stretches as there are."""
    found: list[Days] = []
    for first, last in sorted(days):
        if found and first <= found[-1][1] + 1:
            found[-1] = (found[-1][0], max(last, found[-1][1]))
        else:
            found.append((first, last))
    return found


def _entity(cls: type[Any], table: Table, row: Row[Any]) -> Any:
    names = [name for name in ("id", "dossier", *tables.cells_of(table)) if name != "dead"]
    return cls(**{name: getattr(row, name) for name in names})


def _clients(connection: Connection, dossiers: list[Id]) -> None:
    if not dossiers:
        return
    contacts = _living(connection, tables.client_contact, dossiers)
    documents, person_keys = [], []
    for dossier, (client, *_) in _living(connection, tables.client, dossiers).items():
        people = contacts[dossier]
        documents.append(
            {
                "dossier": dossier,
                "kind": "client",
                "name": client.name,
                "title": ", ".join(f"{p.given_name} {p.family_name}".strip() for p in people),
                "skills": "",
                "contacts": " ".join(f"{p.email} {p.phone}" for p in people),
                "sort": fold(client.name),
                "town": fold(client.town),
                "source": "",
                "last_contact": None,
            }
        )
        for p in people:
            person_keys += _keys(dossier, p.given_name, p.family_name, [p.email], [p.phone])
    _replace_keys(connection, dossiers, person_keys)
    _replace_documents(connection, dossiers, documents)


def _missions(connection: Connection, dossiers: list[Id]) -> None:
    if not dossiers:
        return
    documents = [
        {
            "dossier": dossier,
            "kind": "mission",
            "name": mission.reference,
            "title": mission.title,
            "skills": mission.criteria,
            "contacts": "",
            "sort": fold(mission.reference),
            "town": "",
            "source": "",
            "last_contact": None,
        }
        for dossier, (mission, *_) in _living(connection, tables.mission, dossiers).items()
    ]
    _replace_documents(connection, dossiers, documents)


def _inbox(connection: Connection, dossiers: list[Id]) -> None:
    if not dossiers:
        return
    points = _living(connection, tables.contact_point, dossiers)
    person_keys = []
    for dossier, (item, *_) in _living(connection, tables.inbox_item, dossiers).items():
        person_keys += _keys(
            dossier,
            item.given_name,
            item.family_name,
            [p.value for p in points[dossier] if p.kind == "email"],
            [p.value for p in points[dossier] if p.kind == "phone"],
        )
    _replace_keys(connection, dossiers, person_keys)


def _replace_keys(connection: Connection, dossiers: list[Id], rows: list[dict[str, Any]]) -> None:
    table = derived_tables.person_key
    connection.execute(delete(table).where(table.c.dossier.in_(dossiers)))
    if rows:
        connection.execute(insert(table), rows)


def _replace_documents(
    connection: Connection, dossiers: list[Id], rows: list[dict[str, Any]]
) -> None:
    """Write only what differs: an index row that stays the same is not tokenised again."""
    table = derived_tables.search_doc
    before = {
        row.dossier: row
        for row in connection.execute(select(table).where(table.c.dossier.in_(dossiers)))
    }
    fresh = []
    for row in rows:
        known = before.pop(row["dossier"], None)
        if known is None:
            fresh.append(row)
            continue
        changed = {name: value for name, value in row.items() if getattr(known, name) != value}
        if changed:
            connection.execute(update(table).where(table.c.rid == known.rid).values(changed))
    if before:
        connection.execute(delete(table).where(table.c.dossier.in_(list(before))))
    if fresh:
        rid = _next_rid(connection, fresh[0]["kind"])
        connection.execute(
            insert(table), [{"rid": n, **row} for n, row in enumerate(fresh, start=rid)]
        )


def _next_rid(connection: Connection, kind: str) -> int:
    rid, of_kind = derived_tables.search_doc.c.rid, RIDS[kind]
    newest = connection.scalar(
        select(func.max(rid)).where(rid.between(of_kind.start, of_kind.stop - 1))
    )
    return of_kind.start if newest is None else newest + 1
