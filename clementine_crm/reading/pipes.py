"""Waiting on pipes with a deadline, without a thread.

POSIX can poll a pipe. Windows cannot: there ``PeekNamedPipe`` is asked every few milliseconds.
That difference lives in ``wait_readable`` and ``_available`` and nowhere else. The Windows
branches are type-checked but were never run on Windows by the tests.
"""

from __future__ import annotations

import os
import selectors
import sys
import time
from collections.abc import Sequence

CHUNK = 1 << 18

if sys.platform == "win32":
    import ctypes
    import msvcrt
    from ctypes import wintypes

    _PAUSE = 0.005

    def _available(fd: int) -> int:
        """Bytes that can be read now; -1 when the other end is gone."""
        waiting = wintypes.DWORD()
        peeked = ctypes.windll.kernel32.PeekNamedPipe(
            wintypes.HANDLE(msvcrt.get_osfhandle(fd)), None, 0, None, ctypes.byref(waiting), None
        )
        return int(waiting.value) if peeked else -1

    def wait_readable(fds: Sequence[int], seconds: float) -> list[int]:
        """The descriptors that have bytes or have ended, within ``seconds`` (0: look once)."""
        until = time.monotonic() + seconds
        while True:
            ready = [fd for fd in fds if _available(fd) != 0]
            if ready or time.monotonic() >= until:
                return ready
            time.sleep(_PAUSE)

    def read_some(fd: int) -> bytes:
        """What a readable descriptor holds, at most ``CHUNK`` bytes; empty at its end."""
        waiting = _available(fd)
        return os.read(fd, min(waiting, CHUNK)) if waiting > 0 else b""

    def write_some(fd: int, data: memoryview, seconds: float) -> int:
        """Bytes written. Blocks: the reader empties its pipe before anything else."""
        del seconds
        return os.write(fd, data[:CHUNK])

else:

    def wait_readable(fds: Sequence[int], seconds: float) -> list[int]:
        """The descriptors that have bytes or have ended, within ``seconds`` (0: look once)."""
        with selectors.DefaultSelector() as selector:
            for fd in fds:
                selector.register(fd, selectors.EVENT_READ)
            return [key.fd for key, _ in selector.select(max(0.0, seconds))]

    def read_some(fd: int) -> bytes:
        """What a readable descriptor holds, at most ``CHUNK`` bytes; empty at its end."""
        return os.read(fd, CHUNK)

    def write_some(fd: int, data: memoryview, seconds: float) -> int:
        """Bytes written within ``seconds``, 0 when the pipe stayed full (fd is non-blocking)."""
        with selectors.DefaultSelector() as selector:
            selector.register(fd, selectors.EVENT_WRITE)
            if not selector.select(max(0.0, seconds)):
                return 0
        try:
            return os.write(fd, data[:CHUNK])
        except BlockingIOError:
            return 0
