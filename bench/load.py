"""A home filled from a corpus through the services: each person as kept, searchable from that day.

The consent is recorded as any other, for the pool, on the day of loading, with evidence "bench". The
CV is a document of the dossier, sealed like any other; its text is not read a second time.
"""

from __future__ import annotations

import hashlib
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import islice

from bench.corpus import CorpusPerson
from clementine_crm.bootstrap import Desk
from clementine_crm.domain.activity import NOTE, Activity
from clementine_crm.domain.agency import NoticeVersion
from clementine_crm.domain.application import (
    CONTACTED,
    HIRED,
    INTERVIEW,
    PRESENTED,
    RECEIVED,
    REJECTED,
    Application,
    StageTransition,
)
from clementine_crm.domain.candidate import Candidate, ContactPoint, Provenance, Skill
from clementine_crm.domain.consent_model import Channel, EventType, Purpose
from clementine_crm.domain.document import Document
from clementine_crm.domain.ids import Id, derived_id
from clementine_crm.domain.values import fold, normalise_email, normalise_phone
from clementine_crm.services.lawful import Proof, notice_shown, open_first_records
from clementine_crm.services.work import HANDLERS, Command, Dispatcher, Work

SOURCE = "bench"
AT_ONCE = 500
_STAGES = {
    "screening": CONTACTED,
    "phone": CONTACTED,
    "interview": INTERVIEW,
    "client": PRESENTED,
    "offer": PRESENTED,
    "hired": HIRED,
    "rejected": REJECTED,
    "withdrawn": REJECTED,
}


@dataclass(frozen=True)
class KeepPeople(Command[tuple[Id, ...]]):
    """Persons of a corpus become candidates in one transaction. Corpus id n is the n-th candidate."""

    people: tuple[CorpusPerson, ...]
    documents: bool = True


def keep_people(command: KeepPeople, work: Work) -> tuple[Id, ...]:
    """Rows first, texts after: so that each table is written in one go."""
    kept = [(person, work.uow.open_dossier("candidate")) for person in command.people]
    for person, dossier in kept:
        _person(person, dossier, work)
    notice = notice_shown(work, Purpose.POOL, SOURCE, SOURCE, "fr", work.clock.now())
    dossiers = tuple(dossier for _, dossier in kept)
    open_first_records(work, dossiers, Purpose.POOL, EventType.CONSENT_GIVEN, _proof(notice, work))
    texts = [_texts(person, dossier, work) for person, dossier in kept]
    if command.documents:
        for (person, dossier), text in zip(kept, texts, strict=True):
            work.uow.add(_document(person, dossier, text, work))
    return dossiers


def load(
    desk: Desk, people: Iterator[CorpusPerson], *, at_once: int = AT_ONCE, documents: bool = True
) -> Iterator[int]:
    """Fill a home; yields how many are in it after each transaction."""
    dispatcher = Dispatcher(
        desk.unit_of_work,
        desk.actor.email,
        desk.clock,
        desk.reader,
        {**HANDLERS, KeepPeople: keep_people},
    )
    done = 0
    while some := tuple(islice(people, at_once)):
        dispatcher.execute(KeepPeople(some, documents))
        done += len(some)
        yield done


def _person(person: CorpusPerson, dossier: Id, work: Work) -> None:
    now = work.clock.now()
    work.uow.add(
        Candidate(
            dossier,
            id=dossier,
            given_name=person.given_name,
            family_name=person.family_name,
            headline=person.title,
            town=person.city,
            lang=person.lang,
            source=SOURCE,
            owner=work.actor.id,
            created_at=now,
            last_contact=work.clock.today(),
        )
    )
    points = (
        ("email", normalise_email(person.email) or person.email),
        ("phone", normalise_phone(person.phone) or person.phone),
    )
    for kind, value in points:
        row = derived_id(dossier, f"{kind}/{value}")
        work.uow.add(ContactPoint(dossier, kind, value, id=row))
    for name in dict.fromkeys(person.skills):
        work.uow.add(Skill(dossier, name, id=derived_id(dossier, f"skill/{fold(name)}")))
    work.uow.add(Provenance(dossier, dossier, "*", SOURCE, now, f"{SOURCE} {person.id}"))
    for place, held in enumerate(person.applications):
        application = Application(
            dossier,
            id=derived_id(dossier, f"application/{place}"),
            position=held.job,
            motivation=held.company,
            source=SOURCE,
            stage=_STAGES.get(held.stage, RECEIVED),
            attempt=1,
            received_at=_at(held.date),
        )
        work.uow.add(application)
        work.uow.add(
            StageTransition(
                dossier, application.id, application.stage, _at(held.date), by=work.actor.id
            )
        )
    for place, note in enumerate(person.notes):
        row = derived_id(dossier, f"note/{place}")
        work.uow.add(Activity(dossier, NOTE, _at(note.date), note.text, id=row, by=work.actor.id))


def _document(person: CorpusPerson, dossier: Id, text: str, work: Work) -> Document:
    data = person.cv_text.encode()
    return Document(
        dossier,
        "cv.txt",
        "text/plain",
        len(data),
        hashlib.sha256(data).digest(),
        id=derived_id(dossier, "cv"),
        blob=work.uow.put_document(dossier, data),
        text_blob=text,
        role="cv",
        kind="text",
        lang=person.lang,
        pages=1,
        text_chars=len(person.cv_text),
        received_at=work.clock.now(),
    )


def _texts(person: CorpusPerson, dossier: Id, work: Work) -> str:
    """Index what is written about a person; the name of the CV's text."""
    for place, note in enumerate(person.notes):
        work.uow.put_text(dossier, derived_id(dossier, f"note/{place}"), note.text)
    return work.uow.put_text(dossier, derived_id(dossier, "cv"), person.cv_text)


def _proof(notice: NoticeVersion, work: Work) -> Proof:
    return Proof(
        received=work.clock.now(),
        source=SOURCE,
        channel=Channel.IMPORT,
        answer=SOURCE,
        evidence=SOURCE.encode(),
        notice=notice,
    )


def _at(day: str) -> datetime:
    return datetime.fromisoformat(day).replace(tzinfo=UTC)


def rate(people: int, began: float) -> str:
    seconds = time.perf_counter() - began
    return f"{people} persons in {seconds:.1f} s ({people / seconds:.0f}/s)"
