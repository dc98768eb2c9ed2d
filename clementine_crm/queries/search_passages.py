"""What is shown of a hit: the passage that was found, its words lit.

Patterns over the text as it was written, accents and case aside: FTS5's own ``snippet()`` cuts a whole
CV into words twice to show ten of them (five times as long, measured).
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache, lru_cache

from clementine_crm.domain.indexing import DOT, PLUS, SHARP
from clementine_crm.queries.search_language import Words

_BEFORE, _AFTER = 34, 66
_SPACE = re.compile(r"\s")
_WORD = r"[^\W_]"
_BETWEEN = r"[\W_]+"
_PRODUCT = (
    r"(?:(?<![^\W_])(?<!@)|(?<=(?<![^\W_])[aA][sS][pP])|(?<=(?<![^\W_])[vV][bB])"
    r"|(?<=(?<![^\W_])[aA][dD][oO]))"
)
_SIGNS = {PLUS: r"\+\+", SHARP: "[#♯]"}
# C is not C++.
_ALONE = {"c": r"(?!\+\+|[#♯])", "f": "(?![#♯])"}
_LIGATURES = {"oe": "œŒ", "ae": "æÆ", "ss": "ß"}
_TYPESET = {"ﬃ": "ffi", "ﬄ": "ffl", "ﬀ": "ff", "ﬁ": "fi", "ﬂ": "fl", "\u00ad": "", "\u200b": ""}
_COMBINING = "\u0300\u0301\u0302\u0308\u0327"


@dataclass(frozen=True)
class Passage:
    """A line of text and the (start, end) of what is lit in it."""

    text: str = ""
    lit: tuple[tuple[int, int], ...] = ()


class Light:
    """The words of one question, as they may stand in a text."""

    def __init__(self, words: Iterable[Words]) -> None:
        self._patterns = [_compiled(w.tokens, w.prefix) for w in dict.fromkeys(words)]

    def on(self, text: str) -> Passage:
        """A short text whole, on one line."""
        line = " ".join(_plain(text).split())
        return Passage(line, self._found(line))

    def shines(self, text: str) -> bool:
        """Whether one of the words stands in a text."""
        return any(pattern.search(text) for pattern in self._patterns)

    def passage(self, texts: Iterable[str]) -> Passage:
        """Of the places where a word first stands, the one with most of the others around it."""
        best = Passage()
        for text in texts:
            plain = _plain(text)
            for pattern in self._patterns:
                first = pattern.search(plain)
                if first is None:
                    continue
                found = self._around(plain, first.start(), first.end())
                if len(found.lit) > len(best.lit):
                    best = found
                if len(best.lit) >= len(self._patterns):
                    return best
        return best

    def _around(self, text: str, start: int, end: int) -> Passage:
        """A line from the word before to the word after, whole words only."""
        low, high = max(0, start - _BEFORE), min(len(text), end + _AFTER)
        if low:
            space = _SPACE.search(text, low, start)
            low = space.end() if space else start
        if high < len(text):
            high = max(end, text.rfind(" ", end, high), text.rfind("\n", end, high))
        line = " ".join(text[low:high].split())
        line = f"{'… ' if low else ''}{line}{' …' if high < len(text) else ''}"
        return Passage(line, self._found(line))

    def _found(self, line: str) -> tuple[tuple[int, int], ...]:
        spans = sorted(m.span() for pattern in self._patterns for m in pattern.finditer(line))
        lit: list[tuple[int, int]] = []
        for start, end in spans:
            if lit and start < lit[-1][1]:
                lit[-1] = (lit[-1][0], max(end, lit[-1][1]))
            else:
                lit.append((start, end))
        return tuple(lit)


def _plain(text: str) -> str:
    """The text without what a typesetter hid in it; looked for first, as most texts have none."""
    if text.isascii():
        return text
    for odd, plain in _TYPESET.items():
        if odd in text:
            text = text.replace(odd, plain)
    if any(mark in text for mark in _COMBINING):
        text = unicodedata.normalize("NFC", text)
    return text


@lru_cache(maxsize=512)
def _compiled(tokens: tuple[str, ...], prefix: bool) -> re.Pattern[str]:
    begun = len(tokens) - 1 if prefix else None
    words = [_word(token, first=not n, begun=n == begun) for n, token in enumerate(tokens)]
    sign = tokens[-1][-1]
    last = f"{_WORD}*" if prefix and sign != DOT else f"(?!{_WORD})"
    if sign in _SIGNS:
        last = ""
    # The sign of C++ parts it from the next word by itself.
    apart = [r"[\W_]*" if token[-1] in _SIGNS else _BETWEEN for token in tokens]
    pattern = words[0] + "".join(map(str.__add__, apart, words[1:]))
    return re.compile(_started(tokens[0], pattern) + last)


def _started(token: str, pattern: str) -> str:
    """The pattern at the beginning of a word. A set in front lets the search skip at full speed, so
    what stands before it is looked at afterwards."""
    if token.endswith(DOT):
        return pattern
    first = _letter(token[0])
    if token[:2] in _LIGATURES or not pattern.startswith(first):
        return f"(?<!{_WORD}){pattern}"
    return f"{first}(?<!{_WORD}{first}){pattern[len(first) :]}"


def _word(token: str, *, first: bool, begun: bool) -> str:
    """One folded word as it may be written: any case, any accent, its ligatures and signs."""
    if token.endswith(DOT):
        return (rf"{_PRODUCT}\." if first else r"(?<=\.)") + "".join(map(_letter, token[:-1]))
    sign = _SIGNS.get(token[-1], "")
    letters = token[:-1] if sign else token
    parts, at = [], 0
    while at < len(letters):
        pair = letters[at : at + 2]
        if pair in _LIGATURES:
            parts.append(f"(?:[{_LIGATURES[pair]}]|{_letter(pair[0])}{_letter(pair[1])})")
            at += 2
        else:
            parts.append(_letter(letters[at]))
            at += 1
    alone = "" if begun else _ALONE.get(letters, "")
    return "".join(parts) + (sign or alone)


def _letter(letter: str) -> str:
    known = _variants().get(letter)
    if known is None and len(letter.upper()) == 1 and letter.upper() != letter:
        known = f"[{letter}{letter.upper()}]"
    return known or re.escape(letter)


@cache
def _variants() -> dict[str, str]:
    """Each letter of a to z with its capitals and accents, as a set."""
    found: dict[str, set[str]] = {}
    for point in (
        *range(0x41, 0x5B),
        *range(0x61, 0x7B),
        *range(0xC0, 0x250),
        *range(0x1E00, 0x1F00),
    ):
        base = unicodedata.normalize("NFD", chr(point))[0].lower()
        if "a" <= base <= "z":
            found.setdefault(base, set()).add(chr(point))
    found["o"] |= set("øØ")
    found["l"] |= set("łŁ")
    found["d"] |= set("đĐðÐ")
    found["i"] |= set("ı")
    return {letter: f"[{''.join(sorted(forms))}]" for letter, forms in found.items()}
