"""The base's tables: what is synchronised, what is local, what is derived.

A *synced* table is a kind of row of a dossier. Besides its own cells each row carries ``clock`` and
``dev`` (when and where the row was last written as a whole), ``cells`` (the cells written since, each
with its own clock), ``extra`` (cells that only a newer program knows) and ``dead`` (a row taken away,
a cell like another). ``rid`` is local and never leaves the desktop.
"""

from __future__ import annotations

from datetime import UTC, date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import (
    Column,
    Date,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    Table,
    Text,
    text,
)
from sqlalchemy.engine import Dialect
from sqlalchemy.types import Boolean, TypeDecorator
from typing_extensions import override

from clementine_crm.domain.consent_model import Basis, Channel, EventType, Policy, Purpose

metadata = MetaData()

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class Instant(TypeDecorator[datetime]):
    """An aware instant, stored as microseconds since 1970 UTC."""

    impl = Integer
    cache_ok = True

    @override
    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> int | None:
        if value is None:
            return None
        delta = value - _EPOCH
        return (delta.days * 86_400 + delta.seconds) * 1_000_000 + delta.microseconds

    @override
    def process_result_value(self, value: Any | None, dialect: Dialect) -> datetime | None:
        return None if value is None else datetime.fromtimestamp(value / 1_000_000, UTC)


def _text(name: str) -> Column[str]:
    return Column(name, Text, nullable=False, server_default="")


class Code(TypeDecorator[StrEnum]):
    """A code of the domain, stored as its text."""

    impl = Text
    cache_ok = True

    def __init__(self, codes: type[StrEnum]) -> None:
        super().__init__()
        self.codes = codes

    @override
    def process_bind_param(self, value: Any | None, dialect: Dialect) -> str | None:
        return None if value is None else str(value)

    @override
    def process_result_value(self, value: Any | None, dialect: Dialect) -> StrEnum | None:
        return self.codes(value) if value else None


def _code(name: str, codes: type[StrEnum]) -> Column[StrEnum]:
    return Column(name, Code(codes), nullable=False, server_default="")


def _id(name: str) -> Column[bytes]:
    return Column(name, LargeBinary, nullable=True)


def _at(name: str) -> Column[datetime]:
    return Column(name, Instant, nullable=True)


def _on(name: str) -> Column[date]:
    return Column(name, Date, nullable=True)


def _number(name: str, default: int = 0) -> Column[int]:
    return Column(name, Integer, nullable=False, server_default=text(str(default)))


def _flag(name: str, default: bool = False) -> Column[bool]:
    return Column(name, Boolean, nullable=False, server_default=text("1" if default else "0"))


CLOCK_COLUMNS = ("clock", "dev", "cells", "extra")
KEY_COLUMNS = ("rid", "id", "dossier")


def _synced(name: str, *cells: Column[Any]) -> Table:
    return Table(
        name,
        metadata,
        Column("rid", Integer, primary_key=True),
        Column("id", LargeBinary, nullable=False, unique=True),
        Column("dossier", LargeBinary, nullable=False, index=True),
        *cells,
        Column("dead", Boolean, nullable=False, server_default=text("0")),
        Column("clock", Integer, nullable=False, server_default=text("0")),
        Column("dev", Integer, nullable=False, server_default=text("0")),
        Column("cells", LargeBinary, nullable=True),
        Column("extra", LargeBinary, nullable=True),
        info={"synced": True},
    )


def cells_of(table: Table) -> list[str]:
    """The names of a synced table's cells, ``dead`` included, in their order."""
    apart = {*KEY_COLUMNS, *CLOCK_COLUMNS}
    return [column.name for column in table.columns if column.name not in apart]


def synced_tables() -> list[Table]:
    return [table for table in metadata.sorted_tables if table.info.get("synced")]


