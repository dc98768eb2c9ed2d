"""The search: what was typed, answered by persons who may be found today, best first.

Ids first, rows when they are painted: an answer keeps the ranked row numbers of the whole answer (of
its newest 2,000 when more were found) and the rows of its first page. :func:`search_rows` gives any
other page from those numbers, :func:`search_older` the next numbers beyond them.
"""

from __future__ import annotations

import contextlib
from array import array
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from time import perf_counter

from sqlalchemy import Connection

from clementine_crm.domain.agency import Right
from clementine_crm.domain.identity import phone_key
from clementine_crm.domain.ids import Id
from clementine_crm.domain.values import normalise_email
from clementine_crm.errors import NotAllowed
from clementine_crm.queries.reading import Reading
from clementine_crm.queries.search_index import Index, Row
from clementine_crm.queries.search_language import Asked, parse, tokens_of
from clementine_crm.queries.search_near import alike, worth_trying
from clementine_crm.queries.search_passages import Light, Passage
from clementine_crm.queries.search_plan import Plan, Planner
from clementine_crm.store.engine import translated
from clementine_crm.store.functions import unzip_text

PAGE = 20
FEW = 10
"""Below this many hits, none of them by name, names that look alike are offered too."""
_NEAR = 10
_WHY_OWNER = {"e": "email", "p": "phone", "n": "name"}


@dataclass(frozen=True)
class Hit:
    """One person (client, mission). ``why``: name, title, skills, contacts, text, email, phone, near
    or filter; ``score``: the higher the better, comparable within one answer.
    """

    rid: int
    id: Id
    name: str
    headline: str
    town: str
    passage: Passage
    score: float
    why: str

    @property
    def snippet(self) -> str:
        return self.passage.text


@dataclass(frozen=True)
class SearchAnswer:
    """``total`` may be shown today; not ``exact``: at least so many. ``hidden`` fit too, but may not
    be shown. ``near``: names that look alike, when little was found. ``unknown``: values of
    ``consent:`` that mean nothing. ``narrowed``: the last word is still too short to be looked for in
    whole texts. ``cut``: more was typed than is looked for.
    """

    text: str
    kind: str = "candidate"
    total: int = 0
    exact: bool = True
    hits: tuple[Hit, ...] = ()
    near: tuple[Hit, ...] = ()
    hidden: int = 0
    unknown: tuple[str, ...] = ()
    narrowed: bool = False
    cut: bool = False
    ms: float = 0.0
    rids: array[int] = field(default_factory=lambda: array("q"))
    scores: array[float] = field(default_factory=lambda: array("d"), repr=False)
    plan: Plan = field(default_factory=Plan, repr=False)
    owners: dict[int, str] = field(default_factory=dict, repr=False)
    """Whom the text names as only they are named, and by what: they come first."""
    rest: int = 0
    """Older hits that are not ranked begin below this row number; 0 when there are none."""


def _begun(word: str, names: Sequence[str]) -> bool:
    return any(name.startswith(word) for name in names)


