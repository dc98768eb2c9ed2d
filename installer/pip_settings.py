"""pip's settings on this machine: the way to the packages is kept, everything else is not.

A company's mirror, proxy and certificates must serve; a ``user``, ``target``, ``constraint`` or
``no-binary`` meant for another purpose must not reach into ``.venv``.
"""

from __future__ import annotations

import ast
import os
import re
from collections.abc import Mapping

_ROADS = """
    index-url extra-index-url no-index find-links trusted-host proxy cert client-cert timeout
    default-timeout retries cache-dir no-cache-dir keyring-provider
"""
ROADS = frozenset(_ROADS.split())
# Sections from the general to the particular: the last word wins, as in pip.
_SECTIONS = ("global", "install", ":env:")
_LINE = re.compile(r"(global|install|:env:)\.([a-z-]+)=(.+)")


def roads(listing: str) -> dict[str, str]:
    """The settings to keep, from what ``pip config list`` prints."""
    found: dict[str, str] = {}
    lines = [match for line in listing.splitlines() if (match := _LINE.fullmatch(line.strip()))]
    for section in _SECTIONS:
        for match in lines:
            if match[1] == section and match[2] in ROADS:
                found[match[2]] = str(ast.literal_eval(match[3]))
    return found


def environment(kept: Mapping[str, str], given: Mapping[str, str]) -> dict[str, str]:
    """The environment for pip: this one, without any setting of pip or Python but the kept."""
    clean = {
        name: value
        for name, value in given.items()
        if not name.upper().startswith("PIP_") and name not in {"PYTHONHOME", "PYTHONPATH"}
    }
    settings = {f"PIP_{name.upper().replace('-', '_')}": text for name, text in kept.items()}
    # Five tries keep a person without a network waiting for minutes.
    return clean | {"PIP_RETRIES": "2"} | settings | {"PIP_CONFIG_FILE": os.devnull}
