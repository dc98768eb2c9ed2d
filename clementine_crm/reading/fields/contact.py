"""E-mail addresses and telephones of the candidate, never of a referee, an employer or an agency."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from clementine_crm.domain.values import normalise_email, normalise_phone
from clementine_crm.plugin_api.reading import ProposedField
from clementine_crm.reading.fields.lines import Line
from clementine_crm.reading.fields.vocabulary import ORGANISATIONS, fold, word_set

_LOCAL = r"(?<![\w.+%'-])(?:mailto:)?([A-Za-z0-9][\w.+%'-]{0,63})"
_LABEL = r"[^\W_](?:[\w-]{0,61}[^\W_])?"
_TLD = r"(?:[a-z]{2,24}|[A-Z]{2,24})(?![a-z0-9-])"
_EMAIL = re.compile(rf"{_LOCAL} ?@ ?((?:{_LABEL}\.){{1,6}}{_TLD})")
_AT = r" ?[(\[{] ?(?:at|arobase|a|@) ?[)\]}] ?"
_DOT = r" ?[(\[{] ?(?:dot|point) ?[)\]}] ?"
_SPELT = re.compile(rf"{_LOCAL}{_AT}((?:{_LABEL}(?:\.|{_DOT})){{1,6}}{_TLD})", re.IGNORECASE)
_CUT_AFTER = re.compile(rf"{_LOCAL}@(?:(?:{_LABEL}\.){{0,6}}[A-Za-z0-9-]{{0,63}}\.?)?$")
_REST = re.compile(r"[a-z0-9-]{0,40}(?:\.[a-z0-9-]{1,40}){0,6}")
_CUT_BEFORE = re.compile(rf"@((?:{_LABEL}\.){{1,6}}{_TLD})")
_LAST_WORD = re.compile(r"(?:^|[\s:|])([A-Za-z0-9][\w.+'-]{2,63})$")
_ENDINGS = word_set("""
com fr org net eu io dev me info be ch lu ca uk de it es pt nl pro biz example test co us gov edu tech app
email cloud paris bzh alsace corsica re gp mq nc pf ma tn dz sn ci pl ro gr ie at se dk no fi cz hu si hr
name jobs online site xyz
""")

_BLANK = "[ \u00a0\u202f\u2007\u2009]"
_SIGN = r"[.\-/–_·]"
_FRENCH = re.compile(
    rf"(?<![\d+])(?<!\d[ .\-])(?:0[1-9](?:{_BLANK}{{0,3}}\d\d){{4}}"
    rf"|0[1-9]{_BLANK}?({_SIGN}){_BLANK}?\d\d(?:{_BLANK}?\1{_BLANK}?\d\d){{3}}"
    rf"|0[1-9]\d\d(?:[ .\-]\d\d){{3}}|0[1-9]\d\d(?:[ .\-]\d{{3}}){{2}}"
    rf"|0[1-9](?:[ .\-]\d{{4}}){{2}}|0[1-9](?:[ .\-]\d{{3}}){{2}}[ .\-]\d\d"
    rf"|33{_BLANK}?[67](?:{_BLANK}?\d\d){{4}})(?!{_BLANK}?\d)(?![.\-]\d)"
)
_ABROAD = re.compile(
    rf"(?<![\d+])(?:\(\s?(?:\+|00)\s?\d{{1,3}}\s?\)|\+\s?[1-9]|00\s?[1-9])"
    rf"(?:{_BLANK}|[.\-/–_·()]|\d){{6,24}}\d(?!\d)"
)
_AMERICAN = re.compile(r"(?<![\d+(.-])(?:1[ .-])?(?:\(\d{3}\) ?|\d{3}[.-])\d{3}[ .-]\d{4}(?![\d-])")
_FEWEST_DIGITS = 8

_CIVILITY = r"(?:mme|m\.|mr\.?|mrs\.?|ms\.?|mlle|monsieur|madame|dr\.?|prof\.?)(?= )"
_OTHERS = re.compile(
    # whoever stands behind these words
    r"\b(?:referees?|recommande(?:e|\(e\))? par|recommended by|maitre de stage|n\+1|superieur hierarchique|"
    r"directeur de (?:these|memoire)|personnes? a (?:contacter|prevenir)|emergency|urgence|referente? famille|"
    r"contact (?:employeur|entreprise)|employer contact)\b"
    # and behind these when they are a label or name somebody: they may be the candidate's own post
    r"|\b(?:tuteur|tutrice|supervis(?:eur|ors?)|advis[eo]rs?|encadrante?|conseillere?|parrain|referente?s?|references?)\b"
    rf" ?(?::|{_CIVILITY})"
    # Contact : Mme …, but not Candidate : Mme …
    rf"|^(?![^:]*\b(?:nom|name|candidate?|cv)\b)[^:]{{2,40}}: ?{_CIVILITY}"
)
_COLLEAGUE = re.compile(
    r"\b(?:referente?s?|references?|manager|directeur|directrice|responsable|contact|professor|director|hr|drh|"
    r"client|standard|accueil|siege|office|switchboard)\b"
)
_FAX = re.compile(
    r"\b(?:fax|telecopie|siret|siren|rcs|iban|nir|securite sociale|n° ?ss|tva)\b[^\d+]{0,12}$"
)
_PHONE_LABEL = re.compile(r"\b(?:tel|telephone|mobile|portable|port|phone|cell|gsm|mob|whatsapp)\b")
_SHARED_BOX = word_set("""
contact info infos rh hr drh recrutement recruitment job jobs emploi emplois candidature candidatures career
careers accueil secretariat admin office cv cvs mairie scolarite direction support service sales noreply
no-reply webmaster
""")
_OWN = ("header", "contact", "target", "summary")
_NOT_OWN = ("experience", "education", "other")

# A second address is proposed only where it is plainly private: nobody wants a recruiter's mail in
# the box that an employer reads.
_PRIVATE = re.compile(
    r"(?:gmail|googlemail|hotmail|outlook|live|msn|yahoo|ymail|orange|wanadoo|free|sfr|neuf|laposte|"
    r"bbox|numericable|icloud|me|mac|proton|protonmail|pm|gmx|aol|club-internet|tutanota|web)\.[a-z.]{2,6}$"
)
_MOST = 3
_SEARCHED = 300
OTHERS, AGENCY, ASKABLE, LIKELY, OWN = -1, 0, 1, 2, 3
"""How surely a value is the candidate's own: somebody else's; of a letterhead, unless it has their
name; to be asked about; likely; theirs.
"""


@dataclass(frozen=True, slots=True)
class Found:
    """A value, the line it stands on, its exact words there, and whose it is (``rank``).

    ``shared`` marks a box of an organisation named near by (``contact@``, ``rh@``): it is the
    candidate's only when its domain has their name.
    """

    value: str
    line: Line
    quote: str
    rank: int
    shared: bool = False


def _rank(lines: list[Line], index: int, before: str) -> int:
    line = lines[index]
    if line.section == "references" or _OTHERS.search(fold(before)):
        return OTHERS
    if line.section == "letterhead":
        return AGENCY
    if line.section in _OWN:
        return OWN
    near = " ".join(one.folded for one in lines[max(0, index - 2) : index + 1])
    if _OTHERS.search(near) or _COLLEAGUE.search(near):
        return OTHERS
    return ASKABLE if line.section in _NOT_OWN else LIKELY


def emails_in(lines: list[Line]) -> list[Found]:
    """Every address with its rank, among the first few hundred that look like one."""
    found: list[Found] = []
    seen = 0
    for index, line in enumerate(lines):
        if line.section == "letter":
            continue
        for value, quote, start in _addresses(lines, index):
            seen += 1
            if seen > _SEARCHED:
                return found
            if value:
                rank = _rank(lines, index, line.text[:start])
                shared = _of_an_organisation(value, lines, index)
                found.append(Found(value, line, quote, rank, shared))
    return found


def _addresses(lines: list[Line], index: int) -> Iterator[tuple[str, str, int]]:
    """(address or nothing, its words on the line, where they begin) on one line, or begun on it."""
    text = lines[index].text
    if "@" in text:
        for match in _EMAIL.finditer(text):
            if not _cut_here(match, lines, index):
                value = _address(match[1], match[2])
                yield value, match[0].removeprefix("mailto:"), match.start()
        yield from _broken(lines, index)
    elif re.search(r"[(\[{] ?(?:at|arobase|a) ?[)\]}]", text, re.IGNORECASE):
        for match in _SPELT.finditer(text):
            domain = re.sub(_DOT, ".", match[2], flags=re.IGNORECASE)
            yield _address(match[1], domain), match[0], match.start()


def _address(local: str, domain: str) -> str:
    local = local.rstrip(".")
    if ".." in local or normalise_email(f"{local}@{domain}") is None:
        return ""
    return f"{local}@{domain.lower()}"


def _cut_here(match: re.Match[str], lines: list[Line], index: int) -> bool:
    """The address goes on below: no ending that we know, and the next line is nothing but its rest."""
    if match.end() != len(match.string.rstrip()) or index + 1 >= len(lines):
        return False
    ending = match[2].rpartition(".")[2].lower()
    rest = lines[index + 1].text.strip()
    return ending not in _ENDINGS and _ends_an_address(rest)


def _ends_an_address(rest: str) -> bool:
    known = rest.rpartition(".")[2] in _ENDINGS
    return known and len(rest) <= 60 and bool(_REST.fullmatch(rest))


def _broken(lines: list[Line], index: int) -> Iterator[tuple[str, str, int]]:
    """An address that a narrow column broke: after the @ or within the domain, or before the @."""
    text = lines[index].text.rstrip()
    follower = lines[index + 1].text.strip() if index + 1 < len(lines) else ""
    match = _CUT_AFTER.search(text[-140:])
    if match and _ends_an_address(follower):
        tail = text[-140:][match.start() :].removeprefix("mailto:")
        whole = _EMAIL.fullmatch(tail + follower)
        ending = tail.rpartition(".")[2].lower()
        if whole and ending not in _ENDINGS:
            yield _address(whole[1], whole[2]), tail, len(text) - len(tail)
    head = _CUT_BEFORE.match(text)
    if head and index:
        last = _LAST_WORD.search(lines[index - 1].text.rstrip()[-80:])
        value = _address(last[1], head[1]) if last else ""
        if value:
            yield value, head[0], 0


def _of_an_organisation(address: str, lines: list[Line], index: int) -> bool:
    """A shared box (``contact@``, ``rh@``) whose domain is named as an organisation's near by."""
    local, _, domain = address.lower().partition("@")
    if local not in _SHARED_BOX:
        return False
    name = re.sub(r"[^a-z0-9]", "", domain.split(".")[-2])
    for one in lines[max(0, index - 4) : index + 3]:
        words = set(re.findall(r"[a-z0-9]+", one.folded))
        if words & ORGANISATIONS or (len(name) > 2 and name in words):
            return True
    return False


