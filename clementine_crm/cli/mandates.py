"""Missions and clients."""

from __future__ import annotations

import argparse

from clementine_crm.cli.session import Answer, Session
from clementine_crm.cli.shape import client_of, mission_of
from clementine_crm.queries.missions import clients as read_clients
from clementine_crm.queries.missions import missions as read_missions
from clementine_crm.services.clients import AddClient
from clementine_crm.services.missions import AddMission, CloseMission


def add_mission(given: argparse.Namespace, session: Session) -> Answer:
    """A client's mandate."""
    command = AddMission(
        given.reference, given.title, given.client, given.mission_lang, given.criteria
    )
    with session.desk() as desk:
        made = desk.execute(command).result
        found = [m for m in read_missions(desk.reading) if m.id == made]
    line = session.words("cli.mission_added", reference=given.reference)
    return Answer({"missions": [mission_of(m) for m in found]}, [line])


def missions(given: argparse.Namespace, session: Session) -> Answer:
    """Every mandate, open ones first."""
    del given
    with session.desk() as desk:
        found = read_missions(desk.reading)
    words = session.words
    lines = [
        f"{m.reference}  {m.title}  {m.client}  {words(f'cli.mission_is_{m.status}')}"
        for m in found
    ]
    return Answer({"missions": [mission_of(m) for m in found]}, lines)


def close_mission(given: argparse.Namespace, session: Session) -> Answer:
    """A mandate closed."""
    with session.desk() as desk:
        closed = desk.execute(CloseMission(given.reference)).result
        found = [m for m in read_missions(desk.reading) if m.id == closed]
    line = session.words("cli.mission_closed", reference=given.reference)
    return Answer({"missions": [mission_of(m) for m in found]}, [line])


def add_client(given: argparse.Namespace, session: Session) -> Answer:
    """A company we work for."""
    with session.desk() as desk:
        made = desk.execute(AddClient(given.name)).result
        found = [c for c in read_clients(desk.reading) if c.id == made]
    return Answer(
        {"clients": [client_of(c) for c in found]},
        [session.words("cli.client_added", name=given.name)],
    )


def clients(given: argparse.Namespace, session: Session) -> Answer:
    """Every client by name."""
    del given
    with session.desk() as desk:
        found = read_clients(desk.reading)
    lines = [f"{c.name}  {c.town}  {', '.join(c.missions)}" for c in found]
    return Answer({"clients": [client_of(c) for c in found]}, lines)
