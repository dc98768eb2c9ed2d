"""The bench's own corpus: ``python -m bench.corpus --candidates N [--seed S] --out DIR [--jobs J]``.

Writes, streaming, in DIR:

- ``candidates.jsonl``: one invented person a line, with a CV of 300 to 1,200 words;
- ``duplicates.csv``: the planted near-duplicates (3 %): duplicate_id, original_id, kinds;
- ``queries.json``: planted needles, each with its text and the exact ids that hold it;
- ``misspelt.csv``: names as mistyped in the search box and whom they mean: query, candidate_id, slip.

Person i depends on (seed, i) alone, whatever the number of people or of processes: a small corpus is
the head of a large one. ``misspelt.csv`` names people whose name nobody else in *this* corpus bears.
``read_corpus`` reads these files and any other corpus of the same keys.
"""

from __future__ import annotations

import argparse
import csv
import json
import os
import time
from collections import Counter, deque
from collections.abc import Iterator, Mapping
from concurrent.futures import Future, ProcessPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from typing import Any

from bench.corpus_slips import mistyped, name_key, near_duplicate
from bench.corpus_world import NEEDLES, World, fold, seed_of

CHUNK = 500
MISSPELT = 500
PROBES = 4_000


@dataclass(frozen=True)
class CorpusApplication:
    """An application of a corpus person; ``date`` is ISO 8601."""

    job: str
    company: str
    stage: str
    date: str


@dataclass(frozen=True)
class CorpusNote:
    """A note on a corpus person; ``date`` is ISO 8601."""

    date: str
    text: str


@dataclass(frozen=True)
class CorpusPerson:
    """One line of ``candidates.jsonl``."""

    id: int
    lang: str
    given_name: str
    family_name: str
    email: str
    phone: str
    city: str
    title: str
    skills: tuple[str, ...]
    cv_text: str
    applications: tuple[CorpusApplication, ...]
    notes: tuple[CorpusNote, ...]


@dataclass(frozen=True)
class Needle:
    """A planted text and every id that holds it."""

    text: str
    ids: tuple[int, ...]


@dataclass(frozen=True)
class Misspelling:
    """A name as typed wrongly, whom it means and the kind of slip (edit, sound, accent)."""

    query: str
    candidate_id: int
    slip: str


class BadCorpusError(ValueError):
    """A line that is no corpus person: says the file and the line."""


_TEXTS = ("lang", "given_name", "family_name", "email", "phone", "city", "title", "cv_text")


def _texts(value: Mapping[str, Any], *keys: str) -> dict[str, str]:
    found = {key: value[key] for key in keys}
    wrong = [key for key, text in found.items() if not isinstance(text, str)]
    if wrong:
        raise TypeError(f"{', '.join(wrong)} should be text")
    return found


def parse_person(line: bytes | str) -> CorpusPerson:
    """One line; raises ``KeyError``, ``TypeError`` or ``ValueError`` when it is none. More keys are let by."""
    value = json.loads(line)
    if type(value["id"]) is not int or not all(isinstance(s, str) for s in value["skills"]):
        raise TypeError("id should be a number and skills texts")
    return CorpusPerson(
        id=value["id"],
        skills=tuple(value["skills"]),
        applications=tuple(
            CorpusApplication(**_texts(a, "job", "company", "stage", "date"))
            for a in value["applications"]
        ),
        notes=tuple(CorpusNote(**_texts(note, "date", "text")) for note in value["notes"]),
        **_texts(value, *_TEXTS),
    )


def read_corpus(folder: Path) -> Iterator[CorpusPerson]:
    """The people of a corpus folder, streamed. Raises ``BadCorpusError`` at the first bad line."""
    path = folder / "candidates.jsonl"
    with path.open("rb") as lines:
        for number, line in enumerate(lines, start=1):
            try:
                yield parse_person(line)
            except (KeyError, TypeError, ValueError) as error:
                raise BadCorpusError(f"{path.name}, line {number}: {error!r}") from error


def read_queries(folder: Path) -> dict[str, Needle]:
    """The planted needles by their names."""
    value = json.loads((folder / "queries.json").read_text("utf-8"))
    return {name: Needle(needle["text"], tuple(needle["ids"])) for name, needle in value.items()}


def read_duplicates(folder: Path) -> Iterator[tuple[int, int, tuple[str, ...]]]:
    """(duplicate id, original id, kinds of change) of each planted near-duplicate."""
    with (folder / "duplicates.csv").open(encoding="utf-8", newline="") as lines:
        for row in csv.DictReader(lines):
            yield int(row["duplicate_id"]), int(row["original_id"]), tuple(row["kinds"].split("+"))


def read_misspelt(folder: Path) -> list[Misspelling]:
    """The planted misspellings; none when the corpus has no such file."""
    path = folder / "misspelt.csv"
    if not path.exists():
        return []
    with path.open(encoding="utf-8", newline="") as lines:
        return [
            Misspelling(r["query"], int(r["candidate_id"]), r["slip"])
            for r in csv.DictReader(lines)
        ]


@dataclass
class Slice:
    """What one process made: the lines of a span of people and the truth about them."""

    lines: bytes = b""
    duplicates: list[tuple[int, int, str]] = field(default_factory=list)
    needles: dict[str, list[int]] = field(default_factory=lambda: {name: [] for name in NEEDLES})
    names: Counter[str] = field(default_factory=Counter)


