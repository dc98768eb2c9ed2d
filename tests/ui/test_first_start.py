"""The first start, over the real keys: what is asked, what is shown once, what cannot be taken back."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from clementine_crm.keys import keyfile
from clementine_crm.parts import Parts
from clementine_crm.words import Words
from ui import screens, speech
from ui.jobs import Runner
from ui.pages.first_start import FirstStart
from ui.printing import sheet_html
from ui.speech import say

PASSWORD = "Verger-Mistral-47!bocage"


@pytest.fixture
def runner(qapp):
    made = Runner()
    yield made
    made.quit()


@pytest.fixture
def parts(tmp_path: Path) -> Parts:
    return Parts(tmp_path / "home")


@pytest.fixture
def page(parts: Parts, runner: Runner, qtbot):
    made = FirstStart(parts.founding(), runner, version="0.1.0", places=(4, 11, 19))
    qtbot.addWidget(made)
    screens.prepare(made, (1280, 720))
    made.activateWindow()
    qtbot.waitUntil(lambda: QApplication.activeWindow() is made)
    return made


def fill(page: FirstStart, upto: int) -> None:
    page.agency.agency.set_text("Cabinet Horizon")
    page.you.name.set_text("Nadia Ferrand")
    page.you.email.set_text("nadia.ferrand@example.org")
    for _ in range(upto):
        page.forward()
    screens.settle()


def create(page: FirstStart, qtbot) -> None:
    fill(page, 2)
    page.password.pair.first.set_text(PASSWORD)
    page.password.pair.second.set_text(PASSWORD)
    page.forward()
    qtbot.waitUntil(lambda: page.key is not None, timeout=60_000)
    screens.settle()


def test_continuer_stays_grey_and_says_what_is_missing(page: FirstStart) -> None:
    assert not page.next.isEnabled()
    assert page.next.toolTip() == say("first_start.missing_agency")
    page.forward()
    assert page.step == 0
    page.agency.agency.set_text("  ")
    assert not page.next.isEnabled()
    page.agency.agency.set_text("Cabinet Horizon")
    assert page.next.isEnabled()


@pytest.mark.parametrize("email", ["", "nadia", "nadia@", "nadia@example", "a b@example.org"])
def test_an_address_that_is_none_is_asked_again(page: FirstStart, email: str) -> None:
    fill(page, 1)
    page.you.email.set_text(email)
    assert page.next.toolTip() == say("first_start.missing_email")


def test_the_password_is_ticked_rule_by_rule_as_it_is_typed(page: FirstStart) -> None:
    fill(page, 2)
    pair = page.password.pair
    pair.first.set_text("court")
    assert say("password.weak") == pair._level_text.text()
    assert not page.next.isEnabled()
    pair.first.set_text("nadia.ferrand-Horizon-9!")
    assert pair._lines["personal"].isVisible(), "the person's own name is refused"
    pair.first.set_text(PASSWORD)
    assert page.next.toolTip() == say("password.missing_match")
    pair.second.set_text(PASSWORD + "x")
    assert not page.next.isEnabled()
    pair.second.set_text(PASSWORD)
    assert page.next.isEnabled()


def test_the_words_are_24_shown_once_and_three_are_typed_back(
    page: FirstStart, qtbot, parts
) -> None:
    create(page, qtbot)
    assert len(page.made) == 24
    assert not parts.known(), "nothing opens before the sheet was checked"
    assert page.next.toolTip() == say("first_start.missing_sheet")
    page.key.by_hand.click()
    assert page.next.toolTip() == say("first_start.missing_words", n=3)
    for place, field in zip((4, 11, 19), page.key.answers, strict=True):
        field.set_text(page.made[place - 1].upper() if place == 4 else page.made[place - 1])
    assert page.next.isEnabled()
    page.key.answers[0].set_text("tartempion")
    page.key.answers[1].setFocus()
    page.key.answers[0].box.editingFinished.emit()
    assert page.key.answers[0].error() == say("first_start.word_wrong", n=4)
    assert not page.next.isEnabled()
    page.key.answers[0].set_text(page.made[3])
    page.forward()
    qtbot.waitUntil(lambda: page.step == 4, timeout=60_000)
    assert parts.known()
    assert keyfile.users(parts.home) == ["nadia.ferrand@example.org"]


def test_once_the_base_is_made_there_is_no_way_back_to_the_password(
    page: FirstStart, qtbot
) -> None:
    create(page, qtbot)
    assert not page.back.isVisible()
    page.backward()
    assert page.step == 3
    assert page.password.pair.first.text() == "", "what was typed is forgotten"


def test_before_that_every_step_can_be_gone_back_to(page: FirstStart) -> None:
    fill(page, 2)
    page.backward()
    page.backward()
    assert page.step == 0
    assert page.agency.agency.text() == "Cabinet Horizon"


def test_entree_and_alt_left_suffice(page: FirstStart) -> None:
    QTest.keyClicks(QApplication.focusWidget(), "Cabinet Horizon")
    QTest.keyClick(QApplication.focusWidget(), "\r")
    from PySide6.QtCore import Qt

    assert page.step == 1
    QTest.keyClick(QApplication.focusWidget(), Qt.Key.Key_Left, Qt.KeyboardModifier.AltModifier)
    assert page.step == 0


def test_a_failed_print_says_so_and_leaves_the_hand(parts: Parts, runner: Runner, qtbot) -> None:
    asked: list[object] = []

    def printer(agency: str, words: object, parent: object, on_done) -> None:
        asked.append((agency, len(words)))
        on_done(False)

    page = FirstStart(parts.founding(), runner, places=(4, 11, 19), printer=printer)
    qtbot.addWidget(page)
    create(page, qtbot)
    page.key.print.click()
    assert asked == [("Cabinet Horizon", 24)]
    assert page.key._done.text() == say("first_start.print_failed")
    assert page.next.toolTip() == say("first_start.missing_sheet")


def test_the_sheet_names_the_agency_and_every_word_in_its_place() -> None:
    words = [f"mot{n}" for n in range(1, 25)]
    html = sheet_html("Cabinet <b>&", words)
    assert "Cabinet &lt;b&gt;&amp;" in html
    assert all(f"<small>{n}</small>&nbsp;<b>mot{n}</b>" in html for n in range(1, 25))


def test_another_language_keeps_what_was_typed_and_the_words_that_were_made(
    page: FirstStart, qtbot, runner
) -> None:
    create(page, qtbot)
    asked: list[str] = []
    page.language_asked.connect(asked.append)
    page._ask_language("en")
    page._ask_language("fr")
    assert asked == ["en"]
    speech.speak(Words("en"))
    other = FirstStart(page.port, runner, places=(4, 11, 19))
    qtbot.addWidget(other)
    other.go_on_from(page)
    screens.prepare(other, (1280, 720))
    assert other.step == 3
    assert other.made == page.made
    assert other.next.toolTip() == say("first_start.missing_sheet")
    assert not screens.faults(other)


def test_a_home_that_is_one_already_is_told_in_the_bar(page: FirstStart, qtbot, parts) -> None:
    parts.home.mkdir(parents=True, exist_ok=True)
    (parts.home / "base.db").write_bytes(b"x")
    fill(page, 2)
    page.password.pair.first.set_text(PASSWORD)
    page.password.pair.second.set_text(PASSWORD)
    page.forward()
    qtbot.waitUntil(page.errors.isVisible, timeout=60_000)
    assert page.step == 2
    assert (parts.home / "base.db").read_bytes() == b"x"


@pytest.mark.parametrize("size", screens.SIZES)
@pytest.mark.parametrize("step", range(4))
def test_no_step_has_a_fault(page: FirstStart, qtbot, step: int, size: tuple[int, int]) -> None:
    if step == 3:
        create(page, qtbot)
    else:
        fill(page, step)
    screens.prepare(page, size)
    assert not screens.faults(page)
