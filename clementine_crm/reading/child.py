"""The parent's hold on one reader process: start it, talk to it with deadlines, end it."""

from __future__ import annotations

import contextlib
import logging
import os
import signal
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path

from clementine_crm.jobs import Cancel
from clementine_crm.reading.frames import HEAD, BadFrameError, Frame, body_length, unpack
from clementine_crm.reading.pipes import read_some, wait_readable, write_some

log = logging.getLogger(__name__)
EXIT_MEMORY = 77
"""The child's own exit code when memory ran out."""
_RING = 16 * 1024
_SLICE = 0.1
_WAIT_AFTER_END = 5.0
_PRIVATE = (
    "CLEMENTINE_",
    "PASSWORD",
    "PASSWD",
    "SECRET",
    "TOKEN",
    "RECOVERY",
    "CREDENTIAL",
    "_KEY",
)


class ChildGone(Exception):  # noqa: N818 - a turn of the road, not a failure
    """The child is no more; ``cause`` is a signal's name, ``memory``, ``frame`` or an exit code."""

    def __init__(self, cause: str, *, unsent: bool = False) -> None:
        super().__init__(cause)
        self.cause = cause
        self.unsent = unsent


def child_environment(scratch: Path) -> dict[str, str]:
    """The environment of the child: ours without anything that smells of a secret."""
    kept = {
        name: value
        for name, value in os.environ.items()
        if not any(part in name.upper() for part in _PRIVATE)
    }
    return kept | {"TMPDIR": str(scratch), "TEMP": str(scratch), "TMP": str(scratch)}


class Child:
    """One running reader process. Not for two threads at once."""

    def __init__(self, command: Sequence[str], scratch: Path, memory_mb: int) -> None:
        flags = 0
        if sys.platform == "win32":
            flags = subprocess.CREATE_NO_WINDOW | subprocess.CREATE_NEW_PROCESS_GROUP
        self._process = subprocess.Popen(  # noqa: S603 - our own interpreter and our own script
            list(command),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            bufsize=0,
            cwd=scratch,
            env=child_environment(scratch),
            creationflags=flags,
        )
        stdin, stdout, stderr = self._process.stdin, self._process.stdout, self._process.stderr
        assert stdin is not None
        assert stdout is not None
        assert stderr is not None
        self._stdin, self._stdout, self._stderr = stdin, stdout, stderr
        self._listening = [stdout.fileno(), stderr.fileno()]
        self._buffer = bytearray()
        self._ring = bytearray()
        self._job: object = None
        if sys.platform == "win32":
            from clementine_crm.reading.windows_job import MemoryJob

            try:
                self._job = MemoryJob(int(vars(self._process)["_handle"]), memory_mb)
            except OSError as error:
                log.warning("the reader's memory is not bounded: %s", error.winerror)
        else:
            os.set_blocking(stdin.fileno(), False)

    @property
    def pid(self) -> int:
        return self._process.pid

    @property
    def alive(self) -> bool:
        return self._process.poll() is None

    @property
    def last_words(self) -> str:
        """The end of what it wrote to its standard error."""
        return self._ring.decode("utf-8", "replace")

    def send(self, data: bytes, seconds: float) -> None:
        """Write a whole frame; ``ChildGone`` when it is not taken in time or nobody reads."""
        until = time.monotonic() + seconds
        left = memoryview(data)
        try:
            while left:
                written = write_some(self._stdin.fileno(), left, until - time.monotonic())
                left = left[written:]
                if not written and time.monotonic() >= until:
                    raise ChildGone(self.end("deaf"), unsent=True)
        except OSError:
            raise ChildGone(self.end(), unsent=True) from None

    def receive(self, seconds: float, cancel: Cancel | None = None) -> Frame | None:
        """The next frame, or None when ``seconds`` passed without a whole one.

        ``ChildGone`` when the process ended or spoke nonsense; ``Cancelled`` when the user asked.
        """
        until = time.monotonic() + seconds
        looked = False
        while True:
            frame = self._take()
            if frame is not None:
                return frame
            left = until - time.monotonic()
            if looked and left <= 0:
                return None
            if cancel is not None:
                cancel.check()
                left = min(left, _SLICE)
            looked = True
            for fd in wait_readable(self._listening, max(0.0, left)):
                self._hear(fd)

    def _hear(self, fd: int) -> None:
        chunk = read_some(fd)
        if fd == self._stderr.fileno():
            if not chunk:
                self._listening.remove(fd)
            self._ring += chunk
            del self._ring[:-_RING]
        elif chunk:
            self._buffer += chunk
        else:
            raise ChildGone(self.end())

    def _take(self) -> Frame | None:
        if len(self._buffer) < HEAD.size:
            return None
        try:
            length = body_length(bytes(self._buffer[: HEAD.size]))
            if len(self._buffer) < HEAD.size + length:
                return None
            with memoryview(self._buffer) as view:
                frame = unpack(view[HEAD.size : HEAD.size + length])
        except BadFrameError:
            raise ChildGone(self.end("frame")) from None
        del self._buffer[: HEAD.size + length]
        return frame

    def end(self, cause: str = "") -> str:
        """Make sure that it is gone; returns why: ``cause`` when given, else how it ended itself."""
        with contextlib.suppress(OSError):
            self._stdin.close()
        try:
            code = self._process.wait(timeout=0 if cause else _WAIT_AFTER_END)
        except subprocess.TimeoutExpired:
            self._process.kill()
            code = self._process.wait()
        self._drain()
        self._stdout.close()
        self._stderr.close()
        self._listening.clear()
        self._job = None
        return cause or _cause(code)

    def _drain(self) -> None:
        fd = -1 if self._stderr.closed else self._stderr.fileno()
        while fd in self._listening and wait_readable([fd], 0):
            chunk = read_some(fd)
            self._ring += chunk
            del self._ring[:-_RING]
            if not chunk:
                break


def _cause(code: int) -> str:
    if code == EXIT_MEMORY:
        return "memory"
    if code < 0:
        with contextlib.suppress(ValueError):
            return signal.Signals(-code).name
    return f"exit {code}"
