"""``keys.json`` in two copies: who opens this home, and by which password or recovery key.

Nothing in it is readable without a password or the 24 words: the database key is closed under each
user's password and to the recovery key, the rest under the database key, and a MAC under that key
covers the whole (``sync.md`` 4.8). Functions take the home's folder.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import os
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from pathlib import Path

from typing_extensions import override

from clementine_crm.clock import Clock, SystemClock
from clementine_crm.errors import (
    Corrupt,
    NotFound,
    RuleViolation,
    StorageError,
    ValidationError,
    WrongKey,
)
from clementine_crm.keys import keycopies, passwords, throttle
from clementine_crm.keys.wrapping import (
    RecoveryKey,
    Wrapped,
    derive,
    machine_vault,
    new_key,
    seal,
    seal_to,
    subkey,
    unseal,
    unwrap,
    wrap,
)

FORMAT = 1
FORMER_KEPT = 5
# Former passwords lie under the database key, so their own Argon2id only slows a thief who has it.
_FORMER_OPS, _FORMER_MEM = 1, 8 << 20
_ID_BYTES = 16


@dataclass(frozen=True)
class _User:
    wrapped: Wrapped
    former: bytes
    must_change: bool


@dataclass(frozen=True)
class _Content:
    agency_id: bytes
    device_id: bytes
    recovery_public: bytes
    recovery_box: bytes
    agency_secret_box: bytes
    users: dict[str, _User] = field(default_factory=dict)
    last_user: str = ""


@dataclass(frozen=True, repr=False)
class Unlocked:
    """What an open key file gives; never printed, never stored."""

    email: str
    db_key: bytes
    agency_id: bytes
    device_id: bytes
    agency_secret: bytes
    must_change: bool

    @override
    def __repr__(self) -> str:
        return f"Unlocked({self.email!r})"


def exists(folder: Path) -> bool:
    """Whether a key file, or a piece of one, stands in this folder."""
    return any((folder / name).exists() for name in keycopies.NAMES)


def create(
    folder: Path,
    email: str,
    password: str,
    *,
    about: Iterable[str] = (),
    agency_id: bytes | None = None,
    agency_secret: bytes | None = None,
) -> tuple[Unlocked, list[str]]:
    """A new key file with one user; also the 24 words, to be shown once and tried.

    Restoring a home gives its former ``agency_id`` and ``agency_secret``. Never replaces a file.
    """
    if exists(folder):
        raise StorageError("keys_exist")
    name = _email(email)
    _check_rules(password, (*about, name))
    db_key, secret = new_key(), agency_secret or new_key()
    recovery = RecoveryKey.new()
    content = _Content(
        agency_id or os.urandom(_ID_BYTES),
        os.urandom(_ID_BYTES),
        recovery.public,
        seal_to(recovery.public, db_key),
        seal(subkey(db_key, "agency-secret"), secret),
        {},
        name,
    )
    content = _with_password(content, db_key, name, password, must_change=False)
    folder.mkdir(parents=True, exist_ok=True)
    _save(folder, content, db_key, 0)
    return _unlocked(content, db_key, name), recovery.words


def unlock(folder: Path, email: str, password: str, clock: Clock | None = None) -> Unlocked:
    """Open with a user's password.

    WrongKey ``wrong_password`` (unknown user or wrong password, not said which); Busy
    ``unlock_wait`` (seconds) after five failures; StorageError ``keys_missing``; Corrupt
    ``keys_damaged``; SchemaTooNew ``keys_newer``. A failure writes only the counter of failures.
    """
    content, sequence = _load(folder)
    clock = clock or SystemClock()
    throttle.check(folder, clock)
    name = _email(email)
    try:
        db_key = _open_with_password(content, name, password)
    except WrongKey:
        throttle.failed(folder, clock)
        raise
    keycopies.verify(folder, _mac_key(db_key))
    throttle.succeeded(folder)
    return _finish(folder, content, db_key, name, sequence)


def unlock_with_key(folder: Path, email: str, db_key: bytes) -> Unlocked:
    """Open with the database key that the system key store kept; WrongKey ``wrong_password``."""
    content, sequence = _load(folder)
    name = _email(email)
    if name not in content.users:
        raise WrongKey("wrong_password")
    try:
        keycopies.verify(folder, _mac_key(db_key))
    except Corrupt:
        raise WrongKey("wrong_password") from None
    return _finish(folder, content, db_key, name, sequence)


def change_password(
    folder: Path, email: str, old: str, new: str, *, about: Iterable[str] = ()
) -> None:
    """A user's own change; ValidationError ``password_rules`` (rules) names what is unmet."""
    opened = unlock(folder, email, old)
    _set_password(folder, opened.db_key, opened.email, new, tuple(about), must_change=False)


