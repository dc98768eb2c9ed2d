"""The import: dropped files, the question asked once, counts that add up, stopping, taking back."""

from __future__ import annotations

import shutil
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PySide6.QtCore import QMimeData, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QApplication

from clementine_crm.errors import Cancelled
from clementine_crm.jobs import JobContext
from clementine_crm.services.intake import ImportFiles
from ui import screens
from ui.dialogs.import_sheet import ImportSheet
from ui.pages.imports import ImportPage
from ui.pages.imports_report import PARTS, short_path
from ui.pages.imports_survey import Survey, survey
from ui.speech import say
from ui.widgets.question import Question
from ui.window import files_of, from_outlook

ROOT = Path(__file__).resolve().parent.parent.parent
INBOX = ROOT / "resources" / "demo" / "inbox"
KEPT = ROOT / "resources" / "demo" / "kept"


@pytest.fixture
def key(tmp_path: Path) -> Path:
    """A USB key: five CVs in folders, a system file, and one file that no source reads."""
    folder = tmp_path / "cle"
    cvs = sorted(
        p for p in KEPT.iterdir() if p.suffix in {".pdf", ".docx", ".odt", ".rtf", ".txt"}
    )[:5]
    for place, cv in enumerate(cvs):
        inside = folder / ("Comptabilité" if place % 2 else "Paie")
        inside.mkdir(parents=True, exist_ok=True)
        shutil.copy(cv, inside / cv.name)
    (folder / "Thumbs.db").write_bytes(b"x")
    (folder / "notes.xyz").write_bytes(b"\x00\x01\x02 rien")
    return folder


def counts(page: ImportPage) -> dict[str, int]:
    return {name: count.value for name, count in page.report.counts.items()}


def adds_up(page: ImportPage) -> bool:
    shown = counts(page)
    return shown["read"] == sum(shown[part] for part in PARTS)


def import_now(opened, paths: tuple[Path, ...]) -> ImportPage:
    """Import without the question, and look at the report."""
    page = opened.go("import")
    page.start(ImportFiles(paths))
    opened.until(lambda: not opened.app.sitting.working, 120)
    opened.calm()
    return page


# What is about to come in.


def test_a_survey_counts_and_names_the_folders(key: Path) -> None:
    found = survey([key], JobContext())
    assert found.files == 6, "as the import will: the system's litter is none"
    assert found.loose == 6
    assert set(found.folders) == {"Comptabilité", "Paie"}
    assert survey([INBOX], JobContext()).mails >= 20


@settings(max_examples=30, deadline=None)
@given(st.lists(st.sampled_from(["a.pdf", "b.eml", "c.csv", "d", ".cache", "e.MSG"]), unique=True))
def test_every_file_is_counted_once_and_hidden_ones_never(tmp_path_factory, names) -> None:
    folder = tmp_path_factory.mktemp("s")
    for name in names:
        (folder / name).write_bytes(b"x")
    found = survey([folder], JobContext())
    assert found.files == len([n for n in names if not n.startswith(".")])
    assert found.files == found.loose + found.mails + found.tables


def test_counting_can_be_stopped(key: Path) -> None:
    job = JobContext()
    job.cancel.set()
    with pytest.raises(Cancelled):
        survey([key], job)


# The question.


def ask(found: Survey, qtbot) -> tuple[ImportSheet, list[ImportFiles]]:
    asked: list[ImportFiles] = []
    sheet = ImportSheet(found, date(2026, 11, 24), asked.append)
    sheet.open()
    screens.settle()
    return sheet, asked


def test_the_question_says_what_the_law_makes_of_the_answer(qtbot) -> None:
    sheet, asked = ask(Survey((Path("x"),), 12, 2, 0, ("Paie",)), qtbot)
    assert sheet.ground == "applied"
    assert not sheet.contact.isVisible()
    for ground in ("sourced", "unknown"):
        sheet.grounds[ground].setChecked(True)
        screens.settle()
        assert sheet._law.text() == say(f"imports.law_{ground}")
        assert not screens.faults(sheet)
    assert sheet.contact.isVisible()
    assert not sheet.start.isEnabled()
    sheet.contact.set_text("12/03/2024")
    assert sheet.start.toolTip() == say("imports.too_old")
    sheet.contact.set_text("12/03/2026")
    assert sheet.start.isEnabled()
    sheet.source.set_text(" CVthèque 2025 ")
    sheet.start.click()
    assert asked == [
        ImportFiles((Path("x"),), "", "CVthèque 2025", "unknown", date(2026, 3, 12))
    ]  # fmt: skip


def test_a_last_exchange_is_only_told_for_an_old_file(qtbot) -> None:
    sheet, asked = ask(Survey((Path("x"),), 1), qtbot)
    sheet.grounds["unknown"].setChecked(True)
    sheet.contact.set_text("12/03/2026")
    sheet.grounds["applied"].setChecked(True)
    sheet.start.click()
    assert asked[0].last_contact is None


