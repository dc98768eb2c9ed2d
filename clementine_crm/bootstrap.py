"""The only file that knows every concrete class: it founds a home, opens it, and joins the parts."""

from __future__ import annotations

import contextlib
import json
import logging
import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from sqlalchemy import Engine

import clementine_crm.services  # noqa: F401 - registers every handler
from clementine_crm.clock import Clock, SystemClock
from clementine_crm.dossier.clock import HybridClock, device_number
from clementine_crm.errors import NotFound, StorageError
from clementine_crm.jobs import JobContext
from clementine_crm.keys import keyfile
from clementine_crm.keys.keyfile import Unlocked
from clementine_crm.plugin_host.host import PluginHost, PluginRow
from clementine_crm.plugin_host.manifest import SettingValue
from clementine_crm.queries import house
from clementine_crm.queries.reading import Reading
from clementine_crm.reading.process import ReaderProcess
from clementine_crm.services.agencies import found_agency
from clementine_crm.services.triage import FinishDiscards
from clementine_crm.services.work import Command, Dispatcher, Outcome, acting_user
from clementine_crm.store import dossiers, functions, migrate
from clementine_crm.store.documents import Documents
from clementine_crm.store.engine import data_version, open_engine
from clementine_crm.store.home import Home, default_home
from clementine_crm.store.journal import Journal
from clementine_crm.store.work import SqlUnitOfWork

__all__ = ["Desk", "Founding", "default_home", "found", "open_desk", "unlock"]
R = TypeVar("R")
log = logging.getLogger(__name__)
ROOT = Path(__file__).resolve().parent.parent
PLUGINS = ROOT / "plugins"
_FOUNDING = ".founding"
_SEARCH_CACHE_KB, _CACHE_KB = 65_536, 8_192


class Founding:
    """A new agency beside its home, until the sheet of 24 words was checked.

    ``confirm`` moves it into place: a window closed before leaves an empty home.
    """

    def __init__(self, folder: Path, clock: Clock | None = None) -> None:
        self.home = Home(folder)
        self._clock = clock or SystemClock()
        self._beside = Home(folder / _FOUNDING)
        self.unlocked: Unlocked | None = None

    def create(self, agency: str, name: str, email: str, password: str) -> list[str]:
        """Make keys and base; the 24 words. StorageError ``base_exists`` in a home that is one."""
        if self.home.base.exists() or keyfile.exists(self.home.folder):
            raise StorageError("base_exists", folder=str(self.home.folder))
        self.home.prepare()
        self.drop()
        self._beside.prepare()
        self.unlocked, words = keyfile.create(
            self._beside.folder, email, password, about=(agency, name)
        )
        engine = open_engine(self._beside.base, self.unlocked.db_key, create=True)
        try:
            functions.install(engine)
            migrate.create_new(engine)
            with _unit_of_work(self._beside, engine, self.unlocked, self._clock) as uow:
                uow.set_local("device", self.unlocked.device_id.hex())
                found_agency(uow, self._clock, agency, email, name)
                uow.commit()
        finally:
            engine.dispose()
        return words

    def confirm(self) -> Unlocked:
        """Move what was made into the home, keys last: a home without its keys opens nothing."""
        if self.unlocked is None:
            raise RuntimeError("nothing was created")
        beside = self._beside.folder
        made = [path for path in sorted(beside.iterdir()) if path.is_file()]
        for path in sorted(made, key=lambda p: p.name.startswith("keys")):
            path.replace(self.home.folder / path.name)
        self.drop()
        return self.unlocked

    def drop(self) -> None:
        """Forget a founding that was never confirmed."""
        shutil.rmtree(self._beside.folder, ignore_errors=True)


def found(
    folder: Path, agency: str, name: str, email: str, password: str, clock: Clock | None = None
) -> tuple[Unlocked, list[str]]:
    """A new agency at once, for the command line; the 24 words are the caller's to show."""
    founding = Founding(folder, clock)
    try:
        words = founding.create(agency, name, email, password)
    except BaseException:
        founding.drop()
        raise
    return founding.confirm(), words


def unlock(folder: Path, email: str, password: str, clock: Clock | None = None) -> Unlocked:
    """Open the keys of a home; every refusal leaves each byte as it was."""
    home = Home(folder)
    home.check_place()
    home.require()
    return keyfile.unlock(folder, email or keyfile.last_user(folder), password, clock)


def _unit_of_work(home: Home, engine: Engine, unlocked: Unlocked, clock: Clock) -> SqlUnitOfWork:
    return SqlUnitOfWork(
        engine,
        Documents(home.documents),
        Journal(home.journal / "erasures.jsonl"),
        HybridClock(device_number(unlocked.device_id)),
        clock,
        unlocked.agency_secret,
    )


@dataclass(frozen=True)
class _Engines:
    write: Engine
    read: Engine
    search: Engine
    watch: Engine

    def dispose(self) -> None:
        for engine in (self.watch, self.search, self.read, self.write):
            engine.dispose()


