"""The worked lives of the data-protection specification, lived day by day with an injected clock."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from clementine_crm.domain.consent import Dates, Purpose
from tests.unit.consent_life import PersonLife

CASES = Path(__file__).parent.parent / "data" / "consent_cases.json"
REGISTERS = frozenset({"DSAR", "BREACH"})
"""Registers of their own, not consent records."""

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
    if not expected:
        pytest.skip("a register of rights or breaches, not a consent")


def observe(person: PersonLife, purpose: Purpose, on: date) -> dict[str, Any]:
    dates = person.dates(purpose, on) or Dates(None, None)  # type: ignore[arg-type]  # no record
    found = {name: plain(getattr(dates, ours)) for name, ours in FIELDS.items()}
    found["overlays"] = sorted(dates.overlays)
    found["actions"] = person.actions.get(purpose, [])
    found["person_record"] = person.standing(on)
    return found
