"""The readers of code, as tests: a tree that passes its tests also passes them."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


@pytest.mark.parametrize(
    "command",
    [
        ("ruff", "check", "."),
        ("ruff", "format", "--check", "."),
        ("deptry", "."),
        pytest.param(("mypy",), marks=[pytest.mark.slow, pytest.mark.timeout(600)]),
    ],
    ids=" ".join,
)
def test_has_nothing_to_object(command: tuple[str, ...]) -> None:
    ran = subprocess.run(
        [sys.executable, "-m", *command],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=600,
        check=False,
    )
    assert ran.returncode == 0, (ran.stdout + ran.stderr)[-4000:]