class Desk:
    """One agency open on one desktop, for one user: write by ``execute``, read by ``reading``."""

    def __init__(self, home: Home, unlocked: Unlocked, engines: _Engines, clock: Clock) -> None:
        self.home = home
        self.unlocked = unlocked
        self.clock = clock
        self.documents = Documents(home.documents)
        self.journal = Journal(home.journal / "erasures.jsonl")
        self.engines = engines
        self._hybrid = HybridClock(device_number(unlocked.device_id))
        with self.unit_of_work() as uow:
            self._hybrid.observe(int(uow.local("hlc") or 0))
            self.actor = acting_user(uow, unlocked.email)
        self.reading = Reading(engines.read, engines.search, self.documents, clock, self.actor)
        settings = house.settings(self.reading)
        self.plugins = PluginHost(
            PLUGINS, home.folder / "plugins", wanted=_wanted(settings), settings=_values(settings)
        )
        self.plugins.start()
        self.reader = ReaderProcess(self.plugins.reader_plugins())
        self.pages = ReaderProcess()
        # A reader serves one thread at a time.
        self._reader_beside = ReaderProcess()
        self._dispatcher = Dispatcher(self.unit_of_work, unlocked.email, clock, self.reader)
        self._beside = Dispatcher(self.unit_of_work, unlocked.email, clock, self._reader_beside)

    @property
    def agency(self) -> str:
        return house.agency_name(self.reading)

    def unit_of_work(self) -> SqlUnitOfWork:
        """One transaction; the clock of cells goes on from the last one."""
        return SqlUnitOfWork(
            self.engines.write,
            self.documents,
            self.journal,
            self._hybrid,
            self.clock,
            self.unlocked.agency_secret,
        )

    def execute(self, command: Command[R], job: JobContext | None = None) -> Outcome[R]:
        """Carry out a command, whole or not at all."""
        outcome = self._dispatcher.execute(command, job)
        self.plugins.reader_failed(self.reader.failed_plugins)
        return outcome

    def execute_beside(self, command: Command[R]) -> Outcome[R]:
        """The same for a short command on another thread, while ``execute`` may be busy with a long
        one. It reads documents by a reader of its own, which has no plugins.
        """
        return self._beside.execute(command)

    def use_plugin(self, plugin: str, *, on: bool) -> PluginRow:
        """Switch a plugin in this session; the setting is the caller's. Never during an import."""
        row = self.plugins.enable(plugin) if on else self.plugins.disable(plugin)
        self.reader.use(self.plugins.reader_plugins())
        return row

    def set_plugin(self, plugin: str, values: Mapping[str, SettingValue]) -> PluginRow:
        """Give a plugin other settings in this session. Never during an import."""
        row = self.plugins.configure(plugin, values)
        self.reader.use(self.plugins.reader_plugins())
        return row

    def data_version(self) -> int:
        """Changes when another process (or lane) committed."""
        return data_version(self.engines.watch)

    def close(self) -> None:
        """Erase what was discarded, end the readers, close the base."""
        try:
            self.execute(FinishDiscards(all=True))
        finally:
            for reader in (self.reader, self.pages, self._reader_beside):
                reader.close()
            self.plugins.stop()
            self.engines.dispose()


def open_desk(folder: Path, unlocked: Unlocked, clock: Clock | None = None) -> Desk:
    """Open the base of an unlocked home: place, schema, what a crash left, then the parts.

    StorageError, SchemaTooNew, Corrupt, Busy as ``store/engine`` and ``store/migrate`` name them.
    """
    clock = clock or SystemClock()
    home = Home(folder)
    home.check_place()
    home.require()
    key = unlocked.db_key
    if migrate.check_known(home.base, key) != migrate.head():
        with home.locked():
            migrate.upgrade(home.base, key, home.backups, clock.now())
    engines = _Engines(
        open_engine(home.base, key, cache_kb=_CACHE_KB),
        open_engine(home.base, key, cache_kb=_CACHE_KB, readonly=True),
        open_engine(home.base, key, cache_kb=_SEARCH_CACHE_KB, readonly=True, pool=1),
        open_engine(home.base, key, cache_kb=64, readonly=True, pool=1),
    )
    try:
        for engine in (engines.write, engines.read, engines.search):
            functions.install(engine)
        with engines.write.begin() as connection:
            dossiers.adopt(connection)
        desk = Desk(home, unlocked, engines, clock)
    except BaseException:
        engines.dispose()
        raise
    _finish_what_was_cut(desk)
    return desk


def _finish_what_was_cut(desk: Desk) -> None:
    """Erasures that are journalled but stand in the base, discards whose ten seconds are over."""
    replay(desk, desk.journal)
    desk.execute(FinishDiscards(all=True))


def replay(desk: Desk, journal: Journal) -> int:
    """Erase again what a journal says was erased and the base still holds; how many."""
    done = 0
    with desk.unit_of_work() as uow:
        for erasure in journal.entries():
            with contextlib.suppress(NotFound):
                uow.erase(erasure.dossier, erasure.cause)
                done += 1
        if done:
            uow.commit()
    return done


def _wanted(settings: dict[str, str]) -> dict[str, bool]:
    """``plugin.<id>.enabled`` as the agency set them."""
    return {
        name.split(".")[1]: value == "1"
        for name, value in settings.items()
        if name.startswith("plugin.") and name.endswith(".enabled")
    }


def _values(settings: dict[str, str]) -> dict[str, dict[str, str | int | bool]]:
    """``plugin.<id>.set.<key>`` as the agency set them."""
    found: dict[str, dict[str, str | int | bool]] = {}
    for name, value in settings.items():
        parts = name.split(".", 3)
        if len(parts) == 4 and parts[0] == "plugin" and parts[2] == "set":
            found.setdefault(parts[1], {})[parts[3]] = json.loads(value)
    return found
