"""The reader process from the inside: ``main.py --reader``.

It takes the pipes before anything can print on them, loads the parsers, puts up the fence, loads
the plugins behind it, and answers one request after the other until its input ends. Memory that
runs out ends it with ``EXIT_MEMORY``: the parent starts a fresh one.
"""

from __future__ import annotations

import faulthandler
import logging
import os
import shutil
import signal
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import asdict, dataclass
from io import TextIOBase
from pathlib import Path
from typing import Any

from typing_extensions import override

from clementine_crm.errors import ClementineError
from clementine_crm.files import shown
from clementine_crm.jobs import JobContext
from clementine_crm.plugin_api import Entry, MessageEntry, Rejection
from clementine_crm.plugin_host.confinement import (
    confine,
    forbid_children,
    limit_memory,
    watchdog,
)
from clementine_crm.plugin_host.lent import LentTools
from clementine_crm.plugin_host.loader import where
from clementine_crm.plugin_host.reader_plugins import ReaderPlugins
from clementine_crm.reading.child import EXIT_MEMORY
from clementine_crm.reading.frames import HEAD, Frame, FrameTooLargeError, body_length, pack, unpack

log = logging.getLogger(__name__)
_PROGRESS_EVERY = 0.1
_SKIP_EVERY = 1.0
_GRACE = 10.0


def run() -> int:
    """Serve until the parent closes the pipe. Returns the process's exit code."""
    pipes = _Pipes()
    try:
        start = pipes.read()
        if start is None or start.get("op") != "start":
            return 2
        code = _Server(pipes, start).serve()
        # The parent removes it too, unless it is the parent that was killed.
        shutil.rmtree(start["scratch"], ignore_errors=True)
        return code
    except MemoryError:
        os._exit(EXIT_MEMORY)
    except BrokenPipeError:
        return 0


class _Pipes:
    """Frames on the inherited descriptors 0 and 1, which nothing else can reach any more."""

    def __init__(self) -> None:
        self._in = os.dup(0)
        self._out = os.dup(1)
        null = os.open(os.devnull, os.O_RDWR)
        os.dup2(null, 0)
        os.dup2(null, 1)
        os.close(null)
        if sys.platform != "win32":
            os.set_blocking(2, False)  # a full pipe of complaints must not stop the work
        sys.stdin = open(0, encoding="utf-8", closefd=False)  # noqa: SIM115 - for good
        sys.stdout = sys.stderr = _Complaints()
        faulthandler.enable(file=2)
        signal.signal(signal.SIGINT, signal.SIG_IGN)  # the parent decides what Ctrl+C means

    def read(self) -> Frame | None:
        """The next frame, None at the end of the input."""
        head = self._exactly(HEAD.size)
        if head is None:
            return None
        body = self._exactly(body_length(bytes(head)))
        return None if body is None else unpack(body)

    def _exactly(self, length: int) -> bytearray | None:
        data = bytearray(length)
        with memoryview(data) as view:
            done = 0
            while done < length:
                chunk = os.read(self._in, min(length - done, 1 << 20))
                if not chunk:
                    return None
                view[done : done + len(chunk)] = chunk
                done += len(chunk)
        return data

    def write(self, frame: Frame) -> None:
        left = memoryview(pack(frame))
        while left:
            left = left[os.write(self._out, left) :]


class _Complaints(TextIOBase):
    """Standard output and error of everything in here: to descriptor 2, dropped when it is full."""

    encoding = "utf-8"

    @override
    def writable(self) -> bool:
        return True

    @override
    def fileno(self) -> int:
        return 2

    @override
    def write(self, text: str) -> int:
        with suppress(OSError):
            os.write(2, text.encode("utf-8", "backslashreplace"))
        return len(text)


@dataclass(frozen=True)
class _Run:
    path: Path
    plugin: str
    rows: Iterator[tuple[int, Entry]]


