"""Times of sides measured in one run, one after the other, and the table that compares them."""

from __future__ import annotations

import gc
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from statistics import median

Act = Callable[[], object]


class Stopwatch:
    """How times are taken: by the wall, or by this thread's processor time where others work too.

    A machine shared with other work stretches long acts more than short ones: only processor time
    compares the two then. Processes of their own (the window) are always timed by the wall.
    """

    def __init__(self) -> None:
        self.by_cpu = False

    def now(self) -> float:
        return time.thread_time() if self.by_cpu else time.perf_counter()


stopwatch = Stopwatch()


@dataclass(frozen=True)
class Times:
    """Milliseconds of one side, in the order they were taken."""

    ms: tuple[float, ...]

    @property
    def p50(self) -> float:
        return median(self.ms)

    @property
    def p95(self) -> float:
        return sorted(self.ms)[min(len(self.ms) - 1, int(len(self.ms) * 0.95))]


def interleaved(sides: Mapping[str, Act], repeats: int, *, warm: int = 1) -> dict[str, Times]:
    """Each side ``repeats`` times, sides taking turns, the first of a round another each time.

    The load of the machine falls on all sides alike; garbage is collected between two rounds.
    """
    names = list(sides)
    for name in names * warm:
        sides[name]()
    found: dict[str, list[float]] = {name: [] for name in names}
    collecting = gc.isenabled()
    gc.disable()
    try:
        for n in range(repeats):
            gc.collect(0)
            turn = n % len(names)
            for name in names[turn:] + names[:turn]:
                start = stopwatch.now()
                sides[name]()
                found[name].append((stopwatch.now() - start) * 1000)
    finally:
        if collecting:
            gc.enable()
    return {name: Times(tuple(ms)) for name, ms in found.items()}


def timed(act: Act) -> float:
    """One act in milliseconds."""
    start = stopwatch.now()
    act()
    return (stopwatch.now() - start) * 1000


@dataclass(frozen=True)
class Line:
    """One line of the table: what was measured beside its reference.

    ``ratio`` is what ``limit`` bounds, from above unless ``at_least``. ``goal`` numbers are those of
    the goals' table; ``A`` is an absolute figure.
    """

    goal: str
    what: str
    ours: float
    reference: float
    unit: str
    ratio: float
    limit: float
    at_least: bool = False
    note: str = ""

    @property
    def met(self) -> bool:
        return self.ratio >= self.limit if self.at_least else self.ratio <= self.limit

    def as_dict(self) -> dict[str, object]:
        return {**asdict(self), "met": self.met}


def against(
    goal: str,
    what: str,
    ours: float,
    reference: float,
    limit: float,
    unit: str = "ms",
    note: str = "",
) -> Line:
    """Ours over the reference, which must stay below the limit."""
    return Line(
        goal, what, ours, reference, unit, ours / reference if reference else 0.0, limit, note=note
    )


def absolute(what: str, ours: float, limit: float, unit: str = "ms", note: str = "") -> Line:
    return Line("A", what, ours, limit, unit, ours, limit, note=note)


@dataclass
class Report:
    """What a run found."""

    candidates: int
    lines: list[Line] = field(default_factory=list)
    facts: dict[str, object] = field(default_factory=dict)

    def add(self, lines: Sequence[Line]) -> None:
        self.lines += lines

    def as_dict(self) -> dict[str, object]:
        return {
            "candidates": self.candidates,
            "facts": self.facts,
            "goals": [line.as_dict() for line in self.lines],
            "missed": sum(not line.met for line in self.lines),
        }

    def table(self) -> str:
        head = f"{'goal':>4}  {'what':<58} {'ours':>10} {'reference':>10} {'unit':<7} {'ratio':>8}  {'limit':>9}"
        rows = [head, "-" * len(head)]
        for line in self.lines:
            bound = f"{'≥' if line.at_least else '≤'} {line.limit:g}"
            rows.append(
                f"{line.goal:>4}  {line.what:<58} {line.ours:>10.3f} {line.reference:>10.3f} "
                f"{line.unit:<7} {line.ratio:>8.2f}  {bound:>9}  {'met' if line.met else 'MISSED'}"
                + (f"  {line.note}" if line.note else "")
            )
        met = sum(line.met for line in self.lines)
        rows.append(f"{met} of {len(self.lines)} met, {self.candidates} candidates")
        return "\n".join(rows)
