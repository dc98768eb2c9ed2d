"""``python -m installer build`` makes the Windows TEST set-up, ``smoke`` tries it under wine, ``lock``
pins the dependencies."""

from __future__ import annotations

import sys

from installer import build, lock, smoke

STEPS = {"build": build.main, "smoke": smoke.main, "lock": lock.main}

if __name__ == "__main__":
    if sys.argv[1:2] and sys.argv[1] in STEPS:
        sys.exit(STEPS[sys.argv[1]](sys.argv[2:]))
    sys.exit(f"python -m installer {{{','.join(STEPS)}}} [--help]")
