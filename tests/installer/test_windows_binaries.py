"""Windows binaries and pictures, read without Windows."""

from __future__ import annotations

import contextlib
import struct
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from installer import icon, pe
from installer.smoke import LEAST_DRAWN
from installer.wine import Picture, read_xwd

ROOT = Path(__file__).resolve().parents[2]
LAUNCHER = ROOT / "tests" / "data" / "windows" / "launcher.exe"  # installer/launcher.c, built
KNOWN = pe.known_dlls((ROOT / "installer/windows_dlls.txt").read_text("utf-8"))


def test_reads_what_a_real_program_imports() -> None:
    found = pe.imports(LAUNCHER.read_bytes())
    assert found == {"kernel32.dll", "msvcrt.dll"}
    assert pe.problems({"clementine.exe": found}, KNOWN) == []


@pytest.mark.parametrize("processor", [0x14C, 0xAA64], ids=["x86", "arm64"])
def test_a_program_for_another_processor_is_refused(processor: int) -> None:
    data = bytearray(LAUNCHER.read_bytes())
    (header,) = struct.unpack_from("<I", data, 0x3C)
    struct.pack_into("<H", data, header + 4, processor)
    with pytest.raises(pe.NotPortableExecutableError, match="not 64-bit"):
        pe.imports(bytes(data))


@given(st.data())
def test_a_damaged_program_is_refused_or_read(data: st.DataObject) -> None:
    whole = LAUNCHER.read_bytes()
    cut = data.draw(st.integers(0, 4096))
    place = data.draw(st.integers(0, 1023))
    damaged = bytearray(whole[:cut] if cut < 4096 else whole)
    damaged[place : place + 4] = data.draw(st.binary(min_size=4, max_size=4))
    with contextlib.suppress(pe.NotPortableExecutableError):
        assert all(name.isascii() for name in pe.imports(bytes(damaged)))


def test_an_import_is_answered_by_the_payload_by_windows_or_is_a_problem() -> None:
    needs = {
        "Lib/a.pyd": ["python313.dll", "kernel32.dll", "api-ms-win-core-1.dll", "zlib.dll"],
        "python313.dll": [],
        "icuuc.dll": [],
    }
    assert pe.problems(needs, frozenset({"kernel32.dll"})) == [
        "icuuc.dll: a test shim in the payload",
        "Lib/a.pyd imports zlib.dll: neither in the payload nor a known Windows DLL",
    ]


def test_a_folder_is_judged_as_a_whole(tmp_path: Path) -> None:
    (tmp_path / "good.exe").write_bytes(LAUNCHER.read_bytes())
    (tmp_path / "bad.dll").write_bytes(b"MZ nothing")
    (tmp_path / "readme.txt").write_bytes(b"not looked at")
    count, problems = pe.lint(tmp_path, KNOWN)
    assert count == 2
    assert [line.partition(":")[0] for line in problems] == ["bad.dll"]


def test_an_icon_holds_each_size_upright() -> None:
    red_above_blue = b"\x00\x00\xff\xff" * 2 + b"\xff\x00\x00\xff" * 2
    data = icon.ico({2: red_above_blue})
    assert struct.unpack_from("<3H", data) == (0, 1, 1)
    side, _, _, _, _, bits, size, start = struct.unpack_from("<4B2H2I", data, 6)
    assert (side, bits, start + size) == (2, 32, len(data))
    assert data[start + 40 :][:8] == b"\xff\x00\x00\xff" * 2, "the last row comes first"
    with pytest.raises(ValueError, match="picture of 3 pixels"):
        icon.ico({3: red_above_blue})


def test_the_mark_of_the_program_becomes_the_icon() -> None:
    data, origin = icon.make(ROOT / "resources" / "icons")
    assert struct.unpack_from("<3H", data) == (0, 1, len(icon.SIZES))
    assert origin in {*icon.MARKS, "drawn"}


def test_a_screen_is_read() -> None:
    header = [100, 7, 2, 24, 4, 2, 0, 0, 32, 0, 32, 32, 16, 4, 0, 0, 0, 8, 0, 0, 4, 2, 0, 0, 0]
    blue, white = b"\xff\x00\x00\x00", b"\xff\xff\xff\x00"
    dump = struct.pack(">25I", *header) + (blue * 2 + white * 2) * 2
    picture = read_xwd(dump)
    assert (picture.width, picture.height) == (4, 2)
    assert picture.rows[0] == b"\x00\x00\xff" * 2 + b"\xff\xff\xff" * 2
    assert picture.drawn(step=1) == 0
    assert picture.png().startswith(b"\x89PNG\r\n\x1a\n")


def test_an_empty_window_with_a_pointer_is_not_drawn_and_one_with_words_is() -> None:
    black, white, grey = b"\0\0\0", b"\xff\xff\xff", b"\x80\x80\x80"
    rows = [black * 300] * 20 + [black * 10 + white * 290] * 280
    pointer = [
        row[:450] + grey * 8 + row[474:] if 150 < y < 162 else row for y, row in enumerate(rows)
    ]
    words = [
        row[:300] + (grey * 2 + white * 2) * 40 + row[780:] if y % 12 < 6 else row
        for y, row in enumerate(rows)
    ]
    assert Picture(300, 300, tuple(rows)).drawn() == 0
    assert Picture(300, 300, tuple(pointer)).drawn() < LEAST_DRAWN
    assert Picture(300, 300, tuple(words)).drawn() > LEAST_DRAWN
