"""A real home behind a real window: founded once, copied for each test, read off the GUI thread.

``desk`` is an open agency with three missions and the incoming items of the demonstration; ``ctx``
joins it to a window; from then on a statement on the GUI thread is a failure, except inside
``with at_the_desk():`` (a test that prepares or looks by itself).
"""

from __future__ import annotations

import contextlib
import json
import shutil
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget
from sqlalchemy import Engine, event

from clementine_crm import bootstrap
from clementine_crm.bootstrap import Desk
from clementine_crm.clock import Clock
from clementine_crm.domain.candidate import Candidate
from clementine_crm.domain.consent_model import Channel, ConsentEvent, EventType
from clementine_crm.domain.ids import Id
from clementine_crm.keys.keyfile import Unlocked
from clementine_crm.parts import Parts
from clementine_crm.queries.inbox import inbox
from clementine_crm.services.agencies import ChangeSetting
from clementine_crm.services.candidates import AddCandidate
from clementine_crm.services.intake import ImportFiles
from clementine_crm.services.missions import AddMission, CloseMission
from clementine_crm.services.triage import KeepItems
from clementine_crm.words import Words
from tests.ui.driver import Driver
from ui import screens, speech, theme
from ui.app import App
from ui.context import UiContext
from ui.jobs import Runner
from ui.pages.base import Page
from ui.shell import Place, Shell

ROOT = Path(__file__).resolve().parent.parent.parent
INBOX = ROOT / "resources" / "demo" / "inbox"
EMAIL, PASSWORD = "camille.roux@example.org", "Verger-Mistral-47!bocage"
MISSIONS = (
    ("REF-2214", "Chef comptable (F/H)", "Groupe Talvance", "comptabilité, bilan, Sage, IFRS, encadrement"),
    ("REF-2220", "Technico-commercial itinérant (F/H)", "Négoce Brissandre", "négociation, CRM, permis B"),
    ("REF-2226", "Assistant de direction bilingue (F/H)", "Clinique Hautelune", "anglais"),
)  # fmt: skip


Quiet = Callable[[], None]
Desked = Callable[[], contextlib.AbstractContextManager[None]]


@dataclass(frozen=True)
class HomeTemplate:
    """A home that was filled once; tests work on copies of its folder."""

    folder: Path
    unlocked: Unlocked

    def copy_to(self, folder: Path) -> Path:
        shutil.copytree(self.folder, folder)
        return folder


def _found(folder: Path) -> HomeTemplate:
    unlocked, _words = bootstrap.found(folder, "Cabinet Horizon", "Camille Roux", EMAIL, PASSWORD)
    return HomeTemplate(folder, unlocked)


@pytest.fixture(scope="session")
def empty_home(tmp_path_factory: pytest.TempPathFactory) -> HomeTemplate:
    """An agency founded a moment ago, with nothing in it."""
    return _found(tmp_path_factory.mktemp("empty") / "home")


@pytest.fixture(scope="session")
def full_home(empty_home: HomeTemplate, tmp_path_factory: pytest.TempPathFactory) -> HomeTemplate:
    """The agency with missions and what came in by the site and by mail."""
    folder = empty_home.copy_to(tmp_path_factory.mktemp("full") / "home")
    desk = bootstrap.open_desk(folder, empty_home.unlocked)
    for name in ("website_forms", "mail_files"):
        desk.execute(ChangeSetting(f"plugin.{name}.enabled", "1"))
    for name, value in _site().items():
        desk.execute(ChangeSetting(f"plugin.website_forms.set.{name}", json.dumps(value)))
    for reference, title, client, criteria in MISSIONS:
        desk.execute(AddMission(reference, title, client, criteria=criteria))
    desk.execute(CloseMission("REF-2226"))
    desk.close()
    desk = bootstrap.open_desk(folder, empty_home.unlocked)
    desk.execute(ImportFiles((INBOX,)))
    desk.close()
    return HomeTemplate(folder, empty_home.unlocked)


