"""What the reader process may not do: network, other programs, writing outside its scratch folder.

An audit hook (PEP 578) refuses, before it happens, what Python code asks for. It is a fence against
accidents and against code that a document smuggles into a Python library, not a prison: code that
runs in the machine's own language passes it. Python itself cannot be sandboxed; that is why
external plugins are off until somebody switches them on.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

MEGABYTE = 1024 * 1024
_REFUSED = frozenset({
    "os.system", "os.exec", "os.fork", "os.forkpty", "os.spawn", "os.posix_spawn", "os.startfile",
    "os.startfile/2", "os.kill", "os.killpg", "os.putenv", "os.unsetenv", "os.add_dll_directory",
    "subprocess.Popen", "pty.spawn", "sqlite3.connect", "sqlite3.enable_load_extension",
    "ctypes.dlopen", "syslog.openlog", "syslog.syslog", "webbrowser.open", "os.setxattr",
    "os.removexattr", "os.chroot", "sys.setprofile", "sys.settrace", "_winapi.CreateProcess",
    "_winapi.CreateFile", "_winapi.CreateNamedPipe", "_winapi.OpenProcess",
    "_winapi.TerminateProcess", "winreg.ConnectRegistry", "winreg.CreateKey", "winreg.DeleteKey",
    "winreg.DeleteValue", "winreg.LoadKey", "winreg.SaveKey", "winreg.SetValue", "msvcrt.open_osfhandle",
})  # fmt: skip
_REFUSED_PREFIXES = ("socket.", "urllib.", "http.client.", "ftplib.", "smtplib.", "imaplib.",
                     "poplib.", "nntplib.", "telnetlib.")  # fmt: skip
_PATHS = {
    "os.remove": (0,), "os.rename": (0, 1), "os.rmdir": (0,), "os.mkdir": (0,), "os.link": (0, 1),
    "os.symlink": (1,), "os.truncate": (0,), "os.chmod": (0,), "os.chown": (0,), "os.utime": (0,),
    "os.chflags": (0,), "os.lockf": (),
}  # fmt: skip
_WRITES = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND


def _open_writes(args: tuple[Any, ...]) -> bool:
    mode, flags = args[1], args[2]
    if isinstance(mode, str):
        return any(letter in mode for letter in "wax+")
    return bool(isinstance(flags, int) and flags & _WRITES)


def _below(folder: int, name: object) -> object:
    try:
        return os.path.join(os.readlink(f"/proc/self/fd/{folder}"), os.fsdecode(name))  # type: ignore[arg-type]  # noqa: PTH115, PTH118 - as in ``within``
    except (OSError, TypeError):
        return None


def fence(scratch: Path) -> Callable[[str, tuple[Any, ...]], None]:
    """The hook that refuses everything but reading, and writing below ``scratch``."""
    real = os.path.realpath
    inside = real(scratch) + os.sep

    def within(path: object) -> bool:
        if isinstance(path, int):
            return True  # an open descriptor: what it is was decided when it was opened
        try:
            text = os.fsdecode(path)  # type: ignore[arg-type]  # whatever the caller passed to open
        except TypeError:
            return False
        # A relative name could be meant below another directory's descriptor: the event hides it.
        if not os.path.isabs(text):  # noqa: PTH117 - pathlib in an audit hook would call itself
            return False
        return text == os.devnull or (real(text) + os.sep).startswith(inside)

    def hook(event: str, args: tuple[Any, ...]) -> None:
        if event == "open":
            refused = _open_writes(args) and not within(args[0])
        elif event in ("os.remove", "os.rmdir") and args[1] >= 0:
            # shutil.rmtree names what it removes below an open folder; Linux tells which one.
            refused = not within(_below(args[1], args[0]))
        elif event in _PATHS:
            refused = not all(within(args[n]) for n in _PATHS[event])
        else:
            refused = event in _REFUSED or event.startswith(_REFUSED_PREFIXES)
        if refused:
            raise PermissionError(f"the reader process refuses {event}")

    return hook


def confine(scratch: Path) -> None:
    """Put the fence up, for good: an audit hook cannot be taken away again."""
    sys.addaudithook(fence(scratch))


if sys.platform != "win32":
    import resource
    import signal

    def _lower(limit: int, value: int) -> None:
        _, hard = resource.getrlimit(limit)
        ceiling = value if hard == resource.RLIM_INFINITY else min(value, hard)
        resource.setrlimit(limit, (ceiling, ceiling))

    def forbid_children() -> None:
        """No core dump (it would hold a person's data), no new process for an ordinary user."""
        _lower(resource.RLIMIT_CORE, 0)
        _lower(resource.RLIMIT_NPROC, 0)
        _lower(resource.RLIMIT_FSIZE, 512 * MEGABYTE)

    def limit_memory(megabytes: int) -> None:
        """Address space no larger than what is in use now plus ``megabytes``.

        Where ``/proc`` is missing nothing bounds it.
        """
        try:
            pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[0])
        except (OSError, ValueError, IndexError):
            return
        _lower(resource.RLIMIT_AS, pages * resource.getpagesize() + megabytes * MEGABYTE)

    def watchdog(seconds: float) -> None:
        """Die by SIGALRM if this request is not over after ``seconds``; 0 calls it off.

        The parent ends a slow reader itself; this is for a parent that was killed in between.
        """
        signal.setitimer(signal.ITIMER_REAL, seconds)

else:
    # Windows: the parent's job object does all three (reading/windows_job.py).

    def forbid_children() -> None:
        return

    def limit_memory(megabytes: int) -> None:
        del megabytes

    def watchdog(seconds: float) -> None:
        del seconds
