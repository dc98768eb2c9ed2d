"""The demonstration's inbox, read with the demonstration's settings, gives what its list says."""

from __future__ import annotations

import json
import tomllib
from pathlib import Path

import pytest

from clementine_crm.domain.values import normalise_phone
from clementine_crm.plugin_api import ItemPayload
from tests.plugins.readings import InProcess

DEMO = Path(__file__).parents[3] / "resources" / "demo"
LINES = [json.loads(line) for line in (DEMO / "inbox.jsonl").read_text("utf-8").splitlines()]


@pytest.fixture(scope="module")
def demo() -> InProcess:
    agency = tomllib.loads((DEMO / "agency.toml").read_text("utf-8"))
    return InProcess(**agency["plugins"]["website_forms"])


@pytest.mark.parametrize("line", LINES, ids=lambda line: f"{line['n']}-{line['kind']}")
def test_an_item_of_the_demonstration(line, demo) -> None:
    (item,) = (
        entry
        for entry in demo.read(DEMO / line["file"])
        if isinstance(entry, ItemPayload)
        and line["email"] in {f.value for f in entry.fields if f.name == "email"}
    )
    said = {f.name: f.value for f in item.fields}
    assert (said["given_name"], said["family_name"]) == (line["given_name"], line["family_name"])
    assert (item.form, item.reference) == (line["form"], line["reference"])
    assert item.position == line["position"]
    assert any(box.purpose == "POOL" for box in item.consents) == line["consent"]
    assert bool(item.set_aside) == line["set_aside"]
    assert len(item.files) == len(line["documents"])
    if not item.set_aside:
        assert (normalise_phone(said.get("phone", "")) or "") == line["phone"]
