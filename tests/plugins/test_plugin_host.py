"""Manifests, states and life cycle: what a plugin does wrong ends as its own state."""

from __future__ import annotations

import logging
import shutil
import sys
from collections.abc import Mapping
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from clementine_crm.clock import SystemClock
from clementine_crm.errors import NotFound, PluginError
from clementine_crm.plugin_api import PluginContext
from clementine_crm.plugin_host.host import PluginHost, PluginRow
from clementine_crm.plugin_host.lent import LentTools
from clementine_crm.plugin_host.manifest import SettingValue, read_manifest
from clementine_crm.words import Words

GOOD = """
id = "{id}"
name = {{ fr = "Essai", en = "Trial" }}
version = "1.0.0"
api = "{api}"
entry = "plugin:Entry"
provides = ["file_source"]
permissions = [{permissions}]
requires = [{requires}]
{more}
"""
CODE = """
from .part import MARK
class Entry:
    log = []
    def activate(self, context): self.log.append(MARK); self.context = context
    def deactivate(self): self.log.append("off")
    def check(self):
        from clementine_crm.plugin_api import Health
        return Health(True)
"""


def make(
    root: Path,
    name: str,
    *,
    code: str = CODE,
    api: str = "1",
    permissions: str = "",
    requires: str = "",
    more: str = "",
    manifest: str | bytes | None = None,
) -> Path:
    folder = root / name
    folder.mkdir(parents=True)
    text = manifest
    if text is None:
        text = GOOD.format(id=name, api=api, permissions=permissions, requires=requires, more=more)
    (folder / "plugin.toml").write_bytes(text if isinstance(text, bytes) else text.encode())
    (folder / "plugin.py").write_text(code, encoding="utf-8")
    (folder / "part.py").write_text(f"MARK = {name!r}\n", encoding="utf-8")
    return folder


def context(plugin: str, values: Mapping[str, SettingValue]) -> PluginContext:
    return PluginContext(
        plugin, dict(values), logging.getLogger(plugin), SystemClock(), LentTools()
    )


def rows(host: PluginHost) -> dict[str, PluginRow]:
    return {row.id: row for row in host.rows()}


def said(row: PluginRow) -> list[str]:
    return [Words(lang)(f"errors.{row.reason}", **dict(row.reason_params)) for lang in ("fr", "en")]


BAD = {
    "not_toml": b"id = ",
    "not_text": b"\xff\xfe\x00",
    "empty": b"",
    "huge": b"# " + b"x" * 70_000,
    "other_id": GOOD.format(id="someone", api="1", permissions="", requires="", more=""),
    "unknown_key": GOOD.format(
        id="unknown_key", api="1", permissions="", requires="", more="x = 1"
    ),
    "no_english": GOOD.format(
        id="no_english", api="1", permissions="", requires="", more=""
    ).replace(', en = "Trial"', ""),
    "permission": GOOD.format(id="permission", api="1", permissions='"root"', requires="", more=""),
    "version": GOOD.format(id="version", api="1", permissions="", requires="", more="").replace(
        '"1.0.0"', "1"
    ),
    "entry": GOOD.format(id="entry", api="1", permissions="", requires="", more="").replace(
        "plugin:Entry", "../other:Entry"
    ),
    "no_file": GOOD.format(id="no_file", api="1", permissions="", requires="", more="").replace(
        "plugin:Entry", "missing:Entry"
    ),
    "deep": b"x = " + b"[" * 20_000,
}


def setting(body: str) -> str:
    return '[[settings]]\nkey = "k"\nlabel = { fr = "F", en = "E" }\n' + body


@pytest.mark.parametrize("name", BAD)
def test_a_bad_manifest_is_listed_with_its_reason_and_runs_nothing(tmp_path, name) -> None:
    make(tmp_path, name, manifest=BAD[name], code="raise SystemExit('ran')")
    make(tmp_path, "well")
    host = PluginHost(tmp_path)
    host.start()
    found = rows(host)
    assert found[name].state == "failed"
    assert all(said(found[name]))
    assert found["well"].state == "enabled"
    assert host.enable(name).state == "failed"


def test_a_folder_without_manifest_is_told_among_ours_and_ignored_among_the_users(tmp_path) -> None:
    (tmp_path / "ours" / "bare").mkdir(parents=True)
    (tmp_path / "ours" / "__pycache__").mkdir()
    (tmp_path / "users" / "holiday").mkdir(parents=True)
    host = PluginHost(tmp_path / "ours", tmp_path / "users")
    assert [(row.id, row.reason) for row in host.rows()] == [("bare", "plugin_manifest_missing")]


