"""The contract suite catches what it is for: each planted fault makes its check fail."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from clementine_crm.jobs import JobContext
from clementine_crm.plugin_api import (
    Entry,
    FieldValue,
    Health,
    ItemPayload,
    Mail,
    PluginContext,
)
from clementine_crm.plugin_api.testing import CHECKS, PluginCase
from clementine_crm.plugin_host.lent import LentTools

README = (
    "# Trial\n\n"
    + "".join(f"- [x] rule {n}\n" for n in range(5))
    + "- [ ] six: exempt, no network\n"
)


class Good:
    """Reads files of lines that begin with LINES; does everything right."""

    context: PluginContext | None = None

    def activate(self, context: PluginContext) -> None:
        self.context = context

    def deactivate(self) -> None:
        self.context = None

    def check(self) -> Health:
        return Health(self.context is not None)

    def sniff(self, head: bytes, name: str) -> float:
        return 1.0 if head.startswith(b"LINES") else 0.0

    def read(self, path: Path, job: JobContext) -> Iterator[Entry]:
        for number, line in enumerate(path.read_bytes().splitlines()):
            job.cancel.check()
            text = line.decode("latin-1")[:100]
            if text.strip() and text.isprintable():
                field = FieldValue(name="email", value=text)
                yield ItemPayload(external_id=f"{number}", fields=(field,))

    def claim(self, mail: Mail) -> float:
        return 0.5

    def read_message(self, mail: Mail, external_id: str) -> ItemPayload:
        return ItemPayload(external_id=external_id)


class TwiceFails(Good):
    runs = 0

    def activate(self, context: PluginContext) -> None:
        self.runs += 1
        assert self.runs < 2
        super().activate(context)


class Makes(Good):
    def read(self, path: Path, job: JobContext) -> Iterator[Entry]:
        yield from ()


class Random(Good):
    count = 0

    def read(self, path: Path, job: JobContext) -> Iterator[Entry]:
        for _ in range(3):
            Random.count += 1
            yield ItemPayload(external_id=str(Random.count))


class Deaf(Good):
    def read(self, path: Path, job: JobContext) -> Iterator[Entry]:
        return super().read(path, JobContext())


class TellsValues(Good):
    def read(self, path: Path, job: JobContext) -> Iterator[Entry]:
        for entry in super().read(path, job):
            logging.getLogger("elsewhere").debug("read %s", entry)
            yield entry


class TellsSecrets(Good):
    def activate(self, context: PluginContext) -> None:
        context.log.info("with %s", context.settings)
        super().activate(context)


class Brittle(Good):
    def read(self, path: Path, job: JobContext) -> Iterator[Entry]:
        path.read_text(encoding="utf-8")
        return super().read(path, job)


class BrittleMail(Good):
    def claim(self, mail: Mail) -> float:
        return 1.0 if mail.attachments[0].damaged else 0.0


class Boastful(Good):
    def sniff(self, head: bytes, name: str) -> float:
        return 7.0 if head else 0.0


class Greedy(Good):
    def sniff(self, head: bytes, name: str) -> float:
        return 0.1


class Slow(Good):
    def sniff(self, head: bytes, name: str) -> float:
        return 0.5 if sum(byte * n for n, byte in enumerate(head * 40)) < 0 else float(bool(head))


class Fussy(Good):
    def sniff(self, head: bytes, name: str) -> float:
        return 1.0 if head.decode().startswith("LINES") else 0.0


def case(tmp_path: Path, made: Callable[[], Good] = Good, **other: object) -> PluginCase:
    folder = tmp_path / "plugin"
    folder.mkdir()
    (folder / "README.md").write_text(str(other.pop("readme", README)), encoding="utf-8")
    (folder / "plugin.py").write_text(str(other.pop("code", "import csv\n")), encoding="utf-8")
    sample = tmp_path / "sample.lines"
    sample.write_text("LINES\nsomebody@example.org\nother@example.org\n", encoding="utf-8")
    fields = {"names": {"fr": "Essai", "en": "Trial"}, "samples": (sample,)} | other
    return PluginCase(
        folder=folder,
        plugin_id="trial",
        make=made,
        tools=LentTools(),
        settings={"word": "tell-nobody-4711"},
        secrets=("tell-nobody-4711",),
        **fields,  # type: ignore[arg-type]  # test data by name
    )


@pytest.mark.parametrize("check", CHECKS)
def test_a_good_plugin_passes(check, tmp_path) -> None:
    CHECKS[check](case(tmp_path), tmp_path)


@pytest.mark.parametrize(
    ("check", "made"),
    [
        ("life", TwiceFails), ("reads_something", Makes), ("same_twice", Random), ("cancel", Deaf),
        ("logs", TellsValues), ("logs", TellsSecrets), ("hostile", Brittle), ("hostile", BrittleMail),
        ("sniff", Boastful), ("sniff", Greedy), ("sniff", Slow), ("sniff", Fussy),
    ],
)  # fmt: skip
def test_a_fault_in_the_class_is_caught(check, made, tmp_path) -> None:
    with pytest.raises((AssertionError, ValueError, IndexError)):
        CHECKS[check](case(tmp_path, made), tmp_path)


@pytest.mark.parametrize(
    ("check", "fault"),
    [
        ("names", {"names": {"fr": "Essai"}}),
        ("readme", {"readme": "# Trial\n- [x] one\n"}),
        ("readme", {"readme": README + "- [ ] seven\n"}),
        ("imports", {"code": "def f():\n    from PySide6.QtCore import Qt\n"}),
        ("imports", {"code": "import clementine_crm.store.engine\n"}),
        ("imports", {"code": "from plugins.other import rows\n"}),
        ("reads_something", {"samples": ()}),
    ],
)
def test_a_fault_in_the_folder_is_caught(check, fault, tmp_path) -> None:
    with pytest.raises(AssertionError):
        CHECKS[check](case(tmp_path, **fault), tmp_path)
