"""Work off the GUI thread: lanes, answers, owners that are gone, stopping, and who collects rubbish."""

from __future__ import annotations

import gc
import threading

import pytest
from PySide6.QtCore import QObject
from PySide6.QtWidgets import QWidget

from clementine_crm.errors import Busy, Cancelled
from clementine_crm.jobs import JobContext
from ui import screens
from ui.job_strip import JobStrip
from ui.jobs import Handle, Runner
from ui.rubbish import Sweeper


@pytest.fixture
def runner(qapp):
    made = Runner()
    yield made
    made.quit()
    screens.settle()


def test_a_job_runs_elsewhere_and_its_answer_comes_back_here(runner, qtbot) -> None:
    seen: list[threading.Thread] = []
    answers: list[tuple[int, threading.Thread]] = []
    runner.submit(
        lambda _job: seen.append(threading.current_thread()) or 7,
        on_result=lambda n: answers.append((n, threading.current_thread())),
    )
    qtbot.waitUntil(lambda: bool(answers))
    assert seen[0] is not threading.main_thread()
    assert answers == [(7, threading.main_thread())]


def test_five_hundred_short_jobs_lose_no_answer(runner, qtbot) -> None:
    answers: list[int] = []
    for n in range(500):
        runner.submit(lambda _job, n=n: n, on_result=answers.append)
    qtbot.waitUntil(lambda: len(answers) == 500, timeout=30_000)
    assert sorted(answers) == list(range(500))


def test_writes_happen_one_by_one_in_their_order(runner, qtbot) -> None:
    done: list[int] = []
    for n in range(50):
        runner.submit(lambda _job, n=n: done.append(n), lane="write")
    qtbot.waitUntil(lambda: len(done) == 50)
    assert done == list(range(50))


def test_a_long_write_keeps_no_short_one_waiting(runner, qtbot) -> None:
    go_on, short = threading.Event(), []
    long = runner.submit(lambda _job: go_on.wait(30), lane="long")
    runner.submit(lambda _job: 1, lane="write", on_result=short.append)
    qtbot.waitUntil(lambda: short == [1])
    assert long.running
    go_on.set()
    qtbot.waitUntil(lambda: not runner.handles)


def test_an_error_nobody_asked_for_is_told_and_never_lost(runner, qtbot) -> None:
    def fail(_job: JobContext) -> None:
        raise Busy("base_locked")

    with qtbot.waitSignal(runner.failed) as told:
        runner.submit(fail)
    assert isinstance(told.args[0], Busy)
    mine: list[Exception] = []
    runner.submit(fail, on_error=mine.append)
    qtbot.waitUntil(lambda: bool(mine))


def test_an_answer_is_dropped_when_its_owner_is_gone_an_error_is_not(runner, qtbot) -> None:
    owner, go_on = QObject(), threading.Event()
    answers: list[int] = []

    def fail(_job: JobContext) -> None:
        go_on.wait(30)
        raise Busy("base_locked")

    runner.submit(lambda _job: go_on.wait(30), owner=owner, on_result=answers.append)
    runner.submit(fail, owner=owner, on_error=answers.append)
    owner.deleteLater()
    screens.settle()
    with qtbot.waitSignal(runner.failed):
        go_on.set()
    qtbot.waitUntil(lambda: not runner.handles)
    assert answers == []


def test_stopping_keeps_what_was_finished_and_says_so(runner, qtbot) -> None:
    items, told, begun = [], [], threading.Event()

    def work(job: JobContext) -> None:
        while True:
            job.cancel.check()
            items.append(1)
            begun.set()

    handle = runner.submit(work, on_cancelled=lambda: told.append("stopped"))
    begun.wait(30)
    handle.cancel()
    qtbot.waitUntil(lambda: told == ["stopped"])
    assert items


def test_progress_is_told_at_most_ten_times_a_second_and_the_end_always(runner, qtbot) -> None:
    told: list[tuple[int, int]] = []

    def work(job: JobContext) -> None:
        for n in range(1, 5001):
            job.progress(n, 5000, "")

    runner.submit(work, on_progress=lambda d, t, _s: told.append((d, t)), on_result=lambda _n: None)
    qtbot.waitUntil(lambda: bool(told) and told[-1] == (5000, 5000))
    assert len(told) < 50


def test_nothing_starts_after_quit_but_a_write_already_asked_for_is_made(qapp) -> None:
    runner, done, go_on = Runner(), [], threading.Event()
    runner.submit(lambda _job: go_on.wait(30), lane="write")
    runner.submit(lambda _job: done.append("written"), lane="write")
    go_on.set()
    assert runner.quit(10_000) == []
    assert done == ["written"]
    assert not runner.submit(lambda _job: done.append("late")).running
    screens.settle()
    assert done == ["written"]


