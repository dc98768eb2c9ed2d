"""What the samples of form plugins' exports expect."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from pathlib import Path

from clementine_crm.domain.values import normalise_phone
from clementine_crm.plugin_api import ItemPayload
from tests.plugins.readings import Readings
from tests.plugins.sample_facts import Case, expected, facts, value

FORMS = {"ciblee": "targeted", "spontanee": "spontaneous", "contact": "contact"}


def rows(read: Readings, path: Path, fact: int) -> None:
    """Every row is accounted for; an address book says how many contacts it holds."""
    book = [r for r in read.rejections(path) if r.reason == "form_address_book"]
    if book:
        assert [r.params["rows"] for r in book] == [str(fact)]
    else:
        assert len(read.entries(path)) == fact


def emails(read: Readings, path: Path, fact: list[str]) -> None:
    found = [value(item, "email") for item in read.items(path)]
    book = any(r.reason == "form_address_book" for r in read.rejections(path))
    assert found == ([] if book else fact)


def messages(read: Readings, path: Path, fact: int) -> None:
    assert len(read.items(path)) == fact
    if fact == 0:
        assert [r.reason for r in read.rejections(path)] == ["form_none_in_export"]


def spam(read: Readings, path: Path, fact: int) -> None:
    assert sum(item.set_aside == "form_spam" for item in read.items(path)) == fact


def form(read: Readings, path: Path, fact: str) -> None:
    assert {item.form.partition("-")[0] for item in read.items(path)} == {FORMS[fact]}


def language(read: Readings, path: Path, fact: str) -> None:
    assert {item.form.partition("-")[2] for item in read.items(path)} == {fact}


def date_order(read: Readings, path: Path, fact: str) -> None:
    days = [item.received_at.timetuple()[:3] for item in read.items(path) if item.received_at]
    text = path.read_text(encoding="utf-8-sig")
    written = [tuple(map(int, m)) for m in re.findall(r"\"(\d\d)/(\d\d)/(\d{4})\"", text)]
    assert written
    order = (2, 1, 0) if fact == "day first" else (2, 0, 1)
    assert days == [tuple(w[at] for at in order) for w in written]


def submissions(read: Readings, path: Path, fact: list[dict[str, str]]) -> None:
    """Each row's values, whatever the order in the file."""
    found = {value(item, "email"): item for item in read.items(path)}
    assert len(found) == len(fact)
    for said in fact:
        item = found[said["email"]]
        assert value(item, "given_name") == said["first_name"]
        assert value(item, "family_name") == said["last_name"]
        assert normalise_phone(value(item, "phone")) == said["phone_e164"]
        assert item.reference == said.get("job_reference", item.reference)
        assert said.get("cv_name", "") in item.evidence
        _hash(item, said, path)


def _hash(item: ItemPayload, said: dict[str, str], path: Path) -> None:
    if "cv_hash" not in said:
        return
    assert item.expects_files == (said["cv_hash"],)
    assert len(said["cv_hash"]) == {"md5": 32, "sha256": 64}[said["cv_hash_kind"]]
    cv = path.parent.parent / "cv" / said["cv_file_in_samples"]
    if cv.is_file():
        digest = hashlib.new(said["cv_hash_kind"], cv.read_bytes(), usedforsecurity=False)
        assert digest.hexdigest() == said["cv_hash"]


EXPORTS = {
    "rows": rows,
    "emails": emails,
    "messages": messages,
    "spam": spam,
    "form": form,
    "language": language,
    "date_order": date_order,
    "submissions": submissions,
}


def export_cases(folder: Path) -> Iterator[Case]:
    yield from facts(folder, EXPORTS)
    for name, said in sorted(expected(folder).items()):
        if "must warn" in said.get("note", ""):
            path = folder / name
            yield Case(f"{folder.name}/{name}/warns", lambda read, path=path: warns(read, path))


def warns(read: Readings, path: Path) -> None:
    assert any("form_columns_missing" in item.warnings for item in read.items(path))
