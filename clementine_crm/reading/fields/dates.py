"""Periods as CVs write them: ``2015 – 2019``, ``09/2019 – aujourd'hui``, ``Depuis 2024``, ``May 2023 - Present``."""

from __future__ import annotations

import re

_MONTH = (
    r"(?:janv?(?:ier)?|fevr?(?:ier)?|févr?(?:ier)?|f[ée]v|mars|avr(?:il)?|mai|juin|juil(?:let)?|ao[uû]t|sept?(?:embre)?|"
    r"oct(?:obre)?|nov(?:embre)?|d[ée]c(?:embre)?|jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|"
    r"aug(?:ust)?|september|october|november|december|summer|spring|fall|winter|[ée]t[ée])\.?"
)
_POINT = rf"(?:(?:{_MONTH}|\d{{1,2}}) ?[ /.\-]? ?)?(?:19|20)\d\d(?: ?[/\-] ?\d{{1,2}}(?!\d))?"
_NOW = (
    r"(?:aujourd['’]?hui|auj\.?|pr[ée]sent(?!\w)|actuel(?:lement)?|en cours|en poste|ce jour|now|current(?:ly)?|today|"
    r"ongoing|to date)"
)
_DASH = r" ?(?:-|–|—|à|au|a|/|to|until|jusqu['’]en|>|→) ?"
_PERIOD = re.compile(
    rf"\b(?:de |from )?{_POINT}{_DASH}(?:{_POINT}|{_NOW}|\d\d(?!\d)|$)"
    rf"|\b(?:depuis|since|d[eè]s|à partir de) (?:le |l['’])?{_POINT}",
    re.IGNORECASE,
)
_ANY = re.compile(
    rf"\b(?:de |from )?{_POINT}(?:{_DASH}(?:{_POINT}|{_NOW}|\d\d(?!\d)))?(?:{_DASH}$)?"
    rf"|\b(?:depuis|since) (?:le |l['’])?{_POINT}"
    rf"|\(?\b\d{{1,2}} (?:ans?|mois|years?|months?)\b\)?",
    re.IGNORECASE,
)
_END = re.compile(rf"\s*(?:{_DASH})?(?:{_NOW}|{_POINT})\s*", re.IGNORECASE)
_EMPTY = re.compile(r"\([\s,;–—-]*\)")
_DIGITS = re.compile(r"\d")
_LONGEST = 300


def has_period(text: str) -> bool:
    """Whether a line names a beginning and an end, or a beginning that lasts."""
    return bool(_DIGITS.search(text) and _PERIOD.search(text[:_LONGEST]))


def without_dates(text: str) -> str:
    """The line with a tab in place of every date, period and length of time."""
    return _EMPTY.sub("\t", _ANY.sub("\t", text)) if _DIGITS.search(text) else text


def is_end(text: str) -> bool:
    """Whether the line is nothing but the end of a period begun above it."""
    return len(text) <= _LONGEST and bool(_END.fullmatch(text))


def has_date(text: str) -> bool:
    """Whether any date stands on the line."""
    return bool(_DIGITS.search(text) and _ANY.search(text[:_LONGEST]))
