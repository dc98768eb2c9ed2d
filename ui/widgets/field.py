"""Fields: a label above, an error below that says how to mend it; boxes, radios and choices."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import (
    QAbstractButton,
    QComboBox,
    QHBoxLayout,
    QLineEdit,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)
from typing_extensions import override

from ui import icons, theme
from ui.speech import say
from ui.widgets import drawing
from ui.widgets.text import Text

MARK = 18


class Picture(QWidget):
    """A small icon in a token's colour, decoration for the text beside it."""

    def __init__(
        self,
        name: str,
        colour: str = "ink_soft",
        size: int = icons.ROW,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._name, self._colour = name, colour
        self.setFixedSize(size, size)

    def set(self, name: str, colour: str) -> None:
        """Show another icon."""
        self._name, self._colour = name, colour
        self.update()

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        icons.paint(QPainter(self), self._name, self._colour, QRectF(self.rect()))


class Field(QWidget):
    """One line to fill in. ``box`` is the QLineEdit; ``changed(text)`` while typing.

    The ghost text is only a help: the label is always there and is the accessible name.
    """

    changed = Signal(str)

    def __init__(
        self,
        label: str,
        *,
        ghost: str = "",
        icon: str = "",
        secret: bool = False,
        text: str = "",
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.label = Text(label, "second", "soft")
        self.box = QLineEdit(text)
        self.box.setFont(theme.font())
        self.box.setPlaceholderText(ghost)
        self.box.setAccessibleName(label)
        self.label.setBuddy(self.box)
        self._icon, self._eye = icon, None
        if icon:
            self.box.addAction(
                icons.icon(icon, "ink_soft", 16), QLineEdit.ActionPosition.LeadingPosition
            )
        if secret:
            self.box.setEchoMode(QLineEdit.EchoMode.Password)
            self._eye = self.box.addAction(
                icons.icon("eye", "ink_soft", 16), QLineEdit.ActionPosition.TrailingPosition
            )
            self._eye.setToolTip(say("ui.show_password"))
            self._eye.triggered.connect(self._show_or_hide)
        self._error_line = QWidget()
        self._error_line.setVisible(False)
        row = QHBoxLayout(self._error_line)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(6)
        row.addWidget(Picture("alert", "stop", 13), 0, Qt.AlignmentFlag.AlignVCenter)
        self._error = Text("", "second", "stop", wrap=True)
        row.addWidget(self._error, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        column.addWidget(self.label)
        column.addWidget(self.box)
        column.addWidget(self._error_line)
        self.setFocusProxy(self.box)
        self.box.textChanged.connect(self._typed)

    def text(self) -> str:
        """What was typed, as it was typed."""
        return self.box.text()

    def set_text(self, text: str) -> None:
        """Put a value in."""
        self.box.setText(text)

    def set_error(self, sentence: str) -> None:
        """Show what is wrong and how to mend it; "" takes it away. Typing takes it away too."""
        self._error.setText(sentence)
        self._error_line.setVisible(bool(sentence))
        self.box.setAccessibleDescription(sentence)
        if bool(self.box.property("wrong")) != bool(sentence):
            self.box.setProperty("wrong", bool(sentence))
            self.box.style().unpolish(self.box)
            self.box.style().polish(self.box)

    def error(self) -> str:
        """The sentence shown below, or ""."""
        return self._error.text() if not self._error_line.isHidden() else ""

    def _typed(self, text: str) -> None:
        self.set_error("")
        self.changed.emit(text)

    def _show_or_hide(self) -> None:
        hidden = self.box.echoMode() == QLineEdit.EchoMode.Password
        mode = QLineEdit.EchoMode.Normal if hidden else QLineEdit.EchoMode.Password
        self.box.setEchoMode(mode)
        if self._eye is not None:
            self._eye.setToolTip(say("ui.hide_password" if hidden else "ui.show_password"))


class Mark(QAbstractButton):
    """A box to tick or a radio to choose, 18 px, with its sentence beside it."""

    def __init__(
        self,
        text: str,
        shape: Literal["box", "radio"] = "box",
        *,
        checked: bool = False,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._shape = shape
        self.setCheckable(True)
        self.setChecked(checked)
        self.setAutoExclusive(shape == "radio")
        # Tab meets the chosen radio of a group, the arrows the others.
        self.setProperty("by_key_only", shape == "radio")
        self.setText(text)
        self.setAccessibleName(text)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.toggled.connect(lambda _=False: self.update())

    def _needed(self) -> float:
        return MARK + 6 + (4 + drawing.advance(self.text(), theme.BODY) if self.text() else 0)

    @override
    def sizeHint(self) -> QSize:
        return QSize(int(self._needed() + 1), MARK + 6)

    @override
    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def clipped(self) -> list[str]:
        """The text when it does not fit."""
        return [self.text()] if self._needed() > self.width() + 1 else []

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        drawing.smooth(painter)
        where = QRectF(3, (self.height() - MARK) / 2, MARK, MARK)
        draw_mark(painter, where, self._shape, checked=self.isChecked(), enabled=self.isEnabled())
        if self.hasFocus():
            radius = 7 if self._shape == "box" else (MARK + 6) / 2
            drawing.box(
                painter, where.adjusted(-3, -3, 3, 3), radius, None, theme.colour("accent"), 2
            )
        if self.text():
            room = QRectF(MARK + 10, 0, self.width() - MARK - 10, self.height())
            ink = theme.colour("ink" if self.isEnabled() else "ink_soft")
            drawing.draw_text(painter, room, self.text(), theme.BODY, 400, ink)


def draw_mark(
    painter: QPainter, where: QRectF, shape: str, *, checked: bool, enabled: bool = True
) -> None:
    """A box or radio, for the control and for rows."""
    colour = theme.colour
    fill = "accent" if enabled else "edge"
    if shape == "radio":
        edge = colour(fill if checked else "edge")
        drawing.box(painter, where, MARK / 2, colour("card"), edge, 1.5)
        if checked:
            drawing.box(painter, where.adjusted(4.5, 4.5, -4.5, -4.5), MARK / 2, colour(fill))
        return
    if checked:
        drawing.box(painter, where, 5, colour(fill))
        icons.paint(painter, "check", "on_accent", where.adjusted(3, 3, -3, -3))
    else:
        drawing.box(painter, where, 5, colour("card"), colour("edge"), 1.5)


class Choice(QComboBox):
    """A list to choose one of, 36 px (32 in heads), with our own arrow."""

    def __init__(
        self, name: str, entries: Sequence[tuple[str, object]] = (), parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setFont(theme.font())
        self.setAccessibleName(name)
        self.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)
        for text, value in entries:
            self.addItem(text, value)

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        where = QRectF(self.width() - 24, (self.height() - 14) / 2, 14, 14)
        icons.paint(QPainter(self), "down", "ink_soft", where)
