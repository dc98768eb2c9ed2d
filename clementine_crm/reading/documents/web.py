"""HTML, MHTML and plain text: what browsers, old programs and mail leave under any name."""

from __future__ import annotations

import codecs
import re
from email import message_from_bytes, policy
from html.parser import HTMLParser

from typing_extensions import override

from clementine_crm.reading.documents.outcome import DAMAGE, TEXT_LIMIT, Reading

_HIDDEN = frozenset(
    {"script", "style", "head", "template", "noscript", "svg", "object", "textarea"}
)
_LINES = frozenset({
    "p", "div", "br", "tr", "li", "ul", "ol", "table", "h1", "h2", "h3", "h4", "h5", "h6", "hr",
    "section", "article", "header", "footer", "aside", "main", "nav", "dt", "dd", "dl", "pre",
    "blockquote", "address", "body", "figure", "form", "caption",
})  # fmt: skip
_VOID = frozenset({"br", "hr", "img", "meta", "link", "input", "area", "base", "col", "wbr"})
_CHARSET = re.compile(
    rb"<(?:meta|\?xml)[^>]{0,300}?(?:charset|encoding)\s*=\s*[\"']?([\w.:-]{2,40})", re.I
)
_BOMS = (
    (codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF32_LE, "utf-32-le"), (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"),
)  # fmt: skip
_SAMPLE = 4096


def decode(data: bytes, label: str = "") -> str:
    """Text by its mark, its zero bytes, its label, UTF-8 strictly, then cp1252 (never fails)."""
    for bom, name in _BOMS:
        if data.startswith(bom):
            return data[len(bom) :].decode(name, "replace")
    wide = _wide_codec(data[:_SAMPLE])
    if wide:
        return data.decode(wide, "replace")
    for name in (label, "utf-8"):
        if name:
            try:
                return data.decode(name)
            except (LookupError, UnicodeError, ValueError):
                continue
    # Bytes that cp1252 leaves undefined (81, 8D, 8F, 90, 9D) show as replacement characters.
    return data.decode("cp1252", "replace")


def _wide_codec(head: bytes) -> str:
    """UTF-16 without a mark: Latin text has a zero in nearly every second byte."""
    half = len(head) // 2
    if half < 2:
        return ""
    even, odd = head[0 : 2 * half : 2].count(0), head[1 : 2 * half : 2].count(0)
    if odd > half * 0.6 and even < half * 0.1:
        return "utf-16-le"
    if even > half * 0.6 and odd < half * 0.1:
        return "utf-16-be"
    return ""


class _Html(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.out: list[str] = []
        self.size = 0
        self.hidden = 0
        self.scripts = self.images = False

    @override
    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.scripts = self.scripts or tag in ("script", "object", "embed", "iframe")
        self.images = self.images or tag == "img"
        if tag in _HIDDEN:
            self.hidden += 1
        elif tag == "body":
            self.hidden = 0
        if tag in _LINES:
            self.out.append("\n")
        elif tag in ("td", "th"):
            self.out.append("\t")

    @override
    def handle_endtag(self, tag: str) -> None:
        if tag in _HIDDEN:
            self.hidden = max(0, self.hidden - 1)
        elif tag in _LINES and tag not in _VOID:
            self.out.append("\n")

    @override
    def handle_data(self, data: str) -> None:
        if not self.hidden and self.size <= TEXT_LIMIT:
            self.out.append(re.sub(r"[ \t\r\n]+", " ", data))
            self.size += len(data)


def read_html(data: bytes) -> Reading:
    """The words a browser would show; nothing is fetched, no script is run."""
    label = _CHARSET.search(data[:_SAMPLE])
    source = decode(data, label[1].decode("ascii", "replace") if label else "")
    reader = _Html()
    reader.feed(source[: 4 * TEXT_LIMIT])
    reader.close()
    text = re.sub(r"\n\s*\n+", "\n", "".join(reader.out))
    flags = (("active_content",) if reader.scripts else ()) + (
        ("cut",) if reader.size > TEXT_LIMIT else ()
    )
    if text.strip():
        return Reading("html", "text/html", (text,), flags=flags)
    return Reading("html", "text/html", reason="image" if reader.images else "empty", flags=flags)


def read_mhtml(data: bytes) -> Reading:
    """A web archive, as Word saves one under .doc or .mht: its HTML part."""
    message = message_from_bytes(data, policy=policy.compat32)
    parts = [part for part in message.walk() if part.get_content_type() == "text/html"]
    for part in parts[:1]:
        try:
            payload = part.get_payload(decode=True)
        except DAMAGE:
            break
        if isinstance(payload, bytes):
            charset = part.get_content_charset() or ""
            inner = read_html(decode(payload, charset).encode("utf-8"))
            return Reading(
                "html", "multipart/related", inner.pages, reason=inner.reason, flags=inner.flags
            )
    return Reading("message", "message/rfc822", reason="unsupported")


def read_text(data: bytes) -> Reading:
    """Plain text; a file full of control characters is not text."""
    flags = ("cut",) if len(data) > 4 * TEXT_LIMIT else ()
    text = decode(data[: 4 * TEXT_LIMIT])
    sample = text[:_SAMPLE]
    odd = sum(
        char == "\ufffd" or (ord(char) < 32 and char not in "\t\n\r\f\v\x1b") for char in sample
    )
    if odd > max(2, len(sample) // 50):
        return Reading("unknown", "application/octet-stream", reason="unsupported")
    if not text.strip("\x00 \t\r\n\f\v\ufeff"):
        return Reading("text", "text/plain", reason="empty")
    return Reading("text", "text/plain", (text,), flags=flags)
