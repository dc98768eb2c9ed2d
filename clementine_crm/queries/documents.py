"""Files of a dossier: their rows, their bytes, their text."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, select

from clementine_crm.domain.agency import Right
from clementine_crm.domain.ids import Id, show_id
from clementine_crm.errors import NotFound
from clementine_crm.queries.reading import Reading, rows
from clementine_crm.store import derived_tables, tables
from clementine_crm.store.functions import unzip_text


@dataclass(frozen=True)
class DocumentRow:
    """A file as it is listed; ``reason`` is a key under ``reading.`` when its text was not read."""

    id: Id
    dossier: Id
    name: str
    media_type: str
    kind: str
    role: str
    size: int
    pages: int
    characters: int
    reason: str
    flags: tuple[str, ...]
    received_at: datetime | None


@dataclass(frozen=True)
class DocumentContent:
    """A file opened: its bytes and the text read from it."""

    row: DocumentRow
    data: bytes
    text: str


def document_row(row: Any) -> DocumentRow:
    return DocumentRow(
        row.id,
        row.dossier,
        row.name,
        row.media_type,
        row.kind,
        row.role,
        row.size,
        row.pages,
        row.text_chars,
        row.reason,
        tuple(row.flags.split()),
        row.received_at,
    )


def documents_of(connection: Connection, dossier: Id) -> tuple[DocumentRow, ...]:
    """The files of a dossier, newest in front; CVs before the others of the same moment."""
    return in_front(rows(connection, tables.document, _of(dossier)))


def in_front(held: Iterable[Any]) -> tuple[DocumentRow, ...]:
    """Rows of files in the order they are shown."""
    found = [document_row(r) for r in held]
    order = {id(d): n for n, d in enumerate(found)}
    return tuple(sorted(found, key=lambda d: (d.role != "cv", -_when(d), -order[id(d)])))


def _of(dossier: Id) -> Any:
    return tables.document.c.dossier == dossier


def _when(document: DocumentRow) -> float:
    return document.received_at.timestamp() if document.received_at else 0.0


def document(reading: Reading, id: Id) -> DocumentContent:
    """One file with its bytes and text. NotFound, or Corrupt ``document_damaged``."""
    table, key = tables.document, tables.dossier_key
    with reading.connect(Right.SEE_PERSONS) as connection:
        found = rows(connection, table, table.c.id == id)
        if not found:
            raise NotFound("no_such_row", what="document", id=show_id(id))
        row = found[0]
        dek = connection.scalar(select(key.c.dek).where(key.c.dossier == row.dossier))
        text = text_of(connection, id)
    if dek is None:
        raise NotFound("document_missing", name=row.name)
    data = reading.documents.get(dek, row.dossier, row.blob)
    return DocumentContent(document_row(row), data, text)


def text_of(connection: Connection, row: Id) -> str:
    """The text kept of a document, application or note."""
    body = derived_tables.body_text
    return unzip_text(connection.scalar(select(body.c.body).where(body.c.row == row)))
