"""The demonstration agency in a temporary home, and its window or its pictures."""

from __future__ import annotations

import argparse
import sys
import tempfile
from pathlib import Path

from clementine_crm.cli.session import Answer, Session
from clementine_crm.demo import demonstration


def run(given: argparse.Namespace, session: Session) -> Answer:
    """Fill it, tell the password once on standard error, show it; the home goes at the end."""
    if session.window is None:
        raise RuntimeError("no window was handed in")
    with tempfile.TemporaryDirectory(prefix="clementine-demo-") as folder, session.job() as job:
        pictures: Path | None = given.screenshots
        shown = demonstration(Path(folder), job, still=pictures is not None)
        screens: list[str] = []
        print(
            session.words(
                "cli.demo_password", password=shown.password, user=shown.desk.actor.email
            ),
            file=sys.stderr,
        )
        if pictures is not None:
            try:
                screens = [str(path) for path in session.window.pictures(shown.desk, pictures)]
            finally:
                shown.desk.close()
            code = 0
        else:
            code = session.window.show(shown.desk)
        line = session.words("cli.demo_done", n=len(screens))
        return Answer({"home": folder, "screens": screens}, [line] if screens else [], code)
