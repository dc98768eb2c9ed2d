"""A real home for each test: an encrypted base, sealed files, a reader process."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from clementine_crm.bootstrap import Desk
from tests.support.agency import Founded, TestClock, founded


@pytest.fixture(scope="session")
def agency(tmp_path_factory: pytest.TempPathFactory) -> Founded:
    return founded(tmp_path_factory.mktemp("founded") / "home")


@pytest.fixture
def clock() -> TestClock:
    return TestClock()


@pytest.fixture
def desk(agency: Founded, clock: TestClock, tmp_path: Path) -> Iterator[Desk]:
    desk = agency.open(tmp_path / "home", clock)
    yield desk
    desk.close()
