"""The erasure journal: outside the base, so that no older copy brings back what was erased.

One JSON line an erasure: dossier id, cause, instant, and the hash of the line before. It names nobody.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from clementine_crm.domain.ids import Id
from clementine_crm.errors import Corrupt

_FIRST = "0" * 64


@dataclass(frozen=True)
class Erasure:
    dossier: Id
    cause: str
    at: str
    hash: str


class Journal:
    """An append-only file; a line cut by a crash is the last one and is taken off at the next append."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def append(self, erased: Iterable[tuple[Id, str]], at: datetime) -> None:
        """Write and force to disk before the base commits: a replay finishes what a crash cut."""
        self.path.parent.mkdir(parents=True, exist_ok=True)
        whole = self._whole()
        last = _FIRST
        for erasure in _parse(whole):
            last = erasure.hash
        with self.path.open("r+b" if self.path.exists() else "w+b") as file:
            file.truncate(len(whole))
            file.seek(len(whole))
            for dossier, cause in erased:
                body = {
                    "dossier": dossier.hex(),
                    "cause": cause,
                    "at": at.isoformat(),
                    "prev": last,
                }
                last = _digest(body)
                file.write(json.dumps({**body, "hash": last}).encode() + b"\n")
            file.flush()
            os.fsync(file.fileno())

    def entries(self) -> list[Erasure]:
        """Every erasure, oldest first; ``Corrupt`` when a line was altered or taken out."""
        return list(_parse(self._whole()))

    def _whole(self) -> bytes:
        if not self.path.exists():
            return b""
        data = self.path.read_bytes()
        return data[: data.rfind(b"\n") + 1]


def _digest(body: dict[str, str]) -> str:
    return hashlib.sha256(json.dumps(body, sort_keys=True).encode()).hexdigest()


def _parse(data: bytes) -> Iterator[Erasure]:
    last = _FIRST
    for number, line in enumerate(data.splitlines(), start=1):
        try:
            body = json.loads(line)
            given = body.pop("hash")
            dossier = bytes.fromhex(body["dossier"])
        except (ValueError, KeyError, AttributeError):
            raise Corrupt("journal_damaged", line=number) from None
        if body.get("prev") != last or _digest(body) != given:
            raise Corrupt("journal_damaged", line=number)
        last = given
        yield Erasure(dossier, body["cause"], body["at"], given)
