"""``erasures.journal``: the copy's own list of what was erased, without any name (``gdpr.md`` 2.4).

It is written anew at each run, as the union of what lay there and of the home's journal, with the
moment up to which it knows.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from clementine_crm.domain.ids import Id
from clementine_crm.errors import Corrupt
from clementine_crm.hub import sheet
from clementine_crm.hub.header import ID
from clementine_crm.hub.pack import KeyOf
from clementine_crm.hub.ports import Erased, Identity
from clementine_crm.hub.strict import MalformedError, Reader, pack

NAME = "erasures.journal"
LETTERS = b"CLJN"
_MOST_LINES = 10_000_000
_MOST_CAUSE = 200
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
# The last millisecond that a date can name.
_LAST = 253_402_300_799_999


@dataclass(frozen=True)
class Ledger:
    """``known_until``: milliseconds since 1970; later erasures are unknown here."""

    agency: bytes
    known_until: int
    lines: tuple[Erased, ...] = ()

    @property
    def dossiers(self) -> frozenset[Id]:
        return frozenset(line.dossier for line in self.lines)


def write(identity: Identity, ledger: Ledger) -> bytes:
    """The bytes of the copy's journal."""
    lines = [[line.dossier, line.cause, millis(line.at)] for line in ledger.lines]
    body = pack([ledger.agency, ledger.known_until, lines])
    return sheet.write(LETTERS, identity.device, body, identity.sign)


def read(data: bytes, key_of: KeyOf | None) -> Ledger:
    """The journal; Corrupt ``sheet_damaged``, ``sheet_unsigned`` (file)."""
    _, body = sheet.read(LETTERS, data, key_of, NAME)
    try:
        return _parse(body)
    except MalformedError:
        raise Corrupt("sheet_damaged", file=NAME) from None


def _parse(body: bytes) -> Ledger:
    reader = Reader(body)
    reader.array(3, 3)
    agency, known_until = reader.octets(ID), reader.number(_LAST)
    lines = []
    for _ in range(reader.array(_MOST_LINES)):
        reader.array(3, 3)
        dossier, cause = reader.octets(ID), reader.text(_MOST_CAUSE)
        lines.append(Erased(dossier, cause, instant(reader.number(_LAST))))
    reader.end()
    return Ledger(agency, known_until, tuple(lines))


def union(*lists: Iterable[Erased]) -> tuple[Erased, ...]:
    """Each dossier once, by its first erasure, oldest first."""
    first: dict[Id, Erased] = {}
    for line in (line for lines in lists for line in lines):
        known = first.get(line.dossier)
        if known is None or line.at < known.at:
            first[line.dossier] = line
    return tuple(sorted(first.values(), key=lambda line: (line.at, line.dossier)))


def millis(at: datetime) -> int:
    return max(0, (at - _EPOCH) // timedelta(milliseconds=1))


def instant(stamp: int) -> datetime:
    return _EPOCH + timedelta(milliseconds=stamp)
