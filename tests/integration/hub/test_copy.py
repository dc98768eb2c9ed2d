"""A home's own copy: what a run writes, what it leaves, and what a restoration gives back."""

import hashlib
import os
import random
from datetime import timedelta
from pathlib import Path

import pytest

from clementine_crm.errors import (
    Cancelled,
    Corrupt,
    DiskFull,
    NotFound,
    RuleViolation,
    SchemaTooNew,
    StorageError,
    UsageError,
    WrongKey,
)
from clementine_crm.hub import checking, ledger, manifest, ring, shelf
from clementine_crm.hub.copy import run
from clementine_crm.hub.pack import Pack
from clementine_crm.hub.ports import Erased
from clementine_crm.hub.restore import AtHand, restore
from clementine_crm.hub.ring import open_ring
from clementine_crm.jobs import JobContext
from clementine_crm.keys.wrapping import RecoveryKey
from tests.integration.hub.paper import (
    START,
    FixedClock,
    Locks,
    PaperBuilder,
    PaperHome,
    identity,
    tree,
)

CANARY = b"Zephyrine Canari"


@pytest.fixture
def clock():
    return FixedClock()


@pytest.fixture
def home(tmp_path, clock):
    made = PaperHome(tmp_path / "home", clock=clock)
    made.folder.mkdir()
    for n in range(40):
        made.add(
            CANARY + b" %d" % n,
            texts=[f"{CANARY.decode()} text {n}"] if n % 3 else [],
            files=[random.Random(n).randbytes(900), CANARY] if n % 4 == 0 else [],
        )
    return made


@pytest.fixture
def unforced(monkeypatch):
    """Nothing is forced to the disk: for tests of hundreds of runs."""
    monkeypatch.setattr(os, "fsync", lambda descriptor: None)
    monkeypatch.setattr(os, "posix_fadvise", lambda *_: None, raising=False)


@pytest.fixture
def folder(tmp_path):
    return tmp_path / "key"


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


def test_a_copy_gives_back_all_of_it(home, folder, clock, tmp_path):
    made = copy(home, folder, clock)
    assert (made.dossiers, made.documents, made.missing) == (40, 20, ())
    for number, opener in enumerate((by_home, by_words)):
        report, new = back(folder, made, tmp_path / f"new{number}", opener)
        assert new.content() == home.content()
        assert (report.dossiers, report.documents, report.re_erased) == (40, 20, 0)
        assert report.made_at == START
        assert report.known_until == START
        assert new.settings == {"language": "fr"}
        assert new.remembered == b"what was imported"
        assert new.said == {
            "agency": home.identity.agency.hex(),
            "secret": home.identity.secret.hex(),
        }
        assert sorted(p.name for p in (tmp_path / f"new{number}").iterdir()) == [
            "base.db",
            "documents",
            "keys.backup.json",
            "keys.json",
        ]


def test_nothing_readable_and_no_key_in_the_folder(home, folder, clock):
    copy(home, folder, clock)
    everything = b"".join(tree(folder).values()) + b"".join(
        str(name).encode() for name in listing(folder)
    )
    assert CANARY not in everything
    assert b"candidate" not in everything
    assert b"language" not in everything
    secrets = [home.identity.secret, home.identity.seed, *(r.dek for r in home.dossiers.values())]
    for secret in secrets:
        assert secret not in everything
        assert secret.hex().encode() not in everything


def test_names_suit_every_file_system(home, folder, clock):
    copy(home, folder, clock)
    names = listing(folder)
    assert len({name.casefold() for name in names}) == len(names)
    for name in names:
        for part in Path(name).parts:
            assert len(part) < 100
            assert part.isascii()
            assert part == part.lower()
            assert not set(part) & set('<>:"/\\|?* ')
            assert not part.endswith(".")


