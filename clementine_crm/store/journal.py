"""The erasure journal: outside the base, so that no older copy brings back what was erased.

One JSON line an erasure: dossier id, cause, instant, and the hash of the line before. It names nobody.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import BinaryIO

from clementine_crm.domain.ids import Id
from clementine_crm.errors import Corrupt, DiskFull, StorageError
from clementine_crm.files import FULL
from clementine_crm.store import locks

_FIRST = "0" * 64
_ID_BYTES = 16
# A line is a quarter of this at most; what is longer is none of ours.
_LINE = 4_096
_WAIT_SECONDS = 10.0


@dataclass(frozen=True)
class Erasure:
    """``at`` is ISO 8601 with its offset."""

    dossier: Id
    cause: str
    at: str
    hash: str

    @property
    def instant(self) -> datetime:
        return datetime.fromisoformat(self.at).astimezone(UTC)


class Journal:
    """An append-only file for several processes. A line cut by a crash is the last one and is taken
    off at the next append.
    """

    def __init__(self, path: Path) -> None:
        self.path = path

    def append(self, erased: Iterable[tuple[Id, str]], at: datetime) -> None:
        """Write and force to disk before the base commits: a replay finishes what a crash cut.

        Corrupt ``journal_damaged`` (line) when the last line is not as it was written; Busy
        ``journal_busy``, DiskFull, StorageError ``file_not_written``.
        """
        self.adopt((dossier, cause, at) for dossier, cause in erased)

    def adopt(self, erased: Iterable[tuple[Id, str, datetime]]) -> None:
        """As ``append``, each erasure with its own instant: a restored home's journal begins so."""
        lines = list(erased)
        if not lines:
            return
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            lock = self.path.with_name(self.path.name + ".lock")
            with locks.held(lock, "journal_busy", seconds=_WAIT_SECONDS), self._open() as file:
                _add(file, lines)
        except OSError as error:
            if error.errno in FULL:
                raise DiskFull("disk_full") from error
            raise StorageError("file_not_written", file=self.path.name) from error

    def _open(self) -> BinaryIO:
        return self.path.open("r+b" if self.path.exists() else "w+b")

    def entries(self) -> list[Erasure]:
        """Every erasure, oldest first; ``Corrupt`` when a line was altered or taken out."""
        return list(_parse(self._whole_lines()))

    def readable(self) -> tuple[list[Erasure], bool]:
        """The erasures before the first damaged line, and whether there is none."""
        found: list[Erasure] = []
        try:
            found.extend(_parse(self._whole_lines()))
        except Corrupt:
            return found, False
        return found, True

    def _whole_lines(self) -> bytes:
        if not self.path.exists():
            return b""
        data = self.path.read_bytes()
        return data[: data.rfind(b"\n") + 1]


def _add(file: BinaryIO, erased: Iterable[tuple[Id, str, datetime]]) -> None:
    end, last = _end_of_chain(file)
    written = []
    for dossier, cause, at in erased:
        body = {"dossier": dossier.hex(), "cause": cause, "at": at.isoformat(), "prev": last}
        last = _digest(body)
        written.append(json.dumps({**body, "hash": last}).encode() + b"\n")
    file.seek(end)
    try:
        file.write(b"".join(written))
        file.truncate()
        file.flush()
        os.fsync(file.fileno())
    except OSError:
        # No half of it stays; the base has not said yes yet.
        file.truncate(end)
        raise


def _end_of_chain(file: BinaryIO) -> tuple[int, str]:
    """Where the last whole line ends, and its hash. The chain before it is ``entries``' to verify:
    an erasure must not wait for a hundred thousand lines.
    """
    size = file.seek(0, os.SEEK_END)
    start = max(0, size - 2 * _LINE)
    file.seek(start)
    tail = file.read()
    whole = tail[: tail.rfind(b"\n") + 1]
    if not whole:
        if start:
            raise Corrupt("journal_damaged", line=_count(file))
        return 0, _FIRST
    line = whole[:-1].rpartition(b"\n")[2]
    try:
        erasure, _ = _read(line)
    except ValueError:
        raise Corrupt("journal_damaged", line=_count(file)) from None
    return start + len(whole), erasure.hash


def _count(file: BinaryIO) -> int:
    file.seek(0)
    return sum(1 for _ in file)


def _digest(body: dict[str, str]) -> str:
    return hashlib.sha256(json.dumps(body, sort_keys=True).encode()).hexdigest()


def _read(line: bytes) -> tuple[Erasure, str]:
    """One line and the hash it follows; ValueError for what is none."""
    try:
        body = json.loads(line)
        given, before = body.pop("hash"), body["prev"]
        dossier = bytes.fromhex(body["dossier"])
        datetime.fromisoformat(body["at"])
        ours = len(dossier) == _ID_BYTES and isinstance(body["cause"], str)
    except (KeyError, AttributeError, TypeError, RecursionError):
        raise ValueError from None
    if not ours or _digest(body) != given:
        raise ValueError
    return Erasure(dossier, body["cause"], body["at"], given), before


def _parse(data: bytes) -> Iterator[Erasure]:
    last = _FIRST
    for number, line in enumerate(data.splitlines(), start=1):
        try:
            erasure, before = _read(line)
        except ValueError:
            raise Corrupt("journal_damaged", line=number) from None
        if before != last:
            raise Corrupt("journal_damaged", line=number)
        last = erasure.hash
        yield erasure
