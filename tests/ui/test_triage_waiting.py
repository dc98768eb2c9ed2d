"""What may be done with an item while it waits, on a real base."""

from __future__ import annotations

import pytest

from clementine_crm.bootstrap import Desk
from clementine_crm.domain.ids import Id
from clementine_crm.errors import StaleData, ValidationError
from clementine_crm.plugin_api import FileData, ItemPayload
from clementine_crm.queries.inbox import InboxRow, inbox, item
from clementine_crm.services.intake import TakePayloads
from clementine_crm.services.triage import DiscardItems, KeepItems, PutOff, UndoTriage
from clementine_crm.services.waiting import CorrectItem, PutBack, ReadAgain, ValueEdit


def row_named(desk: Desk, name: str) -> InboxRow:
    queue = inbox(desk.reading)
    return next(r for r in (*queue.rows, *queue.aside) if r.name == name)


def values(desk: Desk, id: Id, name: str) -> list[tuple[str, str, int]]:
    return [(f.value, f.source, f.line) for f in item(desk.reading, id).fields if f.name == name]


def test_a_corrected_name_and_address_are_the_item_s(desk: Desk) -> None:
    row = row_named(desk, "Damien Santoni")
    before = item(desk.reading, row.id)
    edits = (
        ValueEdit("family_name", ("Santoni",), ("SANTONI-LECLERC",)),
        ValueEdit("email", before.emails, ("Damien.Leclerc@Example.org",)),
    )
    desk.execute(CorrectItem(row.id, edits))
    after = item(desk.reading, row.id)
    assert after.row.name == "Damien Santoni-Leclerc"
    assert after.emails == ("damien.leclerc@example.org",)
    assert values(desk, row.id, "email") == [("damien.leclerc@example.org", "by_hand", 0)]
    # and back again: the same address may be taken away and given again
    desk.execute(CorrectItem(row.id, (ValueEdit("email", after.emails, before.emails),)))
    assert item(desk.reading, row.id).emails == before.emails


def test_what_stays_keeps_the_line_it_was_read_from(desk: Desk) -> None:
    row = row_named(desk, "Damien Santoni")
    skills = values(desk, row.id, "skill")
    assert len(skills) > 2
    was = tuple(value for value, _, _ in skills)
    desk.execute(CorrectItem(row.id, (ValueEdit("skill", was, (was[1], "Consolidation")),)))
    assert values(desk, row.id, "skill") == [skills[1], ("Consolidation", "by_hand", 0)]


def test_a_correction_goes_into_the_dossier(desk: Desk) -> None:
    row = row_named(desk, "Damien Santoni")
    town = tuple(v for v, _, _ in values(desk, row.id, "town"))
    desk.execute(CorrectItem(row.id, (ValueEdit("town", town, ("Anglet",)),)))
    kept = desk.execute(KeepItems((row.id,))).result[0]
    from clementine_crm.queries.dossier import candidate

    assert candidate(desk.reading, kept.dossier).town == "Anglet"


@pytest.mark.parametrize(
    ("edit", "key"),
    [
        (ValueEdit("email", (), ("not an address",)), "not_an_email"),
        (ValueEdit("phone", (), ("12",)), "not_a_phone"),
        (ValueEdit("age", (), ("41",)), "no_such_cell"),
        (ValueEdit("skill", (), ("1 85 05 78 006 084 91",)), "nir_in_text"),
    ],
)
def test_what_may_not_be_written_is_refused(desk: Desk, edit: ValueEdit, key: str) -> None:
    row = row_named(desk, "Damien Santoni")
    was = tuple(v for v, _, _ in values(desk, row.id, edit.name))
    with pytest.raises(ValidationError, match=key):
        desk.execute(CorrectItem(row.id, (ValueEdit(edit.name, was, edit.now),)))


def test_another_s_correction_is_not_overwritten(desk: Desk) -> None:
    row = row_named(desk, "Damien Santoni")
    with pytest.raises(StaleData):
        desk.execute(CorrectItem(row.id, (ValueEdit("family_name", ("Santini",), ("X",)),)))
    assert row_named(desk, "Damien Santoni").id == row.id


def test_put_off_goes_last_and_comes_back(desk: Desk) -> None:
    first = inbox(desk.reading).rows[0]
    desk.execute(PutOff((first.id,)))
    assert inbox(desk.reading).rows[-1].id == first.id
    desk.execute(PutBack((first.id,)))
    assert inbox(desk.reading).rows[0].id == first.id


def test_what_was_set_aside_can_be_sorted_after_all(desk: Desk) -> None:
    aside = inbox(desk.reading).aside[0]
    desk.execute(PutBack((aside.id,)))
    queue = inbox(desk.reading)
    assert aside.id in {r.id for r in queue.rows}
    assert aside.id not in {r.id for r in queue.aside}


def test_a_discard_named_by_its_bar_comes_back_after_its_ten_seconds(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    from datetime import timedelta

    from clementine_crm.services import triage

    monkeypatch.setattr(triage, "UNDO_WINDOW", timedelta(seconds=-1))
    row = row_named(desk, "Damien Santoni")
    desk.execute(DiscardItems((row.id,), at_once=False))
    assert desk.execute(UndoTriage(row.id)).result == row.id
    assert row_named(desk, "Damien Santoni").id == row.id


def test_a_file_nobody_could_read_is_read_again(desk: Desk) -> None:
    locked = _protected_pdf()
    payload = ItemPayload(
        external_id="locked",
        files=(FileData(name="cv.pdf", data=locked, role="cv"),),
    )
    report = desk.execute(TakePayloads((payload,), "test")).result
    assert report.accepted == 1
    row = next(r for r in inbox(desk.reading).rows if not r.name)
    assert item(desk.reading, row.id).documents[0].reason == "password"
    assert desk.execute(ReadAgain((row.id,))).result == 0
    assert desk.execute(ReadAgain((row.id,), password="sesame")).result == 1
    view = item(desk.reading, row.id)
    assert view.documents[0].reason == ""
    assert "zoe.marchal@example.org" in view.emails


def _protected_pdf() -> bytes:
    import io

    from reportlab.lib.pdfencrypt import StandardEncryption
    from reportlab.pdfgen.canvas import Canvas

    out = io.BytesIO()
    page = Canvas(out, encrypt=StandardEncryption("sesame", "owner"))
    lines = (
        "Zoé Marchal", "Cheffe de projet", "zoe.marchal@example.org", "06 39 98 11 22",
        "EXPÉRIENCE", "2019 - 2026  Cheffe de projet, Groupe Rivoulet, Lyon",
        "FORMATION", "2013  Master Gestion de projet", "COMPÉTENCES", "Planning, budget, Scrum",
    )  # fmt: skip
    for at, line in enumerate(lines):
        page.drawString(72, 760 - 20 * at, line)
    page.showPage()
    page.save()
    return out.getvalue()
