"""A dossier on the screen: what it shows, what it lets be done, what stays shut."""

from __future__ import annotations

import zipfile
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QDialog

from clementine_crm.bootstrap import Desk
from clementine_crm.domain.ids import Id
from clementine_crm.queries.dossier import candidate
from clementine_crm.queries.dossier_access import Access
from clementine_crm.services.activities import AddTask
from clementine_crm.store import tables
from tests.ui.conftest import Desked, Quiet, no_faults, press
from tests.ui.test_dossier_rules import id_of
from ui import screens
from ui.context import UiContext
from ui.pages.candidates import CandidatesPage
from ui.pages.dossier import DossierPage
from ui.pages.dossier_middle import CV
from ui.pages.dossier_proofs import EvidenceSheet, ExportSheet
from ui.pages.dossier_sheets import NoteSheet
from ui.pages.dossier_versions import VersionsSheet
from ui.shell import Place, Shell
from ui.widgets.bars import NextRightAction

Key, Mod = Qt.Key, Qt.KeyboardModifier


@pytest.fixture
def desk(kept_desk: Desk) -> Desk:
    return kept_desk


@pytest.fixture
def page(shell: Shell) -> DossierPage:
    shell.add_place(Place("candidates", "people", "shell.candidates", CandidatesPage))
    shell.add_place(Place("dossier", "", "shell.candidates", DossierPage, under="candidates"))
    shell.activateWindow()
    page = shell.page("dossier")
    assert isinstance(page, DossierPage)
    return page


@pytest.fixture
def open_dossier(
    page: DossierPage, shell: Shell, desk: Desk, quiet: Quiet, at_the_desk: Desked, qtbot
) -> Callable[[str], Id]:
    def open_it(name: str) -> Id:
        with at_the_desk():
            id = id_of(desk, name)
        shell.go("dossier", id)
        qtbot.waitUntil(lambda: page.opened is not None and page.opened.id == id, timeout=20_000)
        quiet()
        return id

    return open_it


def test_it_shows_who_it_is_with_sources_and_what_is_due(
    page: DossierPage, shell: Shell, open_dossier: Callable[[str], Id]
) -> None:
    open_dossier("Damien Santoni")
    facts = {fact.name: (fact.value, fact.source) for fact in page.person.facts.facts}
    assert facts["email"] == ("damien.santoni@mail.example.com", "site")
    assert facts["town"] == ("Bayonne", "CV")
    assert page.action is not None
    foot = page.foot()
    assert foot.main is not None
    assert foot.main.key == "A", "the person waits for an answer: calling is the main act"
    assert "A" not in [action.key for action in foot.others]
    no_faults(shell)


def test_notes_and_evidence_are_one_key_away(
    page: DossierPage, shell: Shell, open_dossier: Callable[[str], Id], qtbot
) -> None:
    open_dossier("Damien Santoni")
    assert QApplication.focusWidget() is page.middle.note
    press(page, Key.Key_N)
    note = shell.findChild(NoteSheet)
    assert note is not None
    note.reject()
    page._prove()
    proof = shell.findChild(EvidenceSheet)
    assert proof is not None
    no_faults(proof)
    proof.reject()


def test_the_cv_is_drawn_and_the_letter_has_its_tab(
    page: DossierPage, open_dossier: Callable[[str], Id], qtbot, shell: Shell
) -> None:
    open_dossier("Damien Santoni")
    press(page, Key.Key_2)
    assert page.middle.tabs.current() == CV
    documents = page.middle.documents
    qtbot.waitUntil(lambda: bool(documents.sheets.tokens(1)), timeout=20_000)
    assert documents.tab_count == 2
    no_faults(shell)


def test_a_task_is_ticked_with_space(
    page: DossierPage, desk: Desk, ctx: UiContext, open_dossier: Callable[[str], Id], quiet: Quiet,
    qtbot, at_the_desk: Desked,
) -> None:  # fmt: skip
    id = open_dossier("Damien Santoni")
    ctx.dispatch(AddTask(id, "Rappeler", desk.clock.today()))
    quiet()
    qtbot.waitUntil(lambda: page.work.tasks.lines.rowCount() == 1, timeout=20_000)
    assert page.action is not None
    assert page.action.about == "Rappeler"
    page.work.tasks.setFocus()
    press(page, Key.Key_Space)
    quiet()
    with at_the_desk():
        assert candidate(desk.reading, id).tasks[0].done_at is not None


def test_what_is_due_is_done_in_one_key_and_taken_back(
    page: DossierPage, desk: Desk, ctx: UiContext, open_dossier: Callable[[str], Id], quiet: Quiet,
    qtbot, shell: Shell, at_the_desk: Desked,
) -> None:  # fmt: skip
    id = open_dossier("Damien Santoni")
    ctx.dispatch(AddTask(id, "Rappeler", desk.clock.today() - timedelta(days=3)))
    qtbot.waitUntil(
        lambda: page.action is not None and page.action.about == "Rappeler", timeout=20_000
    )
    main = page.foot().main
    assert main is not None
    assert main.key == "F"
    press(page, Key.Key_F)
    qtbot.waitUntil(lambda: page.action is None or page.action.about != "Rappeler", timeout=20_000)
    quiet()
    shell.undo()
    qtbot.waitUntil(
        lambda: page.action is not None and page.action.about == "Rappeler", timeout=20_000
    )
    panel = page.findChild(NextRightAction)
    assert panel is not None
    qtbot.mouseClick(panel, Qt.MouseButton.LeftButton)
    quiet()
    with at_the_desk():
        assert candidate(desk.reading, id).tasks[0].done_at is not None


