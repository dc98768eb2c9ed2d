"""A CV that lies in a folder, on no form and in no mail: the file itself is the item."""

from __future__ import annotations

import csv
import hashlib
import io
import os
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path

from clementine_crm.domain.values import safe_file_name
from clementine_crm.files import shown
from clementine_crm.plugin_api import FileData, ItemPayload, Rejection
from clementine_crm.services.documents import ReadFile
from clementine_crm.services.items import FILES, Incoming, Origin
from clementine_crm.services.lawful import APPLIED
from clementine_crm.services.work import Work

_SIZE_LIMIT = 100 * 1024 * 1024
_DOCUMENTS = {"pdf", "docx", "doc", "odt", "rtf", "pptx", "html", "image"}
_ENDINGS = {
    ".pdf",
    ".doc",
    ".docx",
    ".docm",
    ".odt",
    ".rtf",
    ".pptx",
    ".txt",
    ".htm",
    ".html",
    ".jpg",
    ".jpeg",
    ".png",
    ".tif",
    ".tiff",
}


def incoming_file(path: Path, root: Path, work: Work, origin: Origin) -> Incoming | Rejection:
    """The item in one file that no plugin claims, or why there is none.

    A document that cannot be read still makes an item with its file and the reason. A table, an
    archive or an unknown format is refused by name: no source reads it yet.
    """
    place = shown(path.relative_to(root) if path.is_relative_to(root) else Path(path.name))
    try:
        size = path.stat().st_size
        if size > _SIZE_LIMIT:
            return Rejection(path=place, reason="too_large")
        data = path.read_bytes()
    except OSError:
        return Rejection(path=place, reason="unreadable")
    if not data:
        return Rejection(path=place, reason="empty")
    text = work.reader.document(data, safe_file_name(Path(place).name))
    by_name = path.suffix.casefold() in _ENDINGS
    if text.kind == "text":
        readable = path.suffix.casefold() in {".txt", ""} and not _is_table(text.text)
    else:
        readable = text.kind in _DOCUMENTS or (by_name and text.kind == "unknown")
    if not readable:
        return Rejection(path=place, reason="archive" if text.kind == "archive" else "no_source")
    digest = hashlib.sha256(data).hexdigest()
    folders = Path(place).parts[:-1] if path.is_relative_to(root) else ()
    file = FileData(name=Path(place).name, media_type=text.media_type, data=data, role="cv")
    payload = ItemPayload(
        external_id=digest,
        kind="application",
        received_at=datetime.fromtimestamp(os.path.getmtime(path), UTC)  # noqa: PTH204  # one stat is enough
        if origin.ground != APPLIED
        else work.clock.now(),
        last_contact=origin.last_contact,
        channel="files",
        files=(file,),
        join_keys=(f"file:{digest}",),
        tags=tuple(folder[:100] for folder in folders),
        evidence=place,
    )
    return Incoming(payload, FILES, (ReadFile(file, text),))


def _is_table(text: str) -> bool:
    """Rows of as many cells each: an export, not a letter. A cell may hold line breaks."""
    for separator in ("\t", ";"):
        try:
            cells = csv.reader(io.StringIO(text), delimiter=separator)
            rows = list(islice((row for row in cells if any(row)), 20))
        except csv.Error:
            continue
        if len(rows) > 1 and len({len(row) for row in rows}) == 1 and len(rows[0]) > 1:
            return True
    return False
