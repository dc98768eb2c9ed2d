"""The system key store: a convenience the user may allow, never needed, never in plain text.

It keeps the 32-byte database key of one home for one user (Windows' store stops at 2,560 bytes);
``keyfile.unlock_with_key`` opens with it.
"""

from __future__ import annotations

import base64
import binascii
from collections.abc import Iterator

import keyring
import keyring.errors
from keyring.backend import KeyringBackend

KEY_BYTES = 32
SERVICE = "clementine-crm"
# Stores that the system itself locks. A list of allowed ones: an unknown store may write plainly.
TRUSTED = (
    "keyring.backends.Windows",
    "keyring.backends.macOS",
    "keyring.backends.SecretService",
    "keyring.backends.libsecret",
    "keyring.backends.kwallet",
)
_FAILURES = (keyring.errors.KeyringError, OSError, RuntimeError, ValueError)


def _backends(backend: KeyringBackend | None) -> Iterator[KeyringBackend]:
    found = backend or keyring.get_keyring()
    members = getattr(found, "backends", None)
    if type(found).__module__ == "keyring.backends.chainer" and members is not None:
        yield from members
    else:
        yield found


def _usable(backend: KeyringBackend | None, trusted: tuple[str, ...]) -> KeyringBackend | None:
    try:
        for candidate in _backends(backend):
            if type(candidate).__module__ in trusted:
                return candidate
    except _FAILURES:
        pass
    return None


def available(backend: KeyringBackend | None = None, trusted: tuple[str, ...] = TRUSTED) -> bool:
    """Whether this system offers a store that is worth the name."""
    return _usable(backend, trusted) is not None


def from_key_store(
    home_id: str,
    email: str,
    backend: KeyringBackend | None = None,
    trusted: tuple[str, ...] = TRUSTED,
) -> bytes | None:
    """The database key kept for this home and user, or None whatever the reason."""
    store = _usable(backend, trusted)
    if store is None:
        return None
    try:
        text = store.get_password(SERVICE, f"{home_id}/{email}")
        key = base64.b64decode(text, validate=True) if text else b""
    except (*_FAILURES, binascii.Error):
        return None
    return key if len(key) == KEY_BYTES else None


def keep(
    home_id: str,
    email: str,
    db_key: bytes,
    backend: KeyringBackend | None = None,
    trusted: tuple[str, ...] = TRUSTED,
) -> bool:
    """Keep the key, as the user allowed; False when no trusted store took it."""
    store = _usable(backend, trusted)
    if store is None:
        return False
    try:
        store.set_password(SERVICE, f"{home_id}/{email}", base64.b64encode(db_key).decode())
    except _FAILURES:
        return False
    return True


def forget(
    home_id: str,
    email: str,
    backend: KeyringBackend | None = None,
    trusted: tuple[str, ...] = TRUSTED,
) -> None:
    """Take the key out again; nothing happens when none is there."""
    store = _usable(backend, trusted)
    if store is not None:
        try:
            store.delete_password(SERVICE, f"{home_id}/{email}")
        except _FAILURES:
            return
