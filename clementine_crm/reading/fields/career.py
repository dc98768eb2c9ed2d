"""Headline, employers and diplomas: what the sections of a CV say in its own words."""

from __future__ import annotations

import re
from collections.abc import Iterator

from clementine_crm.plugin_api.reading import ProposedField
from clementine_crm.reading.fields.dates import has_date, has_period, is_end, without_dates
from clementine_crm.reading.fields.lines import Line
from clementine_crm.reading.fields.names import Name
from clementine_crm.reading.fields.proper_names import (
    TOWNS,
)
from clementine_crm.reading.fields.vocabulary import DEGREES, FORBIDDEN, JOBS, ORGANISATIONS, fold

_BULLET = re.compile(r"^\s*[•·●■▪◦○–—\-*+>»►➤✓]\s*")
_CONTACT = re.compile(
    r"@|[(\[] ?(?:at|a|arobase) ?[)\]]|https?://|www\.|\d\d[ .\-/]?\d\d[ .\-/]?\d\d|\b(?:tel|mobile|e-?mail|portable)\b"
)
_PIECES = re.compile(r"\t+| {2,}|\s[-–—|/]\s|\s?[;|]\s?|,\s|\s:\s|:\s|\s(?:chez|at|@)\s")
_OUTSIDE = re.compile(r"\([^()]*\)")
_TRIM = " \t,.;:–—-|•·()*"
_HEADLINE_WORDS = 11
_HEADLINE_LENGTH = 90
_ENTRIES = 12
_DIPLOMAS = 8
_LONGEST_PIECE = 70
_LONGEST_LINE = 240
_OPEN_END = re.compile(
    r"(?:,|\b(?:de|des|du|en|et|d'|of|in|and|the|la|le|les|l'|a|au|aux|pour|&))$"
)
_BARE_DEGREE = re.compile(
    r"(?:titre|licence|diplome|baccalaureat|bac|master|mastere|brevet|mention|certificat|bts|but|dut|cap|"
    r"bep|deug|deust|dess|dea|bachelor|bsc|msc|ba|ma|mba|phd|doctorat|maitrise)"
    r"(?: (?:professionnel(?:le)?|pro|universitaire|complementaire|d'etat|technologique|general|specialise|[12]))?"
)
_LABEL = re.compile(
    r"^\W*(?:poste?|titre|intitulé|objectif|profil|métier|fonction|emploi|job title|position|title|role|target)"
    r"(?: (?:visé|recherché|souhaité|actuel|professionnel|du poste|sought))?\s?:\s*",
    re.IGNORECASE,
)
_TRADE = re.compile(r".{3}(?:eure?|euse|rice|icien|icienne|iste|iere|ier|ante?|ist|ian|er|or)$")
_SENTENCE = re.compile(
    r"\b(?:je|j'|i|my|mon|ma|mes|nous|vous|we|you|recherche|souhaite|looking|seeking)\b"
)


def _job_words(folded: str) -> bool:
    words = re.findall(r"[a-z\-]+", folded)
    return any(
        word in JOBS or word.rstrip("s") in JOBS or word.split("-")[0] in JOBS for word in words
    )


def propose_headline(lines: list[Line], name: Name | None) -> list[ProposedField]:
    """The title a CV goes by: behind the name, under "poste visé", or alone above the profile."""
    for line, said, confidence in _headlines(lines, name):
        quote = _LABEL.sub("", said).strip(_TRIM)
        text = " ".join(quote.split())
        is_name = name is not None and len(set(name.words) & set(fold(text).split())) > 1
        if text and not is_name:
            return [line.field("headline", text + _carried(lines, line, quote), confidence, quote)]
    return []


def _carried(lines: list[Line], line: Line, quote: str) -> str:
    """The rest of a title that a narrow head broke, when the next line begins in lower case."""
    at = next(i for i, one in enumerate(lines) if one is line)
    if at + 1 >= len(lines) or not line.text.rstrip().endswith(quote):
        return ""
    below = lines[at + 1]
    goes_on = below.text[:1].islower() and below.number == line.number + 1 and not below.is_heading
    whole = f"{quote} {below.text.strip()}"
    return f" {below.text.strip()}" if goes_on and _is_title(whole, needs_job=True) else ""


