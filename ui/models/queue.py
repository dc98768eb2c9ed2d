"""The queue of triage: what a row says is made when it is painted, and an item leaves without a reset."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import QAbstractListModel, QModelIndex, QObject, Qt
from typing_extensions import override

from clementine_crm.domain.ids import Id
from clementine_crm.queries.inbox import InboxRow
from ui.widgets.rows import ROW, Index, Row

_NO_INDEX = QModelIndex()


class QueueModel(QAbstractListModel):
    """Rows in the order they are treated. ``shown`` makes the words of one."""

    def __init__(self, shown: Callable[[InboxRow], Row], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._shown = shown
        self._made: dict[Id, tuple[InboxRow, Row]] = {}
        self.rows: list[InboxRow] = []

    def set_rows(self, rows: Sequence[InboxRow]) -> None:
        """Show others: one that left is taken out, anything else begins anew."""
        new = list(rows)
        gone = self._one_gone(new)
        if new == self.rows:
            return
        if gone is not None:
            self.beginRemoveRows(QModelIndex(), gone, gone)
            self.rows = new
            self.endRemoveRows()
            return
        self.beginResetModel()
        self.rows = new
        self.endResetModel()

    def _one_gone(self, new: list[InboxRow]) -> int | None:
        if len(new) != len(self.rows) - 1:
            return None
        for place, row in enumerate(self.rows):
            if place == len(new) or new[place] is not row:
                return place if new[place:] == self.rows[place + 1 :] else None
        return None

    def place_of(self, id: Id) -> int:
        """Where an item stands, -1 when it is not here."""
        return next((n for n, row in enumerate(self.rows) if row.id == id), -1)

    @override
    def rowCount(self, parent: Index = _NO_INDEX) -> int:
        return 0 if parent.isValid() else len(self.rows)

    @override
    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if role not in (ROW, Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole):
            return None
        if not index.isValid() or index.row() >= len(self.rows):
            return None
        row = self._words(self.rows[index.row()])
        if role == ROW:
            return row
        chip = row.chip.text if row.chip else ""
        return ", ".join(filter(None, (row.title, row.second, row.third, row.when, chip)))

    def _words(self, row: InboxRow) -> Row:
        made = self._made.get(row.id)
        if made is None or made[0] != row:
            made = self._made[row.id] = (row, self._shown(row))
        return made[1]
