"""What the samples of mail expect: the message as parsed, and the item made of it."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from clementine_crm.domain.values import normalise_phone
from clementine_crm.plugin_api import Attachment, Mail
from clementine_crm.plugin_host.lent import LentTools
from tests.plugins.readings import Readings
from tests.plugins.sample_facts import Case, expected, facts, flat, the_item, value


def files_of(mail: Mail) -> Iterator[Attachment]:
    for part in mail.attachments:
        if part.message is None:
            yield part
        else:
            yield from files_of(part.message)


def gave_up(path: Path) -> bool:
    """Whether the sample's own reader found no part at all: what we recover then is no fault."""
    return "StartBoundaryNotFoundDefect" in expected(path.parent)[path.name].get("defects", ())


def has_text(read: Readings, path: Path, fact: bool) -> None:
    mail = read.mail(path)
    own = bool(mail.text.strip()) and "mail_text_from_html" not in mail.warnings
    recovered = gave_up(path) or {"mail_body_recovered", "mail_boundary_missing"} & set(
        mail.warnings
    )
    assert own == fact or (own and recovered)


def has_html(read: Readings, path: Path, fact: bool) -> None:
    html = bool(read.mail(path).html)
    assert html == fact or (html and gave_up(path))


def n_attachments(read: Readings, path: Path, fact: int) -> None:
    mail = read.mail(path)
    # Files uuencoded within the text count beside the parts.
    within = len(re.findall(r"(?m)^begin [0-7]{3} .", mail.text))
    assert len(mail.attachments) - within == fact
    assert bool(within) == ("mail_uuencoded" in mail.warnings)


def attachment_names(read: Readings, path: Path, fact: list[str]) -> None:
    parts = read.mail(path).attachments
    # Some samples count the pictures that the text shows among the attachments, some beside them.
    beside = "inline_images" in expected(path.parent)[path.name]
    names = [part.name for part in parts if not (beside and part.inline)]
    assert len(names) == len(fact)
    assert [(n, f) for n, f in zip(names, fact, strict=True) if not _same_name(n, f)] == []


def _same_name(name: str, fact: str) -> bool:
    """The same file: a path is reduced to its base name, U+FFFD is a byte the sample's reader could
    not read, and a name with blanks but no quotes is taken whole, not to its first blank.
    """
    if name == fact or ("." not in fact and name.startswith(f"{fact} ")):
        return True
    if re.search(r"[/\\\\:]", fact):
        return fact.endswith(name)
    return re.fullmatch(re.escape(fact).replace("\ufffd", "."), name) is not None


def nested_messages(read: Readings, path: Path, fact: int) -> None:
    assert sum(1 for part in read.mail(path).attachments if part.message) == fact


def body_contains(read: Readings, path: Path, fact: list[str]) -> None:
    text = flat(read.mail(path).text)
    assert [phrase for phrase in fact if flat(phrase) not in text] == []


def from_email(read: Readings, path: Path, fact: str) -> None:
    assert read.mail(path).from_email.casefold() == fact.casefold()


def subject(read: Readings, path: Path, fact: str) -> None:
    assert flat(read.mail(path).subject) == flat(fact)


def in_reply_to(read: Readings, path: Path, fact: str) -> None:
    assert read.mail(path).in_reply_to == fact


def message_class(read: Readings, path: Path, fact: str) -> None:
    assert read.mail(path).message_class == fact


def recipient_emails(read: Readings, path: Path, fact: list[str]) -> None:
    assert sorted(email.casefold() for email in read.mail(path).to_emails) == fact


def readable(read: Readings, path: Path, fact: bool) -> None:
    """Read, even where there is nothing in it to make an item of; or refused by name."""
    empty = [r.reason for r in read.rejections(path)] == ["mail_nothing_in_it"]
    assert bool(read.items(path)) or empty if fact else bool(read.rejections(path))


KINDS = {
    "auto reply": ("mail_files", "other", "mail_auto_reply"),
    "application": ("mail_files", "application", ""),
    "reply to the 13th month question": ("mail_files", "other", "mail_consent_answer"),
    "erasure request": ("mail_files", "other", "mail_rights_request"),
    "forward": ("mail_files", "application", ""),
    "forward inline": ("mail_files", "application", ""),
    "TNEF inside": ("mail_files", "application", ""),
    "form notification": ("website_forms", "application", ""),
}


def kind(read: Readings, path: Path, fact: str) -> None:
    item = the_item(read, path)
    assert (*read.plugins(path), item.kind, item.set_aside) == KINDS[fact]


def job_reference(read: Readings, path: Path, fact: str) -> None:
    assert the_item(read, path).reference == fact


def phone(read: Readings, path: Path, fact: str) -> None:
    assert normalise_phone(value(the_item(read, path), "phone")) == normalise_phone(fact)


