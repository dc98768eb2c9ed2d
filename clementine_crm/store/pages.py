"""SQLCipher 4's page format, read without SQLCipher: the proof of a key, and the residual scan.

A page is 4,096 bytes: ciphertext (AES-256-CBC), then a reserve of 80: the initialisation vector of
16 and an HMAC-SHA512 of 64 over ciphertext, vector and page number. The first 16 bytes of the file
are the salt. A raw key is used as it is; the MAC key is two rounds of PBKDF2 over the salt with
every byte XORed with 0x3a.
"""

from __future__ import annotations

import hashlib
import hmac
import struct
from collections.abc import Iterator
from pathlib import Path

from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

PAGE = 4096
SALT = 16
VECTOR = 16
MAC = 64
RESERVE = VECTOR + MAC
USABLE = PAGE - RESERVE
WAL_HEAD = 32
FRAME_HEAD = 24
_PLAIN_HEAD = b"SQLite format 3\0"


class PageKey:
    """What opens the pages of one file: its raw key and its salt."""

    def __init__(self, key: bytes, salt: bytes) -> None:
        # ECB is only the building stone of the CBC in open_all.
        self._ecb = Cipher(algorithms.AES(key), modes.ECB()).decryptor()  # noqa: S305
        mac_salt = bytes(b ^ 0x3A for b in salt)
        self._mac = hmac.new(hashlib.pbkdf2_hmac("sha512", key, mac_salt, 2, 32), None, "sha512")

    def verifies(self, number: int, page: bytes) -> bool:
        """Whether page ``number`` (from 1) was written with this key and is whole."""
        if len(page) != PAGE:
            return False
        mac = self._mac.copy()
        start = SALT if number == 1 else 0
        mac.update(memoryview(page)[start : USABLE + VECTOR])
        mac.update(struct.pack("<I", number))
        return hmac.compare_digest(mac.digest(), page[USABLE + VECTOR :])

    def open(self, number: int, page: bytes) -> bytes:
        """The plain 4,016 usable bytes of a page that verifies."""
        return self.open_all(number, [page])[0]

    def open_all(self, first: int, pages: list[bytes]) -> list[bytes]:
        """Neighbouring pages at once: one call of the cipher for all, many times faster.

        CBC by hand: every block decrypted alone, then XORed with the ciphertext before it.
        """
        sealed = [page[:USABLE] for page in pages]
        if first == 1:
            # The salt stands where the plain file's name would: not ciphertext.
            sealed[0] = bytes(SALT) + sealed[0][SALT:]
        before = [page[USABLE : USABLE + VECTOR] + page[: USABLE - VECTOR] for page in pages]
        if first == 1:
            vector = pages[0][USABLE : USABLE + VECTOR]
            before[0] = bytes(SALT) + vector + pages[0][SALT : USABLE - VECTOR]
        alone = self._ecb.update(b"".join(sealed))
        size = len(alone)
        plain = int.from_bytes(alone, "big") ^ int.from_bytes(b"".join(before), "big")
        joined = plain.to_bytes(size, "big")
        found = [joined[n * USABLE : (n + 1) * USABLE] for n in range(len(pages))]
        if first == 1:
            found[0] = _PLAIN_HEAD + found[0][SALT:]
        return found


def wal_frames(path: Path) -> Iterator[tuple[int, bytes]]:
    """(page number, sealed page) of each whole frame that lies in a WAL, old ones included."""
    try:
        with path.open("rb") as file:
            file.seek(WAL_HEAD)
            while len(frame := file.read(FRAME_HEAD + PAGE)) == FRAME_HEAD + PAGE:
                yield struct.unpack_from(">I", frame)[0], frame[FRAME_HEAD:]
    except FileNotFoundError:
        return


def wal_of(base: Path) -> Path:
    return base.with_name(base.name + "-wal")


def key_fits(base: Path, key: bytes) -> bool:
    """Whether this key wrote this base; reads two pages at most and touches nothing.

    SQLite itself would move a waiting WAL into the base when it closes, even after a refusal.
    """
    with base.open("rb") as file:
        first = file.read(PAGE)
    if len(first) < SALT:
        return False
    opener = PageKey(key, first[:SALT])
    # A death while the WAL was moved may have torn the first page: the WAL still holds it.
    return opener.verifies(1, first) or any(
        opener.verifies(number, page) for number, page in wal_frames(wal_of(base))
    )
