"""Files of a dossier: the bytes lie sealed beside the base, the row says what they are."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from clementine_crm.domain.ids import Id, new_id


@dataclass(eq=False)
class Document:
    """``blob`` names the sealed file (``store/documents``); ``sha256`` is of the original bytes.

    ``text_blob`` is the name its extracted text would have as a sealed file: the text itself stays
    out of the dossier's state. ``reason`` is empty when the text was read, otherwise a key under
    ``reading.``; ``flags`` are space-separated keys. ``text_chars`` is the length of that text.
    """

    dossier: Id
    name: str
    media_type: str
    size: int
    sha256: bytes
    id: Id = field(default_factory=new_id)
    blob: str = ""
    text_blob: str = ""
    role: str = "other"
    kind: str = "unknown"
    lang: str = ""
    pages: int = 0
    reason: str = ""
    flags: str = ""
    text_chars: int = 0
    received_at: datetime | None = None
