"""The recovery key on paper: 256 bits and a checksum, as 24 words of our own list.

The words are made by ``installer/make_words24.py``: their first four letters are unique and the
fifth is a check letter, so a word typed with one wrong letter is never another word of the list.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from functools import cache
from pathlib import Path

from clementine_crm.errors import ValidationError

COUNT = 24
KEY_BYTES = 32
STEM = 4
_BITS = 11
_LIST = Path(__file__).resolve().parents[2] / "resources" / "words24.fr.txt"


@cache
def word_list() -> tuple[str, ...]:
    """The 2,048 words in their order; the order is part of the format and never changes."""
    return tuple(_LIST.read_text("ascii").split())


@cache
def _places() -> dict[str, int]:
    places = {word: n for n, word in enumerate(word_list())}
    return places | {word[:STEM]: n for word, n in places.items()}


def _checksum(key: bytes) -> int:
    return hashlib.blake2b(key, digest_size=1, person=b"clm-words24").digest()[0]


def encode(key: bytes) -> list[str]:
    """The 24 words of 32 bytes."""
    if len(key) != KEY_BYTES:
        raise ValueError(len(key))
    number = int.from_bytes(key, "big") << 8 | _checksum(key)
    mask = (1 << _BITS) - 1
    return [word_list()[number >> _BITS * (COUNT - 1 - n) & mask] for n in range(COUNT)]


def _fold(text: str) -> str:
    plain = unicodedata.normalize("NFKD", text)
    return "".join(c for c in plain if not unicodedata.combining(c)).casefold()


def split(text: str) -> list[str]:
    """What was typed as words: case, accents, numbering, hyphens and line ends do not matter."""
    return re.findall(r"[a-z]+", re.sub(r"[^a-z]+", " ", _fold(text)))


def decode(text: str) -> bytes:
    """The 32 bytes behind 24 typed words; the first four letters of a word suffice.

    ValidationError: ``recovery_word_count`` (n, expected), ``recovery_word_unknown`` (position from
    1, word, positions of every wrong one) or ``recovery_checksum`` (each word exists, not this key).
    """
    typed = split(text)
    if len(typed) != COUNT:
        raise ValidationError(
            "recovery_word_count", field="recovery_key", n=len(typed), expected=COUNT
        )
    wrong = [n for n, word in enumerate(typed, 1) if word not in _places()]
    if wrong:
        raise ValidationError(
            "recovery_word_unknown",
            field="recovery_key",
            position=wrong[0],
            word=typed[wrong[0] - 1],
            positions=", ".join(map(str, wrong)),
        )
    number = 0
    for word in typed:
        number = number << _BITS | _places()[word]
    key = (number >> 8).to_bytes(KEY_BYTES, "big")
    if _checksum(key) != number & 0xFF:
        raise ValidationError("recovery_checksum", field="recovery_key")
    return key


def complete(prefix: str, limit: int = 8) -> list[str]:
    """The words that begin as typed, in order; nothing for an empty prefix."""
    start = "".join(split(prefix))
    if not start:
        return []
    return [word for word in word_list() if word.startswith(start)][:limit]


def numbered(words: list[str], per_line: int = 4) -> str:
    """The words as they are printed, numbered; ``decode`` reads this back."""
    cells = [f"{n:2}. {word}" for n, word in enumerate(words, 1)]
    lines = [cells[n : n + per_line] for n in range(0, len(cells), per_line)]
    return "\n".join("   ".join(line) for line in lines)
