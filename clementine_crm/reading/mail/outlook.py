"""``outlook_message``: an Outlook ``.msg`` compound file (MS-OXMSG) to a ``Mail``."""

from __future__ import annotations

import io
import struct
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import olefile

from clementine_crm.errors import BadResponse
from clementine_crm.plugin_api.reading import Attachment, Mail
from clementine_crm.reading.mail.addresses import fold_domain, joined_name, parse_date
from clementine_crm.reading.mail.charsets import codec, decode
from clementine_crm.reading.mail.forwards import inline_forward
from clementine_crm.reading.mail.kinds import Kind, kind_of
from clementine_crm.reading.mail.markup import tidy, to_text
from clementine_crm.reading.mail.names import runnable, safe_name
from clementine_crm.reading.mail.parts import DEPTH_LIMIT
from clementine_crm.reading.mail.rfc822 import (
    BODY_LIMIT,
    MESSAGE_LIMIT,
    headers_from,
    parse_mail,
)
from clementine_crm.reading.mail.rtf import body_of, expand

MAGIC = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
# What olefile lets through on damaged files; it has no root exception of its own.
_DAMAGE = (OSError, ValueError, KeyError, IndexError, TypeError, AttributeError, struct.error,
           RecursionError, OverflowError, MemoryError)  # fmt: skip
_EPOCH = datetime(1601, 1, 1, tzinfo=UTC)
_RECIPIENTS_LIMIT = 1_000
_ATTACHMENTS_LIMIT = 500
_RENDERED_IN_BODY = 4
_EMBEDDED_MESSAGE = 5


def outlook_message(data: bytes) -> Mail:
    """The message in a ``.msg`` file. Raises ``BadResponse("msg_unreadable")`` when it holds none."""
    if not data.startswith(MAGIC) or len(data) > MESSAGE_LIMIT:
        raise BadResponse("msg_unreadable")
    try:
        with olefile.OleFileIO(io.BytesIO(data)) as file:
            return _Message(_Store(file), (), 0).mail()
    except _DAMAGE as error:
        raise BadResponse("msg_unreadable") from error


@dataclass(frozen=True)
class _Store:
    """The compound file, with the listing of each storage made once."""

    file: olefile.OleFileIO

    def stream(self, path: tuple[str, ...]) -> bytes | None:
        """The bytes of a stream, None when it is absent or cannot be followed."""
        name = list(path)
        try:
            if self.file.get_type(name) != olefile.STGTY_STREAM:
                return None
            with self.file.openstream(name) as stream:
                return bytes(stream.read())
        except _DAMAGE:
            return None

    def children(self, path: tuple[str, ...], prefix: str) -> list[tuple[str, ...]]:
        """Storages directly under ``path`` whose name begins with ``prefix``, in their order."""
        depth = len(path)
        found = {
            tuple(entry[: depth + 1])
            for entry in self.file.listdir(streams=True, storages=True)
            if tuple(entry[:depth]) == path and entry[depth:] and entry[depth].startswith(prefix)
        }
        return sorted(found)


