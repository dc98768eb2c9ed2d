"""What is shown of a hit: the passage that was found, its words lit."""

from __future__ import annotations

from dataclasses import dataclass

from clementine_crm.domain.indexing import CLOSE, OPEN, as_written

_AROUND = 40


@dataclass(frozen=True)
class Passage:
    """A line of text and the (start, end) of what is lit in it."""

    text: str = ""
    lit: tuple[tuple[int, int], ...] = ()


def passage(marked: str, *, around: int = 0) -> Passage:
    """A marked text of the index for the eye: one line, as it was written.

    ``around``: keep so many characters on both sides of the first lit word (0 = all).
    """
    line = " ".join(as_written(marked).split())
    if around:
        line = _cut(line, around)
    parts = line.replace(CLOSE, OPEN).split(OPEN)
    text, lit = "", []
    for number, part in enumerate(parts):
        if number % 2 and part:
            lit.append((len(text), len(text) + len(part)))
        text += part
    return Passage(text, tuple(lit))


def lit_whole(text: str) -> Passage:
    return Passage(text, ((0, len(text)),) if text else ())


def _cut(line: str, around: int) -> str:
    first, last = line.find(OPEN), line.find(CLOSE)
    start = line.rfind(" ", 0, max(0, first - around)) + 1
    end = line.find(" ", max(last, 0) + around)
    head = "… " if start else ""
    if end < 0 or line.count(OPEN, 0, end) != line.count(CLOSE, 0, end):
        return head + line[start:]
    return f"{head}{line[start:end].rstrip(',;')} …"
