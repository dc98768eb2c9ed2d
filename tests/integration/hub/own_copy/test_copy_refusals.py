"""What a copy refuses, how long it keeps, and what the disk may say: one sentence each."""

import hashlib
import os
from datetime import timedelta

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
from clementine_crm.hub.restore import restore
from clementine_crm.jobs import JobContext
from clementine_crm.keys.wrapping import RecoveryKey
from tests.integration.hub.own_copy.copying import (
    back,
    by_home,
    by_words,
    copy,
    listing,
)
from tests.integration.hub.paper import (
    Locks,
    PaperBuilder,
    PaperHome,
    identity,
    tree,
)


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
