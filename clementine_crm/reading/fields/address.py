"""The candidate's town and postal address, from the head of the CV and its contact section only."""

from __future__ import annotations

import re
from collections.abc import Iterator

from clementine_crm.domain.values import tidy_name
from clementine_crm.plugin_api.reading import ProposedField
from clementine_crm.reading.fields.contact import OTHERS, Found
from clementine_crm.reading.fields.lines import Line
from clementine_crm.reading.fields.proper_names import (
    FIRST_NAMES,
    NOT_NAMES,
    TOWNS,
)
from clementine_crm.reading.fields.vocabulary import FORBIDDEN, JOBS, ORGANISATIONS, STREETS, fold

_OWN = ("header", "contact")
_NOBODY = ("references", "letterhead", "letter")
_OF_OTHERS = ("experience", "education")
_WORD = r"[^\W\d_][^\W\d_'’\-]*(?:['’\-][^\W\d_]+)*"
_TOWN = rf"{_WORD}(?: {_WORD}){{0,4}}"
_POSTCODE = re.compile(
    rf"(?<![\d\w+])(?:F-|FR-|L-|B-|CH-)?(\d{{5}}|(?<=B-)\d{{4}}|(?<=CH-)\d{{4}}) ?,? ?({_TOWN})?(?![\w@])"
)
_PROPER = r"[A-ZÀ-Ý][^\W\d_]+(?:(?:[- ]|[- ][dlDL]['’])(?:(?:en|sur|sous|de|du|la|le|les|lès|des|et|aux?|the|upon|on)[- ])?(?:la[- ]|l['’])?[A-ZÀ-Ý][^\W\d_]+){0,4}"
_DEPARTMENT = re.compile(rf"({_TOWN}),? ?(?:\((?:\d{{2,3}}|\d{{5}}|2[AB])\)|\d{{5}}(?!\d))")
_STREET = re.compile(
    rf"(?<![\w])(?:\d{{1,4}} ?(?:bis|ter|quater|[a-dA-D](?!\w))?,? ?)?(?:{STREETS})\b[^|·•\t;@:()]{{0,70}}",
    re.IGNORECASE,
)
_BREAK = re.compile(r"\t| {2,}|\s[-–—/+]\s|[|·•●◆♦■▪;,:()\[\]/<>*]|\s(?:et|and|\.)\s")
_NOISE = re.compile(
    r"\S+@\S+|https?://\S+|\b[\w-]+\.(?:com|fr|org|net|io)\b\S*|\+?\d[\d .\-()/]{7,}\d|\b[A-Z]{1,2}\d[A-Z\d]? \d[A-Z]{2}\b"
)
_LABEL = re.compile(
    r"\b(?:t[ée]l(?:[ée]phone)?|mob(?:ile)?|port(?:able)?|gsm|e-?mail|mail|courriel|phone|cell|adresse|address|"
    r"ville|city|location|domicile|r[ée]sidence|linkedin|site|web)\b\.?(?: (?:dom|pro|perso|personnel)\b\.?)?\s?:?",
    re.IGNORECASE,
)
_BIRTH = re.compile(r"\b(?:nee?|ne\(e\)|naissance|born|birth|nationalite|nationality)\b")
_TAIL = re.compile(r"(?: cedex\b.*| france| \d{1,2}(?:e|er|eme|ème)?(?: arr\w*)?)$", re.IGNORECASE)
_ARTICLES = frozenset(
    ["le", "la", "les", "l'", "d'", "de", "du", "des", "en", "sur", "sous", "lès", "les-"]
)
_ABROAD = frozenset(
    [
        "france",
        "germany",
        "allemagne",
        "spain",
        "espagne",
        "italy",
        "italie",
        "uk",
        "england",
        "belgium",
        "belgique",
        "suisse",
        "switzerland",
        "luxembourg",
        "usa",
        "canada",
        "maroc",
        "morocco",
        "tunisie",
        "algerie",
        "portugal",
        "netherlands",
        "austria",
        "ireland",
    ]
)
_LINES = 60
_LONGEST = 300
_SHORTEST, _ACRONYM = 3, 6


def propose_places(
    lines: list[Line], contacts: list[Found], own: list[ProposedField], name_words: list[str]
) -> list[ProposedField]:
    """At most one town and one address; lines of somebody else's details are passed over.

    A side bar without a heading is known by the e-mail or telephone (``own``) that stands in it.
    """
    beside = {one.place.line + shift for one in own for shift in (-2, -1, 0, 1, 2)}
    others = {one.line.number for one in contacts if one.rank == OTHERS}
    near = [
        one
        for one in lines
        if (one.section in _OWN or (one.number in beside and _may_hold_a_town(one)))
        and one.number not in others
        and len(one.text) <= _LONGEST
    ][:_LINES]
    by_number = {one.number: one for one in lines}
    address = next(_addresses(near, by_number), [])
    if any(one.name == "town" for one in address):
        return address
    known = set(name_words)
    town = next(_towns(near, known), None) or next(_beside_contact(near, known), None)
    return [*address, town] if town else address


def _may_hold_a_town(line: Line) -> bool:
    """Among employers and schools only a line that is nothing but a town, as in a box at the end."""
    if line.section in _OF_OTHERS:
        return _key(line.content.strip()) in TOWNS
    return line.section not in _NOBODY


