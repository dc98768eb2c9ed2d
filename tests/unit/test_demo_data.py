"""The demonstration agency's files: complete, readable, and nobody in them exists."""

from __future__ import annotations

import csv
import hashlib
import io
import json
import mailbox
import re
import unicodedata
import zipfile
from collections import Counter
from collections.abc import Iterator
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from pathlib import Path
from typing import Any

import docx
import pypdfium2
import pytest
from striprtf.striprtf import rtf_to_text

from bench.demo.inbox import PASSWORD, UNKNOWN_REFERENCE
from bench.demo_data import demo_files, read_agency

DEMO = Path(__file__).parents[2] / "resources" / "demo"

# Names, numbers and addresses of the real agency and of its tools, which may not occur here:
# the first 20 digits of the SHA-256 of each, folded to lower-case letters without blanks.
FOREIGN = {
    "cb192bc368c713c1e47f",
    "320ca20f494c7463376b",
    "27b211ad189d6d2505c2",
    "da4890730d9438c5f764",
    "39273783d24edfec27c2",
    "7953c97fea3de3cf6db2",
    "9790b8f4a5994bc87337",
    "4f53c6c301f98610918a",
    "84308bea454057aa509a",
    "bbdefa2950f49882f295",
    "7d1507284a5757cac6b6",
    "b1b47d29f857045b9893",
    "6fa9132ce880e9b1b9ed",
    "f27574c71a67ca7853d6",
}

MAGIC = {
    "pdf": b"%PDF-",
    "docx": b"PK\x03\x04",
    "odt": b"PK\x03\x04",
    "rtf": b"{\\rtf1",
    "jpg": b"\xff\xd8\xff",
}


def lines(name: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in (DEMO / name).read_text("utf-8").splitlines()]


def text_of(name: str, data: bytes) -> str:
    kind = name.rsplit(".", 1)[-1]
    if kind == "pdf":
        document = pypdfium2.PdfDocument(data, password=PASSWORD)
        text = "\n".join(page.get_textpage().get_text_range() for page in document)
        document.close()
        return text
    if kind == "docx":
        document = docx.Document(io.BytesIO(data))
        cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
        return "\n".join([*cells, *(paragraph.text for paragraph in document.paragraphs)])
    if kind == "odt":
        with zipfile.ZipFile(io.BytesIO(data)) as package:
            return re.sub(r"<[^>]+>", "\n", package.read("content.xml").decode("utf-8"))
    if kind == "rtf":
        return str(rtf_to_text(data.decode("ascii")))  # type: ignore[no-untyped-call]  # no types
    if kind == "txt":
        try:
            return data.decode("utf-8")
        except UnicodeDecodeError:
            return data.decode("cp1252")
    return ""


def messages() -> Iterator[tuple[str, EmailMessage]]:
    for path in sorted((DEMO / "inbox").glob("*.eml")):
        yield path.name, message_from_bytes(path.read_bytes(), policy=default)
    box = mailbox.mbox(DEMO / "inbox" / "candidatures.mbox", create=False)
    try:
        for message in box:
            yield "candidatures.mbox", message_from_bytes(message.as_bytes(), policy=default)
    finally:
        box.close()


def attachments() -> Iterator[tuple[str, str, bytes]]:
    for path, message in messages():
        for part in message.iter_attachments():
            yield path, str(part.get_filename()), part.get_content()


def every_text() -> Iterator[tuple[str, str]]:
    yield "agency.toml", (DEMO / "agency.toml").read_text("utf-8")
    for name in ("kept.jsonl", "inbox.jsonl"):
        yield name, (DEMO / name).read_text("utf-8")
    for path in sorted((DEMO / "kept").iterdir()):
        yield path.name, f"{path.name}\n{text_of(path.name, path.read_bytes())}"
    for name, message in messages():
        bodies = [p.get_content() for p in message.walk() if p.get_content_maintype() == "text"]
        yield name, "\n".join([*(str(v) for v in message.values()), *bodies])
    for name, attached, data in attachments():
        yield f"{name}/{attached}", f"{attached}\n{text_of(attached, data)}"
    for path in (DEMO / "inbox").glob("*.csv"):
        yield path.name, path.read_text("utf-8")


