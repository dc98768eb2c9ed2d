"""The answer a dossier was opened from: its place in it, and who comes before and after."""

from __future__ import annotations

from array import array

from PySide6.QtCore import QObject

from clementine_crm.domain.ids import Id
from ui.context import UiContext


class Results(QObject):
    """One per window; the list writes it, the dossier's page reads it."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self.rids: array[int] = array("q")
        self.text = ""
        self.at = -1
        self.id: Id | None = None

    def open_from(self, rids: array[int], text: str, at: int, id: Id) -> None:
        """A dossier is opened from this answer."""
        self.rids, self.text, self.at, self.id = rids, text, at, id

    def arrive(self, id: Id) -> None:
        """The person that a step led to."""
        self.id = id

    def place_of(self, id: Id | None) -> int:
        """Where a dossier stands, -1 when it was opened from elsewhere."""
        return self.at if id is not None and id == self.id else -1

    def step(self, by: int) -> int | None:
        """The row number of the next or previous person, None at an end; the place moves along."""
        if self.at < 0 or not 0 <= self.at + by < len(self.rids):
            return None
        self.at += by
        return self.rids[self.at]


def results_of(ctx: UiContext) -> Results:
    """The one of a window."""
    found = ctx.runner.findChild(Results)
    return found if isinstance(found, Results) else Results(ctx.runner)
