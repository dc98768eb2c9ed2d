"""E-mail addresses and telephones of the candidate, never of a referee."""

from __future__ import annotations

import re
from dataclasses import dataclass

import phonenumbers

from clementine_crm.plugin_api.reading import ProposedField
from clementine_crm.reading.fields.lines import Line
from clementine_crm.reading.fields.vocabulary import fold

_EMAIL = re.compile(
    r"(?<![\w.+%-])(?:mailto:)?([A-Za-z0-9][\w.+%'-]{0,63})@"
    r"((?:[^\W_](?:[\w-]{0,61}[^\W_])?\.){1,6}[A-Za-z]{2,24})(?![\w-])"
)
_SPELT_AT = re.compile(r"(?<=\w)\s?[(\[{]\s?(?:at|arobase|a)\s?[)\]}]\s?(?=\w)", re.IGNORECASE)
_SPELT_DOT = re.compile(r"(?<=\w)\s?[(\[{]\s?(?:dot|point)\s?[)\]}]\s?(?=\w)", re.IGNORECASE)

_SEPARATOR = r"[ .\-/\u2013_]"
_FRENCH = re.compile(
    rf"(?<![\d+])(?<!\d[ .\-])(?:0[1-9](?:{_SEPARATOR}?\d\d){{4}}|0[1-9]\d\d(?:{_SEPARATOR}\d\d){{3}}"
    rf"|0[1-9]\d\d(?:{_SEPARATOR}\d\d\d){{2}}|0[1-9](?:{_SEPARATOR}\d{{4}}){{2}}|0[1-9](?:{_SEPARATOR}\d\d\d){{2}}{_SEPARATOR}\d\d)"
    rf"(?!{_SEPARATOR}?\d)"
)
_ABROAD = re.compile(
    rf"(?<![\d+])(?:\(\s?(?:\+|00)\s?\d{{1,3}}\s?\)|\+\s?\d|00\s?[1-9])(?:{_SEPARATOR}|\s|\(0\)|[()]|\d){{6,22}}\d(?!\d)"
)
_AMERICAN = re.compile(r"(?<![\d+(.-])(?:1[ .-])?(?:\(\d{3}\) ?|\d{3}[.-])\d{3}[ .-]\d{4}(?![\d-])")
_BLANKS = re.compile(r"[ \u00a0\u202f\u2007\u2009]+")

_REFEREE = re.compile(
    r"\b(?:referents?|referees?|references?|recommand\w*|tuteur|tutrice|maitre de stage|superviseu?r|supervisors?|"
    r"n\+1|superieur|advis[eo]rs?|encadrante?|directeur de (?:these|memoire)|personne a contacter|emergency|urgence)\b"
)
_COLLEAGUE = re.compile(r"\b(?:manager|directeur|directrice|responsable|contact|professor|director|hr|drh|client)\b")
_FAX = re.compile(r"\b(?:fax|telecopie|siret|siren|rcs|iban|nir|securite sociale)\b[^\d+]{0,12}$")
_PHONE_LABEL = re.compile(r"\b(?:tel|telephone|mobile|portable|port|phone|cell|gsm|mob)\b")
_OWN = ("header", "contact", "target", "summary")
_NOT_OWN = ("experience", "education", "other")

# A second address is proposed only where it is plainly private: nobody wants a recruiter's mail in
# the box that an employer reads.
_PRIVATE = re.compile(
    r"(?:gmail|googlemail|hotmail|outlook|live|msn|yahoo|ymail|orange|wanadoo|free|sfr|neuf|laposte|bbox|numericable|"
    r"icloud|me|mac|proton|protonmail|pm|gmx|aol|club-internet|tutanota|web)\.[a-z.]{2,6}$"
)
_MOST = 3


@dataclass(frozen=True, slots=True)
class Found:
    """A value, the line it stands on, and how surely it is the candidate's own (0 to 3)."""

    value: str
    line: Line
    quote: str
    rank: int


def _rank(lines: list[Line], index: int, before: str) -> int:
    line = lines[index]
    if line.section == "references" or _REFEREE.search(fold(before)):
        return -1
    if line.section in _OWN:
        return 3
    near = " ".join(one.folded for one in lines[max(0, index - 2) : index + 1])
    if _REFEREE.search(near) or _COLLEAGUE.search(near):
        return -1
    return 1 if line.section in _NOT_OWN else 2


def emails_in(lines: list[Line]) -> list[Found]:
    """Every address with its rank; a referee's has rank -1."""
    found: list[Found] = []
    for index, line in enumerate(lines):
        text = line.text
        if "@" not in text and "(at)" not in line.folded and "[at]" not in line.folded and "arobase" not in line.folded:
            continue
        spelt = "@" not in text
        if spelt:
            text = _SPELT_DOT.sub(".", _SPELT_AT.sub("@", text))
        for match in _EMAIL.finditer(text):
            local = match[1].rstrip(".")
            if ".." in local or len(match[0]) > 254:  # noqa: PLR2004 - RFC 5321 4.5.3.1
                continue
            value = f"{local}@{match[2].lower()}"
            quote = line.text if spelt else match[0].removeprefix("mailto:")
            found.append(Found(value, line, quote, _rank(lines, index, line.text[: match.start()])))
    return found


