"""``.venv`` from ``requirements.lock``: exactly the locked packages, checked by their hashes.

Interrupted, it goes on where it was: what is whole stays, what is half there is put in again.
"""

from __future__ import annotations

import contextlib
import csv
import hashlib
import json
import os
import re
import shlex
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

from installer import pip_settings
from installer.trouble import from_words

BATCH = 30  # packages a call of pip: what is lost when the line breaks
_QUIET = ("--disable-pip-version-check", "--no-input")
_POINTER = "clementine_tree.pth"
_TOOLS = frozenset({"pip", "setuptools", "wheel"})
_ASK = """
import json, sys, sysconfig
print(json.dumps([sys.prefix != sys.base_prefix, list(sys.version_info[:2]),
                  sysconfig.get_path("purelib")]))
"""
_ODD = ("PYTHONHOME", "PYTHONPATH", "PYTHONSTARTUP", "VIRTUAL_ENV", "__PYVENV_LAUNCHER__")


def clean_environment() -> dict[str, str]:
    """This environment without what bends another Python."""
    return {name: value for name, value in os.environ.items() if name not in _ODD}


def blocks(lock: str) -> dict[str, str]:
    """A lock's entries, each with its hashes, under the package's plain name."""
    found = {}
    for entry in re.split(r"^(?=[a-zA-Z0-9])", lock, flags=re.MULTILINE):
        name = re.match(r"[A-Za-z0-9._-]+", entry)
        if name:
            found[plain(name[0])] = entry
    return found


def plain(name: str) -> str:
    """A package's name as PEP 503 compares it."""
    return re.sub(r"[-_.]+", "-", name).lower()


def half_installed(site: Path) -> list[Path]:
    """``.dist-info`` folders whose RECORD is missing or lists a file that is not there whole."""
    return [folder for folder in sorted(site.glob("*.dist-info")) if not _whole(site, folder)]


def _whole(site: Path, folder: Path) -> bool:
    try:
        with (folder / "RECORD").open(encoding="utf-8", newline="") as file:
            rows = [row for row in csv.reader(file) if len(row) == 3]
        sizes = [(name, int(size)) for name, _, size in rows if size and not name.endswith(".pyc")]
        return bool(sizes) and all((site / name).stat().st_size == size for name, size in sizes)
    except (OSError, ValueError):
        return False