def test_many_folders_are_told_as_a_few_and_the_rest_counted(qtbot) -> None:
    names = tuple(f"dossier {n}" for n in range(40))
    sheet, _ = ask(Survey((Path("x"),), 2000, 0, 0, names), qtbot)
    assert not screens.faults(sheet)
    sheet.reject()


# The import itself.


def test_a_key_of_cvs_is_asked_about_once_counted_and_reported(opened, key: Path) -> None:
    before = {p: p.read_bytes() for p in key.rglob("*") if p.is_file()}
    page = opened.go("import")
    page.take_files([key])
    sheet = opened.sheet(ImportSheet)
    assert sheet.title.text() == say("imports.ask_title", n=6, count="6")
    sheet.grounds["sourced"].setChecked(True)
    opened.press("Ctrl+Return")
    opened.until(lambda: bool(opened.app.sitting.working))
    opened.until(lambda: not opened.app.sitting.working, 120)
    opened.calm()
    assert adds_up(page)
    shown = counts(page)
    assert shown["read"] == 6, "Thumbs.db is litter of the system"
    assert shown["new"] == 5
    assert shown["rejected"] == 1
    page.report.show_part("rejected")
    line = page.report.model.lines[0].row
    assert line.title == "notes.xyz"
    assert line.second == say("reading.no_source")
    assert page.report._law.text() == say("imports.after_sourced", n=5, count="5")
    assert {p: p.read_bytes() for p in key.rglob("*") if p.is_file()} == before
    assert not screens.faults(opened.window)


def test_the_same_import_twice_brings_nothing_and_says_known(opened) -> None:
    page = import_now(opened, (INBOX,))
    shown = counts(page)
    assert adds_up(page)
    assert shown["known"] == shown["read"] > 30
    page.report.show_part("known")
    assert page.report._nothing.text() == say("imports.known_lines", n=shown["known"])


def test_each_count_opens_its_lines(opened) -> None:
    page = opened.go("import")
    for part in ("new", "completed"):
        page.report.counts[part].click()
        screens.settle()
        assert len(page.report.model.lines) == counts(page)[part]
        assert page.report.counts[part].isChecked()
    assert adds_up(page)


def test_a_line_opens_its_item_in_triage(opened, monkeypatch) -> None:
    page = opened.go("import")
    page.report.show_part("new")
    item = page.report.model.lines[0].thing
    went = []
    monkeypatch.setattr(opened.shell, "go", lambda name, arg=None: went.append((name, arg)))
    page.report.list.clicked.emit(page.report.model.index(0, 0))
    assert went == [("triage", item)]


def test_other_writes_go_through_while_an_import_runs(opened, key: Path) -> None:
    from clementine_crm.services.missions import AddMission

    page = opened.go("import")
    page.start(ImportFiles((INBOX, key)))
    done = []
    opened.shell.ctx.dispatch(AddMission("REF-4001", "Juriste"), on_done=done.append)
    opened.until(lambda: done)
    assert opened.app.sitting.working, "the import still runs"
    opened.until(lambda: not opened.app.sitting.working, 120)


def test_stopping_leaves_whole_items_and_the_same_import_finishes_the_rest(
    opened, tmp_path: Path
) -> None:
    folder = tmp_path / "tout"
    folder.mkdir()
    files = sorted(p for p in KEPT.iterdir() if p.is_file())[:40]
    for file in files:
        shutil.copy(file, folder / file.name)
    page = opened.go("import")
    handle = page.start(ImportFiles((folder,)))
    opened.until(opened.shell.jobs.isVisible, 60)
    handle.cancel()
    opened.until(lambda: not opened.app.sitting.working, 120)
    opened.calm()
    assert adds_up(page)
    first = counts(page)
    assert page._view.record.state == "cancelled"
    assert first["read"] < 40
    assert opened.shell.foot.findChild(object, "foot:Return").text() == say("imports.again")
    page.again()
    sheet = opened.sheet(ImportSheet)
    sheet.start.click()
    opened.until(lambda: bool(opened.app.sitting.working))
    opened.until(lambda: not opened.app.sitting.working, 180)
    opened.calm()
    second = counts(page)
    assert adds_up(page)
    assert second["read"] == 40
    assert second["known"] == first["new"] + first["completed"]
    assert page._view.record.state == "done"


def test_an_import_that_was_killed_says_that_the_same_import_finishes_it(opened) -> None:
    import threading

    from sqlalchemy import update

    from clementine_crm.store import tables

    desk = opened.app.sitting.desk.desk

    def cut() -> None:
        with desk.engines.write.begin() as connection:
            connection.execute(update(tables.import_batch).values(state="running"))

    thread = threading.Thread(target=cut)
    thread.start()
    thread.join()
    page = opened.go("import")
    assert page.report._state.text == say("imports.state_interrupted")
    assert opened.shell.foot._foot.main.text == say("imports.again")


