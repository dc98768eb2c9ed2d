"""Rows of lists and tables: what a row says, and the delegate that paints it.

A model gives a ``Row`` under ``ROW`` (lists) or a ``Cell`` under ``CELL`` (tables); the delegate
draws them in the product's look. Models stay plain: no widget per row, 50 000 rows open like 50.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import cast

from PySide6.QtCore import (
    QAbstractItemModel,
    QModelIndex,
    QPersistentModelIndex,
    QPointF,
    QRectF,
    QSize,
    Qt,
)
from PySide6.QtGui import QFocusEvent, QFontMetricsF, QKeyEvent, QPainter, QPalette
from PySide6.QtWidgets import (
    QAbstractItemView,
    QFrame,
    QListView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
    QWidget,
)
from typing_extensions import override

from ui import icons, theme
from ui.widgets import drawing
from ui.widgets.field import MARK, draw_mark

ROW = Qt.ItemDataRole.UserRole + 1
CELL = Qt.ItemDataRole.UserRole + 2
Index = QModelIndex | QPersistentModelIndex
DENSE, TABLE, TASK, TWO_LINES, QUEUE = 36, 38, 44, 49, 72


@dataclass(frozen=True)
class ChipSpec:
    """A chip on a row."""

    text: str
    kind: str = "neutral"
    icon: str = ""


@dataclass(frozen=True)
class Row:
    """A row of a list. One to three lines; ``ticked`` None means no box."""

    title: str
    second: str = ""
    third: str = ""
    third_icon: str = ""
    when: str = ""
    icon: str = ""
    chip: ChipSpec | None = None
    ticked: bool | None = None


@dataclass(frozen=True)
class Cell:
    """A cell of a table; ``marks`` are (start, length) of the words lit in ``text``."""

    text: str = ""
    second: str = ""
    strong: bool = False
    soft: bool = False
    right: bool = False
    chip: ChipSpec | None = None
    icon: str = ""
    marks: tuple[tuple[int, int], ...] = ()
    struck: bool = False


def draw_marked(
    painter: QPainter,
    where: QRectF,
    text: str,
    marks: tuple[tuple[int, int], ...],
    weight: theme.Weight = 400,
) -> None:
    """One line whose found words are lit; elided at the right, and at the left when the first found
    word would not be in sight.
    """
    size = theme.SECOND if weight == 400 else theme.BODY
    font, metrics = theme.font(size, weight), theme.metrics(size, weight)
    text, marks = _from_first_mark(text, marks, where.width(), metrics)
    shown = metrics.elidedText(text, Qt.TextElideMode.ElideRight, where.width())
    # The … stands where the cut is: lights beyond it are not drawn.
    kept = len(text) if shown == text else len(shown) - 1
    painter.setFont(font)
    for start, length in marks:
        if start >= kept or length <= 0:
            continue
        left = where.left() + metrics.horizontalAdvance(shown[:start])
        wide = metrics.horizontalAdvance(shown[start : min(start + length, kept)])
        lit = QRectF(left - 2, where.center().y() - 9, wide + 4, 18)
        drawing.box(painter, lit, 3, theme.colour("mark"))
    painter.setPen(theme.colour("ink"))
    painter.drawText(where, int(Qt.AlignmentFlag.AlignVCenter), shown)
    for start, length in marks:
        if start >= kept or length <= 0:
            continue
        piece = shown[start : min(start + length, kept)]
        left = where.left() + metrics.horizontalAdvance(shown[:start])
        painter.setPen(theme.colour("mark_ink"))
        room = QRectF(left, where.top(), metrics.horizontalAdvance(piece) + 2, where.height())
        painter.drawText(room, int(Qt.AlignmentFlag.AlignVCenter), piece)


def _from_first_mark(
    text: str, marks: tuple[tuple[int, int], ...], room: float, metrics: QFontMetricsF
) -> tuple[str, tuple[tuple[int, int], ...]]:
    """The text from a word shortly before the first mark on, when that mark would not fit."""
    if not marks or metrics.horizontalAdvance(text[: sum(marks[0])]) <= room - 12:
        return text, marks
    start = marks[0][0]
    cut = start
    while cut > 0:
        before = text.rfind(" ", 0, cut - 1) + 1
        if metrics.horizontalAdvance(text[before : sum(marks[0])]) > room * 0.7:
            break
        cut = before
    if cut == 0:
        return text, marks
    moved = tuple((at - cut + 2, length) for at, length in marks)
    return f"… {text[cut:]}", moved


class _Base(QStyledItemDelegate):
    """Ground, selection (wash and accent bar), line between rows."""

    def __init__(self, height: int, parent: QWidget) -> None:
        super().__init__(parent)
        self.height = height

    @override
    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        return QSize(120, self.height)

    def _ground(
        self, painter: QPainter, option: QStyleOptionViewItem, where: QRectF, *, first: bool,
        line: bool = True,
    ) -> None:  # fmt: skip
        selected = bool(option.state & QStyle.StateFlag.State_Selected)
        if selected:
            painter.fillRect(where, theme.colour("accent_wash"))
        elif option.state & QStyle.StateFlag.State_MouseOver:
            painter.fillRect(where, theme.colour("page"))
        if line:
            edge = QRectF(where.left(), where.bottom() - 1, where.width(), 1)
            painter.fillRect(edge, theme.colour("line"))
        view = cast("QWidget | None", option.widget)
        focused = view is not None and view.hasFocus()
        if selected and first:
            width = 5 if focused else 3
            bar = QRectF(where.left(), where.top(), width, where.height() - 1)
            painter.fillRect(bar, theme.colour("accent"))


class RowDelegate(_Base):
    """Paints a ``Row`` in 36, 44, 49 or 72 px; ``closed`` where a card ends below the last one."""

    closed = False

    @override
    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        row = index.data(ROW)
        painter.save()
        drawing.smooth(painter)
        where = QRectF(option.rect)
        last = self.closed and index.row() == index.model().rowCount() - 1
        self._ground(painter, option, where, first=True, line=not last)
        if isinstance(row, Row):
            inner = where.adjusted(16, 0, -16, -1)
            left = self._leading(painter, row, inner)
            if self.height >= TWO_LINES:
                self._stacked(painter, row, inner.adjusted(left, 0, 0, 0))
            else:
                self._single(painter, row, inner.adjusted(left, 0, 0, 0))
        painter.restore()

    def _leading(self, painter: QPainter, row: Row, inner: QRectF) -> float:
        left = 0.0
        middle = inner.center().y()
        if row.ticked is not None:
            box = QRectF(inner.left(), round(middle - MARK / 2), MARK, MARK)
            draw_mark(painter, box, "box", checked=row.ticked)
            left += MARK + 10
        if row.icon:
            spot = QRectF(inner.left() + left, round(middle - 8), 16, 16)
            icons.paint(painter, row.icon, "ink_soft", spot)
            left += 26
        return left

    def _single(self, painter: QPainter, row: Row, room: QRectF) -> None:
        middle = room.center().y()
        right = room.right()
        if row.chip:
            right -= drawing.pill_width(row.chip.text, row.chip.icon)
            drawing.pill(painter, right, middle, row.chip.text, row.chip.kind, row.chip.icon)
            right -= 8
        if row.when:
            right = self._when(painter, row.when, right, room) - 8
        text = QRectF(room.left(), room.top(), right - room.left(), room.height())
        used = drawing.draw_text(painter, text, row.title, theme.BODY, 600, theme.colour("ink"))
        rest = text.adjusted(min(used, text.width()) + 10, 0, 0, 0)
        if row.second and rest.width() > 40:
            drawing.draw_text(
                painter, rest, row.second, theme.SECOND, 400, theme.colour("ink_soft")
            )

    def _when(self, painter: QPainter, when: str, right: float, room: QRectF) -> float:
        wide = drawing.advance(when, theme.NOTE)
        spot = QRectF(right - wide, room.top(), wide + 1, room.height())
        drawing.draw_text(painter, spot, when, theme.NOTE, 400, theme.colour("ink_soft"))
        return right - wide

    def _stacked(self, painter: QPainter, row: Row, room: QRectF) -> None:
        lines = 3 if self.height >= QUEUE else 2
        step = 20.0 if lines == 3 else 18.0
        top = room.center().y() - step * lines / 2
        first = QRectF(room.left(), top, room.width(), step)
        right = room.right()
        if row.when:
            right = self._when(painter, row.when, right, first) - 8
        title = QRectF(first.left(), top, right - first.left(), step)
        if lines == 2 and row.chip:
            width = drawing.pill_width(row.chip.text, row.chip.icon)
            drawing.pill(painter, right - width, room.center().y(), row.chip.text, row.chip.kind,
                         row.chip.icon)  # fmt: skip
            title.setRight(right - width - 8)
        drawing.draw_text(painter, title, row.title, theme.BODY, 600, theme.colour("ink"))
        soft = theme.colour("ink_soft")
        second = QRectF(
            room.left(), top + step, title.width() if lines == 2 else room.width(), step
        )
        drawing.draw_text(painter, second, row.second, theme.SECOND, 400, soft)
        if lines == 3:
            self._third(painter, row, QRectF(room.left(), top + 2 * step, room.width(), step))

    def _third(self, painter: QPainter, row: Row, room: QRectF) -> None:
        left = room.left()
        middle = room.center().y()
        if row.third_icon:
            icons.paint(
                painter, row.third_icon, "ink_soft", QRectF(left, round(middle - 7), 14, 14)
            )
            left += 20
        chip = drawing.pill_width(row.chip.text, row.chip.icon) + 8 if row.chip else 0
        text = QRectF(left, room.top(), max(0.0, room.right() - left - chip), room.height())
        used = drawing.draw_text(
            painter, text, row.third, theme.SECOND, 400, theme.colour("ink_soft")
        )
        if row.chip:
            at = left + min(used, text.width()) + 10
            drawing.pill(painter, min(at, room.right() - chip + 8), middle, row.chip.text,
                         row.chip.kind, row.chip.icon)  # fmt: skip


class CellDelegate(_Base):
    """Paints a ``Cell`` of a table, 38 or 49 px."""

    @override
    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        cell = index.data(CELL)
        painter.save()
        drawing.smooth(painter)
        where = QRectF(option.rect)
        self._ground(painter, option, where, first=index.column() == 0)
        if isinstance(cell, Cell):
            self._cell(painter, cell, where.adjusted(16 if index.column() == 0 else 8, 0, -8, -1))
        painter.restore()

    def _cell(self, painter: QPainter, cell: Cell, room: QRectF) -> None:
        middle = room.center().y()
        if cell.icon:
            icons.paint(painter, cell.icon, "ink_soft",
                        QRectF(QPointF(room.left(), round(middle - 8)), room.bottomRight()).adjusted(
                            0, 0, -(room.width() - 16), 0))  # fmt: skip
            room = room.adjusted(24, 0, 0, 0)
        if cell.chip:
            drawing.pill(
                painter, room.left(), middle, cell.chip.text, cell.chip.kind, cell.chip.icon
            )
            return
        ink = theme.colour("ink_soft" if cell.soft or cell.struck else "ink")
        if cell.marks:
            draw_marked(painter, room, cell.text, cell.marks)
            return
        if cell.second:
            first = QRectF(room.left(), middle - 18, room.width(), 18)
            drawing.draw_text(painter, first, cell.text, theme.BODY, 600, ink)
            second = QRectF(room.left(), middle, room.width(), 18)
            soft = theme.colour("ink_soft")
            drawing.draw_text(painter, second, cell.second, theme.SECOND, 400, soft)
            return
        align = Qt.AlignmentFlag.AlignRight if cell.right else Qt.AlignmentFlag.AlignLeft
        weight: theme.Weight = 600 if cell.strong else 400
        size = theme.BODY if cell.strong or not cell.soft else theme.SECOND
        used = drawing.draw_text(painter, room, cell.text, size, weight, ink, align)
        if cell.struck:
            painter.fillRect(QRectF(room.left(), middle, min(used, room.width()), 1), ink)


def dress(view: QAbstractItemView, name: str) -> None:
    """Make a stock view look and behave as ours: named, without frame, one row chosen at a time."""
    view.setAccessibleName(name)
    view.setFrameShape(QFrame.Shape.NoFrame)
    view.setMouseTracking(True)
    view.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
    view.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
    view.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    view.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
    palette = view.palette()
    palette.setColor(QPalette.ColorRole.Highlight, theme.colour("accent_wash"))
    view.setPalette(palette)


class RowList(QListView):
    """A list of ``Row``; letters are keys of the page, never a type-ahead."""

    def __init__(self, name: str, height: int = TWO_LINES, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        dress(self, name)
        self.setUniformItemSizes(True)
        self.rows = RowDelegate(height, self)
        self.setItemDelegate(self.rows)

    @override
    def keyboardSearch(self, search: str) -> None:
        return

    @override
    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        model = cast("QAbstractItemModel | None", self.model())
        if model is not None and model.rowCount() and not self.currentIndex().isValid():
            self.setCurrentIndex(model.index(0, 0))


class CellTable(QTableView):
    """A table of ``Cell``: whole rows are chosen, Tab leaves it, letters are keys of the page."""

    def __init__(self, name: str, height: int = TABLE, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        dress(self, name)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setShowGrid(False)
        self.setTabKeyNavigation(False)
        self.setWordWrap(False)
        self.verticalHeader().setVisible(False)
        self.verticalHeader().setDefaultSectionSize(height)
        head = self.horizontalHeader()
        head.setFont(theme.font(theme.NOTE, 600))
        head.setFixedHeight(34)
        head.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        head.setHighlightSections(False)
        head.setStretchLastSection(True)
        self.setItemDelegate(CellDelegate(height, self))

    @override
    def keyboardSearch(self, search: str) -> None:
        return

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        # Left and right move nothing in a table chosen by rows: leave them to the page.
        if event.key() in (Qt.Key.Key_Left, Qt.Key.Key_Right):
            event.ignore()
            return
        super().keyPressEvent(event)
