"""Taking the last keep back: the item waits again, the candidate is as it was."""

from __future__ import annotations

import hashlib

import msgpack

from clementine_crm.domain.document import Document
from clementine_crm.domain.ids import Id
from clementine_crm.domain.inbox import WAITING, InboxItem
from clementine_crm.ports import BatchChange
from clementine_crm.services.documents import copy_documents
from clementine_crm.services.work import Work, refuse_unless

KEEP = "keep"


class KeepMemory:
    """What must be known before and after a keep to take it back whole."""

    def __init__(self, item: InboxItem, known: Id | None, work: Work) -> None:
        self._work = work
        self._item = item.id
        self._batch = item.batch
        self._state = work.uow.encoded(item.id)
        self._files = [d.sha256 for d in work.uow.find(Document, dossier=item.id)]
        self._identities = work.uow.identities(item.id)
        self._before = work.uow.encoded(known) if known else None

    def store(self, candidate: Id) -> None:
        """After the candidate was written: it may be taken back while it stays as it is now."""
        memory = {
            "item": self._item,
            "batch": self._batch,
            "state": self._state,
            "files": self._files,
            "identities": self._identities,
            "before": self._before,
            "after": _mark(self._work, candidate),
        }
        self._work.uow.put_undo(candidate, KEEP, msgpack.packb(memory))


def take_back_keep(candidate: Id, memory: bytes, work: Work) -> tuple[Id, Id]:
    """The item's new id and its former one. RuleViolation ``changed_since_kept`` when somebody has
    worked on the candidate since: nothing of that is thrown away.
    """
    was = msgpack.unpackb(memory)
    refuse_unless(_mark(work, candidate) == was["after"], "changed_since_kept")
    uow = work.uow
    item = uow.open_dossier("inbox")
    # The rows of its documents name files that went with its former key.
    uow.restore_as(item, was["state"], without=(Document,))
    copy_documents(work, candidate, item, only=was["files"])
    uow.get(InboxItem, item).status = WAITING
    uow.rebind(was["identities"], item)
    if was["batch"]:
        uow.note_change(was["batch"], BatchChange(item, None))
    if was["before"] is None:
        uow.erase(candidate, "undone")
    else:
        uow.restore(candidate, was["before"])
    return item, was["item"]


def _mark(work: Work, dossier: Id) -> bytes:
    return hashlib.sha256(work.uow.encoded(dossier)).digest()
