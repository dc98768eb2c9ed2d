"""The real window in a process of its own: ``python -m bench.window ACT [--home DIR] [--since T]``.

Each act prints one JSON object. ``since`` is the parent's clock (``time.time``) when it started this
process. ``bare`` is an empty window of PySide6, the reference of start and memory.
"""

from __future__ import annotations

import argparse
import json
import random
import sys
import time
from array import array
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any, cast

from typing_extensions import override

from bench.measuring import Times

SIZE = (1440, 900)
MILLION = 1_000_000
TYPED = ("kubernetes", "comptable", "python docker", "marie", "chef de projet")
_PATIENCE_S = 60.0


def resident() -> float:
    """Megabytes this process holds in memory; 0 where the system does not tell."""
    try:
        lines = Path("/proc/self/status").read_text("ascii").splitlines()
    except OSError:
        return 0.0
    found = next((line for line in lines if line.startswith("VmRSS")), "VmRSS 0")
    return int(found.split()[1]) / 1000


def bare(since: float) -> dict[str, float]:
    """Start to the first painted window."""
    from PySide6.QtWidgets import QApplication, QWidget

    QApplication([])
    window = QWidget()
    window.resize(*SIZE)
    window.show()
    window.repaint()
    return {"ms": (time.time() - since) * 1000, "mb": resident()}


def derivation(home: Path) -> dict[str, float]:
    """Opening the keys: the Argon2id derivation."""
    from bench.door import opener
    from clementine_crm.keys import keyfile

    start = time.perf_counter()
    keyfile.unlock(home, *opener(home))
    return {"ms": (time.perf_counter() - start) * 1000}


def libraries() -> dict[str, float]:
    """``import sqlalchemy.orm`` in a fresh process."""
    start = time.perf_counter()
    import sqlalchemy.orm  # noqa: F401 - the import is what is timed

    return {"ms": (time.perf_counter() - start) * 1000}


class _Seat:
    """The window on a filled home, at its list of candidates."""

    def __init__(self, home: Path) -> None:
        from PySide6.QtWidgets import QApplication

        from bench.door import opener
        from clementine_crm.parts import Parts
        from ui.app import App
        from ui.preferences import Preferences

        self.application = QApplication([])
        parts = Parts(home, version="bench")
        parts.unlocking().unlock(*opener(home), remember=False)
        self.unlocked = time.time()
        self.app = App(parts, self.application)
        self.app.preferences = Preferences(place="candidates")
        self.app.start()
        self.app.window.resize(*SIZE)
        self.until(lambda: self.app.sitting is not None and self.app.sitting.shell is not None)
        assert self.app.sitting is not None
        shell = self.app.sitting.shell
        assert shell is not None
        self.shell = shell
        self.page = cast("Any", shell.page("candidates"))
        self.until(lambda: self.page.model.rowCount() and self.page.model.row_at(0) is not None)
        self.page.table.viewport().repaint()
        self.usable = time.time()

    def until(self, there: Callable[[], object]) -> None:
        """Let the window live as it does, asleep between events, until something is so."""
        from PySide6.QtCore import QEventLoop, QTimer

        end = time.perf_counter() + _PATIENCE_S
        tick = QTimer()
        tick.start(1000)
        while not there():
            if time.perf_counter() > end:
                raise TimeoutError("the window does not come")
            self.application.processEvents(QEventLoop.ProcessEventsFlag.WaitForMoreEvents)

    def busy_until(self, there: Callable[[], object]) -> float:
        """The longest the window was busy at once until something is so, in ms."""
        end, longest = time.perf_counter() + _PATIENCE_S, 0.0
        while not there():
            begun = time.perf_counter()
            if begun > end:
                raise TimeoutError("the window does not come")
            self.application.processEvents()
            longest = max(longest, (time.perf_counter() - begun) * 1000)
            time.sleep(0.0005)  # the lanes need the interpreter as well
        return longest

    def shows(self, text: str) -> bool:
        """Whether the list answers this text."""
        return bool(self.page.model.found.wanted.text == text)

    def close(self) -> None:
        """End the sitting as the window does."""
        done: list[bool] = []
        self.app.done.connect(lambda: done.append(True))
        self.app.quit()
        self.until(lambda: done)


def start(home: Path, since: float) -> dict[str, float]:
    """Process start to a usable list, and from the unlocked keys; memory after some searches."""
    seat = _Seat(home)
    found = {
        "ms": (seat.usable - since) * 1000,
        "unlocked_ms": (seat.usable - seat.unlocked) * 1000,
        "rows": float(seat.page.model.rowCount()),
    }
    for text in TYPED:
        seat.page.query(text)
        seat.until(partial(seat.shows, text))
        seat.page.table.viewport().repaint()
    found["mb"] = resident()
    seat.close()
    return found


