"""Goals 6, 7, 8 and 15 of ``perf.md`` 9: lists, one dossier, loading and the size of the file."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from itertools import islice
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, event

from bench.corpus import CorpusPerson, read_corpus
from bench.door import EMAIL
from bench.ground import Ground
from bench.load import KeepPeople, keep_people
from bench.measuring import Line, against, interleaved, stopwatch
from bench.plain import plain_engine
from clementine_crm.clock import SystemClock
from clementine_crm.dossier.clock import HybridClock
from clementine_crm.queries.candidates import candidate_ids, candidate_rows
from clementine_crm.queries.dossier import candidate
from clementine_crm.reading.process import ReaderProcess
from clementine_crm.services.agencies import found_agency
from clementine_crm.services.work import HANDLERS, Dispatcher
from clementine_crm.store import functions, migrate
from clementine_crm.store.documents import Documents
from clementine_crm.store.engine import open_engine
from clementine_crm.store.journal import Journal
from clementine_crm.store.work import SqlUnitOfWork

PAGE = 50
_STATEMENTS = 3


def lists(ground: Ground, repeats: int) -> list[Line]:
    """Goal 6: a page deep in the list beside the first."""
    reading = ground.desk.reading
    rids = candidate_ids(reading).rids
    depths = {"first": 0, "middle": len(rids) // 2, "last": max(0, len(rids) - PAGE)}
    found = interleaved(
        {
            name: partial(candidate_rows, reading, rids[at : at + PAGE])
            for name, at in depths.items()
        },
        repeats,
    )
    deep = max(("middle", "last"), key=lambda name: found[name].p50)
    first = found["first"].p50
    return [against("6", f"a page of {PAGE}, {deep} beside first", found[deep].p50, first, 1.5)]


def one_dossier(ground: Ground, repeats: int) -> list[Line]:
    """Goal 7: a whole dossier, encrypted beside plain, and how many statements it takes."""
    ours, plain = ground.desk.reading, ground.plain_reading
    rids = candidate_ids(ours).rids
    step = max(1, len(rids) // (repeats + 2))
    people = [row.id for row in candidate_rows(ours, rids[::step][: repeats + 2])]
    turns = {"ours": iter(people * 3), "plain": iter(people * 3)}
    found = interleaved(
        {
            "ours": lambda: candidate(ours, next(turns["ours"])),
            "plain": lambda: candidate(plain, next(turns["plain"])),
        },
        repeats,
    )
    asked = statements(ours.engine, partial(candidate, ours, people[0]))
    return [
        against("7", "opening one of many dossiers", found["ours"].p50, found["plain"].p50, 1.5),
        Line("7", "statements to open one", asked, _STATEMENTS, "", asked, _STATEMENTS),
    ]


def statements(engine: Engine, act: Callable[[], object]) -> int:
    """How many statements an act sends to the base."""
    seen: list[str] = []

    def note(_c: Any, _cursor: Any, statement: str, *_: Any) -> None:
        if statement not in ("BEGIN", "COMMIT", "ROLLBACK"):
            seen.append(statement)

    event.listen(engine, "before_cursor_execute", note)
    try:
        act()
    finally:
        event.remove(engine, "before_cursor_execute", note)
    return len(seen)


@dataclass
class _Side:
    """A fresh base that is filled through the services."""

    folder: Path
    engine: Engine
    dispatcher: Dispatcher

    @classmethod
    def fresh(cls, folder: Path, engine: Engine, reader: ReaderProcess) -> _Side:
        functions.install(engine)
        migrate.create_new(engine)
        clock, hybrid = SystemClock(), HybridClock(7)

        def unit_of_work() -> SqlUnitOfWork:
            documents, journal = Documents(folder / "documents"), Journal(folder / "journal")
            return SqlUnitOfWork(engine, documents, journal, hybrid, clock, b"bench")

        with unit_of_work() as uow:
            uow.set_local("device", "00" * 16)
            found_agency(uow, clock, "Bench", EMAIL, "Bench")
            uow.commit()
        handlers = {**HANDLERS, KeepPeople: keep_people}
        return cls(folder, engine, Dispatcher(unit_of_work, EMAIL, clock, reader, handlers))

    def keep(self, people: tuple[CorpusPerson, ...], at_once: int) -> float:
        """Seconds to keep them, ``at_once`` in a transaction; texts indexed, no files."""
        start = stopwatch.now()
        for at in range(0, len(people), at_once):
            self.dispatcher.execute(KeepPeople(people[at : at + at_once], documents=False))
        return stopwatch.now() - start


def loading(ground: Ground, rounds: int) -> list[Line]:
    """Goal 8: persons a second through the services, encrypted beside plain, taking turns."""
    folder = ground.folder / "loading"
    shutil.rmtree(folder, ignore_errors=True)
    for name in ("ours", "plain"):
        (folder / name).mkdir(parents=True)
    reader = ReaderProcess()
    sides = {
        "ours": _Side.fresh(
            folder / "ours",
            open_engine(folder / "ours" / "base.db", bytes(32), create=True),
            reader,
        ),
        "plain": _Side.fresh(
            folder / "plain", plain_engine(folder / "plain" / "base.db", readonly=False), reader
        ),
    }
    lines = []
    people = iter(read_corpus(ground.corpus))
    for what, size, at_once, limit in (
        ("persons a second, 250 a transaction, indexed", 250, 250, 0.75),
        ("persons a second, one a transaction, indexed", 10, 1, 0.5),
    ):
        spent = {"ours": 0.0, "plain": 0.0}
        for n in range(rounds):
            some = tuple(islice(people, size))
            for name in sorted(sides, reverse=bool(n % 2)):
                spent[name] += sides[name].keep(some, at_once)
        rate = {name: rounds * size / seconds for name, seconds in spent.items()}
        ratio = rate["ours"] / rate["plain"]
        lines.append(
            Line("8", what, rate["ours"], rate["plain"], "/s", ratio, limit, at_least=True)
        )
    for side in sides.values():
        side.engine.dispose()
    reader.close()
    shutil.rmtree(folder, ignore_errors=True)
    return lines


def size(ground: Ground) -> list[Line]:
    """Goal 15: the base beside the JSON it came from."""
    ours = ground.desk.home.base.stat().st_size / 1e6
    json = ground.json_bytes / 1e6
    sealed = sum(p.stat().st_size for p in ground.desk.home.documents.rglob("*") if p.is_file())
    note = f"sealed files beside it {sealed / 1e6:.0f} MB"
    return [against("15", "size of the base beside its JSON", ours, json, 1.3, "MB", note)]


def all_lines(ground: Ground, repeats: int) -> Iterator[list[Line]]:
    parts: list[tuple[str, Callable[[], list[Line]]]] = [
        ("lists", lambda: lists(ground, repeats)),
        ("one dossier", lambda: one_dossier(ground, repeats)),
        ("size", lambda: size(ground)),
        ("loading", lambda: loading(ground, max(4, repeats // 4))),
    ]
    for name, part in parts:
        ground.say(f"store: {name}")
        yield part()
