"""The only place where a failure becomes words.

A ``ClementineError`` brings a key: ``errors.<key>`` says what happened; ``errors.<key>_kept`` and
``errors.<key>_todo`` may say what was kept and what to do, otherwise the kind of failure does.
Anything else is a bug of ours: it is told as such, with details that carry no value of a person.
"""

from __future__ import annotations

import traceback
from dataclasses import dataclass

from clementine_crm import errors
from clementine_crm.words import Words

_KINDS: tuple[tuple[type[errors.ClementineError], str], ...] = (
    (errors.DiskFull, "disk_full"),
    (errors.Busy, "busy"),
    (errors.SchemaTooNew, "schema_too_new"),
    (errors.Corrupt, "corrupt"),
    (errors.WrongKey, "wrong_key"),
    (errors.StorageError, "storage"),
    (errors.AuthRequired, "auth_required"),
    (errors.Offline, "offline"),
    (errors.ExternalError, "external"),
    (errors.PluginError, "plugin"),
    (errors.StaleData, "stale"),
    (errors.NotAllowed, "not_allowed"),
    (errors.NotFound, "not_found"),
    (errors.RuleViolation, "rule"),
    (errors.ValidationError, "validation"),
    (errors.Cancelled, "cancelled"),
)


@dataclass(frozen=True)
class ErrorText:
    """A failure in words. ``details`` is for the person who mends it and holds no personal data."""

    title: str
    happened: str
    kept: str
    todo: str
    retryable: bool = False
    details: str = ""


def sentence(error: Exception, words: Words) -> str:
    """One sentence: what happened. For a field, a control, a line of a report."""
    if isinstance(error, errors.ClementineError):
        return _phrase(words, f"errors.{error.key}", error.params) or words(
            "ui_errors.unknown_happened"
        )
    return words("ui_errors.bug_happened")


def explain(error: Exception, words: Words) -> ErrorText:
    """The three sentences of the error bar, and a title."""
    if not isinstance(error, errors.ClementineError):
        return ErrorText(
            words("ui_errors.bug_title"),
            words("ui_errors.bug_happened"),
            words("ui_errors.bug_kept"),
            words("ui_errors.bug_todo"),
            details=details(error),
        )
    kind = next((name for cls, name in _KINDS if isinstance(error, cls)), "other")
    own = f"errors.{error.key}"
    return ErrorText(
        words(f"ui_errors.{kind}_title"),
        sentence(error, words),
        _phrase(words, f"{own}_kept", error.params) or words(f"ui_errors.{kind}_kept"),
        _phrase(words, f"{own}_todo", error.params) or words(f"ui_errors.{kind}_todo"),
        retryable=error.retryable,
        details=details(error),
    )


def _phrase(words: Words, key: str, params: dict[str, object]) -> str:
    try:
        return words(key, **params)
    except (KeyError, IndexError):
        return ""


def details(error: BaseException) -> str:
    """Kind, key and places in the code; no message and no value, which may name a person."""
    key = f" {error.key}" if isinstance(error, errors.ClementineError) else ""
    places = [
        f"  {frame.filename.rsplit('/', 1)[-1].rsplit(chr(92), 1)[-1]}:{frame.lineno} {frame.name}"
        for frame in traceback.extract_tb(error.__traceback__)[-12:]
    ]
    cause = error.__cause__ or error.__context__
    tail = ["", details(cause)] if cause is not None else []
    return "\n".join([f"{type(error).__name__}{key}", *places, *tail])
