"""The candidate's own name: weighed by where it stands, what is known of first names, the e-mail."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from clementine_crm.domain.values import tidy_name
from clementine_crm.plugin_api.reading import ProposedField
from clementine_crm.reading.fields.contact import LIKELY, OTHERS, Found
from clementine_crm.reading.fields.lines import Line
from clementine_crm.reading.fields.name_words import (
    in_address,
    in_order,
    is_first_name,
    is_job,
    is_particle,
    is_shouted,
    plain_words,
)
from clementine_crm.reading.fields.proper_names import (
    FIRST_NAMES,
    NOT_NAMES,
    PARTICLES,
    SURNAMES,
    TOWNS,
)
from clementine_crm.reading.fields.vocabulary import JOBS, ORGANISATIONS, fold

_LINES = 150
_NOBODY = ("references", "letter", "letterhead")
_LONGEST_LINE = 160
_MOST_WORDS = 6
_LABELS = re.compile(
    r"(?<![^\W_])(nom (?:et|&) pr[ée]noms?|pr[ée]noms? (?:et|&) nom|nom,? pr[ée]noms?|pr[ée]noms?|"
    r"noms?(?: (?:de famille|d['’]usage))?|full name|first names?|given names?|forenames?|"
    r"last name|family name|surname|name)\s?:\s?(?=([^:|;\t]{2,60}))",
    re.IGNORECASE,
)
_NEXT_LABEL = re.compile(r"\s(?:pr[ée]noms?|noms?|first|given|last|family|n[ée]e?)$", re.IGNORECASE)
_GIVEN_LABELS = ("pren", "first", "given", "fore")
_BREAK = re.compile(r"\t| {2,}|\s[-–—/]\s|[|·•●◆♦■▪;,:()\[\]<>«»\"“”]|\s[-–—]$")
_LABEL = re.compile(r"[^:|·•\t]{2,40}:")
_OWN_LABEL = re.compile(
    r"\b(?:noms?|name|profil|cv|c\.v\.|curriculum|candidate?|candidature|resume)\b"
)
_OPENING = re.compile(
    r"^(?:(?:curriculum vitae|curriculum|c\.?v\.?|r[ée]sum[ée])(?: (?:de|of|d['’]))?|(?:candidature|dossier|profil) (?:de|d['’])|m\.|mr\.?|mme\.?|mlle\.?|ma[iî]tre|monsieur|"
    r"madame|mademoiselle|mrs\.?|ms\.?|miss|dr\.?|prof\.?|je m['’]appelle)(?:\s+|$)",
    re.IGNORECASE,
)
_FINAL = re.compile(
    r"\s+(?:curriculum vitae|c\.?v\.?|r[ée]sum[ée]|ph\.?d\.?|m\.?sc\.?|mba|jr\.?|\d.*)$",
    re.IGNORECASE,
)
_CUT = re.compile(
    r"\S*[@\d]|\b(?:e-?mail|courriel|mail|t[ée]l|mobile|phone|n[ée]e?|ép|épouse)\b", re.IGNORECASE
)
_WORD = re.compile(r"[^\W\d_](?:[^\W\d_]|['’`´.\-])*")
_CONTACT = re.compile(r"@|\d\d[ .\-]?\d\d[ .\-]?\d\d|\b(?:tel|mobile|e-?mail|mail|portable)\b")
_ENOUGH = 4.0
_SURE = 7.0
_NEAR = 6


@dataclass(frozen=True, slots=True)
class Part:
    """A given or family name: its words as they stand, and the line they stand on."""

    text: str
    line: Line


@dataclass(frozen=True, slots=True)
class Name:
    """A name found; ``weight`` 1 when it may be one, 2 when it surely is the candidate's."""

    given: Part
    family: Part
    score: float

    @property
    def weight(self) -> int:
        return 2 if self.score >= _SURE else 1

    @property
    def words(self) -> list[str]:
        """Its words folded, particles and initials left out."""
        return plain_words(f"{self.given.text} {self.family.text}".split())

    def propose(self) -> list[ProposedField]:
        """Both parts, as a person writes them."""
        confidence = min(0.98, 0.45 + 0.065 * self.score)
        whole = f"{self.given.text} {self.family.text}"
        evenly = whole.islower() or all(map(is_shouted, whole.split()))
        out = []
        for name, part in (("given_name", self.given), ("family_name", self.family)):
            value = tidy_name(part.text.upper()) if evenly else " ".join(part.text.split())
            if value:
                out.append(part.line.field(name, value, round(confidence, 2), part.text))  # type: ignore[arg-type]
        return out