def test_an_unchanged_home_costs_a_manifest_ring_and_journal(home, folder, clock):
    copy(home, folder, clock)
    before, home.reads = tree(folder), 0
    made = copy(home, folder, clock)
    after = tree(folder)
    assert home.reads == 0
    new = set(after) - set(before)
    assert new == {f"manifests/{made.id}.manifest"}
    assert {name for name in before if before[name] != after[name]} == {
        "keys.ring",
        "keys.backup.ring",
        "erasures.journal",
    }
    assert len(after[f"manifests/{made.id}.manifest"]) < 1024
    assert made.dossiers == 40


def test_a_run_writes_what_changed_and_former_copies_stay(home, folder, clock, tmp_path):
    first, was = copy(home, folder, clock), home.content()
    home.reads = 0
    one, two, three = list(home.dossiers)[:3]
    home.edit(one, b"edited")
    home.attach(two, b"a new letter")
    home.dossiers[three].texts = [(b"\x09" * 16, "another text")]
    home.add(b"a new one")
    second = copy(home, folder, clock)
    assert home.reads == 3
    assert second.written < first.written / 2
    assert back(folder, second, tmp_path / "b")[1].content() == home.content()
    assert back(folder, first, tmp_path / "a")[1].content() == was
    assert [c.id for c in checking.copies(folder)] == [second.id, first.id]
    listed = checking.copies(folder)[0]
    assert (listed.dossiers, listed.size, listed.made_at) == (41, second.size, second.made_at)


def test_a_changed_key_changes_the_entry(home, folder, clock, tmp_path):
    copy(home, folder, clock)
    one = next(iter(home.dossiers))
    home.dossiers[one].dek = b"n" * 32
    home.dossiers[one].names, home.reads = [], 0
    made = copy(home, folder, clock)
    assert home.reads == 1
    assert back(folder, made, tmp_path / "new")[1].content() == home.content()


def test_all_that_a_manifest_names_is_settled_before_it_stands(home, folder, clock, monkeypatch):
    acts = []
    real_put, real_settle = shelf.Shelf.put, shelf.Shelf.settle

    def put(self, name, data):
        acts.append(name.partition("/")[0])
        real_put(self, name, data)

    def settle(self):
        acts.append("settle")
        real_settle(self)

    monkeypatch.setattr(shelf.Shelf, "put", put)
    monkeypatch.setattr(shelf.Shelf, "settle", settle)
    copy(home, folder, clock)
    assert acts[-3:] == ["settle", "manifests", "settle"]
    assert {"packs", "doc", "keys.ring", "erasures.journal"} <= set(acts[: acts.index("settle")])


# erasures


def sealed_of(folder, dossier):
    """The sealed entries of a dossier that lie in a folder's packs."""
    found = []
    for path in folder.glob("packs/*.pack"):
        with path.open("rb") as file:
            pack = Pack(file, None)
            found += [pack.entry(n) for n in pack.places if pack.listed[n].dossier == dossier]
    return found


def test_who_was_erased_is_gone_from_folder_ring_and_former_copies(home, folder, clock, tmp_path):
    first = copy(home, folder, clock)
    erased, row = next((d, r) for d, r in home.dossiers.items() if r.texts and r.names)
    boxes = sealed_of(folder, erased)
    assert len(boxes) == 2
    home.erase(erased)
    second = copy(home, folder, clock)
    assert second.redacted == len(boxes) + len(row.names)
    left = b"".join(tree(folder).values())
    assert not any(box in left for box in boxes)
    names = listing(folder)
    assert not any(name in " ".join(names) for name in row.names)
    for opener in (by_home, by_words):
        assert erased not in opener((folder / "keys.ring").read_bytes()).keys
        assert erased not in opener((folder / "keys.backup.ring").read_bytes()).keys
    for number, made in enumerate((first, second)):
        report, new = back(folder, made, tmp_path / f"new{number}")
        assert erased not in new.content()
        assert new.content() == home.content()
        assert report.re_erased == (1 if made is first else 0)
        assert [line.dossier for line in new.erased] == [erased]
    assert checking.verify(folder, JobContext(), secret=home.identity.secret).ok


