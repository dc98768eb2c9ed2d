"""A real home copied to a folder and brought back: same base, same documents, same search."""

from __future__ import annotations

import errno
import os
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from clementine_crm import copies
from clementine_crm.bootstrap import Desk, open_desk, unlock
from clementine_crm.copies import NewKeys, at_hand, bring_back, by_home, by_words
from clementine_crm.domain.ids import Id
from clementine_crm.errors import Busy, Corrupt, DiskFull, UsageError, WrongKey
from clementine_crm.hub import ring, shelf
from clementine_crm.hub.copy import CopyMade
from clementine_crm.hub.restore import Restored
from clementine_crm.jobs import JobContext
from clementine_crm.plugin_api import FieldValue, FileData, ItemPayload
from clementine_crm.queries import house
from clementine_crm.queries.candidates import candidate_ids, candidate_rows
from clementine_crm.queries.dossier import candidate
from clementine_crm.queries.inbox import inbox
from clementine_crm.queries.search import search
from clementine_crm.services.activities import AddNote
from clementine_crm.services.intake import TakePayloads
from clementine_crm.services.missions import AddMission
from clementine_crm.services.triage import DiscardItems, KeepItems
from clementine_crm.store.residue import scan
from tests.support.agency import EMAIL, PASSWORD, Founded, TestClock
from tests.support.dump import logical

NEW_PASSWORD = "Bv9#rivage-orange"


def payload(n: int, **more: object) -> ItemPayload:
    cv = f"Personne {n}\nComptable, mot{n}rare, Excel\n".encode()
    values: dict[str, object] = {
        "external_id": f"mail-{n}",
        "kind": "application",
        "received_at": datetime(2026, 11, 20, 8, tzinfo=UTC),
        "form": "spontaneous-fr",
        "lang": "fr",
        "position": "Comptable",
        "message": f"Motivation {n}",
        "fields": (
            FieldValue(name="given_name", value="Léa"),
            FieldValue(name="family_name", value=f"Fabre-{n}"),
            FieldValue(name="email", value=f"lea.{n}@example.org"),
        ),
        "files": (FileData(name="cv.txt", data=cv, role="cv"),),
    }
    return ItemPayload.model_validate(values | more)


def take(desk: Desk, *payloads: ItemPayload) -> tuple[Id, ...]:
    command = TakePayloads(payloads, "website_forms", "", "applied", date(2026, 6, 1))
    return desk.execute(command).result.items


@pytest.fixture
def worked(desk: Desk) -> Desk:
    """A desk with a mission, candidates, notes, waiting letters and waiting items."""
    desk.execute(AddMission("REF-2214", "Chef comptable", "Groupe Talvance"))
    items = take(desk, *(payload(n) for n in range(8)))
    kept = desk.execute(KeepItems(items[:4], spontaneous=True)).result
    desk.execute(AddNote(kept[0].dossier, "Rappeler lundi, motdelanote."))
    return desk


def people(desk: Desk) -> list[Id]:
    """Everybody who may be listed, by name."""
    return [row.id for row in candidate_rows(desk.reading, candidate_ids(desk.reading).rids)]


def of(desk: Desk) -> copies.Copies:
    return copies.Copies(
        desk.home, desk.unlocked, desk.engines.write, desk.engines.read, desk.clock
    )


def run(desk: Desk, folder: Path, **more: bool) -> CopyMade:
    return of(desk).run(folder, JobContext(), **more)


def back(
    desk: Desk,
    folder: Path,
    made: CopyMade,
    into: Path,
    words: list[str] | None = None,
    **more: object,
) -> tuple[Restored, Desk]:
    opener = by_words(" ".join(words)) if words else by_home(desk.unlocked, desk.home.folder)
    keys = NewKeys(EMAIL, NEW_PASSWORD if words else PASSWORD, desk.clock)
    report = bring_back(folder, made.id, into, opener, keys, JobContext(), **more)
    assert len(keys.words) == 24
    password = NEW_PASSWORD if words else PASSWORD
    return report, open_desk(into, unlock(into, EMAIL, password, desk.clock), desk.clock)


