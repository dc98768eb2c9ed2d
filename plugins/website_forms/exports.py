"""The exports of form plugins, told by their header, and the submission in each of their rows."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Literal

from .labels import fold
from .moments import is_instant, moment_of
from .site import Site
from .submission import Submission, gather
from .tables import DELIMITERS, Row, Sheet

Kind = Literal["flamingo", "address_book", "entries", "ninja", "elementor"]
_TITLES = 10
_HEADER_LIMIT = 120
_ADDRESS_BOOK = (
    {"email", "e mail", "adresse e mail"},
    {"full name", "nom complet"},
    {"first name", "prenom"},
    {"last name", "nom", "nom de famille"},
)
_ENTRY_ID = {"entry id", "id de l entree", "identifiant de l entree", "id d entree"}
_ENTRY_DATE = {"entry date", "date de l entree", "date d entree"}
_NINJA_DATE = {"date submitted", "date de soumission", "date d envoi", "submitted"}
_DATE = {"date", "date d envoi", "date de reception"}
# What the form plugin adds of its own, by what it is good for here; "" is left out and named.
_OWN = {
    **dict.fromkeys(_ENTRY_ID | {"submission id", "#"}, "id"),
    **dict.fromkeys(_ENTRY_DATE | _NINJA_DATE | {"created at", "cree le"}, "date"),
    **dict.fromkeys(("source url", "referrer", "form name id", "form name", "url source"), "hint"),
    **dict.fromkeys(
        (
            *(
                "created by user id",
                "date updated",
                "transaction id",
                "payment amount",
                "payment date",
            ),
            *(
                "payment status",
                "post id",
                "user agent",
                "user ip",
                "user id",
                "entry notes",
                "type",
            ),
            *("viewed", "starred", "geolocation details", "unique generated user id", "edited by"),
        ),
        "",
    ),
}


@dataclass(frozen=True)
class Export:
    """A recognised table: which plugin wrote it, its separator, and where its header stands."""

    kind: Kind
    delimiter: str
    header: tuple[str, ...]
    header_row: int


def recognise(sheet: Sheet, site: Site) -> Export | None:
    """The export that begins so, or None when it is some other table or none."""
    found: list[Export] = []
    for delimiter in (sheet.said,) if sheet.said else DELIMITERS:
        top = list(islice(sheet.rows(delimiter), _TITLES + 1))
        for at, row in enumerate(top):
            kind = _kind(row.cells, top[at + 1].cells if at + 1 < len(top) else (), site)
            if kind:
                found.append(
                    Export(kind, delimiter, tuple(c.strip() for c in row.cells), row.number)
                )
                break
    return max(found, key=lambda export: len(export.header), default=None)


def _kind(header: Sequence[str], below: Sequence[str], site: Site) -> Kind | None:
    if not 2 <= len(header) <= _HEADER_LIMIT:
        return None
    folded = [fold(label) for label in header]
    held = set(folded)
    if len(header) == len(_ADDRESS_BOOK) and all(
        label in words for label, words in zip(folded, _ADDRESS_BOOK, strict=True)
    ):
        return "address_book"
    if held & _ENTRY_ID and held & _ENTRY_DATE:
        return "entries"
    if folded[0] == "#" and folded[1] in _NINJA_DATE:
        return "ninja"
    if {"submission id", "created at"} <= held and held & {"form name id", "form name"}:
        return "elementor"
    return "flamingo" if _is_flamingo(header, folded[-1], below, site) else None


def _is_flamingo(header: Sequence[str], last: str, below: Sequence[str], site: Site) -> bool:
    if last not in _DATE and not (len(below) == len(header) and is_instant(below[-1])):
        return False
    known = {site.field_of(label) for label in header[:-1]}
    told = known & {"message", "subject", "position", "reference", "cv", "consent"}
    return "email" in known and bool(told)


def submissions(
    sheet: Sheet, export: Export, site: Site, name: str
) -> Iterator[tuple[Row, Submission | None]]:
    """Each row below the header with its submission; None where the row holds none.

    A row whose own columns are missing (an export of every form at once keeps the newest form's
    columns only) is not ``whole``.
    """
    for row in sheet.rows(export.delimiter):
        if row.number <= export.header_row or not (
            row.cut or any(cell.strip() for cell in row.cells)
        ):
            continue
        found = _submission(row, export, site)
        found.evidence = f"{name}:{row.number}"
        found.hint = f"{name} {found.hint}".strip()
        if row.mended:
            found.warn("form_charset_mended")
        if len(row.cells) != len(export.header):
            found.warn("form_row_ragged")
        found.whole = export.kind != "flamingo" or not _lacks(found)
        yield row, None if _is_empty(found) else found


def _submission(row: Row, export: Export, site: Site) -> Submission:
    pairs = list(zip(export.header, (*row.cells, *[""] * len(export.header)), strict=False))
    own: Mapping[str, str] = {}
    if export.kind == "flamingo":
        (_, date), pairs = pairs[-1], pairs[:-1]
    else:
        own, pairs = _own_columns(pairs)
        date = own.get("date", "")
    found = gather(pairs, site, table=True)
    found.sent_at, found.precise = moment_of(date, day_first=site.day_first)
    if found.sent_at is None:
        found.warn("form_no_date")
    found.site_id, found.hint = own.get("id", ""), own.get("hint", "")
    for label in own.get("left_out", "").split("\n"):
        found.leave_out(label)
    return found


def _own_columns(pairs: list[tuple[str, str]]) -> tuple[Mapping[str, str], list[tuple[str, str]]]:
    """What the form plugin itself says of the row, and the form's own pairs."""
    own: dict[str, str] = {}
    left: list[str] = []
    rest: list[tuple[str, str]] = []
    for label, value in pairs:
        use = _OWN.get(fold(label))
        if use is None:
            rest.append((label, value))
        elif use == "hint":
            own["hint"] = f"{own.get('hint', '')} {value}".strip()
        elif use:
            own.setdefault(use, value.strip())
        elif value.strip():
            left.append(label)
    own["left_out"] = "\n".join(left)
    return own, rest


def _lacks(found: Submission) -> bool:
    """Whether the row misses what its form always asks: it came by another form."""
    fields, values = found.labels, found.values
    nameless = bool({"given_name", "family_name"} & set(fields)) and not (
        {"given_name", "family_name"} & set(values)
    )
    aimless = "position" in fields and not {"position", "cv", "reference"} & set(values)
    return nameless or aimless or ("subject" in fields and "subject" not in values)


def _is_empty(found: Submission) -> bool:
    """Nobody to answer and nothing said: a total, a remark, a row of another form."""
    reached = found.get("email") or found.get("phone") or found.get("message")
    return not (reached or found.hashes or found.addresses)
