"""Msgpack from strangers: each value is of the kind and size asked for, or it is ``MalformedError``.

The library alone makes room for as many elements as a forged head announces, at every depth. Here
a list is only ever counted, then read element by element; nothing nested is built by the library.
"""

from __future__ import annotations

import msgpack

MOST_NUMBER = (1 << 63) - 1


class MalformedError(ValueError):
    """These bytes are not what their place calls for."""


class Reader:
    """Reads one message from front to back."""

    def __init__(self, data: bytes) -> None:
        self._size = len(data)
        room = max(self._size, 1)
        self._unpacker = msgpack.Unpacker(
            max_buffer_size=room,
            max_bin_len=room,
            max_str_len=room,
            max_array_len=0,
            max_map_len=0,
            max_ext_len=0,
        )
        self._unpacker.feed(data)

    def array(self, most: int, least: int = 0) -> int:
        """How many elements follow, between ``least`` and ``most``."""
        try:
            count = self._unpacker.read_array_header()
        except (ValueError, msgpack.UnpackException):
            raise MalformedError from None
        if not least <= count <= most:
            raise MalformedError
        return int(count)

    def octets(self, *sizes: int) -> bytes:
        """Bytes, of one of the sizes when any is named."""
        value = self._one()
        if not isinstance(value, bytes) or (sizes and len(value) not in sizes):
            raise MalformedError
        return value

    def number(self, most: int = MOST_NUMBER) -> int:
        """A whole number from 0."""
        value = self._one()
        # type() and not isinstance(): true and false are no numbers here.
        if type(value) is not int or not 0 <= value <= most:
            raise MalformedError
        return value

    def text(self, most: int) -> str:
        """Text of at most so many characters."""
        value = self._one()
        if not isinstance(value, str) or len(value) > most:
            raise MalformedError
        return value

    def end(self) -> None:
        """Nothing may follow."""
        if self._unpacker.tell() != self._size:
            raise MalformedError

    def _one(self) -> object:
        try:
            return self._unpacker.unpack()
        except (ValueError, msgpack.UnpackException):
            raise MalformedError from None


def pack(value: object) -> bytes:
    """The message of plain lists, bytes, numbers and texts."""
    return bytes(msgpack.packb(value))