@dataclass(frozen=True, slots=True)
class _Candidate:
    words: tuple[str, ...]
    lines: tuple[Line, ...]  # one for each word
    index: int
    whole: bool
    bonus: float = 0.0


def find_name(lines: list[Line], emails: list[Found]) -> Name | None:
    """The name best supported, or None: blank rather than wrong."""
    addresses = [one for one in emails if one.rank > OTHERS]
    own = [one.value for one in addresses if one.rank >= LIKELY] or [one.value for one in addresses]
    named = _labelled(lines)
    if named:
        return named
    best: tuple[float, _Candidate] | None = None
    for candidate in _candidates(lines[:_LINES], own):
        score = _score(candidate, lines, own)
        if score >= _ENOUGH and (best is None or score > best[0]):
            best = score, candidate
    if best is None:
        return None
    score, candidate = best
    given, family = _parted(candidate, own)
    return Name(given, family, score)


def _labelled(lines: list[Line]) -> Name | None:
    """``Nom : DUPONT`` and ``Prénom : Jean``, on one line or two, in the first lines."""
    parts: dict[str, Part] = {}
    for line in lines[:_LINES]:
        if line.section in _NOBODY or ":" not in line.text:
            continue
        for match in _LABELS.finditer(line.text):
            label = fold(match[1])
            said = _BREAK.split(match[2])[0].strip()
            for cut in (_CUT.search(said), _NEXT_LABEL.search(said)):
                said = said[: cut.start()].strip() if cut else said
            words = said.split()
            if not words or not all(_WORD.fullmatch(word) for word in words):
                continue
            if not words[0][0].isupper() or not words[-1][0].isupper():
                continue
            both = ("nom" in label.split() and "pren" in label) or label in ("name", "full name")
            if both and len(words) > 1:
                candidate = _Candidate(tuple(words), (line,) * len(words), 0, whole=True)
                if not _blocked(candidate, []):
                    given, family = _parted(candidate, [])
                    return Name(given, family, _SURE)
            if not both:
                kind = "given" if label.startswith(_GIVEN_LABELS) else "family"
                parts.setdefault(kind, Part(said, line))
    if len(parts) == 2 and not any(_is_other(part.text) for part in parts.values()):
        return Name(parts["given"], parts["family"], _SURE)
    return None


def _is_other(text: str) -> bool:
    return any(word in NOT_NAMES for word in fold(text).split())


def _candidates(lines: list[Line], own: list[str]) -> Iterator[_Candidate]:
    for index, line in enumerate(lines):
        if line.section in _NOBODY or len(line.text) > _LONGEST_LINE:
            continue
        if line.is_heading and not line.content:
            continue
        pieces = [piece for piece in _BREAK.split(line.content) if piece and piece.strip()]
        label = _LABEL.match(line.content)
        for at, piece in enumerate(pieces[:4]):
            if at and label and not _OWN_LABEL.search(fold(label[0])):
                # Contact : …, Formateur : …, Pour postuler : … name others.
                break
            words, whole = _name_words(piece)
            if len(words) > 1:
                is_line = whole and len(pieces) == 1
                yield _Candidate(tuple(words), (line,) * len(words), index, is_line)
        yield from _unusual(line, pieces, index, own)
        yield from _over_two_lines(lines, index, own)


