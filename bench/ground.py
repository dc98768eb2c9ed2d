"""What a run stands on: a corpus, a home filled from it, the same base in plain, one ten times smaller."""

from __future__ import annotations

import contextlib
import os
import shutil
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import islice
from pathlib import Path
from typing import Any

from sqlalchemy import Engine

from bench.corpus import CorpusPerson, Needle, read_corpus, read_queries, write_corpus
from bench.door import EMAIL, PASSWORD, opener, password
from bench.load import SOURCE, load, rate
from bench.plain import decrypt, plain_engine
from clementine_crm.bootstrap import Desk, found, open_desk, unlock
from clementine_crm.queries.reading import Reading
from clementine_crm.store.engine import checkpoint

CORPUS_FILE = "candidates.jsonl"
Say = Callable[[str], None]


def open_home(folder: Path) -> Desk:
    """A home, made when there is none."""
    if not (folder / "base.db").exists():
        found(folder, "Bench", "Bench", EMAIL, password())
    return open_desk(folder, unlock(folder, *opener(folder)))


def fill(
    folder: Path, corpus: Path, people: int | None, say: Say, *, documents: bool = True
) -> None:
    """Fill a home with the first ``people`` of a corpus, then put its index in order.

    A loading that was broken off goes on after the last person it kept.
    """
    desk = open_home(folder)
    try:
        began = time.perf_counter()
        with raw(desk.engines.read) as connection:
            sql = "SELECT count(*) FROM provenance WHERE source = ?"
            (there,) = connection.execute(sql, (SOURCE,)).fetchone()
        if there:
            say(f"  {there} persons are there")
        done = 0
        rest = islice(read_corpus(corpus), there, people)
        for done in load(desk, rest, documents=documents):
            if done % 5_000 == 0:
                say(f"  {rate(done, began)}")
        say(f"  {rate(done, began)}; optimising")
        optimise(desk.engines.write)
        email, secret = opener(folder)
        say(f"  opened by {email}" + (f" with {PASSWORD}" if secret == PASSWORD else ""))
    finally:
        desk.close()


def optimise(engine: Engine) -> None:
    """Join the index's segments, as the program does in idle time after an import."""
    with raw(engine) as connection:
        for index in ("search_fts", "search_short", "search_tri"):
            connection.execute(f"INSERT INTO {index}({index}) VALUES ('optimize')")
    checkpoint(engine)


@contextlib.contextmanager
def raw(engine: Engine) -> Iterator[Any]:
    """The driver's own connection: bare SQL."""
    pooled = engine.raw_connection()
    try:
        yield pooled.driver_connection
    finally:
        pooled.close()


def forget_pages(path: Path) -> None:
    """Ask the system to drop a file from its memory, so that the next reading is cold."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
        os.posix_fadvise(descriptor, 0, 0, os.POSIX_FADV_DONTNEED)
    finally:
        os.close(descriptor)


@dataclass
class Ground:
    """Folders of a run; what is there already is used again."""

    folder: Path
    people: int
    corpus: Path
    home: Path
    say: Say

    @classmethod
    def lay(
        cls,
        folder: Path,
        people: int,
        say: Say,
        corpus: Path | None = None,
        home: Path | None = None,
    ) -> Ground:
        """Make what is missing: corpus, home, a home of a tenth."""
        folder.mkdir(parents=True, exist_ok=True)
        ground = cls(folder, people, corpus or folder / "corpus", home or folder / "home", say)
        if not (ground.corpus / CORPUS_FILE).exists():
            say(f"writing a corpus of {people}")
            write_corpus(ground.corpus, people, jobs=os.cpu_count() or 1)
        for place, size in ((ground.home, people), (ground.small_home, ground.tenth)):
            if not (place / "base.db").exists():
                say(f"filling {place.name} with {size}")
                try:
                    fill(place, ground.corpus, size, say)
                except BaseException:
                    shutil.rmtree(place, ignore_errors=True)
                    raise
        return ground

    @property
    def tenth(self) -> int:
        return max(100, self.people // 10)

    @property
    def small_home(self) -> Path:
        return self.folder / "home-tenth"

    @cached_property
    def desk(self) -> Desk:
        return open_home(self.home)

    @cached_property
    def small(self) -> Desk:
        return open_home(self.small_home)

    @cached_property
    def plain_path(self) -> Path:
        path = self.folder / "plain.db"
        checkpoint(self.desk.engines.write)
        return decrypt(self.desk.home.base, self.desk.unlocked.db_key, path)

    @cached_property
    def plain(self) -> Engine:
        return plain_engine(self.plain_path)

    @cached_property
    def plain_reading(self) -> Reading:
        small = plain_engine(self.plain_path, cache_kb=8_192)
        return replace(self.desk.reading, engine=small, search_engine=self.plain)

    @cached_property
    def needles(self) -> dict[str, Needle]:
        return read_queries(self.corpus)

    @cached_property
    def someone(self) -> CorpusPerson:
        """A person from the middle of the corpus."""
        return next(islice(read_corpus(self.corpus), self.people // 2, None))

    @cached_property
    def rids(self) -> dict[int, int]:
        """Row number in the search of each person of the corpus."""
        sql = (
            "SELECT p.evidence, d.rid FROM provenance p JOIN search_doc d ON d.dossier = p.dossier "
            "WHERE p.source = ?"
        )
        with raw(self.desk.engines.read) as connection:
            found = connection.execute(sql, (SOURCE,)).fetchall()
        return {int(evidence.split()[-1]): rid for evidence, rid in found}

    @property
    def json_bytes(self) -> int:
        """The JSON of the persons that went in."""
        size = 0
        with (self.corpus / CORPUS_FILE).open("rb") as lines:
            for line in islice(lines, self.people):
                size += len(line)
        return size

    def close(self) -> None:
        for name in ("desk", "small"):
            if name in self.__dict__:
                getattr(self, name).close()
        if "plain" in self.__dict__:
            self.plain.dispose()
