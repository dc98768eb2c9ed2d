"""A message cut into its parts, over the raw bytes.

The standard parser holds one Python string per line and one stack frame per level: a 100 MB message
takes it beyond the reader's memory and some thousand levels beyond its recursion limit. This cutter
works on byte offsets, goes twenty levels deep, and follows the standard parser's reading of broken
input (where a header ends, what a missing boundary leaves), which the samples' expectations use.
"""

from __future__ import annotations

import binascii
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property

from clementine_crm.reading.mail.header_words import parameters

DEPTH_LIMIT = 20
PARTS_LIMIT = 1_000
HEADERS_LIMIT = 2_000
_HEADER = re.compile(rb"[!-9;-~]*:|[\t ]|From ")
_EOL = re.compile(rb"\r\n|\r|\n")
_GUESS = re.compile(
    rb"(?<![^\r\n])--([^\r\n]{1,200}?)[ \t]{0,8}\r?\n(?:content-|mime-)", re.IGNORECASE
)


@dataclass
class Part:
    """One MIME part: its headers in order (name in lower case, raw value) and where its body stands.

    Parts share the message's bytes by offset; ``body`` copies them only when asked.
    """

    headers: list[tuple[str, bytes]]
    data: bytes
    start: int
    end: int
    depth: int = 0
    digest: bool = False
    unfinished: bool = False
    children: list[Part] = field(default_factory=list)

    @property
    def body(self) -> bytes:
        """The raw body: a copy."""
        return self.data[self.start : self.end]

    def raw(self, name: str) -> bytes:
        """The first header of that name, raw; empty when absent."""
        return next((value for key, value in self.headers if key == name), b"")

    @cached_property
    def content_type(self) -> tuple[str, dict[str, str]]:
        """Media type and parameters, with the default of RFC 2045 (2046 within a digest)."""
        value, params = parameters(self.raw("content-type"))
        if re.fullmatch(r"[^/\s]+/[^/\s]+", value):
            return value, params
        if value in ("text", "multipart", "message"):
            value = {"text": "text/plain", "multipart": "multipart/mixed"}.get(
                value, "message/rfc822"
            )
            return value, params
        return "message/rfc822" if self.digest and not value else "text/plain", params

    @cached_property
    def disposition(self) -> tuple[str, dict[str, str]]:
        """``attachment``, ``inline`` or nothing, with its parameters."""
        return parameters(self.raw("content-disposition"))

    @property
    def file_name(self) -> str:
        """The name as the sender gave it: not safe yet."""
        return (
            self.disposition[1].get("filename")
            or self.content_type[1].get("name")
            or self.content_type[1].get("filename", "")
        )

    def decoded(self) -> tuple[bytes, bool]:
        """The content without its transfer encoding, and whether it came through damaged."""
        encoding = self.raw("content-transfer-encoding").decode("latin-1").lower()
        encoding = encoding.split(";")[0].strip().strip("\"'")
        if encoding == "base64":
            data, damaged = _base64(self.body)
            return data, damaged or self.unfinished
        if encoding == "quoted-printable":
            return binascii.a2b_qp(self.body), self.unfinished
        if encoding in ("x-uuencode", "uuencode", "uue", "x-uue"):
            found = uuencoded(self.body)
            if found:
                return found[0][1], found[0][2]
        return self.body, self.unfinished


def _base64(body: bytes) -> tuple[bytes, bool]:
    """Decode what can be: a cut tail, foreign characters or missing padding do not lose the rest."""
    clean = re.sub(rb"[^A-Za-z0-9+/=]+", b"", body)
    if not clean and body.strip():
        return body, True
    damaged = len(clean) % 4 != 0
    spare = len(clean.rstrip(b"=")) % 4
    if damaged:
        clean = clean.rstrip(b"=")
        clean = clean[:-1] if spare == 1 else clean + b"=" * (-len(clean) % 4)
    try:
        return binascii.a2b_base64(clean), damaged
    except binascii.Error:
        pass
    # Padding in the middle: several encodings one after the other.
    pieces = [piece for piece in clean.split(b"=") if piece]
    data = b"".join(
        binascii.a2b_base64(piece[: len(piece) - (len(piece) % 4 == 1)] + b"==") for piece in pieces
    )
    return data, True


_BEGIN = re.compile(rb"^begin [0-7]{3,4} ([^\r\n]{1,200})\r?\n", re.MULTILINE)


