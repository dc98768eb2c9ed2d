"""A home's own copy: what a run writes, what it leaves, and what a restoration gives back."""

from pathlib import Path

from clementine_crm.hub import checking, shelf
from tests.integration.hub.own_copy.copying import CANARY, back, by_home, by_words, copy, listing
from tests.integration.hub.paper import (
    START,
    tree,
)


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
