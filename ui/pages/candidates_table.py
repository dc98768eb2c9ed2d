"""The table of candidates on the screen: shares of the width, one order arrow, a foot."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QHeaderView, QVBoxLayout, QWidget
from typing_extensions import override

from clementine_crm.queries.candidates import Order
from ui.models.found import Found
from ui.pages.candidates_words import COLUMNS, hidden_of, shown_of
from ui.speech import say
from ui.widgets.button import Button
from ui.widgets.card import Line, Panel
from ui.widgets.rows import TWO_LINES, CellTable
from ui.widgets.text import Text

ORDERS: dict[str, Order] = {"person": "name", "contact": "last_contact"}
NARROW = 680
FIXED = {"available": 82, "contact": 92, "kept": 138}
SHARES = {"person": 42, "passage": 36, "town": 22}


class FoundTable(CellTable):
    """49 px rows. Signals: ``order_asked(str)`` a head that orders was clicked; ``opened()``."""

    order_asked = Signal(str)
    opened = Signal()

    def __init__(self) -> None:
        super().__init__(say("candidates.table"), TWO_LINES)
        head = self.horizontalHeader()
        head.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        head.setStretchLastSection(False)
        head.setSectionsClickable(True)
        head.sectionClicked.connect(self._clicked)
        self.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        self.doubleClicked.connect(lambda _index: self.opened.emit())

    def show_order(self, order: Order, *, searching: bool) -> None:
        """The arrow stands on the column that orders; a search is ordered by what fits best."""
        head = self.horizontalHeader()
        column = {o: COLUMNS.index(name) for name, o in ORDERS.items()}.get(order, -1)
        shown = not searching and column >= 0
        head.setSortIndicatorShown(shown)
        if shown:
            down = order != "name"
            head.setSortIndicator(
                column, Qt.SortOrder.DescendingOrder if down else Qt.SortOrder.AscendingOrder
            )

    def _clicked(self, column: int) -> None:
        order = ORDERS.get(COLUMNS[column])
        if order is not None:
            self.order_asked.emit(order)

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        room = self.viewport().width()
        narrow = room < NARROW
        self.setColumnHidden(COLUMNS.index("available"), narrow)
        fixed = {name: wide for name, wide in FIXED.items() if not (narrow and name == "available")}
        left = room - sum(fixed.values())
        for column, name in enumerate(COLUMNS):
            if name in fixed:
                self.setColumnWidth(column, fixed[name])
            elif name in SHARES:
                self.setColumnWidth(column, left * SHARES[name] // 100)


class FoundCard(Panel):
    """The table and its foot. Signal: ``why_asked()`` who is hidden, and why."""

    why_asked = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent=parent)
        self.table = FoundTable()
        self._shown, self._hidden = (
            Text("", "second", "soft", elide=True),
            Text("", "second", "soft"),
        )
        self.why = Button(say("candidates.why"), "link", height=28, on_click=self.why_asked.emit)
        column = QVBoxLayout(self)
        column.setContentsMargins(1, 1, 1, 1)
        column.setSpacing(0)
        column.addWidget(self.table, 1)
        column.addWidget(Line())
        foot = QHBoxLayout()
        foot.setContentsMargins(15, 4, 10, 4)
        foot.setSpacing(6)
        foot.addWidget(self._shown, 1)
        foot.addWidget(self._hidden)
        foot.addWidget(self.why)
        column.addLayout(foot)

    def show_foot(self, found: Found) -> None:
        """Say what is in the list and who is not."""
        hidden = hidden_of(found)
        self._shown.setText(shown_of(found))
        self._hidden.setText(hidden)
        for widget in (self._hidden, self.why):
            widget.setVisible(bool(hidden))
