"""A page drawn for the screen, with the boxes of its words so that they can be lit."""

from __future__ import annotations

import ctypes
import struct

import pypdfium2 as pdfium
import pypdfium2.raw as pdfium_raw

from clementine_crm.errors import NotFound, ValidationError
from clementine_crm.reading.documents.mend import mend
from clementine_crm.reading.documents.outcome import DAMAGE, Refused
from clementine_crm.reading.documents.pdf import open_pdf
from clementine_crm.reading.documents.sniff import image_type
from clementine_crm.reading.page import PagePicture, WordBox

PIXEL_LIMIT = 16_000_000
"""A drawn page never has more pixels (48 MB); a larger scale is lowered to it."""

IMAGE_PIXEL_LIMIT = 120_000_000
"""An image that unpacks to more is refused before anybody decodes it."""

_CHARACTER_LIMIT = 50_000
_MIN_SCALE, _MAX_SCALE = 0.05, 8.0
_PDF_HEAD = 1024


def draw_page(data: bytes, page: int, scale: float, password: str = "") -> PagePicture:
    """Draw page ``page`` (from 1) at ``scale`` pixels a point (1/72 inch).

    ``NotFound`` when there is no such page, ``ValidationError`` when the file cannot be drawn
    (``page_not_drawn``, ``document_password``, ``image_too_large``).
    """
    media = image_type(data)
    if media:
        return _image(data, page, media)
    if b"%PDF-" not in data[:_PDF_HEAD]:
        raise ValidationError("page_not_drawn", page=page)
    try:
        document = open_pdf(data, password)
    except Refused as verdict:
        wanted = verdict.reason == "password"
        key = "document_password" if wanted else "page_not_drawn"
        raise ValidationError(key, page=page) from verdict
    try:
        pages = len(document)
        if not 1 <= page <= pages:
            raise NotFound("page_missing", page=page, pages=pages)
        try:
            return _draw(document, page, pages, scale)
        except DAMAGE as error:
            raise ValidationError("page_not_drawn", page=page) from error
    finally:
        document.close()


def _draw(document: pdfium.PdfDocument, number: int, pages: int, scale: float) -> PagePicture:
    page = document[number - 1]
    width, height = page.get_size()
    area = max(width * height, 1.0)
    scale = min(max(scale, _MIN_SCALE), _MAX_SCALE, (PIXEL_LIMIT / area) ** 0.5)
    bitmap = page.render(
        scale=scale, rev_byteorder=True, bitmap_maker=pdfium.PdfBitmap.new_native, prefer_bgrx=False
    )
    try:
        size = (bitmap.width, bitmap.height)
        pixels = bytes(bitmap.buffer)
        stride = bitmap.stride
        if bitmap.n_channels != 3:
            raise ValueError(bitmap.mode)
    finally:
        bitmap.close()
    return PagePicture(*size, stride, pixels, _boxes(page, *size), number, pages)


def _boxes(page: pdfium.PdfPage, width: int, height: int) -> tuple[WordBox, ...]:
    words = page.get_textpage()
    found: list[WordBox] = []
    letters: list[str] = []
    bounds: list[float] = []

    def finish() -> None:
        text = mend("".join(letters))
        if text and bounds:
            found.append((text, *_on_picture(page, width, height, bounds)))
        letters.clear()
        bounds.clear()

    try:
        for index in range(min(words.count_chars(), _CHARACTER_LIMIT)):
            char = _character(words, index)
            if char.isspace() or char == "\x00":
                finish()
                continue
            left, bottom, right, top = words.get_charbox(index)
            if bounds and (bottom > bounds[3] or top < bounds[1]):
                finish()
            letters.append(char)
            bounds[:] = _grown(bounds, (left, bottom, right, top))
        finish()
    finally:
        words.close()
    return tuple(found)


def _grown(bounds: list[float], box: tuple[float, float, float, float]) -> list[float]:
    if not bounds:
        return list(box)
    left, bottom, right, top = box
    return [
        min(bounds[0], left),
        min(bounds[1], bottom),
        max(bounds[2], right),
        max(bounds[3], top),
    ]


def _on_picture(
    page: pdfium.PdfPage, width: int, height: int, bounds: list[float]
) -> tuple[int, int, int, int]:
    """Canvas points to pixels; pdfium knows the page's own turning and cropping."""
    corners = []
    for x, y in ((bounds[0], bounds[3]), (bounds[2], bounds[1])):
        across, down = ctypes.c_int(), ctypes.c_int()
        pdfium_raw.FPDF_PageToDevice(page, 0, 0, width, height, 0, x, y, across, down)
        corners.append((across.value, down.value))
    (one, two), (three, four) = corners
    return min(one, three), min(two, four), max(one, three), max(two, four)


def _image(data: bytes, page: int, media: str) -> PagePicture:
    if page != 1:
        raise NotFound("page_missing", page=page, pages=1)
    width, height = image_size(data)
    if width * height > IMAGE_PIXEL_LIMIT:
        raise ValidationError("image_too_large", width=width, height=height)
    return PagePicture(width, height, 0, b"", (), 1, 1, encoded=data, media_type=media)


def image_size(data: bytes) -> tuple[int, int]:
    """Width and height of a PNG, GIF, BMP or JPEG by its head; zeros when it does not tell."""
    try:
        if data.startswith(b"\x89PNG"):
            return struct.unpack_from(">II", data, 16)
        if data.startswith(b"GIF8"):
            return struct.unpack_from("<HH", data, 6)
        if data.startswith(b"BM"):
            width, height = struct.unpack_from("<ii", data, 18)
            return abs(width), abs(height)
        if data.startswith(b"\xff\xd8"):
            return _jpeg_size(data)
    except struct.error:
        pass
    return 0, 0


def _jpeg_size(data: bytes) -> tuple[int, int]:
    at = 2
    while at + 9 < len(data) and data[at] == 0xFF:
        marker = data[at + 1]
        # Start of frame, but for the tables C4, C8 and CC (ITU T.81 table B.1).
        if 0xC0 <= marker <= 0xCF and marker not in (0xC4, 0xC8, 0xCC):
            height, width = struct.unpack_from(">HH", data, at + 5)
            return width, height
        at += 2 + struct.unpack_from(">H", data, at + 2)[0] if marker != 0xFF else 1
    return 0, 0


def _character(words: pdfium.PdfTextPage, index: int) -> str:
    code = pdfium_raw.FPDFText_GetUnicode(words, index)
    return chr(code) if code <= 0x10FFFF else ""
