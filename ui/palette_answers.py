"""What the palette finds: a few persons, missions and clients, and how many CVs say it. No Qt."""

from __future__ import annotations

from dataclasses import dataclass, field
from time import perf_counter

from clementine_crm.domain.ids import Id
from clementine_crm.queries.consents import NOBODY, Standing, standings
from clementine_crm.queries.reading import Reading
from clementine_crm.queries.search import Hit, SearchAnswer, search
from ui import moments
from ui.models.lit import spans
from ui.speech import say
from ui.widgets.rows import ChipSpec

PERSONS, OTHERS = 5, 3
_IN_TEXT = ("text", "filter")


@dataclass(frozen=True)
class PersonLine:
    """Somebody, and until when they may be kept."""

    id: Id
    name: str
    second: str
    marks: tuple[tuple[int, int], ...]
    chip: ChipSpec | None


@dataclass(frozen=True)
class OtherLine:
    """A mission or a client."""

    kind: str
    id: Id
    name: str
    second: str
    marks: tuple[tuple[int, int], ...]


@dataclass(frozen=True)
class Found:
    """The whole answer; ``in_cvs`` persons say it somewhere, ``exact`` or at least so many."""

    text: str
    persons: tuple[PersonLine, ...] = ()
    others: tuple[OtherLine, ...] = ()
    in_cvs: int = 0
    exact: bool = True
    ms: float = 0.0
    hidden: int = field(default=0)


def look(reading: Reading, text: str) -> Found:
    """Ask for it; a few milliseconds at a hundred thousand persons."""
    began = perf_counter()
    people = search(reading, text, limit=PERSONS * 2, typing=True)
    named = [hit for hit in people.hits if hit.why not in _IN_TEXT][:PERSONS]
    named += [hit for hit in people.near if hit.rid not in {h.rid for h in named}][
        : PERSONS - len(named)
    ]
    with reading.connect() as connection:
        standing = standings(connection, [hit.id for hit in named], reading.today)
    persons = tuple(_person(hit, standing.get(hit.id, NOBODY), text) for hit in named)
    others = [
        _other(kind, hit, text)
        for kind in ("mission", "client")
        for hit in _few(reading, text, kind).hits
    ]
    spent = (perf_counter() - began) * 1000
    return Found(text, persons, tuple(others), people.total, people.exact, spent, people.hidden)


def _few(reading: Reading, text: str, kind: str) -> SearchAnswer:
    return search(reading, text, limit=OTHERS, typing=True, kind=kind)


def _marks(name: str, text: str) -> tuple[tuple[int, int], ...]:
    """Only the letters that were typed are lit."""
    typed = [word for word in text.split() if word]
    found = []
    for start, length in spans(name, typed, prefix=True):
        wanted = max((len(w) for w in typed if len(w) <= length), default=length)
        found.append((start, min(length, wanted)))
    return tuple(found)


def _person(hit: Hit, standing: Standing, text: str) -> PersonLine:
    second = " · ".join(filter(None, (hit.headline, hit.town)))
    if hit.why == "near":
        second = " · ".join(filter(None, (say("palette.near"), second)))
    chip = None
    if standing.until is not None:
        chip = ChipSpec(moments.full_day(standing.until), "good", "check")
    return PersonLine(hit.id, hit.name, second, _marks(hit.name, text), chip)


def _other(kind: str, hit: Hit, text: str) -> OtherLine:
    second = " · ".join(filter(None, (hit.headline, hit.town)))
    return OtherLine(kind, hit.id, hit.name, second, _marks(hit.name, text))
