"""Messages written from a template that wait in the outbox; sending comes with the mail account."""

from __future__ import annotations

from clementine_crm.domain.agency import Agency
from clementine_crm.domain.candidate import ContactPoint
from clementine_crm.domain.ids import Id, new_id
from clementine_crm.ports import OutgoingMessage
from clementine_crm.services.work import Work
from clementine_crm.words import Words

WAITING = "waiting"


def address_of(work: Work, dossier: Id) -> str:
    """The first e-mail of a dossier, empty when there is nobody to ask."""
    emails = work.uow.find(ContactPoint, dossier=dossier, kind="email")
    return emails[0].value if emails else ""


def words_for(lang: str) -> Words:
    """Letters follow the person's language; French when it is not known."""
    return Words("en" if lang == "en" else "fr")


def prepare_letter(
    work: Work, dossier: Id, letter: str, *, given_name: str, lang: str, **more: object
) -> bool:
    """Write ``letters.<letter>`` to the person of a dossier; False without an address."""
    email = address_of(work, dossier)
    if not email:
        return False
    words = words_for(lang)
    params = {
        "given_name": given_name,
        "agency": work.uow.find(Agency)[0].name,
        "user": work.actor.name,
        "user_email": work.actor.email,
        **more,
    }
    work.uow.put_message(
        OutgoingMessage(
            new_id(),
            dossier,
            email,
            words(f"letters.{letter}_subject", **params),
            words(f"letters.{letter}_body", **params),
            words.lang,
            WAITING,
            work.clock.now(),
        )
    )
    return True
