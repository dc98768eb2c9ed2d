"""What comes in, and imports taken back."""

from __future__ import annotations

import argparse

from clementine_crm.cli.session import Answer, Session
from clementine_crm.cli.shape import ids
from clementine_crm.domain.ids import parse_id, show_id
from clementine_crm.queries import house
from clementine_crm.services.batches import UndoBatch
from clementine_crm.services.exporting import plain
from clementine_crm.services.intake import ImportFiles, ImportReport


def bring_in(given: argparse.Namespace, session: Session) -> Answer:
    """Files or folders into the inbox; 1 when rows were rejected, or when it was stopped."""
    command = ImportFiles(
        tuple(given.paths), given.source, given.origin, given.ground, given.last_contact
    )
    with session.desk() as desk, session.job() as job:
        report: ImportReport = desk.execute(command, job).result
    words = session.words
    rejected = [
        {
            "path": row.path,
            "row": row.row,
            "reason": words(f"reading.{row.reason}", **row.params),
            "code": row.reason,
        }
        for row in report.rejected
    ]
    data = {
        "read": report.read,
        "accepted": report.accepted,
        "already_known": report.already_known,
        "rejected": rejected,
        "merged": report.merged,
        "set_aside": report.set_aside,
        "left_out": list(report.left_out),
        "items": ids(report.items),
        "batch": show_id(report.batch),
        "state": report.state,
    }
    lines = [
        words(
            "cli.imported",
            read=report.read,
            accepted=report.accepted,
            known=report.already_known,
            rejected=len(rejected),
            merged=report.merged,
            aside=report.set_aside,
        )
    ]
    lines += [words("cli.rejected_row", **row) for row in rejected]
    if report.left_out:
        lines.append(words("cli.left_out", fields=", ".join(report.left_out)))
    if report.state != "done":
        lines.append(words(f"cli.import_{report.state}"))
    return Answer(data, lines, 1 if rejected or report.state != "done" else 0)


def batches(given: argparse.Namespace, session: Session) -> Answer:
    """Imports of the last thirty days."""
    del given
    with session.desk() as desk:
        found = house.batches(desk.reading)
    listed = [
        {
            **{name: plain(value) for name, value in vars(b).items()},
            "left_out": list(b.left_out),
        }
        for b in found
    ]
    lines = [
        session.words(
            "cli.batch_line",
            id=show_id(b.id),
            at=f"{b.at:%Y-%m-%d %H:%M}",
            path=b.path,
            accepted=b.accepted,
            rejected=b.rejected,
        )
        for b in found
    ]
    return Answer({"batches": listed}, lines)


def undo_batch(given: argparse.Namespace, session: Session) -> Answer:
    """An import taken back whole."""
    with session.desk() as desk:
        undone = desk.execute(UndoBatch(parse_id(given.id))).result
    line = session.words("cli.batch_undone", **vars(undone))
    return Answer({"batches": [{"id": given.id, **vars(undone)}]}, [line])
