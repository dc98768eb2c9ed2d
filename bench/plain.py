"""The same base without encryption: page by page the same, so that the key is the only difference."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import sqlcipher3.dbapi2 as driver
from sqlalchemy import Engine, create_engine, event
from sqlalchemy.pool import QueuePool

from clementine_crm.store import functions
from clementine_crm.store.pages import PAGE, RESERVE, SALT, PageKey

_AT_ONCE = 256
_RESERVE_PLACE = 20


def decrypt(base: Path, key: bytes, target: Path) -> Path:
    """A plain SQLite file of the same pages, the reserve of each kept; the WAL must be empty.

    Raises ``ValueError`` at a page that this key did not write.
    """
    with base.open("rb") as sealed, target.open("wb") as plain:
        opener = PageKey(key, sealed.read(SALT))
        sealed.seek(0)
        first = 1
        while block := sealed.read(PAGE * _AT_ONCE):
            pages = [block[at : at + PAGE] for at in range(0, len(block), PAGE)]
            if not all(opener.verifies(first + n, page) for n, page in enumerate(pages)):
                raise ValueError(f"{base.name}: a page from {first} on does not verify")
            opened = opener.open_all(first, pages)
            if first == 1:
                head = bytearray(opened[0])
                head[_RESERVE_PLACE] = RESERVE
                opened[0] = bytes(head)
            plain.write(b"".join(page + bytes(RESERVE) for page in opened))
            first += len(pages)
    return target


def plain_engine(path: Path, *, cache_kb: int = 65_536, readonly: bool = True) -> Engine:
    """An engine over an unencrypted base with the pragmas of ours and its functions."""

    def connect() -> Any:
        connection = driver.connect(
            f"{path.absolute().as_uri()}?mode={'ro' if readonly else 'rwc'}",
            uri=True,
            isolation_level=None,
            check_same_thread=False,
        )
        if not readonly:
            connection.execute("PRAGMA journal_mode = WAL").fetchone()
        for pragma in (
            "foreign_keys = ON",
            "synchronous = NORMAL",
            "temp_store = MEMORY",
            "recursive_triggers = OFF",
            "secure_delete = ON",
            f"cache_size = -{cache_kb}",
        ):
            connection.execute(f"PRAGMA {pragma}").fetchone()
        return connection

    engine = create_engine("sqlite://", module=driver, creator=connect, poolclass=QueuePool)

    @event.listens_for(engine, "begin")
    def _begin(connection: Any) -> None:
        connection.exec_driver_sql("BEGIN" if readonly else "BEGIN IMMEDIATE")

    functions.install(engine)
    return engine
