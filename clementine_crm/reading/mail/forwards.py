"""Forwards written into the body: who wrote first, under which subject, and what.

Outlook puts ``-----Message d'origine-----`` and ``De : / Envoyé : / À : / Objet :`` (English ``From:
/ Sent: / To: / Subject:``), Gmail ``---------- Forwarded message ---------``. A reply quotes in the
same form: it counts as a forward only when the subject says so or nothing is answered to.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from clementine_crm.reading.mail.addresses import fold_domain

_LOOK = 200_000
_MARK = re.compile(
    r"^[ \t>*]{0,8}(?:-{2,20}|_{5,60})[ \t]{0,4}(?:"
    r"message d['’]origine|original message|e?-?mail d['’]origine|message original"
    r"|forwarded message|message transf[ée]r[ée]|message transmis|forwarded by|début du message"
    r")[^\n]{0,60}$|^[ \t>]{0,8}(?:begin forwarded message|début du message (?:transféré|réexpédié))"
    r"[ \u00a0\u202f]?:[^\n]{0,20}$",
    re.IGNORECASE | re.MULTILINE,
)
_LABELS = {
    "from": "from", "de": "from", "von": "from", "expéditeur": "from",
    "sent": "date", "date": "date", "envoyé": "date", "envoyé le": "date", "reply-to": "other",
    "to": "to", "à": "to", "a": "to", "cc": "cc", "pour": "to", "répondre à": "other",
    "subject": "subject", "objet": "subject", "sujet": "subject", "importance": "other",
    "pièces jointes": "other", "attachments": "other",
}  # fmt: skip
_LINE = re.compile(r"^[ \t>*]{0,8}([A-Za-zÀ-ÿ' -]{1,20}?)[ \u00a0\u202f]?:\**[ \t\u00a0]*(.*)$")
_EMAIL = re.compile(r"[^\s<>()\[\],;:\"'@][^\s<>()\[\],;:\"@]{0,99}@[^\s<>()\[\],;:\"'@]{1,255}")
_FORWARD_SUBJECT = re.compile(
    r"^\s*(?:\[[^\]]{0,40}\]\s*)?(?:tr|fwd?|wg|rv|i)\s{0,2}:", re.IGNORECASE
)
_REPLY_SUBJECT = re.compile(
    r"^\s*(?:\[[^\]]{0,40}\]\s*)?(?:re|ré|rép|aw|sv)\s{0,2}:", re.IGNORECASE
)


@dataclass(frozen=True)
class Forward:
    """The original of an inline forward."""

    name: str
    email: str
    subject: str
    text: str


def inline_forward(text: str, subject: str) -> Forward | None:
    """The first quoted original with a sender's address, or None when the body forwards nothing."""
    text = text[:_LOOK]
    if _REPLY_SUBJECT.match(subject):
        return None
    lines = text.split("\n")
    mark = _MARK.search(text)
    if mark is not None:
        start = text.count("\n", 0, mark.end()) + 1
        found = _header_block(lines, start, after_mark=True)
        if found is not None:
            return found
    if mark is None and not _FORWARD_SUBJECT.match(subject):
        return None
    for at, line in enumerate(lines):
        if _label(line)[0] == "from":
            found = _header_block(lines, at, after_mark=False)
            if found is not None:
                return found
    return None


def _label(line: str) -> tuple[str, str]:
    match = _LINE.match(line)
    if match is None:
        return "", ""
    return _LABELS.get(match[1].strip().lower(), ""), match[2].strip().strip("*").strip()


def _header_block(lines: list[str], start: int, *, after_mark: bool) -> Forward | None:
    while after_mark and start < len(lines) and not lines[start].strip(" \t>"):
        start += 1
    found: dict[str, str] = {}
    at = start
    last = ""
    while at < len(lines) and at < start + 30:
        line = lines[at]
        name, value = _label(line)
        if name:
            found.setdefault(name, value)
            last = name
        elif not line.strip(" \t>"):
            if len(found) > 1:
                break
        elif last and line[:1] in " \t":
            found[last] = f"{found[last]} {line.strip()}"
        else:
            break
        at += 1
    if "from" not in found or len(found) < 3:  # a sentence may hold one "De :"
        return None
    email = _EMAIL.search(found["from"])
    if email is None:
        return None
    name = re.split(r"[<\[(]", found["from"])[0].replace(email[0], "").strip(" \t\"'*:")
    body = "\n".join(lines[at:]).strip()
    return Forward(
        name.removesuffix("mailto"),
        fold_domain(email[0].strip(".")),
        found.get("subject", ""),
        body,
    )
