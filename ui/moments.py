"""Days and hours as people say them on this desk: *hier*, *mar.*, *19 nov.*, *9 h 41*.

Hours are shown in the time of Paris, whatever the machine believes: deadlines count there.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta

from clementine_crm.clock import PARIS
from ui.speech import say

NEAR = timedelta(days=6)


def _of(list_key: str, place: int) -> str:
    return say(f"moments.{list_key}").split("|")[place]


def _number(day: date) -> str:
    return say("moments.first") if day.day == 1 else str(day.day)


def full_day(day: date) -> str:
    """``19 novembre 2027``."""
    month = _of("months", day.month - 1)
    return say("moments.full_day", day=_number(day), month=month, year=day.year)


def short_day(day: date, today: date | None = None) -> str:
    """``19 nov. 2026``; without the year when it is the year of ``today``."""
    month = _of("short_months", day.month - 1)
    key = "moments.day_month" if today and today.year == day.year else "moments.day_month_year"
    return say(key, day=_number(day), month=month, year=day.year)


def weekday(day: date) -> str:
    """``mardi``."""
    return _of("days", day.weekday())


def hour(instant: datetime) -> str:
    """``9 h 41``."""
    local = instant.astimezone(PARIS)
    return say("moments.hour", hour=local.hour, minute=f"{local.minute:02d}")


def when(instant: datetime, now: datetime) -> str:
    """The shortest that is clear: an hour today, then *hier*, a weekday, a date."""
    day, today = instant.astimezone(PARIS).date(), now.astimezone(PARIS).date()
    return hour(instant) if day == today else near_day(day, today)


def near_day(day: date, today: date) -> str:
    """*aujourd’hui*, *hier*, *demain*, a weekday within six days, otherwise the date."""
    gap = day - today
    if gap == timedelta(0):
        return say("moments.today")
    if abs(gap) == timedelta(days=1):
        return say("moments.tomorrow" if gap > timedelta(0) else "moments.yesterday")
    if abs(gap) <= NEAR:
        return _of("short_days", day.weekday()) if gap < timedelta(0) else weekday(day)
    return short_day(day, today)


def day_and_hour(instant: datetime, now: datetime) -> str:
    """``mar. 17 nov., 16 h 20``; without the weekday beyond six days."""
    local, today = instant.astimezone(PARIS).date(), now.astimezone(PARIS).date()
    shown = short_day(local, today)
    if abs(local - today) <= NEAR:
        shown = f"{_of('short_days', local.weekday())} {shown}"
    return say("moments.day_hour", day=shown, hour=hour(instant))
