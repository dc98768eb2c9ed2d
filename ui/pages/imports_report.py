"""The report of one import: the count that reconciles, the lines behind each figure, what was left
out, and until when all of it can be taken back."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from pathlib import PurePath

from PySide6.QtCore import QModelIndex, QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import (
    QAbstractButton,
    QHBoxLayout,
    QSizePolicy,
    QStackedWidget,
    QVBoxLayout,
)
from typing_extensions import override

from clementine_crm.clock import PARIS
from clementine_crm.domain.ids import Id
from clementine_crm.ports import RejectedRow
from clementine_crm.queries.imports import BatchView, Brought
from ui import moments, theme
from ui.models.plain import Line, ListModel, replace_lines
from ui.quantities import number
from ui.speech import say, words
from ui.widgets import drawing
from ui.widgets.bars import ProgressLine
from ui.widgets.card import Card, Panel
from ui.widgets.card import Line as Rule
from ui.widgets.chip import Chip, ChipKind
from ui.widgets.field import Picture
from ui.widgets.rows import TWO_LINES, ChipSpec, Row, RowList
from ui.widgets.text import Text

PARTS = ("new", "completed", "known", "rejected")
_TONES = {
    "read": "ink",
    "new": "good",
    "completed": "good",
    "known": "ink_soft",
    "rejected": "stop",
}


def phrase(key: str, params: dict[str, str], otherwise: str) -> str:
    """A sentence of the catalogue, or another one when a newer program's key is unknown here."""
    try:
        return words()(key, **params)
    except (KeyError, IndexError):
        return otherwise


