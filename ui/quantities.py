"""Numbers, sizes and spans of time as the language on screen writes them: *4 987*, *2,4 Mo*."""

from __future__ import annotations

from datetime import datetime

from ui.speech import say, words

_NARROW = "\u202f"
_KILO = 1000


def number(value: int) -> str:
    """Thousands apart: ``4 987`` with a narrow no-break space, ``4,987`` in English."""
    return f"{value:,}".replace(",", _NARROW if words().lang == "fr" else ",")


def size(amount: int) -> str:
    """Bytes as people say them: ``312 ko``, ``2,4 Mo``."""
    unit, value = "byte", float(amount)
    for larger in ("kilo", "mega", "giga", "tera"):
        if value < _KILO:
            break
        unit, value = larger, value / _KILO
    digits = 0 if unit in ("byte", "kilo") or value >= 100 else 1
    shown = f"{value:.{digits}f}"
    if words().lang == "fr":
        shown = shown.replace(".", ",")
    return say(f"quantities.{unit}", amount=shown)


def ago(instant: datetime, now: datetime) -> str:
    """*à l’instant*, *il y a 12 min*, *il y a 3 h*, *il y a 2 jours*."""
    minutes = max(0, int((now - instant).total_seconds() // 60))
    if not minutes:
        return say("quantities.now")
    if minutes < 60:
        return say("quantities.minutes_ago", n=minutes)
    hours = minutes // 60
    if hours < 48:
        return say("quantities.hours_ago", n=hours)
    return say("quantities.days_ago", n=hours // 24, count=number(hours // 24))
