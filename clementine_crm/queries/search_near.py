"""Persons whose name was typed with slips, or as it was heard.

One slip leaves a part of a word whole: its first or second half, or both ends. Each word of the
question must have such a part in a name (or sound like one of its words); what remains, a few
hundred of a hundred thousand, is compared letter by letter.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from rapidfuzz import fuzz, process
from rapidfuzz.distance import DamerauLevenshtein

from clementine_crm.domain.names import name_score, sound

MOST_WORDS = 5
_LIKE = 0.6
_SURE = 0.8
_SHORT, _LONG = 3, 6
_COMPARED = 60

Names = Callable[[str], list[tuple[int, str]]]
"""Row numbers and folded names that answer one expression of ``search_tri``, newest first."""


def worth_trying(words: Sequence[str]) -> bool:
    """Whether the words may be a person's name."""
    letters = all(word.isalpha() for word in words)
    return letters and len(words) <= MOST_WORDS and any(len(w) >= _SHORT for w in words)


def alike(words: Sequence[str], names: Names, limit: int) -> list[tuple[int, float]]:
    """The persons most like the folded words, best first, each with ``name_score``."""
    clauses = [clause for clause in map(_clause, words) if clause]
    if not clauses:
        return []
    found = _compare(words, names(" AND ".join(clauses)))
    if len(clauses) > 1 and max((s for s, _ in found.values()), default=0.0) < _SURE:
        for clause in clauses:
            found |= _compare(words, [n for n in names(clause) if n[0] not in found])
    best = sorted(found.items(), key=lambda item: (item[1], item[0]), reverse=True)
    return [(rid, score) for rid, (score, _) in best[:limit] if score >= _LIKE]


def _compare(words: Sequence[str], names: list[tuple[int, str]]) -> dict[int, tuple[float, int]]:
    """Score and (negative) distance of the names that a quick look finds closest."""
    typed, sorted_words = " ".join(words), " ".join(sorted(words))
    if len(names) > _COMPARED:
        scorer = fuzz.partial_ratio if len(words) == 1 else fuzz.token_sort_ratio
        closest = process.extract(
            sorted_words, [name for _, name in names], scorer=scorer, limit=_COMPARED
        )
        names = [names[place] for _, _, place in closest]
    return {
        rid: (
            name_score(typed, name),
            -DamerauLevenshtein.distance(sorted_words, " ".join(sorted(name.split()))),
        )
        for rid, name in names
    }


def _clause(word: str) -> str:
    """What must stand in a name for ``word`` to be one of its words with a single slip."""
    size, half = len(word), len(word) // 2
    if size < _SHORT:
        return ""
    ends = [f" {word[:2]}", f"{word[-2:]} "]
    if size < _LONG:
        first, last = f"  {word[0]}", f"{word[-1]}  "
        ways = [[word[:3]], [word[-3:]], [ends[0], last], [first, ends[1]]]
    else:
        # Two letters swapped across the middle leave what lies beside it.
        before = word[: half - 1] if half > _SHORT else word[:half]
        after = word[half + 1 :] if size - half > _SHORT else word[half:]
        ways = [[before], [after], ends]
    parts = [" AND ".join(f'letters : "{piece}"' for piece in way) for way in ways]
    heard = sound(word)
    if len(heard) >= _SHORT:
        parts.append(f'sound : "{heard}"')
    return "(" + " OR ".join(f"({part})" for part in parts) + ")"
