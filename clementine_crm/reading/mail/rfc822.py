"""``parse_mail``: the bytes of a message to a ``Mail``. No bytes make it raise."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import datetime

from clementine_crm.plugin_api.reading import Attachment, Mail
from clementine_crm.reading.mail.addresses import addresses, joined_name, parse_date
from clementine_crm.reading.mail.charsets import decode
from clementine_crm.reading.mail.forwards import inline_forward
from clementine_crm.reading.mail.header_words import decode_words
from clementine_crm.reading.mail.kinds import Kind, kind_of
from clementine_crm.reading.mail.markup import to_text
from clementine_crm.reading.mail.names import runnable, safe_name
from clementine_crm.reading.mail.parts import (
    DEPTH_LIMIT,
    Cutter,
    Part,
    headers_of,
    leaves,
    uuencoded,
)

MESSAGE_LIMIT = 100 * 1024 * 1024
BODY_LIMIT = 4_000_000
_BODIES = {"text/plain", "text/html", "text/enriched", "text/richtext", "application/xhtml+xml"}
_KEPT_HEADERS = 300


def parse_mail(data: bytes) -> Mail:
    """One RFC 5322 message. Bad content never raises: ``Mail.warnings`` says what was mended.

    A message over 100 MB is read up to that limit and warned of (``mail_too_large``).
    """
    warnings: list[str] = []
    if len(data) > MESSAGE_LIMIT:
        data = data[:MESSAGE_LIMIT]
        warnings.append("mail_too_large")
    return _parse(data, 0, warnings)


@dataclass
class _Content:
    """What the walk over the parts gathers."""

    plain: list[str] = field(default_factory=list)
    html: list[str] = field(default_factory=list)
    attachments: list[Attachment] = field(default_factory=list)
    content_ids: list[str] = field(default_factory=list)
    size: int = 0

    def add(self, attachment: Attachment, part: Part | None = None) -> None:
        """Keep an attachment with the id by which an HTML body may show it."""
        self.attachments.append(attachment)
        raw = part.raw("content-id") if part else b""
        self.content_ids.append(decode_words(raw).strip("<> "))


def _parse(data: bytes, depth: int, warnings: list[str]) -> Mail:
    cutter = Cutter(warnings)
    root = cutter.cut(data, depth=depth)
    content = _Content()
    if root.children or not root.content_type[0].startswith("multipart/"):
        for part in leaves(root):
            _take(part, root, content, cutter)
    elif root.body.strip():
        # A multipart message without its parts: what stands there is shown rather than lost.
        cutter.warn("mail_body_recovered")
        content.plain.append(_text(root.body, "", cutter))
    return _mail(root, content, cutter)


def _take(part: Part, root: Part, content: _Content, cutter: Cutter) -> None:
    kind = part.content_type[0]
    disposition = part.disposition[0]
    named = bool(part.file_name)
    if kind == "message/delivery-status" or kind.startswith("multipart/"):
        if kind.startswith("multipart/") and part.depth >= DEPTH_LIMIT:
            content.add(_attachment(part, part.body, cutter))
        return
    if kind in ("message/rfc822", "message/global"):
        content.add(_message(part, cutter))
        return
    if kind == "text/rfc822-headers" and root.content_type[0] == "multipart/report":
        return
    if kind in _BODIES and disposition != "attachment" and not named:
        _body(part, kind, content, cutter)
        return
    data, damaged = part.decoded()
    content.add(_attachment(part, data, cutter, damaged=damaged), part)


def _body(part: Part, kind: str, content: _Content, cutter: Cutter) -> None:
    data, damaged = part.decoded()
    if damaged:
        cutter.warn("mail_cut_short")
    markup = kind not in ("text/plain",)
    if kind in ("text/enriched", "text/richtext"):
        # Old rich text is nobody's body today; it is kept beside, as the samples expect.
        content.add(_attachment(part, data, cutter, damaged=damaged), part)
        return
    if content.size > BODY_LIMIT:
        cutter.warn("mail_body_cut")
        content.add(_attachment(part, data, cutter, damaged=damaged), part)
        return
    if not markup:
        for name, held, cut in uuencoded(data):
            cutter.warn("mail_uuencoded")
            safe = _safe(decode(name)[0], cutter)
            content.add(
                Attachment(name=safe, media_type="application/octet-stream", data=held, damaged=cut)
            )
    text = _text(data, part.content_type[1].get("charset", ""), cutter)
    content.size += len(text)
    (content.html if markup else content.plain).append(text)


def _text(data: bytes, charset: str, cutter: Cutter) -> str:
    if len(data) > BODY_LIMIT:
        cutter.warn("mail_body_cut")
        data = data[:BODY_LIMIT]
    text, honest = decode(data, charset)
    if charset and not honest:
        cutter.warn("mail_charset_mended")
    return text.replace("\0", "").replace("\r\n", "\n").replace("\r", "\n")


def _safe(name: str, cutter: Cutter) -> str:
    safe, overridden = safe_name(name)
    if overridden:
        cutter.warn("mail_name_override")
    if runnable(safe):
        cutter.warn("mail_runnable_attachment")
    return safe


def _attachment(
    part: Part, data: bytes, cutter: Cutter, *, damaged: bool = False, message: Mail | None = None
) -> Attachment:
    name = _safe(part.file_name, cutter)
    kind = part.content_type[0][:100]
    if kind == "application/ms-tnef" or name.lower() == "winmail.dat":
        cutter.warn("mail_tnef")
    if damaged:
        cutter.warn("mail_attachment_damaged")
    inline = part.disposition[0] == "inline" or (
        bool(part.raw("content-id")) and part.disposition[0] != "attachment"
    )
    return Attachment(
        name=name, media_type=kind, data=data, inline=inline, damaged=damaged, message=message
    )


def _message(part: Part, cutter: Cutter) -> Attachment:
    data, damaged = part.decoded()
    message = None
    if part.depth + 1 >= DEPTH_LIMIT:
        cutter.warn("mail_too_deep")
    else:
        inner: list[str] = []
        message = _parse(data, part.depth + 1, inner)
        if "mail_too_deep" in inner:
            cutter.warn("mail_too_deep")
    found = _attachment(part, data, cutter, damaged=damaged, message=message)
    if found.name:
        return found
    subject = safe_name(message.subject)[0] if message else ""
    return found.model_copy(update={"name": f"{subject[:80] or 'message'}.eml"})


def _mail(root: Part, content: _Content, cutter: Cutter) -> Mail:
    html = "\n".join(content.html)
    text = "\n".join(content.plain)
    if html and not text.strip():
        text = to_text(html)
        cutter.warn("mail_text_from_html")
    subject = " ".join(decode_words(root.raw("subject")).split())
    from_name, from_email = joined_name(root.raw("from") or root.raw("sender"))
    reply_name, reply_email = joined_name(root.raw("reply-to"))
    sent = parse_date(decode_words(root.raw("date")))
    if sent is None and root.raw("date"):
        cutter.warn("mail_bad_date")
    forward = inline_forward(text, subject)
    return Mail(
        message_id=message_id(root.raw("message-id")),
        in_reply_to=message_id(root.raw("in-reply-to")),
        sent_at=sent,
        received_at=received(root.raw("received")),
        from_name=from_name,
        from_email=from_email,
        reply_to_name=reply_name,
        reply_to_email=reply_email,
        to_emails=recipients(root),
        subject=subject,
        text=text,
        html=html,
        headers=kept_headers(root.headers),
        attachments=_with_inline(content, html),
        kind=_kind(root),
        forwarded_from=forward.email if forward else "",
        forwarded_name=forward.name if forward else "",
        forwarded_subject=forward.subject if forward else "",
        forwarded_text=forward.text if forward else "",
        warnings=tuple(cutter.warnings),
    )


def _with_inline(content: _Content, html: str) -> tuple[Attachment, ...]:
    """The attachments; an image that the HTML body shows is inline whatever its disposition says."""
    return tuple(
        found.model_copy(update={"inline": True})
        if not found.inline and content_id and f"cid:{content_id}" in html
        else found
        for found, content_id in zip(content.attachments, content.content_ids, strict=True)
    )


def _kind(root: Part) -> Kind:
    """What the message is not, by its headers and by the parts of a report."""
    media, params = root.content_type
    report = params.get("report-type", "").lower() if media == "multipart/report" else None
    if report is None and any(p.content_type[0] == "message/delivery-status" for p in leaves(root)):
        report = "delivery-status"
    return kind_of([(name, decode_words(value)) for name, value in root.headers], report)


def message_id(raw: bytes) -> str:
    """``<id@host>`` as written, its brackets kept; the first when there are several."""
    text = decode_words(raw)
    found = re.search(r"<[^<>]{1,900}>", text)
    return found[0].replace(" ", "") if found else text.split(" ")[0][:900]


def received(raw: bytes) -> datetime | None:
    """The instant of the newest Received line, None without one."""
    return parse_date(decode_words(raw).rpartition(";")[2].strip()) if raw else None


def recipients(root: Part) -> tuple[str, ...]:
    """To, Cc and Bcc without doubles, in order."""
    found: dict[str, None] = {}
    for name, value in root.headers:
        if name in ("to", "cc", "bcc"):
            found.update((email, None) for _, email in addresses(value) if email)
    return tuple(found)


def kept_headers(fields: list[tuple[str, bytes]]) -> tuple[tuple[str, str], ...]:
    """Every header decoded, its name in lower case."""
    return tuple((name, decode_words(value)) for name, value in fields[:_KEPT_HEADERS])


def headers_from(data: bytes) -> tuple[tuple[str, str], ...]:
    """The headers of a raw header block (Outlook's transport headers)."""
    return kept_headers(headers_of(data)[0])
