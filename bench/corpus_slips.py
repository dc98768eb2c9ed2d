"""How people get a name wrong: in near-duplicate records and in the search box."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from random import Random
from typing import Any

from bench.corpus_world import DOMAINS, World, fold, seed_of

_NEIGHBOURS = {
    "a": "zq",
    "z": "ae",
    "e": "zr",
    "r": "et",
    "t": "ry",
    "y": "tu",
    "u": "yi",
    "i": "uo",
    "o": "ip",
    "p": "om",
    "q": "as",
    "s": "qd",
    "d": "sf",
    "f": "dg",
    "g": "fh",
    "h": "gj",
    "j": "hk",
    "k": "jl",
    "l": "km",
    "m": "lp",
    "w": "x",
    "x": "wc",
    "c": "xv",
    "v": "cb",
    "b": "vn",
    "n": "b",
}
"""Neighbours on a French keyboard."""

_SOUNDS = (
    ("ph", "f"),
    ("th", "t"),
    ("eau", "au"),
    ("ck", "k"),
    ("ss", "s"),
    ("ll", "l"),
    ("nn", "n"),
    ("rr", "r"),
    ("tt", "t"),
    ("ai", "ei"),
    ("an", "en"),
    ("en", "an"),
    ("aud", "aut"),
    ("ot", "od"),
    ("oux", "ou"),
    ("et", "ais"),
    ("ier", "ié"),
    ("y", "i"),
    ("in", "ain"),
    ("ch", "sh"),
    ("gu", "g"),
)
"""Spellings that sound alike in French."""


def bare(text: str) -> str:
    """The text without its accents, otherwise unchanged."""
    flat = unicodedata.normalize("NFD", text)
    return "".join(c for c in flat if not unicodedata.combining(c))


def one_edit(word: str, rnd: Random) -> str:
    """One letter lost, doubled, swapped with the next or replaced by its neighbour; never the first."""
    place = rnd.randrange(1, max(2, len(word) - 1))
    kind = rnd.randrange(4)
    if kind == 0 and len(word) > 4:
        return word[:place] + word[place + 1 :]
    if kind == 1:
        return word[:place] + word[place] + word[place:]
    if kind == 2 and word[place] != word[place + 1 : place + 2]:
        return word[:place] + word[place + 1 : place + 2] + word[place] + word[place + 2 :]
    near = rnd.choice(_NEIGHBOURS.get(fold(word[place]), "e"))
    return word[:place] + near + word[place + 1 :]


def sound_alike(word: str, rnd: Random) -> str:
    """The word as one hears it, when it has such a place after its first letter; else one edit."""
    low = word.lower()
    slips = [(right, wrong) for right, wrong in _SOUNDS if right in low[1:]]
    if not slips:
        return one_edit(word, rnd)
    right, wrong = rnd.choice(slips)
    place = low.index(right, 1)
    return word[:place] + wrong + word[place + len(right) :]


def accent_slip(word: str, rnd: Random) -> str:
    """Accents left out, or put the wrong way round; else one edit."""
    if bare(word) == word:
        return one_edit(word, rnd)
    turned = word.translate(str.maketrans("éèêàç", "èéé" + "âc"))
    return bare(word) if rnd.random() < 0.5 or turned == word else turned


_SLIPS: tuple[tuple[str, Callable[[str, Random], str]], ...] = (
    ("edit", one_edit),
    ("edit", one_edit),
    ("edit", one_edit),
    ("sound", sound_alike),
    ("accent", accent_slip),
)


def mistyped(given: str, family: str, rnd: Random) -> tuple[str, str]:
    """(the full name as mistyped in one of its words, the kind: edit, sound or accent)."""
    kind, slip = rnd.choice(_SLIPS)
    on_family = rnd.random() < 0.7 or len(given) < 4
    if bare(given + family) != given + family and rnd.random() < 0.4:
        kind, slip, on_family = "accent", accent_slip, bare(family) != family
    query = f"{given} {slip(family, rnd)}" if on_family else f"{slip(given, rnd)} {family}"
    if fold(query) == fold(f"{given} {family}"):
        return query, "accent"
    return query, "sound" if kind == "sound" else "edit"


def name_key(given: str, family: str) -> str:
    """Equal for names that differ in accents, case or order only."""
    return " ".join(sorted([*fold(given).split(), *fold(family).split()]))


def _accents(c: dict[str, Any], _i: int, _rnd: Random) -> None:
    c["given_name"], c["family_name"] = bare(c["given_name"]), bare(c["family_name"])


def _case(c: dict[str, Any], _i: int, rnd: Random) -> None:
    change = rnd.choice((str.upper, str.lower))
    c["family_name"] = change(c["family_name"])


def _typo(c: dict[str, Any], _i: int, rnd: Random) -> None:
    c["family_name"] = one_edit(c["family_name"], rnd)


def _swapped(c: dict[str, Any], _i: int, _rnd: Random) -> None:
    c["given_name"], c["family_name"] = c["family_name"], c["given_name"]


def _new_email(c: dict[str, Any], i: int, rnd: Random) -> None:
    c["email"] = f"{fold(c['given_name'])[:1]}{i:x}@{rnd.choice(DOMAINS)}"


def _new_phone(c: dict[str, Any], _i: int, rnd: Random) -> None:
    c["phone"] = f"06 39 98 {rnd.randrange(100):02d} {rnd.randrange(100):02d}"


def _phone_format(c: dict[str, Any], _i: int, _rnd: Random) -> None:
    digits = re.sub(r"\D", "", c["phone"])
    c["phone"] = ("+44" if digits.startswith("07700") else "+33") + digits[1:]


_CHANGES: dict[str, Callable[[dict[str, Any], int, Random], None]] = {
    "accents": _accents,
    "case": _case,
    "typo": _typo,
    "swapped": _swapped,
    "new_email": _new_email,
    "new_phone": _new_phone,
    "phone_format": _phone_format,
}


def near_duplicate(world: World, i: int) -> tuple[dict[str, Any], int, str]:
    """(person ``i`` as a changed copy, the id of the original, the kinds of change that show).

    E-mail and phone never both change: one sure key is left. A copy has no applications, no notes.
    """
    rnd = Random(seed_of(world.seed, "copy", i))
    original = world.original(i)
    old = world.person(original)
    kinds = rnd.sample(list(_CHANGES), rnd.randint(1, 3))
    if "new_email" in kinds:
        kinds = [kind for kind in kinds if kind not in ("new_phone", "phone_format")]
    copy = {**old, "id": i, "applications": [], "notes": []}
    shown = []
    for kind in _CHANGES:
        if kind in kinds:
            before = dict(copy)
            _CHANGES[kind](copy, i, rnd)
            shown += [kind] if copy != before else []
    if not shown:
        _new_email(copy, i, rnd)
        shown = ["new_email"]
    text: str = old["cv_text"]
    full = f"{old['given_name']} {old['family_name']}"
    text = text.replace(full, f"{copy['given_name']} {copy['family_name']}", 1)
    for key in ("email", "phone"):
        text = text.replace(old[key], copy[key], 1)
    copy["cv_text"] = text
    return copy, original, "+".join(sorted(shown))
