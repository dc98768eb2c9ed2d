"""A form's mail sent as HTML: the rows of its table, and what stands below. Linear in its length."""

from __future__ import annotations

import html
import re
from dataclasses import dataclass, field

_TAG = re.compile(r"<(/?)([a-zA-Z!][a-zA-Z0-9]*)?[^<>]*>")
_BREAKS = frozenset({"br", "p", "div", "li", "h1", "h2", "h3", "h4", "tr"})
_SILENT = frozenset({"style", "script", "head", "title"})
_LIMIT = 500_000


@dataclass
class _Walk:
    rows: list[list[str]] = field(default_factory=list)
    cell: list[str] | None = None
    rest: list[str] = field(default_factory=list)
    silent: str = ""

    def text(self, piece: str) -> None:
        if not self.silent:
            (self.rest if self.cell is None else self.cell).append(piece)

    def tag(self, name: str, *, closing: bool) -> None:
        if self.silent:
            self.silent = "" if closing and name == self.silent else self.silent
        elif name in _SILENT:
            self.silent = "" if closing else name
        elif name in ("td", "th"):
            self.end_cell()
            self.cell = None if closing else []
        elif name == "table":
            self.end_cell()
            self.rest = []
        elif name == "tr" and not closing:
            self.rows.append([])
        elif name in _BREAKS:
            self.text("\n\n" if name == "p" and closing else "\n")

    def end_cell(self) -> None:
        if self.cell is not None:
            (self.rows or [[]])[-1].append(_plain("".join(self.cell)))
            self.cell = None


def table_of(markup: str) -> tuple[list[tuple[str, str]], str]:
    """((label, value) pairs of the rows, the text below the last table); nothing without a table.

    A row is a label and its value, or a label alone above a row with the value alone.
    """
    walk = _Walk()
    markup = markup[:_LIMIT]
    at = 0
    for tag in _TAG.finditer(markup):
        walk.text(_flat(markup[at : tag.start()]))
        walk.tag((tag[2] or "").lower(), closing=bool(tag[1]))
        at = tag.end()
    walk.text(_flat(markup[at:]))
    walk.end_cell()
    if not walk.rows:
        return [], ""
    return _pairs(walk.rows), _plain("".join(walk.rest))


def _pairs(rows: list[list[str]]) -> list[tuple[str, str]]:
    pairs: list[tuple[str, str]] = []
    above = ""
    for row in rows:
        if len(row) > 1 and row[0]:
            pairs.append((row[0].rstrip(" :\u00a0"), row[1]))
            above = ""
        elif above and row:
            pairs.append((above, row[-1]))
            above = ""
        else:
            above = row[0].rstrip(" :\u00a0") if row else ""
    return pairs


def _flat(piece: str) -> str:
    """Source line ends are blanks in HTML; the breaks come from the tags."""
    return re.sub(r"[ \t\r\n]+", " ", piece)


def _plain(text: str) -> str:
    lines = (line.strip() for line in html.unescape(text).replace("\u00a0", " ").split("\n"))
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()