def test_erased_after_the_copy_and_no_run_since_does_not_come_back(home, folder, clock, tmp_path):
    made = copy(home, folder, clock)
    erased = list(home.dossiers)[3]
    home.erase(erased)
    at_hand = AtHand(home.identity.agency, home.erasures(), clock.now())
    report, new = back(folder, made, tmp_path / "new", at_hand=at_hand)
    assert erased not in new.content()
    assert (report.re_erased, report.known_until) == (1, clock.now())
    # Without the home at hand it does come back, and the report says since when nothing is known.
    report, new = back(folder, made, tmp_path / "other")
    assert erased in new.content()
    assert report.known_until == made.made_at


def test_the_home_of_another_agency_at_hand_says_nothing(home, folder, clock, tmp_path):
    made = copy(home, folder, clock)
    erased = list(home.dossiers)[3]
    home.erase(erased)
    other = AtHand(b"o" * 16, home.erasures(), clock.now())
    report, new = back(folder, made, tmp_path / "a", at_hand=other)
    assert (report.re_erased, report.known_until) == (0, made.made_at)
    # Of a journal alone, whose nobody knows, the lines count and the moment does not.
    nobodys = AtHand(None, home.erasures(), clock.now())
    report, new = back(folder, made, tmp_path / "b", at_hand=nobodys)
    assert (report.re_erased, report.known_until) == (1, made.made_at)
    assert erased not in new.content()


@pytest.mark.parametrize("hidden", ["journal", "ring"])
def test_journal_or_ring_alone_keeps_the_erased_away(home, folder, clock, tmp_path, hidden):
    first = copy(home, folder, clock)
    before = tree(folder)
    erased = next(iter(home.dossiers))
    home.erase(erased)
    copy(home, folder, clock)
    # An adversary puts the old packs and documents back …
    for name, data in before.items():
        if name.startswith(("packs/", "doc/")):
            (folder / name).write_bytes(data)
    if hidden == "journal":
        (folder / "erasures.journal").unlink()
    else:
        for name in ring.NAMES:
            (folder / name).write_bytes(before[name])
    report, new = back(folder, first, tmp_path / "new")
    assert erased not in new.content()
    assert new.content() == home.content()
    assert report.re_erased == 1


def test_without_journal_and_newer_ring_a_copy_is_refused(home, folder, clock, tmp_path):
    copy(home, folder, clock)
    old_rings = {name: (folder / name).read_bytes() for name in ring.NAMES}
    second = copy(home, folder, clock)
    for name, data in old_rings.items():
        (folder / name).write_bytes(data)
    (folder / "erasures.journal").unlink()
    with pytest.raises(Corrupt, match="copy_erasures_unknown"):
        back(folder, second, tmp_path / "new")
    assert not (tmp_path / "new").exists()
    at_hand = AtHand(home.identity.agency, (), clock.now())
    assert back(folder, second, tmp_path / "new", at_hand=at_hand)[0].dossiers == 40


def test_erased_while_the_run_goes_on_is_erased_in_the_copy(home, folder, clock, tmp_path):
    ids = list(home.dossiers)
    victim = ids[0]

    def erase_meanwhile(dossier):
        if dossier == ids[30]:
            home.journal.append(Erased(victim, "rights", clock.now()))

    home.on_state = erase_meanwhile
    made = copy(home, folder, clock)
    assert made.redacted > 0
    assert victim not in by_home((folder / "keys.ring").read_bytes()).keys
    _, new = back(folder, made, tmp_path / "new")
    assert victim not in new.content()
    assert made.dossiers == len(new.content()) == 39