def set_password_by_recovery(
    folder: Path, words: str, email: str, new: str, *, about: Iterable[str] = ()
) -> Unlocked:
    """A new password for a user, with the 24 words; NotFound ``user_unknown``."""
    content, _ = _load(folder)
    db_key = RecoveryKey.from_words(words).open(content.recovery_box)
    keycopies.verify(folder, _mac_key(db_key))
    name = _email(email)
    if name not in content.users:
        raise NotFound("user_unknown", email=name)
    _set_password(folder, db_key, name, new, tuple(about), must_change=False)
    throttle.succeeded(folder)
    return _unlocked(_load(folder)[0], db_key, name)


def check_recovery(folder: Path, words: str) -> bool:
    """Whether these 24 words open this home; ValidationError when they are not 24 words at all."""
    content, _ = _load(folder)
    try:
        RecoveryKey.from_words(words).open(content.recovery_box)
    except WrongKey:
        return False
    return True


def add_user(
    folder: Path,
    db_key: bytes,
    email: str,
    password: str,
    *,
    about: Iterable[str] = (),
    must_change: bool = True,
) -> None:
    """Another user of this desktop; the password is temporary unless said otherwise."""
    content, sequence = _load(folder)
    name = _email(email)
    keycopies.verify(folder, _mac_key(db_key))
    if name in content.users:
        raise RuleViolation("user_exists", email=name)
    _check_rules(password, (*about, name))
    changed = _with_password(content, db_key, name, password, must_change=must_change)
    _save(folder, changed, db_key, sequence)


def remove_user(folder: Path, db_key: bytes, email: str) -> None:
    """A leaver's password opens this home no more; the last user cannot be removed."""
    content, sequence = _load(folder)
    name = _email(email)
    keycopies.verify(folder, _mac_key(db_key))
    if name not in content.users:
        raise NotFound("user_unknown", email=name)
    if len(content.users) == 1:
        raise RuleViolation("user_last")
    users = {key: user for key, user in content.users.items() if key != name}
    last = content.last_user if content.last_user in users else next(iter(users))
    _save(folder, replace(content, users=users, last_user=last), db_key, sequence)


def users(folder: Path) -> list[str]:
    """The e-mails that have a password here."""
    return sorted(_load(folder)[0].users)


def last_user(folder: Path) -> str:
    """Who opened this home last."""
    return _load(folder)[0].last_user


def recovery_public(folder: Path) -> bytes:
    """The public half of the recovery key: to seal a copy's ring (``wrapping.seal_to``)."""
    return _load(folder)[0].recovery_public


def agency_id(folder: Path) -> bytes:
    """Whose home this is; readable without a password."""
    return _load(folder)[0].agency_id


def home_id(folder: Path) -> str:
    """The name of this home in the system key store."""
    return _load(folder)[0].device_id.hex()


def unmet(
    folder: Path, db_key: bytes, email: str, password: str, about: Iterable[str] = ()
) -> list[str]:
    """The rules a new password of this user does not meet, former passwords included.

    Costs up to 0.2 s (Argon2id of the former ones): for the last check, not for each letter.
    """
    content, _ = _load(folder)
    name = _email(email)
    reused = name in content.users and _reused(content, db_key, name, password)
    return passwords.unmet(password, (*about, name), reused=reused)


# ── inside ────────────────────────────────────────────────────────────────────────────────────


def _email(email: str) -> str:
    name = unicodedata.normalize("NFC", email).strip().casefold()
    if "@" not in name:
        raise ValidationError("user_email", field="email")
    return name


def _aad(content: _Content, name: str) -> bytes:
    return content.device_id + name.encode("utf-8", "surrogatepass")


def _mac_key(db_key: bytes) -> bytes:
    return subkey(db_key, "keys-mac")