@pytest.fixture(scope="session")
def kept_home(full_home: HomeTemplate, tmp_path_factory: pytest.TempPathFactory) -> HomeTemplate:
    """The agency after a morning's triage: candidates, one to be informed, one limited, one gone."""
    folder = full_home.copy_to(tmp_path_factory.mktemp("kept") / "home")
    desk = bootstrap.open_desk(folder, full_home.unlocked)
    for row in inbox(desk.reading).rows:
        if row.kind == "application":
            desk.execute(KeepItems((row.id,)))
    desk.execute(
        AddCandidate("Zoé", "Marchal", "salon", "sourced", email="zoe.marchal@example.org")
    )
    desk.execute(AddCandidate("Louis", "Berthier", "site", "applied", mission="REF-2214"))
    desk.execute(AddCandidate("Nina", "Vasseur", "site", "applied", mission="REF-2214"))
    say_of_person(desk, "Louis Berthier", EventType.RESTRICTION_ON)
    say_of_person(desk, "Nina Vasseur", EventType.ERASURE_REQUEST)
    desk.close()
    return HomeTemplate(folder, full_home.unlocked)


def say_of_person(desk: Desk, name: str, act: EventType) -> Id:
    """Write one act of a person on the whole dossier; the dossier's id."""
    with desk.unit_of_work() as uow:
        person = next(c for c in uow.find(Candidate) if c.full_name == name)
        now = desk.clock.now()
        uow.add(
            ConsentEvent(
                dossier=person.id, type=act, event_time=now, received_time=now, entity="person",
                channel=Channel.E_MAIL, evidence="00",
            )
        )  # fmt: skip
        uow.commit()
        return person.id


@pytest.fixture
def kept_desk(kept_home: HomeTemplate, tmp_path: Path) -> Iterator[Desk]:
    desk = bootstrap.open_desk(kept_home.copy_to(tmp_path / "kept"), kept_home.unlocked)
    yield desk
    desk.close()


def _site() -> dict[str, object]:
    import tomllib

    agency = tomllib.loads((ROOT / "resources/demo/agency.toml").read_text(encoding="utf-8"))
    found: dict[str, object] = agency["plugins"]["website_forms"]
    return found


@pytest.fixture
def empty_desk(empty_home: HomeTemplate, tmp_path: Path) -> Iterator[Desk]:
    desk = bootstrap.open_desk(empty_home.copy_to(tmp_path / "home"), empty_home.unlocked)
    yield desk
    desk.close()


@pytest.fixture
def desk(full_home: HomeTemplate, tmp_path: Path) -> Iterator[Desk]:
    desk = bootstrap.open_desk(full_home.copy_to(tmp_path / "home"), full_home.unlocked)
    yield desk
    desk.close()


