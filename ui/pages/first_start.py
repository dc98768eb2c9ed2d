"""The first start: an agency is made on this desktop, in five steps, without a network."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import (
    QHBoxLayout,
    QScrollArea,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)
from typing_extensions import override

from clementine_crm.errors import ValidationError
from clementine_crm.jobs import JobContext
from ui import theme
from ui.errors import explain, sentence
from ui.jobs import Runner
from ui.keys import bind
from ui.pages.base import focus_first
from ui.pages.first_start_forms import (
    AgencyForm,
    DataForm,
    Form,
    KeyForm,
    PasswordForm,
    YouForm,
)
from ui.pages.steps import Steps
from ui.ports import Creation
from ui.printing import print_sheet
from ui.speech import say, words
from ui.widgets.button import Button
from ui.widgets.error_bar import ErrorBar, Problem
from ui.widgets.text import Text

WIDEST = 1056
_STEPS = ("agency", "you", "password", "key", "data")


class WhiteFoot(QWidget):
    """60 px of card with a line above: the foot of pages that stand alone."""

    def __init__(self) -> None:
        super().__init__()
        self.setFixedHeight(theme.FOOT)
        self.row = QHBoxLayout(self)
        self.row.setContentsMargins(24, 1, 24, 0)
        self.row.setSpacing(10)

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(self.rect(), theme.colour("card"))
        painter.fillRect(0, 0, self.width(), 1, theme.colour("line"))


class FirstStart(QWidget):
    """Signals: ``finished()`` the agency is made and checked; ``language_asked(str)``.

    ``first_place`` is where to begin, "" for the usual place.
    """

    finished = Signal()
    language_asked = Signal(str)

    def __init__(
        self,
        port: Creation,
        runner: Runner,
        *,
        version: str = "",
        places: Sequence[int] = (),
        printer: Callable[..., object] = print_sheet,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setAutoFillBackground(True)
        self.port, self._runner, self._places, self._printer = port, runner, places, printer
        self._working = False
        self._at = 0
        self.made: tuple[str, ...] = ()
        self.agency, self.you, self.password = AgencyForm(), YouForm(), PasswordForm(port)
        self.key: KeyForm | None = None
        self.data = DataForm(self._begin_at)
        self.first_place = ""
        self.errors = ErrorBar()
        self._stack = QStackedWidget()
        self._title = Text("", "page_title", wrap=True)
        self._step = Text("", "body", "soft")
        self.steps = self._steps(version)
        self._lay_out()
        for form in (self.agency, self.you, self.password, self.data):
            self._add(form)
        self.show_step(0)

    def _steps(self, version: str) -> Steps:
        foot = QWidget()
        row = QHBoxLayout(foot)
        row.setContentsMargins(0, 8, 0, 0)
        row.setSpacing(8)
        for lang, name in (("fr", "Français"), ("en", "English")):
            kind = "on" if words().lang == lang else "quiet"
            button = Button(name, "on" if kind == "on" else "quiet", height=28)
            button.clicked.connect(lambda _=False, to=lang: self._ask_language(to))
            row.addWidget(button)
        row.addStretch(1)
        if version:
            row.addWidget(Text(say("first_start.version", version=version), "note", "soft"))
        named = [(say(f"first_start.step_{n}"), say(f"first_start.step_{n}_note")) for n in _STEPS]
        return Steps(
            say("first_start.welcome"), say("first_start.welcome_text"), named, foot,
            say("first_start.nobody_else"),
        )  # fmt: skip

    def _lay_out(self) -> None:
        self.next = Button(say("first_start.continue"), "filled", key="Return")
        self.back = Button(say("first_start.back"), key="Alt+Left")
        self._missing = Text("", "second", "soft", elide=True)
        self._missing.setAlignment(Qt.AlignmentFlag.AlignRight)
        self.next.clicked.connect(lambda _=False: self.forward())
        self.back.clicked.connect(lambda _=False: self.backward())
        foot = WhiteFoot()
        foot.row.setContentsMargins(48, 1, 48, 0)
        foot.row.addWidget(self.next)
        foot.row.addWidget(self.back)
        foot.row.addWidget(self._missing, 1)
        inner = QWidget()
        column = QVBoxLayout(inner)
        column.setContentsMargins(48, 32, 48, 16)
        column.setSpacing(2)
        column.addWidget(self._title)
        column.addWidget(self._step)
        column.addSpacing(14)
        column.addWidget(self._stack, 1)
        scroll = QScrollArea()
        scroll.setWidgetResizable(True)
        scroll.setWidget(inner)
        # A line of one field across a wide screen is not read better.
        inner.setMaximumWidth(WIDEST)
        scroll.setAlignment(Qt.AlignmentFlag.AlignLeft)
        scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        right = QVBoxLayout()
        right.setSpacing(0)
        right.addWidget(self.errors)
        right.addWidget(scroll, 1)
        right.addWidget(foot)
        whole = QHBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(0)
        whole.addWidget(self.steps)
        whole.addLayout(right, 1)
        for keys, act in (
            ("Return", self._enter), ("Enter", self._enter), ("Alt+Left", self.backward),
            ("Ctrl+P", self._print_key),
        ):  # fmt: skip
            bind(self, keys, act)

    def _add(self, form: Form) -> None:
        self._stack.addWidget(form)
        form.changed.connect(self._update)

    @property
    def form(self) -> Form:
        """The form of the current step."""
        forms: tuple[Form | None, ...] = (
            self.agency, self.you, self.password, self.key, self.data,
        )  # fmt: skip
        return forms[self._at] or self.password

    def show_step(self, at: int) -> None:
        """Show a step, from 0."""
        self._at = at
        if at == 2:
            about = (self.agency.note(), self.you.note(), self.you.email.text().strip())
            self.password.pair.set_about(about)
        self._stack.setCurrentWidget(self.form)
        self._title.setText(say(f"first_start.title_{_STEPS[at]}"))
        self._step.setText(say("first_start.progress", step=at + 1, total=len(_STEPS)))
        self.steps.set_current(at, [self.agency.note(), self.you.note()][:at])
        last = at == len(_STEPS) - 1
        self.next.setText(say("first_start.open" if last else "first_start.continue"))
        # Once the base is made, what came before cannot be taken back here.
        self.back.setVisible(0 < at < 3)
        focus_first(self.form)
        if last:
            self.next.setFocus()
        self._update()

    def _begin_at(self, place: str) -> None:
        self.first_place = place
        self.finished.emit()

    def _ask_language(self, lang: str) -> None:
        # Words that are being made would be told to a page that is gone.
        if not self._working and lang != words().lang:
            self.language_asked.emit(lang)

    def _update(self) -> None:
        missing = say("first_start.working") if self._working else self.form.missing()
        self.next.set_reason(missing)
        self.back.setEnabled(not self._working)
        self._missing.setText(missing)

    def _enter(self) -> None:
        focused = self.focusWidget()
        if isinstance(focused, Button) and focused is not self.next and focused.hasFocus():
            focused.click()
        else:
            self.forward()

    def _print_key(self) -> None:
        if self.key is not None and self.form is self.key:
            self.key.print.click()

    def backward(self) -> None:
        """Alt ←: the step before, until the base is made."""
        if not self._working and 0 < self._at < 3:
            self.show_step(self._at - 1)

    def forward(self) -> None:
        """Entrée: the next step, when nothing is missing."""
        if self._working or self.form.missing():
            return
        if self._at == 2:
            self._create()
        elif self.form is self.key:
            self._do(lambda _job: self.port.confirm(), lambda _none: self.show_step(4))
        elif self._at == len(_STEPS) - 1:
            self.finished.emit()
        else:
            self.show_step(self._at + 1)

    def _create(self) -> None:
        agency, name = self.agency.note(), self.you.note()
        email, password = self.you.email.text().strip(), self.password.pair.value()
        self._do(lambda _job: self.port.create(agency, name, email, password), self.show_words)

    def go_on_from(self, other: FirstStart) -> None:
        """Take over what was typed on the same page in another language, and its step."""
        self.agency.agency.set_text(other.agency.agency.text())
        self.you.name.set_text(other.you.name.text())
        self.you.email.set_text(other.you.email.text())
        if other.made:
            self.show_words(other.made)
        self.show_step(other.step)

    @property
    def step(self) -> int:
        """Which step is on screen, from 0."""
        return self._at

    def show_words(self, made: Sequence[str]) -> None:
        """The base is made: show its 24 words, once."""
        self.made = tuple(made)
        self.password.pair.clear()
        self.key = KeyForm(made, lambda done: self._printer(self.agency.note(), made, self, done),
                           self._places)  # fmt: skip
        self._add(self.key)
        self.show_step(3)

    def _do(self, job: Callable[[JobContext], object], then: Callable[..., object]) -> None:
        self._working = True
        self._update()

        def done(result: object) -> None:
            self._working = False
            then(result)

        def failed(error: Exception) -> None:
            self._working = False
            self._update()
            if isinstance(error, ValidationError) and error.field in ("email", "name"):
                self.show_step(1)
                field = self.you.email if error.field == "email" else self.you.name
                field.set_error(sentence(error, words()))
            else:
                self.errors.show_problem(Problem(explain(error, words())))

        self._runner.submit(job, lane="write", owner=self, on_result=done, on_error=failed)

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.steps.set_small(small=self.width() < theme.SMALL_BELOW)
