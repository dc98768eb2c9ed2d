"""The fence of the reader process, event by event (in force: test_reader_process.py)."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from clementine_crm.plugin_host.confinement import fence

READ, WRITE = os.O_RDONLY, os.O_WRONLY | os.O_CREAT


@pytest.fixture
def places(tmp_path: Path) -> tuple[Path, Path]:
    scratch, outside = tmp_path / "scratch", tmp_path / "scratch-evil"
    scratch.mkdir()
    outside.mkdir()
    (scratch / "out").symlink_to(outside)
    return scratch, outside


@pytest.mark.parametrize("name", ["a", "deep/er/a", "./a", "deep/../a", "caf\udce9"])
def test_below_the_scratch_folder_all_is_allowed(places, name) -> None:
    scratch, _ = places
    hook = fence(scratch)
    path = f"{scratch}/{name}"
    hook("open", (path, "w", WRITE))
    hook("open", (os.fsencode(path), None, WRITE))
    hook("os.remove", (path, -1))
    hook("os.rename", (path, path + "2", -1, -1))


@pytest.mark.parametrize("path", ["../scratch-evil/a", "out/a", "../a", "deep/../../a"])
@pytest.mark.parametrize("mode", ["w", "a", "x", "r+", "wb", "rb+"])
def test_ways_out_of_the_scratch_folder_are_refused(places, path, mode) -> None:
    scratch, _ = places
    hook = fence(scratch)
    with pytest.raises(PermissionError):
        hook("open", (f"{scratch}/{path}", mode, WRITE))
    with pytest.raises(PermissionError):
        hook("open", (os.fsencode(f"{scratch}/{path}"), None, WRITE))


def test_reading_is_free_and_open_descriptors_too(places) -> None:
    hook = fence(places[0])
    hook("open", ("/etc/hosts", "r", READ))
    hook("open", ("/etc/hosts", None, READ))
    hook("open", (3, "w", WRITE))
    hook("open", (os.devnull, "w", WRITE))
    hook("import", ("json", None, None, None, None))
    hook("os.listdir", ("/",))


@pytest.mark.parametrize("flags", [os.O_RDWR, os.O_TRUNC, os.O_APPEND, os.O_CREAT])
def test_every_writing_flag_counts(places, flags) -> None:
    with pytest.raises(PermissionError):
        fence(places[0])("open", (str(places[1] / "a"), None, flags))


@pytest.mark.parametrize("path", ["a", b"a", None, object()])
def test_what_is_no_whole_path_is_refused(places, path) -> None:
    with pytest.raises(PermissionError):
        fence(places[0])("open", (path, "w", WRITE))


def test_a_rename_needs_both_ends_inside(places) -> None:
    scratch, outside = places
    hook = fence(scratch)
    for ends in ((scratch / "a", outside / "a"), (outside / "a", scratch / "a")):
        with pytest.raises(PermissionError):
            hook("os.rename", (*map(str, ends), -1, -1))


@pytest.mark.parametrize(
    "event",
    [
        "socket.__new__", "socket.connect", "socket.getaddrinfo", "subprocess.Popen", "os.system",
        "os.exec", "os.fork", "os.forkpty", "os.spawn", "os.posix_spawn", "os.startfile", "os.kill",
        "pty.spawn", "sqlite3.connect", "ctypes.dlopen", "winreg.SetValue", "_winapi.CreateProcess",
        "http.client.connect", "urllib.Request",
    ],
)  # fmt: skip
def test_network_and_programs_are_refused_by_name(places, event) -> None:
    with pytest.raises(PermissionError, match=event.replace(".", r"\.")):
        fence(places[0])(event, ("anything",))
