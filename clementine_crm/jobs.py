"""Long work: what it tells while it runs and how it is stopped. No Qt, no thread."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass, field

from clementine_crm.errors import Cancelled

Progress = Callable[[int, int, str], None]


class Cancel:
    """A flag that one side sets and the work reads between two items."""

    def __init__(self) -> None:
        self._event = threading.Event()

    def set(self) -> None:
        self._event.set()

    @property
    def asked(self) -> bool:
        return self._event.is_set()

    def check(self) -> None:
        """Raise ``Cancelled`` when the user asked to stop."""
        if self.asked:
            raise Cancelled("cancelled")


def _silent(done: int, total: int, text: str) -> None:  # noqa: ARG001
    return


@dataclass
class JobContext:
    """What a job is given: ``progress(done, total, text)`` (total 0 = unknown) and ``cancel``."""

    progress: Progress = _silent
    cancel: Cancel = field(default_factory=Cancel)
