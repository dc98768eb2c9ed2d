"""Text as a person would have typed it: accents, ligatures, hyphens, spaced-out headings."""

from __future__ import annotations

import re
import unicodedata

# LaTeX font encodings T1 and OT1 leave these at their own code points when a PDF has no map.
_LATEX = str.maketrans({
    "\x1b": "ff", "\x1c": "fi", "\x1d": "fl", "\x1e": "ffi", "\x1f": "ffl", "\x15": "–", "\x16": "—",
    "\x7f": "-", "\x17": "", "\x0b": "\n", "\x0c": "\n", "\x85": "\n", "\x88": "•",
})  # fmt: skip
_PLAIN = str.maketrans({
    "ﬀ": "ff", "ﬁ": "fi", "ﬂ": "fl", "ﬃ": "ffi", "ﬄ": "ffl", "ﬅ": "st", "ﬆ": "st",
    "\xad": None, "\u200b": None, "\u200c": None, "\u200d": None, "\u2060": None, "\ufeff": None,
    "\u200e": None, "\u200f": None, "\u202a": None, "\u202b": None, "\u202c": None, "\u202d": None,
    "\u202e": None, "\u2066": None, "\u2067": None, "\u2068": None, "\u2069": None,
    "\u2028": "\n", "\u2029": "\n", "\u2010": "-", "\u2011": "-", "\u2212": "-",
})  # fmt: skip
_CONTROL = re.compile("[\x00-\x08\x0e-\x1f\x7f-\x9f\ufffe\uffff\ud800-\udfff]")
_ICONS = re.compile("[\ue000-\uf8ff\U000f0000-\U0010ffff]+")
_BLANKS = re.compile("[ \u00a0\u1680\u2000-\u200a\u202f\u205f\u3000]+")
_ACCENTS = {
    "´": "\u0301", "`": "\u0300", "ˆ": "\u0302", "¨": "\u0308", "¸": "\u0327", "˜": "\u0303",
    "˚": "\u030a", "ˇ": "\u030c", "˝": "\u030b", "ˋ": "\u0300", "ˊ": "\u0301",
}  # fmt: skip
_LOOSE = re.compile("[´`ˆ¨¸˜˚ˇ˝ˋˊ]")
_BEFORE = re.compile("([´`ˆ¨¸˜˚ˇ˝ˋˊ]) ?([A-Za-zı])")
_AFTER = re.compile("([A-Za-zı]) ?([´`ˆ¨¸˜˚ˇ˝ˋˊ])")
_SPACED = re.compile(
    r"(?<!\S)\w(?: [\w&'’-])+(?:  +\w(?: [\w&'’-])+)+(?!\S)|(?<!\S)\w(?: [\w&'’-]){3,}(?!\S)"
)


def mend(text: str) -> str:
    """The page's text mended, lines trimmed; at most one empty line in a row."""
    if "\r" in text:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    text = text.translate(_LATEX).translate(_PLAIN)
    text = _CONTROL.sub("", text)
    text = _ICONS.sub(" ", text)
    if _LOOSE.search(text):
        text = _join_accents(text)
    text = unicodedata.normalize("NFC", text)
    lines = [_line(line) for line in text.split("\n")]
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip("\n")


def _line(line: str) -> str:
    line = line.strip()
    if len(line) > 6 and line[1:2] in " \u00a0":
        line = _SPACED.sub(_close_up, line.replace("\u00a0", " "))
    if "  " in line or "\u00a0" in line or not line.isascii():
        # Two blanks part columns in typed text: kept as two, so that fields can see them.
        line = _BLANKS.sub(lambda match: "  " if len(match[0]) > 1 else " ", line)
    return line


def _close_up(match: re.Match[str]) -> str:
    """``E X P É R I E N C E`` has one blank between letters and more between words."""
    letters = match[0].replace(" ", "")
    if not any(char.isalpha() for char in letters) or letters.isdecimal():
        return match[0]
    return " ".join(word.replace(" ", "") for word in re.split(r"  +", match[0]))


def _composed(accent: str, letter: str) -> str:
    letter = {"ı": "i"}.get(letter, letter)
    whole = unicodedata.normalize("NFC", letter + _ACCENTS[accent])
    return whole if len(whole) == 1 else ""


def _join_accents(text: str) -> str:
    """``e´`` or ``´e`` by what the document mostly does; an accent that fits neither stays.

    A consonant before the mark and a vowel after it speak for ``´e``; the reverse for ``e´``.
    """
    before = len(re.findall("(?:[bdfghjkmpqtvwx]|^|\\s)[´`ˆ¨˜]\\s?[aeiouAEIOUı]", text))
    after = len(re.findall("[aeiouAEIOU]\\s?[´`ˆ¨˜](?:[bdfghjkmpqtvwx,.]|\\s|$)", text))
    if after > before:
        return _AFTER.sub(lambda m: _composed(m[2], m[1]) or m[0], text)
    return _BEFORE.sub(lambda m: _composed(m[1], m[2]) or m[0], text)
