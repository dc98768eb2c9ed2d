"""A home's own copy in a folder: what changed since the last one, verified, then named as a copy.

Order, so that a death between any two steps leaves the former copy whole and the next run goes on:
half-written files · packs and documents · journal · ring · entries and documents of the erased ·
manifest (from here on the copy counts) · copies, packs and documents whose time is over.
"""

from __future__ import annotations

import hashlib
import io
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from clementine_crm.clock import Clock
from clementine_crm.domain.ids import Id
from clementine_crm.errors import ClementineError, Corrupt, NotFound, WrongKey
from clementine_crm.hub import clearing, ledger, manifest, place, ports, ring, sheet, signers
from clementine_crm.hub.inventory import (
    MEMORY,
    PACK_ENDING,
    PACKS,
    Inventory,
    document_folders,
    pack_path,
)
from clementine_crm.hub.ledger import Ledger
from clementine_crm.hub.manifest import Manifest
from clementine_crm.hub.pack import KeyOf, Pack
from clementine_crm.hub.packing import Packer, beside_mark, state_mark
from clementine_crm.hub.ports import Erased, Held, HomeToCopy, RingLocks, derived
from clementine_crm.hub.ring import Ring
from clementine_crm.hub.shelf import Shelf
from clementine_crm.jobs import JobContext


@dataclass(frozen=True)
class CopyMade:
    """``size``: bytes of the whole copy; ``written``: bytes that this run wrote; ``missing``: documents
    that the home could not give (dossier, name); ``redacted``: entries and documents of the erased
    taken out of older packs; ``damaged``: files of the folder that cannot be read, their dossiers
    written anew; ``removed``: former copies whose time was over.
    """

    id: str
    made_at: datetime
    dossiers: int
    documents: int
    size: int
    written: int
    missing: tuple[tuple[Id, str], ...] = ()
    redacted: int = 0
    damaged: tuple[str, ...] = ()
    removed: int = 0


def run(
    home: HomeToCopy,
    folder: Path,
    locks: RingLocks,
    clock: Clock,
    job: JobContext,
    *,
    thorough: bool = False,
) -> CopyMade:
    """Copy a home; the caller holds its lock. ``thorough`` reads the packs that lie there whole, so
    that damaged ones are written anew.

    Raises as ``place.open_for_writing`` and ``Shelf.put``; ``Cancelled`` between two dossiers. Until it
    returns nothing counts, and what was written is not written again by the next run.
    """
    shelf = place.open_for_writing(folder, home.folder, home.identity)
    return _Run(home, shelf, locks, clock, job).run(thorough=thorough)


