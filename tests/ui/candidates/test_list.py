"""The list of candidates with real keys on a real home."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QDialog

from clementine_crm.bootstrap import Desk
from clementine_crm.domain.activity import CALL_OUTCOMES
from clementine_crm.domain.consent_model import Use
from clementine_crm.domain.ids import Id
from clementine_crm.queries.candidates import CandidateFilter, candidate_ids, candidate_rows
from clementine_crm.queries.dossier import CandidateView, candidate
from clementine_crm.services.activities import AddNote
from clementine_crm.services.candidates import AddCandidate
from tests.ui.conftest import Desked, Joined, Quiet, no_faults, press
from tests.ui.driver import no_window_flashes
from ui import screens
from ui.context import UiContext
from ui.pages.candidates import CandidatesPage
from ui.pages.candidates_filters import FilterSheet
from ui.pages.dossier import DossierPage
from ui.pages.dossier_sheets import CallSheet, EditSheet, NoteSheet, PersonTaskSheet
from ui.shell import Place, Shell
from ui.widgets.button import Button

Key, Mod = Qt.Key, Qt.KeyboardModifier


def names(page: CandidatesPage) -> list[str]:
    rows = [page.model.row_at(place) for place in range(page.model.rowCount())]
    return [row.row.name for row in rows if row is not None]


def choose(page: CandidatesPage, name: str, qtbot) -> Id:
    place = names(page).index(name)
    page.table.selectRow(place)
    qtbot.waitUntil(
        lambda: page.pane.opened is not None and page.pane.opened.name == name, timeout=20_000
    )
    page.table.setFocus()
    id = page.model.id_at(place)
    assert id is not None
    return id


def typed(shell: Shell, text: str) -> None:
    shell.search()
    QTest.keyClicks(shell.top.search, text)


def view_of(desk: Desk, id: Id) -> CandidateView:
    return candidate(desk.reading, id)


def test_everybody_who_may_be_listed_is_and_nobody_else(
    page: CandidatesPage, desk: Desk, at_the_desk: Desked
) -> None:
    with at_the_desk():
        ids = candidate_ids(desk.reading)
        expected = [row.name for row in candidate_rows(desk.reading, ids.rids)]
    assert names(page) == expected
    assert "Louis Berthier" not in expected
    assert "Nina Vasseur" not in expected
    assert page.card.why.isVisible()
    assert QApplication.focusWidget() is page.table


def test_arrows_change_the_pane_and_leave_the_focus(page: CandidatesPage, qtbot) -> None:
    second = page.model.row_at(1)
    assert second is not None
    press(page, Key.Key_Down)
    qtbot.waitUntil(
        lambda: page.pane.opened is not None and page.pane.opened.id == second.id, timeout=20_000
    )
    assert QApplication.focusWidget() is page.table
    assert page.pane.name.text() == second.row.name


def test_the_box_of_the_top_bar_is_the_query(
    page: CandidatesPage, shell: Shell, quiet: Quiet
) -> None:
    typed(shell, "comptab")
    quiet()
    assert page.model.rowCount()
    assert page.model.found.wanted.text == "comptab"
    first = page.model.data(page.model.index(0, 1), 258)
    assert first.marks, "the found word is lit"
    shell.top.search.clear()
    quiet()
    assert page.model.found.wanted.text == ""


def test_from_the_box_into_the_list_and_to_the_dossier(
    page: CandidatesPage, shell: Shell, quiet: Quiet, qtbot
) -> None:
    typed(shell, "santoni")
    quiet()
    press(shell, Key.Key_Down)
    assert QApplication.focusWidget() is page.table
    press(shell, Key.Key_Return)
    qtbot.waitUntil(lambda: shell.place == "dossier", timeout=20_000)
    dossier = shell.page("dossier")
    assert isinstance(dossier, DossierPage)
    qtbot.waitUntil(lambda: dossier.opened is not None, timeout=20_000)
    assert dossier.opened is not None
    assert dossier.opened.name == "Damien Santoni"
    quiet()


def test_a_misspelt_name_is_proposed(page: CandidatesPage, shell: Shell, quiet: Quiet) -> None:
    typed(shell, "santony")
    quiet()
    assert page.nobody.isVisible()
    assert page._found is not None
    assert "Damien Santoni" in [hit.name for hit in page._found.near]
    no_faults(shell)


def test_who_may_be_listed_but_not_searched_is_named_by_name(
    page: CandidatesPage, shell: Shell, ctx: UiContext, quiet: Quiet, qtbot
) -> None:
    old = AddCandidate("Jean-Marc", "Quillévic", "salon", "sourced", email="jm.q@example.org")
    ctx.dispatch(old)
    quiet()
    typed(shell, "quil")
    quiet()
    assert page.model.rowCount() == 0
    assert [row.name for row in page.model.found.listed] == ["Jean-Marc Quillévic"]
    assert page.nobody.isVisible()
    link = next(b for b in page.nobody.findChildren(Button) if "Quillévic" in b.text())
    assert link.text() == "Jean-Marc Quillévic, à informer"
    no_faults(shell)
    link.click()
    qtbot.waitUntil(lambda: shell.place == "dossier", timeout=20_000)
    quiet()


def test_keys_are_letters_while_searching(page: CandidatesPage, shell: Shell, quiet: Quiet) -> None:
    typed(shell, "nat")
    quiet()
    assert shell.top.search.text() == "nat"
    assert not shell.findChildren(QDialog)


def test_a_filter_is_added_by_typing_and_taken_away(
    page: CandidatesPage, shell: Shell, quiet: Quiet, qtbot
) -> None:
    whole = page.model.rowCount()
    press(page, Key.Key_F)
    qtbot.waitUntil(lambda: shell.findChild(FilterSheet) is not None, timeout=20_000)
    sheet = shell.findChild(FilterSheet)
    QTest.keyClicks(sheet.choice.field.box, "informer")
    QTest.keyClick(sheet.choice.field.box, Key.Key_Return)
    quiet()
    assert page.filters.wanted == CandidateFilter(use=Use.CONTACT_ONLY)
    assert names(page) == ["Zoé Marchal"]
    shell.activateWindow()
    qtbot.waitUntil(shell.isActiveWindow, timeout=20_000)
    press(page, Key.Key_Escape)
    quiet()
    assert page.model.rowCount() == whole


def test_nobody_answers_and_the_way_out_is_offered(
    page: CandidatesPage, shell: Shell, quiet: Quiet, qtbot
) -> None:
    page.filters.set_wanted(CandidateFilter(use=Use.CONTACT_ONLY, source="mail_files"))
    quiet()
    assert page.model.rowCount() == 0
    assert page.nobody.isVisible()
    no_faults(shell)
    page.nobody.without_asked.emit("source")
    quiet()
    assert names(page) == ["Zoé Marchal"]


def test_a_note_in_one_key(
    page: CandidatesPage, shell: Shell, desk: Desk, quiet: Quiet, qtbot, at_the_desk: Desked
) -> None:
    id = choose(page, "Damien Santoni", qtbot)
    press(page, Key.Key_N)
    sheet = shell.findChild(NoteSheet)
    assert sheet is not None
    assert not sheet.act.isEnabled(), "an empty note is no note"
    qtbot.waitUntil(sheet.isActiveWindow, timeout=20_000)
    QTest.keyClicks(sheet.text.box, "Mobile sur la cote basque")
    QTest.keyClick(sheet.text.box, Key.Key_Return, Mod.ControlModifier)
    quiet()
    with at_the_desk():
        assert view_of(desk, id).thread[0].text == "Mobile sur la cote basque"
    # and the pane shows it without being asked again
    qtbot.waitUntil(
        lambda: page.pane.view is not None and page.pane.view.thread[0].kind == "note",
        timeout=20_000,
    )


def test_a_number_of_the_state_is_refused_where_it_was_typed(
    page: CandidatesPage, shell: Shell, quiet: Quiet, qtbot
) -> None:
    choose(page, "Damien Santoni", qtbot)
    press(page, Key.Key_N)
    sheet = shell.findChild(NoteSheet)
    assert sheet is not None
    sheet.text.set_text("NIR 1 85 05 78 006 084 91")
    sheet.do()
    qtbot.waitUntil(lambda: bool(sheet.text.error()), timeout=20_000)
    assert sheet.isVisible()
    sheet.reject()


def test_a_call_with_its_next_step_makes_a_task(
    page: CandidatesPage, shell: Shell, desk: Desk, quiet: Quiet, qtbot, at_the_desk: Desked
) -> None:
    id = choose(page, "Damien Santoni", qtbot)
    press(page, Key.Key_A)
    sheet = shell.findChild(CallSheet)
    assert sheet is not None
    qtbot.waitUntil(sheet.isActiveWindow, timeout=20_000)
    press(sheet, Key.Key_Down)
    assert sheet.outcome == CALL_OUTCOMES[2], "the second row begins with the third"
    assert list(sheet.outcomes) == list(CALL_OUTCOMES)
    sheet.step.set_text("NIR 1 85 05 78 006 084 91")
    sheet.do()
    qtbot.waitUntil(lambda: bool(sheet.step.error()), timeout=20_000)
    assert not sheet.text.error()
    sheet.step.set_text("")
    sheet.on.set_text("demain")
    sheet.do()
    assert sheet.step.error(), "a day without something to do"
    sheet.step.set_text("Rappeler")
    QTest.keyClick(sheet.step.box, Key.Key_Return, Mod.ControlModifier)
    quiet()
    with at_the_desk():
        view = view_of(desk, id)
    assert (view.thread[0].kind, view.thread[0].next_step) == ("call", "Rappeler")
    assert [task.text for task in view.tasks] == ["Rappeler"]


def test_a_dated_task_in_one_key(
    page: CandidatesPage, shell: Shell, desk: Desk, quiet: Quiet, qtbot, at_the_desk: Desked
) -> None:
    id = choose(page, "Damien Santoni", qtbot)
    press(page, Key.Key_T)
    sheet = shell.findChild(PersonTaskSheet)
    assert sheet is not None
    QTest.keyClicks(sheet.text.box, "Envoyer la fiche")
    sheet.due.set_text("+3")
    QTest.keyClick(sheet.due.box, Key.Key_Return)
    quiet()
    with at_the_desk():
        tasks = view_of(desk, id).tasks
    assert (tasks[0].text, (tasks[0].due - desk.clock.today()).days) == ("Envoyer la fiche", 3)


def test_f2_edits_what_was_changed_alone(
    page: CandidatesPage, shell: Shell, desk: Desk, quiet: Quiet, qtbot, at_the_desk: Desked
) -> None:
    id = choose(page, "Damien Santoni", qtbot)
    press(page, Key.Key_F2)
    sheet = shell.findChild(EditSheet)
    assert sheet is not None
    assert sheet.commands() == []
    sheet.fields["town"].set_text("Anglet")
    sheet.fields["phone"].set_text("06 39 98 11 22")
    sheet.fields["tags"].set_text("paie, encadrement")
    sheet.do()
    qtbot.waitUntil(lambda: shell.findChild(EditSheet) is None, timeout=20_000)
    quiet()
    with at_the_desk():
        view = view_of(desk, id)
    assert view.town == "Anglet"
    assert [p.value for p in view.points if p.kind == "phone"] == ["+33639981122"]
    assert sorted(tag.name for tag in view.tags) == ["encadrement", "paie"]


def test_a_value_changed_elsewhere_is_shown_and_proposed(
    page: CandidatesPage, shell: Shell, desk: Desk, quiet: Quiet, qtbot, at_the_desk: Desked
) -> None:
    from clementine_crm.services.candidates import CellEdit, EditCandidate

    id = choose(page, "Damien Santoni", qtbot)
    town = page.pane.view.town if page.pane.view is not None else ""
    press(page, Key.Key_F2)
    sheet = shell.findChild(EditSheet)
    assert sheet is not None
    with at_the_desk():
        desk.execute(EditCandidate(id, (CellEdit("town", town, "Pau"),)))
    sheet.fields["town"].set_text("Anglet")
    sheet.do()
    qtbot.waitUntil(lambda: bool(sheet.fields["town"].error()), timeout=20_000)
    assert sheet.fields["town"].text() == "Pau"
    assert "Anglet" in sheet.fields["town"].error()
    sheet.fields["town"].set_text("Anglet")
    sheet.do()
    qtbot.waitUntil(lambda: shell.findChild(EditSheet) is None, timeout=20_000)
    quiet()
    with at_the_desk():
        assert view_of(desk, id).town == "Anglet"


def test_a_change_elsewhere_reaches_the_list_and_the_pane(
    page: CandidatesPage, ctx: UiContext, quiet: Quiet, qtbot
) -> None:
    id = choose(page, "Damien Santoni", qtbot)
    ctx.dispatch(AddNote(id, "Vu par un autre"))
    quiet()
    qtbot.waitUntil(
        lambda: page.pane.view is not None and page.pane.view.thread[0].text == "Vu par un autre",
        timeout=20_000,
    )
    assert page.pane.opened is not None
    assert page.pane.opened.id == id


def test_no_window_flashes_while_persons_pass(page: CandidatesPage, quiet: Quiet) -> None:
    with no_window_flashes():
        for _ in range(5):
            press(page, Key.Key_Down)
            quiet()


@pytest.mark.parametrize("text", ["", "comptab", "xyzzyx"])
def test_every_state_is_without_fault(
    page: CandidatesPage, shell: Shell, quiet: Quiet, text: str
) -> None:
    shell.search_candidates(text)
    quiet()
    for size in screens.SIZES:
        shell.resize(*size)
        quiet()
        no_faults(shell)


def test_every_sheet_is_without_fault(
    page: CandidatesPage, shell: Shell, quiet: Quiet, qtbot
) -> None:
    choose(page, "Damien Santoni", qtbot)
    acts = page.acts
    for open_it in (acts.note, acts.call, acts.task, acts.edit, acts.export, page._prove,
                    page.add_filter, page.make_new, page._why_hidden):  # fmt: skip
        open_it()
        quiet()
        sheets = [s for s in shell.findChildren(QDialog) if s.isVisible()]
        assert len(sheets) == 1, open_it
        no_faults(sheets[0])
        sheets[0].reject()
        quiet()


def test_an_empty_agency_says_what_to_do(empty_desk: Desk, window_over, qtbot) -> None:
    joined: Joined = window_over(empty_desk)
    shell = Shell(joined.ctx, person="Camille Roux", role="Responsable")
    qtbot.addWidget(shell)
    shell.add_place(Place("candidates", "people", "shell.candidates", CandidatesPage))
    screens.prepare(shell, (1280, 720))
    shell.go("candidates")
    page = shell.page("candidates")
    assert isinstance(page, CandidatesPage)
    qtbot.waitUntil(page.nobody.isVisible, timeout=20_000)
    no_faults(shell)
    shell.close()
