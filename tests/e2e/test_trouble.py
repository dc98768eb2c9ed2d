"""What goes wrong with a home: one sentence each, the exit code of the page, not a byte changed."""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import sqlcipher3.dbapi2 as driver

from clementine_crm.bootstrap import open_desk
from clementine_crm.queries.inbox import inbox
from clementine_crm.store.engine import damaged_pages
from clementine_crm.store.home import Home
from tests.e2e.conftest import run
from tests.support.agency import PASSWORD, Founded
from tests.support.exports import flamingo

LISTING = ("mission", "list")


def marks(home: Path) -> dict[str, str]:
    """What must not change; the throttle counts wrong passwords beside it."""
    return {
        path.name: hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(home.rglob("*"))
        if path.is_file() and path.name not in {"home.lock", "unlock_failures.json"}
    }


def test_a_newer_schema_is_refused_untouched(home: Path, agency: Founded) -> None:
    connection = driver.connect(str(home / "base.db"), isolation_level=None)
    connection.execute(f"PRAGMA key = \"x'{agency.unlocked.db_key.hex()}'\"")
    connection.execute("UPDATE alembic_version SET version_num = '9999'")
    connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    connection.close()
    before = marks(home)
    ran = run(*LISTING, home=home)
    assert (ran.code, ran.error) == (4, "base_newer")
    assert marks(home) == before


def test_missing_keys_are_named_untouched(home: Path) -> None:
    for name in ("keys.json", "keys.backup.json"):
        (home / name).unlink()
    before = marks(home)
    ran = run(*LISTING, home=home)
    assert (ran.code, ran.error) == (4, "keys_missing")
    assert str(home) in ran.err
    assert marks(home) == before


def test_a_wrong_password_is_refused_untouched(home: Path) -> None:
    before = marks(home)
    ran = run(*LISTING, home=home, CLEMENTINE_PASSWORD="wrong")
    assert (ran.code, ran.error) == (3, "wrong_password")
    assert {k: v for k, v in marks(home).items() if k in before} == before


def test_a_page_changed_by_a_stranger_is_told(home: Path, agency: Founded) -> None:
    base = home / "base.db"
    data = bytearray(base.read_bytes())
    data[-2000] ^= 0xFF
    base.write_bytes(data)
    ran = run("doctor", home=home)
    assert ran.code == 4
    assert ran.error == "base_damaged", ran
    assert base.read_bytes()[: 4096 * 2] == bytes(data[: 4096 * 2])


def test_the_second_comer_is_told_that_the_home_is_busy(home: Path, tmp_path: Path) -> None:
    key = tmp_path / "clé"
    key.mkdir()
    with Home(home).locked():
        ran = run("backup", "run", "--to", key, home=home)
        assert (ran.code, ran.error) == (4, "home_busy")
        # Reading and deciding go on meanwhile.
        assert run(*LISTING, home=home).code == 0
    assert run("backup", "run", "--to", key, home=home).code == 0


def test_two_programs_write_to_one_home_at_once(home: Path, tmp_path: Path) -> None:
    exports = [
        flamingo(tmp_path / f"{name}-flamingo-inbound-2026-11-24.csv", 30, start)
        for name, start in (("a", 0), ("b", 30), ("c", 60))
    ]
    environment = {**os.environ, "CLEMENTINE_HOME": str(home), "CLEMENTINE_PASSWORD": PASSWORD}
    main = Path(__file__).parent.parent.parent / "main.py"
    running = [
        subprocess.Popen(
            [sys.executable, str(main), "import", str(path), "--json"],
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
        )
        for path in exports
    ]
    said = [process.communicate(timeout=150)[1] for process in running]
    assert [process.returncode for process in running] == [0, 0, 0], said
    assert len(run("triage", "list", home=home).json["items"]) == 90


@contextmanager
def small_disk(folder: Path, size: str) -> Iterator[Path]:
    """A disk of its own, as small as asked for; only root may mount one."""
    folder.mkdir()
    made = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", f"size={size}", "tmpfs", str(folder)],
        capture_output=True,
        check=False,
    )
    if made.returncode:
        # A container may refuse even root; without a disk of its own there is nothing to fill.
        pytest.skip("only root mounts a small disk")
    try:
        yield folder
    finally:
        subprocess.run(["umount", "-l", str(folder)], check=True, capture_output=True)


@pytest.mark.slow
@pytest.mark.timeout(600)
# Mounting is of Linux and of root; .ci/run is both.
@pytest.mark.skipif(sys.platform == "win32" or os.geteuid() != 0, reason="mounts a small disk")
def test_a_full_disk_loses_nothing_and_the_same_import_goes_on(
    agency: Founded, tmp_path: Path
) -> None:
    path = flamingo(tmp_path / "site-flamingo-inbound-2026-11-24.csv", 800)
    with small_disk(tmp_path / "disk", "4m") as disk:
        home = agency.copy(disk / "home")
        ran = run("import", path, home=home)
        assert (ran.code, ran.error) == (4, "disk_full")
        assert len(ran.err.strip().splitlines()) == 1
        subprocess.run(
            ["mount", "-o", "remount,size=64m", str(disk)], check=True, capture_output=True
        )
        desk = open_desk(home, agency.unlocked)
        try:
            kept = len(inbox(desk.reading).rows)
            assert damaged_pages(desk.engines.read) == []
        finally:
            desk.close()
        assert 0 < kept < 800
        again = run("import", path, home=home).json
        assert again["accepted"] == 800 - kept
        assert again["already_known"] == kept