def propose_emails(found: list[Found], name_words: list[str]) -> list[ProposedField]:
    """The candidate's address, and a second one only when it is plainly private."""
    others = {one.value.lower() for one in found if one.rank < 0}
    own = [one for one in found if one.rank > 0 and one.value.lower() not in others]
    own = [one for one in own if one.rank > 1 or _matches(one.value, name_words)]
    if not own:
        named = [one for one in found if name_words and _matches_well(one.value, name_words)]
        return [named[0].line.field("email", named[0].value, 0.7, named[0].quote)] if named else []
    best = max(own, key=lambda one: (one.rank, -one.line.number))
    chosen = [best]
    for one in own:
        is_new = one.value.lower() not in {other.value.lower() for other in chosen}
        if is_new and one.rank == best.rank and _PRIVATE.search(one.value.partition("@")[2]):
            chosen.append(one)
    confidence = 0.98 if best.rank > 2 else 0.9  # noqa: PLR2004 - in the head or the contact section
    return [
        one.line.field("email", one.value, confidence if one is best else 0.8, one.quote)
        for one in chosen[:_MOST]
    ]


def _matches(address: str, words: list[str]) -> bool:
    compact = re.sub(r"[^a-z]", "", fold(address.partition("@")[0]))
    return any(len(word) > 2 and word in compact for word in words)  # noqa: PLR2004 - no initials


def _matches_well(address: str, words: list[str]) -> bool:
    compact = re.sub(r"[^a-z]", "", fold(address.partition("@")[0]))
    return len(words) > 1 and all(word in compact for word in words if len(word) > 2)  # noqa: PLR2004


def phones_in(lines: list[Line], language: str) -> list[Found]:
    """Every telephone in E.164 with its rank; fax and registration numbers left out."""
    found: list[Found] = []
    for index, line in enumerate(lines):
        if sum(char.isdigit() for char in line.text) < 8:  # noqa: PLR2004 - the shortest number
            continue
        text = _BLANKS.sub(" ", line.text)
        taken: list[tuple[int, int]] = []
        for pattern in (_ABROAD, _FRENCH, _AMERICAN):
            for match in pattern.finditer(text):
                if any(start < match.end() and match.start() < end for start, end in taken):
                    continue
                if pattern is _AMERICAN and language == "fr":
                    continue
                before = text[: match.start()]
                value = _e164(match[0], american=pattern is _AMERICAN)
                if not value or _FAX.search(fold(before)):
                    continue
                taken.append(match.span())
                rank = _rank(lines, index, before)
                if rank == 2 and not _PHONE_LABEL.search(line.folded):  # noqa: PLR2004
                    rank = 1
                found.append(Found(value, line, match[0].strip(), rank))
    return found


def _e164(raw: str, *, american: bool) -> str:
    """The number in E.164, or nothing. ``+33 (0)6`` loses its trunk zero, ``(+386)`` its brackets."""
    text = re.sub(r"\(\s?0\s?\)", "", raw)
    text = re.sub(r"^\(\s?((?:\+|00)\s?\d{1,3})\s?\)", r"\1 ", text)
    if american:
        text = "+1" + re.sub(r"\D", "", text)[-10:]
    elif text.startswith("00"):
        text = "+" + text[2:].lstrip()
    try:
        number = phonenumbers.parse(text, "FR")
    except phonenumbers.NumberParseException:
        return ""
    if not phonenumbers.is_possible_number(number):
        return ""
    value = phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
    if number.country_code == 33 and not re.fullmatch(r"\+33[1-9]\d{8}", value):  # noqa: PLR2004 - France
        return ""
    return value


def propose_phones(found: list[Found]) -> list[ProposedField]:
    """The candidate's telephones: those of the head and the contact section, else one with a label."""
    others = {one.value for one in found if one.rank < 0}
    own = [one for one in found if one.rank > 0 and one.value not in others]
    best = max((one.rank for one in own), default=0)
    chosen: dict[str, Found] = {}
    for one in own:
        if one.rank == best:
            chosen.setdefault(one.value, one)
    if best == 1:
        # Somewhere in the body and without a label: a single one may be asked about, never believed.
        return [one.line.field("phone", one.value, 0.5, one.quote) for one in chosen.values()] if len(chosen) == 1 else []
    confidence = 0.97 if best > 2 else 0.9  # noqa: PLR2004
    return [one.line.field("phone", one.value, confidence, one.quote) for one in chosen.values()][:_MOST]
