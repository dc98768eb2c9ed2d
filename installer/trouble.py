"""Why a set-up stops, as one sentence (``resources/words``, section ``errors``)."""

from __future__ import annotations

import errno
import re

_FULL = frozenset({errno.ENOSPC, errno.EDQUOT})


class SetUpError(Exception):
    """The machine lacks something; started again, the set-up goes on where it was.

    As a ``ClementineError``, a key and its parameters; but no library is there yet.
    """

    def __init__(self, key: str, **params: str) -> None:
        super().__init__(key)
        self.key = key
        self.params = params


# What pip and apt write → our sentence. The first that is found wins: a full disk also breaks
# downloads, and a refused connection also ends in "no matching distribution".
_SIGNS = (
    ("setup_disk_full", r"No space left on device|Errno 28|WinError 112|Disk quota exceeded"),
    ("setup_hash", r"DO NOT MATCH THE HASHES"),
    (
        "setup_no_network",
        r"Failed to establish a new connection|Temporary failure in name resolution"
        r"|Temporary failure resolving|getaddrinfo failed|Name or service not known"
        r"|NewConnectionError|NameResolutionError|ConnectTimeoutError|ReadTimeoutError"
        r"|Network is unreachable|ProxyError|SSLError|CERTIFICATE_VERIFY_FAILED"
        r"|Unable to fetch some archives|Failed to fetch|Connection (broken|aborted|refused|reset)",
    ),
    ("setup_not_offered", r"No matching distribution found|Could not find a version"),
    ("setup_not_writable", r"Permission denied|WinError 5\b|WinError 32\b|Read-only file system"),
)


def from_words(said: str, log: str) -> SetUpError:
    """The sentence for what pip or apt wrote; the last line of it when no sign is known."""
    for key, pattern in _SIGNS:
        if re.search(pattern, said):
            return SetUpError(key, log=log)
    lines = [line.strip() for line in said.splitlines() if line.strip()]
    worst = [line for line in lines if line.startswith(("ERROR", "E:"))] or lines or ["?"]
    return SetUpError("setup_failed", reason=worst[-1][:300], log=log)


def from_os(error: OSError) -> SetUpError:
    """The sentence for a failure of the disk."""
    if error.errno in _FULL:
        return SetUpError("setup_disk_full", log=str(error.filename or ""))
    if error.errno in {errno.EACCES, errno.EPERM, errno.EROFS}:
        return SetUpError("setup_not_writable", log=str(error.filename or ""))
    return SetUpError("setup_failed", reason=str(error), log="")
