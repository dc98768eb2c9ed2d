"""A home on paper: what a copy asks of a home and nothing more, so that a run takes milliseconds."""

import ast
import hashlib
import itertools
import json
import os
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

from clementine_crm.errors import Corrupt, NotFound
from clementine_crm.hub.ports import Erased, Held, Identity
from clementine_crm.keys.wrapping import RecoveryKey, seal, seal_to, subkey, unseal
from clementine_crm.store import documents

START = datetime(2026, 11, 27, 9, 0, tzinfo=UTC)


@dataclass
class FixedClock:
    at: datetime = START

    def now(self):
        return self.at

    def today(self):
        return self.at.date()

    def go(self, **span):
        self.at += timedelta(**span)


def identity(number=1, agency=1):
    return Identity(
        bytes([agency]) * 16,
        bytes([number]) * 16,
        hashlib.sha256(b"agency%d" % agency).digest(),
        hashlib.sha256(b"device%d" % number).digest(),
    )


RECOVERY = RecoveryKey(bytes(range(32)))


@dataclass
class Locks:
    db_key: bytes = b"k" * 32
    recovery: RecoveryKey = RECOVERY

    def to_recovery(self, data):
        return seal_to(self.recovery.public, data)

    def to_home(self, data):
        return seal(subkey(self.db_key, "copy-ring"), data)

    def from_home(self, box):
        return unseal(subkey(self.db_key, "copy-ring"), box)


@dataclass
class Dossier:
    kind: str
    dek: bytes
    state: bytes
    version: int = 1
    texts: list = field(default_factory=list)
    names: list = field(default_factory=list)


class PaperHome:
    """Dossiers in memory, documents as the store seals them."""

    def __init__(self, folder: Path, who=None, clock=None):
        self.folder = folder
        self.identity = who or identity()
        self.schema = "0001"
        self.clock_used = clock or FixedClock()
        self.dossiers: dict[bytes, Dossier] = {}
        self.sealed: dict[str, bytes] = {}
        self.journal: list[Erased] = []
        self.former: dict[bytes, bytes] = {}
        self.local = {"language": "fr"}
        self.remembered = b"what was imported"
        self.reads = 0
        self.on_state = lambda dossier: None
        self._ids = itertools.count(1)

    # what a person does in it

    def add(self, state=b"", kind="candidate", texts=(), files=()):
        dossier = hashlib.sha256(self.identity.device + b"%d" % next(self._ids)).digest()[:16]
        dek = hashlib.sha256(b"dek" + dossier).digest()
        row = Dossier(kind, dek, state or b"state of " + dossier.hex().encode())
        self.dossiers[dossier] = row
        for data in files:
            self.attach(dossier, data)
        row.texts = [(bytes([n]) * 16, text) for n, text in enumerate(texts)]
        return dossier

    def attach(self, dossier, data):
        row = self.dossiers[dossier]
        name = documents.name_of(row.dek, data)
        self.sealed[name] = documents.seal(row.dek, dossier, data)
        row.names.append(name)
        row.version += 1
        return name

    def edit(self, dossier, state):
        self.dossiers[dossier].state = state
        self.dossiers[dossier].version += 1

    def erase(self, dossier, cause="discarded"):
        """As the store does: journalled unless the item became a candidate."""
        for name in self.dossiers.pop(dossier).names:
            self.sealed.pop(name, None)
        if cause != "kept":
            self.journal.append(Erased(dossier, cause, self.clock_used.now()))

    # what a copy asks

    def held(self):
        for dossier, row in sorted(self.dossiers.items()):
            text = repr(row.texts).encode() if row.texts else b""
            yield Held(dossier, row.kind, row.dek, b"%d" % row.version, text)

    def state(self, dossier):
        self.reads += 1
        self.on_state(dossier)
        return self.dossiers[dossier].state

    def beside(self, dossier):
        return repr(self.dossiers[dossier].texts).encode()

    def memory(self):
        return self.remembered

    def documents(self, dossier):
        return self.dossiers[dossier].names

    def sealed_document(self, dossier, name):
        if name not in self.sealed:
            raise NotFound("document_missing", name=name)
        data = self.sealed[name]
        if documents.unseal(self.dossiers[dossier].dek, dossier, data) is None:
            raise Corrupt("document_damaged", name=name)
        return data

    def clock(self):
        return 7, {self.identity.device: 7}

    def settings(self):
        return self.local

    def erasures(self):
        return list(self.journal)

    def former_keys(self):
        return self.former

    def content(self):
        """All that a restoration must give back."""
        return {
            dossier: (row.kind, row.dek, row.state, list(row.texts), sorted(row.names))
            for dossier, row in self.dossiers.items()
        }


class PaperBuilder:
    """Builds a home of JSON files, so that a test sees what a restored one holds."""

    key_files = ("keys.json", "keys.backup.json")

    def __init__(self, fail_at=None):
        self.fail_at = fail_at
        self.made = None

    def __call__(self, folder, agency, secret):
        self.made = NewPaperHome(folder, agency, secret, self.fail_at)
        return self.made


class NewPaperHome:
    def __init__(self, folder, agency, secret, fail_at):
        self.folder, self.fail_at = folder, fail_at
        self.said = {"agency": agency.hex(), "secret": secret.hex()}
        self.rows, self.erased, self.former, self.settings = {}, [], {}, {}
        (folder / "documents").mkdir()
        for name in PaperBuilder.key_files:
            (folder / name).write_text("keys")
        self.closed = False
        self.remembered = None

    def take(self, dossier, kind, dek, state):
        if self.fail_at == "take":
            raise OSError(28, "full")
        self.rows[dossier] = [kind, dek, state, [], []]

    def take_beside(self, dossier, beside):
        self.rows[dossier][3] = ast.literal_eval(beside.decode())

    def take_memory(self, memory):
        self.remembered = memory

    def take_document(self, dossier, name, sealed):
        row = self.rows[dossier]
        if documents.unseal(row[1], dossier, sealed) is None:
            raise Corrupt("document_damaged", name=name)
        (self.folder / "documents" / name).write_bytes(sealed)
        row[4].append(name)

    def take_settings(self, settings):
        self.settings = dict(settings)

    def take_former_keys(self, keys):
        self.former = dict(keys)

    def take_erasures(self, erasures):
        self.erased = list(erasures)

    def count(self):
        if self.fail_at == "count":
            return -1
        return len(self.rows)

    def close(self):
        self.closed = True
        (self.folder / "base.db").write_text(json.dumps([row.hex() for row in self.rows]))

    def content(self):
        return {
            dossier: (kind, dek, state, texts, sorted(names))
            for dossier, (kind, dek, state, texts, names) in self.rows.items()
        }


def tree(folder):
    """Every file of a folder and what is in it."""
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def random_bytes(size):
    return os.urandom(size)
