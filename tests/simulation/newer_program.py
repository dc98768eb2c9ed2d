"""A desktop that runs the program of a year from now, in a process of its own, called over pipes."""

from __future__ import annotations

import pickle
import random
import subprocess
import sys
import tempfile
from datetime import datetime, timedelta
from pathlib import Path

HERE = Path(__file__).parent
ROOT = HERE.parent.parent


class Newer:
    """This end: what is called here is carried out over there by desk, recruiter or ``_There``."""

    def __init__(self) -> None:
        self._process = subprocess.Popen(
            [sys.executable, __file__], stdin=subprocess.PIPE, stdout=subprocess.PIPE, cwd=ROOT
        )

    def call(self, name: str, *args):
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        pickle.dump((name, args), self._process.stdin)
        self._process.stdin.flush()
        return pickle.load(self._process.stdout)

    def close(self) -> int:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.close()
        code = self._process.wait(60)
        self._process.stdout.close()
        return code


class _There:
    def __init__(self, folder: Path) -> None:
        import newer_agency
        from desks import SharedTime

        self.time = SharedTime()
        self.acts = newer_agency.ACTS
        self.versions = newer_agency.write_versions(folder)

    def open(self, folder: Path, number: int, wrong: float, seed: int) -> None:
        from desks import Desk
        from play import Recruiter

        from clementine_crm.store import migrate, tables

        late = timedelta(seconds=wrong)
        self.desk = Desk(folder, number, self.time, late, versions=self.versions)
        self.recruiter = Recruiter(self.desk, random.Random(seed))
        self.recruiter.acts |= self.acts
        assert migrate.drift(self.desk.engine, tables.metadata) == []

    def adopt(self) -> int:
        from clementine_crm.store import dossiers

        with self.desk.engine.begin() as connection:
            return dossiers.adopt(connection)

    def work(self, at: datetime, commands: int) -> None:
        self.time.at = at
        self.recruiter.work(commands)

    def answer(self, name: str, args: tuple):
        """What the first that knows the name says."""
        if hasattr(self, name):
            owner = self
        else:
            owner = self.recruiter if hasattr(self.recruiter, name) else self.desk
        found = getattr(owner, name)
        return found(*args) if callable(found) else found


def serve() -> None:
    with tempfile.TemporaryDirectory() as folder:
        there = _There(Path(folder))
        try:
            while True:
                name, args = pickle.load(sys.stdin.buffer)
                pickle.dump(there.answer(name, args), sys.stdout.buffer)
                sys.stdout.buffer.flush()
        except EOFError:
            there.desk.close()


if __name__ == "__main__":
    sys.path[:0] = [str(ROOT), str(HERE)]
    serve()
