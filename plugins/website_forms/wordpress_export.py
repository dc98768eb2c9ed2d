"""WordPress's own export (WXR): the messages that Flamingo keeps as posts, streamed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import BinaryIO
from xml.etree.ElementTree import Element, ParseError

from defusedxml.ElementTree import iterparse  # type: ignore[import-untyped]  # has no types

from .moments import moment_of
from .php import NotPhpError, unserialised, words_of
from .site import Site
from .submission import Submission, gather

MARK = b"wordpress.org/export/"
_MESSAGE = "flamingo_inbound"
_SPAM = "flamingo-spam"
_BINNED = ("trash", "auto-draft")
_FIELD = "_field_"


@dataclass
class _Post:
    """What an ``<item>`` says, by local element name."""

    texts: dict[str, str] = field(default_factory=dict)
    metas: dict[str, str] = field(default_factory=dict)
    channel: str = ""


class BrokenExportError(ValueError):
    """The file stops being readable XML, or tries what no export does."""


def messages(path: Path, site: Site, name: str) -> Iterator[tuple[int, Submission | None]]:
    """(number of the post, the submission in it; None for a post of another kind).

    ``BrokenExportError`` where the XML breaks: what came before stands.
    """
    with path.open("rb") as file:
        for number, element in enumerate(_items(file), start=1):
            post = _post(element)
            element.clear()
            found = None
            if post.texts.get("post_type") == _MESSAGE and post.texts.get("status") not in _BINNED:
                found = _submission(post, site)
                found.evidence = f"{name}:{post.texts.get('post_id') or number}"
            yield number, found


def _items(file: BinaryIO) -> Iterator[Element]:
    try:
        for _, element in iterparse(file, events=("end",)):
            if _local(element) == "item":
                yield element
    except (ParseError, ValueError, LookupError) as error:
        # defusedxml's refusals (entities, external references) are ValueErrors.
        raise BrokenExportError(type(error).__name__) from error


def _local(element: Element) -> str:
    return str(element.tag).rpartition("}")[2]


def _post(item: Element) -> _Post:
    post = _Post()
    for child in item:
        name = _local(child)
        if name == "postmeta":
            parts = {_local(part): part.text or "" for part in child}
            post.metas.setdefault(parts.get("meta_key", ""), parts.get("meta_value", ""))
        elif name == "category" and child.get("domain") == "flamingo_inbound_channel":
            post.channel = f"{child.text or ''} {child.get('nicename') or ''}".strip()
        else:
            post.texts.setdefault(name, (child.text or "").strip())
    return post


def _submission(post: _Post, site: Site) -> Submission:
    found = gather(_pairs(post.metas), site, table=True)
    sender = post.metas.get("_from_email", "")
    if sender and not found.get("email"):
        found.values["email"] = sender
        found.labels.setdefault("email", "_from_email")
    if "subject" not in found.labels:
        found.values["subject"] = post.metas.get("_subject", "")
    found.sent_at, found.precise = _moment(post)
    found.site_id, found.hint = post.texts.get("post_id", ""), post.channel
    if post.texts.get("status") == _SPAM:
        found.set_aside = "form_spam"
    return found


def _moment(post: _Post) -> tuple[datetime | None, bool]:
    gmt = post.texts.get("post_date_gmt", "")
    moment, precise = (
        moment_of(f"{gmt}+00:00", day_first=True) if gmt[:4].isdigit() else (None, False)
    )
    return (
        (moment, precise) if moment else moment_of(post.texts.get("post_date", ""), day_first=True)
    )


def _pairs(metas: dict[str, str]) -> list[tuple[str, str]]:
    """The fields in the form's order: ``_fields`` names them, a meta of its own holds each value."""
    try:
        whole = unserialised(metas.get("_fields", ""))
    except NotPhpError:
        whole = None
    named = whole if isinstance(whole, dict) else {}
    pairs = {name: words_of(value) for name, value in named.items()}
    for key, text in metas.items():
        if key.startswith(_FIELD):
            pairs[key.removeprefix(_FIELD)] = _shown(text)
    return list(pairs.items())


def _shown(text: str) -> str:
    """A meta's value: WordPress stores several choices as a serialised array."""
    if text[1:2] != ":":
        return text
    try:
        return words_of(unserialised(text))
    except NotPhpError:
        return text
