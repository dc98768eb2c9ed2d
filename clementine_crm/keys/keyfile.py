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
from dataclasses import dataclass, replace
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
from clementine_crm.keys.keycontent import Content, User, load, save, verify
from clementine_crm.keys.wrapping import (
    RecoveryKey,
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

FORMER_KEPT = 5
# Former passwords lie under the database key, so their own Argon2id only slows a thief who has it.
_FORMER_OPS, _FORMER_MEM = 1, 8 << 20
_ID_BYTES = 16


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
    content = Content(
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
    save(folder, content, db_key, 0)
    return _unlocked(content, db_key, name), recovery.words


def unlock(folder: Path, email: str, password: str, clock: Clock | None = None) -> Unlocked:
    """Open with a user's password.

    WrongKey ``wrong_password`` (unknown user or wrong password, not said which); Busy
    ``unlock_wait`` (seconds) after five failures; StorageError ``keys_missing``; Corrupt
    ``keys_damaged``; SchemaTooNew ``keys_newer``. A failure writes only the counter of failures.
    """
    content, sequence = load(folder)
    clock = clock or SystemClock()
    throttle.check(folder, clock)
    name = _email(email)
    try:
        db_key = _open_with_password(content, name, password)
    except WrongKey:
        throttle.failed(folder, clock)
        raise
    verify(folder, db_key)
    throttle.succeeded(folder)
    return _finish(folder, content, db_key, name, sequence)


def unlock_with_key(folder: Path, email: str, db_key: bytes) -> Unlocked:
    """Open with the database key that the system key store kept; WrongKey ``wrong_password``."""
    content, sequence = load(folder)
    name = _email(email)
    if name not in content.users:
        raise WrongKey("wrong_password")
    try:
        verify(folder, db_key)
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
    content, _ = load(folder)
    db_key = RecoveryKey.from_words(words).open(content.recovery_box)
    verify(folder, db_key)
    name = _email(email)
    if name not in content.users:
        raise NotFound("user_unknown", email=name)
    _set_password(folder, db_key, name, new, tuple(about), must_change=False)
    throttle.succeeded(folder)
    return _unlocked(load(folder)[0], db_key, name)


def check_recovery(folder: Path, words: str) -> bool:
    """Whether these 24 words open this home; ValidationError when they are not 24 words at all."""
    content, _ = load(folder)
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
    content, sequence = load(folder)
    name = _email(email)
    verify(folder, db_key)
    if name in content.users:
        raise RuleViolation("user_exists", email=name)
    _check_rules(password, (*about, name))
    changed = _with_password(content, db_key, name, password, must_change=must_change)
    save(folder, changed, db_key, sequence)


def remove_user(folder: Path, db_key: bytes, email: str) -> None:
    """A leaver's password opens this home no more; the last user cannot be removed."""
    content, sequence = load(folder)
    name = _email(email)
    verify(folder, db_key)
    if name not in content.users:
        raise NotFound("user_unknown", email=name)
    if len(content.users) == 1:
        raise RuleViolation("user_last")
    users = {key: user for key, user in content.users.items() if key != name}
    last = content.last_user if content.last_user in users else next(iter(users))
    save(folder, replace(content, users=users, last_user=last), db_key, sequence)


def users(folder: Path) -> list[str]:
    """The e-mails that have a password here."""
    return sorted(load(folder)[0].users)


def last_user(folder: Path) -> str:
    """Who opened this home last."""
    return load(folder)[0].last_user


def recovery_public(folder: Path) -> bytes:
    """The public half of the recovery key: to seal a copy's ring (``wrapping.seal_to``)."""
    return load(folder)[0].recovery_public


def agency_id(folder: Path) -> bytes:
    """Whose home this is; readable without a password."""
    return load(folder)[0].agency_id


def home_id(folder: Path) -> str:
    """The name of this home in the system key store."""
    return load(folder)[0].device_id.hex()


def unmet(
    folder: Path, db_key: bytes, email: str, password: str, about: Iterable[str] = ()
) -> list[str]:
    """The rules a new password of this user does not meet, former passwords included.

    Costs up to 0.2 s (Argon2id of the former ones): for the last check, not for each letter.
    """
    content, _ = load(folder)
    name = _email(email)
    reused = name in content.users and _reused(content, db_key, name, password)
    return passwords.unmet(password, (*about, name), reused=reused)


# ── inside ────────────────────────────────────────────────────────────────────────────────────


def _email(email: str) -> str:
    name = unicodedata.normalize("NFC", email).strip().casefold()
    if "@" not in name:
        raise ValidationError("user_email", field="email")
    return name


def _aad(content: Content, name: str) -> bytes:
    return content.device_id + name.encode("utf-8", "surrogatepass")


def _check_rules(password: str, about: Iterable[str], *, reused: bool = False) -> None:
    rules = passwords.unmet(password, about, reused=reused)
    if rules:
        raise ValidationError("password_rules", field="password", rules=", ".join(rules))


def _open_with_password(content: Content, name: str, password: str) -> bytes:
    user = content.users.get(name)
    if user is None:
        # The same work as for a known user: the time does not tell who has an account.
        derive(password, hashlib.sha256(content.device_id).digest()[:16])
        raise WrongKey("wrong_password")
    return unwrap(password, user.wrapped, _aad(content, name), machine_vault())


def _finish(folder: Path, content: Content, db_key: bytes, name: str, sequence: int) -> Unlocked:
    if content.last_user != name:
        save(folder, replace(content, last_user=name), db_key, sequence)
    else:
        keycopies.heal(folder)
    return _unlocked(content, db_key, name)


def _unlocked(content: Content, db_key: bytes, name: str) -> Unlocked:
    secret = unseal(subkey(db_key, "agency-secret"), content.agency_secret_box)
    must_change = content.users[name].must_change
    return Unlocked(name, db_key, content.agency_id, content.device_id, secret, must_change)


def _former(content: Content, db_key: bytes, name: str) -> list[tuple[bytes, bytes]]:
    box = content.users[name].former
    if not box:
        return []
    pairs = json.loads(unseal(subkey(db_key, "former"), box, _aad(content, name)))
    return [(bytes.fromhex(salt), bytes.fromhex(check)) for salt, check in pairs]


def _light(password: str, salt: bytes) -> bytes:
    return derive(password, salt, _FORMER_OPS, _FORMER_MEM)


def _reused(content: Content, db_key: bytes, name: str, password: str) -> bool:
    former = _former(content, db_key, name)
    return any(hmac.compare_digest(_light(password, salt), check) for salt, check in former)


def _with_password(
    content: Content, db_key: bytes, name: str, password: str, *, must_change: bool
) -> Content:
    known = _former(content, db_key, name) if name in content.users else []
    salt = os.urandom(16)
    # The present one is the newest of the list: six entries, five of them former.
    kept = [*known, (salt, _light(password, salt))][-(FORMER_KEPT + 1) :]
    listed = json.dumps([[s.hex(), check.hex()] for s, check in kept]).encode()
    aad = _aad(content, name)
    user = User(
        wrap(password, db_key, aad, machine_vault()),
        seal(subkey(db_key, "former"), listed, aad),
        must_change,
    )
    return replace(content, users={**content.users, name: user})


def _set_password(
    folder: Path, db_key: bytes, name: str, new: str, about: tuple[str, ...], *, must_change: bool
) -> None:
    content, sequence = load(folder)
    _check_rules(new, (*about, name), reused=_reused(content, db_key, name, new))
    changed = _with_password(content, db_key, name, new, must_change=must_change)
    save(folder, changed, db_key, sequence)