def test_a_newer_cv_stands_in_front(
    page: DossierPage, desk: Desk, open_dossier: Callable[[str], Id], tmp_path: Path, quiet: Quiet,
    qtbot, at_the_desk: Desked,
) -> None:  # fmt: skip
    id = open_dossier("Damien Santoni")
    newer = tmp_path / "CV-2026.txt"
    newer.write_text("Damien Santoni\nChef comptable\n", encoding="utf-8")
    page.add_files([newer])
    quiet()
    with at_the_desk():
        assert candidate(desk.reading, id).documents[0].name == "CV-2026.txt"
    qtbot.waitUntil(lambda: page.work.documents.lines.rowCount() == 3, timeout=20_000)
    # What changed, side by side: new words on the right, what is gone on the left.
    press(page, Key.Key_2)
    qtbot.waitUntil(lambda: len(page.middle.documents.versions()) == 2, timeout=20_000)
    press(page, Key.Key_C)
    sheet = page.window().findChild(VersionsSheet)
    assert sheet is not None
    qtbot.waitUntil(lambda: sheet.at == 0, timeout=20_000)
    assert "Damien Santoni" in sheet.left.paper.toPlainText()
    assert sheet.right.paper.toPlainText().startswith("Damien Santoni\nChef comptable")
    assert sheet.left.paper.extraSelections(), "what is gone is struck out"
    assert QApplication.focusWidget() is sheet.next
    press(sheet, Key.Key_F3)
    assert sheet.at == min(1, len(sheet.steps) - 1)
    no_faults(sheet)
    sheet.reject()


def test_an_export_asks_why_and_is_logged(
    page: DossierPage, shell: Shell, desk: Desk, open_dossier: Callable[[str], Id], tmp_path: Path,
    quiet: Quiet, qtbot, at_the_desk: Desked,
) -> None:  # fmt: skip
    id = open_dossier("Damien Santoni")
    press(page, Key.Key_E, Mod.ControlModifier)
    sheet = shell.findChild(ExportSheet)
    assert sheet is not None
    assert not sheet.act.isEnabled()
    sheet.reason.set_text("Droit d’accès, demande du 12 mars")
    target = tmp_path / "dossier.zip"
    sheet.save_as(target)
    qtbot.waitUntil(target.exists, timeout=20_000)
    quiet()
    with zipfile.ZipFile(target) as made:
        assert "person.json" in made.namelist()
    with at_the_desk(), desk.reading.connect() as connection:
        audit = tables.audit_event
        query = audit.select().where(audit.c.action == "export_candidate", audit.c.subject == id)
        assert connection.execute(query).first() is not None


def test_opening_is_logged(
    page: DossierPage, desk: Desk, open_dossier: Callable[[str], Id], at_the_desk: Desked
) -> None:
    id = open_dossier("Damien Santoni")
    with at_the_desk(), desk.reading.connect() as connection:
        audit = tables.audit_event
        query = audit.select().where(audit.c.action == "note_view", audit.c.subject == id)
        assert connection.execute(query).first() is not None


def test_a_limited_dossier_is_read_only_and_says_so(
    page: DossierPage, shell: Shell, open_dossier: Callable[[str], Id]
) -> None:
    open_dossier("Louis Berthier")
    assert page.opened is not None
    assert page.opened.access is Access.LIMITED
    foot = page.foot()
    assert foot.main is not None
    assert foot.main.reason
    assert all(a.reason for a in foot.others if a.key in "NAT")
    press(page, Key.Key_N)
    press(page, Key.Key_F2)
    assert not [sheet for sheet in shell.findChildren(QDialog) if sheet.isVisible()]
    no_faults(shell)


def test_a_dossier_that_awaits_its_erasure_shows_a_name_and_dates(
    page: DossierPage, shell: Shell, open_dossier: Callable[[str], Id]
) -> None:
    open_dossier("Nina Vasseur")
    assert page.opened is not None
    assert page.opened.access is Access.LOCKED
    assert page.opened.view is None
    assert not page._body.isVisible()
    no_faults(shell)


def test_a_person_to_be_informed_has_the_message_at_hand(
    page: DossierPage, shell: Shell, open_dossier: Callable[[str], Id], quiet: Quiet
) -> None:
    open_dossier("Zoé Marchal")
    foot = page.foot()
    assert foot.main is not None
    assert foot.main.key == "M"
    press(page, Key.Key_M)
    assert "Zoé" in page.middle.messages.text.toPlainText()
    quiet()
    no_faults(shell)


def test_next_and_previous_results(page: DossierPage, shell: Shell, quiet: Quiet, qtbot) -> None:
    shell.go("candidates")
    listed = shell.page("candidates")
    assert isinstance(listed, CandidatesPage)
    qtbot.waitUntil(lambda: listed.pane.view is not None, timeout=20_000)
    first, second = listed.model.id_at(0), listed.model.id_at(1)
    press(shell, Key.Key_Return)
    qtbot.waitUntil(lambda: page.opened is not None and page.opened.id == first, timeout=20_000)
    quiet()
    press(shell, Key.Key_PageDown, Mod.ControlModifier)
    qtbot.waitUntil(lambda: page.opened is not None and page.opened.id == second, timeout=20_000)
    quiet()
    press(shell, Key.Key_Escape)
    assert shell.place == "candidates"
    quiet()


@pytest.mark.parametrize(
    "name", ["Damien Santoni", "Zoé Marchal", "Louis Berthier", "Nina Vasseur"]
)
def test_every_state_is_without_fault(
    page: DossierPage, shell: Shell, open_dossier: Callable[[str], Id], quiet: Quiet, name: str
) -> None:
    open_dossier(name)
    for size in screens.SIZES:
        shell.resize(*size)
        quiet()
        for tab in range(5):
            page.middle.choose(tab)
            quiet()
            no_faults(shell)
