"""The program as a script would start it: a process of its own, its output, its exit code."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

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
    environment = {
        **{k: v for k, v in os.environ.items() if not k.startswith("CLEMENTINE_")},
        "CLEMENTINE_HOME": str(home),
        "CLEMENTINE_PASSWORD": PASSWORD,
        "CLEMENTINE_LANG": "fr",
        **variables,
    }
    command = [sys.executable, str(ROOT / "main.py"), *map(str, words)]
    if json_:
        command.append("--json")
    done = subprocess.run(
        command,
        capture_output=True,
        encoding="utf-8",
        env={k: v for k, v in environment.items() if v},
        stdin=subprocess.DEVNULL,
        timeout=150,
        check=False,
    )
    assert "Traceback" not in done.stderr, done.stderr
    return Ran(done.returncode, done.stdout, done.stderr)


@pytest.fixture(scope="session")
def agency(tmp_path_factory: pytest.TempPathFactory) -> Founded:
    return founded(tmp_path_factory.mktemp("founded") / "home")


@pytest.fixture
def home(agency: Founded, tmp_path: Path) -> Path:
    return agency.copy(tmp_path / "home")


@pytest.fixture
def clementine(home: Path) -> Clementine:
    """``clementine("candidate", "list")`` over a home of its own."""

    def call(*words: object, **more: Any) -> Ran:
        return run(*words, **{"home": home, **more})

    return call


__all__ = ["EMAIL", "PASSWORD", "Clementine", "Ran", "run"]