candidate = _synced(
    "candidate",
    _text("given_name"),
    _text("family_name"),
    _text("headline"),
    _text("town"),
    _text("postal_address"),
    _text("availability"),
    _text("lang"),
    _text("source"),
    _id("owner"),
    _at("created_at"),
    _on("last_contact"),
)
contact_point = _synced("contact_point", _text("kind"), _text("value"))
work_experience = _synced("work_experience", _text("title"), _text("company"), _text("period"))
education = _synced("education", _text("diploma"), _text("school"), _text("period"))
skill = _synced("skill", _text("name"), _text("kind"), _text("level"), _flag("confirmed"))
tag = _synced("tag", _text("name"))
provenance = _synced(
    "provenance",
    _id("row"),
    Column("cell_names", Text, nullable=False, server_default=""),
    _text("source"),
    _at("captured_at"),
    _text("evidence"),
)
application = _synced(
    "application",
    _id("mission"),
    _text("reference"),
    _text("position"),
    _text("motivation"),
    _text("source"),
    _text("form"),
    _text("stage"),
    _number("attempt", 1),
    _at("received_at"),
)
Index("ix_application_mission", application.c.mission)
stage_transition = _synced(
    "stage_transition",
    _id("application"),
    _text("from_stage"),
    _text("to_stage"),
    _at("at"),
    _id("by"),
)
document = _synced(
    "document",
    _text("name"),
    _text("media_type"),
    _number("size"),
    _id("sha256"),
    _text("blob"),
    _text("text_blob"),
    _text("role"),
    _text("kind"),
    _text("lang"),
    _number("pages"),
    _text("reason"),
    _text("flags"),
    _number("text_chars"),
    _at("received_at"),
)
consent_record = _synced(
    "consent_record",
    _id("subject"),
    _number("schema_version", 1),
    _text("controller"),
    _code("purpose", Purpose),
    _code("basis", Basis),
    _code("policy", Policy),
    _text("categories"),
    _text("recipients"),
    _text("storage_location"),
    _text("retention_rule"),
    _text("withdrawal_method"),
    _id("notice_version"),
    _text("source"),
    _id("about"),
    _id("client"),
)
consent_event = _synced(
    "consent_event",
    _id("record"),
    _code("type", EventType),
    _at("event_time"),
    _at("received_time"),
    _text("entity"),
    _code("channel", Channel),
    _id("notice_version"),
    _text("answer"),
    _text("evidence"),
    _text("reply_token"),
    _on("last_contact"),
    _text("note"),
    _text("device"),
    _text("prev_hash"),
    _text("hash"),
)
activity = _synced(
    "activity",
    _text("kind"),
    _at("at"),
    _text("text"),
    _id("by"),
    _text("outcome"),
    _text("next_step"),
)
task = _synced(
    "task",
    _text("text"),
    _on("due"),
    _id("assignee"),
    _at("created_at"),
    _at("done_at"),
)
Index("ix_task_due", task.c.done_at, task.c.due)
client = _synced("client", _text("name"), _text("town"), _at("created_at"))
client_contact = _synced(
    "client_contact",
    _text("given_name"),
    _text("family_name"),
    _text("position"),
    _text("email"),
    _text("phone"),
    _text("role"),
    _text("source"),
    _on("last_contact"),
)
mission = _synced(
    "mission",
    _text("reference"),
    _text("title"),
    _id("client"),
    _text("lang"),
    _text("status"),
    _text("criteria"),
    _id("owner"),
    _on("opened_on"),
    _on("closed_on"),
)
inbox_item = _synced(
    "inbox_item",
    _text("source"),
    _text("kind"),
    _text("form"),
    _text("channel"),
    _text("lang"),
    _at("received_at"),
    _on("last_contact"),
    _text("ground"),
    _text("given_name"),
    _text("family_name"),
    _text("subject"),
    _text("message"),
    _text("reference"),
    _text("position"),
    _text("company"),
    _id("mission"),
    _id("consultant"),
    _text("status"),
    _text("set_aside"),
    _text("fields"),
    _text("consents"),
    _text("left_out"),
    _text("warnings"),
    _text("tags"),
    _text("evidence"),
    _id("batch"),
    _at("decide_by"),
)
Index("ix_inbox_item_status", inbox_item.c.status)
agency = _synced("agency", _text("name"), _at("created_at"))
user = _synced("user", _text("email"), _text("name"), _text("roles"), _flag("active", True))
setting = _synced("setting", _text("name"), _text("value"))
notice_version = _synced(
    "notice_version",
    _text("purpose"),
    _text("lang"),
    _text("version"),
    _text("text"),
    _at("published_at"),
)
triage_decision = _synced(
    "triage_decision",
    _id("item"),
    _text("outcome"),
    _at("at"),
    _on("received_on"),
    _id("by"),
    _id("candidate"),
)
triage_session = _synced(
    "triage_session",
    _text("week"),
    _on("signed_on"),
    _number("received"),
    _number("kept"),
    _number("discarded"),
    _number("left_over"),
    _id("by"),
)
audit_event = _synced(
    "audit_event",
    _at("at"),
    _text("action"),
    _id("user"),
    _id("subject"),
    _text("detail"),
)

