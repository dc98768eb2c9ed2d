"""What stands beside dossiers: it travels whole, tells when it changed, and names nobody alone."""

from __future__ import annotations

from datetime import date

import msgpack
import pytest

from clementine_crm.bootstrap import Desk
from clementine_crm.errors import Corrupt
from clementine_crm.plugin_api import FieldValue, ItemPayload
from clementine_crm.services.activities import AddNote
from clementine_crm.services.intake import TakePayloads
from clementine_crm.services.triage import DiscardItems, KeepItems
from clementine_crm.store import beside


def payload(n: int) -> ItemPayload:
    return ItemPayload(
        external_id=f"m{n}",
        kind="application",
        fields=(
            FieldValue(name="given_name", value="Léa"),
            FieldValue(name="family_name", value=f"Fabre-{n}"),
            FieldValue(name="email", value=f"lea.{n}@example.org"),
        ),
        message=f"Motivation {n}",
    )


def take(desk: Desk, count: int) -> tuple[bytes, ...]:
    payloads = tuple(payload(n) for n in range(count))
    command = TakePayloads(payloads, "website_forms", "", "applied", date(2026, 6, 1))
    return desk.execute(command).result.items


def versions(desk: Desk) -> tuple[dict[bytes, bytes], dict[bytes, bytes]]:
    with desk.engines.read.connect() as connection:
        return beside.versions(connection), beside.beside_versions(connection)


def test_a_version_changes_with_its_dossier_and_with_no_other(desk: Desk) -> None:
    items = take(desk, 3)
    kept = desk.execute(KeepItems(items, spontaneous=True)).result
    before, around = versions(desk)
    assert versions(desk) == (before, around)
    assert {k.dossier for k in kept} <= set(before)
    desk.execute(AddNote(kept[0].dossier, "Rappeler"))
    after, _ = versions(desk)
    changed = {dossier for dossier in after if after[dossier] != before.get(dossier)}
    audit = changed - {k.dossier for k in kept}
    assert kept[0].dossier in changed
    assert not changed & {k.dossier for k in kept[1:]}
    with desk.engines.read.connect() as connection:
        kinds = dict(connection.exec_driver_sql("SELECT dossier, kind FROM dossier_key").all())
    assert {kinds[dossier] for dossier in audit} <= {"audit", "agency"}


def test_the_memory_names_nobody(desk: Desk) -> None:
    items = take(desk, 4)
    desk.execute(KeepItems(items[:2], spontaneous=True))
    desk.execute(DiscardItems(items[2:]))
    with desk.engines.read.connect() as connection:
        said = beside.memory(connection)
    assert b"external_id" in said
    assert b"erased" in said
    for name in (b"Fabre", b"example.org", b"L\xc3\xa9a", b"Motivation"):
        assert name not in said


def test_what_another_version_does_not_know_is_left_out(desk: Desk) -> None:
    row = [bytes(32), None, None, "id", "future"]
    said = [
        ["external_id", ["mac", "dossier", "batch", "role", "of_tomorrow"], [row]],
        ["table_of_tomorrow", ["a"], [[1]]],
    ]
    with desk.engines.write.begin() as connection:
        beside.take_memory(connection, msgpack.packb(said))
    with desk.engines.read.connect() as connection:
        assert (
            connection.exec_driver_sql(
                "SELECT role FROM external_id WHERE mac = ?", (bytes(32),)
            ).scalar()
            == "id"
        )


@pytest.mark.parametrize(
    "bad",
    [
        b"",
        b"\xc1",
        msgpack.packb([[1]]),
        msgpack.packb(7),
        msgpack.packb([["external_id", ["mac"], [[]]]]),
    ],
)
def test_bytes_that_are_none_of_ours_are_refused(desk: Desk, bad: bytes) -> None:
    with pytest.raises(Corrupt, match="dossier_damaged"), desk.engines.write.begin() as connection:
        beside.take_memory(connection, bad)
