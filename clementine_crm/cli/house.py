"""Founding, accounts, plugins, doctor."""

from __future__ import annotations

import argparse
import os

from clementine_crm.bootstrap import found
from clementine_crm.cli.session import (
    NEW_PASSWORD_VARIABLE,
    RECOVERY_VARIABLE,
    Answer,
    Session,
    ask_secret,
    read_secret,
)
from clementine_crm.doctor import checks
from clementine_crm.errors import NotAllowed, UsageError
from clementine_crm.keys import keyfile
from clementine_crm.queries import house


def init(given: argparse.Namespace, session: Session) -> Answer:
    """A new agency; the 24 words are shown once, here."""
    if not session.user:
        raise UsageError("user_missing")
    words = session.words
    password = session.given_password()
    if password is None:
        password = ask_secret(words("cli.new_password"))
        if password is None:
            raise NotAllowed("no_password")
        if ask_secret(words("cli.again")) != password:
            raise UsageError("passwords_differ")
    unlocked, recovery = found(
        session.home, given.agency, given.name, session.user, password, session.clock
    )
    data = {
        "agency": given.agency,
        "user": unlocked.email,
        "recovery_key": " ".join(recovery),
    }
    rows = [
        "  ".join(f"{n + 1:2}. {recovery[n]:<12}" for n in range(start, start + 6))
        for start in range(0, len(recovery), 6)
    ]
    lines = [words("cli.founded", agency=given.agency, home=str(session.home)), "", *rows, ""]
    return Answer(data, [*lines, words("cli.recovery_kept")])


def users(given: argparse.Namespace, session: Session) -> Answer:
    del given
    with session.desk() as desk:
        found_users = house.users(desk.reading)
    listed = [
        {"email": u.email, "name": u.name, "roles": list(u.roles), "active": u.active}
        for u in found_users
    ]
    lines = [f"{u.email}  {u.name}  {', '.join(u.roles)}" for u in found_users]
    return Answer({"users": listed}, lines)


def password(given: argparse.Namespace, session: Session) -> Answer:
    """One's own password: with the old one, or with the 24 words."""
    words = session.words
    email = session.user or keyfile.last_user(session.home)
    if given.recovery:
        recovery = os.environ.get(RECOVERY_VARIABLE) or ask_secret(words("cli.recovery_words"))
        if not recovery:
            raise NotAllowed("no_recovery_words")
        keyfile.set_password_by_recovery(
            session.home, recovery, email, _new_password(given, session)
        )
    else:
        old = session.given_password()
        old = old if old is not None else ask_secret(words("cli.password"))
        if old is None:
            raise NotAllowed("no_password")
        keyfile.unlock(session.home, email, old)
        keyfile.change_password(session.home, email, old, _new_password(given, session))
    return Answer({"users": [{"email": email}]}, [words("cli.password_changed", user=email)])


def _new_password(given: argparse.Namespace, session: Session) -> str:
    if given.new_password_file is not None:
        return read_secret(given.new_password_file)
    new = os.environ.get(NEW_PASSWORD_VARIABLE)
    if new is None:
        new = ask_secret(session.words("cli.new_password"))
        if new is not None and ask_secret(session.words("cli.again")) != new:
            raise UsageError("passwords_differ")
    if new is None:
        raise NotAllowed("no_new_password")
    return new


def plugins(given: argparse.Namespace, session: Session) -> Answer:
    """What is installed, what it may touch, its settings."""
    del given
    words = session.words
    with session.desk() as desk:
        rows = desk.plugins.rows()
    listed = [
        {
            "id": p.id,
            "name": p.name_en if words.lang == "en" else p.name_fr,
            "version": p.version,
            "state": p.state,
            "reason": p.reason,
            "provides": list(p.provides),
            "permissions": list(p.permissions),
            "bundled": p.bundled,
            "settings": [
                {"key": s.key, "type": s.type, "value": s.value, "is_set": s.is_set}
                for s in p.settings
            ],
        }
        for p in rows
    ]
    lines = [
        f"{p['id']} {p['version']}  {words('plugins.state_' + str(p['state']))}" for p in listed
    ]
    return Answer({"plugins": listed}, lines)


def doctor(given: argparse.Namespace, session: Session) -> Answer:
    """Checks the house and says what to do; 4 when something is not in order."""
    del given
    words = session.words
    with session.desk() as desk:
        found_checks = checks(desk)
    listed = [
        {"name": c.name, "ok": c.ok, "say": words(c.say, **dict(c.params))} for c in found_checks
    ]
    lines = [f"{'✓' if c['ok'] else '✗'} {c['say']}" for c in listed]
    return Answer({"checks": listed}, lines, 0 if all(c["ok"] for c in listed) else 4)
