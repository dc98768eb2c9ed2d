"""Bytes to text when labels lie: the label, then UTF-8 strictly, then cp1252 (``formats.md`` 6)."""

from __future__ import annotations

import codecs

_SAME = {
    # What mail programs write, and the superset that reads what they meant.
    "ks_c_5601-1987": "cp949",
    "ks_c_5601": "cp949",
    "euc-kr": "cp949",
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "shift_jis": "cp932",
    "shift-jis": "cp932",
    "x-sjis": "cp932",
    "big5": "cp950",
    "iso-8859-1": "cp1252",
    "iso8859-1": "cp1252",
    "latin1": "cp1252",
    "iso-8859-8-i": "iso-8859-8",
    "x-mac-roman": "mac_roman",
    "macintosh": "mac_roman",
    "cp-850": "cp850",
    "utf8": "utf-8",
    "unicode-1-1-utf-8": "utf-8",
}
# Codecs that are no charset of a message, or slow on purpose-made input.
_REFUSED = {"idna", "punycode", "unicode_escape", "raw_unicode_escape", "undefined", "mbcs", "oem"}


def codec(label: str) -> str:
    """The Python codec of a charset label, empty when there is none that mail may use."""
    name = label.strip().strip("'\"").lower()
    name = _SAME.get(name, name)
    if not name or not name.isascii() or "\0" in name or len(name) > 40:
        return ""
    try:
        found = codecs.lookup(name).name
    except LookupError:
        return ""
    if found.replace("-", "_") in _REFUSED:
        return ""
    try:
        # Empty bytes are answered without a look at the codec; "hex" and the like give no text.
        b"a".decode(found)
    except (LookupError, ValueError, TypeError):
        return ""
    return found


def _mostly_utf8(data: bytes) -> str:
    """UTF-8 with a few broken bytes (cut in the middle): better than cp1252 all over."""
    text = data.decode("utf-8", "replace")
    broken = text.count("\ufffd")
    good = sum(1 for char in text if char > "\x7f") - broken
    return text if broken * 4 <= good else ""


def decode(data: bytes, label: str = "") -> tuple[str, bool]:
    """The text of ``data`` and whether its label told the truth (no label: any answer does)."""
    name = codec(label)
    if name:
        try:
            text = data.decode(name)
            # UTF-7 and the like can yield halves of characters, which nothing else can store.
            text.encode("utf-8")
            return text, True
        except (UnicodeError, ValueError, LookupError):
            pass
    try:
        return data.decode("utf-8"), not label
    except UnicodeDecodeError:
        pass
    if not name or name in ("utf-8", "ascii"):
        text = _mostly_utf8(data)
        if text:
            return text, False
    try:
        return data.decode("cp1252"), not label
    except UnicodeDecodeError:
        return data.decode("latin-1"), False
