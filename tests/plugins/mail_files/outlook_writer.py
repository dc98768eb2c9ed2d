"""Outlook's two containers, written as its documents describe them: ``.msg`` and ``winmail.dat``."""

from __future__ import annotations

import struct
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

SECTOR, MINI, CUTOFF = 512, 64, 4096
FREE, END, FAT = 0xFFFFFFFF, 0xFFFFFFFE, 0xFFFFFFFD
Tree = Mapping[str, "bytes | Tree"]


@dataclass
class _Entry:
    name: str
    kind: int
    data: bytes = b""
    child: int = FREE
    right: int = FREE
    start: int = END
    children: list[int] = field(default_factory=list)


def compound_file(tree: Tree) -> bytes:
    """A compound file (MS-CFB, version 3) of nested storages and streams."""
    entries = [_Entry("Root Entry", 5)]
    _add(tree, 0, entries)
    mini, mini_fat = _mini_stream(entries)
    fat: list[int] = []
    body = bytearray()

    def put(data: bytes) -> int:
        if not data:
            return END
        start = len(fat)
        count = -(-len(data) // SECTOR)
        fat.extend([*range(start + 1, start + count), END])
        body.extend(data.ljust(count * SECTOR, b"\0"))
        return start

    for entry in entries[1:]:
        if entry.kind == 2 and len(entry.data) >= CUTOFF:
            entry.start = put(entry.data)
    entries[0].start, entries[0].data = put(mini), mini
    mini_fat_start = put(struct.pack(f"<{len(mini_fat)}I", *mini_fat))
    mini_fat_sectors = -(-len(mini_fat) * 4 // SECTOR)
    directory_start = put(b"".join(map(_directory, entries)))
    fat_sectors = 1
    while (len(fat) + fat_sectors) * 4 > fat_sectors * SECTOR:
        fat_sectors += 1
    fat_start = len(fat)
    fat += [FAT] * fat_sectors
    fat += [FREE] * (fat_sectors * SECTOR // 4 - len(fat))
    header = struct.pack(
        "<8s16xHHHHH6xIIIIIIIII",
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", 0x3E, 3, 0xFFFE, 9, 6, 0, fat_sectors, directory_start,
        0, CUTOFF, mini_fat_start, mini_fat_sectors, END, 0,
    )  # fmt: skip
    places = [*range(fat_start, fat_start + fat_sectors), *[FREE] * (109 - fat_sectors)]
    return header + struct.pack("<109I", *places) + bytes(body) + struct.pack(f"<{len(fat)}I", *fat)


def _add(tree: Tree, parent: int, entries: list[_Entry]) -> None:
    # Siblings as a chain to the right, in the order that the format asks for.
    last = FREE
    for name in sorted(tree, key=lambda n: (len(n), n.upper())):
        content = tree[name]
        number = len(entries)
        entries.append(_Entry(name, 2 if isinstance(content, bytes) else 1))
        if last == FREE:
            entries[parent].child = number
        else:
            entries[last].right = number
        last = number
        if isinstance(content, bytes):
            entries[number].data = content
        else:
            _add(content, number, entries)


def _mini_stream(entries: Sequence[_Entry]) -> tuple[bytes, list[int]]:
    stream, fat = bytearray(), []
    for entry in entries:
        if entry.kind == 2 and 0 < len(entry.data) < CUTOFF:
            entry.start = len(fat)
            count = -(-len(entry.data) // MINI)
            fat += [*range(entry.start + 1, entry.start + count), END]
            stream += entry.data.ljust(count * MINI, b"\0")
    return bytes(stream), fat


def _directory(entry: _Entry) -> bytes:
    name = entry.name.encode("utf-16-le") + b"\0\0"
    return struct.pack(
        "<64sHBBIII16xIQQIQ",
        name, len(name), entry.kind, 1, FREE, entry.right, entry.child, 0, 0, 0, entry.start,
        len(entry.data),
    )  # fmt: skip


def outlook_message(
    *,
    subject: str,
    body: str,
    name: str,
    email: str,
    message_id: str = "",
    files: Sequence[tuple[str, bytes]] = (),
) -> bytes:
    """An ``IPM.Note`` with Unicode properties and attached files (MS-OXMSG)."""
    headers = f"Message-ID: {message_id}\r\nDate: Fri, 20 Nov 2026 09:00:00 +0000\r\n"
    texts = {0x001A: "IPM.Note", 0x0037: subject, 0x1000: body, 0x0C1A: name, 0x0C1F: email,
             0x0C1E: "SMTP", 0x5D01: email, 0x007D: headers if message_id else ""}  # fmt: skip
    tree: dict[str, bytes | Tree] = _texts(texts)
    tree["__nameid_version1.0"] = {f"__substg1.0_000{n}0102": b"" for n in (2, 3, 4)}
    for at, (file_name, data) in enumerate(files):
        attachment: dict[str, bytes | Tree] = _texts({0x3707: file_name, 0x3704: file_name})
        attachment["__substg1.0_37010102"] = data
        attachment["__properties_version1.0"] = bytes(8) + _fixed(0x3705, 1)
        tree[f"__attach_version1.0_#{at:08X}"] = attachment
    tree["__properties_version1.0"] = bytes(32)
    return compound_file(tree)


def _texts(texts: Mapping[int, str]) -> dict[str, bytes | Tree]:
    return {
        f"__substg1.0_{tag:04X}001F": text.encode("utf-16-le")
        for tag, text in texts.items()
        if text
    }


def _fixed(tag: int, value: int) -> bytes:
    return struct.pack("<HHIII", 3, tag, 6, value, 0)


def winmail(files: Sequence[tuple[str, bytes]], *, long_names: bool = False) -> bytes:
    """A ``winmail.dat`` (MS-OXTNEF) with files, their names short and 8-bit or long and Unicode."""
    out = bytearray(struct.pack("<IH", 0x223E9F78, 1))

    def attribute(level: int, tag: int, data: bytes) -> None:
        out.extend(struct.pack("<BII", level, tag, len(data)) + data)
        out.extend(struct.pack("<H", sum(data) & 0xFFFF))

    attribute(1, 0x00089006, struct.pack("<I", 0x00010000))
    attribute(1, 0x00069007, struct.pack("<II", 1252, 0))
    for name, data in files:
        attribute(2, 0x00069002, bytes(14))
        attribute(2, 0x0006800F, data)
        title = "ATT1.DAT" if long_names else name
        attribute(2, 0x00018010, title.encode("cp1252", "replace") + b"\0")
        if long_names:
            wide = name.encode("utf-16-le") + b"\0\0"
            property_ = struct.pack("<HHII", 0x1F, 0x3707, 1, len(wide)) + wide
            properties = struct.pack("<I", 2) + struct.pack("<HHI", 3, 0x3705, 1)
            attribute(2, 0x00069005, properties + property_ + b"\0" * (-len(wide) % 4))
    return bytes(out)