class Environment:
    """The ``.venv`` of one working tree."""

    def __init__(self, root: Path) -> None:
        self.folder = root / ".venv"
        self._lock = root / "requirements.lock"
        self._stamp = self.folder / "set-up.stamp"
        self._log = self.folder / "set-up.log"

    @property
    def python(self) -> Path:
        """Its interpreter."""
        return self.folder / ("Scripts/python.exe" if os.name == "nt" else "bin/python")

    def ready(self) -> bool:
        """Whether nothing is to be done."""
        try:
            return self._stamp.read_text("utf-8") == self._state()
        except OSError:
            return False

    def make(self, say: Callable[..., None]) -> None:
        """Do what is still to be done. SetUpError or OSError when it cannot."""
        with contextlib.suppress(FileNotFoundError):
            self._stamp.unlink()
        if not self._usable():
            say("setup.venv", folder=self.folder.name)
            self._create()
        site = Path(self._answer()[2])
        self._mend(site)
        self._install(say)
        self._tidy(site)
        self._point(site)
        broken = half_installed(site)
        if broken:
            raise from_words(f"ERROR: {broken[0].name}", str(self._log))
        self._stamp.write_text(self._state(), "utf-8")

    def _state(self) -> str:
        """What a finished ``.venv`` stands for: the lock, the place, the Python and what is added."""
        lock = hashlib.sha256(self._lock.read_bytes()).hexdigest()
        return f"{lock}\n{self.folder}\n{self._answer()[1]}\n{_POINTER}\n"

    def _answer(self) -> tuple[bool, tuple[int, ...], str]:
        """Its Python's word: is it a venv, which version, where do packages go. OSError."""
        ran = subprocess.run(
            [str(self.python), "-I", "-c", _ASK],
            capture_output=True,
            text=True,
            encoding="utf-8",
            env=clean_environment() | {"PYTHONIOENCODING": "utf-8"},
            check=False,
        )
        try:
            inside, version, site = json.loads(ran.stdout)
        except ValueError:
            raise OSError(f"{self.python}: {ran.stderr[-300:]}") from None
        return inside, tuple(version), site

    def _usable(self) -> bool:
        try:
            inside, version, site = self._answer()
        except OSError:
            return False
        tools = list(Path(site).glob("pip-*.dist-info"))
        return inside and version >= (3, 11) and bool(tools) and _whole(Path(site), tools[0])

    def _create(self) -> None:
        ran = subprocess.run(
            [sys.executable, "-I", "-m", "venv", "--clear", str(self.folder)],
            capture_output=True,
            text=True,
            errors="replace",
            env=clean_environment(),
            check=False,
        )
        if ran.returncode:
            raise from_words(ran.stdout + ran.stderr, "python -m venv")

    def _mend(self, site: Path) -> None:
        """Take away the card of what is half installed, so that pip installs it again."""
        for folder in half_installed(site):
            shutil.rmtree(folder)
        for leftover in site.glob("~*"):  # what pip was moving aside
            shutil.rmtree(leftover, ignore_errors=True)

    def _pip(self, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [str(self.python), "-m", "pip", *_QUIET, *arguments],
            capture_output=True,
            text=True,
            errors="replace",
            stdin=subprocess.DEVNULL,
            cwd=self.folder,
            env=environment or None,
            check=False,
        )

    def _install(self, say: Callable[..., None]) -> None:
        # -vvv: a configured "quiet" would silence the list.
        listing = self._pip("-vvv", "config", "list", **clean_environment()).stdout
        settings = pip_settings.environment(pip_settings.roads(listing), clean_environment())
        entries = blocks(self._lock.read_text("utf-8"))
        part = self.folder / "set-up.part"
        self._log.write_text("", "utf-8")
        for done, batch in _batches(list(entries.values())):
            say("setup.libraries", first=done + 1, last=done + len(batch), total=len(entries))
            part.write_text("".join(batch), "utf-8")
            ran = self._pip(
                *("install", "--require-hashes", "--no-deps", "--only-binary", ":all:"),
                *("--progress-bar", "off", "-r", part.name),
                **settings,
            )
            with self._log.open("a", encoding="utf-8") as log:
                log.write(ran.stdout + ran.stderr)
            if ran.returncode:
                raise from_words(ran.stdout + ran.stderr, str(self._log))
        part.unlink()

    def _tidy(self, site: Path) -> None:
        """Take out what an earlier lock brought and this one does not."""
        keep = blocks(self._lock.read_text("utf-8")).keys() | _TOOLS
        there = {plain(folder.name.partition("-")[0]) for folder in site.glob("*.dist-info")}
        if there - keep:
            settings = pip_settings.environment({}, clean_environment())
            self._pip("uninstall", "-y", *sorted(there - keep), **settings)

    def _point(self, site: Path) -> None:
        """Let this Python find the tree, and pytest its settings.

        pytest takes the value of an option it does not know yet for a folder of tests, and looks for
        its settings beside it: ``pytest --samples DIR`` would find none.
        """
        root = self.folder.parent
        options = shlex.quote(f"--config-file={(root / 'pyproject.toml').as_posix()}")
        line = (
            f"import os, sys; sys.path.append({str(root)!a}); "
            f"os.environ.setdefault('PYTEST_ADDOPTS', {options!a})\n"
        )
        (site / _POINTER).write_text(line, "ascii")


def _batches(entries: list[str]) -> Iterator[tuple[int, list[str]]]:
    for start in range(0, len(entries), BATCH):
        yield start, entries[start : start + BATCH]
