"""Who opens the bench's homes. Light: the window's start is measured through it."""

from __future__ import annotations

import os
from pathlib import Path

from clementine_crm.keys import keyfile

EMAIL = "bench@example.org"
PASSWORD = "Xk7!glorieux-matin"  # of an invented person, in a home that is thrown away


def password() -> str:
    """``CLEMENTINE_PASSWORD``, otherwise the bench's own."""
    return os.environ.get("CLEMENTINE_PASSWORD") or PASSWORD


def opener(folder: Path) -> tuple[str, str]:
    """Who opens a home, and how."""
    return keyfile.last_user(folder), password()
