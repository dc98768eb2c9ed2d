"""Aujourd’hui: figures that open their lists, tasks ticked and taken back, the copy that is red."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from clementine_crm.domain.agency import Role, User
from clementine_crm.domain.consent_model import State, Use
from clementine_crm.queries.candidates import CandidateFilter
from clementine_crm.queries.house import CopyRow
from clementine_crm.queries.tasks import TaskRow
from clementine_crm.queries.today import Today, stale
from clementine_crm.services.activities import AddTask
from ui import screens
from ui.dialogs.task import TaskSheet
from ui.pages.today import TodayPage, summary
from ui.pages.today_cards import HELD
from ui.speech import say
from ui.widgets.date_field import day_of
from ui.widgets.empty import EmptyState

DAY = date(2026, 11, 24)


def now(**given: object) -> Today:
    """A calm day, but for what is given."""
    calm: dict[str, object] = {
        "day": DAY, "waiting": 0, "red": 0, "set_aside": 0, "tasks": (), "late": 0,
        "arrivals": tuple((f"2026-W{week}", 3) for week in range(41, 49)), "week_signed": True,
        "held": {State.GIVEN: 3}, "to_inform": 0, "link_due": (), "outbox": 0,
        "copy": CopyRow("c", datetime(2026, 11, 24, 7, tzinfo=UTC), "E:", 3, 10, True),
        "copy_red": False,
    }  # fmt: skip
    return Today(**{**calm, **given})  # type: ignore[arg-type]


def task(text: str, due: date | None = DAY) -> TaskRow:
    return TaskRow(text.encode(), b"agency", text, due, None)


def add_task(driver, text: str, due: date | None = None) -> None:
    actor = driver.shell.ctx.actor
    driver.shell.ctx.dispatch(AddTask(actor.dossier, text, due))
    driver.calm()


@pytest.mark.parametrize(
    ("given", "key", "params"),
    [
        ({}, "sum_clear", {}),
        ({"waiting": 2}, "sum_waiting", {"n": 2, "count": "2"}),
        ({"red": 3, "waiting": 3}, "sum_red", {"n": 3, "count": "3"}),
        ({"late": 1, "waiting": 2}, "sum_late", {"n": 1, "count": "1"}),
        ({"red": 2, "late": 1}, "sum_red_late", {"n": 1, "red": "2", "late": "1"}),
        ({"tasks": (task("Rappeler"),)}, "sum_due", {"n": 1, "count": "1"}),
        ({"tasks": (task("Plus tard", DAY + timedelta(9)),)}, "sum_clear", {}),
    ],
)  # fmt: skip
def test_one_sentence_sums_up_the_day(given, key: str, params) -> None:
    assert summary(now(**given)) == say(f"today.{key}", **params)


@pytest.mark.parametrize(
    ("hours", "ok", "red"),
    [(1, True, False), (23.9, True, False), (24.1, True, True), (1, False, True)],
)
def test_a_copy_is_red_when_over_a_day_old_or_interrupted(
    hours: float, ok: bool, red: bool
) -> None:
    at = datetime(2026, 11, 24, 9, tzinfo=UTC)
    copy = CopyRow("c", at - timedelta(hours=hours), "E:", 3, 10, ok)
    assert stale(copy, at) is red
    assert stale(None, at)


def test_the_figures_are_those_of_the_base(opened) -> None:
    page = opened.page
    assert isinstance(page, TodayPage)
    assert page.figures["waiting"].text().startswith("30 ")
    assert page.title_label.text() == say("today.hello", name="Camille")
    assert page.house.title.text() == say("today.house_wrong")
    assert opened.shell.rail.states["backup"].text() == say("state.copy_none")
    assert not screens.faults(opened.window)


@pytest.mark.parametrize(
    ("figure", "place", "argument"),
    [
        ("waiting", "triage", None),
        ("inform", "candidates", CandidateFilter(use=Use.CONTACT_ONLY)),
        ("outbox", "administration", "outbox"),
    ],
)
def test_each_figure_opens_its_list(opened, figure: str, place: str, argument, monkeypatch) -> None:
    went = []
    monkeypatch.setattr(opened.shell, "go", lambda name, arg=None: went.append((name, arg)))
    opened.page.figures[figure].click()
    assert went == [(place, argument)]


def test_the_late_figure_goes_to_the_tasks(opened) -> None:
    add_task(opened, "Rappeler le client")
    opened.page.figures["late"].click()
    assert QApplication.focusWidget() is opened.page.tasks.list


def test_entree_begins_the_triage(opened, monkeypatch) -> None:
    went = []
    monkeypatch.setattr(opened.shell, "go", lambda name, arg=None: went.append(name))
    opened.page.setFocus()
    opened.press("Return")
    assert went == ["triage"]


def test_espace_ticks_a_task_and_ctrl_z_takes_it_back(opened) -> None:
    add_task(opened, "Rappeler le client", opened.shell.ctx.clock.today())
    page = opened.page
    page.tasks.list.setFocus()
    assert page.tasks.model.lines[0].row.chip.text == say("moments.today")
    opened.press("Space")
    opened.calm()
    assert page.tasks.model.lines == []
    opened.shell.setFocus()
    opened.press("Ctrl+Z")
    opened.calm()
    assert [line.thing.text for line in page.tasks.model.lines] == ["Rappeler le client"]


def test_a_click_on_the_box_ticks_and_a_click_beside_it_does_not(opened) -> None:
    add_task(opened, "Rappeler le client")
    page = opened.page
    row = page.tasks.list.visualRect(page.tasks.model.index(0, 0))
    beside = row.center()
    QTest.mouseClick(page.tasks.list.viewport(), Qt.MouseButton.LeftButton, pos=beside)
    opened.calm()
    assert len(page.tasks.model.lines) == 1
    box = row.center()
    box.setX(24)
    QTest.mouseClick(page.tasks.list.viewport(), Qt.MouseButton.LeftButton, pos=box)
    opened.calm()
    assert page.tasks.model.lines == []


def test_t_adds_a_task_with_a_day_typed_as_people_say_it(opened) -> None:
    opened.page.setFocus()
    opened.press("T")
    sheet = opened.sheet(TaskSheet)
    assert not screens.faults(sheet)
    opened.type("Relire l’annonce")
    sheet.due.setFocus()
    opened.type("pas une date")
    opened.press("Ctrl+Return")
    assert sheet.due.error() == say("date_field.unreadable")
    sheet.due.set_text("demain")
    opened.press("Ctrl+Return")
    opened.until(lambda: opened.page.tasks.model.lines)
    line = opened.page.tasks.model.lines[0].thing
    assert line.text == "Relire l’annonce"
    assert line.due == opened.shell.ctx.clock.today() + timedelta(1)


def test_a_social_security_number_is_refused_at_the_field(opened) -> None:
    opened.page.make_new()
    sheet = opened.sheet(TaskSheet)
    sheet.text.set_text("Vérifier 1 85 05 78 006 084 91")
    sheet.save.click()
    opened.until(sheet.text.error)
    assert opened.page.tasks.model.lines == []
    opened.press("Esc")


def test_a_late_task_is_red_and_counted(opened) -> None:
    add_task(opened, "Rappeler", opened.shell.ctx.clock.today() - timedelta(2))
    page = opened.page
    assert page.tasks.model.lines[0].row.chip.kind == "stop"
    assert page.figures["late"].text().startswith("1 ")
    assert opened.shell.foot is not None


def test_nothing_urgent_is_said_and_an_empty_agency_is_shown_the_way(opened_empty) -> None:
    page = opened_empty.page
    assert page.findChild(EmptyState) is not None
    assert not screens.faults(opened_empty.window)
    add_task(opened_empty, "Commencer")
    assert page._stack.currentIndex() == 0
    page.tasks.list.setFocus()
    opened_empty.press("Space")
    opened_empty.calm()
    assert page.findChild(EmptyState).isVisible()


def test_v_turns_the_chart_into_the_same_numbers(opened) -> None:
    card = opened.page.arrivals
    numbers = [count for _, count in card.chart.table()]
    opened.page.setFocus()
    opened.press("V")
    shown = [
        row.value.text() for row in card._table.findChildren(type(card._rows.itemAt(0).widget()))
    ]
    assert sorted(map(int, shown)) == sorted(numbers)
    assert not screens.faults(opened.window)


def test_an_assistant_has_no_figure_of_consents(joined, shell, open_page) -> None:
    joined.ctx.actor = User(b"a", "sarah@example.org", "Sarah Lemoine", roles=Role.ASSISTANT)
    page = open_page("today", TodayPage)
    assert "inform" not in page.figures


def test_every_state_of_consent_has_its_part_of_the_bar() -> None:
    covered = [state for _, _, states in HELD for state in states]
    assert sorted(covered) == sorted(set(covered)), "no state twice"
    assert set(covered) == set(State), "and none forgotten"


def test_the_persons_held_add_up_to_the_persons(desk) -> None:
    from clementine_crm.queries.house import count_of
    from clementine_crm.queries.inbox import inbox
    from clementine_crm.queries.today import today
    from clementine_crm.services.triage import KeepItems

    items = [row.id for row in inbox(desk.reading).rows if row.kind == "application"][:6]
    desk.execute(KeepItems(tuple(items[:3]), spontaneous=True))
    desk.execute(KeepItems(tuple(items[3:]), mission="REF-2214"))
    held = today(desk.reading).held
    assert sum(held.values()) == count_of(desk.reading, "candidate")


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("24/11/2026", date(2026, 11, 24)), ("24-11-26", date(2026, 11, 24)),
        ("2026-12-01", date(2026, 12, 1)), ("25/11", date(2026, 11, 25)),
        ("23/11", date(2027, 11, 23)), ("12 mars", date(2027, 3, 12)),
        ("1er déc. 2026", date(2026, 12, 1)), ("Demain", date(2026, 11, 25)),
        ("aujourd’hui", DAY), ("lundi", date(2026, 11, 30)), ("mardi", date(2026, 12, 1)),
        ("+3", date(2026, 11, 27)), ("", None), ("31/02/2027", None), ("bientôt", None),
        ("ma 3", None), ("3 ju", None),
    ],
)  # fmt: skip
def test_a_day_is_understood_as_people_write_it(text: str, day: date | None) -> None:
    assert day_of(text, DAY) == day


def test_a_day_of_the_past_is_the_last_one() -> None:
    assert day_of("25/11", DAY, past=True) == date(2025, 11, 25)
    assert day_of("hier", DAY, past=True) == date(2026, 11, 23)
    assert day_of("lundi", DAY, past=True) == date(2026, 11, 23)
    assert day_of("mardi", DAY, past=True) == DAY - timedelta(0) or DAY - timedelta(7)
