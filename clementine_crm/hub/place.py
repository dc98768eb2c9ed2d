"""Whether a folder may hold this agency's copy, and the small file that says whose it is."""

from __future__ import annotations

import contextlib
import json
import os
from pathlib import Path

from clementine_crm.errors import (
    Corrupt,
    NotFound,
    RuleViolation,
    SchemaTooNew,
    StorageError,
    UsageError,
)
from clementine_crm.hub import ring
from clementine_crm.hub.ports import Identity
from clementine_crm.hub.shelf import Shelf

NAME = "copy.json"
FORMAT = 1
_MOST = 4_096


def open_for_writing(folder: Path, home: Path, identity: Identity) -> Shelf:
    """The folder, claimed for this agency; made when only its parent stands.

    UsageError ``copy_inside_home``, ``copy_folder_missing`` (a key that is not plugged in must not
    become a folder of the disk), ``copy_folder_is_file``; RuleViolation ``copy_other_agency``.
    """
    real, real_home = Path(os.path.realpath(folder)), Path(os.path.realpath(home))
    if real == real_home or real_home in real.parents:
        raise UsageError("copy_inside_home", folder=str(folder))
    if real.exists() and not real.is_dir():
        raise UsageError("copy_folder_is_file", folder=str(folder))
    if not real.exists():
        if not real.parent.is_dir():
            raise UsageError("copy_folder_missing", folder=str(folder))
        try:
            real.mkdir()
        except OSError:
            raise StorageError("copy_read_only", folder=str(folder)) from None
    shelf = Shelf(folder)
    owner = agency_of(shelf)
    if owner not in (None, identity.agency):
        raise RuleViolation("copy_other_agency", folder=str(folder))
    said = {"product": "Clémentine CRM", "format": FORMAT, "agency": identity.agency.hex()}
    shelf.put(NAME, json.dumps(said, ensure_ascii=False, indent=1).encode() + b"\n")
    return shelf


def open_for_reading(folder: Path) -> Shelf:
    """A folder that holds a copy; NotFound ``copy_none_here``, SchemaTooNew ``copy_newer``."""
    shelf = Shelf(folder)
    if not folder.is_dir() or agency_of(shelf) is None:
        raise NotFound("copy_none_here", folder=str(folder))
    return shelf


def agency_of(shelf: Shelf) -> bytes | None:
    """Whose copy this folder is, by its small file or else by its keys; None when neither says."""
    with contextlib.suppress(NotFound, ValueError, KeyError, TypeError, RecursionError):
        said = json.loads(shelf.get(NAME, _MOST))
        if said["format"] > FORMAT:
            raise SchemaTooNew("copy_newer")
        return bytes.fromhex(said["agency"])
    with contextlib.suppress(Corrupt):
        return ring.agency_of(ring.read_newest(shelf))
    return None
