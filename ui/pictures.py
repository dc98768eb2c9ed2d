"""One picture of every screen, in both languages, both looks and both sizes, over a real agency.

``demo --screenshots`` and the tests of screens call ``write``; each screen passes the checks of
``ui.screens`` before a person looks at it. The bundled font and the desk's own clock make pictures
the same everywhere.
"""

from __future__ import annotations

import gc
import os
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TypeVar

from PySide6.QtCore import QCoreApplication, QEvent, QEventLoop, QObject, QTimer
from PySide6.QtWidgets import QApplication, QWidget

from clementine_crm.errors import Busy
from clementine_crm.queries.candidates import CandidateRow, candidate_ids, candidate_rows
from clementine_crm.queries.reading import Reading
from clementine_crm.words import LANGUAGES, Words
from ui import screens, speech, theme
from ui.jobs import Runner
from ui.pages.base import Page
from ui.palette import Act, Palette
from ui.pictures_of import DOORS, EMPTY, SHEETS, Door
from ui.ports import Desk, Parts
from ui.shell import Shell
from ui.sitting import Sitting
from ui.window import Window

LOOKS = ("light", "dark")
PATIENCE_S = 120.0
TICK_MS = 20
T = TypeVar("T")
Look = Callable[["Screen"], object]


@dataclass(frozen=True)
class Screen:
    """One screen on show: what it is called, and what fills it."""

    name: str
    lang: str
    look: str
    size: tuple[int, int]
    widget: QWidget

    @property
    def file(self) -> str:
        """``today-fr-light-1280x720.png``."""
        return f"{self.name}-{self.lang}-{self.look}-{self.size[0]}x{self.size[1]}.png"


def application() -> QApplication:
    """The one there is, or a new one that needs no screen."""
    found = QApplication.instance()
    if isinstance(found, QApplication):
        return found
    if sys.platform != "win32" and not os.environ.get("DISPLAY"):
        os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    return QApplication(["clementine"])


def write(
    parts: Parts,
    folder: Path,
    languages: Sequence[str] = LANGUAGES,
    looks: Sequence[str] = LOOKS,
    sizes: Sequence[tuple[int, int]] = screens.SIZES,
) -> list[Path]:
    """Open the agency, write a picture of every screen, and give the files in their order.

    OSError when a file cannot be written; whatever ``parts.open`` raises.
    """
    folder.mkdir(parents=True, exist_ok=True)
    written: list[Path] = []

    def save(screen: Screen) -> None:
        path = folder / screen.file
        if not screens.grab(screen.widget).save(str(path), "PNG"):
            raise OSError(f"cannot write {path.name}")
        written.append(path)

    visit(parts, save, languages, looks, sizes)
    return written


def visit(
    parts: Parts,
    see: Look,
    languages: Sequence[str] = LANGUAGES,
    looks: Sequence[str] = LOOKS,
    sizes: Sequence[tuple[int, int]] = screens.SIZES,
) -> None:
    """Show every screen in turn to ``see``."""
    app = application()
    runner = Runner()
    desk = _elsewhere(runner, parts.open)
    before = speech.words().lang
    try:
        for lang in languages:
            for look in looks:
                speech.speak(Words(lang))
                theme.apply(app, theme.named(look), bundled=True)
                for size in sizes:
                    _Tour(desk, see, lang, look, size).go()
    finally:
        _elsewhere(runner, desk.close)
        runner.quit()
        speech.speak(Words(before))


def window_draws() -> str:
    """For the self-test of an installed program: "" when a window is drawn, else what is wrong."""
    app = application()
    theme.apply(app, theme.named("light"))
    page = DOORS[0].make(Runner(app))
    try:
        picture = screens.grab(page, (1280, 720)).toImage()
        colours = {picture.pixel(x, y) for x in range(0, 1280, 16) for y in range(0, 720, 16)}
        return "" if len(colours) > 3 else "the window stays empty"
    finally:
        page.close()
        _destroy(page)


def _elsewhere(runner: Runner, act: Callable[[], T]) -> T:
    """Do something of the base off the GUI thread, and wait for it."""
    answers: list[T] = []
    failures: list[Exception] = []
    runner.submit(
        lambda _job: act(), lane="write", on_result=answers.append, on_error=failures.append
    )
    _until(lambda: bool(answers or failures))
    if failures:
        raise failures[0]
    return answers[0]


def _until(true: Callable[[], bool]) -> None:
    """Let the window live until something is so; TimeoutError when it never is."""
    end = time.monotonic() + PATIENCE_S
    tick = QTimer()
    tick.start(TICK_MS)
    while not true():
        if time.monotonic() > end:
            raise TimeoutError("a screen was never ready")
        QApplication.processEvents(QEventLoop.ProcessEventsFlag.WaitForMoreEvents)
    screens.settle()


