"""The redactable pack: sealed entries under a signed list of their hashes (``sync.md`` 4.2).

``CLPK`` + version · length of the header · header · Ed25519 signature over all before · one bit an
entry, set when it was cut out · the entries that were not · zeros up to a whole kB · length of the
file and SHA-256 of all before. Bits and trailer are not signed: anybody can cut an entry out without
a key, and the signature and every other entry still hold. A torn file has no right trailer, a cut
one has: torn is never taken for cut. The name is the hash of the header, which cutting leaves alone.
"""

from __future__ import annotations

import contextlib
import hashlib
import io
import os
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass
from typing import BinaryIO

import nacl.exceptions
import nacl.secret
import nacl.signing
import zstandard

from clementine_crm.domain.ids import Id
from clementine_crm.errors import Corrupt, WrongKey
from clementine_crm.hub import header as headers
from clementine_crm.hub.header import MOST_ENTRY, Blob, Cover, Listed, Origin
from clementine_crm.hub.strict import MalformedError

MAGIC = b"CLPK\x01"
GRAIN = 1024
MOST_HEADER = 8 << 20
# A state larger than this was made to exhaust the machine.
MOST_STATE = 64 << 20
_LENGTH = 4
_SIGNATURE = 64
_TOTAL, _DIGEST = 8, 32
_TRAILER = _TOTAL + _DIGEST
_LEVEL = 6
_PIECE = 1 << 20

KeyOf = Callable[[bytes], bytes | None]
"""The Ed25519 public key of a device, None for a device nobody knows."""


@dataclass(frozen=True)
class Entry:
    """A sealed entry on its way into a pack."""

    dossier: Id
    kind: str
    box: bytes
    documents: tuple[Blob, ...] = ()
    wrapped: bytes | None = None
    mark: bytes = b""


def seal_entry(dek: bytes, origin: Origin, dossier: Id, state: bytes) -> bytes:
    """A state zipped and closed under its dossier's key, bound to its pack."""
    if len(state) > MOST_STATE:
        raise ValueError("too large a state")
    zipped = zstandard.ZstdCompressor(level=_LEVEL).compress(state)
    return bytes(nacl.secret.Aead(dek).encrypt(zipped, _aad(origin, dossier)))


def open_entry(dek: bytes, origin: Origin, dossier: Id, box: bytes) -> bytes:
    """What ``seal_entry`` closed; WrongKey ``entry_other_key``, Corrupt ``pack_damaged``."""
    try:
        zipped = nacl.secret.Aead(dek).decrypt(box, _aad(origin, dossier))
    except (nacl.exceptions.CryptoError, ValueError):
        raise WrongKey("entry_other_key") from None
    try:
        # The library believes the size a frame states and ignores a limit when there is one.
        if not 0 <= zstandard.frame_content_size(zipped) <= MOST_STATE:
            raise Corrupt("pack_damaged", file="")
        return zstandard.ZstdDecompressor().decompress(zipped)
    except zstandard.ZstdError:
        raise Corrupt("pack_damaged", file="") from None


def _aad(origin: Origin, dossier: Id) -> bytes:
    return origin.agency + dossier + origin.device + origin.n.to_bytes(8, "big")


def build(
    cover: Cover,
    entries: Sequence[Entry],
    signer: nacl.signing.SigningKey,
    group_key: bytes | None = None,
) -> bytes:
    """A pack's bytes; ValueError beyond the limits of ``header``."""
    listed = [
        Listed(
            e.dossier,
            len(e.box),
            hashlib.sha256(e.box).digest(),
            e.documents,
            e.kind,
            e.wrapped,
            e.mark,
        )
        for e in entries
    ]
    if any(entry.length > MOST_ENTRY for entry in listed):
        raise ValueError("too large an entry")
    data = headers.encode(cover, listed, group_key)
    if len(data) > MOST_HEADER:
        raise ValueError("too much for one pack")
    front = MAGIC + len(data).to_bytes(_LENGTH, "big") + data
    signature = signer.sign(front).signature
    target = io.BytesIO()
    writer = _Writer(target)
    writer.write(front + signature + bytes(_map_size(len(listed))))
    for entry in entries:
        writer.write(entry.box)
    writer.finish()
    return target.getvalue()


