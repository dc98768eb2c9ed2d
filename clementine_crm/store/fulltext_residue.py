"""Words of an erased value that a full-text index still holds.

Three readings are compared: the words that lie in the index's segments on disk, the words SQLite
still answers for, and the rows that hold the whole value as a phrase. On disk but not answered: a
ghost, which FTS5 leaves until it merges unless its own ``secure-delete`` is on.
"""

from __future__ import annotations

import re
import struct
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

import sqlcipher3.dbapi2 as driver

from clementine_crm.domain.indexing import as_indexed
from clementine_crm.domain.values import fold
from clementine_crm.store.btree import varint
from clementine_crm.store.index_words import letters

_TOKENIZE = re.compile(r"""tokenize\s*=\s*('(?:[^']|'')*'|"[^"]*"|\w+)""", re.IGNORECASE)
_SEGMENT = 37
_HEAD = 4
_MAIN = b"0"


def full_text_hits(
    connection: Any, values: Sequence[bytes], skipped: Sequence[int]
) -> Iterator[tuple[str, int]]:
    """(place, number of the value) for each value whose words all stand in one index."""
    rows = connection.execute(
        "SELECT name, sql FROM sqlite_schema WHERE type = 'table' AND sql LIKE '%USING fts5%'"
    ).fetchall()
    left = set(skipped)
    wanted = [(n, form) for n, v in enumerate(values) if n not in left for form in _forms(v)]
    for name, sql in rows:
        split = _split(sql, [form for _, form in wanted])
        sought = [(n, form, words) for (n, form), words in zip(wanted, split, strict=True)]
        every = {word for _, _, words in sought for word in words}
        lying = _lying(connection, name, every)
        here = [(n, form, words) for n, form, words in sought if words and words <= lying]
        ghosts = lying - _live(connection, name, {w for _, _, words in here for w in words})
        for number, form, words in here:
            if words & ghosts:
                yield f"ghost in {name}", number
            elif _answered(connection, name, form):
                yield f"full text {name}", number


def _forms(value: bytes) -> set[str]:
    """A value as typed, and as our own indexes take it."""
    text = value.decode("utf-8", "replace")
    return {text, as_indexed(text), fold(text), letters(text)}


def terms(block: bytes) -> Iterator[bytes]:
    """The terms that begin on one leaf of a segment, rebuilt from their shared beginnings."""
    if len(block) < _HEAD:
        return
    leaf = struct.unpack_from(">H", block, 2)[0]
    at, place, term = leaf, 0, b""
    try:
        while at < len(block):
            step, at = varint(block, at)
            first = place == 0
            place += step
            kept, begin = (0, place) if first else varint(block, place)
            size, begin = varint(block, begin)
            term = term[:kept] + block[begin : begin + size]
            yield term
    except IndexError:
        return


def _lying(connection: Any, name: str, words: Iterable[bytes]) -> set[bytes]:
    """Which of the words lie in a segment or among the index's own signposts, deleted or not.

    The signposts (``_idx``) say on which leaf a term would stand, as for SQLite's own look-up. They
    keep the first term of a leaf even when ``secure-delete`` took it from the leaf. Each leaf that
    may hold a word is read once.
    """
    found = set()
    leaf = f'SELECT block FROM "{name}_data" WHERE id = ?'  # noqa: S608 - a name of our schema
    wanted = sorted(_MAIN + word for word in words)
    for segment in _segments(connection, name):
        posts = _signposts(connection, name, segment)
        found |= set(posts.values()).intersection(wanted)
        for page, here in _by_leaf(posts, wanted).items():
            block = connection.execute(leaf, ((segment << _SEGMENT) + page,)).fetchone()
            if block is not None:
                found |= here.intersection(terms(block[0]))
    return {term[len(_MAIN) :] for term in found}


def _signposts(connection: Any, name: str, segment: int) -> dict[int, bytes]:
    """Leaf → the first term that may stand on it, in order; the first leaf has an empty one."""
    query = f'SELECT pgno, term FROM "{name}_idx" WHERE segid = ? ORDER BY term'  # noqa: S608 - a name of our schema
    return {pgno >> 1: term for pgno, term in connection.execute(query, (segment,))}


def _by_leaf(posts: dict[int, bytes], wanted: Iterable[bytes]) -> dict[int, set[bytes]]:
    pages, starts = list(posts), list(posts.values())
    found: dict[int, set[bytes]] = {}
    for term in wanted:
        at = bisect_right(starts, term) - 1
        found.setdefault(pages[at] if at >= 0 else 1, set()).add(term)
    return found


def _segments(connection: Any, name: str) -> Iterator[int]:
    query = f'SELECT min(id) FROM "{name}_data" WHERE id >= ?'  # noqa: S608 - a name of our schema
    following = 1 << _SEGMENT
    while (row := connection.execute(query, (following,)).fetchone()) and row[0] is not None:
        segment = row[0] >> _SEGMENT
        yield segment
        following = (segment + 1) << _SEGMENT


def _answered(connection: Any, name: str, text: str) -> bool:
    phrase = '"' + text.replace('"', '""') + '"'
    query = f'SELECT rowid FROM "{name}" WHERE "{name}" MATCH ? LIMIT 1'  # noqa: S608 - a name of our schema
    try:
        return connection.execute(query, (phrase,)).fetchone() is not None
    except driver.OperationalError:
        # An index without positions cannot answer for a phrase: its words count as the value.
        return True


def _live(connection: Any, name: str, words: Iterable[bytes]) -> set[bytes]:
    """Which of the words SQLite still answers for."""
    quoted = name.replace("'", "''")
    connection.execute("DROP TABLE IF EXISTS temp.clm_residue_words")
    connection.execute(
        f"CREATE VIRTUAL TABLE temp.clm_residue_words USING fts5vocab('main', '{quoted}', 'row')"
    )
    query = "SELECT 1 FROM temp.clm_residue_words WHERE term = ?"
    found = {
        word
        for word in words
        if connection.execute(query, (word.decode("utf-8", "replace"),)).fetchone()
    }
    connection.execute("DROP TABLE temp.clm_residue_words")
    return found


def _split(sql: str, texts: Sequence[str]) -> list[set[bytes]]:
    """The words of each text as one index cuts them, by asking one in memory with its settings."""
    found = _TOKENIZE.search(sql)
    clause = f", tokenize={found[1]}" if found else ""
    words: list[set[bytes]] = [set() for _ in texts]
    memory = driver.connect(":memory:", isolation_level=None)
    try:
        memory.execute(f"CREATE VIRTUAL TABLE t USING fts5(x{clause})")
        memory.execute("CREATE VIRTUAL TABLE v USING fts5vocab(t, 'instance')")
        memory.execute("BEGIN")
        memory.executemany("INSERT INTO t(rowid, x) VALUES (?, ?)", enumerate(texts))
        for term, doc in memory.execute("SELECT term, doc FROM v"):
            words[doc].add(term.encode())
    finally:
        memory.close()
    return words