_ENCODER = json.JSONEncoder(ensure_ascii=False, check_circular=False, separators=(",", ":"))
_world: World | None = None
_watched: frozenset[str] = frozenset()


def _start(seed: int, watched: frozenset[str]) -> None:
    global _world, _watched  # noqa: PLW0603 - each process builds its vocabularies once
    if _world is None or _world.seed != seed:
        _world = World(seed)
    _watched = watched


def _slice(first: int, after: int) -> Slice:
    world, out, lines = _world, Slice(), []
    assert world is not None
    for i in range(first, after):
        source = i
        if world.is_duplicate(i):
            person, source, kinds = near_duplicate(world, i)
            out.duplicates.append((i, source, kinds))
        else:
            person = world.person(i)
        for name, (_text, every, at) in NEEDLES.items():
            if source % every == at:
                out.needles[name].append(i)
        key = name_key(person["given_name"], person["family_name"])
        if key in _watched:
            out.names[key] += 1
        lines.append(_ENCODER.encode(person))
    lines.append("")
    out.lines = "\n".join(lines).encode()
    return out


@dataclass(frozen=True)
class _Probe:
    query: str
    candidate_id: int
    slip: str
    key: str
    typed_key: str


def _probes(world: World, people: int) -> list[_Probe]:
    """People spread over the whole corpus, with a slip each: more than are wanted."""
    ids = sorted({k * people // PROBES for k in range(PROBES)})
    out = []
    for i in ids:
        if world.is_duplicate(i):
            continue
        _source, _lang, given, family = world.name(i)
        query, slip = mistyped(given, family, Random(seed_of(world.seed, "slip", i)))
        out.append(_Probe(query, i, slip, name_key(given, family), name_key(query, "")))
    Random(seed_of(world.seed, "order")).shuffle(out)
    return out


def _slices(people: int, seed: int, jobs: int, watched: frozenset[str]) -> Iterator[Slice]:
    """All slices in order; a few ahead at most, so that memory stays the same for any size."""
    spans = ((first, min(first + CHUNK, people)) for first in range(0, people, CHUNK))
    if jobs == 1:
        _start(seed, watched)
        yield from (_slice(*span) for span in spans)
        return
    with ProcessPoolExecutor(jobs, initializer=_start, initargs=(seed, watched)) as pool:
        ahead: deque[Future[Slice]] = deque()
        for span in spans:
            ahead.append(pool.submit(_slice, *span))
            if len(ahead) > 3 * jobs:
                yield ahead.popleft().result()
        while ahead:
            yield ahead.popleft().result()


@dataclass(frozen=True)
class Written:
    """What was written: people, near-duplicates among them, misspellings, bytes of people."""

    people: int
    duplicates: int
    misspelt: int
    size: int


def write_corpus(folder: Path, people: int, seed: int = 1, jobs: int = 1) -> Written:
    """Writes the four files into ``folder``, which is made when missing."""
    folder.mkdir(parents=True, exist_ok=True)
    _start(seed, frozenset())
    assert _world is not None
    probes = _probes(_world, people)
    watched = frozenset(key for probe in probes for key in (probe.key, probe.typed_key))
    needles: dict[str, list[int]] = {name: [] for name in NEEDLES}
    names: Counter[str] = Counter()
    size = twins = 0
    with (
        (folder / "candidates.jsonl").open("wb") as lines,
        (folder / "duplicates.csv").open("w", encoding="utf-8", newline="") as table,
    ):
        rows = csv.writer(table, lineterminator="\n")
        rows.writerow(("duplicate_id", "original_id", "kinds"))
        for part in _slices(people, seed, jobs, watched):
            lines.write(part.lines)
            rows.writerows(part.duplicates)
            size, twins = size + len(part.lines), twins + len(part.duplicates)
            names.update(part.names)
            for name, ids in part.needles.items():
                needles[name] += ids
    truth = {name: {"text": NEEDLES[name][0], "ids": ids} for name, ids in needles.items()}
    text = json.dumps(truth, ensure_ascii=False, indent=1)
    (folder / "queries.json").write_text(text, encoding="utf-8")
    return Written(people, twins, _write_misspelt(folder, probes, names), size)


def _write_misspelt(folder: Path, probes: list[_Probe], names: Counter[str]) -> int:
    """Only people alone with their name, under a spelling that is nobody's."""
    fair = [
        p
        for p in probes
        if names[p.key] == 1 and (p.typed_key == p.key or not names[p.typed_key]) and fold(p.query)
    ][:MISSPELT]
    with (folder / "misspelt.csv").open("w", encoding="utf-8", newline="") as table:
        rows = csv.writer(table, lineterminator="\n")
        rows.writerow(("query", "candidate_id", "slip"))
        rows.writerows((p.query, p.candidate_id, p.slip) for p in fair)
    return len(fair)


def main() -> None:
    parser = argparse.ArgumentParser(description="Write a corpus of invented candidates.")
    parser.add_argument("--candidates", type=int, required=True)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 1)
    options = parser.parse_args()
    began = time.perf_counter()
    made = write_corpus(options.out, options.candidates, options.seed, options.jobs)
    seconds = time.perf_counter() - began
    print(
        f"{made.people} candidates, {made.duplicates} near-duplicates, {made.misspelt} misspellings,"
        f" {made.size / 1e6:.1f} MB in {seconds:.1f} s ({made.people / seconds:.0f}/s)"
    )


if __name__ == "__main__":
    main()
