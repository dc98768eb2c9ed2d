"""The site's five forms as inbox items: from the mails they send, and from exports as a catch-up."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from clementine_crm.plugin_api import (
    Entry,
    Health,
    ItemPayload,
    JobContext,
    Mail,
    PluginContext,
    Rejection,
)

from .exports import Export, recognise, submissions
from .joins import identity
from .notification import Notification, letter_of_site, read_notification
from .payload import TEXT_LIMIT, payload
from .site import site_of
from .tables import Row, Sheet, is_text, sheet_of
from .wordpress_export import MARK, BrokenExportError, messages

FILE_LIMIT = 32 * 1024 * 1024
_HEAD = 64 * 1024
_SNIFFED = 32 * 1024
_SURE = {"flamingo": 0.9, "address_book": 0.9, "entries": 0.9, "ninja": 0.9, "elementor": 0.9}
_CLAIMS = {"known": 0.95, "likely": 0.9, "mailer": 0.8}


class WebsiteForms:
    """Claims the site's notification mails; reads the exports of the form plugins and WordPress's."""

    def activate(self, context: PluginContext) -> None:
        """Understand what the agency said about its site."""
        self._site = site_of(context.settings)

    def deactivate(self) -> None:
        """Nothing to give back."""

    def check(self) -> Health:
        """It needs nothing outside; a label of the settings that names no field is told."""
        if self._site.misnamed:
            return Health(ok=False, say="website_forms_labels")
        return Health(ok=True)

    def sniff(self, head: bytes, name: str) -> float:
        """Sure of a header that only a form's export has, and of WordPress's own export."""
        del name
        if _is_wordpress(head):
            return 0.95 if b"flamingo_inbound" in head else 0.6
        if not is_text(head[:_SNIFFED]):
            return 0.0
        export = recognise(sheet_of(head[:_SNIFFED]), self._site)
        return _SURE[export.kind] if export else 0.0

    def read(self, path: Path, job: JobContext) -> Iterator[Entry]:
        """One item a submission; a row that holds none is a ``Rejection`` with its row and reason."""
        with path.open("rb") as file:
            head = file.read(_HEAD)
        if not head.strip(b"\0 \t\r\n\xef\xbb\xbf\xff\xfe"):
            yield Rejection(path=path.name, reason="empty")
        elif _is_wordpress(head):
            yield from self._wordpress(path, job)
        elif path.stat().st_size > FILE_LIMIT:
            yield Rejection(path=path.name, reason="form_file_too_large")
        else:
            yield from self._table(path, job)

    def _table(self, path: Path, job: JobContext) -> Iterator[Entry]:
        sheet = sheet_of(path.read_bytes())
        export = recognise(sheet, self._site)
        if export is None:
            yield Rejection(path=path.name, reason="form_unknown_table")
        elif export.kind == "address_book":
            rows = sum(1 for row in sheet.rows(export.delimiter) if any(row.cells)) - 1
            yield Rejection(path=path.name, reason="form_address_book", params={"rows": str(rows)})
        else:
            yield from self._rows(sheet, export, path.name, job)

    def _rows(self, sheet: Sheet, export: Export, name: str, job: JobContext) -> Iterator[Entry]:
        made = 0
        for row, found in submissions(sheet, export, self._site, name):
            job.cancel.check()
            made += 1
            job.progress(made, 0, name)
            reason = _refusal(row, export)
            if reason or found is None:
                lost = "form_columns_lost" if export.kind == "flamingo" else "form_row_empty"
                yield Rejection(path=name, row=row.number, reason=reason or lost)
                continue
            yield payload(found, identity(found), self._site)
        if not made:
            yield Rejection(path=name, reason="form_nothing_in_it")

    def _wordpress(self, path: Path, job: JobContext) -> Iterator[Entry]:
        made = at = 0
        try:
            for at, found in messages(path, self._site, path.name):
                job.cancel.check()
                job.progress(at, 0, path.name)
                if found is not None:
                    made += 1
                    yield payload(found, identity(found), self._site)
        except BrokenExportError:
            yield Rejection(path=path.name, row=at + 1, reason="form_export_broken")
            return
        if not made:
            yield Rejection(path=path.name, reason="form_none_in_export")

    def claim(self, mail: Mail) -> float:
        """A form's notification or its receipt; other mails only from the site's known addresses."""
        letter, sender, _ = letter_of_site(mail, self._site)
        if not sender or letter.kind == "bounce" or mail.kind == "bounce":
            return 0.0
        found = read_notification(mail, self._site)
        if found.is_form or found.is_receipt:
            return _CLAIMS[sender]
        return 0.5 if sender in ("known", "likely") else 0.0

    def read_message(self, mail: Mail, external_id: str) -> ItemPayload:
        """The submission in the mail; a receipt or another mail of the site's is set aside."""
        read = read_notification(mail, self._site)
        if read.is_form:
            return payload(read.submission, external_id, self._site)
        return _no_form(read, external_id)


def _no_form(read: Notification, external_id: str) -> ItemPayload:
    """A mail of the site's without a form's fields: shown whole when somebody can be answered.

    The receipt that the visitor gets is a copy of our own words: nothing of it is kept.
    """
    found = read.submission
    answer = found.get("email")
    kept = not read.is_receipt
    warnings = [*found.warnings, "form_not_recognised"] if kept and (answer or found.files) else []
    reason = "form_receipt" if read.is_receipt else "" if warnings else "form_site_mail"
    return ItemPayload.model_validate(
        {
            "external_id": external_id,
            "kind": "other",
            "received_at": found.sent_at,
            "channel": "web_form",
            "subject": found.get("subject")[:2_000],
            "message": found.get("message")[:TEXT_LIMIT] if kept else "",
            "fields": ({"name": "email", "value": answer, "evidence": "Reply-To"},)
            if warnings and answer
            else (),
            "files": found.files if kept else (),
            "set_aside": reason,
            "warnings": tuple(warnings),
            "evidence": found.evidence,
        }
    )


def _refusal(row: Row, export: Export) -> str:
    """Why a row cannot be trusted at all: the file ends inside it."""
    short = row.last and len(row.cells) < len(export.header)
    return "form_row_cut" if row.cut or short else ""


def _is_wordpress(head: bytes) -> bool:
    start = head.lstrip(b"\xef\xbb\xbf \t\r\n")[:200].lower()
    return start.startswith((b"<?xml", b"<rss", b"<!--")) and MARK in head
