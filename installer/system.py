"""What Debian must bring: the packages of .ci/packages.txt, and Python's own venv."""

from __future__ import annotations

import importlib.util
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

from installer.trouble import SetUpError, from_words

_APT = ["apt-get", "-o", "DPkg::Lock::Timeout=120"]
_INSTALL = ["install", "--no-install-recommends", "-y"]
_QUERY = "${db:Status-Status}\\t${Package}\\t${Provides}\\n"


def wanted(packages: Path) -> list[str]:
    """The names a list asks for, one a line, ``#`` begins a remark."""
    lines = (line.partition("#")[0].strip() for line in packages.read_text("utf-8").splitlines())
    return [line for line in lines if line]


def provided(listing: str) -> set[str]:
    """Names that dpkg-query's answer answers for: installed packages and what they provide.

    ``libglib2.0-0t64`` provides ``libglib2.0-0`` on newer Debians.
    """
    found: set[str] = set()
    for line in listing.splitlines():
        status, name, provides = line.split("\t")
        if status == "installed":
            found.add(name)
            found.update(part.split()[0] for part in provides.split(",") if part.strip())
    return found


def missing(packages: Path) -> list[str]:
    """What apt-get should install on this machine; empty where dpkg does not rule."""
    if not (shutil.which("dpkg-query") and shutil.which("apt-get")):
        return []
    listing = subprocess.run(
        ["dpkg-query", "-W", "-f", _QUERY], capture_output=True, text=True, check=False
    ).stdout
    have = provided(listing)
    lacking = [name for name in wanted(packages) if name not in have]
    if importlib.util.find_spec("ensurepip") is None:  # Debian keeps it in a package of its own
        lacking.append(f"python{sys.version_info.major}.{sys.version_info.minor}-venv")
    return lacking


def is_root() -> bool:
    """Whether packages may be installed without asking anybody."""
    return hasattr(os, "geteuid") and os.geteuid() == 0


def install(packages: Path, say: Callable[..., None]) -> None:
    """Bring the machine what it lacks. SetUpError with the line to run when not root."""
    lacking = missing(packages)
    if not lacking:
        return
    if not is_root():
        raise SetUpError("setup_packages", command=" ".join(["sudo apt-get", *_INSTALL, *lacking]))
    say("setup.packages", n=len(lacking))
    for arguments in (["update", "-q"], [*_INSTALL, "-q", *lacking]):
        ran = subprocess.run(
            [*_APT, *arguments],
            capture_output=True,
            text=True,
            errors="replace",
            stdin=subprocess.DEVNULL,
            env={**os.environ, "DEBIAN_FRONTEND": "noninteractive", "LC_ALL": "C"},
            check=False,
        )
        # An update that could not reach every source is no reason to stop: the lists may serve.
        if ran.returncode and arguments[0] != "update":
            raise from_words(ran.stdout + ran.stderr, "apt-get")
