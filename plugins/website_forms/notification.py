"""The notification mail a form sends: its lines before the message label are the fields.

A visitor can type lines that look like fields in the message, so nothing after the label of the
message is read as one, and the first of two equal labels counts. From is the site; the visitor is in
the fields, else in Reply-To.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from clementine_crm.plugin_api import Attachment, FileData, Mail

from .labels import fold
from .markup import table_of
from .moments import usable
from .site import Site
from .submission import FILE_FIELDS, Submission, gather

Role = Literal["cv", "letter", "other", ""]
Sender = Literal["known", "likely", "mailer", ""]
_LINE = re.compile(
    r"^[ \t*•>-]{0,8}([^:\n]{1,200}?)[ \t*\u00a0\u202f]{0,4}:(?!//)[ \t*\u00a0]*(.*)$"
)
_RECEIPT = re.compile(
    r"\b(avons|ai) bien re[çc]u\b|accus[ée] de r[ée]ception|\bhave received your\b|\bthank you for your\b"
    r"|\bmerci (pour|de) votre\b|\breceived your (message|application)\b",
    re.IGNORECASE,
)
_FOOTER = re.compile(
    r"\bsent (from|on|via)\b|\benvoyé (depuis|le|via|par)\b|formulaire|contact form|notification",
    re.IGNORECASE,
)
_LAST_LINE = re.compile(
    r"(sent from|envoyé depuis|(cet e-?mail|ce message|this e-?mail|this message) .{0,60}"
    r"(formulaire|contact form|notification))\b",
    re.IGNORECASE,
)
_LOOK = 200
# WordPress itself writes of comments and accounts in the same manner.
_NOT_A_FORM = frozenset({"auteur", "author", "identifiant", "username", "nom d utilisateur"})


@dataclass(frozen=True)
class Notification:
    """A mail of the site's: what was submitted, or nothing when it has not the look of a form."""

    submission: Submission
    sender: Sender
    is_form: bool
    is_receipt: bool


def sender_of(mail: Mail, site: Site) -> Sender:
    """``known`` = an address of the settings, ``likely`` = as WordPress signs, ``mailer`` = its mailer."""
    if mail.from_email.casefold() in site.addresses:
        return "known"
    names = {name for name, _ in mail.headers}
    if mail.from_email.casefold().startswith("wordpress@") or any(
        n.startswith("x-wpcf7") for n in names
    ):
        return "likely"
    mailer = any(n == "x-mailer" and "phpmailer" in value.casefold() for n, value in mail.headers)
    return "mailer" if mailer else ""


def letter_of_site(mail: Mail, site: Site) -> tuple[Mail, Sender, str]:
    """The site's own mail in this one: itself, or the one a colleague passed on, and by whom."""
    sender = sender_of(mail, site)
    if sender:
        return mail, sender, ""
    carried = [part.message for part in mail.attachments if part.message is not None]
    if len(carried) == 1 and (sender := sender_of(carried[0], site)):
        return carried[0], sender, mail.from_email
    original = mail.forwarded_from.casefold()
    if original and (original in site.addresses or original.startswith("wordpress@")):
        found = mail.model_copy(
            update={
                "from_email": mail.forwarded_from,
                "from_name": mail.forwarded_name,
                "reply_to_email": "",
                "subject": mail.forwarded_subject,
                "text": mail.forwarded_text,
                "html": "",
            }
        )
        return found, "known" if original in site.addresses else "likely", mail.from_email
    return mail, "", ""


def read_notification(mail: Mail, site: Site) -> Notification:
    """The form's fields in a mail, as far as it has any."""
    letter, sender, passed_on = letter_of_site(mail, site)
    fields = _from_table(letter, site) or _from_lines(letter.text, site, letter.from_name)
    found = gather(fields.pairs, site)
    foreign = any(fold(label) in _NOT_A_FORM for label, _ in fields.pairs)
    reaches = "email" in found.labels or "phone" in found.labels
    known = len(found.labels) + len(found.boxes) + fields.labelled
    is_form = bool(sender) and not foreign and ((reaches and known > 1) or known > 2)
    opening = "\n".join(letter.text.strip().split("\n")[:6])
    thanks = bool(sender) and _RECEIPT.search(opening) is not None
    # A receipt may repeat what was typed; it goes to whom it thanks.
    if thanks and found.get("email").casefold() in map(str.casefold, letter.to_emails):
        is_form = False
    if not is_form:
        found, fields = Submission(), _Fields([], letter.text.strip())
    found.values["message"] = fields.message
    found.labels.setdefault("message", fields.message_label)
    _visitor(found, letter, site)
    found.files = tuple(_files(letter.attachments, found))
    if any(found.get(name) for name in FILE_FIELDS) and not found.files:
        found.warn("form_file_missing")
    _about(found, letter, sender, passed_on, fields.around, site)
    return Notification(found, sender, is_form, thanks and not is_form)


