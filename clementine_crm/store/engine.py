"""The encrypted base as an SQLAlchemy engine, set up as measured (``sync.md`` section 1).

The driver runs in autocommit and each transaction begins explicitly, so that tables changed in it
are rolled back with it. A writing engine begins with ``BEGIN IMMEDIATE``: two writers wait for each
other at the start, never half-way.
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import sqlcipher3.dbapi2 as driver
from sqlalchemy import Engine, create_engine, event
from sqlalchemy.exc import DBAPIError, TimeoutError
from sqlalchemy.pool import QueuePool

from clementine_crm.errors import (
    Busy,
    Cancelled,
    ClementineError,
    Corrupt,
    DiskFull,
    StorageError,
)
from clementine_crm.store.pages import PAGE, key_fits

BUSY_MS = 5_000
Functions = Mapping[str, tuple[int, Callable[..., Any], bool]]
_PRIMARY = 0xFF


def open_engine(
    path: Path,
    key: bytes,
    *,
    cache_kb: int = 65_536,
    readonly: bool = False,
    create: bool = False,
    functions: Functions | None = None,
    pool: int = 5,
) -> Engine:
    """An engine over an existing base (or a new one with ``create``), tried once before it returns.

    ``functions``: name → (arguments, callable, deterministic), given to every connection. ``pool``:
    how many connections stay open; 1 is never exceeded.
    Corrupt ``base_damaged``, StorageError ``base_missing``/``base_exists``, Busy ``base_locked``.
    """
    check_file(path, key, create=create)
    text_key = key.hex()
    given = dict(functions or {})

    def connect() -> Any:
        return raw_connection(
            path, text_key, cache_kb=cache_kb, readonly=readonly, create=create, functions=given
        )

    connect().close()
    engine = create_engine(
        "sqlite://",
        module=driver,
        creator=connect,
        poolclass=QueuePool,
        pool_size=pool,
        max_overflow=0 if pool == 1 else pool,
        pool_timeout=30,
        hide_parameters=True,
    )
    begin = "BEGIN" if readonly else "BEGIN IMMEDIATE"

    @event.listens_for(engine, "begin")
    def _begin(connection: Any) -> None:
        connection.exec_driver_sql(connection.get_execution_options().get("begin", begin))

    return engine


def raw_connection(
    path: Path,
    text_key: str,
    *,
    cache_kb: int = 65_536,
    readonly: bool = False,
    create: bool = False,
    functions: Functions | None = None,
) -> Any:
    """One driver connection in autocommit, its key given and tried; errors are already ours."""
    try:
        connection = driver.connect(
            f"{path.absolute().as_uri()}?mode={'rwc' if create else 'rw'}",
            uri=True,
            isolation_level=None,
            check_same_thread=False,
            timeout=BUSY_MS / 1000,
        )
    except driver.Error as error:
        raise translate(error) from None
    try:
        _set_up(connection, text_key, cache_kb=cache_kb, readonly=readonly)
        for name, (nargs, function, deterministic) in (functions or {}).items():
            connection.create_function(name, nargs, function, deterministic=deterministic)
    except driver.Error as error:
        connection.close()
        raise translate(error) from None
    except BaseException:
        connection.close()
        raise
    return connection


def _set_up(connection: Any, text_key: str, *, cache_kb: int, readonly: bool) -> None:
    execute = connection.execute
    # First of all: otherwise a wrong key writes lines on standard error.
    execute("PRAGMA cipher_log_level = NONE")
    execute(f"PRAGMA key = \"x'{text_key}'\"")
    execute(f"PRAGMA busy_timeout = {BUSY_MS}")
    # The first read tries the key; nothing is written before it succeeded.
    execute("SELECT count(*) FROM sqlite_schema").fetchone()
    if not readonly:
        execute("PRAGMA journal_mode = WAL").fetchone()
    execute("PRAGMA foreign_keys = ON")
    execute("PRAGMA synchronous = NORMAL")
    execute("PRAGMA temp_store = MEMORY")
    execute("PRAGMA recursive_triggers = OFF")
    execute("PRAGMA secure_delete = ON").fetchone()
    execute(f"PRAGMA cache_size = -{int(cache_kb)}")
    if readonly:
        execute("PRAGMA query_only = ON")


def check_file(path: Path, key: bytes, *, create: bool = False) -> None:
    """Corrupt ``base_damaged`` unless this key wrote this file; not a byte is changed to know it."""
    try:
        size = path.stat().st_size
    except FileNotFoundError:
        if create:
            return
        raise StorageError("base_missing", folder=str(path.parent)) from None
    except OSError:
        raise StorageError("base_read_only") from None
    if create and size:
        raise StorageError("base_exists", folder=str(path.parent))
    # An empty file would silently become a new base, a cut one fails at its first lost page.
    if not create and (size < PAGE or size % PAGE or not key_fits(path, key)):
        raise Corrupt("base_damaged")


def checkpoint(engine: Engine) -> bool:
    """Move the WAL into the base and empty it; False when a reader still needs it.

    Until then the WAL keeps the pages as they were before a deletion.
    """
    with translated(), _driver(engine) as raw:
        busy, _, _ = raw.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
    return not busy


def compact(engine: Engine) -> None:
    """Write the base anew without what deletions left: seconds per 100 MB, the same again in room.

    ``secure_delete`` wipes neither the old places of cells that SQLite moved, nor the signposts of a
    full-text index (both measured): when ``residue.scan`` is not clean, this, then scan again.
    """
    with translated(), _driver(engine) as raw:
        names = raw.execute(
            "SELECT name, sql FROM sqlite_schema WHERE type = 'table' AND sql LIKE '%USING fts5%'"
        ).fetchall()
        for name, sql in names:
            _write_index_anew(raw, name, external="content=" in sql.replace(" ", ""))
        raw.execute("VACUUM")
    checkpoint(engine)


_NOBODY = -(1 << 62)
_MARK = "clm"


def _write_index_anew(raw: Any, name: str, *, external: bool) -> None:
    """FTS5 leaves an index of one segment as it is: a word of ours, put in for a moment, makes it two."""
    column = raw.execute("SELECT name FROM pragma_table_info(?)", (name,)).fetchone()[0]
    put = f'INSERT INTO "{name}"(rowid, "{column}") VALUES (?, ?)'  # noqa: S608 - names of our schema
    taken = f'INSERT INTO "{name}"("{name}", rowid, "{column}") VALUES (?, ?, ?)'  # noqa: S608 - names of our schema
    raw.execute("BEGIN IMMEDIATE")
    try:
        raw.execute(put, (_NOBODY, _MARK))
        raw.execute(f'INSERT INTO "{name}"("{name}") VALUES (?)', ("optimize",))  # noqa: S608 - a name of our schema
        if external:
            raw.execute(taken, ("delete", _NOBODY, _MARK))
        else:
            raw.execute(f'DELETE FROM "{name}" WHERE rowid = ?', (_NOBODY,))  # noqa: S608 - a name of our schema
        raw.execute("COMMIT")
    except BaseException:
        raw.execute("ROLLBACK")
        raise


@contextlib.contextmanager
def _driver(engine: Engine) -> Iterator[Any]:
    pooled = engine.raw_connection()
    try:
        yield pooled.driver_connection
    finally:
        pooled.close()


def damaged_pages(engine: Engine) -> list[str]:
    """What the two integrity checks of the base say; empty when whole. Reads every page."""
    with translated(), _driver(engine) as raw:
        said = [str(row[0]) for row in raw.execute("PRAGMA cipher_integrity_check")]
        if not said:
            said = [str(row[0]) for row in raw.execute("PRAGMA quick_check")]
    return [line for line in said if line != "ok"]


def rekey(engine: Engine, path: Path, key: bytes) -> None:
    """Write every page anew under another key; the engine given is of no more use afterwards.

    The caller holds the home and has already stored the new key beside the old one.
    """
    with translated(), _driver(engine) as raw:
        raw.execute(f"PRAGMA rekey = \"x'{key.hex()}'\"")
    engine.dispose()
    fresh = open_engine(path, key)
    checkpoint(fresh)
    fresh.dispose()


def data_version(engine: Engine) -> int:
    """Changes when another connection committed; ask always on the same engine of one connection."""
    with translated(), _driver(engine) as raw:
        return int(raw.execute("PRAGMA data_version").fetchone()[0])


@contextlib.contextmanager
def translated() -> Iterator[None]:
    """Errors of the driver leave this block as ours."""
    try:
        yield
    except (DBAPIError, TimeoutError, driver.Error) as error:
        raise translate(error) from error


def translate(error: BaseException) -> ClementineError:
    """One failure of the driver as one of ours. The key was verified by the key file before, so
    "not a database" means damage, never a wrong password.
    """
    if isinstance(error, ClementineError):
        return error
    if isinstance(error, TimeoutError):
        return Busy("base_locked")
    cause = error.orig if isinstance(error, DBAPIError) else error
    code = getattr(cause, "sqlite_errorcode", None)
    if code is None:
        return _without_code(str(cause))
    made = _BY_CODE.get(code) or _BY_CODE.get(code & _PRIMARY)
    if made is not None:
        return made()
    return StorageError("base_unusable", reason=getattr(cause, "sqlite_errorname", str(code)))


def _without_code(text: str) -> ClementineError:
    # The driver's own complaints ("Cannot operate on a closed database") carry no code.
    if "file is not a database" in text or "malformed" in text:
        return Corrupt("base_damaged")
    if "disk is full" in text:
        return DiskFull("disk_full")
    if "locked" in text:
        return Busy("base_locked")
    return StorageError("base_unusable", reason="driver")


_BY_CODE: dict[int, Callable[[], ClementineError]] = {
    5: lambda: Busy("base_locked"),
    6: lambda: Busy("base_locked"),
    8: lambda: StorageError("base_read_only"),
    9: lambda: Cancelled("cancelled"),
    11: lambda: Corrupt("base_damaged"),
    13: lambda: DiskFull("disk_full"),
    14: lambda: StorageError("base_read_only"),
    26: lambda: Corrupt("base_damaged"),
    # The driver does not tell a quota from a broken disk: the sentence names both.
    10: lambda: StorageError("base_io"),
}
