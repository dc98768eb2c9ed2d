"""What ``keys.json`` holds: its format, read and written whole under a MAC by the database key."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from clementine_crm.errors import Corrupt
from clementine_crm.keys import keycopies
from clementine_crm.keys.wrapping import Wrapped, subkey

FORMAT = 1


@dataclass(frozen=True)
class User:
    wrapped: Wrapped
    former: bytes
    must_change: bool


@dataclass(frozen=True)
class Content:
    agency_id: bytes
    device_id: bytes
    recovery_public: bytes
    recovery_box: bytes
    agency_secret_box: bytes
    users: dict[str, User] = field(default_factory=dict)
    last_user: str = ""


def save(folder: Path, content: Content, db_key: bytes, sequence: int) -> None:
    """Write both copies, the next after ``sequence``; Busy when somebody wrote meanwhile."""
    users_out = {
        name: {
            "salt": user.wrapped.salt.hex(),
            "ops": user.wrapped.ops,
            "mem": user.wrapped.mem,
            "box": user.wrapped.box.hex(),
            "vault": user.wrapped.vault,
            "former": user.former.hex(),
            "must_change": user.must_change,
        }
        for name, user in sorted(content.users.items())
    }
    body: dict[str, object] = {
        "format": FORMAT,
        "agency_id": content.agency_id.hex(),
        "device_id": content.device_id.hex(),
        "recovery_public": content.recovery_public.hex(),
        "recovery_box": content.recovery_box.hex(),
        "agency_secret": content.agency_secret_box.hex(),
        "users": users_out,
        "last_user": content.last_user,
    }
    keycopies.write(folder, body, _mac_key(db_key), sequence)


def load(folder: Path) -> tuple[Content, int]:
    """The newest whole copy and its number; StorageError ``keys_missing``, Corrupt ``keys_damaged``,
    SchemaTooNew ``keys_newer``.
    """
    body, sequence = keycopies.read(folder, FORMAT)
    try:
        return _parse(body), sequence
    except (KeyError, TypeError, ValueError, AttributeError):
        raise Corrupt("keys_damaged") from None


def _parse(body: dict[str, object]) -> Content:
    def raw(value: object) -> bytes:
        if not isinstance(value, str):
            raise TypeError
        return bytes.fromhex(value)

    entries = body["users"]
    if not isinstance(entries, dict) or not entries:
        raise ValueError
    found: dict[str, User] = {}
    for name, entry in entries.items():
        ops, mem = int(entry["ops"]), int(entry["mem"])
        wrapped = Wrapped(raw(entry["salt"]), ops, mem, raw(entry["box"]), str(entry["vault"]))
        found[str(name)] = User(wrapped, raw(entry["former"]), bool(entry["must_change"]))
    return Content(
        raw(body["agency_id"]),
        raw(body["device_id"]),
        raw(body["recovery_public"]),
        raw(body["recovery_box"]),
        raw(body["agency_secret"]),
        found,
        str(body["last_user"]),
    )


def verify(folder: Path, db_key: bytes) -> None:
    """Corrupt ``keys_altered`` unless whoever wrote the file held the database key."""
    keycopies.verify(folder, _mac_key(db_key))


def _mac_key(db_key: bytes) -> bytes:
    return subkey(db_key, "keys-mac")
