"""Files of a dossier: read once, sealed under its key, copied to another dossier under that one's."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime

from clementine_crm.domain.document import Document
from clementine_crm.domain.ids import Id
from clementine_crm.domain.values import safe_file_name
from clementine_crm.plugin_api import DocumentText, FileData
from clementine_crm.services.work import Work

_COPIED = (
    "name", "media_type", "size", "sha256", "role", "kind", "lang", "pages", "reason", "flags",
    "text_chars", "received_at",
)  # fmt: skip


def held(work: Work, dossier: Id) -> set[bytes]:
    """The SHA-256 of each file the dossier holds."""
    return {d.sha256 for d in work.uow.find(Document, dossier=dossier)}


@dataclass(frozen=True)
class ReadFile:
    """A file and what the reader made of it."""

    file: FileData
    text: DocumentText


def read_files(work: Work, files: Iterable[FileData]) -> tuple[ReadFile, ...]:
    """Read files before anything is written: nobody waits for a reader that takes its time."""
    return tuple(
        ReadFile(file, work.reader.document(file.data, safe_file_name(file.name)))
        for file in files
        if file.data
    )


def add_file(
    work: Work, dossier: Id, read: ReadFile, received_at: datetime | None
) -> Document | None:
    """Seal one file; None when it is already there. What nobody can read is kept, with the reason."""
    file, text = read.file, read.text
    digest = hashlib.sha256(file.data).digest()
    if digest in held(work, dossier):
        return None
    document = Document(
        dossier,
        safe_file_name(file.name),
        text.media_type or file.media_type,
        len(file.data),
        digest,
        blob=work.uow.put_document(dossier, file.data),
        role=file.role or "other",
        kind=text.kind,
        lang=text.language,
        pages=text.pages,
        reason=text.reason,
        flags=" ".join(text.flags),
        text_chars=len(text.text),
        received_at=received_at,
    )
    document.text_blob = work.uow.put_text(dossier, document.id, text.text)
    work.uow.add(document)
    return document


def copy_documents(
    work: Work, source: Id, target: Id, only: Collection[bytes] | None = None
) -> list[Document]:
    """Copies of the source's files (of these SHA-256) that the target lacks, sealed anew."""
    known = held(work, target)
    copies = []
    for document in work.uow.find(Document, dossier=source):
        if document.sha256 in known or (only is not None and document.sha256 not in only):
            continue
        data = work.uow.document(source, document.blob)
        cells = {name: getattr(document, name) for name in _COPIED}
        copy = Document(target, blob=work.uow.put_document(target, data), **cells)
        copy.text_blob = work.uow.put_text(target, copy.id, work.uow.text_of(document.id))
        work.uow.add(copy)
        copies.append(copy)
    return copies
