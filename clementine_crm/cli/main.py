"""The command line: one command in, one answer out, one sentence when it is refused."""

from __future__ import annotations

import json
import os
import re
import sys
from collections.abc import Sequence

from clementine_crm.cli.session import Answer, Session, Window, home_of
from clementine_crm.errors import Cancelled, ClementineError, UsageError
from clementine_crm.words import LANGUAGES, Words

LANGUAGE_VARIABLE = "CLEMENTINE_LANG"
# What a stranger wrote must not steer the terminal it is shown on.
_CONTROLS = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]")


def run(argv: Sequence[str], window: Window | None = None) -> int:
    """Carry out a command; the exit code of ``cli.md``. ``window`` is what ``demo`` shows itself in."""
    _plain_output()
    words = Words(_language(argv))
    as_json = "--json" in argv
    if "--self-test" in argv:
        return _self_test(window)
    try:
        # Here, not above: the parser imports every room, and a sentence costs nothing.
        from clementine_crm.cli.parser import build

        given = build(words).parse_args(list(argv))
        session = Session(
            home_of(given.home),
            words,
            given.user or "",
            given.as_of,
            given.password_file,
            given.json,
            window,
        )
        answer: Answer = given.run(given, session)
    except ClementineError as error:
        return _refused(error, words, as_json)
    except KeyboardInterrupt:
        return _refused(Cancelled("cancelled"), words, as_json)
    except UnicodeEncodeError:
        # A terminal hands over any bytes; a name of a file may hold them, a word may not.
        return _refused(UsageError("text_unreadable"), words, as_json)
    if given.json:
        print(json.dumps(answer.data, ensure_ascii=False))
    stream = sys.stderr if given.json else sys.stdout
    for line in answer.lines:
        print(_CONTROLS.sub("\ufffd", line), file=stream)
    return answer.code


def _self_test(window: Window | None) -> int:
    """Every part of the installed program tried; 0 when all work, else 4."""
    from clementine_crm.self_test import self_test

    tried = self_test([("window", window.draws)] if window else [])
    print(json.dumps({"checks": [vars(part) for part in tried]}, ensure_ascii=False))
    return 0 if all(part.ok for part in tried) else 4


def sentence(error: ClementineError, words: Words) -> str:
    """What happened and what to do, in one sentence."""
    try:
        return words(f"errors.{error.key}", **error.params)
    except (KeyError, IndexError):
        return words("errors.unexpected", key=error.key)


def _refused(error: ClementineError, words: Words, as_json: bool) -> int:
    said = sentence(error, words)
    if as_json:
        print(json.dumps({"error": {"code": error.key, "message": said}}, ensure_ascii=False))
    print(said, file=sys.stderr)
    return error.exit_code


def _language(argv: Sequence[str]) -> str:
    """``--language``, the variable, the system's language; French otherwise."""
    if "--language" in argv[:-1]:
        named = argv[argv.index("--language") + 1]
        return named if named in LANGUAGES else "fr"
    spoken = os.environ.get(LANGUAGE_VARIABLE) or os.environ.get("LC_ALL") or os.environ.get("LANG")
    lang = (spoken or "")[:2]
    return lang if lang in LANGUAGES else "fr"


def _plain_output() -> None:
    # A console that cannot show a letter shows a mark, and the command goes on.
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")
