"""What may be done with a person today: the one question every write on a dossier asks first."""

from __future__ import annotations

from typing import Literal

from clementine_crm.domain.consent import permitted, state_at, use_of_person
from clementine_crm.domain.consent_model import ConsentEvent, ConsentRecord, Use
from clementine_crm.domain.ids import Id, show_id
from clementine_crm.services.work import Work, refuse_unless

Act = Literal["search", "list", "mail", "ask", "present", "export", "edit"]


def use_today(work: Work, dossier: Id) -> Use:
    """The widest use among the records of a candidate's dossier at the legal date."""
    events = work.uow.find(ConsentEvent, dossier=dossier)
    today = work.clock.today()
    return use_of_person(
        (record.purpose, state_at(record, events, today)[1])
        for record in work.uow.find(ConsentRecord, dossier=dossier)
    )


def require(work: Work, dossier: Id, act: Act) -> None:
    """RuleViolation ``person_restricted`` when the state of a candidate forbids the act.

    Dossiers of other kinds hold no person of their own to protect here.
    """
    if work.uow.kind_of(dossier) != "candidate":
        return
    allowed = getattr(permitted(use_today(work, dossier)), act)
    refuse_unless(allowed, "person_restricted", id=show_id(dossier))
