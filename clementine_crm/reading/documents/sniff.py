"""What a file is, by its first bytes; its name is never asked."""

from __future__ import annotations

import re

from clementine_crm.reading.documents.packed import Packed

_IMAGES = (
    (b"\x89PNG\r\n\x1a\n", "image/png"), (b"\xff\xd8\xff", "image/jpeg"), (b"GIF87a", "image/gif"),
    (b"GIF89a", "image/gif"), (b"II*\x00", "image/tiff"), (b"MM\x00*", "image/tiff"),
    (b"\x00\x00\x01\x00", "image/x-icon"), (b"8BPS", "image/vnd.adobe.photoshop"),
    (b"\xff\x0a", "image/jxl"), (b"\x00\x00\x00\x0cjP  ", "image/jp2"),
)  # fmt: skip
_ARCHIVES = (
    (b"Rar!\x1a\x07", "application/vnd.rar"), (b"7z\xbc\xaf\x27\x1c", "application/x-7z-compressed"),
    (b"\x1f\x8b", "application/gzip"), (b"BZh", "application/x-bzip2"), (b"MSCF", "application/vnd.ms-cab-compressed"),
    (b"\xfd7zXZ\x00", "application/x-xz"), (b"\x28\xb5\x2f\xfd", "application/zstd"),
)  # fmt: skip
_MAIL_HEAD = re.compile(
    rb"\A(?:From [^\n]{3,200}\n)?(?:[!-9;-~]{1,76}:[^\n]*\n(?:[ \t][^\n]*\n)*){2,}", re.I
)
_MAIL_FIELD = re.compile(
    rb"^(?:MIME-Version|Received|Return-Path|Message-ID|Content-Type|X-Mailer|Delivered-To):",
    re.I | re.M,
)
_HTML = re.compile(
    rb"\A(?:<\?xml[^>]{0,200}>|<!--.{0,2000}?-->|\s)*<(?:!doctype\s+html|html|head|body|p\b|div|table|meta|h[1-6]|span|font|title)",
    re.I | re.S,
)
_WORD_XML = re.compile(
    rb"schemas\.microsoft\.com/office/word/2003/wordml|wordprocessingml/2006/main|xmlPackage", re.I
)
_TAR_MARK = slice(257, 262)


def image_type(data: bytes) -> str:
    """The media type of a picture; empty for anything else."""
    for magic, media in _IMAGES:
        if data.startswith(magic):
            return media
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        return "image/webp"
    if data[:2] == b"BM" and len(data) > 26 and data[6:10] == b"\0\0\0\0":
        return "image/bmp"
    if data[4:8] == b"ftyp" and data[8:12] in (b"heic", b"heix", b"mif1", b"avif", b"heim"):
        return "image/heic"
    return ""


def archive_type(data: bytes) -> str:
    """The media type of a packed file that is no zip; empty for anything else."""
    for magic, media in _ARCHIVES:
        if data.startswith(magic):
            return media
    return "application/x-tar" if data[_TAR_MARK] == b"ustar" else ""


def zip_kind(packed: Packed) -> str:
    """``docx``, ``pptx``, ``odt``, ``unsupported`` (a sheet, a book) or ``archive``."""
    names = {name.casefold() for name in packed.names()}
    kinds = (
        ("docx", ("word/document.xml", "word/styles.xml", "word/document2.xml")),
        ("pptx", ("ppt/presentation.xml", "ppt/slides/slide1.xml")),
        ("unsupported", ("xl/workbook.xml", "xl/workbook.bin", "meta-inf/container.xml")),
    )
    for kind, marks in kinds:
        if any(mark in names for mark in marks):
            return kind
    if "content.xml" in names:
        media = packed.read("mimetype")
        return "odt" if not media or b"text" in media or b"presentation" in media else "unsupported"
    if any(name.startswith("word/") and name.endswith(".xml") for name in names):
        return "docx"
    if "[content_types].xml" in names or "_rels/.rels" in names:
        return "docx" if packed.cut else "unsupported"
    return "archive"


def text_kind(data: bytes) -> str:
    """``html``, ``word_xml``, ``fodt``, ``mhtml``, ``message`` or ``text``."""
    head = data[:8192].lstrip(b"\xef\xbb\xbf \t\r\n")
    if head.startswith(b"<"):
        if _WORD_XML.search(head):
            return "word_xml"
        if b"opendocument:xmlns:office" in head and b"office:document" in head:
            return "fodt"
        if _HTML.match(head):
            return "html"
    lines = head.replace(b"\r\n", b"\n")
    if _MAIL_HEAD.match(lines) and len(_MAIL_FIELD.findall(lines.partition(b"\n\n")[0])) >= 2:
        if (
            re.search(
                rb"^Content-Type:\s*multipart/related|^Content-Type:[^\n]*(?:\n[ \t][^\n]*)*text/html|Snapshot-Content-Location",
                lines,
                re.I | re.M,
            )
            and re.search(rb"^MIME-Version:", lines, re.I | re.M)
            and not re.search(rb"^Received:|^To:", lines, re.I | re.M)
        ):
            return "mhtml"
        return "message"
    return "text"
