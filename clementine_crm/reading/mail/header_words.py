"""Header values: folded lines, encoded words (RFC 2047), parameters (RFC 2231), raw bytes."""

from __future__ import annotations

import base64
import binascii
import re

from clementine_crm.reading.mail.charsets import decode

HEADER_LIMIT = 100_000
_WORD = re.compile(rb"=\?([^?\s*]{1,40})(?:\*[^?\s]{0,20})?\?([BbQq])\?([^?]{0,8000})\?=")
_FOLD = re.compile(rb"(?:\r?\n|\r)[ \t]*")
_BAD = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")


def unfold(raw: bytes) -> bytes:
    """One line: RFC 5322 folding undone."""
    return _FOLD.sub(b" ", raw[:HEADER_LIMIT]).strip()


def _quoted(data: bytes) -> bytes:
    return binascii.a2b_qp(data.replace(b" ", b"_"), header=True)


def _base64(data: bytes) -> bytes:
    clean = re.sub(rb"[^A-Za-z0-9+/]", b"", data)
    clean = clean[: len(clean) - 1] if len(clean) % 4 == 1 else clean
    return base64.b64decode(clean + b"=" * (-len(clean) % 4))


def decode_words(raw: bytes) -> str:
    """The readable text of a header value.

    Adjacent encoded words of one charset are joined as bytes before decoding, since some writers
    cut a character between two of them; what is not encoded is UTF-8, else cp1252.
    """
    raw = unfold(raw)
    out: list[str] = []
    pending = b""
    pending_charset = ""
    last = 0

    def flush() -> None:
        nonlocal pending
        if pending:
            out.append(decode(pending, pending_charset)[0])
            pending = b""

    for match in _WORD.finditer(raw):
        between = raw[last : match.start()]
        charset = match[1].decode("ascii", "replace").lower()
        if between.strip() or last == 0 or charset != pending_charset:
            flush()
        if between.strip() or (between and last == 0):
            out.append(decode(between)[0])
        data = _base64(match[3]) if match[2] in b"Bb" else _quoted(match[3])
        pending += data
        pending_charset = charset
        last = match.end()
    flush()
    out.append(decode(raw[last:])[0])
    return clean("".join(out)).strip()


def clean(text: str) -> str:
    """Without control characters: line ends of an unfolded value become blanks."""
    return _BAD.sub("", text.replace("\r", " ").replace("\n", " "))


_SECTION = re.compile(r"^(.*?)(?:\*(\d{1,4}))?(\*?)$")


def parameters(raw: bytes) -> tuple[str, dict[str, str]]:
    """``text/plain; charset=x; name*0*=…`` as its lower-cased value and its parameters.

    Parameter names are lower-cased. RFC 2231 sections are put in order, joined as bytes and decoded;
    an encoded word inside a value (wrong, common) is decoded; raw bytes are UTF-8, else cp1252.
    """
    raw = unfold(raw)
    head, _, rest = raw.partition(b";")
    value = head.split(b" ")[0].split(b"\t")[0].decode("latin-1").strip().lower()
    plain: dict[str, bytes] = {}
    pieces: dict[str, dict[int, tuple[bool, bytes]]] = {}
    for token in _tokens(rest):
        label, equals, data = token.partition(b"=")
        if not equals or not label.strip():
            continue
        name, section, star = _split_name(label.strip()[:60].decode("latin-1").lower())
        data = _unquote(data)
        if section is None and not star:
            plain.setdefault(name, data)
        else:
            pieces.setdefault(name, {}).setdefault(section or 0, (star, data))
    found = {name: decode_words(data) for name, data in plain.items()}
    found.update({name: _joined(parts) for name, parts in pieces.items()})
    return value, found


def _tokens(raw: bytes) -> list[bytes]:
    """Cut at semicolons outside quotes, in one pass."""
    out: list[bytes] = []
    start = 0
    quoted = escaped = False
    for at, byte in enumerate(raw):
        if escaped:
            escaped = False
        elif byte == 0x5C:
            escaped = quoted
        elif byte == 0x22:
            quoted = not quoted
        elif byte == 0x3B and not quoted:
            out.append(raw[start:at])
            start = at + 1
    out.append(raw[start:])
    return out


def _split_name(name: str) -> tuple[str, int | None, bool]:
    match = _SECTION.match(name)
    if match is None:
        return name, None, False
    return match[1], int(match[2]) if match[2] is not None else None, bool(match[3])


def _unquote(data: bytes) -> bytes:
    data = data.strip()
    if len(data) > 1 and data[:1] == data[-1:] == b'"':
        # Only quotes and backslashes: programs write raw Windows paths in quotes too.
        return re.sub(rb'\\(["\\])', rb"\1", data[1:-1])
    return data.strip(b'"')


def _joined(parts: dict[int, tuple[bool, bytes]]) -> str:
    charset = ""
    out = b""
    for number in sorted(parts):
        encoded, data = parts[number]
        if encoded:
            if number == min(parts) and data.count(b"'") >= 2:  # charset'language'text
                label, _, data = data.split(b"'", 2)
                charset = label.decode("latin-1")
            data = _percent(data)
        out += data
    if b"=?" in out:
        return decode_words(out)
    return clean(decode(out, charset)[0])


def _percent(data: bytes) -> bytes:
    return re.sub(rb"%([0-9A-Fa-f]{2})", lambda m: bytes([int(m[1], 16)]), data)
