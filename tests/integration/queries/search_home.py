"""A base of invented persons to search in, written through units of work."""

from __future__ import annotations

import atexit
import shutil
import tempfile
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from functools import cache
from pathlib import Path
from typing import Any

from clementine_crm.domain.activity import NOTE, Activity
from clementine_crm.domain.candidate import Candidate, ContactPoint, Skill
from clementine_crm.domain.consent_model import (
    BASIS_OF,
    POLICY_OF,
    Channel,
    ConsentEvent,
    ConsentRecord,
    EventType,
    Purpose,
)
from clementine_crm.domain.ids import Id
from clementine_crm.dossier.clock import HybridClock
from clementine_crm.queries.search import Search, SearchAnswer
from clementine_crm.store import functions, migrate
from clementine_crm.store.documents import Documents
from clementine_crm.store.engine import open_engine
from clementine_crm.store.journal import Journal
from clementine_crm.store.work import SqlUnitOfWork
from tests.support.agency import FIRST_DAY, TestClock

KEY = bytes(range(32))


@dataclass(frozen=True)
class Act:
    """One act of a person on a record of a purpose."""

    type: EventType
    on: date
    purpose: Purpose = Purpose.POOL


GIVEN = (Act(EventType.CONSENT_GIVEN, FIRST_DAY),)


@cache
def _blank() -> Path:
    """An empty base, migrated once for all tests."""
    folder = Path(tempfile.mkdtemp(prefix="blank-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    engine = open_engine(folder / "base.db", KEY, create=True)
    functions.install(engine)
    migrate.create_new(engine)
    engine.dispose()
    return folder / "base.db"


class SearchHome:
    """Persons go in by ``add``; ``search`` reads on a connection of its own."""

    def __init__(self, folder: Path) -> None:
        self.clock = TestClock()
        shutil.copy(_blank(), folder / "base.db")
        self.engine = open_engine(folder / "base.db", KEY)
        functions.install(self.engine)
        self.reader = open_engine(folder / "base.db", KEY, readonly=True)
        functions.install(self.reader)
        self._parts = (
            Documents(folder / "documents"),
            Journal(folder / "journal" / "erasures.jsonl"),
            HybridClock(7),
        )

    def unit_of_work(self) -> SqlUnitOfWork:
        documents, journal, hybrid = self._parts
        return SqlUnitOfWork(self.engine, documents, journal, hybrid, self.clock, b"secret")

    def add(
        self,
        name: str = "Zoé Fabre",
        body: str = "",
        acts: tuple[Act, ...] = GIVEN,
        points: tuple[tuple[str, str], ...] = (),
        skills: tuple[str, ...] = (),
        **cells: Any,
    ) -> Id:
        """A candidate with one note that says ``body``; found today unless ``acts`` say otherwise."""
        with self.unit_of_work() as uow:
            person = self._add(uow, name, body, acts, points, skills, cells)
            uow.commit()
        return person

    def add_many(self, people: list[dict[str, Any]]) -> list[Id]:
        with self.unit_of_work() as uow:
            made = []
            for person in people:
                given = {"name": "Zoé Fabre", "body": "", "acts": GIVEN, "points": (), "skills": ()}
                taken = {key: person.get(key, value) for key, value in given.items()}
                cells = {key: value for key, value in person.items() if key not in given}
                made.append(self._add(uow, *taken.values(), cells))
            uow.commit()
        return made

    @staticmethod
    def _add(
        uow: SqlUnitOfWork, name: str, body: str, acts: Any, points: Any, skills: Any, cells: Any
    ) -> Id:
        dossier = uow.open_dossier("candidate")
        given, _, family = name.partition(" ")
        uow.add(Candidate(dossier, id=dossier, given_name=given, family_name=family, **cells))
        for kind, value in points:
            uow.add(ContactPoint(dossier, kind, value))
        for skill in skills:
            uow.add(Skill(dossier, skill))
        records: dict[Purpose, ConsentRecord] = {}
        for act in acts:
            policy = POLICY_OF[act.purpose]
            if act.purpose not in records:
                records[act.purpose] = ConsentRecord(
                    dossier=dossier, purpose=act.purpose, policy=policy, basis=BASIS_OF[policy]
                )
                uow.add(records[act.purpose])
            at = datetime.combine(act.on, time(12), UTC)
            uow.add(
                ConsentEvent(
                    dossier=dossier,
                    record=records[act.purpose].id,
                    type=act.type,
                    event_time=at,
                    received_time=at,
                    channel=Channel.PAPER,
                )
            )
        if body:
            note = Activity(dossier, NOTE, datetime(2026, 11, 24, tzinfo=UTC), body)
            uow.add(note)
            uow.put_text(dossier, note.id, body)
        return dossier

    def search(
        self, text: str, today: date = FIRST_DAY, kind: str = "candidate", **more: Any
    ) -> SearchAnswer:
        with self.reader.connect() as connection:
            return Search(connection, today, kind)(text, **more)

    def found(self, text: str, **more: Any) -> list[Id]:
        return [hit.id for hit in self.search(text, **more).hits]

    def vocabulary(self, index: str) -> set[str]:
        with self.engine.connect() as connection:
            raw: Any = connection.connection.driver_connection
            raw.execute(f"CREATE VIRTUAL TABLE temp.v USING fts5vocab(main, {index}, row)")
            words = {row[0] for row in raw.execute("SELECT term FROM temp.v")}
            raw.execute("DROP TABLE temp.v")
        return words

    def close(self) -> None:
        self.reader.dispose()
        self.engine.dispose()
