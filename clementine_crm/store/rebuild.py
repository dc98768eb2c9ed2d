"""A base built anew from dossiers in their encoding: what restoring a copy does to the store."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Protocol

from sqlalchemy import func, select
from sqlalchemy.dialects.sqlite import insert as upsert

from clementine_crm.clock import Clock
from clementine_crm.domain.ids import Id
from clementine_crm.errors import Corrupt
from clementine_crm.files import replace_file
from clementine_crm.store import beside, derived, dossiers, functions, migrate, tables
from clementine_crm.store.documents import Documents
from clementine_crm.store.engine import checkpoint, damaged_pages, open_engine, translated
from clementine_crm.store.home import Home
from clementine_crm.store.journal import Journal

_BATCH = 200


class Erased(Protocol):
    """One erasure that the new base must know of."""

    @property
    def dossier(self) -> Id: ...

    @property
    def cause(self) -> str: ...

    @property
    def at(self) -> datetime: ...


class Rebuild:
    """Takes dossiers one by one into a fresh base; a few hundred make one transaction.

    The clock of cells goes on after the latest stamp taken.
    """

    def __init__(self, home: Home, journal: Journal, key: bytes, clock: Clock) -> None:
        self._documents, self._journal, self._clock = Documents(home.documents), journal, clock
        self._deks: dict[Id, bytes] = {}
        self._latest = 0
        self._touched: set[Id] = set()
        self._engine = open_engine(home.base, key, create=True)
        functions.install(self._engine)
        migrate.create_new(self._engine)
        self._connection = self._engine.connect()

    def take(self, dossier: Id, kind: str, dek: bytes, state: bytes) -> None:
        """A dossier's state; Corrupt ``dossier_damaged`` when it is another's."""
        applied = dossiers.apply(self._connection, state, self._clock.now(), dek)
        if (applied.report.dossier, applied.report.kind) != (dossier, kind):
            raise Corrupt("dossier_damaged")
        self._latest = max(self._latest, applied.latest)
        self._deks[dossier] = dek
        self._touched.add(dossier)
        if len(self._touched) >= _BATCH:
            self._commit()

    def take_beside(self, dossier: Id, beside_it: bytes) -> None:
        """What ``beside.beside`` gave of a dossier already taken."""
        beside.take_beside(self._connection, beside_it)
        self._touched.add(dossier)

    def take_memory(self, memory: bytes) -> None:
        beside.take_memory(self._connection, memory)

    def take_document(self, dossier: Id, name: str, sealed: bytes) -> None:
        """A sealed file as it is; Corrupt ``document_damaged`` unless it is this dossier's."""
        self._documents.require(self._deks[dossier], dossier, name, sealed)
        path = self._documents.path(name)
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        replace_file(path, sealed)

    def take_settings(self, settings: Mapping[str, str]) -> None:
        """Local settings, by name."""
        statement = upsert(tables.meta)
        statement = statement.on_conflict_do_update(
            index_elements=["name"], set_={"value": statement.excluded.value}
        )
        rows = [{"name": name, "value": value} for name, value in settings.items()]
        if rows:
            self._connection.execute(statement, rows)

    def take_erasures(self, erasures: Sequence[Erased]) -> None:
        """What may never come back, from an older state of anybody."""
        self._journal.adopt((e.dossier, e.cause, e.at) for e in erasures)
        rows = [{"dossier": e.dossier, "kind": "", "at": e.at, "cause": e.cause} for e in erasures]
        if rows:
            self._connection.execute(upsert(tables.erased).on_conflict_do_nothing(), rows)

    def count(self) -> int:
        """How many dossiers stand in the base; Corrupt ``base_damaged`` when it is not whole."""
        self._commit()
        if damaged_pages(self._engine):
            raise Corrupt("base_damaged")
        query = select(func.count()).select_from(tables.dossier_key)
        return self._connection.scalar(query) or 0

    def close(self) -> None:
        """Let go of every file; what was not committed is gone."""
        self._connection.close()
        checkpoint(self._engine)
        self._engine.dispose()

    def _commit(self) -> None:
        with translated():
            derived.refresh(self._connection, self._touched)
            self.take_settings({"hlc": str(self._latest)})
            self._connection.commit()
        self._touched.clear()
