"""What leaves a copy's folder: the erased at once, the rest when its time is over."""

from __future__ import annotations

import io
from collections.abc import Collection
from datetime import datetime

from clementine_crm.domain.ids import Id
from clementine_crm.errors import Corrupt, NotFound, SchemaTooNew
from clementine_crm.hub import manifest
from clementine_crm.hub.inventory import (
    Inventory,
    Lying,
    document_path,
    document_sizes,
    pack_path,
)
from clementine_crm.hub.manifest import Manifest
from clementine_crm.hub.pack import KeyOf, cut
from clementine_crm.hub.retention import staying
from clementine_crm.hub.shelf import Shelf

UNLISTED_SECONDS = 7 * 86_400
# A pack is written anew when less than this part of it is in use, and small packs when so many stand.
_WORTH = 0.5
_SMALL, _MANY = 256 << 10, 32


def redact(shelf: Shelf, inventory: Inventory, erased: Collection[Id]) -> int:
    """Cut the erased out of every pack and delete their documents; entries and files taken away.

    Needs no key. A pack that cannot be read is left as it is: without their keys, which the ring no
    longer has, its entries open for nobody.
    """
    gone = 0
    for lying in list(inventory.packs.values()):
        if any(listed.dossier in erased for _, listed in lying.present()):
            target = io.BytesIO()
            with shelf.open(pack_path(lying.name)) as source:
                gone += cut(source, target, erased)
            shelf.put(pack_path(lying.name), target.getvalue())
            going = {n for n, listed in lying.present() if listed.dossier in erased}
            size = len(target.getvalue())
            inventory.packs[lying.name] = Lying(lying.name, size, lying.header, lying.cut | going)
    theirs = inventory.documents_of(erased)
    for name in theirs.intersection(document_sizes(shelf) if theirs else ()):
        shelf.delete(document_path(name))
        gone += 1
    return gone


def worth_folding(shelf: Shelf, inventory: Inventory, key_of: KeyOf) -> set[str]:
    """Packs whose living entries are to be written anew: mostly superseded, or many small ones."""
    used = _bytes_in_use(shelf, inventory, key_of)
    small = [name for name, size in used.items() if size < _SMALL]
    folding = set(small) if len(small) > _MANY else set()
    for name, size in used.items():
        present = sum(e.length for _, e in inventory.packs[name].present())
        if present > _SMALL and size < _WORTH * present:
            folding.add(name)
    return folding


def retire(
    shelf: Shelf, inventory: Inventory, key_of: KeyOf, now: datetime
) -> tuple[int, list[str]]:
    """Remove the copies whose time is over, and what no copy names any more.

    Gives how many copies went, and the manifests that cannot be read. A pack or document goes a week
    after it was written at the earliest: another run may be about to name it. None goes while a
    manifest cannot be read, which may name anything; such a one goes when its own time is over.
    """
    stay = staying({copy: manifest.made(copy) for copy in manifest.ids(shelf)}, now)
    removed = 0
    for copy in manifest.ids(shelf):
        if copy not in stay:
            shelf.delete(manifest.path_of(copy))
            removed += 1
    known, unreadable = manifests(shelf, key_of)
    if not unreadable:
        _sweep(shelf, inventory, known, now)
    return removed, [manifest.path_of(copy) for copy in unreadable]


def manifests(shelf: Shelf, key_of: KeyOf | None) -> tuple[list[Manifest], list[str]]:
    """Every manifest that can be read, oldest first, and the ids of the others."""
    found, bad = [], []
    for copy in manifest.ids(shelf):
        try:
            found.append(manifest.read(shelf, copy, key_of, None))
        except (Corrupt, NotFound, SchemaTooNew):
            bad.append(copy)
    return found, bad


def _bytes_in_use(shelf: Shelf, inventory: Inventory, key_of: KeyOf) -> dict[str, int]:
    """Bytes of each pack that the newest copy names."""
    known, _ = manifests(shelf, key_of)
    used: dict[str, int] = {}
    for name, numbers in known[-1].packs.items() if known else ():
        if name in inventory.packs:
            entries = dict(inventory.packs[name].present())
            used[name] = sum(entries[n].length for n in numbers if n in entries)
    return used


def _sweep(
    shelf: Shelf, inventory: Inventory, staying_copies: list[Manifest], now: datetime
) -> None:
    named = {name for m in staying_copies for name in m.packs}
    for name in {*inventory.packs, *inventory.damaged} - named:
        path = pack_path(name)
        if shelf.age(path, now.timestamp()) > UNLISTED_SECONDS:
            shelf.delete(path)
            inventory.packs.pop(name, None)
    wanted = {
        blob.name
        for lying in inventory.packs.values()
        for _, listed in lying.present()
        for blob in listed.documents
    }
    for name in document_sizes(shelf):
        path = document_path(name)
        if name not in wanted and shelf.age(path, now.timestamp()) > UNLISTED_SECONDS:
            shelf.delete(path)
