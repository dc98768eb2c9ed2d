"""DOCX, DOCM, DOTX and PPTX: the zip's parts in reading order."""

from __future__ import annotations

import posixpath
import re
from urllib.parse import unquote

from typing_extensions import override

from clementine_crm.reading.documents.markup import MarkupReader
from clementine_crm.reading.documents.outcome import PAGE_LIMIT, Reading, Refused
from clementine_crm.reading.documents.packed import Packed
from clementine_crm.reading.documents.word_markup import WordMarkup

_DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
_DOCM = "application/vnd.ms-word.document.macroEnabled.12"
_PPTX = "application/vnd.openxmlformats-officedocument.presentationml.presentation"
_SLIDE = re.compile(r"ppt/slides/slide(\d+)\.xml", re.IGNORECASE)


class _Relations(MarkupReader):
    """One ``.rels`` part: (type's last word, target, is external)."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[tuple[str, str, bool]] = []

    @override
    def opened(self, tag: str, attributes: dict[str, str]) -> bool:
        if tag == "Relationship":
            kind = attributes.get("Type", "").rpartition("/")[2]
            external = attributes.get("TargetMode", "").casefold() == "external"
            self.found.append((kind, attributes.get("Target", ""), external))
        return False

    @override
    def closed(self, tag: str) -> None:
        pass

    @override
    def said(self, text: str) -> None:
        pass


def _relations(packed: Packed, part: str) -> list[tuple[str, str, bool]]:
    folder, name = posixpath.split(part)
    data = packed.read(posixpath.join(folder, "_rels", f"{name}.rels"))
    if not data:
        return []
    reader = _Relations()
    reader.feed(data)
    return [
        (kind, target if external else posixpath.normpath(posixpath.join("/", folder, target))[1:], external)
        for kind, target, external in reader.found
    ]  # fmt: skip


def _flags(packed: Packed, relations: list[tuple[str, str, bool]]) -> list[str]:
    names = [name.casefold() for name in packed.names()]
    flags = []
    if any(name.endswith(("vbaproject.bin", "vbadata.xml")) for name in names):
        flags.append("macros")
    if any("/activex/" in name or "/embeddings/" in name for name in names):
        flags.append("active_content")
    if any(external and kind != "hyperlink" for kind, _, external in relations):
        flags.append("external_reference")
    return flags


def _mail_links(relations: list[tuple[str, str, bool]]) -> list[str]:
    links = [unquote(target) for kind, target, _ in relations if kind == "hyperlink"]
    return [one[7:].partition("?")[0] for one in links if one.casefold().startswith("mailto:")]


def _part_text(packed: Packed, part: str) -> tuple[str, WordMarkup]:
    reader = WordMarkup()
    data = packed.read(part)
    if data:
        reader.feed(data)
    return reader.sink.text(), reader


def _main_part(packed: Packed, fallback: str) -> str:
    for kind, target, external in _relations(packed, ""):
        if kind == "officeDocument" and not external and packed.find(target):
            return packed.find(target)
    return packed.find(fallback)


def read_docx(packed: Packed) -> Reading:
    """Page headers first (a name often stands only there), body, notes, page footers."""
    main = _main_part(packed, "word/document.xml")
    relations = _relations(packed, main)
    # A file without relations (cut, or written by a careless program) still has its parts' names.
    parts = [(kind, target) for kind, target, external in relations if not external]
    if not parts:
        parts = [(re.sub(r"\d*\.xml$", "", posixpath.basename(n)), n) for n in packed.names()]
    groups: list[list[str]] = []
    body, reader = _part_text(packed, main)
    cut = reader.cut
    for wanted in ("header", "", "footnotes", "endnotes", "footer"):
        names = [main] if not wanted else sorted({t for k, t in parts if k == wanted})
        texts: list[str] = []
        for name in names:
            text = body if name == main else _part_text(packed, name)[0]
            if text.strip() and text not in texts:
                texts.append(text)
        groups.append(texts)
    text = "\n".join(text for group in groups for text in group)
    text = "\n".join([text, *(link for link in _mail_links(relations) if link not in text)])
    settings = packed.find("word/settings.xml")
    flags = _flags(packed, [*relations, *_relations(packed, settings)])
    if cut or packed.cut:
        flags.append("cut")
    media = _DOCM if "macros" in flags else _DOCX
    if not text.strip():
        return Reading("docx", media, reason=_why_empty(packed, reader), flags=tuple(flags))
    return Reading("docx", media, (text,), flags=tuple(flags))


def _why_empty(packed: Packed, reader: WordMarkup) -> str:
    if reader.cut or packed.cut:
        return "damaged"
    return "image" if reader.has_picture else "empty"


def read_pptx(packed: Packed) -> Reading:
    """Slides in the order of their numbers, one page each."""
    slides = sorted(
        (int(match[1]), name) for name in packed.names() if (match := _SLIDE.fullmatch(name))
    )
    pages: list[str] = []
    relations: list[tuple[str, str, bool]] = []
    cut = len(slides) > PAGE_LIMIT or packed.cut
    picture = False
    for _, name in slides[:PAGE_LIMIT]:
        text, reader = _part_text(packed, name)
        pages.append(text)
        cut = cut or reader.cut
        picture = picture or reader.has_picture
        relations += _relations(packed, name)
    flags = _flags(packed, relations) + (["cut"] if cut else [])
    if not "".join(pages).strip():
        if cut and not slides:
            raise Refused("damaged", *flags)
        reason = "image" if picture else "empty"
        return Reading("pptx", _PPTX, reason=reason, flags=tuple(flags))
    return Reading("pptx", _PPTX, tuple(pages), paged=True, flags=tuple(flags))
