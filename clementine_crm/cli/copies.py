"""A home's own copies: made, listed, read again, brought back."""

from __future__ import annotations

import argparse
import os
import time
from pathlib import Path

from clementine_crm.bootstrap import Desk
from clementine_crm.cli.session import (
    NEW_PASSWORD_VARIABLE,
    RECOVERY_VARIABLE,
    Answer,
    Session,
    ask_secret,
)
from clementine_crm.copies import Copies, NewKeys, at_hand, bring_back, by_home, by_words
from clementine_crm.errors import NotAllowed, UsageError
from clementine_crm.hub import checking
from clementine_crm.hub.restore import OpenRing
from clementine_crm.keys import keyfile
from clementine_crm.queries import house
from clementine_crm.queries.reading import Reading
from clementine_crm.store.home import Home


def _copies(desk: Desk) -> Copies:
    return Copies(desk.home, desk.unlocked, desk.engines.write, desk.engines.read, desk.clock)


def run(given: argparse.Namespace, session: Session) -> Answer:
    """A copy on a key or a share, read back before it counts."""
    with session.desk() as desk, session.job() as job:
        made = _copies(desk).run(given.to, job)
    data = {
        "id": made.id,
        "made_at": made.made_at.isoformat(),
        "dossiers": made.dossiers,
        "documents": made.documents,
        "bytes": made.size,
        "written": made.written,
        "missing": [name for _, name in made.missing],
        "redacted": made.redacted,
        "removed": made.removed,
    }
    words = session.words
    lines = [words("cli.copied", id=made.id, dossiers=made.dossiers, bytes=made.size)]
    if made.missing:
        lines.append(words("cli.copy_missing", n=len(made.missing)))
    return Answer({"backup": data}, lines, 1 if made.missing else 0)


def listing(given: argparse.Namespace, session: Session) -> Answer:
    """The copies of a folder, or the runs that this desktop remembers."""
    if given.folder is not None:
        found = [
            {
                "id": c.id,
                "made_at": c.made_at.isoformat(),
                "dossiers": c.dossiers,
                "bytes": c.size,
                "ok": c.readable,
            }
            for c in checking.copies(given.folder)
        ]
    else:
        with session.desk() as desk:
            runs = house.copies(desk.reading)
        found = [
            {
                "id": c.id,
                "made_at": c.at.isoformat(),
                "dossiers": c.dossiers,
                "bytes": c.bytes,
                "ok": c.ok,
                "target": c.target,
            }
            for c in runs
        ]
    lines = [session.words("cli.copy_line", **row) for row in found]
    return Answer({"backups": found}, lines)


def verify(given: argparse.Namespace, session: Session) -> Answer:
    """Every byte read again; 4 when something is damaged."""
    with session.desk() as desk, session.job() as job:
        folder = given.folder or _last_target(desk.reading)
        found = _copies(desk).verify(folder, given.id, job)
    damaged = [{"file": d.file, "dossiers": d.dossiers} for d in found.damaged]
    words = session.words
    lines = [words("cli.copy_damaged", **row) for row in damaged]
    if found.ok:
        lines.append(words("cli.copy_whole", n=found.checked))
    data = {"ok": found.ok, "checked": found.checked, "damaged": damaged}
    return Answer(data, lines, 0 if found.ok else 4)


def _last_target(reading: Reading) -> Path:
    runs = house.copies(reading)
    if not runs:
        raise UsageError("no_copy_yet")
    return Path(runs[0].target)


def restore(given: argparse.Namespace, session: Session) -> Answer:
    """A home as it was, in an empty folder, without anybody erased since."""
    began = time.perf_counter()
    opener, keys = _keys(session)
    home = Home(session.home)
    with session.job() as job:
        known = at_hand(home, session.clock)
        back = bring_back(given.folder, given.id, given.into, opener, keys, job, known=known)
    data = {
        "id": back.id,
        "dossiers": back.dossiers,
        "documents": back.documents,
        "re_erased": back.re_erased,
        "erasures_known_until": back.known_until.isoformat(),
        "recovery_key": " ".join(keys.words),
        "ms": round((time.perf_counter() - began) * 1000),
    }
    words = session.words
    into, re_erased = str(given.into), back.re_erased
    lines = [words("cli.restored", dossiers=back.dossiers, into=into, re_erased=re_erased)]
    lines.append(words("cli.restored_until", moment=f"{back.known_until:%Y-%m-%d %H:%M}"))
    lines += [words("cli.new_recovery_key"), "", " ".join(keys.words)]
    return Answer(data, lines)


def _keys(session: Session) -> tuple[OpenRing, NewKeys]:
    """By the home's own key file and a user's password, or by the 24 words and a new password."""
    recovery = os.environ.get(RECOVERY_VARIABLE)
    if keyfile.exists(session.home) and not recovery:
        unlocked = session.unlocked()
        password = session.password or ""
        keys = NewKeys(unlocked.email, password, session.clock)
        return by_home(unlocked, session.home), keys
    words = session.words
    recovery = recovery or ask_secret(words("cli.recovery_words"))
    if not recovery:
        raise NotAllowed("no_password")
    if not session.user:
        raise UsageError("user_missing")
    password = (
        os.environ.get(NEW_PASSWORD_VARIABLE)
        or session.given_password()
        or ask_secret(words("cli.new_password"))
        or ""
    )
    return by_words(recovery), NewKeys(session.user, password, session.clock)
