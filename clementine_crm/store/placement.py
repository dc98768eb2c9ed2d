"""Which places damage a base: network drives and synchronised folders (``sync.md`` section 3)."""

from __future__ import annotations

import ctypes
import os
import re
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path, PurePath, PureWindowsPath

NETWORK_TYPES = frozenset(
    [
        "cifs",
        "smb3",
        "smbfs",
        "smb2",
        "nfs",
        "nfs4",
        "9p",
        "afs",
        "ncpfs",
        "coda",
        "ceph",
        "glusterfs",
        "lustre",
        "davfs",
        "beegfs",
        "orangefs",
        "fuse.sshfs",
        "fuse.rclone",
        "fuse.davfs",
        "fuse.davfs2",
        "fuse.gvfsd-fuse",
        "fuse.s3fs",
        "fuse.goofys",
        "fuse.curlftpfs",
        "fuse.glusterfs",
        "fuse.cephfs",
        "fuse.smbnetfs",
        "fuse.onedriver",
        "fuse.jmtpfs",
        "fuse.google-drive-ocamlfuse",
        "fuse.gcsfuse",
        "fuse.kio-fuse",
        "fuse.pcloud",
        "fuse.expandrive",
        "osxfuse",
    ]
)
DRIVE_REMOTE = 4
# A folder of this name, or beginning so ("OneDrive - Agence"), anywhere above.
_NAMES = {
    "onedrive": "OneDrive",
    "dropbox": "Dropbox",
    "google drive": "Google Drive",
    "googledrive": "Google Drive",
    "mon drive": "Google Drive",
    "my drive": "Google Drive",
    "drivefs": "Google Drive",
    "iclouddrive": "iCloud Drive",
    "icloud drive": "iCloud Drive",
    "com~apple~clouddocs": "iCloud Drive",
    "nextcloud": "Nextcloud",
    "owncloud": "ownCloud",
    "kdrive": "kDrive",
    "pclouddrive": "pCloud",
    "megasync": "MEGA",
    "synologydrive": "Synology Drive",
    "synology drive": "Synology Drive",
    "seafile": "Seafile",
    "sharepoint": "SharePoint",
}
# Files and folders that a synchroniser leaves at the top of what it synchronises. Only what never
# stands in a user's own folder: ~/.dropbox and ~/.sync are mere settings when they are folders.
_MARKERS = (
    (".dropbox", "file", "Dropbox"),
    (".dropbox.cache", "any", "Dropbox"),
    (".nextcloudsync.log", "any", "Nextcloud"),
    (".owncloudsync.log", "any", "ownCloud"),
    (".stfolder", "any", "Syncthing"),
    (".sync/ID", "any", "Resilio Sync"),
    (".tmp.driveupload", "any", "Google Drive"),
    (".tmp.drivedownload", "any", "Google Drive"),
    (".SynologyWorkingDirectory", "any", "Synology Drive"),
    (".849C9593-D756-4E56-8D6E-42412F2A707B", "any", "OneDrive"),
)
_TAGS = (
    ("onedrive.exe", "OneDrive"),
    ("googledrivefs", "Google Drive"),
    ("dropbox.exe", "Dropbox"),
    ("nextcloud.exe", "Nextcloud"),
    ("icloud", "iCloud Drive"),
)
_ENV = ("OneDrive", "OneDriveCommercial", "OneDriveConsumer")
_JOURNAL = re.compile(r"^\.(_)?sync_[0-9a-f]+\.db$", re.IGNORECASE)


@dataclass(frozen=True)
class Refusal:
    """``key`` of ``[errors]`` and the kind of place, a name to show."""

    key: str
    kind: str


@dataclass(frozen=True)
class Surroundings:
    """What the machine says about its places; faked in tests."""

    windows: bool
    mounts: tuple[tuple[str, str], ...]
    env: Mapping[str, str]
    drive_type: Callable[[str], int]
    kind_of: Callable[[PurePath], str]
    """``file``, ``folder`` or empty."""
    names_in: Callable[[PurePath], tuple[str, ...]]
    read: Callable[[PurePath], str]


