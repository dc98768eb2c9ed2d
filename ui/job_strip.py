"""Long work in sight: a bar above the foot for each job that tells where it is; never a modal."""

from __future__ import annotations

from PySide6.QtWidgets import QVBoxLayout, QWidget
from shiboken6 import isValid

from ui.jobs import Handle, Runner
from ui.widgets.bars import ProgressCard


class JobStrip(QWidget):
    """Shows a job once it has lasted 400 ms and tells progress; Arrêter stops it."""

    def __init__(self, runner: Runner, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._cards: dict[Handle, ProgressCard] = {}
        self._told: dict[Handle, tuple[int, int, str]] = {}
        self._allowed: set[Handle] = set()
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(24, 6, 24, 6)
        self._column.setSpacing(6)
        self.setVisible(False)
        runner.started.connect(self._watch)
        for handle in runner.handles:
            # A shell built anew finds the work that goes on.
            self._watch(handle)
            self._allow(handle)

    def _watch(self, handle: Handle) -> None:
        if not handle.name or handle.lane == "read":
            return
        handle.progressed.connect(lambda d, t, s: self._tell(handle, d, t, s))
        handle.shown.connect(lambda: self._allow(handle))
        handle.ended.connect(lambda: self._drop(handle))

    def _allow(self, handle: Handle) -> None:
        """It has lasted long enough to be shown; a long one even before it tells anything."""
        if not isValid(self) or not handle.running or handle in self._allowed:
            return
        self._allowed.add(handle)
        told = self._told.get(handle)
        if told is not None or handle.lane == "long":
            self._show(handle, *(told or (0, 0, "")))

    def _tell(self, handle: Handle, done: int, total: int, text: str) -> None:
        # A job outlives the strip that showed it: the window may be built anew meanwhile.
        if not isValid(self):
            return
        self._told[handle] = (done, total, text)
        if handle in self._allowed:
            self._show(handle, done, total, text)

    def _show(self, handle: Handle, done: int, total: int, text: str) -> None:
        card = self._cards.get(handle)
        if card is None:
            card = ProgressCard(handle.name, handle.cancel)
            self._cards[handle] = card
            self._column.addWidget(card)
            self.setVisible(True)
        card.progress(done, total, text)

    def stop_newest(self) -> None:
        """Stop the work that was shown last, between two items."""
        if self._cards:
            list(self._cards)[-1].cancel()

    def _drop(self, handle: Handle) -> None:
        if not isValid(self):
            return
        self._told.pop(handle, None)
        self._allowed.discard(handle)
        card = self._cards.pop(handle, None)
        if card is not None:
            card.hide()
            card.deleteLater()
        self.setVisible(bool(self._cards))
