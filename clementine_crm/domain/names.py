"""Names as they are misheard and mistyped: trigrams, a French sound code, a score."""

from __future__ import annotations

import re
from functools import lru_cache

from rapidfuzz.distance import DamerauLevenshtein

# In this order: what is written on the left sounds like what stands on the right.
_SOUNDS = tuple(
    (re.compile(pattern), sound)
    for pattern, sound in (
        (r"ph", "f"),
        (r"sch|sh|tch", "ch"),
        (r"eau|au", "o"),
        (r"oeu|oe|eu", "e"),
        (r"(?<!c)h", ""),
        (r"sc(?=[eiy])", "s"),
        (r"c(?=[eiy])", "s"),
        (r"ch(?=[rln])", "k"),
        (r"c(?!h)|qu?|k", "k"),
        (r"g(?=[eiy])", "j"),
        (r"gu(?=[eiy])", "g"),
        (r"w", "v"),
        (r"ain|ein|yn|ym|im(?=[bp])", "in"),
        (r"[ae][mn](?=[^aeiouymn]|$)", "an"),
        (r"ai|ei|ay|ey", "e"),
        (r"ou", "u"),
        (r"y", "i"),
        (r"z|x", "s"),
        (r"j(?=[eao])e?", "j"),
        (r"(.)\1+", r"\1"),
        (r"(?<=..)[estd]+$", ""),
    )
)
_COMPLETE = 0.04
"""What a name loses for each of its words that the query does not speak of."""


@lru_cache(maxsize=65_536)
def sound(token: str) -> str:
    """How a folded word sounds in French, silent ends dropped: ``thibault`` and ``tibeau``."""
    for pattern, by in _SOUNDS:
        token = pattern.sub(by, token)
    return token


def name_code(folded: str) -> str:
    """A folded name by sound, order-free; what an index may keep beside the name."""
    return " ".join(sorted(sound(t) for t in folded.split()))


@lru_cache(maxsize=262_144)
def _alike(a: str, b: str) -> float:
    if a == b:
        return 1.0
    written = DamerauLevenshtein.normalized_similarity(a, b)
    sa, sb = sound(a), sound(b)
    # Sounding the same is nearly as good as being the same, never as good.
    spoken = 0.97 if sa == sb else 0.95 * DamerauLevenshtein.normalized_similarity(sa, sb)
    begun = 0.9 if len(a) >= 3 and b.startswith(a) else 0.0
    return min(0.99, max(written, 0.5 * (written + spoken), spoken, begun))


def name_score(query_folded: str, name_folded: str) -> float:
    """How well a typed name fits a name, 0 to 1; 1 is the same words, in any order.

    Words are paired best with best, long words weigh more, a query may leave words out.
    """
    query, name = query_folded.split(), name_folded.split()
    if not query or not name:
        return 0.0
    pairs = sorted(
        ((_alike(q, n), i, j) for i, q in enumerate(query) for j, n in enumerate(name)),
        reverse=True,
    )
    taken_q: set[int] = set()
    taken_n: set[int] = set()
    total = 0.0
    for value, i, j in pairs:
        if i not in taken_q and j not in taken_n:
            taken_q.add(i)
            taken_n.add(j)
            total += value * len(query[i])
    score = total / sum(len(q) for q in query)
    # Written in one word or two: "le goff", "legoff".
    joined = DamerauLevenshtein.normalized_similarity("".join(query), "".join(name))
    missing = max(0, len(name) - len(query))
    return max(score - _COMPLETE * missing, joined * 0.98, 0.0)
