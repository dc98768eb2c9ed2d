"""What a plugin class offers and what it is given."""

from __future__ import annotations

import logging
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol, runtime_checkable

from clementine_crm.clock import Clock
from clementine_crm.jobs import JobContext
from clementine_crm.plugin_api.payloads import Entry, ItemPayload
from clementine_crm.plugin_api.reading import DocumentText, Mail

API_VERSION = "1"


@dataclass(frozen=True)
class Health:
    """Whether a plugin can work now; ``say`` is a key under ``plugins.`` when it cannot."""

    ok: bool
    say: str = ""


class ReadingTools(Protocol):
    """Mail and document parsing, lent to plugins inside the reader process."""

    def mail(self, data: bytes) -> Mail:
        """One RFC 5322 message. Never raises on bad content: warnings tell."""
        ...

    def outlook_message(self, data: bytes) -> Mail:
        """One Outlook ``.msg`` compound file. Raises ``BadResponse`` when it is none."""
        ...

    def mailbox(self, path: Path) -> Iterator[tuple[int, bytes]]:
        """The messages of an mbox, streamed: (1-based number, raw bytes)."""
        ...

    def document(self, data: bytes, name: str) -> DocumentText:
        """The text of a document and the fields proposed from it."""
        ...


@dataclass(frozen=True)
class PluginContext:
    """All a plugin is given: no session, no key, no widget, nothing of another plugin."""

    plugin_id: str
    settings: Mapping[str, str | int | bool]
    log: logging.Logger
    clock: Clock
    reading: ReadingTools


class Plugin(Protocol):
    """The life of a plugin: activated with its context, deactivated, asked how it is."""

    def activate(self, context: PluginContext) -> None: ...

    def deactivate(self) -> None: ...

    def check(self) -> Health: ...


@runtime_checkable
class FileSource(Protocol):
    """A plugin that reads files. It runs in the reader process and never writes."""

    def sniff(self, head: bytes, name: str) -> float:
        """How sure it is (0 to 1) that it reads this, from the first 64 kB and the file's name."""
        ...

    def read(self, path: Path, job: JobContext) -> Iterator[Entry]:
        """The file's items in order, streamed; ``job.cancel.check()`` between two items."""
        ...


@runtime_checkable
class MessageReader(Protocol):
    """A plugin that recognises messages, wherever they were found (file, mailbox)."""

    def claim(self, mail: Mail) -> float:
        """How sure it is (0 to 1) that this message is its business; 0 leaves it to others."""
        ...

    def read_message(self, mail: Mail, external_id: str) -> ItemPayload:
        """The item in a message it claimed."""
        ...
