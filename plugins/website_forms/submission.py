"""One submission of a form, whichever way it came: label and value pairs become named fields."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime

from clementine_crm.plugin_api import FileData

from .labels import split_name, without_title
from .site import Site

_EMAIL = re.compile(r"[^\s@<>,;]{1,64}@[^\s@<>,;]{1,255}")
_HASH = re.compile(r"\b(?:[0-9a-f]{64}|[0-9a-f]{32})\b")
_ADDRESS = re.compile(r"https?://[^\s|\"<>,]{1,2000}", re.IGNORECASE)
_SCIENTIFIC = re.compile(r"[+-]?\d([.,]\d+)?e\+?\d{1,3}", re.IGNORECASE)
# Flamingo's sentence before a cell that a spreadsheet would run; translated, its address never.
_ALERT = re.compile(
    r"\s*\((?=[^)]{0,600}contactform7\.com/heads-up-about-spreadsheet-vulnerabilities)[^)]{0,900}\)\s?"
)
FILE_FIELDS = ("cv", "letter", "file")


@dataclass
class Submission:
    """What the visitor typed, under the names of ``labels``.

    ``labels`` holds every field that the form has, filled in or not. ``boxes`` are the consent boxes
    as (label, answer); ``again`` second values of one field. ``hint`` is what the site itself says
    about the form; ``precise`` = the second is known; ``whole`` = no column of the form is missing.
    """

    values: dict[str, str] = field(default_factory=dict)
    labels: dict[str, str] = field(default_factory=dict)
    boxes: list[tuple[str, str]] = field(default_factory=list)
    again: list[tuple[str, str, str]] = field(default_factory=list)
    left_out: list[str] = field(default_factory=list)
    sent_at: datetime | None = None
    precise: bool = True
    site_id: str = ""
    hint: str = ""
    files: tuple[FileData, ...] = ()
    hashes: list[str] = field(default_factory=list)
    addresses: list[str] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)
    evidence: str = ""
    set_aside: str = ""
    whole: bool = True
    trusted: bool = True

    def warn(self, key: str) -> None:
        """Note a warning once."""
        if key not in self.warnings:
            self.warnings.append(key)

    def leave_out(self, label: str) -> None:
        """Name a field that is not taken."""
        if label and label not in self.left_out:
            self.left_out.append(label[:100])

    def get(self, name: str) -> str:
        """The value of a field, empty when it was not filled in."""
        return self.values.get(name, "")


def gather(pairs: Iterable[tuple[str, str]], site: Site, *, table: bool = False) -> Submission:
    """A submission from (label, value) pairs: the first of each field counts, the rest is named.

    In a mail a second line with the same label is never taken over the first: a visitor may have
    typed it. In a ``table`` a second column is the form's own; its value is kept beside.
    """
    found = Submission()
    for label, raw in pairs:
        value = _cell(raw) if table else raw.replace("\0", "").strip()
        name = site.field_of(label)
        if name == "consent":
            found.boxes.append((label.strip(), value))
        elif name in ("", "forbidden"):
            if value:
                found.leave_out(label.strip())
        elif name not in found.labels:
            found.labels[name] = label.strip()
            if value:
                found.values[name] = value
        elif table and value:
            _second(found, name, value, label.strip())
    _by_content(found)
    _settle_names(found)
    return found


def _cell(raw: str) -> str:
    """A cell as it was typed: without the export's warning, its apostrophe before a formula, NUL."""
    value = (
        _ALERT.sub("", raw.replace("\0", ""), count=1) if raw[:1_000].lstrip()[:1] == "(" else raw
    )
    value = value.replace("\0", "").strip(" \r\n\u00a0")
    return value[1:] if re.match(r"'[=+\-@\t\r]", value) else value.strip()


def _second(found: Submission, name: str, value: str, label: str) -> None:
    first = found.values.setdefault(name, value)
    if first.casefold() != value.casefold():
        if name in ("email", "phone"):
            found.again.append((name, value, label))
        else:
            found.leave_out(label)


def _by_content(found: Submission) -> None:
    email = found.get("email")
    if email and not _EMAIL.fullmatch(email):
        inside = _EMAIL.search(email[:2_000])
        if inside:
            found.values["email"] = inside[0]
        else:
            del found.values["email"]
            found.warn("form_email_wrong")
    sender = found.get("name")
    inside = _EMAIL.search(sender[:2_000])
    if inside:
        found.values.setdefault("email", inside[0])
        found.labels.setdefault("email", found.labels["name"])
        found.values["name"] = sender.replace(inside[0], "").strip(" <>\"'")
    if _SCIENTIFIC.fullmatch(found.get("phone")):
        # A spreadsheet kept six digits of it: no number is better than a wrong one.
        del found.values["phone"]
        found.warn("form_phone_lost")
    for name in FILE_FIELDS:
        cell = found.get(name)[:20_000]
        found.addresses += _ADDRESS.findall(cell)
        found.hashes += _HASH.findall(_ADDRESS.sub(" ", cell).casefold())


def _settle_names(found: Submission) -> None:
    name = found.values.pop("name", "")
    label = found.labels.pop("name", "")
    if label and not name:
        found.labels.setdefault("family_name", label)
    if not name:
        return
    name, titled = without_title(name)
    if titled:
        found.leave_out("civilité")
    if "family_name" in found.values:
        return
    if "given_name" in found.values or "given_name" in found.labels:
        found.values["family_name"], found.labels["family_name"] = name, label
        return
    given, family = split_name(name)
    for key, value in (("given_name", given), ("family_name", family)):
        if value:
            found.values[key], found.labels[key] = value, label
