"""Saved messages as inbox items: one per message, attributed to the person who applies."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from pathlib import Path

from clementine_crm.plugin_api import (
    Attachment,
    BadResponse,
    Entry,
    FieldValue,
    FileData,
    Health,
    ItemPayload,
    JobContext,
    Mail,
    MessageEntry,
    PluginContext,
    Rejection,
)

from .applicant import Applicant, applicant_of, split_name
from .clues import language, not_an_application, phone, reference, role
from .tnef import is_tnef, unpacked

MAGIC = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
FILE_LIMIT = 100 * 1024 * 1024
_HEAD = 64 * 1024
_ENVELOPE = re.compile(rb"From [^\r\n]{1,1000}\d{1,2}:\d\d[^\r\n]{0,40}\r?\n")
_FIELD = re.compile(rb"^([A-Za-z][A-Za-z0-9-]{1,60})[ \t]{0,4}:", re.MULTILINE)
_KNOWN = {
    *(b"from", b"to", b"subject", b"date", b"received", b"message-id", b"mime-version"),
    *(b"return-path", b"content-type", b"reply-to", b"delivered-to", b"x-mozilla-status"),
}
_OTHER_OLE = (".doc", ".dot", ".xls", ".xlt", ".ppt", ".pps", ".msi", ".vsd", ".pub", ".mpp")
_SIGNATURES = {"application/pkcs7-signature", "application/x-pkcs7-signature",
               "application/pgp-signature"}  # fmt: skip
_DELETED = 0x0008
_MESSAGE_LIMIT = 200_000


class MailFiles:
    """Reads ``.eml``, ``.msg`` and mbox files, decided by content; claims any message, weakly."""

    def activate(self, context: PluginContext) -> None:
        """Keep what the host lends."""
        self._reading = context.reading
        domains = str(context.settings.get("house_domains", ""))
        self._house = frozenset(d.lower().lstrip("@") for d in re.split(r"[\s,;]+", domains) if d)
        self._small_inline = int(context.settings.get("small_inline_kb", 50)) * 1024

    def deactivate(self) -> None:
        """Nothing to give back."""

    def check(self) -> Health:
        """It needs nothing outside."""
        return Health(ok=True)

    def sniff(self, head: bytes, name: str) -> float:
        """Sure of a compound file with message streams, of an envelope line, of known headers."""
        ending = Path(name).suffix.lower()
        if head.startswith(MAGIC):
            return _sniff_compound(head, ending)
        text = head.lstrip(b"\xef\xbb\xbf\r\n")
        if _ENVELOPE.match(text):
            return 0.95
        if ending in (".eml", ".emlx", ".mbox", ".mbx"):
            return 0.8
        top = re.split(rb"\r?\n\r?\n", text, maxsplit=1)[0]
        known = {field.lower() for field in _FIELD.findall(top)} & _KNOWN
        first = _FIELD.match(top)
        return 0.7 if first and len(known) > 2 else 0.0

    def read(self, path: Path, job: JobContext) -> Iterator[Entry]:
        """One ``MessageEntry`` a message; what is none is a ``Rejection`` with its number."""
        with path.open("rb") as file:
            head = file.read(_HEAD)
        if not head.strip():
            yield Rejection(path=path.name, reason="empty")
        elif head.startswith(MAGIC):
            yield from self._outlook(path)
        elif _ENVELOPE.match(head.lstrip(b"\xef\xbb\xbf\r\n")):
            yield from self._mailbox(path, job)
        else:
            with path.open("rb") as file:
                data = file.read(FILE_LIMIT + 1)
            yield from _entries(self._reading.mail(_without_wrapping(data)), path.name, 0)

    def _outlook(self, path: Path) -> Iterator[Entry]:
        if path.stat().st_size > FILE_LIMIT:
            yield Rejection(path=path.name, reason="mail_file_too_large")
            return
        try:
            mail = self._reading.outlook_message(path.read_bytes())
        except BadResponse:
            yield Rejection(path=path.name, reason="msg_unreadable")
            return
        yield from _entries(mail, path.name, 0)

    def _mailbox(self, path: Path, job: JobContext) -> Iterator[Entry]:
        size = path.stat().st_size
        read = 0
        for number, raw in self._reading.mailbox(path):
            job.cancel.check()
            read += len(raw)
            job.progress(read, size, path.name)
            yield from _entries(self._reading.mail(raw), path.name, number)

    def claim(self, mail: Mail) -> float:
        """Any message, below whoever knows it better."""
        return 0.1 if mail.from_email or mail.text or mail.attachments else 0.05

    def read_message(self, mail: Mail, external_id: str) -> ItemPayload:
        """The item in a message: the applicant with the evidence, the files, a reference."""
        who = applicant_of(mail, self._house)
        kept, left = self._files(mail)
        text = who.text or mail.text
        aside = _set_aside(mail, who, carries=bool(kept))
        # Unpacked, the container needs no word any more.
        packed = any(is_tnef(file.data) for file in kept)
        warnings = [key for key in mail.warnings if key != "mail_tnef" or packed]
        if left:
            warnings.append("mail_inline_left_out")
        if len(text) > _MESSAGE_LIMIT:
            warnings.append("mail_body_cut")
        return ItemPayload(
            external_id=external_id,
            kind="other" if aside else "application",
            received_at=mail.received_at or mail.sent_at,
            channel="mail",
            lang=language(text),
            fields=_fields(who),
            subject=(who.subject or mail.subject)[:2_000],
            message=text[:_MESSAGE_LIMIT],
            reference=reference(who.subject, mail.subject, who.text, mail.text)[:100],
            files=tuple(kept),
            join_keys=_join_keys(kept),
            set_aside=aside,
            warnings=tuple(dict.fromkeys(warnings)),
            evidence=who.evidence,
        )

    def _files(self, mail: Mail) -> tuple[list[FileData], int]:
        kept: list[FileData] = []
        seen: set[str] = set()
        left = 0
        for part in _all_attachments(mail):
            digest = hashlib.sha256(part.data).hexdigest()
            if part.media_type in _SIGNATURES or digest in seen:
                continue
            picture = part.inline and part.media_type.startswith("image/")
            if picture and len(part.data) <= self._small_inline:
                left += 1
                continue
            seen.add(digest)
            kept.append(
                FileData(
                    name=part.name or f"piece-jointe-{len(kept) + 1}",
                    media_type=part.media_type,
                    data=part.data,
                    role=role(part.name, part.media_type),
                )
            )
        return kept, left


def _sniff_compound(head: bytes, ending: str) -> float:
    if "__substg1.0_".encode("utf-16-le") in head or "__properties_v".encode("utf-16-le") in head:
        return 0.95
    if ending == ".msg":
        return 0.8
    # The directory may lie beyond the head; the Office kinds are somebody else's.
    return 0.0 if ending in _OTHER_OLE or b"W\0o\0r\0d\0D\0o\0c" in head else 0.2


def _without_wrapping(data: bytes) -> bytes:
    """Apple Mail's ``.emlx``: a byte count, the message, a property list after it."""
    counted = re.match(rb"\s{0,4}(\d{1,10})[ \t]*\r?\n", data)
    if counted is None:
        return data
    return data[counted.end() : counted.end() + int(counted[1])] or data


