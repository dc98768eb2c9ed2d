"""Writes what changed into new packs, a few megabytes each, and the documents they name."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

from clementine_crm.domain.ids import Id
from clementine_crm.errors import Corrupt, NotFound
from clementine_crm.hub.header import MOST_DOCUMENTS, MOST_ENTRIES, NO_PREVIOUS, Blob, Cover, Origin
from clementine_crm.hub.inventory import (
    BESIDE,
    MEMORY,
    Inventory,
    document_path,
    document_sizes,
    pack_path,
    read_back,
)
from clementine_crm.hub.pack import Entry, build, seal_entry
from clementine_crm.hub.ports import Held, HomeToCopy
from clementine_crm.hub.shelf import Shelf

TARGET = 4 << 20


class Packer:
    """Takes changed dossiers one by one; what is full is written at once.

    ``live``: pack → numbers of its entries written here. ``missing``: documents that the home itself
    cannot give (dossier, name).
    """

    def __init__(self, shelf: Shelf, home: HomeToCopy, inventory: Inventory) -> None:
        self._shelf, self._home, self._inventory = shelf, home, inventory
        self._identity = home.identity
        self._lying = document_sizes(shelf)
        self._begin()
        self._n, self._previous = self._last()
        self.live: dict[str, set[int]] = {}
        self.missing: list[tuple[Id, str]] = []
        self.packs = 0

    def add(self, held: Held) -> None:
        """The state of a dossier, its documents first."""
        before = len(self.missing)
        blobs = [self._document(held, name) for name in self._home.documents(held.dossier)]
        # What a document is missing from is tried again at the next run.
        mark = state_mark(held) if len(self.missing) == before else b""
        found = tuple(blob for blob in blobs if blob is not None)
        self._seal(held, held.kind, self._home.state(held.dossier), found, mark)

    def add_beside(self, held: Held) -> None:
        """What the home keeps beside a dossier."""
        self._seal(held, BESIDE, self._home.beside(held.dossier), (), beside_mark(held))

    def add_memory(self, held: Held, memory: bytes) -> None:
        """What the home keeps and no dossier holds."""
        self._seal(held, MEMORY, memory, (), state_mark(held))

    def refill(self, held: Held, blobs: Sequence[Blob]) -> bool:
        """Whether all these documents of an unchanged dossier lie there, after putting back what can
        be; False when one of them is sealed otherwise by now.
        """
        return all(self._lying.get(b.name) == b.size or self._put_back(held, b) for b in blobs)

    def flush(self) -> None:
        """Write the entries gathered so far as a pack."""
        if not self._batch:
            return
        stamp, versions = self._home.clock()
        cover = Cover(self._origin, self._previous, 0, stamp, self._home.schema, dict(versions))
        key = self._identity.group_key
        data = build(cover, self._batch, self._identity.signer, key)
        lying = read_back(data, lambda _: self._identity.public, key)
        self._shelf.put(pack_path(lying.name), data)
        self._inventory.add(lying)
        self.live[lying.name] = set(range(len(self._batch)))
        self.packs += 1
        self._n, self._previous = self._n + 1, bytes.fromhex(lying.name)
        self._begin()

    # inside

    def _begin(self) -> None:
        self._batch: list[Entry] = []
        self._size = self._named = 0

    @property
    def _origin(self) -> Origin:
        return Origin(self._identity.agency, self._identity.device, self._n)

    def _last(self) -> tuple[int, bytes]:
        """The next number of this device's packs, and the hash of the one before."""
        own = [
            (lying.header.cover.origin.n, lying.name)
            for lying in self._inventory.packs.values()
            if lying.header.cover.origin.device == self._identity.device
        ]
        if not own:
            return 1, NO_PREVIOUS
        n, name = max(own)
        return n + 1, bytes.fromhex(name)

    def _seal(
        self, held: Held, kind: str, state: bytes, blobs: tuple[Blob, ...], mark: bytes
    ) -> None:
        full = self._size >= TARGET or len(self._batch) >= MOST_ENTRIES
        if full or self._named + len(blobs) > MOST_DOCUMENTS:
            self.flush()
        box = seal_entry(held.dek, self._origin, held.dossier, state)
        self._batch.append(Entry(held.dossier, kind, box, blobs, None, mark))
        self._size += len(box)
        self._named += len(blobs)

    def _document(self, held: Held, name: str) -> Blob | None:
        known = self._inventory.blob(name)
        if known is not None and self._lying.get(name) == known.size:
            return known
        try:
            sealed = self._home.sealed_document(held.dossier, name)
        except (NotFound, Corrupt):
            self.missing.append((held.dossier, name))
            return None
        return self._put(name, sealed)

    def _put_back(self, held: Held, blob: Blob) -> bool:
        try:
            sealed = self._home.sealed_document(held.dossier, blob.name)
        except (NotFound, Corrupt):
            return False
        if hashlib.sha256(sealed).digest() != blob.sha256:
            return False
        self._put(blob.name, sealed)
        return True

    def _put(self, name: str, sealed: bytes) -> Blob:
        self._shelf.put(document_path(name), sealed)
        self._lying[name] = len(sealed)
        return Blob(name, len(sealed), hashlib.sha256(sealed).digest())


def state_mark(held: Held) -> bytes:
    """Says which version of a state an entry holds, to nobody but who has the dossier's key."""
    return _mark(held.version, held.dek, b"state")


def beside_mark(held: Held) -> bytes:
    return _mark(held.beside_version, held.dek, b"beside")


def _mark(version: bytes, dek: bytes, use: bytes) -> bytes:
    return hashlib.blake2b(version, key=dek, digest_size=16, person=use).digest()
