"""Mails as the site's five forms, mail programs and colleagues write them."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone
from email.header import Header
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from html import escape

PARIS_WINTER = timezone(timedelta(hours=1))


@dataclass(frozen=True)
class File:
    """An attachment as the visitor named it."""

    name: str
    data: bytes
    media_type: str

    @property
    def md5(self) -> str:
        """The hash that the site's export shows instead of the file."""
        return hashlib.md5(self.data, usedforsecurity=False).hexdigest()


@dataclass(frozen=True)
class Site:
    """Who runs the forms."""

    name: str
    domain: str
    site: str
    sender: str
    inbox: str


@dataclass(frozen=True)
class FormMail:
    """One notification: its body is ready, ``html`` only where the form sends a table."""

    subject: str
    reply_to: str
    sent: datetime
    text: str
    html: str = ""
    files: tuple[File, ...] = ()


def _word(text: str) -> str:
    """A header value as PHPMailer writes it: encoded words only where needed."""
    return (
        text
        if text.isascii() and len(text) < 60
        else Header(text, "utf-8", 68).encode(linesep="\r\n")
    )


def _token(*parts: object) -> str:
    digest = hashlib.sha256(repr(parts).encode()).digest()
    return base64.b64encode(digest).decode().translate(str.maketrans("+/=", "xYz")).rstrip("z")


def _plain(text: str) -> list[str]:
    return [
        "Content-Type: text/plain; charset=UTF-8",
        "Content-Transfer-Encoding: 8bit",
        "",
        text,
        "",
    ]


def _alternative(mail: FormMail, token: str) -> list[str]:
    if not mail.html:
        return _plain(mail.text)
    edge = f"b2_{token}"
    html = [
        "Content-Type: text/html; charset=UTF-8",
        "Content-Transfer-Encoding: 8bit",
        "",
        mail.html,
        "",
    ]
    head = ["Content-Type: multipart/alternative;", f' boundary="{edge}"', ""]
    return [*head, f"--{edge}", *_plain(mail.text), f"--{edge}", *html, f"--{edge}--", ""]


def _attached(file: File) -> list[str]:
    body = base64.b64encode(file.data).decode()
    return [
        f"Content-Type: {file.media_type}; name={file.name}",
        "Content-Transfer-Encoding: base64",
        f"Content-Disposition: attachment; filename={file.name}",
        "",
        *(body[k : k + 76] for k in range(0, len(body), 76)),
        "",
    ]


def notification(site: Site, mail: FormMail) -> bytes:
    """The mail that the site sends for one submission, files attached."""
    token = _token(mail.subject, mail.reply_to, mail.sent)
    edge = f"b1_{token}"
    head = [
        f"To: {site.inbox}",
        f"Subject: {_word(mail.subject)}",
        f"Date: {format_datetime(mail.sent.astimezone(UTC))}",
        f"From: {site.name} <{site.sender}>",
        f"Reply-To: {mail.reply_to}",
        f"Message-ID: <{token}@{site.domain}>",
        "X-Mailer: PHPMailer 6.8.1 (https://github.com/PHPMailer/PHPMailer)",
        "MIME-Version: 1.0",
    ]
    if not mail.files:
        return _crlf("\r\n".join([*head, *_alternative(mail, token)]))
    parts = []
    for part in (_alternative(mail, token), *(_attached(file) for file in mail.files)):
        parts += [f"--{edge}", *part]
    lines = [
        *head,
        "Content-Type: multipart/mixed;",
        f' boundary="{edge}"',
        "Content-Transfer-Encoding: 8bit",
        "",
        "This is a multi-part message in MIME format.",
        "",
        *parts,
        f"--{edge}--",
        "",
    ]
    return _crlf("\r\n".join(lines))


def _crlf(text: str) -> bytes:
    return text.replace("\r\n", "\n").replace("\n", "\r\n").encode()


def table_html(title: str, rows: Sequence[tuple[str, str]], message: str) -> str:
    """The body of the English spontaneous form: a table, then the message."""
    cells = "\n".join(
        f"<tr>\n<th><p>{escape(label)}</p></th>\n<td><p>{escape(value)}</p></td>\n</tr>"
        for label, value in rows
    )
    return (
        f'<!doctype html>\n<html dir="ltr" lang="en-US">\n<head><title>{escape(title)}</title></head>\n<body>\n'
        f"<h2>Spontaneous application</h2>\n<table>\n{cells}\n</table>\n<p>{escape(message)}</p>\n</body>\n</html>"
    )


@dataclass(frozen=True)
class Letter:
    """A mail that a person wrote in a mail program."""

    sender: str
    to: str
    subject: str
    sent: datetime
    text: str
    files: tuple[File, ...] = ()
    headers: tuple[tuple[str, str], ...] = ()
    html: bool = False


def written(letter: Letter, domain: str = "mail.example.com") -> bytes:
    """That mail as a message with its attachments, boundaries and ids always the same."""
    token = _token(letter.sender, letter.subject, letter.sent)
    message = EmailMessage(policy=SMTP)
    message["From"], message["To"], message["Subject"] = letter.sender, letter.to, letter.subject
    message["Date"] = format_datetime(letter.sent)
    message["Message-ID"] = f"<{token}@{domain}>"
    for name, value in letter.headers:
        message[name] = value
    message.set_content(letter.text, cte="quoted-printable")
    if letter.html:
        body = "".join(f"<p>{escape(line)}</p>" for line in letter.text.split("\n\n"))
        message.add_alternative(
            f"<html><body>{body}</body></html>", subtype="html", cte="quoted-printable"
        )
    for file in letter.files:
        main, sub = file.media_type.split("/")
        message.add_attachment(file.data, maintype=main, subtype=sub, filename=file.name)
    for number, part in enumerate(part for part in message.walk() if part.is_multipart()):
        part.set_boundary(f"=_{number}_{token}")
    return message.as_bytes()


def mailbox(messages: Sequence[tuple[str, datetime, bytes]]) -> bytes:
    """An mbox of (sender, sent, message): line ends LF, « From » lines in bodies quoted."""
    out = []
    for sender, sent, data in messages:
        body = data.replace(b"\r\n", b"\n").replace(b"\nFrom ", b"\n>From ")
        out.append(
            f"From {sender} {sent.astimezone(UTC):%a %b %d %H:%M:%S %Y}\n".encode() + body + b"\n"
        )
    return b"".join(out)


HINT = (
    "(Alerte de sécurité : ce contenu est douteux. Voir"
    " https://contactform7.com/heads-up-about-spreadsheet-vulnerabilities pour les détails.) "
)


def flamingo_csv(header: Sequence[str], rows: Sequence[Sequence[str]]) -> bytes:
    """The site's export of one channel: every cell quoted, CRLF between rows, none at the end."""
    lines = []
    for row in (header, *rows):
        cells = [
            (HINT + cell if cell[:1] in "=+-@" and cell else cell).replace('"', '""')
            for cell in row
        ]
        lines.append(",".join(f'"{cell}"' for cell in cells))
    return "\r\n".join(lines).encode()
