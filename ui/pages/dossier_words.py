"""How a dossier is said: the right to keep, the next right action, the thread, where values come from."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta

from clementine_crm.clock import paris_date
from clementine_crm.domain.consent_model import ENDED, Purpose, State, Use
from clementine_crm.domain.next_action import (
    TO_INFORM,
    Due,
    NextAction,
    OpenTask,
    Situation,
    Unanswered,
    next_action,
)
from clementine_crm.domain.values import show_phone
from clementine_crm.queries.consents import ConsentLine, Standing
from clementine_crm.queries.dossier import CandidateView, ThreadLine
from clementine_crm.queries.tasks import TaskRow
from ui import moments
from ui.pages.triage_words import known_or, language_name, source_name
from ui.speech import say
from ui.widgets.consent_strip import Consent
from ui.widgets.fact_list import Fact
from ui.widgets.rows import ChipSpec
from ui.widgets.timeline import Event

DAY, SOON = timedelta(days=1), timedelta(days=31)
_SPOKEN = frozenset({"call", "mail", "meeting"})
_ICONS = {
    "note": "note", "call": "phone", "mail": "mail", "meeting": "calendar", "event": "info",
    "application": "mission", "document": "file", "consent": "consent", "message": "send",
}  # fmt: skip
_CARRYING = (Purpose.POOL, Purpose.APPLICATION, Purpose.PLACEMENT)


# The right to keep.
def kept_chip(standing: Standing, today: date) -> ChipSpec:
    """Until when, as a chip: green, amber in the last month, or what must be done first."""
    if standing.use is Use.FULL and standing.until is not None:
        soon = standing.until - today <= SOON
        text = moments.short_day(standing.until)
        return ChipSpec(text, "care" if soon else "good", "clock" if soon else "check")
    if standing.use is Use.FULL:
        return ChipSpec(say("kept.application"), "good", "check")
    if standing.use is Use.CONTRACT:
        return ChipSpec(say("kept.contract"), "neutral")
    if standing.use is Use.CONTACT_ONLY:
        asked = standing.state is State.REQUESTED
        return ChipSpec(say("kept.asked" if asked else "kept.to_inform"), "care", "clock")
    if standing.use is Use.RENEWAL_ONLY:
        return ChipSpec(say("kept.renewal"), "care", "clock")
    return ChipSpec(say("kept.none"), "stop", "lock")


def carrying(consents: Sequence[ConsentLine]) -> ConsentLine | None:
    """The record that speaks for the person: the pool's while it lives, else what carries the file."""
    for purpose in _CARRYING:
        for line in consents:
            if line.purpose is purpose and line.dates.state not in ENDED:
                return line
    return None


def strip_of(view: CandidateView, today: date, *, brief: bool = False) -> Consent | None:
    """The strip of the person's record, None where no date bounds it; ``brief`` in a narrow pane."""
    line = carrying(view.consents)
    if line is None:
        return None
    dates, state = line.dates, line.dates.state
    start = dates.granted_on or (line.events[0].on if line.events else today)
    evidence = evidence_of(line)
    full, short = moments.full_day, moments.short_day

    def near(key: str, day: date) -> str:
        """A date under the track, without its year where there is little room."""
        if not brief:
            return say(f"strip.{key}", day=short(day))
        return say(f"strip.brief_{key}", day=short(day, day if key != "erased" else None))

    if state in (State.GIVEN, State.ACTIVE) and dates.valid_through and dates.renewal_due_on:
        end = (dates.latest_send or dates.renewal_due_on) + DAY
        soon = dates.valid_through - today <= SOON
        return Consent(
            "care" if soon else "good", say("strip.until", day=full(dates.valid_through)),
            start, dates.renewal_due_on, end, today, near("given", start),
            near("one_request", dates.renewal_due_on),
            near("erased", end), evidence,
        )  # fmt: skip
    by = dates.answer_by or dates.ask_by or dates.latest_send
    if by is not None:
        end = dates.erase_on or by + DAY
        key = "inform" if state in TO_INFORM else "send" if state is State.RENEWAL_DUE else "answer"
        ask = dates.sent_on or (by if key != "answer" else start)
        return Consent(
            "care", say(f"strip.{key}_by", day=full(by)), start, min(ask, end), end, today,
            near("since", start), near(f"{key}_short", by),
            near("erased", end), evidence,
        )  # fmt: skip
    if state is State.CLOSED and dates.erase_on:
        return Consent(
            "care", say("strip.closed", day=full(dates.erase_on)), start, dates.erase_on,
            dates.erase_on, today, near("since", start), "",
            near("erased", dates.erase_on), evidence,
        )  # fmt: skip
    return None


def ground_sentence(view: CandidateView) -> tuple[str, str]:
    """Title and evidence where no strip can be drawn: an open application, a contract, nothing."""
    line = carrying(view.consents)
    if line is None:
        return say("strip.nothing"), ""
    if line.purpose is Purpose.PLACEMENT:
        return say("strip.placement"), evidence_of(line)
    references = [a.reference for a in view.applications if a.reference]
    key = "strip.application" if references else "strip.spontaneous"
    return say(key, references=", ".join(references)), evidence_of(line)


