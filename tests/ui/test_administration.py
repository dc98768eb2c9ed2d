"""Administration: the verdict, each check of the doctor, copies, plugins, rules, accounts, outbox."""

from __future__ import annotations

import json
import os
import threading
import time
from dataclasses import replace
from datetime import timedelta
from email import message_from_bytes
from email.policy import default
from pathlib import Path

import pytest
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication

from clementine_crm import doctor
from clementine_crm.domain.agency import Role, User
from clementine_crm.plugin_host.host import SettingRow
from clementine_crm.ports import OutgoingMessage
from clementine_crm.queries.house import copies, settings
from ui import screens
from ui.dialogs.password import PasswordDialog
from ui.dialogs.restore import RestoreSheet
from ui.pages.administration import TABS, AdministrationPage
from ui.pages.administration_outbox import as_eml
from ui.pages.administration_rules import SETTING, known
from ui.speech import say
from ui.widgets.schema_form import SchemaForm

ROOT = Path(__file__).resolve().parent.parent.parent
FORMS = ROOT / "tests" / "data" / "plugins"


def elsewhere(act):
    """Do something to the base on another thread, as another program would."""
    found: list[object] = []
    thread = threading.Thread(target=lambda: found.append(act()))
    thread.start()
    thread.join()
    return found[0] if found else None


def house(opened) -> AdministrationPage:
    page = opened.go("administration", "house")
    opened.until(lambda: page.tab.model.lines, 60)
    opened.calm()
    return page


def lines(page: AdministrationPage) -> dict[str, object]:
    return {line.thing.name: line.thing for line in page.tab.model.lines}


# The doctor.


def named(checks) -> dict[str, doctor.Check]:
    return {check.name: check for check in checks}


def test_a_healthy_desk_lacks_only_a_copy(desk) -> None:
    found = named(doctor.checks(desk))
    assert list(found) == list(doctor.CHECKS)
    assert [name for name, check in found.items() if not check.ok] == ["copy"]


def test_a_copy_of_today_satisfies_and_one_of_the_day_before_does_not(desk) -> None:
    from sqlalchemy import insert

    from clementine_crm.store import tables

    def copied(hours: float, ok: bool) -> doctor.Check:
        with desk.engines.write.begin() as connection:
            connection.execute(
                insert(tables.backup_run),
                {"id": f"{hours}{ok}", "at": desk.clock.now() - timedelta(hours=hours),
                 "target": "E:", "dossiers": 3, "bytes": 9, "ok": ok},
            )  # fmt: skip
        return doctor.copy(desk)

    assert copied(30, True).say == "doctor.copy_late"
    assert copied(20, False).say == "doctor.copy_failed"
    assert copied(10, True).ok


def test_one_copy_of_the_keys_missing_or_different_is_told(desk) -> None:
    file = desk.home.folder / "keys.backup.json"
    whole = file.read_bytes()
    file.write_bytes(whole + b" ")
    assert doctor.keys(desk).say == "doctor.keys_differ"
    file.unlink()
    assert doctor.keys(desk).say == "doctor.keys_missing"
    assert doctor.keys(desk).params == {"file": "keys.backup.json"}
    file.write_bytes(whole)
    assert doctor.keys(desk).ok


def test_a_damaged_page_is_told_and_the_others_go_on(desk, tmp_path: Path) -> None:
    from clementine_crm.store.engine import checkpoint

    checkpoint(desk.engines.write)
    base = desk.home.base
    size = base.stat().st_size
    with base.open("r+b") as file:
        file.seek(size - 2000)
        file.write(b"\x00" * 64)
    desk.engines.read.dispose()
    found = named(doctor.checks(desk))
    assert not found["base"].ok
    assert found["place"].ok


def test_a_document_that_is_gone_is_counted(desk) -> None:
    names = list(desk.documents.names())
    for name in names[:2]:
        desk.documents.path(name).unlink()
    assert doctor.documents(desk).params == {"n": 2}


def test_a_clock_set_back_is_told(desk) -> None:
    class Back:
        def now(self):
            return desk_now - timedelta(days=40)

        def today(self):
            return self.now().date()

    desk_now = desk.clock.now()
    desk.clock = Back()
    assert doctor.clock(desk).say == "doctor.clock_back"


def test_what_a_stopped_program_left_is_told_after_a_day(desk) -> None:
    left = desk.home.folder / "keys.json.1234.tmp"
    left.write_bytes(b"x")
    assert doctor.leftovers(desk).ok, "somebody may be writing it now"
    old = time.time() - 2 * doctor.LEFT_SECONDS
    os.utime(left, (old, old))
    assert doctor.leftovers(desk).params == {"n": 1}


