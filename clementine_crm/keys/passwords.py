"""The rules of a password (``mission.md`` "Accounts"), checked offline as it is typed."""

from __future__ import annotations

import bisect
import hashlib
import math
import re
import unicodedata
from collections.abc import Iterable
from functools import cache
from pathlib import Path

MIN_LENGTH = 12
# Beyond this a password is a pasted file; Argon2id would read it all.
MAX_LENGTH = 1024
RULES = (
    "length",
    "too_long",
    "digit",
    "special",
    "lower",
    "upper",
    "leaked",
    "reused",
    "repeated",
    "sequence",
    "year",
    "personal",
)
_MAGIC = b"CLKD\x01"
_PREFIX = 5
_RUN = 4
_CORE = 4
_DISTINCT = 6
_LIST = Path(__file__).resolve().parents[2] / "resources" / "leaked.bin"
_ROWS = (
    "abcdefghijklmnopqrstuvwxyz",
    "01234567890",
    "azertyuiop",
    "qsdfghjklm",
    "wxcvbn",
    "qwertyuiop",
    "asdfghjkl",
    "zxcvbnm",
    "qwertzuiop",
    "&é\"'(-è_çà)=",
    "!@#$%^&*()_+",
    "1qaz2wsx3edc4rfv5tgb",
    "1q2w3e4r5t6y7u8i9o0p",
    "1a2z3e4r5t6y7u8i9o0p",
)
_LEET = str.maketrans("@4301!5$7+8", "aaeoiissttb")


def fold(text: str) -> str:
    """One form for all ways of typing the same password (as in the leaked list)."""
    return unicodedata.normalize("NFKC", text).casefold()


@cache
def _leaked_list() -> tuple[bytes, int]:
    data = _LIST.read_bytes()
    if not data.startswith(_MAGIC):
        raise ValueError(_LIST.name)
    start = len(_MAGIC) + 4
    return data[start:], int.from_bytes(data[start - 4 : start], "big")


def _listed(word: str) -> bool:
    table, count = _leaked_list()
    wanted = hashlib.sha256(word.encode("utf-8", "surrogatepass")).digest()[:_PREFIX]

    def at(n: int) -> bytes:
        return table[n * _PREFIX : (n + 1) * _PREFIX]

    place = bisect.bisect_left(range(count), wanted, key=at)
    return place < count and at(place) == wanted


def leaked(password: str) -> bool:
    """Whether it is on the list, as typed or as one listed word with signs and digits around it."""
    folded = fold(password)
    forms = {folded, folded.translate(_LEET)}
    for form in tuple(forms):
        core = re.sub(r"^[^a-z]+|[^a-z]+$", "", form)
        if len(core) >= _CORE:
            forms.add(core)
    # P@ssword2024!: the sign inside a word is a letter, the ones after it are decoration.
    inner = re.sub(r"^[\W\d_]+|[\W\d_]+$", "", folded).translate(_LEET)
    if len(inner) >= _CORE:
        forms.add(inner)
    return any(_listed(form) for form in forms)


def _repeated(folded: str) -> bool:
    if re.search(r"(.)\1{3,}", folded):
        return True
    if re.search(r"(.{2,})\1{2,}", folded) or re.fullmatch(r"(.{3,}?)[\W\d_]*\1[\W\d_]*", folded):
        return True
    return len(set(folded)) < _DISTINCT


def _sequence(folded: str) -> bool:
    """Four neighbours of an alphabet or a keyboard row, in either direction."""
    rows = _ROWS + tuple(row[::-1] for row in _ROWS)
    pieces = (folded[n : n + _RUN] for n in range(len(folded) - _RUN + 1))
    return any(piece in row for piece in pieces for row in rows)


def _year(folded: str) -> bool:
    return re.search(r"(?<!\d)(19[3-9]\d|20[0-4]\d)(?!\d)", folded) is not None


def _plain(text: str) -> str:
    decomposed = unicodedata.normalize("NFKD", text.casefold())
    return "".join(c for c in decomposed if not unicodedata.combining(c))


def _personal(password: str, about: Iterable[str]) -> bool:
    """A word of the user's or the agency's name, the e-mail or the product inside it."""
    inside = _plain(password)
    unleet = inside.translate(_LEET)
    words = {w for text in (*about, "clementine") for w in re.findall(r"\w+", _plain(text))}
    return any(w in inside or w in unleet for w in words if len(w) >= _CORE and w != "example")


def unmet(password: str, about: Iterable[str] = (), *, reused: bool = False) -> list[str]:
    """The rules it does not meet, as keys of ``[password]``, in the order they are shown.

    ``about``: the user's name and e-mail, the agency's name. ``reused`` is answered by the caller
    who knows the former ones (``keyfile``).
    """
    folded = fold(password)
    found = {
        "length": len(password) < MIN_LENGTH,
        "too_long": len(password) > MAX_LENGTH,
        "digit": not any(c.isdigit() for c in password),
        "special": not any(not c.isalnum() and not c.isspace() for c in password),
        "lower": not any(c.islower() for c in password),
        "upper": not any(c.isupper() for c in password),
        "reused": reused,
    }
    if folded and len(folded) <= MAX_LENGTH:
        found |= {
            "leaked": leaked(password),
            "repeated": _repeated(folded),
            "sequence": _sequence(folded),
            "year": _year(folded),
            "personal": _personal(password, about),
        }
    return [rule for rule in RULES if found.get(rule)]


def strength(password: str, about: Iterable[str] = ()) -> int:
    """0 (refused) to 4, for a bar beside the field: an estimate, never a rule."""
    if not password or unmet(password, about):
        return 0
    sizes = (("a-z", 26), ("A-Z", 26), ("0-9", 10), (r"^a-zA-Z0-9", 33))
    alphabet = sum(size for chars, size in sizes if re.search(f"[{chars}]", password))
    bits = len(set(password)) * math.log2(alphabet)
    return 1 + sum(bits >= limit for limit in (65, 80, 100))
