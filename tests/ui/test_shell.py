"""The window's frame: places, history, keys, panes, the one error bar, undo and toasts."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit
from typing_extensions import override

from clementine_crm.errors import AuthRequired, Busy, DiskFull
from ui import screens
from ui.keys_panel import KeysPanel
from ui.pages.base import Action, Foot, Page
from ui.shell import Place, Shell
from ui.speech import say
from ui.widgets.bars import ToastPanel, UndoPanel
from ui.widgets.button import Button


class Sheet(Page):
    """A page that writes down what happens to it."""

    def __init__(self, ctx) -> None:
        super().__init__(ctx)
        self.log: list[object] = []
        self.box = QLineEdit()
        self.box.setAccessibleName("Une zone")
        self.content.addWidget(self.box)
        self.set_title("Une page")

    @override
    def refresh(self) -> None:
        self.log.append("refresh")

    @override
    def open_at(self, argument: object) -> None:
        self.log.append(argument)

    @override
    def undo(self) -> None:
        self.log.append("undo")

    @override
    def foot(self) -> Foot:
        return Foot(
            Action("Garder", lambda: self.log.append("main"), "Return"),
            (Action("Plus tard", lambda: self.log.append("later"), "P"),
             Action("Écrire", lambda: self.log.append("write"), "E", reason="Rien à écrire")),
            Action("Effacer", lambda: self.log.append("erase"), "X", danger=True),
        )  # fmt: skip

    @override
    def keys(self) -> list[tuple[str, str]]:
        return [("Space", "Cocher")]


class Live(Sheet):
    live_query = True

    @override
    def query(self, text: str) -> None:
        self.log.append(("query", text))


@pytest.fixture
def window(shell: Shell, qtbot) -> Shell:
    for name in ("today", "missions"):
        shell.add_place(Place(name, "today", f"shell.{name}", Sheet))
    shell.add_place(Place("candidates", "people", "shell.candidates", Live))
    shell.add_place(Place("dossier", "", "shell.candidates", Sheet, under="candidates"))
    shell.activateWindow()
    qtbot.waitUntil(lambda: QApplication.activeWindow() is shell)
    shell.go("today")
    screens.settle()
    return shell


def keys(window: Shell, text: str) -> None:
    from PySide6.QtGui import QKeySequence

    QTest.keySequence(QApplication.focusWidget() or window, QKeySequence(text))
    screens.settle()


def test_ctrl_and_a_number_open_the_places_in_their_order(window: Shell) -> None:
    keys(window, "Ctrl+2")
    assert window.place == "missions"
    assert window.rail.places["missions"].isChecked()
    keys(window, "Ctrl+1")
    assert window.place == "today"
    keys(window, "Ctrl+8")
    assert window.place == "today", "there is no eighth place"


def test_alt_and_the_arrows_go_through_what_was_visited(window: Shell) -> None:
    window.go("missions", b"one")
    window.go("candidates")
    keys(window, "Alt+Left")
    assert window.where == ("missions", b"one")
    keys(window, "Alt+Left")
    assert window.place == "today"
    keys(window, "Alt+Left")
    assert window.place == "today", "there is nothing before the first"
    keys(window, "Alt+Right")
    assert window.where == ("missions", b"one")
    window.go("today")
    keys(window, "Alt+Right")
    assert window.place == "today", "what was ahead is forgotten by going elsewhere"


def test_a_place_under_another_marks_the_other_and_has_no_button(window: Shell) -> None:
    window.go("dossier", b"claire")
    assert "dossier" not in window.rail.places
    assert window.rail.places["candidates"].isChecked()
    assert window.page("dossier").log[-1] == b"claire"


def test_the_main_act_answers_entree_and_a_grey_act_does_not_answer(window: Shell) -> None:
    page = window.page("today")
    page.box.setFocus()
    keys(window, "Return")
    keys(window, "Alt+Right")
    window.setFocus()
    keys(window, "P")
    keys(window, "E")
    keys(window, "X")
    assert [entry for entry in page.log if entry != "refresh"] == ["main", "later", "erase"]


def test_letters_typed_into_a_field_are_letters(window: Shell) -> None:
    page = window.page("today")
    page.box.setFocus()
    QTest.keyClicks(page.box, "px")
    assert page.box.text() == "px"
    assert "later" not in page.log


def test_entree_on_a_button_is_that_button(window: Shell) -> None:
    page = window.page("today")
    later = next(b for b in window.foot.findChildren(Button) if b.text() == "Plus tard")
    later.setFocus()
    keys(window, "Return")
    assert "later" in page.log
    assert "main" not in page.log


def test_f6_goes_through_the_panes_and_comes_round(window: Shell) -> None:
    window.page("today").box.setFocus()
    seen = []
    for _ in range(5):
        keys(window, "F6")
        focused = QApplication.focusWidget()
        seen.append(
            next(
                name
                for name, pane in (
                    ("foot", window.foot),
                    ("rail", window.rail),
                    ("top", window.top),
                    ("page", window.page("today")),
                )
                if pane is focused or pane.isAncestorOf(focused)
            )
        )
    assert seen == ["foot", "rail", "top", "page", "foot"]


def test_every_control_is_reached_by_tab_in_the_order_of_the_eye(window: Shell) -> None:
    order = screens.tab_order(window)
    places = [w for w in order if window.rail.isAncestorOf(w)]
    assert [w.text() for w in places] == [
        say(f"shell.{n}") for n in ("today", "missions", "candidates")
    ]
    assert window.top.search in order
    assert not screens.unreachable(window)


def test_the_question_mark_lists_the_keys_of_the_screen_and_escape_closes_it(
    window: Shell,
) -> None:
    before = window.page("today").box
    before.setFocus()
    window.show_keys()
    screens.settle()
    panel = window.findChild(KeysPanel)
    assert panel is not None
    said = {label.text() for label in panel.findChildren(type(window.page("today").title_label))}
    assert {"Garder", "Plus tard", "Cocher"} <= said
    keys(window, "P")
    assert "later" not in window.page("today").log, "keys sleep under the veil"
    assert not screens.faults(window)
    keys(window, "Esc")
    assert window.findChild(KeysPanel) is None or not window.findChild(KeysPanel).isVisible()
    assert QApplication.focusWidget() is before


def test_the_box_is_the_live_query_on_a_live_page_and_opens_the_palette_elsewhere(
    window: Shell, qtbot
) -> None:
    with qtbot.waitSignal(window.palette_asked) as asked:
        keys(window, "Ctrl+K")
    assert asked.args == [""]
    window.top.search.setFocus()
    with qtbot.waitSignal(window.palette_asked) as asked:
        QTest.keyClicks(window.top.search, "a")
    assert asked.args == ["a"]
    window.top.search.clear()
    window.go("candidates")
    keys(window, "Ctrl+K")
    assert QApplication.focusWidget() is window.top.search
    QTest.keyClicks(window.top.search, "spark")
    assert window.page("candidates").log[-1] == ("query", "spark")
    keys(window, "Esc")
    assert window.page("candidates").log[-1] == ("query", "")
    keys(window, "Esc")
    assert QApplication.focusWidget() is window.page("candidates").box


def test_one_error_bar_at_a_time_the_others_counted(window: Shell) -> None:
    tried = []
    window.show_error(Busy("base_locked"), retry=lambda: tried.append("again"))
    window.show_error(AuthRequired("unlock_wait", n=3))
    window.show_error(Busy("base_locked"))
    assert window.errors.isVisible()
    assert window.errors._others.text == say("ui_errors.others", n=1), "the same twice is one"
    assert not screens.faults(window)
    keys(window, "F5")
    assert tried == ["again"]
    assert window.errors.isVisible()
    window.errors._close.click()
    screens.settle()
    assert not window.errors.isVisible()


def test_f5_reads_the_page_again_when_nothing_failed(window: Shell) -> None:
    before = window.page("today").log.count("refresh")
    keys(window, "F5")
    assert window.page("today").log.count("refresh") == before + 1


def test_an_error_of_a_job_nobody_asked_about_shows_in_the_bar(
    window: Shell, joined, qtbot
) -> None:
    def fail(_job) -> None:
        raise DiskFull("disk_full")

    window.ctx.runner.submit(fail)
    qtbot.waitUntil(window.errors.isVisible)
    assert joined.failures
    joined.failures.clear()


def test_undo_takes_back_what_the_bar_offers_then_the_page_s_own(window: Shell) -> None:
    log: list[str] = []
    window.offer_undo("Écartée", lambda: log.append("back"), lambda: log.append("done"))
    assert isinstance(window.floating.panel, UndoPanel)
    window.foot.findChild(Button).setFocus()
    keys(window, "Ctrl+Z")
    assert log == ["back"]
    assert window.floating.panel is None
    keys(window, "Ctrl+Z")
    assert window.page("today").log[-1] == "undo"


def test_what_was_offered_is_done_when_its_ten_seconds_are_over_or_another_comes(
    window: Shell,
) -> None:
    log: list[str] = []
    now = [0.0]
    window.floating._clock = lambda: now[0]
    window.offer_undo("Une", lambda: log.append("back"), lambda: log.append("one"))
    window.offer_undo("Deux", lambda: log.append("back"), lambda: log.append("two"))
    assert log == ["one"]
    now[0] = 9.9
    window.floating.tick()
    assert log == ["one"]
    now[0] = 10.1
    window.floating.tick()
    assert log == ["one", "two"]


def test_the_undo_bar_stays_while_it_is_pointed_at(window: Shell) -> None:
    log: list[str] = []
    now = [0.0]
    window.floating._clock = lambda: now[0]
    window.offer_undo("Une", lambda: None, lambda: log.append("done"))
    window.floating.panel.pointed_at = True
    now[0] = 60.0
    window.floating.tick()
    assert log == []


def test_a_toast_never_takes_the_place_of_an_undo(window: Shell) -> None:
    window.offer_undo("Écartée", lambda: None)
    window.tell("Terminé")
    assert isinstance(window.floating.panel, UndoPanel)
    window.floating.flush()
    opened = []
    window.tell("Terminé", "Voir", lambda: opened.append(1))
    assert isinstance(window.floating.panel, ToastPanel)
    window.floating.panel.findChild(Button).click()
    assert opened == [1]


def test_a_narrow_window_folds_the_rail_and_its_counters_stay(window: Shell) -> None:
    window.page("today").counter_changed.emit(23)
    screens.prepare(window, (1280, 720))
    assert window.rail.width() == 60
    assert "23" in window.rail.places["today"].accessibleName()
    assert not screens.faults(window)
    screens.prepare(window, (1440, 900))
    assert window.rail.width() == 208
    keys(window, "Ctrl+B")
    assert window.rail.width() == 60
    keys(window, "Ctrl+B")
    assert window.rail.width() == 208


def test_acts_that_do_not_fit_go_into_the_menu_and_keep_their_keys(window: Shell) -> None:
    class Many(Sheet):
        @override
        def foot(self) -> Foot:
            others = tuple(
                Action(
                    f"Une action au nom assez long {n}",
                    lambda n=n: self.log.append(n),
                    f"Ctrl+F{n}",
                )
                for n in range(1, 5)
            )
            return Foot(Action("Garder", lambda: self.log.append("main"), "Return"), others)

    window.add_place(Place("import", "upload", "shell.import", Many))
    screens.prepare(window, (1024, 640))
    window.go("import")
    screens.settle()
    hidden = [b for b in window.foot._others if b.isHidden()]
    assert hidden
    assert window.foot._more is not None
    assert window.foot._more.isVisible()
    mains = [b for b in window.foot.findChildren(Button) if b.text() == "Garder" and b.isVisible()]
    assert len(mains) == 1, "the main act never goes"
    assert not screens.faults(window)
    keys(window, "Ctrl+F4")
    assert window.page("import").log[-1] == 4


def test_a_page_that_is_not_on_screen_reads_when_it_is_shown(window: Shell) -> None:
    from ui.context import Change

    window.go("missions")
    page = window.page("today")
    count = page.log.count("refresh")
    window.ctx.bus.changed.emit(Change(frozenset({"mission"})))
    assert page.log.count("refresh") == count
    window.go("today")
    screens.settle()
    assert page.log.count("refresh") == count + 1


def test_the_person_and_help_are_buttons_with_a_name(window: Shell) -> None:
    assert window.top.person.accessibleName() == "Camille Roux, Manager"
    assert window.top.help.toolTip()
    assert not screens.nameless(window)
    assert Qt.FocusPolicy.TabFocus & window.top.person.focusPolicy()
