"""What the pictures show beside the places: the doors with invented persons, sheets, empty places."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from PySide6.QtWidgets import QDialog, QWidget

from clementine_crm.queries.today import Today
from ui.context import UiContext
from ui.dialogs.client import ClientSheet
from ui.dialogs.details import DetailsSheet
from ui.dialogs.import_sheet import ImportSheet
from ui.dialogs.mission import MissionSheet
from ui.dialogs.restore import RestoreSheet
from ui.dialogs.task import TaskSheet
from ui.jobs import Runner
from ui.pages.base import Page
from ui.pages.clients import ClientsPage, House
from ui.pages.first_start import FirstStart
from ui.pages.imports import ImportPage
from ui.pages.imports_survey import Survey
from ui.pages.missions import MissionsPage
from ui.pages.today import TodayPage
from ui.pages.unlock import Unlock
from ui.ports import Person
from ui.speech import say
from ui.widgets.question import Question

SHEET = (
    "lavande crayon mistral bocage tambour orchidée falaise lucarne noisette verger panier horloge "
    "sentier écume carrefour violon lanterne moisson ruche granit hirondelle fougère marelle cadran"
).split()
_PLACES = (4, 11, 19)


@dataclass(frozen=True)
class _Camille:
    email: str = "camille.roux@example.org"
    name: str = "Camille Roux"


class _Keys:
    """Answers as the keys would, at once, for somebody who does not exist."""

    persons: Sequence[Person] = (_Camille(),)
    key_store = "Windows"
    remembered = False

    def password_rules(
        self, password: str, about: Sequence[str] = ()
    ) -> Sequence[tuple[str, bool]]:
        """The rules that a person sees."""
        return (
            ("length", len(password) >= 12), ("lower", password != password.upper()),
            ("upper", password != password.lower()), ("digit", any(c.isdigit() for c in password)),
            ("special", bool(password) and not password.isalnum()), ("leaked", bool(password)),
            ("personal", not any(word and word in password for word in about)),
        )  # fmt: skip

    def create(self, agency: str, name: str, email: str, password: str) -> Sequence[str]:  # noqa: ARG002 (nobody)
        """Words that open nothing."""
        return SHEET

    def confirm(self) -> None:
        """Nothing was made."""

    def unlock(self, email: str, password: str, remember: bool) -> None:
        """Nothing opens."""

    def recover(self, email: str, words: Sequence[str], password: str) -> None:
        """Nothing opens."""


@dataclass(frozen=True)
class Door:
    """A screen before the places."""

    name: str
    make: Callable[[Runner], QWidget]


def _first(runner: Runner, upto: int) -> FirstStart:
    page = FirstStart(_Keys(), runner, version="0.1.0", places=_PLACES)
    page.agency.agency.set_text("Cabinet Horizon")
    page.you.name.set_text("Nadia Ferrand")
    page.you.email.set_text("nadia.ferrand@example.org")
    for _ in range(min(upto, 2)):
        page.forward()
    if upto == 2:
        page.password.pair.first.set_text("Orage-tranquille")
    if upto >= 3:
        page.show_words(SHEET)
    if upto == 3 and page.key is not None:
        page.key.by_hand.click()
        for place, field in zip(_PLACES[:2], page.key.answers, strict=False):
            field.set_text(SHEET[place - 1])
    if upto == 4:
        page.show_step(4)
    return page


def _unlock(runner: Runner) -> Unlock:
    return Unlock(_Keys(), runner)


def _recovery(runner: Runner) -> Unlock:
    page = Unlock(_Keys(), runner)
    page.show_recovery()
    page.words.setPlainText(" ".join(SHEET[:20]))
    return page


DOORS: tuple[Door, ...] = (
    Door("first-agency", lambda runner: _first(runner, 0)),
    Door("first-you", lambda runner: _first(runner, 1)),
    Door("first-password", lambda runner: _first(runner, 2)),
    Door("first-key", lambda runner: _first(runner, 3)),
    Door("first-data", lambda runner: _first(runner, 4)),
    Door("unlock", _unlock),
    Door("recovery", _recovery),
)

Make = Callable[[UiContext, date, QWidget], QDialog]


def _import(ctx: UiContext, today: date, parent: QWidget) -> QDialog:  # noqa: ARG001 (one shape for all)
    found = Survey((Path("CV"),), 2000, 14, 1, ("Comptabilité", "Paie", "Direction", "Stages 2025"))
    sheet = ImportSheet(found, today, lambda _command: None, parent)
    sheet.grounds["unknown"].setChecked(True)
    return sheet


def _question(ctx: UiContext, today: date, parent: QWidget) -> QDialog:  # noqa: ARG001
    return Question(
        say("imports.undo_title", when="24/11"), say("imports.undo_made", n=28, count="28"),
        act=say("imports.undo_act"), keep=say("imports.undo_keep"), on_act=lambda: None,
        parent=parent,
    )  # fmt: skip


SHEETS: dict[str, Make] = {
    "task": lambda ctx, _today, parent: TaskSheet(ctx, [], parent),
    "mission": lambda ctx, _today, parent: MissionSheet(ctx, ["Banque Horizon"], "", parent),
    "client": lambda ctx, _today, parent: ClientSheet(ctx, parent),
    "import": _import,
    "question": _question,
    "details": lambda _ctx, _today, parent: DetailsSheet(
        "Busy base_locked\n  work.py:161 execute", parent
    ),
    "restore": lambda _ctx, _today, parent: RestoreSheet(
        "20261124T081200Z", Path("E:/copies"), parent
    ),
}


def _today(page: Page, ctx: UiContext) -> None:
    if isinstance(page, TodayPage):
        weeks = tuple((f"2026-W{week}", 0) for week in range(41, 49))
        calm = Today(
            ctx.clock.today(), 0, 0, 0, (), 0, weeks, True, {}, 0, (), 0, None, True
        )  # fmt: skip
        page.show_day(calm)


def _missions(page: Page, ctx: UiContext) -> None:  # noqa: ARG001
    if isinstance(page, MissionsPage):
        page.show_missions([])


def _clients(page: Page, ctx: UiContext) -> None:  # noqa: ARG001
    if isinstance(page, ClientsPage):
        page.show_house(House([], []))


def _imports(page: Page, ctx: UiContext) -> None:  # noqa: ARG001
    if isinstance(page, ImportPage):
        page.show_imports([])


EMPTY: dict[str, Callable[[Page, UiContext], None]] = {
    "today": _today, "missions": _missions, "clients": _clients, "import": _imports,
}  # fmt: skip
