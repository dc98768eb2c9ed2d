"""Is it the same person? Proposals with their evidence, never a merge (``perf.md`` 5).

An index keeps :func:`keys` of each person; two persons that share a key are compared by
:func:`match`. What comes back is shown to a human, who decides.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Collection, Set
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property

from rapidfuzz.distance import DamerauLevenshtein

from clementine_crm.domain.values import fold, normalise_email, normalise_phone

LIKELY = 0.5
"""From this confidence on a pair is proposed as one person; below, it is only a namesake."""

_PHONE_DIGITS = 9
_SHARED = 0.5
_LINE = 20


class MatchKind(StrEnum):
    """What two persons have in common."""

    EXACT_EMAIL = "exact_email"
    EXACT_PHONE = "exact_phone"
    NAME = "name"


@dataclass(frozen=True)
class PersonKeys:
    """What identity needs of a person. Values are given as they were typed and kept normalised:
    e-mails, the last nine digits of phones, names folded; what is no value is left out."""

    emails: Collection[str] = ()
    phones: Collection[str] = ()
    given_name: str = ""
    family_name: str = ""

    def __post_init__(self) -> None:
        emails = frozenset(e for e in map(normalise_email, self.emails) if e)
        phones = frozenset(p for p in map(phone_key, self.phones) if p)
        object.__setattr__(self, "emails", emails)
        object.__setattr__(self, "phones", phones)
        object.__setattr__(self, "given_name", fold(self.given_name))
        object.__setattr__(self, "family_name", fold(self.family_name))

    @cached_property
    def name(self) -> str:
        """Both names folded, their words sorted: the same whichever field held which."""
        return " ".join(sorted(f"{self.given_name} {self.family_name}".split()))


@dataclass(frozen=True)
class Match:
    """A proposal. ``evidence`` lists what agreed: ``email:<value>``, ``phone:<nine digits>``,
    ``name``, ``name~`` (nearly), ``lines:<percent>``; ``name!`` says that the names disagree."""

    kind: MatchKind
    confidence: float
    evidence: tuple[str, ...]

    @property
    def likely(self) -> bool:
        return self.confidence >= LIKELY

    @property
    def needs_lines(self) -> bool:
        """Whether comparing the CVs could turn the answer."""
        return self.kind is MatchKind.NAME or "name~" in self.evidence


def phone_key(text: str) -> str | None:
    """The last nine digits: one number however it was written; None when there are fewer."""
    digits = normalise_phone(text) or "".join(c for c in text if c.isdigit())
    return digits[-_PHONE_DIGITS:] if len(digits) >= _PHONE_DIGITS else None


def keys(person: PersonKeys) -> tuple[tuple[str, str], ...]:
    """What an index stores: ``e`` e-mail, ``p`` last nine digits, ``n`` folded sorted name."""
    found = [("e", value) for value in sorted(person.emails)]
    found += [("p", value) for value in sorted(person.phones)]
    if person.given_name and person.family_name:
        found.append(("n", person.name))
    return tuple(found)


def cv_lines(text: str) -> frozenset[str]:
    """The lines of a CV that say something (20 characters or more), without case and indent.

    Accents stay: this runs over whole CVs, and a copy of a text keeps its accents.
    """
    lines = unicodedata.normalize("NFC", text).lower().splitlines()
    return frozenset(short for line in lines if len(short := line.strip()) >= _LINE)


def share(lines_a: Set[str], lines_b: Set[str]) -> float:
    """The part of the shorter text's lines that stands in the other too, 0 to 1."""
    shorter = min(len(lines_a), len(lines_b))
    return len(lines_a & lines_b) / shorter if shorter else 0.0


def match(a: PersonKeys, b: PersonKeys, shared_lines: float | None = None) -> Match | None:
    """What speaks for ``a`` and ``b`` being one person, or None when nothing does.

    ``shared_lines`` is :func:`share` of their CVs, None when it was not looked at. Without a
    common e-mail or phone only the same name is worth a proposal, and a likely one only with half
    of the lines shared.
    """
    lines = (f"lines:{shared_lines * 100:.0f}",) if shared_lines else ()
    same_name = bool(a.name) and a.name == b.name
    near = same_name or _near(a, b)
    told = "name" if same_name else "name~" if near else "name!"
    if emails := frozenset(a.emails) & frozenset(b.emails):
        unknown = not a.name or not b.name
        confidence = 0.99 if near else 0.9 if unknown else 0.6
        named = () if unknown else (told,)
        return Match(MatchKind.EXACT_EMAIL, confidence, (f"email:{min(emails)}", *named, *lines))
    if (phones := frozenset(a.phones) & frozenset(b.phones)) and near:
        confidence = 0.95 if same_name else 0.85
        # Same line, almost the same name, and CVs that have nothing in common: a family.
        if not same_name and shared_lines is not None and shared_lines < _SHARED / 2:
            confidence = 0.4
        return Match(MatchKind.EXACT_PHONE, confidence, (f"phone:{min(phones)}", told, *lines))
    if same_name and a.given_name and a.family_name:
        confidence = 0.9 if (shared_lines or 0.0) >= _SHARED else 0.3
        return Match(MatchKind.NAME, confidence, ("name", *lines))
    return None


def _slip(a: str, b: str) -> int | None:
    """Edits between two names when they may be one slip of the hand, else None.

    A short name must be the same: Léa and Léo are two children of one household.
    """
    a, b = a.replace(" ", ""), b.replace(" ", "")
    shorter = min(len(a), len(b))
    if a == b:
        return 0
    # Anne and Ane are one slip; three letters both ways are two names.
    if shorter < 3 or a[:1] != b[:1] or (shorter == 3 and len(a) == len(b)):
        return None
    allowed = 1 if shorter < 8 else 2
    edits = DamerauLevenshtein.distance(a, b, score_cutoff=allowed)
    return edits if edits <= allowed else None


def _near(a: PersonKeys, b: PersonKeys) -> bool:
    """Two edits at most over both names, in either order."""
    if not (a.given_name and a.family_name and b.given_name and b.family_name):
        return False
    # A slip spares the first letter, and hundreds of thousands of pairs end here.
    if {a.given_name[0], a.family_name[0]} != {b.given_name[0], b.family_name[0]}:
        return False
    for one, other in (
        ((a.given_name, b.given_name), (a.family_name, b.family_name)),
        ((a.given_name, b.family_name), (a.family_name, b.given_name)),
    ):
        first, second = _slip(*one), _slip(*other)
        if first is not None and second is not None and first + second <= 2:
            return True
    return False
