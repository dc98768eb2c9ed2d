"""ODT (zip) and flat FODT: paragraphs, headings, tables, frames, page headers and footers."""

from __future__ import annotations

from typing_extensions import override

from clementine_crm.reading.documents.markup import MarkupReader
from clementine_crm.reading.documents.outcome import Reading
from clementine_crm.reading.documents.packed import Packed

_ODT = "application/vnd.oasis.opendocument.text"
_LEFT_OUT = frozenset({"tracked-changes", "annotation", "meta", "settings", "binary-data", "desc"})
_SPACES_LIMIT = 100


class _OpenText(MarkupReader):
    def __init__(self) -> None:
        super().__init__()
        self._paragraphs = 0
        self._item = False
        self.has_picture = False

    @override
    def opened(self, tag: str, attributes: dict[str, str]) -> bool:
        if tag in ("p", "h"):
            self._paragraphs += 1
            self.sink.open_paragraph()
            self.sink.mark_item(self._item)
            self._item = False
        elif tag == "s":
            count = attributes.get("c", "1")
            self.sink.write(" " * min(int(count) if count.isdecimal() else 1, _SPACES_LIMIT))
        elif tag == "tab":
            self.sink.write("\t")
        elif tag == "line-break":
            self.sink.write("\n")
        elif tag in ("table-row", "table-cell"):
            self.sink.open_row() if tag == "table-row" else self.sink.open_cell()
        elif tag == "list-item":
            self._item = True
        elif tag == "image":
            self.has_picture = True
        return tag in _LEFT_OUT

    @override
    def closed(self, tag: str) -> None:
        if tag in ("p", "h"):
            self._paragraphs -= 1
            self.sink.close_paragraph()
        elif tag == "table-cell":
            self.sink.close_cell()
        elif tag == "table-row":
            self.sink.close_row()

    @override
    def said(self, text: str) -> None:
        if self._paragraphs:
            self.sink.write(text)


def read_odt(packed: Packed) -> Reading:
    """Page headers and footers (in the styles part) before the content."""
    manifest = packed.read("META-INF/manifest.xml")
    if packed.encrypted or b"encryption-data" in manifest:
        return Reading("odt", _ODT, reason="password")
    reader = _OpenText()
    for part in ("styles.xml", "content.xml"):
        data = packed.read(part)
        if data:
            reader.feed(data)
    names = [name.casefold() for name in packed.names()]
    macros = any(name.startswith(("basic/", "scripts/")) for name in names)
    return _finish(reader, packed.cut, macros)


def read_flat_odt(data: bytes) -> Reading:
    """The one-file form."""
    reader = _OpenText()
    reader.feed(data)
    return _finish(reader, cut=False, macros=False)


def _finish(reader: _OpenText, cut: bool, macros: bool) -> Reading:
    text = reader.sink.text()
    cut = cut or reader.cut
    flags = (("macros",) if macros else ()) + (("cut",) if cut else ())
    if text.strip():
        return Reading("odt", _ODT, (text,), flags=flags)
    empty = "image" if reader.has_picture else "empty"
    return Reading("odt", _ODT, reason="damaged" if cut else empty, flags=flags)
