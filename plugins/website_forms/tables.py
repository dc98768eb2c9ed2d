"""Rows of a delimited text file, whatever a spreadsheet or a careless copy made of it.

Encoding, line ends and separator are found by content; a row that does not end, a byte that does not
fit, a NUL or a cell of a megabyte are said of the row and never stop the file.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import count

DELIMITERS = (",", ";", "\t", "|")
_CELL_LIMIT = 2**31 - 1
_CONTROL = bytes([*range(9), 11, 12, *range(14, 32), 127])
_SEP = re.compile(r"[\"']?sep=(.)[\"']?\s*", re.IGNORECASE)
# The first bytes of French letters and signs in UTF-8, shown as cp1252: Â Ã Å, and â before € or ™.
_DOUBLED = re.compile("[\u00c2\u00c3\u00c5][\u0080-\u00bf\u0152-\u2122]|\u00e2\u20ac")


@dataclass(frozen=True)
class Row:
    """One record: ``number`` counts from 1 as a spreadsheet does, titles and header included.

    ``mended`` = its bytes were not what the file's others are; ``cut`` = the file ends inside it;
    ``last`` = nothing ends it but the file.
    """

    number: int
    cells: tuple[str, ...]
    mended: bool = False
    cut: bool = False
    last: bool = False


@dataclass(frozen=True)
class Sheet:
    """A file's lines with their ends, each with whether its bytes had to be mended.

    ``said`` is the separator of a ``sep=;`` line, which is no record.
    """

    lines: tuple[tuple[str, bool], ...]
    said: str = ""

    def rows(self, delimiter: str) -> Iterator[Row]:
        """The records in order. Nothing makes it raise."""
        csv.field_size_limit(_CELL_LIMIT)
        lines = self.lines[1:] if self.said else self.lines
        held: list[tuple[str, bool]] = []
        reader = csv.reader(_fed(lines, held), delimiter=delimiter)
        read = 0
        for number in count(2 if self.said else 1):
            held.clear()
            cells = _next(reader)
            if cells is None:
                return
            read += len(held)
            raw = "".join(line for line, _ in held)
            yield Row(
                number,
                tuple(map(_undoubled, cells)),
                mended=any(odd for _, odd in held),
                cut=_is_cut(cells, raw, delimiter, last=read == len(lines)),
                last=read == len(lines) and not raw.endswith(("\r", "\n")),
            )


def sheet_of(data: bytes) -> Sheet:
    """The lines of a delimited file, decoded. No bytes make it raise."""
    lines = tuple(_lines(data))
    said = _SEP.fullmatch(lines[0][0]) if lines else None
    return Sheet(lines, said[1] if said else "")


def is_text(head: bytes) -> bool:
    """Whether the beginning of a file can be a table: few control bytes, or UTF-16 as a whole."""
    if _utf16(head) is not None:
        return True
    control = len(head) - len(head.translate(None, _CONTROL))
    return control * 50 <= len(head)


def _fed(lines: Sequence[tuple[str, bool]], held: list[tuple[str, bool]]) -> Iterator[str]:
    for line in lines:
        held.append(line)
        yield line[0]


def _next(reader: Iterator[list[str]]) -> list[str] | None:
    try:
        return next(reader, None)
    except csv.Error:
        return []


def _is_cut(cells: list[str], raw: str, delimiter: str, *, last: bool) -> bool:
    """Whether the record could not be read, or is the last and ends inside a quoted cell."""
    if not cells:
        return bool(raw.strip())
    if not last or raw.count('"') % 2 == 0:
        return False
    try:
        list(csv.reader(io.StringIO(raw, newline=""), delimiter=delimiter, strict=True))
    except csv.Error as error:
        return "unexpected end" in str(error)
    return False


def _lines(data: bytes) -> Iterator[tuple[str, bool]]:
    """UTF-8 when all of it is; a line that is not, among others that are, is mended and told.

    A file without any UTF-8 is a legacy one as a whole (cp1252, or Mac Roman by its line ends).
    """
    text = _utf16(data)
    if text is None:
        try:
            text = data.decode("utf-8-sig")
        except UnicodeDecodeError:
            return _mixed(data.removeprefix(b"\xef\xbb\xbf"))
    return ((line, False) for line in _cut(text))


def _cut(text: str) -> io.StringIO:
    return io.StringIO(text.replace("\0", ""), newline="")


def _utf16(data: bytes) -> str | None:
    """The text of a UTF-16 file, told by its mark or by where its NULs stand; else None."""
    for mark, name in ((b"\xff\xfe", "utf-16-le"), (b"\xfe\xff", "utf-16-be")):
        if data.startswith(mark):
            return data[2:].decode(name, "replace")
    head = data[:4_000]
    even, odd = head[::2].count(0), head[1::2].count(0)
    half = max(1, len(head) // 2)
    if odd > half * 0.4 and even < half * 0.1:
        return data.decode("utf-16-le", "replace")
    return data.decode("utf-16-be", "replace") if even > half * 0.4 and odd < half * 0.1 else None


def _mixed(data: bytes) -> Iterator[tuple[str, bool]]:
    # Every byte is a latin-1 character, so lines can be cut before they are decoded one by one.
    raw = [line.encode("latin-1") for line in _cut(data.decode("latin-1"))]
    macintosh = b"\r" in data and b"\n" not in re.sub(rb'"[^"]*"', b"", data[:64_000])
    other = "mac_roman" if macintosh else "cp1252"
    mixed = any(not line.isascii() and _is_utf8(line) for line in raw)
    for line in raw:
        if _is_utf8(line):
            yield line.decode("utf-8"), False
        else:
            yield _legacy(line, other), mixed


def _is_utf8(line: bytes) -> bool:
    try:
        line.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def _legacy(line: bytes, name: str) -> str:
    try:
        return line.decode(name)
    except UnicodeDecodeError:
        return line.decode("latin-1")


def _undoubled(cell: str) -> str:
    """UTF-8 that was read as cp1252 and written as UTF-8 again (``Ã©``), taken back whole or left."""
    if not _DOUBLED.search(cell):
        return cell
    try:
        return b"".join(map(_byte, cell)).decode("utf-8")
    except UnicodeError:
        return cell


def _byte(character: str) -> bytes:
    try:
        return character.encode("cp1252")
    except UnicodeEncodeError:
        return character.encode("latin-1")
