"""What a message is *not*: an automatic reply, a bounce, list mail are no applications."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Literal

Kind = Literal["message", "auto_reply", "bounce", "list"]
_DAEMON = re.compile(r"\b(mailer-daemon|postmaster|mail delivery (sub)?system)\b", re.IGNORECASE)
_FAILED = re.compile(
    r"undeliver|delivery (status|failure|has failed)|returned mail|non remis|échec de la remise"
    r"|could not send|failure notice",
    re.IGNORECASE,
)


def kind_of(headers: Iterable[tuple[str, str]], report: str | None) -> Kind:
    """The kind by headers (names in lower case) and the ``report-type`` of a multipart/report.

    RFC 3464 and RFC 3798 reports, RFC 3834 Auto-Submitted, RFC 2919 List-Id. List-Unsubscribe alone
    does not count: job boards put it on the applications they pass on.
    """
    first: dict[str, str] = {}
    for name, value in headers:
        first.setdefault(name, value.strip())
    sender = first.get("from", "")
    if report == "disposition-notification":
        return "auto_reply"
    if report is not None or "x-failed-recipients" in first:
        return "bounce"
    if first.get("return-path") == "<>" and _DAEMON.search(sender):
        return "bounce"
    if _DAEMON.search(sender) and _FAILED.search(first.get("subject", "")):
        return "bounce"
    if _automatic(first):
        return "auto_reply"
    if "list-id" in first or "list-post" in first or first.get("precedence", "").lower() == "list":
        return "list"
    return "message"


def _automatic(first: dict[str, str]) -> bool:
    submitted = first.get("auto-submitted", "no").split(";")[0].strip().lower()
    suppress = first.get("x-auto-response-suppress", "").lower()
    return (
        submitted not in ("no", "")
        or (suppress not in ("", "none"))
        or first.get("precedence", "").lower() in ("auto_reply", "auto-reply")
        or any(name in first for name in ("x-autoreply", "x-autorespond", "x-autoresponder"))
    )
