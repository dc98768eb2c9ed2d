"""Words of names: what they look like, and how an address spells them."""

from __future__ import annotations

import re
from collections.abc import Sequence

from clementine_crm.reading.fields.proper_names import FIRST_NAMES, PARTICLES
from clementine_crm.reading.fields.vocabulary import JOBS, fold

_INITIALS = 2
_SHORTEST_PART = 3


def compact(text: str) -> str:
    """The folded letters alone, as an address has them."""
    return re.sub(r"[^a-z]", "", fold(text))


def is_shouted(word: str) -> bool:
    """In capitals, but for a letter that small capitals could not show: ``KüSTER``."""
    letters = [char for char in word if char.isalpha()]
    return sum(char.isupper() for char in letters) > 0.7 * len(letters) and word[:1].isupper()


def is_first_name(folded: str) -> bool:
    """A first name that we know, or one joined with another: ``marie-ange``."""
    parts = folded.split("-")
    return folded in FIRST_NAMES or any(part in FIRST_NAMES for part in parts if len(part) > 2)


def is_particle(word: str) -> bool:
    """``de``, ``van``, and ``d'`` with its name: ``d'Aubigné``, not ``l'emploi``."""
    return fold(word) in PARTICLES or (
        word[:1] in "dl" and word[1:2] in "'’" and word[2:3].isupper()
    )


def is_job(word: str) -> bool:
    """A post, also as the first half of ``chauffeur-livreur``."""
    folded = fold(word)
    return folded in JOBS or folded.split("-")[0] in JOBS


def plain_words(words: Sequence[str]) -> list[str]:
    """The words folded and parted at hyphens, particles and initials left out."""
    out = []
    for word in words:
        folded = fold(word).strip(".'")
        for part in folded.split("-"):
            # d'Aubigné is known by Aubigné, but N'Guyen and O'Brien whole.
            letters = re.sub(r"[^a-z]", "", re.sub(r"^[dl]'", "", part))
            if len(letters) > 1 and folded not in PARTICLES:
                out.append(letters)
    return out


def in_address(words: Sequence[str], own: list[str]) -> float:
    """How an address spells the name: 2 given and family name, 1.5 initials and one, 1 one of them."""
    best = 0.0
    parts = [part for word in words if fold(word) not in PARTICLES for part in _variants(word)]
    joined = ["".join(compact(word) for word in words[at:]) for at in range(1, len(words))]
    initials = "".join(
        compact(piece)[:1] for piece in re.split(r"[\s-]+", " ".join(words)) if piece
    )
    for address in own:
        local, _, domain = address.lower().partition("@")
        for place in (local, domain.rpartition(".")[0]):
            best = max(best, _spelt(compact(place), parts, joined, initials))
    return best


def _variants(word: str) -> list[str]:
    """A word's parts as an address may have them: ``Lefèvre-Martin``, ``Küster`` as kuester."""
    german = word.lower().translate({228: "ae", 246: "oe", 252: "ue"})
    pieces = [compact(word), compact(german), *(compact(p) for p in re.split("[-’']", word))]
    return list(dict.fromkeys(piece for piece in pieces if len(piece) >= _SHORTEST_PART))


def _spelt(place: str, parts: list[str], joined: list[str], initials: str) -> float:
    if not place:
        return 0.0
    held = [part for part in parts if part in place]
    whole = [one for one in joined if len(one) > _SHORTEST_PART and one in place]
    used = {part for part in held if not any(part != other and part in other for other in held)}
    if len(used) > 1 or (whole and any(part in place and part not in whole[0] for part in parts)):
        return 2.0
    family = max([*used, *whole], key=len, default="")
    if not family:
        return 0.0
    rest = place.replace(family, "", 1)
    if (
        rest
        and len(rest) <= _INITIALS + 1
        and initials.startswith(rest[:1])
        and set(rest) <= set(initials)
    ):
        return 1.5
    return 1.0


def in_order(words: Sequence[str], own: list[str]) -> bool:
    """An address puts the given name first, as nearly everybody's does: ``joaquim.tanguy``."""
    first, last = compact(words[0]), compact(words[-1])
    spelt = [compact(address.partition("@")[0]) for address in own]
    return any(-1 < one.find(first) < one.find(last) for one in spelt)
