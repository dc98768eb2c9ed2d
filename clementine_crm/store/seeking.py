"""Looks for many values at once in plain bytes, whatever their case and place.

A few are looked for one by one. Many are recognised by four bytes of theirs that stand at a multiple
of four: one look-up for each four bytes of the data, however many values there are.
"""

from __future__ import annotations

import sys
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence

# Shorter values stand in every base by chance.
SHORTEST = 4
_WORD = 4
_ORDER = sys.byteorder
# Up to so many forms, one search each is faster (measured).
_FEW = 40


def forms(value: bytes) -> set[bytes]:
    """The forms in which a value may have been stored, in small letters as far as ASCII goes: as
    typed, composed, decomposed, without accents, and its accented letters in capitals.
    """
    text = value.decode("utf-8", "surrogateescape")
    found = {text, *(unicodedata.normalize(form, text) for form in ("NFC", "NFD", "NFKC"))}
    if not text.isascii():
        found |= {f(t) for t in tuple(found) for f in (str.casefold, str.upper, str.title)}
    decomposed = unicodedata.normalize("NFKD", text)
    plain = "".join(c for c in decomposed if not unicodedata.combining(c))
    found |= {plain, plain.casefold()}
    octets = {form.encode("utf-8", "surrogateescape").lower() for form in found}
    return {value.lower(), *(form for form in octets if len(form) >= SHORTEST)}


class Seeker:
    """Made once for a list of values, then shown stretches of bytes.

    ``skipped``: numbers of the values too short to look for.
    """

    def __init__(self, values: Sequence[bytes]) -> None:
        self.skipped = tuple(n for n, value in enumerate(values) if len(value) < SHORTEST)
        self._numbers: dict[bytes, list[int]] = {}
        for number, value in enumerate(values):
            if len(value) >= SHORTEST:
                for form in forms(value):
                    self._numbers.setdefault(form, []).append(number)
        self._anchors = _anchors(self._numbers) if len(self._numbers) > _FEW else None

    def look(self, data: bytes) -> Iterator[tuple[int, int]]:
        """(place, number of the value) of what stands in these bytes; a value often, perhaps."""
        small = data.lower()
        found = self._one_by_one(small) if self._anchors is None else self._together(small)
        for place, form in found:
            for number in self._numbers[form]:
                yield place, number

    def _one_by_one(self, data: bytes) -> Iterator[tuple[int, bytes]]:
        for form in self._numbers:
            place = data.find(form)
            while place >= 0:
                yield place, form
                place = data.find(form, place + 1)

    def _together(self, data: bytes) -> Iterator[tuple[int, bytes]]:
        for shift, known in (self._anchors or {}).items():
            whole = (len(data) - shift) // _WORD * _WORD
            words = memoryview(data)[shift : shift + max(whole, 0)].cast("I")
            for word in known.keys() & words:
                yield from self._around(data, word.to_bytes(_WORD, _ORDER), known[word])

    def _around(
        self, data: bytes, word: bytes, wanted: set[tuple[int, int]]
    ) -> Iterator[tuple[int, bytes]]:
        at = data.find(word)
        while at >= 0:
            for before, size in wanted:
                form = data[at - before : at - before + size] if at >= before else b""
                if form in self._numbers:
                    yield at - before, form
            at = data.find(word, at + 1)


_Anchors = dict[int, dict[int, set[tuple[int, int]]]]
"""Shift of the four-byte grid → four bytes → {(their place in a form, its length)}."""


def _anchors(all_forms: Iterable[bytes]) -> _Anchors:
    wanted = list(all_forms)
    common = Counter(word for form in wanted for word in _words(form))
    found: _Anchors = {}
    for form in wanted:
        # A form of seven bytes and more holds a whole word of the grid wherever it begins: one of
        # four neighbours. The rarest four, so that few stretches are looked at in vain.
        words = _words(form)
        many = min(_WORD, len(words))
        starts = range(len(words) - many + 1)
        first = min(starts, key=lambda s: max(common[w] for w in words[s : s + many]))
        for shift in _SHIFTS[many]:
            known = found.setdefault(shift, {})
            for before in range(first, first + many):
                known.setdefault(words[before], set()).add((before, len(form)))
    return found


# How the grid must be shifted for a form that offers so many neighbouring words.
_SHIFTS = {1: (0, 1, 2, 3), 2: (0, 2), 3: (0, 2), 4: (0,)}


def _words(form: bytes) -> list[int]:
    return [int.from_bytes(form[n : n + _WORD], _ORDER) for n in range(len(form) - _WORD + 1)]
