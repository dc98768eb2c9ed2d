"""What is left of something erased: the first residual scan (``gdpr.md`` 2.4 a and b).

Reads every page of the base with the key, below SQLite: (a) free pages and unallocated bytes must be
zero and the WAL empty; (b) no cell, zipped cell or full-text word may hold a given value. Nothing is
changed. Part (c), files under the dossier's names, is the caller's.
"""

from __future__ import annotations

import time
import zlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from clementine_crm.errors import Corrupt
from clementine_crm.store import btree
from clementine_crm.store.engine import raw_connection, translated
from clementine_crm.store.fulltext_residue import full_text_hits
from clementine_crm.store.home import Home
from clementine_crm.store.pages import PAGE, SALT, USABLE, PageKey, wal_frames, wal_of
from clementine_crm.store.seeking import Seeker

MOST_TEXT = 64 << 20
_BLOCK = 256
# Pages around one that a chain asks for are asked for next.
_NEAR, _KEPT = 64, 8
# How a text that ``functions.zip_text`` zipped begins.
_ZIPPED = b"x\x9c"


@dataclass(frozen=True)
class Hit:
    """``value`` is the place in the list given, never the value itself: reports are kept."""

    where: str
    value: int


@dataclass(frozen=True)
class ScanReport:
    """What was found; ``skipped`` values were too short to look for.

    ``free_bytes_nonzero`` = free pages, ends of long cells and freed cells; ``gap_bytes_nonzero`` =
    leftovers between cells: SQLite moves cells when it balances pages and does not wipe where they
    were, whatever ``secure_delete`` says (measured). ``engine.compact`` takes both away.
    """

    hits: tuple[Hit, ...]
    free_bytes_nonzero: int
    gap_bytes_nonzero: int
    wal_bytes: int
    damaged_pages: tuple[int, ...]
    pages: int
    seconds: float
    skipped: tuple[int, ...] = ()

    @property
    def clean(self) -> bool:
        left = self.hits or self.damaged_pages or self.skipped
        bytes_left = self.free_bytes_nonzero or self.gap_bytes_nonzero or self.wal_bytes
        return not left and not bytes_left


class _Finder:
    """Gathers what was found where, in plain bytes and in the zipped texts among them."""

    def __init__(self, values: Sequence[bytes]) -> None:
        self.seeker = Seeker(values)
        self.found: dict[Hit, None] = {}

    def look(self, data: bytes, where: Callable[[int], str]) -> None:
        self._plain(data, where)
        at = data.find(_ZIPPED)
        while at >= 0:
            text = _unzipped(memoryview(data)[at:])
            if text:
                self._plain(text, _here(f"zipped {where(at)}"))
            at = data.find(_ZIPPED, at + 1)

    def _plain(self, data: bytes, where: Callable[[int], str]) -> None:
        for place, number in self.seeker.look(data):
            self.found[Hit(where(place), number)] = None


def _unzipped(data: memoryview) -> bytes:
    """The text that begins here, as far as it goes on; empty when none does."""
    try:
        return zlib.decompressobj().decompress(data, MOST_TEXT)
    except zlib.error:
        return b""


class _Pages:
    """Plain pages by number, straight from the file."""

    def __init__(self, path: Path, key: bytes) -> None:
        self._file = path.open("rb")
        self._key = PageKey(key, self._file.read(SALT))
        self.count = path.stat().st_size // PAGE
        self.damaged: set[int] = set()
        self._near: dict[int, list[bytes]] = {}

    def get(self, number: int) -> bytes | None:
        """One page; None for a damaged one. Its neighbours are kept for a while."""
        first = (number - 1) // _NEAR * _NEAR + 1
        if first not in self._near:
            self._keep(first, self._read(first, _NEAR))
        return None if number in self.damaged else self._near[first][number - first]

    def blocks(self) -> Iterator[tuple[int, list[bytes]]]:
        """(first number, plain pages); a page that does not verify is noted and comes as zeros."""
        for first in range(1, self.count + 1, _BLOCK):
            block = self._read(first, _BLOCK)
            for start in range(0, len(block), _NEAR):
                self._keep(first + start, block[start : start + _NEAR])
            yield first, block

    def _keep(self, first: int, pages: list[bytes]) -> None:
        self._near.pop(first, None)
        self._near[first] = pages
        while len(self._near) > _KEPT:
            del self._near[next(iter(self._near))]

    def _read(self, first: int, count: int) -> list[bytes]:
        self._file.seek((first - 1) * PAGE)
        raw = self._file.read(count * PAGE)
        sealed = [raw[n : n + PAGE] for n in range(0, len(raw) - PAGE + 1, PAGE)]
        plain = self._key.open_all(first, sealed)
        for n, page in enumerate(sealed):
            if not self._key.verifies(first + n, page):
                self.damaged.add(first + n)
                plain[n] = bytes(USABLE)
        return plain

    def close(self) -> None:
        self._file.close()


