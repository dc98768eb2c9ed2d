"""What the search asks of the base: ranked row numbers, counts, rows and passages.

Measured in ``perf.md`` 4: ``bm25()`` as an expression over all hits when they are few, over the
newest otherwise; passages for shown rows only; never a count beyond what a list says.
"""

from __future__ import annotations

import json
from array import array
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Connection

from clementine_crm.domain.consent import CARRYING
from clementine_crm.domain.consent_model import Use
from clementine_crm.domain.ids import Id
from clementine_crm.queries.search_plan import FULL, SHORT, Param, Plan
from clementine_crm.store.derived import RIDS

BOUNDED = 2_000
"""Of more hits than this, only the newest are ranked."""
COUNTED = 10_000
"""Of more hits than this, a list says "10 000+"."""
_NAMES = 5_000
_WIDE = 64
"""Pages of the index (4 KB) that a beginning may touch while typing: 2 to 4 ms."""

# Columns as in ``store/sql.FULL`` and ``SHORT``. A word in a body is worth 2.2 at the most however
# often it stands there; one in a name or title is worth more than that by itself.
_RANK = {
    FULL: f"bm25({FULL}, 0, 0, 2, 2, 1, 0, 1) + 3 * bm25({FULL}, 10, 5, 0, 0, 0, 0, 0)",
    SHORT: f"bm25({SHORT}, 10, 5, 2, 5)",
}
_LISTED = "SELECT value FROM json_each(?)"
_SCALE = 1_000_000
"""Scores travel as whole numbers: text of a few digits."""


@dataclass(frozen=True)
class Found:
    """Row numbers and their scores, best first; ``hidden`` fit but may not be shown. ``rest``: older
    hits, not ranked, begin below this row number (0 = none).
    """

    rids: array[int]
    scores: array[float]
    total: int
    exact: bool
    hidden: int
    rest: int = 0


@dataclass(frozen=True)
class Row:
    """What a list shows of one dossier."""

    id: Id
    name: str
    title: str
    skills: str
    contacts: str
    town: str


