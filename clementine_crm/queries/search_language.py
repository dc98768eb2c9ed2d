"""What a person types into the search box, as a tree; every text means something, none is an error.

Words stand for AND; ``AND OR NOT`` in capitals (also ``ET OU SAUF``), ``"phrases"`` between any
quotation marks, ``prefix*``, parentheses, and the filters ``city: skill: source: consent:`` (also
``ville: compétence: accord:``), whose value may be a word, a phrase or a group. Accents and case are
aside. While typing, the last word is a beginning. What joins nothing is passed over, a quotation mark
or parenthesis left open ends with the text.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import TypeAlias

from clementine_crm.domain.indexing import DOT, PLUS, SHARP, as_indexed
from clementine_crm.domain.values import fold

MOST_WORDS = 48
MOST_CHARACTERS = 4_000
_MOST_NESTED = 16
_MOST_TOKENS = 24


_LONG = 3
_MARKS = PLUS + SHARP + DOT


class Field(StrEnum):
    """Where a filter looks; the value is the column of the index."""

    SKILL = "skills"
    CITY = "town"
    SOURCE = "source"
    CONTACT = "contacts"


@dataclass(frozen=True)
class Words:
    """One word, or several in a row; ``prefix``: the last is only the beginning of a word."""

    text: str
    tokens: tuple[str, ...]
    prefix: bool = False
    field: Field | None = None

    @property
    def short(self) -> bool:
        """A beginning of one or two letters; C+ and C# are words of their own."""
        last = self.tokens[-1]
        return self.prefix and len(last) < _LONG and last[-1] not in _MARKS


@dataclass(frozen=True)
class Consent:
    """``consent:`` and what was asked of it, folded."""

    value: str


@dataclass(frozen=True)
class Every:
    parts: tuple[Node, ...]


@dataclass(frozen=True)
class Either:
    parts: tuple[Node, ...]


@dataclass(frozen=True)
class Without:
    part: Node


Node: TypeAlias = Words | Consent | Every | Either | Without


@dataclass(frozen=True)
class Asked:
    """``tree`` None when nothing was asked. ``plain``: the folded words when there are only words,
    so that it may be a name; ``telephone``: it may be a number. ``cut``: more was typed than is
    looked for.
    """

    tree: Node | None
    plain: tuple[str, ...] = ()
    telephone: bool = False
    cut: bool = False


_FIELDS: dict[str, Field | type[Consent]] = {
    "city": Field.CITY,
    "ville": Field.CITY,
    "skill": Field.SKILL,
    "competence": Field.SKILL,
    "source": Field.SOURCE,
    "consent": Consent,
    "accord": Consent,
}
_OPERATORS = {"AND": "and", "ET": "and", "OR": "or", "OU": "or", "NOT": "not", "SAUF": "not"}
_QUOTES = '"“”„‟«»＂'
# Letters and digits as the tokenizer has them, marks of ``domain/indexing`` included.
_TOKEN = re.compile(f"(?:[^\\W_]|[\u0300-\u036f{_MARKS}])+")
_UNTYPED = re.compile("[\x00-\x1f\x7f-\x9f\ud800-\udfff\ue000-\uf8ff]")
_ENDS_WORD = re.compile(f"[\\s(){_QUOTES}]")
_TELEPHONE = re.compile(r"(?:\+|\(\+|0)[\d\s().\-/]{3,24}")
_FEW_DIGITS = 4


def tokens_of(text: str) -> tuple[str, ...]:
    """The words the index knows a text by, marks of ``domain/indexing`` included."""
    found = (_token(match[0]) for match in _TOKEN.finditer(as_indexed(text)))
    return tuple(token for token in found if token)


def _token(word: str) -> str:
    folded = fold(word)
    return folded + word[-1] if folded and word[-1] in _MARKS else folded


def parse(text: str, *, typing: bool = False) -> Asked:
    """The tree of a typed text; never raises. ``typing``: the last word may go on."""
    clean = _UNTYPED.sub(" ", text[:MOST_CHARACTERS])
    marks = list(_scan(clean, typing))
    if all(isinstance(mark, str) for mark in marks):
        marks = list(_scan(clean.lower(), typing))
    parser = _Parser(marks)
    tree = parser.either(0)
    plain: tuple[str, ...] = ()
    if all(isinstance(mark, _Typed) and not mark.quoted for mark in marks):
        plain = tokens_of(clean)
    number = _number(clean.strip()) if tree is not None else ""
    if number:
        # As it is kept, from its beginning on; and as it may stand in a text.
        kept = Words(number, (number,), prefix=True, field=Field.CONTACT)
        tree = Either((kept, Words(clean.strip(), tokens_of(clean))))
    return Asked(tree, plain, bool(number), parser.cut or len(text) > MOST_CHARACTERS)


