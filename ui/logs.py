"""The technical log of this desktop: rotating, ninety days, without a name, an address or a number.

A line tells kinds, keys and places in the code. What a record carries of a person all the same (an
address in a message, the repr of a row) is taken out before it reaches the disk.
"""

from __future__ import annotations

import logging
import re
import time
from logging.handlers import RotatingFileHandler
from pathlib import Path

from typing_extensions import override

from ui.errors import details

NAME = "clementine.log"
BYTES, FILES = 1_000_000, 5
KEPT_SECONDS = 90 * 24 * 3600

_MAIL = re.compile(r"[\w.+%'-]+@[\w-]+(?:\.[\w-]+)+", re.UNICODE)
# Nine digits or more, grouped as people group them; shorter numbers are counts and lines.
_PHONE = re.compile(r"(?<![\w.:/-])\+?\(?\d(?:[\s.()/\u00a0\u202f-]{0,2}\d){8,14}(?![\w:])")
# The values of a repr: name='…', b'…' among them. Places in the code carry no equals sign.
_VALUE = re.compile(
    r"(?<=[\w\]]=)(?:b?'(?:[^'\\]|\\.)*'|b?\"(?:[^\"\\]|\\.)*\"|\((?:[^()]|\([^()]*\))*\)|\[[^\[\]]*\])"
)
_QUOTED = re.compile(r"'(?:[^'\\]|\\.)*'|\"(?:[^\"\\]|\\.)*\"|«[^»]*»|“[^”]*”")


def redacted(text: str) -> str:
    """The text without addresses, numbers of telephones, and quoted or named values."""
    text = _VALUE.sub("…", text)
    text = _QUOTED.sub("…", text)
    text = _MAIL.sub("…@…", text)
    return _PHONE.sub("…", text)


class Redaction(logging.Filter):
    """Takes personal data out of a record; a traceback becomes kinds and places."""

    @override
    def filter(self, record: logging.LogRecord) -> bool:
        try:
            message = record.getMessage()
        except Exception:  # noqa: BLE001 - a wrong format string must not lose the line
            message = str(record.msg)
        record.msg, record.args = redacted(message), ()
        if record.exc_info and record.exc_info[1] is not None:
            record.exc_text = details(record.exc_info[1])
            record.exc_info = None
        record.stack_info = None
        return True


def start(folder: Path) -> logging.Handler | None:
    """Write this process's log into a home; None when nothing can be written there."""
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        _forget_old(folder)
        handler = RotatingFileHandler(
            folder / NAME, maxBytes=BYTES, backupCount=FILES, encoding="utf-8", delay=True
        )
    except OSError:
        return None
    handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(name)s %(message)s"))
    handler.addFilter(Redaction())
    root = logging.getLogger()
    root.addHandler(handler)
    if root.level > logging.INFO or root.level == logging.NOTSET:
        root.setLevel(logging.INFO)
    return handler


def stop(handler: logging.Handler | None) -> None:
    """End it."""
    if handler is not None:
        logging.getLogger().removeHandler(handler)
        handler.close()


def _forget_old(folder: Path) -> None:
    oldest = time.time() - KEPT_SECONDS
    for path in folder.glob(f"{NAME}*"):
        if path.stat().st_mtime < oldest:
            path.unlink(missing_ok=True)