@pytest.fixture(scope="module")
def texts() -> list[tuple[str, str]]:
    return list(every_text())


def folded(text: str) -> str:
    flat = unicodedata.normalize("NFD", text).casefold()
    return "".join(c for c in flat if not unicodedata.combining(c))


def foreign_words(text: str) -> set[str]:
    words = re.findall(r"[a-z0-9@.]+", folded(text))
    runs = {"".join(words[k : k + n]).strip(".") for k in range(len(words)) for n in (1, 2, 3, 4)}
    runs |= {piece for word in words for piece in re.split("[@.]", word)}
    runs |= {
        re.sub(r"^(0033|33)", "0", digits)
        for digits in re.findall(r"\d{9,}", re.sub(r"[ .+()]", "", text))
    }
    return {run for run in runs if hashlib.sha256(run.encode()).hexdigest()[:20] in FOREIGN}


def test_the_check_for_foreign_names_sees_one() -> None:
    # Planted through its pieces so that the name does not stand here either.
    assert foreign_words("Bonjour chez Clé" + "mentine, merci")
    assert foreign_words("Sur AD" + "-Men depuis hier")


def test_nobody_and_nothing_of_the_real_agency_is_here(texts: list[tuple[str, str]]) -> None:
    assert {name: found for name, text in texts if (found := foreign_words(text))} == {}


def test_every_address_is_of_an_example_domain(texts: list[tuple[str, str]]) -> None:
    for name, text in texts:
        for domain in re.findall(r"[\w.+-]+@([\w.-]+\w)", text):
            assert re.search(r"(^|\.)example\.(com|org|net)$", domain.lower()), f"{name}: {domain}"


def test_every_phone_is_of_the_range_kept_for_fiction(texts: list[tuple[str, str]]) -> None:
    found = 0
    for name, text in texts:
        for number in re.findall(r"(?<![\w+])(?:\+33 ?|0)[1-9](?:[ .]?\d\d){4}(?!\w)", text):
            found += 1
            digits = re.sub(r"\D", "", number.replace("+33", "0"))
            assert digits.startswith("063998"), f"{name}: {number}"
    assert found > 380


def test_counts_of_dossiers_and_items() -> None:
    kept, waiting = lines("kept.jsonl"), lines("inbox.jsonl")
    assert Counter(line["lang"] for line in kept) == {"fr": 120, "en": 30}
    assert len([line for line in waiting if not line["set_aside"]]) == 30
    assert Counter(line["kind"] for line in waiting) == {
        "form": 20,
        "mail": 4,
        "mbox": 4,
        "forward": 1,
        "csv": 1,
        "auto_reply": 1,
    }
    assert Counter(line["form"] for line in waiting if line["kind"] == "form") == {
        "targeted-fr": 8,
        "spontaneous-fr": 5,
        "contact-fr": 3,
        "spontaneous-en": 2,
        "contact-en": 2,
    }
    assert {line["file"] for line in kept} == {f"kept/{p.name}" for p in (DEMO / "kept").iterdir()}
    assert {line["file"] for line in waiting} == {
        f"inbox/{p.name}" for p in (DEMO / "inbox").iterdir()
    }
    assert sum(p.stat().st_size for p in DEMO.rglob("*") if p.is_file()) <= 4_000_000


def test_every_person_is_somebody_else() -> None:
    kept = [line["fields"] for line in lines("kept.jsonl")]
    for key in ("email", "phone"):
        assert len({fields[key] for fields in kept}) == 150
    assert len({folded(f["given_name"] + f["family_name"]) for f in kept}) == 150


def test_files_are_what_their_names_say() -> None:
    kinds: Counter[str] = Counter()
    kept = ((p.name, p.read_bytes()) for p in sorted((DEMO / "kept").iterdir()))
    for name, data in (*kept, *((name, data) for _path, name, data in attachments())):
        kind = name.rsplit(".", 1)[-1]
        kinds[kind] += 1
        if kind != "txt":
            assert data.startswith(MAGIC[kind]), name
    assert set(kinds) == {"pdf", "docx", "odt", "rtf", "txt", "jpg"}
    assert kinds["jpg"] == 1