class _Run:
    def __init__(
        self, home: HomeToCopy, shelf: Shelf, locks: RingLocks, clock: Clock, job: JobContext
    ) -> None:
        self.home, self.shelf, self.locks, self.clock, self.job = home, shelf, locks, clock, job
        self.identity = home.identity
        self.now = clock.now()
        self.held: dict[Id, Held] = {}
        self.live: dict[str, set[int]] = {}

    def run(self, *, thorough: bool) -> CopyMade:
        signers.publish(self.shelf, self.identity)
        self.former_ring = self._former_ring()
        self.signers = {
            **self.former_ring.signers,
            **signers.known_to(self.shelf, self.identity.secret),
        }
        self.key_of = self.signers.get
        mend(self.shelf, self.key_of)
        group_key = self.identity.group_key
        self.inventory = Inventory.read(self.shelf, self.key_of, group_key, thorough=thorough)
        self.inventory.forget(clearing.worth_folding(self.shelf, self.inventory, self.key_of))
        self.former = self._former_ledger()
        packer = self._write_changed()
        erased = self._write_journal_and_ring()
        redacted = clearing.redact(self.shelf, self.inventory, erased)
        # All that the manifest names stands for certain before it does.
        self.shelf.settle()
        made = self._write_manifest(erased)
        self.shelf.settle()
        removed, unreadable = clearing.retire(self.shelf, self.inventory, self.key_of, self.now)
        return CopyMade(
            made.id,
            made.made,
            made.dossiers,
            made.documents,
            made.size,
            self.shelf.written,
            tuple(packer.missing),
            redacted,
            (*map(pack_path, self.inventory.damaged), *unreadable),
            removed,
        )

    # what changed

    def _write_changed(self) -> Packer:
        gone = {line.dossier for line in self._erasures()}
        everything = [held for held in self.home.held() if held.dossier not in gone]
        packer = Packer(self.shelf, self.home, self.inventory)
        for number, held in enumerate(everything):
            self.job.cancel.check()
            self.job.progress(number, len(everything), "")
            self.held[held.dossier] = held
            self._state(held, packer)
            if held.beside_version and not self._reuse(held, beside_mark(held), beside=True):
                packer.add_beside(held)
        self._memory(packer)
        packer.flush()
        for name, numbers in packer.live.items():
            self.live.setdefault(name, set()).update(numbers)
        self.job.progress(len(everything), len(everything), "")
        return packer

    def _state(self, held: Held, packer: Packer) -> None:
        found = self.inventory.find(held.dossier, state_mark(held), beside=False)
        if found is not None:
            listed = self.inventory.packs[found[0]].header.entries[found[1]]
            if packer.refill(held, listed.documents):
                self._reuse(held, state_mark(held), beside=False)
                return
        packer.add(held)

    def _memory(self, packer: Packer) -> None:
        memory = self.home.memory()
        key = derived(self.identity.secret, ports.MEMORY)
        held = Held(self.identity.agency, MEMORY, key, hashlib.sha256(memory).digest())
        if not self._reuse(held, state_mark(held), beside=False):
            packer.add_memory(held, memory)

    def _reuse(self, held: Held, mark: bytes, *, beside: bool) -> bool:
        found = self.inventory.find(held.dossier, mark, beside=beside)
        if found is None:
            return False
        self.live.setdefault(found[0], set()).add(found[1])
        return True

    # keys and erasures

    def _former_ring(self) -> Ring:
        try:
            return ring.open_ring(ring.read_newest(self.shelf), home=self.locks.from_home)
        except (Corrupt, WrongKey):
            # The first copy here, or a restored home's first: it brought what it knew.
            return Ring(self.identity.agency, self.identity.device, self.identity.secret, 0)

    def _former_ledger(self) -> Ledger:
        try:
            return ledger.read(self.shelf.get(ledger.NAME, sheet.MOST), self.key_of)
        except (Corrupt, NotFound):
            # The home's own journal holds all that this one held.
            return Ledger(self.identity.agency, 0)

    def _erasures(self) -> tuple[Erased, ...]:
        return ledger.union(self.former.lines, self.home.erasures())

    def _write_journal_and_ring(self) -> frozenset[Id]:
        """Asked again after the long part: who was erased while it ran is erased here too."""
        known_until = ledger.millis(self.clock.now())
        lines = self._erasures()
        made = Ledger(self.identity.agency, known_until, lines)
        self.shelf.put(ledger.NAME, ledger.write(self.identity, made))
        keys = {**self._keys_of_former_copies(), **{h.dossier: h.dek for h in self.held.values()}}
        for dossier in made.dossiers:
            keys.pop(dossier, None)
        stamp = ledger.millis(self.now)
        data = ring.close(self.identity, self.locks, keys, self.signers, stamp)
        for name in ring.NAMES:
            self.shelf.put(name, data)
        return made.dossiers

    def _keys_of_former_copies(self) -> dict[Id, bytes]:
        """Keys of what only older copies hold, as long as an entry of it lies in the folder."""
        known = {**self.home.former_keys(), **self.former_ring.keys}
        lying = self.inventory.dossiers()
        return {dossier: dek for dossier, dek in known.items() if dossier in lying}

    # the copy itself

    def _write_manifest(self, erased: frozenset[Id]) -> Manifest:
        packs = {}
        documents: dict[str, int] = {}
        size = 0
        kinds: dict[str, int] = {}
        for name in sorted(self.live):
            entries = self.inventory.packs[name].header.entries
            chosen = frozenset(n for n in self.live[name] if entries[n].dossier not in erased)
            for number in chosen:
                size += entries[number].length
                documents |= {blob.name: blob.size for blob in entries[number].documents}
                kinds[entries[number].kind] = kinds.get(entries[number].kind, 0) + 1
            packs[name] = chosen
        dossiers = sum(1 for dossier in self.held if dossier not in erased)
        made = Manifest(
            manifest.new_id(self.now),
            self.identity.agency,
            self.identity.device,
            ledger.millis(self.now),
            self.home.schema,
            dossiers,
            len(documents),
            size + sum(documents.values()),
            packs,
            dict(self.home.settings()),
            kinds,
        )
        self.shelf.put(manifest.path_of(made.id), manifest.write(self.identity, made))
        return made


def mend(shelf: Shelf, key_of: KeyOf) -> None:
    """Finish or take back what a death left half-written in a copy's folder."""

    def whole(name: str, data: bytes) -> bool:
        if name.endswith(PACK_ENDING):
            try:
                pack = Pack(io.BytesIO(data), key_of, None, name.removesuffix(PACK_ENDING))
                return pack.check({e.dossier for e in pack.listed}) == []
            except ClementineError:
                return False
        letters = {**dict.fromkeys(ring.NAMES, ring.LETTERS), ledger.NAME: ledger.LETTERS}
        return name in letters and sheet.is_whole(letters[name], data)

    places = ["", PACKS, manifest.PLACE, signers.PLACE, *document_folders(shelf)]
    shelf.mend(places, whole)
