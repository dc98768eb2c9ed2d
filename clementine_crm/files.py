"""Files that are there whole or not at all."""

from __future__ import annotations

import contextlib
import errno
import os
import secrets
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from clementine_crm.errors import DiskFull, StorageError

FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
HOME_FILES = ("base.db", "keys.json")
_LITTER = frozenset(
    {"thumbs.db", "desktop.ini", "__macosx", "$recycle.bin", "system volume information"}
)
_RETRIES, _PAUSE = 10, 0.05


def shown(path: Path) -> str:
    """A path as text that can be stored and printed: bytes of a name that are no UTF-8 become ``?``."""
    return str(path).encode("utf-8", "replace").decode("utf-8")


def is_home(folder: Path) -> bool:
    """Whether a folder is a desktop's home: base and keys stand together there."""
    return all((folder / name).exists() for name in HOME_FILES)


def in_a_home(path: Path) -> bool:
    """Whether something is a home or lies in one."""
    real = Path(os.path.realpath(path))
    return any(map(is_home, (real, *real.parents)))


def files_below(folder: Path) -> Iterator[Path]:
    """What lies in a folder and is none itself, links and pipes too, in no order.

    Left out: what is hidden, the litter of Windows and macOS, and homes. A folder that is linked to
    is not entered.
    """
    for at, folders, names in os.walk(folder):
        here = Path(at)
        folders[:] = [name for name in folders if not _litter(name) and not is_home(here / name)]
        yield from (here / name for name in names if not _litter(name))


def _litter(name: str) -> bool:
    return name.startswith(".") or name.casefold() in _LITTER


def replace_file(path: Path, data: bytes) -> None:
    """Write beside, flush to the disk, rename over: the old file or the new one, never a mixture.

    DiskFull ``disk_full``, StorageError ``file_not_written``; the retries are for the virus scanners of Windows.
    """

    def write(beside: Path) -> None:
        descriptor = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "wb") as file:
            file.write(data)

    replace_file_by(path, write)


def replace_file_by(path: Path, write: Callable[[Path], None]) -> None:
    """The same for a file that ``write`` makes at the path it is given."""
    temporary = path.with_name(f"{path.name}.{secrets.token_hex(4)}.tmp")
    try:
        write(temporary)
        with temporary.open("rb+") as file:
            os.fsync(file.fileno())
        _rename(temporary, path)
        _flush_folder(path.parent)
    except OSError as error:
        if error.errno in FULL:
            raise DiskFull("disk_full", folder=str(path.parent)) from None
        raise StorageError("file_not_written", file=path.name) from error
    finally:
        with contextlib.suppress(OSError):
            temporary.unlink(missing_ok=True)


def _rename(source: Path, target: Path) -> None:
    for left in range(_RETRIES, -1, -1):
        try:
            source.replace(target)
        except PermissionError:
            if not left or os.name != "nt":
                raise
            time.sleep(_PAUSE)
        else:
            return


def _flush_folder(folder: Path) -> None:
    if os.name == "nt":
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