def test_a_source_that_is_gone_is_told_in_the_bar(opened, key: Path) -> None:
    page = import_now(opened, (key,))
    shutil.rmtree(key)
    page._view.record.state = "interrupted"
    page.again()
    screens.settle()
    assert opened.shell.errors.isVisible()


def test_a_whole_import_is_taken_back_after_one_question_with_numbers(opened) -> None:
    page = opened.go("import")
    made = counts(page)["new"]
    waiting = opened.go("today").figures["waiting"].text().split()[0]
    assert int(waiting) > 0
    page = opened.go("import")
    page.list.setFocus()
    opened.press("U")
    question = opened.sheet(Question)
    assert str(made) in question.accessibleDescription()
    assert not screens.faults(question)
    assert QApplication.focusWidget() is question.keep
    opened.press("Esc")
    assert page.model.lines
    opened.press("U")
    opened.sheet(Question)
    opened.press("Ctrl+Return")
    opened.until(lambda: not page.model.lines, 120)
    opened.calm()
    assert opened.go("today").figures["waiting"].text().startswith("0")
    assert not screens.faults(opened.window)


def test_no_import_yet_says_what_to_do(opened_empty) -> None:
    page = opened_empty.go("import")
    assert not screens.faults(opened_empty.window)
    assert page.foot().main.text == say("imports.files")
    page.take_files([opened_empty.app.parts.home / "documents"])
    opened_empty.until(lambda: opened_empty.shell.floating.panel is not None)
    assert opened_empty.app.sitting.working == ()


def test_the_import_is_told_wherever_one_is_when_it_ends(opened, key: Path) -> None:
    page = opened.go("import")
    page.start(ImportFiles((key,)))
    opened.shell.go("missions")
    opened.until(lambda: opened.shell.floating.panel is not None, 120)
    panel = opened.shell.floating.panel
    assert panel.accessibleName() == say("imports.told_done", n=5, count="5")
    assert opened.shell.place == "missions"


# Dropped on the window.


def drag(window, mime: QMimeData) -> tuple[bool, bool]:
    """Whether a drag is taken, and whether its drop is."""
    where, action = QPointF(300, 300), Qt.DropAction.CopyAction
    buttons, keys = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    enter = QDragEnterEvent(where.toPoint(), action, mime, buttons, keys)
    handle = window.windowHandle()
    taken = window.eventFilter(handle, enter)
    assert not screens.overlapping(window)
    drop = QDropEvent(where, action, mime, buttons, keys)
    return taken, window.eventFilter(handle, drop)


def test_files_dropped_anywhere_on_the_window_are_imported(opened, key: Path) -> None:
    opened.go("missions")
    mime = QMimeData()
    mime.setUrls([QUrl.fromLocalFile(str(key))])
    assert drag(opened.window, mime) == (True, True)
    assert opened.shell.place == "import"
    opened.sheet(ImportSheet)
    opened.press("Esc")
    assert opened.window._veil is None


def test_text_and_addresses_of_the_web_are_not_files(opened) -> None:
    mime = QMimeData()
    mime.setText("bonjour")
    mime.setUrls([QUrl("https://www.example.org/cv.pdf")])
    assert files_of(mime) == ()
    assert drag(opened.window, mime) == (False, False)


def test_messages_dragged_out_of_outlook_are_told_how(opened) -> None:
    mime = QMimeData()
    mime.setData('application/x-qt-windows-mime;value="FileGroupDescriptorW"', b"\x01")
    assert from_outlook(mime)
    assert drag(opened.window, mime) == (True, True)
    screens.settle()
    assert opened.shell.errors.isVisible()
    assert opened.shell.errors._title.text() == say("window.outlook_title")
    assert not screens.faults(opened.window)


def test_nothing_can_be_dropped_on_a_locked_window(opened, key: Path) -> None:
    with opened.qtbot.waitSignal(opened.app.locked, timeout=30_000):
        opened.app.lock()
    mime = QMimeData()
    mime.setUrls([QUrl.fromLocalFile(str(key))])
    assert drag(opened.window, mime) == (False, False)


@pytest.mark.parametrize(
    ("path", "shown"),
    [
        ("/media/cle/CV 2025", "cle/CV 2025"), ("C:\\Users\\x\\CV", "x/CV"),
        ("website_forms", "Formulaire du site"), ("un_autre", "un_autre"), ("cv.pdf", "cv.pdf"),
    ],
)  # fmt: skip
def test_a_path_is_shown_by_its_last_names(path: str, shown: str) -> None:
    assert short_path(path) == shown