def typing(home: Path) -> dict[str, float]:
    """A key in the search box to its painted results, beside bare repaints of the same table."""
    from PySide6.QtTest import QTest

    seat = _Seat(home)
    box, page = seat.shell.top.search, seat.page
    viewport = page.table.viewport()
    keys, bare_ms, queries = [], [], []
    for text in TYPED * 3:
        box.clear()
        page.query("")
        seat.until(partial(seat.shows, ""))
        box.setFocus()
        for n in range(1, len(text) + 1):
            begun = time.perf_counter()
            QTest.keyClicks(box, text[n - 1])
            seat.until(partial(seat.shows, text[:n].strip()))
            viewport.repaint()
            keys.append((time.perf_counter() - begun) * 1000)
            queries.append(page.model.found.ms)
            begun = time.perf_counter()
            viewport.repaint()
            bare_ms.append((time.perf_counter() - begun) * 1000)
    seat.close()
    typed, bare_times = Times(tuple(keys)), Times(tuple(bare_ms))
    return {
        "p50": typed.p50,
        "p95": typed.p95,
        "bare_p50": bare_times.p50,
        "query_p50": Times(tuple(queries)).p50,
        "query_p95": Times(tuple(queries)).p95,
    }


def table(home: Path, jumps: int = 120) -> dict[str, float]:
    """A million rows: a jump and its repaint, beside a model that only says its line."""
    from PySide6.QtCore import QAbstractTableModel, QModelIndex, Qt

    from ui.models.found import EVERYBODY, Found, Wanted
    from ui.pages.candidates_table import FoundTable
    from ui.widgets.rows import CELL, Cell

    seat = _Seat(home)
    page = seat.page
    model = page.model
    columns = model.columnCount()

    class Trivial(QAbstractTableModel):
        @override
        def rowCount(self, parent: Any = QModelIndex()) -> int:  # noqa: B008 - Qt's own default
            return 0 if parent.isValid() else MILLION

        @override
        def columnCount(self, parent: Any = QModelIndex()) -> int:  # noqa: B008 - as above
            return 0 if parent.isValid() else columns

        @override
        def data(self, index: Any, role: int = Qt.ItemDataRole.DisplayRole) -> object:
            if role == CELL:
                return Cell(f"Ligne {index.row()}", "Autre ligne")
            return None

    real = list(model.found.rids)
    found = Found(
        Wanted("", EVERYBODY), array("q", (real * (MILLION // len(real) + 1))[:MILLION]), MILLION
    )
    begun = time.perf_counter()
    model.set_found(found)
    page.table.viewport().repaint()
    shown_ms = (time.perf_counter() - begun) * 1000
    other = FoundTable()
    other.setModel(Trivial())
    other.resize(page.table.size())
    other.show()
    ours: list[float] = []
    theirs: list[float] = []
    held: list[float] = []
    rnd = random.Random(1)
    for n in range(jumps):
        place = rnd.randrange(MILLION)
        sides = [(page.table, ours), (other, theirs)]
        for view, times in sides if n % 2 else sides[::-1]:
            begun = time.perf_counter()
            view.scrollTo(view.model().index(place, 0), view.ScrollHint.PositionAtTop)
            view.viewport().repaint()
            times.append((time.perf_counter() - begun) * 1000)
        held.append(seat.busy_until(partial(model.row_at, place)))
        page.table.viewport().repaint()
    other.close()
    seat.close()
    return {
        "p50": Times(tuple(ours)).p50,
        "p95": Times(tuple(ours)).p95,
        "trivial_p95": Times(tuple(theirs)).p95,
        "held_p95": Times(tuple(held)).p95,
        "shown_ms": shown_ms,
    }


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument(
        "act", choices=["bare", "derivation", "libraries", "start", "typing", "table"]
    )
    parser.add_argument("--home", type=Path)
    parser.add_argument("--since", type=float, default=time.time())
    given = parser.parse_args()
    acts: dict[str, Callable[[], dict[str, float]]] = {
        "bare": lambda: bare(given.since),
        "derivation": lambda: derivation(given.home),
        "libraries": libraries,
        "start": lambda: start(given.home, given.since),
        "typing": lambda: typing(given.home),
        "table": lambda: table(given.home),
    }
    json.dump(acts[given.act](), sys.stdout)


if __name__ == "__main__":
    main()