def test_little_room_is_told(desk, monkeypatch) -> None:
    import shutil

    usage = type("usage", (), {"free": 200_000_000})
    monkeypatch.setattr(shutil, "disk_usage", lambda _path: usage)
    assert doctor.room(desk).say == "doctor.room_low"


def test_a_reader_that_does_not_start_is_told(desk, monkeypatch) -> None:
    import sys

    from clementine_crm.reading import process

    gone = [sys.executable, "-c", "import sys; sys.exit(3)"]
    monkeypatch.setattr(process, "reader_command", lambda: gone)
    found = named(doctor.checks(desk))
    assert not found["reader"].ok
    assert found["reader"].say == "errors.reader_not_started"


@pytest.mark.parametrize("lang", ["fr", "en"])
def test_every_line_of_the_doctor_has_its_words(desk, lang: str) -> None:
    from clementine_crm.words import Words

    words = Words(lang)
    for check in doctor.checks(desk):
        assert words(check.say, **dict(check.params))
        assert words(f"doctor.name_{check.name}")


# The page.


def test_the_title_is_the_verdict_and_what_is_wrong_comes_first(opened) -> None:
    page = house(opened)
    assert page.title_label.text() == say("administration.attention", n=1)
    assert page.tab.model.lines[0].thing.name == "copy"
    assert page.tab.model.lines[0].row.chip.kind == "stop"
    assert all(line.thing.ok for line in page.tab.model.lines[1:])
    assert not screens.faults(opened.window)


def test_a_copy_puts_the_house_in_order(opened, tmp_path: Path) -> None:
    key = tmp_path / "cle"
    key.mkdir()
    house(opened)
    page = opened.go("administration", "copies")
    assert page.foot().main.text == say("administration.choose_folder")
    page.tab.use_folder(key)
    opened.calm()
    page.tab.list.setFocus()
    opened.shell.foot.setFocus()
    opened.press("S")
    opened.until(lambda: opened.app.sitting.working == (), 120)
    opened.until(lambda: page.tab.model.lines, 60)
    opened.until(lambda: page.title_label.text() == say("administration.in_order"), 60)
    opened.calm()
    assert opened.shell.rail.states["backup"].text() == say(
        "state.copy", when=say("quantities.now")
    )
    opened.press("V")
    opened.until(lambda: page.tab.model.lines[0].row.chip is not None, 120)
    assert page.tab.model.lines[0].row.chip.text == say("administration.verified")
    assert not screens.faults(opened.window)
    opened.press("R")
    sheet = opened.sheet(RestoreSheet)
    assert not screens.faults(sheet)
    assert page.tab.model.lines[0].thing.id in sheet.line.toPlainText()
    opened.press("Esc")
    assert opened.go("today").house.title.text() == say("today.house")


