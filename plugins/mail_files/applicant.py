"""Who applies in a message: the sender, or the one whose message a colleague passed on."""

from __future__ import annotations

import re
from dataclasses import dataclass

from clementine_crm.plugin_api import Mail

_NO_REPLY = re.compile(
    r"^(no|ne|do)[-_.]?(not|pas)?[-_.]?(reply|repl|repondre|respond)", re.IGNORECASE
)
_CHAIN_LIMIT = 5


@dataclass(frozen=True)
class Applicant:
    """The person a message comes from, with the words that say so and the message's own parts."""

    name: str
    email: str
    evidence: str
    subject: str
    text: str
    forwarded: bool


def applicant_of(mail: Mail, house_domains: frozenset[str]) -> Applicant:
    """The original sender of a forward, else who wrote, else nobody (empty fields).

    ``house_domains`` limits forwards to those a colleague sent: a candidate who forwards somebody
    else's message stays the applicant. Empty: every forward counts.
    """
    chain = [_label(mail.from_name, mail.from_email)]
    current = mail
    for _ in range(_CHAIN_LIMIT):
        if house_domains and current.from_email.rpartition("@")[2] not in house_domains:
            break
        inner = attached(current)
        if inner is not None and (inner.from_email or inner.from_name):
            current = inner
            chain.append(_label(inner.from_name, inner.from_email))
            continue
        if current.forwarded_from:
            chain.append(_label(current.forwarded_name, current.forwarded_from))
            return Applicant(
                current.forwarded_name,
                current.forwarded_from,
                " → ".join(chain),
                current.forwarded_subject or current.subject,
                current.forwarded_text,
                forwarded=True,
            )
        break
    name, email = current.from_name, current.from_email
    if current.reply_to_email and _NO_REPLY.match(email):
        # Job boards write from a no-reply address and put the applicant where answers go.
        name, email = current.reply_to_name or name, current.reply_to_email
        chain.append(_label(name, email))
    return Applicant(
        name, email, " → ".join(chain), current.subject, current.text, current is not mail
    )


def attached(mail: Mail) -> Mail | None:
    """The one attached message; None when there is none, or several (each is an item of its own)."""
    found = [part.message for part in mail.attachments if part.message is not None]
    return found[0] if len(found) == 1 and mail.kind == "message" else None


def _label(name: str, email: str) -> str:
    return f"{name} <{email}>".strip() if email else name


def split_name(shown: str) -> tuple[str, str]:
    """(given, family) from a displayed name, or two empty strings when it would be a guess."""
    shown = re.sub(r"[\"“”]|\([^)]{0,80}\)", "", shown).strip()
    if not shown or "@" in shown or any(c.isdigit() for c in shown):
        return "", ""
    if "," in shown:
        family, _, given = shown.partition(",")
        return given.strip(), family.strip()
    words = shown.split()
    if not 2 <= len(words) <= 4:
        return "", ""
    capitals = [w for w in words if w.isupper() and len(w) > 1]
    if capitals and len(capitals) < len(words):
        given = " ".join(w for w in words if w not in capitals)
        return given, " ".join(capitals)
    if len(words) == 2:
        return words[0], words[1]
    particles = {"de", "du", "des", "da", "dos", "le", "la", "van", "von", "el", "al", "di", "den"}
    at = next((i for i, w in enumerate(words[1:], 1) if w.lower() in particles), 0)
    return (" ".join(words[:at]), " ".join(words[at:])) if at else ("", "")