class _Properties:
    """The properties of one storage: strings and blobs in streams, numbers and dates in a table."""

    def __init__(self, store: _Store, path: tuple[str, ...], header: int, page: str = "") -> None:
        self.store = store
        self.path = path
        self.fixed: dict[int, bytes] = {}
        table = store.stream((*path, "__properties_version1.0")) or b""
        for at in range(header, len(table) - 15, 16):
            tag = struct.unpack_from("<I", table, at)[0]
            self.fixed[tag] = table[at + 8 : at + 16]
        self.page = _codepage(self.number(0x3FFD)) or page

    def number(self, prop: int) -> int:
        value = self.fixed.get(prop << 16 | 0x0003)
        return int(struct.unpack_from("<I", value)[0]) if value else 0

    def instant(self, prop: int) -> datetime | None:
        value = self.fixed.get(prop << 16 | 0x0040)
        if not value:
            return None
        ticks = struct.unpack("<Q", value)[0]
        try:
            return (_EPOCH + timedelta(microseconds=ticks // 10)).replace(microsecond=0)
        except OverflowError:
            return None

    def blob(self, prop: int) -> bytes | None:
        return self.store.stream((*self.path, f"__substg1.0_{prop:04X}0102"))

    def text(self, prop: int, page: str = "") -> str:
        wide = self.store.stream((*self.path, f"__substg1.0_{prop:04X}001F"))
        if wide is not None:
            return _clean(wide[:BODY_LIMIT].decode("utf-16-le", "replace"))
        narrow = self.store.stream((*self.path, f"__substg1.0_{prop:04X}001E"))
        if narrow is None:
            return ""
        return _clean(decode(narrow[:BODY_LIMIT], page or self.page)[0])


def _clean(text: str) -> str:
    return text.replace("\0", "").replace("\r\n", "\n").replace("\r", "\n")


def _codepage(number: int) -> str:
    known = {65001: "utf-8", 20127: "ascii", 28591: "cp1252", 1200: "", 50220: "iso-2022-jp",
             28605: "iso-8859-15", 51949: "cp949", 54936: "gb18030", 20866: "koi8-r"}  # fmt: skip
    if number in known:
        return known[number]
    return codec(f"cp{number}") if number else ""


def _smtp(text: str) -> str:
    """An Internet address, or nothing: ``/O=EXCHANGELABS/…`` is none."""
    text = text.strip().strip("'<>").removeprefix("SMTP:").removeprefix("smtp:")
    if "@" not in text or text.upper().startswith("/O=") or any(c.isspace() for c in text):
        return ""
    return fold_domain(text)


class _Message:
    """One message storage: the file's root or an embedded one."""

    def __init__(self, store: _Store, path: tuple[str, ...], depth: int, page: str = "") -> None:
        self.store = store
        self.path = path
        self.depth = depth
        self.props = _Properties(store, path, 24 if path else 32, page)
        self.warnings: list[str] = []

    def mail(self) -> Mail:
        props = self.props
        if not props.fixed and not props.text(0x001A) and not props.text(0x0037):
            if not self.store.file.exists("/".join((*self.path, "__properties_version1.0"))):
                raise BadResponse("msg_unreadable")
            self.warnings.append("mail_cut_short")
        transport = props.text(0x007D)
        headers = headers_from(transport.encode("utf-8", "replace")) if transport else ()
        text, html = self._bodies()
        subject = " ".join(props.text(0x0037).split())
        name, email = self._sender(headers)
        reply_name, reply_email = self._reply_to(headers)
        message_class = props.text(0x001A).strip()
        forward = inline_forward(text, subject)
        attachments = self._attachments(html)
        if message_class.upper().endswith("SMIME.MULTIPARTSIGNED"):
            attachments = self._signed(attachments)
        elif ".SMIME" in message_class.upper():
            self.warnings.append("mail_encrypted")
        return Mail(
            message_id=props.text(0x1035).strip() or _header(headers, "message-id"),
            in_reply_to=props.text(0x1042).strip() or _header(headers, "in-reply-to"),
            sent_at=props.instant(0x0039) or parse_date(_header(headers, "date")),
            received_at=props.instant(0x0E06),
            from_name=name,
            from_email=email,
            reply_to_name=reply_name,
            reply_to_email=reply_email,
            to_emails=self._recipients(),
            subject=subject,
            text=text,
            html=html,
            headers=headers,
            attachments=attachments,
            kind=_kind(headers, message_class),
            message_class=message_class,
            forwarded_from=forward.email if forward else "",
            forwarded_name=forward.name if forward else "",
            forwarded_subject=forward.subject if forward else "",
            forwarded_text=forward.text if forward else "",
            warnings=tuple(dict.fromkeys(self.warnings)),
        )

    def _bodies(self) -> tuple[str, str]:
        props = self.props
        page = _codepage(props.number(0x3FDE))
        text = props.text(0x1000, props.page or page)
        blob = props.blob(0x1013)
        html = decode(blob[:BODY_LIMIT], page)[0] if blob else props.text(0x1013, page)
        html = html.replace("\0", "")
        packed = props.blob(0x1009)
        if packed and not html:
            rtf_text, html = body_of(expand(packed))
            text = text if text.strip() else tidy(rtf_text)
        if html and not text.strip():
            text = to_text(html)
            self.warnings.append("mail_text_from_html")
        return text[:BODY_LIMIT], html[:BODY_LIMIT]

    def _sender(self, headers: tuple[tuple[str, str], ...]) -> tuple[str, str]:
        props = self.props
        header_name, header_email = joined_name(_header(headers, "from").encode())
        email = next(
            (
                found
                for candidate in (0x5D02, 0x0065, 0x5D01, 0x0C1F)
                if (found := _smtp(props.text(candidate)))
            ),
            header_email,
        )
        name = props.text(0x0042) or props.text(0x0C1A) or header_name
        return name.strip(), email

    def _reply_to(self, headers: tuple[tuple[str, str], ...]) -> tuple[str, str]:
        value = _header(headers, "reply-to")
        if value:
            return joined_name(value.encode())
        name = self.props.text(0x0050).strip()
        return (name, _smtp(name))

    def _recipients(self) -> tuple[str, ...]:
        found: dict[str, str] = {}
        for path in self.store.children(self.path, "__recip_version1.0")[:_RECIPIENTS_LIMIT]:
            props = _Properties(self.store, path, 8, self.props.page)
            email = next(
                (
                    hit
                    for prop in (0x39FE, 0x3003, 0x403E, 0x5FE5)
                    if (hit := _smtp(props.text(prop)))
                ),
                _smtp(props.text(0x3001)),
            )
            if email:
                found.setdefault(email.casefold(), email)
        return tuple(found.values())

    def _attachments(self, html: str) -> tuple[Attachment, ...]:
        paths = self.store.children(self.path, "__attach_version1.0")
        if len(paths) > _ATTACHMENTS_LIMIT:
            self.warnings.append("mail_too_many_parts")
        return tuple(self._attachment(path, html) for path in paths[:_ATTACHMENTS_LIMIT])

    def _signed(self, attachments: tuple[Attachment, ...]) -> tuple[Attachment, ...]:
        """A signed message keeps its whole MIME, files included, in one attachment."""
        if len(attachments) != 1 or b"multipart/signed" not in attachments[0].data[:4_000].lower():
            return attachments
        return parse_mail(attachments[0].data).attachments or attachments

    def _attachment(self, path: tuple[str, ...], html: str) -> Attachment:
        props = _Properties(self.store, path, 8, self.props.page)
        given = props.text(0x3707) or props.text(0x3704) or props.text(0x3001)
        name, overridden = safe_name(given)
        content_id = props.text(0x3712).strip("<> ")
        inline = bool(content_id and f"cid:{content_id}" in html)
        inline = inline or bool(props.number(0x3714) & _RENDERED_IN_BODY)
        data = props.blob(0x3701)
        message = None
        damaged = False
        media = props.text(0x370E) or "application/octet-stream"
        if data is None:
            message = self._embedded(path, props)
            damaged = message is None
            media = "application/vnd.ms-outlook" if message else media
        if message is not None:
            # Outlook shows an embedded message under its subject; its stored name says little.
            name = f"{safe_name(message.subject)[0] or name or 'message'}.msg"
        self._warn(name, overridden=overridden, damaged=damaged, media=media)
        return Attachment(name=name, media_type=media[:100], data=data or b"", inline=inline,
                          damaged=damaged, message=message)  # fmt: skip

    def _warn(self, name: str, *, overridden: bool, damaged: bool, media: str) -> None:
        checks = (
            (overridden, "mail_name_override"),
            (runnable(name), "mail_runnable_attachment"),
            (damaged, "mail_attachment_damaged"),
            (media == "application/ms-tnef" or name.lower() == "winmail.dat", "mail_tnef"),
        )
        self.warnings.extend(key for found, key in checks if found)

    def _embedded(self, path: tuple[str, ...], props: _Properties) -> Mail | None:
        inner = (*path, "__substg1.0_3701000D")
        if props.number(0x3705) not in (_EMBEDDED_MESSAGE, 0) or not self.store.file.exists(
            "/".join(inner)
        ):
            return None
        if self.depth + 1 >= DEPTH_LIMIT:
            self.warnings.append("mail_too_deep")
            return None
        try:
            return _Message(self.store, inner, self.depth + 1, self.props.page).mail()
        except BadResponse:
            return None


def _header(headers: tuple[tuple[str, str], ...], name: str) -> str:
    return next((value for key, value in headers if key == name), "")


def _kind(headers: tuple[tuple[str, str], ...], message_class: str) -> Kind:
    upper = message_class.upper()
    if upper.startswith("REPORT."):
        return "auto_reply" if upper.endswith((".IPNRN", ".IPNNRN")) else "bounce"
    if upper.startswith("IPM.NOTE.RULES."):
        return "auto_reply"
    return kind_of(headers, None)
