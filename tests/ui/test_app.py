"""The application: what is shown first, locking, closing, one window a home, what is remembered."""

from __future__ import annotations

import json
import logging
import sys
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication

from clementine_crm import bootstrap
from clementine_crm.errors import StorageError
from clementine_crm.jobs import JobContext
from clementine_crm.parts import Parts
from clementine_crm.services.missions import AddMission
from clementine_crm.services.triage import DiscardItems
from ui import app as application
from ui import preferences, screens
from ui.app import App
from ui.dialogs.details import DetailsSheet
from ui.dialogs.leaving import Leaving
from ui.dialogs.password import PasswordDialog
from ui.pages.first_start import FirstStart
from ui.pages.unlock import Unlock
from ui.single import SingleWindow

EMAIL, PASSWORD = "camille.roux@example.org", "Verger-Mistral-47!bocage"


def unlock_by_keyboard(driver, password: str = PASSWORD) -> None:
    door = driver.window.screen_shown
    assert isinstance(door, Unlock)
    door.password.setFocus()
    driver.type(password)
    driver.press("Return")


def test_a_home_that_is_none_begins_with_the_first_start(start, tmp_path: Path) -> None:
    driver = start(tmp_path / "home")
    assert isinstance(driver.window.screen_shown, FirstStart)


def test_the_first_start_leads_to_the_places(start, tmp_path: Path) -> None:
    driver = start(tmp_path / "home")
    page = driver.window.screen_shown
    driver.type("Cabinet Horizon")
    driver.press("Return")
    driver.type("Camille Roux")
    page.you.email.setFocus()
    driver.type(EMAIL)
    driver.press("Return")
    driver.type(PASSWORD)
    page.password.pair.second.setFocus()
    driver.type(PASSWORD)
    driver.press("Return")
    driver.until(lambda: page.key is not None)
    assert len(page.made) == 24
    page.key.by_hand.click()
    for place, field in zip(page.key.places, page.key.answers, strict=True):
        field.setFocus()
        driver.type(page.made[place - 1])
    driver.press("Return")
    driver.until(lambda: page.step == 4)
    assert not (tmp_path / "home" / ".founding").exists()
    with driver.qtbot.waitSignal(driver.app.opened, timeout=30_000):
        driver.press("Return")
    driver.calm()
    assert driver.shell.place == "today"
    assert driver.window.windowTitle().startswith("Cabinet Horizon")


def test_leaving_the_first_start_before_the_sheet_was_checked_makes_no_agency(
    start, tmp_path: Path
) -> None:
    home = tmp_path / "home"
    driver = start(home)
    page = driver.window.screen_shown
    made: list[str] = []
    driver.app.runner.submit(
        lambda _job: page.port.create("Cabinet", "Camille Roux", EMAIL, PASSWORD),
        on_result=made.extend,
    )
    driver.until(lambda: made)
    page.show_words(made)
    with driver.qtbot.waitSignal(driver.app.done):
        driver.app.quit()
    assert not Parts(home).known()


def test_the_door_opens_with_the_password_and_the_keyboard_alone(
    start, full_home, tmp_path: Path
) -> None:
    driver = start(full_home.copy_to(tmp_path / "home"))
    with driver.qtbot.waitSignal(driver.app.opened, timeout=30_000):
        unlock_by_keyboard(driver)
    driver.calm()
    assert driver.shell.place == "today"


def test_a_wrong_password_is_said_at_its_field_and_changes_nothing(
    start, full_home, tmp_path: Path
) -> None:
    home = full_home.copy_to(tmp_path / "home")
    before = (home / "keys.json").read_bytes()
    driver = start(home)
    door = driver.window.screen_shown
    unlock_by_keyboard(driver, "Faux-Mot-de-passe-1!")
    driver.until(door.password.error)
    assert driver.app.sitting is None
    assert (home / "keys.json").read_bytes() == before


def test_the_24_words_open_with_a_new_password(start, tmp_path: Path) -> None:
    home = tmp_path / "home"
    _, words = bootstrap.found(home, "Cabinet Horizon", "Camille Roux", EMAIL, PASSWORD)
    driver = start(home)
    door = driver.window.screen_shown
    door.forgotten.click()
    driver.type(" ".join(words))
    door.pair.first.setFocus()
    driver.type("Lucarne-Moisson-58?violon")
    door.pair.second.setFocus()
    driver.type("Lucarne-Moisson-58?violon")
    with driver.qtbot.waitSignal(driver.app.opened, timeout=30_000):
        driver.press("Return")
    driver.calm()
    assert driver.shell.place == "today"


