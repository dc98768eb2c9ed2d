"""Migrations: a copy before, all or nothing, and nothing at all for a newer base."""

import hashlib
import os
import subprocess
import sys
from datetime import UTC, datetime

import pytest
from sqlalchemy import Column, ForeignKey, Integer, MetaData, Table, Text, text

from clementine_crm.errors import Busy, Corrupt, DiskFull, SchemaTooNew, StorageError
from clementine_crm.store import migrate
from clementine_crm.store.engine import damaged_pages, open_engine

KEY = bytes(range(32))
NOW = datetime(2026, 11, 24, 9, 30, tzinfo=UTC)

HEAD = """
from alembic import op
import sqlalchemy as sa
revision = "{rev}"
down_revision = {down}
branch_labels = depends_on = None
"""

FIRST = """
def upgrade():
    op.execute("CREATE TABLE parent (id INTEGER NOT NULL PRIMARY KEY, name TEXT)")
    op.execute("CREATE TABLE child (id INTEGER NOT NULL PRIMARY KEY, parent INTEGER NOT NULL,"
               " FOREIGN KEY(parent) REFERENCES parent (id) ON DELETE CASCADE)")
    op.execute("CREATE VIRTUAL TABLE words USING fts5(body)")
    op.execute("CREATE TRIGGER t AFTER INSERT ON parent BEGIN SELECT 1; END")
"""

# Rebuilds the parent, as alembic must for most changes of SQLite tables.
SECOND = """
def upgrade():
    with op.batch_alter_table("parent", recreate="always") as batch:
        batch.add_column(sa.Column("city", sa.Text, server_default=""))
"""

FAILURES = {
    "raises": "def upgrade():\n    op.execute('CREATE TABLE half (a)')\n    raise ValueError",
    "bad sql": "def upgrade():\n    op.execute('CREATE TABLE half (a)')\n    op.execute('SELEC 1')",
    "typo": "def upgrade():\n    op.execute('CREATE TABLE half (a)')\n    op.nothing()",
    "orphan": "def upgrade():\n    op.execute('INSERT INTO child (parent) VALUES (77)')",
    "no function": "x = 1",
}


def write(folder, number, body):
    down = repr(f"{number - 1:04}") if number > 1 else None
    text_ = HEAD.format(rev=f"{number:04}", down=down) + body
    (folder / f"{number:04}_step.py").write_text(text_)


@pytest.fixture
def versions(tmp_path):
    folder = tmp_path / "versions 100%"
    folder.mkdir()
    write(folder, 1, FIRST)
    return folder


@pytest.fixture
def base(tmp_path, versions):
    path = tmp_path / "home" / "base.db"
    path.parent.mkdir()
    engine = open_engine(path, KEY, create=True)
    migrate.create_new(engine, versions)
    with engine.begin() as c:
        c.execute(text("INSERT INTO parent (id, name) VALUES (1, 'p')"))
        c.execute(text("INSERT INTO child (parent) VALUES (1)"))
    engine.dispose()
    return path


def hashes(folder):
    return {
        p.name: hashlib.sha256(p.read_bytes()).hexdigest() for p in folder.iterdir() if p.is_file()
    }


def state(path):
    engine = open_engine(path, KEY)
    with engine.connect() as c:
        found = (
            c.execute(text("SELECT version_num FROM alembic_version")).scalar(),
            c.execute(text("SELECT count(*) FROM parent")).scalar(),
            c.execute(text("SELECT count(*) FROM child")).scalar(),
            sorted(c.execute(text("SELECT name FROM sqlite_schema WHERE type='table'")).scalars()),
        )
    engine.dispose()
    return found


def up(base, versions):
    return migrate.upgrade(base, KEY, base.parent / "backups", NOW, versions=versions)


def test_a_new_base_stands_at_head(base, versions):
    assert migrate.head(versions) == migrate.version(base, KEY) == "0001"