def _unusual(line: Line, pieces: list[str], index: int, own: list[str]) -> Iterator[_Candidate]:
    """``DUPONT, Jean``, and ``Lucie martin`` when an address has both words."""
    if len(pieces) == 2 and "," in line.content:
        family, given = (tuple(piece.split()) for piece in pieces)
        words = (*family, *given)
        plain = (
            all(_WORD.fullmatch(word) for word in words) and 0 < len(given) < 3 and len(words) < 5
        )
        if plain and all(map(is_shouted, family)) and is_first_name(fold(given[0])):
            yield _Candidate(words, (line,) * len(words), index, whole=True)
    words = tuple(line.content.split())
    typed = 1 < len(words) < 5 and any(word.islower() for word in words)
    if index < 4 and typed and all(map(_WORD.fullmatch, words)) and in_address(words, own) == 2:
        yield _Candidate(words, (line,) * len(words), index, whole=True)


def _name_words(piece: str) -> tuple[list[str], bool]:
    """The words at the head of a piece that may be a name, and whether they are all of it."""
    text = piece.strip(" *#_=~.>+-–—").strip()
    if not text or len(text.split(None, _MOST_WORDS + 6)) > _MOST_WORDS + 6:
        return [], False
    if not (text[0].isupper() or is_particle(text.split(None, 1)[0]) or text[:3].lower() == "je "):
        return [], False
    for _ in range(2):
        text = _OPENING.sub("", text).strip()
        text = _FINAL.sub("", text).strip()
    cut = _CUT.search(text)
    kept = text[: cut.start()].strip(" -–—") if cut else text
    words = kept.split()
    if not words or len(words) > _MOST_WORDS + 4:
        return [], False
    run: list[str] = []
    for word in words:
        if not _WORD.fullmatch(word) or not (word[0].isupper() or is_particle(word)):
            break
        if is_job(word) and len(run) > 1:
            break
        run.append(word)
    whole = len(run) == len(words)
    if not whole and not (len(run) > 1 and is_job(words[len(run)])):
        # Cased words inside a sentence are no name; a title right behind one is usual.
        return [], False
    while run and fold(run[-1]) in PARTICLES:
        run.pop()
    return (run, whole and not cut) if len(run) <= _MOST_WORDS else ([], False)


def _over_two_lines(lines: list[Line], index: int, own: list[str]) -> Iterator[_Candidate]:
    """``Béatrice`` above ``Aubertin``: a large name broken by a narrow column.

    Behind two words only what an address has too is a name; else it is a title.
    """
    if index + 1 >= len(lines):
        return
    first, second = lines[index], lines[index + 1]
    if second.is_heading or second.section != first.section or second.number > first.number + 2:
        return
    if len(first.content) > 40 or len(second.text) > 40:
        return
    (given, whole), (family, all_of_it) = _name_words(first.content), _name_words(second.text)
    if len(given) == 2 and not in_address(family, own):
        return
    if whole and all_of_it and given and family and len(given) <= 2 and len(family) <= 3:
        held = (first,) * len(given) + (second,) * len(family)
        yield _Candidate((*given, *family), held, index, whole=True, bonus=-0.5)


def _blocked(candidate: _Candidate, own: list[str]) -> bool:
    folded = [fold(word).strip(".") for word in candidate.words]
    real = [word for word in folded if word not in PARTICLES and len(word) > 1]
    if len(real) < 2 or len(set(real)) < len(real):
        return True
    wrong = [word for word in real if word in NOT_NAMES or word in ORGANISATIONS]
    if not wrong:
        return "-".join(real) in TOWNS or all(word in TOWNS for word in real)
    if len(wrong) > 1 or real[0] in wrong:
        return True
    # Boulanger, Page, Paris are family names too: when the address says so, or by capitals.
    spelt = bool(in_address(wrong, own)) and in_address(candidate.words, own) > 1
    shouted = [is_shouted(word) for word in candidate.words]
    by_capitals = shouted[-1] and not shouted[0] and real[0] in FIRST_NAMES and real[-1] in JOBS
    return not (spelt or by_capitals)


