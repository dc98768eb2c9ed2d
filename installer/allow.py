"""What enters the payload: an allow-list, so that nothing ships by accident.

A top-level name of site-packages that stands nowhere here stops the build: whoever adds a
dependency looks at what it brings, adds it, and measures the
set-up again (README.md).
"""

from __future__ import annotations

import hashlib
import re
from pathlib import Path, PurePosixPath

CODE = frozenset({".py", ".pyd", ".dll"})

# top-level name → suffixes beyond CODE that it reads at run time
_CODE_ONLY = """
    _cffi_backend.cp313-win_amd64.pyd typing_extensions.py alembic annotated_types cffi
    charset_normalizer cryptography defusedxml dns email_validator idna imapclient jaraco jinja2
    jwt keyring lxml mako markupsafe more_itertools msal msgpack nacl olefile phonenumbers
    platformdirs pydantic pydantic_core pypdfium2_cfg rapidfuzz rapidfuzz.libs requests
    sqlalchemy sqlcipher3 striprtf typing_inspection urllib3 win32ctypes zstandard
"""
PACKAGES: dict[str, frozenset[str]] = dict.fromkeys(_CODE_ONLY.split(), frozenset()) | {
    "certifi": frozenset({".pem"}),
    "docx": frozenset({".xml", ".docx"}),
    "pdfminer": frozenset({".gz"}),
    "pypdfium2": frozenset({".json"}),
    "pypdfium2_raw": frozenset({".json"}),
    "pycparser": frozenset({".cfg"}),
}
# Installed by a dependency, never imported by a running program.
LEFT_OUT = frozenset({"bin", "pypdfium2_cli", "OleFileIO_PL.py", ".lock"})
NEVER_FILES = frozenset({"olefile2.py"})  # Python 2
NEVER_FOLDERS = frozenset({"tests", "test", "testing", "include", "__pycache__"})

QT_MODULES = frozenset(
    {"QtCore", "QtGui", "QtWidgets", "QtNetwork", "QtSvg", "QtSvgWidgets", "QtPrintSupport"}
)
# qpdf and qtvirtualkeyboard ask for Qt libraries of the Addons wheel; qopensslbackend for OpenSSL.
QT_PLUGINS = {
    "platforms": frozenset({"qwindows", "qoffscreen", "qminimal"}),
    "styles": frozenset({"qmodernwindowsstyle"}),
    "imageformats": frozenset({"qgif", "qico", "qjpeg", "qsvg", "qtiff", "qwebp"}),
    "iconengines": frozenset({"qsvgicon"}),
    "tls": frozenset({"qschannelbackend", "qcertonlybackend"}),
    "networkinformation": frozenset({"qnetworklistmanager"}),
}
# msvcp140*, vcruntime140*, concrt140: Qt brings Microsoft's runtime; Qt6DBus: Qt6Gui loads it.
_QT_LIBRARY = re.compile(
    r"(msvcp140\w*|vcruntime140\w*|concrt140|pyside6\.abi3|shiboken6\.abi3|Qt6DBus)\.dll"
)
_QT_WORDS = re.compile(r"(qtbase|qt)_(fr|en)\.qm")

# Our own program: folders and files at the top of the repository, and the kinds of file in them.
PROGRAM = ("main.py", "clementine_crm", "ui", "plugins", "resources", "LICENSE")
PROGRAM_CODE = frozenset({".py", ".toml", ".sql", ".json", ".txt", ".csv", ".svg"})
PROGRAM_LEFT_OUT = frozenset({".md", ".pyi", ".mako", ".pyc", ".po"})


# Of the runtime: no interpreter beside our two launchers, no catalogue, no beeper.
RUNTIME_SUFFIXES = frozenset({".dll", ".pyd", ".zip"})
RUNTIME_LEFT_OUT = frozenset({"winsound.pyd"})


class UnknownPackageError(ValueError):
    """A top-level name in site-packages that nobody has allowed."""


