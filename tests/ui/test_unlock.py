"""The door, over the real keys: password, waiting after wrong ones, the 24 words, one's own change."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from keyring.backend import KeyringBackend
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from shiboken6 import isValid

from clementine_crm import bootstrap
from clementine_crm.errors import WrongKey
from clementine_crm.keys import keyfile, keystore
from clementine_crm.parts import OwnPassword, Parts
from ui import screens
from ui.dialogs.password import PasswordDialog
from ui.jobs import Runner
from ui.pages.unlock import Unlock, split_words
from ui.speech import say

EMAIL, PASSWORD = "camille.roux@example.org", "Verger-Mistral-47!bocage"
OTHER = "Lucarne-Moisson-58?violon"


class Hands:
    """A clock whose hands are moved by the test."""

    def __init__(self) -> None:
        self.at = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)

    def now(self) -> datetime:
        return self.at

    def today(self):
        return self.at.date()


@pytest.fixture(scope="module")
def founded(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, list[str]]:
    home = tmp_path_factory.mktemp("door") / "home"
    _, words = bootstrap.found(home, "Cabinet Horizon", "Camille Roux", EMAIL, PASSWORD)
    return home, words


@pytest.fixture
def parts(founded, tmp_path: Path) -> Parts:
    import shutil

    shutil.copytree(founded[0], tmp_path / "home")
    return Parts(tmp_path / "home", clock=Hands())


@pytest.fixture
def runner(qapp):
    made = Runner()
    yield made
    made.quit()


@pytest.fixture
def door(parts: Parts, runner: Runner, qtbot):
    return open_door(parts, runner, qtbot)


def open_door(parts: Parts, runner: Runner, qtbot) -> Unlock:
    made = Unlock(parts.unlocking(), runner)
    qtbot.addWidget(made)
    screens.prepare(made, (1280, 720))
    made.activateWindow()
    qtbot.waitUntil(lambda: QApplication.activeWindow() is made)
    return made


def try_password(door: Unlock, password: str, qtbot) -> None:
    door.password.set_text(password)
    door.unlock()
    qtbot.waitUntil(lambda: not door._working, timeout=60_000)


def test_the_last_person_is_proposed_and_the_password_has_the_focus(door: Unlock) -> None:
    assert door.who is not None
    assert door.who.currentData() == EMAIL
    assert QApplication.focusWidget() is door.password.box
    assert not door.open.isEnabled()
    assert door.open.toolTip() == say("unlock.missing_password")


def test_entree_opens(door: Unlock, parts: Parts, qtbot) -> None:
    QTest.keyClicks(door.password.box, PASSWORD)
    with qtbot.waitSignal(door.opened, timeout=60_000):
        QTest.keyClick(door.password.box, "\r")
    assert parts.opened_as() == EMAIL
    assert door.password.text() == ""


def test_five_wrong_passwords_make_wait_and_the_button_counts(
    door: Unlock, parts: Parts, qtbot
) -> None:
    for n in range(5):
        try_password(door, f"Faux-Mot-de-passe-{n}!", qtbot)
        assert door.password.error()
    try_password(door, PASSWORD, qtbot)
    assert door._wait > 0
    assert not door.open.isEnabled()
    assert door.open.toolTip() == say("unlock.wait", n=door._wait)
    before = door._wait
    door._tick()
    assert door._wait == before - 1
    for _ in range(before):
        door._tick()
    parts.clock.at += timedelta(minutes=1)
    door.password.set_text(PASSWORD)
    with qtbot.waitSignal(door.opened, timeout=60_000):
        door.unlock()


def test_the_words_are_counted_as_they_are_typed_however_they_are_parted(door: Unlock) -> None:
    door.show_recovery()
    door.words.setPlainText("1. lavande, 2. crayon;\n3 mistral")
    assert door._count.text() == say("unlock.words_count", n=3)
    assert door.recover_button.toolTip() == say("unlock.missing_words", n=21)
    screens.settle()
    assert split_words("1. Lavande, 2. crayon;\n3 mistral") == ["lavande", "crayon", "mistral"]
    assert not screens.faults(door)


def test_the_words_set_a_new_password_and_the_old_one_is_worth_nothing(
    door: Unlock, parts: Parts, founded, qtbot
) -> None:
    door.forgotten.click()
    door.words.setPlainText(" ".join(founded[1]))
    for field in (door.pair.first, door.pair.second):
        field.set_text(OTHER)
    with qtbot.waitSignal(door.opened, timeout=60_000):
        door.recover()
    assert parts.opened_as() == EMAIL
    with pytest.raises(WrongKey):
        keyfile.unlock(parts.home, EMAIL, PASSWORD)
    keyfile.unlock(parts.home, EMAIL, OTHER)


def test_words_of_another_agency_are_said_below_them(door: Unlock, founded, qtbot) -> None:
    door.forgotten.click()
    wrong = [founded[1][1], founded[1][0], *founded[1][2:]]
    door.words.setPlainText(" ".join(wrong))
    for field in (door.pair.first, door.pair.second):
        field.set_text(OTHER)
    door.recover()
    qtbot.waitUntil(lambda: not door._working, timeout=60_000)
    assert door._words_error.isVisible() or door.errors.isVisible()


def test_escape_comes_back_to_the_password(door: Unlock) -> None:
    from PySide6.QtCore import Qt

    door.forgotten.click()
    assert door._sides[1].isVisible()
    QTest.keyClick(QApplication.focusWidget(), Qt.Key.Key_Escape)
    screens.settle()
    assert door._sides[0].isVisible()


def test_damaged_keys_are_told_and_the_address_can_still_be_typed(
    parts: Parts, runner: Runner, qtbot
) -> None:
    for name in ("keys.json", "keys.backup.json"):
        (parts.home / name).write_bytes(b"{")
    door = open_door(parts, runner, qtbot)
    assert parts.trouble() is not None
    assert door.email is not None
    door.email.set_text(EMAIL)
    try_password(door, PASSWORD, qtbot)
    assert door.errors.isVisible()


class Store(KeyringBackend):
    """A key store in memory."""

    priority = 1  # type: ignore[assignment]

    def __init__(self) -> None:
        super().__init__()
        self.kept: dict[tuple[str, str], str] = {}

    def get_password(self, service: str, username: str) -> str | None:
        return self.kept.get((service, username))

    def set_password(self, service: str, username: str, password: str) -> None:
        self.kept[service, username] = password

    def delete_password(self, service: str, username: str) -> None:
        del self.kept[service, username]


@pytest.fixture
def store(monkeypatch: pytest.MonkeyPatch) -> Store:
    import keyring

    store = Store()
    monkeypatch.setattr(keyring, "get_keyring", lambda: store)
    monkeypatch.setattr(keystore, "TRUSTED", (Store.__module__,))
    # The defaults of its functions were taken when they were written.
    for function in (keystore.available, keystore.from_key_store, keystore.keep, keystore.forget):
        defaults = tuple((Store.__module__,) if d == _TRUSTED else d for d in function.__defaults__)
        monkeypatch.setattr(function, "__defaults__", defaults)
    return store


_TRUSTED = keystore.TRUSTED


def test_the_key_store_is_asked_for_and_opens_the_next_start(
    store: Store, parts: Parts, runner: Runner, qtbot
) -> None:
    door = open_door(parts, runner, qtbot)
    assert door.remember is not None
    assert not door.remember.isChecked(), "nothing is kept unless it is asked for"
    door.remember.setChecked(True)
    door.password.set_text(PASSWORD)
    with qtbot.waitSignal(door.opened, timeout=60_000):
        door.unlock()
    assert len(store.kept) == 1
    again = Parts(parts.home)
    assert again.opened_already()
    assert again.opened_as() == EMAIL
    again.forget()
    assert not again.opened_already(), "what was locked is not opened by the store"
    assert open_door(again, runner, qtbot).remember.isChecked()


def test_unticking_forgets_the_kept_key(store: Store, parts: Parts, runner: Runner, qtbot) -> None:
    parts.unlocking().unlock(EMAIL, PASSWORD, True)
    assert store.kept
    door = open_door(parts, runner, qtbot)
    door.remember.setChecked(False)
    door.password.set_text(PASSWORD)
    with qtbot.waitSignal(door.opened, timeout=60_000):
        door.unlock()
    assert not store.kept


def test_what_goes_on_behind_the_door_is_said(door: Unlock) -> None:
    door.say_working(["Lecture de 12 CV"])
    screens.settle()
    assert "Lecture de 12 CV" in door._goes_on.text()
    assert not screens.faults(door)
    door.say_working()
    assert not door._goes_on.isVisible()


# One's own password.


@pytest.fixture
def sheet(parts: Parts, runner: Runner, qapp) -> Iterator[PasswordDialog]:
    port = OwnPassword(parts.home, EMAIL, ("Camille Roux", "Cabinet Horizon"))
    made = PasswordDialog(port, runner)
    made.open()
    screens.settle()
    yield made
    # It deletes itself when it is closed.
    if isValid(made):
        made.reject()
        screens.settle()


def change(sheet: PasswordDialog, current: str, new: str) -> None:
    sheet.current.set_text(current)
    sheet.pair.first.set_text(new)
    sheet.pair.second.set_text(new)
    sheet.save.click()


def test_one_s_own_password_is_changed_with_the_present_one(
    sheet: PasswordDialog, parts: Parts, qtbot
) -> None:
    with qtbot.waitSignal(sheet.changed, timeout=60_000):
        change(sheet, PASSWORD, OTHER)
    keyfile.unlock(parts.home, EMAIL, OTHER)
    with pytest.raises(WrongKey):
        keyfile.unlock(parts.home, EMAIL, PASSWORD)


def test_a_wrong_present_password_is_said_at_its_field(sheet: PasswordDialog, qtbot) -> None:
    change(sheet, "Faux-Mot-de-passe-1!", OTHER)
    qtbot.waitUntil(lambda: bool(sheet.current.error()), timeout=60_000)
    assert sheet.isVisible()


def test_a_former_password_is_refused_at_the_field(sheet: PasswordDialog, qtbot) -> None:
    change(sheet, PASSWORD, PASSWORD)
    qtbot.waitUntil(lambda: bool(sheet.pair.first.error()), timeout=60_000)


def test_the_save_button_says_what_is_missing(sheet: PasswordDialog) -> None:
    assert sheet.save.toolTip() == say("password.missing_current")
    sheet.current.set_text(PASSWORD)
    assert sheet.save.toolTip() == say("password.missing_rules")
    sheet.pair.first.set_text("camille.roux-Horizon-9!")
    assert not sheet.save.isEnabled(), "one's own name is refused"
    screens.settle()
    assert not screens.faults(sheet)
