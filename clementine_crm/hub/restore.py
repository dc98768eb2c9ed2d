"""A home as it was, from a copy: everything erased since stays erased, nothing half-built is left.

Built in ``.restoring`` inside the new folder and moved out at the end, the key files last: a death
before that leaves a folder in which no home is found.
"""

from __future__ import annotations

import contextlib
import errno
import hashlib
import os
import shutil
import time
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from clementine_crm.domain.ids import Id
from clementine_crm.errors import (
    Corrupt,
    DiskFull,
    NotFound,
    StorageError,
    UsageError,
    WrongKey,
)
from clementine_crm.hub import ledger, manifest, place, ports, ring, sheet, signers
from clementine_crm.hub.header import Blob, Listed
from clementine_crm.hub.inventory import BESIDE, MEMORY, document_path, open_pack, pack_path
from clementine_crm.hub.ledger import Ledger
from clementine_crm.hub.manifest import Manifest
from clementine_crm.hub.pack import KeyOf, Pack, open_entry
from clementine_crm.hub.ports import Builder, Erased, NewHome, derived
from clementine_crm.hub.ring import Ring
from clementine_crm.hub.shelf import Shelf
from clementine_crm.jobs import JobContext

STAGING = ".restoring"
OpenRing = Callable[[bytes], Ring]
"""Opens ``keys.ring``: ``ring.open_ring`` with the home's or the recovery key's opener."""


@dataclass(frozen=True)
class AtHand:
    """The erasure journal of a home that is still there, and the moment up to which it knows.

    ``agency``: whose home, None when nothing says it: its lines count, its moment does not.
    """

    agency: bytes | None
    erased: Sequence[Erased]
    known_until: datetime


@dataclass(frozen=True)
class Restored:
    """``re_erased``: dossiers of the copy that were erased after it and did not come back;
    ``known_until``: the moment after which erasures are unknown; ``lost``: files through which
    something is missing (only when losses were accepted).
    """

    id: str
    made_at: datetime
    dossiers: int
    documents: int
    re_erased: int
    known_until: datetime
    seconds: float
    lost: tuple[str, ...] = ()


def restore(
    folder: Path,
    copy: str,
    into: Path,
    open_ring: OpenRing,
    build: Builder,
    job: JobContext,
    *,
    at_hand: AtHand | None = None,
    accept_losses: bool = False,
) -> Restored:
    """Build a home in an empty folder from one copy.

    UsageError ``restore_into_not_empty``, ``restore_into_copy``; NotFound ``copy_none_here``,
    ``copy_unknown``; WrongKey from ``open_ring``; Corrupt ``copy_damaged`` (file, restorable, total:
    what could be restored without the damaged), ``ring_damaged``, ``ring_missing``,
    ``copy_erasures_unknown``. After any error the folder is as it was.
    """
    start = time.perf_counter()
    shelf = place.open_for_reading(folder)
    source = _Source.open(shelf, copy, open_ring, at_hand)
    with _staging(into, folder) as staging:
        home = build(staging, source.ring.agency, source.ring.secret)
        try:
            taken = _Taking(source, home, job).run()
            if taken.lost and not accept_losses:
                raise _damaged(taken, source.manifest)
            home.take_settings(source.manifest.settings)
            home.take_former_keys(source.former_keys(taken.dossiers))
            home.take_erasures(source.erased)
            if home.count() != len(taken.dossiers):
                raise Corrupt("restore_incomplete")
        finally:
            home.close()
        _move_out(staging, into, build.key_files)
    return Restored(
        source.manifest.id,
        source.manifest.made,
        len(taken.dossiers),
        taken.documents,
        len(taken.re_erased),
        ledger.instant(source.known_until),
        time.perf_counter() - start,
        tuple(sorted(taken.lost)),
    )


