"""Two desktops join to the same bytes, whatever met whatever first; nobody's edit is lost silently."""

from __future__ import annotations

import pytest
from dossier_states import DOSSIER, dice, dossier, erasure, id_of, kinds, row, several
from hypothesis import given, settings
from hypothesis import strategies as st

from clementine_crm.dossier.encoding import encode
from clementine_crm.dossier.join import Conflict, join
from clementine_crm.dossier.state import (
    ABSENT,
    ADD_WINS,
    DEAD,
    NEVER,
    Dossier,
    Erased,
    Row,
    Stamp,
    Written,
    overwrite,
    row_of,
)

ROW, OTHER = id_of(0, 0), id_of(0, 1)
MANY = settings(max_examples=400, deadline=None)


def bytes_of(*states):
    joined = states[0]
    for state in states[1:]:
        joined = join(joined, state).state
    return encode(joined)


def one_row(table: str, row: Row) -> Dossier:
    return Dossier(DOSSIER, "candidate", {table: {ROW: row}})


def joined_row(table: str, one: Row, other: Row) -> tuple[Row, tuple[Conflict, ...]]:
    found = join(one_row(table, one), one_row(table, other))
    assert isinstance(found.state, Dossier)
    return found.state.rows[table][ROW], found.conflicts


class Desk:
    """One cell, or one row, edited on one desktop as the base's triggers mark it."""

    def __init__(self, device: int, row: Row) -> None:
        self.device = device
        self.row = row

    def write(self, clock: int, **cells) -> Desk:
        at = Stamp(clock, self.device)
        names = {**self.row.cells, **cells}
        self.row = row_of(
            self.row.base,
            [
                (n, cells[n], overwrite(self.row.written(n), at))
                if n in cells and cells[n] != self.row.cell(n)
                else (n, self.row.cell(n), self.row.written(n))
                for n in names
            ],
        )
        return self

    def remove(self, clock: int) -> Desk:
        return self.write(clock, **{**dict.fromkeys(self.row.cells, ABSENT), DEAD: 1})


def added(device: int, clock: int, **cells) -> Desk:
    base = Stamp(clock, device)
    return Desk(device, row_of(base, [(n, v, Written(base)) for n, v in cells.items()]))


def copied(desk: Desk, device: int) -> Desk:
    return Desk(device, desk.row)


class TestLaws:
    @given(several(2))
    @MANY
    def test_commutes(self, two):
        one, other = two
        assert bytes_of(one, other) == bytes_of(other, one)
        assert join(one, other).conflicts == join(other, one).conflicts

    @given(several(3))
    @MANY
    def test_associates(self, three):
        a, b, c = three
        assert bytes_of(join(a, b).state, c) == bytes_of(a, join(b, c).state)

    @given(several(2))
    @MANY
    def test_is_idempotent(self, two):
        one, other = two
        assert bytes_of(one, one) == encode(one)
        assert join(one, one).conflicts == ()
        joined = join(one, other).state
        assert bytes_of(joined, one) == bytes_of(other, joined) == encode(joined)

    @given(several(4), st.permutations([0, 1, 2, 3] * 2))
    @MANY
    def test_any_order_and_any_number_of_times(self, states, order):
        assert bytes_of(*[states[n] for n in order]) == bytes_of(*states)

    @given(kinds, dice, dice, dice, dice)
    @MANY
    def test_an_erasure_absorbs_everything_for_ever(self, kind, one, two, three, four):
        erased, other = erasure(one, kind), erasure(two, kind)
        living, later = dossier(three, kind), dossier(four, kind)
        assert isinstance(join(living, erased).state, Erased)
        assert bytes_of(living, erased, later) == encode(erased)
        both = join(erased, other)
        assert both.state in (erased, other)
        assert both.conflicts == ()
        assert bytes_of(erased, other, living) == bytes_of(other, later, erased)

    def test_states_of_two_dossiers_do_not_join(self):
        with pytest.raises(ValueError, match="two dossiers"):
            join(Dossier(DOSSIER, "client"), Dossier(OTHER, "client"))
        with pytest.raises(ValueError, match="two dossiers"):
            join(Dossier(DOSSIER, "client"), Erased(DOSSIER, "mission", "undone", 1))

    @given(st.sampled_from(["activity", "consent_event"]), dice, dice)
    @settings(max_examples=50, deadline=None)
    def test_rows_of_both_stand_side_by_side(self, table, one, other):
        mine, theirs = row(one, table), row(other, table)
        left = Dossier(DOSSIER, "candidate", {table: {ROW: mine}})
        right = Dossier(DOSSIER, "candidate", {table: {OTHER: theirs}})
        found = join(left, right)
        assert found.state.rows[table] == {ROW: mine, OTHER: theirs}
        assert found.conflicts == ()

    @given(st.data())
    @settings(max_examples=300, deadline=None)
    def test_a_write_is_greater_than_what_it_was_written_over(self, data):
        """On one desktop the last state is the join of all its states, in every table."""
        table = data.draw(st.sampled_from(["task", "skill"]))
        desk = added(1, 1, text="a") if table == "task" else added(1, 1, name="a")
        seen = [desk.row]
        for clock in range(2, 8):
            acts = ["put back"] if desk.row.dead else ["value", "blank", "remove", "foreign"]
            act = data.draw(st.sampled_from(acts))
            if act == "value":
                desk.write(clock, name=f"v{clock}")
            elif act == "blank":
                desk.write(clock, name=ABSENT)
            elif act == "remove":
                desk.remove(clock)
            elif act == "put back":
                desk.write(clock, dead=ABSENT, name=f"w{clock}")
            else:
                other = copied(desk, 2).write(clock, name=f"f{clock}")
                desk.row = joined_row(table, desk.row, other.row)[0]
            for before in seen:
                assert joined_row(table, before, desk.row) == (desk.row, ())
            seen.append(desk.row)