def propose_emails(found: list[Found], name_words: list[str]) -> list[ProposedField]:
    """The candidate's address, and a second one only when it is plainly private."""
    others = {one.value.lower() for one in found if one.rank == OTHERS}
    own = [one for one in found if one.rank >= AGENCY and one.value.lower() not in others]
    own = [
        one
        for one in own
        if _matches(one.value, name_words) or (one.rank >= LIKELY and not one.shared)
    ]
    if not own:
        return []
    best = max(
        own, key=lambda one: (one.rank + 2 * _matches(one.value, name_words), -one.line.number)
    )
    chosen = [best]
    for one in own:
        is_new = one.value.lower() not in {other.value.lower() for other in chosen}
        if is_new and one.rank >= LIKELY and _PRIVATE.search(one.value.partition("@")[2]):
            chosen.append(one)
    confidence = 0.98 if best.rank == OWN else 0.9
    return [
        one.line.field("email", one.value, confidence if one is best else 0.8, one.quote)
        for one in chosen[:_MOST]
    ]


def _matches(address: str, words: list[str]) -> bool:
    """Whether the address, or its own domain, has a word of the name."""
    compact = re.sub(r"[^a-z]", "", fold(address.rpartition(".")[0]))
    german = re.sub("([aou])e", r"\1", compact)  # kuester is Küster
    return any(len(word) > 2 and (word in compact or word in german) for word in words)