@dataclass(frozen=True)
class _Source:
    """A copy, opened: what it holds, its keys, and who may not come back."""

    shelf: Shelf
    manifest: Manifest
    ring: Ring
    key_of: KeyOf
    group_key: bytes
    erased: tuple[Erased, ...]
    known_until: int
    journal_known: bool

    @classmethod
    def open(cls, shelf: Shelf, copy: str, open_ring: OpenRing, at_hand: AtHand | None) -> _Source:
        manifest.path_of(copy)
        if copy not in manifest.ids(shelf):
            raise NotFound("copy_unknown", id=copy)
        data = ring.read_newest(shelf)
        keys = open_ring(data)
        key_of = {**signers.known_to(shelf, keys.secret), **keys.signers}.get
        sheet.read(ring.LETTERS, data, key_of, ring.NAME)
        group_key = derived(keys.secret, ports.GROUP)
        found = manifest.read(shelf, copy, key_of, group_key)
        journal = _journal(shelf, key_of)
        known = [journal.known_until] if journal else []
        # Who was erased before the ring was made has no key in it.
        known += [keys.made_at] if keys.made_at >= found.made_at else []
        if at_hand and at_hand.agency == keys.agency:
            known.append(ledger.millis(at_hand.known_until))
        if not known:
            raise Corrupt("copy_erasures_unknown")
        theirs = at_hand.erased if at_hand and at_hand.agency in (None, keys.agency) else ()
        erased = ledger.union(journal.lines if journal else (), theirs)
        return cls(shelf, found, keys, key_of, group_key, erased, max(known), journal is not None)

    def former_keys(self, taken: Iterable[Id]) -> dict[Id, bytes]:
        without = {*taken, *(line.dossier for line in self.erased)}
        return {d: dek for d, dek in self.ring.keys.items() if d not in without}


def _journal(shelf: Shelf, key_of: KeyOf) -> Ledger | None:
    try:
        return ledger.read(shelf.get(ledger.NAME, sheet.MOST), key_of)
    except (Corrupt, NotFound):
        return None


@dataclass
class _Taking:
    """Hands every entry of a copy to the new home."""

    source: _Source
    home: NewHome
    job: JobContext
    dossiers: set[Id] = field(default_factory=set)
    re_erased: set[Id] = field(default_factory=set)
    without: set[Id] = field(default_factory=set)
    lost: set[str] = field(default_factory=set)
    documents: int = 0

    def run(self) -> _Taking:
        self.gone = {line.dossier for line in self.source.erased}
        packs: Mapping[str, Collection[int]] = self.source.manifest.packs
        # A dossier stands before what is beside it, which may lie in an older pack.
        for last in (False, True):
            waiting: dict[str, list[int]] = {}
            for name, numbers in packs.items():
                waiting[name] = self._pack(name, numbers, last=last)
            packs = {name: numbers for name, numbers in waiting.items() if numbers}
        return self

    def _pack(self, name: str, numbers: Collection[int], *, last: bool) -> list[int]:
        """The entries that wait for their dossier."""
        waiting: list[int] = []
        source = self.source
        try:
            with open_pack(source.shelf, name, source.key_of, source.group_key) as pack:
                if max(numbers, default=-1) >= len(pack.listed):
                    raise Corrupt("pack_damaged", file=name)
                for number in sorted(numbers):
                    self.job.cancel.check()
                    self.job.progress(len(self.dossiers), source.manifest.dossiers, "")
                    if not self._entry(pack, number) and not last:
                        waiting.append(number)
        except (Corrupt, NotFound, WrongKey):
            self.lost.add(pack_path(name))
        return waiting

    def _entry(self, pack: Pack, number: int) -> bool:
        """Whether its turn has come."""
        listed = pack.listed[number]
        if listed.dossier in self.gone or self._unknown_and_keyless(listed):
            self.re_erased.add(listed.dossier)
            return True
        if listed.kind == BESIDE and listed.dossier not in self.dossiers:
            return False
        try:
            self._take(listed, self._opened(pack, number))
        except (Corrupt, WrongKey):
            self.without.add(listed.dossier)
            self.lost.add(pack_path(pack.name))
        return True

    def _unknown_and_keyless(self, listed: Listed) -> bool:
        """Without a journal, a key that a newer ring no longer has says that it was erased."""
        known = self.source.journal_known or listed.kind == MEMORY
        return not known and listed.dossier not in self.source.ring.keys

    def _opened(self, pack: Pack, number: int) -> bytes:
        listed = pack.listed[number]
        dek = self._dek(listed)
        if dek is None:
            raise WrongKey("entry_other_key")
        return open_entry(dek, pack.origin, listed.dossier, pack.entry(number))

    def _dek(self, listed: Listed) -> bytes | None:
        if listed.kind == MEMORY:
            return derived(self.source.ring.secret, ports.MEMORY)
        return self.source.ring.keys.get(listed.dossier)

    def _take(self, listed: Listed, content: bytes) -> None:
        if listed.kind == MEMORY:
            self.home.take_memory(content)
        elif listed.kind == BESIDE:
            self.home.take_beside(listed.dossier, content)
        else:
            dek = self.source.ring.keys[listed.dossier]
            self.home.take(listed.dossier, listed.kind, dek, content)
            self.dossiers.add(listed.dossier)
            for blob in listed.documents:
                self._document(listed.dossier, blob)

    def _document(self, dossier: Id, blob: Blob) -> None:
        path = document_path(blob.name)
        try:
            sealed = self.source.shelf.get(path, blob.size + 1)
            if len(sealed) != blob.size or hashlib.sha256(sealed).digest() != blob.sha256:
                raise Corrupt("document_damaged", name=blob.name)
            self.home.take_document(dossier, blob.name, sealed)
            self.documents += 1
        except (Corrupt, NotFound):
            self.lost.add(path)
            self.without.add(dossier)