def test_nothing_due_changes_nothing(base, versions):
    before = hashes(base.parent)
    assert up(base, versions) is None
    assert hashes(base.parent) == before
    assert not (base.parent / "backups").exists()


def test_a_rebuilt_parent_keeps_its_children_and_a_copy_is_made(base, versions):
    write(versions, 2, SECOND)
    copy = up(base, versions)
    assert state(base)[:3] == ("0002", 1, 1)
    assert state(copy)[:3] == ("0001", 1, 1)
    assert b"SQLite" not in copy.read_bytes()[:16]
    engine = open_engine(copy, KEY)
    assert damaged_pages(engine) == []
    engine.dispose()
    engine = open_engine(base, KEY)
    with engine.connect() as c:
        assert c.exec_driver_sql("PRAGMA foreign_keys").scalar() == 1
    engine.dispose()


@pytest.mark.parametrize("how", FAILURES)
@pytest.mark.parametrize("at", [2, 3])
def test_a_failure_at_any_step_leaves_the_old_version_whole(base, versions, how, at):
    for number in (2, 3):
        write(
            versions,
            number,
            FAILURES[how] if number == at else SECOND.replace("city", f"c{number}"),
        )
    before = state(base)
    with pytest.raises(StorageError) as caught:
        up(base, versions)
    assert caught.value.key == "base_migration_failed"
    assert state(base) == before
    copy = base.parent / "backups" / caught.value.params["backup"]
    assert state(copy) == before
    write(versions, at, SECOND.replace("city", f"c{at}"))
    up(base, versions)
    assert state(base)[:3] == ("0003", 1, 1)


DIES = """
import os
def upgrade():
    op.execute("CREATE TABLE half (a)")
    op.execute("INSERT INTO half SELECT randomblob(9000) FROM (SELECT 1 UNION SELECT 2 UNION SELECT 3)")
    os._exit(9)
"""

RUN = """
import sys
from datetime import UTC, datetime
from pathlib import Path
from clementine_crm.store import migrate
base, versions = Path(sys.argv[1]), Path(sys.argv[2])
migrate.upgrade(base, bytes(range(32)), base.parent / "backups", datetime.now(UTC), versions=versions)
"""


def test_dying_in_the_middle_leaves_the_old_version_whole(base, versions):
    write(versions, 2, DIES)
    before = state(base)
    done = subprocess.run(
        [sys.executable, "-c", RUN, str(base), str(versions)], check=False, timeout=60
    )
    assert done.returncode == 9
    assert state(base) == before
    write(versions, 2, SECOND)
    up(base, versions)
    assert state(base)[0] == "0002"


def test_a_newer_base_is_refused_untouched(base, versions):
    write(versions, 2, SECOND)
    up(base, versions)
    (versions / "0002_step.py").unlink()
    before = hashes(base.parent)
    with pytest.raises(SchemaTooNew) as caught:
        up(base, versions)
    assert caught.value.key == "base_newer"
    assert hashes(base.parent) == before


CRASH = """
import os, sys
from pathlib import Path
from sqlalchemy import text
from clementine_crm.store.engine import open_engine
engine = open_engine(Path(sys.argv[1]), bytes(range(32)))
with engine.begin() as c:
    c.execute(text("UPDATE alembic_version SET version_num = '9999'"))
os._exit(9)
"""


def test_a_newer_base_that_died_open_is_refused_untouched(base, versions):
    subprocess.run([sys.executable, "-c", CRASH, str(base)], check=False, timeout=60)
    before = hashes(base.parent)
    with pytest.raises(SchemaTooNew):
        up(base, versions)
    after = hashes(base.parent)
    # The -shm file is SQLite's own index of the WAL, made anew by every opening.
    before.pop("base.db-shm"), after.pop("base.db-shm")
    assert after == before
    assert "base.db-wal" in before


