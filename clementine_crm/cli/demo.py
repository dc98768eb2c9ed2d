"""The demonstration agency in a temporary home, and its window or its pictures."""

from __future__ import annotations

import argparse
import sys
import tempfile
from pathlib import Path

from clementine_crm import __version__
from clementine_crm.cli.session import Answer, Session
from clementine_crm.demo import demonstration
from clementine_crm.parts import Parts


def run(given: argparse.Namespace, session: Session) -> Answer:
    """Fill it, tell the password once on standard error, show it; the home goes at the end."""
    if session.window is None:
        raise RuntimeError("no window was handed in")
    with tempfile.TemporaryDirectory(prefix="clementine-demo-") as folder, session.job() as job:
        pictures: Path | None = given.screenshots
        made = demonstration(Path(folder) / "home", job, still=pictures is not None)
        parts = Parts(made.home, version=__version__, clock=made.clock, unlocked=made.unlocked)
        print(
            session.words("cli.demo_password", password=made.password, user=made.unlocked.email),
            file=sys.stderr,
        )
        if pictures is None:
            code = session.window.show(parts)
            return Answer({"home": folder, "screens": []}, [], code)
        screens = [str(path) for path in session.window.pictures(parts, pictures)]
        line = session.words("cli.demo_done", n=len(screens))
        return Answer({"home": folder, "screens": screens}, [line])
