"""Which words to light: terms found in the words of a drawn page or in a plain text. No Qt.

A term is one word or several that follow each other; accents, case and the signs around a word do
not count, ``C++`` and ``C#`` keep theirs. With ``prefix`` the last word of a term may go on.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from clementine_crm.domain.values import fold

_WORD = re.compile(r"[^\W_]+(?:\+\+|#)?")


class Token(NamedTuple):
    """A folded word and its place: ``start``, ``end`` in the text, ``owner`` the box it is in."""

    word: str
    start: int
    end: int
    owner: int = 0


@dataclass(frozen=True)
class Hit:
    """A term found: its number, and the first and last token of the run."""

    term: int
    first: int
    last: int


def tokens_of(text: str, owner: int = 0) -> list[Token]:
    """The words of a text with their places."""
    found = []
    for match in _WORD.finditer(text):
        start, end = match.span()
        word = match[0]
        if word.isascii():
            found.append(Token(word.lower(), start, end, owner))
        else:
            # A ligature or a wide form may open into several words: one place for them all.
            found += [Token(w, start, end, owner) for w in fold(word).split()]
    return found


def tokens_of_boxes(words: Iterable[str]) -> list[Token]:
    """The words of a drawn page; ``owner`` is the number of the box."""
    return [token for number, word in enumerate(words) for token in tokens_of(word, number)]


def hits(tokens: Sequence[Token], terms: Sequence[str], *, prefix: bool = False) -> list[Hit]:
    """Every run of tokens that is one of the terms, in reading order."""
    wanted = [[token.word for token in tokens_of(term)] for term in terms]
    places: dict[str, list[int]] = {}
    for at, token in enumerate(tokens):
        places.setdefault(token.word, []).append(at)
    found = []
    for number, words in enumerate(wanted):
        if not words:
            continue
        for at in _starts(words, places, prefix=prefix):
            if _runs(words, tokens, at, prefix=prefix):
                found.append(Hit(number, at, at + len(words) - 1))
    return sorted(found, key=lambda hit: (hit.first, hit.last))


def _starts(words: list[str], places: dict[str, list[int]], *, prefix: bool) -> list[int]:
    if prefix and len(words) == 1:
        return [at for word, held in places.items() if word.startswith(words[0]) for at in held]
    return places.get(words[0], [])


def _runs(words: list[str], tokens: Sequence[Token], at: int, *, prefix: bool) -> bool:
    if at + len(words) > len(tokens):
        return False
    *whole, last = words
    if any(tokens[at + k].word != word for k, word in enumerate(whole)):
        return False
    end = tokens[at + len(whole)].word
    return end.startswith(last) if prefix else end == last


def spans(text: str, terms: Sequence[str], *, prefix: bool = False) -> list[tuple[int, int]]:
    """(start, length) of every term in a text, in order, without overlap."""
    tokens = tokens_of(text)
    found: list[tuple[int, int]] = []
    for hit in hits(tokens, terms, prefix=prefix):
        start, end = tokens[hit.first].start, tokens[hit.last].end
        if not found or start >= found[-1][0] + found[-1][1]:
            found.append((start, end - start))
    return found


def place_of(tokens: Sequence[Token], value: str, quote: str = "") -> Hit | None:
    """Where a value stands: its own words, otherwise the words of the line it was read from."""
    for text in (value, quote):
        found = hits(tokens, [text])
        if found:
            return found[0]
    return None