class SqlGuard:
    """Fails the test when a statement of these engines runs on the GUI thread while it is on."""

    def __init__(self, *engines: Engine | type[Engine]) -> None:
        self.on = False
        self.caught: list[str] = []
        self._engines = engines
        for engine in engines:
            event.listen(engine, "before_cursor_execute", self._meet)

    def end(self) -> None:
        """Listen no more; the test fails for what was caught."""
        self.on = False
        for engine in self._engines:
            event.remove(engine, "before_cursor_execute", self._meet)
        assert not self.caught, self.caught

    def _meet(self, _connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        if self.on and threading.current_thread() is threading.main_thread():
            self.caught.append(statement)
            raise AssertionError(f"SQL on the GUI thread: {statement[:120]}")


@pytest.fixture(autouse=True)
def _look(qapp: QApplication) -> Iterator[None]:
    """French, light, the bundled font: the same everywhere; a test may choose otherwise."""
    speech.speak(Words("fr"))
    theme.apply(qapp, theme.named("light"), bundled=True)
    yield
    speech.speak(Words("fr"))


def join(desk: Desk, runner: Runner, lang: str = "fr") -> UiContext:
    """The context of a window over a desk, as ``main.py`` joins them."""
    words = Words(lang)
    speech.speak(words)
    return UiContext(
        execute=desk.execute,
        reader=lambda: desk.reading,
        words=words,
        runner=runner,
        clock=desk.clock,
        actor=desk.actor,
        pages=desk.pages,
    )


@dataclass
class Joined:
    """What ``window_over`` made: quit it before the desk closes."""

    ctx: UiContext
    guard: SqlGuard
    failures: list[Exception]


@pytest.fixture
def window_over(qapp: QApplication) -> Iterator[Callable[[Desk], Joined]]:
    """Join a window to a desk; errors that nobody took fail the test."""
    made: list[Joined] = []

    def start(desk: Desk) -> Joined:
        engines = desk.engines
        joined = Joined(
            join(desk, Runner()), SqlGuard(engines.read, engines.search, engines.write), []
        )
        joined.ctx.runner.failed.connect(joined.failures.append)
        joined.guard.on = True
        made.append(joined)
        return joined

    yield start
    for joined in made:
        joined.ctx.runner.quit()
        screens.settle()
        joined.guard.end()
        assert not joined.failures, joined.failures


@pytest.fixture
def joined(desk: Desk, window_over: Callable[[Desk], Joined]) -> Joined:
    return window_over(desk)


@pytest.fixture
def ctx(joined: Joined) -> UiContext:
    return joined.ctx


@pytest.fixture
def at_the_desk(joined: Joined) -> Callable[[], contextlib.AbstractContextManager[None]]:
    """Statements of the test itself, on the GUI thread, between two acts of the window."""

    @contextlib.contextmanager
    def quiet() -> Iterator[None]:
        joined.guard.on = False
        try:
            yield
        finally:
            joined.guard.on = True

    return quiet


@pytest.fixture
def shell(ctx: UiContext, qtbot) -> Iterator[Shell]:
    """An empty window of 1440 × 900 on screen."""
    shell = Shell(ctx, person="Camille Roux", role="Manager")
    qtbot.addWidget(shell)
    screens.prepare(shell, (1440, 900))
    yield shell
    shell.close()


@pytest.fixture
def open_page(shell: Shell) -> Callable[[str, Callable[[UiContext], Page]], Page]:
    """Put a page on the rail and open it."""

    def open_it(name: str, make: Callable[[UiContext], Page]) -> Page:
        shell.add_place(
            Place(name, name if name != "candidates" else "people", f"shell.{name}", make)
        )
        shell.go(name)
        screens.settle()
        return shell.page(name)

    return open_it


def no_faults(root: QWidget) -> None:
    """Nothing clipped, overlapping, nameless or out of reach."""
    screens.settle()
    found = screens.faults(root)
    assert not found, "\n".join(found)


# The whole application over a real home.


@pytest.fixture
def sql_off_the_gui() -> Iterator[SqlGuard]:
    """From the moment it is on, a statement on the GUI thread is a failure, whoever makes it."""
    guard = SqlGuard(Engine)
    yield guard
    guard.end()


@pytest.fixture
def start(qapp: QApplication, qtbot, sql_off_the_gui: SqlGuard) -> Iterator[Callable[..., Driver]]:
    """Start the application on a home; it is closed as a person closes it at the end."""
    started: list[Driver] = []

    def begin(home: Path, unlocked: Unlocked | None = None, clock: Clock | None = None) -> Driver:
        app = App(Parts(home, version="0.1.0", clock=clock, unlocked=unlocked), qapp, bundled=True)
        driver = Driver(app, qtbot)
        started.append(driver)
        sql_off_the_gui.on = True
        app.start()
        driver.until(lambda: app.window.screen_shown is not None)
        app.window.activateWindow()
        screens.settle()
        return driver

    yield begin
    for driver in started:
        app = driver.app
        if app.window.isVisible():
            with qtbot.waitSignal(app.done, timeout=30_000):
                app.quit()
                for sheet in QApplication.topLevelWidgets():
                    if sheet.objectName() == "leaving":
                        sheet.accept()
        app.window.deleteLater()
        app.deleteLater()
    sql_off_the_gui.on = False
    screens.settle()
    for driver in started:
        assert not driver.failures, driver.failures


@pytest.fixture
def opened(start: Callable[..., Driver], full_home: HomeTemplate, tmp_path: Path) -> Driver:
    """The application, open on the agency with missions and incoming items."""
    driver = start(full_home.copy_to(tmp_path / "home"), full_home.unlocked)
    driver.calm()
    return driver


@pytest.fixture
def opened_empty(start: Callable[..., Driver], empty_home: HomeTemplate, tmp_path: Path) -> Driver:
    """The application, open on an agency founded a moment ago."""
    driver = start(empty_home.copy_to(tmp_path / "home"), empty_home.unlocked)
    driver.calm()
    return driver


def press(widget: QWidget, key: Qt.Key, *modifiers: Qt.KeyboardModifier) -> None:
    """A real key, where the focus is or on ``widget``."""
    held = Qt.KeyboardModifier.NoModifier
    for modifier in modifiers:
        held |= modifier
    QTest.keyClick(QApplication.focusWidget() or widget, key, held)


@pytest.fixture
def quiet(qtbot, ctx: UiContext) -> Callable[[], None]:
    """Wait until nothing is asked, written or about to be asked any more."""

    def wait() -> None:
        for _ in range(2):
            screens.settle()
            qtbot.waitUntil(
                lambda: not [h for h in ctx.runner.handles if h.running], timeout=20_000
            )
        screens.settle()

    return wait
