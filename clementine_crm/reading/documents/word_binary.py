"""The Word binary: 97 to 2003 through its piece table, 6 and 95 as one run of bytes.

Rules: [MS-DOC] 2.4.1 (retrieving text), 2.5 (FIB), 2.9.38 (Clx), 2.9.177 (PlcPcd).
"""

from __future__ import annotations

import re
import struct

import olefile

from clementine_crm.reading.documents.outcome import DAMAGE, TEXT_LIMIT, Reading, Refused

_MEDIA = "application/msword"
_WORD_97 = 0x00C1
_MAGIC_97 = 0xA5EC
_MAGIC_6 = 0xA5DC
_COMPLEX = 0x0004
_ENCRYPTED = 0x0100
_TABLE_1 = 0x0200
_STREAM_LIMIT = 64 * 1024 * 1024
# FIB offsets of the sub-documents' lengths, in the order in which their text follows one another.
_PARTS = (0x4C, 0x50, 0x54, 0x58, 0x5C, 0x60, 0x64, 0x68)
_BODY, _FOOTNOTES, _PAGE_HEADERS, _ENDNOTES, _BOXES, _HEADER_BOXES = 0, 1, 2, 5, 6, 7
_PLAUSIBLE = 0.85
_UNREADABLE: tuple[type[Exception], ...] = (*DAMAGE, Refused)
_FIELD_CODE = re.compile("\x13[^\x13\x14\x15]*(?:\x14([^\x13\x14\x15]*))?\x15")
_SPECIAL = str.maketrans({
    "\x01": None, "\x02": None, "\x03": None, "\x04": None, "\x05": None, "\x08": None,
    "\x07": "\t", "\x0b": "\n", "\x0c": "\n", "\x0d": "\n", "\x0e": "\n", "\x1e": "-", "\x1f": None,
    "\x13": None, "\x14": None, "\x15": None,
})  # fmt: skip


def read_compound(data: bytes) -> Reading:
    """A compound file: a Word document, or a named refusal for what else it may be."""
    try:
        with olefile.OleFileIO(data) as ole:
            return _read_opened(ole)
    except DAMAGE:
        return Reading("doc", _MEDIA, reason="damaged")


def _read_opened(ole: olefile.OleFileIO) -> Reading:
    if ole.exists("EncryptedPackage") or ole.exists("EncryptionInfo"):
        return Reading("docx", "application/encrypted", reason="password")
    if not ole.exists("WordDocument"):
        if ole.exists("__properties_version1.0"):
            return Reading("message", "application/vnd.ms-outlook", reason="unsupported")
        names = {"/".join(path) for path in ole.listdir()}
        whole = names & {"Workbook", "Book", "PowerPoint Document", "VisioDocument", "Contents"}
        reason = "unsupported" if whole else "damaged"
        return Reading("unknown", "application/x-ole-storage", reason=reason)
    flags = []
    if ole.exists("Macros") or ole.exists("_VBA_PROJECT_CUR"):
        flags.append("macros")
    if ole.exists("ObjectPool"):
        flags.append("active_content")
    try:
        text = _word_text(ole)
    except Refused as verdict:
        return Reading("doc", _MEDIA, reason=verdict.reason, flags=(*flags, *verdict.flags))
    text = _plain(text)
    reason = "" if text.strip() else "image" if ole.exists("Data") else "empty"
    return Reading("doc", _MEDIA, (text,) if not reason else (), reason=reason, flags=tuple(flags))


def _stream(ole: olefile.OleFileIO, name: str) -> bytes:
    if not ole.exists(name):
        return b""
    with ole.openstream(name) as stream:
        return bytes(stream.read(_STREAM_LIMIT))


def _word_text(ole: olefile.OleFileIO) -> str:
    document = _stream(ole, "WordDocument")
    magic, version = struct.unpack_from("<HH", document)
    flags = struct.unpack_from("<H", document, 0x0A)[0]
    if magic not in (_MAGIC_97, _MAGIC_6):
        raise Refused("damaged")
    if flags & _ENCRYPTED:
        raise Refused("password")
    if version < _WORD_97:
        return _single_run(document)
    table = _stream(ole, "1Table" if flags & _TABLE_1 else "0Table")
    try:
        pieces = _pieces(document, table)
    except _UNREADABLE:
        pieces = ""
    return _in_reading_order(document, pieces) if pieces else _single_run(document)


def _pieces(document: bytes, table: bytes) -> str:
    offset, length = struct.unpack_from("<II", document, 0x01A2)
    clx = table[offset : offset + length]
    at = 0
    while at < len(clx) and clx[at] == 1:
        at += 3 + struct.unpack_from("<H", clx, at + 1)[0]
    if at >= len(clx) or clx[at] != 2:
        raise Refused("damaged")
    size = struct.unpack_from("<I", clx, at + 1)[0]
    plc = clx[at + 5 : at + 5 + size]
    count = (len(plc) - 4) // 12
    ends = struct.unpack_from(f"<{count + 1}I", plc)
    out: list[str] = []
    total = 0
    for index in range(count):
        start = struct.unpack_from("<I", plc, 4 * (count + 1) + 8 * index + 2)[0]
        characters = ends[index + 1] - ends[index]
        if not 0 <= characters <= TEXT_LIMIT:
            raise Refused("damaged")
        out.append(_piece(document, start, characters))
        total += characters
        if total > TEXT_LIMIT:
            break
    return "".join(out)


def _piece(document: bytes, start: int, characters: int) -> str:
    if start & 0x40000000:
        begin = (start & 0x3FFFFFFF) // 2
        text = document[begin : begin + characters].decode("cp1252", "replace")
    else:
        raw = document[start : start + 2 * characters]
        text = raw.decode("utf-16-le", "replace")
    # Positions count units: a cut or paired unit must not shift what follows.
    return text.ljust(characters, "\x00")[:characters] if len(text) != characters else text


def _in_reading_order(document: bytes, text: str) -> str:
    """Page headers and boxes stand after the body in the file, before it on paper."""
    parts: list[str] = []
    at = 0
    for offset in _PARTS:
        length = struct.unpack_from("<I", document, offset)[0]
        parts.append(text[at : at + length])
        at += length
    order = (_PAGE_HEADERS, _HEADER_BOXES, _BOXES, _BODY, _FOOTNOTES, _ENDNOTES)
    found = "\r".join(parts[index] for index in order if parts[index].strip())
    return found if parts[_BODY].strip() or found.strip() else text


def _single_run(document: bytes) -> str:
    """Word 6 and 95, and a 97 whose piece table is lost: the bytes between fcMin and fcMac."""
    start, end = struct.unpack_from("<II", document, 0x18)
    if not 0 < start < end <= len(document) + 4096:
        raise Refused("damaged")
    raw = document[start : min(end, start + TEXT_LIMIT)]
    wide = raw.count(0) > len(raw) // 4
    text = raw.decode("utf-16-le" if wide else "cp1252", "replace")
    readable = sum(char.isprintable() or char in "\r\n\t\x07\x0b\x0c" for char in text)
    if not text or readable < _PLAUSIBLE * len(text):
        raise Refused("damaged")
    return text


def _plain(text: str) -> str:
    """Drop field codes, keep their results; table cells and rows become tabs and lines."""
    for _ in range(8):
        text, count = _FIELD_CODE.subn(lambda match: match[1] or "", text)
        if not count:
            break
    text = re.sub("\x07\x07+", "\n", text)
    return text.replace("\r\x07", "\n").translate(_SPECIAL)