def phones_in(lines: list[Line], language: str) -> list[Found]:
    """Every telephone in E.164 with its rank; fax and registration numbers left out."""
    found: list[Found] = []
    seen = 0
    for index, line in enumerate(lines):
        few = sum(map(str.isdigit, line.text)) < _FEWEST_DIGITS
        if few or line.section == "letter":
            continue
        for value, quote, start in _numbers(line.text, american=language != "fr"):
            seen += 1
            if seen > _SEARCHED:
                return found
            before = line.text[:start]
            if value and not _FAX.search(fold(before[-60:])):
                rank = _rank(lines, index, before)
                if rank == LIKELY and not _PHONE_LABEL.search(line.folded):
                    rank = ASKABLE
                found.append(Found(value, line, quote, rank))
    return found


def _numbers(text: str, *, american: bool) -> Iterator[tuple[str, str, int]]:
    """(number or nothing, its words, where they begin) for all that looks like a telephone."""
    taken: list[tuple[int, int]] = []
    patterns = (_ABROAD, _FRENCH, _AMERICAN) if american else (_ABROAD, _FRENCH)
    for pattern in patterns:
        for match in pattern.finditer(text):
            if any(start < match.end() and match.start() < end for start, end in taken):
                continue
            quote = match[0].strip(" -–./")
            value = _e164(quote, american=pattern is _AMERICAN)
            if value:
                taken.append(match.span())
            yield value, quote, match.start()


def _e164(quote: str, *, american: bool) -> str:
    if american:
        quote = "+1" + re.sub(r"\D", "", quote)[-10:]
    # An opening bracket alone is what follows the number: +33 6 39 98 12 34 (WhatsApp 2)
    return normalise_phone(re.sub(r"\s*\([^)]*$", "", quote)) or ""


def propose_phones(found: list[Found], emails: list[ProposedField]) -> list[ProposedField]:
    """The candidate's telephones: those of the head and the contact section, else one with a label.

    A number in what looks like a letterhead counts when the candidate's own address stands by it.
    """
    others = {one.value for one in found if one.rank == OTHERS}
    beside = {one.place.line + shift for one in emails for shift in (-1, 0, 1)}
    found = [
        replace(one, rank=LIKELY) if one.rank == AGENCY and one.line.number in beside else one
        for one in found
    ]
    own = [one for one in found if one.rank > AGENCY and one.value not in others]
    best = max((one.rank for one in own), default=0)
    chosen: dict[str, Found] = {}
    for one in own:
        if one.rank == best:
            chosen.setdefault(one.value, one)
    if best == ASKABLE:
        # Somewhere in the body and without a label: one may be asked about, never believed.
        lone = list(chosen.values()) if len(chosen) == 1 else []
        return [one.line.field("phone", one.value, 0.5, one.quote) for one in lone]
    confidence = 0.97 if best == OWN else 0.9
    return [one.line.field("phone", one.value, confidence, one.quote) for one in chosen.values()][
        :_MOST
    ]
