"""From the tree of a question to what the indexes are asked.

Words go to ``search_fts``. Beginnings that would touch too much of it go to ``search_short`` (names,
titles, skills, addresses): those of one or two letters always, longer ones while typing as long as
they are wide. Whatever one index cannot answer alone becomes SQL around it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date

from clementine_crm.domain.consent import CARRYING
from clementine_crm.domain.consent_model import Purpose, State, Use
from clementine_crm.domain.indexing import DOT, as_code, as_indexed
from clementine_crm.domain.values import fold
from clementine_crm.queries.search_language import (
    Consent,
    Either,
    Every,
    Field,
    Node,
    Without,
    Words,
)
from clementine_crm.store.derived import RIDS

_NET = re.compile(rf"(?<![^\W_])net(?![^\W_]|{DOT})", re.IGNORECASE)
FULL, SHORT = "search_fts", "search_short"
Param = str | int

_CONSENTS: dict[str, tuple[str, str]] = {
    **{fold(state): ("state", state.value) for state in State},
    **{fold(purpose): ("purpose", purpose.value) for purpose in Purpose if purpose in CARRYING},
    "vivier": ("purpose", Purpose.POOL.value),
    "candidature": ("purpose", Purpose.APPLICATION.value),
    "placement": ("purpose", Purpose.PLACEMENT.value),
    "accorde": ("state", State.GIVEN.value),
}
"""What ``consent:`` may ask: a state, or the purpose that lets us use the file."""


@dataclass
class Plan:
    """``table`` is asked ``match`` (neither for a question without words), each row must meet
    ``conditions`` over ``{rid}``. ``words`` are to be lit; ``lit`` ranks by them what no index found
    alone.
    """

    table: str = ""
    match: str = ""
    conditions: list[str] = field(default_factory=list)
    params: list[Param] = field(default_factory=list)
    lit: str = ""
    words: tuple[Words, ...] = ()
    narrowed: bool = False
    unknown: list[str] = field(default_factory=list)


def phrase(words: Words) -> str:
    """One leaf in the language of FTS5: quoted, so that nothing typed is syntax."""
    text = as_code(fold(words.text)) if words.field is Field.SOURCE else as_indexed(words.text)
    star = "*" if words.prefix or words.field is Field.SOURCE else ""
    start = "^" if words.field is Field.CITY else ""
    # Who types "net" means .NET too.
    forms = dict.fromkeys((text, _NET.sub(rf"\g<0>{DOT}", text)))
    found = " OR ".join(f'{start}"{form.replace(chr(34), chr(34) * 2)}"{star}' for form in forms)
    if len(forms) > 1:
        found = f"({found})"
    return found if words.field is None else f"{words.field} : {found}"


class Planner:
    """Plans for one day, one kind and one state of the index (``wide`` tells of a beginning)."""

    def __init__(self, kind: str, today: date, wide: Callable[[str], bool] | None = None) -> None:
        self._kind = kind
        self._low, self._high = RIDS[kind].start, RIDS[kind].stop - 1
        self._today = today.isoformat()
        self._wide = wide
        self._plan = Plan()
        self._shorts: dict[Words, bool] = {}

    def plan(self, tree: Node) -> Plan:
        plan = self._plan = Plan()
        parts = list(tree.parts if isinstance(tree, Every) else (tree,))
        for table in (FULL, SHORT):
            positive = [p for p in parts if self._match(p, table)]
            if positive:
                negative = [
                    p for p in parts if isinstance(p, Without) and self._match(p.part, table)
                ]
                plan.table = table
                plan.match = self._match(Every((*positive, *negative)), table)
                parts = [p for p in parts if p not in positive and p not in negative]
                break
        for part in parts:
            plan.conditions.append(self._condition(part))
        plan.words = tuple(dict.fromkeys(_shown(tree)))
        plan.lit = " OR ".join(phrase(words) for words in plan.words if not self._in_short(words))
        return plan

    def _in_short(self, words: Words) -> bool:
        if words not in self._shorts:
            self._shorts[words] = self._goes_short(words)
        return self._shorts[words]

    def _goes_short(self, words: Words) -> bool:
        if not words.prefix or words.field in (Field.CITY, Field.SOURCE):
            return False
        if words.short or words.field is not None:
            return True
        if self._wide is None or not self._wide(words.tokens[-1]):
            return False
        self._plan.narrowed = True
        return True

    def _match(self, node: Node, table: str) -> str:
        """The node as one expression for ``table``; empty when that index alone cannot tell."""
        if isinstance(node, Words):
            begun_town = node.prefix and node.field is Field.CITY
            fits = not begun_town and self._in_short(node) == (table == SHORT)
            return phrase(node) if fits else ""
        if isinstance(node, Either):
            found = [self._match(part, table) for part in node.parts]
            return f"({' OR '.join(found)})" if all(found) else ""
        if isinstance(node, Every):
            yes = [self._match(p, table) for p in node.parts if not isinstance(p, Without)]
            no = [self._match(p.part, table) for p in node.parts if isinstance(p, Without)]
            if not yes or not all((*yes, *no)):
                return ""
            wanted = f"({' AND '.join(yes)})"
            return f"({wanted} NOT ({' OR '.join(no)}))" if no else wanted
        return ""

    def _condition(self, node: Node) -> str:
        """The node as SQL over ``{rid}``; its parameters follow those before."""
        for table in (FULL, SHORT):
            match = self._match(node, table)
            if match:
                self._plan.params += [match, self._low, self._high]
                return (
                    f"{{rid}} IN (SELECT rowid FROM {table} WHERE {table} MATCH ? "  # noqa: S608
                    "AND rowid BETWEEN ? AND ?)"
                )
        if isinstance(node, Words):
            return self._town(node)
        if isinstance(node, Consent):
            return self._consent(node)
        if isinstance(node, Without):
            return f"NOT {self._condition(node.part)}"
        joined = " AND " if isinstance(node, Every) else " OR "
        return f"({joined.join([self._condition(part) for part in node.parts])})"

    def _town(self, words: Words) -> str:
        start = fold(words.text)
        self._plan.params += [self._kind, start, start + "\U0010ffff"]
        return "{rid} IN (SELECT rid FROM search_doc WHERE kind = ? AND town BETWEEN ? AND ?)"

    def _consent(self, asked: Consent) -> str:
        known = _CONSENTS.get(asked.value)
        if known is None:
            self._plan.unknown.append(asked.value)
            return "0"
        column, value = known
        use = f" AND c.use = '{Use.FULL}'" if column == "purpose" else ""
        self._plan.params += [value, self._today, self._today]
        return (
            "EXISTS (SELECT 1 FROM search_doc d JOIN consent_span c ON c.dossier = d.dossier "  # noqa: S608 - names of our own
            f"WHERE d.rid = {{rid}} AND c.{column} = ?{use} AND c.start <= ? "
            'AND (c."end" IS NULL OR c."end" >= ?))'
        )


def _shown(node: Node) -> Iterator[Words]:
    """The words whose finding speaks for a hit."""
    if isinstance(node, Words):
        if node.field is not Field.SOURCE and node.field is not Field.CITY:
            yield node
    elif isinstance(node, Every | Either):
        for part in node.parts:
            yield from _shown(part)