def _headlines(lines: list[Line], name: Name | None) -> Iterator[tuple[Line, str, float]]:
    if name is not None:
        yield from _behind_name(lines, name)
    for at, line in enumerate(lines):
        if line.section == "target" and (line.content if line.is_heading else line.text).strip():
            said = line.content if line.is_heading else line.text
            if _is_title(said, needs_job=False) and (not line.is_heading or at >= 0):
                yield line, said, 0.85
    for at, line in enumerate(lines[:-1]):
        opens = lines[at + 1].is_heading and lines[at + 1].section in ("summary", "experience")
        if (
            opens
            and not line.is_heading
            and line.section != "letter"
            and _is_title(line.text, needs_job=True)
        ):
            yield line, line.text, 0.75
    for line in lines[:12]:
        if line.section == "header":
            pieces = re.split(r"\s[–—|•·-]\s", line.text)
            titles = [piece for piece in pieces if _is_title(piece, needs_job=True)]
            if titles and len(pieces) < 4:
                yield line, titles[0], 0.75


def _behind_name(lines: list[Line], name: Name) -> Iterator[tuple[Line, str, float]]:
    last = max(name.given.line.number, name.family.line.number)
    at = next(i for i, one in enumerate(lines) if one.number == last)
    rest = (
        lines[at].text.partition(name.family.text)[2] if name.family.text in lines[at].text else ""
    )
    rest = re.split(r"[|·•\t]", rest.strip(" |·•,–—-:\t"))[0]
    lead = lines[at].text.partition(name.given.text)[0].strip(" |·•,–—-:\t")
    for said in (rest, lead):
        if said and _is_title(said, needs_job=True):
            yield lines[at], said, 0.85
    for line in lines[at + 1 : at + 4]:
        if line.is_heading:
            break
        first = re.split(r"\s[|·•]\s|\t", line.text)[0]
        if _is_title(first, needs_job=False):
            job = _job_words(fold(first))
            yield line, first, 0.9 if job else 0.7
            break
        if not (_CONTACT.search(line.folded) or _is_place(line.folded)):
            break


def _is_place(folded: str) -> bool:
    return any(piece.strip() in TOWNS for piece in re.split(r"[,·|()\d–-]", folded)) or bool(
        re.search(r"\b\d{5}\b", folded)
    )


def _is_title(text: str, *, needs_job: bool) -> bool:
    text = _LABEL.sub("", text)
    folded = fold(text).strip(_TRIM)
    words = folded.split()
    if not words or ":" in folded or len(words) > _HEADLINE_WORDS or len(text) > _HEADLINE_LENGTH:
        return False
    if (
        _CONTACT.search(folded)
        or FORBIDDEN.search(folded)
        or has_date(text)
        or _SENTENCE.search(folded)
    ):
        return False
    if _is_place(folded) or text.rstrip().endswith(".") or not any(c.isalpha() for c in text):
        return False
    job = _job_words(folded)
    if job or needs_job:
        return job
    # A single word that we do not know must at least sound like a trade.
    return text.strip(_TRIM)[:1].isupper() and (len(words) > 1 or bool(_TRADE.search(folded)))


def propose_companies(lines: list[Line]) -> list[ProposedField]:
    """Employers in the order of the CV, the current or last one first as CVs have it."""
    work = [one for one in lines if one.section == "experience" and len(one.text) <= _LONGEST_LINE]
    out: list[ProposedField] = []
    seen: set[str] = set()
    for head, below in _entries(work):
        found = _employer(head, below)
        if found and fold(found[1]) not in seen:
            seen.add(fold(found[1]))
            out.append(found[0].field("company", found[1], found[2]))
        if len(out) >= _ENTRIES:
            break
    return out


def _entries(work: list[Line]) -> Iterator[tuple[list[Line], list[Line]]]:
    """The lines that head each post: (the dated one and its post's above it, up to two below)."""
    plain = [
        one for one in work if not (one.is_heading and not one.content) and not is_end(one.content)
    ]
    dated = [at for at, one in enumerate(plain) if has_period(one.content)]
    for place, at in enumerate(dated):
        stop = dated[place + 1] if place + 1 < len(dated) else len(plain)
        start = dated[place - 1] + 1 if place else 0
        head = [plain[at]]
        pieces = list(_pieces(plain[at]))
        if at > start and len(pieces) < 2 and not _is_task(plain[at - 1].text):
            above = plain[at - 1]
            # The date stands under or beside its post: then the line above belongs to it.
            rest = fold(pieces[0][1]) if pieces else ""
            if not rest or _job_words(above.folded) != _job_words(rest) or at - start == 1:
                head.insert(0, above)
        below: list[Line] = []
        for one in plain[at + 1 : min(stop, at + 3)]:
            if _is_task(one.text):
                break
            below.append(one)
        yield head, below


