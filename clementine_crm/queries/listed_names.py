"""Persons a list may show but no search may (to inform, to ask, placed), by the start of their name."""

from __future__ import annotations

from sqlalchemy import and_, exists, func, or_, select

from clementine_crm.domain.agency import Right
from clementine_crm.domain.consent import CARRYING
from clementine_crm.domain.consent_model import Use, permitted
from clementine_crm.domain.values import fold
from clementine_crm.queries.candidates import CandidateRow, candidate_rows
from clementine_crm.queries.reading import Reading, covers
from clementine_crm.store import derived_tables

LEAST, MOST_WORDS, MOST = 3, 5, 3
_ONLY_LISTED = [use.value for use in Use if permitted(use).list and not permitted(use).search]
_LAST = "\U0010ffff"


def only_listed(reading: Reading, text: str) -> list[CandidateRow]:
    """Those whose family name (and given name, in either order) begins as typed; few, or none."""
    words = fold(text).split()
    if len("".join(words)) < LEAST or len(words) > MOST_WORDS:
        return []
    doc, span = derived_tables.search_doc, derived_tables.consent_span
    # As it is sorted (family, given), or the given name typed first.
    typed = [(" ".join(words[at:]), " ".join(words[:at])) for at in range(len(words))]
    held = exists().where(
        span.c.dossier == doc.c.dossier,
        covers(reading.today),
        span.c.use.in_(_ONLY_LISTED),
        span.c.purpose.in_(CARRYING),
    )
    query = (
        select(doc.c.rid)
        .where(
            doc.c.kind == "candidate",
            or_(
                *(
                    and_(
                        doc.c.sort >= family,
                        doc.c.sort < family + _LAST,
                        *([func.instr(doc.c.sort, f" {given}") > 0] if given else []),
                    )
                    for family, given in typed
                )
            ),
            held,
        )
        .order_by(doc.c.sort, doc.c.rid)
        .limit(MOST * 2)
    )
    with reading.connect(Right.SEE_PERSONS) as connection:
        rids = list(connection.scalars(query))
    # A record of one kind may stand beside a wider one: the person's own standing decides.
    rows = candidate_rows(reading, rids)
    return [row for row in rows if row.standing.use in _ONLY_LISTED][:MOST]
