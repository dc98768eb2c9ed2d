"""HTML bodies to text: a reduction of our own in one linear pass, so that no input is slow."""

from __future__ import annotations

import html
import re

MARKUP_LIMIT = 4_000_000
# One alternative per token; none can look back, and an unclosed token costs only its own length.
_TOKEN = re.compile(
    r"<!--(?P<comment>.*?)(?:-->|\Z)"
    r"|<(?P<skip>script|style|head|title)\b[^<>]*>"
    r"|<(?P<close>/?)(?P<tag>[a-zA-Z][a-zA-Z0-9:]*)(?P<attrs>[^<>]*)>"
    r"|<[!?][^<>]*>",
    re.DOTALL | re.IGNORECASE,
)
_END = {
    tag: re.compile(rf"</{tag}\s*>", re.IGNORECASE) for tag in ("script", "style", "head", "title")
}
_HREF = re.compile(r"""\bhref\s*=\s*("[^"]*"|'[^']*'|[^\s"'>]+)""", re.IGNORECASE)
_BLOCKS = frozenset(
    (
        *("p", "div", "tr", "table", "ul", "ol", "h1", "h2", "h3", "h4", "h5", "h6", "pre", "hr"),
        *("blockquote", "section", "article", "header", "footer", "form", "dl", "dt", "dd"),
        *("fieldset", "address", "center"),
    )
)


def to_text(markup: str) -> str:
    """The readable text: blocks on their own lines, cells apart by a tab, links kept in ``<>``."""
    markup = markup[:MARKUP_LIMIT].replace("\0", "")
    out: list[str] = []
    link = ""
    link_start = at = 0
    while (match := _TOKEN.search(markup, at)) is not None:
        out.append(_words(markup[at : match.start()]))
        at = match.end()
        if skip := match["skip"]:
            end = _END[skip.lower()].search(markup, at)
            # An unclosed <head> or <title> must not hide the message, unlike script and style.
            if end is not None:
                at = end.end()
            elif skip.lower() in ("script", "style"):
                at = len(markup)
            continue
        tag = (match["tag"] or "").lower()
        if tag == "a":
            if match["close"]:
                out.append(_link(link, "".join(out[link_start:])))
                link = ""
            else:
                link = _target(match["attrs"])
                link_start = len(out)
        else:
            out.append(_break(tag, bool(match["close"])))
    out.append(_words(markup[at:]))
    return tidy("".join(out))


def _words(text: str) -> str:
    return re.sub(r"[ \t\r\n\f]+", " ", html.unescape(text))


def _break(tag: str, closing: bool) -> str:
    if tag == "br" or (tag in _BLOCKS):
        return "\n"
    if tag == "li":
        return "" if closing else "\n- "
    if tag in ("td", "th"):
        return "\t" if closing else ""
    return ""


def _target(attrs: str) -> str:
    found = _HREF.search(attrs[:8_000])
    return html.unescape(found[1].strip("\"'")).strip()[:2_000] if found else ""


def _link(target: str, shown: str) -> str:
    plain = target.removeprefix("mailto:").removeprefix("tel:")
    if not target or target.startswith(("#", "cid:", "javascript:", "data:")) or plain in shown:
        return ""
    return f" <{plain}>"


def tidy(text: str) -> str:
    """Blanks at line ends gone, at most one empty line in a row."""
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    text = "\n".join(line.rstrip().lstrip(" ") for line in text.split("\n"))
    return re.sub(r"\n{3,}", "\n\n", text).strip()
