"""A folder where a file stands whole or not at all."""

import errno
import os
import subprocess
import sys

import pytest

from clementine_crm.errors import DiskFull, NotFound, Offline, StorageError
from clementine_crm.hub import shelf as module
from clementine_crm.hub.shelf import Shelf


@pytest.fixture
def shelf(tmp_path):
    return Shelf(tmp_path / "key")


def test_what_is_put_is_there(shelf):
    shelf.put("a/b/c.pack", b"one")
    assert shelf.get("a/b/c.pack", 100) == b"one"
    assert shelf.get("a/b/c.pack", 2) == b"on"
    assert shelf.sizes("a/b", ".pack") == {"c.pack": 3}
    assert shelf.sizes("a/b", ".blob") == shelf.sizes("nowhere", ".pack") == {}
    assert shelf.folders("a") == ["b"]
    assert shelf.written == 3
    shelf.put("a/b/c.pack", b"two")
    assert shelf.get("a/b/c.pack", 100) == b"two"
    assert [p.name for p in (shelf.folder / "a/b").iterdir()] == ["c.pack"]
    shelf.delete("a/b/c.pack")
    shelf.delete("a/b/c.pack")
    assert not shelf.has("a/b/c.pack")
    with pytest.raises(NotFound, match="copy_file_missing"):
        shelf.get("a/b/c.pack", 100)


def test_what_stands_there_already_is_not_written_again(shelf):
    shelf.put("x", b"one")
    before = (shelf.folder / "x").stat()
    shelf.put("x", b"one")
    after = (shelf.folder / "x").stat()
    assert (before.st_ino, before.st_mtime_ns) == (after.st_ino, after.st_mtime_ns)
    assert shelf.written == 3


def test_it_is_read_back_before_it_takes_the_place_of_the_old_one(shelf, monkeypatch):
    shelf.put("x", b"old content")
    real = module._write

    def lying_disk(path, data):
        real(path, bytes(len(data)))

    monkeypatch.setattr(module, "_write", lying_disk)
    with pytest.raises(StorageError, match="copy_not_as_written"):
        shelf.put("x", b"new content")
    assert shelf.get("x", 100) == b"old content"
    assert not list(shelf.folder.glob("*.new"))


def test_it_is_read_back_after_it_was_renamed(shelf, monkeypatch):
    real = module._rename

    def harming(source, target):
        real(source, target)
        target.write_bytes(b"other")

    monkeypatch.setattr(module, "_rename", harming)
    with pytest.raises(StorageError, match="copy_not_as_written"):
        shelf.put("x", b"content")


def test_a_failed_renaming_never_takes_the_new_one_away(shelf, monkeypatch):
    shelf.put("x", b"old")

    def lost(source, target):
        target.unlink()
        raise OSError(errno.EIO, "pulled out")

    monkeypatch.setattr(module, "_rename", lost)
    with pytest.raises(Offline, match="copy_folder_gone"):
        shelf.put("x", b"new")
    assert shelf.get("x", 10) == b"new"
    monkeypatch.undo()
    shelf.mend([""], lambda name, data: data == b"new")
    assert (shelf.folder / "x").read_bytes() == b"new"


def test_mending_finishes_what_is_whole_and_clears_the_rest(shelf):
    shelf.put("p/kept", b"old")
    for name, data in (("kept", b"newer"), ("whole", b"all of it"), ("half", b"hal")):
        (shelf.folder / "p" / f"{name}.new").write_bytes(data)
    shelf.mend(["p", "nowhere"], lambda name, data: data == b"all of it")
    assert {p.name: p.read_bytes() for p in (shelf.folder / "p").iterdir()} == {
        "kept": b"old",
        "whole": b"all of it",
    }


def test_a_locked_file_of_windows_is_tried_again(shelf, monkeypatch):
    shelf.put("x", b"old")
    tries, real = [], module.Path.replace

    def locked(self, target):
        tries.append(1)
        if len(tries) < 4:
            raise PermissionError(errno.EACCES, "in use")
        return real(self, target)

    monkeypatch.setattr(module.Path, "replace", locked)
    monkeypatch.setattr(module, "_PAUSE", 0)
    with pytest.raises(StorageError, match="copy_read_only"):
        shelf.put("x", b"new")
    monkeypatch.setattr(module, "_RETRIES", 10)
    monkeypatch.setattr(module, "_tries_again", lambda: True)
    tries.clear()
    shelf.put("x", b"new")
    assert (len(tries), shelf.get("x", 9)) == (4, b"new")


def test_folders_are_forced_once_for_many_files(shelf, monkeypatch):
    forced, real = [], os.fsync
    monkeypatch.setattr(module, "_flush_folder", forced.append)
    monkeypatch.setattr(os, "fsync", lambda descriptor: forced.append("file") or real(descriptor))
    for n in range(5):
        shelf.put(f"doc/{n}", b"%d" % n)
    assert forced == ["file"] * 5
    shelf.settle()
    shelf.settle()
    assert forced == ["file"] * 5 + [shelf.folder / "doc"]


def test_a_folder_that_went_away(shelf):
    shelf.put("x", b"1")
    (shelf.folder / "x").unlink()
    shelf.folder.rmdir()
    with pytest.raises(Offline, match="copy_folder_gone"):
        shelf.get("x", 10)
    refusal = shelf._told(PermissionError(errno.EACCES, "not ready"), "x")
    assert refusal.key == "copy_folder_gone"


def test_a_clock_that_runs_ahead_makes_nothing_old(shelf):
    shelf.put("x", b"1")
    now = (shelf.folder / "x").stat().st_mtime
    assert shelf.age("x", now + 60) == 60
    assert shelf.age("x", now - 60) == 0
    assert shelf.age("gone", now) == 0


def mounted(folder, *options):
    folder.mkdir()
    done = sys.platform == "linux" and os.geteuid() == 0
    done = (
        done
        and not subprocess.run(
            ["mount", "-t", "tmpfs", "-o", ",".join(options), "tmpfs", str(folder)],
            check=False,
            capture_output=True,
        ).returncode
    )
    if not done:
        pytest.skip("needs the right to mount a small disk")


def test_a_really_full_disk_keeps_what_was_there(tmp_path):
    folder = tmp_path / "tiny"
    mounted(folder, "size=64k")
    try:
        shelf = Shelf(folder)
        shelf.put("x", b"old")
        with pytest.raises(DiskFull, match="copy_no_room"):
            shelf.put("x", bytes(100_000))
        assert shelf.get("x", 10) == b"old"
        assert [p.name for p in folder.iterdir()] == ["x"]
        shelf.put("x", b"new")
    finally:
        subprocess.run(["umount", "-l", str(folder)], check=True)


def test_a_really_read_only_disk(tmp_path):
    folder = tmp_path / "locked"
    mounted(folder, "size=64k")
    try:
        shelf = Shelf(folder)
        shelf.put("x", b"old")
        subprocess.run(["mount", "-o", "remount,ro", str(folder)], check=True)
        with pytest.raises(StorageError, match="copy_read_only"):
            shelf.put("x", b"new")
        with pytest.raises(StorageError, match="copy_read_only"):
            shelf.delete("x")
        assert shelf.get("x", 10) == b"old"
    finally:
        subprocess.run(["umount", "-l", str(folder)], check=True)
