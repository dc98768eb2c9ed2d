"""What the services need of the outside, as Protocols. ``bootstrap`` hands in the real ones."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from types import TracebackType
from typing import Protocol, Self, TypeVar

from clementine_crm.domain.ids import Id
from clementine_crm.dossier.join import Conflict

T = TypeVar("T")


@dataclass(frozen=True)
class ChangeSet:
    """What a write changed: kinds of dossier and their ids. Views ask it whether they are affected."""

    kinds: frozenset[str] = frozenset()
    ids: frozenset[Id] = frozenset()

    def __or__(self, other: ChangeSet) -> ChangeSet:
        return ChangeSet(self.kinds | other.kinds, self.ids | other.ids)


@dataclass(frozen=True)
class KnownPerson:
    """A dossier that shares an identifying key: ``kind`` e (e-mail), p (phone) or n (name)."""

    dossier: Id
    dossier_kind: str
    kind: str
    value: str


@dataclass(frozen=True)
class Remembered:
    """What an external identifier led to; ``dossier`` is None once the item is decided or gone."""

    dossier: Id | None
    role: str


@dataclass(frozen=True)
class BatchChange:
    """One thing a batch did: a dossier it made (``was`` None) or what a dossier was before."""

    dossier: Id
    was: bytes | None


@dataclass
class BatchRecord:
    """An import of the last thirty days. Counts always reconcile:
    ``read = accepted + already_known + rejected``.
    """

    id: Id
    at: datetime
    source: str
    path: str
    ground: str = ""
    state: str = "running"
    read: int = 0
    accepted: int = 0
    already_known: int = 0
    merged: int = 0
    set_aside: int = 0
    rejected: int = 0
    left_out: set[str] = field(default_factory=set)


@dataclass(frozen=True)
class RejectedRow:
    """A row or file that made no item; ``reason`` is a key under ``reading.``."""

    path: str
    row: int
    reason: str
    params: dict[str, str]


@dataclass(frozen=True)
class OutgoingMessage:
    """A written message that waits in the outbox (sending comes with the mail account)."""

    id: Id
    dossier: Id
    to_email: str
    subject: str
    body: str
    lang: str
    state: str
    created_at: datetime


@dataclass(frozen=True)
class UndoMemory:
    """The last act that can be taken back, as its service wrote it."""

    dossier: Id
    act: str
    at: datetime
    was: bytes


class JoinOutcome(StrEnum):
    """``REFUSED``: a living state of what was erased here."""

    NEW = "new"
    CHANGED = "changed"
    SAME = "same"
    ERASED = "erased"
    REFUSED = "refused"


@dataclass(frozen=True)
class JoinReport:
    """What joining a dossier from elsewhere did.

    ``rows`` were written; ``conflicts`` are values that lost to one that had not seen them (kept for
    review); ``unknown`` counts the cells and rows that only a newer program knows; ``files`` names
    the sealed files that rows speak of now and did not before.
    """

    dossier: Id
    kind: str
    outcome: JoinOutcome
    rows: int = 0
    conflicts: tuple[Conflict, ...] = ()
    unknown: int = 0
    files: tuple[str, ...] = ()


KEPT = "kept"
"""The cause of an item that became a candidate: no erasure of a person, so never journalled."""


class UnitOfWork(Protocol):
    """One transaction over the local store. Leaving it without ``commit`` takes everything back."""

    def __enter__(self) -> Self: ...

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        tb: TracebackType | None,
    ) -> None: ...

    def commit(self) -> ChangeSet: ...

    def let_go(self) -> None:
        """Take back what was not committed and let others write; the next call begins anew."""
        ...

    # rows of dossiers
    def open_dossier(self, kind: str, id: Id | None = None) -> Id:
        """A new dossier with a random key of its own; its id."""
        ...

    def kind_of(self, dossier: Id) -> str:
        """The kind of a dossier; NotFound when there is none."""
        ...

    def add(self, entity: object) -> None: ...

    def get(self, cls: type[T], id: Id) -> T:
        """The row; NotFound when there is none."""
        ...

    def find(self, cls: type[T], **equals: object) -> list[T]:
        """The living rows whose cells equal the values, oldest first."""
        ...

    def take_away(self, entity: object) -> None:
        """Remove one row: its values are blanked, the removal is a cell like another."""
        ...

    def erase(self, dossier: Id, cause: str) -> None:
        """Erase a whole dossier: rows, key, texts, indexes; files once committed; journalled first."""
        ...

    def encoded(self, dossier: Id) -> bytes:
        """The whole dossier in its one encoding (``dossier/``), as this transaction sees it."""
        ...

    def join(self, data: bytes, key: bytes | None = None) -> JoinReport:
        """Join an encoded state from elsewhere; ``key`` opens its files, needed when it is new here.

        NotFound ``dossier_key_missing``; Corrupt ``dossier_damaged`` and SchemaTooNew
        ``dossier_newer``: nothing of it was written, the transaction may go on.
        """
        ...

    def restore(self, dossier: Id, data: bytes) -> None:
        """Set a dossier back to an encoded state, by new writes: rows added since are taken away."""
        ...

    def restore_as(self, dossier: Id, data: bytes, without: Sequence[type] = ()) -> None:
        """Write the rows of another dossier's state into this empty one, under new ids."""
        ...

    def identities(self, dossier: Id) -> list[bytes]:
        """The external identities (HMACs) that led to a dossier."""
        ...

    def rebind(self, identities: Sequence[bytes], dossier: Id) -> None:
        """Let external identities lead to a dossier."""
        ...

    # documents and texts
    def put_document(self, dossier: Id, data: bytes) -> str: ...

    def document(self, dossier: Id, blob: str) -> bytes: ...

    def put_text(self, dossier: Id, row: Id, text: str) -> str:
        """Keep a row's text for search; its name as a sealed file, empty without text."""
        ...

    def text_of(self, row: Id) -> str: ...

    # what an import remembers
    def mac(self, text: str) -> bytes:
        """HMAC-SHA-256 under the agency secret: the only trace of an external identifier."""
        ...

    def recall(self, mac: bytes) -> Remembered | None: ...

    def remember(self, mac: bytes, dossier: Id | None, batch: Id | None, role: str) -> None: ...

    def forget_batch(self, batch: Id) -> None: ...

    def save_batch(self, batch: BatchRecord) -> None: ...

    def batch(self, id: Id) -> BatchRecord: ...

    def batches(self, since: datetime) -> list[BatchRecord]: ...

    def reject(self, batch: Id, row: RejectedRow) -> None: ...

    def rejected(self, batch: Id) -> list[RejectedRow]: ...

    def note_change(self, batch: Id, change: BatchChange) -> None: ...

    def changes_of(self, batch: Id) -> list[BatchChange]: ...

    # persons, outbox, local settings
    def persons(self, keys: Sequence[tuple[str, str]]) -> list[KnownPerson]: ...

    def put_undo(self, dossier: Id, act: str, was: bytes) -> None:
        """Remember the last act; the one before can no longer be taken back."""
        ...

    def take_undo(self) -> UndoMemory | None: ...

    def put_message(self, message: OutgoingMessage) -> None: ...

    def messages(self) -> list[OutgoingMessage]: ...

    def local(self, name: str) -> str: ...

    def set_local(self, name: str, value: str) -> None: ...
