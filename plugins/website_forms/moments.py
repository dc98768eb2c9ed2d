"""Dates as the exports write them, in the site's own time: Paris, unless an offset says otherwise."""

from __future__ import annotations

import re
from datetime import datetime

from .joins import PARIS

_ISO = re.compile(r"(\d{4})-(\d\d)-(\d\d)(?:[T ](\d\d):(\d\d)(?::(\d\d))?)?(.*)")
_OFFSET = re.compile(r"Z|[+-]\d\d:?\d\d")
_WRITTEN = re.compile(
    r"(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})(?:\D{1,5}(\d{1,2})[:h](\d\d)(?::(\d\d))?)?\s*([ap]\.?m\.?)?.{0,20}",
    re.IGNORECASE,
)
_YEARS = range(1995, 2100)


def usable(moment: datetime | None) -> datetime | None:
    """A moment that a site of our time can have written, with its zone; else None."""
    if moment is None or moment.year not in _YEARS:
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=PARIS)


def moment_of(text: str, *, day_first: bool) -> tuple[datetime | None, bool]:
    """(the instant, whether the second is known) of a date as written; None when it is none."""
    text = text.strip()[:60]
    iso = _ISO.fullmatch(text)
    if iso:
        if _OFFSET.fullmatch(iso[7].strip()):
            return _parsed(text), iso[6] is not None
        numbers = [int(part or 0) for part in iso.groups()[:6]]
        return _moment(*numbers), iso[6] is not None
    written = _WRITTEN.fullmatch(text)
    if not written:
        return None, False
    first, second, year = (int(written[n]) for n in (1, 2, 3))
    day, month = (first, second) if day_first or first > 12 else (second, first)
    if month > 12:
        day, month = month, day
    hour = int(written[4] or 0)
    half = (written[7] or "").lower()[:1]
    if half:
        hour = hour % 12 + (12 if half == "p" else 0)
    return _moment(year, month, day, hour, int(written[5] or 0), int(written[6] or 0)), bool(
        written[6]
    )


def is_instant(text: str) -> bool:
    """Whether the text is ISO 8601 with an offset, as Flamingo writes every row's date."""
    iso = _ISO.fullmatch(text.strip()[:60])
    return iso is not None and _OFFSET.fullmatch(iso[7].strip()) is not None


def _parsed(text: str) -> datetime | None:
    try:
        return usable(datetime.fromisoformat(text))
    except ValueError:
        return None


def _moment(
    year: int, month: int, day: int, hour: int = 0, minute: int = 0, second: int = 0
) -> datetime | None:
    try:
        return usable(datetime(year, month, day, hour, minute, second, tzinfo=PARIS))
    except ValueError:
        return None
