"""What a copy and a restoration need of a home, as Protocols. ``bootstrap`` hands in the real ones."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Protocol

import nacl.signing
from typing_extensions import override

from clementine_crm.domain.ids import Id


@dataclass(frozen=True, repr=False)
class Identity:
    """Who makes a copy: agency and device ids (16 bytes), the agency secret, the device's Ed25519
    seed (32 bytes each).
    """

    agency: bytes
    device: bytes
    secret: bytes
    seed: bytes

    @override
    def __repr__(self) -> str:
        return f"Identity({self.device.hex()})"

    @property
    def group_key(self) -> bytes:
        """Closes what a header does not show to everybody."""
        return derived(self.secret, GROUP)

    @property
    def signer(self) -> nacl.signing.SigningKey:
        return nacl.signing.SigningKey(self.seed)

    @property
    def public(self) -> bytes:
        return bytes(self.signer.verify_key)

    def sign(self, data: bytes) -> bytes:
        return bytes(self.signer.sign(data).signature)


GROUP, MEMORY = "copy-headers", "copy-memory"
"""Uses of ``derived``: what closes headers, and what closes the memory that no dossier holds."""


def derived(secret: bytes, use: str) -> bytes:
    """A key for one use (at most 16 ASCII letters) from the agency secret."""
    return hashlib.blake2b(key=secret, digest_size=32, person=use.encode("ascii")).digest()


@dataclass(frozen=True, repr=False)
class Held:
    """A dossier as a home holds it now. ``version`` and ``beside_version`` are any bytes that change
    whenever the state, or what stands beside it, does (empty: nothing stands beside it).
    """

    dossier: Id
    kind: str
    dek: bytes
    version: bytes
    beside_version: bytes = b""


@dataclass(frozen=True)
class Erased:
    """One line of the erasure journal. It names nobody."""

    dossier: Id
    cause: str
    at: datetime


class HomeToCopy(Protocol):
    """One consistent view of a home, for as long as a run lasts; the caller holds its lock."""

    @property
    def identity(self) -> Identity: ...

    @property
    def folder(self) -> Path: ...

    @property
    def schema(self) -> str: ...

    def held(self) -> Iterable[Held]:
        """Every dossier, of all kinds."""
        ...

    def state(self, dossier: Id) -> bytes:
        """The dossier in its one encoding."""
        ...

    def beside(self, dossier: Id) -> bytes:
        """What this desktop keeps of a dossier and its state does not hold: the texts that search
        needs, letters that wait, values that lost.
        """
        ...

    def memory(self) -> bytes:
        """What this desktop keeps and no dossier holds, names of nobody: what imports recognise."""
        ...

    def documents(self, dossier: Id) -> Sequence[str]:
        """The names of the sealed files of its documents."""
        ...

    def sealed_document(self, dossier: Id, name: str) -> bytes:
        """The sealed file, verified with the dossier's key; NotFound or Corrupt (name)."""
        ...

    def clock(self) -> tuple[int, Mapping[bytes, int]]:
        """The greatest hybrid stamp, and the greatest known of each device."""
        ...

    def settings(self) -> Mapping[str, str]:
        """Settings of this desktop that stand in no dossier."""
        ...

    def erasures(self) -> Sequence[Erased]:
        """The whole journal **as it is now**, not as it was when the view began. With an erased
        candidate come the items that had become that candidate.
        """
        ...

    def former_keys(self) -> Mapping[Id, bytes]:
        """Keys of dossiers that only older copies hold (items since kept): see ``NewHome``."""
        ...


class RingLocks(Protocol):
    """How a copy's keys are closed: to the 24 words, and to this home (``keys.wrapping``)."""

    def to_recovery(self, data: bytes) -> bytes: ...

    def to_home(self, data: bytes) -> bytes: ...

    def from_home(self, box: bytes) -> bytes:
        """What ``to_home`` closed; WrongKey when another home did."""
        ...


class NewHome(Protocol):
    """A home being built in a folder that nobody opens yet."""

    def take(self, dossier: Id, kind: str, dek: bytes, state: bytes) -> None: ...

    def take_beside(self, dossier: Id, beside: bytes) -> None:
        """After the dossier itself."""
        ...

    def take_memory(self, memory: bytes) -> None: ...

    def take_document(self, dossier: Id, name: str, sealed: bytes) -> None:
        """After the dossier itself; Corrupt when its key does not open it."""
        ...

    def take_settings(self, settings: Mapping[str, str]) -> None: ...

    def take_former_keys(self, keys: Mapping[Id, bytes]) -> None:
        """To be given back by ``HomeToCopy.former_keys`` at the next copies."""
        ...

    def take_erasures(self, erasures: Sequence[Erased]) -> None:
        """The new home's journal begins with them."""
        ...

    def count(self) -> int:
        """The dossiers that stand in the base now, after its integrity was checked; Corrupt."""
        ...

    def close(self) -> None:
        """Let go of every file, so that they can be moved."""
        ...


class Builder(Protocol):
    """Begins a home in an empty folder, for the agency whose copy is restored. ``key_files`` (names)
    are moved into place last: without them no folder looks like a home.
    """

    @property
    def key_files(self) -> Sequence[str]: ...

    def __call__(self, folder: Path, agency: bytes, secret: bytes) -> NewHome: ...
