"""RTF, read by ourselves.

striprtf loses page headers, footers, notes and text boxes, where a CV may keep its name and
address, and its hyperlink pattern needs quadratic time on a hostile file.
Rules: Rich Text Format Specification 1.9.1.
"""

from __future__ import annotations

import codecs
import re

from clementine_crm.reading.documents.outcome import DEPTH_LIMIT, TEXT_LIMIT, Reading

_MEDIA = "application/rtf"
_TOKEN = re.compile(
    rb"\\([A-Za-z]{1,32})(-?\d{1,10})? ?|\\'([0-9A-Fa-f]{2})|\\([^A-Za-z])|([{}])|([^\\{}\r\n]+)"
)
_FONT = re.compile(rb"\\f(\d{1,5})(?:\\\w+ ?)*?\\fcharset(\d{1,3})")
# Destinations whose text is read although they stand outside the body or behind ``\*``.
_READ = frozenset({
    b"header", b"headerl", b"headerr", b"headerf", b"footer", b"footerl", b"footerr", b"footerf",
    b"footnote", b"shptxt", b"shpinst", b"shp", b"fldrslt", b"field", b"rtf", b"dptxbxtext",
    b"shpgrp", b"do", b"shprslt", b"ud", b"upr",
})  # fmt: skip
_DROPPED = frozenset({
    b"fonttbl", b"colortbl", b"stylesheet", b"info", b"pict", b"object", b"fldinst", b"listtable",
    b"listoverridetable", b"revtbl", b"annotation", b"atnauthor", b"atnid", b"xe", b"tc", b"txe",
    b"themedata", b"colorschememapping", b"datastore", b"latentstyles", b"generator", b"sp", b"nonshppict",
    b"pntext", b"pntxta", b"pntxtb", b"bkmkstart", b"bkmkend", b"rsidtbl", b"filetbl", b"xmlnstbl",
    b"nonesttables", b"ftnsep", b"ftnsepc", b"aftnsep", b"aftnsepc", b"template", b"listtext",
    b"operator", b"author", b"title", b"subject", b"keywords", b"company", b"shprslt",
})  # fmt: skip
_WORDS = {
    b"par": "\n", b"line": "\n", b"sect": "\n", b"page": "\n", b"row": "\n", b"nestrow": "\n",
    b"tab": "\t", b"cell": "\t", b"nestcell": "\t", b"emdash": "—", b"endash": "–", b"bullet": "•",
    b"lquote": "‘", b"rquote": "’", b"ldblquote": "“", b"rdblquote": "”", b"emspace": " ",
    b"enspace": " ", b"qmspace": " ", b"column": "\n",
}  # fmt: skip
_SYMBOLS = {b"~": "\u00a0", b"_": "-", b"-": "", b"{": "{", b"}": "}", b"\\": "\\", b"\n": "\n",
            b"\r": "\n", b"\t": "\t"}  # fmt: skip
_CHARSETS = {
    77: "mac_roman", 128: "cp932", 129: "cp949", 130: "johab", 134: "gbk", 136: "big5",
    161: "cp1253", 162: "cp1254", 163: "cp1258", 177: "cp1255", 178: "cp1256", 186: "cp1257",
    204: "cp1251", 222: "cp874", 238: "cp1250", 254: "cp437", 255: "cp850",
}  # fmt: skip


def _codec(page: int) -> str:
    name = {10000: "mac_roman", 65001: "utf-8", 0: "cp1252", 1: "cp1252"}.get(page, f"cp{page}")
    try:
        codecs.lookup(name)
    except LookupError:
        return "cp1252"
    return name


class _State:
    """What a group inherits from the one around it."""

    __slots__ = ("codec", "dropped", "hidden", "uc")

    def __init__(self, other: _State | None = None) -> None:
        self.codec: str = other.codec if other else ""
        self.dropped: bool = other.dropped if other else False
        self.hidden: bool = other.hidden if other else False
        self.uc: int = other.uc if other else 1


