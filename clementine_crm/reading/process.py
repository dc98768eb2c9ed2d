"""The reader process as the program sees it: everything that parses runs there, never here.

Documents, pictures of pages and the entries of files come back as strict values, whatever the bytes
were: a hang, a lack of memory or a crash over there is an answer with a reason. See
``ReaderLimits`` and ``plugin_host/confinement.py``.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from pydantic import ValidationError

from clementine_crm import errors
from clementine_crm.errors import BadResponse, ClementineError
from clementine_crm.jobs import JobContext
from clementine_crm.plugin_api import DocumentText, ItemPayload, Rejection
from clementine_crm.reading.frames import FRAME_LIMIT, Frame
from clementine_crm.reading.link import Link, Lost, ReaderLimits, ReaderPlugin, reader_command
from clementine_crm.reading.page import PagePicture, picture_of
from clementine_crm.reading.stream import FileStream, ReadEntry

__all__ = ["PagePicture", "ReadEntry", "ReaderLimits", "ReaderPlugin", "ReaderProcess"]
_DATA_LIMIT = FRAME_LIMIT - 64 * 1024
_REASONS = {"reader_stopped": "damaged"}


class ReaderProcess:
    """One reader process, started at the first request and again after it died.

    A context manager; ``close`` ends the process and removes its scratch folder. For one thread at
    a time. Other requests may be made between two items of ``entries``.
    """

    def __init__(
        self,
        plugins: Sequence[ReaderPlugin] = (),
        limits: ReaderLimits | None = None,
        *,
        command: Sequence[str] | None = None,
    ) -> None:
        self._link = Link(plugins, limits or ReaderLimits(), command or reader_command())

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """End the process. The next request would start another."""
        self._link.drop()

    def start(self) -> None:
        """Start it now rather than at the first request. ``ExternalError`` when it cannot."""
        self._link.ready()

    def use(self, plugins: Sequence[ReaderPlugin]) -> None:
        """Work with other plugins or settings from the next request on."""
        self._link.use(plugins)

    @property
    def pid(self) -> int | None:
        """The running process, None when there is none."""
        return self._link.pid

    @property
    def start_seconds(self) -> float:
        """How long the last start took, from nothing to ready."""
        return self._link.start_seconds

    @property
    def failed_plugins(self) -> Mapping[str, str]:
        """Plugins that could not be loaded over there, and where they broke."""
        return dict(self._link.failed)

    @property
    def last_words(self) -> str:
        """The end of what the last dead process wrote to its standard error (16 kB at most)."""
        return self._link.last_words

    def document(self, data: bytes, name: str, password: str = "") -> DocumentText:
        """The text of a document and the fields proposed from it; never raises for its bytes.

        ExternalError ``reader_not_started`` when the process itself does not start.
        """
        if len(data) > _DATA_LIMIT:
            return _unread("too_large")
        try:
            answer = self._ask("document", data=data, name=name, password=password)
            return DocumentText.model_validate(answer["value"])
        except Lost as lost:
            return _unread(_REASONS.get(lost.reason, lost.reason))
        except (BadResponse, ValidationError, KeyError):
            return _unread("damaged")

    def draw_page(self, data: bytes, page: int, scale: float, password: str = "") -> PagePicture:
        """Draw page ``page`` (from 1) at ``scale`` pixels a point.

        ``NotFound`` when there is no such page, ``ValidationError`` when it cannot be drawn,
        ``BadResponse`` when the reader gave up (``page_reader_gave_up``).
        """
        if len(data) > _DATA_LIMIT:
            raise BadResponse("page_reader_gave_up", page=page, reason="too_large")
        try:
            answer = self._ask("page", data=data, page=page, scale=scale, password=password)
            return picture_of(answer["value"])
        except Lost as lost:
            raise BadResponse("page_reader_gave_up", page=page, reason=lost.reason) from None
        except (KeyError, TypeError, ValueError, IndexError):
            raise BadResponse("page_reader_gave_up", page=page, reason="damaged") from None

    def sniff(self, paths: Iterable[Path]) -> list[tuple[Path, str | None, float]]:
        """Which enabled plugin reads each file and how sure it is (0 to 1); None when none does."""
        return [(path, *self._sniff(path)) for path in paths]

    def _sniff(self, path: Path) -> tuple[str | None, float]:
        try:
            answer = self._ask("sniff", path=os.fsencode(path.absolute()))
            plugin = answer["plugin"]
            return (str(plugin), float(answer["confidence"])) if plugin else (None, 0.0)
        except (Lost, BadResponse, KeyError, TypeError, ValueError):
            return None, 0.0

    def stream(self, path: Path, plugin: str | None, job: JobContext) -> Iterator[ReadEntry]:
        """What one file holds with the plugin and the row of each entry; see ``entries``."""
        return iter(FileStream(self._link, path, plugin, job))

    def entries(
        self, path: Path, plugin: str | None, job: JobContext
    ) -> Iterator[ItemPayload | Rejection]:
        """The items of one file in order, streamed; the plugin is found by content when None.

        Whatever makes no item is a ``Rejection`` with its row. ``Cancelled`` when the user stops.
        """
        for read in self.stream(path, plugin, job):
            yield read.entry

    def _ask(self, op: str, **fields: Any) -> Frame:
        """One request, tried again when the process was gone before it saw it."""
        try:
            answer = self._link.ask(op, **fields)
        except Lost as lost:
            if not lost.unsent:
                raise
            answer = self._link.ask(op, **fields)
        if answer["op"] == "refused":
            raise _error(answer)
        return answer


def _unread(reason: str) -> DocumentText:
    return DocumentText(kind="unknown", media_type="application/octet-stream", reason=reason)


def _error(answer: Frame) -> ClementineError:
    """The failure that the child names, when it is one of ours."""
    known = getattr(errors, str(answer.get("error")), None)
    key, params = str(answer.get("key")), dict(answer.get("params") or {})
    if isinstance(known, type) and issubclass(known, (errors.NotFound, errors.ValidationError)):
        return known(key, **params)
    return BadResponse("page_reader_gave_up", page=params.get("page", 0), reason="damaged")