def uuencoded(body: bytes) -> list[tuple[bytes, bytes, bool]]:
    """The ``begin 644 name … end`` files in a text: (name, data, damaged)."""
    found: list[tuple[bytes, bytes, bool]] = []
    for begin in _BEGIN.finditer(body):
        data = bytearray()
        ended = False
        for line in body[begin.end() :].splitlines():
            if line.strip() == b"end":
                ended = True
                break
            try:
                data += binascii.a2b_uu(line[: 1 + (((line[0] - 32) & 63) * 4 + 5) // 3])
            except (binascii.Error, IndexError):
                break
        if data:
            found.append((begin[1].strip(), bytes(data), not ended))
        if len(found) >= 50:  # more is a flood
            break
    return found


def headers_of(
    data: bytes, at: int = 0, size: int = -1
) -> tuple[list[tuple[str, bytes]], int, bool]:
    """The header fields, where the body begins, and whether the empty line between was missing."""
    fields: list[tuple[str, bytes]] = []
    size = len(data) if size < 0 else size
    begin = at
    while at < size:
        end, after = _line(data, at, size)
        if end == at:
            return fields, after, False
        if not _HEADER.match(data, at, end):
            return fields, at, True
        if data[at] in b" \t" and fields:
            name, value = fields[-1]
            fields[-1] = (name, value + b"\n" + data[at:end] if len(value) < 200_000 else value)
        elif len(fields) < HEADERS_LIMIT and b":" in data[at:end]:
            name_bytes, _, value = data[at:end].partition(b":")
            if not name_bytes.startswith(b"From ") or at > begin:
                fields.append((name_bytes.decode("latin-1").strip().lower(), value.strip()))
        at = after
    return fields, size, False


def _line(data: bytes, at: int, size: int) -> tuple[int, int]:
    end = _EOL.search(data, at, size)
    return (end.start(), end.end()) if end else (size, size)


@dataclass
class Cutter:
    """Cuts one message; ``warnings`` collects what was mended or left whole."""

    warnings: list[str] = field(default_factory=list)
    count: int = 0

    def warn(self, key: str) -> None:
        """Note a warning once."""
        if key not in self.warnings:
            self.warnings.append(key)

    def cut(
        self, data: bytes, start: int = 0, end: int = -1, depth: int = 0, *, digest: bool = False
    ) -> Part:
        """The part in ``data[start:end]`` with its children, as far as the limits allow."""
        end = len(data) if end < 0 else end
        fields, body, missing = headers_of(data, start, end)
        if missing and depth == 0:
            self.warn("mail_headers_broken")
        part = Part(fields, data, min(body, end), end, depth, digest)
        self.count += 1
        kind = part.content_type[0]
        if kind.startswith("multipart/"):
            if depth >= DEPTH_LIMIT:
                self.warn("mail_too_deep")
            else:
                self._children(part, kind)
        return part

    def _children(self, part: Part, kind: str) -> None:
        boundary = part.content_type[1].get("boundary", "").rstrip()
        sections = _sections(part, boundary.encode("utf-8", "surrogateescape"))
        if not sections:
            guess = _guessed_boundary(part)
            sections = _sections(part, guess) if guess else []
            self.warn("mail_boundary_mended" if sections else "mail_boundary_missing")
        for start, end, closed in sections:
            if self.count >= PARTS_LIMIT:
                self.warn("mail_too_many_parts")
                rest = [("content-type", b"application/octet-stream")]
                part.children.append(Part(rest, part.data, start, part.end, part.depth + 1))
                return
            digest = kind == "multipart/digest"
            child = self.cut(part.data, start, end, part.depth + 1, digest=digest)
            child.unfinished = not closed
            if not closed:
                self.warn("mail_cut_short")
                _mark_last(child)
            part.children.append(child)


def _mark_last(part: Part) -> None:
    while part.children:
        part = part.children[-1]
        part.unfinished = True


def _sections(part: Part, boundary: bytes) -> list[tuple[int, int, bool]]:
    """(start, end, closed) of what stands between boundary lines."""
    if not boundary:
        return []
    line = re.compile(
        rb"(\r\n|\r|\n)?(?<![^\r\n])--" + re.escape(boundary) + rb"(--)?[ \t]*(?=\r|\n|\Z)"
    )
    out: list[tuple[int, int, bool]] = []
    start = -1
    for match in line.finditer(part.data, part.start, part.end):
        if start >= 0:
            out.append((start, max(start, match.start()), True))
        if match[2]:
            return out
        # The line end belongs to the boundary line, but after an empty part it is the next one's.
        end = _EOL.match(part.data, match.end(), part.end)
        start = end.end() if end else match.end()
    if start >= 0:
        out.append((start, part.end, False))
    return out


def _guessed_boundary(part: Part) -> bytes:
    """The boundary the body seems to use when the header's does not occur."""
    found = _GUESS.search(part.data, part.start, min(part.end, part.start + 200_000))
    return found[1] if found else b""


def leaves(part: Part) -> Iterator[Part]:
    """The parts that hold content, in order; an attached message is one of them."""
    if part.children:
        for child in part.children:
            yield from leaves(child)
    elif not part.content_type[0].startswith("multipart/") or part.depth >= DEPTH_LIMIT:
        yield part