def _about(
    found: Submission, letter: Mail, sender: Sender, passed_on: str, around: str, site: Site
) -> None:
    found.sent_at = usable(letter.sent_at) or usable(letter.received_at)
    shown = f"{passed_on} → {letter.from_email}" if passed_on else letter.from_email
    found.evidence = f"{shown}: {letter.subject}"[:1_500]
    # What the visitor typed into the subject is not the site's word about its form.
    typed = found.get("subject")
    found.hint = f"{letter.subject.replace(typed, ' ') if typed else letter.subject} | {around}"
    if "subject" not in found.labels:
        found.values["subject"] = letter.subject
    # Once the site's addresses are known, a box ticked in anybody else's mail proves nothing.
    found.trusted = sender == "known" or not site.addresses
    if not found.trusted:
        found.warn("form_sender_unknown")
    for key in letter.warnings:
        found.warn(key)


def _visitor(found: Submission, letter: Mail, site: Site) -> None:
    answer = letter.reply_to_email.strip()[:2_000].strip()
    house = site.addresses | {letter.from_email.casefold()}
    if not answer or answer.casefold() in house:
        return
    typed = found.get("email")
    if not typed:
        found.values["email"] = answer
        found.labels.setdefault("email", "Reply-To")
    elif typed.casefold() != answer.casefold():
        found.warn("form_reply_to_differs")


@dataclass(frozen=True)
class _Fields:
    """Pairs, the message with its label, and the words that the site put around them."""

    pairs: list[tuple[str, str]]
    message: str = ""
    message_label: str = "message"
    labelled: bool = False
    around: str = ""


def _from_lines(text: str, site: Site, house: str) -> _Fields:
    lines = text.strip("\n").split("\n")
    parsed = [_LINE.match(line) for line in lines[:_LOOK]]
    start = next(
        (at for at, m in enumerate(parsed) if m and site.field_of(m[1].strip()) == "message"), None
    )
    labelled = start is not None
    end = start if start is not None else _end_of_fields(lines, parsed, site)
    pairs = [(m[1].strip(), m[2].strip()) for m in parsed[:end] if m]
    intro = " ".join(line for line, m in zip(lines[:end], parsed, strict=False) if not m)
    if start is None:
        body, tail = _without_footer(lines[end:], house)
        return _Fields(pairs, body, around=f"{intro} | {tail}")
    match = parsed[start]
    label, first = (match[1].strip(), match[2]) if match else ("", "")
    body, tail = _without_footer([first, *lines[start + 1 :]], house)
    return _Fields(pairs, body, label, labelled, f"{intro} | {tail}")


def _end_of_fields(lines: list[str], parsed: list[re.Match[str] | None], site: Site) -> int:
    """Where the fields end when no label names the message: at the first free line after them.

    A label we do not know, without a value, may be the message's own: it ends them too.
    """
    seen = False
    for at, match in enumerate(parsed):
        known = match is not None and bool(site.field_of(match[1].strip()))
        if known:
            seen = True
        elif seen and lines[at].strip() and (match is None or not match[2].strip()):
            return at
    return len(parsed)


def _without_footer(lines: list[str], house: str) -> tuple[str, str]:
    """What the visitor wrote, and the lines that the site put below it.

    The last signature mark counts when the few lines behind it are the site's: its name, an address,
    the words of such footers. A visitor's own signature stays.
    """
    while lines and not lines[-1].strip():
        lines = lines[:-1]
    marks = [at for at, line in enumerate(lines) if line.rstrip() == "--"]
    start = marks[-1] if marks else len(lines) - 1
    tail = "\n".join(lines[start + bool(marks) :]).strip()
    short = len(lines) - start <= 6 and len(tail) <= 600
    own = bool(house.strip()) and house.strip().casefold() in tail.casefold()
    told = own or _FOOTER.search(tail) if marks else _LAST_LINE.match(tail)
    if lines and short and told:
        return "\n".join(lines[:start]).strip(), tail
    return "\n".join(lines).strip(), ""


def _from_table(letter: Mail, site: Site) -> _Fields | None:
    """The rows of an HTML notification; the message is one of them or follows the table."""
    if "<t" not in letter.html:
        return None
    pairs, rest = table_of(letter.html)
    known = [site.field_of(label) for label, _ in pairs]
    if sum(1 for name in known if name) < 2:
        return None
    if "message" in known:
        at = known.index("message")
        label, message = pairs[at]
        return _Fields(pairs[:at] + pairs[at + 1 :], message, label, labelled=True, around=rest)
    message, tail = _without_footer(rest.split("\n"), letter.from_name)
    return _Fields(pairs, message, labelled=True, around=tail)


def _files(attachments: tuple[Attachment, ...], found: Submission) -> Iterator[FileData]:
    """What came with the mail, but for the pictures that its own layout shows."""
    kept = [
        part
        for part in attachments
        if part.message is None and not (part.inline and part.media_type.startswith("image/"))
    ]
    for at, part in enumerate(kept):
        yield FileData(
            name=part.name or f"piece-jointe-{at + 1}",
            media_type=part.media_type,
            data=part.data,
            role=_role(part.name, found, alone=len(kept) == 1),
        )


def _role(name: str, found: Submission, *, alone: bool) -> Role:
    for name_of, role in (("letter", "letter"), ("cv", "cv")):
        if name and found.get(name_of) == name:
            return "letter" if role == "letter" else "cv"
    plain = re.sub(r"[\W_]+", " ", name.casefold())
    if re.search(r"\b(lettre|motivation|cover|letter|lm)\b", plain):
        return "letter"
    if re.search(r"\b(cv|curriculum|resume)\b", plain) or (alone and "cv" in found.labels):
        return "cv"
    return ""