def test_every_cv_opens_and_names_its_person() -> None:
    for line in lines("kept.jsonl"):
        text = text_of(line["file"], (DEMO / line["file"]).read_bytes())
        fields = line["fields"]
        whole = folded(" ".join(text.split()))
        assert folded(f"{fields['given_name']} {fields['family_name']}") in whole, line["file"]
        assert fields["email"] in text.replace("\r\n", ""), line["file"]
        assert 150 <= len(text.split()) <= 500, f"{line['file']}: {len(text.split())}"


def test_one_cv_asks_for_a_password() -> None:
    locked = []
    for _path, name, data in attachments():
        if name.endswith(".pdf"):
            try:
                pypdfium2.PdfDocument(data).close()
            except pypdfium2.PdfiumError:
                locked.append(name)
    assert len(locked) == 1


def test_three_cvs_state_a_birth_date(texts: list[tuple[str, str]]) -> None:
    assert sum("Né(e) le" in text or "Date of birth" in text for _name, text in texts) == 3


def test_references_exist_or_are_the_planned_unknown_one() -> None:
    references = {mission["reference"] for mission in read_agency()["missions"]}
    assert len(references) == 14
    used = {line["reference"] for line in lines("inbox.jsonl")} - {""}
    assert used - references == {UNKNOWN_REFERENCE}
    assert {line["mission"] for line in lines("kept.jsonl")} - {""} <= references


def test_the_export_joins_its_mails_by_hash_and_has_one_row_more() -> None:
    (path,) = (DEMO / "inbox").glob("*.csv")
    raw = path.read_bytes()
    assert not raw.endswith(b"\n")
    assert raw.count(b'"\r\n"') == 7
    rows = list(csv.DictReader(io.StringIO(raw.decode("utf-8"))))
    known = {hashlib.md5(data, usedforsecurity=False).hexdigest() for _p, _n, data in attachments()}
    hashes = [[h for h in (row["cv"], row["lettre"]) if h] for row in rows]
    assert [set(h) <= known for h in hashes].count(True) == 6
    assert sorted(row["Date"] for row in rows) == [row["Date"] for row in reversed(rows)]


def test_known_people_come_again() -> None:
    kept = {line["id"]: line["fields"] for line in lines("kept.jsonl")}
    again = [(line, kept[line["known"]]) for line in lines("inbox.jsonl") if line["known"]]
    assert len(again) == 4
    for line, old in again:
        assert (line["given_name"], line["family_name"]) == (old["given_name"], old["family_name"])
    same = [(line["email"] == old["email"], line["phone"] == old["phone"]) for line, old in again]
    assert Counter(same) == {(True, True): 2, (False, True): 1, (False, False): 1}


def test_what_inbox_jsonl_says_is_in_the_files() -> None:
    found = {(path, name): hashlib.sha256(data).hexdigest() for path, name, data in attachments()}
    said = {
        (line["file"].removeprefix("inbox/"), document["name"]): document["sha256"]
        for line in lines("inbox.jsonl")
        for document in line["documents"]
    }
    assert said == found


@pytest.mark.slow
def test_the_generator_gives_the_same_bytes_twice_and_the_committed_lines() -> None:
    first, second = demo_files(read_agency()), demo_files(read_agency())
    assert first == second
    assert first["kept.jsonl"] == (DEMO / "kept.jsonl").read_bytes()
    assert set(first) == {
        str(p.relative_to(DEMO).as_posix()) for p in DEMO.rglob("*") if p.is_file()
    } - {"agency.toml", ".gitattributes"}


def test_consent_is_never_older_than_the_thirteenth_month() -> None:
    days = [c["given_days_ago"] for line in lines("kept.jsonl") for c in line["consents"]]
    assert max(days) < 395
    assert sum(day > 365 for day in days) >= 3
    assert {line["ground"] for line in lines("kept.jsonl")} == {
        "consent",
        "application",
        "unknown",
        "sourced",
    }