class _Reader:
    def __init__(self, data: bytes) -> None:
        self.data = data
        self.state = _State()
        self.stack: list[_State] = []
        self.lone_depth = 0
        self.page_codec = "cp1252"
        self.fonts = {
            int(m[1]): _CHARSETS.get(int(m[2]), "") for m in _FONT.finditer(data[:200_000])
        }
        self.out: list[str] = []
        self.size = 0
        self.bytes = bytearray()
        self.skip = 0
        self.star = False
        self.cut = False
        self.has_picture = False

    def read(self) -> str:
        at = 0
        while match := _TOKEN.search(self.data, at):
            at = match.end()
            word, number, hexed, symbol, brace, plain = match.groups()
            if plain is not None:
                self.said(plain)
            elif hexed is not None:
                self.said(bytes((int(hexed, 16),)))
            elif word == b"bin":
                at += max(0, int(number or 0))
            elif word is not None:
                self.word(word, int(number) if number else None)
            elif brace is not None:
                self.brace(brace)
            elif symbol == b"*":
                self.star = True
            else:
                self.write(_SYMBOLS.get(symbol, ""))
            if self.size > TEXT_LIMIT:
                self.cut = True
                break
        self.flush()
        self.cut = self.cut or bool(self.stack)
        return "".join(self.out)

    def brace(self, brace: bytes) -> None:
        self.flush()
        self.skip = 0
        if brace == b"{":
            if len(self.stack) >= DEPTH_LIMIT:
                # Deeper groups are flattened: their own end must not close one of ours.
                self.lone_depth += 1
            else:
                self.stack.append(self.state)
                self.state = _State(self.state)
        elif self.lone_depth:
            self.lone_depth -= 1
        elif self.stack:
            self.state = self.stack.pop()
        self.star = False

    def word(self, word: bytes, number: int | None) -> None:
        starred, self.star = self.star, False
        if word in _WORDS:
            self.write(_WORDS[word])
        elif word == b"u" and number is not None:
            self.write(_unicode(number))
            self.skip = self.state.uc
        elif word in _DROPPED or (starred and word not in _READ):
            self.flush()
            self.state.dropped = True
            self.has_picture = self.has_picture or word in (b"pict", b"shppict")
        elif word in (b"header", b"headerf", b"footer", b"footerf", b"shptxt", b"dptxbxtext"):
            self.write("\n")
        else:
            self.property(word, number)

    def property(self, word: bytes, number: int | None) -> None:
        if word == b"ansicpg":
            self.page_codec = _codec(number or 1252)
        elif word in (b"mac", b"pc", b"pca"):
            self.page_codec = {b"mac": "mac_roman", b"pc": "cp437", b"pca": "cp850"}[word]
        elif word == b"uc":
            self.state.uc = max(0, min(number if number is not None else 1, 16))
        elif word == b"f":
            self.flush()
            self.state.codec = self.fonts.get(number or 0, "")
        elif word == b"plain":
            self.flush()
            self.state.hidden = False
            self.state.codec = ""
        elif word == b"v":
            self.flush()
            self.state.hidden = number != 0

    def said(self, raw: bytes) -> None:
        if self.skip:
            used = min(self.skip, len(raw))
            self.skip -= used
            raw = raw[used:]
        if raw and not (self.state.dropped or self.state.hidden):
            self.bytes += raw
            self.size += len(raw)

    def write(self, text: str) -> None:
        self.flush()
        if not (self.state.dropped or self.state.hidden):
            self.out.append(text)
            self.size += len(text)

    def flush(self) -> None:
        if self.bytes:
            codec = self.state.codec or self.page_codec
            self.out.append(bytes(self.bytes).decode(codec, "replace"))
            self.bytes.clear()


def _unicode(number: int) -> str:
    """A signed 16-bit unit; surrogate halves are joined when the text is mended."""
    return chr(number & 0xFFFF)


def read_rtf(data: bytes) -> Reading:
    """All text of the file: headers, body, notes, text boxes, in the file's order."""
    reader = _Reader(data)
    text = reader.read().encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    flags = ["cut"] if reader.cut else []
    if b"\\objocx" in data or b"\\objautlink" in data or b"\\objupdate" in data:
        flags.append("active_content")
    if b"\\*\\template" in data and b"://" in data:
        flags.append("external_reference")
    if text.strip():
        return Reading("rtf", _MEDIA, (text,), flags=tuple(flags))
    reason = "image" if reader.has_picture else "damaged" if reader.cut else "empty"
    return Reading("rtf", _MEDIA, reason=reason, flags=tuple(flags))