def test_a_damaged_copy_is_told(opened, tmp_path: Path) -> None:
    key = tmp_path / "cle"
    key.mkdir()
    page = opened.go("administration", "copies")
    page.tab.use_folder(key)
    page.tab.copy_now()
    opened.until(lambda: page.tab.model.lines, 120)
    opened.calm()
    pack = max((p for p in key.rglob("*.pack")), key=lambda p: p.stat().st_size)
    data = bytearray(pack.read_bytes())
    data[len(data) // 2] ^= 0xFF
    pack.write_bytes(data)
    page.tab.verify()
    opened.until(lambda: page.tab.model.lines[0].row.chip is not None, 120)
    assert page.tab.model.lines[0].row.chip.kind == "stop"


def test_a_copy_that_fails_is_told_in_the_bar_and_remembered(opened) -> None:
    page = opened.go("administration", "copies")
    page.tab.use_folder(opened.app.parts.home / "documents")
    page.tab.copy_now()
    opened.until(opened.shell.errors.isVisible, 60)
    opened.failures.clear()
    assert not screens.faults(opened.window)


def test_plugins_show_what_they_may_and_are_switched(opened) -> None:
    page = opened.go("administration", "plugins")
    ids = [line.thing.id for line in page.tab.model.lines]
    assert ids == ["mail_files", "website_forms"]
    assert not screens.faults(opened.window)
    page.tab.list.setFocus()
    opened.press("A")
    opened.until(lambda: page.tab.model.lines[0].thing.state == "discovered", 60)
    stored = elsewhere(lambda: settings(opened.app.sitting.desk.reading))
    assert stored["plugin.mail_files.enabled"] == "0"
    readers = opened.app.sitting.desk.desk.plugins.reader_plugins()
    assert [reader.id for reader in readers] == ["website_forms"]
    opened.calm()
    opened.press("A")
    opened.until(lambda: page.tab.model.lines[0].thing.state == "enabled", 60)


def test_the_settings_of_a_plugin_are_checked_and_stored(opened) -> None:
    page = opened.go("administration", "plugins")
    form = page.tab.form
    assert page.foot().main.reason != ""
    form.entries["small_inline_kb"].field.set_text("beaucoup")
    assert page.foot().main.reason == ""
    opened.press("Ctrl+Return")
    assert form.entries["small_inline_kb"].field.error() == say("schema_form.no_number")
    form.entries["small_inline_kb"].field.set_text("80")
    opened.press("Ctrl+Return")
    opened.until(lambda: opened.shell.floating.panel is not None, 60)
    opened.calm()
    stored = elsewhere(lambda: settings(opened.app.sitting.desk.reading))
    assert json.loads(stored["plugin.mail_files.set.small_inline_kb"]) == 80
    reader = opened.app.sitting.desk.desk.plugins.reader_plugins()[0]
    assert dict(reader.settings)["small_inline_kb"] == 80


def test_rules_are_edited_as_a_small_table_and_count_for_what_comes(opened) -> None:
    page = opened.go("administration", "rules")
    tab = page.tab
    assert tab.rules() == ()
    assert not screens.faults(opened.window)
    page.setFocus()
    opened.press("A")
    assert page.foot().main.reason == say("administration.rule_empty", row=1)
    tab.lines[0].boxes["position"].setFocus()
    opened.type("comptab*, paie")
    opened.calm()
    assert not screens.faults(opened.window)
    opened.press("Ctrl+Return")
    opened.until(lambda: opened.shell.floating.panel is not None)
    opened.calm()
    stored = elsewhere(lambda: known(opened.app.sitting.desk.reading))
    assert stored.rules == tab.rules()
    assert stored.rules[0].position == "comptab*, paie"
    assert stored.rules[0].consultant == "camille.roux@example.org"


def test_the_order_of_rules_counts_and_a_removed_one_comes_back(opened) -> None:
    page = opened.go("administration", "rules")
    tab = page.tab
    for word in ("paie", "juriste"):
        tab.add()
        tab.lines[-1].boxes["subject"].setText(word)
    assert [rule.subject for rule in tab.rules()] == ["paie", "juriste"]
    tab._move(1)
    assert [rule.subject for rule in tab.rules()] == ["juriste", "paie"]
    tab._drop(0)
    assert [rule.subject for rule in tab.rules()] == ["paie"]
    opened.shell.undo()
    assert [rule.subject for rule in tab.rules()] == ["juriste", "paie"]
    tab.refresh()
    opened.calm()
    assert len(tab.rules()) == 2, "what is being edited is not read over"


def test_a_rule_for_somebody_who_left_is_shown_and_kept(opened) -> None:
    rule = [{"consultant": "partie@example.org", "subject": "paie", "of_tomorrow": "x"}]
    from clementine_crm.services.agencies import ChangeSetting

    elsewhere(
        lambda: opened.app.sitting.desk.desk.execute(ChangeSetting(SETTING, json.dumps(rule)))
    )
    page = opened.go("administration", "rules")
    assert page.tab.rules()[0].consultant == "partie@example.org"


def test_accounts_are_listed_and_one_s_own_password_is_changed_from_there(opened) -> None:
    page = opened.go("administration", "accounts")
    assert [line.thing.email for line in page.tab.model.lines] == ["camille.roux@example.org"]
    assert not screens.faults(opened.window)
    page.tab.table.setFocus()
    opened.press("P")
    opened.sheet(PasswordDialog)
    opened.press("Esc")


def outbox(opened) -> AdministrationPage:
    """The outbox with one message in it."""
    from clementine_crm.queries.inbox import inbox
    from clementine_crm.services.triage import AskForMore

    desk = opened.app.sitting.desk.desk

    def ask() -> None:
        item = next(r for r in inbox(desk.reading).rows if r.kind == "application")
        desk.execute(AskForMore((item.id,)))

    elsewhere(ask)
    page = opened.go("administration", "outbox")
    opened.until(lambda: page.tab.model.lines)
    return page


def test_a_message_is_read_copied_and_opened(opened) -> None:
    page = outbox(opened)
    message = page.tab.chosen
    # Qt gives plain spaces for no-break ones.
    assert message.body.split() == page.tab.text.toPlainText().split()
    assert not screens.faults(opened.window)
    page.tab.list.setFocus()
    opened.press("C")
    assert message.subject in QGuiApplication.clipboard().text()
    opened.press("O")
    opened.until(lambda: opened.shell.place == "triage")
    opened.calm()


def test_a_message_is_saved_as_a_mail_program_reads_it(opened, tmp_path: Path) -> None:
    page = outbox(opened)
    message = page.tab.chosen
    file = tmp_path / "message.eml"
    page.tab.save_as(message, file)
    opened.until(file.exists)
    opened.until(lambda: opened.shell.floating.panel is not None)
    read = message_from_bytes(file.read_bytes(), policy=default)
    assert read["To"] == message.to_email
    assert read["Subject"] == message.subject
    assert read["X-Unsent"] == "1"
    assert read.get_content().splitlines() == message.body.splitlines()


@pytest.mark.parametrize("subject", ["Été à Âlès « ici »", "a\nBcc: evil@example.org", "x" * 2000])
def test_no_subject_breaks_out_of_its_line(subject: str) -> None:
    from datetime import UTC, datetime

    message = OutgoingMessage(
        b"i", b"d", "a@example.org", subject, "Bonjour", "fr", "ready", datetime.now(UTC)
    )
    read = message_from_bytes(as_eml(message), policy=default)
    assert read["Bcc"] is None
    assert "".join(read["Subject"].split()) == "".join(subject.split())


# Roles.


def tabs_of(joined, desk, role: str) -> list[str]:
    joined.ctx.actor = User(b"a", "x@example.org", "Olivier Prigent", roles=role)
    return [tab.name for tab in TABS if tab.seen(joined.ctx)]


def test_it_sees_machines_and_no_name_of_a_candidate(joined, desk) -> None:
    assert tabs_of(joined, desk, Role.IT) == ["house", "copies", "plugins"]


def test_each_role_sees_its_places_and_it_administration_alone(joined, desk) -> None:
    from ui.places import seen_by

    def seen(role: str) -> list[str]:
        return [room.name for room in seen_by(User(b"a", "x@example.org", "X", roles=role))]

    assert seen(Role.IT) == ["administration"]
    assert seen(Role.WEBMASTER) == ["import"]
    assert "triage" not in seen(Role.DPO)
    assert {"today", "triage", "candidates", "import"} <= set(seen(Role.RECRUITER))


def test_a_recruiter_may_look_at_plugins_and_not_switch_them(opened) -> None:
    opened.shell.ctx.actor = replace_roles(opened.shell.ctx.actor, Role.RECRUITER)
    page = opened.go("administration", "plugins")
    assert all(action.reason for action in (page.foot().main, *page.foot().others))


def replace_roles(user: User, roles: str) -> User:
    return User(user.dossier, user.email, user.name, roles=roles)


# The form of a manifest.


def setting(kind: str, **given: object) -> SettingRow:
    values = {"required": False, "value": None, "is_set": False}
    return SettingRow(kind, kind, f"Un {kind}", f"A {kind}", **{**values, **given})  # type: ignore[arg-type]


def test_every_type_of_setting_has_its_control_and_only_changes_are_stored(qtbot) -> None:
    rows = [
        setting("text", value="a"), setting("url", value="https://example.org"),
        setting("int", value=50), setting("bool", value=True), setting("secret", is_set=True),
        setting("choice", value="x", choices=(("x", "Un", "One"), ("y", "Deux", "Two"))),
        setting("path", value=""),
    ]  # fmt: skip
    form = SchemaForm(rows)
    qtbot.addWidget(form)
    screens.prepare(form, (600, 700))
    assert not screens.faults(form)
    assert form.values() == {}
    assert not form.dirty()
    form.entries["int"].field.set_text("80")
    form.entries["bool"].widget.setChecked(False)
    form.entries["secret"].field.set_text("chut")
    assert form.values() == {"int": 80, "bool": False, "secret": "chut"}
    form.entries["url"].field.set_text("example.org")
    assert not form.check()
    assert form.entries["url"].field.error() == say("schema_form.no_url")


def test_what_is_needed_and_empty_is_told_at_its_field(qtbot) -> None:
    form = SchemaForm(
        [setting("text", required=True), setting("secret", required=True, is_set=True)]
    )
    qtbot.addWidget(form)
    form.show()
    assert not form.check()
    assert form.entries["text"].field.error() == say("schema_form.missing")
    assert not form.entries["secret"].field.error(), "a kept secret need not be typed again"
    form.entries["text"].field.set_text("x")
    assert form.check()


def test_copies_are_remembered_in_the_base(opened, tmp_path: Path) -> None:
    key = tmp_path / "cle"
    key.mkdir()
    page = opened.go("administration", "copies")
    page.tab.use_folder(key)
    page.tab.copy_now()
    opened.until(lambda: page.tab.run_model.lines, 120)
    runs = elsewhere(lambda: copies(opened.app.sitting.desk.reading))
    assert runs[0].ok
    assert runs[0].target == str(key)
    assert replace(runs[0], ok=False).ok is False
    assert QApplication.instance() is not None
