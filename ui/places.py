"""The places of the program, in the order of the rail, and who sees which.

A place's page is imported when it is first opened: the window stands before the last page is read.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from importlib import import_module

from clementine_crm.domain.agency import Right, User
from ui.context import UiContext
from ui.pages.base import Page
from ui.ports import Desk
from ui.shell import Place


@dataclass(frozen=True)
class Room:
    """A place: its page as ``module:Class``, and the rights of which one is enough to see it."""

    name: str
    icon: str
    page: str
    rights: tuple[Right, ...]
    low: bool = False
    under: str = ""
    asks_desk: bool = False


ROOMS = (
    Room("today", "today", "ui.pages.today:TodayPage", (Right.SEE_PERSONS,)),
    Room("triage", "triage", "ui.pages.triage:TriagePage", (Right.TRIAGE,)),
    Room("candidates", "people", "ui.pages.candidates:CandidatesPage", (Right.SEE_PERSONS,)),
    Room("dossier", "", "ui.pages.dossier:DossierPage", (Right.SEE_PERSONS,), under="candidates"),
    Room("missions", "mission", "ui.pages.missions:MissionsPage", (Right.SEE_PERSONS,)),
    Room("clients", "client", "ui.pages.clients:ClientsPage", (Right.SEE_PERSONS,)),
    Room("import", "upload", "ui.pages.imports:ImportPage", (Right.IMPORT,)),
    Room(
        "administration", "admin", "ui.pages.administration:AdministrationPage",
        (Right.PLUGINS, Right.BACKUP), low=True, asks_desk=True,
    ),
)  # fmt: skip


def seen_by(actor: User) -> tuple[Room, ...]:
    """The places of somebody, by rights."""
    return tuple(room for room in ROOMS if any(actor.may(right) for right in room.rights))


def places(desk: Desk, rooms: Sequence[Room] | None = None) -> list[Place]:
    """The places of who works at this desk."""
    chosen = seen_by(desk.actor) if rooms is None else rooms
    return [
        Place(room.name, room.icon, f"shell.{room.name}", _maker(room, desk), room.low, room.under)
        for room in chosen
    ]


def _maker(room: Room, desk: Desk) -> Callable[[UiContext], Page]:
    module, _, name = room.page.partition(":")

    def make(ctx: UiContext) -> Page:
        kind = getattr(import_module(module), name)
        page: Page = kind(ctx, desk) if room.asks_desk else kind(ctx)
        return page

    return make
