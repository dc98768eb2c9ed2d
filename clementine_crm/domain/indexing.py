"""Text as the full-text index takes it, and back: what its tokenizer alone would get wrong.

The tokenizer (``unicode61 remove_diacritics 2``) folds accents and case, but cuts C++ and C# down to
``c``, and takes ``œ`` and ``ﬁ`` for letters of their own. Marks that it drops or keeps inside a word
are put in, the same in texts and in queries, and taken out of what is shown.

An index holds what this module made: another form is another function, and a migration.
"""

from __future__ import annotations

import re

OPEN, CLOSE = "\ufdd0", "\ufdd1"
"""Around what was found in a passage; indexed text holds neither."""

# A combining mark that the tokenizer drops, and letters of the private area that it keeps.
_OPENED = "\u032e"
_PLUS, _SHARP, _DOT, _CODE = "\ue0b1", "\ue0b2", "\ue0b3", "\ue0b4"

_LIGATURES = {
    "œ": "oe", "Œ": "OE", "æ": "ae", "Æ": "AE", "ß": "ss", "þ": "th", "Þ": "TH", "ø": "o", "Ø": "O",
    "ł": "l", "Ł": "L", "đ": "d", "Đ": "D", "ħ": "h", "Ħ": "H", "ı": "i",
}  # fmt: skip
# Typesetting and things nobody sees; a bullet of a symbol font would stick to the next word.
_PLAIN = {
    "ﬀ": "ff", "ﬁ": "fi", "ﬂ": "fl", "ﬃ": "ffi", "ﬄ": "ffl", "ð": "d", "Ð": "D",
    **dict.fromkeys("\u00ad\u200b\u200c\u200d\u2060\ufeff", ""),
    **dict.fromkeys([OPEN, CLOSE, *map(chr, range(0xE000, 0xF900))], " "),
}  # fmt: skip
_ODD = "".join(_LIGATURES) + "ðÐ\u00ad\u200b\u200c\u200d\u2060"
# UTF-8 of the private area, of typesetter's ligatures and of the marks begins so.
_FAR = (b"\xee", b"\xef")
_TABLE = str.maketrans({**{k: v + _OPENED for k, v in _LIGATURES.items()}, **_PLAIN})
_C_PLUS = re.compile(r"(?<![^\W_])c(?=\+\+)", re.IGNORECASE)
_C_SHARP = re.compile(r"(?<![^\W_])[cf](?=[#♯])", re.IGNORECASE)
_DOT_NET = re.compile(r"\.[nN][eE][tT](?!\w)")
_BEFORE_NET = re.compile(r"(?:^|[^\w@]|\b(?:asp|vb|ado))\Z", re.IGNORECASE)

_CLOSED = {v + _OPENED: k for k, v in reversed(_LIGATURES.items())}
_MARKED = re.compile("|".join(sorted(map(re.escape, _CLOSED), key=len, reverse=True)))
_MARKS = str.maketrans(dict.fromkeys([_PLUS, _SHARP, _DOT, _CODE, _OPENED], ""))
_SIGN_AFTER = re.compile(f"([{_PLUS}{_SHARP}]){CLOSE}(\\+\\+|[#♯])")


def as_indexed(text: str) -> str:
    """The text with its marks; nothing is done to what the tokenizer reads rightly."""
    if not text.isascii() and _odd(text):
        text = text.translate(_TABLE)
    if "++" in text:
        text = _C_PLUS.sub(rf"\g<0>{_PLUS}", text)
    if "#" in text or "♯" in text:
        text = _C_SHARP.sub(rf"\g<0>{_SHARP}", text)
    if ".n" in text or ".N" in text:
        text = _DOT_NET.sub(_net, text)
    return text


def _odd(text: str) -> bool:
    # A translation costs a hundred times this look.
    if any(map(text.__contains__, _ODD)):
        return True
    raw = text.encode(errors="replace")
    return any(map(raw.__contains__, _FAR))


def _net(found: re.Match[str]) -> str:
    start = found.start()
    product = _BEFORE_NET.search(found.string[max(0, start - 4) : start])
    return f"{found[0]}{_DOT}" if product else found[0]


def as_written(text: str) -> str:
    """What ``as_indexed`` was given, for the eye; ``OPEN`` and ``CLOSE`` stay around whole words."""
    if text.isascii():
        return text
    text = _SIGN_AFTER.sub(rf"\1\2{CLOSE}", text)
    text = _MARKED.sub(lambda found: _CLOSED[found[0]], text)
    return text.translate(_MARKS)


def as_code(folded: str) -> str:
    """A name of our own (a source) as one word that no text can hold; empty for an empty one."""
    bare = "".join(c for c in folded if c.isalnum())
    return f"{_CODE}{bare}" if bare else ""
