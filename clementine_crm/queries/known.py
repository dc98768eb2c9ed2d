"""Is this somebody we know already? Proposed with the evidence, both sides beside each other."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Connection, Row, select, tuple_

from clementine_crm.domain.agency import Right
from clementine_crm.domain.identity import PersonKeys, cv_lines, keys, match, share
from clementine_crm.domain.ids import Id
from clementine_crm.domain.values import fold, normalise_email, normalise_phone
from clementine_crm.queries.consents import NOBODY, Standing, standings
from clementine_crm.queries.documents import text_of
from clementine_crm.queries.reading import Reading, by_dossier
from clementine_crm.store import derived_tables, tables

MOST = 5


@dataclass(frozen=True)
class Compared:
    """One value on both sides: ``theirs`` in the dossier, ``ours`` in what came in."""

    name: str
    theirs: str
    ours: str

    @property
    def same(self) -> bool:
        return fold(self.theirs) == fold(self.ours)


@dataclass(frozen=True)
class Known:
    """A candidate it may be; ``evidence`` as ``domain.identity.Match`` gives it."""

    dossier: Id
    name: str
    headline: str
    evidence: tuple[str, ...]
    confidence: float
    standing: Standing
    compared: tuple[Compared, ...] = ()

    @property
    def likely(self) -> bool:
        return self.confidence >= 0.5


def known_persons(
    connection: Connection, item: Row[Any], texts: Sequence[str], today: date
) -> tuple[Known, ...]:
    """The candidates an item may be, likeliest first."""
    points = by_dossier(connection, tables.contact_point, [item.id]).get(item.id, [])
    ours = _keys_of(item, points)
    found = candidates_like(connection, ours, "\n".join(texts), today)
    values = {
        "name": f"{item.given_name} {item.family_name}".strip(),
        "email": ", ".join(_values(points, "email")),
        "phone": ", ".join(_values(points, "phone")),
        "headline": item.position,
    }
    return tuple(_compared(connection, known, values) for known in found[:MOST])


def candidates_like(
    connection: Connection, ours: PersonKeys, text: str, today: date
) -> list[Known]:
    """Candidates that share an e-mail, phone or name with a person, likeliest first."""
    key, owner = derived_tables.person_key, tables.dossier_key
    wanted = keys(ours)
    if not wanted:
        return []
    query = (
        select(key.c.dossier)
        .join(owner, owner.c.dossier == key.c.dossier)
        .where(tuple_(key.c.kind, key.c.value).in_(wanted), owner.c.kind == "candidate")
        .distinct()
        .limit(50)
    )
    dossiers = list(connection.scalars(query))
    people = by_dossier(connection, tables.candidate, dossiers)
    points = by_dossier(connection, tables.contact_point, dossiers)
    standing = standings(connection, dossiers, today)
    lines = cv_lines(text)
    found = []
    for dossier, (person, *_) in people.items():
        theirs = _keys_of(person, points.get(dossier, []))
        proposal = match(ours, theirs)
        if proposal is not None and proposal.needs_lines and lines:
            shared = share(lines, cv_lines(_texts(connection, dossier)))
            proposal = match(ours, theirs, shared)
        if proposal is not None:
            name = f"{person.given_name} {person.family_name}".strip()
            found.append(
                Known(
                    dossier,
                    name,
                    person.headline,
                    proposal.evidence,
                    proposal.confidence,
                    standing.get(dossier, NOBODY),
                )
            )
    return sorted(found, key=lambda known: -known.confidence)


def perhaps_known(reading: Reading, kept: Sequence[Id]) -> list[tuple[Id, Known]]:
    """Of each of these candidates, the others who may be the same person, likeliest first."""
    found = []
    with reading.connect(Right.SEE_PERSONS) as connection:
        people = by_dossier(connection, tables.candidate, kept)
        points = by_dossier(connection, tables.contact_point, kept)
        for dossier, (person, *_) in people.items():
            ours = _keys_of(person, points.get(dossier, []))
            like = candidates_like(connection, ours, _texts(connection, dossier), reading.today)
            found += [(dossier, known) for known in like if known.dossier != dossier]
    return found


def _keys_of(person: Row[Any], points: Sequence[Row[Any]]) -> PersonKeys:
    emails, phones = _values(points, "email"), _values(points, "phone")
    return PersonKeys(emails, phones, person.given_name, person.family_name)


def _values(points: Sequence[Row[Any]], kind: str) -> list[str]:
    return [point.value for point in points if point.kind == kind]


def _texts(connection: Connection, dossier: Id) -> str:
    documents = by_dossier(connection, tables.document, [dossier]).get(dossier, [])
    return "\n".join(text_of(connection, d.id) for d in documents)


def _compared(connection: Connection, known: Known, ours: dict[str, str]) -> Known:
    points = by_dossier(connection, tables.contact_point, [known.dossier]).get(known.dossier, [])
    theirs = {
        "name": known.name,
        "email": ", ".join(_values(points, "email")),
        "phone": ", ".join(_values(points, "phone")),
        "headline": known.headline,
    }
    lines = tuple(Compared(name, theirs[name], ours[name]) for name in theirs)
    return Known(
        known.dossier,
        known.name,
        known.headline,
        known.evidence,
        known.confidence,
        known.standing,
        lines,
    )


def persons_like(
    reading: Reading, given_name: str, family_name: str, email: str = "", phone: str = ""
) -> tuple[Known, ...]:
    """Whom somebody may be who is being typed in, likeliest first; addresses as they are typed."""
    emails = [found] if (found := normalise_email(email)) else []
    phones = [found] if (found := normalise_phone(phone)) else []
    ours = PersonKeys(emails, phones, given_name.strip(), family_name.strip())
    with reading.connect(Right.SEE_PERSONS) as connection:
        return tuple(candidates_like(connection, ours, "", reading.today)[:MOST])
