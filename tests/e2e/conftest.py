"""The program as a script would start it: its words, its output, its exit code.

``run`` starts a process of its own. A test of commands goes through ``main`` in this one, and in the
longer gates a second time through processes: a start costs a second or two.
"""

from __future__ import annotations

import contextlib
import io
import json
import os
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from unittest.mock import patch

import pytest

from main import main
from tests.support.agency import EMAIL, PASSWORD, Founded, founded

ROOT = Path(__file__).parent.parent.parent


@dataclass(frozen=True)
class Ran:
    """What a command answered."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> dict[str, Any]:
        found: dict[str, Any] = json.loads(self.out)
        return found

    @property
    def error(self) -> str:
        return str(self.json["error"]["code"])


Clementine = Callable[..., Ran]


def run(*words: object, home: Path, json_: bool = True, **variables: str) -> Ran:
    """In a process of its own."""
    done = subprocess.run(
        [sys.executable, str(ROOT / "main.py"), *_words(words, json_)],
        capture_output=True,
        encoding="utf-8",
        env=_environment(home, variables),
        stdin=subprocess.DEVNULL,
        timeout=150,
        check=False,
    )
    assert "Traceback" not in done.stderr, done.stderr
    return Ran(done.returncode, done.stdout, done.stderr)


def run_here(*words: object, home: Path, json_: bool = True, **variables: str) -> Ran:
    """In this process, through the same ``main``."""
    out, err = io.StringIO(), io.StringIO()
    with (
        patch.dict(os.environ, _environment(home, variables), clear=True),
        Path(os.devnull).open() as nothing,
        patch("sys.stdin", nothing),
        contextlib.redirect_stdout(out),
        contextlib.redirect_stderr(err),
    ):
        try:
            code = main(_words(words, json_))
        except SystemExit as asked:  # --help
            code = int(asked.code or 0)
    return Ran(code, out.getvalue(), err.getvalue())


def _words(words: tuple[object, ...], json_: bool) -> list[str]:
    return [*map(str, words), *(["--json"] if json_ else [])]


def _environment(home: Path, variables: dict[str, str]) -> dict[str, str]:
    environment = {
        **{k: v for k, v in os.environ.items() if not k.startswith("CLEMENTINE_")},
        "CLEMENTINE_HOME": str(home),
        "CLEMENTINE_PASSWORD": PASSWORD,
        "CLEMENTINE_LANG": "fr",
        **variables,
    }
    return {k: v for k, v in environment.items() if v}


@pytest.fixture(scope="session")
def agency(tmp_path_factory: pytest.TempPathFactory) -> Founded:
    return founded(tmp_path_factory.mktemp("founded") / "home")


@pytest.fixture
def home(agency: Founded, tmp_path: Path) -> Path:
    return agency.copy(tmp_path / "home")


@pytest.fixture(
    params=["here", pytest.param("apart", marks=[pytest.mark.slow, pytest.mark.timeout(600)])]
)
def clementine(home: Path, request: pytest.FixtureRequest) -> Clementine:
    """``clementine("candidate", "list")`` over a home of its own."""
    started = {"here": run_here, "apart": run}[request.param]

    def call(*words: object, **more: Any) -> Ran:
        return started(*words, **{"home": home, **more})

    return call


__all__ = ["EMAIL", "PASSWORD", "Clementine", "Ran", "run"]
