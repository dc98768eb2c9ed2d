"""Models of short lists: rows or cells that a query gave whole, kept with the thing they stand for.

For lists under a thousand; the long ones fetch their rows when they are painted.
"""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from PySide6.QtCore import (
    QAbstractItemModel,
    QAbstractListModel,
    QAbstractTableModel,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    Qt,
)
from PySide6.QtWidgets import QAbstractItemView
from typing_extensions import override

from ui.widgets.rows import CELL, ROW, Cell, Row

Index = QModelIndex | QPersistentModelIndex
_NO_INDEX = QModelIndex()
T = TypeVar("T")


@dataclass(frozen=True)
class Line(Generic[T]):
    """A row of a list and the thing it stands for; ``key`` finds it again after a refresh."""

    key: Hashable
    thing: T
    row: Row


@dataclass(frozen=True)
class TableLine(Generic[T]):
    """The same for a table; ``sort`` are native values, one a column."""

    key: Hashable
    thing: T
    cells: tuple[Cell, ...]
    sort: tuple[object, ...] = ()


class ListModel(QAbstractListModel, Generic[T]):
    """Rows of a list."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.lines: list[Line[T]] = []

    def keys(self) -> list[Hashable]:
        """What finds a row again, row by row."""
        return [line.key for line in self.lines]

    def set_lines(self, lines: Sequence[Line[T]]) -> None:
        """Replace them all."""
        self.beginResetModel()
        self.lines = list(lines)
        self.endResetModel()

    @override
    def rowCount(self, parent: Index = _NO_INDEX) -> int:
        return 0 if parent.isValid() else len(self.lines)

    @override
    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if not index.isValid() or index.row() >= len(self.lines):
            return None
        row = self.lines[index.row()].row
        if role == ROW:
            return row
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole):
            chip = row.chip.text if row.chip else ""
            return ", ".join(filter(None, (row.title, row.second, row.third, row.when, chip)))
        return None


class TableModel(QAbstractTableModel, Generic[T]):
    """Cells of a table, sorted by a column on native values."""

    def __init__(self, heads: Sequence[str], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.heads = tuple(heads)
        self.lines: list[TableLine[T]] = []
        self._by: tuple[int, bool] | None = None

    def keys(self) -> list[Hashable]:
        """What finds a row again, row by row."""
        return [line.key for line in self.lines]

    def set_lines(self, lines: Sequence[TableLine[T]]) -> None:
        """Replace them all; the chosen order stays."""
        self.beginResetModel()
        self.lines = list(lines)
        self._arrange()
        self.endResetModel()

    def _arrange(self) -> None:
        if self._by is not None:
            column, backwards = self._by
            self.lines.sort(key=lambda line: _rank(line.sort[column]), reverse=backwards)

    @override
    def sort(self, column: int, order: Qt.SortOrder = Qt.SortOrder.AscendingOrder) -> None:
        self.layoutAboutToBeChanged.emit()
        self._by = (column, order == Qt.SortOrder.DescendingOrder)
        held = self.persistentIndexList()
        keys = [self.lines[index.row()].key for index in held]
        self._arrange()
        at = {line.key: place for place, line in enumerate(self.lines)}
        now = [self.index(at[key], i.column()) for key, i in zip(keys, held, strict=True)]
        self.changePersistentIndexList(held, now)
        self.layoutChanged.emit()

    @override
    def rowCount(self, parent: Index = _NO_INDEX) -> int:
        return 0 if parent.isValid() else len(self.lines)

    @override
    def columnCount(self, parent: Index = _NO_INDEX) -> int:
        return 0 if parent.isValid() else len(self.heads)

    @override
    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if not index.isValid() or index.row() >= len(self.lines):
            return None
        cell = self.lines[index.row()].cells[index.column()]
        if role == CELL:
            return cell
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole):
            return (
                cell.chip.text if cell.chip else ", ".join(filter(None, (cell.text, cell.second)))
            )
        return None

    @override
    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> object:
        if orientation == Qt.Orientation.Horizontal and role == Qt.ItemDataRole.DisplayRole:
            return self.heads[section]
        return None


def _rank(value: object) -> tuple[bool, object]:
    return (value is None, "" if value is None else value)


def thing_at(view: QAbstractItemView, model: ListModel[T] | TableModel[T]) -> T | None:
    """What the current row stands for."""
    index = view.currentIndex()
    return model.lines[index.row()].thing if index.isValid() else None


def replace_lines(
    view: QAbstractItemView,
    model: ListModel[T] | TableModel[T],
    lines: Sequence[Line[T]] | Sequence[TableLine[T]],
) -> None:
    """Show other rows; the one that was chosen stays chosen, or its place does."""
    place = view.currentIndex().row()
    before = model.keys()
    key = before[place] if 0 <= place < len(before) else None
    top = view.verticalScrollBar().value()
    model.set_lines(lines)  # type: ignore[arg-type] # a list gets lines, a table table lines
    now = model.keys()
    wanted = now.index(key) if key in now else None
    if wanted is None and key is not None and now:
        wanted = min(place, len(now) - 1)
    if wanted is not None:
        choose(view, model, wanted)
        view.verticalScrollBar().setValue(top)


def choose(view: QAbstractItemView, model: QAbstractItemModel, place: int) -> None:
    """Make a row the current one."""
    if 0 <= place < model.rowCount():
        view.setCurrentIndex(model.index(place, 0))
