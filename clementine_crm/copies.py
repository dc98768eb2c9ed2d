"""A home's own copies over the real parts: what ``hub`` asks of a home, answered by store and keys."""

from __future__ import annotations

import base64
import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import Connection, Engine, select, update
from sqlalchemy.dialects.sqlite import insert as upsert

from clementine_crm.clock import Clock
from clementine_crm.domain.ids import Id
from clementine_crm.dossier.encoding import encode
from clementine_crm.errors import ExternalError, StorageError, UsageError
from clementine_crm.files import in_a_home
from clementine_crm.hub import checking, copy, manifest, restore
from clementine_crm.hub.copy import CopyMade
from clementine_crm.hub.ports import Erased, Held, Identity
from clementine_crm.hub.restore import AtHand, Restored
from clementine_crm.hub.ring import open_ring
from clementine_crm.jobs import JobContext
from clementine_crm.keys import keycopies, keyfile
from clementine_crm.keys.keyfile import Unlocked
from clementine_crm.keys.wrapping import RecoveryKey, seal, seal_to, subkey, unseal
from clementine_crm.store import beside, dossiers, migrate, tables
from clementine_crm.store.documents import Documents
from clementine_crm.store.engine import checkpoint
from clementine_crm.store.home import Home
from clementine_crm.store.journal import Journal
from clementine_crm.store.rebuild import Rebuild

JOURNAL = "erasures.jsonl"
_FORMER = "former_keys"


def identity(unlocked: Unlocked) -> Identity:
    """Who signs the copies of this home."""
    seed = subkey(unlocked.db_key, "device-sign")
    return Identity(unlocked.agency_id, unlocked.device_id, unlocked.agency_secret, seed)


@dataclass(frozen=True)
class Locks:
    """``hub.ports.RingLocks`` over the key file of a home."""

    folder: Path
    db_key: bytes

    def to_recovery(self, data: bytes) -> bytes:
        return seal_to(keyfile.recovery_public(self.folder), data)

    def to_home(self, data: bytes) -> bytes:
        return seal(subkey(self.db_key, "copy-ring"), data)

    def from_home(self, box: bytes) -> bytes:
        return unseal(subkey(self.db_key, "copy-ring"), box)


# ── copying ───────────────────────────────────────────────────────────────────────────────────


class View:
    """``hub.ports.HomeToCopy``: one state of the base, read while people work."""

    def __init__(self, home: Home, unlocked: Unlocked, connection: Connection) -> None:
        self.folder = home.folder
        self.identity = identity(unlocked)
        self.schema = migrate.head()
        self._connection = connection
        self._documents = Documents(home.documents)
        self._journal = Journal(home.journal / JOURNAL)
        self._deks: dict[Id, bytes] = {}

    def held(self) -> Iterator[Held]:
        versions = beside.versions(self._connection)
        around = beside.beside_versions(self._connection)
        key = tables.dossier_key
        for row in self._connection.execute(select(key).order_by(key.c.dossier)).all():
            self._deks[row.dossier] = row.dek
            version, near = versions[row.dossier], around.get(row.dossier, b"")
            yield Held(row.dossier, row.kind, row.dek, version, near)

    def state(self, dossier: Id) -> bytes:
        return encode(dossiers.load(self._connection, dossier))

    def beside(self, dossier: Id) -> bytes:
        return beside.beside(self._connection, dossier)

    def memory(self) -> bytes:
        return beside.memory(self._connection)

    def documents(self, dossier: Id) -> Sequence[str]:
        table = tables.document
        query = select(table.c.blob).where(table.c.dossier == dossier, table.c.blob != "")
        return list(dict.fromkeys(self._connection.scalars(query.order_by(table.c.rid))))

    def sealed_document(self, dossier: Id, name: str) -> bytes:
        return self._documents.sealed(self._deks[dossier], dossier, name)

    def clock(self) -> tuple[int, Mapping[bytes, int]]:
        stamp = int(self._local("hlc") or 0)
        return stamp, {self.identity.device: stamp}

    def settings(self) -> Mapping[str, str]:
        return {}

    def erasures(self) -> Sequence[Erased]:
        return erased_of(self._journal)

    def former_keys(self) -> Mapping[Id, bytes]:
        said = json.loads(self._local(_FORMER) or "{}")
        return {bytes.fromhex(d): base64.b64decode(dek) for d, dek in said.items()}

    def _local(self, name: str) -> str:
        meta = tables.meta
        return self._connection.scalar(select(meta.c.value).where(meta.c.name == name)) or ""


def erased_of(journal: Journal) -> list[Erased]:
    """A journal as ``hub`` reads it; Corrupt ``journal_damaged`` (line)."""
    return [Erased(e.dossier, e.cause, e.instant) for e in journal.entries()]


