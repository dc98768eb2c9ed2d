"""Reading an item of triage: the page and the facts point at each other; F2, C, the proof."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QWidget

from clementine_crm.bootstrap import Desk
from clementine_crm.plugin_api import FileData
from clementine_crm.queries.inbox import item
from clementine_crm.services.candidates import AddCandidate, AddDocument
from tests.ui.conftest import Desked, Quiet, no_faults, press
from tests.ui.triage.conftest import choose
from ui.context import UiContext
from ui.pages.dossier_versions import VersionsSheet
from ui.pages.triage import TriagePage
from ui.pages.triage_sheets import CorrectSheet, ProofSheet
from ui.shell import Shell

Key = Qt.Key


def test_a_fact_frames_its_line_and_a_word_lights_its_fact(
    page: TriagePage, qtbot, quiet: Quiet
) -> None:
    choose(page, "Damien Santoni", qtbot)
    sheets = page.documents.sheets
    qtbot.waitUntil(lambda: bool(sheets.tokens(1)), timeout=20_000)
    place = next(n for n, f in enumerate(page.facts.facts.facts) if f.name == "town")
    page.facts.facts.setFocus()
    for _ in range(place):
        press(page, Key.Key_Down)
    assert len(sheets._framed_boxes()) == 1
    token = next(t for t in sheets.tokens(1) if t.word == "bayonne")
    page.facts.facts.light("")
    page.documents.pointed.emit(1, token.owner)
    assert page.facts.facts.facts[page.facts.facts.lit].name == "town"


def test_the_words_of_the_mission_are_lit_and_counted(page: TriagePage, qtbot) -> None:
    choose(page, "Damien Santoni", qtbot)
    view = page.facts.view
    assert view is not None
    found = sum(c.found for c in view.criteria)
    assert found
    assert page.documents.found == found
    qtbot.waitUntil(lambda: bool(page.documents.sheets.tokens(1)), timeout=20_000)
    assert page.documents.sheets._sheets[0].lit


def test_f2_corrects_and_the_page_stays(
    page: TriagePage, shell: Shell, desk: Desk, qtbot, quiet: Quiet, at_the_desk: Desked
) -> None:
    id = choose(page, "Damien Santoni", qtbot)
    quiet()
    page.facts.facts.setFocus()
    place = next(n for n, f in enumerate(page.facts.facts.facts) if f.name == "town")
    for _ in range(place):
        press(page, Key.Key_Down)
    press(page, Key.Key_F2)
    sheet = shell.findChild(CorrectSheet)
    assert sheet is not None
    assert list(sheet.fields) == ["town"]
    box = sheet.fields["town"].box
    box.clear()
    QTest.keyClicks(box, "Anglet")
    QTest.keyClick(box, Key.Key_Return)
    qtbot.waitUntil(lambda: "Anglet" in [f.value for f in page.facts.facts.facts], timeout=20_000)
    quiet()
    with at_the_desk():
        assert [f.value for f in item(desk.reading, id).fields if f.name == "town"] == ["Anglet"]


def test_a_wrong_correction_is_told_at_its_field(
    page: TriagePage, shell: Shell, qtbot, quiet: Quiet
) -> None:
    choose(page, "Damien Santoni", qtbot)
    page.facts.correct_asked.emit(next(f for f in page.facts.facts.facts if f.name == "email"))
    sheet = shell.findChild(CorrectSheet)
    assert sheet is not None
    sheet.fields["email"].box.setText("pas une adresse")
    QTest.keyClick(sheet.fields["email"].box, Key.Key_Return)
    qtbot.waitUntil(lambda: bool(sheet.fields["email"].error()), timeout=20_000)
    assert sheet.isVisible()
    assert sheet.act.isEnabled()


def test_f6_goes_round_the_panes(page: TriagePage, shell: Shell, qtbot) -> None:
    choose(page, "Damien Santoni", qtbot)
    where = []
    for _ in range(3):
        press(page, Key.Key_F6)
        where.append(QApplication.focusWidget())
    assert where[:2] == [page.documents.focus_target, page.facts.facts]
    assert shell.foot.isAncestorOf(where[2])


def test_both_cvs_of_a_known_person_stand_side_by_side(
    page: TriagePage, desk: Desk, ctx: UiContext, shell: Shell, qtbot, quiet: Quiet
) -> None:
    made: list[bytes] = []
    ctx.dispatch(
        AddCandidate(
            "Damien", "Santoni", "salon", "sourced", email="damien.santoni@mail.example.com"
        ),
        on_done=made.append,
    )
    qtbot.waitUntil(lambda: bool(made), timeout=20_000)
    quiet()
    page.refresh()
    quiet()
    choose(page, "Damien Santoni", qtbot)
    qtbot.waitUntil(lambda: page.facts.joined is not None, timeout=20_000)
    assert page.facts.compare.isVisible()
    press(page, Key.Key_C)
    quiet()
    assert shell.findChild(VersionsSheet) is None
    assert shell.floating.panel is not None, "a dossier without a text says so"
    old = FileData(name="CV.txt", data=b"Damien Santoni\nAide comptable\nBayonne\n", role="cv")
    ctx.dispatch(AddDocument(made[0], old))
    quiet()
    press(page, Key.Key_C)
    quiet()
    sheet = shell.findChild(VersionsSheet)
    assert sheet is not None
    qtbot.waitUntil(lambda: sheet.at == 0, timeout=20_000)
    assert sheet.left.paper.toPlainText().startswith("Damien Santoni\nAide comptable")
    assert len(sheet.right.paper.toPlainText()) > 200
    no_faults(sheet)


def test_the_proof_shows_the_box_word_for_word(page: TriagePage, shell: Shell, qtbot) -> None:
    choose(page, "Damien Santoni", qtbot)
    page.facts.proof_asked.emit()
    sheet = shell.findChild(ProofSheet)
    assert sheet is not None
    assert page.facts.view is not None
    no_faults(sheet)
    assert any(page.facts.view.boxes[0].label in text for text in texts_of(sheet))


def texts_of(widget: QWidget) -> list[str]:
    return [label.text() for label in widget.findChildren(QLabel)]
