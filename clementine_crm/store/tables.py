"""The base's tables: what is synchronised and what is local; ``derived_tables`` holds the rest.

A *synced* table is a kind of row of a dossier. Besides its own cells each row carries ``clock`` and
``dev`` (when and where the row was last written as a whole), ``cells`` (the cells written since, each
with its own clock), ``extra`` (cells that only a newer program knows) and ``dead`` (a row taken away,
a cell like another). ``rid`` is local and never leaves the desktop.
"""

from __future__ import annotations

from sqlalchemy import Column, Index, Integer, LargeBinary, Table, Text
from sqlalchemy.types import Boolean

from clementine_crm.domain.consent_model import Basis, Channel, EventType, Policy, Purpose
from clementine_crm.store import columns as c
from clementine_crm.store.columns import CLOCK_COLUMNS, KEY_COLUMNS, Instant, metadata


def cells_of(table: Table) -> list[str]:
    """The names of a synced table's cells, ``dead`` included, in their order."""
    apart = {*KEY_COLUMNS, *CLOCK_COLUMNS}
    return [column.name for column in table.columns if column.name not in apart]


def synced_tables() -> list[Table]:
    return [table for table in metadata.sorted_tables if table.info.get("synced")]


candidate = c.synced(
    "candidate",
    c.text("given_name"),
    c.text("family_name"),
    c.text("headline"),
    c.text("town"),
    c.text("postal_address"),
    c.text("availability"),
    c.text("lang"),
    c.text("source"),
    c.id("owner"),
    c.at("created_at"),
    c.on("last_contact"),
)
contact_point = c.synced("contact_point", c.text("kind"), c.text("value"))
work_experience = c.synced("work_experience", c.text("title"), c.text("company"), c.text("period"))
education = c.synced("education", c.text("diploma"), c.text("school"), c.text("period"))
skill = c.synced("skill", c.text("name"), c.text("kind"), c.text("level"), c.flag("confirmed"))
tag = c.synced("tag", c.text("name"))
provenance = c.synced(
    "provenance",
    c.id("row"),
    Column("cell_names", Text, nullable=False, server_default=""),
    c.text("source"),
    c.at("captured_at"),
    c.text("evidence"),
)
application = c.synced(
    "application",
    c.id("mission"),
    c.text("reference"),
    c.text("position"),
    c.text("motivation"),
    c.text("source"),
    c.text("form"),
    c.text("stage"),
    c.number("attempt", 1),
    c.at("received_at"),
)
Index("ix_application_mission", application.c.mission)
stage_transition = c.synced(
    "stage_transition",
    c.id("application"),
    c.text("from_stage"),
    c.text("to_stage"),
    c.at("at"),
    c.id("by"),
)
document = c.synced(
    "document",
    c.text("name"),
    c.text("media_type"),
    c.number("size"),
    c.id("sha256"),
    c.text("blob"),
    c.text("text_blob"),
    c.text("role"),
    c.text("kind"),
    c.text("lang"),
    c.number("pages"),
    c.text("reason"),
    c.text("flags"),
    c.number("text_chars"),
    c.at("received_at"),
)
consent_record = c.synced(
    "consent_record",
    c.id("subject"),
    c.number("schema_version", 1),
    c.text("controller"),
    c.code("purpose", Purpose),
    c.code("basis", Basis),
    c.code("policy", Policy),
    c.text("categories"),
    c.text("recipients"),
    c.text("storage_location"),
    c.text("retention_rule"),
    c.text("withdrawal_method"),
    c.id("notice_version"),
    c.text("source"),
    c.id("about"),
    c.id("client"),
)
consent_event = c.synced(
    "consent_event",
    c.id("record"),
    c.code("type", EventType),
    c.at("event_time"),
    c.at("received_time"),
    c.text("entity"),
    c.code("channel", Channel),
    c.id("notice_version"),
    c.text("answer"),
    c.text("evidence"),
    c.text("reply_token"),
    c.on("last_contact"),
    c.text("note"),
    c.text("device"),
    c.text("prev_hash"),
    c.text("hash"),
)
activity = c.synced(
    "activity",
    c.text("kind"),
    c.at("at"),
    c.text("text"),
    c.id("by"),
    c.text("outcome"),
    c.text("next_step"),
)
task = c.synced(
    "task",
    c.text("text"),
    c.on("due"),
    c.id("assignee"),
    c.at("created_at"),
    c.at("done_at"),
)
Index("ix_task_due", task.c.done_at, task.c.due)
client = c.synced("client", c.text("name"), c.text("town"), c.at("created_at"))
client_contact = c.synced(
    "client_contact",
    c.text("given_name"),
    c.text("family_name"),
    c.text("position"),
    c.text("email"),
    c.text("phone"),
    c.text("role"),
    c.text("source"),
    c.on("last_contact"),
)
mission = c.synced(
    "mission",
    c.text("reference"),
    c.text("title"),
    c.id("client"),
    c.text("lang"),
    c.text("status"),
    c.text("criteria"),
    c.id("owner"),
    c.on("opened_on"),
    c.on("closed_on"),
)
inbox_item = c.synced(
    "inbox_item",
    c.text("source"),
    c.text("kind"),
    c.text("form"),
    c.text("channel"),
    c.text("lang"),
    c.at("received_at"),
    c.on("last_contact"),
    c.text("ground"),
    c.text("given_name"),
    c.text("family_name"),
    c.text("subject"),
    c.text("message"),
    c.text("reference"),
    c.text("position"),
    c.text("company"),
    c.id("mission"),
    c.id("consultant"),
    c.text("status"),
    c.text("set_aside"),
    c.text("fields"),
    c.text("consents"),
    c.text("left_out"),
    c.text("warnings"),
    c.text("tags"),
    c.text("evidence"),
    c.id("batch"),
    c.at("decide_by"),
)
Index("ix_inbox_item_status", inbox_item.c.status)
agency = c.synced("agency", c.text("name"), c.at("created_at"))
user = c.synced("user", c.text("email"), c.text("name"), c.text("roles"), c.flag("active", True))
setting = c.synced("setting", c.text("name"), c.text("value"))
notice_version = c.synced(
    "notice_version",
    c.text("purpose"),
    c.text("lang"),
    c.text("version"),
    c.text("text"),
    c.at("published_at"),
)
triage_decision = c.synced(
    "triage_decision",
    c.id("item"),
    c.text("outcome"),
    c.at("at"),
    c.on("received_on"),
    c.id("by"),
    c.id("candidate"),
)
triage_session = c.synced(
    "triage_session",
    c.text("week"),
    c.on("signed_on"),
    c.number("received"),
    c.number("kept"),
    c.number("discarded"),
    c.number("left_over"),
    c.id("by"),
)
audit_event = c.synced(
    "audit_event",
    c.at("at"),
    c.text("action"),
    c.id("user"),
    c.id("subject"),
    c.text("detail"),
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
