"""A dossier made by hand, from the keyboard alone."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from clementine_crm.bootstrap import Desk
from clementine_crm.domain.consent_model import Use
from clementine_crm.domain.ids import Id
from clementine_crm.queries.candidates import candidate_ids, candidate_rows
from clementine_crm.queries.dossier import CandidateView, candidate
from tests.ui.conftest import Desked, Quiet, no_faults, press
from ui.pages.candidates import CandidatesPage
from ui.pages.new_candidate import NewCandidate
from ui.shell import Shell

Key, Mod = Qt.Key, Qt.KeyboardModifier


def view_of(desk: Desk, id: Id) -> CandidateView:
    return candidate(desk.reading, id)


def test_a_dossier_by_hand_by_keyboard_alone(
    page: CandidatesPage, shell: Shell, desk: Desk, tmp_path: Path, quiet: Quiet, qtbot,
    at_the_desk: Desked,
) -> None:  # fmt: skip
    cv = tmp_path / "cv.txt"
    cv.write_text(
        "Agathe Lemoine\nCheffe de cuisine\nagathe.lemoine@example.org\n", encoding="utf-8"
    )
    page.make_new()
    sheet = shell.findChild(NewCandidate)
    assert sheet is not None
    qtbot.waitUntil(sheet.isActiveWindow, timeout=20_000)
    assert QApplication.focusWidget() is sheet.fields["given_name"].box
    no_faults(sheet)
    for text in (
        "Agathe",
        "Lemoine",
        "agathe.lemoine@example.org",
        "06 39 98 22 33",
        "Cheffe",
        "Pau",
    ):
        QTest.keyClicks(QApplication.focusWidget(), text)
        press(sheet, Key.Key_Tab)
    assert not sheet.act.isEnabled(), "no source yet"
    press(sheet, Key.Key_Tab)
    QTest.keyClicks(QApplication.focusWidget(), "salon")
    assert sheet.value("source") == "salon"
    sheet.drop.add([cv])
    assert sheet.act.isEnabled()
    press(sheet, Key.Key_Return, Mod.ControlModifier)
    qtbot.waitUntil(lambda: shell.place == "dossier", timeout=20_000)
    quiet()
    with at_the_desk():
        ids = candidate_ids(desk.reading)
        row = next(r for r in candidate_rows(desk.reading, ids.rids) if r.name == "Agathe Lemoine")
        view = view_of(desk, row.id)
    assert [d.name for d in view.documents] == ["cv.txt"]
    assert view.standing.use is Use.FULL


def test_a_known_person_is_told_while_typing(
    page: CandidatesPage, shell: Shell, quiet: Quiet, qtbot
) -> None:
    page.make_new()
    sheet = shell.findChild(NewCandidate)
    assert sheet is not None
    QTest.keyClicks(sheet.fields["email"].box, "damien.santoni@mail.example.com")
    qtbot.waitUntil(sheet._known_box.isVisible, timeout=20_000)
    assert "Damien Santoni" in sheet._known_text.text()
    no_faults(sheet)
    sheet.reject()
    quiet()


def test_an_old_file_needs_a_last_contact(
    page: CandidatesPage, shell: Shell, quiet: Quiet, qtbot
) -> None:
    page.make_new()
    sheet = shell.findChild(NewCandidate)
    assert sheet is not None
    sheet.fields["family_name"].set_text("Ancien")
    sheet.fields["source"].set_text("classeur")
    sheet.grounds["unknown"].setChecked(True)
    assert sheet.last_contact.isVisible()
    assert not sheet._mission_box.isVisible()
    sheet.last_contact.set_text("01/01/2020")
    sheet.do()
    qtbot.waitUntil(lambda: bool(sheet.last_contact.error()), timeout=20_000)
    sheet.reject()
    quiet()
