"""The text as numbered lines, each in the section of the CV that its last heading opened."""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import dataclass

from clementine_crm.plugin_api.reading import FieldName, Place, ProposedField
from clementine_crm.reading.fields.vocabulary import HEADINGS, fold

LINE_LIMIT = 3000
"""Lines searched for fields; a CV has two hundred."""

_LENGTH_LIMIT = 1000
_TRIM = " \t:.-–—•·●■▪|_*#=+►▶➤◦○□✓>/~«»<[](){}"
_HEADING_WORDS = 6
_HEADING_LENGTH = 60
_HALF_HEADING = 20
_JOINED = re.compile(r"\s*(?:,|&|/|\bet\b|\band\b|\|)\s*")
_SHOUTED = 4
_BODY = frozenset({"experience", "education", "skills", "languages", "interests", "summary"})


@dataclass(frozen=True, slots=True)
class Line:
    """One line: ``number`` from 1, ``page`` from 1 or 0, its section, and its folded form.

    ``content`` is the text behind a heading that shares its line; the whole text otherwise; empty
    for a heading alone.
    """

    number: int
    page: int
    text: str
    folded: str
    section: str
    content: str
    is_heading: bool = False

    def place(self, quote: str) -> Place:
        """Where ``quote`` stands."""
        return Place(line=self.number, page=self.page, quote=quote)

    def field(
        self, name: FieldName, value: str, confidence: float, quote: str = ""
    ) -> ProposedField:
        """A proposal read on this line; ``quote`` is the value itself when it is not given."""
        place = self.place((quote or value).strip())
        return ProposedField(name=name, value=value.strip(), place=place, confidence=confidence)


def heading_of(folded: str) -> str:
    """The section that a folded line opens; empty when it is no heading."""
    if len(folded) > 2 * _HEADING_LENGTH:
        return ""
    text = " ".join(folded.strip(_TRIM).split())
    if not text or len(text) > _HEADING_LENGTH or len(text.split()) > _HEADING_WORDS:
        return ""
    if text in HEADINGS:
        return HEADINGS[text]
    parts = [part for part in _JOINED.split(text) if part]
    if len(parts) > 1 and all(part in HEADINGS for part in parts):
        return HEADINGS[parts[0]]
    return ""


def _shouted(text: str, folded: str) -> str:
    """A heading of capitals with a word of its own: ``EXPÉRIENCES PROFESSIONNELLES CLÉS``."""
    words = folded.strip(_TRIM).split()
    if not text.isupper() or not 1 < len(words) <= _SHOUTED or any(c.isdigit() for c in text):
        return ""
    for count in range(len(words) - 1, 0, -1):
        phrase = " ".join(words[:count])
        if phrase in HEADINGS and (count > 1 or HEADINGS[phrase] in _BODY):
            return HEADINGS[phrase]
    return ""


def split_heading(text: str) -> tuple[str, str]:
    """(section, content) of a heading that shares its line: ``LANGUES Français``, ``Langues : …``."""
    head, colon, rest = text.partition(":")
    if colon and rest.strip() and len(head) <= _HEADING_LENGTH:
        section = heading_of(fold(head))
        if section and section not in ("contact", "references"):
            return section, rest.strip()
    words = text.split(None, 4)
    for count in (3, 2, 1):
        capitals = " ".join(words[:count])
        if len(words) > count and capitals.isupper() and not words[count].isupper():
            section = heading_of(fold(capitals))
            if section:
                return section, text.split(None, count)[count]
    return "", ""


def lines_of(text: str, page_starts: tuple[int, ...]) -> list[Line]:
    """Non-empty lines with their sections; ``header`` is what stands before the first heading."""
    found: list[Line] = []
    section = "header"
    raw = text.split("\n", LINE_LIMIT)[:LINE_LIMIT]
    for index, whole in enumerate(raw):
        if not whole.strip():
            continue
        one = whole[:_LENGTH_LIMIT]
        folded = fold(one)
        follower = raw[index + 1] if index + 1 < len(raw) else ""
        opened, content = _opened(one, folded, found[-1] if found else None, follower)
        section = opened or section
        page = bisect_right(page_starts, index + 1)
        found.append(Line(index + 1, page, one, folded, section, content, bool(opened)))
    return found


def _opened(text: str, folded: str, before: Line | None, follower: str) -> tuple[str, str]:
    """(section that this line opens or nothing, its own content)."""
    section = heading_of(folded) or _shouted(text, folded)
    if section:
        return section, ""
    section, content = split_heading(text)
    if section:
        return section, content
    if before and before.is_heading and not before.content:
        # INFORMATIONS / PERSONNELLES: one heading over two lines.
        section = heading_of(f"{before.folded} {folded}") if len(folded) < _HEADING_LENGTH else ""
        if section:
            return section, ""
    if len(folded) < _HALF_HEADING and text.isupper() and len(follower) < _HEADING_LENGTH:
        # The first half of such a heading.
        section = heading_of(f"{folded} {fold(follower)}")
        if section:
            return section, ""
    return "", text
