"""Dossiers in and out of a real base: stamped whatever wrote, joined without restamping, carried."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest
from desks import Desk, SharedTime, two_desks
from hypothesis import HealthCheck, given, settings
from sqlalchemy import insert, update
from sqlalchemy.exc import DBAPIError

from clementine_crm.domain.activity import Activity, Task
from clementine_crm.domain.candidate import Candidate, ContactPoint, Skill, Tag
from clementine_crm.domain.document import Document
from clementine_crm.domain.ids import derived_id, new_id
from clementine_crm.dossier.encoding import decode, digest_of_all, encode, pack_cell
from clementine_crm.dossier.join import join
from clementine_crm.dossier.state import (
    ABSENT,
    DEAD,
    Dossier,
    Erased,
    Row,
    Stamp,
    Written,
    latest,
    row_of,
)
from clementine_crm.errors import Corrupt, NotFound, RuleViolation, SchemaTooNew
from clementine_crm.ports import JoinOutcome
from clementine_crm.services.activities import AddCall, AddNote, AddTask, CompleteTask
from clementine_crm.services.candidates import (
    AddCandidate,
    AddTags,
    CellEdit,
    EditCandidate,
    RemoveRow,
)
from clementine_crm.store import dossiers, tables
from clementine_crm.store.engine import open_engine
from clementine_crm.store.mapping import TABLE_OF

sys.path.append(str(Path(__file__).parent.parent / "unit" / "dossier"))
from dossier_states import dice, dossier, kinds


@pytest.fixture
def desk(tmp_path):
    desk = Desk(tmp_path / "one", 0x0A, SharedTime())
    desk.found()
    yield desk
    desk.close()


@pytest.fixture
def desks(tmp_path):
    one, other, _ = two_desks(tmp_path)
    yield one, other
    one.close()
    other.close()


ZOE = AddCandidate(
    "Zoé", "Brûlé", "Salon", "applied", email="zoe@mail.example", town="Lyon", mission="M-1"
)


def candidate_row(desk: Desk, id: bytes) -> Row:
    return desk.state(id).rows["candidate"][id]


class TestStamped:
    def test_orm_bulk_insert_and_raw_update_are_stamped(self, desk):
        with desk.work() as uow:
            id = uow.open_dossier("candidate")
            uow.add(Candidate(id, id=id, given_name="Zoé"))
            uow.commit()
        first = candidate_row(desk, id)
        assert first.base.device == desk.number
        assert not first.later
        with desk.work() as uow:
            point = {"id": new_id(), "dossier": id, "kind": "email", "value": "z@mail.example"}
            uow._connection.execute(
                insert(tables.contact_point), [point, {**point, "id": new_id()}]
            )
            uow._connection.exec_driver_sql(
                "UPDATE candidate SET town = 'Lyon', lang = '' WHERE id = ?", (id,)
            )
            uow.commit()
        row = candidate_row(desk, id)
        assert row.later.keys() == {"town"}
        assert row.later["town"].replaced == first.base < row.later["town"].at
        points = desk.state(id).rows["contact_point"].values()
        assert {point.base for point in points} == {row.later["town"].at}
        assert desk.rows("SELECT count(*) FROM dirty WHERE dossier = ?", id) == [(1,)]

    def test_a_value_written_again_in_one_transaction_is_one_write(self, desk):
        id = desk.execute(ZOE)
        before = candidate_row(desk, id)
        with desk.work() as uow:
            for town in ("Nantes", "Rennes"):
                uow._connection.execute(
                    update(tables.candidate).where(tables.candidate.c.id == id).values(town=town)
                )
            uow.commit()
        assert candidate_row(desk, id).written("town").replaced == before.written("town").at

    def test_what_another_device_wrote_is_remembered_across_own_writes(self, desks):
        one, other = desks
        id = one.execute(ZOE)
        other.take_all(one)
        for was, now in (("Lyon", "Nantes"), ("Nantes", "Brest")):
            other.execute(EditCandidate(id, (CellEdit("town", was, now),)))
        mark = candidate_row(other, id).written("town")
        assert mark.at.device == mark.replaced.device == other.number
        assert mark.seen == candidate_row(one, id).base

    def test_a_connection_without_our_functions_cannot_write(self, desk, tmp_path):
        id = desk.execute(ZOE)
        before = desk.digest()
        other = open_engine(tmp_path / "one" / "base.db", bytes(range(32)))
        for statement in (
            "UPDATE candidate SET town = 'x'",
            "DELETE FROM candidate",
            f"INSERT INTO tag (id, dossier) VALUES (x'{new_id().hex()}', x'{id.hex()}')",
        ):
            with pytest.raises(DBAPIError), other.begin() as connection:
                connection.exec_driver_sql(statement)
        other.dispose()
        assert desk.digest() == before

    def test_a_row_is_never_deleted_singly(self, desk):
        id = desk.execute(ZOE)
        with desk.work() as uow, pytest.raises(DBAPIError):
            uow._connection.exec_driver_sql("DELETE FROM candidate WHERE id = ?", (id,))

    def test_a_write_outside_a_unit_of_work_is_refused(self, desk):
        desk.execute(ZOE)
        with pytest.raises(DBAPIError), desk.engine.begin() as connection:
            connection.exec_driver_sql("UPDATE candidate SET town = 'x'")

    def test_a_second_process_stamps_after_the_first(self, desk):
        """It has a hybrid clock of its own: the base tells it where the other stands."""
        id = desk.execute(ZOE)
        first = desk.execute(AddNote(id, "Une note"))
        desk.hybrid = type(desk.hybrid)(desk.number)
        second = desk.execute(AddNote(id, "Une autre, dans la même milliseconde"))
        notes = desk.state(id).rows["activity"]
        assert notes[second].base > notes[first].base


class TestRemoved:
    def test_nothing_stays_of_a_removed_row(self, desk):
        id = desk.execute(ZOE)
        (point,) = desk.state(id).rows["contact_point"]
        desk.execute(RemoveRow(id, point, "contact_point"))
        row = desk.state(id).rows["contact_point"][point]
        assert row.cells == {"kind": ABSENT, "value": ABSENT, DEAD: 1}
        assert b"zoe@mail.example" not in desk.states()[id]

    @pytest.mark.parametrize("cls", TABLE_OF, ids=lambda cls: cls.__name__)
    def test_a_row_of_defaults_says_nothing_and_its_removal_no_more(self, desk, cls):
        """What SQLite gives, what a state leaves out and what a removal blanks are the same defaults."""
        table, row = TABLE_OF[cls].name, new_id()
        with desk.work() as uow:
            id = uow.open_dossier("candidate")
            uow._connection.exec_driver_sql(
                f'INSERT INTO "{table}" (id, dossier) VALUES (?, ?)', (row, id)
            )
            assert decode(uow.encoded(id)).rows[table][row].cells == {}
            uow.take_away(uow.get(cls, row))
            assert decode(uow.encoded(id)).rows[table][row].cells == {DEAD: 1}

    def test_a_row_named_by_its_value_comes_back_as_the_same_row(self, desk):
        id = desk.execute(ZOE)
        for _ in range(3):
            desk.execute(AddTags(id, ("Compta",)))
            ((tag, row),) = desk.state(id).rows["tag"].items()
            assert (row.dead, row.cell("name")) == (False, "Compta")
            desk.execute(RemoveRow(id, tag, "tag"))
            assert desk.state(id).rows["tag"][tag].dead

    def test_what_comes_back_can_be_changed_in_the_same_work(self, desk):
        id = desk.execute(ZOE)
        row = derived_id(id, "skill/python")
        with desk.work() as uow:
            uow.add(Skill(id, "Python", id=row, level="bon"))
            uow.commit()
            uow.take_away(uow.get(Skill, row))
            uow.commit()
            again = Skill(id, "Python", id=row)
            uow.add(again)
            again.level = "expert"
            uow.commit()
            assert [(s.name, s.level) for s in uow.find(Skill, dossier=id)] == [
                ("Python", "expert")
            ]

    def test_its_unknown_cells_go_too(self, desk):
        id = desk.execute(ZOE)
        desk.execute(AddTags(id, ("Compta",)))
        newer = desk.state(id)
        ((tag, row),) = newer.rows["tag"].items()
        base = Stamp(row.base.clock, row.base.device)
        coloured = row_of(base, [*((n, row.cell(n), row.written(n)) for n in row.cells),
                                 ("colour", "#0a7d4f", Written(base))])  # fmt: skip
        desk.join(encode(Dossier(id, "candidate", {**newer.rows, "tag": {tag: coloured}})))
        assert b"#0a7d4f" in desk.states()[id]
        desk.execute(RemoveRow(id, tag, "tag"))
        assert b"#0a7d4f" not in desk.states()[id]
        gone = desk.state(id).rows["tag"][tag]
        assert gone.cell("colour") is ABSENT
        assert gone.written("colour").replaced == base

    def test_the_file_of_a_removed_document_goes_with_the_commit(self, desk):
        id = desk.execute(ZOE)
        with desk.work() as uow:
            blob = uow.put_document(id, b"un CV")
            for _ in range(2):
                uow.add(Document(id, "cv.txt", "text/plain", 5, bytes(32), blob=blob))
            uow.commit()
            first, second = uow.find(Document, dossier=id)
            uow.take_away(first)
            uow.commit()
            assert uow.document(id, blob) == b"un CV"
            uow.take_away(uow.get(Document, second.id))
            uow.let_go()
            assert uow.document(id, blob) == b"un CV"
            uow.take_away(uow.get(Document, second.id))
            uow.commit()
            with pytest.raises(NotFound):
                uow.document(id, blob)

    def test_a_file_that_lay_there_survives_a_transaction_taken_back(self, desk):
        id = desk.execute(ZOE)
        with desk.work() as uow:
            blob = uow.put_document(id, b"un CV")
            uow.commit()
            uow.put_document(id, b"un CV")
            other = uow.put_document(id, b"un autre")
            uow.let_go()
            assert uow.document(id, blob) == b"un CV"
            with pytest.raises(NotFound):
                uow.document(id, other)


class TestJoined:
    @given(kinds, dice, dice)
    @settings(
        max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
    )
    def test_any_states_join_in_the_base_as_they_do_in_the_air(self, desk, kind, one, other):
        """Bytes in, bytes out, byte for byte, cells and tables of a newer program included."""
        id = new_id()
        states = [Dossier(id, kind, _own_rows(dossier(d, kind), id)) for d in (one, other)]
        wanted = join(*states)
        with desk.work() as uow:
            assert uow.join(encode(states[0]), bytes(32)).outcome is JoinOutcome.NEW
            assert uow.encoded(id) == encode(states[0])
            report = uow.join(encode(states[1]))
            assert uow.encoded(id) == encode(wanted.state)
            assert report.conflicts == wanted.conflicts
            again = [uow.join(encode(state)) for state in states]
            assert {found.outcome for found in again} == {JoinOutcome.SAME}
            uow.commit()
        assert encode(desk.state(id)) == encode(wanted.state)

    def test_a_joined_row_keeps_its_clocks_and_makes_nothing_dirty(self, desks):
        one, other = desks
        id = one.execute(ZOE)
        one.execute(EditCandidate(id, (CellEdit("town", "Lyon", "Nantes"),)))
        with other.work() as uow:
            uow.commit()
        other.engine.dispose()
        dirty = other.rows("SELECT count(*) FROM dirty")
        other.join(one.states()[id], one.key(id))
        assert other.states()[id] == one.states()[id]
        assert other.rows("SELECT count(*) FROM dirty") == dirty

    def test_what_is_written_after_a_join_is_later(self, desks):
        one, other = desks
        id = one.execute(ZOE)
        # The other desktop's clock is 70 s late: without the hybrid clock its edit would be older.
        with other.work() as uow:
            uow.join(one.states()[id], one.key(id))
            uow.get(Candidate, id).town = "Nantes"
            uow.commit()
        assert other.hybrid.last > latest(one.state(id))
        assert candidate_row(other, id).written("town").at.clock > latest(one.state(id))
        one.take_all(other)
        assert candidate_row(one, id).cell("town") == "Nantes"
        assert one.rows("SELECT count(*) FROM conflict") == [(0,)]

    def test_entities_in_hand_show_what_was_joined(self, desks):
        one, other = desks
        id = one.execute(ZOE)
        other.take_all(one)
        one.execute(EditCandidate(id, (CellEdit("town", "Lyon", "Nantes"),)))
        with other.work() as uow:
            zoe = uow.get(Candidate, id)
            zoe.headline = "Comptable"
            uow.join(one.states()[id])
            assert (zoe.town, zoe.headline) == ("Nantes", "Comptable")

    def test_a_row_taken_away_elsewhere_comes_back_while_it_is_in_hand(self, desks):
        one, other = desks
        id = one.execute(ZOE)
        one.execute(AddTags(id, ("Paie",)))
        other.take_all(one)
        ((tag, _),) = one.state(id).rows["tag"].items()
        one.execute(RemoveRow(id, tag, "tag"))
        with other.work() as uow:
            held = uow.get(Tag, tag)
            uow.join(one.states()[id])
            assert uow.find(Tag, dossier=id) == []
            uow.add(Tag(id, "paie", id=tag))
            assert [found.name for found in uow.find(Tag, dossier=id)] == ["paie"]
            assert held is not uow.get(Tag, tag)
            uow.commit()
        assert not other.state(id).rows["tag"][tag].dead

    def test_what_is_derived_follows(self, desks):
        one, other = desks
        id = one.execute(ZOE)
        note = one.execute(AddNote(id, "Cherche un poste de trésorière"))
        other.take_all(one)
        mine, theirs = one.dump(), other.dump()
        for name in ("search_doc", "person_key", "consent_span", "body_text"):
            assert theirs[name] == mine[name]
        found = other.rows("SELECT rowid FROM search_fts WHERE search_fts MATCH 'tresoriere'")
        assert len(found) == 1
        with one.work() as uow:
            uow.take_away(uow.get(Activity, note))
            uow.commit()
        other.take_all(one)
        assert other.rows("SELECT rowid FROM search_fts WHERE search_fts MATCH 'tresoriere'") == []

    def test_a_lost_value_is_kept_once_with_what_it_lost_to(self, desks):
        one, other = desks
        id = one.execute(ZOE)
        other.take_all(one)
        other.execute(EditCandidate(id, (CellEdit("town", "Lyon", "Brest"),)))
        one.execute(EditCandidate(id, (CellEdit("town", "Lyon", "Nantes"),)))
        mine, theirs = one.states()[id], other.states()[id]
        for _ in range(2):
            one.join(theirs)
            other.join(mine)
        query = "SELECT tbl, cell, lost, won FROM conflict"
        won, lost = candidate_row(one, id).cell("town"), {"Brest", "Nantes"}
        lost -= {won}
        kept = [("candidate", "town", pack_cell(lost.pop()), pack_cell(won))]
        assert one.rows(query) == other.rows(query) == kept
        assert one.states()[id] == other.states()[id]

    def test_new_files_are_named_and_unnamed_ones_go(self, desks):
        one, other = desks
        id = one.execute(ZOE)
        with one.work() as uow:
            blob = uow.put_document(id, b"un CV")
            uow.add(Document(id, "cv.txt", "text/plain", 5, bytes(32), blob=blob))
            uow.commit()
        report = other.join(one.states()[id], one.key(id))
        assert report.files == (blob,)
        with other.work() as uow:
            # Fetched: the key that came opens it under the same name.
            assert uow.put_document(id, b"un CV") == blob
            uow.commit()
        with one.work() as uow:
            uow.take_away(uow.find(Document, dossier=id)[0])
            uow.commit()
        assert other.join(one.states()[id]).files == ()
        with other.work() as uow, pytest.raises(NotFound):
            uow.document(id, blob)

    def test_without_its_key_a_new_dossier_is_refused(self, desks):
        one, other = desks
        id = one.execute(ZOE)
        with pytest.raises(NotFound) as error:
            other.join(one.states()[id])
        assert error.value.key == "dossier_key_missing"

    @pytest.mark.parametrize(
        ("table", "cell", "value", "error"),
        [
            ("candidate", "town", 5, Corrupt),
            ("candidate", "town", None, Corrupt),
            ("candidate", "owner", "text", Corrupt),
            ("candidate", "created_at", 1 << 61, Corrupt),
            ("candidate", "created_at", "yesterday", Corrupt),
            ("candidate", "last_contact", "2026-13-01", Corrupt),
            ("candidate", "last_contact", "20261201", Corrupt),
            ("candidate", "last_contact", "9999-12-31", Corrupt),
            ("skill", "confirmed", 2, Corrupt),
            ("application", "attempt", 1.0, Corrupt),
            ("consent_event", "type", "ASKED_BY_PIGEON", SchemaTooNew),
        ],
    )
    def test_what_a_column_cannot_hold_is_refused_and_the_transaction_goes_on(
        self, desk, table, cell, value, error
    ):
        id, row = new_id(), new_id()
        base = Stamp(5, 1)
        bad = Dossier(id, "candidate", {table: {row: row_of(base, [(cell, value, Written(base))])}})
        good = Dossier(
            new_id(), "client", {"client": {row: row_of(base, [("name", "A", Written(base))])}}
        )
        with desk.work() as uow:
            with pytest.raises(error):
                uow.join(encode(bad), bytes(32))
            uow.join(encode(good), bytes(32))
            uow.commit()
        assert id not in desk.states()
        assert desk.states()[good.id] == encode(good)

    def test_a_row_of_another_dossier_is_refused(self, desk):
        id = desk.execute(ZOE)
        stolen = Dossier(new_id(), "candidate", desk.state(id).rows)
        with pytest.raises(Corrupt):
            desk.join(encode(stolen), bytes(32))
        with pytest.raises(Corrupt):
            desk.join(encode(Dossier(id, "client", {})))
        assert stolen.id not in desk.states()


def test_nothing_may_be_done_on_half_a_consent(desks):
    """A part of a record may come before the rest of it."""
    one, other = desks
    id = one.execute(ZOE)
    whole, rows = one.state(id), dict(one.state(id).rows)
    ((event, row),) = rows["consent_event"].items()
    rows["consent_event"] = {event: Row(row.base, {"record": row.cell("record")})}
    other.join(encode(Dossier(id, "candidate", rows)), one.key(id))
    assert [span for span in other.dump()["consent_span"] if span[0] == id] == []
    other.join(encode(whole))
    assert other.dump()["consent_span"] == one.dump()["consent_span"] != []


def _own_rows(state: Dossier, id: bytes) -> dict:
    """The rows of a drawn state under ids that no other example uses."""
    return {
        table: {id[:14] + row[14:]: found for row, found in rows.items()}
        for table, rows in state.rows.items()
    }


class TestErased:
    def test_an_erasure_that_comes_deletes_as_one_done_here(self, desks):
        one, other = desks
        id = one.execute(ZOE)
        with one.work() as uow:
            blob = uow.put_document(id, b"un CV de Zoe")
            uow.add(Document(id, "cv.txt", "text/plain", 5, bytes(32), blob=blob))
            uow.commit()
        living, key = one.states()[id], one.key(id)
        other.join(living, key)
        with other.work() as uow:
            uow.put_document(id, b"un CV de Zoe")
            uow.commit()
        with one.work() as uow:
            uow.erase(id, "asked")
            uow.commit()
        erased = one.states()[id]
        report = other.join(erased)
        assert report.outcome is JoinOutcome.ERASED
        assert other.states()[id] == erased
        assert list(other.documents.names()) == []
        for (name,) in other.rows("SELECT name FROM sqlite_schema WHERE sql LIKE '%dossier BLOB%'"):
            if name != "erased":
                assert other.rows(f'SELECT 1 FROM "{name}" WHERE dossier = ?', id) == []
        assert [e.dossier for e in other.journal.entries()] == [id]
        assert other.rows("SELECT 1 FROM search_doc WHERE dossier = ?", id) == []
        # For ever: what was written meanwhile is dropped, and said to be.
        assert other.join(living, key).outcome is JoinOutcome.REFUSED
        assert other.join(erased).outcome is JoinOutcome.SAME
        assert other.states()[id] == erased

    def test_two_erasures_are_one(self, desks):
        one, other = desks
        id = one.execute(ZOE)
        other.take_all(one)
        for desk, cause in ((one, "asked"), (other, "expired")):
            with desk.work() as uow:
                uow.erase(id, cause)
                uow.commit()
        first, second = one.states()[id], other.states()[id]
        one.join(second)
        other.join(first)
        assert one.states()[id] == other.states()[id] in (first, second)

    def test_one_never_held_is_remembered(self, desks):
        one, other = desks
        id = one.execute(ZOE)
        living, key = one.states()[id], one.key(id)
        with one.work() as uow:
            uow.erase(id, "asked")
            uow.commit()
        assert other.join(one.states()[id]).outcome is JoinOutcome.ERASED
        assert other.join(living, key).outcome is JoinOutcome.REFUSED
        assert one.states()[id] == other.states()[id]

    def test_in_one_transaction_with_what_was_written(self, desks):
        one, other = desks
        id = one.execute(ZOE)
        other.take_all(one)
        with one.work() as uow:
            uow.erase(id, "asked")
            uow.commit()
        with other.work() as uow:
            uow.add(Task(id, "Rappeler"))
            zoe = uow.get(Candidate, id)
            zoe.town = "Nantes"
            uow.join(one.states()[id])
            changes = uow.commit()
        assert changes.ids == {id}
        assert isinstance(other.state(id), Erased)


class TestRestored:
    def test_what_was_done_since_is_undone_by_new_writes(self, desk):
        id = desk.execute(ZOE)
        desk.execute(AddTags(id, ("Compta", "Lyon")))
        task = desk.execute(AddTask(id, "Rappeler"))
        before, dump = desk.states()[id], desk.dump()
        (tag, *_) = desk.state(id).rows["tag"]
        desk.execute(RemoveRow(id, tag, "tag"))
        desk.execute(AddNote(id, "Une note"))
        desk.execute(AddTags(id, ("Paie",)))
        desk.execute(
            EditCandidate(id, (CellEdit("town", "Lyon", ""), CellEdit("lang", "fr", "en")))
        )
        desk.execute(CompleteTask(task))
        desk.execute(AddCall(id, "reached", "Elle rappelle", "Envoyer le poste"))
        touched = desk.state(id)
        assert _of(desk.dump(), id) != _of(dump, id)
        with desk.work() as uow:
            uow.restore(id, before)
            uow.commit()
        assert _of(desk.dump(), id) == _of(dump, id)
        # Newer than everything it undid: it wins wherever the undone is known already.
        assert join(touched, desk.state(id)).state == desk.state(id)

    def test_twice_is_once_and_an_unchanged_dossier_is_left_alone(self, desk):
        id = desk.execute(ZOE)
        before = desk.states()[id]
        with desk.work() as uow:
            uow.restore(id, before)
            assert uow.commit().ids == frozenset()
        assert desk.states()[id] == before
        desk.execute(AddTags(id, ("Paie",)))
        for _ in range(2):
            with desk.work() as uow:
                uow.restore(id, before)
                uow.commit()
        assert not [row for row in desk.state(id).rows["tag"].values() if not row.dead]

    def test_the_file_of_a_document_added_since_goes(self, desk):
        id = desk.execute(ZOE)
        before = desk.states()[id]
        with desk.work() as uow:
            blob = uow.put_document(id, b"un CV")
            document = Document(id, "cv.txt", "text/plain", 5, bytes(32), blob=blob)
            uow.add(document)
            uow.put_text(id, document.id, "un CV")
            uow.commit()
        with desk.work() as uow:
            uow.restore(id, before)
            uow.commit()
        assert list(desk.documents.names()) == []
        assert desk.dump()["body_text"] == []

    def test_unknown_cells_and_rows_come_back(self, desk):
        id = desk.execute(ZOE)
        base = Stamp(latest(desk.state(id)) + 1, 1)
        rows = dict(desk.state(id).rows)
        strange = {new_id(): row_of(base, [("at", 5, Written(base))])}
        head = rows["candidate"][id]
        known = [(n, head.cell(n), head.written(n)) for n in head.cells]
        rows["candidate"] = {id: row_of(head.base, [*known, ("pronouns", "elle", Written(base))])}
        desk.join(encode(Dossier(id, "candidate", {**rows, "interview": strange})))
        before, dump = desk.states()[id], desk.dump()
        newer = Written(Stamp(base.clock + 1, 1), base)
        ((row, _),) = strange.items()
        rows["candidate"] = {id: row_of(head.base, [*known, ("pronouns", "iel", newer)])}
        moved = {row: row_of(base, [("at", 6, newer)])}
        desk.join(encode(Dossier(id, "candidate", {**rows, "interview": moved})))
        assert desk.states()[id] != before
        with desk.work() as uow:
            uow.restore(id, before)
            uow.commit()
        assert desk.dump() == dump
        assert desk.state(id).rows["interview"][row].cell("at") == 5
        assert candidate_row(desk, id).cell("pronouns") == "elle"

    @given(kinds, dice, dice)
    @settings(
        max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
    )
    def test_any_state_can_be_put_back(self, desk, kind, one, other):
        id = new_id()
        earlier, since = (Dossier(id, kind, _own_rows(dossier(d, kind), id)) for d in (one, other))
        with desk.work() as uow:
            uow.join(encode(earlier), bytes(32))
            uow.join(encode(since))
            uow.restore(id, encode(earlier))
            uow.commit()
        assert _living(desk.state(id)) == _living(earlier)

    def test_another_dossier_or_an_erased_one_is_refused(self, desk):
        id, other = desk.execute(ZOE), desk.execute(ZOE)
        with desk.work() as uow, pytest.raises(RuleViolation):
            uow.restore(id, uow.encoded(other))
        state = desk.states()[id]
        with desk.work() as uow:
            uow.erase(id, "asked")
            uow.commit()
        with desk.work() as uow, pytest.raises(RuleViolation):
            uow.restore(id, state)
        with desk.work() as uow, pytest.raises(RuleViolation):
            uow.restore(other, uow.encoded(id))

    def test_as_a_new_dossier_under_ids_of_its_own(self, desk):
        id = desk.execute(ZOE)
        desk.execute(AddTags(id, ("Compta", "Paie")))
        (tag, *_) = desk.state(id).rows["tag"]
        desk.execute(RemoveRow(id, tag, "tag"))
        with desk.work() as uow:
            copy = uow.open_dossier("candidate")
            uow.restore_as(copy, uow.encoded(id), without=(Tag,))
            assert [p.value for p in uow.find(ContactPoint, dossier=copy)] == ["zoe@mail.example"]
            assert uow.find(Tag, dossier=copy) == []
            assert uow.get(Candidate, copy).town == "Lyon"
            with pytest.raises(RuleViolation):
                uow.restore_as(copy, uow.encoded(id))
            uow.commit()
        old, new = desk.state(id), desk.state(copy)
        assert not {row for rows in new.rows.values() for row in rows} & {
            row for rows in old.rows.values() for row in rows
        }
        assert {p.cell("row") for p in new.rows["provenance"].values()} == {copy}
        application = next(iter(new.rows["application"]))
        assert {t.cell("application") for t in new.rows["stage_transition"].values()} == {
            application
        }


def _of(dump: dict, id: bytes) -> dict:
    """The part of a dump that is about one dossier."""
    return {name: [row for row in rows if id in row[:2]] for name, rows in dump.items()}


def _living(state: Dossier) -> dict:
    return {
        (table, id): {n: v for n, v in row.cells.items() if v is not ABSENT}
        for table, rows in state.rows.items()
        for id, row in rows.items()
        if not row.dead
    }


def test_digests_of_all_are_those_of_each(desk):
    desk.execute(ZOE)
    with desk.reading() as connection:
        found = dossiers.digests(connection)
    assert digest_of_all(found) == desk.digest()
    assert found.keys() == desk.states().keys()
    assert all(encode(decode(data)) == data for data in desk.states().values())
