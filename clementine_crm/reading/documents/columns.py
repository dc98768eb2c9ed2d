"""Does a PDF page's own order jump between columns? Then its layout must be analysed."""

from __future__ import annotations

import ctypes
import re
from itertools import pairwise

import pypdfium2 as pdfium
import pypdfium2.raw as pdfium_raw

_FEWEST, _MOST = 16, 1500
_STEP = 3.0
_GUTTER = 9.0
_LINES_A_SIDE = 6
_JUMPS = 6
_CROSSING = 0.1
_TABLE = 0.5
_DATED = 0.3
_YEAR = re.compile(r"\b(?:19|20)\d\d\b")
_CONTACT = re.compile(r"\S@\S|\d\d[ .]\d\d[ .]\d\d[ .]\d\d")

Box = tuple[float, float, float, float]


def columns_are_mixed(words: pdfium.PdfTextPage, width: float) -> bool:
    """True for two columns written row by row, whose rows do not belong together.

    A table (dates left, posts right) is also written row by row; its two sides share base lines, so
    its order is right, unless the narrower side is a side bar: contact details and hardly any date.
    A side bar written after the body is right as well: few jumps.
    """
    count = words.count_rects()
    if not _FEWEST <= count <= _MOST or width <= 0:
        return False
    boxes: list[Box] = [words.get_rect(index) for index in range(count)]
    gutter = _gutter(boxes, width)
    return bool(gutter) and _jumps(boxes, gutter, words)


def _gutter(boxes: list[Box], width: float) -> float:
    """The middle of the widest upright band that hardly any text crosses; 0 without one."""
    steps = int(width / _STEP) + 1
    crossings = [0] * steps
    for left, _, right, _ in boxes:
        for step in range(max(0, int(left / _STEP)), min(steps, int(right / _STEP) + 1)):
            crossings[step] += 1
    allowed = len(boxes) * _CROSSING
    best, best_length, run = 0.0, 0, 0
    for step in range(int(steps * 0.2), int(steps * 0.8)):
        run = run + 1 if crossings[step] <= allowed else 0
        if run > best_length:
            best, best_length = (step - run / 2) * _STEP, run
    return best if best_length * _STEP >= _GUTTER else 0.0


def _jumps(boxes: list[Box], gutter: float, words: pdfium.PdfTextPage) -> bool:
    sides = [-1 if right <= gutter else 1 if left >= gutter else 0 for left, _, right, _ in boxes]
    count = min(sides.count(-1), sides.count(1))
    if count < _LINES_A_SIDE:
        return False
    lines = [
        round(_base_line(box, words)) if side else 0 for box, side in zip(boxes, sides, strict=True)
    ]
    left = {line for line, side in zip(lines, sides, strict=True) if side < 0}
    right = {line for line, side in zip(lines, sides, strict=True) if side > 0}
    if min(len(left), len(right)) < _LINES_A_SIDE:
        return False
    fewer, more = sorted((left, right), key=len)
    near = {line + shift for line in more for shift in (-1, 0, 1)}
    if len(fewer & near) > _TABLE * len(fewer):
        narrow = -1 if fewer is left else 1
        if not _is_side_bar(
            [box for box, side in zip(boxes, sides, strict=True) if side == narrow], words
        ):
            return False
    order = [side for side in sides if side]
    jumps = sum(one != other for one, other in pairwise(order))
    return jumps >= _JUMPS


def _base_line(box: Box, words: pdfium.PdfTextPage) -> float:
    """Where the first letter stands: a box ends lower under a p than under a date."""
    left, bottom, right, top = box
    at = words.get_index(min(left + 2, right), (bottom + top) / 2, 4, 4)
    if at is None:
        return bottom
    x, y = ctypes.c_double(), ctypes.c_double()
    found = pdfium_raw.FPDFText_GetCharOrigin(words, at, ctypes.byref(x), ctypes.byref(y))
    return y.value if found else bottom


def _is_side_bar(boxes: list[Box], words: pdfium.PdfTextPage) -> bool:
    texts = [str(words.get_text_bounded(*box)) for box in boxes]
    dated = sum(bool(_YEAR.search(text)) for text in texts)
    return dated < _DATED * len(texts) and any(_CONTACT.search(text) for text in texts)