class Pack:
    """A pack in an open file. The header is verified at once, the rest as it is read.

    Corrupt ``pack_damaged`` (file) for whatever is not as its writer left it, ``pack_unsigned`` for
    a device that ``key_of`` does not know. ``key_of`` None: the signature is not looked at.

    ``cut``: numbers of the entries that were taken out; ``places``: where each other one begins;
    ``front``: the size of all before the bits.
    """

    def __init__(
        self, file: BinaryIO, key_of: KeyOf | None, group_key: bytes | None = None, name: str = ""
    ) -> None:
        self._file = file
        self._shown = name
        with _damage(name):
            front, data = self._front()
            self.name = _name(data)
            if name and name != self.name:
                raise MalformedError
            self.header = headers.decode(data, group_key)
        if key_of is not None:
            self._verify(key_of, front)
        with _damage(name):
            self._find_places()

    @property
    def origin(self) -> Origin:
        return self.header.cover.origin

    @property
    def listed(self) -> tuple[Listed, ...]:
        return self.header.entries

    def entry(self, number: int) -> bytes:
        """The sealed bytes of an entry; Corrupt ``pack_hole`` when it was cut out."""
        listed = self.listed[number]
        if number in self.cut:
            raise Corrupt("pack_hole", file=self._shown)
        self._file.seek(self.places[number])
        box = self._file.read(listed.length)
        if hashlib.sha256(box).digest() != listed.sha256:
            raise Corrupt("pack_damaged", file=self._shown)
        return box

    def entries(self) -> Iterator[tuple[int, bytes]]:
        """(number, sealed bytes) of the entries that are there, each one verified, in order."""
        for number in range(len(self.listed)):
            if number not in self.cut:
                yield number, self.entry(number)

    def check(self, erased: Collection[Id] = ()) -> list[int]:
        """Read all of it; the numbers of the entries that are damaged, or cut without an erasure.

        Corrupt ``pack_damaged`` when the trailer or the padding is not right and no entry is to blame.
        """
        bad = [n for n in self.cut if self.listed[n].dossier not in erased]
        for number in range(len(self.listed)):
            if number not in self.cut:
                try:
                    self.entry(number)
                except Corrupt:
                    bad.append(number)
        if not bad and not self._trailer_holds():
            raise Corrupt("pack_damaged", file=self._shown)
        return sorted(bad)

    # inside

    def _front(self) -> tuple[bytes, bytes]:
        self._file.seek(0, os.SEEK_END)
        self._size = self._file.tell()
        self._file.seek(0)
        start = self._file.read(len(MAGIC) + _LENGTH)
        if len(start) != len(MAGIC) + _LENGTH or not start.startswith(MAGIC):
            raise MalformedError
        length = int.from_bytes(start[len(MAGIC) :], "big")
        if length > min(MOST_HEADER, self._size):
            raise MalformedError
        data = self._file.read(length)
        self._signature = self._file.read(_SIGNATURE)
        if len(data) != length or len(self._signature) != _SIGNATURE:
            raise MalformedError
        return start + data, data

    def _verify(self, key_of: KeyOf, front: bytes) -> None:
        key = key_of(self.origin.device)
        if key is None:
            raise Corrupt("pack_unsigned", file=self._shown)
        with _damage(self._shown):
            nacl.signing.VerifyKey(key).verify(front, self._signature)

    def _find_places(self) -> None:
        """Where each entry lies; the file must be exactly as long as that says."""
        self.front, count = self._file.tell(), len(self.listed)
        bits = self._file.read(_map_size(count))
        if len(bits) != _map_size(count):
            raise MalformedError
        self.cut = frozenset(n for n in range(count) if bits[n >> 3] >> (n & 7) & 1)
        if bits != _map(self.cut, count):
            raise MalformedError
        self.places: dict[int, int] = {}
        place = self._file.tell()
        for number, entry in enumerate(self.listed):
            if number not in self.cut:
                self.places[number] = place
                place += entry.length
        self._end = place
        if self._size != _whole(place):
            raise MalformedError

    def _trailer_holds(self) -> bool:
        digest, left = hashlib.sha256(), self._size - _DIGEST
        self._file.seek(0)
        while left:
            piece = self._file.read(min(left, _PIECE))
            if not piece:
                return False
            digest.update(piece)
            left -= len(piece)
        if self._file.read(_DIGEST) != digest.digest():
            return False
        self._file.seek(self._end)
        rest = self._file.read(self._size - _TRAILER - self._end)
        total = int.from_bytes(self._file.read(_TOTAL), "big")
        return not rest.strip(b"\0") and total == self._size


def cut(source: BinaryIO, target: BinaryIO, gone: Collection[Id]) -> int:
    """Write a pack without the entries of these dossiers; how many went. Needs no key.

    Entries that stay are taken as they lie: what was damaged before is as damaged afterwards, since
    the signed hashes stay. Corrupt ``pack_damaged`` where no header can be read.
    """
    pack = Pack(source, key_of=None)
    going = {n for n in pack.places if pack.listed[n].dossier in gone}
    writer = _Writer(target)
    source.seek(0)
    writer.write(source.read(pack.front))
    writer.write(_map(pack.cut | going, len(pack.listed)))
    for number, place in pack.places.items():
        if number not in going:
            source.seek(place)
            writer.write(source.read(pack.listed[number].length))
    writer.finish()
    return len(going)


class _Writer:
    """Writes front to back and closes with padding and trailer."""

    def __init__(self, target: BinaryIO) -> None:
        self._target, self._digest, self._size = target, hashlib.sha256(), 0

    def write(self, data: bytes) -> None:
        self._target.write(data)
        self._digest.update(data)
        self._size += len(data)

    def finish(self) -> None:
        total = _whole(self._size)
        self.write(bytes(total - _TRAILER - self._size) + total.to_bytes(_TOTAL, "big"))
        self._target.write(self._digest.digest())


@contextlib.contextmanager
def _damage(name: str) -> Iterator[None]:
    """What strangers' bytes cause becomes ``pack_damaged`` with the file's name."""
    try:
        yield
    except (MalformedError, nacl.exceptions.CryptoError):
        raise Corrupt("pack_damaged", file=name) from None


def _name(data: bytes) -> str:
    return hashlib.sha256(MAGIC + data).hexdigest()


def _whole(size: int) -> int:
    """The size of a file whose content takes ``size`` bytes."""
    return -(-(size + _TRAILER) // GRAIN) * GRAIN


def _map_size(count: int) -> int:
    return -(-count // 8)


def _map(cut_out: Collection[int], count: int) -> bytes:
    bits = bytearray(_map_size(count))
    for number in cut_out:
        bits[number >> 3] |= 1 << (number & 7)
    return bytes(bits)
