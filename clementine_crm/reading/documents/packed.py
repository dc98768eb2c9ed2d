"""Zip containers read with a budget, whole or broken: nothing is ever written to disk."""

from __future__ import annotations

import io
import struct
import zipfile
import zlib

from clementine_crm.reading.documents.outcome import DAMAGE, UNPACKED_LIMIT, Refused

_LOCAL = b"PK\x03\x04"
_LOCAL_SIZE = 30
_MEMBER_LIMIT = 10_000
_DEFLATED = 8


class Packed:
    """The members of a zip by name, unpacked on demand within ``UNPACKED_LIMIT`` altogether.

    A container whose directory is lost (cut file) is walked from its local headers; ``cut`` is then
    true. ``Refused("too_large")`` when the budget is spent, declared or real.
    """

    def __init__(self, data: bytes) -> None:
        self._data = data
        self._left = UNPACKED_LIMIT
        self.cut = False
        self.encrypted = False
        self._zip: zipfile.ZipFile | None = None
        self._loose: dict[str, bytes] = {}
        self._infos: dict[str, zipfile.ZipInfo] = {}
        try:
            self._zip = zipfile.ZipFile(io.BytesIO(data))
            infos = self._zip.infolist()
        except DAMAGE:
            self._zip = None
            self.cut = True
            self._walk()
        else:
            self._register(infos)

    def _register(self, infos: list[zipfile.ZipInfo]) -> None:
        if len(infos) > _MEMBER_LIMIT:
            raise Refused("too_large")
        for info in infos:
            self.encrypted = self.encrypted or bool(info.flag_bits & 1)
            self._infos.setdefault(info.filename.replace("\\", "/").lstrip("/"), info)

    def _walk(self) -> None:
        """Unpack what follows each local header (APPNOTE.TXT 4.3.7), as far as it goes."""
        at = self._data.find(_LOCAL)
        while at >= 0 and len(self._loose) < _MEMBER_LIMIT:
            head = self._data[at : at + _LOCAL_SIZE]
            if len(head) < _LOCAL_SIZE:
                break
            flags, method = struct.unpack_from("<HH", head, 6)
            packed_size, _, name_size, extra_size = struct.unpack_from("<IIHH", head, 18)
            start = at + _LOCAL_SIZE + name_size + extra_size
            name = self._data[at + _LOCAL_SIZE : at + _LOCAL_SIZE + name_size]
            body = self._data[start : start + packed_size] if packed_size else self._data[start:]
            if name and not flags & 1:
                text = name.decode("utf-8", "replace").replace("\\", "/").lstrip("/")
                self._loose.setdefault(text, self._inflate(body, method))
            at = self._data.find(_LOCAL, max(start, at + 4))

    def _inflate(self, body: bytes, method: int) -> bytes:
        if method != _DEFLATED:
            out = body[: self._left + 1]
        else:
            machine = zlib.decompressobj(-15)
            pieces: list[bytes] = []
            try:
                size = 0
                for offset in range(0, len(body), 4096):
                    piece = machine.decompress(body[offset : offset + 4096], self._left - size + 1)
                    pieces.append(piece)
                    size += len(piece)
                    if machine.eof or size > self._left:
                        break
            except zlib.error:
                self.cut = True
            out = b"".join(pieces)
        return self._spend(out)

    def _spend(self, out: bytes) -> bytes:
        self._left -= len(out)
        if self._left < 0:
            raise Refused("too_large")
        return out

    def names(self) -> list[str]:
        """Every member's name, with forward slashes and without a leading one."""
        return list(self._infos) if self._zip else list(self._loose)

    def find(self, name: str) -> str:
        """The member's real name whatever its case; empty when there is none."""
        if name in self._infos or name in self._loose:
            return name
        folded = name.casefold()
        return next((one for one in self.names() if one.casefold() == folded), "")

    def read(self, name: str) -> bytes:
        """The member unpacked, as far as it goes; empty when it is missing."""
        real = self.find(name)
        if not real:
            return b""
        if self._zip is None:
            return self._loose.get(real, b"")
        info = self._infos[real]
        if info.file_size > self._left:
            raise Refused("too_large")
        pieces: list[bytes] = []
        try:
            with self._zip.open(info) as member:
                while piece := member.read(1 << 20):
                    pieces.append(self._spend(piece))
        except DAMAGE:
            self.cut = True
        return b"".join(pieces)
