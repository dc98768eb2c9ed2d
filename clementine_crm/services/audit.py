"""Acts that change nothing and are logged all the same (``gdpr.md`` 5.2)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from clementine_crm.domain.agency import Right
from clementine_crm.services.work import OnDossier, Work, handles


@dataclass(frozen=True)
class NoteView(OnDossier[None]):
    """Somebody opened a dossier."""

    needs: ClassVar[Right] = Right.SEE_PERSONS


@handles(NoteView)
def note_view(command: NoteView, work: Work) -> None:
    # NotFound for a dossier that is gone: a view of nothing is no line of the log.
    work.uow.kind_of(command.dossier)
