"""Desktops of one agency for tests: real SQLCipher files, real services, a clock that each sees."""

from __future__ import annotations

import random
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from functools import cache
from pathlib import Path

import clementine_crm.services  # noqa: F401 - registers every handler
from clementine_crm.dossier.clock import HybridClock
from clementine_crm.dossier.encoding import digest_of_all, encode
from clementine_crm.jobs import JobContext
from clementine_crm.ports import JoinReport
from clementine_crm.reading.process import ReaderProcess
from clementine_crm.services.agencies import found_agency
from clementine_crm.services.missions import AddMission
from clementine_crm.services.work import Dispatcher
from clementine_crm.store import dossiers, functions, migrate, tables
from clementine_crm.store.documents import Documents
from clementine_crm.store.engine import open_engine
from clementine_crm.store.journal import Journal
from clementine_crm.store.work import SqlUnitOfWork

KEY, SECRET = bytes(range(32)), bytes(32)
EMAIL = "lea.morel@cabinet.example.org"


class SharedTime:
    """The hours of all desktops; each desktop's own clock may be wrong by some minutes."""

    def __init__(self) -> None:
        self.at = datetime(2026, 11, 27, 9, 0, tzinfo=UTC)

    def pass_by(self, seconds: float) -> None:
        self.at += timedelta(seconds=seconds)


class DeskClock:
    def __init__(self, time: SharedTime, wrong: timedelta = timedelta()) -> None:
        self._time = time
        self.wrong = wrong

    def now(self) -> datetime:
        return self._time.at + self.wrong

    def today(self) -> date:
        return self.now().date()


@cache
def _empty_base(versions: Path) -> bytes:
    """The file of a base without a dossier, made by the migrations once for all desks."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "base.db"
        engine = open_engine(path, KEY, create=True)
        functions.install(engine)
        migrate.create_new(engine, versions)
        engine.dispose()
        return path.read_bytes()


class Desk:
    """One desktop: a base, its sealed files, its clock."""

    def __init__(
        self,
        folder: Path,
        number: int,
        time: SharedTime,
        wrong: timedelta = timedelta(),
        versions: Path = migrate.VERSIONS,
    ) -> None:
        """A new desktop in a folder that is not there yet, or one that is, brought to this program."""
        base = folder / "base.db"
        self.number = number
        self.clock = DeskClock(time, wrong)
        self.hybrid = HybridClock(number)
        self.documents = Documents(folder / "documents")
        self.journal = Journal(folder / "erasures.jsonl")
        if not base.exists():
            folder.mkdir(parents=True)
            base.write_bytes(_empty_base(versions))
        migrate.upgrade(base, KEY, folder / "backups", self.clock.now(), versions=versions)
        self.engine = open_engine(base, KEY)
        functions.install(self.engine)
        with self.work() as uow:
            uow.set_local("device", f"{number:012x}")
            uow.commit()
        self.reader = ReaderProcess()
        self.dispatcher = Dispatcher(self.work, EMAIL, self.clock, self.reader)

    def close(self) -> None:
        self.reader.close()
        self.engine.dispose()

    def work(self) -> SqlUnitOfWork:
        return SqlUnitOfWork(
            self.engine, self.documents, self.journal, self.hybrid, self.clock, SECRET
        )

    def found(self) -> bytes:
        """The agency, on the first desktop; its dossier."""
        with self.work() as uow:
            user = found_agency(uow, self.clock, "Cabinet Morel", EMAIL, "Léa Morel")
            uow.commit()
        self.execute(AddMission("M-1", "Comptable", client="Ateliers Verdier"))
        return user.dossier

    def execute(self, command):
        return self.dispatcher.execute(command, JobContext()).result

    @contextmanager
    def reading(self) -> Iterator:
        with self.engine.connect() as connection:
            yield connection

    def rows(self, statement: str, *values) -> list[tuple]:
        with self.reading() as connection:
            return [tuple(row) for row in connection.exec_driver_sql(statement, values)]

    def states(self) -> dict[bytes, bytes]:
        """Every dossier's bytes."""
        with self.reading() as connection:
            return {id: encode(dossiers.load(connection, id)) for id in dossiers.every(connection)}

    def state(self, dossier: bytes):
        with self.reading() as connection:
            return dossiers.load(connection, dossier)

    def key(self, dossier: bytes) -> bytes | None:
        found = self.rows("SELECT dek FROM dossier_key WHERE dossier = ?", dossier)
        return found[0][0] if found else None

    def digest(self) -> bytes:
        with self.reading() as connection:
            return digest_of_all(dossiers.digests(connection))

    def join(self, data: bytes, key: bytes | None = None) -> JoinReport:
        with self.work() as uow:
            report = uow.join(data, key)
            uow.commit()
        return report

    def take_all(self, other: Desk, random: random.Random | None = None) -> list[JoinReport]:
        """Join every dossier of another desktop, as it is now."""
        found = [(data, other.key(id)) for id, data in other.states().items()]
        if random is not None:
            random.shuffle(found)
        return [self.join(data, key) for data, key in found]

    def dump(self) -> dict[str, list]:
        """What a person would find: living rows without clocks, and what is derived from them."""
        found: dict[str, list] = {}
        with self.reading() as connection:
            for table in tables.synced_tables():
                names = [
                    "id",
                    "dossier",
                    *(n for n in tables.cells_of(table) if n != "dead"),
                    "extra",
                ]
                listed = ", ".join(f'"{name}"' for name in names)
                query = f'SELECT {listed} FROM "{table.name}" WHERE dead = 0 ORDER BY id'
                found[table.name] = [tuple(r) for r in connection.exec_driver_sql(query)]
            for name, columns in _DERIVED.items():
                query = f"SELECT {columns} FROM {name} ORDER BY {columns}"
                found[name] = [tuple(r) for r in connection.exec_driver_sql(query)]
        return found


_DERIVED = {
    "unknown_row": "dossier, tbl, row",
    "search_doc": "dossier, kind, name, title, skills, contacts, sort, town, source, last_contact",
    "person_key": "dossier, kind, value",
    "consent_span": 'dossier, record, purpose, state, "use", start, "end"',
    "body_text": "dossier, row, body",
}


def two_desks(folder: Path) -> tuple[Desk, Desk, SharedTime]:
    """Two desktops of one agency, the second a minute late; they share the agency's dossier."""
    time = SharedTime()
    one = Desk(folder / "one", 0x0A, time)
    other = Desk(folder / "other", 0x0B, time, timedelta(seconds=-70))
    agency = one.found()
    other.join(one.states()[agency], one.key(agency))
    return one, other, time
