"""The table of candidates: a million rows open as fast as fifty.

The model holds eight bytes a person; rows are fetched by pages when they are painted, off the GUI
thread, and the last pages are kept. A page that is no longer in sight is not asked for.
"""

from __future__ import annotations

from array import array
from collections import OrderedDict
from collections.abc import Callable, Sequence
from functools import partial

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, Qt, QTimer
from typing_extensions import override

from clementine_crm.domain.ids import Id
from ui.models.found import EVERYBODY, Ask, Found, FoundRow, Wanted
from ui.widgets.rows import CELL, Cell, Index

PAGE, PAGES_KEPT, AT_ONCE, WANTED = 50, 40, 2, 4
_NO_INDEX = QModelIndex()
_BLANK = Cell("", soft=True)
_SPOKEN = (int(Qt.ItemDataRole.DisplayRole), int(Qt.ItemDataRole.AccessibleTextRole))
NOTHING = Found(Wanted("", EVERYBODY))


class CandidatesModel(QAbstractTableModel):
    """``cells`` makes the cells of a row; ``ask`` fetches rows and calls back on the GUI thread."""

    def __init__(
        self,
        heads: Sequence[str],
        cells: Callable[[FoundRow], tuple[Cell, ...]],
        ask: Ask,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self.heads, self._cells, self._ask = tuple(heads), cells, ask
        self.found = NOTHING
        self._rids: array[int] = array("q")
        self._pages: OrderedDict[int, list[FoundRow | None]] = OrderedDict()
        self._made: dict[int, tuple[Cell, ...]] = {}
        self._wanted: OrderedDict[int, None] = OrderedDict()
        self._asking: set[int] = set()
        self._turn = 0
        self._soon = QTimer(self)
        self._soon.setSingleShot(True)
        self._soon.setInterval(0)
        self._soon.timeout.connect(self._next)

    # An answer.
    def set_found(self, found: Found) -> None:
        """Show another answer, its first page at once."""
        self.beginResetModel()
        self._turn += 1
        self.found, self._rids = found, found.rids
        self._pages.clear()
        self._made.clear()
        self._wanted.clear()
        self._asking.clear()
        if found.first:
            self._keep(0, found.first)
        self.endResetModel()

    def row_at(self, place: int) -> FoundRow | None:
        """The person of a line, None while it is being fetched (or gone)."""
        page = self._pages.get(place // PAGE)
        if page is None or place % PAGE >= len(page):
            return None
        return page[place % PAGE]

    def id_at(self, place: int) -> Id | None:
        """The dossier of a line, when it is at hand."""
        row = self.row_at(place)
        return row.id if row is not None else None

    def place_of(self, rid: int) -> int:
        """Where a person stands in the answer, -1 when nowhere."""
        try:
            return self._rids.index(rid)
        except ValueError:
            return -1

    # What the view asks.
    @override
    def rowCount(self, parent: Index = _NO_INDEX) -> int:
        return 0 if parent.isValid() else len(self._rids)

    @override
    def columnCount(self, parent: Index = _NO_INDEX) -> int:
        return 0 if parent.isValid() else len(self.heads)

    @override
    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if role != CELL and role not in _SPOKEN:
            return None
        place = index.row()
        if not 0 <= place < len(self._rids):
            return None
        cells = self._made.get(place)
        if cells is None:
            cells = self._make(place)
        cell = cells[index.column()] if cells else _BLANK
        if role == CELL:
            return cell
        return cell.chip.text if cell.chip else ", ".join(filter(None, (cell.text, cell.second)))

    @override
    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> object:
        if orientation == Qt.Orientation.Horizontal and role == Qt.ItemDataRole.DisplayRole:
            return self.heads[section]
        return None

    # Pages.
    def _make(self, place: int) -> tuple[Cell, ...]:
        number = place // PAGE
        page = self._pages.get(number)
        if page is None:
            self._wanted[number] = None
            self._wanted.move_to_end(number)
            # What was scrolled past is not worth fetching.
            while len(self._wanted) > WANTED:
                self._wanted.popitem(last=False)
            if not self._soon.isActive():
                self._soon.start()
            return ()
        row = page[place % PAGE] if place % PAGE < len(page) else None
        cells = self._cells(row) if row is not None else (_BLANK,) * len(self.heads)
        self._made[place] = cells
        return cells

    def _next(self) -> None:
        while self._wanted and len(self._asking) < AT_ONCE:
            number, _ = self._wanted.popitem(last=True)
            if number in self._pages or number in self._asking:
                continue
            self._asking.add(number)
            rids = self._rids[number * PAGE : (number + 1) * PAGE]
            self._ask(rids, partial(self._arrived, self._turn, number))

    def _arrived(self, turn: int, number: int, rows: list[FoundRow]) -> None:
        if turn != self._turn:
            return
        self._asking.discard(number)
        self._keep(number, rows)
        first = number * PAGE
        last = min(first + PAGE, len(self._rids)) - 1
        self.dataChanged.emit(self.index(first, 0), self.index(last, len(self.heads) - 1))
        self._next()

    def _keep(self, number: int, rows: Sequence[FoundRow]) -> None:
        """Keep a page in the places of its numbers: somebody may have gone meanwhile."""
        by = {row.row.rid: row for row in rows}
        rids = self._rids[number * PAGE : (number + 1) * PAGE]
        self._pages[number] = [by.get(rid) for rid in rids]
        while len(self._pages) > PAGES_KEPT:
            gone, _ = self._pages.popitem(last=False)
            for place in range(gone * PAGE, (gone + 1) * PAGE):
                self._made.pop(place, None)
