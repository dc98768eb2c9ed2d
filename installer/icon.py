"""app.ico from the mark in resources/icons, or a plain clementine when there is none."""

from __future__ import annotations

import os
import struct
import subprocess
import sys
from pathlib import Path

SIZES = (16, 24, 32, 48, 64)
MARKS = ("mark.svg", "app.svg", "clementine.svg", "logo.svg")
_FRUIT, _LEAF, _CLEAR = (0xF2, 0x8C, 0x1E), (0x3F, 0x8F, 0x4F), (0, 0, 0)
_SUPERSAMPLE = 4
# Runs in a process of its own: a build machine without Qt still gets the plain mark.
_RENDER = """
import sys
from PySide6.QtGui import QGuiApplication, QImage, QPainter
from PySide6.QtSvg import QSvgRenderer
app = QGuiApplication([])
renderer = QSvgRenderer(sys.argv[1])
if not renderer.isValid():
    sys.exit("not an SVG")
for size in map(int, sys.argv[2:]):
    image = QImage(size, size, QImage.Format.Format_ARGB32)
    image.fill(0)
    painter = QPainter(image)
    renderer.render(painter)
    painter.end()
    sys.stdout.buffer.write(bytes(image.constBits()))
"""


def ico(images: dict[int, bytes]) -> bytes:
    """An icon file from square pictures: side in pixels → BGRA rows, top row first."""
    header = struct.pack("<3H", 0, 1, len(images))
    directory, bodies = b"", b""
    start = len(header) + 16 * len(images)
    for side, pixels in sorted(images.items()):
        if len(pixels) != side * side * 4:
            raise ValueError(f"picture of {side} pixels has {len(pixels)} bytes")
        rows = [pixels[i : i + side * 4] for i in range(0, len(pixels), side * 4)]
        mask = bytes(((side + 31) // 32) * 4 * side)
        dib = struct.pack("<IiiHHIIiiII", 40, side, side * 2, 1, 32, 0, 0, 0, 0, 0, 0)
        body = dib + b"".join(reversed(rows)) + mask
        directory += struct.pack("<4B2H2I", side, side, 0, 0, 1, 32, len(body), start + len(bodies))
        bodies += body
    return header + directory + bodies


def _colour(x: float, y: float) -> tuple[int, int, int] | None:
    """Colour at a point of the unit square: a leaf above a round fruit."""
    if (x - 0.68) ** 2 / 0.04 + (y - 0.13) ** 2 / 0.012 <= 1:
        return _LEAF
    if (x - 0.5) ** 2 + (y - 0.56) ** 2 <= 0.42**2:
        return _FRUIT
    return None


def drawn(side: int) -> bytes:
    """The plain mark as BGRA."""
    out = bytearray()
    fine = side * _SUPERSAMPLE
    for row in range(side):
        for column in range(side):
            hits = [
                _colour(
                    (column * _SUPERSAMPLE + dx + 0.5) / fine,
                    (row * _SUPERSAMPLE + dy + 0.5) / fine,
                )
                for dx in range(_SUPERSAMPLE)
                for dy in range(_SUPERSAMPLE)
            ]
            seen = [hit for hit in hits if hit]
            red, green, blue = (
                [sum(c[i] for c in seen) // len(seen) for i in range(3)] if seen else _CLEAR
            )
            out += bytes((blue, green, red, 255 * len(seen) // len(hits)))
    return bytes(out)


def make(icons: Path) -> tuple[bytes, str]:
    """The icon file and where it comes from."""
    for mark in (icons / name for name in MARKS):
        if not mark.is_file():
            continue
        command = [sys.executable, "-c", _RENDER, str(mark), *map(str, SIZES)]
        environment = {**os.environ, "QT_QPA_PLATFORM": "offscreen"}
        run = subprocess.run(command, capture_output=True, timeout=60, env=environment, check=False)
        if run.returncode == 0 and len(run.stdout) == sum(4 * s * s for s in SIZES):
            images, at = {}, 0
            for size in SIZES:
                images[size] = run.stdout[at : at + 4 * size * size]
                at += 4 * size * size
            return ico(images), mark.name
    return ico({size: drawn(size) for size in SIZES}), "drawn"
