"""An import taken back whole, within thirty days."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import ClassVar

from clementine_crm.domain.agency import Right
from clementine_crm.domain.ids import Id
from clementine_crm.services.work import Command, Work, handles, refuse_unless

UNDOABLE = timedelta(days=30)


@dataclass(frozen=True)
class BatchUndone:
    """``removed`` items went, ``restored`` are as they were before; ``decided`` were kept or
    discarded by a person since, and stay as that person decided.
    """

    removed: int
    restored: int
    decided: int


@dataclass(frozen=True)
class UndoBatch(Command[BatchUndone]):
    """Take an import back: what it made is erased, what it completed is as before.

    RuleViolation ``batch_too_old`` after thirty days. The same files may be imported again.
    """

    id: Id
    needs: ClassVar[Right] = Right.IMPORT


@handles(UndoBatch)
def undo_batch(command: UndoBatch, work: Work) -> BatchUndone:
    uow = work.uow
    batch = uow.batch(command.id)
    refuse_unless(work.clock.now() - batch.at <= UNDOABLE, "batch_too_old")
    changes = uow.changes_of(command.id)
    made = {change.dossier for change in changes if change.was is None}
    # First of all: what was decided since keeps its trace, and is not taken in a second time.
    uow.forget_batch(command.id)
    before: dict[Id, bytes] = {}
    for change in changes:
        if change.was is not None and change.dossier not in made:
            before.setdefault(change.dossier, change.was)
    for dossier in made:
        uow.erase(dossier, "batch_undone")
    for dossier, state in before.items():
        uow.restore(dossier, state)
    return BatchUndone(len(made), len(before), batch.accepted - batch.merged - len(made))
