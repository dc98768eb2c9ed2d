"""Values as the JSON of the command line shows them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from clementine_crm.domain.ids import Id, show_id
from clementine_crm.queries.candidates import CandidateRow
from clementine_crm.queries.consents import ConsentLine
from clementine_crm.queries.documents import DocumentRow
from clementine_crm.queries.dossier import CandidateView
from clementine_crm.queries.inbox import ItemView
from clementine_crm.queries.missions import ClientRow, MissionRow
from clementine_crm.queries.tasks import TaskRow
from clementine_crm.services.exporting import plain


def ids(values: Iterable[Id]) -> list[str]:
    return [show_id(value) for value in values]


def item_of(view: ItemView) -> dict[str, Any]:
    """One item that waits."""
    row = view.row
    return {
        "id": show_id(row.id),
        "source": row.source,
        "received_at": plain(row.received_at),
        "kind": row.kind,
        "form": row.form,
        "given_name": row.given_name,
        "family_name": row.family_name,
        "emails": list(view.emails),
        "phones": list(view.phones),
        "reference": row.reference,
        "mission": row.mission,
        "position": row.position,
        "company": view.company,
        "subject": row.subject,
        "message": view.message,
        "status": row.status,
        "set_aside": row.set_aside,
        "red": row.red,
        "tags": list(view.tags),
        "left_out": list(view.left_out),
        "warnings": list(view.warnings),
        "evidence": view.evidence,
        "documents": [document_of(d) for d in view.documents],
        "consents": [vars(box) for box in view.boxes],
        "missions": [vars(hint) for hint in view.hints],
        "maybe_known": [
            {
                "id": show_id(k.dossier),
                "name": k.name,
                "evidence": list(k.evidence),
                "confidence": k.confidence,
            }
            for k in view.known
        ],
    }


def document_of(row: DocumentRow) -> dict[str, Any]:
    return {
        "id": show_id(row.id),
        "name": row.name,
        "media_type": row.media_type,
        "role": row.role,
        "characters": row.characters,
        "size": row.size,
        "reason": row.reason,
        "flags": list(row.flags),
    }


def candidate_of(row: CandidateRow) -> dict[str, Any]:
    standing = row.standing
    return {
        "id": show_id(row.id),
        "name": row.name,
        "headline": row.headline,
        "town": row.town,
        "source": row.source,
        "last_contact": plain(row.last_contact),
        "use": standing.use,
        "state": standing.state,
        "kept_until": plain(standing.until),
    }


def dossier_of(view: CandidateView) -> dict[str, Any]:
    """A candidate's dossier whole."""
    return {
        "id": show_id(view.id),
        "given_name": view.given_name,
        "family_name": view.family_name,
        "headline": view.headline,
        "town": view.town,
        "postal_address": view.postal_address,
        "availability": view.availability,
        "lang": view.lang,
        "source": view.source,
        "owner": view.owner,
        "created_at": plain(view.created_at),
        "last_contact": plain(view.last_contact),
        "use": view.standing.use,
        "state": view.standing.state,
        "kept_until": plain(view.standing.until),
        "emails": [p.value for p in view.points if p.kind == "email"],
        "phones": [p.value for p in view.points if p.kind == "phone"],
        "skills": [s.name for s in view.skills],
        "languages": [s.name for s in view.languages],
        "experience": [e.name for e in view.experience],
        "education": [e.name for e in view.education],
        "tags": [t.name for t in view.tags],
        "applications": [
            {name: plain(value) for name, value in vars(a).items()} for a in view.applications
        ],
        "documents": [document_of(d) for d in view.documents],
        "tasks": [task_of(t) for t in view.tasks],
        "thread": [{name: plain(value) for name, value in vars(t).items()} for t in view.thread],
        "consents": [record_of(c) for c in view.consents],
        "provenance": [
            {
                "cells": list(o.cells),
                "source": o.source,
                "at": plain(o.at),
                "evidence": o.evidence,
            }
            for o in view.origins
        ],
    }


def record_of(line: ConsentLine) -> dict[str, Any]:
    """One consent record with the dates that scripts rely on."""
    dates = line.dates
    return {
        "id": show_id(line.record),
        "person": show_id(line.dossier),
        "name": line.person,
        "purpose": line.purpose,
        "source": line.source,
        "state": dates.state,
        "use": dates.use,
        "given_on": plain(dates.granted_on),
        "valid_through": plain(dates.valid_through),
        "renewal_due_on": plain(dates.renewal_due_on),
        "ask_by": plain(dates.ask_by),
        "answer_by": plain(dates.answer_by),
        "erase_on": plain(dates.erase_on),
        "events": [{name: plain(value) for name, value in vars(e).items()} for e in line.events],
    }


def task_of(task: TaskRow) -> dict[str, Any]:
    return {
        "id": show_id(task.id),
        "dossier": show_id(task.dossier),
        "about": task.about,
        "text": task.text,
        "due": plain(task.due),
        "done_at": plain(task.done_at),
    }


def mission_of(mission: MissionRow) -> dict[str, Any]:
    return {
        "id": show_id(mission.id),
        "reference": mission.reference,
        "title": mission.title,
        "client": mission.client,
        "status": mission.status,
        "lang": mission.lang,
        "criteria": list(mission.criteria),
        "opened_on": plain(mission.opened_on),
        "closed_on": plain(mission.closed_on),
        "applications": mission.applications,
        "waiting": mission.waiting,
    }


def client_of(client: ClientRow) -> dict[str, Any]:
    return {
        "id": show_id(client.id),
        "name": client.name,
        "town": client.town,
        "contacts": [
            {name: plain(value) for name, value in vars(c).items()} for c in client.contacts
        ],
        "missions": list(client.missions),
    }
