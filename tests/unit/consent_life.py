"""One person lived day by day: the events of a case, and the acts a daily run adds to them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime, time, timedelta
from typing import Any

from clementine_crm.clock import PARIS, paris_date
from clementine_crm.domain.consent import (
    BASIS_OF,
    POLICY_OF,
    Act,
    Channel,
    ConsentEvent,
    ConsentRecord,
    Dates,
    EventType,
    Policy,
    Purpose,
    State,
    Suppression,
    Use,
    act_due,
    due,
    may_return,
    state_at,
)
from clementine_crm.domain.ids import new_id

DAY = timedelta(days=1)
NOTICE = new_id()
WHOLE_PERSON = frozenset(
    {
        "hard_bounce",
        "no_channel",
        "channel_added",
        "restriction_on",
        "restriction_off",
        "hold_on",
        "hold_off",
        "erasure_request",
        "person_contact",
    }
)
ATTEMPTS = frozenset({"import_attempt", "sourcing_attempt", "disclosure_attempt"})


def instant(event: Mapping[str, Any]) -> datetime:
    if "at" in event:
        return datetime.fromisoformat(event["at"])
    return datetime.combine(date.fromisoformat(event["on"]), time(12), PARIS)


class PersonLife:
    """The records of one person; ``live`` runs every day at 03:00 in Paris."""

    def __init__(self, policies: Mapping[str, str] | None = None) -> None:
        self.dossier = new_id()
        self.policies = dict(policies or {})
        self.records: dict[Purpose, list[ConsentRecord]] = {}
        self.events: list[ConsentEvent] = []
        self.actions: dict[Purpose, list[list[str]]] = {}
        self.pauses: list[tuple[date, date]] = []

    def record(self, purpose: Purpose) -> ConsentRecord | None:
        return self.records.get(purpose, [None])[-1]  # type: ignore[list-item]  # absent is None

    def dates(self, purpose: Purpose, on: date) -> Dates | None:
        record = self.record(purpose)
        return due(record, self.events, on) if record else None

    def begin(self, purpose: Purpose) -> ConsentRecord:
        """The purpose's record, a new one after an erasure."""
        record = self.record(purpose)
        if record and state_at(record, self.events, date.max)[0] is not State.ERASED:
            return record
        policy = Policy(self.policies.get(purpose, POLICY_OF[purpose]))
        record = ConsentRecord(
            dossier=self.dossier, purpose=purpose, policy=policy, basis=BASIS_OF[policy]
        )
        self.records.setdefault(purpose, []).append(record)
        return record

    def act(
        self, kind: EventType, when: datetime, record: ConsentRecord | None, **more: Any
    ) -> None:
        self.events.append(
            ConsentEvent(
                dossier=self.dossier,
                record=record.id if record else None,
                type=kind,
                event_time=when,
                received_time=when,
                channel=Channel.WEB_FORM,
                notice_version=NOTICE,
                evidence="00" * 32,
                **more,
            )
        )

    def happen(self, event: Mapping[str, Any]) -> None:
        kind = event["type"]
        if kind == "scheduler_off":
            self.pauses.append((date.fromisoformat(event["from"]), date.fromisoformat(event["to"])))
            return
        when = instant(event)
        if kind in ATTEMPTS:
            self._attempt(kind, event, when)
        elif kind in WHOLE_PERSON:
            self.act(EventType(kind), when, None)
        elif kind == "application_received":
            self.act(EventType(kind), when, self.begin(Purpose.APPLICATION))
            self.act(EventType.PERSON_CONTACT, when, None)
            if event.get("consent_pool"):
                self.act(EventType.CONSENT_GIVEN, when, self.begin(Purpose.POOL))
        elif kind in ("application_rejected", "placed"):
            self.act(EventType(kind), when, self.record(Purpose.APPLICATION))
            if kind == "placed":
                self.act(EventType.PLACED, when, self.begin(Purpose.PLACEMENT))
        elif kind == "triage_reject":
            for purpose in (Purpose.APPLICATION, Purpose.POOL):
                if self.record(purpose):
                    self.act(EventType.TRIAGE_REJECT, when, self.record(purpose))
        else:
            self._of_purpose(kind, event, when)

    def _of_purpose(self, kind: str, event: Mapping[str, Any], when: datetime) -> None:
        default = "NEWS" if kind == "newsletter_activity" else "POOL"
        purpose = Purpose(event.get("purpose", default))
        begins = kind in ("consent_given", "collected", "sourced", "imported_unknown")
        record = self.begin(purpose) if begins else self.record(purpose)
        standing = self.dates(purpose, paris_date(when))
        if kind == "reply_accept" and standing and standing.state is State.ERASED:
            self._did(purpose, paris_date(when), "invite_to_reapply")
        if kind == "reply_ambiguous":
            self._did(purpose, paris_date(when), "task_clarify")
        if record:
            last = event.get("last_activity")
            more = {"last_contact": date.fromisoformat(last)} if last else {}
            self.act(EventType(kind), when, record, **more)

    def _attempt(self, kind: str, event: Mapping[str, Any], when: datetime) -> None:
        purpose, on = Purpose(event.get("purpose", "POOL")), paris_date(when)
        dates = self.dates(purpose, on)
        if kind == "disclosure_attempt":
            full = dates is not None and dates.use == "full"
            self._did(purpose, on, "disclosed" if full else "disclosure_blocked")
            return
        held = dates or Dates(None, Use.NONE)
        if kind == "sourcing_attempt":
            if held.suppression is Suppression.BLOCKED:
                self._did(purpose, on, "sourcing_blocked")
            else:
                self.act(EventType.SOURCED, when, self.begin(purpose))
            return
        as_of = date.fromisoformat(event["data_as_of"])
        fine = may_return(held, as_of)
        self._did(purpose, on, "import_accepted" if fine else "import_blocked")

    def _did(self, purpose: Purpose, on: date, what: str) -> None:
        self.actions.setdefault(purpose, []).append([on.isoformat(), what])

    def run(self, on: date) -> None:
        """The daily run: what is due is done, and done is an event."""
        if any(start <= on <= end for start, end in self.pauses):
            return
        when = datetime.combine(on, time(3), PARIS)
        for purpose in list(self.records):
            record = self.records[purpose][-1]
            before = state_at(record, self.events, on - DAY)[0]
            now = state_at(record, self.events, on)[0]
            if (before, now) == (State.NOTICE_SENT, State.ACTIVE):
                self._did(purpose, on, "extend_by_silence")
            while (what := act_due(record, self.events, on)) is not None:
                self._did(purpose, on, what.value)
                kind = {Act.ERASE: EventType.ERASED, Act.SEND_REMINDER: EventType.REMINDER_SENT}
                self.act(kind.get(what, EventType.RENEWAL_SENT), when, record)

    def live(self, events: Iterable[Mapping[str, Any]], until: date) -> None:
        """Everything up to the end of ``until``, in time order."""
        timed = [e for e in events if e["type"] != "scheduler_off"]
        for event in events:
            if event["type"] == "scheduler_off":
                self.happen(event)
        queue = sorted(timed, key=instant)
        if not queue:
            return
        day = paris_date(instant(queue[0]))
        while day <= until:
            early = datetime.combine(day, time(3), PARIS)
            while queue and instant(queue[0]) < early:
                self.happen(queue.pop(0))
            self.run(day)
            while queue and paris_date(instant(queue[0])) <= day:
                self.happen(queue.pop(0))
            day += DAY

    def standing(self, on: date) -> str:
        """``live``, ``placement_only`` or ``erased``: what is left of the person."""
        left = {
            p
            for p, rs in self.records.items()
            if state_at(rs[-1], self.events, on)[0] not in (None, State.ERASED)
        }
        if not left:
            return "erased"
        return "placement_only" if left == {Purpose.PLACEMENT} else "live"
