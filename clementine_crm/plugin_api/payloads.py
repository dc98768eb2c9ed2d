"""What a plugin hands over: one payload an item, strict, with where each value came from."""

from __future__ import annotations

from datetime import date, datetime
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator

from clementine_crm.plugin_api.reading import FieldName, Mail

ItemKind = Literal["application", "contact", "enquiry", "other"]
TEXT_LIMIT = 200_000


class _Frozen(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", str_strip_whitespace=True)

    @model_validator(mode="before")
    @classmethod
    def _text(cls, given: object) -> object:
        """A file's name may hold bytes that are no text, and no base stores those."""
        if not isinstance(given, dict):
            return given
        return {
            name: value.encode("utf-8", "replace").decode()
            if isinstance(value, str) and not value.isascii()
            else value
            for name, value in given.items()
        }


class FieldValue(_Frozen):
    """One value about the person as the source gives it; ``evidence`` says where (a label, a line)."""

    name: FieldName
    value: str = Field(min_length=1, max_length=2_000)
    evidence: str = ""


class FileData(_Frozen):
    """A file handed over with the item. ``name`` may be anything: the core makes it safe."""

    name: str
    media_type: str = "application/octet-stream"
    data: bytes
    role: Literal["cv", "letter", "other", ""] = ""


class ConsentEvidence(_Frozen):
    """A box the person ticked: its exact label or answer, the form and its text's version, when."""

    purpose: Literal["POOL", "NEWS", "APPLICATION", "CONTACT"]
    label: str
    answer: str
    form: str
    notice_version: str = ""
    given_at: datetime | None = None


class ItemPayload(_Frozen):
    """One incoming item.

    ``external_id`` identifies it within the plugin: the same id twice is the same item.
    ``join_keys`` are further identities under which another copy of the *same submission* may be
    known (the file's hash; form, date and e-mail): a copy completes the item instead of doubling it.
    ``left_out`` names what the source held and the law forbids (``gdpr.md`` 6.1), by field name only.
    ``set_aside`` is a key under ``reading.`` when the item is no application (auto-reply, bounce).
    ``expects_files`` lists hashes of files the source names but does not carry.
    """

    external_id: str = Field(min_length=1, max_length=1_000)
    kind: ItemKind = "application"
    received_at: datetime | None = None
    last_contact: date | None = None
    channel: str = ""
    form: str = ""
    lang: Literal["fr", "en", ""] = ""
    fields: tuple[FieldValue, ...] = ()
    subject: str = Field(default="", max_length=2_000)
    message: str = Field(default="", max_length=TEXT_LIMIT)
    reference: str = ""
    position: str = ""
    company: str = ""
    files: tuple[FileData, ...] = ()
    expects_files: tuple[str, ...] = ()
    join_keys: tuple[str, ...] = ()
    consents: tuple[ConsentEvidence, ...] = ()
    left_out: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    set_aside: str = ""
    warnings: tuple[str, ...] = ()
    evidence: str = ""


class MessageEntry(_Frozen):
    """A message found in a container: the host offers it to every ``MessageReader`` first."""

    mail: Mail
    external_id: str = Field(min_length=1, max_length=1_000)
    path: str = ""


class Rejection(_Frozen):
    """A row or file that makes no item: ``reason`` is a key under ``reading.``, with its params."""

    path: str
    row: int = 0
    reason: str
    params: dict[str, str] = Field(default_factory=dict)


Entry = ItemPayload | MessageEntry | Rejection
