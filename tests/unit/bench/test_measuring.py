"""Times are taken in turns, and a line says whether its goal is met."""

from __future__ import annotations

import pytest

from bench.measuring import Line, Report, Times, absolute, against, interleaved


def test_median_and_95th_of_hundred() -> None:
    times = Times(tuple(float(n) for n in range(100, 0, -1)))
    assert (times.p50, times.p95) == (50.5, 96.0)
    assert Times((3.0,)).p95 == 3.0


def test_sides_take_turns_and_none_is_always_first() -> None:
    order: list[str] = []
    found = interleaved({"a": lambda: order.append("a"), "b": lambda: order.append("b")}, 4)
    assert order == ["a", "b", "a", "b", "b", "a", "a", "b", "b", "a"]
    assert {name: len(times.ms) for name, times in found.items()} == {"a": 4, "b": 4}
    assert all(ms >= 0 for times in found.values() for ms in times.ms)


@pytest.mark.parametrize(
    ("line", "met"),
    [
        (against("1", "x", 13.0, 10.0, 1.3), True),
        (against("1", "x", 13.1, 10.0, 1.3), False),
        (Line("8", "x", 7.5, 10.0, "/s", 0.75, 0.75, at_least=True), True),
        (Line("8", "x", 7.4, 10.0, "/s", 0.74, 0.75, at_least=True), False),
        (absolute("x", 25.0, 25.0), True),
        (absolute("x", 25.1, 25.0), False),
    ],
)
def test_met_or_missed(line: Line, met: bool) -> None:
    assert line.met is met
    assert line.as_dict()["met"] is met


def test_the_table_says_what_was_missed() -> None:
    report = Report(7, [against("1", "fast", 1.0, 2.0, 1.0), absolute("slow", 30.0, 25.0)])
    table = report.table().splitlines()
    assert ["met" in table[2], "MISSED" in table[3], table[4]] == [
        True,
        True,
        "1 of 2 met, 7 candidates",
    ]
    assert report.as_dict()["missed"] == 1
