"""The words after ``make``: each says what it does, does it, and is quick when it was done before."""

from __future__ import annotations

import contextlib
import locale
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from clementine_crm.words import Words
from installer import system, trouble
from installer.environment import Environment, clean_environment

ROOT = Path(__file__).resolve().parent.parent
PACKAGES = ROOT / ".ci" / "packages.txt"
USAGE, LACKING, INTERRUPTED = 2, 4, 130
LEAST_WORKERS, MOST_WORKERS = 2, 8


def language() -> str:
    """English for a machine that speaks it, French otherwise."""
    asked = [os.environ.get(name) for name in ("CLEMENTINE_LANG", "LC_ALL", "LC_MESSAGES", "LANG")]
    name = next(filter(None, asked), None) or locale.getlocale()[0] or ""
    return "en" if name.lower().startswith("en") else "fr"


class Workplace:
    """One working tree, its ``.venv`` and a voice."""

    def __init__(self, root: Path, lang: str) -> None:
        self.root = root
        self.environment = Environment(root)
        self.words = Words(lang)

    def say(self, key: str, **params: object) -> None:
        """Print a sentence at once."""
        print(self.words(key, **params), flush=True)

    def set_up(self) -> int:
        """``.venv`` as the lock wants it."""
        begun = time.monotonic()
        system.install(PACKAGES, self.say)
        with alone(self.root / ".venv.lock", lambda: self.say("setup.waiting")):
            if self.environment.ready():
                self.say("setup.ready")
                return 0
            self.say("setup.begins")
            self.environment.make(self.say)
        self.say("setup.done", seconds=round(time.monotonic() - begun))
        return 0

    def python(self, *arguments: str, **settings: str) -> int:
        """Run ``.venv``'s Python here; its exit code."""
        command = [str(self.environment.python), *arguments]
        return subprocess.run(
            command, cwd=self.root, env=clean_environment() | settings, check=False
        ).returncode

    def demo(self, *arguments: str) -> int:
        """The window on the demonstration agency."""
        pictures = "--screenshots" in arguments
        if not pictures and not _has_screen():
            raise trouble.SetUpError("setup_no_screen")
        self.set_up()
        self.say("setup.demo")
        settings = {"QT_QPA_PLATFORM": "offscreen"} if pictures and not _has_screen() else {}
        return self.python("main.py", "demo", *arguments, **settings)

    def test(self, *arguments: str) -> int:
        """The tests, except the slow ones of .ci/run."""
        self.set_up()
        workers = min(max(os.cpu_count() or 1, LEAST_WORKERS), MOST_WORKERS)
        self.say("setup.test", n=workers)
        given = arguments or ("-m", "not slow", "-n", str(workers))
        return self.python("-m", "pytest", "-q", *given)

    def check(self) -> int:
        """What reads the code without running it; the first that objects decides."""
        self.set_up()
        for name, command in CHECKS.items():
            self.say("setup.check", name=name)
            code = self.python(*command)
            if code:
                return code
        return 0

    def windows(self) -> int:
        """The Windows TEST set-up, built and tried under wine."""
        self.set_up()
        self.say("setup.windows")
        return self.python("-m", "installer", "build") or self.python("-m", "installer", "smoke")


CHECKS = {
    "ruff check": ("-m", "ruff", "check", "."),
    "ruff format": ("-m", "ruff", "format", "--check", "."),
    "mypy": ("-m", "mypy"),
    # Its script in .venv would do, were there no space in the path of a clone.
    "lint-imports": ("-c", "from importlinter.cli import lint_imports_command as go; go()"),
    "deptry": ("-m", "deptry", "."),
}
TARGETS: dict[str, Callable[..., int]] = {
    "setup": Workplace.set_up,
    "demo": Workplace.demo,
    "test": Workplace.test,
    "check": Workplace.check,
    "windows": Workplace.windows,
}


def _has_screen() -> bool:
    if not sys.platform.startswith("linux"):
        return True
    return any(map(os.environ.get, ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM")))


@contextlib.contextmanager
def alone(path: Path, waiting: Callable[[], None]) -> Iterator[None]:
    """Hold a file so that two set-ups of one tree follow each other; the system lets go at death."""
    with path.open("a+b") as file:
        if sys.platform == "win32":
            import msvcrt

            def hold() -> bool:
                try:
                    file.seek(0)
                    msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)
                except OSError:
                    return False
                return True
        else:
            import fcntl

            def hold() -> bool:
                try:
                    fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
                except BlockingIOError:
                    return False
                return True

        if not hold():
            waiting()
            while not hold():
                time.sleep(0.2)
        yield


def main(arguments: list[str], root: Path = ROOT) -> int:
    """Exit codes: 0 done, 2 no such target, 4 the machine lacks something, else the tool's own."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")  # a Windows console may know no « ’ »
    work = Workplace(root, language())
    name, *rest = arguments or ["help"]
    if name not in TARGETS:
        for target in TARGETS:
            work.say(f"setup.help_{target}")
        return 0 if name == "help" else USAGE
    try:
        return TARGETS[name](work, *rest)
    except trouble.SetUpError as error:
        failure = error
    except OSError as error:
        failure = trouble.from_os(error)
    except KeyboardInterrupt:
        work.say("setup.interrupted")
        return INTERRUPTED
    print(work.words(f"errors.{failure.key}", **failure.params), file=sys.stderr)
    return LACKING
