"""The notification mail a form sends: its lines before the message label are the fields.

A visitor can type lines that look like fields in the message, so nothing after the label of the
message is read as one, and the first of two equal labels counts. Reply-To is the visitor.
"""

from __future__ import annotations

import hashlib
import html
import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from clementine_crm.plugin_api import Attachment, FileData, Mail

from .labels import canonical
from .submission import Submission, gather

Role = Literal["cv", "letter", "other", ""]
_LINE = re.compile(r"^[ \t]{0,8}([^:\n]{1,60}?)[ \t\u00a0\u202f]{0,3}:(?!//)[ \t\u00a0]*(.*)$")
_RECEIPT = re.compile(
    r"(avons|ai) bien (reçu|re[çc]u)|accus[ée] de r[ée]ception|have received your|thank you for your"
    r"|merci (pour|de) votre|received your (message|application)",
    re.IGNORECASE,
)
_FOOTER = re.compile(
    r"^(sent from|envoyé (depuis|le)|cet e-?mail (a été envoyé|est une notification)"
    r"|this (e-?mail|is a notification)).{0,400}$",
    re.IGNORECASE,
)
_CELL = re.compile(r"<t([hd])\b[^<>]*>(.*?)</t\1\s*>", re.IGNORECASE | re.DOTALL)
_TAG = re.compile(r"<[^<>]*>")
_HTML_LIMIT = 500_000


@dataclass(frozen=True)
class Notification:
    """A mail read as a form's: how many known fields it has, and whether it is only the receipt."""

    submission: Submission
    known: int
    labelled: bool
    receipt: bool


def from_site(mail: Mail, addresses: frozenset[str]) -> bool:
    """Whether the site sent it: its address is known, or WordPress's mailer signed it."""
    if mail.from_email.casefold() in addresses:
        return True
    return any(
        name.startswith("x-wpcf7") or (name == "x-mailer" and "phpmailer" in value.casefold())
        for name, value in mail.headers
    )


def read_notification(mail: Mail) -> Notification:
    """The form's fields in a mail, as far as it has any."""
    head = "\n".join(mail.text.strip().split("\n")[:6])
    pairs, message, labelled = _from_table(mail.html) or _from_lines(mail.text)
    found = gather(pairs)
    receipt = _RECEIPT.search(head) is not None and "email" not in found.values
    if message:
        found.values["message"] = message
        found.labels.setdefault("message", "message")
    known = len(found.labels)
    _visitor(found, mail)
    found.files = tuple(_files(mail.attachments, found))
    for name in ("cv", "letter", "file"):
        found.values.pop(name, None)
    found.sent_at = mail.sent_at or mail.received_at
    found.evidence = f"{mail.from_email}: {mail.subject}"[:500]
    if not found.get("subject") and "subject" not in found.labels:
        found.values["subject"] = mail.subject
    for key in mail.warnings:
        found.warn(key)
    return Notification(found, known, labelled, receipt)


def _visitor(found: Submission, mail: Mail) -> None:
    typed = found.get("email")
    answer = mail.reply_to_email
    if answer and answer.casefold() != mail.from_email.casefold():
        if typed and typed.casefold() != answer.casefold():
            found.warn("form_reply_to_differs")
        if not typed or typed.casefold() != answer.casefold():
            found.values["email"] = answer
        found.labels["email"] = found.labels.get("email") or "Reply-To"


Fields = tuple[list[tuple[str, str]], str, bool]


def _from_lines(text: str) -> Fields:
    lines = text.split("\n")
    pairs: list[tuple[str, str]] = []
    for at, line in enumerate(lines[:200]):
        if line.rstrip() == "--":
            break
        match = _LINE.match(line)
        if match is None:
            continue
        if canonical(match[1]) == "message":
            return pairs, _message([match[2], *lines[at + 1 :]]), True
        pairs.append((match[1].strip(), match[2].strip()))
    return pairs, "", False


def _message(lines: list[str]) -> str:
    """What the visitor wrote: up to the last signature mark, which the site puts."""
    marks = [at for at, line in enumerate(lines) if line.rstrip() == "--"]
    if marks:
        lines = lines[: marks[-1]]
    elif lines and _FOOTER.match(lines[-1].strip()):
        lines = lines[:-1]
    return "\n".join(lines).strip()


def _from_table(markup: str) -> Fields | None:
    """The rows of an HTML notification: a header cell and a value; the message follows the table."""
    markup = markup[:_HTML_LIMIT]
    cells = [(m[1].lower(), _plain(m[2])) for m in _CELL.finditer(markup)]
    pairs: list[tuple[str, str]] = []
    message = ""
    for (kind, label), (other, value) in zip(cells, cells[1:], strict=False):
        if kind == "h" and other == "d":
            if canonical(label) == "message":
                message = message or value
            else:
                pairs.append((label, value))
    if sum(1 for label, _ in pairs if canonical(label)) < 2:
        return None
    if not message:
        rest = markup.rpartition("</table>")[2]
        lines = _plain(rest).split("\n")
        while lines and (not lines[-1].strip() or _FOOTER.match(lines[-1].strip())):
            lines.pop()
        message = "\n".join(lines).strip()
    return pairs, message, True


def _plain(markup: str) -> str:
    text = re.sub(r"\s*\n\s*", "\n", markup.strip())
    text = re.sub(r"(?i)<br\s{0,3}/?>\n?", "\n", text)
    text = re.sub(r"(?i)</p\s{0,3}>\n?", "\n\n", text)
    return html.unescape(_TAG.sub("", text)).strip()


def _files(attachments: Iterable[Attachment], found: Submission) -> Iterable[FileData]:
    kept = [part for part in attachments if not part.inline and part.message is None]
    for at, part in enumerate(kept):
        yield FileData(
            name=part.name or f"piece-jointe-{at + 1}",
            media_type=part.media_type,
            data=part.data,
            role=_role(part.name, found, alone=len(kept) == 1),
        )


def _role(name: str, found: Submission, *, alone: bool) -> Role:
    for field, role in (("letter", "letter"), ("cv", "cv")):
        if name and found.get(field) == name:
            return "letter" if role == "letter" else "cv"
    plain = re.sub(r"[\W_]+", " ", name.casefold())
    if re.search(r"\b(lettre|motivation|cover|letter|lm)\b", plain):
        return "letter"
    if re.search(r"\b(cv|curriculum|resume)\b", plain) or (alone and "cv" in found.labels):
        return "cv"
    return ""


def receipt_identity(mail: Mail) -> str:
    """A stable id for a mail without Message-ID."""
    told = f"{mail.sent_at}|{mail.from_email}|{mail.subject}|{mail.text}"
    return hashlib.sha256(told.encode("utf-8", "replace")).hexdigest()
