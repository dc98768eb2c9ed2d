"""``keys.ring`` (twice): what opens a copy, itself opened by the 24 words or by the home that made it.

The body (agency secret, dossier keys) is closed under a key made for this ring alone; that key is
closed twice: to the recovery key, and under a key derived from the home's database key. There is no
password in it and none opens it: a password opens ``keys.json``, which no copy holds.
"""

from __future__ import annotations

import contextlib
import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

import nacl.exceptions
import nacl.secret
from typing_extensions import override

from clementine_crm.domain.ids import Id
from clementine_crm.errors import Corrupt, NotFound, WrongKey
from clementine_crm.hub import sheet
from clementine_crm.hub.header import ID
from clementine_crm.hub.ports import Identity, RingLocks
from clementine_crm.hub.shelf import Shelf
from clementine_crm.hub.strict import MalformedError, Reader, pack

NAME = "keys.ring"
# A copy without its keys is lost: one bad sector must not be enough for that.
NAMES = (NAME, "keys.backup.ring")
LETTERS = b"CLRG"
_KEY = 32
_MOST_BOX = 1_024
_MOST_KEYS = 2_000_000

Opener = Callable[[bytes], bytes]
"""Opens one of the two boxes; WrongKey otherwise."""


@dataclass(frozen=True, repr=False)
class Ring:
    """``made_at``: milliseconds since 1970; who was erased before then has no key here. ``signers``:
    device → public key of those whose signatures hold in this copy.
    """

    agency: bytes
    device: bytes
    secret: bytes
    made_at: int
    keys: Mapping[Id, bytes] = field(default_factory=dict)
    signers: Mapping[bytes, bytes] = field(default_factory=dict)

    @override
    def __repr__(self) -> str:
        return f"Ring({len(self.keys)} keys)"


def close(
    identity: Identity,
    locks: RingLocks,
    keys: Mapping[Id, bytes],
    signers: Mapping[bytes, bytes],
    made_at: int,
) -> bytes:
    """The bytes of a new ring."""
    ring_key = os.urandom(_KEY)
    known = [[list(pair) for pair in sorted(pairs.items())] for pairs in (keys, signers)]
    body = pack([identity.secret, *known])
    aad = identity.agency + identity.device + made_at.to_bytes(8, "big")
    content = pack(
        [
            identity.agency,
            made_at,
            locks.to_recovery(ring_key),
            locks.to_home(ring_key),
            nacl.secret.Aead(ring_key).encrypt(body, aad),
        ]
    )
    return sheet.write(LETTERS, identity.device, content, identity.sign)


def open_ring(data: bytes, *, home: Opener | None = None, recovery: Opener | None = None) -> Ring:
    """A ring by one of its two boxes. WrongKey ``ring_other_home`` or from the recovery's opener;
    Corrupt ``ring_damaged``.
    """
    try:
        device, content = sheet.read(LETTERS, data, None, NAME)
        reader = Reader(content)
        reader.array(5, 5)
        agency, made_at = reader.octets(ID), reader.number()
        to_recovery, to_home = _box(reader), _box(reader)
        sealed = reader.octets()
        reader.end()
    except (Corrupt, MalformedError):
        raise Corrupt("ring_damaged") from None
    if home is not None:
        try:
            ring_key = home(to_home)
        except WrongKey:
            raise WrongKey("ring_other_home") from None
    elif recovery is not None:
        ring_key = recovery(to_recovery)
    else:
        raise ValueError("no opener")
    try:
        aad = agency + device + made_at.to_bytes(8, "big")
        body = nacl.secret.Aead(ring_key).decrypt(sealed, aad)
        secret, keys, signers = _body(body)
    except (nacl.exceptions.CryptoError, MalformedError, ValueError):
        raise Corrupt("ring_damaged") from None
    return Ring(agency, device, secret, made_at, keys, signers)


def read_newest(shelf: Shelf) -> bytes:
    """The newer of the two rings of a folder that are whole; Corrupt ``ring_missing``,
    ``ring_damaged`` when neither is.
    """
    found = []
    for name in NAMES:
        with contextlib.suppress(NotFound):
            found.append(shelf.get(name, sheet.MOST))
    if not found:
        raise Corrupt("ring_missing")
    whole = [(_outside(data)[1], data) for data in found if sheet.is_whole(LETTERS, data)]
    if not whole:
        raise Corrupt("ring_damaged")
    return max(whole)[1]


def agency_of(data: bytes) -> bytes:
    """Whose ring this is, as it says itself; Corrupt ``ring_damaged``."""
    return _outside(data)[0]


def _outside(data: bytes) -> tuple[bytes, int]:
    try:
        reader = Reader(sheet.read(LETTERS, data, None, NAME)[1])
        reader.array(5, 5)
        return reader.octets(ID), reader.number()
    except (Corrupt, MalformedError):
        raise Corrupt("ring_damaged") from None


def _box(reader: Reader) -> bytes:
    box = reader.octets()
    if len(box) > _MOST_BOX:
        raise MalformedError
    return box


def _body(body: bytes) -> tuple[bytes, dict[Id, bytes], dict[bytes, bytes]]:
    reader = Reader(body)
    reader.array(3, 3)
    secret = reader.octets(_KEY)
    keys, signers = _pairs(reader), _pairs(reader)
    reader.end()
    return secret, keys, signers


def _pairs(reader: Reader) -> dict[bytes, bytes]:
    found: dict[bytes, bytes] = {}
    for _ in range(reader.array(_MOST_KEYS)):
        reader.array(2, 2)
        name = reader.octets(ID)
        found[name] = reader.octets(_KEY)
    return found
