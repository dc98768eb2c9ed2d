"""Addresses and dates of a header, read as people write them rather than as the RFC asks."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta, timezone
from email.utils import parsedate_tz

from clementine_crm.reading.mail.header_words import decode_words, unfold

_EMAIL = re.compile(r"[^\s<>()\[\],;:\"'@][^\s<>()\[\],;:\"@]{0,99}@[^\s<>()\[\],;:\"'@]{1,255}")
_ANGLE = re.compile(rb"<([^<>]{1,400})>?")
_COMMENT = re.compile(rb"\(([^()]{0,1000})\)")
_ROUTE = re.compile(rb"^@[^:]{1,300}:")
_LIMIT = 2_000


def fold_domain(address: str) -> str:
    """The address with its domain in lower case: the local part may be case-sensitive."""
    local, at, domain = address.rpartition("@")
    return f"{local}@{domain.lower()}" if at else address


def _split(raw: bytes) -> list[bytes]:
    """Cut at commas and semicolons that stand outside quotes, comments and angle brackets."""
    out: list[bytes] = []
    start = depth = 0
    quoted = angle = False
    escaped = False
    for at, byte in enumerate(raw):
        if escaped:
            escaped = False
        elif byte == 0x5C:
            escaped = True
        elif byte == 0x22 and not depth:
            quoted = not quoted
        elif quoted:
            continue
        elif byte in b"()":
            depth = max(0, depth + (1 if byte == 0x28 else -1))
        elif byte in b"<>":
            angle = byte == 0x3C
        elif byte in b",;" and not depth and not angle:
            out.append(raw[start:at])
            start = at + 1
            if len(out) >= _LIMIT:
                return out
    out.append(raw[start:])
    return out


def _one(raw: bytes) -> tuple[str, str]:
    raw = raw.strip()
    angles = list(_ANGLE.finditer(raw))
    if angles:
        angle = angles[-1]
        # <rec<local@domain> and <@route:local@domain> both hold the address at the end.
        inner = _ROUTE.sub(b"", re.sub(rb"\s+", b"", _COMMENT.sub(b"", angle[1])))
        email = _address(decode_words(inner))
        name = decode_words(_COMMENT.sub(b"", _plain_name(raw[: angle.start()])))
        return name, email
    comment = _COMMENT.search(raw)
    bare = _COMMENT.sub(b"", raw)
    email = _address(decode_words(bare))
    if not email:
        return decode_words(_plain_name(bare)), ""
    name = decode_words(comment[1]) if comment else ""
    return name, email


def _plain_name(raw: bytes) -> bytes:
    raw = raw.strip().rstrip(b"<").strip()
    # "group: a@b, c@d;" names its group before the first address.
    if b":" in raw and not raw.startswith(b'"'):
        raw = raw.rpartition(b":")[2]
    return re.sub(rb"\\(.)", rb"\1", raw).replace(b'"', b"").strip().strip(b"'").strip()


def _address(text: str) -> str:
    found = _EMAIL.search(text)
    return fold_domain(found[0].strip(".")) if found else ""


def addresses(raw: bytes) -> list[tuple[str, str]]:
    """Every ``(name, address)`` of an address header; either may be empty, never both."""
    unfolded = unfold(raw)
    found = [_one(piece) for piece in _split(unfolded) if piece.strip()]
    found = [(name, email) for name, email in found if name or email]
    if not any(email for _, email in found):
        # Quotes that never close swallow the separators: take what looks like an address.
        text = decode_words(unfolded)
        loose = _EMAIL.search(text)
        if loose:
            return [(text[: loose.start()].strip(" \"'<(,"), fold_domain(loose[0].strip(".")))]
    return found


def first_address(raw: bytes) -> tuple[str, str]:
    """The first pair that has an address, else the first name, else two empty strings."""
    found = addresses(raw)
    for name, email in found:
        if email:
            if name:
                return name, email
            # "Doe, John <a@b>" without quotes falls apart at its comma.
            before = [
                other for other, address in found[: found.index((name, email))] if not address
            ]
            return ", ".join(before), email
    return found[0] if found else ("", "")


def joined_name(raw: bytes) -> tuple[str, str]:
    """Like ``first_address``, with an unquoted comma in the name mended: ``Doe, John <a@b>``."""
    found = addresses(raw)
    for at, (name, email) in enumerate(found):
        if email:
            before = [other for other, address in found[:at] if not address]
            return ", ".join([*before, name] if name else before), email
    return found[0] if found else ("", "")


def parse_date(text: str) -> datetime | None:
    """An RFC 5322 date as an aware instant in UTC, or None when it says no instant."""
    try:
        parts = parsedate_tz(text[:200])
        if parts is None:
            return None
        offset = timedelta(seconds=parts[9] or 0)
        if abs(offset) >= timedelta(hours=24):
            offset = timedelta()
        second = min(parts[5], 59)
        local = datetime(*parts[:5], second, tzinfo=timezone(offset))
        return local.astimezone(UTC)
    except (ValueError, TypeError, OverflowError, IndexError):
        return None
