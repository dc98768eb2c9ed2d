"""What the reader process makes of a document or a message: strict, frozen, without bytes of ours."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from pydantic import BaseModel, ConfigDict

DocumentKind = Literal[
    "pdf",
    "docx",
    "doc",
    "odt",
    "rtf",
    "pptx",
    "html",
    "text",
    "image",
    "archive",
    "message",
    "unknown",
]
FieldName = Literal[
    "given_name",
    "family_name",
    "email",
    "phone",
    "town",
    "postal_address",
    "headline",
    "company",
    "diploma",
    "skill",
    "language",
    "link",
]


class _Frozen(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Place(_Frozen):
    """Where a value was read: 1-based ``line`` of the extracted text, 1-based ``page`` when the
    document has pages, and the exact ``quote`` found there.
    """

    line: int
    page: int = 0
    quote: str = ""


class ProposedField(_Frozen):
    """One value proposed from a document; ``confidence`` is 0 to 1. Phones are E.164."""

    name: FieldName
    value: str
    place: Place
    confidence: float


class DocumentText(_Frozen):
    """A document read: decided by its content, never by its name.

    ``reason`` is empty when the text could be read, otherwise a key under ``reading.`` of the
    catalogue: ``empty``, ``password``, ``damaged``, ``image`` (to be read by eye), ``too_large``,
    ``too_slow``, ``unsupported``, ``archive``. ``flags`` says what was seen and left alone
    (``macros``, ``active_content``, ``external_reference``, ``restricted``, ``cut``).
    ``page_starts`` holds the 1-based line on which each page begins.
    """

    kind: DocumentKind
    media_type: str
    text: str = ""
    pages: int = 0
    page_starts: tuple[int, ...] = ()
    language: Literal["fr", "en", ""] = ""
    fields: tuple[ProposedField, ...] = ()
    reason: str = ""
    flags: tuple[str, ...] = ()


class Attachment(_Frozen):
    """A part of a message that is neither its body nor multipart. ``name`` is already safe: a base
    name without path, control or override characters. ``message`` holds an attached message.
    """

    name: str
    media_type: str
    data: bytes
    inline: bool = False
    damaged: bool = False
    message: Mail | None = None


class Mail(_Frozen):
    """One message, decoded. Addresses are lower-cased at the domain only; empty when absent.

    ``kind`` says what it is *not*: ``auto_reply``, ``bounce``, ``list`` are no applications
    (RFC 3834, RFC 3464, RFC 2919). ``warnings`` are keys under ``reading.``.
    ``forwarded_from`` is the original sender when the body quotes an inline forward.
    """

    message_id: str = ""
    in_reply_to: str = ""
    sent_at: datetime | None = None
    received_at: datetime | None = None
    from_name: str = ""
    from_email: str = ""
    reply_to_name: str = ""
    reply_to_email: str = ""
    to_emails: tuple[str, ...] = ()
    subject: str = ""
    text: str = ""
    html: str = ""
    headers: tuple[tuple[str, str], ...] = ()
    attachments: tuple[Attachment, ...] = ()
    kind: Literal["message", "auto_reply", "bounce", "list"] = "message"
    message_class: str = ""
    forwarded_from: str = ""
    forwarded_name: str = ""
    forwarded_subject: str = ""
    forwarded_text: str = ""
    warnings: tuple[str, ...] = ()


Attachment.model_rebuild()