class _Server:
    def __init__(self, pipes: _Pipes, start: Frame) -> None:
        self._pipes = pipes
        self._seconds = float(start["seconds"])
        self._told = 0.0
        self._tools = LentTools()
        self._runs: dict[int, _Run] = {}
        logging.basicConfig(stream=sys.stderr, level=logging.INFO, format="%(name)s: %(message)s")
        sys.dont_write_bytecode = True
        _preload()
        forbid_children()
        confine(Path(start["scratch"]))
        self._plugins = ReaderPlugins(self._tools)
        for one in start["plugins"]:
            self._say("loading", plugin=one["id"])
            broken = self._plugins.load(one["id"], one["folder"], one["entry"], one["settings"])
            if broken:
                self._say("failed", plugin=one["id"], where=broken)
        limit_memory(int(start["memory_mb"]))
        self._say("ready")

    def _say(self, op: str, seq: int = 0, **fields: Any) -> None:
        self._pipes.write({"op": op, "seq": seq, **fields})

    def serve(self) -> int:
        answers: dict[str, Callable[[int, Frame], None]] = {
            "document": self._document,
            "page": self._page,
            "sniff": self._sniff,
            "open": self._open,
            "next": self._next,
            "close": self._close,
        }
        while True:
            request = self._pipes.read()
            if request is None:
                return 0
            seq = int(request["seq"])
            watchdog(self._seconds * 2 + _GRACE)
            try:
                answers[request["op"]](seq, request)
            except MemoryError:
                raise
            except ClementineError as error:
                params = {name: str(value) for name, value in error.params.items()}
                self._say("refused", seq, error=type(error).__name__, key=error.key, params=params)
            except BrokenPipeError:
                return 0
            except (Exception, SystemExit) as error:  # noqa: BLE001 - plugin host
                log.info("%s broke: %s", request["op"], where(error))
                self._say("refused", seq, error="", key="", params={})
            watchdog(0)

    def _document(self, seq: int, request: Frame) -> None:
        from clementine_crm.reading.documents import read_document

        text = read_document(request["data"], request["name"], request["password"])
        self._say("document", seq, value=text.model_dump())

    def _page(self, seq: int, request: Frame) -> None:
        from clementine_crm.reading.documents import draw_page

        picture = draw_page(request["data"], request["page"], request["scale"], request["password"])
        self._say("page", seq, value=asdict(picture))

    def _sniff(self, seq: int, request: Frame) -> None:
        plugin, confidence = self._plugins.sniff(Path(os.fsdecode(request["path"])))
        self._say("sniffed", seq, plugin=plugin, confidence=confidence)

    def _open(self, seq: int, request: Frame) -> None:
        path = Path(os.fsdecode(request["path"]))
        plugin, reason = self._plugins.choose(path, request["plugin"])
        if reason:
            value = {"path": shown(path), "row": 0, "reason": reason, "params": {}}
            self._say("rejection", seq, row=0, plugin=plugin, value=value)
            return
        rows = self._plugins.rows(path, plugin, JobContext(self._progress))
        told = time.monotonic()
        for row in range(1, int(request["skip"]) + 1):
            if next(rows, None) is None:
                self._say("end", seq)
                return
            if time.monotonic() - told >= _SKIP_EVERY:
                told = time.monotonic()
                self._say("at", row=row)
        self._runs[seq] = _Run(path, plugin, rows)
        self._say("opened", seq, plugin=plugin)

    def _next(self, seq: int, request: Frame) -> None:
        run = self._runs.get(request["run"])
        if run is None:
            self._say("unknown_run", seq)
            return
        row, entry = next(run.rows, (0, None))
        if entry is None:
            del self._runs[request["run"]]
            self._say("end", seq)
            return
        if isinstance(entry, MessageEntry):
            # From here on it is the message that may be slow or deadly, not its container.
            self._say("at", row=row)
            plugin, made = self._plugins.offer(entry, row, run.path)
        else:
            plugin, made = run.plugin, entry
        op = "rejection" if isinstance(made, Rejection) else "item"
        try:
            self._say(op, seq, row=row, plugin=plugin or run.plugin, value=made.model_dump())
        except FrameTooLargeError:
            value = Rejection(path=shown(run.path), row=row, reason="too_large").model_dump()
            self._say("rejection", seq, row=row, plugin=run.plugin, value=value)

    def _close(self, seq: int, request: Frame) -> None:
        del seq
        self._runs.pop(request["run"], None)

    def _at(self, row: int) -> None:
        self._say("at", row=row)

    def _progress(self, done: int, total: int, text: str) -> None:
        now = time.monotonic()
        if now - self._told >= _PROGRESS_EVERY:
            self._told = now
            self._say("progress", done=done, total=total, text=text)


def _preload() -> None:
    """Load what loads shared libraries, which the fence forbids afterwards."""
    for name in ("clementine_crm.reading.documents", "clementine_crm.reading.mail"):
        try:
            __import__(name)
        except Exception as error:  # noqa: BLE001 - plugin host: a parser missing is told at its use
            log.info("%s not loaded: %s", name, where(error))
