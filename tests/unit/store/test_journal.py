"""The erasure journal: nothing written is lost, nothing altered goes unnoticed."""

import json
import subprocess
import sys
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from clementine_crm.errors import Busy, Corrupt, DiskFull, StorageError
from clementine_crm.store import journal as module
from clementine_crm.store import locks
from clementine_crm.store.journal import Journal

AT = datetime(2026, 11, 27, 9, tzinfo=UTC)


def some_id(n):
    return n.to_bytes(16, "big")


@pytest.fixture
def journal(tmp_path):
    return Journal(tmp_path / "journal" / "erasures.jsonl")


def written(journal):
    return [(e.dossier, e.cause, datetime.fromisoformat(e.at)) for e in journal.entries()]


@settings(max_examples=40, deadline=None)
@given(
    st.lists(
        st.lists(st.tuples(st.binary(min_size=16, max_size=16), st.text(max_size=30)), max_size=4),
        max_size=6,
    )
)
def test_what_was_appended_is_read_in_order(tmp_path_factory, batches):
    journal = Journal(tmp_path_factory.mktemp("j") / "erasures.jsonl")
    assert journal.entries() == []
    expected = []
    for number, batch in enumerate(batches):
        at = AT + timedelta(minutes=number)
        journal.append(batch, at)
        expected += [(dossier, cause, at) for dossier, cause in batch]
    assert written(journal) == expected


def test_each_line_with_its_own_instant(journal):
    lines = [(some_id(n), "rights", AT + timedelta(days=n)) for n in range(5)]
    journal.adopt(lines)
    journal.append([(some_id(9), "discarded")], AT)
    assert written(journal) == [*lines, (some_id(9), "discarded", AT)]


def test_a_line_cut_by_a_crash_goes_at_the_next_append(journal):
    journal.append([(some_id(1), "a"), (some_id(2), "b")], AT)
    whole = journal.path.read_bytes()
    for cut in range(len(whole)):
        journal.path.write_bytes(whole[:cut])
        kept = whole[:cut].count(b"\n")
        assert [e.dossier for e in journal.entries()] == [some_id(n + 1) for n in range(kept)]
        journal.append([(some_id(7), "c")], AT)
        assert [e.dossier for e in journal.entries()] == [
            *(some_id(n + 1) for n in range(kept)),
            some_id(7),
        ]


def test_every_alteration_is_named_by_its_line(journal):
    journal.append([(some_id(n), f"cause {n}") for n in range(4)], AT)
    lines = journal.path.read_bytes().splitlines(keepends=True)
    whole = b"".join(lines)
    starts = [0, *(sum(map(len, lines[: n + 1])) for n in range(4))]
    for place in range(len(whole)):
        number = next(n for n in range(4) if starts[n] <= place < starts[n + 1])
        bad = whole[:place] + bytes([whole[place] ^ 1]) + whole[place + 1 :]
        journal.path.write_bytes(bad)
        if place == len(whole) - 1:
            # Its line feed gone, the last line is one that a crash cut.
            assert len(journal.entries()) == 3
            continue
        with pytest.raises(Corrupt) as caught:
            journal.entries()
        assert caught.value.key == "journal_damaged"
        assert caught.value.params["line"] in (number + 1, number + 2)
    for n in range(3):
        journal.path.write_bytes(b"".join(lines[:n] + lines[n + 1 :]))
        with pytest.raises(Corrupt) as caught:
            journal.entries()
        assert caught.value.params["line"] == n + 1
    journal.path.write_bytes(lines[1] + lines[0] + lines[2] + lines[3])
    with pytest.raises(Corrupt):
        journal.entries()


@pytest.mark.parametrize(
    "line",
    [
        b"[]",
        b"{}",
        b"null",
        b"7",
        b'{"hash": 1}',
        b'"text"',
        b"[" * 100_000,
        b"\xff\xfe",
        b"{" + b'"a":' * 9,
    ],
)
def test_lines_of_strangers_are_damage(journal, line):
    journal.append([(some_id(1), "a")], AT)
    before = journal.path.read_bytes()
    journal.path.write_bytes(before + line + b"\n")
    with pytest.raises(Corrupt) as caught:
        journal.entries()
    assert caught.value.params["line"] == 2
    with pytest.raises(Corrupt, match="journal_damaged"):
        journal.append([(some_id(2), "b")], AT)
    assert journal.path.read_bytes() == before + line + b"\n"