def evidence_of(line: ConsentLine) -> str:
    """What proves the last act on a record, in one line."""
    if not line.events:
        return source_name(line.source)
    last = line.events[-1]
    channel = known_or(f"channels.{last.channel}", "")
    parts = [known_or(f"acts.{last.type}", last.type), channel or source_name(line.source)]
    if last.notice:
        parts.append(say("strip.text", version=last.notice))
    return ", ".join(dict.fromkeys(filter(None, parts))) + "."


# The next right action.
def next_of(view: CandidateView, today: date) -> NextAction | None:
    """What is due for this person, None when nothing is."""
    spoken = [paris_date(line.at) for line in view.thread if line.kind in _SPOKEN]
    return next_action(
        Situation(
            tuple((line.purpose, line.dates) for line in view.consents),
            tuple(OpenTask(t.text, t.due) for t in view.tasks if t.done_at is None),
            tuple(
                Unanswered(a.stage, a.reference, paris_date(a.received_at))
                for a in view.applications
                if a.received_at is not None
            ),
            max(spoken, default=None),
        ),
        today,
    )


def say_next(action: NextAction, view: CandidateView, today: date) -> tuple[str, str]:
    """Title and reason of what is due."""
    day = _day_in_words(action.by, today) if action.by is not None else ""
    full = moments.full_day(action.by) if action.by is not None else ""
    if action.due is Due.TASK:
        late = action.by is not None and action.by < today
        return say("next.task", task=action.about), say(
            "next.task_late" if late else "next.task_due", day=day
        )
    if action.due is Due.CALL:
        about = action.about or say("next.no_mission")
        received = [a.received_at for a in view.applications if a.received_at is not None]
        since = moments.short_day(paris_date(max(received)), today) if received else ""
        return say("next.call"), say("next.call_because", about=about, day=since)
    return say(f"next.{action.due}", day=full), say(f"next.{action.due}_because", day=full)


def _day_in_words(day: date, today: date) -> str:
    """*hier*, *mardi*, *le 19 novembre 2026*: inside a sentence nothing is cut short."""
    gap = abs(day - today)
    if gap <= DAY:
        return moments.near_day(day, today)
    if gap <= moments.NEAR:
        return moments.weekday(day)
    return say("next.on_day", day=moments.full_day(day))


# The thread.
def event_of(line: ThreadLine, now: datetime, *, fresh: bool = False) -> Event:
    """One line of the thread."""
    when = moments.day_and_hour(line.at, now)
    icon = _ICONS.get(line.kind, "info")
    by = line.by or say("thread.somebody")
    if line.kind == "note":
        return Event(icon, say("thread.note", by=by), when, line.text, fresh)
    if line.kind == "call":
        outcome = known_or(f"outcomes.{line.outcome}", line.outcome)
        step = say("thread.next_step", step=line.next_step) if line.next_step else ""
        text = "\n".join(filter(None, (line.text, step)))
        return Event(icon, say("thread.call", by=by, outcome=outcome), when, text, fresh)
    if line.kind == "application":
        title = line.title or say("thread.no_mission")
        return Event(icon, say("thread.application", about=title), when, line.text, fresh)
    if line.kind == "document":
        return Event(icon, say("thread.document"), when, line.title, fresh)
    if line.kind == "consent":
        purpose = known_or(f"purposes.{line.outcome}", line.outcome)
        act = known_or(f"acts.{line.title}", line.title)
        return Event(icon, say("thread.consent", act=act, purpose=purpose), when, line.text, fresh)
    if line.kind == "message":
        return Event(icon, say("thread.message"), when, line.title, fresh)
    return Event(icon, known_or(f"thread.{line.kind}", line.kind), when, line.text, fresh)


# Values and where they come from.
def facts_of(view: CandidateView) -> list[Fact]:
    """Coordinates, each with its source at the right; the cells of the head can be corrected."""
    facts = [
        Fact("email", say("facts.email"), p.value, _origin(view, "email"), editable=False)
        for p in view.points if p.kind == "email"
    ] + [
        Fact("phone", say("facts.phone"), show_phone(p.value), _origin(view, "phone"), editable=False)
        for p in view.points if p.kind == "phone"
    ]  # fmt: skip
    address = ("postal_address",) if view.postal_address else ()
    for cell in ("headline", "town", *address, "availability"):
        facts.append(Fact(cell, say(f"facts.{cell}"), getattr(view, cell), _origin(view, cell)))
    return facts


def _origin(view: CandidateView, cell: str) -> str:
    for origin in view.origins:
        if cell in origin.cells or "*" in origin.cells:
            return known_or(f"origins.{origin.source}", source_name(origin.source))
    return ""


def stage_name(stage: str) -> str:
    """The stage of an application, in words."""
    return known_or(f"stages.{stage}", stage)


def task_chip(task: TaskRow, today: date) -> ChipSpec | None:
    """When it is due."""
    if task.due is None or task.done_at is not None:
        return None
    late = task.due < today
    kind = "stop" if late else "accent" if task.due == today else "neutral"
    return ChipSpec(moments.near_day(task.due, today), kind, "alert" if late else "")


def languages_of(view: CandidateView) -> list[str]:
    """Languages with their level."""
    return [language_name(f"{row.name} {row.detail}".strip()) for row in view.languages]
