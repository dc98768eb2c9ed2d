"""Which copies stay: one a day for 30 days, one a month for 12 months (``mission.md``)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime, timedelta

from clementine_crm.clock import paris_date
from clementine_crm.domain.values import add_months

DAYS = timedelta(days=30)
MONTHS = 12
# Whatever the clock says: a clock that jumped ahead must not empty the folder.
ALWAYS = 3


def staying(copies: Mapping[str, datetime], now: datetime) -> frozenset[str]:
    """The ids that stay: the newest of each day and of each month, today's all, the newest three.

    A copy dated after ``now`` stays. Days are those of Europe/Paris.
    """
    today = paris_date(now)
    newest_first = sorted(copies, key=lambda copy: (copies[copy], copy), reverse=True)
    days = {copy: paris_date(copies[copy]) for copy in newest_first}
    kept = set(newest_first[:ALWAYS]) | {copy for copy, day in days.items() if day >= today}
    kept |= _first_of_each((c, d) for c, d in days.items() if today - d <= DAYS)
    oldest = add_months(today, -MONTHS)
    kept |= _first_of_each((c, d.replace(day=1)) for c, d in days.items() if d >= oldest)
    return frozenset(kept)


def _first_of_each(copies: Iterable[tuple[str, date]]) -> set[str]:
    found: dict[date, str] = {}
    for copy, period in copies:
        found.setdefault(period, copy)
    return set(found.values())
