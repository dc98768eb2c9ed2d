"""One submission of a form, whichever way it came, and the payload it becomes."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Literal
from zoneinfo import ZoneInfo

from clementine_crm.plugin_api import ConsentEvidence, FieldValue, FileData, ItemPayload

from .labels import canonical, split_name, without_title

TEXT_LIMIT = 200_000
_VALUE_LIMIT = 2_000
_EMAIL = re.compile(r"^[^\s@<>,;]{1,64}@[^\s@<>,;]{1,255}$")
_ANY_EMAIL = re.compile(r"<?\b([^\s@<>,;]{1,64}@[^\s@<>,;]{1,255})>?")
_CANDIDATE = re.compile(
    r"candidat|cherche un emploi|recherche d.emploi|looking for a job|job seeker|\bapplication\b",
    re.IGNORECASE,
)
_NO = {"", "0", "non", "no", "false", "off"}
_EMPTY_FILE = {hashlib.sha256(b"").hexdigest(), hashlib.md5(b"", usedforsecurity=False).hexdigest()}
_HASH = re.compile(r"\b(?:[0-9a-f]{64}|[0-9a-f]{32})\b")
_FRENCH_LABELS = re.compile(r"[éèàçœ]|\b(nom|prenom|telephone|societe|objet|poste|annonce|offre)\b")
_FRENCH = re.compile(r"\b(bonjour|madame|monsieur|vous|votre|candidature|je|nous|cordialement|recrute)\b")
_ENGLISH = re.compile(r"\b(dear|hello|regards|your|please|the|and|we|recruiter|candidate|is)\b")
Lang = Literal["fr", "en", ""]


@dataclass
class Submission:
    """What the visitor typed, under the names of ``labels``; ``precise`` = the second is known."""

    values: dict[str, str] = field(default_factory=dict)
    labels: dict[str, str] = field(default_factory=dict)
    left_out: list[str] = field(default_factory=list)
    sent_at: datetime | None = None
    precise: bool = True
    site_id: str = ""
    form_hint: str = ""
    files: tuple[FileData, ...] = ()
    file_addresses: list[str] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)
    evidence: str = ""
    whole: bool = True

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


def gather(pairs: Iterable[tuple[str, str]]) -> Submission:
    """A submission from (label, value) pairs: the first of each field counts, the rest is named.

    A second line with the same label is never taken over the first: a visitor may have typed it.
    """
    found = Submission()
    for label, raw in pairs:
        value = raw.replace("\0", "").strip()
        name = canonical(label)
        if name in ("", "forbidden"):
            if value:
                found.leave_out(label.strip())
            continue
        if name in found.labels:
            if value and not found.values.get(name) and name != "email":
                found.values[name] = value
            continue
        found.labels[name] = label.strip()
        if value:
            found.values[name] = value
    _by_content(found)
    _settle_names(found)
    return found


def _by_content(found: Submission) -> None:
    email = found.get("email")
    if email and not _EMAIL.match(email):
        inside = _ANY_EMAIL.search(email)
        if inside:
            found.values["email"] = inside[1]
        else:
            found.values.pop("email")
            found.warn("form_email_wrong")
    sender = found.get("name")
    inside = _ANY_EMAIL.search(sender)
    if inside:
        found.values.setdefault("email", inside[1])
        found.labels.setdefault("email", found.labels["name"])
        found.values["name"] = sender.replace(inside[0], "").strip(" <>\"'")


def _settle_names(found: Submission) -> None:
    name = found.values.pop("name", "")
    label = found.labels.pop("name", "")
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


def form_of(found: Submission) -> tuple[str, Lang]:
    """(contact | spontaneous | targeted | nothing known, language) by the fields the form has."""
    fields = found.labels
    kind = "contact"
    if "reference" in fields:
        kind = "targeted"
    elif "position" in fields or "cv" in fields:
        kind = "spontaneous"
    if not found.whole:
        kind = ""
    return kind, _language(found)


def _language(found: Submission) -> Lang:
    hint = re.split(r"[^a-z]+", found.form_hint.casefold())
    if "en" in hint or "english" in hint:
        return "en"
    if "fr" in hint or "francais" in hint:
        return "fr"
    labels = " ".join(found.labels.values()).casefold().replace("-", " ")
    text = f"{found.get('subject')} {found.get('message')}"[:5_000].casefold()
    french, english = len(_FRENCH.findall(text)), len(_ENGLISH.findall(text))
    if french == english:
        return "fr" if _FRENCH_LABELS.search(labels) else "en"
    return "fr" if french > english else "en"


def _folded(text: str) -> str:
    plain = unicodedata.normalize("NFKC", text).casefold()
    return re.sub(r"[\W_]+", " ", plain).strip()


def _digest(*texts: str) -> str:
    told = "\x1f".join(_folded(text) for text in texts)
    return hashlib.sha256(told.encode("utf-8", "replace")).hexdigest()[:20]


def join_keys(found: Submission, zone: ZoneInfo) -> tuple[str, ...]:
    """The identities under which the mail and the row of one submission meet.

    An export's row names no form, and the mail's Date is some seconds later than the row's. So the
    form's part of (form, date, e-mail) is taken by what was typed, and time by two buckets of two
    minutes that overlap by one: two instants up to a minute apart share a key. Two messages of one
    person on one day differ in their text and stay two. Without a message the instants must lie
    within three seconds, or the whole of the day's other answers must agree. Exports that know only
    the day meet on (Paris day, e-mail, message, reference, position).
    """
    keys = [f"file:{digest}" for file in found.files for digest in _hashes(file.data)]
    keys += [f"file:{digest}" for digest in expected_files(found)]
    email = found.get("email").casefold()
    if not email or found.sent_at is None:
        return tuple(dict.fromkeys(keys))
    message = found.get("message")
    content = _digest(message, found.get("reference"), found.get("position") or found.get("offer"))
    if found.precise:
        half = 60 if message else 3
        moment = int(found.sent_at.timestamp())
        mark = _digest(message) if message else "-"
        for shift in (0, half):
            bucket = (moment + shift) // (2 * half)
            keys.append(f"submission:{half}.{shift}.{bucket}|{email}|{mark}")
    if message or found.get("reference") or found.get("position"):
        # Around midnight both days are named.
        around = timedelta(minutes=5 if found.precise else 0)
        days = {(found.sent_at + d).astimezone(zone).date() for d in (-around, around)}
        keys += [f"submission:|{day.isoformat()}|{email}|{content}" for day in sorted(days)]
    return tuple(dict.fromkeys(keys))


def _hashes(data: bytes) -> tuple[str, str]:
    return hashlib.sha256(data).hexdigest(), hashlib.md5(data, usedforsecurity=False).hexdigest()


def expected_files(found: Submission) -> tuple[str, ...]:
    """The hashes an export gives in place of files (MD5 or SHA-256), but for empty files."""
    cells = " ".join(found.get(name) for name in ("cv", "letter", "file")).casefold()
    return tuple(dict.fromkeys(h for h in _HASH.findall(cells) if h not in _EMPTY_FILE))


def identity(found: Submission) -> str:
    """The external id of a row: the same submission exported twice, in CSV or XML, is one."""
    when = found.sent_at.astimezone(UTC).isoformat() if found.sent_at else ""
    told = _digest(
        when, found.get("email"), found.get("message"), found.get("reference"),
        found.get("position"), found.get("subject"), found.get("family_name"), found.site_id,
        " ".join(expected_files(found)),
    )  # fmt: skip
    return f"submission:{told}"


def payload(
    found: Submission, external_id: str, settings: Mapping[str, str | int | bool], zone: ZoneInfo
) -> ItemPayload:
    """The inbox item of a submission."""
    kind, lang = form_of(found)
    form = f"{kind}-{lang}" if kind and lang else kind
    message = found.get("message")
    if len(message) > TEXT_LIMIT:
        found.warn("form_text_cut")
    if not found.whole:
        found.warn("form_columns_missing")
    applies = kind in ("spontaneous", "targeted") or bool(_CANDIDATE.search(found.get("subject")))
    expects = tuple(h for h in expected_files(found) if not found.files)
    if found.file_addresses:
        found.warn("form_file_address")
    return ItemPayload(
        external_id=external_id,
        kind="application" if applies else "enquiry",
        received_at=found.sent_at,
        channel="website",
        form=form,
        lang=lang,
        fields=_fields(found),
        subject=found.get("subject")[:_VALUE_LIMIT],
        message=message[:TEXT_LIMIT],
        reference=found.get("reference")[:200],
        position=(found.get("position") or found.get("offer"))[:500],
        company=found.get("company")[:500],
        files=found.files,
        expects_files=expects,
        join_keys=join_keys(found, zone),
        consents=_consents(found, kind, form, settings),
        left_out=tuple(found.left_out),
        tags=tuple(t.strip() for t in found.get("contract").split(",") if t.strip())[:20],
        warnings=tuple(found.warnings),
        evidence=" ".join([found.evidence, *found.file_addresses]).strip()[:4_000],
    )


def _fields(found: Submission) -> tuple[FieldValue, ...]:
    named = [
        (name, found.get(name), found.labels.get(name, ""))
        for name in ("given_name", "family_name", "email", "phone", "company", "link", "town")
    ]
    label = found.labels.get("language", "")
    named += [("language", v, label) for v in re.split(r"[,;]", found.get("language"))]
    if found.get("role"):
        named.append(("headline", found.get("role"), found.labels["role"]))
    return tuple(
        FieldValue.model_validate(
            {"name": name, "value": value.strip()[:_VALUE_LIMIT], "evidence": evidence[:200]}
        )
        for name, value, evidence in named
        if value.strip()
    )


def _consents(
    found: Submission, kind: str, form: str, settings: Mapping[str, str | int | bool]
) -> tuple[ConsentEvidence, ...]:
    """The ticked box as evidence of what it says: the pool only when the settings say it covers it.

    A box under a form is by default the agreement to the treatment of that very message or
    application; it is no consent to be kept for later missions (``gdpr.md`` 1.1).
    """
    answer = found.get("consent")
    if answer.casefold() in _NO:
        return ()
    key = form.replace("-", "_")
    purpose = "CONTACT" if kind == "contact" else "APPLICATION"
    if settings.get(f"pool_{key}") is True:
        purpose = "POOL"
    label = str(settings.get(f"box_{key}") or found.labels.get("consent", ""))
    return (
        ConsentEvidence.model_validate(
            {
                "purpose": purpose,
                "label": label,
                "answer": answer[:500],
                "form": form,
                "notice_version": str(settings.get("notice_version", "")),
                "given_at": found.sent_at,
            }
        ),
    )
