"""A folder that copies go into: written, listed, harmed, given back."""

from clementine_crm.hub.copy import run
from clementine_crm.hub.pack import Pack
from clementine_crm.hub.restore import restore
from clementine_crm.hub.ring import open_ring
from clementine_crm.jobs import JobContext
from clementine_crm.keys.wrapping import RecoveryKey
from tests.integration.hub.paper import (
    Locks,
    PaperBuilder,
)

CANARY = b"Zephyrine Canari"


def copy(home, folder, clock, locks=None, **more):
    made = run(home, folder, locks or Locks(), clock, JobContext(), **more)
    clock.go(minutes=10)
    return made


def by_home(data):
    return open_ring(data, home=Locks().from_home)


def by_words(data, words=None):
    key = RecoveryKey.from_words(" ".join(words)) if words else Locks().recovery
    return open_ring(data, recovery=key.open)


def back(folder, made, into, opener=by_home, **more):
    builder = PaperBuilder()
    report = restore(folder, made.id, into, opener, builder, JobContext(), **more)
    assert builder.made.closed
    return report, builder.made


def listing(folder):
    return sorted(str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file())


def damage(path):
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 1
    path.write_bytes(data)


def sealed_of(folder, dossier):
    """The sealed entries of a dossier that lie in a folder's packs."""
    found = []
    for path in folder.glob("packs/*.pack"):
        with path.open("rb") as file:
            pack = Pack(file, None)
            found += [pack.entry(n) for n in pack.places if pack.listed[n].dossier == dossier]
    return found


def sealed_of_one(folder, dossier):
    (path,) = folder.glob("packs/*.pack")
    with path.open("rb") as file:
        pack = Pack(file, None)
        return [pack.entry(n) for n in pack.places if pack.listed[n].dossier == dossier]
