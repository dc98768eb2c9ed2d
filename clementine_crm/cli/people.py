"""Candidates: lists, one dossier, search, notes, tasks, consents, export."""

from __future__ import annotations

import argparse

from clementine_crm.cli.session import Answer, Session
from clementine_crm.cli.shape import candidate_of, dossier_of, ids, record_of, task_of
from clementine_crm.domain.ids import parse_id, show_id
from clementine_crm.outgoing.person_zip import check_export_place, write_person_zip
from clementine_crm.queries.candidates import candidate_ids, candidate_rows
from clementine_crm.queries.consents import consent_lines
from clementine_crm.queries.dossier import candidate
from clementine_crm.queries.search import search as find
from clementine_crm.queries.tasks import tasks as read_tasks
from clementine_crm.services.activities import AddNote, AddTask, CompleteTask
from clementine_crm.services.audit import NoteView
from clementine_crm.services.exporting import ExportCandidate, plain


def listing(given: argparse.Namespace, session: Session) -> Answer:
    """Everybody who may be listed, by name."""
    del given
    with session.desk() as desk:
        found = candidate_ids(desk.reading)
        rows = candidate_rows(desk.reading, list(found.rids))
    lines = [f"{show_id(r.id)}  {r.name}  {r.headline}" for r in rows]
    if found.hidden:
        lines.append(session.words("cli.hidden", n=found.hidden))
    return Answer({"candidates": [candidate_of(r) for r in rows], "hidden": found.hidden}, lines)


def show(given: argparse.Namespace, session: Session) -> Answer:
    """One dossier whole; who opened it is logged."""
    id = parse_id(given.id)
    with session.desk() as desk:
        view = candidate(desk.reading, id)
        desk.execute(NoteView(id))
    data = dossier_of(view)
    lines = [f"{view.name}  {view.headline}"]
    lines += [f"  {p.kind}: {p.value}" for p in view.points]
    lines += [
        f"  {line.at:%Y-%m-%d}  {line.kind}  {line.title} {line.text}" for line in view.thread
    ]
    return Answer(data, lines)


def export(given: argparse.Namespace, session: Session) -> Answer:
    """Everything held on a person, as one zip."""
    id = parse_id(given.id)
    # Before anything is gathered: an export leaves a line in the audit.
    check_export_place(given.out)
    with session.desk() as desk:
        gathered = desk.execute(ExportCandidate(id, given.reason)).result
    write_person_zip(gathered, given.out, session.clock.now())
    count = len(gathered.documents)
    data = {"file": str(given.out), "documents": count, "lost": list(gathered.lost)}
    line = session.words("cli.exported", file=str(given.out), n=count)
    return Answer(data, [line], 1 if gathered.lost else 0)


def search(given: argparse.Namespace, session: Session) -> Answer:
    """Words, phrases, AND OR NOT, prefixes, filters."""
    with session.desk() as desk:
        answer = find(desk.reading, given.query, limit=given.limit)
    # Names that look alike follow what was found, and say so.
    hits = [
        {
            "id": show_id(h.id),
            "name": h.name,
            "snippet": h.snippet,
            "score": h.score,
            "why": h.why,
        }
        for h in (*answer.hits, *answer.near)
    ]
    data = {
        "total": answer.total,
        "exact": answer.exact,
        "hits": hits,
        "hidden": answer.hidden,
        "ms": answer.ms,
    }
    lines = [f"{h['id']}  {h['name']}  {h['snippet']}" for h in hits]
    return Answer(data, [*lines, session.words("cli.found", n=answer.total)])


def note(given: argparse.Namespace, session: Session) -> Answer:
    """A note on any dossier."""
    with session.desk() as desk:
        made = desk.execute(AddNote(parse_id(given.id), given.text)).result
    return Answer({"activity": show_id(made)}, [session.words("cli.noted")])


def add_task(given: argparse.Namespace, session: Session) -> Answer:
    """Something to do by a day."""
    with session.desk() as desk:
        made = desk.execute(AddTask(parse_id(given.id), given.text, given.due)).result
        listed = [task_of(t) for t in read_tasks(desk.reading) if t.id == made]
    return Answer({"tasks": listed}, [session.words("cli.task_added")])


def tasks(given: argparse.Namespace, session: Session) -> Answer:
    """Open tasks, earliest first."""
    del given
    with session.desk() as desk:
        found = read_tasks(desk.reading)
    lines = [f"{show_id(t.id)}  {plain(t.due) or '—'}  {t.text}  {t.about}" for t in found]
    return Answer({"tasks": [task_of(t) for t in found]}, lines)


def done(given: argparse.Namespace, session: Session) -> Answer:
    """Tasks ticked."""
    chosen = [parse_id(id) for id in given.ids]
    with session.desk() as desk:
        for id in chosen:
            desk.execute(CompleteTask(id))
    return Answer({"tasks": ids(chosen)}, [session.words("cli.tasks_done", n=len(chosen))])


def consents(given: argparse.Namespace, session: Session) -> Answer:
    """State, evidence and dates; of one person or of all."""
    with session.desk() as desk:
        found = consent_lines(desk.reading, parse_id(given.id) if given.id else None)
    lines = [
        f"{line.person}  {line.purpose}  {line.dates.state}  "
        f"{plain(line.dates.valid_through) or ''}"
        for line in found
    ]
    return Answer({"records": [record_of(line) for line in found]}, lines)
