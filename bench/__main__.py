"""The bench: ``python -m bench`` prints what the goals of ``perf.md`` 9 measure here.

    python -m bench [--candidates N] [--json] [--cpu] [--home DIR] [--corpus DIR] [--work DIR]
                    [--repeats N]
    python -m bench load --corpus DIR --home DIR [--candidates N]

The first lays a corpus, a home filled from it and one a tenth of its size, then measures each goal
beside its reference in the same run. ``--work`` keeps what was laid for the next run; ``--cpu`` judges by
processor time what runs in this process, for a machine that others use. The second only
fills a home (a new one, or one that it filled before).
"""

from __future__ import annotations

import argparse
import contextlib
import json
import os
import platform
import shutil
import sys
import tempfile
import time
from pathlib import Path

from bench import goals_reading, goals_search, goals_store, goals_window
from bench.ground import Ground, fill
from bench.measuring import Report, stopwatch

REPEATS = 15


def say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


def measure(ground: Ground, repeats: int) -> Report:
    report = Report(ground.people)
    report.facts = {
        "cores": os.cpu_count(),
        "machine": platform.machine(),
        "python": platform.python_version(),
        "times": "processor" if stopwatch.by_cpu else "wall",
        "load": os.getloadavg()[0] if hasattr(os, "getloadavg") else None,
    }
    began = time.perf_counter()
    for part in (goals_search, goals_store, goals_reading, goals_window):
        for lines in part.all_lines(ground, repeats):
            report.add(lines)
    report.facts["seconds"] = round(time.perf_counter() - began, 1)
    return report


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    parser.add_argument("act", nargs="?", choices=["load"])
    parser.add_argument("--candidates", type=int)
    parser.add_argument("--corpus", type=Path)
    parser.add_argument("--home", type=Path)
    parser.add_argument("--work", type=Path)
    parser.add_argument("--repeats", type=int, default=REPEATS)
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--cpu", action="store_true")
    return parser


def main() -> None:
    parser = _parser()
    options = parser.parse_args()
    if options.act == "load":
        if options.corpus is None or options.home is None:
            parser.error("load needs --corpus and --home")
        fill(options.home, options.corpus, options.candidates, say)
        return
    stopwatch.by_cpu = options.cpu
    folder = options.work or Path(tempfile.mkdtemp(prefix="clementine-bench-"))
    try:
        ground = Ground.lay(
            folder, options.candidates or 100_000, say, options.corpus, options.home
        )
        with contextlib.closing(ground):
            report = measure(ground, options.repeats)
    finally:
        if options.work is None:
            shutil.rmtree(folder, ignore_errors=True)
    print(json.dumps(report.as_dict(), indent=1) if options.json else report.table())


if __name__ == "__main__":
    main()
