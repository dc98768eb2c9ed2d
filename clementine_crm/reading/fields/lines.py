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
_TRIM = " \t:.-–—•·●■▪|_*#=+►▶➤◦○□✓>/"
_HEADING_WORDS = 6
_JOINED = re.compile(r"\s*(?:,|&|/|\bet\b|\band\b|\|)\s*")
_CAPITALS = re.compile(r"[^\W\d_a-z][^\s\d]*(?:\s+(?:[^\W\d_]['’])?[^\W\d_]{2,}\b|\s+(?:&|ET|AND|DE|D['’]))*")


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

    def field(self, name: FieldName, value: str, confidence: float, quote: str = "") -> ProposedField:
        """A proposal read on this line."""
        place = self.place(quote or value)
        return ProposedField(name=name, value=value, place=place, confidence=confidence)


def heading_of(folded: str) -> str:
    """The section that a folded line opens; empty when it is no heading."""
    text = re.sub(r"\s+", " ", folded).strip(_TRIM)
    if not text or len(text) > 60 or len(text.split()) > _HEADING_WORDS:  # noqa: PLR2004 - a sentence
        return ""
    if text in HEADINGS:
        return HEADINGS[text]
    parts = [part for part in _JOINED.split(text) if part]
    if len(parts) > 1 and all(part in HEADINGS for part in parts):
        return HEADINGS[parts[0]]
    return ""


def split_heading(text: str, folded: str) -> tuple[str, str]:
    """(section, content) of a heading that shares its line: ``LANGUES Français``, ``Langues : …``."""
    head, colon, rest = text.partition(":")
    if colon and rest.strip():
        section = heading_of(fold(head))
        if section and section not in ("contact", "references"):
            return section, rest.strip()
    match = _CAPITALS.match(text)
    if not match or match.end() == len(text):
        return "", ""
    words = text.split()
    for count in (3, 2, 1):
        capitals = " ".join(words[:count])
        if len(words) > count and capitals == capitals.upper() and not words[count].isupper():
            section = heading_of(fold(capitals))
            if section:
                return section, text.split(None, count)[count]
    del folded
    return "", ""


def lines_of(text: str, page_starts: tuple[int, ...]) -> list[Line]:
    """Non-empty lines with their sections; ``header`` is what stands before the first heading."""
    found: list[Line] = []
    section = "header"
    raw = text.split("\n")
    for index, one in enumerate(raw[:LINE_LIMIT]):
        if not one.strip():
            continue
        one = one[:_LENGTH_LIMIT]
        folded = fold(one)
        page = bisect_right(page_starts, index + 1)
        opened = heading_of(folded)
        content = "" if opened else one
        if not opened:
            opened, shared = split_heading(one, folded)
            content = shared or content
        if not opened and found and found[-1].is_heading and not found[-1].content:
            # INFORMATIONS / PERSONNELLES: one heading over two lines.
            opened = heading_of(f"{found[-1].folded} {folded}")
            content = "" if opened else content
        if opened:
            section = opened
        elif index + 1 < len(raw) and len(folded) < 20 and one.isupper():  # noqa: PLR2004 - a word
            # The first half of such a heading.
            whole = heading_of(f"{folded} {fold(raw[index + 1])}")
            if whole:
                section, content, opened = whole, "", whole
        found.append(Line(index + 1, page, one, folded, section, content, bool(opened)))
    return found