def _check_rules(password: str, about: Iterable[str], *, reused: bool = False) -> None:
    rules = passwords.unmet(password, about, reused=reused)
    if rules:
        raise ValidationError("password_rules", field="password", rules=", ".join(rules))


def _open_with_password(content: _Content, name: str, password: str) -> bytes:
    user = content.users.get(name)
    if user is None:
        # The same work as for a known user: the time does not tell who has an account.
        derive(password, hashlib.sha256(content.device_id).digest()[:16])
        raise WrongKey("wrong_password")
    return unwrap(password, user.wrapped, _aad(content, name), machine_vault())


def _finish(folder: Path, content: _Content, db_key: bytes, name: str, sequence: int) -> Unlocked:
    if content.last_user != name:
        _save(folder, replace(content, last_user=name), db_key, sequence)
    else:
        keycopies.heal(folder)
    return _unlocked(content, db_key, name)


def _unlocked(content: _Content, db_key: bytes, name: str) -> Unlocked:
    secret = unseal(subkey(db_key, "agency-secret"), content.agency_secret_box)
    must_change = content.users[name].must_change
    return Unlocked(name, db_key, content.agency_id, content.device_id, secret, must_change)


def _former(content: _Content, db_key: bytes, name: str) -> list[tuple[bytes, bytes]]:
    box = content.users[name].former
    if not box:
        return []
    pairs = json.loads(unseal(subkey(db_key, "former"), box, _aad(content, name)))
    return [(bytes.fromhex(salt), bytes.fromhex(check)) for salt, check in pairs]


def _light(password: str, salt: bytes) -> bytes:
    return derive(password, salt, _FORMER_OPS, _FORMER_MEM)


def _reused(content: _Content, db_key: bytes, name: str, password: str) -> bool:
    former = _former(content, db_key, name)
    return any(hmac.compare_digest(_light(password, salt), check) for salt, check in former)


def _with_password(
    content: _Content, db_key: bytes, name: str, password: str, *, must_change: bool
) -> _Content:
    known = _former(content, db_key, name) if name in content.users else []
    salt = os.urandom(16)
    # The present one is the newest of the list: six entries, five of them former.
    kept = [*known, (salt, _light(password, salt))][-(FORMER_KEPT + 1) :]
    listed = json.dumps([[s.hex(), check.hex()] for s, check in kept]).encode()
    aad = _aad(content, name)
    user = _User(
        wrap(password, db_key, aad, machine_vault()),
        seal(subkey(db_key, "former"), listed, aad),
        must_change,
    )
    return replace(content, users={**content.users, name: user})


def _set_password(
    folder: Path, db_key: bytes, name: str, new: str, about: tuple[str, ...], *, must_change: bool
) -> None:
    content, sequence = _load(folder)
    _check_rules(new, (*about, name), reused=_reused(content, db_key, name, new))
    changed = _with_password(content, db_key, name, new, must_change=must_change)
    _save(folder, changed, db_key, sequence)


def _save(folder: Path, content: _Content, db_key: bytes, sequence: int) -> None:
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


def _load(folder: Path) -> tuple[_Content, int]:
    body, sequence = keycopies.read(folder, FORMAT)
    try:
        return _parse(body), sequence
    except (KeyError, TypeError, ValueError, AttributeError):
        raise Corrupt("keys_damaged") from None


def _parse(body: dict[str, object]) -> _Content:
    def raw(value: object) -> bytes:
        if not isinstance(value, str):
            raise TypeError
        return bytes.fromhex(value)

    entries = body["users"]
    if not isinstance(entries, dict) or not entries:
        raise ValueError
    found: dict[str, _User] = {}
    for name, entry in entries.items():
        ops, mem = int(entry["ops"]), int(entry["mem"])
        wrapped = Wrapped(raw(entry["salt"]), ops, mem, raw(entry["box"]), str(entry["vault"]))
        found[str(name)] = _User(wrapped, raw(entry["former"]), bool(entry["must_change"]))
    return _Content(
        raw(body["agency_id"]),
        raw(body["device_id"]),
        raw(body["recovery_public"]),
        raw(body["recovery_box"]),
        raw(body["agency_secret"]),
        found,
        str(body["last_user"]),
    )