# Local: never leaves this desktop.
meta = Table(
    "meta", metadata, Column("name", Text, primary_key=True), Column("value", Text, nullable=False)
)
dossier_key = Table(
    "dossier_key",
    metadata,
    Column("dossier", LargeBinary, primary_key=True),
    Column("kind", Text, nullable=False, index=True),
    Column("dek", LargeBinary, nullable=False),
)
dirty = Table("dirty", metadata, Column("dossier", LargeBinary, primary_key=True))
erased = Table(
    "erased",
    metadata,
    Column("dossier", LargeBinary, primary_key=True),
    Column("kind", Text, nullable=False, server_default=""),
    Column("at", Instant),
    Column("cause", Text),
)
conflict = Table(
    "conflict",
    metadata,
    Column("rid", Integer, primary_key=True),
    Column("dossier", LargeBinary, nullable=False, index=True),
    Column("tbl", Text, nullable=False),
    Column("row", LargeBinary, nullable=False),
    Column("cell", Text, nullable=False),
    Column("lost", LargeBinary, nullable=False),
    Column("lost_clock", Integer, nullable=False),
    Column("lost_dev", Integer, nullable=False),
    Column("won", LargeBinary, nullable=False),
    Column("won_clock", Integer, nullable=False),
    Column("won_dev", Integer, nullable=False),
    Column("at", Instant),
    Index("ix_conflict_lost", "row", "tbl", "cell", "lost_clock", "lost_dev", unique=True),
)
unknown_row = Table(
    "unknown_row",
    metadata,
    Column("rid", Integer, primary_key=True),
    Column("dossier", LargeBinary, nullable=False, index=True),
    Column("tbl", Text, nullable=False),
    Column("row", LargeBinary, nullable=False),
    Column("state", LargeBinary, nullable=False),
)
import_batch = Table(
    "import_batch",
    metadata,
    Column("id", LargeBinary, primary_key=True),
    Column("at", Instant),
    Column("source", Text),
    Column("ground", Text),
    Column("path", Text),
    Column("state", Text),
    Column("read", Integer),
    Column("accepted", Integer),
    Column("already_known", Integer),
    Column("merged", Integer),
    Column("set_aside", Integer),
    Column("left_out", Text),
)
import_row = Table(
    "import_row",
    metadata,
    Column("rid", Integer, primary_key=True),
    Column("batch", LargeBinary, nullable=False, index=True),
    Column("path", Text),
    Column("row", Integer),
    Column("reason", Text),
    Column("params", Text),
)
batch_change = Table(
    "batch_change",
    metadata,
    Column("rid", Integer, primary_key=True),
    Column("batch", LargeBinary, nullable=False, index=True),
    Column("dossier", LargeBinary, nullable=False),
    Column("was", LargeBinary, nullable=True),
)
external_id = Table(
    "external_id",
    metadata,
    Column("mac", LargeBinary, primary_key=True),
    Column("dossier", LargeBinary, index=True),
    Column("batch", LargeBinary, index=True),
    Column("role", Text, nullable=False, server_default="id"),
)
outbox_message = Table(
    "outbox_message",
    metadata,
    Column("id", LargeBinary, primary_key=True),
    Column("dossier", LargeBinary, index=True),
    Column("to_email", Text),
    Column("subject", Text),
    Column("body", Text),
    Column("lang", Text),
    Column("state", Text),
    Column("created_at", Instant),
)
undo_memory = Table(
    "undo_memory",
    metadata,
    Column("rid", Integer, primary_key=True),
    Column("dossier", LargeBinary, nullable=False, index=True),
    Column("at", Instant),
    Column("act", Text, nullable=False),
    Column("was", LargeBinary, nullable=False),
)
backup_run = Table(
    "backup_run",
    metadata,
    Column("id", Text, primary_key=True),
    Column("at", Instant),
    Column("target", Text),
    Column("dossiers", Integer),
    Column("bytes", Integer),
    Column("ok", Boolean),
)

# Derived: made again from the dossiers at any time.
body_text = Table(
    "body_text",
    metadata,
    Column("rid", Integer, primary_key=True),
    Column("dossier", LargeBinary, nullable=False, index=True),
    Column("row", LargeBinary, nullable=False, unique=True),
    Column("body", LargeBinary, nullable=False),
)
person_key = Table(
    "person_key",
    metadata,
    Column("rid", Integer, primary_key=True),
    Column("dossier", LargeBinary, nullable=False, index=True),
    Column("kind", Text, nullable=False),
    Column("value", Text, nullable=False),
    Index("ix_person_key_value", "kind", "value"),
)
consent_span = Table(
    "consent_span",
    metadata,
    Column("rid", Integer, primary_key=True),
    Column("dossier", LargeBinary, nullable=False, index=True),
    Column("record", LargeBinary, nullable=False),
    Column("purpose", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("use", Text, nullable=False),
    Column("start", Date, nullable=False),
    Column("end", Date, nullable=True),
    Index("ix_consent_span_use", "use", "start", "end"),
)
search_doc = Table(
    "search_doc",
    metadata,
    Column("rid", Integer, primary_key=True),
    Column("dossier", LargeBinary, nullable=False, unique=True),
    Column("kind", Text, nullable=False),
    Column("name", Text, nullable=False),
    Column("title", Text, nullable=False),
    Column("skills", Text, nullable=False),
    Column("contacts", Text, nullable=False),
    Column("sort", Text, nullable=False),
    Column("town", Text, nullable=False),
    Column("source", Text, nullable=False),
    Column("last_contact", Date, nullable=True),
    Index("ix_search_doc_sort", "kind", "sort", "rid"),
    Index("ix_search_doc_town", "kind", "town"),
)
findable = Table(
    "findable",
    metadata,
    Column("rid", Integer, primary_key=True),
    Column("first", Integer, nullable=False),
    Column("last", Integer, nullable=False),
    Column("more", Boolean, nullable=False),
    Column("listed_first", Integer, nullable=False),
    Column("listed_last", Integer, nullable=False),
    Column("listed_more", Boolean, nullable=False),
)
"""From which day to which (ordinals) a search may show a candidate, and a list; narrow, as every hit
and every line is asked. ``more``: other days too, which ``consent_span`` tells. A row goes with that of
``search_doc``.
"""
