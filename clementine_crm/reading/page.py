"""A drawn page, as it travels from the reader process to the screen. Imports no parser."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

WordBox = tuple[str, int, int, int, int]
"""word, left, top, right, bottom in pixels of the picture, from its top left corner."""


@dataclass(frozen=True, slots=True)
class PagePicture:
    """One page. ``pixels`` is RGB, three bytes a pixel, ``stride`` bytes a row, top row first.

    For an image file ``pixels`` is empty and ``encoded`` holds the file as it came (``media_type``
    says what); ``width`` and ``height`` are the file's own, 0 when its head does not tell.
    """

    width: int
    height: int
    stride: int
    pixels: bytes
    boxes: tuple[WordBox, ...]
    page: int
    pages: int
    encoded: bytes = b""
    media_type: str = ""


_RGB = 3
_SIZES = ("width", "height", "stride", "page", "pages")


def picture_of(value: Mapping[str, Any]) -> PagePicture:
    """The picture in a frame of the reader process. ``ValueError`` when its sizes lie: the screen
    hands width, height and stride to code that trusts them.
    """
    boxes = tuple((str(b[0]), int(b[1]), int(b[2]), int(b[3]), int(b[4])) for b in value["boxes"])
    picture = PagePicture(**{**value, "boxes": boxes})
    if any(type(value[name]) is not int or value[name] < 0 for name in _SIZES):
        raise ValueError("sizes")
    if any(type(value[name]) is not bytes for name in ("pixels", "encoded")):
        raise ValueError("pixels")
    rows_fit = picture.stride >= picture.width * _RGB
    if picture.pixels and not (rows_fit and len(picture.pixels) >= picture.stride * picture.height):
        raise ValueError("pixels")
    return picture