@pytest.mark.parametrize("by", ["password", "words"])
def test_a_home_comes_back_as_it_was(
    worked: Desk, agency: Founded, tmp_path: Path, by: str
) -> None:
    before = logical(worked)
    made = run(worked, tmp_path / "key")
    assert made.missing == ()
    words = agency.words if by == "words" else None
    report, new = back(worked, tmp_path / "key", made, tmp_path / "new", words)
    try:
        after = logical(new)
        # The paths of imports may name persons: they stay where the import was made.
        before["import_batch"] = [
            tuple("" if v == "website_forms" and n == 4 else v for n, v in enumerate(r))
            for r in before["import_batch"]
        ]
        assert {name: after.get(name) for name in before} == before
        assert (report.dossiers, report.re_erased) == (made.dossiers, 0)
        assert new.unlocked.agency_id == worked.unlocked.agency_id
        assert new.unlocked.agency_secret == worked.unlocked.agency_secret
        assert new.unlocked.device_id != worked.unlocked.device_id
        assert new.unlocked.db_key != worked.unlocked.db_key
        ids = people(new)
        assert len(ids) == 4
        for word in ("mot2rare", "motdelanote", "Fabre-1"):
            found = search(new.reading, word)
            assert found.total == search(worked.reading, word).total == 1
        held = [candidate(new.reading, id) for id in ids]
        blobs = [document for view in held for document in view.documents]
        assert len(blobs) == 4
        # What was imported before the copy is known after it.
        assert take(new, *(payload(n) for n in range(8))) == ()
        # And the restored home is worked in and copied on, into the same folder.
        new.execute(AddNote(ids[0], "Suite"))
        again = run(new, tmp_path / "key")
        assert again.dossiers >= made.dossiers
        assert again.written < made.written
    finally:
        new.close()


def test_what_was_discarded_or_erased_after_a_copy_does_not_come_back(
    worked: Desk, tmp_path: Path
) -> None:
    made = run(worked, tmp_path / "key")
    waiting = [row.id for row in inbox(worked.reading).rows]
    worked.execute(DiscardItems(tuple(waiting[:2])))
    person = people(worked)[0]
    with worked.unit_of_work() as uow:
        uow.erase(person, "rights")
        uow.commit()
    known = at_hand(worked.home, worked.clock)
    assert known is not None
    report, new = back(worked, tmp_path / "key", made, tmp_path / "new", known=known)
    try:
        assert report.re_erased == 3
        assert report.known_until == worked.clock.now()
        assert logical(new)["inbox_item"] == logical(worked)["inbox_item"]
        assert person not in people(new)
        assert {e.dossier for e in new.journal.entries()} >= {person, *waiting[:2]}
        values = [b"lea.4@example.org", b"mot4rare"]
        assert scan(new.home, new.unlocked.db_key, values).hits == ()
        # A second home's state of one erased is refused for ever.
        assert run(new, tmp_path / "key").dossiers >= report.dossiers
    finally:
        new.close()


def test_an_item_kept_into_a_person_since_erased_does_not_come_back_either(
    worked: Desk, tmp_path: Path
) -> None:
    (item,) = take(worked, payload(50))
    made = run(worked, tmp_path / "key")
    before = {name: (tmp_path / "key" / name).read_bytes() for name in ring.NAMES}
    kept = worked.execute(KeepItems((item,), spontaneous=True)).result[0]
    with worked.unit_of_work() as uow:
        uow.erase(kept.dossier, "rights")
        uow.commit()
    # Before any further run, by the journal at hand; after it, by the folder alone.
    for number, known in enumerate((at_hand(worked.home, worked.clock), None)):
        report, new = back(worked, tmp_path / "key", made, tmp_path / f"new{number}", known=known)
        try:
            assert report.re_erased == 1
            assert item not in [row.id for row in inbox(new.reading).rows]
        finally:
            new.close()
        if number == 0:
            assert run(worked, tmp_path / "key").redacted >= 2
            for name in ring.NAMES:
                keys = by_home(worked.unlocked, worked.home.folder)(
                    (tmp_path / "key" / name).read_bytes()
                ).keys
                assert item not in keys
                assert (tmp_path / "key" / name).read_bytes() != before[name]


def test_an_unchanged_home_costs_next_to_nothing_and_one_note_one_entry(
    worked: Desk, tmp_path: Path
) -> None:
    first = run(worked, tmp_path / "key")
    packs = {p.name for p in (tmp_path / "key" / "packs").iterdir()}
    second = run(worked, tmp_path / "key")
    assert {p.name for p in (tmp_path / "key" / "packs").iterdir()} == packs
    assert second.dossiers == first.dossiers
    worked.execute(AddNote(people(worked)[0], "Encore"))
    third = run(worked, tmp_path / "key")
    (new,) = {p.name for p in (tmp_path / "key" / "packs").iterdir()} - packs
    assert (tmp_path / "key" / "packs" / new).stat().st_size <= 8_192
    assert third.size < first.size + 8_192
    assert of(worked).verify(tmp_path / "key", "", JobContext()).ok


