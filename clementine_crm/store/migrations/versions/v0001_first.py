"""The first schema: dossiers, what is local, what is derived, the full-text index."""

from alembic import op

from clementine_crm.store.sql import full_text, stamping

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

_TYPES = {
    "text": "TEXT NOT NULL DEFAULT ''",
    "id": "BLOB",
    "at": "INTEGER",
    "on": "DATE",
    "number": "INTEGER NOT NULL DEFAULT 0",
    "number=1": "INTEGER NOT NULL DEFAULT 1",
    "flag": "BOOLEAN NOT NULL DEFAULT 0",
    "flag=1": "BOOLEAN NOT NULL DEFAULT 1",
}
# Kinds of row of a dossier, each with its cells.
_SYNCED = {
    "activity": "kind text, at at, text text, by id, outcome text, next_step text",
    "agency": "name text, created_at at",
    "application": (
        "mission id, reference text, position text, motivation text, source text, form text, "
        "stage text, attempt number=1, received_at at"
    ),
    "audit_event": "at at, action text, user id, subject id, detail text",
    "candidate": (
        "given_name text, family_name text, headline text, town text, postal_address text, "
        "availability text, lang text, source text, owner id, created_at at, last_contact on"
    ),
    "client": "name text, town text, created_at at",
    "client_contact": (
        "given_name text, family_name text, position text, email text, phone text, role text, "
        "source text, last_contact on"
    ),
    "consent_event": (
        "record id, type text, event_time at, received_time at, entity text, channel text, "
        "notice_version id, answer text, evidence text, reply_token text, last_contact on, note "
        "text, device text, prev_hash text, hash text"
    ),
    "consent_record": (
        "subject id, schema_version number=1, controller text, purpose text, basis text, policy "
        "text, categories text, recipients text, storage_location text, retention_rule text, "
        "withdrawal_method text, notice_version id, source text, about id, client id"
    ),
    "contact_point": "kind text, value text",
    "document": (
        "name text, media_type text, size number, sha256 id, blob text, text_blob text, role "
        "text, kind text, lang text, pages number, reason text, flags text, text_chars number, "
        "received_at at"
    ),
    "education": "diploma text, school text, period text",
    "inbox_item": (
        "source text, kind text, form text, channel text, lang text, received_at at, "
        "last_contact on, ground text, given_name text, family_name text, subject text, message "
        "text, reference text, position text, company text, mission id, consultant id, status "
        "text, set_aside text, fields text, consents text, left_out text, warnings text, tags "
        "text, evidence text, batch id, decide_by at"
    ),
    "mission": (
        "reference text, title text, client id, lang text, status text, criteria text, owner "
        "id, opened_on on, closed_on on"
    ),
    "notice_version": "purpose text, lang text, version text, text text, published_at at",
    "provenance": "row id, cell_names text, source text, captured_at at, evidence text",
    "setting": "name text, value text",
    "skill": "name text, kind text, level text, confirmed flag",
    "stage_transition": "application id, from_stage text, to_stage text, at at, by id",
    "tag": "name text",
    "task": "text text, due on, assignee id, created_at at, done_at at",
    "triage_decision": "item id, outcome text, at at, received_on on, by id, candidate id",
    "triage_session": (
        "week text, signed_on on, received number, kept number, discarded number, left_over "
        "number, by id"
    ),
    "user": "email text, name text, roles text, active flag=1",
    "work_experience": "title text, company text, period text",
}
_AROUND = (
    "rid INTEGER NOT NULL PRIMARY KEY, id BLOB NOT NULL UNIQUE, dossier BLOB NOT NULL, ",
    ", dead BOOLEAN NOT NULL DEFAULT 0, clock INTEGER NOT NULL DEFAULT 0, "
    "dev INTEGER NOT NULL DEFAULT 0, cells BLOB, extra BLOB",
)
_OTHERS = """
CREATE TABLE meta (name TEXT NOT NULL PRIMARY KEY, value TEXT NOT NULL);
CREATE TABLE dossier_key (dossier BLOB NOT NULL PRIMARY KEY, kind TEXT NOT NULL, dek BLOB NOT NULL);
CREATE INDEX ix_dossier_key_kind ON dossier_key (kind);
CREATE TABLE dirty (dossier BLOB NOT NULL PRIMARY KEY);
CREATE TABLE erased (dossier BLOB NOT NULL PRIMARY KEY, kind TEXT NOT NULL DEFAULT '', at INTEGER,
    cause TEXT);
CREATE TABLE conflict (rid INTEGER NOT NULL PRIMARY KEY, dossier BLOB NOT NULL, tbl TEXT NOT NULL,
    "row" BLOB NOT NULL, cell TEXT NOT NULL, lost BLOB NOT NULL, lost_clock INTEGER NOT NULL,
    lost_dev INTEGER NOT NULL, won BLOB NOT NULL, won_clock INTEGER NOT NULL,
    won_dev INTEGER NOT NULL, at INTEGER);
CREATE INDEX ix_conflict_dossier ON conflict (dossier);
CREATE UNIQUE INDEX ix_conflict_lost ON conflict ("row", tbl, cell, lost_clock, lost_dev);
CREATE TABLE unknown_row (rid INTEGER NOT NULL PRIMARY KEY, dossier BLOB NOT NULL,
    tbl TEXT NOT NULL, "row" BLOB NOT NULL, state BLOB NOT NULL);
CREATE INDEX ix_unknown_row_dossier ON unknown_row (dossier);
CREATE TABLE import_batch (id BLOB NOT NULL PRIMARY KEY, at INTEGER, source TEXT, ground TEXT,
    path TEXT, state TEXT, "read" INTEGER, accepted INTEGER, already_known INTEGER, merged INTEGER,
    set_aside INTEGER, left_out TEXT);
CREATE TABLE import_row (rid INTEGER NOT NULL PRIMARY KEY, batch BLOB NOT NULL, path TEXT,
    "row" INTEGER, reason TEXT, params TEXT);
CREATE INDEX ix_import_row_batch ON import_row (batch);
CREATE TABLE batch_change (rid INTEGER NOT NULL PRIMARY KEY, batch BLOB NOT NULL,
    dossier BLOB NOT NULL, was BLOB);
CREATE INDEX ix_batch_change_batch ON batch_change (batch);
CREATE TABLE external_id (mac BLOB NOT NULL PRIMARY KEY, dossier BLOB, batch BLOB,
    role TEXT NOT NULL DEFAULT 'id');
CREATE INDEX ix_external_id_dossier ON external_id (dossier);
CREATE INDEX ix_external_id_batch ON external_id (batch);
CREATE TABLE outbox_message (id BLOB NOT NULL PRIMARY KEY, dossier BLOB, to_email TEXT, subject TEXT,
    body TEXT, lang TEXT, state TEXT, created_at INTEGER);
CREATE INDEX ix_outbox_message_dossier ON outbox_message (dossier);
CREATE TABLE undo_memory (rid INTEGER NOT NULL PRIMARY KEY, dossier BLOB NOT NULL, at INTEGER,
    act TEXT NOT NULL, was BLOB NOT NULL);
CREATE INDEX ix_undo_memory_dossier ON undo_memory (dossier);
CREATE TABLE backup_run (id TEXT NOT NULL PRIMARY KEY, at INTEGER, target TEXT, dossiers INTEGER,
    bytes INTEGER, ok BOOLEAN);
CREATE TABLE body_text (rid INTEGER NOT NULL PRIMARY KEY, dossier BLOB NOT NULL,
    "row" BLOB NOT NULL UNIQUE, body BLOB NOT NULL);
CREATE INDEX ix_body_text_dossier ON body_text (dossier);
CREATE TABLE person_key (rid INTEGER NOT NULL PRIMARY KEY, dossier BLOB NOT NULL, kind TEXT NOT NULL,
    value TEXT NOT NULL);
CREATE INDEX ix_person_key_dossier ON person_key (dossier);
CREATE INDEX ix_person_key_value ON person_key (kind, value);
CREATE TABLE consent_span (rid INTEGER NOT NULL PRIMARY KEY, dossier BLOB NOT NULL,
    record BLOB NOT NULL, purpose TEXT NOT NULL, state TEXT NOT NULL, "use" TEXT NOT NULL,
    start DATE NOT NULL, "end" DATE);
CREATE INDEX ix_consent_span_dossier ON consent_span (dossier);
CREATE INDEX ix_consent_span_use ON consent_span ("use", start, "end");
CREATE TABLE search_doc (rid INTEGER NOT NULL PRIMARY KEY, dossier BLOB NOT NULL UNIQUE,
    kind TEXT NOT NULL, name TEXT NOT NULL, title TEXT NOT NULL, skills TEXT NOT NULL,
    contacts TEXT NOT NULL, sort TEXT NOT NULL, town TEXT NOT NULL, source TEXT NOT NULL,
    last_contact DATE);
CREATE TABLE findable (rid INTEGER NOT NULL PRIMARY KEY, first INTEGER NOT NULL,
    last INTEGER NOT NULL, more BOOLEAN NOT NULL, listed_first INTEGER NOT NULL,
    listed_last INTEGER NOT NULL, listed_more BOOLEAN NOT NULL);
CREATE INDEX ix_search_doc_sort ON search_doc (kind, sort, rid);
CREATE INDEX ix_search_doc_town ON search_doc (kind, town);
CREATE INDEX ix_search_doc_source ON search_doc (kind, source);
CREATE INDEX ix_inbox_item_status ON inbox_item (status);
CREATE INDEX ix_task_due ON task (done_at, due);
CREATE INDEX ix_application_mission ON application (mission);
"""


def upgrade() -> None:
    for name, listed in _SYNCED.items():
        cells = [cell.split() for cell in listed.split(", ")]
        columns = ", ".join(f'"{cell}" {_TYPES[kind]}' for cell, kind in cells)
        op.execute(f'CREATE TABLE "{name}" ({_AROUND[0]}{columns}{_AROUND[1]})')
        op.execute(f'CREATE INDEX "ix_{name}_dossier" ON "{name}" (dossier)')
    for statement in filter(str.strip, _OTHERS.split(";")):
        op.execute(statement)
    for name, listed in _SYNCED.items():
        names = [cell.split()[0] for cell in listed.split(", ")]
        for statement in stamping(name, [*names, "dead"]):
            op.execute(statement)
    for statement in full_text():
        op.execute(statement)
