"""What could be wrong with this desktop, one line a check, each with what to do about it.

``say`` is a key of words (``doctor.…`` or ``errors.…``) with ``params``; the command line and the
screen show the same lines. Nothing is repaired here. It stands on ``bootstrap``: it looks at every
part of the house.
"""

from __future__ import annotations

import os
import shutil
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

from sqlalchemy import select

from clementine_crm.bootstrap import Desk
from clementine_crm.errors import ClementineError
from clementine_crm.keys import keycopies, keyfile
from clementine_crm.queries.house import last_copy
from clementine_crm.queries.today import stale
from clementine_crm.reading.process import ReaderProcess
from clementine_crm.store import tables
from clementine_crm.store.engine import damaged_pages, translated

ROOM_BYTES = 1 << 30
"""Free room below which it is told, or twice the base: a migration writes the base once more."""
EARLIEST = datetime(2026, 11, 1, tzinfo=UTC)
"""No desktop of this product can rightly believe an earlier day."""
BEHIND = timedelta(days=1)
"""A machine may travel through time zones; more than a day back is a clock that was reset."""
LEFT_SECONDS = 24 * 3600


@dataclass(frozen=True)
class Check:
    """One line: its name, whether all is well, and a sentence by its key."""

    name: str
    ok: bool
    say: str
    params: Mapping[str, object] = field(default_factory=dict)


def checks(desk: Desk) -> tuple[Check, ...]:
    """Every check, in the order a person would look. Seconds on a large base."""
    return tuple(_made(name, check, desk) for name, check in CHECKS.items())


def _made(name: str, check: Callable[[Desk], Check], desk: Desk) -> Check:
    try:
        return check(desk)
    except ClementineError as error:
        return Check(name, ok=False, say=f"errors.{error.key}", params=dict(error.params))
    except OSError as error:
        return Check(name, ok=False, say="doctor.unreadable", params={"file": _file(error)})


def _file(error: OSError) -> str:
    return Path(os.fsdecode(error.filename)).name if error.filename else ""


def place(desk: Desk) -> Check:
    """The home lies on a disk of this machine, outside what is synchronised."""
    desk.home.check_place()
    return Check("place", ok=True, say="doctor.place", params={"folder": str(desk.home.folder)})


def keys(desk: Desk) -> Check:
    """Both copies of the key file are there and say the same."""
    files = [desk.home.folder / name for name in keycopies.NAMES]
    missing = [path.name for path in files if not path.exists()]
    if missing:
        return Check("keys", ok=False, say="doctor.keys_missing", params={"file": missing[0]})
    if len({path.read_bytes() for path in files}) > 1:
        return Check("keys", ok=False, say="doctor.keys_differ")
    people = len(keyfile.users(desk.home.folder))
    return Check("keys", ok=True, say="doctor.keys", params={"n": people})


def base(desk: Desk) -> Check:
    """Every page of the base verifies, and its trees hold together."""
    size = desk.home.base.stat().st_size
    damaged = damaged_pages(desk.engines.read)
    if damaged:
        return Check("base", ok=False, say="doctor.base_damaged", params={"n": len(damaged)})
    params = {"megabytes": max(1, round(size / 1e6))}
    return Check("base", ok=True, say="doctor.base", params=params)


def documents(desk: Desk) -> Check:
    """Every document that a dossier names lies in its place."""
    table = tables.document
    with translated(), desk.engines.read.connect() as connection:
        names = set(connection.scalars(select(table.c.blob).where(table.c.dead.is_(False))))
    missing = sum(not desk.documents.has(name) for name in names if name)
    if missing:
        return Check("documents", ok=False, say="doctor.documents_missing", params={"n": missing})
    return Check("documents", ok=True, say="doctor.documents", params={"n": len(names)})


def copy(desk: Desk) -> Check:
    """The last copy of this home is whole and less than a day old."""
    with translated(), desk.engines.read.connect() as connection:
        last = last_copy(connection)
    if last is None:
        return Check("copy", ok=False, say="doctor.copy_none")
    hours = int((desk.clock.now() - last.at).total_seconds() // 3600)
    params = {"target": last.target, "n": hours}
    if not last.ok:
        return Check("copy", ok=False, say="doctor.copy_failed", params=params)
    late = stale(last, desk.clock.now())
    return Check(
        "copy", ok=not late, say="doctor.copy_late" if late else "doctor.copy", params=params
    )


def room(desk: Desk) -> Check:
    """The disk has room for the base once more."""
    free = shutil.disk_usage(desk.home.folder).free
    wanted = max(ROOM_BYTES, 2 * desk.home.base.stat().st_size)
    params = {"gigabytes": int(free / 1e9), "wanted": max(1, round(wanted / 1e9))}
    enough = free >= wanted
    return Check(
        "room", ok=enough, say="doctor.room" if enough else "doctor.room_low", params=params
    )


def clock(desk: Desk) -> Check:
    """The machine does not believe a day before what it wrote itself."""
    now = desk.clock.now()
    with desk.unit_of_work() as uow:
        written = datetime.fromtimestamp((int(uow.local("hlc") or 0) >> 16) / 1000, UTC)
    if now < EARLIEST or now + BEHIND < written:
        latest = max(written, EARLIEST)
        return Check(
            "clock", ok=False, say="doctor.clock_back", params={"day": latest.date().isoformat()}
        )
    return Check("clock", ok=True, say="doctor.clock")


def plugins(desk: Desk) -> Check:
    """No plugin is set aside."""
    rows = desk.plugins.rows()
    failed = [row.id for row in rows if row.state == "failed"]
    if failed:
        return Check(
            "plugins", ok=False, say="doctor.plugins_failed", params={"plugins": ", ".join(failed)}
        )
    return Check(
        "plugins",
        ok=True,
        say="doctor.plugins",
        params={"n": sum(r.state == "enabled" for r in rows)},
    )


def reader(desk: Desk) -> Check:
    """The process that reads documents can be started, with every plugin that is on."""
    with ReaderProcess(desk.plugins.reader_plugins()) as process:
        process.start()
        failed = sorted(process.failed_plugins)
        seconds = process.start_seconds
    if failed:
        return Check(
            "reader", ok=False, say="doctor.plugins_failed", params={"plugins": ", ".join(failed)}
        )
    return Check("reader", ok=True, say="doctor.reader", params={"seconds": max(1, round(seconds))})


def leftovers(desk: Desk) -> Check:
    """Nothing half-written was left behind by a program that was stopped."""
    oldest = time.time() - LEFT_SECONDS
    left = sum(path.stat().st_mtime < oldest for path in _half_written(desk.home.folder))
    if left:
        return Check("leftovers", ok=False, say="doctor.leftovers", params={"n": left})
    return Check("leftovers", ok=True, say="doctor.leftovers_none")


def _half_written(folder: Path) -> Iterator[Path]:
    yield from folder.glob("*.tmp")
    yield from folder.glob("documents/[0-9a-f][0-9a-f]/*.tmp")
    yield from folder.glob(".founding")


CHECKS: dict[str, Callable[[Desk], Check]] = {
    "place": place, "keys": keys, "base": base, "documents": documents, "copy": copy,
    "room": room, "clock": clock, "plugins": plugins, "reader": reader, "leftovers": leftovers,
}  # fmt: skip
