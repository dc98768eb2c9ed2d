"""One command's surroundings: the home, who acts, the password found headless, the desk opened."""

from __future__ import annotations

import getpass
import os
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from types import FrameType
from typing import Protocol

from clementine_crm.bootstrap import Desk, default_home, open_desk, unlock
from clementine_crm.clock import SystemClock
from clementine_crm.errors import NotAllowed, UsageError, WrongKey
from clementine_crm.jobs import JobContext
from clementine_crm.keys import keyfile, keystore
from clementine_crm.keys.keyfile import Unlocked
from clementine_crm.parts import Parts
from clementine_crm.words import Words

# Names of variables, not secrets.
PASSWORD_VARIABLE = "CLEMENTINE_PASSWORD"  # noqa: S105
NEW_PASSWORD_VARIABLE = "CLEMENTINE_NEW_PASSWORD"  # noqa: S105
RECOVERY_VARIABLE = "CLEMENTINE_RECOVERY_KEY"
_BAR = 24


@dataclass
class Answer:
    """What a command gives: ``data`` for ``--json``, ``lines`` for people, the exit code."""

    data: dict[str, object]
    lines: list[str] = field(default_factory=list)
    code: int = 0


class Window(Protocol):
    """What the window offers to the command line; ``main.py`` hands it in."""

    def show(self, parts: Parts) -> int:
        """Open the window on a home and stay until it is closed; the exit code."""
        ...

    def pictures(self, parts: Parts, folder: Path) -> list[Path]:
        """One picture a screen."""
        ...

    def draws(self) -> str:
        """Draw a window; empty when it worked, otherwise what failed."""
        ...


@dataclass
class Session:
    """The common options, and what they lead to; ``password`` is known once it opened something."""

    home: Path
    words: Words
    user: str = ""
    as_of: date | None = None
    password_file: Path | None = None
    json: bool = False
    window: Window | None = None
    password: str | None = None

    @property
    def clock(self) -> SystemClock:
        return SystemClock(self.as_of)

    @contextmanager
    def desk(self) -> Iterator[Desk]:
        """The agency of this home, opened for the acting user, closed at the end."""
        desk = open_desk(self.home, self.unlocked(), self.clock)
        try:
            yield desk
        finally:
            desk.close()

    def unlocked(self) -> Unlocked:
        """By password file, variable, key store, terminal; NotAllowed ``no_password`` otherwise."""
        given = self.given_password()
        if given is None:
            stored = self._from_key_store()
            if stored is not None:
                return stored
            given = ask_secret(self.words("cli.password"))
        if given is None:
            raise NotAllowed("no_password")
        self.password = given
        return unlock(self.home, self.user, given, self.clock)

    def given_password(self) -> str | None:
        """The password as a file or a variable gives it."""
        if self.password_file is not None:
            return read_secret(self.password_file)
        return os.environ.get(PASSWORD_VARIABLE)

    def _from_key_store(self) -> Unlocked | None:
        if not keyfile.exists(self.home):
            return None
        email = self.user or keyfile.last_user(self.home)
        key = keystore.from_key_store(keyfile.home_id(self.home), email)
        if key is None:
            return None
        try:
            return keyfile.unlock_with_key(self.home, email, key)
        except WrongKey:
            return None

    @contextmanager
    def job(self) -> Iterator[JobContext]:
        """A job with a progress line on a terminal; Ctrl C stops it between two items."""
        job = JobContext(progress=self._progress)

        def stop(number: int, frame: FrameType | None) -> None:
            del number, frame
            job.cancel.set()

        former = signal.signal(signal.SIGINT, stop)
        try:
            yield job
        finally:
            signal.signal(signal.SIGINT, former)
            if sys.stderr.isatty():
                sys.stderr.write("\r\x1b[K")

    def _progress(self, done: int, total: int, text: str) -> None:
        if not sys.stderr.isatty():
            return
        filled = _BAR * done // total if total else 0
        bar = "█" * filled + "·" * (_BAR - filled)
        count = f"{done}/{total}" if total else str(done)
        sys.stderr.write(f"\r\x1b[K{bar} {count} {text[:48]}")
        sys.stderr.flush()


def home_of(given: str | None) -> Path:
    """``--home``, ``CLEMENTINE_HOME``, or the user's data folder."""
    return Path(given) if given else default_home()


def read_secret(path: Path) -> str:
    """The first line of a password file. UsageError ``password_file_unreadable``."""
    try:
        text = path.read_text("utf-8-sig")
    except (OSError, UnicodeDecodeError):
        raise UsageError("password_file_unreadable", path=str(path)) from None
    return text.splitlines()[0] if text else ""


def ask_secret(prompt: str) -> str | None:
    """A secret typed at the terminal; None where there is no terminal."""
    if not sys.stdin.isatty():
        return None
    try:
        return getpass.getpass(prompt, stream=sys.stderr)
    except (EOFError, KeyboardInterrupt):
        return None
