"""Exports as they really arrive: re-saved, cut, mixed up, huge. Items or named rejections, no crash."""

from __future__ import annotations

import csv
import io
import random
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from clementine_crm.plugin_api import ItemPayload, Rejection
from tests.plugins.website_forms.site_writer import ALERT, Typed, flamingo

DATA = Path(__file__).parents[2] / "data" / "website_forms"
EXPORTS = sorted(
    [
        *(DATA / "wordpress_forms").glob("*.csv"),
        *(DATA / "wordpress" / "flamingo_csv").glob("*.csv"),
    ]
)
COLUMNS = ("nom", "prenom", "email", "telephone", "societe", "objet", "rgpd")
PEOPLE = (("Lefèvre", "Élodie"), ("Œuvrard", "Sébastien"), ("O'Brien", "Zoë"))
ROWS = [
    Typed(
        {"nom": family_name, "prenom": given_name, "email": f"p{n}@example.org", "objet": "Candidat",
         "telephone": "+33 6 39 98 12 34", "rgpd": "1"},
        f"Ligne 1 « à Paris » ; 3e étage\nligne 2 \"dit le grand\" {n}",
        datetime(2026, 11, 20, 9, n, tzinfo=UTC),
        columns=COLUMNS,
    )
    for n, (family_name, given_name) in enumerate(PEOPLE)
]  # fmt: skip
PLAIN = flamingo(ROWS)


def rewritten(delimiter: str = ";", line: str = "\r\n", quoting: int = csv.QUOTE_MINIMAL) -> str:
    """The same export as a spreadsheet saves it again."""
    rows = list(csv.reader(io.StringIO(PLAIN.decode(), newline="")))
    out = io.StringIO()
    csv.writer(out, delimiter=delimiter, lineterminator=line, quoting=quoting).writerows(  # type: ignore[call-overload]  # one of csv's constants
        [[cell.replace(ALERT, "") for cell in row] for row in rows]
    )
    return out.getvalue()


SAVED_AGAIN: dict[str, Callable[[], bytes]] = {
    "as exported": lambda: PLAIN,
    "with a mark": lambda: b"\xef\xbb\xbf" + PLAIN,
    "utf-16 with a mark, tabs": lambda: rewritten("\t").encode("utf-16"),
    "utf-16 without a mark": lambda: rewritten().encode("utf-16-le"),
    "utf-16 the other way": lambda: b"\xfe\xff" + rewritten().encode("utf-16-be"),
    "cp1252, semicolons": lambda: rewritten().encode("cp1252"),
    "mac roman, CR": lambda: rewritten(line="\r").encode("mac_roman"),
    "LF": lambda: rewritten(line="\n").encode(),
    "sep line": lambda: b"sep=;\r\n" + rewritten().encode(),
    "title rows": lambda: b"Export du site;;\r\n\r\n20/11/2026\r\n" + rewritten().encode(),
    "blank lines": lambda: rewritten(line="\r\n\r\n").encode(),
    "NUL bytes": lambda: PLAIN.replace(b"Paris", b"Pa\0ris\0"),
    "doubled encoding": lambda: PLAIN.decode("utf-8").encode().decode("latin-1").encode(),
    "bars": lambda: rewritten("|").encode(),
}


def items(entries: list[ItemPayload | Rejection]) -> list[ItemPayload]:
    return [entry for entry in entries if isinstance(entry, ItemPayload)]


def names(entries: list[ItemPayload | Rejection]) -> list[tuple[str, ...]]:
    return [
        tuple(f.value for f in item.fields if f.name in ("family_name", "given_name"))
        for item in items(entries)
    ]


@pytest.mark.parametrize("how", SAVED_AGAIN)
def test_a_copy_saved_again_gives_the_same_submissions(how, read) -> None:
    first = items(read(PLAIN))
    entries = read(SAVED_AGAIN[how](), plugin=None)
    assert len(entries) == 3
    for item, same in zip(items(entries), first, strict=True):
        told = {"evidence"}
        assert item.model_dump(exclude=told) == same.model_dump(exclude=told)


def test_a_total_row_and_a_row_of_another_form_are_refused_with_their_number(read) -> None:
    rows = rewritten() + "Total;3;;;;;;;\r\n"
    entries = read(rows.encode())
    refused = [e for e in entries if isinstance(e, Rejection)]
    # Titles and header count, as in a spreadsheet; a cell with a line feed is one row.
    assert [(r.path, r.row, r.reason) for r in refused] == [
        ("contact-fr.csv", 5, "form_columns_lost")
    ]
    assert len(items(entries)) == 3


def test_rows_of_a_mixed_encoding_are_mended_and_told(read) -> None:
    lines = PLAIN.split(b"\r\n")
    lines[2] = lines[2].decode().encode("cp1252")
    entries = items(read(b"\r\n".join(lines)))
    assert names(entries) == [tuple(reversed(p)) for p in PEOPLE]
    assert ["form_charset_mended" in e.warnings for e in entries] == [False, True, False]


@pytest.mark.parametrize("where", [0.3, 0.55, 0.8, 0.97])
def test_a_cut_file_keeps_whole_rows_and_refuses_the_last(read, where) -> None:
    cut = PLAIN[: int(len(PLAIN) * where)]
    entries = read(cut)
    whole = cut.count(b'+01:00"\r\n')
    assert names(entries) == [tuple(reversed(p)) for p in PEOPLE[:whole]]
    (last,) = entries[whole:]
    assert isinstance(last, Rejection)
    assert (last.row, last.reason) == (whole + 2, "form_row_cut")


