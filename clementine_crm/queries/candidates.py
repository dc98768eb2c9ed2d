"""The list of candidates: ids first, rows when they are painted."""

from __future__ import annotations

import json
from array import array
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal

from sqlalchemy import Select, and_, exists, func, not_, or_, select, text
from sqlalchemy.sql.elements import ColumnElement

from clementine_crm.domain.agency import Right
from clementine_crm.domain.consent import CARRYING
from clementine_crm.domain.consent_model import Use, permitted
from clementine_crm.domain.ids import Id
from clementine_crm.domain.values import fold
from clementine_crm.queries.consents import NOBODY, Standing, standings
from clementine_crm.queries.reading import AT_ONCE, Reading, covers
from clementine_crm.store import derived_tables, tables

Order = Literal["name", "newest", "last_contact"]
_LISTED = tuple(use for use in Use if permitted(use).list)


@dataclass(frozen=True)
class CandidateFilter:
    """What narrows the list; every filled field must hold. ``use`` full = may be proposed,
    contact_only = to be informed or asked.
    """

    town: str = ""
    source: str = ""
    tag: str = ""
    use: Use | None = None
    mission: Id | None = None


@dataclass(frozen=True)
class CandidateRow:
    """One line of the list."""

    rid: int
    id: Id
    name: str
    headline: str
    town: str
    source: str
    last_contact: date | None
    standing: Standing
    skills: str = ""
    availability: str = ""


@dataclass(frozen=True)
class CandidateIds:
    """The whole answer as row numbers (eight bytes each); ``hidden`` are persons who may not be
    listed: withdrawn, refused, restricted, lapsed.
    """

    rids: array[int]
    hidden: int

    def __len__(self) -> int:
        return len(self.rids)


def candidate_ids(
    reading: Reading, wanted: CandidateFilter | None = None, order: Order = "name"
) -> CandidateIds:
    """Everybody who may be listed today, in order."""
    doc, days = derived_tables.search_doc, derived_tables.findable
    chosen = wanted or CandidateFilter()
    by: tuple[Any, ...] = (doc.c.sort, doc.c.rid)
    if order == "newest":
        by = (doc.c.rid.desc(),)
    elif order == "last_contact":
        by = (doc.c.last_contact.desc(), doc.c.rid.desc())
    may = _may_be_listed(reading.today)
    with reading.connect(Right.SEE_PERSONS) as connection:
        query = (
            select(doc.c.rid)
            .join(days, days.c.rid == doc.c.rid)
            .where(doc.c.kind == "candidate", may)
        )
        ranked = _narrowed(query, chosen, reading.today).order_by(*by).subquery()
        # One text of all numbers: rows one by one would take ten times as long.
        numbers = connection.scalar(select(func.json_group_array(ranked.c.rid)))
        hidden = connection.scalar(select(func.count()).select_from(days).where(not_(may)))
    return CandidateIds(array("q", json.loads(numbers or "[]")), hidden or 0)


def _may_be_listed(today: date) -> ColumnElement[bool]:
    """Whether the candidate of a ``findable`` row may be listed on a day."""
    days, doc, span = (
        derived_tables.findable,
        derived_tables.search_doc.alias(),
        derived_tables.consent_span,
    )
    day = today.toordinal()
    other = exists().where(
        doc.c.rid == days.c.rid, span.c.dossier == doc.c.dossier, *_carrying(today, _LISTED)
    )
    return or_(
        and_(days.c.listed_first <= day, days.c.listed_last >= day),
        and_(days.c.listed_more.is_(True), other),
    )


def _carrying(today: date, uses: Sequence[Use]) -> tuple[ColumnElement[bool], ...]:
    """Spans of a purpose that carries the profile, of one of these uses on a day."""
    span = derived_tables.consent_span
    return (
        covers(today),
        span.c.use.in_([use.value for use in uses]),
        span.c.purpose.in_(sorted(CARRYING)),
    )


def listable(today: date) -> Any:
    """Dossiers with a span of a carrying purpose that may be listed today."""
    span = derived_tables.consent_span
    return select(span.c.dossier).where(*_carrying(today, _LISTED)).scalar_subquery()


def _narrowed(query: Select[Any], wanted: CandidateFilter, today: date) -> Select[Any]:
    doc, span = derived_tables.search_doc, derived_tables.consent_span
    if wanted.use is not None:
        used = select(span.c.dossier).where(*_carrying(today, [wanted.use]))
        query = query.where(doc.c.dossier.in_(used))
    if wanted.town:
        query = query.where(doc.c.town == fold(wanted.town))
    if wanted.source:
        query = query.where(doc.c.source == wanted.source)
    if wanted.tag:
        tag = tables.tag
        named = func.lower(tag.c.name) == wanted.tag.lower()
        query = query.where(
            doc.c.dossier.in_(select(tag.c.dossier).where(named, tag.c.dead.is_(False)))
        )
    if wanted.mission:
        application = tables.application
        mine = and_(application.c.mission == wanted.mission, application.c.dead.is_(False))
        query = query.where(doc.c.dossier.in_(select(application.c.dossier).where(mine)))
    return query


def candidate_rows(reading: Reading, rids: Sequence[int]) -> list[CandidateRow]:
    """The rows of these numbers, in their order; a person gone meanwhile is left out."""
    doc, person = derived_tables.search_doc, tables.candidate
    found: dict[int, Any] = {}
    with reading.connect(Right.SEE_PERSONS) as connection:
        for start in range(0, len(rids), AT_ONCE):
            some = list(rids[start : start + AT_ONCE])
            query = (
                select(doc, person.c.availability, person.c.town.label("shown_town"))
                .join(person, person.c.id == doc.c.dossier)
                .where(doc.c.rid.in_(some))
            )
            found |= {row.rid: row for row in connection.execute(query)}
        standing = standings(connection, [row.dossier for row in found.values()], reading.today)
    return [
        CandidateRow(
            r.rid,
            r.dossier,
            r.name,
            r.title,
            r.shown_town,
            r.source,
            r.last_contact,
            standing.get(r.dossier, NOBODY),
            r.skills,
            r.availability,
        )
        for rid in rids
        if (r := found.get(rid)) is not None
    ]


def filter_choices(reading: Reading, limit: int = 200) -> dict[str, list[str]]:
    """What the filter chips offer: ``town``, ``source`` and ``tag``, most frequent first."""
    with reading.connect(Right.SEE_PERSONS) as connection:
        towns = connection.scalars(
            text(
                "WITH most AS (SELECT count(*) AS people, min(rid) AS rid FROM search_doc "
                "WHERE kind = 'candidate' AND town <> '' GROUP BY town "
                "ORDER BY people DESC, town LIMIT :n) "
                "SELECT c.town FROM most JOIN search_doc d ON d.rid = most.rid "
                "JOIN candidate c ON c.dossier = d.dossier ORDER BY people DESC, c.town"
            ),
            {"n": limit},
        ).all()
        sources = connection.scalars(
            text(
                "SELECT source FROM search_doc WHERE kind = 'candidate' AND source <> '' "
                "GROUP BY source ORDER BY count(*) DESC, source LIMIT :n"
            ),
            {"n": limit},
        ).all()
        tags = connection.scalars(
            text(
                "SELECT name FROM tag WHERE dead = 0 GROUP BY name "
                "ORDER BY count(*) DESC, name LIMIT :n"
            ),
            {"n": limit},
        ).all()
    return {"town": list(towns), "source": list(sources), "tag": list(tags)}
