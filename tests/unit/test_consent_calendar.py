"""The worked cases of the specification that have no machine-readable twin, and its sharp edges."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

import pytest

from clementine_crm.domain.consent import Purpose
from tests.unit.consent_life import PersonLife
from tests.unit.test_consent_cases import observe

GIVEN = {"type": "consent_given", "on": "2025-03-10"}
COLLECTED = {"type": "collected", "on": "2025-03-10"}


def ev(kind: str, when: str, **more: Any) -> dict[str, Any]:
    return {"type": kind, "at" if "T" in when else "on": when, **more}


@dataclass(frozen=True)
class Row:
    name: str
    events: tuple[dict[str, Any], ...]
    expect: tuple[tuple[str, dict[str, Any]], ...]
    purpose: Purpose = Purpose.POOL
    policy: str = ""


ROWS = (
    Row(
        "T21 withdrawn",
        (ev("consent_given", "2025-09-01"), ev("withdraw", "2025-11-20")),
        (
            ("2025-11-20", {"state": "WITHDRAWN", "use": "none", "erasure_due": "2025-11-21"}),
            ("2025-11-21", {"state": "ERASED", "suppression": "blocked"}),
        ),
    ),
    Row(
        "T22 given on 31 January",
        (ev("consent_given", "2025-01-31"),),
        (
            ("2026-01-31", {"state": "GIVEN", "latest_send": "2026-02-28"}),
            (
                "2026-02-01",
                {
                    "sent_on": "2026-02-01",
                    "reply_deadline": "2026-03-01",
                    "reminder_on": "2026-02-22",
                },
            ),
            ("2026-03-01", {"state": "RENEWAL_REMINDED"}),
            ("2026-03-02", {"state": "ERASED", "erased_on": "2026-03-02"}),
        ),
    ),
    Row(
        "T23 refused, then in a file",
        (
            GIVEN,
            ev("reply_refuse", "2026-03-15"),
            ev("import_attempt", "2026-05-01", data_as_of="2026-05-01"),
        ),
        (
            (
                "2026-05-01",
                {
                    "state": "ERASED",
                    "actions": [
                        ["2026-03-11", "send_renewal"],
                        ["2026-03-16", "erase"],
                        ["2026-05-01", "import_blocked"],
                    ],
                },
            ),
        ),
    ),
    Row(
        "T24 legacy record never asked",
        (ev("imported_unknown", "2026-02-01", last_activity="2025-06-01"),),
        (
            ("2026-02-01", {"state": "UNKNOWN", "use": "contact_only", "ask_due": "2026-03-01"}),
            ("2026-03-01", {"state": "UNKNOWN", "erasure_due": "2026-03-02"}),
            ("2026-03-02", {"state": "ERASED", "suppression": "tombstone"}),
        ),
    ),
    Row(
        "T25 opt-out objects",
        (COLLECTED, ev("object", "2025-07-01")),
        (
            ("2025-07-01", {"state": "OBJECTED", "use": "none", "erasure_due": "2025-07-02"}),
            ("2025-07-02", {"state": "ERASED", "suppression": "blocked"}),
        ),
        policy="optout",
    ),
    Row(
        "T27 newsletter, no activity",
        (ev("consent_given", "2023-05-02", purpose="NEWS"),),
        (
            ("2026-05-02", {"state": "GIVEN", "renewal_due": "2026-05-03"}),
            ("2026-05-03", {"state": "RENEWAL_SENT", "reply_deadline": "2026-06-03"}),
            (
                "2026-06-04",
                {
                    "state": "ERASED",
                    "actions": [
                        ["2026-05-03", "send_reconfirmation"],
                        ["2026-05-27", "send_reminder"],
                        ["2026-06-04", "erase"],
                    ],
                },
            ),
        ),
        purpose=Purpose.NEWS,
    ),
    Row(
        "T28 spontaneous, kept, judged uninteresting",
        (ev("application_received", "2026-01-12"), ev("triage_reject", "2026-01-16")),
        (
            ("2026-01-12", {"state": "OPEN", "use": "full", "triage_due": "2026-01-19"}),
            ("2026-01-16", {"state": "TRIAGED_OUT", "use": "none", "suppression": "none"}),
            ("2026-01-17", {"state": "ERASED", "suppression": "tombstone"}),
        ),
        purpose=Purpose.APPLICATION,
    ),
    Row(
        "T29 application without pool, rejected",
        (ev("application_received", "2026-01-12"), ev("application_rejected", "2026-02-27")),
        (
            ("2026-02-27", {"state": "CLOSED", "use": "storage_only", "erasure_due": "2026-05-28"}),
            ("2026-05-27", {"state": "CLOSED", "use": "storage_only"}),
            ("2026-05-28", {"state": "ERASED", "person_record": "erased"}),
        ),
        purpose=Purpose.APPLICATION,
    ),
    Row(
        "T31 opened and fetched are no answer",
        (
            GIVEN,
            ev("mail_opened", "2026-03-12"),
            ev("link_fetched", "2026-03-12"),
            ev("auto_reply", "2026-03-12"),
            ev("oral_accept", "2026-03-13"),
            ev("note_added", "2026-03-13"),
        ),
        (
            ("2026-03-13", {"state": "RENEWAL_SENT", "erasure_due": "2026-04-12"}),
            ("2026-04-12", {"state": "ERASED", "erased_on": "2026-04-12"}),
        ),
    ),
    Row(
        "T32 consent found invalid",
        (GIVEN, ev("invalidate", "2025-11-05")),
        (
            (
                "2025-11-05",
                {
                    "state": "INVALIDATED",
                    "use": "contact_only",
                    "ask_due": "2025-12-05",
                    "erasure_due": "2025-12-06",
                    "granted_on": None,
                },
            ),
            ("2025-12-06", {"state": "ERASED"}),
        ),
    ),
    Row(
        "T33 test results withdrawn",
        (
            GIVEN,
            ev("consent_given", "2025-03-10", purpose="TEST"),
            ev("withdraw", "2025-08-01", purpose="TEST"),
        ),
        (("2025-08-02", {"state": "ERASED", "person_record": "live"}),),
        purpose=Purpose.TEST,
    ),
    Row(
        "T33 the pool stays",
        (
            GIVEN,
            ev("consent_given", "2025-03-10", purpose="TEST"),
            ev("withdraw", "2025-08-01", purpose="TEST"),
        ),
        (("2025-08-02", {"state": "GIVEN", "use": "full"}),),
    ),
    Row(
        "T34 opt-out, notice bounced, new address",
        (COLLECTED, ev("hard_bounce", "2026-03-12"), ev("channel_added", "2026-03-20")),
        (
            (
                "2026-03-12",
                {"state": "NOTICE_DUE", "use": "renewal_only", "erasure_due": "2026-04-11"},
            ),
            ("2026-03-21", {"state": "NOTICE_SENT", "reply_deadline": "2026-04-21"}),
            (
                "2026-04-22",
                {
                    "state": "ACTIVE",
                    "valid_through": "2027-03-10",
                    "actions": [
                        ["2026-03-11", "send_optout_notice"],
                        ["2026-03-21", "send_optout_notice"],
                        ["2026-04-22", "extend_by_silence"],
                    ],
                },
            ),
        ),
        policy="optout",
    ),
    Row(
        "opt-out: an express yes makes it strict",
        (COLLECTED, ev("reply_accept", "2027-02-20")),
        (
            ("2027-02-19", {"state": "FINAL_REQUEST_SENT", "use": "full"}),
            ("2027-02-20", {"state": "GIVEN", "valid_through": "2028-02-20", "cap": None}),
            ("2028-02-21", {"state": "RENEWAL_SENT", "use": "renewal_only"}),
        ),
        policy="optout",
    ),
    Row(
        "opt-out: a contact moves the cap",
        (COLLECTED, ev("person_contact", "2027-02-20")),
        (
            (
                "2027-02-20",
                {
                    "state": "ACTIVE",
                    "cap": "2029-02-20",
                    "valid_through": "2027-03-10",
                    "reply_deadline": None,
                },
            ),
            ("2027-03-11", {"state": "NOTICE_SENT", "reply_deadline": "2027-04-11"}),
        ),
        policy="optout",
    ),
    Row(
        "opt-out: an undelivered notice extends nothing",
        (COLLECTED, ev("hard_bounce", "2026-03-12")),
        (("2026-04-11", {"state": "ERASED", "suppression": "tombstone"}),),
        policy="optout",
    ),
    Row(
        "a bounce after the last day to send: erased the day after it",
        (
            GIVEN,
            ev("scheduler_off", "", **{"from": "2026-03-11", "to": "2026-04-09"}),
            ev("hard_bounce", "2026-04-20"),
        ),
        (
            ("2026-04-10", {"state": "RENEWAL_SENT", "reply_deadline": "2026-05-10"}),
            ("2026-04-20", {"state": "RENEWAL_DUE", "erasure_due": "2026-04-21"}),
            ("2026-04-21", {"state": "ERASED"}),
        ),
    ),
    Row(
        "runs skipped past L: no request leaves, all is erased",
        (GIVEN, ev("scheduler_off", "", **{"from": "2026-03-11", "to": "2026-04-20"})),
        (
            ("2026-04-10", {"state": "RENEWAL_DUE", "use": "renewal_only"}),
            ("2026-04-11", {"state": "EXPIRED", "use": "none"}),
            ("2026-04-21", {"state": "ERASED", "actions": [["2026-04-21", "erase"]]}),
        ),
    ),
    Row(
        "a reminder too late is not sent",
        (GIVEN, ev("scheduler_off", "", **{"from": "2026-04-04", "to": "2026-04-09"})),
        (
            (
                "2026-04-11",
                {"state": "RENEWAL_REMINDED", "actions": [["2026-03-11", "send_renewal"]]},
            ),
        ),
    ),
    Row(
        "a reminder two days before the end still leaves",
        (GIVEN, ev("scheduler_off", "", **{"from": "2026-04-04", "to": "2026-04-08"})),
        (
            (
                "2026-04-11",
                {"actions": [["2026-03-11", "send_renewal"], ["2026-04-09", "send_reminder"]]},
            ),
        ),
    ),
    Row(
        "restriction: a deadline that passes is void",
        (GIVEN, ev("restriction_on", "2026-03-20"), ev("restriction_off", "2026-05-20")),
        (
            ("2026-04-11", {"state": "RENEWAL_SENT", "use": "storage_only", "erasure_due": None}),
            ("2026-04-12", {"state": "RENEWAL_DUE", "use": "storage_only", "reply_deadline": None}),
            ("2026-05-20", {"renewal_due": "2026-05-21", "latest_send": "2026-06-20"}),
            ("2026-05-21", {"state": "RENEWAL_SENT", "reply_deadline": "2026-06-21"}),
        ),
    ),
    Row(
        "restriction: a deadline not yet passed stands",
        (GIVEN, ev("restriction_on", "2026-03-20"), ev("restriction_off", "2026-04-01")),
        (
            ("2026-04-01", {"state": "RENEWAL_SENT", "reply_deadline": "2026-04-11"}),
            ("2026-04-12", {"state": "ERASED"}),
        ),
    ),
    Row(
        "restriction before the end changes nothing",
        (GIVEN, ev("restriction_on", "2025-05-01"), ev("restriction_off", "2025-06-01")),
        (
            ("2025-05-10", {"state": "GIVEN", "use": "storage_only", "overlays": ["RESTRICTED"]}),
            ("2026-03-10", {"state": "GIVEN", "use": "full", "renewal_due": "2026-03-11"}),
        ),
    ),
    Row(
        "restriction over a refusal: erased the day after the lifting",
        (
            GIVEN,
            ev("restriction_on", "2025-05-01"),
            ev("reply_refuse", "2025-05-02"),
            ev("restriction_off", "2025-06-01"),
        ),
        (
            ("2025-05-03", {"state": "REFUSED", "use": "storage_only", "erasure_due": None}),
            ("2025-06-01", {"state": "REFUSED", "use": "none", "erasure_due": "2025-06-02"}),
            ("2025-06-02", {"state": "ERASED", "suppression": "blocked"}),
        ),
    ),
    Row(
        "restriction over a person sourced: a fresh month to inform",
        (
            ev("sourced", "2026-01-10"),
            ev("restriction_on", "2026-01-15"),
            ev("restriction_off", "2026-03-01"),
        ),
        (
            ("2026-02-20", {"state": "SOURCED", "erasure_due": None}),
            ("2026-03-01", {"ask_due": "2026-04-01", "erasure_due": "2026-04-02"}),
        ),
    ),
    Row(
        "legal hold: the date shows, overdue",
        (GIVEN, ev("hold_on", "2025-05-01"), ev("reply_refuse", "2025-05-02")),
        (("2025-08-01", {"state": "REFUSED", "use": "storage_only", "erasure_due": "2025-05-03"}),),
    ),
    Row(
        "restriction lifted before L: the last day to send stands",
        (GIVEN, ev("restriction_on", "2026-03-10"), ev("restriction_off", "2026-03-20")),
        (
            ("2026-03-20", {"state": "RENEWAL_DUE", "latest_send": "2026-04-10"}),
            ("2026-03-21", {"state": "RENEWAL_SENT", "reply_deadline": "2026-04-21"}),
        ),
    ),
    Row(
        "a refusal of what had expired under a hold keeps the earlier day",
        (GIVEN, ev("hold_on", "2026-02-01"), ev("reply_refuse", "2026-05-01")),
        (
            (
                "2026-05-01",
                {"state": "REFUSED", "erasure_due": "2026-04-12", "suppression": "blocked"},
            ),
        ),
    ),
    Row(
        "the last act wins: no, then yes before the erasure",
        (
            GIVEN,
            ev("scheduler_off", "", **{"from": "2026-03-16", "to": "2026-03-20"}),
            ev("reply_refuse", "2026-03-15"),
            ev("consent_given", "2026-03-18"),
        ),
        (("2026-03-18", {"state": "GIVEN", "late": False, "suppression": "none"}),),
    ),
    Row(
        "the block is purged after three years",
        (GIVEN, ev("reply_refuse", "2025-03-15")),
        (
            ("2028-03-15", {"state": "ERASED", "suppression": "blocked"}),
            ("2028-03-16", {"state": "ERASED", "suppression": "none"}),
        ),
    ),
    Row(
        "a request to erase everything leaves the placement file",
        (
            GIVEN,
            ev("application_received", "2025-04-01"),
            ev("placed", "2025-06-16"),
            ev("erasure_request", "2025-07-01"),
        ),
        (("2025-07-02", {"state": "ERASED", "person_record": "placement_only"}),),
    ),
    Row(
        "a newsletter click starts three years",
        (
            ev("consent_given", "2023-05-02", purpose="NEWS"),
            ev("newsletter_activity", "2024-02-29"),
        ),
        (("2026-06-01", {"state": "GIVEN", "valid_through": "2027-02-28"}),),
        purpose=Purpose.NEWS,
    ),
    Row(
        "client contact: three years after the last word",
        (ev("collected", "2024-01-15", purpose="B2B"), ev("person_contact", "2024-08-31")),
        (
            ("2027-08-31", {"state": "ACTIVE", "use": "full"}),
            ("2027-09-01", {"state": "ERASED"}),
        ),
        purpose=Purpose.B2B,
    ),
    Row(
        "enquiry: strict dates on legitimate interest",
        (
            ev("collected", "2025-03-10", purpose="ENQUIRY"),
            ev("object", "2025-04-01", purpose="ENQUIRY"),
        ),
        (("2025-04-01", {"state": "OBJECTED", "erasure_due": "2025-04-02"}),),
        purpose=Purpose.ENQUIRY,
    ),
    Row(
        "presented to a client: ends with the mission",
        (
            ev("consent_given", "2025-03-10", purpose="SHARE"),
            ev("mission_closed", "2025-09-01", purpose="SHARE"),
        ),
        (
            ("2025-08-31", {"state": "GIVEN", "use": "full", "valid_through": None}),
            ("2025-09-01", {"state": "EXPIRED", "use": "none", "erasure_due": "2025-09-02"}),
        ),
        purpose=Purpose.SHARE,
    ),
    Row(
        "legacy older than two years: hidden at once, erased by the next run",
        (ev("imported_unknown", "2026-02-01", last_activity="2024-02-01"),),
        (("2026-02-01", {"state": "EXPIRED", "use": "none"}), ("2026-02-02", {"state": "ERASED"})),
    ),
    Row(
        "a first request that bounces asks nothing",
        (
            ev("sourced", "2026-01-31"),
            ev("art14_notice_sent", "2026-02-10"),
            ev("hard_bounce", "2026-02-11"),
        ),
        (
            ("2026-02-11", {"state": "SOURCED", "ask_due": "2026-02-28"}),
            ("2026-03-01", {"state": "ERASED"}),
        ),
    ),
)


@pytest.mark.parametrize("row", ROWS, ids=[r.name for r in ROWS])
def test_the_row_goes_as_written(row: Row) -> None:
    policies = {"POOL": row.policy} if row.policy else {}
    for as_of, fields in row.expect:
        on = date.fromisoformat(as_of)
        person = PersonLife(policies)
        person.live(row.events, on)
        found = observe(person, row.purpose, on)
        assert {k: found[k] for k in fields} == fields, as_of
