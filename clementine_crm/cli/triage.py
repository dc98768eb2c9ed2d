"""What waits, and the decisions."""

from __future__ import annotations

import argparse

from clementine_crm.cli.session import Answer, Session
from clementine_crm.cli.shape import ids, item_of
from clementine_crm.domain.ids import parse_id, show_id
from clementine_crm.queries.inbox import inbox, item
from clementine_crm.queries.known import perhaps_known
from clementine_crm.services.triage import (
    AskForMore,
    CloseWeek,
    DiscardItems,
    KeepItems,
    PutOff,
    UndoTriage,
)


def listing(given: argparse.Namespace, session: Session) -> Answer:
    """Everything that waits, what was set aside last."""
    del given
    with session.desk() as desk:
        queue = inbox(desk.reading)
        views = [item(desk.reading, row.id) for row in (*queue.rows, *queue.aside)]
    lines = [
        session.words(
            "cli.item_line",
            id=show_id(v.row.id),
            name=v.row.name or v.row.subject or "—",
            source=v.row.source,
            what=v.row.mission or v.row.position or v.row.subject,
        )
        + (f"  {session.words('cli.item_known')}" if v.known else "")
        for v in views
    ]
    return Answer({"items": [item_of(v) for v in views]}, lines)


def keep(given: argparse.Namespace, session: Session) -> Answer:
    """Items become candidates."""
    chosen = tuple(map(parse_id, given.ids))
    known = parse_id(given.known) if given.known else None
    with session.desk() as desk:
        kept = desk.execute(KeepItems(chosen, given.mission, known)).result
        near = perhaps_known(desk.reading, [k.dossier for k in kept])
    words = session.words
    prepared = sum(k.request == "prepared" for k in kept)
    lines = [words("cli.kept", n=len(kept))]
    if prepared:
        lines.append(words("cli.request_prepared", n=prepared))
    unasked = sum(k.request == "no_address" for k in kept)
    if unasked:
        lines.append(words("cli.request_no_address", n=unasked))
    if near:
        lines.append(words("cli.kept_apart", n=len(near), names=", ".join(k.name for _, k in near)))
    data = {
        "done": len(kept),
        "candidates": ids(k.dossier for k in kept),
        "requests_prepared": prepared,
        "maybe_known": [
            {"candidate": show_id(kept), "id": show_id(k.dossier), "name": k.name}
            for kept, k in near
        ],
    }
    return Answer(data, lines)


def discard(given: argparse.Namespace, session: Session) -> Answer:
    """Erased before it returns."""
    with session.desk() as desk:
        done = desk.execute(DiscardItems(tuple(map(parse_id, given.ids)))).result
    return Answer({"done": done, "candidates": []}, [session.words("cli.discarded", n=done)])


def ask(given: argparse.Namespace, session: Session) -> Answer:
    """A message that asks for what is missing waits in the outbox."""
    with session.desk() as desk:
        done = desk.execute(AskForMore(tuple(map(parse_id, given.ids)))).result
    return Answer({"done": done}, [session.words("cli.asked", n=done)])


def later(given: argparse.Namespace, session: Session) -> Answer:
    """To the end of the queue."""
    with session.desk() as desk:
        done = desk.execute(PutOff(tuple(map(parse_id, given.ids)))).result
    return Answer({"done": done}, [session.words("cli.put_off", n=done)])


def undo(given: argparse.Namespace, session: Session) -> Answer:
    """The last keep taken back."""
    del given
    with session.desk() as desk:
        back = desk.execute(UndoTriage()).result
    line = session.words("cli.undone", id=show_id(back))
    return Answer({"done": 1, "items": [show_id(back)], "candidates": []}, [line])


def close(given: argparse.Namespace, session: Session) -> Answer:
    """The week's session signed."""
    del given
    with session.desk() as desk:
        signed = desk.execute(CloseWeek()).result
    return Answer(dict(vars(signed)), [session.words("cli.week_signed", **vars(signed))])