def scan(home: Home | Path, key: bytes, values: Iterable[bytes]) -> ScanReport:
    """Look for ``values`` (UTF-8) in every page of a home's base; holds writers off meanwhile.

    Do ``engine.checkpoint`` first: a WAL that is not empty is a finding.
    """
    path = home.base if isinstance(home, Home) else home
    start = time.perf_counter()
    wanted = list(values)
    finder = _Finder(wanted)
    skipped = finder.seeker.skipped
    connection = raw_connection(path, key.hex())
    try:
        with translated():
            # Nobody writes while the file is read: what is seen is one state.
            connection.execute("BEGIN IMMEDIATE")
            wal = wal_of(path)
            wal_bytes = wal.stat().st_size if wal.exists() else 0
            report = _scan_file(path, key, finder)
            for where, number in full_text_hits(connection, wanted, skipped):
                finder.found[Hit(where, number)] = None
            connection.execute("ROLLBACK")
    finally:
        connection.close()
    (free, gap), damaged, pages = report
    seconds = time.perf_counter() - start
    found = tuple(finder.found)
    return ScanReport(found, free, gap, wal_bytes, damaged, pages, seconds, skipped)


def _scan_file(
    path: Path, key: bytes, finder: _Finder
) -> tuple[tuple[int, int], tuple[int, ...], int]:
    pages = _Pages(path, key)
    try:
        _scan_wal(path, key, finder)
        free, schema = _free_list(pages), _schema(pages)
        dirty, gap = 0, 0
        far: list[btree.Chain] = []
        for first, block in pages.blocks():
            finder.look(b"".join(block), _Namer(first, free))
            for number, page in enumerate(block, first):
                if number in free:
                    used = free[number]
                    dirty += (
                        btree.trunk_rest(page, used, pages.count) if used else btree.nonzero(page)
                    )
                    continue
                if number not in schema:
                    here = [btree.nonzero(page[a:b]) for a, b in btree.gaps(number, page)]
                    gap += sum(here[:1])
                    dirty += sum(here[1:])
                for chain in btree.long_cells(number, page):
                    if first <= chain.next < first + len(block):
                        dirty += _follow(chain, pages, finder)
                    else:
                        far.append(chain)
        # In the order in which they lie, so that few pages are opened twice.
        far.sort(key=lambda chain: chain.next)
        dirty += sum(_follow(chain, pages, finder) for chain in far)
        return (dirty, gap), tuple(sorted(pages.damaged)), pages.count
    finally:
        pages.close()


@dataclass(frozen=True)
class _Namer:
    """Where a place in a block of pages is, in words for the report."""

    first: int
    free: dict[int, int]

    def __call__(self, place: int) -> str:
        number = self.first + place // USABLE
        return f"free page {number}" if number in self.free else f"page {number}"


def _here(where: str) -> Callable[[int], str]:
    return lambda _: where


def _scan_wal(path: Path, key: bytes, finder: _Finder) -> None:
    with path.open("rb") as file:
        opener = PageKey(key, file.read(SALT))
    for number, page in wal_frames(wal_of(path)):
        if opener.verifies(number, page):
            finder.look(opener.open(number, page), _here(f"wal page {number}"))


def _free_list(pages: _Pages) -> dict[int, int]:
    """Number of each free page → how many of its first bytes are the list itself."""
    head = pages.get(1)
    if head is None:
        raise Corrupt("base_damaged")
    free: dict[int, int] = {}
    trunk = int.from_bytes(head[32:36], "big")
    while trunk and trunk not in free and trunk <= pages.count:
        page = pages.get(trunk)
        if page is None:
            break
        count = min(int.from_bytes(page[4:8], "big"), USABLE // 4 - 2)
        free[trunk] = 8 + 4 * count
        for n in range(count):
            free[int.from_bytes(page[8 + 4 * n : 12 + 4 * n], "big")] = 0
        trunk = int.from_bytes(page[:4], "big")
    return free


def _schema(pages: _Pages) -> set[int]:
    """The pages that hold the schema: their leftovers are words of ours, and VACUUM leaves some."""
    found: set[int] = set()
    waiting = [1]
    while waiting:
        number = waiting.pop()
        page = pages.get(number) if number not in found and 0 < number <= pages.count else None
        if page is not None:
            found.add(number)
            waiting += btree.children(number, page)
    return found


def _follow(chain: btree.Chain, pages: _Pages, finder: _Finder) -> int:
    """Search a long cell whole; how many bytes after its end are not zero."""
    parts, left, following, dirty = [chain.start], chain.left, chain.next, 0
    where = f"long cell of page {chain.page}"
    while left > 0:
        page = pages.get(following) if 0 < following <= pages.count else None
        if page is None:
            pages.damaged.add(chain.page)
            break
        parts.append(page[4 : 4 + left])
        dirty += btree.nonzero(page[4 + left :])
        left -= USABLE - 4
        following = int.from_bytes(page[:4], "big")
    finder.look(b"".join(parts), _here(where))
    return dirty
