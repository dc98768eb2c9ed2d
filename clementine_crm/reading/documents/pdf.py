"""PDF text through pdfium; pdfminer.six orders a page's columns and tries what pdfium refuses."""

from __future__ import annotations

import io
import re

import pypdfium2 as pdfium
import pypdfium2.raw as pdfium_raw
from pdfminer.high_level import extract_text
from pdfminer.layout import LAParams
from pdfminer.pdfdocument import PDFPasswordIncorrect

from clementine_crm.reading.documents.columns import columns_are_mixed
from clementine_crm.reading.documents.outcome import (
    DAMAGE,
    PAGE_LIMIT,
    TEXT_LIMIT,
    Reading,
    Refused,
)

_MEDIA = "application/pdf"
_PDFMINER_BYTES = 5 * 1024 * 1024
_PDFMINER_PAGES = 30
_COLUMN_PAGES = 10
_COPY_ALLOWED = 1 << 4  # ISO 32000-1 table 22, bit 5
_HYPHEN = "\x02"  # pdfium's own mark for a hyphen, true or of a line's end
_HYPHEN_MARKS = (0x02, 0xFFFE, 0xAD)
_SAME_LINE = 2.0
_WORDLESS = 3
_UNREADABLE: tuple[type[Exception], ...] = (*DAMAGE, PDFPasswordIncorrect)


def open_pdf(data: bytes, password: str = "") -> pdfium.PdfDocument:
    """The document opened; ``Refused("password")`` or ``Refused("damaged")``."""
    try:
        return pdfium.PdfDocument(data, password=password or None)
    except pdfium.PdfiumError as error:
        wants = getattr(error, "err_code", 0) == pdfium_raw.FPDF_ERR_PASSWORD
        raise Refused("password" if wants else "damaged") from error
    except DAMAGE as error:
        raise Refused("damaged") from error


def read_pdf(data: bytes, password: str = "") -> Reading:
    """Every page's text; without any, says whether there is something to be read by eye."""
    try:
        document = open_pdf(data, password)
    except Refused as verdict:
        if verdict.reason == "password":
            return Reading("pdf", _MEDIA, reason="password")
        return _second_reader(data, password)
    try:
        return _read_opened(document, data, password)
    finally:
        document.close()


def _read_opened(document: pdfium.PdfDocument, data: bytes, password: str) -> Reading:
    flags = _flags(document, data)
    count = len(document)
    pages: list[str] = []
    size = 0
    seen = damaged = False
    for index in range(min(count, PAGE_LIMIT)):
        try:
            text, drawn = _page(document, index, data, password)
        except DAMAGE:
            damaged = True
            text, drawn = "", False
        pages.append(text)
        seen = seen or drawn
        size += len(text)
        if size > TEXT_LIMIT:
            break
    if len(pages) < count or (damaged and size):
        flags.append("cut")
    if size_of_words(pages) >= _WORDLESS:
        return Reading("pdf", _MEDIA, tuple(pages), paged=True, flags=tuple(flags))
    if not count or (damaged and not seen):
        return _second_reader(data, password, tuple(flags))
    reason = "image" if seen else "empty"
    return Reading(
        "pdf", _MEDIA, tuple("" for _ in pages), paged=True, reason=reason, flags=tuple(flags)
    )


def size_of_words(pages: list[str]) -> int:
    """Letters and digits in all pages."""
    return sum(char.isalnum() for page in pages for char in page)


def _flags(document: pdfium.PdfDocument, data: bytes) -> list[str]:
    flags = []
    scripts = pdfium_raw.FPDFDoc_GetJavaScriptActionCount(document) > 0
    if scripts or re.search(rb"/(?:JavaScript|JS|Launch|RichMedia)\b", data):
        flags.append("active_content")
    protected = pdfium_raw.FPDF_GetSecurityHandlerRevision(document) >= 0
    if protected and not pdfium_raw.FPDF_GetDocPermissions(document) & _COPY_ALLOWED:
        flags.append("restricted")
    return flags


def _page(document: pdfium.PdfDocument, index: int, data: bytes, password: str) -> tuple[str, bool]:
    page = document[index]
    try:
        words = page.get_textpage()
        try:
            text = words.get_text_bounded()
            if _HYPHEN in text or "\ufffe" in text:
                text = _hyphens(words, text)
            mixed = index < _COLUMN_PAGES and columns_are_mixed(words, page.get_width())
        finally:
            words.close()
        drawn = bool(text.strip()) or pdfium_raw.FPDFPage_CountObjects(page) > 0
    finally:
        page.close()
    if mixed and len(data) <= _PDFMINER_BYTES:
        text = _laid_out(data, password, [index]) or text
    return text, drawn


def _hyphens(words: pdfium.PdfTextPage, text: str) -> str:
    """Keep a hyphen that stands within a line; at a line's end join what it parted.

    ``Jean-Baptiste`` on one line and ``Post-greSQL`` over two reach us with the same mark.
    """
    kept: list[bool] = []
    for index in range(words.count_chars()):
        if pdfium_raw.FPDFText_GetUnicode(words, index) in _HYPHEN_MARKS:
            kept.append(_on_one_line(words, index))
    marks = iter(kept)

    def mend(match: re.Match[str]) -> str:
        keep = next(marks, True)
        before, after = text[match.start() - 1 : match.start()], text[match.end() : match.end() + 1]
        return "-" if keep or not (before.islower() and after.islower()) else ""

    return re.sub("[\x02\ufffe\xad]", mend, text)


def _on_one_line(words: pdfium.PdfTextPage, index: int) -> bool:
    last = words.count_chars() - 1
    if not 0 < index < last:
        return True
    before, after = words.get_charbox(index - 1), words.get_charbox(index + 1)
    return bool(abs(before[1] - after[1]) < _SAME_LINE or after[0] > before[2])


def _laid_out(data: bytes, password: str, pages: list[int]) -> str:
    try:
        text = extract_text(
            io.BytesIO(data), password=password, page_numbers=pages, laparams=LAParams()
        )
    except _UNREADABLE:
        return ""
    # A glyph without a meaning of its own at the head of a line is its bullet.
    text = re.sub(r"(?m)^\(cid:\d+\)[ \t]+", "• ", text)
    return re.sub(r"\(cid:\d+\)", "", text).replace("\f", "\n")


def _second_reader(data: bytes, password: str, flags: tuple[str, ...] = ()) -> Reading:
    text = ""
    if len(data) <= _PDFMINER_BYTES:
        text = _laid_out(data, password, list(range(_PDFMINER_PAGES)))
    if size_of_words([text]) >= _WORDLESS:
        return Reading("pdf", _MEDIA, (text,), paged=True, flags=(*flags, "cut"))
    return Reading("pdf", _MEDIA, reason="damaged", flags=flags)
