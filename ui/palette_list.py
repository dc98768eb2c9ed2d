"""The lines of the palette: heads of groups, and results of 42 px with their letters lit."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from PySide6.QtCore import QAbstractListModel, QModelIndex, QPersistentModelIndex, QRectF, QSize, Qt
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QListView, QStyle, QStyledItemDelegate, QStyleOptionViewItem, QWidget
from typing_extensions import override

from ui import icons, theme
from ui.keys import key_text
from ui.widgets import drawing
from ui.widgets.rows import ChipSpec, RowList, draw_marked

Index = QModelIndex | QPersistentModelIndex
RESULT = Qt.ItemDataRole.UserRole + 3
HEAD_TALL, TALL = 32, 42
_NO_INDEX = QModelIndex()


@dataclass(frozen=True)
class Result:
    """One line; without ``run`` it is the head of a group."""

    title: str
    second: str = ""
    icon: str = ""
    key: str = ""
    marks: tuple[tuple[int, int], ...] = ()
    chip: ChipSpec | None = None
    run: Callable[[], object] | None = None

    @classmethod
    def head(cls, title: str) -> Result:
        """The name of a group."""
        return cls(title)


class ResultModel(QAbstractListModel):
    """The lines of one answer."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.results: list[Result] = []

    def set_results(self, results: Sequence[Result]) -> None:
        """Replace them."""
        self.beginResetModel()
        self.results = list(results)
        self.endResetModel()

    @override
    def rowCount(self, parent: Index = _NO_INDEX) -> int:
        return 0 if parent.isValid() else len(self.results)

    @override
    def flags(self, index: Index) -> Qt.ItemFlag:
        if index.isValid() and self.results[index.row()].run is None:
            return Qt.ItemFlag.NoItemFlags
        return super().flags(index)

    @override
    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if not index.isValid():
            return None
        result = self.results[index.row()]
        if role == RESULT:
            return result
        if role == Qt.ItemDataRole.DisplayRole:
            return ", ".join(filter(None, (result.title, result.second)))
        return None


class ResultDelegate(QStyledItemDelegate):
    """Paints them."""

    @override
    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        result = index.data(RESULT)
        head = isinstance(result, Result) and result.run is None
        return QSize(120, HEAD_TALL if head else TALL)

    @override
    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        result = index.data(RESULT)
        if not isinstance(result, Result):
            return
        painter.save()
        drawing.smooth(painter)
        where = QRectF(option.rect)
        if result.run is None:
            room = where.adjusted(20, 8, -20, 0)
            drawing.draw_text(
                painter, room, result.title, theme.NOTE, 600, theme.colour("ink_soft")
            )
        else:
            chosen = bool(option.state & QStyle.StateFlag.State_Selected)
            self._line(painter, result, where, chosen=chosen)
        painter.restore()

    @staticmethod
    def _line(painter: QPainter, result: Result, where: QRectF, *, chosen: bool) -> None:
        if chosen:
            box = where.adjusted(8, 1, -8, -1)
            drawing.box(painter, box, theme.RADIUS_CONTROL, theme.colour("accent_wash"),
                        drawing.chip_edge("edge"))  # fmt: skip
            bar = QRectF(box.left(), box.top() + 8, 3, box.height() - 16)
            drawing.box(painter, bar, 1.5, theme.colour("accent"))
        middle = where.center().y()
        spot = QRectF(where.left() + 22, round(middle - 8.5), 17, 17)
        icons.paint(painter, result.icon, "accent_ink" if chosen else "ink_soft", spot)
        right = where.right() - 20
        key = key_text("Return") if chosen and not result.key else key_text(result.key)
        if key:
            right -= drawing.key_width(key)
            drawing.draw_key(painter, key, right, middle, theme.colour("ink_soft"))
            right -= 10
        if result.chip:
            right -= drawing.pill_width(result.chip.text, result.chip.icon)
            drawing.pill(
                painter, right, middle, result.chip.text, result.chip.kind, result.chip.icon
            )
            right -= 10
        room = QRectF(where.left() + 54, where.top(), right - where.left() - 54, where.height())
        used = min(room.width(), drawing.advance(result.title, theme.BODY, 600))
        if result.marks:
            draw_marked(painter, room, result.title, result.marks, 600)
        else:
            drawing.draw_text(painter, room, result.title, theme.BODY, 600, theme.colour("ink"))
        rest = room.adjusted(used + 12, 0, 0, 0)
        if result.second and rest.width() > 40:
            drawing.draw_text(
                painter, rest, result.second, theme.SECOND, 400, theme.colour("ink_soft")
            )


class ResultList(RowList):
    """Never has the focus: the box above keeps it."""

    def __init__(self, name: str) -> None:
        super().__init__(name)
        self.setUniformItemSizes(False)
        self.setItemDelegate(ResultDelegate(self))
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setResizeMode(QListView.ResizeMode.Adjust)
