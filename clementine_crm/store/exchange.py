"""The part of a unit of work that takes whole dossiers out as bytes, and in again."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Connection
from sqlalchemy.dialects.sqlite import insert as upsert
from sqlalchemy.orm import Session

from clementine_crm.clock import Clock
from clementine_crm.domain.ids import Id
from clementine_crm.dossier.clock import HybridClock
from clementine_crm.dossier.encoding import decode, encode
from clementine_crm.dossier.revert import copy_as, put_back
from clementine_crm.dossier.state import Dossier, Stamp, State
from clementine_crm.errors import RuleViolation
from clementine_crm.ports import JoinReport
from clementine_crm.store import dossiers, tables
from clementine_crm.store.functions import Writing
from clementine_crm.store.mapping import TABLE_OF


@dataclass(frozen=True)
class Erasure:
    """One erasure of the running transaction: journalled before the commit, its files go after."""

    dossier: Id
    kind: str
    cause: str
    blobs: tuple[str, ...]


class Exchange:
    """See ``ports.UnitOfWork``."""

    _hybrid: HybridClock
    _clock: Clock
    _state: Writing
    _erasures: list[Erasure]
    _unnamed: set[tuple[Id, str]]

    @property
    def _connection(self) -> Connection:
        raise NotImplementedError

    @property
    def _session(self) -> Session:
        raise NotImplementedError

    def _forget(self, dossier: Id) -> None:
        """Nothing of the session speaks of a dossier that is gone."""
        raise NotImplementedError

    def encoded(self, dossier: Id) -> bytes:
        return encode(self._loaded(dossier))

    def _loaded(self, dossier: Id) -> State:
        self._session.flush()
        return dossiers.load(self._connection, dossier)

    def join(self, data: bytes, key: bytes | None = None) -> JoinReport:
        self._session.flush()
        applied = dossiers.apply(self._connection, data, self._clock.now(), key)
        report, gone = applied.report, applied.gone
        self._observe(applied.latest)
        self._unnamed |= {(report.dossier, blob) for blob in applied.unnamed}
        if gone is not None:
            self._forget(report.dossier)
            self._erasures.append(Erasure(report.dossier, gone.kind, gone.cause, gone.blobs))
        elif report.rows:
            self._read_again(report.dossier)
        return report

    def _observe(self, clock: int) -> None:
        """What is written after a join is later than everything joined."""
        if clock >= self._state.stamp:
            self._hybrid.observe(clock)
            self._state.stamp = self._hybrid.tick(self._clock.now())

    def _read_again(self, dossier: Id) -> None:
        for entity in list(self._session):
            if getattr(entity, "dossier", None) == dossier:
                self._session.refresh(entity)

    def restore(self, dossier: Id, data: bytes) -> None:
        held, earlier = self._loaded(dossier), _living(data)
        if not isinstance(held, Dossier) or (held.id, held.kind) != (earlier.id, earlier.kind):
            raise RuleViolation("not_this_dossier")
        self._write(dossier, held, put_back(held, earlier, self._stamp()))

    def restore_as(self, dossier: Id, data: bytes, without: Sequence[type] = ()) -> None:
        held = self._loaded(dossier)
        if not isinstance(held, Dossier) or held.rows:
            raise RuleViolation("not_this_dossier")
        left = {TABLE_OF[cls].name for cls in without}
        self._write(dossier, held, copy_as(_living(data), dossier, self._stamp(), left))

    def _stamp(self) -> Stamp:
        return Stamp(self._state.hlc(), self._state.device)

    def _write(self, dossier: Id, held: Dossier, wanted: Dossier) -> None:
        changes, unnamed = dossiers.write(self._connection, dossier, held.rows, wanted.rows)
        if not changes:
            return
        statement = upsert(tables.dirty).values(dossier=dossier)
        self._connection.execute(statement.on_conflict_do_nothing())
        self._unnamed |= {(dossier, blob) for blob in unnamed}
        self._read_again(dossier)


def _living(data: bytes) -> Dossier:
    state = decode(data)
    if not isinstance(state, Dossier):
        raise RuleViolation("dossier_erased")
    return state
