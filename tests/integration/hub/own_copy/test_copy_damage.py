"""A damaged copy is found, named, repaired by the next run, and never restored silently."""

import os
from datetime import timedelta

import pytest

from clementine_crm.errors import (
    Corrupt,
    NotFound,
)
from clementine_crm.hub import checking
from clementine_crm.hub.pack import Pack
from clementine_crm.hub.ring import open_ring
from clementine_crm.jobs import JobContext
from tests.integration.hub.own_copy.copying import back, copy, damage, sealed_of_one
from tests.integration.hub.paper import (
    Locks,
    PaperHome,
    identity,
    tree,
)


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
