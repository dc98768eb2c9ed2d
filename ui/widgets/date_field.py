"""A day typed as people say it: ``12/03/2027``, ``12 mars``, ``demain``, ``lundi``, ``+3``."""

from __future__ import annotations

import re
from datetime import date, timedelta

from PySide6.QtWidgets import QWidget

from clementine_crm.domain.values import fold
from ui import moments
from ui.speech import say
from ui.widgets.field import Field

_NUMBERS = re.compile(r"(\d{1,2})[/.\- ](\d{1,2})(?:[/.\- ](\d{2}|\d{4}))?")
_ISO = re.compile(r"(\d{4})[- ](\d{1,2})[- ](\d{1,2})")
_WORDS = re.compile(r"(\d{1,2})(?:er|st|nd|rd|th)? ([a-z]{3,})\.?(?: (\d{4}))?")
_AHEAD = re.compile(r"\+ ?(\d{1,3})")


def day_of(text: str, today: date, *, past: bool = False) -> date | None:
    """The day that a text means, None when it means none.

    A day without its year is the next one, or with ``past`` the last one.
    """
    said = fold(text)
    for words, gap in ((say("moments.today"), 0), (say("moments.tomorrow"), 1),
                       (say("moments.yesterday"), -1)):  # fmt: skip
        if said == fold(words):
            return today + timedelta(gap)
    if ahead := _AHEAD.fullmatch(said):
        return today + timedelta(int(ahead[1]))
    weekday = _weekday(said)
    if weekday is not None:
        gap = (weekday - today.weekday() + 6) % 7 + 1
        return today + timedelta(gap - 7 if past else gap)
    return _written(said, today, past=past)


def _weekday(said: str) -> int | None:
    days = [fold(day) for day in say("moments.days").split("|")]
    return days.index(said) if said in days else None


def _written(said: str, today: date, *, past: bool) -> date | None:
    if iso := _ISO.fullmatch(said):
        return _day(int(iso[1]), int(iso[2]), int(iso[3]))
    if numbers := _NUMBERS.fullmatch(said):
        year = int(numbers[3]) if numbers[3] else None
        month = int(numbers[2])
    elif words := _WORDS.fullmatch(said):
        months = [fold(name) for name in say("moments.months").split("|")]
        found = [n for n, name in enumerate(months, 1) if name.startswith(words[2])]
        if len(found) != 1 and words[2] not in months:
            return None
        numbers, month = words, found[0]
        year = int(words[3]) if words[3] else None
    else:
        return None
    day = int(numbers[1])
    if year is not None:
        return _day(year + 2000 if year < 100 else year, month, day)
    near = _day(today.year, month, day)
    if near is None:
        return None
    if past:
        return near if near <= today else _day(today.year - 1, month, day)
    return near if near >= today else _day(today.year + 1, month, day)


def _day(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


class DateField(Field):
    """``day()`` is what was typed; the soft line says the day in full as soon as it is one."""

    def __init__(
        self, label: str, today: date, *, past: bool = False, parent: QWidget | None = None
    ) -> None:
        ghost = say("date_field.ghost_past" if past else "date_field.ghost")
        super().__init__(label, ghost=ghost, icon="calendar", parent=parent)
        self._today, self._past, self._label = today, past, label
        self.changed.connect(self._read)

    def day(self) -> date | None:
        """The day, None when nothing (or nothing readable) stands there."""
        return day_of(self.text(), self._today, past=self._past)

    def set_day(self, day: date | None) -> None:
        """Put a day in."""
        self.set_text(f"{day:%d/%m/%Y}" if day else "")

    def readable(self) -> bool:
        """Whether it may be left as it is: empty, or a day. Otherwise it says how to mend it."""
        if not self.text().strip() or self.day() is not None:
            return True
        self.set_error(say("date_field.unreadable"))
        self.setFocus()
        return False

    def _read(self, _text: str) -> None:
        day = self.day()
        full = f"{moments.weekday(day)} {moments.full_day(day)}" if day else ""
        self.label.setText(f"{self._label} · {full}" if full else self._label)
