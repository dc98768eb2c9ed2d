"""The whole application as a person drives it, and what they must never see."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QKeyEvent, QKeySequence
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

from ui import screens
from ui.app import App
from ui.pages.base import Page
from ui.shell import Shell


class Driver:
    """The application as a person drives it: keys to whatever has the focus."""

    def __init__(self, app: App, qtbot) -> None:
        self.app, self.qtbot = app, qtbot
        # What nobody asked to be told: a test that wants such a failure clears it.
        self.failures: list[Exception] = []
        app.opened.connect(self._watch)

    def _watch(self) -> None:
        if self.app.sitting is not None:
            self.app.sitting.runner.failed.connect(self.failures.append)

    @property
    def window(self) -> QWidget:
        return self.app.window

    @property
    def shell(self) -> Shell:
        sitting = self.app.sitting
        assert sitting is not None
        assert sitting.shell is not None
        return sitting.shell

    @property
    def page(self) -> Page:
        page = self.shell.current
        assert page is not None
        return page

    def top(self) -> QWidget:
        """The dialog on top, otherwise the window."""
        sheets = [
            w for w in QApplication.topLevelWidgets() if w.isVisible() and w is not self.window
        ]
        return sheets[-1] if sheets else self.window

    def sheet(self, kind: type[QWidget]) -> QWidget:
        """The dialog of a kind, once it is there."""

        def found() -> list[QWidget]:
            return [
                w for w in QApplication.topLevelWidgets() if isinstance(w, kind) and w.isVisible()
            ]

        self.until(found)
        sheet = found()[-1]
        sheet.activateWindow()
        self.until(lambda: QApplication.activeWindow() is sheet)
        screens.settle()
        return sheet

    def press(self, keys: str) -> None:
        """Press keys as Qt names them (``Ctrl+L``), where the focus is."""
        top = self.top()
        active = QApplication.activeWindow()
        # A list of completions that has gone keeps the offscreen platform's keyboard.
        if active is None or not active.isVisible():
            top.activateWindow()
            self.until(lambda: QApplication.activeWindow() is top)
        where = QApplication.focusWidget() or self.top()
        QTest.keySequence(where, QKeySequence(keys))
        screens.settle()

    def type(self, text: str) -> None:
        """Type a text where the focus is."""
        where = QApplication.focusWidget()
        assert where is not None
        for letter in text:
            if letter.isascii():
                QTest.keyClicks(where, letter)
            else:
                # QTest knows the keys of ASCII alone.
                for kind in (QEvent.Type.KeyPress, QEvent.Type.KeyRelease):
                    event_ = QKeyEvent(kind, 0, Qt.KeyboardModifier.NoModifier, letter)
                    QApplication.sendEvent(where, event_)
        screens.settle()

    def until(self, true: Callable[[], object], seconds: float = 30) -> None:
        """Wait for something to be so."""
        self.qtbot.waitUntil(lambda: bool(true()), timeout=int(seconds * 1000))

    def calm(self) -> None:
        """Wait until nothing is read or written for this window."""

        def quiet() -> bool:
            sitting = self.app.sitting
            return sitting is None or not any(h.running for h in sitting.runner.handles)

        self.until(quiet)
        screens.settle()

    def go(self, place: str, argument: object = None) -> Page:
        """Open a place and wait until it has read what it shows."""
        self.shell.go(place, argument)
        self.calm()
        return self.page


class _Flashes(QObject):
    def __init__(self) -> None:
        super().__init__()
        self.seen: list[str] = []

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        shown = event.type() == QEvent.Type.Show and isinstance(watched, QWidget)
        if shown and watched.isWindow():
            self.seen.append(type(watched).__name__)
        return False


@contextlib.contextmanager
def no_window_flashes() -> Iterator[None]:
    """Nothing becomes a window of its own meanwhile, not even for a moment."""
    watch, app = _Flashes(), QApplication.instance()
    app.installEventFilter(watch)
    try:
        yield
    finally:
        app.removeEventFilter(watch)
    assert watch.seen == []
