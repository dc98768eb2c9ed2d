"""A founded agency for tests: founded once a session, copied for each test."""

from __future__ import annotations

import shutil
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from clementine_crm.bootstrap import Desk, found, open_desk
from clementine_crm.clock import PARIS
from clementine_crm.keys.keyfile import Unlocked

EMAIL = "camille.ott@example.org"
NAME = "Camille Ott"
AGENCY = "Varangue"
PASSWORD = "Xk7!glorieux-matin"
FIRST_DAY = date(2026, 11, 24)


@dataclass
class TestClock:
    """Stands still until a test moves it."""

    __test__ = False
    at: datetime = field(
        default_factory=lambda: datetime(2026, 11, 24, 9, 0, tzinfo=PARIS).astimezone(UTC)
    )

    def now(self) -> datetime:
        return self.at

    def today(self) -> date:
        return self.at.astimezone(PARIS).date()

    def pass_time(self, **delta: float) -> None:
        self.at += timedelta(**delta)


@dataclass(frozen=True)
class Founded:
    """A home that nobody has worked in, its keys, and its 24 words."""

    folder: Path
    unlocked: Unlocked
    words: list[str]

    def copy(self, target: Path) -> Path:
        shutil.copytree(self.folder, target)
        return target

    def open(self, target: Path, clock: TestClock | None = None) -> Desk:
        """A desk over a copy of its own."""
        return open_desk(self.copy(target), self.unlocked, clock or TestClock())


def founded(folder: Path) -> Founded:
    unlocked, words = found(folder, AGENCY, NAME, EMAIL, PASSWORD, TestClock())
    return Founded(folder, unlocked, words)
