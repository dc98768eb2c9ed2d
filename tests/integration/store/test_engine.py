"""The encrypted base: opened as measured, and unharmed by whatever goes wrong."""

import hashlib
import os
import resource
import subprocess
import sys
import time

import pytest
import sqlcipher3.dbapi2 as driver
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from clementine_crm.errors import Busy, Cancelled, Corrupt, DiskFull, StorageError
from clementine_crm.store.engine import (
    checkpoint,
    damaged_pages,
    data_version,
    open_engine,
    rekey,
    translate,
    translated,
)

KEY = bytes(range(32))


@pytest.fixture
def base(tmp_path):
    path = tmp_path / "base.db"
    engine = open_engine(path, KEY, create=True)
    with engine.begin() as c:
        c.execute(text("CREATE TABLE person (id INTEGER PRIMARY KEY, name TEXT)"))
        c.execute(text("INSERT INTO person (name) VALUES ('Zéphyrine Canari')"))
    engine.dispose()
    return path


def hashes(folder):
    return {
        str(p.relative_to(folder)): hashlib.sha256(p.read_bytes()).hexdigest()
        for p in folder.rglob("*")
        if p.is_file()
    }


def pragma(engine, name):
    with engine.connect() as c:
        return c.exec_driver_sql(f"PRAGMA {name}").scalar()


def test_every_setting_that_was_measured(base):
    engine = open_engine(base, KEY, cache_kb=1234)
    assert {
        name: pragma(engine, name)
        for name in (
            "journal_mode",
            "foreign_keys",
            "synchronous",
            "temp_store",
            "recursive_triggers",
            "secure_delete",
            "cache_size",
            "busy_timeout",
            "cipher_page_size",
        )
    } == {
        "journal_mode": "wal",
        "foreign_keys": 1,
        "synchronous": 1,
        "temp_store": 2,
        "recursive_triggers": 0,
        "secure_delete": 1,
        "cache_size": -1234,
        "busy_timeout": 5000,
        "cipher_page_size": "4096",
    }
    engine.dispose()


def test_nothing_readable_on_the_disk_and_no_key_in_the_engine(base):
    assert b"Canari" not in base.read_bytes()
    engine = open_engine(base, KEY)
    assert KEY.hex() not in repr(engine) + str(engine.url)
    with engine.connect() as c, pytest.raises(DBAPIError) as caught:
        c.execute(text("SELECT * FROM nope WHERE a = :secret"), {"secret": "Canari"})
    assert "Canari" not in str(caught.value)
    engine.dispose()


def test_tables_made_in_a_transaction_go_with_it(base):
    engine = open_engine(base, KEY)
    with engine.connect() as c:
        c.execute(text("CREATE TABLE half (a)"))
        c.execute(text("PRAGMA user_version = 7"))
        c.rollback()
    with engine.connect() as c:
        assert c.execute(text("SELECT count(*) FROM sqlite_schema WHERE name='half'")).scalar() == 0
    assert pragma(engine, "user_version") == 0
    engine.dispose()


def test_functions_reach_every_connection(base):
    engine = open_engine(base, KEY, functions={"twice": (1, lambda x: 2 * x, True)})
    with engine.connect() as a, engine.connect().execution_options(begin="BEGIN") as b:
        assert a.execute(text("SELECT twice(21)")).scalar() == 42
        assert b.execute(text("SELECT twice(21)")).scalar() == 42
        assert a.connection.driver_connection is not b.connection.driver_connection
    engine.dispose()


def test_a_reader_reads_on_while_a_writer_writes_and_cannot_write(base):
    writer, reader = open_engine(base, KEY), open_engine(base, KEY, readonly=True)
    with writer.begin() as w:
        w.execute(text("INSERT INTO person (name) VALUES ('B')"))
        with reader.connect() as r:
            assert r.execute(text("SELECT count(*) FROM person")).scalar() == 1
    with reader.connect() as r, pytest.raises(DBAPIError) as caught:
        r.execute(text("INSERT INTO person (name) VALUES ('C')"))
    assert translate(caught.value).key == "base_read_only"
    writer.dispose()
    reader.dispose()


