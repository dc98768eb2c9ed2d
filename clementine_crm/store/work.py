"""One transaction over the local base, stamped with one clock."""

from __future__ import annotations

import hmac
import os
from collections.abc import Sequence
from types import TracebackType
from typing import Any, Self, TypeVar

from sqlalchemy import Connection, Engine, Table, delete, insert, select, update
from sqlalchemy.dialects.sqlite import insert as upsert
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session, make_transient_to_detached
from typing_extensions import override

from clementine_crm.clock import Clock
from clementine_crm.domain.document import Document
from clementine_crm.domain.ids import Id, new_id, show_id
from clementine_crm.dossier.clock import HybridClock
from clementine_crm.dossier.state import ADD_WINS, DEAD
from clementine_crm.errors import NotFound
from clementine_crm.ports import KEPT, ChangeSet, KnownPerson, OutgoingMessage, UndoMemory
from clementine_crm.store import derived, derived_tables, dossiers, rows, tables
from clementine_crm.store.documents import Documents, name_of
from clementine_crm.store.engine import checkpoint, translate
from clementine_crm.store.exchange import Erasure, Exchange
from clementine_crm.store.functions import unzip_text, writing, zip_text
from clementine_crm.store.imports import ImportMemory
from clementine_crm.store.journal import Journal
from clementine_crm.store.mapping import TABLE_OF, map_classes
from clementine_crm.store.sql import NORMAL

T = TypeVar("T")