def test_the_copy_is_remembered_and_so_is_a_failure(
    worked: Desk, clock: TestClock, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = run(worked, tmp_path / "key")
    with worked.engines.read.connect() as connection:
        last = house.last_copy(connection)
    assert last is not None
    assert (last.id, last.dossiers, last.bytes, last.ok) == (
        made.id,
        made.dossiers,
        made.size,
        True,
    )
    listed = of(worked).list(tmp_path / "key")
    assert [(c.id, c.dossiers, c.size) for c in listed] == [(made.id, made.dossiers, made.size)]

    clock.pass_time(hours=1)

    def full(path: Path, data: bytes) -> None:
        raise OSError(errno.ENOSPC, "full")

    monkeypatch.setattr(shelf, "_write", full)
    with pytest.raises(DiskFull, match="copy_no_room"):
        run(worked, tmp_path / "key")
    with worked.engines.read.connect() as connection:
        last = house.last_copy(connection)
    assert last is not None
    assert (last.at, last.ok) == (clock.now(), False)


def test_two_runs_at_once_and_refused_places(worked: Desk, tmp_path: Path) -> None:
    with worked.home.locked(), pytest.raises(Busy, match="home_busy"):
        run(worked, tmp_path / "key")
    with pytest.raises(UsageError, match="copy_inside_home"):
        run(worked, worked.home.folder / "documents")
    assert not (tmp_path / "key").exists()


def test_another_homes_password_does_not_open_a_copy(worked: Desk, tmp_path: Path) -> None:
    from tests.support.agency import founded

    made = run(worked, tmp_path / "key")
    other = founded(tmp_path / "other")
    opener = by_home(other.unlocked, other.folder)
    with pytest.raises(WrongKey, match="ring_other_home"):
        bring_back(
            tmp_path / "key",
            made.id,
            tmp_path / "new",
            opener,
            NewKeys(EMAIL, PASSWORD, worked.clock),
            JobContext(),
        )
    assert not (tmp_path / "new").exists()


def test_a_damaged_copy_leaves_no_home(worked: Desk, tmp_path: Path) -> None:
    made = run(worked, tmp_path / "key")
    document = next((tmp_path / "key").glob("doc/*/*.blob"))
    document.write_bytes(os.urandom(document.stat().st_size))
    with pytest.raises(Corrupt, match="copy_damaged"):
        back(worked, tmp_path / "key", made, tmp_path / "new")
    assert not (tmp_path / "new").exists()
    report, new = back(worked, tmp_path / "key", made, tmp_path / "new", accept_losses=True)
    new.close()
    assert report.lost == (str(document.relative_to(tmp_path / "key")),)


def test_a_journal_that_survived_its_base(worked: Desk, clock: TestClock, tmp_path: Path) -> None:
    made = run(worked, tmp_path / "key")
    waiting = [row.id for row in inbox(worked.reading).rows]
    worked.execute(DiscardItems((waiting[0],)))
    worked.home.base.rename(tmp_path / "base.gone")
    known = at_hand(worked.home, clock)
    (tmp_path / "base.gone").rename(worked.home.base)
    assert known is not None
    assert [line.dossier for line in known.erased] == [waiting[0]]
    written = (worked.home.journal / copies.JOURNAL).stat().st_mtime
    assert known.known_until.timestamp() == pytest.approx(written)
    report, new = back(worked, tmp_path / "key", made, tmp_path / "new", known=known)
    new.close()
    assert report.re_erased == 1


def test_of_a_damaged_journal_at_hand_what_can_be_read_counts(
    worked: Desk, clock: TestClock, tmp_path: Path
) -> None:
    made = run(worked, tmp_path / "key")
    waiting = [row.id for row in inbox(worked.reading).rows]
    for item in waiting[:2]:
        clock.pass_time(hours=1)
        worked.execute(DiscardItems((item,)))
    path = worked.home.journal / copies.JOURNAL
    whole = path.read_bytes()
    path.write_bytes(whole[:-10] + b"0" + whole[-9:])
    known = at_hand(worked.home, clock)
    path.write_bytes(whole)
    assert known is not None
    assert [line.dossier for line in known.erased] == [waiting[0]]
    assert known.known_until == clock.now() - timedelta(hours=1)
    report, new = back(worked, tmp_path / "key", made, tmp_path / "new", known=known)
    new.close()
    assert (report.re_erased, report.known_until) == (1, known.known_until)
