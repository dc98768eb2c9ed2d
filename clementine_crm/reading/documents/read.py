"""Any bytes to a ``DocumentText``: kind by content, text, language and proposed fields."""

from __future__ import annotations

from clementine_crm.plugin_api.reading import DocumentText
from clementine_crm.reading.documents.mend import mend
from clementine_crm.reading.documents.office import read_docx, read_pptx
from clementine_crm.reading.documents.opendocument import read_flat_odt, read_odt
from clementine_crm.reading.documents.outcome import DAMAGE, TEXT_LIMIT, Reading, Refused
from clementine_crm.reading.documents.packed import Packed
from clementine_crm.reading.documents.pdf import read_pdf
from clementine_crm.reading.documents.rtf import read_rtf
from clementine_crm.reading.documents.sniff import archive_type, image_type, text_kind, zip_kind
from clementine_crm.reading.documents.web import decode, read_html, read_mhtml, read_text
from clementine_crm.reading.documents.word_binary import read_compound
from clementine_crm.reading.documents.word_markup import WordMarkup
from clementine_crm.reading.fields import language_of, propose_fields

_COMPOUND = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_PDF_HEAD = 1024
_INPUT_LIMIT = 100 * 1024 * 1024
_PLACES = {"unknown": "application/octet-stream"}


def read_document(data: bytes, name: str, password: str = "") -> DocumentText:
    """Read a document of any kind; never raises for bytes, whatever they are.

    ``name`` is only kept for the caller's messages: the kind is decided by content. ``password`` is
    tried on encrypted PDF files. ``reason`` and ``flags`` are those of ``DocumentText``.
    """
    del name
    if not data:
        return DocumentText(kind="unknown", media_type=_PLACES["unknown"], reason="empty")
    if len(data) > _INPUT_LIMIT:
        return DocumentText(kind="unknown", media_type=_PLACES["unknown"], reason="too_large")
    try:
        reading = _read(data, password)
    except Refused as verdict:
        reading = Reading("unknown", _PLACES["unknown"], reason=verdict.reason, flags=verdict.flags)
    except DAMAGE:
        reading = Reading("unknown", _PLACES["unknown"], reason="damaged")
    return _finish(reading)


def _read(data: bytes, password: str) -> Reading:
    if data.startswith(_COMPOUND):
        return read_compound(data)
    if b"%PDF-" in data[:_PDF_HEAD]:
        return read_pdf(data, password)
    if data.startswith(b"PK\x03\x04") or data.startswith(b"PK\x05\x06"):
        return _read_zip(data)
    if data.lstrip(b"\xef\xbb\xbf \t\r\n\x00")[:5] == rb"{\rtf":
        return read_rtf(data)
    media = image_type(data)
    if media:
        return Reading("image", media, reason="image")
    media = archive_type(data)
    if media:
        return Reading("archive", media, reason="archive")
    return _read_text(data)


def _read_zip(data: bytes) -> Reading:
    kind, media = "archive", "application/zip"
    try:
        packed = Packed(data)
        kind = zip_kind(packed)
        if kind == "docx":
            return read_docx(packed)
        if kind == "pptx":
            return read_pptx(packed)
        if kind == "odt":
            return read_odt(packed)
    except Refused as verdict:
        real = {"docx": "docx", "pptx": "pptx", "odt": "odt"}.get(kind, "unknown")
        return Reading(real, media, reason=verdict.reason, flags=verdict.flags)  # type: ignore[arg-type]  # a dict of literals
    if kind == "unsupported":
        return Reading("unknown", media, reason="unsupported")
    if packed.cut and not packed.names():
        return Reading("unknown", media, reason="damaged")
    return Reading("archive", media, reason="archive", flags=("cut",) if packed.cut else ())


def _read_text(data: bytes) -> Reading:
    utf8 = data
    if data[:2] in (b"\xff\xfe", b"\xfe\xff") or 0 in data[:64]:
        # XML and HTML in UTF-16 are looked at as text; expat reads the original bytes itself.
        utf8 = decode(data).encode("utf-8", "replace")
    kind = text_kind(utf8)
    if kind == "html":
        return read_html(data)
    if kind == "mhtml":
        return read_mhtml(utf8)
    if kind == "message":
        return Reading("message", "message/rfc822", reason="unsupported")
    if kind == "fodt":
        return read_flat_odt(data)
    if kind == "word_xml":
        return _read_word_xml(data)
    return read_text(data)


def _read_word_xml(data: bytes) -> Reading:
    reader = WordMarkup()
    reader.feed(data)
    flags = [flag for flag, is_set in (
        ("external_reference", reader.external), ("cut", reader.cut), ("macros", b"macrosPresent=\"yes\"" in data[:8192]),
    ) if is_set]  # fmt: skip
    text = reader.sink.text()
    if text.strip():
        return Reading("doc", "application/msword", (text,), flags=tuple(flags))
    reason = "damaged" if reader.cut else "image" if reader.has_picture else "empty"
    return Reading("doc", "application/msword", reason=reason, flags=tuple(flags))


def _finish(reading: Reading) -> DocumentText:
    lines: list[str] = []
    starts: list[int] = []
    left = TEXT_LIMIT
    flags = list(dict.fromkeys(reading.flags))
    for page in reading.pages:
        starts.append(len(lines) + 1)
        text = mend(page[:left])
        left -= len(text)
        lines += text.split("\n")
        if left <= 0:
            flags = list(dict.fromkeys([*flags, "cut"]))
            break
    text = "\n".join(lines)
    reason = reading.reason
    if not text.strip():
        text = ""
        reason = reason or "empty"
    page_starts = tuple(starts) if reading.paged else ()
    language = language_of(text)
    return DocumentText(
        kind=reading.kind,
        media_type=reading.media_type,
        text=text,
        pages=len(reading.pages) if reading.paged else 0,
        page_starts=page_starts,
        language=language,
        fields=propose_fields(text, page_starts, language) if text and not reason else (),
        reason=reason,
        flags=tuple(flags),
    )
