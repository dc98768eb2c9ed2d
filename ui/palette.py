"""The one search box (Ctrl K): persons, missions and clients, words in CVs, things to do.

Entrée opens the chosen line, Ctrl Entrée searches the CVs, Tab goes to the things to do, Échap gives
the focus back where it was.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from PySide6.QtCore import QEvent, QModelIndex, QRectF, QSize, Qt
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QVBoxLayout, QWidget
from typing_extensions import override

from clementine_crm.domain.values import fold
from ui import icons, theme
from ui.palette_answers import Found, OtherLine, PersonLine, look
from ui.palette_list import HEAD_TALL, Result, ResultList, ResultModel
from ui.palette_list import TALL as LINE_TALL
from ui.quantities import number
from ui.shell import Shell
from ui.speech import say
from ui.widgets.button import Key
from ui.widgets.card import Line, Panel
from ui.widgets.text import Text

WIDTH, TOP, TALL = 700, 58, 560
OWN_KEYS = frozenset(
    {
        Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Tab, Qt.Key.Key_Escape, Qt.Key.Key_Up,
        Qt.Key.Key_Down,
    }
)  # fmt: skip
FRAME_TALL = 110


@dataclass(frozen=True)
class Act:
    """Something that can be done from anywhere."""

    text: str
    icon: str
    run: Callable[[], object]
    key: str = ""


class PaletteBox(QLineEdit):
    """What is typed; the arrows move in the list below."""

    def __init__(self, on_key: Callable[[QKeyEvent], bool]) -> None:
        super().__init__()
        self._on_key = on_key
        self.setFont(theme.font(theme.DIALOG_TITLE))
        self.setPlaceholderText(say("shell.search_ghost"))
        self.setAccessibleName(say("shell.search"))
        self.setProperty("bare", True)
        self.setFixedHeight(32)
        self.setAcceptDrops(False)

    @override
    def event(self, event: QEvent) -> bool:
        # These keys are the palette's before they are the acts of the page below.
        mine = isinstance(event, QKeyEvent) and event.key() in OWN_KEYS
        if mine and event.type() == QEvent.Type.ShortcutOverride:
            event.accept()
            return True
        return super().event(event)

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        if not self._on_key(event):
            super().keyPressEvent(event)

    @override
    def focusNextPrevChild(self, next: bool) -> bool:
        # Tab goes to the things to do, in the list.
        return False


class _Glass(QWidget):
    def __init__(self) -> None:
        super().__init__()
        self.setFixedSize(20, 20)

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        icons.paint(QPainter(self), "search", "accent", QRectF(self.rect()))


class Palette(Panel):
    """Laid over the shell; the search runs on a read lane at every key."""

    def __init__(self, shell: Shell, acts: Sequence[Act]) -> None:
        super().__init__("card", "edge", theme.RADIUS_DIALOG)
        self._shell, self._acts = shell, tuple(acts)
        self._found = Found("")
        self.setAccessibleName(say("shell.search"))
        column = QVBoxLayout(self)
        column.setContentsMargins(1, 1, 1, 1)
        column.setSpacing(0)
        head = QHBoxLayout()
        head.setContentsMargins(20, 13, 16, 13)
        head.setSpacing(12)
        self.box = PaletteBox(self._key)
        head.addWidget(_Glass())
        head.addWidget(self.box, 1)
        head.addWidget(Key("Esc"))
        column.addLayout(head)
        column.addWidget(Line())
        self.model = ResultModel(self)
        self.list = ResultList(say("palette.results"))
        self.list.setModel(self.model)
        self.list.clicked.connect(self._open)
        column.addWidget(self.list, 1)
        column.addWidget(Line())
        column.addLayout(self._foot())
        self.box.textChanged.connect(self._typed)
        self._show()

    @classmethod
    def over(cls, shell: Shell, text: str, acts: Sequence[Act] = ()) -> Palette:
        """Lay it over the shell with a text already typed."""
        shell.leave_search()
        palette = cls(shell, acts)
        shell.cover(palette, width=WIDTH, top=TOP)
        palette.box.setText(text)
        # No reason that would select what was typed: the next letter goes on behind it.
        palette.box.setFocus(Qt.FocusReason.OtherFocusReason)
        return palette

    def _foot(self) -> QHBoxLayout:
        foot = QHBoxLayout()
        foot.setContentsMargins(20, 9, 20, 9)
        foot.setSpacing(6)
        for keys, word in (("Up", ""), ("Down", "choose"), ("Return", "open"), ("Tab", "acts")):
            foot.addWidget(Key(keys))
            if word:
                foot.addWidget(Text(say(f"palette.{word}"), "second", "soft"))
                foot.addSpacing(8)
        self._time = Text("", "second", "soft", elide=True)
        self._time.setAlignment(Qt.AlignmentFlag.AlignRight)
        foot.addWidget(self._time, 1)
        return foot

    @override
    def sizeHint(self) -> QSize:
        return QSize(WIDTH, TALL)

    # What is found.
    def _typed(self, text: str) -> None:
        if not text.strip():
            self._found = Found("")
            self._time.setText("")
            self._show()
            return
        self._show()
        self._shell.ctx.read(
            lambda reading: look(reading, text), owner=self, on_result=self._answered, slot="look"
        )

    def _answered(self, found: Found) -> None:
        if found.text != self.box.text():
            return
        self._found = found
        self._time.setText(say("palette.time", ms=max(1, round(found.ms))))
        self._show()

    def _show(self) -> None:
        text = self.box.text().strip()
        found = self._found if self._found.text.strip() == text else Found(text)
        results: list[Result] = []
        if found.persons:
            results.append(Result.head(say("palette.persons")))
            results += [self._person(line) for line in found.persons]
        if found.others:
            results.append(Result.head(say("palette.others")))
            results += [self._other(line) for line in found.others]
        if found.in_cvs and self._shell.has("candidates"):
            results.append(Result.head(say("palette.cvs")))
            title = say("palette.in_cvs", n=found.in_cvs, count=number(found.in_cvs), text=text)
            if not found.exact:
                title = say("palette.in_cvs_least", count=number(found.in_cvs), text=text)
            results.append(Result(title, icon="file", key="Ctrl+Return", run=self._search_cvs))
        acts = [act for act in self._acts if _fits(text, act.text)]
        if acts:
            results.append(Result.head(say("palette.do")))
            results += [Result(a.text, icon=a.icon, key=a.key, run=self._then(a.run)) for a in acts]
        if not results:
            results.append(Result.head(say("palette.nothing")))
        self.model.set_results(results)
        self._choose(self._first())
        self._fit()

    def _fit(self) -> None:
        """As tall as what was found, up to its height in the design."""
        veil = self.parentWidget()
        if veil is None:
            return
        rows = sum(HEAD_TALL if r.run is None else LINE_TALL for r in self.model.results)
        room = veil.height() - TOP - 24
        at = self.geometry()
        self.setGeometry(
            at.x(), at.y(), at.width(), min(TALL, room, FRAME_TALL + max(rows, LINE_TALL))
        )

    def _person(self, line: PersonLine) -> Result:
        return Result(
            line.name, line.second, icon="person", marks=line.marks, chip=line.chip,
            run=self._then(lambda: self._shell.go("dossier", line.id)),
        )  # fmt: skip

    def _other(self, line: OtherLine) -> Result:
        place = {"mission": "missions", "client": "clients"}[line.kind]
        return Result(
            line.name, line.second, icon=line.kind, marks=line.marks,
            run=self._then(lambda: self._shell.go(place, line.id)),
        )  # fmt: skip

    # Moving and opening.
    def _then(self, run: Callable[[], object]) -> Callable[[], object]:
        def act() -> None:
            self._shell.uncover()
            run()

        return act

    def _search_cvs(self) -> None:
        text = self.box.text().strip()
        self._shell.uncover()
        self._shell.search_candidates(text)

    def _first(self) -> int:
        return next((n for n, r in enumerate(self.model.results) if r.run is not None), -1)

    def _choose(self, place: int) -> None:
        if 0 <= place < len(self.model.results):
            self.list.setCurrentIndex(self.model.index(place, 0))

    def _step(self, by: int) -> None:
        place = self.list.currentIndex().row()
        ends = len(self.model.results)
        while 0 <= place + by < ends:
            place += by
            if self.model.results[place].run is not None:
                self._choose(place)
                return

    def _key(self, event: QKeyEvent) -> bool:
        """What the list does with a key; False leaves it to the box."""
        key = event.key()
        if key in (Qt.Key.Key_Down, Qt.Key.Key_Up):
            self._step(1 if key == Qt.Key.Key_Down else -1)
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            if event.modifiers() & Qt.KeyboardModifier.ControlModifier:
                if self._shell.has("candidates"):
                    self._search_cvs()
            else:
                self._open(self.list.currentIndex())
        elif key == Qt.Key.Key_Tab:
            heads = [n for n, r in enumerate(self.model.results) if r.run is None]
            self._choose(heads[-1] + 1 if heads else -1)
        elif key == Qt.Key.Key_Escape:
            self._shell.uncover()
        else:
            return False
        return True

    def _open(self, index: QModelIndex) -> None:
        if index.isValid():
            run = self.model.results[index.row()].run
            if run is not None:
                run()


def _fits(text: str, title: str) -> bool:
    """Every word typed begins a word of the title; nothing typed fits all."""
    words = fold(title).split()
    return all(any(word.startswith(typed) for word in words) for typed in fold(text).split())
