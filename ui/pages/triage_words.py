"""How an incoming item is said: the rows of the queue, the facts with their lines, the right to keep."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from clementine_crm.clock import paris_date
from clementine_crm.domain.inbox import ASKED, LATER, SET_ASIDE
from clementine_crm.domain.values import fold, show_phone
from clementine_crm.queries.inbox import FieldLine, InboxRow, ItemView
from clementine_crm.queries.known import Known
from ui import moments
from ui.speech import say, words
from ui.widgets.chip import ChipKind
from ui.widgets.compare import Pair
from ui.widgets.fact_list import Fact
from ui.widgets.rows import ChipSpec, Row

ENQUIRY = "enquiry"
APPLIED = "applied"
_ICONS = {"website_forms": "globe", "mail_files": "mail", "files": "file"}
_ALWAYS = ("name", "email", "phone", "town", "headline")
_FOR_ENQUIRY = {"company": "organisation", "headline": "function"}
_MORE = ("company", "diploma", "skill", "language", "link", "postal_address")
FIELDS_OF = {"name": ("given_name", "family_name")}
"""The values of an item that one fact shows; every other fact is one value of its own name."""


def known_or(key: str, other: str) -> str:
    """The sentence of a key, or ``other`` when a later part of the house brings a new one."""
    try:
        return words()(key)
    except KeyError:
        return other


def source_name(source: str) -> str:
    """A source as people call it; one typed at an import stands as it was typed."""
    return known_or(f"sources.{source}", source)


def language_name(value: str) -> str:
    """``en B2`` as *anglais B2*; what is written out already stays."""
    code, _, level = value.partition(" ")
    name = known_or(f"languages.{code}", "") if len(code) == 2 else ""
    return f"{name} {level}".strip() if name else value


def title_of(row: InboxRow) -> str:
    """The person, or that the name is still to be read."""
    return row.name or say("triage.no_name")


def about_of(row: InboxRow) -> str:
    """What it is and which mission is meant, in one line."""
    if row.kind == ENQUIRY:
        return say("triage.about_enquiry", subject=row.subject or source_name(row.source))
    what = row.position or row.subject
    if row.mission:
        meant = say("triage.answers", reference=row.mission)
    elif row.reference:
        meant = say("triage.answers_unknown", reference=row.reference)
    elif row.set_aside:
        return row.subject
    else:
        meant = say("triage.spontaneous")
    # A form's subject names reference and person once more.
    shown = row.position if row.mission or row.reference else what
    return f"{shown} · {meant}" if shown and shown != meant else meant


def aside_name(key: str) -> str:
    """Why an item is no application, in two words."""
    return known_or(f"aside.{key}", say("aside.other"))


def notices_of(view: ItemView) -> list[str]:
    """What must be known before deciding: why it was set aside, what was mended or left."""
    keys = (view.row.set_aside, *view.warnings)
    return [told for key in keys if key and (told := known_or(f"reading.{key}", ""))]


def chip_of(row: InboxRow, now: datetime) -> ChipSpec | None:
    """One chip at most: why it is set aside, that it is late, that it may be known, or that it waits."""
    if row.status == SET_ASIDE:
        return ChipSpec(aside_name(row.set_aside))
    if row.red and row.received_at:
        days = (paris_date(now) - paris_date(row.received_at)).days
        return ChipSpec(say("triage.days", n=days), "stop", "alert")
    if row.known:
        return ChipSpec(say("triage.known_chip"), "care")
    if row.status == ASKED:
        return ChipSpec(say("triage.asked_chip"))
    if row.status == LATER:
        return ChipSpec(say("triage.later_chip"))
    return None


def queue_row(row: InboxRow, now: datetime) -> Row:
    """The 72 px of the queue."""
    source = known_or(f"origins.{row.source}", row.source)
    source = source[:1].upper() + source[1:]
    if row.known and row.red:
        source = f"{source} · {say('triage.known_chip')}"
    return Row(
        title_of(row),
        about_of(row),
        source,
        _ICONS.get(row.source, "download"),
        moments.when(row.received_at, now) if row.received_at else "",
        chip=chip_of(row, now),
    )


# Facts.
def facts_of(view: ItemView) -> list[Fact]:
    """What was read, a line each; the five that a dossier needs are there even when empty."""
    always = [_fact(view, name) for name in _ALWAYS]
    more = [fact for name in _MORE if (fact := _fact(view, name)).value]
    return always + more


def lines_of(view: ItemView, name: str) -> list[FieldLine]:
    """The values behind a fact, those that count first."""
    fields = FIELDS_OF.get(name, (name,))
    lines = [line for line in view.fields if line.name in fields]
    if name in ("email", "phone"):
        counted = view.emails if name == "email" else view.phones
        lines.sort(key=lambda line: line.value not in counted)
        return [line for line in lines if line.value in counted] or lines
    return lines


def _fact(view: ItemView, name: str) -> Fact:
    lines = lines_of(view, name)
    label = _FOR_ENQUIRY.get(name, name) if view.row.kind == ENQUIRY else name
    return Fact(name, say(f"facts.{label}"), _value(name, lines), _source(lines))


def _value(name: str, lines: Sequence[FieldLine]) -> str:
    if name == "name":
        parts = {line.name: line.value for line in reversed(lines)}
        return " ".join(parts[n] for n in FIELDS_OF["name"] if n in parts)
    shown = [show_value(line) for line in lines]
    if name in ("town", "headline"):
        return shown[0] if shown else ""
    once: dict[str, str] = {}
    for text in shown:
        once.setdefault(fold(text), text)
    return ", ".join(once.values())


def show_value(line: FieldLine) -> str:
    """A value as it is read: a number in pairs, a language by its name."""
    if line.name == "phone":
        return show_phone(line.value)
    return language_name(line.value) if line.name == "language" else line.value


def _source(lines: Sequence[FieldLine]) -> str:
    if not lines:
        return ""
    places = {(line.document, line.line) for line in lines if line.line}
    if len(places) > 1:
        return say("facts.lines", n=len(places))
    first = lines[0]
    if first.line:
        return say("facts.cv_line", line=first.line)
    return known_or(f"origins.{first.source}", source_name(first.source))


def left_out(view: ItemView) -> str:
    """Which forbidden fields were dropped, by name; "" when none was."""
    named = [known_or(f"forbidden.{key}", key) for key in view.left_out]
    return say("facts.left_out", fields=", ".join(named)) if named else ""


# The right to keep.
@dataclass(frozen=True)
class Lawful:
    """What the card *Droit de conserver* says. ``asks`` keeping writes a request."""

    chip: str
    kind: ChipKind
    evidence: str
    until: str
    asks: bool
    proof: bool


def lawful_of(view: ItemView, now: datetime) -> Lawful:
    """What keeping would rest on, from the boxes, the ground and the mission."""
    if view.row.kind == ENQUIRY:
        return Lawful(say("lawful.enquiry"), "neutral", say("lawful.enquiry_evidence"),
                      say("lawful.enquiry_until"), asks=False, proof=False)  # fmt: skip
    if view.keep_until is not None:
        return Lawful(
            say("lawful.agreed"), "good", _evidence(view, now),
            say("lawful.until", day=moments.full_day(view.keep_until)), asks=False, proof=True,
        )  # fmt: skip
    if view.ground != APPLIED:
        known = known_or(f"lawful.{view.ground}", say("lawful.sourced"))
        return Lawful(say("lawful.to_inform"), "care", known, say("lawful.to_inform_until"),
                      asks=True, proof=False)  # fmt: skip
    if view.mission is not None:
        reference = view.mission.reference
        return Lawful(say("lawful.application"), "good", _unticked(view),
                      say("lawful.application_until", reference=reference),
                      asks=False, proof=bool(view.boxes))  # fmt: skip
    return Lawful(say("lawful.to_ask"), "care", _unticked(view), say("lawful.to_ask_until"),
                  asks=True, proof=bool(view.boxes))  # fmt: skip


def _evidence(view: ItemView, now: datetime) -> str:
    box = next((box for box in view.boxes if box.purpose == "POOL"), None)
    version = box.version if box is not None else ""
    at = view.row.received_at or now
    return say("lawful.evidence", source=source_name(view.row.source),
               day=moments.short_day(paris_date(at)), hour=moments.hour(at),
               version=version or say("lawful.no_version"))  # fmt: skip


def _unticked(view: ItemView) -> str:
    return say("lawful.unticked" if view.boxes else "lawful.no_box")


# Already known.
def evidence_of(known: Known) -> str:
    """What agrees, in words."""
    named = []
    for mark in known.evidence:
        kind = mark.split(":", 1)[0].rstrip("~")
        named.append(known_or(f"known.{kind}", ""))
    return ", ".join(dict.fromkeys(filter(None, named)))


def pairs_of(known: Known) -> list[Pair]:
    """Both sides of each value that is compared."""
    shown = []
    for line in known.compared:
        left, right = line.theirs, line.ours
        if line.name == "phone":
            left, right = (
                ", ".join(map(show_phone, filter(None, v.split(", ")))) for v in (left, right)
            )
        shown.append(Pair(say(f"facts.{line.name}"), left, right, line.same and bool(line.ours)))
    return shown


def likely(view: ItemView) -> tuple[Known, ...]:
    """Persons that are probably this one, and may be worked with."""
    return tuple(known for known in view.known if known.likely)