def test_what_hinders_is_said_before_anything_is_typed(
    start, full_home, tmp_path: Path, monkeypatch
) -> None:
    home = full_home.copy_to(tmp_path / "home")
    (home / "base.db").rename(home / "elsewhere.db")
    driver = start(home)
    assert driver.window.screen_shown.errors.isVisible()


def test_a_place_on_the_network_is_refused_at_once(start, tmp_path: Path, monkeypatch) -> None:
    from clementine_crm.store.home import Home

    def refuse(_home: Home) -> None:
        raise StorageError("home_on_network", folder="Z:", kind="SMB")

    monkeypatch.setattr(Home, "check_place", refuse)
    driver = start(tmp_path / "home")
    assert isinstance(driver.window.screen_shown, FirstStart)
    assert driver.window.screen_shown.errors.isVisible()


def test_locking_erases_what_was_discarded_and_forgets_the_desk(opened) -> None:
    home = opened.app.parts.home
    discarded = _first_item(opened)
    opened.shell.ctx.dispatch(DiscardItems((discarded,), at_once=False))
    opened.calm()
    with opened.qtbot.waitSignal(opened.app.locked, timeout=30_000):
        opened.press("Ctrl+L")
    assert isinstance(opened.window.screen_shown, Unlock)
    assert opened.app.sitting is None
    assert not opened.app.parts.opened_as()
    journal = (home / "journal" / "erasures.jsonl").read_text("utf-8")
    assert discarded.hex() in journal.replace("-", "")


def _first_item(driver) -> bytes:
    from clementine_crm.queries.inbox import inbox

    found = []
    driver.shell.ctx.read(inbox, on_result=found.append)
    driver.until(lambda: found)
    return found[0].rows[0].id


def test_fifteen_minutes_without_a_touch_lock(opened) -> None:
    app = opened.app
    now = [1000.0]
    app.idle._clock = lambda: now[0]
    app.idle.touch()
    now[0] += 14 * 60
    app.idle.look()
    assert app.sitting is not None
    from PySide6.QtTest import QTest

    QTest.keyClick(opened.window.windowHandle(), "a")
    now[0] += 14 * 60
    app.idle.look()
    assert app.sitting is not None, "a key is a touch"
    now[0] += 61
    with opened.qtbot.waitSignal(app.locked, timeout=30_000):
        app.idle.look()
    assert isinstance(opened.window.screen_shown, Unlock)


def test_unlocking_after_a_lock_comes_back_to_the_same_place(opened) -> None:
    opened.go("missions")
    with opened.qtbot.waitSignal(opened.app.locked, timeout=30_000):
        opened.app.lock()
    with opened.qtbot.waitSignal(opened.app.opened, timeout=30_000):
        unlock_by_keyboard(opened)
    opened.calm()
    assert opened.shell.place == "missions"


def test_dialogs_do_not_outlive_a_lock(opened) -> None:
    sheet = opened.app.account.change_password()
    assert isinstance(opened.sheet(PasswordDialog), PasswordDialog)
    with opened.qtbot.waitSignal(opened.app.locked, timeout=30_000):
        opened.app.lock()
    assert sheet is not None
    assert not [
        w for w in QApplication.topLevelWidgets() if isinstance(w, PasswordDialog) and w.isVisible()
    ]


class Long:
    """Work that goes on until it is let go; it stops between two items as an import does."""

    def __init__(self) -> None:
        import threading

        self.go_on = threading.Event()
        self.stopped = False

    def __call__(self, job: JobContext) -> object:
        done = 0
        while not self.go_on.wait(0.01):
            done += 1
            job.progress(done, 100, "")
            if job.cancel.asked:
                self.stopped = True
                job.cancel.check()
        from clementine_crm.ports import ChangeSet
        from clementine_crm.services.work import Outcome

        return Outcome(done, ChangeSet())


