"""What was typed into a running site (``submissions.json``): its mails, its exports, and both as one."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from clementine_crm.domain.values import normalise_email
from clementine_crm.plugin_api import ItemPayload
from tests.plugins.readings import Readings
from tests.plugins.sample_facts import Case, flat, the_item, value

SHAPES = (
    ("spont", "spontaneous"),
    ("offre", "targeted"),
    ("cibl", "targeted"),
    ("contact", "contact"),
)
FIELDS: dict[str, str] = {
    "nom": "family_name", "last-name": "family_name", "prenom": "given_name",
    "first-name": "given_name", "email": "email", "your-email": "email", "telephone": "phone",
    "your-phone": "phone", "societe": "company", "linkedin": "link",
    "objet": "subject", "your-subject": "subject", "message": "message", "your-message": "message",
    "poste-recherche": "position", "position": "position", "reference-offre": "reference",
}  # fmt: skip
LEFT_OUT = {"civilite", "disponibilite", "pretentions"}


def submission_cases(folder: Path) -> Iterator[Case]:
    """Each submission as its mail shows it and as the export's row does, and both as one."""
    for said in json.loads((folder / "submissions.json").read_text(encoding="utf-8")):
        name = f"{folder.name}/{said['form']}-{said['n']}"
        if said["status"] != "mail_sent":
            yield Case(f"{name}/refused", lambda r, s=said: is_nowhere(r, s, folder))
            continue
        mail = folder / "mail" / said["mails"][0]
        yield Case(f"{name}/mail", lambda r, s=said, m=mail: as_mail(r, s, the_item(r, m)))
        yield Case(f"{name}/row", lambda r, s=said: as_typed(s, the_row(r, s, folder)))
        yield Case(
            f"{name}/joins", lambda r, s=said, m=mail: joins(the_item(r, m), the_row(r, s, folder))
        )
        yield Case(f"{name}/files", lambda r, s=said, m=mail: hashes(r, s, m, folder))
        for receipt in said["mails"][1:]:
            path = folder / "mail" / receipt
            yield Case(f"{name}/receipt", lambda r, path=path: is_receipt(r, path))
    yield Case(f"{folder.name}/address-book", lambda r: is_address_book(r, folder))
    yield Case(f"{folder.name}/all-channels", lambda r: loses_columns(r, folder))


def form_name(said: dict[str, Any]) -> str:
    kind = next(kind for part, kind in SHAPES if part in said["form"])
    return f"{kind}-{'en' if said['form'].endswith('-en') else 'fr'}"


def rows_of(read: Readings, said: dict[str, Any], folder: Path) -> list[ItemPayload]:
    """The rows of the forms' own exports that hold what was typed."""
    typed = {flat(str(v)) for k, v in said["fields"].items() if k.endswith("message")}
    email = next(v for k, v in said["fields"].items() if k.endswith("email"))
    tables = (t for t in sorted((folder / "flamingo_csv").glob("*.csv")) if not loses(read, t))
    return [
        item
        for table in tables
        for item in read.items(table)
        if value(item, "email") == email and flat(item.message) in typed
    ]


def loses(read: Readings, table: Path) -> bool:
    return any(r.reason == "form_columns_lost" for r in read.rejections(table))


def the_row(read: Readings, said: dict[str, Any], folder: Path) -> ItemPayload:
    (item,) = rows_of(read, said, folder)
    return item


def is_nowhere(read: Readings, said: dict[str, Any], folder: Path) -> None:
    assert rows_of(read, said, folder) == []


def as_typed(said: dict[str, Any], item: ItemPayload) -> None:
    assert item.form == form_name(said)
    for name, typed in {**said["fields"], **said["query"]}.items():
        shown = typed if isinstance(typed, str) else ", ".join(typed)
        target = FIELDS.get(name.removesuffix("[]"), "")
        if target in ("subject", "message", "position", "reference"):
            assert flat(getattr(item, target)) == flat(shown), name
        elif target == "email":
            assert normalise_email(value(item, "email")) == normalise_email(shown)
        elif target in ("given_name", "family_name", "phone", "company", "link"):
            assert value(item, target) == shown, name
        elif name == "your-name":
            names = {value(item, "given_name"), value(item, "family_name")}
            assert " ".join(sorted(names)) == " ".join(sorted(names_of(shown)))
        elif name == "languages[]":
            assert [f.value for f in item.fields if f.name == "language"] == typed
        elif name == "contrat[]":
            assert list(item.tags) == typed
    assert not {"Monsieur", "Madame", "Non précisé"} & {f.value for f in item.fields}


def names_of(shown: str) -> list[str]:
    family, comma, given = shown.partition(", ")
    return [given, family] if comma else shown.split(" ", 1)


def as_mail(read: Readings, said: dict[str, Any], item: ItemPayload) -> None:
    as_typed(said, item)
    assert item.set_aside == ""
    assert item.channel == "web_form"
    if "contact" not in said["form"]:
        assert item.kind == "application"
    elif said["fields"].get("objet") in ("Je recrute", "Presse / partenariat"):
        assert item.kind == "enquiry"


def joins(mail: ItemPayload, row: ItemPayload) -> None:
    assert set(mail.join_keys) & set(row.join_keys)


def hashes(read: Readings, said: dict[str, Any], mail: Path, folder: Path) -> None:
    """The mail carries the very bytes that were uploaded, and the row names them."""
    sent = [
        folder / "uploads" / f"{said['form']}-{said['n']}__{name}"
        for name in said["files"].values()
    ]
    carried = [file.data for file in the_item(read, mail).files]
    assert carried == [path.read_bytes() for path in sent]
    row = the_row(read, said, folder)
    assert row.expects_files == tuple(
        hashlib.md5(d, usedforsecurity=False).hexdigest() for d in carried
    )
    ticked = [k for k in said["fields"] if k in ("rgpd", "consent")]
    assert [(c.label, c.answer) for c in row.consents] == [(k, said["fields"][k]) for k in ticked]
    # "J’accepte la politique de confidentialité" is no consent to be kept for later missions.
    assert "POOL" not in {c.purpose for c in row.consents}
    assert set(row.left_out) == {k for k in said["fields"] if k in LEFT_OUT and said["fields"][k]}


def is_receipt(read: Readings, path: Path) -> None:
    item = the_item(read, path)
    assert item.set_aside == "form_receipt"
    assert (item.fields, item.message, item.join_keys) == ((), "", ())


def is_address_book(read: Readings, folder: Path) -> None:
    (entry,) = read.rejections(folder / "flamingo_csv" / "address-book.csv")
    assert entry.reason == "form_address_book"


def loses_columns(read: Readings, folder: Path) -> None:
    """An export of every form at once: rows of the newest form are whole, the others say what they lack."""
    tables = [t for t in sorted((folder / "flamingo_csv").glob("*.csv")) if loses(read, t)]
    assert tables
    for path in tables:
        assert {r.reason for r in read.rejections(path)} == {"form_columns_lost"}
        newest = read.items(path)[0].form
        for item in read.items(path):
            assert (item.form == newest) != ("form_columns_missing" in item.warnings)
