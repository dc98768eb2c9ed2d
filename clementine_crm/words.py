"""Sentences by key, French first. One catalogue serves the screen and the command line.

``resources/words/<lang>.toml`` holds ``section.key = "sentence with {parameter}"``; a sentence that
counts is a table ``{ one = …, other = … }`` chosen by the parameter ``n`` (French counts 0 as one).
"""

from __future__ import annotations

import tomllib
from functools import cache
from pathlib import Path

LANGUAGES = ("fr", "en")
_FOLDER = Path(__file__).resolve().parent.parent / "resources" / "words"


@cache
def _catalogue(lang: str) -> dict[str, str | dict[str, str]]:
    flat: dict[str, str | dict[str, str]] = {}
    for path in sorted((_FOLDER / lang).glob("*.toml")):
        with path.open("rb") as file:
            for section, entries in tomllib.load(file).items():
                for key, value in entries.items():
                    flat[f"{section}.{key}"] = value
    return flat


def keys(lang: str) -> dict[str, str | dict[str, str]]:
    """The whole catalogue of a language, ``section.key`` to sentence or plural forms."""
    return dict(_catalogue(lang))


class Words:
    """The sentences of one language."""

    def __init__(self, lang: str = "fr") -> None:
        self.lang = lang if lang in LANGUAGES else "fr"

    def __call__(self, key: str, /, **params: object) -> str:
        """The sentence under ``section.key``; KeyError when it does not exist (a bug of ours)."""
        entry = _catalogue(self.lang)[key]
        if isinstance(entry, dict):
            n = params.get("n", 0)
            count = n if isinstance(n, int) else 0
            one = abs(count) < 2 if self.lang == "fr" else count == 1
            entry = entry["one" if one else "other"]
        return entry.format(**params) if params else entry