def test_another_key_is_refused_untouched(base, versions):
    write(versions, 2, SECOND)
    before = hashes(base.parent)
    with pytest.raises(Corrupt):
        migrate.upgrade(base, bytes(32), base.parent / "backups", NOW, versions=versions)
    assert hashes(base.parent) == before


def test_a_base_with_tables_and_no_revision_is_damage(tmp_path, versions):
    path = tmp_path / "x.db"
    engine = open_engine(path, KEY, create=True)
    with engine.begin() as c:
        c.execute(text("CREATE TABLE t (a)"))
    engine.dispose()
    with pytest.raises(Corrupt, match="base_damaged"):
        migrate.check_known(path, KEY, versions)


def test_a_start_cut_short_is_finished(tmp_path, versions):
    path = tmp_path / "x.db"
    engine = open_engine(path, KEY, create=True)
    with engine.begin() as c:
        c.execute(text("PRAGMA user_version = 0"))
    engine.dispose()
    assert migrate.check_known(path, KEY, versions) == ""
    assert migrate.upgrade(path, KEY, tmp_path / "b", NOW, versions=versions) is None
    assert migrate.version(path, KEY) == "0001"


def test_only_the_newest_copy_is_kept_and_erasure_keeps_none(base, versions):
    for number in (2, 3):
        write(versions, number, SECOND.replace("city", f"c{number}"))
        migrate.upgrade(
            base, KEY, base.parent / "backups", NOW.replace(minute=30 + number), versions=versions
        )
    kept = list((base.parent / "backups").iterdir())
    assert [p.name.split("-")[1] for p in kept] == ["0002"]
    migrate.forget_copies(base.parent / "backups")
    assert list((base.parent / "backups").iterdir()) == []
    migrate.forget_copies(base.parent / "nowhere")


def test_no_room_for_the_copy_migrates_nothing(base, versions, tmp_path):
    folder = base.parent / "backups"
    folder.mkdir()
    if (
        sys.platform != "linux"
        or os.geteuid()
        or subprocess.run(
            ["mount", "-t", "tmpfs", "-o", "size=16k", "tmpfs", str(folder)], check=False
        ).returncode
    ):
        pytest.skip("needs the right to mount a small disk")
    try:
        write(versions, 2, SECOND)
        before = hashes(base.parent)
        with pytest.raises(DiskFull) as caught:
            up(base, versions)
        assert caught.value.key == "disk_full"
        assert hashes(base.parent) == before
        assert list(folder.iterdir()) == []
    finally:
        subprocess.run(["umount", "-l", str(folder)], check=True)


def test_a_writer_elsewhere_makes_it_wait_then_refuse(base, versions, monkeypatch):
    from clementine_crm.store import engine as engine_module

    monkeypatch.setattr(engine_module, "BUSY_MS", 50)
    write(versions, 2, SECOND)
    other = open_engine(base, KEY)
    with other.begin() as c:
        c.execute(text("UPDATE parent SET name = 'busy'"))
        with pytest.raises(Busy):
            up(base, versions)
    other.dispose()
    assert state(base)[0] == "0001"


def toy():
    metadata = MetaData()
    Table("parent", metadata, Column("id", Integer, primary_key=True), Column("name", Text))
    Table(
        "child",
        metadata,
        Column("id", Integer, primary_key=True),
        Column("parent", ForeignKey("parent.id", ondelete="CASCADE"), nullable=False),
    )
    return metadata


def test_drift_sees_our_tables_and_not_full_text(base):
    engine = open_engine(base, KEY)
    assert migrate.drift(engine, toy()) == []
    wider = toy()
    Table("words_data2", wider, Column("id", Integer, primary_key=True))
    wider.tables["parent"].append_column(Column("city", Text))
    found = migrate.drift(engine, wider)
    assert len(found) == 2
    assert any("words_data2" in line for line in found)
    assert any("city" in line for line in found)
    with engine.begin() as c:
        c.execute(text("CREATE TABLE stray (a)"))
    assert any("stray" in line for line in migrate.drift(engine, toy()))
    engine.dispose()
