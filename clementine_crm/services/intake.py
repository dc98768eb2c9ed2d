"""What comes in becomes items that wait: read, recognised, counted, taken back whole if need be."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import ClassVar

from clementine_crm.domain.agency import Right
from clementine_crm.domain.ids import Id, new_id
from clementine_crm.domain.values import add_months
from clementine_crm.errors import Cancelled, NotFound, ValidationError
from clementine_crm.plugin_api import ItemPayload, Rejection
from clementine_crm.ports import BatchRecord, RejectedRow
from clementine_crm.services.items import ACCEPTED, KNOWN, MERGED, Origin, take_in
from clementine_crm.services.loose_files import payload_of_file
from clementine_crm.services.work import Command, Work, handles

COMMIT_EVERY = 20
GROUNDS = ("applied", "sourced", "unknown")


@dataclass(frozen=True)
class ImportReport:
    """Counts reconcile: ``read = accepted + already_known + rejected``; ``merged`` and ``set_aside``
    are part of accepted. ``cancelled`` says that the user stopped between two items.
    """

    batch: Id
    read: int
    accepted: int
    already_known: int
    merged: int
    set_aside: int
    rejected: tuple[RejectedRow, ...]
    left_out: tuple[str, ...]
    cancelled: bool = False


@dataclass(frozen=True)
class ImportFiles(Command[ImportReport]):
    """Files or folders into the inbox.

    ``plugin`` is found from the content when empty. ``ground`` (applied, sourced, unknown), ``source``
    and ``last_contact`` are asked once for loose CVs, whose folder names become proposed tags.
    """

    paths: tuple[Path, ...]
    plugin: str = ""
    source: str = ""
    ground: str = "applied"
    last_contact: date | None = None
    needs: ClassVar[Right] = Right.IMPORT


@handles(ImportFiles)
def import_files(command: ImportFiles, work: Work) -> ImportReport:
    origin = _origin(command, work)
    for path in command.paths:
        if not path.exists():
            raise NotFound("no_such_file", path=str(path))
    batch = BatchRecord(
        new_id(),
        work.clock.now(),
        command.source or command.plugin,
        "; ".join(map(str, command.paths)),
        ground=command.ground,
    )
    work.uow.save_batch(batch)
    work.commit()
    run = _Run(work, batch, origin)
    cancelled = False
    try:
        for root, files in _files_by_root(command.paths):
            run.take_files(root, files, command.plugin or None)
    except Cancelled:
        cancelled = True
    run.finish("cancelled" if cancelled else "done")
    return ImportReport(
        batch.id,
        batch.read,
        batch.accepted,
        batch.already_known,
        batch.merged,
        batch.set_aside,
        tuple(work.uow.rejected(batch.id)),
        tuple(sorted(batch.left_out)),
        cancelled,
    )


def _origin(command: ImportFiles, work: Work) -> Origin:
    if command.ground not in GROUNDS:
        raise ValidationError("ground_unknown", field="ground", value=command.ground)
    if command.ground == "unknown":
        oldest = add_months(work.clock.today(), -24)
        if command.last_contact is None or command.last_contact <= oldest:
            raise ValidationError("last_contact_too_old", field="last_contact")
    return Origin(command.source, command.ground, command.last_contact)


def _files_by_root(paths: tuple[Path, ...]) -> Iterator[tuple[Path, list[Path]]]:
    for path in paths:
        if path.is_dir():
            found = (p for p in path.rglob("*") if p.is_file() and not _hidden(p.relative_to(path)))
            yield path, sorted(found)
        else:
            yield path.parent, [path]


def _hidden(path: Path) -> bool:
    """System litter of Windows and macOS, and hidden folders."""
    litter = {"thumbs.db", "desktop.ini", "__macosx"}
    return any(part.startswith(".") or part.casefold() in litter for part in path.parts)


class _Run:
    """One import under way: every entry is counted once and committed whole."""

    def __init__(self, work: Work, batch: BatchRecord, origin: Origin) -> None:
        self.work = work
        self.batch = batch
        self.origin = origin
        self._since_commit = 0

    def take_files(self, root: Path, files: list[Path], plugin: str | None) -> None:
        total = len(files)
        for start in range(0, total, COMMIT_EVERY):
            some = files[start : start + COMMIT_EVERY]
            chosen = [(p, plugin, 1.0) for p in some] if plugin else self.work.reader.sniff(some)
            for number, (path, source, _) in enumerate(chosen, start=start + 1):
                self.work.job.progress(number - 1, total, path.name)
                self.work.job.cancel.check()
                self._take_file(root, path, source)
        self.work.job.progress(total, total, "")

    def _take_file(self, root: Path, path: Path, plugin: str | None) -> None:
        if plugin is None:
            self._take(payload_of_file(path, root, self.work, self.origin), path, "files")
            return
        for entry in self.work.reader.entries(path, plugin, self.work.job):
            self._take(entry, path, plugin)
            self.work.job.cancel.check()

    def _take(self, entry: ItemPayload | Rejection, path: Path, plugin: str) -> None:
        batch = self.batch
        batch.read += 1
        if isinstance(entry, Rejection):
            batch.rejected += 1
            shown = entry.path or str(path)
            self.work.uow.reject(
                batch.id, RejectedRow(shown, entry.row, entry.reason, dict(entry.params))
            )
        else:
            batch.left_out.update(entry.left_out)
            origin = replace(self.origin, source=self.origin.source or plugin)
            outcome = take_in(entry, plugin, batch.id, origin, self.work)
            batch.already_known += outcome == KNOWN
            batch.accepted += outcome in ACCEPTED
            batch.merged += outcome == MERGED
            batch.set_aside += outcome in ACCEPTED and outcome != MERGED and bool(entry.set_aside)
        self._since_commit += 1
        if self._since_commit >= COMMIT_EVERY:
            self._commit()

    def _commit(self) -> None:
        self.work.uow.save_batch(self.batch)
        self.work.commit()
        self._since_commit = 0

    def finish(self, state: str) -> None:
        self.batch.state = state
        self._commit()