def test_a_second_writer_waits_then_is_told(base):
    first, second = open_engine(base, KEY), open_engine(base, KEY)
    with first.begin() as c:
        c.execute(text("INSERT INTO person (name) VALUES ('B')"))
        with second.connect() as other:
            other.connection.driver_connection.execute("PRAGMA busy_timeout = 20")
            with pytest.raises(Busy) as caught, translated():
                other.execute(text("SELECT 1"))
        assert (caught.value.key, caught.value.retryable) == ("base_locked", True)
    first.dispose()
    second.dispose()


def test_a_foreign_commit_is_seen(base):
    watcher, writer = open_engine(base, KEY, readonly=True), open_engine(base, KEY)
    before = data_version(watcher)
    assert data_version(watcher) == before
    with writer.begin() as c:
        c.execute(text("INSERT INTO person (name) VALUES ('B')"))
    assert data_version(watcher) != before
    watcher.dispose()
    writer.dispose()


# what goes wrong: our error, and not a byte changed


def refuses(path, key, kind, word, capfd):
    before = hashes(path.parent)
    with pytest.raises(kind) as caught:
        open_engine(path, key)
    assert caught.value.key == word
    assert hashes(path.parent) == before
    assert capfd.readouterr() == ("", "")


def test_another_key(base, capfd):
    refuses(base, bytes(32), Corrupt, "base_damaged", capfd)


def test_another_key_on_a_base_that_died_open(base, capfd, tmp_path):
    crash(base)
    refuses(base, bytes(32), Corrupt, "base_damaged", capfd)


@pytest.mark.parametrize("how", ["head", "salt", "empty", "cut", "short", "text"])
def test_a_damaged_file(base, capfd, how):
    data = bytearray(base.read_bytes())
    if how == "head":
        data[100] ^= 1
    elif how == "salt":
        data[3] ^= 1
    elif how == "empty":
        data = b""
    elif how == "cut":
        data = data[: len(data) - 100]
    elif how == "short":
        data = data[:10]
    else:
        data = b"SQLite format 3\0" + bytes(8176)
    base.write_bytes(data)
    refuses(base, KEY, Corrupt, "base_damaged", capfd)


def test_a_missing_file_is_not_made(base, capfd):
    base.unlink()
    refuses(base, KEY, StorageError, "base_missing", capfd)


def test_a_page_damaged_further_on_is_named_and_said(base):
    engine = open_engine(base, KEY)
    with engine.begin() as c:
        c.execute(text("INSERT INTO person (name) VALUES (:n)"), [{"n": "x" * 900}] * 50)
    assert damaged_pages(engine) == []
    assert checkpoint(engine)
    engine.dispose()
    data = bytearray(base.read_bytes())
    data[5 * 4096 + 99] ^= 1
    base.write_bytes(data)
    engine = open_engine(base, KEY)
    with pytest.raises(Corrupt, match="base_damaged"), translated(), engine.connect() as c:
        c.execute(text("SELECT sum(length(name)) FROM person")).all()
    assert any("6" in line for line in damaged_pages(engine))
    engine.dispose()
    assert base.read_bytes() == bytes(data)


def test_creating_never_replaces(base, capfd):
    before = hashes(base.parent)
    with pytest.raises(StorageError, match="base_exists"):
        open_engine(base, KEY, create=True)
    assert hashes(base.parent) == before


FILL = """
import sys, resource, signal
from pathlib import Path
from sqlalchemy import text
from clementine_crm.errors import StorageError
from clementine_crm.store.engine import open_engine, translated
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
engine = open_engine(Path(sys.argv[1]), bytes(range(32)))
if sys.argv[2] == "limit":
    resource.setrlimit(resource.RLIMIT_FSIZE, (200_000, 200_000))
try:
    with translated(), engine.begin() as c:
        c.execute(text("INSERT INTO person (name) VALUES (:n)"), [{"n": "x" * 900}] * 5000)
        c.execute(text("PRAGMA cache_size = 1"))
except StorageError as error:
    print(error.key)
with engine.connect() as c:
    print(c.execute(text("SELECT count(*) FROM person")).scalar())
"""


