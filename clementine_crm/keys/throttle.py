"""Wrong passwords slow the next try: five are free, then the wait doubles up to a quarter hour.

The counter lies in a file of its own: a wrong password changes no byte of the base or the keys. Who
can delete it can also copy the home and guess elsewhere; against him stands Argon2id, not this.
"""

from __future__ import annotations

import contextlib
import json
import math
from pathlib import Path

from clementine_crm.clock import Clock
from clementine_crm.errors import Busy, StorageError
from clementine_crm.files import replace_file

NAME = "unlock_failures.json"
FREE_TRIES = 5
FIRST_WAIT = 5
LONGEST_WAIT = 900


def _read(folder: Path) -> tuple[int, float]:
    try:
        found = json.loads((folder / NAME).read_bytes())
        return int(found["failures"]), float(found["last"])
    except FileNotFoundError:
        return 0, 0.0
    except (OSError, ValueError, KeyError, TypeError, OverflowError):
        # Torn or forged: as if the free tries were used up, long ago.
        return FREE_TRIES, 0.0


def wait(folder: Path, clock: Clock) -> int:
    """Seconds to wait before the next try, 0 when none."""
    failures, last = _read(folder)
    if failures < FREE_TRIES:
        return 0
    delay = min(LONGEST_WAIT, FIRST_WAIT << min(failures - FREE_TRIES, 20))
    # A clock set back must neither free the next try nor lock for years.
    passed = max(0.0, clock.now().timestamp() - last)
    return max(0, math.ceil(delay - passed))


def check(folder: Path, clock: Clock) -> None:
    """Busy ``unlock_wait`` with the seconds left."""
    seconds = wait(folder, clock)
    if seconds:
        raise Busy("unlock_wait", n=seconds)


def failed(folder: Path, clock: Clock) -> None:
    """Count one more; on a read-only or full disk nothing can be counted."""
    failures, _ = _read(folder)
    data = json.dumps({"failures": failures + 1, "last": clock.now().timestamp()}).encode()
    with contextlib.suppress(StorageError):
        replace_file(folder / NAME, data)


def succeeded(folder: Path) -> None:
    """Forget the failures."""
    with contextlib.suppress(OSError):
        (folder / NAME).unlink(missing_ok=True)
