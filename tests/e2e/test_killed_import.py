"""kill -9 in the middle of an import: whole items only, and the same import finishes the rest."""

from __future__ import annotations

import contextlib
import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from clementine_crm.bootstrap import open_desk
from clementine_crm.queries import house
from clementine_crm.queries.inbox import inbox, item
from tests.e2e.conftest import PASSWORD, ROOT
from tests.support.agency import Founded
from tests.support.exports import flamingo

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="kill -9 is of POSIX")


def importing(home: Path, path: Path) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [sys.executable, str(ROOT / "main.py"), "import", str(path), "--json"],
        env={**os.environ, "CLEMENTINE_HOME": str(home), "CLEMENTINE_PASSWORD": PASSWORD},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )


def killed_after(home: Path, path: Path, commits: int) -> None:
    """Start the import and kill its whole group once the WAL has grown so many times."""
    process = importing(home, path)
    wal, sizes = home / "base.db-wal", set[int]()
    while process.poll() is None and len(sizes) < commits:
        # The WAL is made by the first write and taken away by a clean end.
        with contextlib.suppress(FileNotFoundError):
            sizes.add(wal.stat().st_size)
        time.sleep(0.001)  # a poll of a file, not a wait for a result
    if process.poll() is None:
        os.killpg(process.pid, signal.SIGKILL)
    process.wait(30)


def check_whole(home: Path, agency: Founded) -> int:
    """Every item there is whole, and counted by the batch that made it."""
    desk = open_desk(home, agency.unlocked)
    try:
        queue = inbox(desk.reading)
        for row in random.Random(len(queue.rows)).sample(queue.rows, min(20, len(queue.rows))):
            view = item(desk.reading, row.id)
            assert view.emails
            assert view.message.startswith("Motivation numéro")
            assert {f.name for f in view.fields} >= {"given_name", "family_name", "email"}
        counted = house.batches(desk.reading)
        assert sum(b.accepted for b in counted) == len(queue.rows)
        for batch in counted:
            assert batch.read == batch.accepted + batch.already_known + batch.rejected
        return len(queue.rows)
    finally:
        desk.close()


def finish(home: Path, agency: Founded, path: Path, rows: int) -> None:
    assert importing(home, path).wait() == 0
    assert check_whole(home, agency) == rows


@pytest.mark.slow
@pytest.mark.timeout(600)
def test_three_kills_lose_and_double_nothing(agency: Founded, tmp_path: Path) -> None:
    home = agency.copy(tmp_path / "home")
    path = flamingo(tmp_path / "site-flamingo-inbound-2026-11-24.csv", 400)
    for commits in (2, 4, 7):
        killed_after(home, path, commits)
        check_whole(home, agency)
    finish(home, agency, path, 400)


@pytest.mark.slow
@pytest.mark.timeout(1500)
def test_twenty_kills_of_an_import_of_five_thousand_rows(agency: Founded, tmp_path: Path) -> None:
    home = agency.copy(tmp_path / "home")
    path = flamingo(tmp_path / "site-flamingo-inbound-2026-11-24.csv", 5000)
    chance = random.Random(20261124)
    grown = [0]
    for _ in range(20):
        killed_after(home, path, chance.randint(1, 12))
        grown.append(check_whole(home, agency))
    assert grown == sorted(grown)
    assert grown[-1] < 5000
    finish(home, agency, path, 5000)
