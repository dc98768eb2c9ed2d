"""Rules of the weekly triage: whose item it is, which mission is meant, when it turns red."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Generic, Protocol, TypeVar

from rapidfuzz import fuzz
from rapidfuzz.distance import DamerauLevenshtein

from clementine_crm.domain.values import fold

RED_AFTER = timedelta(days=7)

_LABEL = re.compile(
    r"^(?:(?:votre|notre|your|our|the|la|l|de|d|n|no|nr|num|numero|number|ref|refs|reference|references"
    r"|annonce|offre|poste|job|vacancy|candidature|application) )+(?=.*[0-9])"
)
_GENDER = re.compile(r"\b(?:h f|f h|m f|f m|h f x|m f d|hf|fh|mfd)\b")
_OPEN = "open"
_WORTH_SHOWING = 0.55
_LONG_FIELD = 2_000


class MissionLike(Protocol):
    """What a suggestion reads of a mission."""

    @property
    def reference(self) -> str: ...

    @property
    def title(self) -> str: ...

    @property
    def status(self) -> str: ...


M = TypeVar("M", bound=MissionLike)


@dataclass(frozen=True)
class Suggestion(Generic[M]):
    """A mission that may be meant; ``because`` is ``reference``, ``near_reference`` or ``title``."""

    mission: M
    score: float
    because: str


class ItemLike(Protocol):
    """What a rule reads of an incoming item."""

    form: str
    subject: str
    company: str
    position: str
    reference: str


@dataclass(frozen=True)
class TriageRule:
    """Who treats items of a kind: every pattern that is filled must fit.

    A pattern is words, ``*`` for any ending, alternatives by comma: ``comptab*, paie``. It fits
    anywhere in its field, accents and case aside; in ``form`` it must be the whole name.
    ``consultant`` is how the agency's settings name the user.
    """

    consultant: str
    form: str = ""
    subject: str = ""
    company: str = ""
    position: str = ""
    reference: str = ""

    def fits(self, item: ItemLike) -> bool:
        """Whether the item is of this kind; a rule without any pattern fits nothing."""
        asked = [
            (pattern, getattr(item, name) or "", name)
            for name in ("form", "subject", "company", "position", "reference")
            if (pattern := getattr(self, name)).strip()
        ]
        return bool(asked) and all(_fits(*each) for each in asked)


def assign(item: ItemLike, rules: Iterable[TriageRule]) -> str | None:
    """The consultant of the first rule that fits; None leaves it to the office manager."""
    return next((rule.consultant for rule in rules if rule.fits(item)), None)


def _fits(patterns: str, value: str, name: str) -> bool:
    read = _reference_words if name == "reference" else _words
    words = read(value[:_LONG_FIELD])
    for pattern in patterns[:_LONG_FIELD].split(","):
        wanted = read(pattern, "*")
        if not any(word.strip("*") for word in wanted):
            continue
        if name == "form":
            if len(words) == len(wanted) and _run_fits(wanted, words):
                return True
        elif any(
            _run_fits(wanted, words[k : k + len(wanted)])
            for k in range(len(words) - len(wanted) + 1)
        ):
            return True
    return False


def _run_fits(wanted: Sequence[str], words: Sequence[str]) -> bool:
    return all(map(_word_fits, wanted, words))


def _word_fits(pattern: str, word: str) -> bool:
    """``*`` is any run of letters. Walks once: a regex would let a pattern stop the program."""
    p = w = mark = 0
    star = -1
    while w < len(word):
        if p < len(pattern) and pattern[p] == "*":
            star, mark = p, w
            p += 1
        elif p < len(pattern) and pattern[p] == word[w]:
            p += 1
            w += 1
        elif star >= 0:
            mark += 1
            p, w = star + 1, mark
        else:
            return False
    return not pattern[p:].strip("*")


def _words(text: str, keep: str = "") -> list[str]:
    return re.sub(rf"[^\w{keep}]+", " ", fold(text)).split()


def _reference_words(text: str, keep: str = "") -> list[str]:
    # Folded first: a wide or superscript digit becomes one.
    text = re.sub(r"(?<=[a-z])(?=[0-9])|(?<=[0-9])(?=[a-z])", " ", fold(text))
    return _LABEL.sub("", " ".join(_words(text, keep))).split()


def normal_reference(text: str) -> str:
    """A reference as it is compared: ``Réf. 2026/0147`` and ``REF-2026-0147`` are ``2026-0147``.

    Empty when nothing is left.
    """
    return "-".join(_reference_words(text))


def _reference_score(wanted: str, own: str) -> float:
    if not wanted or not own:
        return 0.0
    if wanted == own:
        return 1.0
    a, b = wanted.replace("-", ""), own.replace("-", "")
    # Said inside a sentence, without its dashes, or without its zeros.
    if a == b or f"-{own}-" in f"-{wanted}-" or _no_zeros(wanted) == _no_zeros(own):
        return 0.95
    slips = DamerauLevenshtein.distance(a, b, score_cutoff=2)
    return {1: 0.75, 2: 0.6}.get(slips, 0.0) if min(len(a), len(b)) > 4 else 0.0


def _no_zeros(reference: str) -> str:
    return "-".join(part.lstrip("0") for part in reference.split("-"))


def _title_score(position: str, title: str) -> float:
    if not position or not title:
        return 0.0
    loose, strict = fuzz.token_set_ratio(position, title), fuzz.token_sort_ratio(position, title)
    return (loose + strict) / 200


def _title(text: str) -> str:
    return " ".join(_GENDER.sub(" ", " ".join(_words(text[:_LONG_FIELD]))).split())


def nearest_missions(
    reference: str, position: str, missions: Sequence[M], limit: int = 5
) -> tuple[Suggestion[M], ...]:
    """Open missions that an item may mean, best first, at most ``limit``.

    A reference that is a closed mission's asks for what resembles that mission's title.
    """
    wanted = normal_reference(reference[:_LONG_FIELD])
    named = [_title(position)] + [
        _title(m.title)
        for m in missions
        if m.status != _OPEN and wanted and normal_reference(m.reference) == wanted
    ]
    found = []
    for mission in missions:
        if mission.status != _OPEN:
            continue
        by_reference = _reference_score(wanted, normal_reference(mission.reference))
        by_title = max(_title_score(name, _title(mission.title)) for name in named)
        # The title tells apart two references one digit away.
        score = (max(by_reference, by_title) + 0.25 * min(by_reference, by_title)) / 1.25
        score += 0.2 if by_reference >= 0.95 else 0.0
        if max(by_reference, by_title) < _WORTH_SHOWING:
            continue
        because = "title"
        if by_reference >= by_title:
            because = "reference" if by_reference >= 0.95 else "near_reference"
        found.append(Suggestion(mission, round(min(score, 1.0), 4), because))
    found.sort(key=lambda s: (-s.score, s.mission.reference))
    return tuple(found[:limit])


def week_of(day: date) -> str:
    """The ISO week of a triage session: ``2026-W47``."""
    year, week, _ = day.isocalendar()
    return f"{year}-W{week:02d}"


def triage_due(received_on: date) -> date:
    """The last day before an untreated item turns red."""
    return received_on + RED_AFTER


def overdue(received_on: date, today: date) -> bool:
    """Whether an item is red: more than seven days old."""
    return today > triage_due(received_on)
