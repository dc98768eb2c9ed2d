"""Outlook's ``winmail.dat`` (TNEF, MS-OXTNEF): the files packed in it. Total: bad bytes give fewer."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass, field

_SIGNATURE = b"\x78\x9f\x3e\x22"
_NEW, _TITLE, _DATA, _PROPERTIES, _CODE_PAGE = 0x9002, 0x8010, 0x800F, 0x9005, 0x9007
_NAMES = {0x3707: 2, 0x3704: 1}
"""PR_ATTACH_LONG_FILENAME before PR_ATTACH_FILENAME, both before the attribute's own title."""
_BYTES = 0x3701
_FIXED = {0x02: 4, 0x03: 4, 0x04: 4, 0x0A: 4, 0x0B: 4, 0x05: 8, 0x06: 8, 0x07: 8, 0x14: 8, 0x40: 8,
          0x48: 16}  # fmt: skip
_MANY = 0x1000
_LIMIT = 1_000


@dataclass
class _Packed:
    name: str = ""
    known: int = 0
    data: bytes = b""

    def named(self, name: str, rank: int) -> None:
        if name and rank >= self.known:
            self.name, self.known = name, rank


def is_tnef(data: bytes) -> bool:
    """Whether a part is such a container, by its own first bytes."""
    return data.startswith(_SIGNATURE)


def unpacked(data: bytes) -> list[tuple[str, bytes]]:
    """(name, bytes) of each file in the container, in order; never more bytes than it has."""
    found: list[_Packed] = []
    charset = "cp1252"
    for attribute, value in _attributes(data):
        if attribute == _CODE_PAGE and len(value) >= 4:
            charset = f"cp{struct.unpack_from('<I', value)[0]}"
        elif attribute == _NEW and len(found) < _LIMIT:
            found.append(_Packed())
        elif not found:
            continue
        elif attribute == _TITLE:
            found[-1].named(_text(value, charset), 0)
        elif attribute == _DATA:
            found[-1].data = value
        elif attribute == _PROPERTIES:
            _describe(found[-1], value, charset)
    return [(one.name, one.data) for one in found if one.data]


def _attributes(data: bytes) -> Iterator[tuple[int, bytes]]:
    at = 6  # signature and key
    while at + 9 <= len(data):
        attribute, _, length = struct.unpack_from("<HHI", data, at + 1)
        start = at + 9
        if start + length > len(data):
            return
        yield attribute, data[start : start + length]
        at = start + length + 2


def _describe(packed: _Packed, value: bytes, charset: str) -> None:
    for tag, kind, content in _properties(value):
        if tag in _NAMES:
            packed.named(_text(content, "utf-16-le" if kind == 0x1F else charset), _NAMES[tag])
        elif tag == _BYTES and kind == 0x102 and not packed.data:
            packed.data = content


@dataclass
class _Reader:
    data: bytes
    at: int = field(default=0)

    def number(self) -> int:
        piece = self.take(4)
        return int.from_bytes(piece, "little")

    def take(self, length: int) -> bytes:
        if self.at + length > len(self.data):
            raise EOFError
        piece = self.data[self.at : self.at + length]
        self.at += length
        return piece

    def padded(self, length: int) -> bytes:
        piece = self.take(length)
        self.at += -length % 4
        return piece


def _properties(value: bytes) -> Iterator[tuple[int, int, bytes]]:
    """(id, type, bytes) of each MAPI property, up to the first that is not understood."""
    reader = _Reader(value)
    try:
        for _ in range(min(reader.number(), _LIMIT)):
            kind, tag = struct.unpack("<HH", reader.take(4))
            if tag >= 0x8000:
                reader.take(16)
                if reader.number():
                    reader.padded(reader.number())
                else:
                    reader.number()
            yield tag, kind, _value(reader, kind)
    except EOFError:
        return


def _value(reader: _Reader, kind: int) -> bytes:
    single, many = kind & ~_MANY, bool(kind & _MANY)
    if single in _FIXED:
        return reader.take(_FIXED[single] * (reader.number() if many else 1))
    if single not in (0x1E, 0x1F, 0x102, 0x0D):
        raise EOFError
    pieces = [reader.padded(reader.number()) for _ in range(min(reader.number(), _LIMIT))]
    return pieces[0] if pieces else b""


def _text(value: bytes, charset: str) -> str:
    try:
        text = value.decode(charset)
    except (LookupError, UnicodeDecodeError):
        text = value.decode("cp1252", "replace")
    return text.split("\0", 1)[0].strip()