def _damaged(taken: _Taking, found: Manifest) -> Corrupt:
    whole = len(taken.dossiers - taken.without)
    return Corrupt(
        "copy_damaged",
        file=min(taken.lost),
        files=len(taken.lost),
        restorable=whole,
        total=found.dossiers - len(taken.re_erased),
    )


# ── the folder ────────────────────────────────────────────────────────────────────────────────


@contextlib.contextmanager
def _staging(into: Path, copy: Path) -> Iterator[Path]:
    """A folder to build in; after an error it is gone, and ``into`` too when it was made here."""
    real, real_copy = Path(os.path.realpath(into)), Path(os.path.realpath(copy))
    if real == real_copy or real_copy in real.parents:
        raise UsageError("restore_into_copy", folder=str(into))
    made = not into.exists()
    staging = into / STAGING
    try:
        if not made:
            _require_empty(into)
        into.mkdir(mode=0o700, parents=True, exist_ok=True)
        staging.mkdir(mode=0o700)
    except OSError:
        raise StorageError("home_unwritable", folder=str(into)) from None
    try:
        yield staging
    except OSError as error:
        _clear(staging, into, made=made)
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            raise DiskFull("disk_full") from error
        raise StorageError("home_unwritable", folder=str(into)) from error
    except BaseException:
        _clear(staging, into, made=made)
        raise


def _require_empty(into: Path) -> None:
    if not into.is_dir():
        raise UsageError("restore_into_not_empty", folder=str(into))
    leftover = into / STAGING
    if any(entry != leftover for entry in into.iterdir()):
        raise UsageError("restore_into_not_empty", folder=str(into))
    # What a restoration that died left behind.
    if leftover.exists():
        shutil.rmtree(leftover)


def _clear(staging: Path, into: Path, *, made: bool) -> None:
    shutil.rmtree(staging, ignore_errors=True)
    if made:
        with contextlib.suppress(OSError):
            into.rmdir()


def _move_out(staging: Path, into: Path, last: Sequence[str]) -> None:
    for path in sorted(staging.iterdir(), key=lambda path: (path.name in last, path.name)):
        path.rename(into / path.name)
    staging.rmdir()