def _addresses(near: list[Line], by_number: dict[int, Line]) -> Iterator[list[ProposedField]]:
    """Lines with a postcode, and the street before it on the line or on the one above."""
    for at, line in enumerate(near):
        match = _POSTCODE.search(line.text)
        if not match or _is_forbidden(line.text[: match.start()]):
            continue
        town, town_line = _clean_town(match[2] or ""), line
        if not match[2] and not line.text[match.end() :].strip(" ,´`^¨-"):
            town_line = by_number.get(line.number + 1, line)
            lead = re.match(_TOWN, town_line.text) if town_line is not line else None
            town = _clean_town(lead[0]) if lead else ""
        if not _is_town(town):
            continue
        out = [town_line.field("town", _calm(town), 0.9, town)]
        before = near[at - 1] if at and near[at - 1].number == line.number - 1 else None
        out += _street(line, match, before, town_line, town)
        yield out


def _street(
    line: Line, match: re.Match[str], before: Line | None, town_line: Line, town: str
) -> list[ProposedField]:
    code = match[1]
    street = _last(_STREET, line.text[: match.start()])
    if street:
        end = match.end() if town_line is line else match.end(1)
        quote = line.text[street.start() : end].strip(" ,-–")
        if town_line is line:
            quote = quote[: quote.rfind(town) + len(town)]
            return [line.field("postal_address", " ".join(quote.split()), 0.85, quote)]
        return [line.field("postal_address", f"{' '.join(quote.split())} {town}", 0.75, quote)]
    street = _last(_STREET, before.text) if before else None
    if before and street and not _is_forbidden(before.text):
        quote = before.text[street.start() :].strip(" ,-–")
        return [
            before.field("postal_address", f"{' '.join(quote.split())}, {code} {town}", 0.8, quote)
        ]
    return []


def _last(pattern: re.Pattern[str], text: str) -> re.Match[str] | None:
    found = None
    for found in pattern.finditer(text):  # noqa: B007 - the last one is wanted
        pass
    return found


def _beside_contact(near: list[Line], name_words: set[str]) -> Iterator[ProposedField]:
    """A town that no list of ours has: the capitalised piece between an address and a number."""
    known = NOT_NAMES | JOBS | ORGANISATIONS | name_words
    for line in near:
        plain = _LABEL.sub("\t", _NOISE.sub("\t", line.content))
        if ":" in plain or _NOISE.sub("", line.content) == line.content:
            continue
        pieces = [piece for piece in _BREAK.split(plain) if piece and piece.strip()]
        for before, piece in zip(["", *pieces], pieces, strict=False):
            town = _clean_town(piece)
            words = {word for word in re.findall(r"[a-z']+", fold(town)) if len(word) > 3}
            proper = re.fullmatch(_PROPER, town) and _SHORTEST <= len(town) <= 30
            proper = proper and not (town.isupper() and len(town) < _ACRONYM)
            # A birth date is followed by a birth place.
            if (
                proper
                and not words & known
                and not _is_forbidden(piece)
                and not _BIRTH.search(fold(before))
            ):
                yield line.field("town", _calm(town), 0.7, town)


def _towns(near: list[Line], name_words: set[str]) -> Iterator[ProposedField]:
    for line in near:
        with_department = _DEPARTMENT.search(line.text)
        if with_department and not _is_forbidden(line.text):
            town = _clean_town(with_department[1])
            if _is_town(town):
                yield line.field("town", _calm(town), 0.85, town)
        plain = _NOISE.sub("\t", line.content)
        pieces = [piece for piece in _BREAK.split(plain) if piece and piece.strip()]
        for before, piece in zip(["", *pieces], pieces, strict=False):
            town = _clean_town(piece)
            # Montauban is a family name as well.
            named = fold(town) in name_words
            known = _known_town(town)
            if known and not named and not _is_forbidden(piece) and not _BIRTH.search(fold(before)):
                yield line.field("town", _calm(known), 0.85, known)


def _is_forbidden(text: str) -> bool:
    return bool(FORBIDDEN.search(fold(text)))


def _clean_town(text: str) -> str:
    town = text.strip(" .-–,*#")
    for _ in range(3):
        town = _TAIL.sub("", town).strip(" .-–,")
    words = town.split()
    while words and (
        fold(words[-1]) in _ABROAD or not (words[-1][0].isupper() or words[-1].isdigit())
    ):
        words.pop()
    for at, word in enumerate(words):
        # What is written behind a town, in lower case or as a label, is not of its name.
        lower = not word[0].isupper() and fold(word) not in _ARTICLES
        if at and (
            lower
            or fold(word) in ("tel", "mobile", "email", "mail", "e-mail", "permis", "portable")
        ):
            words = words[:at]
            break
    return " ".join(words)


def _calm(town: str) -> str:
    return tidy_name(town) if town.isupper() else town


def _known_town(text: str) -> str:
    """The text when it is a town of ours, or the town in front of its quarter: ``Strasbourg Neudorf``."""
    if text and _key(text) in TOWNS:
        return text
    first, blank, quarter = text.partition(" ")
    sure = _key(first) in TOWNS and fold(first) not in FIRST_NAMES
    return (
        first
        if blank and sure and re.fullmatch(_PROPER, quarter) and len(quarter.split()) < 3
        else ""
    )


def _is_town(town: str) -> bool:
    if _key(town) in TOWNS:
        return True
    folded = fold(town).split()
    return (
        bool(folded)
        and town[:1].isupper()
        and len(town) > 1
        and not set(folded) & (NOT_NAMES - TOWNS)
    )


def _key(town: str) -> str:
    key = re.sub(r"[\s\-]+", "-", fold(town))
    return re.sub(r"^(st|ste)-", lambda m: "saint-" if m[1] == "st" else "sainte-", key)
