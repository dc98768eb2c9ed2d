"""Triage with real keys on a real home: what leaves, what comes back, what the base says."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from clementine_crm.bootstrap import Desk
from clementine_crm.errors import NotFound
from clementine_crm.queries.candidates import candidate_ids, candidate_rows
from clementine_crm.queries.dossier import candidate
from clementine_crm.queries.house import outbox, sessions
from clementine_crm.queries.inbox import InboxQueue, inbox
from clementine_crm.queries.missions import clients
from clementine_crm.services.candidates import AddCandidate
from clementine_crm.services.missions import CloseMission
from tests.ui.conftest import Desked, Quiet, no_faults, press
from tests.ui.driver import no_window_flashes
from tests.ui.triage.conftest import choose
from ui import screens
from ui.context import UiContext
from ui.pages.triage import TriagePage
from ui.pages.triage_sheets import AskSheet, MissionSheet
from ui.shell import Place, Shell

Key, Mod = Qt.Key, Qt.KeyboardModifier


def names(page: TriagePage) -> list[str]:
    return [row.name for row in page.queue.rows]


def candidates(desk: Desk) -> list[str]:
    ids = candidate_ids(desk.reading)
    return [row.name for row in candidate_rows(desk.reading, ids.rids)]


def queue_of(desk: Desk) -> InboxQueue:
    return inbox(desk.reading)


def test_the_queue_has_the_keys_and_the_oldest_first(
    page: TriagePage, desk: Desk, at_the_desk: Desked
) -> None:
    assert QApplication.focusWidget() is page.queue.list
    with at_the_desk():
        queue = queue_of(desk)
    assert [r.id for r in page.queue.rows] == [r.id for r in queue.rows]
    assert queue.red
    assert not page.head.may_sign
    assert str(queue.red) in page.head.red.text


def test_keep_leaves_at_once_and_the_next_stands_there(
    page: TriagePage, shell: Shell, desk: Desk, qtbot, quiet: Quiet, at_the_desk: Desked
) -> None:
    choose(page, "Damien Santoni", qtbot)
    quiet()
    after = page.queue.after(1)
    press(page, Key.Key_G)
    # No waiting: the key alone did this.
    assert "Damien Santoni" not in names(page)
    assert page.ready is not None
    assert after is not None
    assert page.ready.row.id == after.id
    quiet()
    with at_the_desk():
        assert candidates(desk) == ["Damien Santoni"]


def test_a_keep_is_taken_back_by_ctrl_z(
    page: TriagePage, shell: Shell, desk: Desk, qtbot, quiet: Quiet, at_the_desk: Desked
) -> None:
    choose(page, "Damien Santoni", qtbot)
    press(page, Key.Key_G)
    quiet()
    assert shell.floating.panel is not None
    press(page, Key.Key_Z, Mod.ControlModifier)
    qtbot.waitUntil(
        lambda: page.ready is not None and page.ready.row.name == "Damien Santoni", timeout=20_000
    )
    quiet()
    with at_the_desk():
        assert candidates(desk) == []
        assert "Damien Santoni" in [r.name for r in queue_of(desk).rows]


def test_a_discard_is_erased_when_its_bar_ends(
    page: TriagePage, shell: Shell, desk: Desk, qtbot, quiet: Quiet, at_the_desk: Desked
) -> None:
    first = choose(page, "Damien Santoni", qtbot)
    press(page, Key.Key_E)
    quiet()
    assert "Damien Santoni" not in names(page)
    with at_the_desk(), desk.unit_of_work() as uow:
        assert uow.kind_of(first) == "inbox"
    shell.floating.flush()
    quiet()
    with at_the_desk():
        assert all(r.id != first for r in queue_of(desk).rows)
        with pytest.raises(NotFound), desk.unit_of_work() as uow:
            uow.kind_of(first)


def test_two_discards_in_a_row_only_the_last_comes_back(
    page: TriagePage, desk: Desk, qtbot, quiet: Quiet, at_the_desk: Desked
) -> None:
    first = choose(page, "Damien Santoni", qtbot)
    press(page, Key.Key_E)
    second = page.queue.current
    assert second is not None
    qtbot.waitUntil(lambda: page.ready is not None, timeout=20_000)
    press(page, Key.Key_E)
    press(page, Key.Key_Z, Mod.ControlModifier)
    quiet()
    qtbot.waitUntil(lambda: second.id in [r.id for r in page.queue.rows], timeout=20_000)
    with at_the_desk():
        ids = [r.id for r in queue_of(desk).rows]
    assert second.id in ids
    assert first not in ids


def test_a_keep_after_a_discard_takes_back_the_keep(
    page: TriagePage, desk: Desk, qtbot, quiet: Quiet, at_the_desk: Desked
) -> None:
    choose(page, "Damien Santoni", qtbot)
    press(page, Key.Key_E)
    kept = page.queue.current
    assert kept is not None
    qtbot.waitUntil(lambda: page.ready is not None, timeout=20_000)
    press(page, Key.Key_G)
    quiet()
    press(page, Key.Key_Z, Mod.ControlModifier)
    quiet()
    qtbot.waitUntil(lambda: kept.name in names(page), timeout=20_000)
    assert "Damien Santoni" not in names(page)


def test_later_goes_last_and_annuler_brings_it_back(
    page: TriagePage, desk: Desk, qtbot, quiet: Quiet, at_the_desk: Desked
) -> None:
    id = choose(page, "Damien Santoni", qtbot)
    press(page, Key.Key_P)
    quiet()
    with at_the_desk():
        assert queue_of(desk).rows[-1].id == id
    press(page, Key.Key_Z, Mod.ControlModifier)
    quiet()
    with at_the_desk():
        assert queue_of(desk).rows[-1].id != id


def test_keep_for_a_mission_is_typed(
    page: TriagePage, shell: Shell, desk: Desk, qtbot, quiet: Quiet, at_the_desk: Desked
) -> None:
    choose(page, "Olivier Huynh", qtbot)
    press(page, Key.Key_M)
    sheet = shell.findChild(MissionSheet)
    assert sheet is not None
    titles = [line.row.title for line in sheet.choice.model.lines]
    # What resembles the reference that is unknown comes first, none at all last.
    assert titles[0].startswith("REF-2220")
    assert not titles[-1].startswith("REF")
    assert not any("REF-2226" in title for title in titles), "a closed mission is no choice"
    QTest.keyClicks(sheet.choice.field.box, "comptable")
    assert [line.row.title for line in sheet.choice.model.lines] == [
        "REF-2214 · Chef comptable (F/H)"
    ]
    QTest.keyClick(sheet.choice.field.box, Key.Key_Return)
    quiet()
    with at_the_desk():
        ids = candidate_ids(desk.reading)
        view = candidate(desk.reading, candidate_rows(desk.reading, ids.rids)[0].id)
    assert view.applications[0].reference == "REF-2214"


def test_keep_for_none_without_consent_says_that_a_request_is_ready(
    page: TriagePage, shell: Shell, desk: Desk, qtbot, quiet: Quiet, at_the_desk: Desked
) -> None:
    row = next(
        r
        for r in page.queue.rows
        if not r.mission and r.kind == "application" and not r.known and r.source == "mail_files"
    )
    choose(page, row.name, qtbot)
    assert page.facts.view is not None
    assert page.facts.view.keep_until is None
    assert page.foot().main is not None
    assert page.foot().main.text == "Demander l’accord"
    press(page, Key.Key_G)
    assert shell.floating.panel is not None
    assert "demande d’accord" in shell.floating.panel.accessibleName()
    quiet()
    with at_the_desk():
        assert len(outbox(desk.reading)) == 1


def test_asking_for_more_writes_a_message_and_the_item_waits(
    page: TriagePage, shell: Shell, desk: Desk, qtbot, quiet: Quiet, at_the_desk: Desked
) -> None:
    id = choose(page, "Damien Santoni", qtbot)
    press(page, Key.Key_D)
    sheet = shell.findChild(AskSheet)
    assert sheet is not None
    qtbot.waitUntil(sheet.isActiveWindow, timeout=20_000)
    QTest.keyClicks(sheet.missing, "Votre date de depart")
    QTest.keyClick(sheet.missing, Key.Key_Return, Mod.ControlModifier)
    quiet()
    with at_the_desk():
        messages = outbox(desk.reading)
        row = next(r for r in queue_of(desk).rows if r.id == id)
    assert "Votre date de depart" in messages[0].body
    assert row.status == "asked"


def test_a_known_person_is_joined_never_silently(
    page: TriagePage, desk: Desk, ctx: UiContext, qtbot, quiet: Quiet, at_the_desk: Desked
) -> None:
    ctx.dispatch(
        AddCandidate(
            "Damien", "Santoni", "salon", "sourced", email="damien.santoni@mail.example.com"
        )
    )
    quiet()
    page.refresh()
    quiet()
    choose(page, "Damien Santoni", qtbot)
    qtbot.waitUntil(lambda: page.facts.joined is not None, timeout=20_000)
    assert page.foot().main is not None
    assert page.foot().main.text == "Réunir"
    press(page, Key.Key_A)
    assert page.facts.joined is None
    assert page.foot().main.text == "Garder"
    press(page, Key.Key_A)
    press(page, Key.Key_G)
    quiet()
    with at_the_desk():
        assert candidates(desk) == ["Damien Santoni"]


def test_a_refused_act_puts_the_item_back(
    page: TriagePage, shell: Shell, desk: Desk, qtbot, quiet: Quiet, at_the_desk: Desked
) -> None:
    id = choose(page, "Olivier Huynh", qtbot)
    with at_the_desk():
        desk.execute(CloseMission("REF-2214"))
    page.acts.keep_as("REF-2214")
    assert "Olivier Huynh" not in names(page)
    quiet()
    assert page.queue.current is not None
    assert page.queue.current.id == id
    assert shell.errors.isVisible()


def test_an_enquiry_becomes_a_client(
    page: TriagePage, desk: Desk, qtbot, quiet: Quiet, at_the_desk: Desked
) -> None:
    choose(page, "Karim Amsellem", qtbot)
    foot = page.foot()
    assert foot.main is not None
    assert foot.main.text == "Garder chez les clients"
    assert foot.others[0].reason
    press(page, Key.Key_G)
    quiet()
    with at_the_desk():
        assert "Association Passerelle des Métiers" in [c.name for c in clients(desk.reading)]
        assert candidates(desk) == []


def test_what_was_set_aside_says_why_and_can_be_sorted(
    page: TriagePage, desk: Desk, qtbot, quiet: Quiet, at_the_desk: Desked
) -> None:
    press(page, Key.Key_X)
    assert page.queue.at_aside
    aside = page.queue.current
    assert aside is not None
    assert page.queue.model.data(page.queue.model.index(0, 0)).endswith("Réponse automatique")
    qtbot.waitUntil(lambda: page.ready is not None, timeout=20_000)
    assert page.foot().others[2].text == "Remettre à trier"
    press(page, Key.Key_P)
    quiet()
    with at_the_desk():
        assert aside.id in [r.id for r in queue_of(desk).rows]


def test_keys_typed_in_the_search_box_decide_nothing(
    page: TriagePage, shell: Shell, quiet: Quiet
) -> None:
    before = names(page)
    shell.top.search.setFocus()
    QTest.keyClicks(shell.top.search, "gmdpe")
    quiet()
    assert names(page) == before
    assert shell.top.search.text() == "gmdpe"


def test_keys_sleep_under_the_list_of_keys(page: TriagePage, shell: Shell, quiet: Quiet) -> None:
    before = names(page)
    shell.show_keys()
    for key in (Key.Key_G, Key.Key_E, Key.Key_A, Key.Key_X, Key.Key_F2):
        press(shell, key)
    quiet()
    assert names(page) == before
    assert not page.queue.at_aside


def test_no_window_flashes_while_items_pass(
    page: TriagePage, shell: Shell, qtbot, quiet: Quiet
) -> None:
    with no_window_flashes():
        for _ in range(6):
            press(page, Key.Key_P)
            qtbot.waitUntil(lambda: page.ready is not None, timeout=20_000)


def test_empty_says_what_is_next_and_the_week_is_signed(
    empty_desk: Desk, window_over, qtbot
) -> None:
    joined = window_over(empty_desk)
    shell = Shell(joined.ctx, person="Camille Roux", role="Responsable")
    qtbot.addWidget(shell)
    shell.add_place(Place("triage", "triage", "shell.triage", TriagePage))
    screens.prepare(shell, (1280, 720))
    shell.go("triage")
    page = shell.page("triage")
    assert isinstance(page, TriagePage)
    qtbot.waitUntil(lambda: page.head.may_sign, timeout=20_000)
    no_faults(shell)
    assert page.foot().main is not None
    press(shell, Key.Key_S)
    qtbot.waitUntil(lambda: not joined.ctx.runner.handles, timeout=20_000)
    joined.guard.on = False
    assert len(sessions(empty_desk.reading)) == 1
    shell.close()


@pytest.mark.parametrize(
    "name", ["", "Damien Santoni", "Olivier Huynh", "Karim Amsellem", "Maëva Diop"]
)
def test_every_state_is_without_fault(
    page: TriagePage, shell: Shell, qtbot, quiet: Quiet, name: str
) -> None:
    if name:
        choose(page, name, qtbot)
    for size in screens.SIZES:
        shell.resize(*size)
        quiet()
        no_faults(shell)


def test_the_queue_model_keeps_its_promises(page: TriagePage, qtmodeltester) -> None:
    qtmodeltester.check(page.queue.model, force_py=True)
    qtmodeltester.check(page.facts.facts.model(), force_py=True)
