"""A text as a sheet of paper, for letters, messages and CVs that have no pages of their own."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QColor, QMouseEvent, QPainter, QTextCharFormat, QTextCursor
from PySide6.QtWidgets import QFrame, QHBoxLayout, QPlainTextEdit, QTextEdit, QWidget
from typing_extensions import override

from ui import theme
from ui.models.lit import spans

WIDEST = 760
SIZES = (11, 12, 13, 15, 17, 20)


class _Paper(QPlainTextEdit):
    """Read-only text in ink on paper; the letters of the page's keys are not typed here."""

    pointed = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setReadOnly(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setTextInteractionFlags(
            Qt.TextInteractionFlag.TextSelectableByMouse
            | Qt.TextInteractionFlag.TextSelectableByKeyboard
        )
        self.setTabChangesFocus(True)
        self.setMaximumWidth(WIDEST)
        self.viewport().setMouseTracking(True)
        self.dress()

    def dress(self) -> None:
        """Paper and the ink of paper, in both themes."""
        t = theme.tokens()
        self.setStyleSheet(
            f"QPlainTextEdit {{ background: {t.paper}; color: {t.mark_ink}; padding: 18px 22px;"
            f" border: 1px solid {t.line}; border-radius: 0px; }}"
            f"QPlainTextEdit:focus {{ border: 2px solid {t.accent}; padding: 17px 21px; }}"
        )

    @override
    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        super().mouseMoveEvent(event)
        place = self.cursorForPosition(event.position().toPoint())
        self.pointed.emit(place.position())


def _in_qt(text: str, at: int) -> int:
    """A place of Python in Qt's counting: what lies beyond the first plane counts twice there."""
    return at + sum(char > "\uffff" for char in text[:at])


class TextSheet(QWidget):
    """The sheet on its ground. Signal: ``pointed(position)`` in the text, under the pointer."""

    pointed = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._terms: tuple[str, ...] = ()
        self._frame: QTextEdit.ExtraSelection | None = None
        self._changed: tuple[tuple[int, int], ...] = ()
        self._struck = False
        self._size = SIZES.index(theme.BODY)
        self.paper = _Paper()
        self.paper.pointed.connect(self.pointed)
        self.setFocusProxy(self.paper)
        row = QHBoxLayout(self)
        row.setContentsMargins(16, 14, 16, 0)
        row.addStretch(1)
        row.addWidget(self.paper, 1000)
        row.addStretch(1)
        self._font()

    def show_text(self, text: str, name: str, terms: Sequence[str] = ()) -> None:
        """Show a text from its first line."""
        self._frame, self._changed = None, ()
        self.paper.setPlainText(text)
        self.paper.setAccessibleName(name)
        self.set_terms(terms)

    def set_terms(self, terms: Sequence[str]) -> None:
        """Light other words."""
        self._terms = tuple(terms)
        self._light()

    def set_changed(self, spans: Sequence[tuple[int, int]], *, struck: bool) -> None:
        """Light what another version has not: (start, length); ``struck`` what is gone."""
        self._changed, self._struck = tuple(spans), struck
        self._light()

    def bring(self, at: int) -> None:
        """Have a place of the text in the middle of what is seen."""
        cursor = self.paper.textCursor()
        cursor.setPosition(_in_qt(self.paper.toPlainText(), at))
        self.paper.setTextCursor(cursor)
        self.paper.centerCursor()

    def frame_value(self, line: int, value: str, quote: str) -> None:
        """Frame where a value was read (``line`` from 1), and bring it into sight."""
        self._frame = self._selection_of(line, value, quote)
        self._light()
        if self._frame is not None:
            place = QTextCursor(self._frame.cursor)
            place.clearSelection()
            self.paper.setTextCursor(place)
            self.paper.ensureCursorVisible()

    def unframe(self) -> None:
        """Take the frame away."""
        if self._frame is not None:
            self._frame = None
            self._light()

    def zoom_by(self, steps: int) -> None:
        """Larger or smaller letters; 0 goes back to the usual size."""
        wanted = SIZES.index(theme.BODY) if steps == 0 else self._size + steps
        self._size = min(max(wanted, 0), len(SIZES) - 1)
        self._font()

    def scroll_by(self, screens: float) -> None:
        """Move by a part of what is seen."""
        bar = self.paper.verticalScrollBar()
        bar.setValue(bar.value() + int(bar.pageStep() * screens))

    @property
    def percent(self) -> int:
        return round(SIZES[self._size] / theme.BODY * 100)

    def _font(self) -> None:
        self.paper.setFont(theme.font(SIZES[self._size]))

    def _selection_of(self, line: int, value: str, quote: str) -> QTextEdit.ExtraSelection | None:
        block = self.paper.document().findBlockByNumber(line - 1)
        if not block.isValid():
            return None
        line_text = block.text()
        for text in (value, quote):
            for span in spans(line_text, [text])[:1]:
                return self._selection(line_text, span, "tint", "accent", block.position())
        whole = (0, len(line_text))
        return self._selection(line_text, whole, "tint", "accent", block.position())

    def _selection(
        self, text: str, span: tuple[int, int], ground: str, line: str = "", base: int = 0,
        *, struck: bool = False,
    ) -> QTextEdit.ExtraSelection:  # fmt: skip
        found = QTextEdit.ExtraSelection()
        cursor = QTextCursor(self.paper.document())
        start, length = span
        cursor.setPosition(base + _in_qt(text, start))
        cursor.setPosition(base + _in_qt(text, start + length), QTextCursor.MoveMode.KeepAnchor)
        style = QTextCharFormat()
        style.setBackground(theme.LIGHT.colour(ground))
        style.setForeground(theme.LIGHT.colour("mark_ink"))
        style.setFontStrikeOut(struck)
        if line:
            style.setUnderlineStyle(QTextCharFormat.UnderlineStyle.SingleUnderline)
            style.setUnderlineColor(QColor(theme.LIGHT.accent))
        found.cursor = cursor
        found.format = style
        return found

    def _light(self) -> None:
        text = self.paper.toPlainText()
        lit = [self._selection(text, span, "mark") for span in spans(text, self._terms)]
        for span in self._changed:
            ground = "sunk" if self._struck else "mark"
            lit.append(self._selection(text, span, ground, struck=self._struck))
        self.paper.setExtraSelections([*lit, self._frame] if self._frame else lit)

    @override
    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange:
            self.paper.dress()
            self._light()

    @override
    def paintEvent(self, event: object) -> None:
        painter = QPainter(self)
        painter.fillRect(self.rect(), theme.colour("sunk"))