def _destroy(*things: QObject) -> None:
    """Now: outside of an event loop ``deleteLater`` alone waits for the end of the process."""
    screens.settle()
    for thing in things:
        thing.deleteLater()
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)
    gc.collect()


class _Tour:
    """One language, one look, one size."""

    def __init__(self, desk: Desk, see: Look, lang: str, look: str, size: tuple[int, int]) -> None:
        self._desk, self._see = desk, see
        self._lang, self._look, self._size = lang, look, size

    def _show(self, name: str, widget: QWidget) -> None:
        screens.settle()
        self._see(Screen(name, self._lang, self._look, self._size, widget))

    def go(self) -> None:
        """The doors, the places, what lies over them, the sheets, the empty places."""
        for door in DOORS:
            self._door(door)
        with self._opened() as (window, sitting, shell):
            self._places(window, sitting, shell)
            self._over(window, sitting, shell)
            self._sheets(window, sitting)
            self._empty(window, sitting, shell)

    def _door(self, door: Door) -> None:
        runner = Runner()
        page = door.make(runner)
        screens.prepare(page, self._size)
        self._show(door.name, page)
        page.close()
        runner.quit()
        _destroy(page, runner)

    @contextmanager
    def _opened(self) -> Iterator[tuple[Window, Sitting, Shell]]:
        sitting = Sitting(self._desk)
        window = Window()
        shell = sitting.build()
        window.put(shell)
        screens.prepare(window, self._size)
        try:
            yield window, sitting, shell
        finally:
            self._calm(sitting)
            sitting.runner.quit()
            window.may_close = True
            window.close()
            _destroy(window, sitting)

    @staticmethod
    def _calm(sitting: Sitting) -> None:
        _until(lambda: not any(handle.running for handle in sitting.runner.handles))

    def _go(self, sitting: Sitting, shell: Shell, place: str, argument: object = None) -> Page:
        shell.go(place, argument)
        self._calm(sitting)
        page = shell.current
        if page is None:
            raise RuntimeError(place)
        return page

    def _places(self, window: Window, sitting: Sitting, shell: Shell) -> None:
        for place, _key in shell.listed():
            if place.name == "administration":
                continue
            self._go(sitting, shell, place.name)
            self._show(place.name, window)
        person = _somebody(sitting)
        if person is not None and shell.has("dossier"):
            self._go(sitting, shell, "dossier", person)
            self._show("dossier", window)
        if shell.has("administration"):
            page = self._go(sitting, shell, "administration", "house")
            for tab in getattr(page, "tabs_shown", ()):
                self._go(sitting, shell, "administration", tab.name)
                self._show(f"administration-{tab.name}", window)

    def _over(self, window: Window, sitting: Sitting, shell: Shell) -> None:
        self._go(sitting, shell, shell.first_place)
        acts = [Act(speech.say("account.lock"), "lock", lambda: None, "Ctrl+L")]
        palette = Palette.over(shell, "", acts)
        palette.box.setText("ma")
        self._calm(sitting)
        self._show("palette", window)
        shell.uncover()
        shell.show_keys()
        self._show("keys", window)
        shell.uncover()
        shell.show_error(Busy("base_locked"), retry=lambda: None)
        self._show("error", window)
        shell.errors.close_one()
        shell.offer_undo(speech.say("missions.closed_done", reference="REF-2214"), lambda: None)
        # It slides in; the picture is taken where it ends.
        shell.floating.settle()
        self._show("undo", window)
        shell.floating.flush()

    def _sheets(self, window: Window, sitting: Sitting) -> None:
        today: date = sitting.ctx.clock.today()
        for name, make in SHEETS.items():
            sheet = make(sitting.ctx, today, window)
            sheet.open()
            screens.settle()
            self._show(f"sheet-{name}", sheet)
            sheet.reject()
            screens.settle()

    def _empty(self, window: Window, sitting: Sitting, shell: Shell) -> None:
        for place, show in EMPTY.items():
            if shell.has(place):
                page = self._go(sitting, shell, place)
                show(page, sitting.ctx)
                self._show(f"{place}-empty", window)


def _somebody(sitting: Sitting) -> bytes | None:
    """The first person of the list."""
    found: list[list[CandidateRow]] = []

    def first(reading: Reading) -> list[CandidateRow]:
        return candidate_rows(reading, candidate_ids(reading).rids[:1])

    failures: list[Exception] = []
    sitting.ctx.read(first, on_result=found.append, on_error=failures.append)
    _until(lambda: bool(found or failures))
    if failures:
        raise failures[0]
    return found[0][0].id if found[0] else None