def test_work_goes_on_behind_the_door_and_the_same_sitting_comes_back(opened) -> None:
    work = Long()
    opened.shell.ctx.work(work, name="Lecture de 12 CV")
    sitting = opened.app.sitting
    with opened.qtbot.waitSignal(opened.app.locked, timeout=30_000):
        opened.app.lock()
    door = opened.window.screen_shown
    assert isinstance(door, Unlock)
    assert "Lecture de 12 CV" in door._goes_on.text()
    assert sitting is not None
    assert sitting.working
    opened.app.parts._locked = True
    unlock_by_keyboard(opened)
    opened.until(lambda: sitting.shell is not None)
    assert opened.window.screen_shown is sitting.shell
    assert opened.app.sitting is sitting
    opened.until(opened.shell.jobs.isVisible)
    assert not work.stopped
    work.go_on.set()
    opened.calm()


def test_work_that_ends_behind_the_door_closes_the_base(opened) -> None:
    work = Long()
    opened.shell.ctx.work(work, name="Lecture de 12 CV")
    with opened.qtbot.waitSignal(opened.app.locked, timeout=30_000):
        opened.app.lock()
    assert opened.app.sitting is not None
    work.go_on.set()
    opened.until(lambda: opened.app.sitting is None)
    assert not opened.window.screen_shown._goes_on.isVisible()


def test_closing_while_work_runs_says_what_goes_on(opened) -> None:
    work = Long()
    opened.shell.ctx.work(work, name="Lecture de 12 CV")
    opened.window.close()
    sheet = opened.sheet(Leaving)
    assert opened.window.isVisible()
    assert not screens.faults(sheet)
    assert QApplication.focusWidget() is sheet.wait, "the safe choice has the focus"
    opened.press("Esc")
    assert opened.window.isVisible()
    assert not work.stopped
    opened.window.close()
    opened.sheet(Leaving)
    with opened.qtbot.waitSignal(opened.app.done, timeout=30_000):
        opened.press("Ctrl+Return")
    assert work.stopped
    assert not opened.window.isVisible()


def test_a_window_that_was_to_close_closes_when_the_work_ends(opened) -> None:
    work = Long()
    opened.shell.ctx.work(work, name="Lecture de 12 CV")
    opened.window.close()
    opened.sheet(Leaving)
    with opened.qtbot.waitSignal(opened.app.done, timeout=30_000):
        work.go_on.set()
    assert not work.stopped


def test_what_another_process_commits_shows_within_seconds(opened, full_home) -> None:
    opened.go("missions")
    home = opened.app.parts.home
    changes = []
    opened.shell.ctx.bus.changed.connect(changes.append)
    import threading

    def other() -> None:
        desk = bootstrap.open_desk(home, full_home.unlocked)
        desk.execute(AddMission("REF-3001", "Acheteur (F/H)"))
        desk.close()

    thread = threading.Thread(target=other)
    thread.start()
    opened.until(lambda: any(m.reference == "REF-3001" for m in opened.page._all))
    thread.join()
    assert any("*" in change.kinds for change in changes)


def test_ones_own_commits_are_not_taken_for_another_s(opened) -> None:
    sitting = opened.app.sitting
    opened.until(lambda: sitting._commits is not None)
    opened.calm()
    changes = []
    opened.shell.ctx.bus.changed.connect(changes.append)
    with opened.qtbot.waitSignal(opened.shell.ctx.bus.changed):
        opened.shell.ctx.dispatch(AddMission("REF-3002", "Acheteuse (F/H)"))
    with opened.qtbot.waitSignal(sitting.runner.started):
        sitting.look()
    opened.calm()
    assert [change.kinds for change in changes if "*" in change.kinds] == []


def test_a_second_start_raises_the_first_and_ends(opened, qtbot, qapp) -> None:
    home = opened.app.parts.home
    first = SingleWindow(home)
    assert first.claim()
    with qtbot.waitSignal(first.raised):
        assert application.run(Parts(home)) == 0
    assert SingleWindow(home.parent / "another").claim()
    first.release()
    again = SingleWindow(home)
    assert again.claim()
    again.release()


def test_run_opens_the_window_and_returns_when_it_is_closed(
    qapp, full_home, tmp_path: Path, monkeypatch
) -> None:
    home = full_home.copy_to(tmp_path / "home")
    seen = []
    hook = sys.excepthook

    def close_when_open(app: App) -> None:
        seen.append(app.window.isVisible())
        app.opened.connect(app.quit)

    real = App.start
    monkeypatch.setattr(App, "start", lambda app: (real(app), close_when_open(app)))
    assert application.run(Parts(home, unlocked=full_home.unlocked)) == 0
    assert seen == [True]
    assert sys.excepthook is hook, "the hooks were given back"


