"""Goals 12 to 14 and 16 of ``perf.md`` 9: the real window, each time in a process of its own."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from statistics import median
from typing import Any

from bench.ground import Ground
from bench.measuring import Line, absolute, against

_TIMEOUT_S = 600
FRAME_MS = 16.0


def act(name: str, ground: Ground) -> dict[str, Any]:
    """One act of ``bench.window``; its JSON."""
    ground.desk.engines.read.dispose()
    command = [sys.executable, "-m", "bench.window", name, "--home", str(ground.home)]
    done = subprocess.run(
        [*command, "--since", repr(time.time())],
        env={**os.environ, "QT_QPA_PLATFORM": os.environ.get("QT_QPA_PLATFORM", "offscreen")},
        capture_output=True,
        text=True,
        timeout=_TIMEOUT_S,
        check=False,
    )
    if done.returncode:
        raise RuntimeError(f"bench.window {name}: {done.stderr[-2000:]}")
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def opening(ground: Ground, rounds: int) -> list[Line]:
    """Goals 12 and 16, and the absolute start; references and ours take turns."""
    taken: dict[str, list[dict[str, Any]]] = {}
    for _ in range(rounds):
        for name in ("bare", "derivation", "libraries", "start"):
            taken.setdefault(name, []).append(act(name, ground))
    ms = {name: median(found["ms"] for found in times) for name, times in taken.items()}
    allowed = ms["bare"] + ms["derivation"] + ms["libraries"] + 100
    unlocked = median(found["unlocked_ms"] for found in taken["start"])
    bare_mb = median(found["mb"] for found in taken["bare"])
    ours_mb = median(found["mb"] for found in taken["start"])
    note = f"{taken['start'][0]['rows']:.0f} rows"
    return [
        against("12", "cold start to a usable list", ms["start"], allowed, 1.0, note=note),
        absolute("unlocked to a usable window", unlocked, 1_500.0),
        against("16", "memory after searches", ours_mb, bare_mb + 220, 1.0, "MB"),
    ]


def million(ground: Ground) -> list[Line]:
    """Goal 13."""
    found = act("table", ground)
    return [
        against(
            "13", "a million rows: jump and repaint p95", found["p95"], found["trivial_p95"], 1.3
        ),
        against("13", "the window held while a page arrives p95", found["held_p95"], FRAME_MS, 1.0),
    ]


def keystrokes(ground: Ground) -> list[Line]:
    """Goal 14."""
    found = act("typing", ground)
    note = f"query p50 {found['query_p50']:.1f} ms"
    two = "a key to painted results p50, in bare repaints"
    return [against("14", two, found["p50"], found["bare_p50"], 2.0, note=note)]


def all_lines(ground: Ground, repeats: int) -> Iterator[list[Line]]:
    parts: list[tuple[str, Callable[[], list[Line]]]] = [
        ("opening", lambda: opening(ground, max(3, repeats // 3))),
        ("a million rows", lambda: million(ground)),
        ("keystrokes", lambda: keystrokes(ground)),
    ]
    for name, part in parts:
        ground.say(f"window: {name}")
        yield part()
