"""One command, one handler: everything the agency can do, without a screen.

Importing this package registers every handler.
"""

from clementine_crm.services import (
    activities,
    agencies,
    audit,
    batches,
    candidates,
    clients,
    exporting,
    intake,
    missions,
    triage,
    waiting,
)

__all__ = [
    "activities",
    "agencies",
    "audit",
    "batches",
    "candidates",
    "clients",
    "exporting",
    "intake",
    "missions",
    "triage",
    "waiting",
]
