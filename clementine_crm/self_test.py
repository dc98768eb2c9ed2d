"""``--self-test``: the installed program tries its own parts, in a folder of its own."""

from __future__ import annotations

import tempfile
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

from clementine_crm import __version__
from clementine_crm.bootstrap import PLUGINS, ROOT, found, open_desk
from clementine_crm.errors import ClementineError
from clementine_crm.plugin_host.host import PluginHost
from clementine_crm.reading.process import ReaderProcess
from clementine_crm.services.activities import AddNote
from clementine_crm.services.candidates import AddCandidate
from clementine_crm.services.lawful import APPLIED

_PDF = ROOT / "resources" / "demo" / "kept" / "001_santoni_remi.pdf"
_WORD = "Santoni"


@dataclass(frozen=True)
class Tried:
    """One part tried; ``say`` is empty when it works, otherwise what failed."""

    name: str
    ok: bool
    say: str
    ms: int


def self_test(more: Iterable[tuple[str, Callable[[], str]]] = ()) -> tuple[Tried, ...]:
    """Version, base, reader process, plugins, then what the caller adds (the window)."""
    parts = [
        ("version", lambda: "" if __version__ else "no version"),
        ("base", _base),
        ("reader", _reader),
        ("plugins", _plugins),
        *more,
    ]
    return tuple(_try(name, part) for name, part in parts)


def _try(name: str, part: Callable[[], str]) -> Tried:
    began = time.monotonic()
    try:
        say = part()
    except ClementineError as error:
        say = f"{type(error).__name__} {error.key}"
    except Exception as error:  # noqa: BLE001 - whatever breaks is what the test is for
        say = f"{type(error).__name__}: {error}"
    return Tried(name, not say, say, round((time.monotonic() - began) * 1000))


def _base() -> str:
    """An encrypted base founded, written, closed and read again."""
    with tempfile.TemporaryDirectory(prefix="clementine-self-test-") as folder:
        home = Path(folder) / "home"
        unlocked, words = found(
            home, "Essai", "Personne Essai", "essai@example.org", "Or4nge!matin-glycine"
        )
        desk = open_desk(home, unlocked)
        try:
            made = desk.execute(AddCandidate("Léa", "Œuvrard", "essai", APPLIED)).result
            desk.execute(AddNote(made, "Vérifié."))
        finally:
            desk.close()
        if (home / "base.db").read_bytes()[:6] == b"SQLite":
            return "the base is not encrypted"
        return "" if len(words) == 24 else "no recovery key"


def _reader() -> str:
    with ReaderProcess() as reader:
        text = reader.document(_PDF.read_bytes(), _PDF.name)
    return "" if _WORD.casefold() in text.text.casefold() else f"not read: {text.reason}"


def _plugins() -> str:
    host = PluginHost(PLUGINS)
    host.start()
    broken = [row.id for row in host.rows() if row.state != "enabled"]
    with ReaderProcess(host.reader_plugins()) as reader:
        reader.start()
        broken += list(reader.failed_plugins)
    host.stop()
    return ", ".join(broken) or ("" if host.rows() else "no plugin")
