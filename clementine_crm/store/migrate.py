"""From the schema of an older program to this one's: a copy before, one transaction, all or nothing.

Order: open → refuse a newer schema → copy by ``VACUUM INTO`` → migrate on one connection (foreign
keys off: rebuilding a table would delete its children; driver autocommit and an explicit BEGIN: the
driver's own transactions leave half the tables behind) → ``foreign_key_check`` → commit → on again.
"""

from __future__ import annotations

import contextlib
import os
import re
import warnings
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import sqlcipher3.dbapi2 as driver
from sqlalchemy import Connection, Engine, MetaData
from sqlalchemy.exc import DBAPIError, SAWarning

from clementine_crm.errors import ClementineError, Corrupt, SchemaTooNew, StorageError
from clementine_crm.store.engine import Functions, check_file, open_engine, translate, translated
from clementine_crm.store.index_words import FUNCTIONS
from clementine_crm.store.pages import wal_of
from clementine_crm.store.sql import JOINING

if TYPE_CHECKING:
    from alembic.config import Config

# What the base calls while it is migrated: nothing stamps, a migration keeps each cell's clock.
MIGRATING: Functions = {"clm_mode": (0, lambda: JOINING, False), **FUNCTIONS}
VERSIONS = Path(__file__).parent / "migrations" / "versions"
KEPT_COPIES = 1
_ENV = Path(__file__).parent / "migrations"


_REVISION = re.compile(r"""^(down_revision|revision)\b[^=\n]*=\s*["']?(\w+)""", re.MULTILINE)


def _config(versions: Path) -> Config:
    # Imported when something is migrated: a start that finds its base as it should be does without.
    from alembic.config import Config

    # Percent signs stand for options in alembic's configuration.
    config = Config()
    config.set_main_option("script_location", str(_ENV).replace("%", "%%"))
    config.set_main_option("path_separator", "newline")
    config.set_main_option("version_locations", str(versions).replace("%", "%%"))
    return config


def _revisions(versions: Path) -> dict[str, str]:
    """Each revision that stands in the folder, and the one it follows ("None" the first)."""
    found = [dict(_REVISION.findall(p.read_text("utf-8"))) for p in sorted(versions.glob("*.py"))]
    return {step["revision"]: step["down_revision"] for step in found if "revision" in step}


def head(versions: Path = VERSIONS) -> str:
    """The revision this program writes."""
    steps = _revisions(versions)
    last = set(steps) - set(steps.values())
    if len(last) != 1:
        raise FileNotFoundError(versions)
    return last.pop()


def version(path: Path, key: bytes) -> str:
    """The revision of a base, empty when it has none yet; not a byte beside or in it changes."""
    return _peek(path, key)[0]


def check_known(path: Path, key: bytes, versions: Path = VERSIONS) -> str:
    """The revision; SchemaTooNew ``base_newer``, Corrupt ``base_damaged`` for a base with tables and
    no revision.
    """
    found, tables = _peek(path, key)
    if not found:
        if tables:
            raise Corrupt("base_damaged")
        return ""
    if found not in _revisions(versions):
        raise SchemaTooNew("base_newer")
    return found


def create_new(engine: Engine, versions: Path = VERSIONS) -> None:
    """All migrations on an empty base, in one transaction."""
    _migrate(engine, versions)


def upgrade(
    path: Path,
    key: bytes,
    backups: Path,
    now: datetime,
    *,
    functions: Functions = MIGRATING,
    versions: Path = VERSIONS,
) -> Path | None:
    """Bring a base to this program's schema; the copy made before, or None when nothing was due.

    The caller holds the home's lock. StorageError ``base_migration_failed`` (backup): the base is as
    it was; SchemaTooNew, DiskFull, Corrupt, Busy before anything was changed.
    """
    before = check_known(path, key, versions)
    if before == head(versions):
        return None
    from alembic.util.exc import CommandError

    engine = open_engine(path, key, functions=functions)
    try:
        copy = _copy(engine, key, backups, before, now) if before else None
        try:
            _migrate(engine, versions)
        except (ClementineError, DBAPIError, CommandError, ArithmeticError, LookupError, ValueError,
                TypeError, AttributeError, RuntimeError, ImportError) as error:  # fmt: skip
            raise _failed(error, copy) from error
    finally:
        engine.dispose()
    forget_copies(backups, KEPT_COPIES)
    return copy


def forget_copies(backups: Path, keep: int = 0) -> None:
    """Remove the copies made before migrations but the newest ``keep``.

    An erasure keeps none: these copies hold what it erases, and no pack that could be redacted.
    """
    copies = sorted(backups.glob("before-*.db"), key=lambda p: p.name.rpartition("-")[2])
    for old in copies[: len(copies) - keep]:
        old.unlink(missing_ok=True)


