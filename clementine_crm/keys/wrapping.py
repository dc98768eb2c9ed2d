"""How a key is closed: under a password (Argon2id), under another key, or to the recovery key."""

from __future__ import annotations

import ctypes
import hashlib
import os
import sys
import unicodedata
from dataclasses import dataclass
from typing import Protocol

import nacl.exceptions
import nacl.public
import nacl.pwhash
import nacl.secret

from clementine_crm.errors import Corrupt, StorageError, WrongKey
from clementine_crm.keys import words24

KEY_BYTES = 32
SALT_BYTES = 16
OPS = 3
MEM_BYTES = 64 << 20
# A key file that asks for more was made to exhaust the machine.
_OPS_MOST = 16
_MEM_MOST = 1 << 30
_MEM_LEAST = 8 << 10


def new_key() -> bytes:
    """32 random bytes."""
    return os.urandom(KEY_BYTES)


def derive(password: str, salt: bytes, ops: int = OPS, mem: int = MEM_BYTES) -> bytes:
    """Argon2id of the NFKC form (the same password from two keyboards); ``mem`` in bytes."""
    if not (1 <= ops <= _OPS_MOST and _MEM_LEAST <= mem <= _MEM_MOST and len(salt) == SALT_BYTES):
        raise Corrupt("keys_damaged")
    secret = unicodedata.normalize("NFKC", password).encode("utf-8", "surrogatepass")
    return nacl.pwhash.argon2id.kdf(KEY_BYTES, secret, salt, opslimit=ops, memlimit=mem)


def subkey(key: bytes, use: str) -> bytes:
    """A key for one use derived from another; ``use`` is at most 16 ASCII letters."""
    return hashlib.blake2b(key=key, digest_size=KEY_BYTES, person=use.encode("ascii")).digest()


def seal(key: bytes, data: bytes, aad: bytes = b"") -> bytes:
    """XChaCha20-Poly1305 with a random nonce in front."""
    return bytes(nacl.secret.Aead(key).encrypt(data, aad))


def unseal(key: bytes, box: bytes, aad: bytes = b"") -> bytes:
    """What ``seal`` closed; WrongKey when key, box or aad is not the one."""
    try:
        return nacl.secret.Aead(key).decrypt(box, aad)
    except (nacl.exceptions.CryptoError, ValueError):
        raise WrongKey("wrong_password") from None


class MachineVault(Protocol):
    """A second lock that only this machine opens."""

    name: str

    def close(self, data: bytes) -> bytes: ...
    def open(self, data: bytes) -> bytes: ...


class NoVault:
    """Systems without one."""

    name = ""

    def close(self, data: bytes) -> bytes:
        return data

    def open(self, data: bytes) -> bytes:
        return data


class Dpapi:
    """Windows' CryptProtectData for the signed-in user. Not tried on a real Windows."""

    name = "dpapi"

    def close(self, data: bytes) -> bytes:
        return self._call("CryptProtectData", data)

    def open(self, data: bytes) -> bytes:
        return self._call("CryptUnprotectData", data)

    @staticmethod
    def _call(name: str, data: bytes) -> bytes:
        class Blob(ctypes.Structure):
            _fields_ = (("size", ctypes.c_uint32), ("data", ctypes.POINTER(ctypes.c_char)))

        windll = getattr(ctypes, "windll", None)
        if windll is None:
            raise StorageError("keys_other_machine")
        buffer = ctypes.create_string_buffer(data, len(data))
        source = Blob(len(data), ctypes.cast(buffer, ctypes.POINTER(ctypes.c_char)))
        result = Blob()
        ui_forbidden = 1
        call = getattr(windll.crypt32, name)
        done = call(
            ctypes.byref(source), None, None, None, None, ui_forbidden, ctypes.byref(result)
        )
        if not done:
            raise StorageError("keys_other_machine")
        try:
            return ctypes.string_at(result.data, result.size)
        finally:
            windll.kernel32.LocalFree(result.data)


def machine_vault() -> MachineVault:
    """What this machine offers beside the password."""
    return Dpapi() if sys.platform == "win32" else NoVault()


@dataclass(frozen=True)
class Wrapped:
    """A key under a password; ``vault`` names the machine's lock around the box, or is empty."""

    salt: bytes
    ops: int
    mem: int
    box: bytes
    vault: str = ""


def wrap(
    password: str, key: bytes, aad: bytes, vault: MachineVault, ops: int = OPS, mem: int = MEM_BYTES
) -> Wrapped:
    """Close ``key`` under a password; a fresh salt each time."""
    salt = os.urandom(SALT_BYTES)
    box = seal(derive(password, salt, ops, mem), key, aad)
    return Wrapped(salt, ops, mem, vault.close(box), vault.name)


def unwrap(password: str, wrapped: Wrapped, aad: bytes, vault: MachineVault) -> bytes:
    """The key; WrongKey for another password, ``keys_other_machine`` away from its machine."""
    inner = derive(password, wrapped.salt, wrapped.ops, wrapped.mem)
    if wrapped.vault and wrapped.vault != vault.name:
        raise StorageError("keys_other_machine")
    return unseal(inner, vault.open(wrapped.box) if wrapped.vault else wrapped.box, aad)


class RecoveryKey:
    """The private half behind the 24 words; only its public half is ever stored."""

    def __init__(self, seed: bytes) -> None:
        self._seed = seed
        private = hashlib.blake2b(seed, digest_size=KEY_BYTES, person=b"clm-recovery").digest()
        self._private = nacl.public.PrivateKey(private)

    @classmethod
    def new(cls) -> RecoveryKey:
        return cls(new_key())

    @classmethod
    def from_words(cls, text: str) -> RecoveryKey:
        """From 24 typed words; ValidationError as ``words24.decode``."""
        return cls(words24.decode(text))

    @property
    def words(self) -> list[str]:
        return words24.encode(self._seed)

    @property
    def public(self) -> bytes:
        return bytes(self._private.public_key)

    def open(self, box: bytes) -> bytes:
        """What ``seal_to`` closed to this key; WrongKey otherwise."""
        try:
            return nacl.public.SealedBox(self._private).decrypt(box)
        except (nacl.exceptions.CryptoError, ValueError):
            raise WrongKey("recovery_key_other") from None


def seal_to(public: bytes, data: bytes) -> bytes:
    """Close ``data`` so that only the holder of the 24 words opens it (sealed box)."""
    return nacl.public.SealedBox(nacl.public.PublicKey(public)).encrypt(data)
