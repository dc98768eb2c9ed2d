"""What each kind of sample folder expects, as checks with a name: one for each fact it states.

A folder holds ``expected.json`` (file → field → fact) or, for ``wordpress``, ``submissions.json``.
Fields on which the sample's own two readers differ, and remarks, are no facts.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from clementine_crm.plugin_api import ItemPayload
from tests.plugins.readings import Readings

Check = Callable[[Readings], None]
NO_FACTS = re.compile(
    r"note|defects|second_reader_\w+|\w+_(disagree|one_reader|error)|reader_note|verified_with"
)


@dataclass(frozen=True)
class Case:
    """One fact of a sample; ``skip`` says why it cannot be checked here."""

    name: str
    check: Check | None = None
    skip: str = ""


# Of a character between U+0080 and U+009F a strict reader makes a control character, mail programs
# what cp1252 has there.
_C1 = {n: bytes([n]).decode("cp1252", "replace") for n in range(0x80, 0xA0)}


def flat(text: str) -> str:
    return " ".join(text.translate(_C1).split())


def value(item: ItemPayload, name: str) -> str:
    return next((field.value for field in item.fields if field.name == name), "")


def the_item(read: Readings, path: Path) -> ItemPayload:
    (item,) = read.items(path)
    return item


def expected(folder: Path) -> dict[str, dict[str, Any]]:
    found: dict[str, dict[str, Any]] = json.loads(
        (folder / "expected.json").read_text(encoding="utf-8")
    )
    return found


def facts(folder: Path, checks: dict[str, Callable[[Readings, Path, Any], None]]) -> Iterator[Case]:
    """A case for each fact of ``expected.json``, and one that the file is read at all."""
    for name, fields in sorted(expected(folder).items()):
        path = folder / name
        yield Case(f"{folder.name}/{name}/ends", lambda read, path=path: ends(read, path))
        doubted = {said.partition("(")[0] for said in fields.get("second_reader_disagrees", ())}
        for field, fact in sorted(fields.items()):
            if NO_FACTS.fullmatch(field) or field in doubted:
                continue
            label = f"{folder.name}/{name}/{field}"
            check = checks.get(field)
            if check is None:
                yield Case(label, skip=f"no check for the field {field}")
            else:
                yield Case(
                    label, lambda read, check=check, path=path, fact=fact: check(read, path, fact)
                )


def ends(read: Readings, path: Path) -> None:
    """Every file ends as items or as rejections that name it, and the process lives on."""
    entries = read.entries(path)
    assert entries
    assert all(r.path and r.reason for r in read.rejections(path))
    assert not read.process.failed_plugins
