"""A death between any two steps of a run: the former copy stays whole and the next run goes on."""

import os
import random
import sys

import pytest

from clementine_crm.hub import checking
from clementine_crm.hub.copy import run
from clementine_crm.hub.restore import restore
from clementine_crm.hub.ring import open_ring
from clementine_crm.jobs import JobContext
from tests.integration.hub.paper import FixedClock, Locks, PaperBuilder, PaperHome, tree

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="dies by fork")
# What Python tells before it asks the system; a file that is written is read back by another open.
STEPS = {"open", "os.rename", "os.remove", "os.mkdir", "os.rmdir", "os.scandir", "os.listdir"}
DIED = 9


@pytest.fixture(autouse=True)
def unforced(monkeypatch):
    monkeypatch.setattr(os, "fsync", lambda descriptor: None)
    monkeypatch.setattr(os, "posix_fadvise", lambda *_: None, raising=False)


def dies_at(step, folder, work, tear):
    """Run ``work`` in a child that dies before its ``step``-th step; whether it got that far.

    ``tear``: what stands half-written is cut in the middle too, as when a key is pulled out.
    """
    child = os.fork()
    if child == 0:
        count = 0

        def watch(event, args):
            nonlocal count
            if event not in STEPS or not str(args[0]).startswith(str(folder)):
                return
            count += 1
            if count == step:
                if tear:
                    for path in folder.rglob("*.new"):
                        os.truncate(path, path.stat().st_size // 2)
                os._exit(DIED)

        sys.addaudithook(watch)
        try:
            work()
            os._exit(0)
        except BaseException:  # noqa: BLE001 - a child of fork ends here whatever happens
            os._exit(1)
    _, status = os.waitpid(child, 0)
    code = os.waitstatus_to_exitcode(status)
    assert code in (0, DIED)
    return code == DIED


def back(folder, copy, into):
    builder = PaperBuilder()
    restore(
        folder,
        copy,
        into,
        lambda data: open_ring(data, home=Locks().from_home),
        builder,
        JobContext(),
    )
    return builder.made.content()


def some_home(folder, clock):
    home = PaperHome(folder, clock=clock)
    folder.mkdir(exist_ok=True)
    for n in range(3):
        home.add(b"state %d" % n, texts=[f"text {n}"], files=[random.Random(n).randbytes(300)])
    return home


def put(folder, files):
    for path in sorted(folder.rglob("*"), reverse=True):
        path.unlink() if path.is_file() else path.rmdir()
    for name, data in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(data)


@pytest.mark.parametrize("tear", [False, pytest.param(True, marks=pytest.mark.slow)])
def test_a_first_run_that_dies_anywhere_is_no_copy_and_the_next_one_is_whole(tmp_path, tear):
    clock, folder = FixedClock(), tmp_path / "key"
    home = some_home(tmp_path / "home", clock)
    step = 0
    while True:
        step += 1
        put(folder, {}) if folder.exists() else folder.mkdir()
        died = dies_at(step, folder, lambda: run(home, folder, Locks(), clock, JobContext()), tear)
        if not died:
            break
        for found in checking.copies(folder) if (folder / "copy.json").exists() else []:
            assert back(folder, found.id, tmp_path / f"half{step}") == home.content()
        made = run(home, folder, Locks(), clock, JobContext())
        assert back(folder, made.id, tmp_path / f"whole{step}") == home.content()
        assert not list(folder.rglob("*.new"))
        assert checking.verify(folder, JobContext(), secret=home.identity.secret).ok
    assert step > 50


@pytest.mark.parametrize("tear", [False, pytest.param(True, marks=pytest.mark.slow)])
def test_a_further_run_that_dies_anywhere_leaves_the_former_copy(tmp_path, tear):
    clock, folder = FixedClock(), tmp_path / "key"
    home = some_home(tmp_path / "home", clock)
    first = run(home, folder, Locks(), clock, JobContext())
    clock.go(minutes=5)
    victim, edited, *_ = home.dossiers
    was = home.content()
    del was[victim]
    names = list(home.dossiers[victim].names)
    home.erase(victim)
    home.edit(edited, b"edited")
    home.attach(edited, b"a new letter")
    home.add(b"a new one")
    before, step = tree(folder), 0
    while True:
        step += 1
        put(folder, before)
        died = dies_at(step, folder, lambda: run(home, folder, Locks(), clock, JobContext()), tear)
        if not died:
            break
        # The former copy is whole, but for the person since erased when the death came late.
        content = back(folder, first.id, tmp_path / f"former{step}")
        content.pop(victim, None)
        assert content == was
        made = run(home, folder, Locks(), clock, JobContext())
        assert back(folder, made.id, tmp_path / f"next{step}") == home.content()
        assert back(folder, first.id, tmp_path / f"again{step}") == was
        assert not list(folder.rglob("*.new"))
        assert not any(list(folder.glob(f"doc/*/{name}.blob")) for name in names)
        assert checking.verify(folder, JobContext(), secret=home.identity.secret).ok
    assert step > 50


def test_what_a_dead_run_wrote_is_not_written_again(tmp_path):
    clock, folder = FixedClock(), tmp_path / "key"
    home = some_home(tmp_path / "home", clock)
    folder.mkdir()
    step, counts = 0, []
    while dies_at(
        step := step + 1, folder, lambda: run(home, folder, Locks(), clock, JobContext()), False
    ):
        home.reads = 0
        run(home, folder, Locks(), clock, JobContext())
        counts.append(home.reads)
        put(folder, {})
    # Once the pack stands, the next run encodes nothing.
    assert counts[0] == 3
    assert counts[-1] == 0
    assert sorted(counts, reverse=True) == counts


@pytest.mark.parametrize("there", [False, True])
def test_a_restoration_that_dies_anywhere_leaves_nothing_that_looks_like_a_home(tmp_path, there):
    clock, folder = FixedClock(), tmp_path / "key"
    home = some_home(tmp_path / "home", clock)
    made = run(home, folder, Locks(), clock, JobContext())
    step = 0
    while True:
        step += 1
        into = tmp_path / f"new{step}"
        if there:
            into.mkdir()
        died = dies_at(step, into, lambda into=into: back(folder, made.id, into), False)
        if not died:
            break
        names = {path.name for path in into.iterdir()} if into.exists() else set()
        # With a key file there, all the rest is there.
        if names & set(PaperBuilder.key_files):
            assert {"base.db", "documents"} <= names
        if names <= {".restoring"}:
            assert back(folder, made.id, into) == home.content()
    assert step > 10
    assert {path.name for path in into.iterdir()} == {
        "base.db",
        "documents",
        "keys.json",
        "keys.backup.json",
    }


def test_a_renaming_that_took_the_old_and_did_not_give_the_new(tmp_path):
    """FAT has no renaming over a file: the new one may stand alone under its ``.new``."""
    clock, folder = FixedClock(), tmp_path / "key"
    home = some_home(tmp_path / "home", clock)
    first = run(home, folder, Locks(), clock, JobContext())
    whole = tree(folder)
    replaced = [n for n in whole if n.startswith(("packs", "keys", "erasures", "copy.json"))]
    assert len(replaced) == 5
    for number, name in enumerate(replaced):
        put(folder, whole)
        (folder / name).rename(folder / f"{name}.new")
        assert back(folder, first.id, tmp_path / f"a{number}") == home.content()
        clock.go(minutes=1)
        home.reads = 0
        second = run(home, folder, Locks(), clock, JobContext())
        assert not list(folder.rglob("*.new"))
        assert home.reads == 0
        assert back(folder, second.id, tmp_path / f"b{number}") == home.content()
