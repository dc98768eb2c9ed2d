"""``mailbox``: the messages of an mbox file, streamed. Memory is one message, at most 100 MB."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from clementine_crm.reading.mail.rfc822 import MESSAGE_LIMIT

_LINE_LIMIT = 65_536
# "From " alone begins many sentences: the envelope line also ends with a time and a year.
_ENVELOPE = re.compile(
    rb"From (?:.{0,1000} )?.{0,60}\d{1,2}:\d\d(?::\d\d)?(?: .{0,20})? \d{4}.{0,10}\r?\n?$"
)
_QUOTED = re.compile(rb">+From ")
_DELETED = 0x0008
_STATUS = re.compile(rb"^X-Mozilla-Status: *([0-9a-fA-F]{4})[ \t]*\r?$", re.MULTILINE)


def is_envelope(line: bytes) -> bool:
    """Whether a line begins a message of an mbox."""
    return line.startswith(b"From ") and _ENVELOPE.match(line[:1_200]) is not None


def is_deleted(raw: bytes) -> bool:
    """Whether Thunderbird marked the message as deleted (bit 8 of X-Mozilla-Status)."""
    head = re.split(rb"\r?\n\r?\n", raw[:20_000], maxsplit=1)[0]
    found = _STATUS.search(head)
    return found is not None and bool(int(found[1], 16) & _DELETED)


def mailbox(path: Path) -> Iterator[tuple[int, bytes]]:
    """(1-based number, raw bytes without the envelope line) of every message, in order.

    ``>From `` is unquoted once. Deleted messages are yielded too: ``is_deleted`` tells them, and
    the caller counts them. A message over the limit is yielded one byte longer than the limit and
    cut there, so that ``parse_mail`` says so. Raises ``OSError`` when the file cannot be read.
    """
    number = 0
    held = bytearray()
    fresh = True
    blank = True
    with path.open("rb") as file:
        while line := file.readline(_LINE_LIMIT):
            if fresh and blank and is_envelope(line):
                if number:
                    yield number, _trimmed(held)
                number += 1
                held = bytearray()
                blank = False
            elif number and len(held) <= MESSAGE_LIMIT:
                held += line[1:] if fresh and _QUOTED.match(line) else line
                del held[MESSAGE_LIMIT + 1 :]
            if number == 0:
                blank = True
            elif not is_envelope(line) or not fresh:
                blank = fresh and not line.strip(b"\r\n")
            fresh = line.endswith(b"\n")
    if number:
        yield number, _trimmed(held)


def _trimmed(held: bytearray) -> bytes:
    """Without the empty line that separates it from the next envelope line."""
    if held.endswith(b"\r\n\r\n"):
        return bytes(held[:-2])
    return bytes(held[:-1]) if held.endswith(b"\n\n") else bytes(held)
