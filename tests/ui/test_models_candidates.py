"""The table of candidates keeps its promises: rows when painted, pages off the GUI thread, no reset."""

from __future__ import annotations

from array import array
from collections.abc import Callable, Sequence
from time import perf_counter

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QAbstractItemModelTester

from clementine_crm.domain.ids import new_id
from clementine_crm.queries.candidates import CandidateRow
from clementine_crm.queries.consents import NOBODY
from ui.models.candidates import AT_ONCE, PAGE, PAGES_KEPT, WANTED, CandidatesModel
from ui.models.found import Found, FoundRow, Wanted
from ui.widgets.rows import CELL, Cell

MILLION = 1_000_000
Then = Callable[[list[FoundRow]], None]


def row(rid: int) -> FoundRow:
    made = CandidateRow(rid, new_id(), f"Person {rid}", "title", "Lyon", "site", None, NOBODY)
    return FoundRow(made, "text")


def cells(found: FoundRow) -> tuple[Cell, ...]:
    return (Cell(found.row.name, found.row.headline), Cell(found.passage))


class Fetching:
    """Answers when the test says so."""

    def __init__(self) -> None:
        self.asked: list[tuple[list[int], Then]] = []

    def __call__(self, rids: Sequence[int], then: Then) -> None:
        self.asked.append((list(rids), then))

    def answer(self, without: Sequence[int] = ()) -> None:
        waiting, self.asked = self.asked, []
        for rids, then in waiting:
            then([row(rid) for rid in rids if rid not in without])


@pytest.fixture
def fetching() -> Fetching:
    return Fetching()


@pytest.fixture
def model(fetching: Fetching, qapp) -> CandidatesModel:
    return CandidatesModel(("a", "b"), cells, fetching)


def found(count: int, first: int = 0) -> Found:
    rids = array("q", range(count))
    return Found(Wanted(), rids, count, first=tuple(row(rid) for rid in rids[:first]))


def text(model: CandidatesModel, place: int) -> object:
    cell = model.data(model.index(place, 0), CELL)
    return cell.text if isinstance(cell, Cell) else None


def test_a_million_rows_open_at_once_and_ask_only_for_what_is_painted(
    model: CandidatesModel, fetching: Fetching, qtbot
) -> None:
    began = perf_counter()
    model.set_found(found(MILLION))
    assert perf_counter() - began < 0.5
    assert model.rowCount() == MILLION
    assert text(model, 700_000) == ""
    qtbot.waitUntil(lambda: len(fetching.asked) == 1)
    rids, _ = fetching.asked[0]
    assert rids == list(range(700_000, 700_000 + PAGE))
    with qtbot.waitSignal(model.dataChanged):
        fetching.answer()
    assert text(model, 700_003) == "Person 700003"


def test_the_first_page_comes_with_the_answer(model: CandidatesModel, fetching: Fetching) -> None:
    model.set_found(found(200, first=50))
    assert text(model, 0) == "Person 0"
    assert not fetching.asked


def test_other_roles_are_answered_at_once_and_fetch_nothing(
    model: CandidatesModel, fetching: Fetching, qtbot
) -> None:
    model.set_found(found(1000))
    for role in (
        Qt.ItemDataRole.FontRole,
        Qt.ItemDataRole.BackgroundRole,
        Qt.ItemDataRole.SizeHintRole,
    ):
        assert model.data(model.index(500, 0), role) is None
    assert not model._soon.isActive()


def test_what_was_scrolled_past_is_not_fetched(
    model: CandidatesModel, fetching: Fetching, qtbot
) -> None:
    model.set_found(found(MILLION))
    for place in range(0, 100 * PAGE, PAGE):
        text(model, place)
    qtbot.waitUntil(lambda: len(fetching.asked) == AT_ONCE)
    seen = 0
    while fetching.asked:
        seen += len(fetching.asked)
        fetching.answer()
    assert seen <= WANTED
    assert text(model, 99 * PAGE) == f"Person {99 * PAGE}"


def test_an_answer_to_an_older_question_is_dropped(
    model: CandidatesModel, fetching: Fetching, qtbot
) -> None:
    model.set_found(found(500))
    text(model, 100)
    qtbot.waitUntil(lambda: bool(fetching.asked))
    model.set_found(Found(Wanted("other"), array("q", range(1000, 1200)), 200))
    fetching.answer()
    assert text(model, 100) == ""


def test_somebody_gone_meanwhile_leaves_a_blank_line_and_no_shift(
    model: CandidatesModel, fetching: Fetching, qtbot
) -> None:
    model.set_found(found(100))
    text(model, 0)
    qtbot.waitUntil(lambda: bool(fetching.asked))
    fetching.answer(without=[3])
    assert text(model, 3) == ""
    assert text(model, 4) == "Person 4"
    assert model.id_at(3) is None


def test_old_pages_are_forgotten(model: CandidatesModel, fetching: Fetching, qtbot) -> None:
    model.set_found(found(MILLION))
    for number in range(PAGES_KEPT + 5):
        text(model, number * PAGE)
        qtbot.waitUntil(lambda: bool(fetching.asked))
        fetching.answer()
    assert len(model._pages) == PAGES_KEPT
    assert len(model._made) <= PAGES_KEPT * PAGE


def test_a_person_is_found_in_the_answer(model: CandidatesModel) -> None:
    model.set_found(found(MILLION))
    assert model.place_of(999_999) == 999_999
    assert model.place_of(-4) == -1


def test_the_model_is_a_model(model: CandidatesModel, qtmodeltester, fetching: Fetching) -> None:
    tester = QAbstractItemModelTester(model, QAbstractItemModelTester.FailureReportingMode.Fatal)
    model.set_found(found(120, first=50))
    qtmodeltester.check(model, force_py=True)
    model.set_found(found(3, first=3))
    model.set_found(found(0))
    assert tester is not None
