"""What went wrong, under the top bar: three sentences, at most one button, the page goes on."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QVBoxLayout, QWidget
from typing_extensions import override

from ui import theme
from ui.errors import ErrorText
from ui.speech import say
from ui.widgets.button import Button, IconButton
from ui.widgets.chip import Chip
from ui.widgets.field import Picture
from ui.widgets.text import Text


@dataclass(frozen=True)
class Problem:
    """An error to show, with what may be done at once."""

    text: ErrorText
    retry: Callable[[], object] | None = None
    act_text: str = ""
    act: Callable[[], object] | None = None


class ErrorBar(QWidget):
    """One bar at a time, the others counted. Signals: ``details(str)``, ``emptied()``."""

    details = Signal(str)
    emptied = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._waiting: list[Problem] = []
        self._title = Text("", "card_title", "stop", wrap=True)
        self._others = Chip("", "neutral")
        self._sentences = [Text("", "second", wrap=True) for _ in range(3)]
        self._buttons = QHBoxLayout()
        self._buttons.setSpacing(8)
        whole = QHBoxLayout(self)
        whole.setContentsMargins(24, 10, 24, 11)
        whole.setSpacing(14)
        whole.addWidget(Picture("alert", "stop", 19), 0, Qt.AlignmentFlag.AlignTop)
        middle = QVBoxLayout()
        middle.setSpacing(3)
        head = QHBoxLayout()
        head.addWidget(self._title, 1)
        head.addWidget(self._others)
        middle.addLayout(head)
        grid = QGridLayout()
        grid.setHorizontalSpacing(8)
        grid.setVerticalSpacing(2)
        grid.setColumnStretch(1, 1)
        for row, name in enumerate(("happened", "kept", "todo")):
            label = Text(say(f"ui_errors.{name}"), "second")
            label.setFont(theme.font(theme.SECOND, 600))
            grid.addWidget(label, row, 0, Qt.AlignmentFlag.AlignTop)
            grid.addWidget(self._sentences[row], row, 1)
        middle.addLayout(grid)
        whole.addLayout(middle, 1)
        whole.addLayout(self._buttons)
        self._retry = Button(say("ui.retry"), "quiet", key="F5", height=32, on_click=self.retry)
        self._act = Button("", "outlined", height=32, on_click=self._do)
        self._more = Button(say("ui.details"), "quiet", height=32, on_click=self._tell)
        self._close = IconButton("x", say("ui.close_error"), kind="quiet", on_click=self.close_one)
        for button in (self._act, self._retry, self._more, self._close):
            self._buttons.addWidget(button, 0, Qt.AlignmentFlag.AlignTop)
        self.setVisible(False)

    def show_problem(self, problem: Problem) -> None:
        """Show it, or count it behind the one on screen; the same one twice is one."""
        if all(waiting.text != problem.text for waiting in self._waiting):
            self._waiting.append(problem)
        self._refresh()

    def close_one(self) -> None:
        """Put the bar on screen aside; the next one comes."""
        if self._waiting:
            self._waiting.pop(0)
        self._refresh()

    def retry(self) -> None:
        """Try again what failed, and put the bar aside."""
        problem = self._waiting[0] if self._waiting else None
        self.close_one()
        if problem is not None and problem.retry is not None:
            problem.retry()

    @property
    def can_retry(self) -> bool:
        return bool(self._waiting) and self._waiting[0].retry is not None

    def _do(self) -> None:
        problem = self._waiting[0] if self._waiting else None
        self.close_one()
        if problem is not None and problem.act is not None:
            problem.act()

    def _tell(self) -> None:
        if self._waiting:
            self.details.emit(self._waiting[0].text.details)

    def _refresh(self) -> None:
        if not self._waiting:
            if not self.isHidden():
                self.setVisible(False)
                self.emptied.emit()
            return
        problem = self._waiting[0]
        text = problem.text
        self._title.setText(text.title)
        for label, sentence in zip(
            self._sentences, (text.happened, text.kept, text.todo), strict=True
        ):
            label.setText(sentence)
        others = len(self._waiting) - 1
        self._others.set(say("ui_errors.others", n=others))
        self._others.setVisible(others > 0)
        self._retry.setVisible(problem.retry is not None)
        self._act.setText(problem.act_text)
        self._act.setVisible(problem.act is not None)
        self._more.setVisible(bool(text.details))
        self.setAccessibleName(f"{text.title}. {text.happened} {text.kept} {text.todo}")
        self.setVisible(True)

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(self.rect(), theme.colour("stop_wash"))
        painter.fillRect(0, self.height() - 1, self.width(), 1, theme.colour("stop"))