def _is_task(text: str) -> bool:
    stripped = text.strip()
    prose = stripped.endswith(".") or len(stripped.split()) > 14 or stripped[:1].islower()
    return prose or bool(_BULLET.match(text))


def _employer(head: list[Line], below: list[Line]) -> tuple[Line, str, float] | None:
    """The piece of an entry that is neither date, post nor town: beside its title, else below."""
    jobs = False
    for block in (head, below):
        pieces = [piece for line in block for piece in _pieces(line)]
        named = [
            one
            for one in pieces
            if set(re.findall(r"[a-z']+", fold(one[1]))) & ORGANISATIONS and not _led_by_job(one[1])
        ]
        if named:
            return (*named[0], 0.8)
        jobs = jobs or any(_job_words(fold(piece)) for _, piece in pieces)
        others = [
            one for one in pieces if not _job_words(fold(one[1])) and len(one[1].split()) <= 6
        ]
        if others and (jobs or len(others) > 1):
            # Without a word that we know for a post, the first piece is taken for it.
            return (*others[0 if jobs else 1], 0.65 if jobs else 0.5)
    return None


def _pieces(line: Line) -> Iterator[tuple[Line, str]]:
    text = _BULLET.sub("", without_dates(line.content))
    for raw in _split(text):
        piece = _without_town(_clean(raw))
        starts = piece[:1].isupper() or piece[:1].isdigit()
        if (
            starts
            and len(piece) <= _LONGEST_PIECE
            and piece in line.text
            and not _is_place_name(piece)
        ):
            yield line, piece


def _clean(piece: str) -> str:
    """Without what surrounds it; a bracket goes when its other half is missing."""
    return piece.strip(
        _TRIM if piece.count("(") != piece.count(")") else _TRIM.replace("(", "").replace(")", "")
    )


def _led_by_job(piece: str) -> bool:
    return _job_words(fold(piece).split(" ", 1)[0])


def _without_town(piece: str) -> str:
    """``Verrerie du Forez SA Saint-Étienne``: the town that a wide gap set apart on paper."""
    words = piece.split()
    for count in (2, 1):
        tail = "-".join(fold(word) for word in words[-count:])
        if (
            len(words) > count + 1
            and tail in TOWNS
            and fold(words[-count - 1]) not in ("de", "d'", "du", "of", "a")
        ):
            return piece[: piece.rfind(words[-count])].rstrip(_TRIM)
    return piece


def _is_place_name(piece: str) -> bool:
    folded = re.sub(r"[\s\-]+", "-", fold(piece).strip(_TRIM))
    return folded in TOWNS or len(piece) < 2 or bool(re.fullmatch(r"[A-Z]{2}|[\d ()]+", piece))


def _split(text: str) -> list[str]:
    """Pieces between separators; brackets hold together."""
    held: list[str] = []

    def keep(match: re.Match[str]) -> str:
        held.append(match[0])
        return f"\x00{len(held) - 1}\x01"

    text = _OUTSIDE.sub(keep, text.replace("\x00", " ").replace("\x01", " "))
    pieces = _PIECES.split(text)
    return [re.sub("\x00(\\d+)\x01", lambda m: held[int(m[1])], piece) for piece in pieces if piece]


def propose_diplomas(lines: list[Line]) -> list[ProposedField]:
    """Diplomas of the education section: the words from the degree to the school."""
    out: list[ProposedField] = []
    seen: set[str] = set()
    school = [one for one in lines if one.section == "education" and len(one.text) <= _LONGEST_LINE]
    for at, line in enumerate(school):
        text = _BULLET.sub("", without_dates(line.content))
        for piece in _split(text):
            part = _clean(piece)
            if not DEGREES.search(fold(part)) or part not in line.text or len(part) < 2:
                continue
            value = part + _continued(school, at, part)
            if fold(value) not in seen and len(value) <= 2 * _LONGEST_PIECE:
                seen.add(fold(value))
                out.append(line.field("diploma", value, 0.8, part))
            break
    return out[:_DIPLOMAS]


def _continued(school: list[Line], at: int, part: str) -> str:
    """What a narrow column carried to the next line."""
    line = school[at]
    if not line.text.rstrip().endswith(part) or at + 1 >= len(school):
        return ""
    below = school[at + 1]
    if below.number != line.number + 1 or below.is_heading or has_date(below.text):
        return ""
    bare = _BARE_DEGREE.fullmatch(fold(part))
    if bare or _OPEN_END.search(fold(part)) or below.text[:1].islower():
        more = _split(below.text)[0].strip(_TRIM) if below.text.strip() else ""
        return f" {more}" if more and len(more) <= _LONGEST_PIECE else ""
    return ""
