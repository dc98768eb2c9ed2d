"""Words of an erased value that a full-text index still holds.

Three readings are compared: the words that lie in the index's segments on disk, the words SQLite
still answers for, and the rows that hold the whole value as a phrase. On disk but not answered: a
ghost, which FTS5 leaves until it merges unless its own ``secure-delete`` is on.
"""

from __future__ import annotations

import re
import struct
from collections.abc import Iterator, Sequence
from typing import Any

import sqlcipher3.dbapi2 as driver

from clementine_crm.store.btree import varint

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
    for name, sql in rows:
        split = _Splitter(sql)
        for number, value in enumerate(values):
            words = set() if number in skipped else split(value.decode("utf-8", "replace"))
            if words and words == _lying(connection, name, words):
                if _answered(connection, name, value):
                    yield f"full text {name}", number
                elif not words <= _live(connection, name, words):
                    yield f"ghost in {name}", number
        split.close()


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


def _lying(connection: Any, name: str, words: set[bytes]) -> set[bytes]:
    """Which of the words lie in a segment or among the index's own signposts, deleted or not.

    The signposts (``_idx``) say on which leaf a term would stand, as for SQLite's own look-up. They
    keep the first term of a leaf even when ``secure-delete`` took it from the leaf.
    """
    found = set()
    segments = list(_segments(connection, name))
    near = f'SELECT pgno, term FROM "{name}_idx" WHERE segid = ? AND term <= ? ORDER BY term DESC LIMIT 1'  # noqa: S608 - a name of our schema
    leaf = f'SELECT block FROM "{name}_data" WHERE id = ?'  # noqa: S608 - a name of our schema
    for word in words:
        term = _MAIN + word
        for segment in segments:
            signpost = connection.execute(near, (segment, term)).fetchone()
            page = signpost[0] >> 1 if signpost else 1
            block = connection.execute(leaf, ((segment << _SEGMENT) + page,)).fetchone()
            posted = signpost is not None and signpost[1] == term
            if posted or (block is not None and term in terms(block[0])):
                found.add(word)
                break
    return found


def _segments(connection: Any, name: str) -> Iterator[int]:
    query = f'SELECT min(id) FROM "{name}_data" WHERE id >= ?'  # noqa: S608 - a name of our schema
    following = 1 << _SEGMENT
    while (row := connection.execute(query, (following,)).fetchone()) and row[0] is not None:
        segment = row[0] >> _SEGMENT
        yield segment
        following = (segment + 1) << _SEGMENT


def _answered(connection: Any, name: str, value: bytes) -> bool:
    phrase = '"' + value.decode("utf-8", "replace").replace('"', '""') + '"'
    query = f'SELECT rowid FROM "{name}" WHERE "{name}" MATCH ? LIMIT 1'  # noqa: S608 - a name of our schema
    try:
        return connection.execute(query, (phrase,)).fetchone() is not None
    except driver.OperationalError:
        # An index without positions cannot answer for a phrase: its words count as the value.
        return True


def _live(connection: Any, name: str, words: set[bytes]) -> set[bytes]:
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


class _Splitter:
    """Cuts a value into words as one index does, by asking an index in memory with its settings."""

    def __init__(self, sql: str) -> None:
        found = _TOKENIZE.search(sql)
        clause = f", tokenize={found[1]}" if found else ""
        self._memory = driver.connect(":memory:", isolation_level=None)
        self._memory.execute(f"CREATE VIRTUAL TABLE t USING fts5(x{clause})")
        self._memory.execute("CREATE VIRTUAL TABLE v USING fts5vocab(t, 'row')")

    def __call__(self, text: str) -> set[bytes]:
        self._memory.execute("DELETE FROM t")
        self._memory.execute("INSERT INTO t VALUES (?)", (text,))
        return {row[0].encode() for row in self._memory.execute("SELECT term FROM v")}

    def close(self) -> None:
        self._memory.close()
