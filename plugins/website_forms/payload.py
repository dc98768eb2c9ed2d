"""The inbox item that a submission becomes."""

from __future__ import annotations

import re
from collections.abc import Iterator

from clementine_crm.plugin_api import FieldValue, ItemPayload

from .boxes import consents
from .forms import form_of, purpose
from .joins import expected_files, join_keys
from .site import Site
from .submission import Submission

TEXT_LIMIT = 200_000
_VALUE_LIMIT = 2_000
_PLAIN = ("given_name", "family_name", "email", "phone", "company", "link", "town")


def payload(found: Submission, external_id: str, site: Site) -> ItemPayload:
    """The item, with the evidence of where each value stood."""
    form, lang = form_of(found, site)
    message = found.get("message")
    if len(message) > TEXT_LIMIT:
        found.warn("form_text_cut")
    if not found.whole:
        found.warn("form_columns_missing")
    if found.addresses and not found.files:
        found.warn("form_file_address")
    boxes = consents(found, form, site)
    # Addresses last: the row comes first when the line is cut.
    evidence = " ".join([found.evidence, *found.addresses])
    return ItemPayload(
        external_id=external_id,
        kind=purpose(found, form),
        received_at=found.sent_at,
        channel="web_form",
        form=form,
        lang=lang,
        fields=tuple(_fields(found)),
        subject=found.get("subject")[:_VALUE_LIMIT],
        message=message[:TEXT_LIMIT],
        reference=found.get("reference")[:200],
        position=(found.get("position") or found.get("offer"))[:500],
        company=found.get("company")[:500],
        files=found.files,
        expects_files=() if found.files else expected_files(found),
        join_keys=() if found.set_aside else join_keys(found),
        consents=boxes,
        left_out=tuple(found.left_out),
        tags=tuple(
            tag for word in found.get("contract").split(",")[:20] if (tag := word.strip()[:100])
        ),
        set_aside=found.set_aside,
        warnings=tuple(found.warnings),
        evidence=evidence.strip()[:4_000],
    )


def _fields(found: Submission) -> Iterator[FieldValue]:
    named = [(name, found.get(name), found.labels.get(name, "")) for name in _PLAIN]
    named += found.again
    label = found.labels.get("language", "")
    named += [("language", one, label) for one in re.split(r"[,;]", found.get("language"))[:20]]
    named.append(("headline", found.get("role"), found.labels.get("role", "")))
    for name, value, evidence in named:
        # As pydantic strips it: a value of blanks alone is none.
        if kept := value.strip()[:_VALUE_LIMIT].strip():
            yield FieldValue.model_validate(
                {"name": name, "value": kept, "evidence": evidence[:200]}
            )