def _entries(mail: Mail, path: str, number: int) -> Iterator[Entry]:
    """The message, or each of the messages it carries when a colleague sends several at once."""
    if _deleted(mail):
        yield Rejection(path=path, row=number, reason="mail_deleted")
        return
    if not (mail.from_email or mail.subject or mail.text.strip() or mail.attachments):
        yield Rejection(path=path, row=number, reason="mail_nothing_in_it")
        return
    carried = [part.message for part in mail.attachments if part.message is not None]
    if len(carried) < 2 or mail.kind != "message":
        yield MessageEntry(mail=mail, external_id=message_identity(mail), path=path)
        return
    for inner in carried:
        yield from _entries(inner, path, number)
    rest = tuple(part for part in mail.attachments if part.message is None)
    if any(not part.inline for part in rest):
        outer = mail.model_copy(update={"attachments": rest})
        yield MessageEntry(mail=outer, external_id=message_identity(mail), path=path)


def _deleted(mail: Mail) -> bool:
    value = next((v for k, v in mail.headers if k == "x-mozilla-status"), "")
    return bool(re.fullmatch(r"[0-9A-Fa-f]{4}", value)) and bool(int(value, 16) & _DELETED)


def message_identity(mail: Mail) -> str:
    """Message-ID and sender, else a digest of date, sender, subject and body: the same file twice is one.

    The sender belongs to it: a stranger who repeats somebody's Message-ID must not hide their letter.
    """
    if mail.message_id:
        return f"{mail.message_id} {mail.from_email.casefold()}"[:900]
    when = mail.sent_at.isoformat() if mail.sent_at else ""
    body = hashlib.sha256(" ".join(mail.text.split()).encode("utf-8", "replace"))
    for part in mail.attachments:
        body.update(hashlib.sha256(part.data).digest())
    told = "\x1f".join((when, mail.from_email.casefold(), mail.subject, body.hexdigest()))
    return "sha256:" + hashlib.sha256(told.encode("utf-8", "replace")).hexdigest()


def _set_aside(mail: Mail, who: Applicant, *, carries: bool) -> str:
    """Why the message is no application, as a key under ``reading.``; empty when it may be one.

    Whoever sends a file applies, even where the letter speaks of erased data.
    """
    if mail.kind != "message":
        return f"mail_{mail.kind}"
    if carries:
        return ""
    return not_an_application(who.subject, who.text, mail.in_reply_to)


def _all_attachments(mail: Mail) -> Iterator[Attachment]:
    """Every file, those of attached messages and of ``winmail.dat`` containers in their place."""
    for part in mail.attachments:
        if part.message is not None:
            yield from _all_attachments(part.message)
        elif is_tnef(part.data) and (held := unpacked(part.data)):
            for name, data in held:
                yield Attachment(name=name, media_type="application/octet-stream", data=data)
        else:
            yield part


def _fields(who: Applicant) -> tuple[FieldValue, ...]:
    shown = f"{who.name} <{who.email}>".strip()
    given, family = split_name(who.name)
    number, line = phone(who.text)
    found = (
        ("given_name", given, shown),
        ("family_name", family, shown),
        ("email", who.email, shown),
        ("phone", number, line),
    )
    return tuple(
        FieldValue.model_validate(
            {"name": name, "value": value[:2_000], "evidence": evidence[:500]}
        )
        for name, value, evidence in found
        if value.strip()
    )


def _join_keys(files: list[FileData]) -> tuple[str, ...]:
    keys: list[str] = []
    for file in files:
        keys.append(f"file:{hashlib.sha256(file.data).hexdigest()}")
        keys.append(f"file:{hashlib.md5(file.data, usedforsecurity=False).hexdigest()}")
    return tuple(keys)
