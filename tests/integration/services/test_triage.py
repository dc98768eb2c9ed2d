"""Keep, ask, put off, discard, undo; and the lawful record each of them leaves."""

from __future__ import annotations

import hashlib
from datetime import UTC, date, datetime

import pytest

from clementine_crm.bootstrap import Desk
from clementine_crm.domain.consent_model import Purpose, State, Use
from clementine_crm.domain.ids import Id
from clementine_crm.errors import NotFound, RuleViolation
from clementine_crm.plugin_api import ConsentEvidence, FieldValue, FileData, ItemPayload
from clementine_crm.queries import house
from clementine_crm.queries.candidates import CandidateFilter, candidate_ids, candidate_rows
from clementine_crm.queries.consents import consent_lines
from clementine_crm.queries.dossier import candidate
from clementine_crm.queries.inbox import inbox, item
from clementine_crm.queries.missions import clients
from clementine_crm.queries.today import today
from clementine_crm.services.activities import AddNote
from clementine_crm.services.intake import TakePayloads
from clementine_crm.services.missions import AddMission, CloseMission
from clementine_crm.services.triage import (
    AskForMore,
    CloseWeek,
    DiscardItems,
    FinishDiscards,
    KeepItems,
    PutOff,
    UndoTriage,
)
from tests.support.agency import TestClock
from tests.support.dump import logical

CV = "Léa Fabre\nlea.fabre@example.org\n06 39 98 00 01\nComptable, Excel et Sage 100\n"
BOX = "J’accepte que Varangue garde mon profil dans son vivier pendant 12 mois."


def application(
    name: str = "Fabre",
    *,
    given: str = "Léa",
    email: str = "lea.fabre@example.org",
    phone: str = "06 39 98 00 01",
    pool: str = "",
    cv: str = CV,
    kind: str = "application",
    **more: object,
) -> ItemPayload:
    fields = [
        FieldValue(name="given_name", value=given),
        FieldValue(name="family_name", value=name),
    ]
    if email:
        fields.append(FieldValue(name="email", value=email))
    if phone:
        fields.append(FieldValue(name="phone", value=phone))
    boxes = ()
    if pool:
        boxes = (
            ConsentEvidence(
                purpose="POOL", label=BOX, answer=pool, form="spontaneous-fr", notice_version="v3"
            ),
        )
    files = (FileData(name="cv.txt", media_type="text/plain", data=cv.encode(), role="cv"),)
    values: dict[str, object] = {
        "external_id": f"{given} {name} {email} {cv}",
        "kind": kind,
        "received_at": datetime(2026, 11, 20, 8, 0, tzinfo=UTC),
        "channel": "web_form",
        "form": "spontaneous-fr",
        "lang": "fr",
        "fields": tuple(fields),
        "files": files if cv else (),
        "consents": boxes,
        "position": "Comptable",
    }
    return ItemPayload.model_validate(values | more)


def take(desk: Desk, *payloads: ItemPayload, ground: str = "applied") -> tuple[Id, ...]:
    command = TakePayloads(payloads, "website_forms", "", ground, date(2026, 6, 1))
    return desk.execute(command).result.items


def records(desk: Desk, dossier: Id) -> dict[Purpose, object]:
    return {line.purpose: line.dates for line in consent_lines(desk.reading, dossier)}


def test_a_ticked_box_is_a_pool_consent_of_the_day_it_was_received(desk: Desk) -> None:
    kept = desk.execute(KeepItems(take(desk, application(pool="1")))).result[0]
    assert kept.made
    assert kept.request == "none"
    lines = {line.purpose: line for line in consent_lines(desk.reading, kept.dossier)}
    pool = lines[Purpose.POOL]
    assert pool.dates.state is State.GIVEN
    assert pool.dates.granted_on == date(2026, 11, 20)
    assert pool.dates.valid_through == date(2027, 11, 20)
    given = pool.events[0]
    assert (given.answer, given.notice) == (f"{BOX} : 1", "v3 (fr)")
    assert len(given.evidence) == 64
    assert lines[Purpose.APPLICATION].dates.state is State.OPEN
    assert house.outbox(desk.reading) == []