@pytest.mark.parametrize("data", [PLAIN[: PLAIN.rindex(b',"')], PLAIN[:-5]])
def test_a_file_cut_between_two_cells_or_in_the_last_refuses_its_last_row(data, read) -> None:
    entries = read(data)
    assert names(entries) == [tuple(reversed(p)) for p in PEOPLE[:2]]
    (last,) = entries[2:]
    assert isinstance(last, Rejection)
    assert (last.row, last.reason) == (4, "form_row_cut")


def test_ragged_rows_are_said_and_columns_never_shift_silently(read) -> None:
    rows = rewritten().splitlines(keepends=True)
    longer = "Long;Paul;paul@example.org;0639980000;;Candidat;1;x;2026-11-20T10:00:00+01:00;8;9\r\n"
    shorter = "Court;Jean;jean@example.org\r\n"
    entries = read("".join([rows[0], longer, shorter]).encode())
    assert [e.warnings for e in items(entries)] == [
        ("form_row_ragged",),
        ("form_no_date", "form_row_ragged", "form_columns_missing"),
    ]


def test_duplicate_columns_keep_both_addresses(read) -> None:
    header = '"nom","email","email","telephone","message","message","Date"\r\n'
    row = '"A","a@example.org","b@example.org","","","vu","2026-11-20T10:00:00+01:00"'
    (item,) = items(read((header + row).encode()))
    assert [f.value for f in item.fields if f.name == "email"] == ["a@example.org", "b@example.org"]
    # An empty first column is filled by the second of that name.
    assert item.message == "vu"


def test_a_huge_cell_is_an_item_with_its_beginning(read) -> None:
    text = "x" * 1_500_000
    one = Typed(ROWS[0].fields, text, ROWS[0].sent, columns=COLUMNS)
    (item,) = items(read(flamingo([one])))
    assert item.message == text[:200_000]
    assert "form_text_cut" in item.warnings


def test_formulas_come_in_as_they_were_typed(read) -> None:
    fields = {**ROWS[0].fields, "societe": "=cmd|'/C calc'!A0", "telephone": "'+33639981234",
              "nom": "'t Hooft"}  # fmt: skip
    one = Typed(fields, "@SUM(1+1)", ROWS[0].sent, columns=COLUMNS)
    (item,) = items(read(flamingo([one])))
    found = {f.name: f.value for f in item.fields}
    assert item.message == "@SUM(1+1)"
    assert item.company == "=cmd|'/C calc'!A0"
    # The apostrophe that a spreadsheet or we put before a sign goes; one of a name stays.
    assert found["phone"] == "+33639981234"
    assert found["family_name"] == "'t Hooft"


def test_a_number_that_a_spreadsheet_rounded_is_not_taken(read) -> None:
    fields = {**ROWS[0].fields, "telephone": "3,36399E+10"}
    (item,) = items(read(flamingo([Typed(fields, "x", ROWS[0].sent, columns=COLUMNS)])))
    assert "phone" not in {f.name for f in item.fields}
    assert "form_phone_lost" in item.warnings


def test_an_address_that_is_none_is_said(read) -> None:
    fields = {**ROWS[0].fields, "email": "pas d'adresse"}
    (item,) = items(read(flamingo([Typed(fields, "x", ROWS[0].sent, columns=COLUMNS)])))
    assert "email" not in {f.name for f in item.fields}
    assert "form_email_wrong" in item.warnings


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "empty"),
        (b"\xef\xbb\xbf \r\n", "empty"),
        (b"Nom;Age;Ville\r\nA;3;Lyon\r\n", "form_unknown_table"),
        (PLAIN.split(b"\r\n")[0], "form_nothing_in_it"),
        (b'"Email","Full name","First name","Last name"\r\n"a@example.org","A","",""', "form_address_book"),
        (b"x" * (32 * 1024 * 1024 + 1), "form_file_too_large"),
    ],
)  # fmt: skip
def test_files_without_submissions_are_refused_by_name(data, reason, read) -> None:
    (entry,) = read(data)
    assert isinstance(entry, Rejection)
    assert (entry.path, entry.reason) == ("contact-fr.csv", reason)


@pytest.mark.parametrize("path", EXPORTS, ids=lambda path: path.name)
def test_damaged_exports_end_as_items_or_named_rejections(path, read) -> None:
    """Bytes flipped, removed and doubled at random places, twenty times each."""
    noise = random.Random(path.name)
    data = path.read_bytes()
    for _ in range(20):
        broken = bytearray(data)
        for _ in range(noise.randint(1, 12)):
            at = noise.randrange(len(broken))
            kind = noise.randrange(3)
            if kind == 0:
                broken[at] = noise.randrange(256)
            elif kind == 1:
                del broken[at : at + noise.randint(1, 40)]
            else:
                broken[at:at] = broken[at : at + noise.randint(1, 40)]
        for entry in read(bytes(broken), path.name):
            if isinstance(entry, Rejection):
                assert (entry.path, bool(entry.reason)) == (path.name, True)


@given(st.one_of(
    st.binary(max_size=600),
    st.lists(st.lists(st.text(max_size=20), max_size=8), max_size=8).map(
        lambda rows: ("email,message,Date\n" + "\n".join(",".join(row) for row in rows)).encode()
    ),
))  # fmt: skip
@settings(max_examples=200, deadline=None,
          suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])  # fmt: skip
def test_any_bytes_end_as_items_or_named_rejections(read, data) -> None:
    entries = read(data)
    assert entries
    assert all(isinstance(entry, ItemPayload) or entry.reason for entry in entries)
    assert not any(isinstance(e, Rejection) and e.reason == "plugin_failed" for e in entries)
