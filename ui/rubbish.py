"""Python's cyclic rubbish is collected on the GUI thread alone.

A widget that Python owns and that hangs in a cycle would otherwise be destroyed by whichever thread
happens to allocate next: Qt does not survive that. The young generations are swept often and cost
little; the old one is swept when it has grown, as Python itself would.
"""

from __future__ import annotations

import gc

from PySide6.QtCore import QObject, QTimer

EVERY_MS = 1_000


class Sweeper(QObject):
    """Takes over from the automatic collector until ``stop``."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._was_on = gc.isenabled()
        self._timer = QTimer(self)
        self._timer.setInterval(EVERY_MS)
        self._timer.timeout.connect(self.sweep)

    def start(self) -> None:
        """From now on only here."""
        gc.disable()
        self._timer.start()

    @staticmethod
    def settle() -> None:
        """What was read so far (libraries, pages) stays for good: no sweep looks at it again."""
        gc.freeze()

    def stop(self) -> None:
        """Give the collector back."""
        self._timer.stop()
        if self._was_on:
            gc.enable()

    @staticmethod
    def sweep() -> None:
        """Collect the generations that have reached their thresholds."""
        for generation in (2, 1, 0):
            if gc.get_count()[generation] > gc.get_threshold()[generation]:
                gc.collect(generation)
                return