class Index:
    """The full-text index on one read connection, for one kind of dossier and one day."""

    def __init__(self, connection: Connection, today: date, kind: str) -> None:
        self._execute: Any = connection.connection.cursor().execute
        self._kind = kind
        self._low, self._high = RIDS[kind].start, RIDS[kind].stop - 1
        # Clients and missions may always be shown; a candidate while the law lets us use the file.
        self._may = _may(today) if kind == "candidate" else "1"

    def _all(self, sql: str, params: Sequence[Any]) -> list[Any]:
        return list(self._execute(sql, params).fetchall())

    @staticmethod
    def ranking(table: str) -> str:
        """The expression hits are ranked by, the lower the better."""
        return _RANK[table]

    # which

    def ranked(self, plan: Plan, before: int | None = None) -> Found:
        """The hits of a plan, best first: all of fewer than 2,000, otherwise the newest."""
        ask = self._asking(plan, before)
        rids, scores, seen, last = self._newest(ask, shown_only=False)
        total, exact, hidden, rest = len(rids), True, seen - len(rids), 0
        if seen == BOUNDED:
            if hidden:
                rids, scores, seen, last = self._newest(ask, shown_only=True)
            rest = last if seen == BOUNDED else 0
            counted, may = self._all(*ask.count(COUNTED + 1))[0]
            exact = counted <= COUNTED
            total, hidden = max(len(rids), min(may, COUNTED)), counted - may
        if rids and plan.lit and not plan.table:
            rids, scores = self._by_words(plan.lit, rids)
        return Found(rids, scores, total, exact, hidden, rest)

    def _newest(
        self, ask: _Asking, *, shown_only: bool
    ) -> tuple[array[int], array[float], int, int]:
        """Ranked row numbers, scores, how many were looked at, and the oldest of those."""
        found = self._all(*ask.newest(BOUNDED, shown_only=shown_only))[0]
        rids, scores, seen, last = found
        scored = array("d", (score / _SCALE for score in json.loads(scores)))
        return array("q", json.loads(rids)), scored, seen, last or 0

    def _asking(self, plan: Plan, before: int | None) -> _Asking:
        high = self._high if before is None else before - 1
        rid = f"{plan.table}.rowid" if plan.table else "f.rid"
        where, params = f"{rid} BETWEEN ? AND ?", [self._low, high, *plan.params]
        if plan.table:
            source = plan.table
            where, params = f"{plan.table} MATCH ? AND {where}", [plan.match, *params]
            if self._kind == "candidate":
                source += f" CROSS JOIN findable f ON f.rid = {rid}"
        else:
            source = "findable f" if self._kind == "candidate" else "search_doc f"
        # Without the plus, the index would be started anew for each number of a condition.
        each = f"+{rid}" if plan.table else rid
        for condition in plan.conditions:
            where += f" AND {condition.format(rid=each)}"
        return _Asking(rid, source, where, params, self._may, _RANK.get(plan.table, "0.0"))

    def _by_words(self, lit: str, rids: array[int]) -> tuple[array[int], array[float]]:
        """Hits that no index found alone, ranked by the words that speak for them."""
        # An index that is asked for single rows starts anew for each; a plus keeps it walking once.
        sql = (
            f"SELECT rowid, {_RANK[FULL]} FROM {FULL} WHERE {FULL} MATCH ? "  # noqa: S608
            f"AND rowid BETWEEN ? AND ? AND +rowid IN ({_LISTED})"
        )
        scores = dict(self._all(sql, (lit, min(rids), max(rids), _listed(rids))))
        ranked = sorted(rids, key=lambda rid: (scores.get(rid, 0.0), -rid))
        return array("q", ranked), array("d", (-scores.get(rid, 0.0) for rid in ranked))

    def owners(self, keys: Iterable[tuple[str, str]]) -> list[tuple[int, str, bool]]:
        """Who holds an identifying key: row number, kind of the key, whether they may be shown."""
        join = "JOIN findable f ON f.rid = d.rid" if self._kind == "candidate" else ""
        sql = (
            f"SELECT d.rid, k.kind, {self._may} FROM person_key k "  # noqa: S608
            f"JOIN search_doc d ON d.dossier = k.dossier {join} WHERE k.kind = ? AND k.value = ? "
            "AND d.rid BETWEEN ? AND ? ORDER BY d.rid DESC LIMIT 50"
        )
        found = []
        for kind, value in keys:
            found += self._all(sql, (kind, value, self._low, self._high))
        return [(rid, kind, bool(may)) for rid, kind, may in found]

    def names(self, match: str) -> list[tuple[int, str]]:
        """Row numbers and folded names that answer an expression over letters and sounds."""
        join = (
            "CROSS JOIN findable f ON f.rid = search_tri.rowid" if self._kind == "candidate" else ""
        )
        sql = (
            f"SELECT d.rid, d.sort FROM search_tri {join} "  # noqa: S608
            "CROSS JOIN search_doc d ON d.rid = search_tri.rowid WHERE search_tri MATCH ? "
            f"AND search_tri.rowid BETWEEN ? AND ? AND {self._may} "
            "ORDER BY search_tri.rowid DESC LIMIT ?"
        )
        return self._all(sql, (match, self._low, self._high, _NAMES))

    def wide(self, beginning: str) -> bool:
        """Whether words that begin so fill more of the index than a keystroke may read.

        FTS5 merges the lists of all words with a common beginning before it gives the first hit;
        its signposts tell how many pages they fill.
        """
        low, high = b"0" + beginning.encode(), b"0" + beginning.encode() + b"\xff"
        pages, segment = 0, 0
        while True:
            segment = self._all(_NEXT_SEGMENT, (segment,))[0][0]
            if segment is None or pages > _WIDE:
                return pages > _WIDE
            first, after = self._all(_LEAVES, (segment, low, segment, high))[0]
            pages += (after or first or 0) - (first or 0)

    # what is shown

    def rows(self, rids: Collection[int]) -> dict[int, Row]:
        town = "''" if self._kind == "mission" else "coalesce(o.town, '')"
        join = "" if self._kind == "mission" else f"LEFT JOIN {self._kind} o ON o.id = d.dossier"
        sql = (
            f"SELECT d.rid, d.dossier, d.name, d.title, d.skills, d.contacts, {town} "  # noqa: S608
            f"FROM search_doc d {join} WHERE d.rid IN ({_LISTED})"
        )
        found = self._all(sql, (_listed(rids),))
        return {rid: Row(*cells) for rid, *cells in found}

    def texts(self, rids: Collection[int]) -> dict[int, list[bytes]]:
        """What is written about each dossier, zipped, oldest first."""
        sql = (
            "SELECT d.rid, b.body FROM search_doc d JOIN body_text b ON b.dossier = d.dossier "  # noqa: S608
            f"WHERE d.rid IN ({_LISTED}) ORDER BY b.rid"
        )
        found: dict[int, list[bytes]] = {}
        for rid, body in self._all(sql, (_listed(rids),)):
            found.setdefault(rid, []).append(body)
        return found


