"""The plugins inside the reader process: who reads a file, who takes a message, what goes wrong."""

from __future__ import annotations

import logging
import math
import stat
from collections.abc import Iterator, Mapping
from pathlib import Path

from clementine_crm.clock import SystemClock
from clementine_crm.errors import PluginError
from clementine_crm.files import shown
from clementine_crm.jobs import JobContext
from clementine_crm.plugin_api import (
    Entry,
    FileSource,
    ItemPayload,
    MessageEntry,
    MessageReader,
    Plugin,
    PluginContext,
    ReadingTools,
    Rejection,
)
from clementine_crm.plugin_host.loader import load_class, where

log = logging.getLogger(__name__)
HEAD_BYTES = 64 * 1024


class ReaderPlugins:
    """The plugins loaded here, in the order the program gave them."""

    def __init__(self, tools: ReadingTools) -> None:
        self._tools = tools
        self._made: dict[str, Plugin] = {}

    def load(
        self, plugin: str, folder: str, entry: str, settings: Mapping[str, str | int | bool]
    ) -> str:
        """Import and activate one plugin; returns where it broke, nothing when it did not."""
        logger = logging.getLogger(f"clementine_plugins.{plugin}")
        context = PluginContext(plugin, dict(settings), logger, SystemClock(), self._tools)
        try:
            made = load_class(plugin, Path(folder), entry)()
            made.activate(context)
        except MemoryError:
            raise
        except PluginError as error:
            return str(error.params.get("where", error.key))
        except (Exception, SystemExit) as error:  # noqa: BLE001 - plugin host
            return where(error)
        self._made[plugin] = made
        return ""

    def sniff(self, path: Path) -> tuple[str, float]:
        """The plugin surest of reading a file, and how sure; nobody and 0 when none is."""
        try:
            if not stat.S_ISREG(path.stat().st_mode):
                return "", 0.0
            with path.open("rb") as file:
                head = file.read(HEAD_BYTES)
        except (OSError, ValueError):
            return "", 0.0
        best, surest = "", 0.0
        for plugin, made in self._made.items():
            if isinstance(made, FileSource):
                confidence = self._sure(plugin, lambda made=made: made.sniff(head, path.name))
                if confidence > surest:
                    best, surest = plugin, confidence
        return best, surest

    def choose(self, path: Path, plugin: str | None) -> tuple[str, str]:
        """The plugin that will read a file, or the reason (a key under ``reading.``) why none."""
        try:
            regular = stat.S_ISREG(path.stat().st_mode)
        except (OSError, ValueError):
            regular = False
        if not regular:
            return plugin or "", "unreadable"
        chosen = plugin or self.sniff(path)[0]
        return chosen, "" if isinstance(self._made.get(chosen), FileSource) else "no_source"

    def rows(self, path: Path, plugin: str, job: JobContext) -> Iterator[tuple[int, Entry]]:
        """What the file holds, numbered from 1; a plugin that breaks ends it with a rejection."""
        source = self._made[plugin]
        row = 0
        try:
            if not isinstance(source, FileSource):
                return
            for entry in source.read(path, job):
                row += 1
                if isinstance(entry, ItemPayload | MessageEntry | Rejection):
                    yield row, entry
                else:
                    yield row, _failed(path, row, plugin, f"{type(entry).__name__} handed over")
        except MemoryError:
            raise
        except OSError as error:
            log.info("%s cannot read on: %s", plugin, where(error))
            yield row + 1, Rejection(path=shown(path), row=row + 1, reason="unreadable")
        except (Exception, SystemExit) as error:  # noqa: BLE001 - plugin host
            yield row + 1, _failed(path, row + 1, plugin, where(error))

    def offer(
        self, message: MessageEntry, row: int, path: Path
    ) -> tuple[str, ItemPayload | Rejection]:
        """The item in a message, by the reader that claims it most, and that reader's id.

        A claim that breaks counts as none; the item that another reader makes then says so in its
        warnings (``reader_failed``). When nobody is left, the message is rejected.
        """
        place = Path(message.path or path)
        broken: list[str] = []
        best, surest = "", 0.0
        for plugin, made in self._made.items():
            if not isinstance(made, MessageReader):
                continue
            confidence = self._sure(plugin, lambda made=made: made.claim(message.mail), broken)
            if confidence > surest:
                best, surest = plugin, confidence
        reader = self._made.get(best)
        if not isinstance(reader, MessageReader):
            if broken:
                return broken[0], _failed(place, row, broken[0], "claim")
            return "", Rejection(path=shown(place), row=row, reason="no_source")
        try:
            item = reader.read_message(message.mail, message.external_id)
            if not isinstance(item, ItemPayload):
                raise TypeError(type(item).__name__)
        except MemoryError:
            raise
        except (Exception, SystemExit) as error:  # noqa: BLE001 - plugin host
            return best, _failed(place, row, best, where(error))
        if broken:
            item = item.model_copy(update={"warnings": (*item.warnings, "reader_failed")})
        return best, item

    def _sure(self, plugin: str, ask: object, broken: list[str] | None = None) -> float:
        try:
            confidence = float(ask())  # type: ignore[operator]  # a bound call of either protocol
        except MemoryError:
            raise
        except (Exception, SystemExit) as error:  # noqa: BLE001 - plugin host
            log.info("plugin %s broke: %s", plugin, where(error))
            if broken is not None:
                broken.append(plugin)
            return 0.0
        return min(1.0, max(0.0, confidence)) if math.isfinite(confidence) else 0.0


def _failed(path: Path, row: int, plugin: str, place: str) -> Rejection:
    log.info("plugin %s broke at row %s: %s", plugin, row, place)
    params = {"plugin": plugin, "where": place, "row": str(row)}
    return Rejection(path=shown(path), row=row, reason="plugin_failed", params=params)