def _score(candidate: _Candidate, lines: list[Line], own: list[str]) -> float:
    if _blocked(candidate, own):
        return 0.0
    line = candidate.lines[0]
    agreed = in_address(candidate.words, own)
    score = candidate.bonus + {0.0: 0.0, 1.0: 1.5, 1.5: 3.0, 2.0: 4.5}[agreed]
    first = fold(candidate.words[0]).strip(".")
    if is_first_name(first):
        score += 2.0
    elif is_first_name(fold(candidate.words[-1])):
        score += 1.5
    capitals = [is_shouted(word) and len(word) > 2 for word in candidate.words]
    if any(capitals) and not all(capitals) and (capitals[0] or capitals[-1]):
        score += 1.0
    if candidate.whole:
        score += 1.0
    score += _place_score(candidate.index, line, agreed)
    if any(
        set(re.findall(r"[a-z\-]+", one.folded)) & JOBS
        for one in lines[candidate.index + 1 : candidate.index + 3]
    ):
        score += 0.5
    if any(_CONTACT.search(one.folded) for one in lines[candidate.index : candidate.index + _NEAR]):
        score += 1.0
    return score


def _place_score(index: int, line: Line, agreed: float) -> float:
    if line.section == "header":
        return 2.0 if index == 0 else 1.5 if index < 3 else 1.0 if index < 8 else 0.0
    if line.section in ("contact", "summary", "target"):
        return 0.5
    # Employers and colleagues: only a name that the address spells out.
    return 0.0 if agreed >= 1.5 else -4.0


def _parted(candidate: _Candidate, own: list[str]) -> tuple[Part, Part]:
    """Given and family name: by the line break, by capitals, by first names, by particles."""
    words, held = list(candidate.words), list(candidate.lines)
    cut = next((at for at, line in enumerate(held) if line is not held[0]), 0)
    first = 0 if cut else _family_first(words, own)
    if first:
        # DUPONT Jean: what stands behind is the given name.
        return _part(words[first:], held[first]), _part(words[:first], held[0])
    at = cut or _given_length(words, own)
    return _part(words[:at], held[0]), _part(words[at:], held[at])


def _part(words: Sequence[str], line: Line) -> Part:
    text = " ".join(words)
    # The words as they stand, with the blanks between them.
    pattern = r"\s+".join(re.escape(word) for word in words)
    match = re.search(pattern, line.text)
    return Part(match[0] if match else text, line)


def _family_first(words: list[str], own: list[str]) -> int:
    """How many words of a family name lead; 0 when the given name does."""
    capitals = [is_shouted(word) and len(word.strip(".")) > 1 for word in words]
    if capitals[0] and not capitals[-1]:
        at = capitals.index(False)
        return at if not any(capitals[at:]) else 0
    if any(capitals) and not all(capitals):
        return 0
    last, first = fold(words[-1]), fold(words[0])
    if last in FIRST_NAMES - SURNAMES and not is_first_name(first) and not in_order(words, own):
        return len(words) - 1
    return 0


def _given_length(words: list[str], own: list[str]) -> int:
    capitals = [is_shouted(word) and len(word.strip(".")) > 1 for word in words]
    if any(capitals) and not all(capitals) and capitals[-1]:
        at = len(words)
        while at and (capitals[at - 1] or fold(words[at - 1]) in PARTICLES):
            at -= 1
        if at:
            return at
    for at, word in enumerate(words[1:], 1):
        if fold(word) in PARTICLES or re.match(r"[dlDL]['’]", word):
            return at
    at = 1
    while at < len(words) - 1 and (
        is_first_name(fold(words[at])) or len(words[at].strip(".")) == 1
    ):
        at += 1
    if at < len(words) - 1 and in_address(words[-1:], own) and not in_address(words[at:-1], own):
        return len(words) - 1
    return at
