"""The forms of the first start, one per step. Each says what is missing; "" when nothing is."""

from __future__ import annotations

import re
import secrets
from collections.abc import Callable, Sequence
from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget
from typing_extensions import override

from ui import theme
from ui.ports import Creation
from ui.speech import say
from ui.widgets.button import Button
from ui.widgets.card import Card, Line
from ui.widgets.chip import Chip
from ui.widgets.field import Field, Picture
from ui.widgets.figure import Figure
from ui.widgets.password_pair import PasswordPair
from ui.widgets.text import Text
from ui.widgets.word_grid import WordGrid

ASKED_BACK = 3
_EMAIL = re.compile(r"[^\s@]+@[^\s@]+\.[^\s@.]+")


class Form(QWidget):
    """One step. Signal: ``changed()`` when ``missing`` may answer otherwise."""

    changed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.column = QVBoxLayout(self)
        self.column.setContentsMargins(0, 0, 0, 0)
        self.column.setSpacing(theme.GAP)

    def missing(self) -> str:
        """What is still asked."""
        return ""

    def note(self) -> str:
        """The soft line under the step once it is done."""
        return ""


class AgencyForm(Form):
    """The name of the agency."""

    def __init__(self) -> None:
        super().__init__()
        card = Card(say("first_start.title_agency"))
        self.agency = Field(say("first_start.agency"), ghost=say("first_start.agency_ghost"))
        self.agency.box.setMaxLength(120)
        card.body.addWidget(self.agency)
        card.body.addWidget(Text(say("first_start.agency_text"), "second", "soft", wrap=True))
        self.column.addWidget(card)
        self.column.addStretch(1)
        self.agency.changed.connect(self.changed)

    @override
    def missing(self) -> str:
        return "" if self.agency.text().strip() else say("first_start.missing_agency")

    @override
    def note(self) -> str:
        return self.agency.text().strip()


class YouForm(Form):
    """Name and address of the first person."""

    def __init__(self) -> None:
        super().__init__()
        card = Card(say("first_start.title_you"))
        self.name = Field(say("first_start.name"))
        self.email = Field(
            say("first_start.email"), ghost=say("first_start.email_ghost"), icon="mail"
        )
        for field in (self.name, self.email):
            field.box.setMaxLength(200)
            card.body.addWidget(field)
            field.changed.connect(self.changed)
        card.body.addWidget(Text(say("first_start.you_text"), "second", "soft", wrap=True))
        self.column.addWidget(card)
        self.column.addStretch(1)

    @override
    def missing(self) -> str:
        if not self.name.text().strip():
            return say("first_start.missing_name")
        if not _EMAIL.fullmatch(self.email.text().strip()):
            return say("first_start.missing_email")
        return ""

    @override
    def note(self) -> str:
        return self.name.text().strip()


class PasswordForm(Form):
    """The password, twice."""

    def __init__(self, port: Creation) -> None:
        super().__init__()
        card = Card(
            say("first_start.title_password"),
            trailing=Text(say("password.never_sent"), "second", "soft"),
        )
        self.pair = PasswordPair(port.password_rules)
        card.body.addWidget(self.pair)
        self.column.addWidget(card)
        self.column.addStretch(1)
        self.pair.changed.connect(self.changed)

    @override
    def missing(self) -> str:
        return self.pair.missing()


class KeyForm(Form):
    """The 24 words, printed or copied, and three of them typed back from the sheet.

    ``print_words(on_done)`` prints; ``places`` are the words asked back, from 1 (drawn otherwise).
    """

    def __init__(
        self,
        words: Sequence[str],
        print_words: Callable[[Callable[[bool], object]], object],
        places: Sequence[int] = (),
    ) -> None:
        super().__init__()
        self._words = tuple(words)
        self._on_paper = False
        drawn = places or secrets.SystemRandom().sample(range(1, len(words) + 1), ASKED_BACK)
        self.places = tuple(sorted(drawn))
        card = Card(
            say("first_start.title_key"),
            trailing=Chip(say("first_start.shown_once"), "care", icon="eye"),
        )
        card.body.addWidget(Text(say("first_start.key_text"), "body", "soft", wrap=True))
        card.body.addWidget(WordGrid(words))
        card.body.addLayout(self._sheet_row(print_words))
        card.body.addWidget(Line())
        card.body.addLayout(self._check_row())
        self.column.addWidget(card)
        self.column.addStretch(1)

    def _sheet_row(self, print_words: Callable[[Callable[[bool], object]], object]) -> QHBoxLayout:
        self.print = Button(
            say("first_start.print"), icon="print", key="Ctrl+P",
            on_click=lambda: print_words(self._printed),
        )  # fmt: skip
        self.by_hand = Button(
            say("first_start.by_hand"), icon="pencil", on_click=lambda: self._paper("copied")
        )
        self._done_mark = Picture("check", "good", 15)
        self._done = Text("", "head", "good")
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addWidget(self.print)
        row.addWidget(self.by_hand)
        row.addStretch(1)
        row.addWidget(self._done_mark)
        row.addWidget(self._done)
        self._done_mark.setVisible(False)
        self._done.setVisible(False)
        return row

    def _check_row(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(12)
        row.addWidget(Text(say("first_start.check"), "strong"), 0, Qt.AlignmentFlag.AlignTop)
        self.answers = [Field(say("first_start.word", n=place)) for place in self.places]
        for field in self.answers:
            field.box.editingFinished.connect(self._judge)
            field.changed.connect(self.changed)
            field.setMaximumWidth(220)
            row.addWidget(field, 4, Qt.AlignmentFlag.AlignTop)
        row.addStretch(1)
        return row

    def _printed(self, went: bool) -> None:
        if went:
            self._paper("printed")
        else:
            self._done.set_tone("care")
            self._show(say("first_start.print_failed"), mark=False)

    def _paper(self, how: str) -> None:
        self._on_paper = True
        self._done.set_tone("good")
        self._show(say(f"first_start.{how}"), mark=True)
        self.answers[0].setFocus()
        self.changed.emit()

    def _show(self, text: str, *, mark: bool) -> None:
        self._done.setText(text)
        self._done.setVisible(True)
        self._done_mark.setVisible(mark)

    def _right(self, place: int, field: Field) -> bool:
        return field.text().strip().casefold() == self._words[place - 1].casefold()

    def _judge(self) -> None:
        for place, field in zip(self.places, self.answers, strict=True):
            if field.text().strip() and not self._right(place, field):
                field.set_error(say("first_start.word_wrong", n=place))

    @override
    def missing(self) -> str:
        if not self._on_paper:
            return say("first_start.missing_sheet")
        wrong = sum(
            not self._right(place, field)
            for place, field in zip(self.places, self.answers, strict=True)
        )
        return say("first_start.missing_words", n=wrong) if wrong else ""


class DataForm(Form):
    """Nothing is asked any more. ``on_begin`` is told at which place to begin."""

    def __init__(self, on_begin: Callable[[str], object]) -> None:
        super().__init__()
        card = Card(say("first_start.title_data"))
        card.body.addWidget(Text(say("first_start.data_text"), wrap=True))
        card.body.addWidget(Text(say("first_start.data_later"), "body", "soft", wrap=True))
        self.column.addWidget(card)
        for icon, name, place in (
            ("upload", "import", "import"), ("server", "copy", "administration"),
            ("mission", "mission", "missions"),
        ):  # fmt: skip
            self.column.addWidget(
                Figure(
                    icon,
                    "",
                    say(f"today.first_{name}"),
                    say(f"today.first_{name}_note"),
                    height=62,
                    on_click=partial(on_begin, place),
                )
            )
        self.column.addStretch(1)