@pytest.mark.skipif(sys.platform == "win32", reason="limits of POSIX")
def test_a_quota_takes_the_transaction_back(base):
    before = hashlib.sha256(base.read_bytes()).hexdigest()
    done = subprocess.run(
        [sys.executable, "-c", FILL, str(base), "limit"],
        check=False,
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert (done.stdout.split(), done.stderr) == (["base_io", "1"], "")
    engine = open_engine(base, KEY)
    with engine.connect() as c:
        assert c.execute(text("SELECT name FROM person")).scalars().all() == ["Zéphyrine Canari"]
    assert damaged_pages(engine) == []
    engine.dispose()
    assert hashlib.sha256(base.read_bytes()).hexdigest() == before


@pytest.fixture
def tiny_disk(tmp_path):
    folder = tmp_path / "tiny"
    folder.mkdir()
    mounted = sys.platform == "linux" and os.geteuid() == 0
    mounted = (
        mounted
        and not subprocess.run(
            ["mount", "-t", "tmpfs", "-o", "size=256k", "tmpfs", str(folder)],
            check=False,
            capture_output=True,
        ).returncode
    )
    if not mounted:
        pytest.skip("needs the right to mount a small disk")
    yield folder
    subprocess.run(["umount", "-l", str(folder)], check=True)


def test_a_really_full_disk(base, tiny_disk):
    small = tiny_disk / "base.db"
    small.write_bytes(base.read_bytes())
    before = hashlib.sha256(small.read_bytes()).hexdigest()
    engine = open_engine(small, KEY)
    with pytest.raises(DiskFull), translated(), engine.begin() as c:
        c.execute(text("INSERT INTO person (name) VALUES (:n)"), [{"n": "x" * 900}] * 2000)
    with engine.connect() as c:
        assert c.execute(text("SELECT count(*) FROM person")).scalar() == 1
    engine.dispose()
    assert hashlib.sha256(small.read_bytes()).hexdigest() == before


CRASH = """
import os, sys
from pathlib import Path
from sqlalchemy import text
from clementine_crm.store.engine import open_engine
engine = open_engine(Path(sys.argv[1]), bytes(range(32)))
with engine.begin() as c:
    c.execute(text("INSERT INTO person (name) VALUES ('kept')"))
c = engine.connect()
c.execute(text("INSERT INTO person (name) VALUES ('lost')"))
os._exit(9)
"""


def crash(path):
    done = subprocess.run([sys.executable, "-c", CRASH, str(path)], check=False, timeout=60)
    assert done.returncode == 9
    assert path.with_name("base.db-wal").stat().st_size > 0


def test_what_was_committed_survives_a_death(base):
    crash(base)
    engine = open_engine(base, KEY)
    with engine.connect() as c:
        names = c.execute(text("SELECT name FROM person ORDER BY id")).scalars().all()
    assert names == ["Zéphyrine Canari", "kept"]
    engine.dispose()


def test_rekey_locks_the_old_key_out(base):
    other = os.urandom(32)
    engine = open_engine(base, KEY)
    rekey(engine, base, other)
    with pytest.raises(Corrupt):
        open_engine(base, KEY)
    engine = open_engine(base, other)
    with engine.connect() as c:
        assert c.execute(text("SELECT count(*) FROM person")).scalar() == 1
    engine.dispose()


def test_an_interrupted_query_is_a_cancellation(base):
    engine = open_engine(base, KEY)
    with engine.connect() as c:
        raw = c.connection.driver_connection
        raw.set_progress_handler(lambda: 1, 1000)
        with pytest.raises(Cancelled), translated():
            c.execute(
                text(
                    "WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x+1 FROM n) "
                    "SELECT count(*) FROM n"
                )
            )
        raw.set_progress_handler(None, 0)
    engine.dispose()


def test_the_words_exist_for_every_error(base):
    from clementine_crm.store.engine import _BY_CODE
    from clementine_crm.words import keys

    for lang in ("fr", "en"):
        known = keys(lang)
        for make in _BY_CODE.values():
            error = make()
            assert isinstance(error, Cancelled) or f"errors.{error.key}" in known
    assert translate(driver.OperationalError("strange")).params == {"reason": "driver"}


def test_opening_is_quick(base):
    start = time.perf_counter()
    for _ in range(20):
        open_engine(base, KEY).dispose()
    assert (time.perf_counter() - start) / 20 < 0.1  # no key derivation: some milliseconds
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss > 0