def why_refused(path: PurePath, here: Surroundings) -> Refusal | None:
    """Why a base may not live under this absolute path without links, or None."""
    kind = _windows_network(path, here) if here.windows else _mounted(path, here)
    if kind:
        return Refusal("home_on_network", kind)
    kind = _synced(path, here)
    return Refusal("home_in_synced_folder", kind) if kind else None


def _windows_network(path: PurePath, here: Surroundings) -> str:
    text = str(path).replace("/", "\\")
    if text.upper().startswith("\\\\?\\UNC\\"):
        return "UNC"
    if text.startswith("\\\\?\\"):
        text = text[4:]
    elif text.startswith("\\\\"):
        return "UNC"
    drive = PureWindowsPath(text).drive
    return drive if drive and here.drive_type(drive + "\\") == DRIVE_REMOTE else ""


def _mounted(path: PurePath, here: Surroundings) -> str:
    found, deepest = "", -1
    for place, kind in here.mounts:
        point = PurePath(place)
        # The later of two mounts on one point covers the earlier.
        if (path == point or point in path.parents) and len(point.parts) >= deepest:
            found, deepest = kind, len(point.parts)
    return found if found in NETWORK_TYPES else ""


def _synced(path: PurePath, here: Surroundings) -> str:
    up = (path, *path.parents)
    folded = [str(p).casefold() for p in up]
    for name in _ENV:
        root = here.env.get(name, "").rstrip("\\/")
        if root and root.casefold() in folded:
            return "OneDrive"
    return next((kind for place in up if (kind := _named(place) or _marked(place, here))), "")


def _named(place: PurePath) -> str:
    name = place.name.casefold()
    for start, kind in _NAMES.items():
        if name == start or name.startswith((start + " -", start + " (", start + "-")):
            return kind
    return ""


def _marked(place: PurePath, here: Surroundings) -> str:
    for marker, wanted, kind in _MARKERS:
        found = here.kind_of(place / marker)
        if found and wanted in ("any", found):
            return kind
    if any(_JOURNAL.match(name) for name in here.names_in(place)):
        return "Nextcloud"
    tags = here.read(place / "desktop.ini").casefold()
    return next((kind for tag, kind in _TAGS if tags and tag in tags), "")


# ── the real machine ──────────────────────────────────────────────────────────────────────────


def parse_mountinfo(text: str) -> tuple[tuple[str, str], ...]:
    """(mount point, type) of each line of ``/proc/self/mountinfo``; octal escapes undone."""
    mounts = []
    for line in text.splitlines():
        left, _, right = line.partition(" - ")
        fields, kind = left.split(), right.split()
        if len(fields) > 4 and kind:
            point = re.sub(r"\\([0-7]{3})", lambda m: chr(int(m[1], 8)), fields[4])
            mounts.append((point, kind[0]))
    return tuple(mounts)


def surroundings() -> Surroundings:
    """This machine."""
    return Surroundings(
        windows=sys.platform == "win32",
        mounts=parse_mountinfo(_text(Path("/proc/self/mountinfo"), 1 << 20)),
        env=os.environ,
        drive_type=_drive_type,
        kind_of=_kind_of,
        names_in=_sync_journals,
        read=lambda path: _text(Path(path), 4096),
    )


def _text(path: Path, most: int) -> str:
    try:
        with path.open("rb") as file:
            data = file.read(most)
    except OSError:
        return ""
    return data.decode("utf-16" if data[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8", "replace")


def _drive_type(root: str) -> int:
    # Not tried on a real Windows; wine answers the call.
    windll = getattr(ctypes, "windll", None)
    return int(windll.kernel32.GetDriveTypeW(root)) if windll is not None else 0


def _kind_of(path: PurePath) -> str:
    try:
        real = Path(path)
        return "folder" if real.is_dir() else "file" if real.exists() else ""
    except OSError:
        return ""


def _sync_journals(path: PurePath) -> tuple[str, ...]:
    try:
        return tuple(found.name for found in Path(path).glob(".*sync_*.db"))
    except OSError:
        return ()
