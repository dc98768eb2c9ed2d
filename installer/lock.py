"""Write requirements.lock anew from pyproject.toml: ``python -m installer lock [--upgrade NAME]``.

What is locked stays as it is unless pyproject.toml forbids it or it is named. One lock for every
system and Python: markers tell who needs what; no index is named.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from installer.fetch import uv
from installer.stamp import Stamp
from installer.workshop import ROOT, Build, BuildError

OLDEST_PYTHON = "3.11"


def main(arguments: list[str] | None = None) -> int:
    """Exit codes: 0 written, 1 not."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--upgrade", action="append", default=[], metavar="NAME")
    parser.add_argument("--out", type=Path, default=ROOT / "build" / "windows")
    options = parser.parse_args(arguments)
    build = Build(options.out.resolve(), ROOT, Stamp("0.0.0"))
    try:
        uv(build)(
            *("pip", "compile", "-q", "--universal", "--generate-hashes", "--no-header"),
            *("--python-version", OLDEST_PYTHON, "--group", f"{ROOT / 'pyproject.toml'}:dev"),
            *(f"--upgrade-package={name}" for name in options.upgrade),
            *("-o", str(ROOT / "requirements.lock"), str(ROOT / "pyproject.toml")),
            what="Resolving pyproject.toml",
        )
    except BuildError as error:
        print(f"FAILED: {error}", file=sys.stderr)
        return 1
    return 0