_NEXT_SEGMENT = "SELECT min(segid) FROM search_fts_idx WHERE segid > ?"
_LEAF = "(SELECT pgno >> 1 FROM search_fts_idx WHERE segid = ? AND term >= ? ORDER BY term LIMIT 1)"
_LEAVES = f"SELECT {_LEAF}, {_LEAF}"


@dataclass(frozen=True)
class _Asking:
    """One question in SQL, asked for its newest hits and for their number."""

    rid: str
    source: str
    where: str
    params: list[Param]
    may: str
    score: str

    def newest(self, limit: int, *, shown_only: bool) -> tuple[str, list[Param]]:
        """The newest hits ranked, as one list: a hit that may not be shown counts but is not in it."""
        where = f"{self.where} AND {self.may}" if shown_only else self.where
        sql = (
            f"SELECT {_list('rid')}, {_list(f'CAST(score * -{_SCALE} AS INTEGER)')}, count(*), "  # noqa: S608
            f"min(rid) FROM (SELECT * FROM (SELECT {self.rid} AS rid, "
            f"CASE WHEN {self.may} THEN {self.score} END AS score FROM {self.source} "
            f"WHERE {where} ORDER BY {self.rid} DESC LIMIT ?) ORDER BY score, rid DESC)"
        )
        return sql, [*self.params, limit]

    def count(self, limit: int) -> tuple[str, list[Param]]:
        """How many fit, up to ``limit``, and how many of those may be shown."""
        sql = (
            f"SELECT count(*), sum(may) FROM (SELECT {self.may} AS may FROM {self.source} "  # noqa: S608
            f"WHERE {self.where} LIMIT ?)"
        )
        return sql, [*self.params, limit]


def _list(value: str) -> str:
    """One text of all values, in the order of the rows: fetched ten times as fast as rows."""
    return f"json_group_array({value}) FILTER (WHERE score IS NOT NULL)"


def _listed(rids: Iterable[int]) -> str:
    return json.dumps(list(rids))


def _may(today: date) -> str:
    """SQL over ``f``: may this candidate be shown today?"""
    day, iso = today.toordinal(), today.isoformat()
    purposes = ", ".join(f"'{purpose}'" for purpose in sorted(CARRYING))
    return (
        f"(f.first <= {day} AND f.last >= {day} OR f.more AND EXISTS (SELECT 1 FROM search_doc m "  # noqa: S608
        "JOIN consent_span s ON s.dossier = m.dossier WHERE m.rid = f.rid "
        f"AND s.\"use\" = '{Use.FULL}' AND s.purpose IN ({purposes}) AND s.start <= '{iso}' "
        f'AND (s."end" IS NULL OR s."end" >= \'{iso}\')))'
    )
