"""Reader processes that outlive the desk which closes them: a start costs half a second."""

from __future__ import annotations

from collections.abc import Sequence

from typing_extensions import override

from clementine_crm.reading.process import ReaderPlugin, ReaderProcess

_IDLE: dict[tuple[ReaderPlugin, ...], list[_Lent]] = {}


class _Lent(ReaderProcess):
    """A real reader. Closed in health, it waits for the next desk with the same plugins."""

    def __init__(self, plugins: Sequence[ReaderPlugin]) -> None:
        super().__init__(plugins)
        self._plugins = tuple(plugins)
        self._mine = True

    @override
    def use(self, plugins: Sequence[ReaderPlugin]) -> None:
        super().use(plugins)
        self._plugins = tuple(plugins)

    @override
    def close(self) -> None:
        if not self._mine:
            return
        self._mine = False
        if self.pid is None or self.failed_plugins:
            super().close()
        else:
            _IDLE.setdefault(self._plugins, []).append(self)

    def take(self) -> _Lent:
        self._mine = True
        return self

    def end(self) -> None:
        super().close()


def lend(plugins: Sequence[ReaderPlugin] = ()) -> ReaderProcess:
    """One that waits, otherwise a new one."""
    idle = _IDLE.get(tuple(plugins))
    return idle.pop().take() if idle else _Lent(plugins)


def end_all() -> None:
    """End those that wait."""
    for idle in _IDLE.values():
        for reader in idle:
            reader.end()
    _IDLE.clear()
