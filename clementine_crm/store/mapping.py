"""The domain's plain classes mapped onto the tables, imperatively: rules know nothing of it."""

from __future__ import annotations

from functools import cache

from sqlalchemy import Table
from sqlalchemy.orm import registry

from clementine_crm.domain import (
    activity,
    agency,
    application,
    candidate,
    client,
    consent_model,
    document,
    inbox,
    mission,
)
from clementine_crm.store import tables
from clementine_crm.store.columns import CLOCK_COLUMNS

_registry = registry()

TABLE_OF: dict[type, Table] = {
    candidate.Candidate: tables.candidate,
    candidate.ContactPoint: tables.contact_point,
    candidate.WorkExperience: tables.work_experience,
    candidate.Education: tables.education,
    candidate.Skill: tables.skill,
    candidate.Tag: tables.tag,
    candidate.Provenance: tables.provenance,
    application.Application: tables.application,
    application.StageTransition: tables.stage_transition,
    document.Document: tables.document,
    consent_model.ConsentRecord: tables.consent_record,
    consent_model.ConsentEvent: tables.consent_event,
    activity.Activity: tables.activity,
    activity.Task: tables.task,
    client.Client: tables.client,
    client.ClientContact: tables.client_contact,
    mission.Mission: tables.mission,
    inbox.InboxItem: tables.inbox_item,
    agency.Agency: tables.agency,
    agency.User: tables.user,
    agency.Setting: tables.setting,
    agency.NoticeVersion: tables.notice_version,
    agency.TriageDecision: tables.triage_decision,
    agency.TriageSession: tables.triage_session,
    agency.AuditEvent: tables.audit_event,
}


@cache
def map_classes() -> None:
    """Map once in a process. ``rid``, clocks and the removal mark stay out of the classes."""
    hidden = ["rid", "dead", *CLOCK_COLUMNS]
    for cls, table in TABLE_OF.items():
        _registry.map_imperatively(cls, table, primary_key=[table.c.id], exclude_properties=hidden)
