"""A wine prefix of our own and a virtual screen, for trying what was built. TEST ONLY."""

from __future__ import annotations

import contextlib
import os
import selectors
import shutil
import signal
import struct
import subprocess
import time
import zlib
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Self

SHIMS = ("bcryptprimitives", "icuuc", "mscms")
# _wmi of Python hangs wine 8; its crash dialog would wait for ever; mscms is our shim.
_OVERRIDES = "wbemprox=;winedbg.exe=d;mscms=n;mscoree,mshtml="
_GRACE = 10


class MissingError(RuntimeError):
    """A program this step needs is not on this machine."""


def program(*names: str) -> str:
    """Path of the first of several names for one program. Raises MissingError."""
    for name in names:
        found = shutil.which(name)
        if found:
            return found
    raise MissingError(f"{names[0]} is missing: install the packages of .ci/packages-windows.txt")


def compile_shims(sources: Path, into: Path) -> None:
    """Build the DLLs that wine lacks."""
    gcc = program("x86_64-w64-mingw32-gcc")
    into.mkdir(parents=True, exist_ok=True)
    for name in SHIMS:
        command = [gcc, "-O2", "-s", "-shared", "-w", "-o", str(into / f"{name}.dll")]
        subprocess.run(
            [*command, str(sources / f"{name}.c"), "-ladvapi32"], check=True, timeout=120
        )


def drain(process: subprocess.Popen[bytes], timeout: float) -> tuple[str, bool]:
    """What a program writes until it ends, and whether it ended in time.

    The end of its pipe is not awaited: wine's services inherit it and live on.
    """
    if process.stdin is None or process.stdout is None:
        raise ValueError("a program without pipes")
    process.stdin.close()
    until = time.monotonic() + timeout
    found = bytearray()
    with selectors.DefaultSelector() as selector, process.stdout as pipe:
        selector.register(pipe, selectors.EVENT_READ)
        while True:
            ended = process.poll() is not None
            if selector.select(0.05):
                piece = os.read(pipe.fileno(), 65536)
                found += piece
                if not piece:
                    selector.unregister(pipe)
                    with contextlib.suppress(subprocess.TimeoutExpired):
                        process.wait(max(0.0, until - time.monotonic()))
                    ended = process.poll() is not None
                    break
            elif ended or time.monotonic() > until:
                break
            if time.monotonic() > until + _GRACE:
                break
    return found.decode(errors="replace"), ended


@dataclass(frozen=True, slots=True)
class Ran:
    """A Windows program that ended: its exit code and what it wrote, both streams together."""

    code: int
    output: str


class Prefix:
    """One wine prefix; every call has a time limit, and ``close`` ends all that runs in it."""

    def __init__(self, folder: Path, shims: Path, display: str = "") -> None:
        self.folder = folder
        self._wine = program("wine64", "/usr/lib/wine/wine64")
        self._server = program("wineserver", "/usr/lib/wine/wineserver64")
        self._shims = shims
        self._environment = {
            name: value
            for name, value in os.environ.items()
            if not name.startswith(("PYTHON", "CLEMENTINE_", "QT_", "WAYLAND_"))
        } | {
            "WINEPREFIX": str(folder),
            "WINEDEBUG": "-all",
            "WINEDLLOVERRIDES": _OVERRIDES,
            "DISPLAY": display,
            "LC_ALL": "C.UTF-8",  # accents in file names
        }

    @property
    def drive(self) -> Path:
        """C:, as a folder here."""
        return self.folder / "drive_c"

    def create(self) -> None:
        """Make the prefix if it is not there, as a Windows 10 with what wine lacks."""
        self.folder.mkdir(parents=True, exist_ok=True)
        self._serve("-p")  # a lasting server: each call saves its start
        if not (self.folder / "system.reg").exists():
            self.must(["wineboot", "-i"], timeout=180)
        for name in SHIMS:
            shutil.copy(self._shims / f"{name}.dll", self.drive / "windows/system32")
        self.windows("win10")

    def windows(self, version: str) -> None:
        """Which Windows wine plays from the next program on (win10, win81)."""
        key = r"HKCU\Software\Wine"
        self.must(["reg", "add", key, "/v", "Version", "/d", version, "/f"], timeout=60)

    def path(self, here: Path) -> str:
        """A path of this machine as Windows programs see it."""
        inside = here.is_relative_to(self.drive)
        start = "C:\\" if inside else "Z:\\"
        rest = here.relative_to(self.drive if inside else "/")
        return start + str(rest).replace("/", "\\")

    def start(self, command: list[str]) -> subprocess.Popen[bytes]:
        """Start a program. Its streams are pipes: wine's Python refuses regular files."""
        return subprocess.Popen(
            [self._wine, *command],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            env=self._environment,
            start_new_session=True,
        )

    def run(self, command: list[str], timeout: float) -> Ran:
        """Run a program to its end; code 124 when its time was over."""
        process = self.start(command)
        output, ended = drain(process, timeout)
        if not ended:
            os.killpg(process.pid, signal.SIGKILL)
            self.close()
            return Ran(124, f"{output}\n[ended after {timeout:.0f} s]")
        return Ran(process.returncode, output)

    def must(self, command: list[str], timeout: float) -> Ran:
        """As ``run``, but anything except exit code 0 raises RuntimeError."""
        ran = self.run(command, timeout)
        if ran.code:
            raise RuntimeError(f"{' '.join(command)}: exit code {ran.code}\n{ran.output}")
        return ran

    def _serve(self, option: str) -> None:
        subprocess.run(
            [self._server, option],
            env=self._environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            timeout=30,
            check=False,
        )

    def close(self) -> None:
        """End every program of this prefix, and only of this one."""
        self._serve("-k")

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        at: TracebackType | None,
    ) -> None:
        self.close()