class UnknownFileError(ValueError):
    """A kind of file among our own program that nobody has decided on."""


def _keep_qt(parts: tuple[str, ...]) -> bool:
    name = parts[-1]
    if len(parts) == 2:
        module, _, suffix = name.rpartition(".")
        if suffix == "py" or (suffix == "pyd" and module in QT_MODULES | {"Shiboken"}):
            return True
        if suffix == "dll" and module.startswith("Qt6"):
            return "Qt" + module[3:] in QT_MODULES or bool(_QT_LIBRARY.fullmatch(name))
        return bool(_QT_LIBRARY.fullmatch(name))
    if parts[1] == "plugins":
        return name.removesuffix(".dll") in QT_PLUGINS.get(parts[2], frozenset())
    return parts[1] == "translations" and bool(_QT_WORDS.fullmatch(name))


def _keep_metadata(parts: tuple[str, ...]) -> bool:
    """Version and entry points (keyring finds its back-ends there), and every licence."""
    return parts[1] in {"METADATA", "entry_points.txt", "licenses"} or parts[1].startswith(
        ("LICENSE", "LICENCE", "COPYING", "NOTICE", "AUTHORS")
    )


def keep_library(path: PurePosixPath) -> bool:
    """Whether a file of site-packages ships. Raises UnknownPackageError for an unknown top."""
    parts = path.parts
    top = parts[0]
    if top.endswith(".dist-info"):
        return _keep_metadata(parts)
    if top in LEFT_OUT:
        return False
    if top in {"PySide6", "shiboken6"}:
        return _keep_qt(parts)
    if top == "tzdata":
        return path.suffix == ".py" or "zoneinfo" in parts
    if top not in PACKAGES:
        raise UnknownPackageError(f"{top}: a new dependency; look at it and list it in allow.py")
    if path.name in NEVER_FILES or NEVER_FOLDERS & set(parts[:-1]):
        return False
    if top == "alembic" and parts[1] == "templates":
        return False
    return path.suffix in CODE | PACKAGES[top]


def keep_runtime(name: str) -> bool:
    """Whether a file of the Python runtime ships."""
    return PurePosixPath(name).suffix in RUNTIME_SUFFIXES and name not in RUNTIME_LEFT_OUT


def keep_program(path: PurePosixPath) -> bool:
    """Whether a file of our repository ships. Raises UnknownFileError for an undecided kind."""
    parts = path.parts
    if parts[0] not in PROGRAM or "__pycache__" in parts or path.name.startswith("."):
        return False
    if len(parts) == 1 or parts[0] == "resources" or path.suffix in PROGRAM_CODE:
        return True
    if path.suffix in PROGRAM_LEFT_OUT:
        return False
    raise UnknownFileError(f"{path}: ships or not? Decide in allow.py")


def manifest(tree: Path) -> dict[str, str]:
    """Every file of a tree, as a path with slashes, and its sha256."""
    found = {}
    for path in sorted(tree.rglob("*")):
        if path.is_file():
            with path.open("rb") as file:
                digest = hashlib.file_digest(file, "sha256").hexdigest()
            found[path.relative_to(tree).as_posix()] = digest
    return found


def differences(wanted: dict[str, str], found: dict[str, str]) -> list[str]:
    """One line per file that is missing, extra or changed; empty when the trees are equal."""
    return (
        [f"missing: {name}" for name in sorted(wanted.keys() - found.keys())]
        + [f"extra: {name}" for name in sorted(found.keys() - wanted.keys())]
        + [f"changed: {n}" for n in sorted(wanted.keys() & found.keys()) if wanted[n] != found[n]]
    )


def over_budget(what: str, size: int, limit: int) -> list[str]:
    """One sentence when a size in bytes exceeds its limit."""
    if size <= limit:
        return []
    return [f"{what} weighs {size / 1e6:.1f} MB, more than {limit / 1e6:.0f} MB"]
