"""Every goal is measured beside something, on a base of any size."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from bench import goals_search, goals_store
from bench.corpus import write_corpus
from bench.ground import Ground
from bench.measuring import Line


def quiet(_text: str) -> None:
    return


@pytest.fixture(scope="module")
def ground(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Ground]:
    folder = tmp_path_factory.mktemp("goals")
    write_corpus(folder / "corpus", 150, seed=3)
    ground = Ground.lay(folder, 150, quiet)
    yield ground
    ground.close()


def sound(lines: list[Line]) -> bool:
    return all(line.ours >= 0 and line.reference >= 0 and line.what for line in lines)


@pytest.mark.slow
def test_search_is_measured_goal_by_goal(ground: Ground) -> None:
    lines = [line for part in goals_search.all_lines(ground, 2) for line in part]
    assert {line.goal for line in lines} == {"1", "2", "3", "4", "5", "A"}
    assert sound(lines)
    (recall,) = [line for line in lines if line.what.startswith("names with slips, recall")]
    assert recall.met


def test_lists_dossiers_and_size_are_measured(ground: Ground) -> None:
    lines = [
        *goals_store.lists(ground, 2),
        *goals_store.one_dossier(ground, 2),
        *goals_store.size(ground),
    ]
    assert {line.goal for line in lines} == {"6", "7", "15"}
    assert sound(lines)
    assert ground.json_bytes == (ground.corpus / "candidates.jsonl").stat().st_size


def test_statements_are_counted(ground: Ground) -> None:
    reading = ground.desk.reading

    def three() -> None:
        with reading.connect() as connection:
            for _ in range(3):
                connection.exec_driver_sql("SELECT 1")

    assert goals_store.statements(reading.engine, three) == 3


def test_an_empty_window_is_timed_in_a_process_of_its_own() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "bench.window", "bare"],
        cwd=Path(__file__).resolve().parents[3],
        env={**os.environ, "QT_QPA_PLATFORM": "offscreen"},
        capture_output=True,
        timeout=120,
        check=True,
    )
    found = json.loads(done.stdout)
    assert found["ms"] > 0
    assert found["mb"] > 10 or not Path("/proc/self/status").exists()