class SqlUnitOfWork(ImportMemory, Exchange):
    """See ``ports.UnitOfWork``. Files are written before the commit and taken back with it."""

    def __init__(
        self,
        engine: Engine,
        documents: Documents,
        journal: Journal,
        hybrid: HybridClock,
        clock: Clock,
        secret: bytes,
    ) -> None:
        map_classes()
        self._engine = engine
        self._documents = documents
        self._journal = journal
        self._hybrid = hybrid
        self._clock = clock
        self._secret = secret
        self._written: list[tuple[Id, str]] = []
        self._erasures: list[Erasure] = []
        self._unnamed: set[tuple[Id, str]] = set()
        self._deks: dict[Id, bytes] = {}
        self._kinds: dict[Id, str] = {}
        # Opened in this transaction, nothing taken away: no row of theirs can be put back.
        self._fresh: set[Id] = set()

    # the transaction

    def __enter__(self) -> Self:
        try:
            self._open = self._engine.connect()
        except DBAPIError as error:
            raise translate(error) from error
        self._rows = Session(self._open, expire_on_commit=False)
        self._state = writing(self._open)
        return self

    # The transaction begins with the first word said to the base, and again after each commit: a
    # long command that reads documents between two commits keeps nobody waiting meanwhile.

    @property
    @override
    def _connection(self) -> Connection:
        if not self._state.stamp:
            self._begin()
        return self._open

    @property
    @override
    def _session(self) -> Session:
        if not self._state.stamp:
            self._begin()
        return self._rows

    def _begin(self) -> None:
        if not self._rows.in_transaction():
            self._rows.begin()
        self._rows.connection()
        self._state.touched.clear()
        self._state.mode = NORMAL
        self._state.device = self._hybrid.device
        # Ticks after BEGIN IMMEDIATE: whoever holds the base holds the clock. Another process may
        # have stamped within this very millisecond.
        last = self._open.scalar(select(tables.meta.c.value).where(tables.meta.c.name == "hlc"))
        self._hybrid.observe(int(last or 0))
        self._state.stamp = self._hybrid.tick(self._clock.now())

    def _end(self) -> None:
        self._state.stamp = 0
        self._state.touched.clear()
        self._kinds.clear()
        self._deks.clear()
        self._fresh.clear()

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        tb: TracebackType | None,
    ) -> None:
        self.let_go()
        self._rows.close()
        self._open.close()
        if isinstance(error, DBAPIError):
            raise translate(error) from error

    def let_go(self) -> None:
        self._rows.rollback()
        self._end()
        self._erasures.clear()
        self._unnamed.clear()
        for dossier, blob in self._written:
            self._documents.delete(dossier, blob)
        self._written.clear()

    def commit(self) -> ChangeSet:
        """Write everything or nothing. What is erased is journalled before the base says yes; its
        files go after, and the next start finishes what a crash cut between the two.
        """
        try:
            self._session.flush()
            touched = frozenset(self._state.touched)
            derived.refresh(self._connection, touched)
            self.set_local("hlc", str(self._state.stamp))
            kinds = {self.kind_of(dossier) for dossier in touched} | {
                e.kind for e in self._erasures
            }
            ids = touched | {e.dossier for e in self._erasures}
            if self._erasures:
                self._journal.append(self._journalled(), self._clock.now())
            unnamed = [found for found in self._unnamed if not self._names(*found)]
            self._session.commit()
        except DBAPIError as error:
            raise translate(error) from error
        self._end()
        self._written.clear()
        self._unnamed.clear()
        for dossier, blob in unnamed:
            self._documents.delete(dossier, blob)
        self._after_erasure()
        return ChangeSet(frozenset(kinds), ids)

    def _journalled(self) -> list[tuple[Id, str]]:
        """Who is erased; with a candidate the items that had become that candidate, which an older
        copy holds under ids of their own.
        """
        lines = [(e.dossier, e.cause) for e in self._erasures if e.cause != KEPT]
        causes = dict(lines)
        kept = tables.triage_decision
        pairs = select(kept.c.item, kept.c.candidate).where(kept.c.candidate.is_not(None))
        for item, candidate in self._connection.execute(pairs) if causes else ():
            if candidate in causes and item is not None:
                lines.append((item, causes[candidate]))
        return lines

    def _after_erasure(self) -> None:
        if not self._erasures:
            return
        for erasure in self._erasures:
            for blob in erasure.blobs:
                self._documents.delete(erasure.dossier, blob)
        self._erasures.clear()
        # The WAL keeps the pages of before until it is truncated (measured).
        checkpoint(self._engine)

    # rows of dossiers

    def open_dossier(self, kind: str, id: Id | None = None) -> Id:
        dossier = id or new_id()
        dek = os.urandom(32)
        self._connection.execute(
            insert(tables.dossier_key), {"dossier": dossier, "kind": kind, "dek": dek}
        )
        self._deks[dossier], self._kinds[dossier] = dek, kind
        self._fresh.add(dossier)
        return dossier

    def kind_of(self, dossier: Id) -> str:
        if dossier not in self._kinds:
            row = self._connection.execute(
                select(tables.dossier_key.c.kind, tables.dossier_key.c.dek).where(
                    tables.dossier_key.c.dossier == dossier
                )
            ).one_or_none()
            if row is None:
                raise NotFound("no_such_dossier", id=show_id(dossier))
            self._kinds[dossier], self._deks[dossier] = row.kind, row.dek
        return self._kinds[dossier]

    def add(self, entity: object) -> None:
        if not self._put_back(entity):
            self._session.add(entity)

    def _put_back(self, entity: object) -> bool:
        """Whether the row, named by what it says, stood here before it was taken away."""
        table = TABLE_OF[type(entity)]
        dossier: Id = entity.dossier  # type: ignore[attr-defined]  # every mapped class has one
        if table.name not in ADD_WINS or dossier in self._fresh:
            return False
        id: Id = entity.id  # type: ignore[attr-defined]  # every mapped class has one
        if not self._connection.scalar(select(table.c.dead).where(table.c.id == id)):
            return False
        cells = {n: getattr(entity, n) for n in tables.cells_of(table) if n != DEAD}
        self._connection.execute(update(table).where(table.c.id == id).values(dead=False, **cells))
        for held in list(self._session):
            # The row as it was, in hand since before another desktop took it away.
            if type(held) is type(entity) and getattr(held, "id", None) == id:
                self._session.expunge(held)
        make_transient_to_detached(entity)
        self._session.add(entity)
        return True

    def get(self, cls: type[T], id: Id) -> T:
        found = self.find(cls, id=id)
        if not found:
            raise NotFound("no_such_row", what=cls.__name__, id=show_id(id))
        return found[0]

    def find(self, cls: type[T], **equals: object) -> list[T]:
        table = TABLE_OF[cls]
        query = select(cls).where(table.c.dead.is_(False)).order_by(table.c.rid)
        for name, value in equals.items():
            query = query.where(table.c[name] == value)
        return list(self._session.scalars(query))

    def take_away(self, entity: object) -> None:
        table = TABLE_OF[type(entity)]
        self._session.flush()
        id: Id = entity.id  # type: ignore[attr-defined]  # every mapped class has one
        if isinstance(entity, Document):
            self._unnamed.add((entity.dossier, entity.blob))
        self._fresh.discard(entity.dossier)  # type: ignore[attr-defined]  # as above
        self._session.expunge(entity)
        rows.forget_unknown(self._connection, table.name, id)
        self._connection.execute(update(table).where(table.c.id == id).values(_blank(table)))
        body = derived_tables.body_text
        self._connection.execute(delete(body).where(body.c.row == id))

    def _names(self, dossier: Id, blob: str) -> bool:
        """Whether a living row still names a sealed file."""
        document = tables.document
        query = select(document.c.id).where(
            document.c.dossier == dossier, document.c.blob == blob, document.c.dead.is_(False)
        )
        return not blob or self._connection.scalar(query.limit(1)) is not None

    def erase(self, dossier: Id, cause: str) -> None:
        kind = self.kind_of(dossier)
        self._session.flush()
        gone = dossiers.erase(self._connection, dossier, kind, cause, self._clock.now())
        self._forget(dossier)
        self._erasures.append(Erasure(dossier, kind, cause, gone.blobs))

    @override
    def _forget(self, dossier: Id) -> None:
        for entity in list(self._session):
            if getattr(entity, "dossier", None) == dossier:
                self._session.expunge(entity)
        self._kinds.pop(dossier, None)
        self._deks.pop(dossier, None)

    def identities(self, dossier: Id) -> list[bytes]:
        external = tables.external_id
        return list(
            self._connection.scalars(select(external.c.mac).where(external.c.dossier == dossier))
        )

    def rebind(self, identities: Sequence[bytes], dossier: Id) -> None:
        external = tables.external_id
        self._connection.execute(
            update(external).where(external.c.mac.in_(identities)).values(dossier=dossier)
        )

    # documents and texts

    def _dek(self, dossier: Id) -> bytes:
        self.kind_of(dossier)
        return self._deks[dossier]

    def put_document(self, dossier: Id, data: bytes) -> str:
        dek = self._dek(dossier)
        # What lay there before this transaction stays when it is taken back.
        new = not self._documents.path(name_of(dek, data)).exists()
        blob = self._documents.put(dek, dossier, data)
        if new:
            self._written.append((dossier, blob))
        return blob

    def document(self, dossier: Id, blob: str) -> bytes:
        return self._documents.get(self._dek(dossier), dossier, blob)

    def put_text(self, dossier: Id, row: Id, text: str) -> str:
        body = derived_tables.body_text
        self._session.flush()
        self._connection.execute(delete(body).where(body.c.row == row))
        if not text:
            return ""
        self._connection.execute(
            insert(body), {"dossier": dossier, "row": row, "body": zip_text(text)}
        )
        return name_of(self._dek(dossier), text.encode())

    def text_of(self, row: Id) -> str:
        body = derived_tables.body_text
        found = self._connection.scalar(select(body.c.body).where(body.c.row == row))
        return unzip_text(found)

    # persons, outbox, local settings

    def mac(self, text: str) -> bytes:
        return hmac.digest(self._secret, text.encode(), "sha256")

    def persons(self, keys: Sequence[tuple[str, str]]) -> list[KnownPerson]:
        key, owner = derived_tables.person_key, tables.dossier_key
        found = []
        for kind, value in keys:
            query = (
                select(key.c.dossier, owner.c.kind)
                .join(owner, owner.c.dossier == key.c.dossier)
                .where(key.c.kind == kind, key.c.value == value)
                .order_by(key.c.rid)
                .limit(50)
            )
            found += [
                KnownPerson(row.dossier, row.kind, kind, value)
                for row in self._connection.execute(query)
            ]
        return found

    def put_undo(self, dossier: Id, act: str, was: bytes) -> None:
        self._connection.execute(delete(tables.undo_memory))
        self._connection.execute(
            insert(tables.undo_memory),
            {"dossier": dossier, "at": self._clock.now(), "act": act, "was": was},
        )

    def take_undo(self) -> UndoMemory | None:
        row = self._connection.execute(select(tables.undo_memory)).first()
        self._connection.execute(delete(tables.undo_memory))
        return None if row is None else UndoMemory(row.dossier, row.act, row.at, row.was)

    def put_message(self, message: OutgoingMessage) -> None:
        self._connection.execute(insert(tables.outbox_message), vars(message))

    def messages(self) -> list[OutgoingMessage]:
        query = select(tables.outbox_message).order_by(tables.outbox_message.c.created_at)
        return [OutgoingMessage(**row) for row in self._connection.execute(query).mappings()]

    def local(self, name: str) -> str:
        query = select(tables.meta.c.value).where(tables.meta.c.name == name)
        return self._connection.scalar(query) or ""

    def set_local(self, name: str, value: str) -> None:
        statement = upsert(tables.meta).values(name=name, value=value)
        self._connection.execute(
            statement.on_conflict_do_update(index_elements=["name"], set_={"value": value})
        )


def _blank(table: Table) -> dict[str, Any]:
    """The values of a removed row: nothing of it stays but the fact that it is gone."""
    blank: dict[str, Any] = {n: rows.default_of(table.c[n]) for n in tables.cells_of(table)}
    return {**blank, DEAD: True}
