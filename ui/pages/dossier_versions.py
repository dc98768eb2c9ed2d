"""Two versions of a CV side by side: what is gone is struck out, what is new is lit."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from clementine_crm.clock import paris_date
from clementine_crm.jobs import JobContext
from ui import moments, theme
from ui.context import UiContext
from ui.keys import bind
from ui.models.versions import Step, steps_between
from ui.speech import say
from ui.widgets.button import Button
from ui.widgets.document_view import Shown
from ui.widgets.field import Choice
from ui.widgets.question import Sheet
from ui.widgets.text import Text
from ui.widgets.text_sheet import TextSheet

WIDEST, MARGIN = 1200, 40


@dataclass(frozen=True)
class Version:
    """A text that can be compared, and how it is told from the others."""

    name: str
    text: str
    day: str = ""

    @property
    def label(self) -> str:
        return " · ".join(filter(None, (self.name, self.day)))


def versions_of(shown: Sequence[Shown], today: date) -> list[Version]:
    """Files as versions, in their order; those without text are left out."""
    return [
        Version(
            s.name, s.text,
            moments.short_day(paris_date(s.row.received_at), today)
            if s.row is not None and s.row.received_at is not None else "",
        )
        for s in shown if s.text.strip()
    ]  # fmt: skip


class VersionsSheet(Sheet):
    """``new`` on the right, one of ``older`` (newest first) on the left; F3 goes from change to change."""

    def __init__(
        self, ctx: UiContext, name: str, new: Version, older: Sequence[Version], parent: QWidget
    ) -> None:
        room = parent.window().size()
        super().__init__(
            say("versions.title", name=name), parent, width=min(WIDEST, room.width() - MARGIN)
        )
        self._ctx, self._new, self._older = ctx, new, tuple(older)
        self.steps: list[Step] = []
        self.at = -1
        self.setFixedHeight(room.height() - MARGIN)
        self.left, self.right = TextSheet(), TextSheet()
        self.which = Choice(say("versions.which"), [(v.label, n) for n, v in enumerate(older)])
        self.which.currentIndexChanged.connect(lambda _at: self._compare())
        self.which.setVisible(len(older) > 1)
        self._before = Text("", "second", "soft", elide=True)
        self._before.setVisible(len(older) == 1)
        self._told = Text("", "second", "soft")
        self._lay_out()
        for keys, by in (("F3", 1), ("Shift+F3", -1)):
            bind(self, keys, partial(self.step, by))
        self._compare()
        self.leave.setFocus()

    def _lay_out(self) -> None:
        sides = QHBoxLayout()
        sides.setSpacing(theme.GAP)
        now = Text(self._new.label, "second", "soft", elide=True)
        for head, paper, key in (
            (self._before, self.left, "versions.before"),
            (now, self.right, "versions.now"),
        ):
            side = QVBoxLayout()
            side.setSpacing(4)
            line = QHBoxLayout()
            line.addWidget(Text(say(key), "strong"))
            line.addWidget(head, 1)
            if paper is self.left:
                line.addWidget(self.which)
            side.addLayout(line)
            paper.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
            side.addWidget(paper, 1)
            sides.addLayout(side, 1)
        self.column.addLayout(sides, 1)
        self.next = Button(say("versions.next"), "filled", key="F3", on_click=partial(self.step, 1))
        self.leave = Button(say("ui.close"), key="Esc", on_click=self.reject)
        foot = QHBoxLayout()
        foot.setContentsMargins(0, 8, 0, 0)
        foot.setSpacing(10)
        for button in (self.next, self.leave):
            foot.addWidget(button)
        foot.addStretch(1)
        foot.addWidget(self._told)
        self.column.addLayout(foot)

    def _compare(self) -> None:
        old = self._older[max(0, self.which.currentIndex())]
        self._before.setText(old.label)
        self.left.show_text(old.text, f"{say('versions.before')}, {old.label}")
        self.right.show_text(self._new.text, f"{say('versions.now')}, {self._new.label}")
        self.steps, self.at = [], -1
        self._tell(say("versions.comparing"))

        def compare(_job: JobContext) -> list[Step]:
            return steps_between(old.text, self._new.text)

        self._ctx.runner.submit(
            compare, lane="io", owner=self, on_result=partial(self._compared, old),
            on_error=self._ctx.frame.show_error,
        )  # fmt: skip

    def _compared(self, old: Version, steps: list[Step]) -> None:
        if old is not self._older[max(0, self.which.currentIndex())]:
            return
        self.steps = steps
        self.left.set_changed([s.old for s in steps if s.old[1]], struck=True)
        self.right.set_changed([s.new for s in steps if s.new[1]], struck=False)
        self._tell(say("versions.changes", n=len(steps)) if steps else say("versions.same"))
        if steps:
            self.next.setFocus()
            # After the sheets have their size.
            QTimer.singleShot(0, self, partial(self.step, 1))

    def _tell(self, text: str) -> None:
        self._told.setText(text)
        self.setAccessibleDescription(text)
        self.next.setEnabled(bool(self.steps))

    def step(self, by: int) -> None:
        """Bring the next or the previous change into sight on both sides."""
        if not self.steps:
            return
        self.at = (self.at + by) % len(self.steps)
        change = self.steps[self.at]
        self.left.bring(change.old[0])
        self.right.bring(change.new[0])
        self._tell(say("versions.at", at=self.at + 1, n=len(self.steps)))
