"""What comes in becomes items that wait: read, recognised, counted, taken back whole if need be."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import ClassVar

from clementine_crm.domain.agency import Right
from clementine_crm.domain.consent_acts import may_import
from clementine_crm.domain.ids import Id, new_id
from clementine_crm.errors import Cancelled, ExternalError, NotFound, ValidationError
from clementine_crm.files import files_below, in_a_home, shown
from clementine_crm.plugin_api import ItemPayload, Rejection
from clementine_crm.ports import BatchRecord, RejectedRow
from clementine_crm.services.documents import read_files
from clementine_crm.services.items import (
    ACCEPTED,
    KNOWN,
    MERGED,
    NEW,
    Incoming,
    Origin,
    identity,
    take_in,
)
from clementine_crm.services.lawful import APPLIED, GROUNDS, UNKNOWN
from clementine_crm.services.loose_files import incoming_file
from clementine_crm.services.work import Command, Work, handles

COMMIT_EVERY, COMMIT_BYTES = 20, 32 << 20


@dataclass(frozen=True)
class ImportReport:
    """Counts reconcile: ``read = accepted + already_known + rejected``; ``merged`` and ``set_aside``
    are part of accepted. ``items`` are those it made; ``state`` is ``done``, ``cancelled`` (the user
    stopped between two items) or ``interrupted`` (the files went away): the same import finishes it.
    """

    batch: Id
    read: int
    accepted: int
    already_known: int
    merged: int
    set_aside: int
    rejected: tuple[RejectedRow, ...]
    left_out: tuple[str, ...]
    items: tuple[Id, ...]
    state: str


@dataclass(frozen=True)
class ImportFiles(Command[ImportReport]):
    """Files or folders into the inbox.

    ``plugin`` is found from the content when empty. ``ground`` (applied, sourced, unknown), ``source``
    and ``last_contact`` are asked once for loose CVs, whose folder names become proposed tags.
    """

    paths: tuple[Path, ...]
    plugin: str = ""
    source: str = ""
    ground: str = APPLIED
    last_contact: date | None = None
    needs: ClassVar[Right] = Right.IMPORT


@handles(ImportFiles)
def import_files(command: ImportFiles, work: Work) -> ImportReport:
    origin = _origin(command, work)
    for path in command.paths:
        if not path.exists():
            raise NotFound("no_such_file", path=shown(path))
        if in_a_home(path):
            raise ValidationError("import_of_home", field="paths", path=shown(path))
    named = "; ".join(map(shown, command.paths))
    run = _Run(work, command.source or command.plugin, named, origin)
    state = "done"
    try:
        run.take_roots(_files_by_root(command.paths), command.plugin or None)
    except Cancelled:
        state = "cancelled"
    except _SourceGone:
        state = "interrupted"
    except ExternalError:
        run.finish("interrupted")
        raise
    return run.finish(state)


class _SourceGone(Exception):  # noqa: N818 - a turn of the road, not a failure
    """The folder or key was pulled out."""


@dataclass(frozen=True)
class TakePayloads(Command[ImportReport]):
    """What a live source or another program hands over, already parsed."""

    payloads: Iterable[ItemPayload]
    plugin: str
    source: str = ""
    ground: str = APPLIED
    last_contact: date | None = None
    needs: ClassVar[Right] = Right.IMPORT


@handles(TakePayloads)
def take_payloads(command: TakePayloads, work: Work) -> ImportReport:
    origin = Origin(command.source, command.ground, command.last_contact)
    run = _Run(work, command.source or command.plugin, command.plugin, origin)
    state = "done"
    try:
        for payload in command.payloads:
            run.take(payload, Path(command.plugin), command.plugin)
            work.job.cancel.check()
    except Cancelled:
        state = "cancelled"
    return run.finish(state)


def _origin(command: ImportFiles, work: Work) -> Origin:
    if command.ground not in GROUNDS:
        raise ValidationError("ground_unknown", field="ground", value=command.ground)
    if command.ground == UNKNOWN and not may_import(command.last_contact, work.clock.today()):
        raise ValidationError("last_contact_too_old", field="last_contact")
    return Origin(command.source, command.ground, command.last_contact)


def _files_by_root(paths: tuple[Path, ...]) -> Iterator[tuple[Path, list[Path]]]:
    for path in paths:
        if path.is_dir():
            yield path, sorted(files_below(path))
        else:
            real = path.resolve() if path.is_symlink() else path
            yield real.parent, [real]


class _Run:
    """One import under way: every entry is read first, then written whole and counted once."""

    def __init__(self, work: Work, source: str, path: str, origin: Origin) -> None:
        self.work = work
        self.origin = origin
        self.batch = BatchRecord(new_id(), work.clock.now(), source, path, ground=origin.ground)
        self.items: list[Id] = []
        self._waiting: list[tuple[Incoming | Rejection, Path]] = []
        self._bytes = 0
        work.uow.save_batch(self.batch)
        work.commit()

    def take_roots(self, roots: Iterable[tuple[Path, list[Path]]], plugin: str | None) -> None:
        """Every file of every root, until it is pulled out."""
        for root, files in roots:
            for number, path in enumerate(files):
                self.work.job.progress(number, len(files), path.name)
                self.work.job.cancel.check()
                if not path.exists() and not root.exists():
                    raise _SourceGone
                self._take_file(root, path, plugin)
            self.work.job.progress(len(files), len(files), "")

    def _take_file(self, root: Path, path: Path, plugin: str | None) -> None:
        if path.is_symlink():
            # It may lead anywhere; one that was named itself was followed before.
            self._queue(Rejection(path=shown(path.relative_to(root)), reason="link"), path)
            return
        if path.exists() and not path.is_file():
            self._queue(Rejection(path=shown(Path(path.name)), reason="not_a_file"), path)
            return
        chosen = plugin or self.work.reader.sniff([path])[0][1]
        if chosen is None:
            self._queue(incoming_file(path, root, self.work, self.origin), path)
            return
        for read in self.work.reader.stream(path, chosen, self.work.job):
            self.take(read.entry, path, read.plugin or chosen)
            self.work.job.cancel.check()

    def take(self, entry: ItemPayload | Rejection, path: Path, plugin: str) -> None:
        """One entry: its files are read now, unless it is known; it is written with the next few."""
        if isinstance(entry, Rejection):
            self._queue(entry, path)
            return
        known = self.work.uow.recall(identity(plugin, entry, self.work)) is not None
        self.work.uow.let_go()
        files = () if known else read_files(self.work, entry.files)
        self._queue(Incoming(entry, plugin, files), path)

    def _queue(self, entry: Incoming | Rejection, path: Path) -> None:
        self._waiting.append((entry, path))
        if isinstance(entry, Incoming):
            self._bytes += sum(len(read.file.data) for read in entry.files)
        if len(self._waiting) >= COMMIT_EVERY or self._bytes >= COMMIT_BYTES:
            self._write()

    def _write(self) -> None:
        for entry, path in self._waiting:
            self.batch.read += 1
            if isinstance(entry, Rejection):
                self._reject(entry, path)
            else:
                self._accept(entry)
        self._waiting.clear()
        self._bytes = 0
        self.work.uow.save_batch(self.batch)
        self.work.commit()

    def _reject(self, entry: Rejection, path: Path) -> None:
        self.batch.rejected += 1
        row = RejectedRow(
            entry.path or shown(Path(path.name)), entry.row, entry.reason, dict(entry.params)
        )
        self.work.uow.reject(self.batch.id, row)

    def _accept(self, incoming: Incoming) -> None:
        batch = self.batch
        batch.left_out.update(incoming.payload.left_out)
        origin = replace(self.origin, source=self.origin.source or incoming.plugin)
        taken = take_in(incoming, batch.id, origin, self.work)
        batch.already_known += taken.outcome == KNOWN
        batch.accepted += taken.outcome in ACCEPTED
        batch.merged += taken.outcome == MERGED
        batch.set_aside += taken.outcome == NEW and bool(incoming.payload.set_aside)
        if taken.outcome == NEW and taken.item is not None:
            self.items.append(taken.item)

    def finish(self, state: str) -> ImportReport:
        """Write what was read so far; the report."""
        self.batch.state = state
        self._write()
        batch = self.batch
        return ImportReport(
            batch.id,
            batch.read,
            batch.accepted,
            batch.already_known,
            batch.merged,
            batch.set_aside,
            tuple(self.work.uow.rejected(batch.id)),
            tuple(sorted(batch.left_out)),
            tuple(self.items),
            state,
        )
