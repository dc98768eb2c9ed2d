"""A message of a recruiter, partner or visitor, kept: a client with a contact, never a candidate."""

from __future__ import annotations

from clementine_crm.domain.activity import MAIL, Activity
from clementine_crm.domain.candidate import ContactPoint
from clementine_crm.domain.client import Client, ClientContact
from clementine_crm.domain.consent_model import EventType, Purpose
from clementine_crm.domain.ids import Id, derived_id
from clementine_crm.domain.inbox import InboxItem
from clementine_crm.domain.values import fold
from clementine_crm.services.clients import client_named
from clementine_crm.services.documents import copy_documents
from clementine_crm.services.lawful import Proof, channel_of, open_record
from clementine_crm.services.work import Work


def keep_enquiry(item: InboxItem, work: Work) -> Id:
    """The client's dossier: company (or the person's name), contact, message, ENQUIRY record."""
    company = item.company.strip() or item.full_name or item.subject
    client = client_named(work, company)
    received = item.received_at or work.clock.now()
    contact = _contact(item, client, work)
    text = f"{item.subject}\n{item.message}".strip()
    activity = Activity(client.id, MAIL, received, text)
    work.uow.add(activity)
    work.uow.put_text(client.id, activity.id, text)
    copy_documents(work, item.id, client.id)
    proof = Proof(
        received,
        item.source,
        channel_of(item),
        evidence=f"{item.evidence}\n{item.message}".encode(),
    )
    open_record(work, client.id, Purpose.ENQUIRY, EventType.COLLECTED, proof, contact)
    return client.id


def _contact(item: InboxItem, client: Client, work: Work) -> Id:
    email, phone = (
        next((p.value for p in work.uow.find(ContactPoint, dossier=item.id, kind=kind)), "")
        for kind in ("email", "phone")
    )
    row = derived_id(client.id, f"contact/{email or fold(item.full_name)}")
    found = work.uow.find(ClientContact, id=row)
    contact = found[0] if found else ClientContact(client.id, id=row)
    contact.given_name = contact.given_name or item.given_name
    contact.family_name = contact.family_name or item.family_name
    contact.position = contact.position or item.position
    contact.email, contact.phone = contact.email or email, contact.phone or phone
    contact.source = contact.source or item.source
    contact.last_contact = work.clock.today()
    if not found:
        work.uow.add(contact)
    return row
