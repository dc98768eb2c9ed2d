"""A manifest: which entries of which packs are one copy of a home.

It names packs by the hash of their header, with one bit an entry: so it pins dossier ids, entry
hashes and document names without repeating them, and a run where nothing changed writes a kilobyte.
"""

from __future__ import annotations

import os
import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime

import nacl.exceptions
import nacl.secret

from clementine_crm.errors import Corrupt, NotFound, WrongKey
from clementine_crm.hub import sheet
from clementine_crm.hub.header import HASH, ID, MOST_ENTRIES
from clementine_crm.hub.ledger import instant
from clementine_crm.hub.pack import KeyOf
from clementine_crm.hub.ports import Identity
from clementine_crm.hub.shelf import Shelf
from clementine_crm.hub.strict import MalformedError, Reader, pack

PLACE = "manifests"
ENDING = ".manifest"
LETTERS = b"CLMF"
_ID = re.compile(r"[0-9]{8}-[0-9]{6}-[0-9a-f]{6}\Z")
_LAST = 253_402_300_799_999
_MOST_PACKS = 100_000
_MOST_SETTINGS = 10_000
_MOST_TEXT = 1 << 20


@dataclass(frozen=True)
class Manifest:
    """One copy. ``packs``: name of a pack → numbers of its entries that belong to the copy.

    ``size``: bytes of all entries and documents; ``made_at`` in milliseconds since 1970; settings and
    kinds are blank when it was read without the group key.
    """

    id: str
    agency: bytes
    device: bytes
    made_at: int
    schema: str
    dossiers: int
    documents: int
    size: int
    packs: Mapping[str, frozenset[int]]
    settings: Mapping[str, str] = field(default_factory=dict)
    kinds: Mapping[str, int] = field(default_factory=dict)

    @property
    def made(self) -> datetime:
        return instant(self.made_at)


def new_id(now: datetime) -> str:
    """``20261127-131500-3f9a2c``: UTC, sorts by time, a name on every file system."""
    return f"{now.astimezone(UTC):%Y%m%d-%H%M%S}-{os.urandom(3).hex()}"


def made(copy: str) -> datetime:
    """When a copy was made, as its id says, to the second."""
    return datetime.strptime(copy[:15], "%Y%m%d-%H%M%S").replace(tzinfo=UTC)


def write(identity: Identity, manifest: Manifest) -> bytes:
    """The bytes of a manifest."""
    private = pack([sorted(manifest.settings.items()), sorted(manifest.kinds.items())])
    aad = manifest.agency + manifest.id.encode()
    body = pack(
        [
            manifest.agency,
            manifest.id,
            manifest.made_at,
            manifest.schema,
            manifest.dossiers,
            manifest.documents,
            manifest.size,
            [[bytes.fromhex(name), _bits(live)] for name, live in manifest.packs.items()],
            nacl.secret.Aead(identity.group_key).encrypt(private, aad),
        ]
    )
    return sheet.write(LETTERS, identity.device, body, identity.sign)


def path_of(copy: str) -> str:
    """Where the manifest of a copy lies; NotFound ``copy_unknown`` for what is no id of a copy."""
    if not _is_id(copy):
        raise NotFound("copy_unknown", id=copy)
    return f"{PLACE}/{copy}{ENDING}"


def ids(shelf: Shelf) -> list[str]:
    """The copies of a folder, oldest first."""
    names = (name.removesuffix(ENDING) for name in shelf.sizes(PLACE, ENDING))
    return sorted(name for name in names if _is_id(name))


def read(shelf: Shelf, copy: str, key_of: KeyOf | None, group_key: bytes | None) -> Manifest:
    """One manifest; NotFound ``copy_unknown``, Corrupt ``sheet_damaged``, ``sheet_unsigned`` (file)."""
    path = path_of(copy)
    # Half-written, it is no copy yet.
    if copy not in ids(shelf):
        raise NotFound("copy_unknown", id=copy)
    device, body = sheet.read(LETTERS, shelf.get(path, sheet.MOST), key_of, path)
    try:
        found = _parse(body, device, group_key)
    except MalformedError:
        raise Corrupt("sheet_damaged", file=path) from None
    if found.id != copy:
        raise Corrupt("sheet_damaged", file=path)
    return found


def _is_id(text: str) -> bool:
    if not _ID.match(text):
        return False
    try:
        made(text)
    except ValueError:
        return False
    return True


def _parse(body: bytes, device: bytes, group_key: bytes | None) -> Manifest:
    reader = Reader(body)
    reader.array(9, 9)
    agency, copy, made_at = reader.octets(ID), reader.text(64), reader.number(_LAST)
    schema = reader.text(64)
    dossiers, documents, size = reader.number(), reader.number(), reader.number()
    packs = {}
    for _ in range(reader.array(_MOST_PACKS)):
        reader.array(2, 2)
        name = reader.octets(HASH).hex()
        packs[name] = _numbers(reader.octets())
    private = reader.octets()
    reader.end()
    settings, kinds = _private(private, agency + copy.encode(), group_key)
    return Manifest(
        copy, agency, device, made_at, schema, dossiers, documents, size, packs, settings, kinds
    )


def _private(
    box: bytes, aad: bytes, group_key: bytes | None
) -> tuple[dict[str, str], dict[str, int]]:
    if group_key is None:
        return {}, {}
    try:
        plain = nacl.secret.Aead(group_key).decrypt(box, aad)
    except (nacl.exceptions.CryptoError, ValueError):
        raise WrongKey("pack_other_group") from None
    reader = Reader(plain)
    reader.array(2, 2)
    settings, kinds = {}, {}
    for _ in range(reader.array(_MOST_SETTINGS)):
        reader.array(2, 2)
        name = reader.text(_MOST_TEXT)
        settings[name] = reader.text(_MOST_TEXT)
    for _ in range(reader.array(_MOST_SETTINGS)):
        reader.array(2, 2)
        kind = reader.text(_MOST_TEXT)
        kinds[kind] = reader.number()
    reader.end()
    return settings, kinds


def _bits(numbers: Collection[int]) -> bytes:
    bits = bytearray(max(numbers, default=-1) // 8 + 1)
    for number in numbers:
        bits[number >> 3] |= 1 << (number & 7)
    return bytes(bits)


def _numbers(bits: bytes) -> frozenset[int]:
    if len(bits) > MOST_ENTRIES // 8:
        raise MalformedError
    return frozenset(n for n in range(8 * len(bits)) if bits[n >> 3] >> (n & 7) & 1)