def inline_images(read: Readings, path: Path, fact: int) -> None:
    """Pictures of the text stay out of the item's files, and the item says so."""
    shown = [part for part in read.mail(path).attachments if part.inline]
    assert len(shown) == fact
    kept = {file.data for file in the_item(read, path).files}
    assert not kept & {part.data for part in shown}
    assert "mail_inline_left_out" in the_item(read, path).warnings


def applicant(read: Readings, path: Path, fact: str) -> None:
    item = the_item(read, path)
    assert value(item, "email") == fact
    assert fact in item.evidence


def original_subject(read: Readings, path: Path, fact: str) -> None:
    assert the_item(read, path).subject == fact


def inner_attachments(read: Readings, path: Path, fact: int | list[str]) -> None:
    """Files within an attached message (pictures of its text aside) or a packed container."""
    names = [file.name for file in the_item(read, path).files]
    if isinstance(fact, list):
        assert names == fact
    else:
        assert len(names) == fact


def candidate_email(read: Readings, path: Path, fact: str) -> None:
    assert value(the_item(read, path), "email") == fact


def candidate_not(read: Readings, path: Path, fact: str) -> None:
    assert fact not in {field.value for field in the_item(read, path).fields}


def cv_sha256(read: Readings, path: Path, fact: str) -> None:
    item = the_item(read, path)
    assert [hashlib.sha256(f.data).hexdigest() for f in item.files if f.role == "cv"] == [fact]
    assert f"file:{fact}" in item.join_keys


def must(read: Readings, path: Path, fact: str) -> None:
    """Sentences of the samples that say what a reader must do; each known one is checked."""
    mail = read.mail(path)
    parts = list(files_of(mail))
    if "not count as an application" in fact:
        assert the_item(read, path).set_aside
        assert not the_item(read, path).consents
    elif "no crash" in fact:
        assert mail.subject
        assert "mail_too_deep" in mail.warnings
    elif "mark it damaged" in fact:
        assert [part.damaged for part in parts] == [True]
        assert [file.data for file in the_item(read, path).files] == [parts[0].data]
    elif "base name only" in fact:
        assert [part.name for part in parts] == ["cv.pdf"]
    elif "override character" in fact:
        assert all(ord(c) not in range(0x202A, 0x202F) for part in parts for c in part.name)
        assert "mail_runnable_attachment" in mail.warnings
        assert [file.role for file in the_item(read, path).files] == ["other"]
    else:
        raise AssertionError(f"no check for: {fact}")


MAIL = {
    "has_text": has_text,
    "has_html": has_html,
    "n_attachments": n_attachments,
    "attachment_names": attachment_names,
    "nested_messages": nested_messages,
    "body_contains": body_contains,
    "from_email": from_email,
    "subject": subject,
    "in_reply_to": in_reply_to,
    "message_class": message_class,
    "recipient_emails": recipient_emails,
    "readable": readable,
    "kind": kind,
    "job_reference": job_reference,
    "phone": phone,
    "inline_images": inline_images,
    "inner_from": applicant,
    "original_from": applicant,
    "original_subject": original_subject,
    "inner_attachments": inner_attachments,
    "candidate_email": candidate_email,
    "candidate_not": candidate_not,
    "cv_sha256": cv_sha256,
    "must": must,
}


def mail_cases(folder: Path) -> Iterator[Case]:
    yield from facts(folder, MAIL)


# Mailboxes


def n_messages(read: Readings, path: Path, fact: int) -> None:
    assert len(read.entries(path)) == fact


def distinct_message_ids(read: Readings, path: Path, fact: int) -> None:
    """A message that stands twice is one item: the core knows the second by its id."""
    assert len({item.external_id for item in read.items(path)}) == fact


def message_ids(read: Readings, path: Path, fact: list[str]) -> None:
    assert [item.external_id.split()[0] for item in read.items(path)] == fact


def mailbox_messages(read: Readings, path: Path, fact: list[dict[str, Any]]) -> None:
    tools = LentTools()
    mails = [tools.mail(raw) for _, raw in tools.mailbox(path)]
    assert len(mails) == len(fact)
    for mail, said in zip(mails, fact, strict=True):
        assert len(mail.attachments) == said.get("n_attachments", len(mail.attachments))
        assert mail.from_email == said.get("from_email", mail.from_email)
        assert mail.subject == said.get("subject", mail.subject)


MAILBOX = {
    "n_messages": n_messages,
    "distinct_message_ids": distinct_message_ids,
    "message_ids": message_ids,
    "messages": mailbox_messages,
}


def mailbox_cases(folder: Path) -> Iterator[Case]:
    yield from facts(folder, MAILBOX)
