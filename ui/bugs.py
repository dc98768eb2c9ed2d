"""What nobody caught, on any thread: into the log without a value, and to whoever shows it."""

from __future__ import annotations

import logging
import sys
import threading
from collections.abc import Callable
from types import TracebackType

from PySide6.QtCore import QObject, Signal

log = logging.getLogger(__name__)


class Bugs(QObject):
    """Signal ``found(exception)``, emitted on the thread that broke and received on the GUI thread."""

    found = Signal(object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._hooks: tuple[Callable[..., object], Callable[..., object]] | None = None

    def catch(self) -> None:
        """From now on; ``let_go`` gives the hooks back."""
        self._hooks = (sys.excepthook, threading.excepthook)
        sys.excepthook = self.caught
        threading.excepthook = lambda args: self.caught(
            args.exc_type, args.exc_value or args.exc_type(), args.exc_traceback
        )

    def let_go(self) -> None:
        """Back to what was there before."""
        if self._hooks is not None:
            sys.excepthook, threading.excepthook = self._hooks
            self._hooks = None

    def caught(
        self, kind: type[BaseException], error: BaseException, trace: TracebackType | None
    ) -> None:
        """One of them."""
        if not issubclass(kind, Exception):
            sys.__excepthook__(kind, error, trace)
            return
        log.error("not caught: %s", kind.__name__, exc_info=(kind, error, trace))
        self.found.emit(error)