def test_jobs_are_submitted_from_the_gui_thread_only(runner) -> None:
    caught: list[Exception] = []

    def elsewhere() -> None:
        try:
            runner.submit(lambda _job: 1)
        except RuntimeError as error:
            caught.append(error)

    thread = threading.Thread(target=elsewhere)
    thread.start()
    thread.join()
    assert caught


def test_drain_waits_for_reads_and_not_for_writes(runner, qtbot) -> None:
    go_on = threading.Event()
    runner.submit(lambda _job: go_on.wait(30), lane="read")
    assert runner.drain(50) is False
    go_on.set()
    assert runner.drain(10_000) is True
    qtbot.waitUntil(lambda: not runner.handles)


# The strip above the foot.


def slow(go_on: threading.Event):
    def work(job: JobContext) -> None:
        done = 0
        while not go_on.wait(0.02):
            done += 1
            job.progress(min(done, 99), 100, "un fichier")
            job.cancel.check()

    return work


def test_long_work_is_shown_after_a_moment_with_its_figures_and_can_be_stopped(
    runner, qtbot
) -> None:
    strip, go_on, stopped = JobStrip(runner), threading.Event(), []
    qtbot.addWidget(strip)
    runner.submit(
        slow(go_on), lane="long", name="Lecture de 100 CV", on_cancelled=lambda: stopped.append(1)
    )
    assert not strip.isVisible()
    qtbot.waitUntil(strip.isVisible)
    card = next(iter(strip._cards.values()))
    qtbot.waitUntil(lambda: "sur 100" in card._text.text())
    card.stop.click()
    qtbot.waitUntil(lambda: stopped == [1])
    assert not strip.isVisible()


def test_short_work_and_reads_are_never_shown(runner, qtbot) -> None:
    strip, done = JobStrip(runner), []
    qtbot.addWidget(strip)
    runner.submit(lambda _job: 1, lane="write", name="AddNote", on_result=done.append)
    runner.submit(lambda _job: 1, lane="read", name="today", on_result=done.append)
    qtbot.waitUntil(lambda: len(done) == 2)
    assert not strip.isVisible()


def test_a_strip_built_anew_shows_the_work_that_goes_on_and_the_old_one_is_quiet(
    runner, qtbot
) -> None:
    old, go_on = JobStrip(runner), threading.Event()
    runner.submit(slow(go_on), lane="long", name="Copie")
    qtbot.waitUntil(old.isVisible)
    old.deleteLater()
    screens.settle()
    new = JobStrip(runner)
    qtbot.addWidget(new)
    qtbot.waitUntil(new.isVisible)
    go_on.set()
    qtbot.waitUntil(lambda: not runner.handles)
    assert not new.isVisible()


def test_escape_stops_the_newest(runner, qtbot) -> None:
    strip, go_on, stopped = JobStrip(runner), threading.Event(), []
    qtbot.addWidget(strip)
    handle = runner.submit(
        slow(go_on), lane="long", name="Copie", on_cancelled=lambda: stopped.append(1)
    )
    qtbot.waitUntil(strip.isVisible)
    strip.stop_newest()
    qtbot.waitUntil(lambda: stopped == [1])
    assert isinstance(handle, Handle)


# Rubbish.


def _a_widget_in_a_cycle(died: list[threading.Thread]) -> None:
    widget = QWidget()
    widget.itself = widget  # type: ignore[attr-defined]
    widget.destroyed.connect(lambda: died.append(threading.current_thread()))


def _make_rubbish() -> None:
    for _ in range(200_000):
        cycle: list[object] = []
        cycle.append(cycle)


def test_a_widget_in_a_cycle_is_destroyed_on_the_gui_thread_alone(qapp) -> None:
    sweeper, died = Sweeper(), []
    sweeper.start()
    try:
        _a_widget_in_a_cycle(died)
        thread = threading.Thread(target=_make_rubbish)
        thread.start()
        thread.join()
        assert died == [], "nothing is collected elsewhere"
        for _ in range(40):
            sweeper.sweep()
            _make_rubbish()
            if died:
                break
        gc.collect()
        assert died == [threading.main_thread()]
    finally:
        sweeper.stop()
    assert gc.isenabled()


def test_cancelled_is_silent_when_nobody_asked(runner, qtbot) -> None:
    told: list[Exception] = []
    runner.failed.connect(told.append)

    def stop(_job: JobContext) -> None:
        raise Cancelled("cancelled")

    handle = runner.submit(stop)
    with qtbot.waitSignal(handle.ended):
        pass
    assert told == []
