"""How the list of candidates is said: its cells, its count, its filters."""

from __future__ import annotations

import re
from datetime import date

from clementine_crm.domain.consent_model import Use
from clementine_crm.domain.ids import Id
from clementine_crm.queries.candidates import CandidateFilter
from clementine_crm.queries.hidden import LIMITED
from ui import moments
from ui.models.found import EVERYBODY, Found, FoundRow
from ui.pages.dossier_words import kept_chip
from ui.pages.triage_words import known_or, language_name, source_name
from ui.quantities import number
from ui.speech import say
from ui.widgets.rows import Cell

_LANGUAGE = re.compile(r"[a-z]{2}(?: [ABC][12])?")
COLUMNS = ("person", "passage", "town", "available", "contact", "kept")


def heads(*, searching: bool) -> tuple[str, ...]:
    """The names of the columns."""
    passage = "candidates.passage" if searching else "candidates.skills"
    return tuple(say(passage if c == "passage" else f"candidates.{c}") for c in COLUMNS)


def cells_of(found: FoundRow, today: date) -> tuple[Cell, ...]:
    """One line of the table."""
    row = found.row
    contact = moments.near_day(row.last_contact, today) if row.last_contact else ""
    return (
        Cell(row.name or say("candidates.no_name"), row.headline or " "),
        Cell(
            found.passage if found.lit else skills_of(found.passage),
            marks=found.lit,
            soft=not found.lit,
        ),
        Cell(row.town),
        Cell(row.availability, soft=True),
        Cell(contact, soft=True),
        Cell(chip=kept_chip(row.standing, today)),
    )


def skills_of(text: str) -> str:
    """What a person can do, as the index holds it: languages by their names."""
    parts = [part.strip() for part in text.split(",")]
    return ", ".join(language_name(p) if _LANGUAGE.fullmatch(p) else p for p in parts if p)


def count_of(found: Found) -> str:
    """How many answer, and how long the base took."""
    if not found.total:
        return say("candidates.nobody")
    if not found.wanted.searching:
        key = "candidates.all" if found.wanted.filter == EVERYBODY else "candidates.filtered"
        return say(key, n=found.total, count=number(found.total))
    key = "candidates.found" if found.exact else "candidates.found_least"
    ms = max(1, round(found.ms))
    return say(key, n=found.total, count=number(found.total), ms=ms)


def shown_of(found: Found) -> str:
    """The foot of the list, left: what is in the list."""
    if len(found) < found.total:
        return say("candidates.ranked", count=number(len(found)), total=number(found.total))
    return say("candidates.whole", n=found.total, count=number(found.total))


def hidden_of(found: Found) -> str:
    """The foot of the list, right: who fits and may not be shown; "" when nobody."""
    if not found.hidden:
        return ""
    return say("candidates.hidden", n=found.hidden, count=number(found.hidden))


def reason_of(state: str) -> str:
    """Why persons in a state are not listed."""
    if state == LIMITED:
        return say("hidden.limited")
    return known_or(f"states.{state}", say("hidden.other"))


def parts_of(wanted: CandidateFilter, missions: dict[Id, str]) -> list[tuple[str, str, str]]:
    """The filled fields of a filter: name, icon, words."""
    found = []
    if wanted.use is not None:
        found.append(("use", "consent", say(f"filters.use_{wanted.use}")))
    if wanted.town:
        found.append(("town", "pin", wanted.town))
    if wanted.source:
        found.append(("source", "download", source_name(wanted.source)))
    if wanted.tag:
        found.append(("tag", "tag", wanted.tag))
    if wanted.mission:
        found.append(("mission", "mission", missions.get(wanted.mission, say("filters.mission"))))
    return found


USES = (Use.FULL, Use.CONTACT_ONLY, Use.CONTRACT)
