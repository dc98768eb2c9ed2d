"""One file read item by item, through limits, crashes and restarts of the reader process.

A *row* is the 1-based number of what the file plugin hands over. Every row ends as an item or as a
rejection that names it. When the process dies at a row, that row is rejected and the file is read
again in a new process, the rows before being passed over; what cannot be passed over ends the file
with one rejection for the rest.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from pydantic import ValidationError

from clementine_crm.files import shown
from clementine_crm.jobs import JobContext
from clementine_crm.plugin_api import ItemPayload, Rejection
from clementine_crm.reading.frames import Frame
from clementine_crm.reading.link import Link, Lost


@dataclass(frozen=True)
class ReadEntry:
    """An item or a rejection, which plugin made it, and its row in the file (0: the file itself)."""

    entry: ItemPayload | Rejection
    plugin: str
    row: int


class FileStream:
    """The rows of one file. Between two of them the link may serve other requests."""

    def __init__(self, link: Link, path: Path, plugin: str | None, job: JobContext) -> None:
        self._link = link
        self._path = path.absolute()
        self._plugin = plugin
        self._job = job
        self._done = 0
        self._restarts = 0
        self._run = 0
        self._generation = -1
        self._over = False

    def __iter__(self) -> Iterator[ReadEntry]:
        try:
            while not self._over:
                self._job.cancel.check()
                frame = self._next()
                if isinstance(frame, ReadEntry):
                    yield frame
                elif frame["op"] == "end":
                    self._run = 0
                    return
                else:
                    yield self._entry(frame)
                if self._restarts > self._link.limits.restarts and not self._over:
                    yield self._rest("reader_stopped", "restarts")
        finally:
            if self._run and self._generation == self._link.generation:
                self._link.tell("close", run=self._run)

    def _next(self) -> Frame | ReadEntry:
        """The next answer of the child, or what its loss makes of the row or of the rest."""
        try:
            opening = self._open()
            if opening is not None:
                return opening
            frame = self._link.ask("next", self._job, run=self._run)
        except _CannotOpen as failed:
            return self._rest(failed.lost.reason, failed.lost.cause)
        except Lost as lost:
            self._restarts += 1
            if lost.unsent and self._restarts <= self._link.limits.restarts:
                return self._next()
            if lost.reason == "too_slow" and lost.cause != f"at {self._done + 1}":
                return self._rest(lost.reason, lost.cause)
            self._done += 1
            return self._reject(self._done, lost.reason, lost.cause)
        if frame["op"] != "unknown_run":
            return frame
        # The process died idle and was replaced between two requests: no row is to blame.
        self._run, self._restarts = 0, self._restarts + 1
        return self._next()

    def _open(self) -> Frame | None:
        """Have a run in the living process that stands behind the last finished row."""
        self._link.ready()
        if self._run and self._generation == self._link.generation:
            return None
        try:
            frame = self._link.ask(
                "open",
                self._job,
                path=os.fsencode(self._path),
                plugin=self._plugin,
                skip=self._done,
            )
        except Lost as lost:
            if lost.unsent:
                raise
            raise _CannotOpen(lost) from None
        if frame["op"] != "opened":
            self._over = True
            return frame
        self._run, self._generation = int(frame["seq"]), self._link.generation
        self._plugin = str(frame.get("plugin") or self._plugin or "")
        return None

    def _entry(self, frame: Frame) -> ReadEntry:
        row = frame.get("row")
        if frame["op"] not in ("item", "rejection") or not isinstance(row, int):
            return self._rest("plugin_failed", str(frame["op"]))
        self._done = max(self._done, row)
        plugin = str(frame.get("plugin") or self._plugin or "")
        try:
            if frame["op"] == "item":
                return ReadEntry(ItemPayload.model_validate(frame.get("value")), plugin, row)
            return ReadEntry(Rejection.model_validate(frame.get("value")), plugin, row)
        except ValidationError:
            return self._reject(row, "plugin_failed", "payload")

    def _reject(self, row: int, reason: str, cause: str) -> ReadEntry:
        limits = self._link.limits
        params = {
            "cause": cause,
            "seconds": f"{limits.seconds:g}",
            "mb": str(limits.memory_mb),
            "row": str(row),
            "plugin": self._plugin or "",
            "where": cause,
        }
        rejection = Rejection(path=shown(self._path), row=row, reason=reason, params=params)
        return ReadEntry(rejection, self._plugin or "", row)

    def _rest(self, reason: str, cause: str) -> ReadEntry:
        """One rejection for the row that was due and all behind it; it ends the file."""
        self._run, self._over = 0, True
        return self._reject(self._done + 1 if self._generation >= 0 else 0, reason, cause)


class _CannotOpen(Exception):  # noqa: N818 - internal turn of the road, never seen outside
    def __init__(self, lost: Lost) -> None:
        super().__init__(lost.reason)
        self.lost = lost
