"""Which DLLs a Windows binary asks for, and whether the payload or Windows has them.

Reads the import and the delayed-import table of a PE32+ file (Microsoft, "PE Format").
"""

from __future__ import annotations

import struct
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

BINARY_SUFFIXES = frozenset({".exe", ".dll", ".pyd"})
TEST_SHIMS = frozenset({"bcryptprimitives.dll", "icuuc.dll", "mscms.dll"})
_API_SETS = ("api-ms-win-", "ext-ms-win-")
_AMD64 = 0x8664
_PE32_PLUS = 0x20B
_IMPORT, _DELAY_IMPORT = 1, 13
_LONGEST_NAME = 260
_MOST_DLLS = 4096


class NotPortableExecutableError(ValueError):
    """The bytes are no 64-bit Windows binary, or a table in them points outside."""


@dataclass(frozen=True, slots=True)
class _Section:
    address: int
    size: int
    offset: int


def _unpack(layout: str, data: bytes, offset: int) -> tuple[int, ...]:
    if offset < 0 or offset + struct.calcsize(layout) > len(data):
        raise NotPortableExecutableError(f"table outside the file at {offset}")
    return struct.unpack_from(layout, data, offset)


def _offset(sections: list[_Section], address: int) -> int:
    for section in sections:
        if section.address <= address < section.address + section.size:
            return address - section.address + section.offset
    raise NotPortableExecutableError(f"address {address:#x} in no section")


def _name(data: bytes, offset: int) -> str:
    end = data.find(b"\0", offset, offset + _LONGEST_NAME)
    if end <= offset:
        raise NotPortableExecutableError(f"no DLL name at {offset}")
    try:
        return data[offset:end].decode("ascii").lower()
    except UnicodeDecodeError as error:
        raise NotPortableExecutableError(f"no DLL name at {offset}") from error


def _headers(data: bytes) -> tuple[list[_Section], dict[int, int]]:
    """Sections, and the address of each wanted data directory that is present."""
    if data[:2] != b"MZ":
        raise NotPortableExecutableError("no MZ")
    (start,) = _unpack("<I", data, 0x3C)
    if data[start : start + 4] != b"PE\0\0":
        raise NotPortableExecutableError("no PE signature")
    machine, count, *_, optional_size, _flags = _unpack("<HHIIIHH", data, start + 4)
    optional = start + 24
    (magic,) = _unpack("<H", data, optional)
    if machine != _AMD64 or magic != _PE32_PLUS:
        raise NotPortableExecutableError(f"not 64-bit: machine {machine:#x}, magic {magic:#x}")
    (directories,) = _unpack("<I", data, optional + 108)
    wanted: dict[int, int] = {}
    for index in (_IMPORT, _DELAY_IMPORT):
        if index < directories:
            address, size = _unpack("<II", data, optional + 112 + 8 * index)
            if address and size:
                wanted[index] = address
    sections = []
    for number in range(count):
        at = optional + optional_size + 40 * number
        virtual_size, address, raw_size, offset = _unpack("<IIII", data, at + 8)
        sections.append(_Section(address, max(virtual_size, raw_size), offset))
    return sections, wanted


def imports(data: bytes) -> frozenset[str]:
    """Names, in lower case, of every DLL a binary imports at once or on first use.

    Raises NotPortableExecutableError for anything but a well-formed 64-bit binary.
    """
    sections, directories = _headers(data)
    found: set[str] = set()
    for index, (layout, name_field) in {_IMPORT: ("<5I", 3), _DELAY_IMPORT: ("<8I", 1)}.items():
        if index not in directories:
            continue
        at = _offset(sections, directories[index])
        for _ in range(_MOST_DLLS):
            row = _unpack(layout, data, at)
            if not row[name_field]:
                break
            found.add(_name(data, _offset(sections, row[name_field])))
            at += struct.calcsize(layout)
    return frozenset(found)


def known_dlls(text: str) -> frozenset[str]:
    """The list of Windows' own DLLs: one name a line, # begins a remark."""
    names = (line.partition("#")[0].strip().lower() for line in text.splitlines())
    return frozenset(name for name in names if name)


def problems(needs: Mapping[str, Iterable[str]], known: frozenset[str]) -> list[str]:
    """One sentence per import that neither the payload nor Windows answers.

    ``needs``: path in the payload → DLLs imported. A name is answered from anywhere in the
    payload: Python and PySide6 add their folders to the search path.
    """
    inside = {path.rpartition("/")[2].lower() for path in needs}
    found = [
        f"{path}: a test shim in the payload"
        for path in needs
        if path.rpartition("/")[2].lower() in TEST_SHIMS
    ]
    for path, names in sorted(needs.items()):
        found += [
            f"{path} imports {name}: neither in the payload nor a known Windows DLL"
            for name in sorted(names)
            if name not in inside and name not in known and not name.startswith(_API_SETS)
        ]
    return found


def lint(tree: Path, known: frozenset[str]) -> tuple[int, list[str]]:
    """How many binaries a payload holds, and what is wrong with their imports."""
    needs: dict[str, Iterable[str]] = {}
    broken: list[str] = []
    for path in sorted(tree.rglob("*")):
        if path.suffix.lower() not in BINARY_SUFFIXES:
            continue
        name = path.relative_to(tree).as_posix()
        try:
            needs[name] = imports(path.read_bytes())
        except NotPortableExecutableError as error:
            broken.append(f"{name}: {error}")
    return len(needs) + len(broken), broken + problems(needs, known)
