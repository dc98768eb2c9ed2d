"""The two copies of the key file on disk: written one after the other, each healing the other."""

from __future__ import annotations

import contextlib
import hashlib
import hmac
import json
from pathlib import Path

from clementine_crm.errors import Busy, Corrupt, SchemaTooNew, StorageError
from clementine_crm.files import replace_file

NAMES = ("keys.json", "keys.backup.json")
# A key file is a few kilobytes; whatever is larger is not one.
_MOST_BYTES = 4 << 20


def _canonical(body: dict[str, object]) -> bytes:
    return json.dumps(body, sort_keys=True, separators=(",", ":"), ensure_ascii=True).encode()


def _render(body: dict[str, object]) -> bytes:
    check = hashlib.sha256(_canonical(body)).hexdigest()
    return json.dumps({**body, "check": check}, sort_keys=True, indent=1).encode() + b"\n"


def _read_one(path: Path) -> dict[str, object] | None:
    """The body, without its check; None when torn, foreign or absent."""
    try:
        if path.stat().st_size > _MOST_BYTES:
            return None
        body = json.loads(path.read_bytes())
        check = body.pop("check")
        good = isinstance(check, str) and check == hashlib.sha256(_canonical(body)).hexdigest()
        return body if good and isinstance(body["sequence"], int) else None
    except FileNotFoundError:
        return None
    except PermissionError:
        raise StorageError("keys_unreadable", file=path.name) from None
    except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return None


def _newest(folder: Path) -> dict[str, object]:
    found = [body for name in NAMES if (body := _read_one(folder / name)) is not None]
    if not found:
        if any((folder / name).exists() for name in NAMES):
            raise Corrupt("keys_damaged")
        raise StorageError("keys_missing", folder=str(folder))
    return max(found, key=_sequence)


def _sequence(body: dict[str, object]) -> int:
    value = body["sequence"]
    return value if isinstance(value, int) else 0


def read(folder: Path, format_known: int) -> tuple[dict[str, object], int]:
    """The newest whole copy and its sequence number; changes nothing on disk.

    StorageError ``keys_missing``, Corrupt ``keys_damaged``, SchemaTooNew ``keys_newer``.
    """
    body = _newest(folder)
    stated = body.get("format")
    if not isinstance(stated, int) or stated < 1:
        raise Corrupt("keys_damaged")
    if stated > format_known:
        raise SchemaTooNew("keys_newer")
    return body, _sequence(body)


def _mac(body: dict[str, object], key: bytes) -> str:
    covered = {name: value for name, value in body.items() if name != "mac"}
    return hmac.new(key, _canonical(covered), hashlib.sha256).hexdigest()


def verify(folder: Path, key: bytes) -> None:
    """Corrupt ``keys_altered`` unless whoever wrote the newest copy held the database key."""
    body = _newest(folder)
    if not hmac.compare_digest(str(body.get("mac", "")).encode(), _mac(body, key).encode()):
        raise Corrupt("keys_altered")


def write(folder: Path, body: dict[str, object], key: bytes, sequence: int) -> None:
    """Both copies, the next number after ``sequence``; Busy when another process wrote meanwhile."""
    present = [b for name in NAMES if (b := _read_one(folder / name)) is not None]
    if present and max(map(_sequence, present)) != sequence:
        raise Busy("home_busy")
    numbered = {**body, "sequence": sequence + 1}
    data = _render({**numbered, "mac": _mac(numbered, key)})
    for name in NAMES:
        replace_file(folder / name, data)


def heal(folder: Path) -> None:
    """Rewrite a copy that is torn, absent or older than the other; only after a verified unlock."""
    data = _render(_newest(folder))
    for name in NAMES:
        path = folder / name
        # A read-only medium or a full disk does not keep anybody out.
        with contextlib.suppress(StorageError, OSError):
            if not path.exists() or path.read_bytes() != data:
                replace_file(path, data)
