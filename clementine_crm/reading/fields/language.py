"""French or English, by the small words that no text does without."""

from __future__ import annotations

import re
from typing import Literal

from clementine_crm.reading.fields.vocabulary import word_set

_FRENCH = word_set("""
le la les de des du et en un une pour avec dans sur au aux par est nous vous je ans depuis chez
expérience compétences formation langues français anglais diplôme gestion entreprise expériences
professionnelle présent aujourd'hui septembre octobre janvier février août décembre
""")
_ENGLISH = word_set("""
the of and to in for with on at by as from is are my i we our using experience skills education
languages work present english french developed led managed team september october january
february august december university
""")
_SAMPLE = 20_000
_FEWEST = 3


def language_of(text: str) -> Literal["fr", "en", ""]:
    """``fr``, ``en``, or empty when neither clearly leads."""
    sample = text[:_SAMPLE].lower().replace("’", "'")
    words = re.findall(r"[^\W\d_]+(?:'hui)?", sample)
    french = sum(word in _FRENCH for word in words)
    english = sum(word in _ENGLISH for word in words)
    # An accent of ours speaks for French where the text is only keywords.
    french += min(len(re.findall("[éèêàçùœ]", sample)), len(words) // 10)
    if max(french, english) < _FEWEST or french == english:
        return ""
    return "fr" if french > english else "en"
