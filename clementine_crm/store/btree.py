"""SQLite's pages, as far as a residual scan must read them: gaps, long cells, the schema's tree.

After https://www.sqlite.org/fileformat2.html, sections 1.5, 1.6 and 2.1.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass

from clementine_crm.store.pages import USABLE

_INDEX_INTERIOR, _TABLE_INTERIOR, _INDEX_LEAF, _TABLE_LEAF = 2, 5, 10, 13
_MIN_LOCAL = (USABLE - 12) * 32 // 255 - 23
_INDEX_LOCAL = (USABLE - 12) * 64 // 255 - 23
_TABLE_LOCAL = USABLE - 35


@dataclass(frozen=True)
class Chain:
    """A long cell's payload: the part on its page, how many bytes follow elsewhere, and where."""

    page: int
    start: bytes
    left: int
    next: int


def nonzero(data: bytes) -> int:
    return len(data) - data.count(0)


def _offset(number: int) -> int:
    # The first page begins with the head of the file.
    return 100 if number == 1 else 0


def trunk_rest(page: bytes, used: int, pages: int) -> int:
    """Bytes after the list on a page of the free list that are neither zero nor a page's number."""
    words = struct.unpack_from(f">{(USABLE - used) // 4}I", page, used)
    return sum(nonzero(word.to_bytes(4, "big")) for word in words if word > pages)


def children(number: int, page: bytes) -> list[int]:
    """The pages under an inner page of a table; none under a leaf."""
    at = _offset(number)
    if page[at] != _TABLE_INTERIOR:
        return []
    cells = int.from_bytes(page[at + 3 : at + 5], "big")
    places = struct.unpack_from(f">{cells}H", page, at + 12)
    found = [int.from_bytes(page[place : place + 4], "big") for place in places]
    return [*found, int.from_bytes(page[at + 8 : at + 12], "big")]


def gaps(number: int, page: bytes) -> list[tuple[int, int]]:
    """The stretches of a b-tree page that nothing uses, the gap between the list of cells and the
    cells first; none for a page of another kind, or of a table's inner pages: their cells are
    numbers of pages and rows, and VACUUM leaves some.
    """
    at = _offset(number)
    kind = page[at]
    if kind not in (_INDEX_INTERIOR, _INDEX_LEAF, _TABLE_LEAF):
        return []
    block, cells, content = struct.unpack_from(">HHH", page, at + 1)
    after = at + (12 if kind == _INDEX_INTERIOR else 8) + 2 * cells
    end = content or USABLE
    # Offsets of cells that were taken away: numbers, never content (text has no bytes so low).
    written = after + len(page[after:end].rstrip(b"\0"))
    while (
        after < written
        and after + 2 <= end
        and int.from_bytes(page[after : after + 2], "big") < USABLE
    ):
        after += 2
    found = [(after, end)]
    while 0 < block <= USABLE - 4 and len(found) < USABLE // 4:
        following, size = struct.unpack_from(">HH", page, block)
        found.append((block + 4, block + size))
        block = following
    return found


def varint(data: bytes, at: int) -> tuple[int, int]:
    """The number at a place, and the place after it."""
    value = 0
    for n in range(8):
        byte = data[at + n]
        value = value << 7 | byte & 0x7F
        if byte < 0x80:
            return value, at + n + 1
    return value << 8 | data[at + 8], at + 9


def long_cells(number: int, page: bytes) -> Iterator[Chain]:
    """The cells of a page that go on elsewhere."""
    at = _offset(number)
    kind = page[at]
    if kind not in (_INDEX_INTERIOR, _INDEX_LEAF, _TABLE_LEAF):
        return
    cells = int.from_bytes(page[at + 3 : at + 5], "big")
    head, skip = (12, 4) if kind == _INDEX_INTERIOR else (8, 0)
    most = _TABLE_LOCAL if kind == _TABLE_LEAF else _INDEX_LOCAL
    for place in struct.unpack_from(f">{cells}H", page, at + head):
        place += skip  # noqa: PLW2901 - the child pointer stands before the payload
        # One byte of length: under 128, never long.
        if page[place] < 0x80:
            continue
        size, begin = varint(page, place)
        if size <= most:
            continue
        if kind == _TABLE_LEAF:
            _, begin = varint(page, begin)
        local = _MIN_LOCAL + (size - _MIN_LOCAL) % (USABLE - 4)
        local = local if local <= most else _MIN_LOCAL
        following = int.from_bytes(page[begin + local : begin + local + 4], "big")
        yield Chain(number, page[begin : begin + local], size - local, following)
