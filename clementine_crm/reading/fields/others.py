"""Lines that speak of others: a covering letter bound with the CV, an agency's letterhead."""

from __future__ import annotations

import re
from dataclasses import replace

from clementine_crm.reading.fields.lines import Line
from clementine_crm.reading.fields.vocabulary import JOBS, ORGANISATIONS, STREETS

_SALUTATION = re.compile(
    r"^(?:(?:chere?s? )?(?:madame|monsieur|mesdames|messieurs)\b.{0,40},$|(?:madame, monsieur|dear\b.{1,40})$|"
    r"bonjour\b.{0,40},$|a l'attention d|objet ?:|subject ?:|to whom it may concern)"
)
_CLOSING = re.compile(
    r"(?:veuillez (?:agreer|recevoir|croire)|je vous prie d|l'expression de mes|salutations distinguees|"
    r"sinceres salutations|yours (?:sincerely|faithfully|truly)|(?:kind|best) regards|^cordialement\b|"
    r"^bien cordialement\b|^sincerely\b|dans l'attente de)"
)
_SIGNATURE = 2

_AGENCY = re.compile(
    r"\b(?:recrutement|recruitment|recruiting|interim|staffing|chasseurs? de tetes?|headhunters?|executive search)\b"
)
_PRESENTED = re.compile(
    r"\b(?:presente par|presented by|propose par|votre (?:contact|consultante?|interlocuteur|interlocutrice)|"
    r"your (?:contact|consultant))\b"
)
_CONTACT = re.compile(
    rf"@|https?://|www\.|\d\d[ .\-]?\d\d[ .\-]?\d\d|\b\d{{5}}\b|\b(?:siret|rcs|tel|fax|consultante?)\b|\d,? (?:{STREETS})\b"
)
_BODIES = re.compile(
    r"\b(?:pole emploi|france travail|cap emploi|mission locale|apec|cci|greta|afpa|job ?centre)\b"
)
_AGENCY_WORDS = 24
_LETTERHEAD_LINES = 5


def mark_others(lines: list[Line]) -> list[Line]:
    """The same lines, those of a letter in the section ``letter``, of a letterhead in ``letterhead``."""
    return _mark_letterheads(_mark_letter(lines))


def _mark_letter(lines: list[Line]) -> list[Line]:
    """From the salutation's page (or the top of the text) to the closing formula."""
    greeted = next((i for i, one in enumerate(lines) if _SALUTATION.search(one.folded)), -1)
    if greeted < 0:
        return lines
    closed = next(
        (i for i, one in enumerate(lines) if i > greeted and _CLOSING.search(one.folded)), -1
    )
    if closed < 0:
        return lines
    last = lines[closed].page
    if last:
        inside = [lines[greeted].page <= one.page <= last for one in lines]
    else:
        inside = [at <= closed + _SIGNATURE for at in range(len(lines))]
    return [
        _moved(one, "letter") if is_letter else one
        for one, is_letter in zip(lines, inside, strict=True)
    ]


def _moved(line: Line, section: str) -> Line:
    return replace(line, section=section, is_heading=False, content=line.text)


def _mark_letterheads(lines: list[Line]) -> list[Line]:
    """An agency's name with its addresses: on the line itself and on those right below.

    The candidate may be a recruiter: a line that names a post is no letterhead.
    """
    out = list(lines)
    left = 0
    for at, line in enumerate(lines):
        if line.section == "letter":
            continue
        if _opens_letterhead(lines, at):
            left = _LETTERHEAD_LINES
        elif left and not _CONTACT.search(line.folded):
            left = 0
        if left and not line.is_heading:
            left -= 1
            out[at] = _moved(line, "letterhead")
    return out


def mark_institution(lines: list[Line], name_line: int) -> list[Line]:
    """A school's or an employer's head above the candidate's name, with its addresses."""
    above = [one for one in lines if one.number < name_line and one.section == "header"]
    if not any(_is_institution(one) for one in above):
        return lines
    inside = {one.number for one in above if _is_institution(one) or _CONTACT.search(one.folded)}
    return [_moved(one, "letterhead") if one.number in inside else one for one in lines]


def _is_institution(line: Line) -> bool:
    words = set(re.findall(r"[a-z-]+", line.folded))
    return bool(words & ORGANISATIONS or _BODIES.search(line.folded)) and not words & JOBS


def _opens_letterhead(lines: list[Line], at: int) -> bool:
    folded = lines[at].folded
    if _PRESENTED.search(folded):
        return True
    if len(folded.split()) > _AGENCY_WORDS or not _AGENCY.search(folded):
        return False
    if JOBS & set(re.findall(r"[a-z-]+", folded)):
        return False
    follower = lines[at + 1].folded if at + 1 < len(lines) else ""
    return bool(_CONTACT.search(folded) or _CONTACT.search(follower))
