"""Opening Clémentine: who, password; forgotten: the 24 words and a new password."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import (
    QHBoxLayout,
    QPlainTextEdit,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from clementine_crm.errors import Busy, WrongKey
from clementine_crm.jobs import JobContext
from ui import theme
from ui.errors import explain, sentence
from ui.jobs import Runner
from ui.keys import bind
from ui.pages.steps import Brand
from ui.ports import Unlocking
from ui.speech import say, words
from ui.widgets.button import Button
from ui.widgets.card import Panel
from ui.widgets.error_bar import ErrorBar, Problem
from ui.widgets.field import Choice, Field, Mark
from ui.widgets.password_pair import PasswordPair
from ui.widgets.text import Text

WORDS = 24
_SEPARATORS = re.compile(r"[\s,;.0-9]+")


def split_words(text: str) -> list[str]:
    """Words as copied from the sheet: numbers, commas and line ends between them do not count."""
    return [word for word in _SEPARATORS.split(text.casefold()) if word]


class Unlock(QWidget):
    """Signal: ``opened()``. Wrong passwords slow down; the button counts the seconds."""

    opened = Signal()

    def __init__(self, port: Unlocking, runner: Runner, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAutoFillBackground(True)
        self._port, self._runner = port, runner
        self._wait = 0
        self._working = False
        self._timer = QTimer(self)
        self._timer.setInterval(1000)
        self._timer.timeout.connect(self._tick)
        self.errors = ErrorBar()
        self._sides = (self._door(), self._recovery())
        panel = Panel("card", "line", theme.RADIUS_DIALOG)
        panel.setMaximumWidth(620)
        inside = QVBoxLayout(panel)
        inside.setContentsMargins(32, 28, 32, 28)
        inside.setSpacing(16)
        inside.addWidget(Brand())
        for side in self._sides:
            inside.addWidget(side)
        holder = QWidget()
        middle = QVBoxLayout(holder)
        middle.setContentsMargins(24, 24, 24, 24)
        middle.addStretch(2)
        row = QHBoxLayout()
        row.addStretch(1)
        row.addWidget(panel, 8)
        row.addStretch(1)
        middle.addLayout(row)
        middle.addStretch(3)
        scroll = QScrollArea()
        scroll.setWidgetResizable(True)
        scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        scroll.setWidget(holder)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(0)
        whole.addWidget(self.errors)
        whole.addWidget(scroll, 1)
        for keys in ("Return", "Enter"):
            bind(self, keys, self._enter)
        bind(self, "Esc", self.show_door)
        self.show_door()

    def _door(self) -> QWidget:
        page = QWidget()
        column = QVBoxLayout(page)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(12)
        column.addWidget(Text(say("unlock.title"), "dialog_title"))
        persons = list(self._port.persons)
        self.who: Choice | None = None
        self.email: Field | None = None
        if persons:
            who = QVBoxLayout()
            who.setSpacing(4)
            who.addWidget(Text(say("unlock.who"), "second", "soft"))
            entries = [(f"{p.name} · {p.email}" if p.name else p.email, p.email) for p in persons]
            self.who = Choice(say("unlock.who"), entries)
            self.who.currentIndexChanged.connect(self._update)
            who.addWidget(self.who)
            column.addLayout(who)
        else:
            self.email = Field(say("unlock.email"), icon="mail")
            self.email.changed.connect(self._update)
            column.addWidget(self.email)
        self.password = Field(say("unlock.password"), secret=True, icon="lock")
        self.password.changed.connect(self._update)
        column.addWidget(self.password)
        self.remember: Mark | None = None
        store = self._port.key_store
        if store:
            self.remember = Mark(say("unlock.remember", store=store), checked=self._port.remembered)
            column.addWidget(self.remember)
        note = "unlock.store_note" if store else "unlock.no_store"
        column.addWidget(Text(say(note), "second", "soft", wrap=True))
        self._goes_on = Text("", "second", "accent", wrap=True)
        self._goes_on.setVisible(False)
        column.addWidget(self._goes_on)
        self.open = Button(say("unlock.open"), "filled", key="Return", on_click=self.unlock)
        self.forgotten = Button(say("unlock.forgotten"), "link", on_click=self.show_recovery)
        row = QHBoxLayout()
        row.addWidget(self.open)
        row.addStretch(1)
        row.addWidget(self.forgotten)
        column.addSpacing(4)
        column.addLayout(row)
        column.addStretch(1)
        return page

    def _recovery(self) -> QWidget:
        page = QWidget()
        column = QVBoxLayout(page)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(12)
        column.addWidget(Text(say("unlock.recover_title"), "dialog_title"))
        column.addWidget(Text(say("unlock.recover_text"), "body", "soft", wrap=True))
        head = QHBoxLayout()
        head.addWidget(Text(say("unlock.words"), "second", "soft"), 1)
        self._count = Text("", "second", "soft")
        head.addWidget(self._count)
        self.words = QPlainTextEdit()
        self.words.setFont(theme.font())
        self.words.setAccessibleName(say("unlock.words"))
        self.words.setTabChangesFocus(True)
        self.words.setFixedHeight(92)
        self.words.textChanged.connect(self._update)
        below = QVBoxLayout()
        below.setSpacing(4)
        below.addLayout(head)
        below.addWidget(self.words)
        self._words_error = Text("", "second", "stop", wrap=True)
        self._words_error.setVisible(False)
        below.addWidget(self._words_error)
        column.addLayout(below)
        self.pair = PasswordPair(self._port.password_rules, label=say("password.new"))
        self.pair.changed.connect(self._update)
        column.addWidget(self.pair)
        self.recover_button = Button(
            say("unlock.recover"), "filled", key="Return", on_click=self.recover
        )
        back = Button(say("unlock.back"), key="Esc", on_click=self.show_door)
        self._recover_missing = Text("", "second", "soft", elide=True)
        row = QHBoxLayout()
        row.addWidget(self.recover_button)
        row.addWidget(back)
        row.addStretch(1)
        column.addLayout(row)
        column.addWidget(self._recover_missing)
        return page

    def _address(self) -> str:
        if self.who is not None:
            return str(self.who.currentData() or "")
        return self.email.text().strip() if self.email else ""

    def _turn(self, *, recovery: bool) -> None:
        self._sides[not recovery].hide()
        self._sides[recovery].show()

    def say_working(self, names: Sequence[str] = ()) -> None:
        """What goes on behind the door, while it is locked."""
        self._goes_on.setText(say("unlock.goes_on", work=", ".join(names)) if names else "")
        self._goes_on.setVisible(bool(names))

    def show_door(self) -> None:
        """Back to the password."""
        self._turn(recovery=False)
        needs_email = self.email is not None and not self.email.text()
        (self.email if needs_email and self.email else self.password).setFocus()
        self._update()

    def show_recovery(self) -> None:
        """Forgotten: the 24 words."""
        self._turn(recovery=True)
        self.pair.set_about((self._address(),))
        self.words.setFocus()
        self._update()

    def _update(self, *_: object) -> None:
        self._words_error.setVisible(False)
        if self._working:
            reason = say("unlock.opening")
        elif self._wait:
            reason = say("unlock.wait", n=self._wait)
        elif not self._address():
            reason = say("unlock.missing_email")
        elif not self.password.text():
            reason = say("unlock.missing_password")
        else:
            reason = ""
        self.open.set_reason(reason)
        busy = self._working or self._wait
        self.open.setText(reason if busy else say("unlock.open"))
        found = len(split_words(self.words.toPlainText()))
        self._count.setText(say("unlock.words_count", n=found))
        missing = self._missing_for_recovery(found)
        self.recover_button.set_reason(reason if busy else missing)
        self._recover_missing.setText(reason if busy else missing)

    def _missing_for_recovery(self, found: int) -> str:
        if not self._address():
            return say("unlock.missing_email")
        if found < WORDS:
            return say("unlock.missing_words", n=WORDS - found)
        if found > WORDS:
            return say("unlock.too_many_words")
        return self.pair.missing()

    def _enter(self) -> None:
        focused = self.focusWidget()
        if isinstance(focused, Button) and focused.hasFocus():
            focused.click()
        elif self._sides[1].isHidden():
            self.open.click()
        else:
            self.recover_button.click()

    def unlock(self) -> None:
        """Try the password."""
        email, password = self._address(), self.password.text()
        keep = self.remember is not None and self.remember.isChecked()
        self._try(lambda _job: self._port.unlock(email, password, keep), self._refused)

    def recover(self) -> None:
        """Try the 24 words."""
        email, password = self._address(), self.pair.value()
        found = split_words(self.words.toPlainText())
        self._try(lambda _job: self._port.recover(email, found, password), self._words_refused)

    def _try(self, job: Callable[[JobContext], None], refused: Callable[[Exception], None]) -> None:
        self._working = True
        self._update()

        def done(_none: None) -> None:
            self._working = False
            self.password.set_text("")
            self.pair.clear()
            self.words.clear()
            self.opened.emit()

        def failed(error: Exception) -> None:
            self._working = False
            self._update()
            if isinstance(error, Busy) and isinstance(error.params.get("n"), int):
                self._slow_down(int(str(error.params["n"])))
            if isinstance(error, (WrongKey, Busy)):
                refused(error)
            else:
                self.errors.show_problem(Problem(explain(error, words())))

        self._runner.submit(job, lane="write", owner=self, on_result=done, on_error=failed)

    def _refused(self, error: Exception) -> None:
        self.password.set_text("")
        self.password.set_error(sentence(error, words()))
        self.password.setFocus()

    def _words_refused(self, error: Exception) -> None:
        self._words_error.setText(sentence(error, words()))
        self._words_error.setVisible(True)

    def _slow_down(self, seconds: int) -> None:
        self._wait = max(0, seconds)
        self._timer.start()
        self._update()

    def _tick(self) -> None:
        self._wait = max(0, self._wait - 1)
        if not self._wait:
            self._timer.stop()
        self._update()