def test_a_well_hashed_line_that_says_nothing_is_damage(journal):
    for body in (
        {"prev": "0" * 64},
        {"prev": "0" * 64, "dossier": "00", "cause": "a", "at": AT.isoformat()},
        {"prev": "0" * 64, "dossier": "00" * 16, "cause": 7, "at": AT.isoformat()},
        {"prev": "0" * 64, "dossier": "00" * 16, "cause": "a", "at": "yesterday"},
    ):
        journal.path.parent.mkdir(exist_ok=True)
        journal.path.write_text(json.dumps({**body, "hash": module._digest(body)}) + "\n")
        with pytest.raises(Corrupt):
            journal.entries()


def test_what_stands_before_the_damage_can_still_be_read(journal):
    assert journal.readable() == ([], True)
    journal.append([(some_id(n), "a") for n in range(4)], AT)
    everything, whole = journal.readable()
    assert (everything, whole) == (journal.entries(), True)
    lines = journal.path.read_bytes().splitlines(keepends=True)
    journal.path.write_bytes(lines[0] + lines[1] + lines[3])
    assert journal.readable() == (everything[:2], False)


APPEND = """
import sys
from datetime import UTC, datetime
from pathlib import Path
from clementine_crm.store.journal import Journal
journal = Journal(Path(sys.argv[1]))
who = int(sys.argv[2])
sys.stdin.readline()
for n in range(60):
    journal.append([((who * 1000 + n).to_bytes(16, "big"), "discarded")], datetime.now(UTC))
"""


def test_two_processes_append_and_no_line_is_lost(journal):
    others = [
        subprocess.Popen(
            [sys.executable, "-c", APPEND, str(journal.path), str(who)],
            stdin=subprocess.PIPE,
            text=True,
        )
        for who in (1, 2)
    ]
    for other in others:
        other.stdin.write("\n")
        other.stdin.flush()
    for n in range(60):
        journal.append([(some_id(3000 + n), "rights")], AT)
    for other in others:
        assert other.wait(60) == 0
        other.stdin.close()
    found = [int.from_bytes(e.dossier, "big") for e in journal.entries()]
    assert len(found) == 180
    for who in (1, 2, 3):
        assert [n % 1000 for n in found if n // 1000 == who] == list(range(60))


def test_who_waits_too_long_is_told(journal, monkeypatch):
    monkeypatch.setattr(module, "_WAIT_SECONDS", 0.05)
    journal.append([(some_id(1), "a")], AT)
    lock = journal.path.with_name("erasures.jsonl.lock")
    with locks.held(lock, "x"), pytest.raises(Busy, match="journal_busy"):
        journal.append([(some_id(2), "b")], AT)
    journal.append([(some_id(3), "c")], AT)
    assert len(journal.entries()) == 2


def test_an_append_costs_the_same_whatever_its_length(journal, monkeypatch):
    journal.append([(some_id(n), "batch_undone") for n in range(20_000)], AT)
    read, real = [], module._read
    monkeypatch.setattr(module, "_read", lambda line: read.append(1) or real(line))
    journal.append([(some_id(1), "discarded")], AT)
    assert len(read) == 1
    assert len(journal.entries()) == 20_001


@pytest.mark.parametrize(("code", "error"), [(28, DiskFull), (5, StorageError)])
def test_a_disk_that_refuses_leaves_no_half_line(journal, monkeypatch, code, error):
    journal.append([(some_id(1), "a")], AT)
    before = journal.path.read_bytes()

    def refuse(descriptor):
        raise OSError(code, "refused")

    monkeypatch.setattr(module.os, "fsync", refuse)
    with pytest.raises(error):
        journal.append([(some_id(2), "b")], AT)
    assert journal.path.read_bytes() == before
