"""What a format reader hands back, before the text is mended and searched for fields."""

from __future__ import annotations

import struct
import zipfile
import zlib
from dataclasses import dataclass
from email.errors import MessageError
from xml.parsers.expat import ExpatError

from pdfminer.psexceptions import PSException

from clementine_crm.plugin_api.reading import DocumentKind

UNPACKED_LIMIT = 100 * 1024 * 1024
"""Bytes that one document may unpack to (formats.md section 8)."""

TEXT_LIMIT = 2_000_000
"""Characters kept of one document; a novel has half of it."""

PAGE_LIMIT = 300
"""Pages read of one document; a CV has three."""

DEPTH_LIMIT = 400
"""Levels of nested elements; Word itself writes fewer than forty."""

# What a library says, one way or another, when bytes are not what they claim. Recursion and
# pdfium's own error are RuntimeErrors; broken XML entities, base64 and code pages are ValueErrors.
DAMAGE: tuple[type[Exception], ...] = (
    ArithmeticError, AssertionError, AttributeError, BufferError, EOFError, ExpatError, LookupError,
    MemoryError, MessageError, OSError, PSException, RuntimeError, StopIteration, TypeError,
    ValueError, struct.error, zipfile.BadZipFile, zipfile.LargeZipFile, zlib.error,
)  # fmt: skip


class Refused(Exception):  # noqa: N818 - never leaves this package: a verdict, not a failure
    """The document ends here: ``reason`` is a key under ``reading.``."""

    def __init__(self, reason: str, *flags: str) -> None:
        super().__init__(reason)
        self.reason = reason
        self.flags = flags


@dataclass(frozen=True, slots=True)
class Reading:
    """Raw text by page. A format without pages gives one text and ``paged`` false."""

    kind: DocumentKind
    media_type: str
    pages: tuple[str, ...] = ()
    paged: bool = False
    reason: str = ""
    flags: tuple[str, ...] = ()
