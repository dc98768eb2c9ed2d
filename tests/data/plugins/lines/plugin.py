"""One item a line of a text file; a line may ask for trouble (``#hang``, ``#crash`` …)."""

from __future__ import annotations

import ctypes
import logging
import os
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from clementine_crm.jobs import JobContext
from clementine_crm.plugin_api import Entry, Health, ItemPayload, Mail, MessageEntry, PluginContext


class Lines:
    def __init__(self) -> None:
        self.context: PluginContext | None = None

    def activate(self, context: PluginContext) -> None:
        self.context = context

    def deactivate(self) -> None:
        self.context = None

    def check(self) -> Health:
        return Health(self.context is not None)

    def sniff(self, head: bytes, name: str) -> float:
        return 0.9 if head.startswith(b"LINES") else 0.0

    def read(self, path: Path, job: JobContext) -> Iterator[Entry]:
        with path.open(encoding="utf-8") as file:
            next(file)
            for number, line in enumerate(file, start=1):
                job.cancel.check()
                job.progress(number, 0, "line")
                word, _, rest = line.strip().partition(" ")
                if word == "message":
                    yield MessageEntry(mail=Mail(subject=rest), external_id=f"m{number}")
                else:
                    yield ItemPayload(
                        external_id=f"{path.name}:{number}", message=self._act(word, rest) or line
                    )

    def _act(self, word: str, rest: str) -> str:
        trouble = _TROUBLE.get(word)
        if trouble is None:
            return ""
        try:
            return str(trouble(rest))
        except PermissionError as refused:
            return f"refused: {refused}"


def _hang(rest: str) -> str:
    while True:
        pass


def _hog(rest: str) -> str:
    held = []
    while True:
        held.append(bytearray(16 * 1024 * 1024))


def _raise(rest: str) -> str:
    raise ValueError(rest)


def _speak(rest: str) -> str:
    print("on standard output", "x" * 200_000)  # noqa: T201 - that is what this line tries
    os.write(1, b"raw on descriptor one")
    logging.getLogger("clementine_plugins.lines").info("said %s", "something")
    return "spoken"


def _scratch(rest: str) -> str:
    with tempfile.NamedTemporaryFile("w+", suffix=".txt") as file:
        file.write(rest)
        file.seek(0)
        return "scratch " + file.read()


def _folder(rest: str) -> str:
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "deep").mkdir()
        (Path(folder) / "deep" / "file").write_text(rest)
    return f"removed {not Path(folder).exists()}"


def _remove_below(rest: str) -> str:
    folder = os.open(Path(rest).parent, os.O_RDONLY)
    os.remove(Path(rest).name, dir_fd=folder)
    return "removed"


def _dir_fd(rest: str) -> str:
    folder = os.open(rest, os.O_RDONLY)
    return str(os.open("escaped", os.O_CREAT | os.O_WRONLY, dir_fd=folder))


def _open(rest: str, mode: str) -> str:
    with Path(rest).open(mode) as file:
        return file.name


_TROUBLE = {
    "#hang": _hang,
    "#hog": _hog,
    "#crash": lambda rest: ctypes.string_at(0),
    "#raise": _raise,
    "#exit": lambda rest: sys.exit(3),
    "#quit": lambda rest: os._exit(0),
    "#speak": _speak,
    "#surrogate": lambda rest: "a\ud800b",
    "#big": lambda rest: "b" * int(rest),
    "#env": lambda rest: ",".join(sorted(os.environ)),
    "#scratch": _scratch,
    "#folder": _folder,
    "#remove_below": _remove_below,
    "#socket": lambda rest: socket.socket(),
    "#resolve": lambda rest: socket.getaddrinfo("example.org", 80),
    "#popen": lambda rest: subprocess.run(["true"], check=False),
    "#system": lambda rest: os.system("true"),
    "#fork": lambda rest: os.fork(),
    "#exec": lambda rest: os.execv("/bin/true", ["true"]),
    "#spawn": lambda rest: os.posix_spawn("/bin/true", ["true"], {}),
    "#kill": lambda rest: os.kill(os.getppid(), 0),
    "#dlopen": lambda rest: ctypes.CDLL("libc.so.6"),
    "#write": lambda rest: Path(rest).write_text("x"),
    "#append": lambda rest: _open(rest, "a"),
    "#update": lambda rest: _open(rest, "r+"),
    "#create": lambda rest: os.open(rest, os.O_CREAT | os.O_WRONLY),
    "#dirfd": _dir_fd,
    "#remove": lambda rest: Path(rest).unlink(),
    "#rename": lambda rest: Path(rest).rename(rest + ".moved"),
    "#mkdir": lambda rest: Path(rest + ".d").mkdir(),
    "#symlink": lambda rest: Path(rest + ".l").symlink_to(rest),
    "#chmod": lambda rest: Path(rest).chmod(0o600),
    "#truncate": lambda rest: os.truncate(rest, 0),
}