@pytest.mark.parametrize("answer", ["", "0", "non", "No", "FALSE"])
def test_a_box_that_was_not_ticked_is_no_consent(desk: Desk, answer: str) -> None:
    payload = application(pool=answer or " ")
    kept = desk.execute(KeepItems(take(desk, payload))).result[0]
    assert Purpose.POOL not in records(desk, kept.dossier)


def test_kept_for_none_without_consent_prepares_the_question(desk: Desk) -> None:
    kept = desk.execute(KeepItems(take(desk, application()))).result[0]
    assert kept.request == "prepared"
    (message,) = house.outbox(desk.reading)
    assert message.to_email == "lea.fabre@example.org"
    assert "OUI ou NON" in message.body
    assert "{" not in message.subject + message.body


def test_kept_for_none_without_address_says_that_nobody_can_be_asked(desk: Desk) -> None:
    payload = application(email="", cv="Sans adresse\nComptable\n")
    kept = desk.execute(KeepItems(take(desk, payload))).result[0]
    assert kept.request == "no_address"
    assert house.outbox(desk.reading) == []


def test_kept_for_a_mission_needs_no_pool_consent(desk: Desk) -> None:
    desk.execute(AddMission("REF-2214", "Chef comptable", "Groupe Talvance"))
    kept = desk.execute(KeepItems(take(desk, application()), "ref 2214")).result[0]
    assert kept.request == "none"
    view = candidate(desk.reading, kept.dossier)
    assert [(a.reference, a.title, a.attempt) for a in view.applications] == [
        ("REF-2214", "Chef comptable", 1)
    ]
    assert view.standing.use is Use.FULL


@pytest.mark.parametrize(
    ("ground", "state"), [("sourced", State.SOURCED), ("unknown", State.UNKNOWN)]
)
def test_a_person_found_or_of_an_old_file_is_to_be_asked_within_a_month(
    desk: Desk, ground: str, state: State
) -> None:
    items = take(desk, application(last_contact=date(2026, 6, 1)), ground=ground)
    kept = desk.execute(KeepItems(items, spontaneous=True)).result[0]
    dates = records(desk, kept.dossier)[Purpose.POOL]
    assert dates.state is state
    assert dates.ask_by == date(2026, 12, 24)
    assert dates.erase_on == date(2026, 12, 25)
    assert "Nous avons trouvé votre profil" in house.outbox(desk.reading)[0].body
    # To be informed or asked, never proposed.
    assert len(candidate_ids(desk.reading, CandidateFilter(use=Use.FULL))) == 0


def test_a_closed_or_unknown_mission_is_refused_and_the_item_waits(desk: Desk) -> None:
    items = take(desk, application())
    desk.execute(AddMission("REF-1", "Comptable"))
    desk.execute(CloseMission("REF-1"))
    before = logical(desk)
    with pytest.raises(RuleViolation, match="mission_closed"):
        desk.execute(KeepItems(items, "REF-1"))
    with pytest.raises(NotFound, match="no_such_mission"):
        desk.execute(KeepItems(items, "REF-9"))
    assert logical(desk) == before


def test_kept_files_are_sealed_under_the_candidate_alone(desk: Desk) -> None:
    (waiting,) = take(desk, application())
    before = set(desk.documents.names())
    kept = desk.execute(KeepItems((waiting,))).result[0]
    after = set(desk.documents.names())
    assert len(after) == 1
    assert not after & before
    view = candidate(desk.reading, kept.dossier)
    assert [d.name for d in view.documents] == ["cv.txt"]
    with pytest.raises(NotFound):
        item(desk.reading, waiting)


def test_every_value_of_a_kept_item_knows_where_it_comes_from(desk: Desk) -> None:
    kept = desk.execute(KeepItems(take(desk, application(evidence="message 4711")))).result[0]
    view = candidate(desk.reading, kept.dossier)
    cells = {cell for origin in view.origins for cell in origin.cells}
    assert {"given_name", "family_name", "email", "phone"} <= cells
    assert "message 4711" in {origin.evidence for origin in view.origins}


def test_undoing_a_keep_leaves_nothing_of_it(desk: Desk) -> None:
    desk.execute(AddMission("REF-2214", "Chef comptable"))
    items = take(desk, application(pool="1", tags=("cooptation",)))
    before = _comparable(desk)
    desk.execute(KeepItems(items, "REF-2214"))
    back = desk.execute(UndoTriage()).result
    assert _comparable(desk) == before
    assert back not in items
    view = item(desk.reading, back)
    assert view.documents[0].characters == len(CV.rstrip())
    again = take(desk, application(pool="1", tags=("cooptation",)))
    assert again == ()


