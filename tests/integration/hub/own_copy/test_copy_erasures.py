"""Who was erased, discarded or undone leaves every copy, and comes back from none."""

import pytest

from clementine_crm.errors import (
    Corrupt,
    WrongKey,
)
from clementine_crm.hub import checking, ring
from clementine_crm.hub.ports import Erased
from clementine_crm.hub.restore import AtHand
from clementine_crm.hub.ring import open_ring
from clementine_crm.jobs import JobContext
from tests.integration.hub.own_copy.copying import back, by_home, by_words, copy, listing, sealed_of
from tests.integration.hub.paper import (
    Locks,
    PaperHome,
    identity,
    tree,
)


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
