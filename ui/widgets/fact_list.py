"""Facts in rows of 26 px: what, its value, where it was read; the one pointed at is lit."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import (
    QAbstractListModel,
    QEvent,
    QModelIndex,
    QObject,
    QRectF,
    QSize,
    Qt,
    Signal,
)
from PySide6.QtGui import QFocusEvent, QKeyEvent, QMouseEvent, QPainter
from PySide6.QtWidgets import (
    QListView,
    QSizePolicy,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QWidget,
)
from typing_extensions import override

from ui import theme
from ui.speech import say
from ui.widgets import drawing
from ui.widgets.rows import ROW, Index, dress

HEIGHT, PADDING = 26, 15
_NO_INDEX = QModelIndex()


@dataclass(frozen=True)
class Fact:
    """One line. ``name`` is its key; without a value it says that it is to be filled in."""

    name: str
    label: str
    value: str
    source: str = ""
    editable: bool = True


class FactModel(QAbstractListModel):
    """The facts of one person."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.facts: tuple[Fact, ...] = ()

    def set_facts(self, facts: Sequence[Fact]) -> None:
        """Replace them all."""
        self.beginResetModel()
        self.facts = tuple(facts)
        self.endResetModel()

    @override
    def rowCount(self, parent: Index = _NO_INDEX) -> int:
        return 0 if parent.isValid() else len(self.facts)

    @override
    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if not index.isValid() or index.row() >= len(self.facts):
            return None
        fact = self.facts[index.row()]
        if role == ROW:
            return fact
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole):
            value = fact.value or say("facts.missing")
            return ", ".join(filter(None, (fact.label, value, fact.source)))
        if role == Qt.ItemDataRole.ToolTipRole:
            return fact.value or None
        return None


class _FactDelegate(QStyledItemDelegate):
    def __init__(self, view: FactList) -> None:
        super().__init__(view)
        self._view = view

    @override
    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        return QSize(120, HEIGHT)

    @override
    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        fact = index.data(ROW)
        if not isinstance(fact, Fact):
            return
        painter.save()
        drawing.smooth(painter)
        where = QRectF(option.rect)
        lit = index.row() == self._view.lit
        if lit:
            painter.fillRect(where, theme.colour("accent_wash"))
        if self._view.hasFocus() and option.state & QStyle.StateFlag.State_Selected:
            painter.fillRect(QRectF(where.left(), where.top(), 3, HEIGHT), theme.colour("accent"))
        self._text(painter, fact, where.adjusted(PADDING, 0, -PADDING, 0), lit=lit)
        painter.restore()

    def _text(self, painter: QPainter, fact: Fact, room: QRectF, *, lit: bool) -> None:
        soft, ink = theme.colour("ink_soft"), theme.colour("ink")
        label = self._view.label_width
        drawing.draw_text(painter, QRectF(room.left(), room.top(), label, HEIGHT), fact.label,
                          theme.SECOND, 400, soft)  # fmt: skip
        right = room.right()
        if fact.source:
            weight: theme.Weight = 600 if lit else 400
            wide = drawing.advance(fact.source, theme.NOTE, weight)
            spot = QRectF(right - wide, room.top(), wide + 1, HEIGHT)
            colour = theme.colour("accent_ink") if lit else soft
            drawing.draw_text(painter, spot, fact.source, theme.NOTE, weight, colour)
            right -= wide + 8
        left = room.left() + label + 8
        value = fact.value or say("facts.missing")
        bold: theme.Weight = 600 if lit else 400
        fits = drawing.advance(value, theme.BODY, bold) <= right - left
        size = theme.BODY if fact.value and fits else theme.SECOND
        spot = QRectF(left, room.top(), right - left, HEIGHT)
        drawing.draw_text(painter, spot, value, size, bold, ink if fact.value else soft)


class FactList(QListView):
    """As high as its facts.

    Signals: ``pointed(object)`` the fact under the pointer or chosen by keys, or None;
    ``correct_asked(Fact)`` on F2, Entrée and double click.
    """

    pointed = Signal(object)
    correct_asked = Signal(object)

    def __init__(self, name: str, label_width: int = 84, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        dress(self, name)
        self.label_width, self.lit = label_width, -1
        self.setModel(FactModel(self))
        self.setItemDelegate(_FactDelegate(self))
        self.setUniformItemSizes(True)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.entered.connect(lambda index: self._light(index.row()))
        self.doubleClicked.connect(lambda index: self._ask(index.row()))

    @property
    def facts(self) -> tuple[Fact, ...]:
        """What is shown."""
        model = self.model()
        return model.facts if isinstance(model, FactModel) else ()

    def set_facts(self, facts: Sequence[Fact]) -> None:
        """Show others; nothing is pointed at any more."""
        model = self.model()
        if isinstance(model, FactModel):
            model.set_facts(facts)
        self.lit = -1
        self.setFixedHeight(HEIGHT * len(facts))

    def light(self, name: str) -> None:
        """Light a fact from outside (its value is pointed at elsewhere); "" lights none."""
        at = next((n for n, fact in enumerate(self.facts) if name and fact.name == name), -1)
        if at != self.lit:
            self.lit = at
            self.viewport().update()

    def chosen(self) -> Fact | None:
        """The fact that F2 corrects: the chosen one, otherwise the one pointed at."""
        at = self.currentIndex().row() if self.hasFocus() else self.lit
        return self.facts[at] if 0 <= at < len(self.facts) else None

    def _light(self, at: int) -> None:
        if at != self.lit:
            self.lit = at
            self.viewport().update()
            self.pointed.emit(self.facts[at] if 0 <= at < len(self.facts) else None)

    def _ask(self, at: int) -> None:
        if 0 <= at < len(self.facts) and self.facts[at].editable:
            self.correct_asked.emit(self.facts[at])

    @override
    def keyboardSearch(self, search: str) -> None:
        return

    @override
    def currentChanged(self, current: Index, previous: Index) -> None:
        super().currentChanged(current, previous)
        if self.hasFocus():
            self._light(current.row())

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._ask(self.currentIndex().row())
            return
        super().keyPressEvent(event)

    @override
    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        if self.facts and not self.currentIndex().isValid():
            self.setCurrentIndex(self.model().index(0, 0))
        self._light(self.currentIndex().row())

    @override
    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        if event.reason() not in (
            Qt.FocusReason.PopupFocusReason,
            Qt.FocusReason.ActiveWindowFocusReason,
        ):
            self._light(-1)

    @override
    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        super().mouseMoveEvent(event)
        if not self.indexAt(event.position().toPoint()).isValid():
            self._light(-1)

    @override
    def leaveEvent(self, event: QEvent) -> None:
        super().leaveEvent(event)
        self._light(self.currentIndex().row() if self.hasFocus() else -1)
