"""PySide6 6.12.0 loses a reference to ``True`` at each emit and to ``None`` in timers (Python 3.11).

Below 3.12 these objects are not immortal: after some hundreds of emits the process dies. The lock
keeps to 6.11; this is what a newer one has to pass.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys

import pytest

EMITS = 200_000
TIMERS = 500
# Noise of the interpreter itself (caches, frames); the fault loses one reference a call.
SLACK = 200

PROGRAM = f"""
import json, sys
from PySide6.QtCore import QCoreApplication, QObject, QTimer, Signal

class Bell(QObject):
    rang = Signal(int)

app = QCoreApplication([])
bell, heard = Bell(), []
bell.rang.connect(heard.append)
bell.rang.emit(0)
before = {{str(o): sys.getrefcount(o) for o in (True, False, None)}}
for i in range({EMITS}):
    bell.rang.emit(1)
for i in range({TIMERS}):
    slot = lambda value: None
    bell.rang.connect(slot)
    bell.rang.disconnect(slot)
count = len(heard)
heard.clear()
ticks = []
def tick():
    ticks.append(1)
    if len(ticks) == {TIMERS}:
        app.quit()
timer = QTimer()
timer.timeout.connect(tick)
timer.start(0)
app.exec()
after = {{str(o): sys.getrefcount(o) for o in (True, False, None)}}
print(json.dumps({{"count": count, "ticks": len(ticks), "before": before, "after": after}}))
"""


@pytest.mark.parametrize("constant", ["True", "False", "None"])
def test_constants_keep_their_references(constant: str, counted: dict[str, dict[str, int]]) -> None:
    lost = counted["before"][constant] - counted["after"][constant]
    assert lost <= SLACK, f"{lost} references lost in {EMITS} emits"


@pytest.fixture(scope="module")
def counted() -> dict[str, dict[str, int]]:
    """The references before and after; in a process of its own, which the fault would end."""
    ran = subprocess.run(
        [sys.executable, "-c", PROGRAM],
        capture_output=True,
        text=True,
        timeout=120,
        env={**os.environ, "QT_QPA_PLATFORM": "offscreen"},
        check=False,
    )
    assert ran.returncode == 0, ran.stderr[-2000:]
    answer: dict[str, dict[str, int]] = json.loads(ran.stdout)
    assert (answer["count"], answer["ticks"]) == (EMITS + 1, TIMERS)
    return answer
