"""Who is not in the list of candidates, and why: counts by state, no name."""

from __future__ import annotations

from sqlalchemy import func, select

from clementine_crm.domain.agency import Right
from clementine_crm.domain.consent import CARRYING
from clementine_crm.domain.consent_model import State, Use
from clementine_crm.queries.candidates import listable
from clementine_crm.queries.reading import Reading, covers
from clementine_crm.store import derived_tables

LIMITED = "limited"
"""Restricted at the person's request, or kept only to explain a decision."""


def hidden_reasons(reading: Reading) -> list[tuple[str, int]]:
    """(state, persons), most first; a state that may only be stored counts as ``limited``."""
    doc, span = derived_tables.search_doc, derived_tables.consent_span
    query = (
        select(span.c.dossier, span.c.state, span.c.use)
        .join(doc, doc.c.dossier == span.c.dossier)
        .where(
            doc.c.kind == "candidate",
            covers(reading.today),
            span.c.purpose.in_(CARRYING),
            span.c.dossier.not_in(listable(reading.today)),
        )
    )
    counts: dict[str, set[bytes]] = {}
    with reading.connect(Right.SEE_PERSONS) as connection:
        for dossier, state, use in connection.execute(query):
            reason = LIMITED if use == Use.STORAGE_ONLY else State(state).value
            counts.setdefault(reason, set()).add(dossier)
        total = connection.scalar(
            select(func.count()).where(
                doc.c.kind == "candidate", doc.c.dossier.not_in(listable(reading.today))
            )
        )
    told = {dossier for held in counts.values() for dossier in held}
    found = sorted(((r, len(held)) for r, held in counts.items()), key=lambda line: -line[1])
    rest = (total or 0) - len(told)
    return [*found, ("none", rest)] if rest > 0 else found