def _comparable(desk: Desk) -> dict[str, int]:
    """Counts by table: the item that waits again has another id, everything else is the same."""
    found = {name: len(rows) for name, rows in logical(desk).items()}
    found["notice_version"] = 0
    return found


def test_undoing_a_keep_puts_a_known_candidate_back_as_it_was(desk: Desk) -> None:
    first = desk.execute(KeepItems(take(desk, application()))).result[0].dossier
    second = application(
        phone="06 39 98 77 77", cv=f"{CV}Anglais courant\n", pool="1", tags=("bilingue",)
    )
    items = take(desk, second)
    before = logical(desk)
    desk.execute(KeepItems(items, known=first, spontaneous=True))
    view = candidate(desk.reading, first)
    assert len(view.documents) == 2
    assert len(view.applications) == 2
    desk.execute(UndoTriage())
    after = logical(desk)
    for table in (
        "candidate",
        "contact_point",
        "application",
        "consent_event",
        "tag",
        "search_doc",
    ):
        of_candidate = [r for r in after.get(table, []) if first in r]
        assert of_candidate == [r for r in before.get(table, []) if first in r], table
    assert len(after["files"]) == len(before["files"])


def test_a_keep_is_not_undone_once_somebody_worked_on_the_dossier(desk: Desk) -> None:
    kept = desk.execute(KeepItems(take(desk, application()))).result[0]
    desk.execute(AddNote(kept.dossier, "Rappeler lundi."))
    with pytest.raises(RuleViolation, match="changed_since_kept"):
        desk.execute(UndoTriage())
    assert candidate(desk.reading, kept.dossier).thread


def test_a_known_person_is_proposed_and_nothing_is_merged_silently(desk: Desk) -> None:
    first = desk.execute(KeepItems(take(desk, application()))).result[0].dossier
    (waiting,) = take(desk, application(name="FABRE", phone="+33 6 39 98 55 55", cv="Autre CV\n"))
    view = item(desk.reading, waiting)
    assert [k.dossier for k in view.known] == [first]
    assert "email:lea.fabre@example.org" in view.known[0].evidence
    compared = {c.name: (c.theirs, c.ours, c.same) for c in view.known[0].compared}
    assert compared["phone"] == ("+33639980001", "+33639985555", False)
    desk.execute(KeepItems((waiting,)))
    assert len(candidate_ids(desk.reading)) == 2


def test_a_second_cv_of_a_known_person_stands_in_front(desk: Desk) -> None:
    first = desk.execute(KeepItems(take(desk, application()))).result[0].dossier
    newer = application(
        cv=f"{CV}Directrice financière\n", received_at=datetime(2026, 11, 23, 8, tzinfo=UTC)
    )
    desk.execute(KeepItems(take(desk, newer), known=first, spontaneous=True))
    documents = candidate(desk.reading, first).documents
    assert [d.characters for d in documents] == [
        len(newer.files[0].data.decode().rstrip()),
        len(CV.rstrip()),
    ]


def test_discarding_on_the_command_line_erases_before_it_returns(desk: Desk) -> None:
    items = take(desk, application())
    desk.execute(DiscardItems(items))
    assert list(desk.documents.names()) == []
    assert inbox(desk.reading).rows == ()
    with desk.engines.read.connect() as connection:
        held = connection.exec_driver_sql("SELECT count(*) FROM inbox_item").scalar()
    assert held == 0
    assert [e.cause for e in desk.journal.entries()] == ["discarded"]
    with pytest.raises(RuleViolation, match="nothing_to_undo"):
        desk.execute(UndoTriage())


def test_discarding_in_the_window_can_be_undone_for_ten_seconds(
    desk: Desk, clock: TestClock
) -> None:
    items = take(desk, application())
    desk.execute(DiscardItems(items, at_once=False))
    assert inbox(desk.reading).rows == ()
    clock.pass_time(seconds=9)
    assert desk.execute(FinishDiscards()).result == 0
    assert desk.execute(UndoTriage()).result == items[0]
    desk.execute(DiscardItems(items, at_once=False))
    clock.pass_time(seconds=10)
    assert desk.execute(FinishDiscards()).result == 1
    with pytest.raises(RuleViolation, match="nothing_to_undo"):
        desk.execute(UndoTriage())


