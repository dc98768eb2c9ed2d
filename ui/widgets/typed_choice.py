"""Choosing one of many by typing: a field, and below it what is left, the likeliest first."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QSizePolicy, QVBoxLayout, QWidget
from typing_extensions import override

from clementine_crm.domain.values import fold
from ui.models.plain import Line, ListModel, choose
from ui.widgets.field import Field
from ui.widgets.rows import TWO_LINES, ChipSpec, Row, RowList

SHOWN = 6
_MOVES = (Qt.Key.Key_Down, Qt.Key.Key_Up, Qt.Key.Key_PageDown, Qt.Key.Key_PageUp)


@dataclass(frozen=True)
class Choosable:
    """One entry: what it gives, what it shows, the words it is found by."""

    value: object
    title: str
    note: str = ""
    icon: str = ""
    chip: str = ""
    words: str = ""

    def answers(self, wanted: Sequence[str]) -> bool:
        """Whether every word typed begins a word of it."""
        held = fold(f"{self.title} {self.note} {self.words}").split()
        return all(any(h.startswith(w) or w in h for h in held) for w in wanted)


class TypedChoice(QWidget):
    """Typing narrows, ↑ ↓ moves, Entrée takes.

    ``otherwise(text)`` may offer one more entry for words that are no entry's (a tag of one's own).
    Signals: ``taken(value)``; ``moved(value | None)``.
    """

    taken = Signal(object)
    moved = Signal(object)

    def __init__(
        self,
        label: str,
        entries: Sequence[Choosable] = (),
        *,
        ghost: str = "",
        shown: int = SHOWN,
        otherwise: Callable[[str], Choosable | None] = lambda _text: None,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._entries: tuple[Choosable, ...] = ()
        self._otherwise = otherwise
        self.field = Field(label, ghost=ghost, icon="search")
        self.model: ListModel[Choosable] = ListModel(self)
        self.list = RowList(label, TWO_LINES)
        self.list.setModel(self.model)
        self.list.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.list.setFixedHeight(shown * TWO_LINES)
        self.list.clicked.connect(lambda _index: self.take())
        self.list.selectionModel().currentChanged.connect(lambda *_: self.moved.emit(self.value))
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        self.field.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        column.addWidget(self.field)
        column.addWidget(self.list)
        self.setFocusProxy(self.field.box)
        self.field.box.installEventFilter(self)
        self.field.changed.connect(lambda _text: self._narrow())
        self.set_entries(entries)

    def set_entries(self, entries: Sequence[Choosable]) -> None:
        """Offer others; what was typed stays."""
        self._entries = tuple(entries)
        self._narrow()

    @property
    def value(self) -> object:
        """What Entrée would take."""
        place = self.list.currentIndex().row()
        lines = self.model.lines
        return lines[place].thing.value if 0 <= place < len(lines) else None

    def take(self) -> None:
        """Take the current entry."""
        if self.list.currentIndex().isValid():
            self.taken.emit(self.value)

    def _narrow(self) -> None:
        text = self.field.text().strip()
        wanted = fold(text).split()
        found = [entry for entry in self._entries if entry.answers(wanted)]
        own = self._otherwise(text) if text else None
        if own is not None:
            found.append(own)
        self.model.set_lines([Line(n, entry, _row(entry)) for n, entry in enumerate(found)])
        choose(self.list, self.model, 0)

    @override
    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            if event.key() in _MOVES:
                self.list.keyPressEvent(event)
                return True
            plain = event.modifiers() in (
                Qt.KeyboardModifier.NoModifier,
                Qt.KeyboardModifier.KeypadModifier,
            )
            if plain and event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
                self.take()
                return True
        return super().eventFilter(watched, event)


def _row(entry: Choosable) -> Row:
    chip = ChipSpec(entry.chip) if entry.chip else None
    return Row(entry.title, entry.note, icon=entry.icon, chip=chip)
