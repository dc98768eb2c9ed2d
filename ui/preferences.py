"""What this desktop remembers of its window: language, look, size, place. No word of a person.

Kept in ``window.json`` in the home, beside the base, so that the unlock page already speaks the
right language. A file that cannot be read or written is only the defaults once more.
"""

from __future__ import annotations

import contextlib
import json
import os
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from typing import Any

from PySide6.QtCore import QLocale

from clementine_crm.errors import StorageError
from clementine_crm.files import replace_file
from clementine_crm.words import LANGUAGES

NAME = "window.json"
LOOKS = ("auto", "light", "dark")
VARIABLE = "CLEMENTINE_LANG"
_LARGEST = 64 * 1024


@dataclass(frozen=True)
class Preferences:
    """``lang`` "" follows the system; ``frame`` is left, top, width, height of the window."""

    lang: str = ""
    look: str = "auto"
    frame: tuple[int, int, int, int] | None = None
    maximised: bool = False
    folded: bool = False
    place: str = ""
    copy_folder: str = ""

    @property
    def language(self) -> str:
        """The language of the screen: chosen, asked for by the environment, or the system's."""
        for wanted in (self.lang, os.environ.get(VARIABLE, "")):
            if wanted in LANGUAGES:
                return wanted
        english = QLocale.system().language() == QLocale.Language.English
        return "en" if english else "fr"


def load(home: Path) -> Preferences:
    """What was kept; whatever does not fit is left at its default."""
    try:
        path = home / NAME
        if path.stat().st_size > _LARGEST:
            return Preferences()
        found = json.loads(path.read_bytes())
    except (OSError, ValueError, RecursionError):
        return Preferences()
    if not isinstance(found, dict):
        return Preferences()
    known = {f.name: found[f.name] for f in fields(Preferences) if f.name in found}
    return Preferences(**dict(_checked(known)))


def _checked(found: dict[str, Any]) -> list[tuple[str, Any]]:
    kept: list[tuple[str, Any]] = []
    for name, value in found.items():
        if name == "frame":
            numbers = isinstance(value, list) and all(type(n) is int for n in value)
            if numbers and len(value) == 4 and min(value[2:]) > 0:
                kept.append((name, tuple(value)))
        elif type(value) is type(getattr(Preferences(), name)):
            kept.append((name, value))
    return [pair for pair in kept if pair[0] != "look" or pair[1] in LOOKS]


def save(home: Path, kept: Preferences) -> None:
    """Keep it, when there is a home to keep it in."""
    if not home.is_dir():
        return
    data = json.dumps(asdict(kept), ensure_ascii=False, indent=1).encode() + b"\n"
    with contextlib.suppress(StorageError):
        replace_file(home / NAME, data)
