"""A password typed twice, its rules ticked as it is typed, its strength in words."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QRectF, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QVBoxLayout, QWidget
from typing_extensions import override

from ui import theme
from ui.ports import PasswordRules
from ui.speech import say
from ui.widgets import drawing
from ui.widgets.field import Field, Picture
from ui.widgets.text import Text, Tone

# Always in sight; the others appear only while they are broken.
ALWAYS = ("length", "lower", "upper", "digit", "special", "leaked")
LONG = 16
_LEVELS = ("weak", "fair", "strong", "very_strong")
_TONES: tuple[Tone, ...] = ("stop", "care", "good", "good")


class _Strength(QWidget):
    def __init__(self) -> None:
        super().__init__()
        self.level = -1
        self.setFixedHeight(8)

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        drawing.smooth(painter)
        step = (self.width() - 6) / 4
        for place in range(4):
            on = place <= self.level
            token = f"{_TONES[self.level]}_bar" if on else "sunk"
            where = QRectF(place * (step + 2), 0, step, 8)
            drawing.box(painter, where, 3, theme.colour(token), drawing.chip_edge("edge"))


class _Rule(QWidget):
    def __init__(self, name: str) -> None:
        super().__init__()
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(6)
        self._picture = Picture("minus", "ink_soft", 13)
        self._text = Text(say(f"password.rule_{name}"), "second", wrap=True)
        row.addWidget(self._picture, 0, Qt.AlignmentFlag.AlignVCenter)
        row.addWidget(self._text, 1)

    def set(self, *, kept: bool, empty: bool) -> None:
        icon, colour = (
            ("check", "good") if kept else ("minus", "ink_soft") if empty else ("x", "stop")
        )
        self._picture.set(icon, colour)
        self._text.set_tone("" if kept else "soft" if empty else "stop")
        self.setAccessibleName(self._text.text())


class PasswordPair(QWidget):
    """Two fields at the left, what is still asked at the right. Signal: ``changed()``."""

    changed = Signal()

    def __init__(
        self,
        rules: PasswordRules,
        *,
        label: str = "",
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._rules = rules
        self._about: tuple[str, ...] = ()
        self.first = Field(label or say("first_start.password"), secret=True)
        self.second = Field(say("first_start.again"), secret=True)
        self._level_text = Text("", "head")
        self._strength = _Strength()
        whole = QHBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(24)
        left, right = QVBoxLayout(), QVBoxLayout()
        left.setSpacing(8)
        left.addWidget(self.first)
        left.addWidget(self.second)
        left.addStretch(1)
        head = QHBoxLayout()
        head.addWidget(Text(say("password.strength"), "second", "soft"), 1)
        head.addWidget(self._level_text)
        right.setSpacing(5)
        right.addLayout(head)
        right.addWidget(self._strength)
        self._grid = QGridLayout()
        self._grid.setHorizontalSpacing(12)
        self._grid.setVerticalSpacing(3)
        right.addLayout(self._grid)
        right.addStretch(1)
        whole.addLayout(left, 1)
        whole.addLayout(right, 1)
        self._lines: dict[str, _Rule] = {}
        self.first.changed.connect(self._typed)
        self.second.changed.connect(self._typed)
        self._typed()

    def set_about(self, about: Sequence[str]) -> None:
        """Name, address and agency, which the password must not contain."""
        self._about = tuple(part for part in about if part)
        self._typed()

    def value(self) -> str:
        """The password when every rule is kept and both entries agree, else ""."""
        return self.first.text() if not self.missing() else ""

    def missing(self) -> str:
        """What is still asked, "" when nothing is."""
        if not all(kept for _, kept in self._rules(self.first.text(), self._about)):
            return say("password.missing_rules")
        if self.first.text() != self.second.text():
            return say("password.missing_match")
        return ""

    def clear(self) -> None:
        """Forget what was typed."""
        self.first.set_text("")
        self.second.set_text("")

    def _typed(self, _text: str = "") -> None:
        password = self.first.text()
        results = dict(self._rules(password, self._about))
        for name, kept in results.items():
            if name not in self._lines:
                self._lines[name] = _Rule(name)
                at = self._grid.count()
                self._grid.addWidget(self._lines[name], at, 0)
            self._lines[name].set(kept=kept, empty=not password)
            self._lines[name].setVisible(name in ALWAYS or (bool(password) and not kept))
        level = self._level(password, results)
        self._strength.level = level
        self._strength.setAccessibleName(say(f"password.{_LEVELS[level]}") if level >= 0 else "")
        self._strength.update()
        self._level_text.setText(say(f"password.{_LEVELS[level]}") if level >= 0 else "")
        self._level_text.setVisible(level >= 0)
        if level >= 0:
            self._level_text.set_tone(_TONES[level])
        self.changed.emit()

    @staticmethod
    def _level(password: str, results: dict[str, bool]) -> int:
        if not password:
            return -1
        if all(results.values()):
            return 3 if len(password) >= LONG else 2
        return 1 if sum(results.values()) >= len(results) - 1 else 0
