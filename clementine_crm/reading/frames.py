"""What runs over the pipes between the program and its reader process: length-prefixed msgpack.

A frame is four bytes of length (big endian) and one msgpack map. Pydantic values travel as the map
of their fields; instants and dates as ISO 8601 text, which pydantic turns back. Both ends check the
length before they allocate anything.
"""

from __future__ import annotations

import struct
from collections.abc import Mapping
from datetime import date
from typing import Any

import msgpack

Frame = dict[str, Any]
FRAME_LIMIT = 200 * 1024 * 1024
HEAD = struct.Struct(">I")


class FrameTooLargeError(ValueError):
    """A frame beyond ``FRAME_LIMIT`` bytes; nothing of it was sent."""


class BadFrameError(ValueError):
    """The bytes on the pipe are no frame of ours."""


def _plain(value: object) -> str:
    if isinstance(value, date):
        return value.isoformat()
    raise TypeError(type(value).__name__)


def pack(frame: Mapping[str, Any]) -> bytes:
    """The bytes of a frame. A lone surrogate, which no text file can hold, becomes ``?``."""
    try:
        body: bytes = msgpack.packb(frame, default=_plain, unicode_errors="replace")
    except ValueError as error:
        # msgpack says so for lengths beyond 2**32 and for nesting beyond its own limit.
        raise FrameTooLargeError(str(error)) from error
    if len(body) > FRAME_LIMIT:
        raise FrameTooLargeError(str(len(body)))
    return HEAD.pack(len(body)) + body


def body_length(head: bytes) -> int:
    """The length that four bytes announce; ``BadFrameError`` when no frame can be so long."""
    (length,) = HEAD.unpack(head)
    if length > FRAME_LIMIT:
        raise BadFrameError(str(length))
    return int(length)


def unpack(body: bytes | bytearray | memoryview) -> Frame:
    """The frame in these bytes; ``BadFrameError`` when they hold something else."""
    try:
        frame = msgpack.unpackb(body)
    except (ValueError, msgpack.exceptions.UnpackException) as error:
        raise BadFrameError(type(error).__name__) from error
    if not isinstance(frame, dict):
        raise BadFrameError(type(frame).__name__)
    return frame
