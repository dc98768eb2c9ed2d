"""What copies a folder holds, and whether each is whole: every hash and signature, without a key."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from clementine_crm.domain.ids import Id
from clementine_crm.errors import Corrupt, NotFound, Offline, SchemaTooNew
from clementine_crm.hub import clearing, ledger, manifest, place, ring, sheet, signers
from clementine_crm.hub.header import Blob
from clementine_crm.hub.inventory import document_path, open_pack, pack_path
from clementine_crm.hub.manifest import Manifest
from clementine_crm.hub.pack import KeyOf
from clementine_crm.hub.shelf import Shelf
from clementine_crm.jobs import JobContext

_PIECE = 1 << 20


@dataclass(frozen=True)
class CopyListed:
    """One copy of a folder; ``readable`` is false when its manifest is damaged."""

    id: str
    made_at: datetime
    dossiers: int
    size: int
    readable: bool = True


@dataclass(frozen=True)
class Damage:
    """A file that is not as it was written; ``dossiers``: how many of the copies' dossiers lose
    something by it (0 for a file of no dossier).
    """

    file: str
    dossiers: int = 0


@dataclass(frozen=True)
class Checked:
    """``checked``: entries, documents and sheets read; ``whole``: ids of the copies that are whole."""

    checked: int
    damaged: tuple[Damage, ...]
    whole: tuple[str, ...]

    @property
    def ok(self) -> bool:
        return not self.damaged


def copies(folder: Path) -> list[CopyListed]:
    """The copies of a folder, newest first. Needs no key. NotFound ``copy_none_here``."""
    shelf = place.open_for_reading(folder)
    known, unreadable = clearing.manifests(shelf, None)
    found = [CopyListed(m.id, m.made, m.dossiers, m.size) for m in known]
    found += [CopyListed(c, manifest.made(c), 0, 0, readable=False) for c in unreadable]
    return sorted(found, key=lambda copy: (copy.made_at, copy.id), reverse=True)


def verify(folder: Path, job: JobContext, copy: str = "", secret: bytes | None = None) -> Checked:
    """Read one copy, or all, and compare every byte with its hash and every hash with its signature.

    ``secret``: the agency's, when the home is at hand; without it a forger's signatures would pass.
    NotFound ``copy_none_here``, ``copy_unknown``. Decrypts nothing and changes nothing.
    """
    shelf = place.open_for_reading(folder)
    if copy:
        manifest.path_of(copy)
        if copy not in manifest.ids(shelf):
            raise NotFound("copy_unknown", id=copy)
    return _Check(shelf, job, signers.known_to(shelf, secret).get).run(copy)


class _Check:
    def __init__(self, shelf: Shelf, job: JobContext, key_of: KeyOf) -> None:
        self.shelf, self.job, self.key_of = shelf, job, key_of
        self.checked = 0
        self.lost: dict[str, set[Id]] = {}

    def run(self, copy: str) -> Checked:
        known, unreadable = clearing.manifests(self.shelf, self.key_of)
        chosen = [m for m in known if copy in ("", m.id)]
        for bad in unreadable:
            if copy in ("", bad):
                self._lose(manifest.path_of(bad))
        self.checked += len(chosen)
        erased = self._sheets()
        bad_entries = self._packs(_union(chosen), erased)
        whole = [m.id for m in chosen if not _touches(m, bad_entries)]
        if not chosen and not self.lost:
            self._lose(manifest.PLACE)
        if self.lost and not self.shelf.has(place.NAME):
            raise Offline("copy_folder_gone", folder=str(self.shelf.folder))
        damaged = tuple(Damage(file, len(ids)) for file, ids in sorted(self.lost.items()))
        return Checked(self.checked, damaged, tuple(whole))

    def _lose(self, file: str, dossiers: Iterable[Id] = ()) -> None:
        self.lost.setdefault(file, set()).update(dossiers)

    def _sheets(self) -> frozenset[Id]:
        """Ring and journal; the dossiers that may be missing."""
        for name in ring.NAMES:
            try:
                sheet.read(ring.LETTERS, self.shelf.get(name, sheet.MOST), self.key_of, name)
            except (Corrupt, NotFound, SchemaTooNew):
                self._lose(name)
        self.checked += 3
        try:
            return ledger.read(self.shelf.get(ledger.NAME, sheet.MOST), self.key_of).dossiers
        except (Corrupt, NotFound, SchemaTooNew):
            self._lose(ledger.NAME)
            return frozenset()

    def _packs(self, wanted: Mapping[str, set[int]], erased: frozenset[Id]) -> dict[str, set[int]]:
        """The entries of these packs that are lost, or whose document is."""
        bad: dict[str, set[int]] = {}
        documents: dict[str, bool] = {}
        for done, (name, numbers) in enumerate(wanted.items()):
            self.job.cancel.check()
            self.job.progress(done, len(wanted), "")
            try:
                bad[name] = self._pack(name, numbers, erased, documents)
            except (Corrupt, NotFound):
                self._lose(pack_path(name))
                bad[name] = set(numbers)
        self.checked += len(documents)
        return bad

    def _pack(
        self, name: str, numbers: set[int], erased: frozenset[Id], documents: dict[str, bool]
    ) -> set[int]:
        with open_pack(self.shelf, name, self.key_of, None) as pack:
            broken = set(pack.check(erased))
            if broken:
                self._lose(pack_path(name), (pack.listed[n].dossier for n in broken & numbers))
            for number in numbers - broken:
                self.job.cancel.check()
                listed = pack.listed[number]
                if listed.dossier not in erased and not self._all_there(
                    listed.documents, documents
                ):
                    self._name_lost(listed.dossier, listed.documents, documents)
                    broken.add(number)
            self.checked += len(pack.listed)
            return broken & numbers

    def _all_there(self, blobs: Iterable[Blob], documents: dict[str, bool]) -> bool:
        for blob in blobs:
            if blob.name not in documents:
                documents[blob.name] = document_holds(self.shelf, blob)
        return all(documents[blob.name] for blob in blobs)

    def _name_lost(self, dossier: Id, blobs: Iterable[Blob], documents: dict[str, bool]) -> None:
        for blob in blobs:
            if not documents[blob.name]:
                self._lose(document_path(blob.name), [dossier])


def document_holds(shelf: Shelf, blob: Blob) -> bool:
    """Whether a document lies there as it was written."""
    digest, size = hashlib.sha256(), 0
    try:
        with shelf.open(document_path(blob.name)) as file:
            while piece := file.read(_PIECE):
                digest.update(piece)
                size += len(piece)
    except NotFound:
        return False
    return size == blob.size and digest.digest() == blob.sha256


def _union(chosen: Iterable[Manifest]) -> dict[str, set[int]]:
    found: dict[str, set[int]] = {}
    for one in chosen:
        for name, numbers in one.packs.items():
            found.setdefault(name, set()).update(numbers)
    return found


def _touches(one: Manifest, bad: Mapping[str, set[int]]) -> bool:
    return any(numbers & bad.get(name, set()) for name, numbers in one.packs.items())