def test_an_item_since_kept_stays_in_the_copies_of_before(home, folder, clock, tmp_path):
    item = home.add(b"an item", kind="inbox", files=[b"its CV"])
    first, was = copy(home, folder, clock), home.content()
    home.erase(item, "kept")
    copy(home, folder, clock)
    second = copy(home, folder, clock)
    assert back(folder, first, tmp_path / "a")[1].content() == was
    _, new = back(folder, second, tmp_path / "b")
    assert new.content() == home.content()
    assert set(new.former) == {item}
    # A home restored from the later copy copies into the same folder: the item still opens.
    moved = PaperHome(tmp_path / "moved", identity(2), clock)
    moved.folder.mkdir()
    moved.dossiers, moved.sealed, moved.former = home.dossiers, home.sealed, new.former
    third = copy(moved, folder, clock, Locks(b"o" * 32))
    assert third.dossiers == 40
    opener = Locks(b"o" * 32).from_home
    _, again = back(folder, first, tmp_path / "c", lambda data: open_ring(data, home=opener))
    assert again.content() == was


def test_a_restored_home_goes_on_in_the_same_folder_for_little(home, folder, clock, tmp_path):
    first = copy(home, folder, clock)
    moved = PaperHome(tmp_path / "moved", identity(2), clock)
    moved.folder.mkdir()
    moved.dossiers, moved.sealed = home.dossiers, home.sealed
    second = copy(moved, folder, clock, Locks(b"o" * 32))
    assert moved.reads == 0
    assert second.written < first.written
    assert checking.verify(folder, JobContext(), secret=home.identity.secret).ok
    with pytest.raises(WrongKey, match="ring_other_home"):
        back(folder, second, tmp_path / "new")
    assert not (tmp_path / "new").exists()


# damage


def damage(path):
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 1
    path.write_bytes(data)


def test_a_damaged_copy_is_named_and_leaves_no_home(home, folder, clock, tmp_path):
    made = copy(home, folder, clock)
    document = next(folder.glob("doc/*/*.blob"))
    damage(document)
    with pytest.raises(Corrupt) as caught:
        back(folder, made, tmp_path / "new")
    assert caught.value.key == "copy_damaged"
    assert caught.value.params == {
        "file": str(document.relative_to(folder)),
        "files": 1,
        "restorable": 39,
        "total": 40,
    }
    assert not (tmp_path / "new").exists()
    found = checking.verify(folder, JobContext(), secret=home.identity.secret)
    assert [d.file for d in found.damaged] == [str(document.relative_to(folder))]
    assert (found.damaged[0].dossiers, found.whole, found.ok) == (1, (), False)
    report, new = back(folder, made, tmp_path / "new", accept_losses=True)
    assert report.lost == (str(document.relative_to(folder)),)
    assert len(new.content()) == 40