def _number(text: str) -> str:
    """The digits of a telephone number, or of the beginning of one, with its country; or nothing."""
    text = text.removeprefix("tel:").strip()
    digits = re.sub(r"\D", "", text.replace("(0)", ""))
    if not _TELEPHONE.fullmatch(text) or len(digits) < _FEW_DIGITS:
        return ""
    national = text.startswith("0") and not text.startswith("00")
    return "33" + digits[1:] if national else digits.removeprefix("00")


@dataclass(frozen=True)
class _Typed:
    text: str
    prefix: bool = False
    quoted: bool = False


@dataclass(frozen=True)
class _Filter:
    field: Field | type[Consent]


_Mark: TypeAlias = _Typed | _Filter | str
_Field: TypeAlias = Field | type[Consent] | None


def _scan(text: str, typing: bool) -> Iterator[_Mark]:
    """Words, filters, and ``(`` ``)`` ``and`` ``or`` ``not`` as they come."""
    at, size = 0, len(text)
    while at < size:
        sign = text[at]
        if sign.isspace():
            at += 1
        elif sign in "()":
            yield sign
            at += 1
        elif sign in _QUOTES:
            at, mark = _quoted(text, at + 1, typing)
            yield mark
        else:
            found = _ENDS_WORD.search(text, at)
            end = found.start() if found else size
            name, colon, _ = text[at:end].partition(":")
            field = _FIELDS.get(fold(name)) if colon else None
            if field is not None:
                yield _Filter(field)
                at += len(name) + 1
                continue
            word = text[at:end]
            going_on = word.endswith("*") or (typing and end == size)
            yield _OPERATORS.get(word) or _Typed(word, going_on)
            at = end


def _quoted(text: str, start: int, typing: bool) -> tuple[int, _Typed]:
    end = next((i for i in range(start, len(text)) if text[i] in _QUOTES), len(text))
    after = end + 1
    star = text[after : after + 1] == "*"
    going_on = star or (typing and end == len(text))
    return after + star, _Typed(text[start:end], going_on, quoted=True)


class _Parser:
    """Descends from OR over AND and NOT to a word; passes over what joins nothing."""

    def __init__(self, marks: list[_Mark]) -> None:
        self._marks = marks
        self._at = 0
        self._words = 0
        self.cut = False

    def _next(self) -> _Mark | None:
        return self._marks[self._at] if self._at < len(self._marks) else None

    def either(self, depth: int, field: _Field = None) -> Node | None:
        parts = [self._every(depth, field)]
        while self._next() == "or":
            self._at += 1
            parts.append(self._every(depth, field))
        return _joined(Either, parts)

    def _every(self, depth: int, field: _Field) -> Node | None:
        parts = []
        while (mark := self._next()) is not None and mark != "or" and (mark != ")" or depth == 0):
            if mark in ("and", ")"):
                self._at += 1
            else:
                parts.append(self._negated(depth, field))
        return _joined(Every, parts)

    def _negated(self, depth: int, field: _Field) -> Node | None:
        negative = False
        while self._next() == "not":
            negative = not negative
            self._at += 1
        part = self._atom(depth, field)
        return Without(part) if part is not None and negative else part

    def _atom(self, depth: int, field: _Field) -> Node | None:
        while isinstance(mark := self._next(), _Filter):
            self._at += 1
            field = mark.field
        if mark == "(":
            self._at += 1
            if depth >= _MOST_NESTED:
                return None
            group = self.either(depth + 1, field)
            if self._next() == ")":
                self._at += 1
            return group
        if not isinstance(mark, _Typed):
            return None
        self._at += 1
        return self._leaf(mark, field)

    def _leaf(self, typed: _Typed, field: _Field) -> Node | None:
        tokens = tokens_of(typed.text)
        if not tokens:
            return None
        self._words += 1
        if self._words > MOST_WORDS or len(tokens) > _MOST_TOKENS:
            self.cut = True
        if self._words > MOST_WORDS:
            return None
        if field is Consent:
            return Consent(fold(typed.text.rstrip("*")))
        assert field is None or isinstance(field, Field)
        words = Words(typed.text.rstrip("*"), tokens, typed.prefix, field)
        if len(tokens) > _MOST_TOKENS:
            kept = tokens[:_MOST_TOKENS]
            words = replace(words, text=" ".join(kept), tokens=kept, prefix=False)
        return words


def _joined(kind: type[Every] | type[Either], parts: list[Node | None]) -> Node | None:
    there = [part for part in parts if part is not None]
    if not there:
        return None
    return there[0] if len(there) == 1 else kind(tuple(there))