@pytest.mark.logs
def test_what_nobody_caught_shows_in_the_error_bar_and_names_nobody(opened) -> None:
    try:
        raise ValueError("Claire Aubry, claire.aubry@example.org")
    except ValueError as error:
        opened.app.bugs.caught(type(error), error, error.__traceback__)
    screens.settle()
    assert opened.shell.errors.isVisible()
    opened.shell.errors._more.click()
    sheet = opened.sheet(DetailsSheet)
    assert "ValueError" in sheet.box.toPlainText()
    assert "Aubry" not in sheet.box.toPlainText()
    log = opened.app.parts.home / "logs" / "clementine.log"
    text = log.read_text("utf-8")
    assert "ValueError" in text
    assert "Aubry" not in text
    assert "@example" not in text
    opened.press("Esc")


def test_language_and_look_change_without_a_restart_and_are_remembered(opened) -> None:
    opened.go("missions")
    opened.app.prefer(lang="en")
    opened.calm()
    assert opened.page.title_label.text() == "Missions"
    assert opened.shell.rail.places["today"].text() == "Today"
    assert opened.shell.place == "missions"
    opened.app.prefer(look="dark")
    opened.calm()
    from ui import theme

    assert theme.current().name == "dark"
    kept = json.loads((opened.app.parts.home / preferences.NAME).read_text("utf-8"))
    assert (kept["lang"], kept["look"]) == ("en", "dark")
    assert EMAIL.split("@")[0] not in json.dumps(kept)


def test_the_window_comes_back_where_it_was(start, full_home, tmp_path: Path) -> None:
    home = full_home.copy_to(tmp_path / "home")
    driver = start(home, full_home.unlocked)
    driver.calm()
    driver.window.setGeometry(40, 30, 1100, 700)
    driver.go("clients")
    driver.press("Ctrl+B")
    with driver.qtbot.waitSignal(driver.app.done, timeout=30_000):
        driver.app.quit()
    again = start(home, full_home.unlocked)
    again.calm()
    assert again.window.size().width() == 1100
    assert again.shell.place == "clients"
    assert again.shell.folded


@pytest.mark.parametrize(
    "kept", [b"", b"[]", b"{", b'{"lang": 3, "frame": [1, 2], "look": "pink"}', b"x" * 100_000]
)
def test_preferences_that_cannot_be_read_are_the_defaults(tmp_path: Path, kept: bytes) -> None:
    (tmp_path / preferences.NAME).write_bytes(kept)
    assert preferences.load(tmp_path) == preferences.Preferences()


def test_a_window_remembered_off_every_screen_opens_on_one(start, full_home, tmp_path) -> None:
    home = full_home.copy_to(tmp_path / "home")
    preferences.save(home, preferences.Preferences(frame=(-9000, -9000, 1200, 800)))
    driver = start(home, full_home.unlocked)
    assert driver.window.geometry().left() > -1000
    logging.getLogger(__name__).info("opened")


def test_a_password_given_by_somebody_else_is_changed_first_or_locks(
    start, full_home, tmp_path: Path
) -> None:
    from clementine_crm.keys import keyfile
    from clementine_crm.services.agencies import AddUser

    home = full_home.copy_to(tmp_path / "home")
    desk = bootstrap.open_desk(home, full_home.unlocked)
    from clementine_crm.domain.agency import Role

    desk.execute(AddUser("sofiane.m@example.org", "Sofiane Meyrieux", Role.RECRUITER))
    desk.close()
    keyfile.add_user(
        home, full_home.unlocked.db_key, "sofiane.m@example.org", "Falaise-Tambour-29!crayon"
    )
    unlocked = keyfile.unlock(home, "sofiane.m@example.org", "Falaise-Tambour-29!crayon")
    driver = start(home, unlocked)
    driver.until(lambda: driver.app.sitting is not None)
    sheet = driver.sheet(PasswordDialog)
    assert not screens.faults(sheet)
    with driver.qtbot.waitSignal(driver.app.locked, timeout=30_000):
        driver.press("Esc")
    assert isinstance(driver.window.screen_shown, Unlock)
