"""Files read as the program reads them: the bundled plugins, in the reader process."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cache
from pathlib import Path

from clementine_crm.jobs import JobContext
from clementine_crm.plugin_api import Entry, ItemPayload, Mail, MessageEntry, Rejection
from clementine_crm.plugin_host.host import PluginHost
from clementine_crm.plugin_host.lent import LentTools
from clementine_crm.plugin_host.manifest import SettingValue
from clementine_crm.plugin_host.reader_plugins import ReaderPlugins
from clementine_crm.reading.process import ReaderPlugin, ReaderProcess
from clementine_crm.reading.stream import ReadEntry

BUNDLED = Path(__file__).parents[2] / "plugins"


def bundled(
    settings: Mapping[str, Mapping[str, SettingValue]] | None = None,
) -> tuple[ReaderPlugin, ...]:
    """What the reader process is told to load."""
    host = PluginHost(BUNDLED, settings=settings)
    host.start()
    return host.reader_plugins()


class Readings:
    """Everything the bundled plugins make of a file, each file read once."""

    def __init__(self, settings: Mapping[str, Mapping[str, SettingValue]] | None = None) -> None:
        self.process = ReaderProcess(bundled(settings))
        self.entries: Callable[[Path], list[ReadEntry]] = cache(self._entries)
        self.mail: Callable[[Path], Mail] = cache(self._mail)

    def close(self) -> None:
        self.process.close()

    def _entries(self, path: Path) -> list[ReadEntry]:
        return list(self.process.stream(path, None, JobContext()))

    def items(self, path: Path) -> list[ItemPayload]:
        return [read.entry for read in self.entries(path) if isinstance(read.entry, ItemPayload)]

    def rejections(self, path: Path) -> list[Rejection]:
        return [read.entry for read in self.entries(path) if isinstance(read.entry, Rejection)]

    def plugins(self, path: Path) -> set[str]:
        return {read.plugin for read in self.entries(path)}

    def _mail(self, path: Path) -> Mail:
        """The one message of a file, as the parser lent to plugins gives it."""
        data = path.read_bytes()
        tools = LentTools()
        ole = data.startswith(b"\xd0\xcf\x11\xe0")
        return tools.outlook_message(data) if ole else tools.mail(data)


class InProcess:
    """The same plugins without the process around them, for properties over thousands of files."""

    def __init__(self, **settings: SettingValue) -> None:
        self.plugins = ReaderPlugins(LentTools())
        for one in bundled({"website_forms": settings}):
            broken = self.plugins.load(one.id, one.folder, one.entry, dict(one.settings))
            assert not broken, broken

    def read(self, path: Path, plugin: str | None = None) -> list[ItemPayload | Rejection]:
        chosen, reason = self.plugins.choose(path, plugin)
        if reason:
            return [Rejection(path=path.name, reason=reason)]
        return [
            self._made(entry, row, path)
            for row, entry in self.plugins.rows(path, chosen, JobContext())
        ]

    def _made(self, entry: Entry, row: int, path: Path) -> ItemPayload | Rejection:
        return self.plugins.offer(entry, row, path)[1] if isinstance(entry, MessageEntry) else entry

    def take(self, mail: Mail) -> tuple[str, ItemPayload | Rejection]:
        """Which plugin takes a message, and the item in it."""
        return self.plugins.offer(MessageEntry(mail=mail, external_id="x"), 1, Path("x.eml"))
