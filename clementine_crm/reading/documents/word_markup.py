"""WordprocessingML in a stream: the body of DOCX, Word 2003 XML and flat OPC, slides of PPTX."""

from __future__ import annotations

import re

from typing_extensions import override

from clementine_crm.reading.documents.markup import MarkupReader

# Deleted and moved-away text, comments, field codes, document properties and pictures' bytes.
_LEFT_OUT = frozenset({
    "moveFrom", "delText", "instrText", "delInstrText", "binData", "DocumentProperties",
    "binaryData", "docSuppData", "comment", "del",
})  # fmt: skip
_LIST_STYLE = re.compile(r"List(?:Bullet|Number)|Listepuces|Listenumros", re.IGNORECASE)
_BREAKS = {"br": "\n", "cr": "\n", "noBreakHyphen": "-", "tab": "\t", "ptab": "\t"}


class WordMarkup(MarkupReader):
    """Text of ``p``/``t`` elements, whatever the namespace: w:, a: (slides, shapes) or 2003's w:.

    A text box is written twice by Word, in ``mc:Choice`` and for old programs in ``mc:Fallback``:
    the second is read only when the first held no text. ``has_pict`` tells pictures.
    """

    def __init__(self) -> None:
        super().__init__()
        self._in_text = 0
        self._tabs = 0
        self._sizes: list[int] = []
        self.has_picture = False
        self.external = False

    @override
    def opened(self, tag: str, attributes: dict[str, str]) -> bool:
        if tag == "t":
            self._in_text += 1
        elif tag == "p":
            self.sink.open_paragraph()
        elif tag in _BREAKS:
            if not self._tabs:
                self.sink.write(_BREAKS[tag])
        elif tag in ("tabs", "tabLst"):
            self._tabs += 1
        elif tag in _LEFT_OUT:
            return True
        elif tag == "tr":
            self.sink.open_row()
        elif tag == "tc":
            self.sink.open_cell()
        else:
            return self._opened_seldom(tag, attributes)
        return False

    def _opened_seldom(self, tag: str, attributes: dict[str, str]) -> bool:
        if tag in ("numPr", "buChar", "buAutoNum"):
            self.sink.mark_item()
        elif tag == "numId" and attributes.get("val") == "0":
            self.sink.mark_item(is_item=False)
        elif tag == "pStyle" and _LIST_STYLE.match(attributes.get("val", "")):
            self.sink.mark_item()
        elif tag == "AlternateContent":
            self._sizes.append(self.sink.size)
        elif tag == "Fallback":
            return bool(self._sizes) and self.sink.size > self._sizes[-1]
        elif tag in ("imagedata", "blip"):
            self.has_picture = True
        elif tag == "attachedTemplate" and "://" in attributes.get("val", ""):
            self.external = True
        return False

    @override
    def closed(self, tag: str) -> None:
        if tag == "t":
            self._in_text -= 1
        elif tag == "p":
            self.sink.close_paragraph()
        elif tag == "tc":
            self.sink.close_cell()
        elif tag == "tr":
            self.sink.close_row()
        elif tag in ("tabs", "tabLst"):
            self._tabs -= 1
        elif tag == "AlternateContent" and self._sizes:
            self._sizes.pop()

    @override
    def said(self, text: str) -> None:
        if self._in_text:
            self.sink.write(text)
