"""The header of a pack: who wrote it, and which sealed entry of which dossier lies in it.

What somebody without a key needs for checking, copying and erasing stands in the clear: origin,
chain, epoch, greatest clock, and for each entry dossier id, length, hash and the documents it names.
Kinds, wrapped keys, marks, schema and version vector are sealed when there is a group key.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

import nacl.exceptions
import nacl.secret

from clementine_crm.domain.ids import Id
from clementine_crm.errors import WrongKey
from clementine_crm.hub.strict import MalformedError, Reader, pack

ID = 16
HASH = 32
NO_PREVIOUS = bytes(HASH)
# Beyond these a header is an attack, not a pack: entries and documents of one pack, bytes of one.
MOST_ENTRIES = 8_192
MOST_DOCUMENTS = 32_768
MOST_ENTRY = 64 << 20
MOST_FILE = 1 << 40
_MOST_DEVICES = 4_096
_MOST_NAME = 64
_WRAPPED = 256


@dataclass(frozen=True)
class Origin:
    """Whose pack this is: the ``n``-th of one device of one agency."""

    agency: bytes
    device: bytes
    n: int

    @property
    def octets(self) -> bytes:
        return self.agency + self.device + self.n.to_bytes(8, "big")


@dataclass(frozen=True)
class Blob:
    """A document's sealed file: its name (64 hex digits, an HMAC), size and SHA-256."""

    name: str
    size: int
    sha256: bytes


@dataclass(frozen=True)
class Listed:
    """One entry as the header lists it; ``kind``, ``wrapped`` and ``mark`` are blank without the
    group key. ``mark`` says which version of the dossier it is.
    """

    dossier: Id
    length: int
    sha256: bytes
    documents: tuple[Blob, ...] = ()
    kind: str = ""
    wrapped: bytes | None = None
    mark: bytes = b""


@dataclass(frozen=True)
class Cover:
    """All of a header but its entries. ``previous`` is the hash of the device's header before."""

    origin: Origin
    previous: bytes = NO_PREVIOUS
    epoch: int = 0
    max_hlc: int = 0
    schema: str = ""
    versions: dict[bytes, int] = field(default_factory=dict)


@dataclass(frozen=True)
class Header:
    """``readable``: whether the sealed part was read too."""

    cover: Cover
    entries: tuple[Listed, ...]
    readable: bool


def encode(cover: Cover, entries: Sequence[Listed], group_key: bytes | None) -> bytes:
    """The header's bytes, the private part sealed when a group key is given."""
    if len(entries) > MOST_ENTRIES or sum(len(e.documents) for e in entries) > MOST_DOCUMENTS:
        raise ValueError("too much for one pack")
    private = pack(
        [
            cover.schema,
            [[device, stamp] for device, stamp in sorted(cover.versions.items())],
            [[e.kind, e.wrapped or b"", e.mark] for e in entries],
        ]
    )
    if group_key is not None:
        private = nacl.secret.Aead(group_key).encrypt(private, cover.origin.octets)
    origin = cover.origin
    listed = [
        [
            e.dossier,
            e.length,
            e.sha256,
            [[bytes.fromhex(d.name), d.size, d.sha256] for d in e.documents],
        ]
        for e in entries
    ]
    return pack(
        [
            origin.agency,
            origin.device,
            origin.n,
            cover.previous,
            cover.epoch,
            cover.max_hlc,
            listed,
            int(group_key is not None),
            private,
        ]
    )


def decode(data: bytes, group_key: bytes | None) -> Header:
    """A header from its bytes; ``MalformedError``. WrongKey ``pack_other_group`` for another group's."""
    reader = Reader(data)
    reader.array(9, 9)
    origin = Origin(reader.octets(ID), reader.octets(ID), reader.number())
    cover = Cover(origin, reader.octets(HASH), reader.number(), reader.number())
    entries = _listed(reader)
    closed = reader.number(1)
    private = reader.octets()
    reader.end()
    if closed and group_key is None:
        return Header(cover, entries, readable=False)
    if closed and group_key is not None:
        private = _opened(private, group_key, origin)
    return _with_private(cover, entries, private)


def _listed(reader: Reader) -> tuple[Listed, ...]:
    entries, documents = [], 0
    for _ in range(reader.array(MOST_ENTRIES)):
        reader.array(4, 4)
        dossier, length, digest = reader.octets(ID), reader.number(MOST_ENTRY), reader.octets(HASH)
        count = reader.array(MOST_DOCUMENTS - documents)
        documents += count
        named = tuple(_blob(reader) for _ in range(count))
        entries.append(Listed(dossier, length, digest, named))
    return tuple(entries)


def _blob(reader: Reader) -> Blob:
    reader.array(3, 3)
    return Blob(reader.octets(HASH).hex(), reader.number(MOST_FILE), reader.octets(HASH))


def _opened(private: bytes, group_key: bytes, origin: Origin) -> bytes:
    try:
        return nacl.secret.Aead(group_key).decrypt(private, origin.octets)
    except (nacl.exceptions.CryptoError, ValueError):
        raise WrongKey("pack_other_group") from None


def _with_private(cover: Cover, entries: tuple[Listed, ...], private: bytes) -> Header:
    reader = Reader(private)
    reader.array(3, 3)
    schema = reader.text(_MOST_NAME)
    versions = {}
    for _ in range(reader.array(_MOST_DEVICES)):
        reader.array(2, 2)
        device = reader.octets(ID)
        versions[device] = reader.number()
    if reader.array(MOST_ENTRIES) != len(entries):
        raise MalformedError
    whole = []
    for entry in entries:
        reader.array(3, 3)
        kind, wrapped, mark = reader.text(_MOST_NAME), reader.octets(), reader.octets()
        if len(wrapped) > _WRAPPED or len(mark) > HASH:
            raise MalformedError
        whole.append(replace(entry, kind=kind, wrapped=wrapped or None, mark=mark))
    reader.end()
    return Header(replace(cover, schema=schema, versions=versions), tuple(whole), readable=True)