class Search:
    """Searches on one read connection, for one day and one kind of dossier."""

    def __init__(self, connection: Connection, today: date, kind: str = "candidate") -> None:
        self._index = Index(connection, today, kind)
        self._today = today
        self._kind = kind

    def __call__(self, text: str, *, limit: int = PAGE, typing: bool = False) -> SearchAnswer:
        """Answer any text; ``typing``: its last word may go on."""
        start = perf_counter()
        asked = parse(text, typing=typing)
        answer = SearchAnswer(text, self._kind, cut=asked.cut)
        if asked.tree is not None:
            wide = self._index.wide if typing else None
            plan = Planner(self._kind, self._today, wide).plan(asked.tree)
            answer = self._joined(answer, plan, self._owners(text, asked))
            answer = replace(answer, hits=tuple(self.rows(answer, answer.rids[:limit])))
            if worth_trying(asked.plain) and self._little(answer, asked.plain):
                answer = replace(answer, near=self._near(asked.plain, answer))
        return replace(answer, ms=(perf_counter() - start) * 1000)

    def _joined(
        self, answer: SearchAnswer, plan: Plan, owners: list[tuple[int, str, bool]]
    ) -> SearchAnswer:
        """What the index found, behind those whom the text names as only they are named."""
        found = self._index.ranked(plan)
        first = {rid: _WHY_OWNER[key] for rid, key, may in owners if may}
        rids, scores = found.rids, found.scores
        if first:
            scored = dict(zip(rids, scores, strict=True))
            rids = array("q", [*first, *(rid for rid in rids if rid not in first)])
            best = max(scores, default=0.0) + 1
            scores = array("d", (best if r in first else scored[r] for r in rids))
        return replace(
            answer,
            total=found.total + (len(rids) - len(found.rids) if found.exact else 0),
            exact=found.exact and not plan.narrowed,
            hidden=max(found.hidden, len(owners) - len(first)),
            unknown=tuple(plan.unknown),
            narrowed=plan.narrowed,
            rids=rids,
            scores=scores,
            plan=plan,
            owners=first,
            rest=found.rest,
        )

    def _owners(self, text: str, asked: Asked) -> list[tuple[int, str, bool]]:
        """Whom an e-mail, a telephone number or a full name belongs to, however it was typed."""
        keys = []
        if "@" in text and (email := normalise_email(text)):
            keys.append(("e", email))
        elif asked.telephone and (phone := phone_key(text)):
            keys.append(("p", phone))
        elif len(asked.plain) > 1:
            keys.append(("n", " ".join(sorted(asked.plain))))
        found = {}
        for rid, key, may in self._index.owners(keys):
            found[rid] = (rid, key, may)
        return list(found.values())

    def _little(self, answer: SearchAnswer, words: Sequence[str]) -> bool:
        """Whether a name may have been meant that was not found."""
        if not answer.total:
            return True
        if answer.total >= FEW or len(words) == 1:
            return False
        names = [tokens_of(row.name) for row in self._index.rows(answer.rids).values()]
        return not any(set(words[:-1]) <= set(n) and _begun(words[-1], n) for n in names)

    def _near(self, words: Sequence[str], answer: SearchAnswer) -> tuple[Hit, ...]:
        found = alike(words, self._index.names, _NEAR + len(answer.rids))
        scores = {rid: score for rid, score in found if rid not in answer.rids}
        rows = self._index.rows(list(scores)[:_NEAR])
        return tuple(
            Hit(rid, r.id, r.name, r.title, r.town, Passage(r.skills), scores[rid], "near")
            for rid in scores
            if (r := rows.get(rid)) is not None
        )

    def rows(self, answer: SearchAnswer, rids: Sequence[int]) -> list[Hit]:
        """The hits of these row numbers of an answer, in order; who has gone meanwhile is left out."""
        light, wanted = Light(answer.plan.words), set(rids)
        ranked = zip(answer.rids, answer.scores, strict=True)
        scores = {rid: score for rid, score in ranked if rid in wanted}
        rows, texts = self._index.rows(rids), self._index.texts(rids)
        hits = []
        for rid in rids:
            if (row := rows.get(rid)) is not None:
                found = light.passage(unzip_text(body) for body in texts.get(rid, ()))
                hits.append(
                    Hit(
                        rid,
                        row.id,
                        row.name,
                        row.title,
                        row.town,
                        _shown(row, found, light),
                        scores.get(rid, 0.0),
                        answer.owners.get(rid) or _why(row, found, light),
                    )
                )
        return hits

    def older(self, answer: SearchAnswer) -> SearchAnswer:
        """The next 2,000 hits beyond an answer's, ranked among themselves; none when it has all."""
        rest = replace(answer, hits=(), near=(), owners={}, rids=array("q"), scores=array("d"))
        if not answer.rest:
            return rest
        found = self._index.ranked(answer.plan, before=answer.rest)
        return replace(rest, rids=found.rids, scores=found.scores, rest=found.rest)


def _shown(row: Row, found: Passage, light: Light) -> Passage:
    """The passage of a text, otherwise what else of the row says why, otherwise what they can do."""
    if found.lit:
        return found
    aside = (light.on(text) for text in (row.skills, row.contacts, row.title))
    return next((passage for passage in aside if passage.lit), Passage(row.skills))


def _why(row: Row, found: Passage, light: Light) -> str:
    columns = {
        "name": row.name,
        "title": row.title,
        "skills": row.skills,
        "contacts": row.contacts,
    }
    lit = next((name for name, text in columns.items() if light.shines(text)), "")
    return lit or ("text" if found.lit else "filter")


@contextlib.contextmanager
def searching(reading: Reading, kind: str = "candidate") -> Iterator[Search]:
    """A search on the connection kept for it; NotAllowed without the right to see persons."""
    if not reading.actor.may(Right.SEE_PERSONS):
        raise NotAllowed("not_allowed", right=Right.SEE_PERSONS.value)
    # One state of the base for the numbers, their rows and their passages.
    with translated(), reading.search_engine.connect() as connection, connection.begin():
        yield Search(connection, reading.today, kind)


def search(
    reading: Reading,
    text: str,
    *,
    limit: int = PAGE,
    typing: bool = False,
    kind: str = "candidate",
) -> SearchAnswer:
    """Answer what was typed, whatever it is."""
    with searching(reading, kind) as ask:
        return ask(text, limit=limit, typing=typing)


def search_rows(reading: Reading, answer: SearchAnswer, start: int, count: int) -> list[Hit]:
    """Another page of an answer."""
    with searching(reading, answer.kind) as ask:
        return ask.rows(answer, answer.rids[start : start + count])


def search_older(reading: Reading, answer: SearchAnswer) -> SearchAnswer:
    """The hits beyond an answer's newest 2,000, when the list is scrolled so far."""
    with searching(reading, answer.kind) as ask:
        return ask.older(answer)
