"""Build ``resources/words24.fr.txt``: the 2,048 words of the recovery key, made, not collected.

A word is two syllables and a check letter: consonant, vowel, consonant, vowel, then the letter that
the four before it give modulo 13 under weights that are all different. So the first four letters
alone name the word, and neither one wrong letter nor two swapped ones ever gives another word.

    python installer/make_words24.py resources/words24.fr.txt
"""

from __future__ import annotations

import itertools
import sys
from pathlib import Path

CONSONANTS = "bdfglmnprstvz"
VOWELS = "aeiou"
LAST = "bcdfgklmnprst"
COUNT = 2048
# Beginnings that read as something nobody wants on a paper he keeps.
AVOID = (
    "bite", "bita", "bato", "bagn", "bosa", "boud", "ceni", "fess", "fota", "fute", "gaga", "gode", "goda",
    "lape", "lope", "mato", "meda", "mere", "mort", "nase", "nazi", "naze", "nega", "nego", "negr", "nigo",
    "niga", "niqu", "pede", "peda", "pedo", "pine", "pipi", "pisa", "pise", "puta", "pute", "puti", "rape",
    "rate", "salo", "sada", "sade", "sado", "sida", "sode", "sodo", "suce", "tare", "tapi", "tuer", "tueu",
    "vagi", "vera", "vere", "viol", "vite", "zize", "zobi", "zeno",
)  # fmt: skip


def check_letter(stem: str) -> str:
    """The fifth letter of a stem of four."""
    c1, v1, c2, v2 = tuple(stem)
    total = (
        CONSONANTS.index(c1)
        + 2 * VOWELS.index(v1)
        + 3 * CONSONANTS.index(c2)
        + 5 * VOWELS.index(v2)
    )
    return LAST[total % 13]


def words() -> list[str]:
    """All 2,048, in alphabetical order, spread evenly over what the rule allows."""
    allowed = [
        stem
        for stem in map("".join, itertools.product(CONSONANTS, VOWELS, CONSONANTS, VOWELS))
        if stem not in AVOID and stem[0] != stem[2]
    ]
    chosen = [allowed[n * len(allowed) // COUNT] for n in range(COUNT)]
    return sorted(stem + check_letter(stem) for stem in chosen)


if __name__ == "__main__":
    Path(sys.argv[1]).write_text("\n".join(words()) + "\n", encoding="ascii")
