"""A person's file as one zip that a person can read and another system can import."""

from __future__ import annotations

import hashlib
import json
import zipfile
from datetime import datetime
from pathlib import Path

from clementine_crm.errors import UsageError
from clementine_crm.files import in_a_home, replace_file_by
from clementine_crm.services.exporting import PersonFile

SCHEMA = "clementine-person/1"


def write_person_zip(
    person: PersonFile, path: Path, now: datetime, *, replace: bool = False
) -> None:
    """The layout of ``gdpr.md`` 3: manifest, one JSON file a section, documents, a vCard.

    The file is there whole or not at all, for its owner alone. UsageError ``export_inside_home``,
    ``export_file_exists`` (unless ``replace``: a person was asked); DiskFull ``disk_full``,
    StorageError ``file_not_written``.
    """
    check_export_place(path, replace=replace)
    files = {f"{name}.json": _json(section) for name, section in person.sections.items()}
    files["person.vcf"] = vcard(person).encode()
    files |= {f"documents/{name}": data for name, data in person.documents}
    manifest = {
        "schema": SCHEMA,
        "made_at": now.isoformat(timespec="seconds"),
        "files": {name: hashlib.sha256(data).hexdigest() for name, data in files.items()},
        "lost": list(person.lost),
    }

    def write(beside: Path) -> None:
        beside.touch(0o600)
        with zipfile.ZipFile(beside, "w", zipfile.ZIP_DEFLATED) as archive:
            for name, data in {"manifest.json": _json(manifest), **files}.items():
                archive.writestr(name, data)

    replace_file_by(path, write)


def check_export_place(path: Path, *, replace: bool = False) -> None:
    """Nothing that a home consists of, and nothing of anybody's, is written over."""
    if in_a_home(path.parent):
        raise UsageError("export_inside_home", file=str(path))
    if path.exists() and not (replace and path.is_file()):
        raise UsageError("export_file_exists", file=str(path))


def _json(value: object) -> bytes:
    return json.dumps(value, ensure_ascii=False, indent=1).encode()


def vcard(person: PersonFile) -> str:
    """vCard 4.0 (RFC 6350): name, e-mails, phones."""
    head = person.sections["person"]
    given = family = ""
    if isinstance(head, dict):
        given, family = str(head["given_name"]), str(head["family_name"])
    lines = ["BEGIN:VCARD", "VERSION:4.0", f"FN:{_escaped(person.name)}"]
    lines.append(f"N:{_escaped(family)};{_escaped(given)};;;")
    lines += [f"EMAIL:{_escaped(email)}" for email in person.emails]
    lines += [f"TEL;VALUE=uri:tel:{phone}" for phone in person.phones]
    return "".join(f"{_folded(line)}\r\n" for line in [*lines, "END:VCARD"])


def _escaped(text: str) -> str:
    for sign in ("\\", ",", ";"):
        text = text.replace(sign, f"\\{sign}")
    return text.replace("\r", "").replace("\n", "\\n")


def _folded(line: str) -> str:
    """At most 75 octets a line, never inside a character."""
    parts, current = [], ""
    for char in line:
        if len((current + char).encode()) > 74:
            parts.append(current)
            current = ""
        current += char
    return "\r\n ".join([*parts, current])
