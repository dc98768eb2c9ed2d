"""A desktop a schema version behind carries what it does not know, and loses nothing of it."""

from __future__ import annotations

import faulthandler
import os
import random
import shutil
from collections import Counter
from pathlib import Path

import pytest
from desks import Desk, SharedTime
from newer_program import Newer
from play import Recruiter, untold, wrongly_there

from clementine_crm.dossier.encoding import decode
from clementine_crm.dossier.state import ABSENT, Dossier


class Far:
    """The newer desktop, called as if it were here."""

    def __init__(self, time: SharedTime) -> None:
        self.time = time
        self.newer = Newer()

    def work(self, commands: int) -> None:
        self.newer.call("work", self.time.at, commands)

    def __getattr__(self, name: str):
        return lambda *args: self.newer.call(name, *args)


@pytest.mark.timeout(1_500)
@pytest.mark.parametrize(
    ("seed", "rounds", "each"),
    [
        (11, 3, 50),
        pytest.param(12, 20, 50, marks=pytest.mark.slow),
    ],
)
def test_an_older_and_a_newer_home_agree(tmp_path, monkeypatch, seed, rounds, each):
    faulthandler.cancel_dump_traceback_later()
    monkeypatch.setattr(os, "urandom", random.Random(seed).randbytes)
    time, dice = SharedTime(), random.Random(seed)
    files = tmp_path / "files"
    files.mkdir()
    old = Recruiter(Desk(tmp_path / "old", 0x0A, time), random.Random(seed))
    new = Far(time)
    try:
        agency = old.desk.found()
        new.newer.call("open", tmp_path / "new", 0x0B, -70.0, seed + 1000)
        new.join(old.desk.states()[agency], old.desk.key(agency))
        for _ in range(rounds):
            for recruiter in dice.sample([old, new], 2):
                recruiter.work(each)
                time.pass_by(40.0)
            _pass_files(old, new, files, dice)
        _settle(old, new, files)
        states = old.desk.states()
        assert new.states() == states
        assert new.digest() == old.desk.digest()
        edits = [*old.edits, *new.newer.call("edits")]
        assert untold(edits, states, old.lost() | new.lost()) == []
        assert wrongly_there(edits, states) == []
        _holds_what_it_does_not_know(old.desk, edits, states)
    finally:
        old.desk.close()
        closed = new.newer.close()
        shutil.rmtree(files)
    assert closed == 0
    _grows_up(tmp_path, time, states)


def _pass_files(old: Recruiter, new: Far, files: Path, dice: random.Random) -> None:
    """Shuffled, a third of them twice."""
    for giver, taker in dice.sample([(old, new), (new, old)], 2):
        given = giver.export(files)
        mixed = [*given, *dice.choices(given, k=len(given) // 3)]
        dice.shuffle(mixed)
        taker.receive(mixed)


def _settle(old: Recruiter, new: Far, files: Path) -> None:
    for giver, taker in ((old, new), (new, old), (old, new)):
        taker.receive(giver.export(files, True))


def _holds_what_it_does_not_know(desk: Desk, edits: list, states: dict[bytes, bytes]) -> None:
    strange = Counter(e.table for e in edits if e.cell in {"pronouns", "weight", "place", "round"})
    assert min(strange["candidate"], strange["task"], strange["interview"]) > 0
    assert desk.rows("SELECT count(*) FROM unknown_row") > [(0,)]
    living = [found for found in map(decode, states.values()) if isinstance(found, Dossier)]
    persons = [row for found in living for row in found.rows.get("candidate", {}).values()]
    held = sum(row.cells.get("pronouns", ABSENT) is not ABSENT for row in persons)
    assert desk.rows("SELECT count(*) FROM candidate WHERE extra IS NOT NULL") == [(held,)]


def _grows_up(folder: Path, time: SharedTime, before: dict[bytes, bytes]) -> None:
    """The older base under the newer program: the cells find their columns, no clock moves."""
    new = Far(time)
    try:
        new.newer.call("open", folder / "old", 0x0A, 0.0, 1)
        dirty = new.rows("SELECT count(*) FROM dirty")
        adopted = new.adopt()
        assert adopted > 0
        assert new.adopt() == 0
        assert new.rows("SELECT count(*) FROM unknown_row") == [(0,)]
        for table in ("candidate", "task", "interview"):
            assert new.rows(f"SELECT count(*) FROM {table} WHERE extra IS NOT NULL") == [(0,)]
        assert new.rows("SELECT count(*) FROM dirty") == dirty
        after = new.states()
        assert after.keys() == before.keys()
        assert [id for id in after if not _same_but_for_the_migration(before[id], after[id])] == []
    finally:
        new.newer.close()


def _same_but_for_the_migration(before: bytes, after: bytes) -> bool:
    """Equal bytes, but for the weight that the data migration gave to tasks of that day."""
    one, other = decode(before), decode(after)
    if not isinstance(one, Dossier) or not isinstance(other, Dossier):
        return before == after
    for id, row in other.rows.get("task", {}).items():
        told = one.rows["task"][id].cells.get("weight", row.cell("weight"))
        if told != row.cell("weight") or one.rows["task"][id].base != row.base:
            return False
    return {t: r for t, r in one.rows.items() if t != "task"} == {
        t: r for t, r in other.rows.items() if t != "task"
    }