class Screen:
    """A virtual screen whose pixels lie in a file."""

    def __init__(self, folder: Path, size: str = "1280x800x24") -> None:
        self._folder = folder
        folder.mkdir(parents=True, exist_ok=True)
        server = program("Xvfb")
        self._process = subprocess.Popen(
            [
                server,
                "-displayfd",
                "1",
                "-screen",
                "0",
                size,
                "-nolisten",
                "tcp",
                "-fbdir",
                str(folder),
            ],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
        )
        if self._process.stdout is None:
            raise RuntimeError("Xvfb has no output")
        number = self._process.stdout.readline().strip().decode()
        if not number.isdigit():
            raise RuntimeError("Xvfb did not start")
        self.display = f":{number}"

    def grab(self) -> Picture:
        """What the screen shows now."""
        return read_xwd((self._folder / "Xvfb_screen0").read_bytes())

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        at: TracebackType | None,
    ) -> None:
        self._process.terminate()
        try:
            self._process.wait(_GRACE)
        except subprocess.TimeoutExpired:
            self._process.kill()


@dataclass(frozen=True, slots=True)
class Picture:
    """A screenshot: ``rows`` of RGB bytes."""

    width: int
    height: int
    rows: tuple[bytes, ...]

    def drawn(self, step: int = 3) -> float:
        """Share of its points, on a grid, that are neither of the two commonest colours.

        Those are the screen's and an empty window's; a mouse pointer alone is under 0.001.
        """
        found: Counter[bytes] = Counter()
        for row in self.rows[::step]:
            found.update(row[x : x + 3] for x in range(0, len(row), 3 * step))
        return 1 - sum(times for _, times in found.most_common(2)) / found.total()

    def png(self) -> bytes:
        """The picture as a PNG file."""

        def chunk(kind: bytes, body: bytes) -> bytes:
            check = zlib.crc32(kind + body)
            return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", check)

        header = struct.pack(">2I5B", self.width, self.height, 8, 2, 0, 0, 0)
        body = zlib.compress(b"".join(b"\0" + row for row in self.rows), 6)
        start = b"\x89PNG\r\n\x1a\n"
        return start + chunk(b"IHDR", header) + chunk(b"IDAT", body) + chunk(b"IEND", b"")


def read_xwd(data: bytes) -> Picture:
    """A screen dump of 32 bits a pixel, lowest byte first (X Window Dump, version 7)."""
    fields = struct.unpack_from(">25I", data)
    header, width, height, order, bits = (fields[i] for i in (0, 4, 5, 7, 11))
    line, colours = fields[12], fields[19]
    if fields[1] != 7 or order != 0 or bits != 32:
        raise ValueError("not the dump of a 24-bit screen")
    start = header + 12 * colours
    rows = []
    for y in range(height):
        row = data[start + y * line : start + y * line + 4 * width]
        rgb = bytearray(3 * width)
        rgb[0::3], rgb[1::3], rgb[2::3] = row[2::4], row[1::4], row[0::4]
        rows.append(bytes(rgb))
    return Picture(width, height, tuple(rows))
