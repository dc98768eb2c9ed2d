"""Missions, clients and the palette: by keyboard, with undo, and each number opening its list."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QAbstractItemModelTester, QTest
from PySide6.QtWidgets import QApplication

from clementine_crm.queries.candidates import CandidateFilter
from clementine_crm.queries.missions import MissionRow
from ui import screens
from ui.dialogs.client import ClientSheet
from ui.dialogs.mission import MissionSheet
from ui.models.plain import Line, ListModel, TableLine, TableModel, choose, replace_lines
from ui.pages.clients import ClientsPage
from ui.pages.missions import MissionsPage
from ui.palette import Palette
from ui.speech import say
from ui.widgets.rows import Cell, Row, RowList


def references(page: MissionsPage) -> list[str]:
    return [line.thing.reference for line in page.model.lines]


def test_missions_open_first_and_the_tabs_count(opened) -> None:
    page = opened.go("missions")
    assert isinstance(page, MissionsPage)
    assert sorted(references(page)) == ["REF-2214", "REF-2220"]
    page.tabs.choose(1)
    assert references(page) == ["REF-2226"]
    page.tabs.choose(2)
    assert len(references(page)) == 3
    assert not screens.faults(opened.window)


# The list of completions is a popup, which the offscreen platform cannot raise.
@pytest.mark.qt_log_ignore("^This plugin does not support", extend=True)
def test_a_mission_is_added_by_keyboard_with_a_new_client(opened) -> None:
    page = opened.go("missions")
    page.table.setFocus()
    opened.press("A")
    sheet = opened.sheet(MissionSheet)
    assert not screens.faults(sheet)
    assert not sheet.save.isEnabled()
    opened.type("REF-3001")
    sheet.title_field.setFocus()
    opened.type("Acheteur (F/H)")
    sheet.client.setFocus()
    opened.type("Banque Horizon")
    opened.press("Tab")
    assert QApplication.focusWidget() is sheet.criteria.box
    opened.type("négociation, SAP")
    opened.press("Ctrl+Return")
    opened.until(lambda: "REF-3001" in references(page))
    opened.calm()
    assert page.chosen.reference == "REF-3001"
    assert page.chosen.client == "Banque Horizon"
    assert page.chosen.criteria == ("négociation", "SAP")
    clients = opened.go("clients")
    assert "Banque Horizon" in [line.thing.name for line in clients.model.lines]


def test_a_reference_that_exists_is_refused_at_its_field(opened) -> None:
    page = opened.go("missions")
    page.make_new()
    sheet = opened.sheet(MissionSheet)
    sheet.reference.set_text("ref 2214")
    sheet.title_field.set_text("Chef comptable")
    sheet.save.click()
    opened.until(sheet.reference.error)
    assert sheet.isVisible()
    assert QApplication.focusWidget() is sheet.reference.box
    opened.press("Esc")


def test_closing_and_reopening_are_taken_back(opened) -> None:
    page = opened.go("missions")
    page.table.setFocus()
    choose(page.table, page.model, references(page).index("REF-2220"))
    opened.press("C")
    opened.until(lambda: references(page) == ["REF-2214"])
    opened.press("Ctrl+Z")
    opened.until(lambda: "REF-2220" in references(page))
    page.tabs.choose(1)
    choose(page.table, page.model, 0)
    page.table.setFocus()
    opened.press("R")
    opened.until(lambda: references(page) == [])
    opened.press("Ctrl+Z")
    opened.until(lambda: references(page) == ["REF-2226"])


def test_the_applications_of_a_mission_open_the_candidates_filtered(opened, monkeypatch) -> None:
    from clementine_crm.queries.inbox import inbox
    from clementine_crm.services.triage import KeepItems

    found = []
    opened.shell.ctx.read(inbox, on_result=found.append)
    opened.until(lambda: found)
    item = next(row for row in found[0].rows if row.kind == "application")
    opened.shell.ctx.dispatch(KeepItems((item.id,), mission="REF-2214"))
    opened.calm()
    page = opened.go("missions")
    choose(page.table, page.model, references(page).index("REF-2214"))
    went = []
    monkeypatch.setattr(opened.shell, "go", lambda name, arg=None: went.append((name, arg)))
    page.table.setFocus()
    opened.press("Return")
    assert went == [("candidates", CandidateFilter(mission=page.chosen.id))]


def test_a_mission_opened_by_its_id_is_chosen_whatever_the_tab(opened) -> None:
    page = opened.go("missions")
    page.tabs.choose(2)
    closed = next(line.thing for line in page.model.lines if not line.thing.open)
    page.tabs.choose(0)
    opened.go("today")
    opened.go("missions", closed.id)
    assert page.chosen.id == closed.id


def test_columns_are_sorted_on_their_values_and_the_chosen_row_stays(opened) -> None:
    page = opened.go("missions")
    page.tabs.choose(2)
    choose(page.table, page.model, references(page).index("REF-2220"))
    page.table.sortByColumn(0, Qt.SortOrder.DescendingOrder)
    assert references(page) == ["REF-2226", "REF-2220", "REF-2214"]
    assert page.chosen.reference == "REF-2220"


def test_clients_show_contacts_and_missions_and_open_them(opened, monkeypatch) -> None:
    page = opened.go("clients")
    assert isinstance(page, ClientsPage)
    names = [line.thing.name for line in page.model.lines]
    assert names == sorted(names)
    opened.shell.go("clients", "groupe talvance")
    assert page.chosen.name == "Groupe Talvance"
    assert [line.thing.reference for line in page.mandate_model.lines] == ["REF-2214"]
    went = []
    monkeypatch.setattr(opened.shell, "go", lambda name, arg=None: went.append((name, arg)))
    page.list.setFocus()
    opened.press("Return")
    assert went == [("missions", page.mandate_model.lines[0].thing.id)]
    assert not screens.faults(opened.window)


def test_a_client_is_added_by_keyboard_and_twice_is_refused(opened) -> None:
    page = opened.go("clients")
    page.list.setFocus()
    opened.press("A")
    sheet = opened.sheet(ClientSheet)
    assert not screens.faults(sheet)
    opened.type("Mutuelle du Ponant")
    sheet.town.setFocus()
    opened.type("Brest")
    opened.press("Ctrl+Return")
    opened.until(lambda: page.chosen is not None and page.chosen.name == "Mutuelle du Ponant")
    assert page.chosen.town == "Brest"
    page.make_new()
    again = opened.sheet(ClientSheet)
    again.name.set_text("mutuelle du ponant")
    again.save.click()
    opened.until(again.name.error)
    opened.press("Esc")


def test_a_mission_for_a_client_knows_the_client(opened) -> None:
    page = opened.go("clients")
    page.list.setFocus()
    opened.press("M")
    sheet = opened.sheet(MissionSheet)
    assert sheet.client.text() == page.chosen.name
    opened.press("Esc")


def test_empty_lists_say_what_to_do_next(opened_empty) -> None:
    for place, sheet in (("missions", MissionSheet), ("clients", ClientSheet)):
        page = opened_empty.go(place)
        assert not screens.faults(opened_empty.window)
        page.setFocus()
        opened_empty.press("A")
        opened_empty.sheet(sheet)
        opened_empty.press("Esc")


# The models.


def test_the_plain_models_keep_qt_s_contract(qapp) -> None:
    rows: ListModel[int] = ListModel()
    QAbstractItemModelTester(rows, QAbstractItemModelTester.FailureReportingMode.Fatal)
    rows.set_lines([Line(n, n, Row(f"ligne {n}")) for n in range(5)])
    table: TableModel[int] = TableModel(["a", "b"])
    QAbstractItemModelTester(table, QAbstractItemModelTester.FailureReportingMode.Fatal)
    lines = [TableLine(n, n, (Cell(str(n)), Cell("x")), (n % 3, None)) for n in range(7)]
    table.set_lines(lines)
    table.sort(0, Qt.SortOrder.AscendingOrder)
    assert [line.thing % 3 for line in table.lines] == sorted(n % 3 for n in range(7))
    table.sort(1, Qt.SortOrder.DescendingOrder)
    table.set_lines([])


def test_the_chosen_row_stays_chosen_or_its_place_does(qtbot) -> None:
    view, model = RowList("Liste"), ListModel()
    qtbot.addWidget(view)
    view.setModel(model)

    def lines(*keys: str) -> list[Line[str]]:
        return [Line(key, key, Row(key)) for key in keys]

    replace_lines(view, model, lines("a", "b", "c"))
    choose(view, model, 1)
    replace_lines(view, model, lines("z", "a", "b", "c"))
    assert view.currentIndex().row() == 2, "found again by its key"
    replace_lines(view, model, lines("z", "a", "c"))
    assert view.currentIndex().row() == 2, "gone: what stands in its place"
    replace_lines(view, model, lines("z"))
    assert view.currentIndex().row() == 0
    replace_lines(view, model, [])
    assert not view.currentIndex().isValid()


# The palette.


def palette(driver) -> Palette:
    found = driver.shell.findChildren(Palette)
    assert found
    return found[-1]


def titles(one: Palette) -> list[str]:
    return [result.title for result in one.model.results]


def test_ctrl_k_opens_the_palette_and_echap_gives_the_focus_back(opened) -> None:
    page = opened.go("missions")
    page.table.setFocus()
    opened.press("Ctrl+K")
    assert QApplication.focusWidget() is palette(opened).box
    assert not screens.faults(opened.window)
    opened.press("Esc")
    assert QApplication.focusWidget() is page.table


def test_missions_and_clients_are_found_and_entree_opens_the_first(opened) -> None:
    opened.press("Ctrl+K")
    opened.type("talvance")
    one = palette(opened)
    opened.until(lambda: say("palette.others") in titles(one))
    opened.until(lambda: "Groupe Talvance" in titles(one))
    names = [r.title for r in one.model.results if r.run is not None]
    place = names.index("Groupe Talvance")
    for _ in range(place):
        opened.press("Down")
    opened.press("Return")
    opened.calm()
    assert opened.shell.place == "clients"
    assert opened.page.chosen.name == "Groupe Talvance"


def test_things_to_do_are_found_by_the_beginnings_of_their_words(opened) -> None:
    opened.press("Ctrl+K")
    opened.type("ajou mis")
    one = palette(opened)
    assert say("palette.new_mission") in titles(one)
    opened.press("Tab")
    opened.press("Return")
    opened.sheet(MissionSheet)
    opened.press("Esc")
    assert opened.shell.place == "missions"


def test_what_names_nothing_says_so_and_nothing_opens(opened) -> None:
    opened.press("Ctrl+K")
    opened.type("zzzzqqq")
    one = palette(opened)
    opened.calm()
    assert titles(one) == [say("palette.nothing")]
    opened.press("Return")
    assert one.isVisible()
    opened.press("Esc")


def test_letters_typed_in_the_top_bar_go_on_in_the_palette(opened) -> None:
    opened.shell.top.search.setFocus()
    QTest.keyClicks(opened.shell.top.search, "t")
    screens.settle()
    one = palette(opened)
    assert one.box.text() == "t"
    assert opened.shell.top.search.text() == ""
    opened.type("al")
    assert one.box.text() == "tal"
    opened.press("Esc")


@pytest.mark.parametrize("text", ["%", '"', "AND", "a" * 500, "é\u0301'--;", "\u202e"])
def test_any_text_is_answered(opened, text: str) -> None:
    opened.press("Ctrl+K")
    one = palette(opened)
    one.box.setText(text)
    opened.calm()
    assert not opened.shell.errors.isVisible()
    opened.press("Esc")


def test_a_person_is_found_by_name_and_opens_as_a_dossier(opened, monkeypatch) -> None:
    from clementine_crm.queries.inbox import inbox
    from clementine_crm.services.triage import KeepItems

    found = []
    opened.shell.ctx.read(inbox, on_result=found.append)
    opened.until(lambda: found)
    item = next(row for row in found[0].rows if row.kind == "application" and row.mission)
    opened.shell.ctx.dispatch(KeepItems((item.id,)))
    opened.calm()
    opened.press("Ctrl+K")
    opened.type(item.family_name[:5])
    one = palette(opened)
    opened.until(lambda: item.name in titles(one))
    went = []
    monkeypatch.setattr(opened.shell, "go", lambda name, arg=None: went.append(name))
    opened.press("Return")
    assert went == ["dossier"]
    assert isinstance(MissionRow, type)
