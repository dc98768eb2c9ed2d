"""Values as they are compared and kept: text, e-mail, phone, dates, names of persons and files.

Every function is total: what cannot be such a value gives None, never an exception.
"""

from __future__ import annotations

import calendar
import re
import unicodedata
from datetime import date

import phonenumbers
from email_validator import EmailNotValidError, validate_email

# Letters that no decomposition takes apart, and signs that only join words.
_LETTERS = str.maketrans(
    {
        "œ": "oe",
        "æ": "ae",
        "ø": "o",
        "ł": "l",
        "đ": "d",
        "ð": "d",
        "þ": "th",
        "ħ": "h",
        "ı": "i",
        **dict.fromkeys("'’‘ʼ‛`´′＇ʹ", " "),
        **dict.fromkeys("-‐‑‒–—―−﹣－_", " "),
    }
)
_SIGNS_ONLY_ASCII = str.maketrans(dict.fromkeys("'`-_", " "))
_MAX_EMAIL = 320
_MAX_PHONE = 60
_FRANCE = 33
_DROPPED = ("Mn", "Me", "Cf", "Cc", "Cs", "Co")


def fold(text: str) -> str:
    """Text as it is compared: no accent, no case, ligatures opened, one space between words.

    Apostrophes, hyphens and underscores are spaces; invisible characters are dropped. Folding
    twice changes nothing.
    """
    if not text.isascii():
        text = text.translate(_LATIN)
    if text.isascii():
        text = text.lower().translate(_SIGNS_ONLY_ASCII)
        return " ".join((text if text.isprintable() else text.translate(_CONTROLS)).split())
    return _fold_any(text)


def _fold_any(text: str) -> str:
    # Spaces first: a line feed is a control character too.
    text = " ".join(text.translate(_LETTERS).split())
    flat = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", text).casefold())
    kept = "".join(c for c in flat if unicodedata.category(c) not in _DROPPED)
    return " ".join(kept.translate(_LETTERS).split())


# European letters at once: most text never needs the slow road above.
_CONTROLS = dict.fromkeys([*range(9), *range(14, 28), 127])
_LATIN = {
    point: _fold_any(f"a{chr(point)}b")[1:-1]
    for point in (*range(0x80, 0x250), *range(0x2000, 0x2030))
}


def normalise_email(text: str) -> str | None:
    """The address as it is compared and hashed (``gdpr.md`` 2.3), or None when it is none.

    NFKC, trimmed, lower case, domain in ASCII (IDNA). Nothing is looked up on the network.
    """
    if len(text) > _MAX_EMAIL:
        return None
    text = unicodedata.normalize("NFKC", text).strip().strip("<>;, ").removeprefix("mailto:")
    if "@" not in text:
        return None
    try:
        found = validate_email(text, check_deliverability=False)
    except (EmailNotValidError, UnicodeError):
        return None
    return f"{found.local_part}@{found.ascii_domain or found.domain}".lower()


def normalise_phone(text: str, region: str = "FR") -> str | None:
    """The number in E.164 (``+33639980000``), ``region`` giving the country when it has none.

    Understands ``0033``, ``+33 (0)6…``, dots, slashes between pairs, extensions (dropped);
    of two numbers the first counts.
    """
    text = unicodedata.normalize("NFKC", text).strip().removeprefix("tel:")
    if not text or len(text) > _MAX_PHONE:
        return None
    text = re.split(r"\s+(?:/|;|ou|et|or)\s+", text)[0]
    text = re.sub(r"\s*\bposte\s*:?\s*\d+$", "", text, flags=re.IGNORECASE)
    if re.match(r"(\+|00|\(\+)", text):
        text = re.sub(r"\(\s*0\s*\)", "", text)
    elif re.fullmatch(r"33[\s.]?[1-9]([\s.]?\d){8}", text):
        text = "+" + text
    try:
        number = phonenumbers.parse(text, region)
    except phonenumbers.NumberParseException:
        return None
    # Length decides, not the list of ranges in service: it lags behind, and leaves out ours.
    possible = phonenumbers.is_possible_number_with_reason(number)
    if possible != phonenumbers.ValidationResult.IS_POSSIBLE:
        return None
    if number.country_code == _FRANCE and (number.national_number or 0) < 100_000_000:
        return None
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def show_phone(e164: str) -> str:
    """A number as people write it: national form for France, international elsewhere."""
    try:
        number = phonenumbers.parse(e164, None)
    except phonenumbers.NumberParseException:
        return e164
    style = phonenumbers.PhoneNumberFormat
    french = number.country_code == _FRANCE
    return phonenumbers.format_number(number, style.NATIONAL if french else style.INTERNATIONAL)


def add_months(day: date, months: int) -> date:
    """The same day number ``months`` later, or the last day of that month (``gdpr.md`` A2)."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    month += 1
    return date(year, month, min(day.day, calendar.monthrange(year, month)[1]))


_PARTICLES = frozenset(
    ["de", "du", "des", "d", "la", "le", "les", "l", "van", "von", "der", "den", "ter", "da", "di"]
)


def tidy_name(text: str) -> str:
    """A given or family name: spaces single, invisible characters gone, shouting lowered.

    ``DUPONT-MARTIN`` becomes ``Dupont-Martin``; a name in mixed case stands as it was typed.
    """
    text = unicodedata.normalize("NFC", text)
    text = "".join(c if not c.isspace() else " " for c in text)
    text = " ".join("".join(c for c in text if unicodedata.category(c)[0] != "C").split())
    if not (text.isupper() or text.islower()) or not any(len(w) > 1 for w in text.split()):
        return text
    parts = re.split(r"([ \-'’.]+)", text.lower())
    several = sum(1 for p in parts[::2] if p) > 1
    for i in range(0, len(parts), 2):
        if not (several and i > 0 and parts[i] in _PARTICLES):
            parts[i] = parts[i][:1].upper() + parts[i][1:]
    return "".join(parts)


_BARRED = re.compile(r'[<>:"/\\|?*]')
_RESERVED = re.compile(r"(con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³]|conin\$|conout\$)", re.IGNORECASE)
_MAX_NAME_BYTES = 240


def safe_file_name(name: str, limit: int = 120, fallback: str = "document") -> str:
    """A name that every file system takes (``windows.md`` 7), its extension kept.

    No path, no reserved device name, no control or direction character, no trailing dot or space,
    NFC, at most ``limit`` characters and 240 bytes of UTF-8.
    """
    name = "".join(c for c in name if unicodedata.category(c)[0] != "C")
    name = _BARRED.sub("_", unicodedata.normalize("NFC", name))
    name = name.strip().rstrip(". ")
    stem, dot, extension = name.rpartition(".")
    if not re.fullmatch(r"[A-Za-z0-9]{1,10}", extension) or not dot:
        stem, dot, extension = name, "", ""
    stem = stem.lstrip(". ")
    # A name made of dots and marks alone says nothing, and ".." is a place.
    if not stem.strip("._ "):
        stem = fallback
    if _RESERVED.fullmatch(stem.split(".")[0].rstrip()):
        stem = "_" + stem
    tail = dot + extension
    stem = stem[: max(1, limit - len(tail))]
    while len((stem + tail).encode()) > _MAX_NAME_BYTES and len(stem) > 1:
        stem = stem[:-1]
    return stem.rstrip(". ") + tail if stem.rstrip(". ") else fallback + tail
