"""Where a build happens: its folders, its cache, its stop-watch."""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from installer.stamp import Stamp

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent
LONGEST_SECONDS = 900


class BuildError(RuntimeError):
    """The set-up cannot be built as it should be; the message says why."""


@dataclass
class Build:
    """Where things lie and what was measured."""

    out: Path
    program: Path
    stamp: Stamp
    seconds: dict[str, float] = field(default_factory=dict)
    facts: dict[str, object] = field(default_factory=dict)

    @property
    def payload(self) -> Path:
        return self.out / "payload"

    @property
    def work(self) -> Path:
        return self.out / "work"

    @contextmanager
    def step(self, name: str) -> Iterator[None]:
        """Measure and announce a step."""
        begun = time.monotonic()
        print(f"{name} …", flush=True)
        yield
        self.seconds[name] = round(time.monotonic() - begun, 1)
        print(f"{name}: {self.seconds[name]} s", flush=True)

    def cached(self, name: str, parts: list[bytes], make: Callable[[Path], None]) -> Path:
        """A folder of the cache, made when its inputs changed; a half-made one never counts."""
        key = hashlib.sha256(b"\0".join(parts)).hexdigest()[:16]
        folder = self.out / "cache" / f"{name}-{key}"
        if not folder.exists():
            half = self.out / "cache" / f"{name}-{key}.{os.getpid()}.half"
            shutil.rmtree(half, ignore_errors=True)
            half.mkdir(parents=True)
            make(half)
            half.rename(folder)
        return folder


def run(command: list[str], what: str, **environment: str) -> str:
    """Run a program of this machine; BuildError with its words when it fails or takes too long."""
    try:
        done = subprocess.run(
            command,
            capture_output=True,
            text=True,
            timeout=LONGEST_SECONDS,
            stdin=subprocess.DEVNULL,
            env={**os.environ, **environment},
            check=False,
        )
    except subprocess.TimeoutExpired as error:
        raise BuildError(f"{what} took more than {LONGEST_SECONDS} s") from error
    if done.returncode:
        raise BuildError(f"{what} failed:\n{(done.stdout + done.stderr)[-3000:]}")
    return done.stdout
