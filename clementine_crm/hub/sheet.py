"""Small signed files of a copy: manifest, erasure journal, a device's public key.

Four letters and a version · device · length of the body · body (msgpack) · Ed25519 signature over all
before · SHA-256 of all before. Whoever holds no key still sees whether a sheet is whole.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable

import nacl.exceptions
import nacl.signing

from clementine_crm.errors import Corrupt, SchemaTooNew
from clementine_crm.hub.header import ID
from clementine_crm.hub.pack import KeyOf

MOST = 256 << 20
_VERSION = 1
_LETTERS, _LENGTH, _SIGNATURE, _DIGEST = 4, 4, 64, 32
_HEAD = _LETTERS + 1 + ID + _LENGTH


def write(letters: bytes, device: bytes, body: bytes, sign: Callable[[bytes], bytes]) -> bytes:
    """The bytes of a sheet; ``sign`` gives the device's signature."""
    front = letters + bytes([_VERSION]) + device + len(body).to_bytes(_LENGTH, "big") + body
    signed = front + sign(front)
    return signed + hashlib.sha256(signed).digest()


def is_whole(letters: bytes, data: bytes) -> bool:
    """Whether nothing of a sheet was torn off or changed by accident; no key needed."""
    if len(data) < _HEAD + _SIGNATURE + _DIGEST or data[:_LETTERS] != letters:
        return False
    length = int.from_bytes(data[_HEAD - _LENGTH : _HEAD], "big")
    fits = len(data) == _HEAD + length + _SIGNATURE + _DIGEST
    return fits and hashlib.sha256(data[:-_DIGEST]).digest() == data[-_DIGEST:]


def read(letters: bytes, data: bytes, key_of: KeyOf | None, file: str) -> tuple[bytes, bytes]:
    """(device, body). Corrupt ``sheet_damaged`` or ``sheet_unsigned`` (file), SchemaTooNew
    ``copy_newer``. ``key_of`` None: the signature is not looked at.
    """
    if not is_whole(letters, data):
        raise Corrupt("sheet_damaged", file=file)
    if data[_LETTERS] != _VERSION:
        raise SchemaTooNew("copy_newer")
    device = data[_LETTERS + 1 : _LETTERS + 1 + ID]
    front, signature = data[: -_SIGNATURE - _DIGEST], data[-_SIGNATURE - _DIGEST : -_DIGEST]
    if key_of is not None:
        key = key_of(device)
        if key is None:
            raise Corrupt("sheet_unsigned", file=file)
        try:
            nacl.signing.VerifyKey(key).verify(front, signature)
        except nacl.exceptions.CryptoError:
            raise Corrupt("sheet_damaged", file=file) from None
    return device, front[_HEAD:]