@pytest.mark.parametrize(
    "body",
    [
        'type = "int"\ndefault = "1"',
        'type = "int"\ndefault = true',
        'type = "bool"\ndefault = 1',
        'type = "choice"',
        'type = "text"\nchoices = ["a"]',
        'type = "choice"\nchoices = ["a"]\ndefault = "b"',
        'type = "secret"\ndefault = "x"',
        'type = "url"\ndefault = "file:///etc"',
        'type = "colour"',
        'type = "text"\n' + setting('type = "text"'),
    ],
)
def test_incoherent_settings_are_refused(tmp_path, body) -> None:
    folder = make(tmp_path, "one", more=setting(body))
    with pytest.raises(PluginError) as caught:
        read_manifest(folder)
    assert caught.value.params["setting"].startswith("settings")


@given(st.binary(max_size=300))
@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_no_bytes_in_a_manifest_raise_anything_else(tmp_path, data) -> None:
    folder = tmp_path / "any"
    folder.mkdir(exist_ok=True)
    (folder / "plugin.toml").write_bytes(data)
    with pytest.raises(PluginError):
        read_manifest(folder)


def test_settings_given_default_missing_and_wrong(tmp_path) -> None:
    more = (
        setting('type = "choice"\nchoices = ["a", { value = "b", label = { fr = "B", en = "B" } }]')
        + '\ndefault = "b"\n'
        + setting('type = "secret"\nrequired = true').replace('"k"', '"s"')
    )
    manifest = read_manifest(make(tmp_path, "one", more=more))
    assert manifest.values({"s": "x", "unknown": 1}) == {"k": "b", "s": "x"}
    assert manifest.values({"k": "a", "s": "x"}, secrets=False) == {"k": "a"}
    with pytest.raises(PluginError, match="plugin_setting_missing"):
        manifest.values({"s": ""})
    with pytest.raises(PluginError, match="plugin_setting_wrong"):
        manifest.values({"s": "x", "k": "c"})


def test_a_secret_is_neither_in_the_rows_nor_sent_to_the_reader(tmp_path) -> None:
    make(tmp_path, "one", more=setting('type = "secret"'))
    host = PluginHost(tmp_path, settings={"one": {"k": "hidden-4711"}})
    host.start()
    assert rows(host)["one"].settings[0].is_set
    assert "hidden-4711" not in repr(host.rows()) + repr(host.reader_plugins())


def test_nothing_is_imported_before_it_is_wanted_nor_a_reader_plugin_ever(tmp_path) -> None:
    make(tmp_path, "reads", code="raise SystemExit('ran')")
    make(tmp_path, "talks", permissions='"network"', code="raise SystemExit('ran')")
    host = PluginHost(tmp_path, wanted={"talks": False}, make_context=context)
    host.start()
    assert {row.id: row.state for row in host.rows()} == {"reads": "enabled", "talks": "discovered"}
    assert [one.id for one in host.reader_plugins()] == ["reads"]


def test_what_only_works_over_the_network_is_kept_from_the_reader(tmp_path) -> None:
    manifest = GOOD.format(id="box", api="1", permissions='"network"', requires="", more="")
    make(tmp_path, "box", manifest=manifest.replace("file_source", "mailbox"))
    host = PluginHost(tmp_path, make_context=context)
    host.start()
    assert rows(host)["box"].state == "enabled"
    assert host.reader_plugins() == ()
    host.stop()


def test_another_api_is_listed_and_never_loaded(tmp_path) -> None:
    make(tmp_path, "later", api="2", permissions='"network"', code="raise SystemExit('ran')")
    make(tmp_path, "minor", api="1.4")
    host = PluginHost(tmp_path, wanted={"later": False}, make_context=context)
    host.start()
    found = rows(host)
    assert (found["later"].state, found["later"].reason) == ("discovered", "plugin_api")
    assert host.enable("later").state == "failed"
    assert found["minor"].state == "enabled"


def test_a_library_that_is_not_in_the_build_is_named(tmp_path) -> None:
    make(tmp_path, "needs", requires='"email", "no_such_library.part"')
    host = PluginHost(tmp_path)
    host.start()
    row = rows(host)["needs"]
    assert row.state == "failed"
    assert all("no_such_library.part" in sentence for sentence in said(row))


