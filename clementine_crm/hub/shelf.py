"""A folder on a share or a USB key, where a file stands whole under its name or not at all.

Written beside as ``<name>.new``, forced to the disk, read back through a new handle, renamed, read
back again. A death or a pulled-out key at any step leaves the file of before, or the new one, or (on
FAT, which has no atomic renaming over) the new one under ``.new`` alone: it is read there, and
``mend`` finishes the renaming. Permissions and folder synchronisation are taken where they exist.
"""

from __future__ import annotations

import contextlib
import errno
import io
import os
import time
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import BinaryIO

from clementine_crm.errors import ClementineError, DiskFull, NotFound, Offline, StorageError

NEW = ".new"
_FULL = (errno.ENOSPC, errno.EDQUOT)
_REFUSED = (errno.EACCES, errno.EPERM, errno.EROFS)
_GONE = (errno.ENOENT, errno.ENOTDIR, errno.EIO, errno.ENODEV, errno.ENXIO, errno.ESTALE,
         errno.ENOTCONN, errno.EHOSTDOWN, errno.EHOSTUNREACH, errno.ETIMEDOUT)  # fmt: skip
# Virus scanners and mirrors of Windows hold a fresh file open for a moment.
_RETRIES, _PAUSE = 10, 0.05
_PIECE = 1 << 20


class Shelf:
    """Names are relative and ours (``doc/ab/…``), never a stranger's."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.written = 0
        self._touched: set[Path] = set()

    def put(self, name: str, data: bytes) -> None:
        """Write a file, or write it anew; nothing is written when it stands there already.

        DiskFull ``copy_no_room``, StorageError ``copy_read_only``, ``copy_file_too_large``,
        ``copy_not_as_written``, Offline ``copy_folder_gone``.
        """
        path = self.folder / name
        beside = path.with_name(path.name + NEW)
        with self._telling(name):
            if _holds(path, data):
                return
            path.parent.mkdir(parents=True, exist_ok=True)
            try:
                _write(beside, data)
                self._compare(beside, data, name)
            except BaseException:
                with contextlib.suppress(OSError):
                    beside.unlink(missing_ok=True)
                raise
            # From here on it is never taken away: a failed renaming may have left it alone.
            _rename(beside, path)
            self._touched.add(path.parent)
            self._compare(path, data, name)
            self.written += len(data)

    def settle(self) -> None:
        """Force to the disk, folder by folder, that what was put stands under its name."""
        for folder in self._touched:
            _flush_folder(folder)
        self._touched.clear()

    def open(self, name: str) -> BinaryIO:
        """A file for reading; NotFound ``copy_file_missing`` (file)."""
        with self._telling(name):
            for path in (self.folder / name, self.folder / (name + NEW)):
                with contextlib.suppress(FileNotFoundError):
                    return path.open("rb")
            if not self.folder.is_dir():
                raise FileNotFoundError(errno.ENOENT, "", str(self.folder))
        raise NotFound("copy_file_missing", file=name)

    def get(self, name: str, most: int) -> bytes:
        """A whole file of at most so many bytes; a larger one is cut, and found damaged later."""
        with self.open(name) as file, self._telling(name):
            return file.read(most)

    def has(self, name: str) -> bool:
        return any(os.path.lexists(self.folder / n) for n in (name, name + NEW))

    def sizes(self, place: str, ending: str) -> dict[str, int]:
        """Size of each file of this ending right under a folder; empty where there is none."""
        with self._telling(place):
            return {
                entry.name: entry.stat().st_size
                for entry in _entries(self.folder / place)
                if entry.name.endswith(ending) and entry.is_file()
            }

    def age(self, name: str, now: float) -> float:
        """Seconds since a file was written; 0 when its clock runs ahead or it is gone."""
        with contextlib.suppress(OSError):
            return max(0.0, now - (self.folder / name).stat().st_mtime)
        return 0.0

    def folders(self, place: str) -> list[str]:
        with self._telling(place):
            return sorted(e.name for e in _entries(self.folder / place) if e.is_dir())

    def delete(self, name: str) -> None:
        """Remove a file and its half-written twin; nothing happens when they are gone."""
        with self._telling(name):
            for path in (self.folder / name, self.folder / (name + NEW)):
                path.unlink(missing_ok=True)

    def mend(self, places: Iterable[str], whole: Callable[[str, bytes], bool]) -> None:
        """Finish or take back what a death left half-way right under these folders.

        ``whole(name, content)``: whether this is all of a file that stands under no other name.
        """
        with self._telling(""):
            for place in places:
                for entry in _entries(self.folder / place):
                    if entry.name.endswith(NEW) and entry.is_file():
                        self._finish(Path(entry.path), whole)

    # inside

    def _finish(self, beside: Path, whole: Callable[[str, bytes], bool]) -> None:
        final = beside.with_name(beside.name.removesuffix(NEW))
        if not final.exists() and whole(final.name, beside.read_bytes()):
            _rename(beside, final)
        else:
            beside.unlink(missing_ok=True)

    def _compare(self, path: Path, data: bytes, name: str) -> None:
        if not _holds(path, data):
            raise StorageError("copy_not_as_written", file=name)

    @contextlib.contextmanager
    def _telling(self, name: str) -> Iterator[None]:
        try:
            yield
        except OSError as error:
            raise self._told(error, name) from error

    def _told(self, error: OSError, name: str) -> ClementineError:
        folder = str(self.folder)
        if error.errno in _FULL:
            return DiskFull("copy_no_room", folder=folder)
        # Windows calls a key that was pulled out a refusal.
        if error.errno in _GONE or not self.folder.is_dir():
            return Offline("copy_folder_gone", folder=folder)
        if error.errno in _REFUSED:
            return StorageError("copy_read_only", folder=folder)
        if error.errno == errno.EFBIG:
            return StorageError("copy_file_too_large", file=name)
        reason = errno.errorcode.get(error.errno or 0, "?")
        return StorageError("copy_failed", folder=folder, reason=reason)


def _entries(folder: Path) -> list[os.DirEntry[str]]:
    try:
        with os.scandir(folder) as found:
            return list(found)
    except FileNotFoundError:
        return []


def _write(path: Path, data: bytes) -> None:
    with path.open("wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
        if hasattr(os, "posix_fadvise"):
            # Out of the system's memory: reading back must ask the device.
            os.posix_fadvise(file.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)


def _holds(path: Path, data: bytes) -> bool:
    """Whether a file has exactly this content, read through a handle of its own."""
    try:
        with path.open("rb") as file:
            expected = io.BytesIO(data)
            while True:
                piece = file.read(_PIECE)
                if piece != expected.read(_PIECE):
                    return False
                if not piece:
                    return True
    except FileNotFoundError:
        return False


def _rename(source: Path, target: Path) -> None:
    for left in range(_RETRIES, -1, -1):
        try:
            source.replace(target)
        except PermissionError:
            if not left or not _tries_again():
                raise
            time.sleep(_PAUSE)
        else:
            return


def _tries_again() -> bool:
    return os.name == "nt"


def _flush_folder(folder: Path) -> None:
    # Shares answer EINVAL, Windows cannot open a folder: the file itself is safe already.
    with contextlib.suppress(OSError):
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
