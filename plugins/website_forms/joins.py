"""The identities under which the mail and the export's row of one submission meet."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Iterator
from datetime import UTC, timedelta
from zoneinfo import ZoneInfo

from .submission import Submission

PARIS = ZoneInfo("Europe/Paris")
_NEAR = 2
_WITHIN = 60
_EMPTY_FILE = {hashlib.sha256(b"").hexdigest(), hashlib.md5(b"", usedforsecurity=False).hexdigest()}


def join_keys(found: Submission) -> tuple[str, ...]:
    """(form, date, e-mail), then the file's hash, as keys that equal each other where they should.

    An export's row names no form, and the mail's Date is some seconds later than the row's. So the
    form's part is taken by what was typed, and time by two rows of buckets that overlap by half: two
    instants up to two seconds apart share a key (four apart never do), up to a minute apart when the
    message is the same. Exports that know only the day meet on (Paris day, e-mail, message,
    reference, position). Two messages of one person on one day differ in their text and stay two.

    A hash that the row names and the mail carries counts together with the e-mail and what was
    applied for: who sends one CV to two offers makes two applications. The bare hash is only given
    by the mail, for a loose copy of the same file.
    """
    keys = [*_moments(found), *_files(found)]
    return tuple(dict.fromkeys(keys))


def _moments(found: Submission) -> Iterator[str]:
    email = _email(found)
    if not email or found.sent_at is None:
        return
    message = found.get("message")
    if found.precise:
        marks = [(_NEAR, "")] + ([(_WITHIN, _digest(message))] if message else [])
        moment = int(found.sent_at.timestamp())
        for half, mark in marks:
            for shift in (0, half):
                bucket = (moment + shift) // (2 * half)
                yield f"submission:{half}.{shift}.{bucket}|{email}|{mark}"
    if message or found.get("reference") or _post(found):
        # Around midnight both days are named.
        around = timedelta(minutes=5 if found.precise else 0)
        days = {(found.sent_at + d).astimezone(PARIS).date() for d in (-around, around)}
        content = _digest(message, found.get("reference"), _post(found))
        for day in sorted(days):
            yield f"submission:{day.isoformat()}|{email}|{content}"


def _files(found: Submission) -> Iterator[str]:
    about = f"{_email(found)}|{_digest(found.get('reference'), _post(found))}"
    for file in found.files:
        sha256 = hashlib.sha256(file.data).hexdigest()
        for digest in (sha256, hashlib.md5(file.data, usedforsecurity=False).hexdigest()):
            if digest not in _EMPTY_FILE:
                yield f"file:{digest}|{about}"
        if sha256 not in _EMPTY_FILE:
            yield f"file:{sha256}"
    for digest in expected_files(found):
        yield f"file:{digest}|{about}"


def expected_files(found: Submission) -> tuple[str, ...]:
    """The hashes an export gives in place of files (MD5 or SHA-256), but for empty files."""
    return tuple(dict.fromkeys(h for h in found.hashes if h not in _EMPTY_FILE))


def identity(found: Submission) -> str:
    """The external id of a row: the same submission exported twice is one."""
    when = found.sent_at.astimezone(UTC).isoformat() if found.sent_at else ""
    names = ("message", "reference", "position", "subject", "family_name")
    told = _digest(
        when, found.get("email"), *(found.get(name) for name in names), found.site_id,
        " ".join(expected_files(found)),
    )  # fmt: skip
    return f"submission:{told}"


def _email(found: Submission) -> str:
    return found.get("email").casefold()


def _post(found: Submission) -> str:
    return found.get("position") or found.get("offer")


def _digest(*texts: str) -> str:
    told = "\x1f".join(_folded(text) for text in texts)
    return hashlib.sha256(told.encode("utf-8", "replace")).hexdigest()[:20]


def _folded(text: str) -> str:
    plain = unicodedata.normalize("NFKC", text).casefold()
    return re.sub(r"[\W_]+", " ", plain).strip()
