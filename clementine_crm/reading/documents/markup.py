"""XML read as a stream of events: no tree, no DTD, no entity of the file's own, bounded depth."""

from __future__ import annotations

from xml.parsers import expat

from clementine_crm.reading.documents.outcome import DEPTH_LIMIT, TEXT_LIMIT, Refused


class EnoughText(Exception):  # noqa: N818 - a signal to stop, not a failure
    """The text limit is reached; what was read stays."""


class LineSink:
    """Collects lines; table cells of one line each share a row's line, parted by tabs.

    ``open_paragraph``/``close_paragraph`` nest, because a text box stands inside the paragraph that
    anchors it: its lines come out before the anchor's own.
    """

    def __init__(self) -> None:
        self._sinks: list[list[str]] = [[]]
        self._paragraphs: list[list[str]] = []
        self._items: list[bool] = []
        self._rows: list[list[list[str]]] = []
        self.size = 0

    def write(self, text: str) -> None:
        """Add characters to the open paragraph, or to a line of their own."""
        self.size += len(text)
        if self.size > TEXT_LIMIT:
            raise EnoughText
        if self._paragraphs:
            self._paragraphs[-1].append(text)
        else:
            self._sinks[-1].append(text)

    def open_paragraph(self) -> None:
        """Begin a paragraph."""
        self._paragraphs.append([])
        self._items.append(False)

    def mark_item(self, is_item: bool = True) -> None:
        """Say that the innermost paragraph is an item of a list: its line begins with a bullet."""
        if self._paragraphs:
            self._items[-1] = is_item

    def close_paragraph(self) -> None:
        """End the innermost paragraph."""
        if self._paragraphs:
            line = "".join(self._paragraphs.pop())
            is_item = self._items.pop() and line[:1].isalnum()
            self._sinks[-1].append(f"• {line}" if is_item else line)

    def open_row(self) -> None:
        """Begin a table row."""
        self._rows.append([])

    def open_cell(self) -> None:
        """Begin a table cell."""
        if self._rows:
            self._sinks.append([])

    def close_cell(self) -> None:
        """End a table cell."""
        if self._rows and len(self._sinks) > 1:
            self._rows[-1].append(self._sinks.pop())

    def close_row(self) -> None:
        """End a table row."""
        if not self._rows:
            return
        cells = [[line for line in cell if line.strip()] for cell in self._rows.pop()]
        cells = [cell for cell in cells if cell]
        if all(len(cell) == 1 and "\n" not in cell[0] for cell in cells):
            self._sinks[-1].append("\t".join(cell[0] for cell in cells))
        else:
            self._sinks[-1].extend(line for cell in cells for line in cell)

    def text(self) -> str:
        """Everything so far, also when the file ended in the middle of a cell."""
        while len(self._sinks) > 1:
            self.close_cell() if self._rows else self._sinks[0].extend(self._sinks.pop())
            self.close_row()
        while self._paragraphs:
            self.close_paragraph()
        return "\n".join(self._sinks[0])


class MarkupReader:
    """Base of the format readers: ``opened``, ``closed`` and ``said`` get local names and text.

    Set ``skipping`` in ``opened`` by returning True: the element and all it holds is left out.
    """

    def __init__(self) -> None:
        self.sink = LineSink()
        self.depth = 0
        self.cut = False
        self._skip_from = 0
        self._open: list[str] = []

    def opened(self, tag: str, attributes: dict[str, str]) -> bool:
        """An element begins; True leaves it out. Attribute names are local, too."""
        raise NotImplementedError

    def closed(self, tag: str) -> None:
        """An element that was not left out ends."""
        raise NotImplementedError

    def said(self, text: str) -> None:
        """Characters outside what is left out."""
        raise NotImplementedError

    def feed(self, data: bytes) -> None:
        """Read one XML document; what is damaged ends it and sets ``cut``."""
        parser = expat.ParserCreate(namespace_separator=" ")
        parser.buffer_text = True
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end
        parser.CharacterDataHandler = self._text
        parser.StartDoctypeDeclHandler = _refuse_doctype
        self.depth = self._skip_from = 0
        try:
            parser.Parse(data, True)
        except (expat.ExpatError, EnoughText, ValueError):
            # ValueError: an encoding that expat does not know.
            self.cut = True

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        self.depth += 1
        if self.depth > DEPTH_LIMIT:
            raise Refused("damaged")
        if self._skip_from:
            return
        tag = name.rpartition(" ")[2]
        local = {key.rpartition(" ")[2]: value for key, value in attributes.items()}
        if self.opened(tag, local):
            self._skip_from = self.depth

    def _end(self, name: str) -> None:
        if self._skip_from:
            if self._skip_from == self.depth:
                self._skip_from = 0
        else:
            self.closed(name.rpartition(" ")[2])
        self.depth -= 1

    def _text(self, text: str) -> None:
        if not self._skip_from:
            self.said(text)


def _refuse_doctype(*_: object) -> None:
    """No office format has a DTD; one is an entity bomb or a reach for an outside file."""
    raise Refused("damaged", "active_content")
