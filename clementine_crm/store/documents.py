"""Documents as sealed files: ``documents/<2 hex>/<name>``, under the key of their dossier.

``name`` = HMAC-SHA256(DEK, content) in hex: the same file of two persons has two names. A file is
a head of five bytes, then chunks of up to 1 MB, each XChaCha20-Poly1305 with the dossier's id, the
chunk's number and a mark on the last one as associated data: nothing can be cut, moved or joined.
"""

from __future__ import annotations

import contextlib
import hmac
import re
from collections.abc import Iterator
from pathlib import Path

import nacl.exceptions
import nacl.secret

from clementine_crm.errors import Corrupt, NotFound, StorageError
from clementine_crm.files import replace_file

CHUNK = 1 << 20
_HEAD = b"CLDO\x01"
_EXTRA = nacl.secret.Aead.NONCE_SIZE + nacl.secret.Aead.MACBYTES
_NAME = re.compile(r"^[0-9a-f]{64}\Z")


class Documents:
    """The sealed files under one folder."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def put(self, dek: bytes, dossier: bytes, data: bytes) -> str:
        """Seal and store; the name. Twice the same is one file, and a torn one is mended."""
        name = name_of(dek, data)
        path = self.path(name)
        if path.exists():
            with contextlib.suppress(Corrupt):
                if self.get(dek, dossier, name) == data:
                    return name
        try:
            path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        except OSError:
            raise StorageError("file_not_written", file=name) from None
        replace_file(path, seal(dek, dossier, data))
        return name

    def get(self, dek: bytes, dossier: bytes, name: str) -> bytes:
        """The content; NotFound ``document_missing``, Corrupt ``document_damaged`` (name)."""
        return self.require(dek, dossier, name, self._read(name))

    def sealed(self, dek: bytes, dossier: bytes, name: str) -> bytes:
        """The sealed file itself, verified: for a copy. Errors as ``get``."""
        data = self._read(name)
        self.require(dek, dossier, name, data)
        return data

    def require(self, dek: bytes, dossier: bytes, name: str, sealed: bytes) -> bytes:
        """What sealed bytes hold; Corrupt unless they are the document of this name."""
        data = unseal(dek, dossier, sealed)
        if data is None or not hmac.compare_digest(name_of(dek, data), name):
            raise Corrupt("document_damaged", name=name)
        return data

    def _read(self, name: str) -> bytes:
        try:
            return self.path(name).read_bytes()
        except FileNotFoundError:
            raise NotFound("document_missing", name=name) from None
        except OSError:
            raise Corrupt("document_damaged", name=name) from None

    def has(self, name: str) -> bool:
        return self.path(name).exists()

    def delete(self, dossier: bytes, name: str) -> None:  # noqa: ARG002 - the key is what is erased
        """Remove the file; nothing happens when it is gone. Its key dies with the dossier."""
        path = self.path(name)
        try:
            path.unlink(missing_ok=True)
        except OSError:
            raise StorageError("file_not_written", file=name) from None
        with contextlib.suppress(OSError):
            path.parent.rmdir()

    def names(self) -> Iterator[str]:
        """Every stored name, in order."""
        for path in sorted(self._folder.glob("[0-9a-f][0-9a-f]/*")):
            if _NAME.match(path.name):
                yield path.name

    def sweep(self) -> int:
        """Remove what a dying process left half-written; how many. Only while nobody writes."""
        left = [p for p in self._folder.glob("[0-9a-f][0-9a-f]/*.tmp") if not _NAME.match(p.name)]
        for path in left:
            path.unlink(missing_ok=True)
        return len(left)

    def path(self, name: str) -> Path:
        """Where a document of this name lies; NotFound for what is no name (never a way out)."""
        if not _NAME.match(name):
            raise NotFound("document_missing", name=name)
        return self._folder / name[:2] / name


def name_of(dek: bytes, data: bytes) -> str:
    return hmac.digest(dek, data, "sha256").hex()


def _aad(dossier: bytes, number: int, *, last: bool) -> bytes:
    return dossier + number.to_bytes(8, "big") + bytes([last])


def seal(dek: bytes, dossier: bytes, data: bytes) -> bytes:
    """The bytes of a sealed file; an empty document is one empty chunk."""
    box = nacl.secret.Aead(dek)
    starts = range(0, max(len(data), 1), CHUNK)
    parts = [_HEAD]
    for number, start in enumerate(starts):
        aad = _aad(dossier, number, last=number == len(starts) - 1)
        parts.append(box.encrypt(data[start : start + CHUNK], aad))
    return b"".join(parts)


def unseal(dek: bytes, dossier: bytes, sealed: bytes) -> bytes | None:
    """What ``seal`` closed, or None when a byte of it is not as it was."""
    if not sealed.startswith(_HEAD):
        return None
    box = nacl.secret.Aead(dek)
    step = CHUNK + _EXTRA
    starts = range(len(_HEAD), max(len(sealed), len(_HEAD) + 1), step)
    parts = []
    for number, start in enumerate(starts):
        aad = _aad(dossier, number, last=number == len(starts) - 1)
        try:
            parts.append(box.decrypt(sealed[start : start + step], aad))
        except (nacl.exceptions.CryptoError, ValueError):
            return None
    return b"".join(parts)