class TestCells:
    def test_the_later_cell_wins_and_the_other_cells_stay(self):
        desk = added(1, 1, given_name="Zoé", town="Lyon")
        other = copied(desk, 2).write(5, town="Nantes")
        desk.write(6, headline="Comptable")
        row, conflicts = joined_row("candidate", desk.row, other.row)
        assert row.cells == {"given_name": "Zoé", "town": "Nantes", "headline": "Comptable"}
        assert conflicts == ()

    def test_the_device_decides_between_equal_clocks(self):
        desk = added(1, 1, town="Lyon")
        other = copied(desk, 2).write(5, town="Nantes")
        desk.write(5, town="Rennes")
        assert joined_row("candidate", desk.row, other.row)[0].cell("town") == "Nantes"

    def test_a_cloned_desktop_still_converges(self):
        """The same stamp for two values: the heavier, whoever joins."""
        one, other = added(1, 1, town="Lyon"), added(1, 1, town="Nantes")
        assert (
            joined_row("candidate", one.row, other.row)[0]
            == joined_row("candidate", other.row, one.row)[0]
        )

    @pytest.mark.parametrize(
        "pair", [(1, 1.0), (0.0, -0.0), ("1", b"1"), (None, ABSENT), (0, ABSENT)]
    )
    def test_values_that_look_alike_are_two(self, pair):
        one, other = (
            Dossier(
                DOSSIER, "client", {"x": {ROW: row_of(NEVER, [("c", v, Written(Stamp(3, 1)))])}}
            )
            for v in pair
        )
        assert encode(one) != encode(other)
        assert bytes_of(one, other) == bytes_of(other, one)

    def test_a_cell_that_a_newer_program_filled_beats_the_default_of_the_same_write(self):
        base = Stamp(3, 1)
        old = row_of(base, [("town", "Lyon", Written(base))])
        new = row_of(base, [("town", "Lyon", Written(base)), ("country", "FR", Written(base))])
        assert joined_row("candidate", old, new)[0] == new

    def test_two_insertions_of_one_row_join_on_the_later(self):
        one, other = added(1, 4, name="colour", value="red"), added(2, 9, name="colour")
        row, conflicts = joined_row("setting", one.row, other.row)
        assert row == other.row
        assert [c.lost for c in conflicts] == ["red"]


class TestAddWins:
    def test_a_removal_takes_away_what_it_has_seen(self):
        desk = added(1, 1, name="compta")
        other = copied(desk, 2).remove(5)
        row, conflicts = joined_row("tag", desk.row, other.row)
        assert row.dead
        assert set(row.cells.values()) == {1, ABSENT}
        assert conflicts == ()

    @pytest.mark.parametrize("again", [4, 9])
    def test_an_adding_that_a_removal_has_not_seen_wins(self, again):
        """Before or after the removal on the clock, and the words come with it."""
        desk = added(1, 1, name="compta").remove(6)
        other = added(2, again, name="Compta")
        row, conflicts = joined_row("tag", desk.row, other.row)
        assert not row.dead
        assert row.cell("name") == "Compta"
        assert [(c.cell, c.lost) for c in conflicts] == [(DEAD, 1)]

    def test_put_back_and_taken_away_again(self):
        desk = added(1, 1, name="compta").remove(3)
        other = copied(desk, 2).write(4, dead=ABSENT, name="compta")
        row, conflicts = joined_row("tag", desk.row, other.row)
        assert (row.dead, row.cell("name"), conflicts) == (False, "compta", ())
        gone = Desk(1, row).remove(7)
        assert joined_row("tag", gone.row, other.row)[0] == gone.row

    def test_elsewhere_the_later_of_removal_and_putting_back_wins(self):
        desk = added(1, 1, text="rappeler").remove(3)
        other = copied(desk, 2).write(4, dead=ABSENT, text="rappeler")
        desk.write(5, dead=ABSENT, text="x").remove(8)
        assert joined_row("task", desk.row, other.row)[0].dead

    def test_the_tables_are_those_named_by_their_value(self):
        assert "task" not in ADD_WINS
        assert "consent_event" not in ADD_WINS


