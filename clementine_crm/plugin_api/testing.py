"""The contract as a test-suite: what every plugin folder must pass, ours or a stranger's.

Each check takes a ``PluginCase`` and an empty scratch folder, and raises ``AssertionError`` with a
sentence. ``CHECKS`` names them all, so that a test runner can offer each for each plugin. The suite
imports no plugin itself: ``PluginCase.make`` is the host's business.
"""

from __future__ import annotations

import ast
import logging
import math
import random
import re
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from typing_extensions import override

from clementine_crm.clock import SystemClock
from clementine_crm.errors import Cancelled
from clementine_crm.jobs import JobContext
from clementine_crm.plugin_api.contracts import (
    FileSource,
    Health,
    MessageReader,
    Plugin,
    PluginContext,
    ReadingTools,
)
from clementine_crm.plugin_api.payloads import Entry, ItemPayload, MessageEntry, Rejection
from clementine_crm.plugin_api.reading import Attachment, Mail

SNIFF_SECONDS = 0.05
_HEAD = 64 * 1024
_TELLING = 6
"""A value this long in a log is no coincidence."""
_CHECKLIST = 5
_ALLOWED = ("clementine_crm.plugin_api", "clementine_crm.jobs", "clementine_crm.clock",
            "clementine_crm.errors")  # fmt: skip
_SCREENS = ("PySide6", "PyQt5", "PyQt6", "PySide2", "tkinter", "wx")


@dataclass(frozen=True)
class PluginCase:
    """One plugin under test. ``samples`` are files it reads or mails it takes; ``settings`` hold a
    recognisable value for every secret.
    """

    folder: Path
    plugin_id: str
    names: Mapping[str, str]
    make: Callable[[], Plugin]
    tools: ReadingTools
    samples: tuple[Path, ...] = ()
    settings: Mapping[str, str | int | bool] = field(default_factory=dict)
    secrets: tuple[str, ...] = ()


class _Ears(logging.Handler):
    def __init__(self) -> None:
        super().__init__(logging.DEBUG)
        self.heard: list[str] = []

    @override
    def emit(self, record: logging.LogRecord) -> None:
        self.heard.append(record.getMessage())
        if record.exc_info is not None:
            self.heard.append(str(record.exc_info[1]))


def _context(case: PluginCase) -> PluginContext:
    log = logging.getLogger(f"clementine_plugins.{case.plugin_id}")
    return PluginContext(case.plugin_id, dict(case.settings), log, SystemClock(), case.tools)


@contextmanager
def _active(case: PluginCase) -> Iterator[Plugin]:
    plugin = case.make()
    plugin.activate(_context(case))
    try:
        yield plugin
    finally:
        plugin.deactivate()


def _read(plugin: Plugin, path: Path) -> list[Entry]:
    """Everything a plugin makes of a file; messages are offered back to the plugin itself."""
    if not isinstance(plugin, FileSource):
        return []
    made: list[Entry] = []
    for entry in plugin.read(path, JobContext()):
        assert isinstance(entry, ItemPayload | MessageEntry | Rejection), (
            f"{path.name}: handed over a {type(entry).__name__}"
        )
        made.append(entry)
        if isinstance(entry, MessageEntry) and isinstance(plugin, MessageReader):
            made.extend(_take(plugin, entry.mail, entry.external_id))
    return made


def _take(plugin: MessageReader, mail: Mail, external_id: str) -> list[Entry]:
    sure = plugin.claim(mail)
    assert math.isfinite(sure), "claim is no number"
    assert 0.0 <= sure <= 1.0, f"claim says {sure}"
    return [plugin.read_message(mail, external_id)] if sure > 0 else []


def _mails(case: PluginCase) -> Iterator[tuple[str, Mail]]:
    for path in case.samples:
        if path.suffix.lower() == ".eml":
            yield path.name, case.tools.mail(path.read_bytes())


def check_names(case: PluginCase, scratch: Path) -> None:
    """Its name stands in French and in English."""
    del scratch
    for lang in ("fr", "en"):
        assert case.names.get(lang, "").strip(), f"no name in {lang}"