class Copies:
    """The copies of an open home on keys and shares."""

    def __init__(
        self, home: Home, unlocked: Unlocked, write: Engine, read: Engine, clock: Clock
    ) -> None:
        self._home, self._unlocked, self._clock = home, unlocked, clock
        self._write, self._read = write, read

    def run(self, folder: Path, job: JobContext, *, thorough: bool = False) -> CopyMade:
        """Make a copy in a folder; remembered in the base, a failure too.

        Busy ``home_busy``; otherwise as ``hub.copy.run``.
        """
        with self._home.locked():
            try:
                with self._view() as view:
                    locks = Locks(self._home.folder, self._unlocked.db_key)
                    made = copy.run(view, folder, locks, self._clock, job, thorough=thorough)
            except (StorageError, ExternalError):
                self._remember(manifest.new_id(self._clock.now()), folder, 0, 0, ok=False)
                raise
            finally:
                # What was erased meanwhile could not leave the WAL before the view was let go.
                checkpoint(self._write)
            self._forget_keys_of_erased()
            whole = not made.missing
            self._remember(made.id, folder, made.dossiers, made.size, ok=whole)
        return made

    def list(self, folder: Path) -> Sequence[checking.CopyListed]:
        """The copies in a folder, newest first."""
        return checking.copies(folder)

    def verify(self, folder: Path, id: str, job: JobContext) -> checking.Checked:
        """Read one copy again, or all for an empty id, every byte."""
        return checking.verify(folder, job, id, self._unlocked.agency_secret)

    @contextmanager
    def _view(self) -> Iterator[View]:
        with self._read.connect() as connection:
            yield View(self._home, self._unlocked, connection)

    def _forget_keys_of_erased(self) -> None:
        """Of the keys that a restoration brought along, none outlives its dossier."""
        erased = {e.dossier.hex() for e in Journal(self._home.journal / JOURNAL).entries()}
        meta = tables.meta
        with self._write.begin() as connection:
            said = connection.scalar(select(meta.c.value).where(meta.c.name == _FORMER))
            kept = {d: dek for d, dek in json.loads(said or "{}").items() if d not in erased}
            if said is not None and json.dumps(kept) != said:
                changed = update(meta).where(meta.c.name == _FORMER).values(value=json.dumps(kept))
                connection.execute(changed)

    def _remember(self, id: str, folder: Path, count: int, size: int, *, ok: bool) -> None:
        run = {"id": id, "at": self._clock.now(), "target": str(folder)}
        counts = {"dossiers": count, "bytes": size, "ok": ok}
        with self._write.begin() as connection:
            connection.execute(upsert(tables.backup_run).values(**run, **counts))


# ── restoring ─────────────────────────────────────────────────────────────────────────────────


class NewKeys:
    """``hub.ports.Builder``: keys for a first user, then the base they open.

    ``words``: the new recovery key, to be shown once after the restoration.
    """

    key_files: Sequence[str] = keycopies.NAMES

    def __init__(self, email: str, password: str, clock: Clock) -> None:
        self._email, self._password, self._clock = email, password, clock
        self.words: list[str] = []

    def __call__(self, folder: Path, agency: bytes, secret: bytes) -> _Building:
        home = Home(folder)
        home.prepare()
        unlocked, self.words = keyfile.create(
            folder, self._email, self._password, agency_id=agency, agency_secret=secret
        )
        return _Building(home, unlocked, self._clock)


class _Building(Rebuild):
    def __init__(self, home: Home, unlocked: Unlocked, clock: Clock) -> None:
        super().__init__(home, Journal(home.journal / JOURNAL), unlocked.db_key, clock)
        self.take_settings({"device": unlocked.device_id.hex()})

    def take_former_keys(self, keys: Mapping[Id, bytes]) -> None:
        """Asked for again by ``View.former_keys`` at the next copies."""
        said = {d.hex(): base64.b64encode(dek).decode() for d, dek in keys.items()}
        self.take_settings({_FORMER: json.dumps(said)})


def by_home(unlocked: Unlocked, folder: Path) -> restore.OpenRing:
    """A copy's keys by the home that made it: its key file, opened by a user's password."""
    locks = Locks(folder, unlocked.db_key)
    return lambda data: open_ring(data, home=locks.from_home)


def by_words(words: str) -> restore.OpenRing:
    """A copy's keys by the 24 words; ValidationError when they are no such words."""
    key = RecoveryKey.from_words(words)
    return lambda data: open_ring(data, recovery=key.open)


def at_hand(home: Home, clock: Clock) -> AtHand | None:
    """The erasure journal of a home that is still there, as far as it can be read."""
    journal = Journal(home.journal / JOURNAL)
    if not journal.path.exists():
        return None
    found, whole = journal.readable()
    lines = [Erased(e.dossier, e.cause, e.instant) for e in found]
    if not whole:
        # After the damaged line anything may have been erased.
        until = lines[-1].at if lines else datetime.fromtimestamp(0, UTC)
    elif home.base.exists():
        until = clock.now()
    else:
        # The base that wrote it may be lost: it knows up to its last line.
        until = datetime.fromtimestamp(journal.path.stat().st_mtime, UTC)
    return AtHand(_agency_of(home), lines, until)


def _agency_of(home: Home) -> bytes | None:
    try:
        return keyfile.agency_id(home.folder)
    except StorageError:
        return None


def bring_back(
    folder: Path,
    id: str,
    into: Path,
    opener: restore.OpenRing,
    keys: NewKeys,
    job: JobContext,
    *,
    known: AtHand | None = None,
    accept_losses: bool = False,
) -> Restored:
    """A home from a copy, as ``hub.restore``; StorageError where no home may be."""
    Home(into).check_place()
    if in_a_home(into):
        raise UsageError("restore_inside_home", folder=str(into))
    return restore.restore(
        folder, id, into, opener, keys, job, at_hand=known, accept_losses=accept_losses
    )
