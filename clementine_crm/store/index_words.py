"""What the full-text index calls while it reads: words with their marks, names by sound.

``sql.full_text`` names these functions; what one gives never changes.
"""

from __future__ import annotations

import zlib
from functools import lru_cache
from typing import Any

from clementine_crm.domain.indexing import as_code, as_indexed
from clementine_crm.domain.names import name_code
from clementine_crm.domain.values import fold
from clementine_crm.store.engine import Functions


def _body(blob: bytes) -> str:
    return as_indexed(zlib.decompress(blob).decode())


def letters(name: str) -> str:
    """Two blanks around each word, so that its first and last letters have trigrams of their own."""
    return f"  {'  '.join(fold(name).split())}  "


def _sound(name: str) -> str:
    return name_code(fold(name))


@lru_cache(maxsize=256)
def _code(source: str) -> str:
    return as_code(fold(source))


FUNCTIONS: Functions = {
    "clm_words": (1, as_indexed, True),
    "clm_body": (1, _body, True),
    "clm_letters": (1, letters, True),
    "clm_sound": (1, _sound, True),
    "clm_code": (1, _code, True),
}
"""Needed by every connection that writes, migrates or searches."""


def register(raw: Any) -> None:
    """Give them to a driver connection."""
    for name, (arguments, function, deterministic) in FUNCTIONS.items():
        raw.create_function(name, arguments, function, deterministic=deterministic)
