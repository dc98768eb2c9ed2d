"""What changed between two versions of a text, word by word where lines are alike. No Qt."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

from clementine_crm.domain.values import fold
from ui.models.lit import Token, tokens_of

Span = tuple[int, int]
MOST_LINES = 4000
MOST_WORDS = 1500


@dataclass(frozen=True)
class Step:
    """One place that changed: (start, length) in the older and in the newer text; a length of 0
    says where the other side has something more.
    """

    old: Span
    new: Span


def steps_between(old: str, new: str) -> list[Step]:
    """Every place that differs, in order. Case, accents, signs and broken lines do not count."""
    ours, theirs = _lines(old), _lines(new)
    found: list[Step] = []
    matcher = SequenceMatcher(None, [w for w, *_ in ours], [w for w, *_ in theirs], autojunk=False)
    for kind, a, b, c, d in matcher.get_opcodes():
        if kind == "equal":
            continue
        left, right = _whole(ours, a, b, old), _whole(theirs, c, d, new)
        if kind == "replace":
            found += _words(old, left, new, right)
        else:
            found.append(Step(left, right))
    return found


def _lines(text: str) -> list[tuple[str, int, int]]:
    """Folded words, start and end of every line that says something."""
    found, at = [], 0
    for line in text.splitlines(keepends=True):
        words = fold(line)
        if words:
            start = at + len(line) - len(line.lstrip())
            found.append((words, start, at + len(line.rstrip())))
            if len(found) == MOST_LINES:
                break
        at += len(line)
    return found


def _whole(lines: Sequence[tuple[str, int, int]], first: int, end: int, text: str) -> Span:
    if first < end:
        start = lines[first][1]
        return start, lines[end - 1][2] - start
    return (lines[first][1] if first < len(lines) else len(text.rstrip())), 0


def _words(old: str, left: Span, new: str, right: Span) -> list[Step]:
    """The words that differ in lines that stand for each other."""
    ours, theirs = _tokens(old, left), _tokens(new, right)
    if not ours or not theirs or max(len(ours), len(theirs)) > MOST_WORDS:
        return [Step(left, right)]
    words, others = [t.word for t in ours], [t.word for t in theirs]
    matcher = SequenceMatcher(None, words, others, autojunk=False)
    same = sum(block.size for block in matcher.get_matching_blocks())
    if same * 2 < min(len(ours), len(theirs)):
        # Nothing to do with each other: one place, not a rain of words.
        return [Step(left, right)]
    return [
        Step(_span(ours, a, b, sum(left)), _span(theirs, c, d, sum(right)))
        for kind, a, b, c, d in matcher.get_opcodes()
        if kind != "equal"
    ]


def _tokens(text: str, span: Span) -> list[Token]:
    start, length = span
    return [
        Token(t.word, t.start + start, t.end + start)
        for t in tokens_of(text[start : start + length])
    ]


def _span(tokens: Sequence[Token], first: int, end: int, otherwise: int) -> Span:
    if first < end:
        start = tokens[first].start
        return start, tokens[end - 1].end - start
    return (tokens[first].start if first < len(tokens) else otherwise), 0
