"""Near-duplicates of a corpus against their truth: precision, recall, time.

python -m bench.duplicates DIR      a folder with candidates.jsonl and duplicates.csv
"""

from __future__ import annotations

import csv
import json
import sys
import time
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import partial
from itertools import combinations
from pathlib import Path

from clementine_crm.domain.identity import PersonKeys, cv_lines, keys, match, share

CROWD = 400
"""A key held by more persons than this says nothing and is not paired."""


@dataclass(frozen=True)
class Person:
    id: int
    keys: PersonKeys
    text: Callable[[], str]


def find_duplicates(persons: Iterable[Person]) -> set[tuple[int, int]]:
    """Pairs (smaller id first) that would be proposed as one person."""
    blocks: dict[tuple[str, str], list[Person]] = defaultdict(list)
    for person in persons:
        for key in keys(person.keys):
            blocks[key].append(person)
    lines: dict[int, frozenset[str]] = {}

    def lines_of(person: Person) -> frozenset[str]:
        if person.id not in lines:
            lines[person.id] = cv_lines(person.text())
        return lines[person.id]

    found: set[tuple[int, int]] = set()
    for (kind, _), block in blocks.items():
        if not 2 <= len(block) <= CROWD:
            continue
        for a, b in combinations(block, 2):
            pair = (min(a.id, b.id), max(a.id, b.id))
            if pair in found:
                continue
            first = match(a.keys, b.keys)
            if first is None or (kind == "p" and "name!" in first.evidence):
                continue
            if first.needs_lines:
                first = match(a.keys, b.keys, share(lines_of(a), lines_of(b)))
            if first is not None and first.likely:
                found.add(pair)
    return found


def read_corpus(folder: Path) -> Iterator[Person]:
    with (folder / "candidates.jsonl").open("rb") as file:
        for line in file:
            row = json.loads(line)
            found = PersonKeys(
                [row["email"]], [row["phone"]], row["given_name"], row["family_name"]
            )
            yield Person(row["id"], found, partial(str, row["cv_text"]))


def truth(folder: Path) -> set[tuple[int, int]]:
    """Every pair of one person: two copies of the same original are one person too."""
    same: dict[int, set[int]] = defaultdict(set)
    with (folder / "duplicates.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            same[int(row["original_id"])].add(int(row["duplicate_id"]))
    pairs = set()
    for original, copies in same.items():
        pairs |= {(a, b) for a, b in combinations(sorted({original, *copies}), 2)}
    return pairs


def main() -> None:
    folder = Path(sys.argv[1])
    wanted = truth(folder)
    persons = list(read_corpus(folder))
    start = time.process_time()
    found = find_duplicates(persons)
    cpu = time.process_time() - start
    right = len(found & wanted)
    print(
        f"{len(persons)} persons, {len(wanted)} pairs: precision {right / max(1, len(found)):.4f}, "
        f"recall {right / max(1, len(wanted)):.4f}, {cpu:.2f} s, "
        f"{cpu * 100_000 / len(persons):.1f} s per 100,000"
    )
    if "--show" in sys.argv:
        by_id = {p.id: p for p in persons}
        for label, pairs in (("wrong", found - wanted), ("missed", wanted - found)):
            for a, b in sorted(pairs)[:15]:
                print(label, by_id[a].keys, by_id[b].keys)


if __name__ == "__main__":
    main()
