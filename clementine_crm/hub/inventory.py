"""What lies in a copy's folder: the packs by their headers, the documents by their names and sizes."""

from __future__ import annotations

import contextlib
import io
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from clementine_crm.domain.ids import Id
from clementine_crm.errors import Corrupt, NotFound, WrongKey
from clementine_crm.hub.header import Blob, Header, Listed
from clementine_crm.hub.pack import KeyOf, Pack
from clementine_crm.hub.shelf import Shelf

PACKS = "packs"
PACK_ENDING = ".pack"
DOCUMENTS = "doc"
BLOB_ENDING = ".blob"
BESIDE, MEMORY = "beside", "memory"
"""Kinds of entries that are no dossier's state: what a desktop keeps beside one, and beside all."""
_NAME = re.compile(r"[0-9a-f]{64}\Z")
_FOLDER = re.compile(r"[0-9a-f]{2}\Z")


@dataclass(frozen=True)
class Lying:
    """A pack as it lies there."""

    name: str
    size: int
    header: Header
    cut: frozenset[int]

    @classmethod
    def of(cls, pack: Pack, size: int) -> Lying:
        return cls(pack.name, size, pack.header, pack.cut)

    def present(self) -> Iterator[tuple[int, Listed]]:
        """(number, entry) of what was not cut out."""
        for number, listed in enumerate(self.header.entries):
            if number not in self.cut:
                yield number, listed


class Inventory:
    """The packs that can be read; ``damaged``: names of those that cannot, or not whole."""

    def __init__(self) -> None:
        self.packs: dict[str, Lying] = {}
        self.damaged: list[str] = []
        self._where: dict[tuple[Id, bool, bytes], tuple[str, int]] = {}
        self._blobs: dict[str, Blob] = {}

    @classmethod
    def read(
        cls, shelf: Shelf, key_of: KeyOf | None, group_key: bytes | None, *, thorough: bool = False
    ) -> Inventory:
        """All packs of a folder by their headers; ``thorough`` reads and verifies them whole.

        What is found damaged inside can still be cut, but nothing in it is found any more.
        """
        found = cls()
        broken = []
        for file, size in sorted(shelf.sizes(PACKS, PACK_ENDING).items()):
            name = file.removesuffix(PACK_ENDING)
            if not _NAME.match(name):
                continue
            try:
                with open_pack(shelf, name, key_of, group_key) as pack:
                    found.add(Lying.of(pack, size))
                    if thorough and not _whole(pack):
                        broken.append(name)
            except (Corrupt, WrongKey, NotFound):
                found.damaged.append(name)
        found.forget(broken)
        found.damaged += broken
        return found

    def add(self, lying: Lying) -> None:
        self.packs[lying.name] = lying
        for number, listed in lying.present():
            if listed.mark:
                key = (listed.dossier, listed.kind == BESIDE, listed.mark)
                self._where.setdefault(key, (lying.name, number))
            for blob in listed.documents:
                self._blobs.setdefault(blob.name, blob)

    def find(self, dossier: Id, mark: bytes, *, beside: bool) -> tuple[str, int] | None:
        """(pack, number) of the entry that holds this version of a dossier or of what is beside it."""
        return self._where.get((dossier, beside, mark)) if mark else None

    def forget(self, packs: Iterable[str]) -> None:
        """Find nothing more in these packs: what they hold is to be written anew."""
        without = set(packs)
        if not without:
            return
        self._where = {k: place for k, place in self._where.items() if place[0] not in without}

    def blob(self, name: str) -> Blob | None:
        """A document as the headers know it."""
        return self._blobs.get(name)

    def dossiers(self) -> set[Id]:
        """Every dossier of which an entry is still there."""
        return {e.dossier for lying in self.packs.values() for _, e in lying.present()}

    def documents_of(self, dossiers: Iterable[Id]) -> set[str]:
        """Every document that any header names for these dossiers, cut or not."""
        wanted = set(dossiers)
        return {
            blob.name
            for lying in self.packs.values()
            for listed in lying.header.entries
            if listed.dossier in wanted
            for blob in listed.documents
        }


def _whole(pack: Pack) -> bool:
    try:
        return not set(pack.check()) - pack.cut
    except Corrupt:
        return False


@contextlib.contextmanager
def open_pack(
    shelf: Shelf, name: str, key_of: KeyOf | None, group_key: bytes | None
) -> Iterator[Pack]:
    """A pack of a folder, its file closed afterwards; Corrupt, NotFound, WrongKey as ``Pack``."""
    with shelf.open(pack_path(name)) as file:
        yield Pack(file, key_of, group_key, name)


def read_back(data: bytes, key_of: KeyOf | None, group_key: bytes | None) -> Lying:
    """A pack just built, as the inventory lists it."""
    return Lying.of(Pack(io.BytesIO(data), key_of, group_key), len(data))


def pack_path(name: str) -> str:
    return f"{PACKS}/{name}{PACK_ENDING}"


def document_path(name: str) -> str:
    return f"{DOCUMENTS}/{name[:2]}/{name}{BLOB_ENDING}"


def document_folders(shelf: Shelf) -> list[str]:
    return [f"{DOCUMENTS}/{f}" for f in shelf.folders(DOCUMENTS) if _FOLDER.match(f)]


def document_sizes(shelf: Shelf) -> dict[str, int]:
    """Name → size of every sealed document of the folder."""
    found: dict[str, int] = {}
    for folder in document_folders(shelf):
        for file, size in shelf.sizes(folder, BLOB_ENDING).items():
            name = file.removesuffix(BLOB_ENDING)
            if _NAME.match(name):
                found[name] = size
    return found