class Count(QAbstractButton):
    """A number and its name below; a click shows its lines."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self.name, self.value = name, 0
        self.setCheckable(name != "read")
        self.setFocusPolicy(
            Qt.FocusPolicy.StrongFocus if name != "read" else Qt.FocusPolicy.NoFocus
        )
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        # What was read is the sum of the others: it has no lines of its own.
        self.setEnabled(name != "read")
        if name != "read":
            self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.set(0)

    def set(self, value: int) -> None:
        """Show how many."""
        self.value = value
        self.setText(f"{number(value)} {self._word()}")
        self.setAccessibleName(self.text())
        self.updateGeometry()
        self.update()

    def _word(self) -> str:
        return say(f"imports.count_{self.name}", n=self.value)

    def _needed(self) -> float:
        figure = drawing.advance(number(self.value), theme.FIGURE, 600)
        return max(figure, drawing.advance(self._word(), theme.SECOND)) + 20

    @override
    def sizeHint(self) -> QSize:
        return QSize(int(self._needed() + 1), 62)

    @override
    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def clipped(self) -> list[str]:
        """The name when it does not fit."""
        return [self.text()] if self._needed() > self.width() + 1 else []

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        drawing.smooth(painter)
        whole = QRectF(self.rect())
        if self.isChecked():
            drawing.box(painter, whole, theme.RADIUS_CONTROL, theme.colour("accent_wash"),
                        drawing.chip_edge("edge"))  # fmt: skip
        elif self.underMouse() and self.name != "read":
            drawing.box(painter, whole, theme.RADIUS_CONTROL, theme.colour("page"))
        if self.hasFocus():
            drawing.box(painter, whole, theme.RADIUS_CONTROL, None, theme.colour("ink"), 2)
        centre = Qt.AlignmentFlag.AlignHCenter
        tone = _TONES[self.name] if self.value else "ink_soft"
        top = QRectF(0, 4, whole.width(), 34)
        drawing.draw_text(
            painter, top, number(self.value), theme.FIGURE, 600, theme.colour(tone), centre
        )
        low = QRectF(0, 38, whole.width(), 18)
        soft = theme.colour("ink_soft")
        drawing.draw_text(painter, low, self._word(), theme.SECOND, 400, soft, centre)


class ReportCard(Card):
    """``on_open`` opens an item in triage."""

    def __init__(self, on_open: Callable[[Id], object]) -> None:
        super().__init__()
        self._view: BatchView | None = None
        self._running = False
        self._part = "new"
        head = QHBoxLayout()
        head.setSpacing(8)
        self._title = Text("", "card_title")
        self._state = Chip("")
        self._path = Text("", "second", "soft", elide=True)
        head.addWidget(self._title)
        head.addWidget(self._state)
        head.addWidget(self._path, 1)
        self.body.addLayout(head)
        self.progress = ProgressLine(8)
        self.body.addWidget(self.progress)
        self.body.addLayout(self._equation())
        self._notes = QVBoxLayout()
        self._notes.setSpacing(8)
        self._left_out = Text("", "second", wrap=True)
        self._law = Text("", "second", wrap=True)
        self._boxes = [
            _note("info", self._left_out, "sunk"),
            _note("consent", self._law, "care_wash"),
        ]
        for box in self._boxes:
            self.body.addWidget(box)
        self.body.addWidget(Rule())
        self.list = RowList(say("imports.lines"), TWO_LINES)
        self.model: ListModel[Id | None] = ListModel(self)
        self.list.setModel(self.model)
        self.list.clicked.connect(lambda index: self._clicked(index, on_open))
        self._nothing = Text("", "body", "soft", wrap=True)
        self._nothing.setAlignment(Qt.AlignmentFlag.AlignTop)
        self._stack = QStackedWidget()
        self._stack.addWidget(self.list)
        self._stack.addWidget(self._nothing)
        self.body.addWidget(self._stack, 1)

    def _equation(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(4)
        self.counts = {name: Count(name) for name in ("read", *PARTS)}
        for place, (name, count) in enumerate(self.counts.items()):
            if place:
                row.addWidget(Text("=" if place == 1 else "+", "dialog_title", "soft"))
            row.addWidget(count, 1)
            if name != "read":
                count.clicked.connect(lambda _=False, part=name: self.show_part(part))
        return row

    def show_import(self, view: BatchView, *, running: bool, now: datetime) -> None:
        """Show one import; ``running`` when this window is making it."""
        same = self._view is not None and self._view.record.id == view.record.id
        self._view, self._running = view, running
        record = view.record
        self._title.setText(say("imports.of", when=moments.day_and_hour(record.at, now)))
        text, kind = state_chip(record.state, running=running)
        self._state.set(text, kind)
        self._path.setText(short_path(record.path))
        self._path.setToolTip(record.path)
        self.progress.setVisible(running)
        values = (record.read, view.new, record.merged, record.already_known, record.rejected)
        for count, value in zip(self.counts.values(), values, strict=True):
            count.set(value)
        self._say_left_out(view)
        if not same or not self.counts[self._part].value:
            filled = [p for p in ("rejected", *PARTS) if self.counts[p].value]
            self._part = filled[0] if filled else "new"
        self.show_part(self._part)

    def _say_left_out(self, view: BatchView) -> None:
        left = [phrase(f"forbidden.{key}", {}, key) for key in sorted(view.record.left_out)]
        self._left_out.setText(say("imports.left_out", what=", ".join(left)) if left else "")
        law = view.record.ground in ("sourced", "unknown") and view.new > 0
        n = view.new
        self._law.setText(
            say(f"imports.after_{view.record.ground}", n=n, count=number(n)) if law else ""
        )
        for box, shown in zip(self._boxes, (bool(left), law), strict=True):
            box.setVisible(shown)

    def show_part(self, part: str) -> None:
        """Show the lines behind one figure."""
        self._part = part
        for name in PARTS:
            self.counts[name].setChecked(name == part)
        view = self._view
        if view is None:
            return
        if part == "rejected":
            lines = _rejected(view.rejected)
        elif part == "known":
            lines = []
        else:
            lines = _brought(view.made if part == "new" else view.completed)
        replace_lines(self.list, self.model, lines)
        self._nothing.setText(self._why_none(view, part, lines))
        self._stack.setCurrentIndex(0 if lines else 1)

    def _why_none(self, view: BatchView, part: str, lines: Sequence[object]) -> str:
        if lines:
            return ""
        if self._running:
            return say("imports.none_yet")
        if part == "known" and view.record.already_known:
            return say("imports.known_lines", n=view.record.already_known)
        if part == "new" and view.decided:
            return say("imports.all_decided", n=view.decided, count=number(view.decided))
        return say(f"imports.none_{part}")

    def _clicked(self, index: QModelIndex, on_open: Callable[[Id], object]) -> None:
        item = self.model.lines[index.row()].thing
        if item is not None:
            on_open(item)


def _note(icon: str, text: Text, ground: str) -> Panel:
    box = Panel(ground, "", theme.RADIUS_CONTROL)
    row = QHBoxLayout(box)
    row.setContentsMargins(12, 8, 12, 8)
    row.setSpacing(10)
    row.addWidget(Picture(icon, "ink_soft" if ground == "sunk" else "care", 15))
    row.addWidget(text, 1)
    return box


def _rejected(rejected: Sequence[RejectedRow]) -> list[Line[Id | None]]:
    lines: list[Line[Id | None]] = []
    for place, row in enumerate(rejected):
        why = phrase(
            f"reading.{row.reason}",
            {"row": str(row.row), **row.params},
            say("imports.reason_other"),
        )
        where = say("imports.row", row=row.row) if row.row else ""
        lines.append(Line(place, None, Row(row.path, why, when=where, icon="x")))
    return lines


def _brought(brought: Sequence[Brought]) -> list[Line[Id | None]]:
    lines: list[Line[Id | None]] = []
    for place, item in enumerate(brought):
        aside = phrase(f"aside.{item.set_aside}", {}, say("aside.other")) if item.set_aside else ""
        chip = ChipSpec(aside, "care", "clock") if aside else None
        name = item.name or say("imports.nameless")
        lines.append(
            Line((place, item.id), item.id, Row(name, item.about, icon="person", chip=chip))
        )
    return lines


def state_chip(state: str, *, running: bool) -> tuple[str, ChipKind]:
    """How an import stands: text and kind of chip. One that says it runs, and does not, was cut."""
    if running:
        return say("imports.state_running"), "accent"
    shown = "interrupted" if state == "running" else state
    kinds: dict[str, ChipKind] = {"done": "good", "cancelled": "care", "interrupted": "stop"}
    kind = kinds.get(shown, "neutral")
    return phrase(f"imports.state_{shown}", {}, shown), kind


def short_path(path: str) -> str:
    """The last two names of a path: enough to know it, on any system; a source by its words."""
    if not any(sign in path for sign in "/\\."):
        return phrase(f"sources.{path}", {}, path)
    parts = PurePath(path.replace("\\", "/")).parts
    return "/".join(parts[-2:]) if len(parts) > 2 else path


def until(view: BatchView) -> str:
    """Until which day it can be taken back."""
    return moments.full_day(view.undoable_until().astimezone(PARIS).date())


__all__ = ["PARTS", "Count", "ReportCard", "short_path", "state_chip", "until"]