def test_every_damaged_file_is_found_by_verify_and_none_restores_silently(
    home, folder, clock, tmp_path, unforced
):
    for dossier in list(home.dossiers)[10:]:
        del home.dossiers[dossier]
    first = copy(home, folder, clock)
    home.edit(next(iter(home.dossiers)), b"edited")
    second = copy(home, folder, clock)
    whole = tree(folder)
    secret = home.identity.secret
    assert checking.verify(folder, JobContext(), secret=secret).ok
    for number, name in enumerate(whole):
        for what in ("flip", "cut", "gone", "zero"):
            path = folder / name
            if what == "flip":
                damage(path)
            elif what == "cut":
                path.write_bytes(whole[name][: len(whole[name]) // 2])
            elif what == "zero":
                path.write_bytes(bytes(len(whole[name])))
            else:
                path.unlink()
            found = checking.verify(folder, JobContext(), secret=secret)
            # The little file that says whose copy it is can be read from the ring, and a manifest
            # that is gone leaves no trace.
            harmless = name == "copy.json" or (what == "gone" and name.startswith("manifests"))
            assert found.ok == harmless, (name, what)
            for made in (first, second):
                into = tmp_path / f"{number}{what}{made.id}"
                try:
                    _, new = back(folder, made, into)
                except (Corrupt, NotFound):
                    assert not into.exists()
                else:
                    assert len(new.content()) == 10
                    assert made is first or new.content() == home.content()
            path.write_bytes(whole[name])


def test_a_thorough_run_writes_damaged_packs_anew(home, folder, clock, tmp_path):
    copy(home, folder, clock)
    pack = next(folder.glob("packs/*.pack"))
    damage(pack)
    made = copy(home, folder, clock, thorough=True)
    assert made.damaged == (f"packs/{pack.name}",)
    assert back(folder, made, tmp_path / "new")[1].content() == home.content()
    assert made.id in checking.verify(folder, JobContext()).whole


def test_who_is_erased_leaves_a_damaged_pack_too(home, folder, clock):
    copy(home, folder, clock)
    (path,) = folder.glob("packs/*.pack")
    with path.open("rb") as file:
        pack = Pack(file, None)
        harmed, victim = pack.listed[0].dossier, pack.listed[4].dossier
    data = bytearray(path.read_bytes())
    data[pack.places[0] + 30] ^= 1
    path.write_bytes(data)
    boxes = sealed_of_one(folder, victim)
    home.erase(victim)
    made = copy(home, folder, clock, thorough=True)
    assert made.damaged == (f"packs/{path.name}",)
    assert not any(box in b"".join(tree(folder).values()) for box in boxes)
    assert harmed in home.dossiers


def sealed_of_one(folder, dossier):
    (path,) = folder.glob("packs/*.pack")
    with path.open("rb") as file:
        pack = Pack(file, None)
        return [pack.entry(n) for n in pack.places if pack.listed[n].dossier == dossier]


def test_a_lost_signers_file_does_not_lose_the_packs(home, folder, clock, tmp_path):
    first = copy(home, folder, clock)
    moved = PaperHome(tmp_path / "moved", identity(2), clock)
    moved.folder.mkdir()
    moved.dossiers, moved.sealed = home.dossiers, home.sealed
    other = Locks(b"o" * 32)
    copy(moved, folder, clock, other)
    (folder / "signers" / f"{home.identity.device.hex()}.key").unlink()
    moved.reads = 0
    copy(moved, folder, clock, other)
    assert moved.reads == 0
    opener = other.from_home
    _, new = back(folder, first, tmp_path / "new", lambda data: open_ring(data, home=opener))
    assert new.content() == home.content()


def test_a_pack_that_cannot_be_read_goes_after_a_week_unless_a_copy_names_it(home, folder, clock):
    copy(home, folder, clock)
    (named,) = folder.glob("packs/*.pack")
    whole = named.read_bytes()
    stray = folder / "packs" / f"{'0' * 64}.pack"
    for path in (stray, named):
        path.write_bytes(b"CLPK" + bytes(2000))
        old = (clock.now() - timedelta(days=8)).timestamp()
        os.utime(path, (old, old))
    copy(home, folder, clock)
    assert (stray.exists(), named.exists()) == (False, True)
    named.write_bytes(whole)


def test_a_missing_document_is_put_back_by_the_next_run(home, folder, clock, tmp_path):
    copy(home, folder, clock)
    document = next(folder.glob("doc/*/*.blob"))
    document.unlink()
    home.reads = 0
    made = copy(home, folder, clock)
    assert home.reads == 0
    assert document.exists()
    assert back(folder, made, tmp_path / "new")[1].content() == home.content()


def test_a_document_missing_at_home_is_named_and_tried_again(home, folder, clock, tmp_path):
    dossier = next(iter(home.dossiers))
    name = home.dossiers[dossier].names[0]
    sealed = home.sealed.pop(name)
    made = copy(home, folder, clock)
    assert made.missing == ((dossier, name),)
    assert copy(home, folder, clock).missing == ((dossier, name),)
    home.sealed[name] = b"CLDO\x01not it"
    assert copy(home, folder, clock).missing == ((dossier, name),)
    home.sealed[name] = sealed
    made = copy(home, folder, clock)
    assert made.missing == ()
    assert back(folder, made, tmp_path / "new")[1].content() == home.content()


def test_lost_in_the_copy_and_sealed_otherwise_at_home(home, folder, clock, tmp_path):
    from clementine_crm.store import documents

    copy(home, folder, clock)
    dossier = next(d for d, row in home.dossiers.items() if row.names)
    row = home.dossiers[dossier]
    name = row.names[0]
    data = documents.unseal(row.dek, dossier, home.sealed[name])
    home.sealed[name] = documents.seal(row.dek, dossier, data)
    (folder / "doc" / name[:2] / f"{name}.blob").unlink()
    made = copy(home, folder, clock)
    assert back(folder, made, tmp_path / "new")[1].content() == home.content()


# refusals, one sentence each


def test_refused_places(home, folder, clock, tmp_path):
    with pytest.raises(UsageError, match="copy_inside_home"):
        copy(home, home.folder / "copies", clock)
    with pytest.raises(UsageError, match="copy_inside_home"):
        copy(home, home.folder, clock)
    (tmp_path / "link").symlink_to(home.folder)
    with pytest.raises(UsageError, match="copy_inside_home"):
        copy(home, tmp_path / "link" / "copies", clock)
    with pytest.raises(UsageError, match="copy_folder_missing"):
        copy(home, tmp_path / "not" / "plugged", clock)
    (tmp_path / "file").write_text("x")
    with pytest.raises(UsageError, match="copy_folder_is_file"):
        copy(home, tmp_path / "file", clock)
    assert listing(home.folder) == []


def test_another_agencys_copy_is_left_alone(home, folder, clock, tmp_path):
    copy(home, folder, clock)
    before = tree(folder)
    other = PaperHome(tmp_path / "other", identity(5, agency=2), clock)
    other.folder.mkdir()
    for gone in ((), ("copy.json",)):
        for name in gone:
            (folder / name).unlink()
            del before[name]
        with pytest.raises(RuleViolation, match="copy_other_agency"):
            copy(other, folder, clock)
        assert tree(folder) == before


def test_nothing_to_restore(home, folder, clock, tmp_path):
    with pytest.raises(NotFound, match="copy_none_here"):
        checking.copies(tmp_path / "nowhere")
    with pytest.raises(NotFound, match="copy_none_here"):
        checking.copies(tmp_path)
    made = copy(home, folder, clock)
    for bad in ("20261127-090000-000000", "../../etc", "", "99999999-999999-aaaaaa"):
        with pytest.raises(NotFound, match="copy_unknown"):
            restore(folder, bad, tmp_path / "new", by_home, PaperBuilder(), JobContext())
    with pytest.raises(NotFound, match="copy_unknown"):
        checking.verify(folder, JobContext(), "20261127-090000-000000")
    with pytest.raises(WrongKey):
        back(folder, made, tmp_path / "new", lambda d: by_words(d, RecoveryKey.new().words))
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "letter.txt").write_text("mine")
    with pytest.raises(UsageError, match="restore_into_not_empty"):
        back(folder, made, tmp_path / "full")
    with pytest.raises(UsageError, match="restore_into_not_empty"):
        back(folder, made, tmp_path / "full" / "letter.txt")
    with pytest.raises(UsageError, match="restore_into_copy"):
        back(folder, made, folder / "new")
    assert (tmp_path / "full" / "letter.txt").read_text() == "mine"
    assert not (tmp_path / "new").exists()


def test_a_newer_format_is_refused(home, folder, clock):
    copy(home, folder, clock)
    path = folder / "copy.json"
    path.write_bytes(path.read_bytes().replace(b'"format": 1', b'"format": 2'))
    with pytest.raises(SchemaTooNew, match="copy_newer"):
        copy(home, folder, clock)
    with pytest.raises(SchemaTooNew, match="copy_newer"):
        checking.copies(folder)


def test_a_device_that_the_secret_does_not_vouch_for_signs_nothing(home, folder, clock, tmp_path):
    made = copy(home, folder, clock)
    # A forger without the secret, but with the folder, makes a device and a manifest of his own.
    forger = identity(9)
    forger = type(forger)(forger.agency, forger.device, b"f" * 32, forger.seed)
    from clementine_crm.hub import signers
    from clementine_crm.hub.shelf import Shelf

    there = Shelf(folder)
    signers.publish(there, forger)
    known = manifest.read(there, made.id, None, None)
    fake = manifest.Manifest(
        "20261127-100000-ffffff", known.agency, forger.device, known.made_at, "", 0, 0, 0, {}
    )
    there.put(manifest.path_of(fake.id), manifest.write(forger, fake))
    there.put(ledger.NAME, ledger.write(forger, ledger.Ledger(known.agency, known.made_at)))
    found = checking.verify(folder, JobContext(), secret=home.identity.secret)
    assert {d.file for d in found.damaged} == {ledger.NAME, manifest.path_of(fake.id)}
    with pytest.raises(Corrupt):
        restore(folder, fake.id, tmp_path / "new", by_home, PaperBuilder(), JobContext())


def test_a_ring_that_its_device_did_not_sign_is_refused(home, folder, clock, tmp_path):
    made = copy(home, folder, clock)
    for name in ring.NAMES:
        data = bytearray((folder / name).read_bytes()[:-32])
        data[-1] ^= 1
        (folder / name).write_bytes(bytes(data) + hashlib.sha256(data).digest())
    with pytest.raises(Corrupt, match="sheet_damaged"):
        back(folder, made, tmp_path / "new")
    assert not (tmp_path / "new").exists()


def test_cancelled_between_two_dossiers_and_taken_up_again(home, folder, clock, monkeypatch):
    from clementine_crm.hub import packing

    monkeypatch.setattr(packing, "TARGET", 1_000)
    job = JobContext()
    job.progress = lambda done, total, text: done == 25 and job.cancel.set()
    with pytest.raises(Cancelled):
        run(home, folder, Locks(), clock, job)
    assert checking.copies(folder) == []
    done = home.reads
    assert done == 26
    made = copy(home, folder, clock)
    # What lies in whole packs is not read again.
    assert home.reads < done + 40
    assert made.dossiers == 40


def test_restoring_fails_half_way_and_leaves_nothing(home, folder, clock, tmp_path):
    made = copy(home, folder, clock)
    for fails, error in (("take", DiskFull), ("count", Corrupt)):
        builder = PaperBuilder(fail_at=fails)
        with pytest.raises(error):
            restore(folder, made.id, tmp_path / "new", by_home, builder, JobContext())
        assert builder.made.closed
        assert not (tmp_path / "new").exists()
    (tmp_path / "empty").mkdir()
    job = JobContext()
    job.cancel.set()
    with pytest.raises(Cancelled):
        restore(folder, made.id, tmp_path / "empty", by_home, PaperBuilder(), job)
    assert list((tmp_path / "empty").iterdir()) == []
    # What a restoration that died left behind is no obstacle.
    (tmp_path / "empty" / ".restoring").mkdir()
    (tmp_path / "empty" / ".restoring" / "base.db").write_text("half")
    _, new = back(folder, made, tmp_path / "empty")
    assert new.content() == home.content()
    assert not (tmp_path / "empty" / ".restoring").exists()


# retention


def test_copies_and_packs_whose_time_is_over_go(home, folder, clock, unforced):
    made = []
    for day in range(24):
        home.edit(list(home.dossiers)[day], b"edited on day %d" % day)
        made.append(copy(home, folder, clock))
        clock.go(days=5)
        for path in folder.rglob("*"):
            # The folder's own clock follows the one of the test.
            if path.is_file() and path.stat().st_mtime > clock.now().timestamp():
                os.utime(path, (clock.now().timestamp(), clock.now().timestamp()))
    kept = [c.id for c in checking.copies(folder)]
    assert kept[0] == made[-1].id
    # Seven of the last thirty days, and the last of each month before.
    assert 9 <= len(kept) <= 11
    assert sum(m.removed for m in made) == 24 - len(kept)
    assert checking.verify(folder, JobContext(), secret=home.identity.secret).ok


def test_a_pack_that_no_copy_names_goes_after_a_week(home, folder, clock):
    copy(home, folder, clock)
    from clementine_crm.hub import packing

    before, one = set(listing(folder)), min(home.dossiers)
    home.attach(one, b"letter of a run that was cut")
    inventory = packing.Inventory.read(
        shelf.Shelf(folder), lambda d: home.identity.public, home.identity.group_key
    )
    packer = packing.Packer(shelf.Shelf(folder), home, inventory)
    packer.add(next(iter(home.held())))
    packer.flush()
    home.edit(one, b"edited since")
    orphans = {n for n in set(listing(folder)) - before if n.startswith("packs")}
    assert len(orphans) == 1
    for name in orphans:
        os.utime(folder / name, (clock.now().timestamp(), clock.now().timestamp()))
    copy(home, folder, clock)
    assert orphans <= set(listing(folder))
    old = (clock.now() - timedelta(days=8)).timestamp()
    for name in listing(folder):
        os.utime(folder / name, (old, old))
    copy(home, folder, clock)
    assert not orphans & set(listing(folder))
    assert checking.verify(folder, JobContext(), secret=home.identity.secret).ok


def test_many_small_packs_are_folded(home, folder, clock, tmp_path, unforced):
    for n in range(40):
        home.edit(list(home.dossiers)[n], b"edited %d" % n)
        made = copy(home, folder, clock)
    known = manifest.read(shelf.Shelf(folder), made.id, None, None)
    assert len(known.packs) < 35
    assert back(folder, made, tmp_path / "new")[1].content() == home.content()


# the disk


@pytest.mark.parametrize(
    ("code", "error", "key"),
    [
        ("ENOSPC", DiskFull, "copy_no_room"),
        ("EROFS", StorageError, "copy_read_only"),
        ("EACCES", StorageError, "copy_read_only"),
        ("EFBIG", StorageError, "copy_file_too_large"),
        ("EIO", Exception, "copy_folder_gone"),
        ("ENODEV", Exception, "copy_folder_gone"),
        ("EINVAL", StorageError, "copy_failed"),
    ],
)
def test_what_the_disk_says_is_one_sentence_and_the_former_copy_whole(
    home, folder, clock, tmp_path, monkeypatch, code, error, key
):
    import errno

    first, was = copy(home, folder, clock), home.content()
    home.edit(next(iter(home.dossiers)), b"edited")
    real = shelf._write

    def refuse(path, data):
        real(path, data[: len(data) // 2])
        raise OSError(getattr(errno, code), "refused")

    monkeypatch.setattr(shelf, "_write", refuse)
    with pytest.raises(error) as caught:
        copy(home, folder, clock)
    assert caught.value.key == key
    monkeypatch.undo()
    assert not list(folder.rglob("*.new"))
    assert back(folder, first, tmp_path / "a")[1].content() == was
    assert copy(home, folder, clock).dossiers == 40


def test_a_disk_that_does_not_keep_what_it_is_given(home, folder, clock, monkeypatch, tmp_path):
    first = copy(home, folder, clock)
    home.edit(next(iter(home.dossiers)), b"edited")
    real = shelf._write
    monkeypatch.setattr(shelf, "_write", lambda path, data: real(path, data[:-1] + b"\0\0"))
    with pytest.raises(StorageError, match="copy_not_as_written"):
        copy(home, folder, clock)
    monkeypatch.undo()
    assert [c.id for c in checking.copies(folder)] == [first.id]


def test_half_written_twins_are_cleared_away(home, folder, clock):
    copy(home, folder, clock)
    pack = next(folder.glob("packs/*.pack"))
    (folder / "packs" / f"{pack.name}.new").write_bytes(b"half")
    (folder / "manifests" / "20261127-120000-aaaaaa.manifest.new").write_bytes(b"half")
    with pytest.raises(NotFound, match="copy_unknown"):
        restore(
            folder,
            "20261127-120000-aaaaaa",
            folder.parent / "new",
            by_home,
            PaperBuilder(),
            JobContext(),
        )
    made = copy(home, folder, clock)
    assert not list(folder.rglob("*.new"))
    assert made.damaged == ()
