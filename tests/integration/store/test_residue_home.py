"""The residual scan on a home that was worked in: nothing of what was undone, discarded or erased."""

from __future__ import annotations

from datetime import date

import pytest

from clementine_crm.bootstrap import Desk
from clementine_crm.domain.ids import Id
from clementine_crm.plugin_api import FieldValue, FileData, ItemPayload
from clementine_crm.services.batches import UndoBatch
from clementine_crm.services.intake import TakePayloads
from clementine_crm.services.triage import DiscardItems, KeepItems
from clementine_crm.store import dossiers, tables
from clementine_crm.store.engine import checkpoint, compact
from clementine_crm.store.residue import ScanReport, scan


def payload(n: int, *, cv: bool = True) -> ItemPayload:
    text = f"Zéphyrine-{n} Canari{n}\nComptable à Sainville{n}, mot{n}rare, Excel et Sage\n" * 3
    return ItemPayload(
        external_id=f"mail-{n}",
        kind="application",
        fields=(
            FieldValue(name="given_name", value=f"Zéphyrine-{n}"),
            FieldValue(name="family_name", value=f"Canari{n}"),
            FieldValue(name="email", value=f"zephyrine.{n}@example.org"),
            FieldValue(name="phone", value=f"06 39 98 {n // 100:02} {n % 100:02}"),
        ),
        message=f"Ma motivation tient en trois points, numéro{n}unique",
        files=(FileData(name=f"CV Canari{n}.txt", data=text.encode(), role="cv"),) if cv else (),
    )


def values(numbers: range) -> list[bytes]:
    return [
        text.encode()
        for n in numbers
        for text in (
            f"Zéphyrine-{n} Canari{n}",
            f"Canari{n}",
            f"zephyrine.{n}@example.org",
            f"+3363998{n:04}",
            f"mot{n}rare",
            f"numéro{n}unique",
            f"CV Canari{n}.txt",
        )
    ]


def take(desk: Desk, numbers: range, *, cv: bool = True) -> tuple[tuple[Id, ...], Id]:
    payloads = tuple(payload(n, cv=cv) for n in numbers)
    command = TakePayloads(payloads, "website_forms", "", "applied", date(2026, 6, 1))
    result = desk.execute(command).result
    return result.items, result.batch


def look(desk: Desk, wanted: list[bytes]) -> ScanReport:
    checkpoint(desk.engines.write)
    return scan(desk.home, desk.unlocked.db_key, wanted)


@pytest.fixture
def full(desk: Desk) -> Desk:
    """Others that stay, among whom the scan must tell the undone apart."""
    items, _ = take(desk, range(7000, 7012), cv=False)
    desk.execute(KeepItems(items[:6], spontaneous=True))
    return desk


def test_what_is_there_is_found_by_every_value(full: Desk) -> None:
    take(full, range(100, 110))
    report = look(full, values(range(100, 110)))
    assert {hit.value for hit in report.hits} == set(range(70))


def test_a_batch_undone_leaves_no_value_behind(full: Desk) -> None:
    before = look(full, values(range(100, 130)))
    assert before.hits == ()
    _, batch = take(full, range(100, 130))
    full.execute(UndoBatch(batch))
    report = look(full, values(range(100, 130)))
    assert [hit for hit in report.hits if not hit.where.startswith("ghost")] == []
    assert (report.free_bytes_nonzero, report.wal_bytes) == (0, 0)
    compact(full.engines.write)
    assert look(full, values(range(100, 130))).clean
    # Those that stay are all still there.
    stay = look(full, values(range(7000, 7012)))
    assert {hit.value for hit in stay.hits} >= set(range(1, 84, 7))


def test_discarded_items_leave_no_value_behind(full: Desk) -> None:
    items, _ = take(full, range(200, 215))
    full.execute(DiscardItems(items))
    report = look(full, values(range(200, 215)))
    if not report.clean:
        assert not [hit for hit in report.hits if not hit.where.startswith("ghost")]
        compact(full.engines.write)
    assert look(full, values(range(200, 215))).clean


def test_an_erased_candidate_leaves_no_value_behind(full: Desk) -> None:
    items, _ = take(full, range(300, 303))
    kept = full.execute(KeepItems(items, spontaneous=True)).result
    with full.unit_of_work() as uow:
        for person in kept:
            uow.erase(person.dossier, "rights")
        uow.commit()
    compact(full.engines.write)
    assert look(full, values(range(300, 303))).clean


@pytest.mark.parametrize(
    "table",
    ["candidate", "contact_point", "application", "document", "search_doc", "body_text",
     "person_key", "inbox_item"],
)  # fmt: skip
def test_with_one_table_forgotten_the_scan_tells(
    full: Desk, monkeypatch: pytest.MonkeyPatch, table: str
) -> None:
    """Each wiping step of an erasure left out in turn."""
    items, _ = take(full, range(400, 405), cv=table == "document")
    kept = full.execute(KeepItems(items[:4], spontaneous=True)).result
    real = tables.synced_tables
    monkeypatch.setattr(
        dossiers.tables, "synced_tables", lambda: [t for t in real() if t.name != table]
    )
    local = tuple(t for t in dossiers._OF_DOSSIER if t.name != table)
    monkeypatch.setattr(dossiers, "_OF_DOSSIER", local)
    with full.unit_of_work() as uow:
        for dossier in (*(person.dossier for person in kept), items[4]):
            uow.erase(dossier, "rights")
        uow.commit()
    monkeypatch.undo()
    compact(full.engines.write)
    assert look(full, values(range(400, 405))).hits