def test_a_discarded_item_is_not_taken_in_a_second_time(desk: Desk) -> None:
    desk.execute(DiscardItems(take(desk, application())))
    assert take(desk, application()) == ()


def test_asking_for_more_writes_what_lacks_in_the_persons_language(desk: Desk) -> None:
    items = take(desk, application(phone="", cv="", lang="en"))
    desk.execute(AskForMore(items))
    (message,) = house.outbox(desk.reading)
    assert message.lang == "en"
    assert "your CV" in message.body
    assert "phone number" in message.body
    assert [row.status for row in inbox(desk.reading).rows] == ["asked"]
    # What was asked for is discarded with the item: no address survives.
    desk.execute(DiscardItems(items))
    assert house.outbox(desk.reading) == []


def test_nobody_can_be_asked_without_an_address(desk: Desk) -> None:
    items = take(desk, application(email="", cv=""))
    with pytest.raises(RuleViolation, match="nobody_to_ask"):
        desk.execute(AskForMore(items))


def test_an_item_put_off_goes_last_and_keeps_its_age(desk: Desk) -> None:
    old, new = take(
        desk,
        application(received_at=datetime(2026, 11, 10, 8, tzinfo=UTC)),
        application("Roux", email="a.roux@example.org"),
    )
    assert [r.red for r in inbox(desk.reading).rows] == [True, False]
    desk.execute(PutOff((old,)))
    rows = inbox(desk.reading).rows
    assert [r.id for r in rows] == [new, old]
    assert rows[1].red


def test_an_enquiry_kept_is_a_client_with_a_contact_never_a_candidate(desk: Desk) -> None:
    payload = application(
        kind="enquiry", company="Laiteries Orméline", subject="Recruteur", message="Un poste", cv=""
    )
    kept = desk.execute(KeepItems(take(desk, payload))).result[0]
    assert len(candidate_ids(desk.reading)) == 0
    (client,) = clients(desk.reading)
    assert client.id == kept.dossier
    assert client.name == "Laiteries Orméline"
    assert client.contacts[0].email == "lea.fabre@example.org"
    assert records(desk, client.id)[Purpose.ENQUIRY].state is State.ACTIVE


def test_the_week_is_signed_with_counts_that_add_up(desk: Desk) -> None:
    one, two, _ = take(
        desk,
        application(),
        application("Roux", email="a.roux@example.org"),
        application("Noir", email="b.noir@example.org"),
    )
    desk.execute(KeepItems((one,)))
    desk.execute(UndoTriage())
    desk.execute(DiscardItems((two,)))
    signed = desk.execute(CloseWeek()).result
    assert (signed.week, signed.kept, signed.discarded, signed.left) == ("2026-W48", 0, 1, 2)
    assert signed.received == signed.kept + signed.discarded + signed.left
    assert today(desk.reading).week_signed
    assert [s.week for s in house.sessions(desk.reading)] == ["2026-W48"]
    desk.execute(CloseWeek())
    assert len(house.sessions(desk.reading)) == 1


def test_a_person_kept_for_no_mission_is_due_after_a_month(desk: Desk, clock: TestClock) -> None:
    kept = desk.execute(KeepItems(take(desk, application()))).result[0]
    assert today(desk.reading).link_due == ()
    clock.pass_time(days=31)
    assert [link.dossier for link in today(desk.reading).link_due] == [kept.dossier]


def test_forbidden_fields_are_named_and_never_stored(desk: Desk) -> None:
    (waiting,) = take(desk, application(left_out=("birth", "photo")))
    assert item(desk.reading, waiting).left_out == ("birth", "photo")


def test_the_list_shows_whom_it_may_and_counts_the_others(desk: Desk) -> None:
    desk.execute(KeepItems(take(desk, application(pool="1"))))
    found = candidate_ids(desk.reading)
    assert (len(found), found.hidden) == (1, 0)
    (row,) = candidate_rows(desk.reading, list(found.rids))
    assert row.name == "Léa Fabre"
    assert row.standing.until == date(2027, 11, 20)
    assert hashlib.sha256(CV.encode()).hexdigest() not in repr(row)
