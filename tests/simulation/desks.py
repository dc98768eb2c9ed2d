"""Desktops of one agency for tests: real SQLCipher files, real services, a clock that each sees."""

from __future__ import annotations

import random
import re
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from functools import cache
from pathlib import Path

import clementine_crm.services  # noqa: F401 - registers every handler
from clementine_crm.domain.values import normalise_email
from clementine_crm.dossier.clock import HybridClock
from clementine_crm.dossier.encoding import digest_of_all, encode
from clementine_crm.jobs import JobContext
from clementine_crm.plugin_api import DocumentText
from clementine_crm.plugin_api.reading import Place, ProposedField
from clementine_crm.ports import JoinReport
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
        self._wrong = wrong

    def now(self) -> datetime:
        return self._time.at + self._wrong

    def today(self) -> date:
        return self.now().date()


class PlainReader:
    """Reads plain text in this process: what it finds is an e-mail, the rest is text."""

    def document(self, data: bytes, name: str, password: str = "") -> DocumentText:
        text = data.decode("utf-8", "replace")
        address = re.search(r"[\w.]+@[\w.]+", text)
        email = normalise_email(address[0]) if address else None
        fields = (ProposedField("email", email, Place(1, 0, ""), 0.9),) if email else ()
        return DocumentText(kind="text", media_type="text/plain", text=text, fields=fields)

    def entries(self, path, plugin, job):
        raise NotImplementedError

    def sniff(self, paths):
        raise NotImplementedError


@cache
def _empty_base() -> bytes:
    """The file of a base without a dossier, made by the migrations once for all desks."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "base.db"
        engine = open_engine(path, KEY, create=True)
        functions.install(engine)
        migrate.create_new(engine)
        engine.dispose()
        return path.read_bytes()


class Desk:
    """One desktop: a base, its sealed files, its clock."""

    def __init__(
        self, folder: Path, number: int, time: SharedTime, wrong: timedelta = timedelta()
    ) -> None:
        folder.mkdir(parents=True)
        (folder / "base.db").write_bytes(_empty_base())
        self.number = number
        self.clock = DeskClock(time, wrong)
        self.hybrid = HybridClock(number)
        self.documents = Documents(folder / "documents")
        self.journal = Journal(folder / "erasures.jsonl")
        self.engine = open_engine(folder / "base.db", KEY)
        functions.install(self.engine)
        with self.work() as uow:
            uow.set_local("device", f"{number:012x}")
            uow.commit()
        self.dispatcher = Dispatcher(self.work, EMAIL, self.clock, PlainReader())

    def close(self) -> None:
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
