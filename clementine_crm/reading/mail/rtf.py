"""Outlook's RTF bodies: the LZFu compression (MS-OXRTFCP) and HTML wrapped in RTF (MS-OXRTFEX)."""

from __future__ import annotations

import re
import struct
from typing import ClassVar

from striprtf.striprtf import rtf_to_text

from clementine_crm.reading.mail.charsets import decode

RTF_LIMIT = 16 * 1024 * 1024
_PREBUF = (
    rb"{\rtf1\ansi\mac\deff0\deftab720{\fonttbl;}{\f0\fnil \froman \fswiss \fmodern \fscript "
    rb"\fdecor MS Sans SerifSymbolArialTimes New RomanCourier{\colortbl\red0\green0\blue0"
    b"\r\n"
    rb"\par \pard\plain\f0\fs20\b\i\u\tab\tx"
)
_TOKEN = re.compile(
    rb"\\(?:'([0-9a-fA-F]{2})|([a-zA-Z]{1,32})(-?\d{1,10})? ?|([^a-zA-Z]))|([{}])|[\r\n]+|([^\\{}\r\n]+)"
)


def expand(data: bytes) -> bytes:
    """The RTF in a PR_RTF_COMPRESSED value; what could be expanded when it is cut, else nothing."""
    if len(data) < 16:
        return b""
    size, magic = struct.unpack_from("<I4s", data, 4)
    if magic == b"MELA":
        return data[16 : 16 + min(size, RTF_LIMIT)]
    if magic != b"LZFu":
        return b""
    size = min(size, RTF_LIMIT)
    window = bytearray(_PREBUF.ljust(4096, b"\0"))
    write = len(_PREBUF)
    out = bytearray()
    at = 16
    while at < len(data) and len(out) < size:
        control = data[at]
        at += 1
        for bit in range(8):
            if not control >> bit & 1:
                piece = data[at : at + 1]
                at += 1
            else:
                pair = data[at : at + 2]
                at += 2
                if len(pair) < 2:
                    return bytes(out)
                offset, length = pair[0] << 4 | pair[1] >> 4, (pair[1] & 15) + 2
                if offset == write:
                    return bytes(out)
                piece = b""
                for step in range(length):
                    # A run may read what it has just written: byte by byte, not by slice.
                    byte = window[(offset + step) % 4096]
                    piece += bytes([byte])
                    window[(write + step) % 4096] = byte
            for byte in piece:
                window[write] = byte
                write = (write + 1) % 4096
            out += piece
    return bytes(out[:size])


def body_of(rtf: bytes) -> tuple[str, str]:
    """(text, html) of an RTF body: the HTML when it only wraps one, else its text."""
    if b"\\fromhtml" in rtf[:4_000]:
        return "", unwrap_html(rtf)
    if b"\\fromtext" in rtf[:4_000]:
        return unwrap_html(rtf), ""
    try:
        source = rtf.decode("latin-1")
        return str(rtf_to_text(source, errors="replace")), ""  # type: ignore[no-untyped-call]  # striprtf has no types
    except (ValueError, LookupError, IndexError, TypeError, RecursionError, AttributeError):
        return unwrap_html(rtf), ""


class _Unwrapper:
    """Walks the RTF once; ``skip`` counts inside which depth everything is left out."""

    _CHARS: ClassVar = {
        b"par": "\n", b"line": "\n", b"tab": "\t", b"lquote": "‘", b"rquote": "’",
        b"ldblquote": "“", b"rdblquote": "”", b"bullet": "•", b"endash": "–", b"emdash": "—",
    }  # fmt: skip
    _SKIPPED = frozenset((b"fonttbl", b"colortbl", b"stylesheet", b"info", b"pict"))

    def __init__(self, rtf: bytes) -> None:
        self.rtf = rtf
        self.out: list[str] = []
        self.pending = bytearray()
        self.charset = "cp1252"
        self.depth = 0
        self.skip_below = 0
        self.hidden = False
        self.star = False
        self.swallow = 0

    def run(self) -> str:
        for match in _TOKEN.finditer(self.rtf):
            hexa, word, number, symbol, brace, plain = match.groups()
            if brace:
                self._brace(brace)
            elif word:
                self._word(word, number)
            elif self.skip_below:
                continue
            elif symbol:
                self._symbol(symbol)
            elif hexa:
                self._bytes(bytes([int(hexa, 16)]))
            elif plain:
                self._bytes(plain)
        self._flush()
        return "".join(self.out)

    def _brace(self, brace: bytes) -> None:
        self.depth += 1 if brace == b"{" else -1
        if self.skip_below and self.depth < self.skip_below:
            self.skip_below = 0
        self.star = False

    def _symbol(self, symbol: bytes) -> None:
        if symbol == b"*":
            self.star = True
        elif symbol == b"~":
            self._bytes(b" ")
        elif symbol in (b"\\", b"{", b"}"):
            self._bytes(symbol)
        elif symbol in (b"\r", b"\n"):
            self._char("\n")

    def _word(self, word: bytes, number: bytes | None) -> None:
        if self.skip_below:
            return
        if self.star:
            self.star = False
            if word != b"htmltag":
                self.skip_below = self.depth
            return
        if word in self._SKIPPED:
            self.skip_below = self.depth
        elif word == b"htmlrtf":
            self.hidden = number != b"0"
        elif word == b"ansicpg" and number:
            self.charset = f"cp{int(number)}" if int(number) != 65001 else "utf-8"
        elif word == b"u" and number:
            self._char(chr(int(number) % 65536))
            self.swallow = 1
        elif word in self._CHARS:
            self._char(self._CHARS[word])

    def _bytes(self, data: bytes) -> None:
        if self.swallow:
            data, self.swallow = data[1:], 0
        if not self.hidden:
            self.pending += data

    def _char(self, char: str) -> None:
        self.swallow = 0
        if not self.hidden:
            self._flush()
            self.out.append(char)

    def _flush(self) -> None:
        if self.pending:
            self.out.append(decode(bytes(self.pending), self.charset)[0])
            self.pending.clear()


def unwrap_html(rtf: bytes) -> str:
    """The HTML (or plain text) that Outlook wrapped in RTF."""
    text = _Unwrapper(rtf[:RTF_LIMIT]).run()
    # Characters beyond U+FFFF come as two surrogates.
    return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
