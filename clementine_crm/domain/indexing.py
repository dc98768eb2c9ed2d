"""Text as the full-text index takes it: what its tokenizer alone would get wrong.

The tokenizer (``unicode61 remove_diacritics 2``) folds accents and case, but cuts C++ and C# down to
``c`` and .NET to ``net``, and takes ``œ`` and ``ﬁ`` for letters of their own. Letters of the private
area, which it keeps inside a word, mark those names, the same in texts and in questions.

An index holds what this module made: another form is another function, and a migration.
"""

from __future__ import annotations

import re

PLUS, SHARP, DOT = "\ue0b1", "\ue0b2", "\ue0b3"
"""Marks behind the last letter of C++, C# or F#, .NET."""
_CODE = "\ue0b4"

_LETTERS = {
    "œ": "oe", "Œ": "oe", "æ": "ae", "Æ": "ae", "ß": "ss", "þ": "th", "Þ": "th", "ø": "o", "Ø": "o",
    "ł": "l", "Ł": "l", "đ": "d", "Đ": "d", "ð": "d", "Ð": "d", "ħ": "h", "Ħ": "h", "ı": "i",
    **dict.fromkeys("\u00ad\u200b\u200c\u200d\u2060", ""),
}  # fmt: skip
# A bullet of a symbol font would stick to the next word.
_FAR = {
    "ﬀ": "ff", "ﬁ": "fi", "ﬂ": "fl", "ﬃ": "ffi", "ﬄ": "ffl", "\ufeff": "",
    **dict.fromkeys(map(chr, range(0xE000, 0xF900)), " "),
}  # fmt: skip
_ODD = "".join(_LETTERS)
# UTF-8 of all that is ``_FAR`` begins so.
_FAR_BYTES = (b"\xee", b"\xef")
_TABLE = str.maketrans({**_LETTERS, **_FAR})
_C_PLUS = re.compile(r"(?<![^\W_])c(?=\+\+)", re.IGNORECASE)
_C_SHARP = re.compile(r"(?<![^\W_])[cf](?=[#♯])", re.IGNORECASE)
_DOT_NET = re.compile(r"\.[nN][eE][tT](?![^\W_])")
_BEFORE_NET = re.compile(
    "(?:^|_|[^\\w@\u0300-\u036f]|(?<![^\\W_])(?:asp|vb|ado))\\Z", re.IGNORECASE
)


def as_indexed(text: str) -> str:
    """The text with its marks; nothing is done to what the tokenizer reads rightly."""
    if not text.isascii() and _odd(text):
        text = text.translate(_TABLE)
    if "++" in text:
        text = _C_PLUS.sub(rf"\g<0>{PLUS}", text)
    if "#" in text or "♯" in text:
        text = _C_SHARP.sub(rf"\g<0>{SHARP}", text)
    if ".n" in text or ".N" in text:
        text = _DOT_NET.sub(_net, text)
    return text


def _odd(text: str) -> bool:
    # A translation costs a hundred times this look.
    if any(map(text.__contains__, _ODD)):
        return True
    raw = text.encode(errors="replace")
    return any(map(raw.__contains__, _FAR_BYTES))


def _net(found: re.Match[str]) -> str:
    start = found.start()
    product = _BEFORE_NET.search(found.string[max(0, start - 4) : start])
    return f"{found[0]}{DOT}" if product else found[0]


def as_code(folded: str) -> str:
    """A name of our own (a source) as one word that no text can hold; empty for an empty one."""
    bare = "".join(c for c in folded if c.isalnum())
    return f"{_CODE}{bare}" if bare else ""
