"""The application: first start or unlock, then the window's places; locking, closing, one window.

``run`` is what ``main.py`` calls. Everything of the agency comes through ``Parts`` (``ui/ports.py``).
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import cached_property, partial
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QApplication, QWidget

from clementine_crm.errors import ClementineError
from clementine_crm.words import Words
from ui import logs, preferences, speech, theme
from ui.bugs import Bugs
from ui.errors import ErrorText, explain
from ui.idle import IdleWatch
from ui.jobs import Runner
from ui.keys import bind
from ui.pages.unlock import Unlock
from ui.ports import Creation, Desk, Parts, Unlocking
from ui.rubbish import Sweeper
from ui.single import SingleWindow
from ui.speech import say, words
from ui.widgets.error_bar import Problem
from ui.window import Window

if TYPE_CHECKING:
    from ui.account import Account
    from ui.pages.first_start import FirstStart
    from ui.shell import Shell
    from ui.sitting import Sitting

log = logging.getLogger(__name__)
WARM = ("ui.sitting", "ui.account", "ui.pages.today")


class App(QObject):
    """One window over one home.

    Signals: ``opened()`` the places are on screen; ``locked()`` the door is; ``done()`` it is over.
    """

    opened = Signal()
    locked = Signal()
    done = Signal()

    def __init__(self, parts: Parts, application: QApplication, *, bundled: bool = False) -> None:
        super().__init__()
        self.parts, self._application, self._bundled = parts, application, bundled
        self.preferences = preferences.load(parts.home)
        self.runner = Runner(self)
        self.sitting: Sitting | None = None
        self.timings: dict[str, float] = {}
        self._sweeper = Sweeper(self)
        self._log: logging.Handler | None = None
        self._leaving = False
        self._first: FirstStart | None = None
        self._trouble: ClementineError | None = None
        self._speak()
        self.window = Window()
        self.idle = IdleWatch(parent=self)
        self.bugs = Bugs(self)
        self.window.close_asked.connect(self.quit)
        self.window.dropped.connect(self._import)
        self.window.outlook_dropped.connect(self._say_outlook)
        self.idle.idle.connect(self.lock)
        self.bugs.found.connect(self._show_bug)
        for keys, act in (("Ctrl+L", self.lock), ("Ctrl+Q", self.quit)):
            bind(self.window, keys, act)

    @cached_property
    def account(self) -> Account:
        """The menus of the top bar; read when the places are."""
        from ui.account import Account

        return Account(self)

    # Language and look.
    def _speak(self) -> None:
        speech.speak(Words(self.preferences.language))
        theme.apply(self._application, theme.chosen(self.preferences.look), bundled=self._bundled)

    def prefer(self, *, lang: str = "", look: str = "") -> None:
        """Change language or look now, and remember it."""
        kept = self.preferences
        self.preferences = replace(kept, lang=lang or kept.lang, look=look or kept.look)
        preferences.save(self.parts.home, self.preferences)
        self._speak()
        self._redraw()

    def _redraw(self) -> None:
        if self.sitting is not None and self.sitting.shell is not None:
            self.sitting.leave()
            self._show_places(*self.sitting.left_at)
        elif isinstance(self.window.screen_shown, Unlock):
            self._show_door(self.parts.unlocking())
        elif self._first is not None:
            self._show_first(self._first.port, self._first)
        self.window.say_title(self.sitting.desk.agency if self.sitting else "")

    # Start.
    def start(self) -> None:
        """Show the window, and find out what is there."""
        self._sweeper.start()
        self.window.open_as(self.preferences)
        self.runner.submit(
            lambda _job: (self.parts.trouble(), self.parts.known(), self.parts.opened_already()),
            lane="io", owner=self, on_result=lambda found: self._met(*found),
        )  # fmt: skip

    def _met(self, trouble: ClementineError | None, known: bool, opened: bool) -> None:
        self._trouble = trouble
        if opened and trouble is None:
            self._open()
        elif known:
            self._door()
        else:
            self.runner.submit(
                lambda _job: self.parts.founding(), lane="io", owner=self,
                on_result=self._show_first,
            )  # fmt: skip

    def _door(self) -> None:
        self.runner.submit(
            lambda _job: self.parts.unlocking(), lane="io", owner=self, on_result=self._show_door
        )

    def _show_first(self, port: Creation, before: FirstStart | None = None) -> None:
        from ui.pages.first_start import FirstStart

        page = FirstStart(port, self.runner, version=self.parts.version)
        if before is not None:
            page.go_on_from(before)
        page.language_asked.connect(lambda lang: self.prefer(lang=lang))
        page.finished.connect(lambda: self._begin(page.first_place))
        self._put(page)
        self._first = page
        self._tell_trouble(page.errors)

    def _begin(self, place: str) -> None:
        """The first opening of a new agency, at the place that was chosen."""
        self.preferences = replace(self.preferences, place=place)
        self._open()

    def _show_door(self, port: Unlocking) -> None:
        page = Unlock(port, self.runner)
        page.opened.connect(self._open)
        self._put(page)
        self._tell_trouble(page.errors)
        if self.sitting is not None:
            page.say_working([handle.name for handle in self.sitting.working])
            self.sitting.rest.connect(page.say_working)
        # While somebody types, what the places need is read from disk.
        self.runner.submit(lambda _job: _warm_up(self.parts), lane="io")
        self.locked.emit()

    def _tell_trouble(self, bar: object) -> None:
        if self._trouble is not None and hasattr(bar, "show_problem"):
            bar.show_problem(Problem(explain(self._trouble, words())))

    def _put(self, screen: QWidget) -> None:
        self._first = None
        self.window.takes_files = False
        self.window.put(screen)
        self.window.say_title()

    def _open(self) -> None:
        """The keys are there: the base next, and the places on screen."""
        self.timings["unlocked"] = time.monotonic()
        kept = self.sitting
        if kept is not None and kept.desk.actor.email == self.parts.opened_as():
            # Work went on behind the door: the same sitting, once more.
            self.parts.forget()
            self._show_places(*kept.left_at)
            return
        self.runner.submit(
            lambda _job: self.parts.open(), lane="write", owner=self,
            on_result=self._sit, on_error=self._cannot_open,
        )  # fmt: skip

    def _cannot_open(self, error: Exception) -> None:
        log.warning("the base does not open: %s", getattr(error, "key", type(error).__name__))
        shown = self.window.screen_shown
        door = self._first or (shown if isinstance(shown, Unlock) else None)
        self.parts.forget()
        if door is not None:
            door.errors.show_problem(Problem(explain(error, words())))
            return
        self._trouble = error if isinstance(error, ClementineError) else None
        self._door()

    def _sit(self, desk: Desk) -> None:
        self.timings["base open"] = time.monotonic()
        if self._log is None:
            self._log = logs.start(desk.home / "logs")
        self.parts.forget()
        from ui.sitting import Sitting

        self._first = None
        sitting = self.sitting = Sitting(desk, self)
        sitting.rest.connect(lambda: self._rested(sitting))
        self._show_places(self.preferences.place or "today", None)
        sitting.begin()
        self.idle.start()
        self._sweeper.settle()
        self.timings["places shown"] = time.monotonic()
        self.opened.emit()
        if desk.must_change:
            self.account.change_password(must=True)

    def _show_places(self, place: str, argument: object) -> None:
        sitting = self.sitting
        if sitting is None:
            return
        shell = sitting.build()
        shell.palette_asked.connect(partial(self._palette, shell))
        shell.new_asked.connect(self.account.offer_new)
        shell.person_asked.connect(self.account.offer_menu)
        shell.details_asked.connect(self._details)
        shell.state_asked.connect(lambda _which: shell.go("administration", "copies"))
        shell.place_changed.connect(self._went)
        shell.set_folded(folded=self.preferences.folded)
        self.window.put(shell)
        self.window.say_title(sitting.desk.agency)
        self.window.takes_files = shell.has("import")
        shell.go(place if shell.has(place) else shell.first_place, argument)
        self.idle.start()

    def _went(self, place: str) -> None:
        self.preferences = replace(self.preferences, place=place)

    # Lock.
    def lock(self) -> None:
        """Hide everything behind the password: what was discarded is erased, the keys forgotten.

        Long work goes on; the base closes when it is done.
        """
        sitting = self.sitting
        if sitting is None or sitting.shell is None:
            return
        self.idle.stop()
        self._close_sheets()
        self._remember()
        self.parts.forget()
        self._trouble = None
        if sitting.working:
            log.info("locked while work goes on")
            sitting.leave()
            self.window.put(QWidget())
            self._door()
        else:
            self._end_sitting(sitting, self._door)

    def _rested(self, sitting: Sitting) -> None:
        """Its last long work ended: a sitting behind the door, or of somebody before, is over."""
        if sitting.ended or sitting.shell is not None:
            return
        self._end_sitting(sitting, self._over if self._leaving else lambda: None)

    def _end_sitting(self, sitting: Sitting, then: Callable[[], None]) -> None:
        def ended() -> None:
            sitting.runner.quit()
            sitting.deleteLater()
            then()

        if self.sitting is sitting:
            self.sitting = None
        if sitting.shell is not None:
            sitting.leave()
            self.window.put(QWidget())
        sitting.end(ended)

    def _close_sheets(self) -> None:
        for widget in QApplication.topLevelWidgets():
            if widget is not self.window and widget.isVisible():
                widget.close()

    # Close.
    def quit(self) -> None:
        """Close, or say what goes on and let the person choose."""
        if self._leaving:
            return
        working = self.sitting.working if self.sitting is not None else ()
        if working and self.window.isVisible():
            from ui.dialogs.leaving import Leaving

            Leaving.ask(self.window, working, self._leave)
        else:
            self._leave()

    def _leave(self) -> None:
        self._leaving = True
        self._remember()
        sitting = self.sitting
        if sitting is None or sitting.ended:
            self._over()
            return
        if not sitting.working:
            self._end_sitting(sitting, self._over)
            return
        # Between two items; what was finished stays. The base closes when they have ended.
        sitting.leave()
        self.window.put(QWidget())
        for handle in sitting.working:
            handle.cancel()

    def _over(self) -> None:
        self.parts.forget()
        self.runner.quit()
        self.window.may_close = True
        self.window.close()
        self.bugs.let_go()
        self._sweeper.stop()
        logs.stop(self._log)
        self._log = None
        self.done.emit()

    def _remember(self) -> None:
        self.preferences = self.window.remembered(self.preferences)
        shell = self.sitting.shell if self.sitting is not None else None
        if shell is not None:
            self.preferences = replace(self.preferences, folded=shell.folded)
        preferences.save(self.parts.home, self.preferences)

    # Files, failures.
    def _import(self, paths: tuple[Path, ...]) -> None:
        shell = self.sitting.shell if self.sitting is not None else None
        if shell is not None and self.window.screen_shown is shell and shell.has("import"):
            shell.uncover()
            shell.go("import")
            shell.page("import").take_files(paths)

    def _say_outlook(self) -> None:
        shell = self.sitting.shell if self.sitting is not None else None
        if shell is not None:
            shell.errors.show_problem(Problem(_outlook_sentences()))

    def _palette(self, shell: Shell, text: str) -> None:
        from ui.palette import Palette

        Palette.over(shell, text, self.account.acts(shell))

    def _details(self, text: str) -> None:
        from ui.dialogs.details import DetailsSheet

        DetailsSheet(text, self.window).open()

    def _show_bug(self, error: object) -> None:
        screen = self.window.screen_shown
        bar = getattr(screen, "errors", None)
        if bar is not None and isinstance(error, Exception):
            bar.show_problem(Problem(explain(error, words())))


def _outlook_sentences() -> ErrorText:
    return ErrorText(
        say("window.outlook_title"), say("window.outlook_happened"), say("window.outlook_kept"),
        say("window.outlook_todo"),
    )  # fmt: skip


def _warm_up(parts: Parts) -> None:
    """Read the libraries of the base and of the first page; on a lane, while the door is shown."""
    parts.warm()
    for name in WARM:
        import_module(name)


def run(parts: Parts, argv: Sequence[str] = ()) -> int:
    """Open the window on a home and stay until it is closed; the exit code.

    A second start on the same home raises the first window and returns 0.
    """
    found = QApplication.instance()
    application = found if isinstance(found, QApplication) else QApplication(["clementine", *argv])
    application.setApplicationName("Clementine")
    application.setQuitOnLastWindowClosed(False)
    single = SingleWindow(parts.home)
    if not single.claim():
        return 0
    app = App(parts, application)
    single.raised.connect(app.window.come_forward)
    app.done.connect(application.quit)
    app.bugs.catch()
    app.start()
    try:
        return application.exec()
    finally:
        single.release()