def test_external_plugins_are_off_until_switched_on_and_never_replace_ours(tmp_path) -> None:
    make(tmp_path / "ours", "same")
    make(tmp_path / "users", "same")
    make(tmp_path / "users", "extra")
    host = PluginHost(tmp_path / "ours", tmp_path / "users")
    host.start()
    found = rows(host)
    assert (found["extra"].state, found["extra"].bundled) == ("discovered", False)
    assert [one.folder for one in host.reader_plugins()] == [str(tmp_path / "ours" / "same")]
    assert sorted(row.reason for row in host.rows()) == ["", "", "plugin_twice"]
    assert host.enable("extra").state == "enabled"


def test_live_plugins_come_and_go_without_a_trace(tmp_path) -> None:
    before = {name for name in sys.modules if name.startswith("clementine_plugins.")}
    make(tmp_path, "one", permissions='"network"')
    make(tmp_path, "two", permissions='"network"')
    host = PluginHost(tmp_path, make_context=context)
    host.start()
    one = host.live("one")
    assert one is not None
    assert one.log == ["one"]  # type: ignore[attr-defined]  # the stub's own record
    assert host.check("one").ok
    assert host.disable("one").state == "discovered"
    assert one.log == ["one", "off"]  # type: ignore[attr-defined]  # the stub's own record
    assert host.live("one") is None
    assert not [name for name in sys.modules if name.startswith("clementine_plugins.one")]
    assert [row.id for row in host.reader_plugins()] == ["two"]
    assert host.disable("one").state == "discovered"
    assert host.enable("one").state == "enabled"
    host.stop()
    assert {name for name in sys.modules if name.startswith("clementine_plugins.")} <= before


BREAKS = {
    "at_import": "raise RuntimeError('Jeanne 0639980001')",
    "by_exit": "raise SystemExit(1)",
    "in_syntax": "def",
    "without_class": "Other = 1",
    "half_a_class": "class Entry: pass",
    "when_made": CODE + "    def __init__(self): 1 / 0\n",
    "when_activated": CODE + "    def activate(self, context): 1 / 0\n",
}


@pytest.mark.logs
@pytest.mark.parametrize("name", BREAKS)
def test_a_plugin_that_breaks_never_stops_the_others(tmp_path, caplog, name) -> None:
    make(tmp_path, name, permissions='"network"', code=BREAKS[name])
    make(tmp_path, "well", permissions='"network"')
    host = PluginHost(tmp_path, make_context=context)
    host.start()
    found = rows(host)
    assert found[name].state == "failed"
    assert found["well"].state == "enabled"
    assert all(said(found[name]))
    assert "Jeanne" not in caplog.text + "".join(said(found[name]))
    assert not [one for one in sys.modules if one.startswith(f"clementine_plugins.{name}")]
    host.stop()


@pytest.mark.logs
def test_breaking_later_or_at_the_end_sets_it_aside(tmp_path) -> None:
    make(tmp_path, "sick", permissions='"network"', code=CODE + "    def check(self): 1 / 0\n")
    make(
        tmp_path, "stuck", permissions='"network"', code=CODE + "    def deactivate(self): 1 / 0\n"
    )
    host = PluginHost(tmp_path, make_context=context)
    host.start()
    assert not host.check("sick").ok
    assert rows(host)["sick"].state == "failed"
    assert host.disable("stuck").state == "discovered"
    host.stop()


def test_what_broke_in_the_reader_process_is_noted_here(tmp_path) -> None:
    make(tmp_path, "one")
    host = PluginHost(tmp_path)
    host.start()
    host.reader_failed({"one": "SIGSEGV", "gone": "x"})
    assert rows(host)["one"].state == "failed"
    assert host.reader_plugins() == ()
    assert host.enable("one").state == "enabled"


def test_an_unknown_id_and_a_missing_folder(tmp_path) -> None:
    host = PluginHost(tmp_path / "nowhere")
    assert host.rows() == ()
    with pytest.raises(NotFound):
        host.enable("nobody")


def test_a_folder_pulled_away_before_it_is_loaded(tmp_path) -> None:
    shutil.rmtree(make(tmp_path, "gone", permissions='"network"') / "nothing", ignore_errors=True)
    host = PluginHost(tmp_path, wanted={"gone": False}, make_context=context)
    shutil.rmtree(tmp_path / "gone")
    assert host.enable("gone").state == "failed"