def check_readme(case: PluginCase, scratch: Path) -> None:
    """The README ends with its checklist: each rule done, or exempt with the reason."""
    del scratch
    path = case.folder / "README.md"
    assert path.is_file(), "README.md is missing"
    rules = re.findall(r"^[-*] \[(.)\] (.+)$", path.read_text(encoding="utf-8"), re.MULTILINE)
    assert len(rules) >= _CHECKLIST, f"the checklist has {len(rules)} rules"
    for mark, rule in rules:
        done = mark in "xX"
        assert done or re.search(r"exempt|dispens", rule, re.IGNORECASE), (
            f"neither done nor exempt: {rule}"
        )


def check_imports(case: PluginCase, scratch: Path) -> None:
    """No screen library, and nothing of ours but the contract."""
    del scratch
    for path in sorted(case.folder.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            names: list[str] = []
            if isinstance(node, ast.Import):
                names = [alias.name for alias in node.names]
            elif isinstance(node, ast.ImportFrom) and node.level == 0 and node.module:
                names = [node.module]
            for name in names:
                assert name.split(".")[0] not in _SCREENS, f"{path.name} imports {name}"
                own = name.split(".")[0] in ("clementine_crm", "plugins", "ui")
                assert not own or name.startswith(_ALLOWED), f"{path.name} imports {name}"


def check_life(case: PluginCase, scratch: Path) -> None:
    """Activated and deactivated twice, deactivated once more, and healthy in between."""
    del scratch
    plugin = case.make()
    for _ in range(2):
        plugin.activate(_context(case))
        assert isinstance(plugin.check(), Health), "check() returns no Health"
        plugin.deactivate()
    plugin.deactivate()


def check_reads_something(case: PluginCase, scratch: Path) -> None:
    """It knows its own samples: one at least is recognised and makes an item or a message."""
    del scratch
    with _active(case) as plugin:
        taken = [entry for path in case.samples for entry in _read(plugin, path)]
        if isinstance(plugin, MessageReader):
            for name, mail in _mails(case):
                taken += _take(plugin, mail, name)
        if isinstance(plugin, FileSource):
            heads = [(path.read_bytes()[:_HEAD], path.name) for path in case.samples]
            assert any(plugin.sniff(*head) > 0 for head in heads), "sniffs none of its samples"
    assert any(not isinstance(entry, Rejection) for entry in taken), "makes nothing of its samples"


def check_same_twice(case: PluginCase, scratch: Path) -> None:
    """The same file twice gives the same items under the same external ids."""
    del scratch
    for path in case.samples:
        seen: list[list[str]] = []
        for _ in range(2):
            with _active(case) as plugin:
                entries = _read(plugin, path)
            seen.append([_identity(entry) for entry in entries])
        assert seen[0] == seen[1], f"{path.name}: other external ids the second time"


def _identity(entry: Entry) -> str:
    if isinstance(entry, Rejection):
        return f"rejected {entry.row} {entry.reason}"
    return entry.external_id


def check_cancel(case: PluginCase, scratch: Path) -> None:
    """Cancelled between two items it hands over nothing more."""
    del scratch
    for path in case.samples:
        with _active(case) as plugin:
            if not isinstance(plugin, FileSource) or len(_read(plugin, path)) < 2:
                continue
            job = JobContext()
            entries = iter(plugin.read(path, job))
            next(entries)
            job.cancel.set()
            try:
                more = next(entries, None)
            except Cancelled:
                continue
            assert more is None, f"{path.name}: read on after it was cancelled"


def check_logs(case: PluginCase, scratch: Path) -> None:
    """Neither a secret nor a value of a person reaches the log, whatever the file is."""
    ears, root = _Ears(), logging.getLogger()
    level = root.level
    root.addHandler(ears)
    root.setLevel(logging.DEBUG)
    told: set[str] = set(case.secrets)
    try:
        with _active(case) as plugin:
            for path in (*case.samples, *_hostile(case, scratch)):
                for entry in _read(plugin, path):
                    if isinstance(entry, ItemPayload):
                        told.update(value.value for value in entry.fields)
                        told.update((entry.message, entry.subject))
                    elif isinstance(entry, MessageEntry):
                        told.update((entry.mail.from_email, entry.mail.subject))
    finally:
        root.removeHandler(ears)
        root.setLevel(level)
    for value in told:
        if len(value) >= _TELLING:
            assert not any(value in line for line in ears.heard), "a value stands in the log"


def _hostile(case: PluginCase, scratch: Path) -> list[Path]:
    """Empty, random and truncated files under every ending the plugin knows."""
    noise = random.Random(20_260_101)  # noqa: S311 - the same noise every time
    files: list[tuple[str, bytes]] = []
    for ending in sorted({path.suffix for path in case.samples} | {".bin"}):
        files += [(f"empty{ending}", b""), (f"noise{ending}", noise.randbytes(1 << 20))]
        files.append((f"zeros{ending}", bytes(100_000)))
    for number, path in enumerate(case.samples):
        data = path.read_bytes()
        files.append((f"half{number}{path.suffix}", data[: len(data) // 2]))
        files.append((f"tail{number}{path.suffix}", data[-len(data) // 3 :]))
    made = []
    for name, data in files:
        path = scratch / name
        path.write_bytes(data)
        made.append(path)
    return made


def check_hostile(case: PluginCase, scratch: Path) -> None:
    """Bad bytes and bad messages end as rejections or items, never as an exception."""
    with _active(case) as plugin:
        for path in _hostile(case, scratch):
            _read(plugin, path)
        if isinstance(plugin, MessageReader):
            for mail in _bad_mails():
                _take(plugin, mail, "hostile")


def _bad_mails() -> list[Mail]:
    nasty = "\x00\u202e=1+1\r\nBcc: x@example.org\n" * 2_000
    part = Attachment(name="", media_type="", data=b"\x00" * 10, damaged=True)
    return [
        Mail(),
        Mail(subject=nasty, text=nasty, html=f"<p>{nasty}", from_name=nasty, from_email="@"),
        Mail(attachments=(part,) * 50, headers=(("", ""), ("X", nasty)), kind="bounce"),
        Mail(text="é" * 300_000, forwarded_text=nasty, forwarded_from="nobody"),
    ]


def check_sniff(case: PluginCase, scratch: Path) -> None:
    """Sniffing is fast and total: any bytes, any name, a number from 0 to 1."""
    del scratch
    noise = random.Random(7)  # noqa: S311 - the same noise every time
    heads = [(b"", ""), (noise.randbytes(_HEAD), "x.csv"), (b"a," * 32_000, "\u202e\x00.eml")]
    heads += [(b"<" * _HEAD, "x.xml"), (b"\xff\xfe" * 100, "." * 300), (b"\n" * _HEAD, "x.mbox")]
    heads += [(path.read_bytes()[:_HEAD], path.name) for path in case.samples]
    with _active(case) as plugin:
        if not isinstance(plugin, FileSource):
            return
        for head, name in heads:
            took = []
            for _ in range(3):
                began = time.perf_counter()
                sure = plugin.sniff(head, name)
                took.append(time.perf_counter() - began)
            assert math.isfinite(sure), "sniff is no number"
            assert 0.0 <= sure <= 1.0, f"sniff says {sure}"
            assert min(took) < SNIFF_SECONDS, f"sniffing {name[:40]!r} takes {min(took):.3f} s"
        assert plugin.sniff(b"", "") == 0, "an empty file is sniffed as its own"


CHECKS: Mapping[str, Callable[[PluginCase, Path], None]] = {
    check.__name__.removeprefix("check_"): check
    for check in (
        check_names,
        check_readme,
        check_imports,
        check_life,
        check_reads_something,
        check_same_twice,
        check_cancel,
        check_logs,
        check_hostile,
        check_sniff,
    )
}
