"""French or English, by the small words that no text does without."""

from __future__ import annotations

import re
from typing import Literal

_FRENCH = frozenset(
    "le la les de des du et en un une pour avec dans sur au aux par est nous vous je ans depuis chez "
    "expérience compétences formation langues français anglais diplôme gestion entreprise expériences "
    "professionnelle présent aujourd'hui septembre octobre janvier février août décembre".split()  # noqa: SIM905
)
_ENGLISH = frozenset(
    "the of and to in for with on at by as from is are my i we our using experience skills education "
    "languages work present english french developed led managed team september october january "
    "december february august university".split()  # noqa: SIM905
)
_SAMPLE = 20_000
_FEWEST = 3


def language_of(text: str) -> Literal["fr", "en", ""]:
    """``fr``, ``en``, or empty when neither clearly leads."""
    words = re.findall(r"[^\W\d_]+(?:'hui)?", text[:_SAMPLE].lower())
    french = sum(word in _FRENCH for word in words)
    english = sum(word in _ENGLISH for word in words)
    # An accent of ours speaks for French where the text is only keywords.
    french += min(len(re.findall("[éèêàçùœ]", text[:_SAMPLE].lower())), len(words) // 10)
    if max(french, english) < _FEWEST or french == english:
        return ""
    return "fr" if french > english else "en"