def drift(engine: Engine, metadata: MetaData) -> list[str]:
    """Where the base's tables and the program's differ, one line each; full-text tables left out."""
    from alembic.autogenerate import compare_metadata
    from alembic.migration import MigrationContext

    with engine.connect() as connection, warnings.catch_warnings():
        # Indexes on expressions cannot be reflected; they are compared by their SQL elsewhere.
        warnings.simplefilter("ignore", SAWarning)
        rows = connection.exec_driver_sql(
            "SELECT name FROM sqlite_schema WHERE type = 'table' AND sql LIKE 'CREATE VIRTUAL%'"
        )
        virtual = tuple(str(row[0]) for row in rows)

        def include(item: Any, name: str | None, kind: str, *_: Any) -> bool:
            table = name if kind == "table" else getattr(getattr(item, "table", None), "name", "")
            return not _of_full_text(table or "", virtual)

        context = MigrationContext.configure(
            connection, opts={"include_object": include, "compare_type": True}
        )
        return [repr(found) for found in compare_metadata(context, metadata)]


# ── inside ────────────────────────────────────────────────────────────────────────────────────


def _of_full_text(table: str, virtual: tuple[str, ...]) -> bool:
    shadows = ("", "_data", "_idx", "_content", "_docsize", "_config")
    return any(table == name + shadow for name in virtual for shadow in shadows)


def _peek(path: Path, key: bytes) -> tuple[str, int]:
    """Revision and number of tables, read without a trace."""
    check_file(path, key)
    wal = wal_of(path)
    hot = wal.exists() and wal.stat().st_size > 0
    # Nothing waits in the WAL: read the file alone and leave no -shm behind. Otherwise a read-only
    # connection, which does not move the WAL into the base when it closes.
    connection = driver.connect(
        f"{path.absolute().as_uri()}?{'mode=ro' if hot else 'immutable=1'}",
        uri=True,
        isolation_level=None,
    )
    try:
        connection.execute("PRAGMA cipher_log_level = NONE")
        connection.execute(f"PRAGMA key = \"x'{key.hex()}'\"")
        names = [row[0] for row in connection.execute("SELECT name FROM sqlite_schema")]
        if "alembic_version" not in names:
            return "", len(names)
        row = connection.execute("SELECT version_num FROM alembic_version").fetchone()
        return (str(row[0]) if row else ""), len(names) - 1
    except driver.Error as error:
        raise translate(error) from None
    finally:
        connection.close()


def _copy(engine: Engine, key: bytes, backups: Path, before: str, now: datetime) -> Path:
    """The base as it is, encrypted under the same key, written whole and opened once."""
    backups.mkdir(mode=0o700, parents=True, exist_ok=True)
    final = backups / f"before-{before}-{now:%Y%m%dT%H%M%S%f}.db"
    half = final.with_suffix(".tmp")
    half.unlink(missing_ok=True)
    try:
        with translated():
            pooled = engine.raw_connection()
            try:
                raw: Any = pooled.driver_connection
                raw.execute("VACUUM INTO ?", (str(half),))
            finally:
                pooled.close()
        if _peek(half, key)[0] != before:
            raise Corrupt("base_damaged")
        with half.open("rb") as file:
            os.fsync(file.fileno())
        half.replace(final)
    except OSError as error:
        raise StorageError("file_not_written", file=final.name) from error
    finally:
        with contextlib.suppress(OSError):
            half.unlink(missing_ok=True)
    return final


def _migrate(engine: Engine, versions: Path) -> None:
    from alembic import command

    config = _config(versions)
    with engine.connect() as connection, _foreign_keys_off(connection), connection.begin():
        config.attributes["connection"] = connection
        command.upgrade(config, "head")
        broken = connection.exec_driver_sql("PRAGMA foreign_key_check").fetchall()
        if broken:
            raise Corrupt("base_damaged")


@contextlib.contextmanager
def _foreign_keys_off(connection: Connection) -> Iterator[None]:
    # Outside any transaction, where alone the pragma acts: on the driver's connection.
    raw: Any = connection.connection.driver_connection
    raw.execute("PRAGMA foreign_keys = OFF")
    try:
        yield
    finally:
        with contextlib.suppress(driver.Error):
            raw.execute("PRAGMA foreign_keys = ON")


def _failed(error: Exception, copy: Path | None) -> ClementineError:
    if isinstance(error, DBAPIError):
        ours = translate(error)
        if ours.key != "base_unusable":
            return ours
    return StorageError("base_migration_failed", backup=copy.name if copy else "")
