"""The worked lives of the data-protection specification, lived day by day with an injected clock."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from clementine_crm.clock import paris_date
from clementine_crm.domain.consent import Dates, Purpose
from clementine_crm.domain.rights import breach_dates, request_dates
from tests.unit.consent_life import PersonLife, instant

CASES = Path(__file__).parent.parent / "data" / "consent_cases.json"
FIELDS = {
    "state": "state",
    "use": "use",
    "granted_on": "granted_on",
    "valid_through": "valid_through",
    "renewal_due": "renewal_due_on",
    "latest_send": "latest_send",
    "sent_on": "sent_on",
    "reply_deadline": "answer_by",
    "reminder_on": "remind_on",
    "cap": "cap",
    "ask_due": "ask_by",
    "erasure_due": "erase_on",
    "erased_on": "erased_on",
    "late": "late",
    "suppression": "suppression",
    "triage_due": "triage_by",
    "retained_until": "retained_until",
    "invoice_until": "invoice_until",
}


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    paths = [CASES]
    if given := metafunc.config.getoption("--consent-cases"):
        paths.append(Path(given))
    cases = [case for path in paths for case in json.loads(path.read_text("utf-8"))["cases"]]
    metafunc.parametrize("case", cases, ids=[case["id"] for case in cases])


def plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date) else value


def test_the_life_goes_as_written(case: dict[str, Any]) -> None:
    expected = [e for e in case["expect"] if e.get("purpose", "POOL") not in REGISTERS]
    for expect in expected:
        on = date.fromisoformat(expect["as_of"])
        person = PersonLife(case.get("policy"))
        person.live([e for e in case["events"] if not e["type"].startswith(("dsar", "breach"))], on)
        found = observe(person, Purpose(expect.get("purpose", "POOL")), on)
        asserted = {k: v for k, v in expect.items() if k not in ("as_of", "purpose")}
        assert {k: found[k] for k in asserted} == asserted, (case["id"], expect["as_of"])
    for expect in case["expect"]:
        if expect.get("purpose") in REGISTERS:
            found = REGISTERS[expect["purpose"]](
                case["events"], date.fromisoformat(expect["as_of"])
            )
            asserted = {k: v for k, v in expect.items() if k not in ("as_of", "purpose")}
            assert {k: found[k] for k in asserted} == asserted, (case["id"], expect["as_of"])


def a_request(events: list[dict[str, Any]], on: date) -> dict[str, Any]:
    """The one rights request of a case as it stands at the end of a day."""
    days = {
        kind: [d for e in events if e["type"] == kind and (d := paris_date(instant(e))) <= on]
        for kind in {e["type"] for e in events}
    }
    asked = next(iter(days.get("dsar_identity_requested", [])), None)
    proved = next(iter(days.get("dsar_identity_ok", [])), None)
    received = days["dsar_received"][0]
    extensions = days.get("dsar_extended", [])
    dates = request_dates(received, extended_on=extensions, proof_asked=asked, proof_given=proved)
    closed = bool(days.get("dsar_answered"))
    status = "CLOSED" if closed else "WAITING_IDENTITY" if asked and not proved else "OPEN"
    refused = [] if dates.extended else extensions
    return {
        "due": plain(dates.due),
        "legal_latest": plain(dates.legal_latest),
        "extended": dates.extended,
        "status": status,
        "actions": [[plain(day), "extension_rejected"] for day in refused],
    }


def a_breach(events: list[dict[str, Any]], _: date) -> dict[str, Any]:
    aware = next(instant(e) for e in events if e["type"] == "breach_aware")
    dates = breach_dates(aware)
    return {
        "notify_authority_by": dates.authority.isoformat(),
        "newsletter_persons_by": dates.newsletter.isoformat(),
    }


REGISTERS: dict[str, Callable[[list[dict[str, Any]], date], dict[str, Any]]] = {
    "DSAR": a_request,
    "BREACH": a_breach,
}
"""Registers of their own, not consent records."""


def observe(person: PersonLife, purpose: Purpose, on: date) -> dict[str, Any]:
    dates = person.dates(purpose, on) or Dates(None, None)  # type: ignore[arg-type]  # no record
    found = {name: plain(getattr(dates, ours)) for name, ours in FIELDS.items()}
    found["overlays"] = sorted(dates.overlays)
    found["actions"] = person.actions.get(purpose, [])
    found["person_record"] = person.standing(on)
    return found