class TestConflicts:
    def test_an_edit_over_what_was_seen_is_no_conflict(self):
        desk = added(1, 1, town="Lyon")
        other = copied(desk, 2).write(5, town="Nantes").write(8, town="Brest")
        assert joined_row("candidate", desk.row, other.row)[1] == ()

    @pytest.mark.parametrize("times", [1, 2, 3])
    def test_a_lost_edit_is_told_however_often_the_other_wrote(self, times):
        desk = added(1, 1, town="Lyon")
        other = copied(desk, 2)
        for n in range(times):
            other.write(4 + 2 * n, town=f"Nantes {n}")
        desk.write(3, town="Brest")
        row, conflicts = joined_row("candidate", desk.row, other.row)
        assert row.cell("town") == f"Nantes {times - 1}"
        assert conflicts == (
            Conflict(
                "candidate",
                ROW,
                "town",
                "Brest",
                Stamp(3, 1),
                row.cell("town"),
                Stamp(2 + 2 * times, 2),
            ),
        )

    def test_an_edit_between_two_of_the_winner_is_told(self):
        desk = added(1, 1, town="Lyon")
        other = copied(desk, 2).write(4, town="Nantes").write(9, town="Brest")
        desk.write(6, town="Tours")
        assert [c.lost for c in joined_row("candidate", desk.row, other.row)[1]] == ["Tours"]

    def test_once_seen_an_edit_is_history(self):
        desk = added(1, 1, town="Lyon")
        other = copied(desk, 2).write(4, town="Nantes")
        desk.row = joined_row("candidate", desk.row, other.row)[0]
        desk.write(6, town="Tours").write(7, town="Paris")
        assert joined_row("candidate", desk.row, other.row)[1] == ()

    def test_the_same_value_twice_is_no_conflict(self):
        desk = added(1, 1, town="Lyon")
        other = copied(desk, 2).write(5, town="Nantes")
        assert joined_row("candidate", desk.write(6, town="Nantes").row, other.row)[1] == ()

    def test_a_value_blanked_against_an_edit_is_told(self):
        desk = added(1, 1, town="Lyon")
        other = copied(desk, 2).write(5, town="Nantes")
        desk.write(4, town=ABSENT)
        assert [c.lost for c in joined_row("candidate", desk.row, other.row)[1]] == [ABSENT]

    def test_an_edit_of_a_row_taken_away_meanwhile_is_told(self):
        for when in (4, 9):
            desk = added(1, 1, text="rappeler", due="2026-12-01")
            other = copied(desk, 2).remove(6)
            desk.write(when, text="rappeler demain")
            row, conflicts = joined_row("task", desk.row, other.row)
            assert row.dead
            assert [(c.cell, c.lost) for c in conflicts] == [("text", "rappeler demain")]
            assert conflicts[0].won_at == Stamp(6, 2)

    def test_a_cell_filled_in_a_row_taken_away_meanwhile_is_told(self):
        desk = added(1, 1, text="rappeler")
        other = copied(desk, 2).remove(6)
        desk.write(4, due="2026-12-01")
        row, conflicts = joined_row("task", desk.row, other.row)
        assert row.dead
        assert [(c.cell, c.lost) for c in conflicts] == [("due", "2026-12-01")]

    def test_a_default_that_came_with_its_row_is_nobodys_edit(self):
        one, other = added(1, 1, name="a", level="bon"), added(2, 2, name="a")
        assert joined_row("skill", one.row, other.row)[1] == ()

    def test_seen_is_what_another_device_wrote(self):
        base = Written(Stamp(1, 1))
        own = overwrite(overwrite(base, Stamp(4, 2)), Stamp(5, 2))
        assert own == Written(Stamp(5, 2), Stamp(4, 2), Stamp(1, 1))
        assert overwrite(own, Stamp(5, 2)) is own
        assert overwrite(own, Stamp(6, 1)).seen == Stamp(5, 2)
        assert overwrite(base, Stamp(2, 1)).seen == NEVER
