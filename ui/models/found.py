"""What the list of candidates shows: an answer as row numbers, and its rows a page at a time. No Qt.

With words it is a search, ranked; without, everybody who may be listed, in the order chosen. Filters
narrow both.
"""

from __future__ import annotations

from array import array
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from time import perf_counter

from clementine_crm.domain.ids import Id
from clementine_crm.queries.candidates import (
    CandidateFilter,
    CandidateRow,
    Order,
    candidate_ids,
    candidate_rows,
)
from clementine_crm.queries.listed_names import only_listed
from clementine_crm.queries.reading import Reading
from clementine_crm.queries.search import Hit, SearchAnswer, search, searching

EVERYBODY = CandidateFilter()


@dataclass(frozen=True)
class Wanted:
    """What is asked: the words of the box, the chips, the order (of a list without words)."""

    text: str = ""
    filter: CandidateFilter = EVERYBODY
    order: Order = "name"

    @property
    def searching(self) -> bool:
        return bool(self.text.strip())


@dataclass(frozen=True)
class Found:
    """The whole answer. ``total`` may be shown (not ``exact``: at least so many), ``hidden`` may not;
    ``near`` are persons whose name looks alike, ``listed`` those of that name whom only a list may
    show; ``ms`` is what the base took.
    """

    wanted: Wanted
    rids: array[int] = field(default_factory=lambda: array("q"))
    total: int = 0
    exact: bool = True
    hidden: int = 0
    near: tuple[Hit, ...] = ()
    listed: tuple[CandidateRow, ...] = ()
    narrowed: bool = False
    unknown: tuple[str, ...] = ()
    ms: float = 0.0
    answer: SearchAnswer | None = field(default=None, repr=False)
    first: tuple[FoundRow, ...] = field(default=(), repr=False)

    def __len__(self) -> int:
        return len(self.rids)


@dataclass(frozen=True)
class FoundRow:
    """A person of the list, and the passage that was found (or what they can do)."""

    row: CandidateRow
    passage: str
    lit: tuple[tuple[int, int], ...] = ()

    @property
    def id(self) -> Id:
        return self.row.id


FIRST_PAGE = 50


def find(reading: Reading, wanted: Wanted) -> Found:
    """Answer, with the rows of the first page; runs on a read lane."""
    began = perf_counter()
    found = _searched(reading, wanted) if wanted.searching else _listed(reading, wanted)
    first = rows_of(reading, found, found.rids[:FIRST_PAGE])
    return replace(found, first=tuple(first), ms=(perf_counter() - began) * 1000)


def _listed(reading: Reading, wanted: Wanted) -> Found:
    ids = candidate_ids(reading, wanted.filter, wanted.order)
    return Found(wanted, ids.rids, len(ids), hidden=ids.hidden)


def _searched(reading: Reading, wanted: Wanted) -> Found:
    answer = search(reading, wanted.text, limit=0, typing=True)
    # Somebody answers who may not be searched: by name, a list may still show them.
    listed = only_listed(reading, wanted.text) if answer.hidden else []
    rids, total, exact = answer.rids, answer.total, answer.exact
    if wanted.filter != EVERYBODY:
        allowed = set(candidate_ids(reading, wanted.filter).rids)
        rids = array("q", (rid for rid in rids if rid in allowed))
        total, exact = len(rids), answer.exact and not answer.rest
    return Found(
        wanted, rids, total, exact, answer.hidden, answer.near, tuple(listed), answer.narrowed,
        answer.unknown, answer=answer,
    )  # fmt: skip


def rows_of(reading: Reading, found: Found, rids: Sequence[int]) -> list[FoundRow]:
    """The rows of these numbers, in their order; who has gone meanwhile is left out."""
    rows = candidate_rows(reading, rids)
    if found.answer is None:
        return [FoundRow(row, row.skills) for row in rows]
    with searching(reading) as ask:
        hits = {hit.rid: hit for hit in ask.rows(found.answer, rids)}
    made = []
    for row in rows:
        hit = hits.get(row.rid)
        lit = hit.passage.lit if hit is not None else ()
        text = hit.passage.text if hit is not None else row.skills
        made.append(FoundRow(row, text, tuple((start, end - start) for start, end in lit)))
    return made


Ask = Callable[[Sequence[int], Callable[[list[FoundRow]], None]], None]
"""Have the rows of these numbers fetched off the GUI thread, and be told."""
