"""A candidate's application, for a mission or spontaneous."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from clementine_crm.domain.ids import Id, new_id

# The stable categories of stages; an agency's own stage names map onto them (issue of the pipeline).
RECEIVED, CONTACTED, INTERVIEW, PRESENTED, HIRED, REJECTED = (
    "received",
    "contacted",
    "interview",
    "presented",
    "hired",
    "rejected",
)


@dataclass(eq=False)
class Application:
    """``mission`` is None for a spontaneous application; ``attempt`` counts re-applications."""

    dossier: Id
    id: Id = field(default_factory=new_id)
    mission: Id | None = None
    reference: str = ""
    position: str = ""
    motivation: str = ""
    source: str = ""
    form: str = ""
    stage: str = RECEIVED
    attempt: int = 1
    received_at: datetime | None = None


@dataclass(eq=False)
class StageTransition:
    """One step of an application; append-only."""

    dossier: Id
    application: Id
    to_stage: str
    at: datetime
    id: Id = field(default_factory=new_id)
    from_stage: str = ""
    by: Id | None = None
