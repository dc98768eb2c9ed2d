"""Requests to the reader process: started when needed, restarted when it died, one at a time."""

from __future__ import annotations

import logging
import shutil
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from clementine_crm.errors import Cancelled, ExternalError
from clementine_crm.jobs import JobContext
from clementine_crm.reading.child import Child, ChildGone
from clementine_crm.reading.frames import Frame, pack

log = logging.getLogger(__name__)
PREFIX = "clementine-reader-"
_STALE = 24 * 3600


@dataclass(frozen=True)
class ReaderPlugin:
    """A plugin as the reader process needs it: where its code lies and its settings, no secret."""

    id: str
    folder: str
    entry: str
    settings: tuple[tuple[str, str | int | bool], ...] = ()


@dataclass(frozen=True)
class ReaderLimits:
    """``seconds`` for one message or document, ``memory_mb`` above what the idle process uses
    (design.md, "Parsing"); ``restarts`` of the process for one file; ``start_seconds`` to be ready.
    """

    seconds: float = 20.0
    memory_mb: int = 512
    restarts: int = 3
    start_seconds: float = 30.0


class Lost(Exception):  # noqa: N818 - a turn of the road, not a failure
    """An answer that will not come: ``reason`` is a key under ``reading.``.

    ``unsent`` says that the process was gone before it saw the request.
    """

    def __init__(self, reason: str, cause: str, *, unsent: bool = False) -> None:
        super().__init__(reason)
        self.reason = reason
        self.cause = cause
        self.unsent = unsent


def reader_command() -> list[str]:
    """How the reader is started: from source our script, installed the console launcher."""
    own = Path(sys.executable)
    if own.stem.lower().startswith("clementine"):
        return [str(own.with_name("clementine.exe")), "--reader"]
    main = Path(__file__).resolve().parent.parent.parent / "main.py"
    return [sys.executable, str(main), "--reader"]


class Link:
    """The one child there is at a time, its scratch folder and its failed plugins."""

    def __init__(
        self, plugins: Sequence[ReaderPlugin], limits: ReaderLimits, command: Sequence[str]
    ) -> None:
        self.limits = limits
        self.failed: dict[str, str] = {}
        self.generation = 0
        self.start_seconds = 0.0
        self.last_words = ""
        self._plugins = tuple(plugins)
        self._command = tuple(command)
        self._child: Child | None = None
        self._scratch: Path | None = None
        self._number = 0

    @property
    def pid(self) -> int | None:
        return self._child.pid if self._child is not None else None

    def use(self, plugins: Sequence[ReaderPlugin]) -> None:
        """End the child; the next one loads these plugins, failed ones tried again."""
        self.drop()
        self._plugins = tuple(plugins)
        self.failed.clear()

    def ready(self) -> Child:
        """The running child, started when there is none."""
        if self._child is not None and not self._child.alive:
            self.drop()
        while self._child is None:
            self._start()
        return self._child

    def ask(self, op: str, job: JobContext | None = None, **fields: Any) -> Frame:
        """One request, one answer; ``Lost`` when the limit or the process ended first.

        Frames on the way (progress, position) renew the deadline only when they say ``moved``.
        """
        self._number += 1
        frame = pack({"op": op, "seq": self._number, **fields})
        child = self.ready()
        try:
            child.send(frame, self.limits.seconds)
            return self._answer(child, job)
        except ChildGone as gone:
            self.drop()
            log.info("reader stopped: %s", gone.cause)
            reason = "too_large" if gone.cause == "memory" else "reader_stopped"
            raise Lost(reason, gone.cause, unsent=gone.unsent) from None
        except Cancelled:
            self.drop()
            raise

    def _answer(self, child: Child, job: JobContext | None) -> Frame:
        until = time.monotonic() + self.limits.seconds
        at = 0
        while True:
            frame = child.receive(until - time.monotonic(), job.cancel if job else None)
            if frame is None:
                self.drop()
                log.info("reader stopped: nothing for %s s", self.limits.seconds)
                raise Lost("too_slow", f"at {at}")
            match frame.get("op"):
                case "progress" if job is not None:
                    job.progress(int(frame["done"]), int(frame["total"]), str(frame["text"]))
                case "at":
                    at = int(frame["row"])
                    until = time.monotonic() + self.limits.seconds
                case "progress":
                    pass
                case _ if frame.get("seq") == self._number:
                    return frame

    def _start(self) -> None:
        if self._scratch is None:
            _sweep()
        self._scratch = Path(tempfile.mkdtemp(prefix=PREFIX))
        began = time.monotonic()
        loading = ""
        child = Child(self._command, self._scratch, self.limits.memory_mb)
        self._child = child
        try:
            child.send(pack(self._start_frame()), self.limits.start_seconds)
            while True:
                frame = child.receive(self.limits.start_seconds)
                if frame is None:
                    raise ChildGone("too_slow")
                match frame.get("op"):
                    case "loading":
                        loading = str(frame["plugin"])
                    case "failed":
                        self.failed[str(frame["plugin"])] = str(frame["where"])
                    case "ready":
                        break
        except ChildGone as gone:
            self.drop()
            if not loading:
                raise ExternalError("reader_not_started", cause=gone.cause) from None
            # Its code took the process down while it was loaded: the others start without it.
            self.failed[loading] = gone.cause
            log.info("plugin %s set aside: %s", loading, gone.cause)
            return
        self.generation += 1
        self.start_seconds = time.monotonic() - began

    def _start_frame(self) -> Frame:
        return {
            "op": "start",
            "scratch": str(self._scratch),
            "memory_mb": self.limits.memory_mb,
            "seconds": self.limits.seconds,
            "plugins": [
                {
                    "id": one.id,
                    "folder": one.folder,
                    "entry": one.entry,
                    "settings": dict(one.settings),
                }
                for one in self._plugins
                if one.id not in self.failed
            ],
        }

    def tell(self, op: str, **fields: Any) -> None:
        """Say something that needs no answer; silence when nobody is there."""
        if self._child is not None and self._child.alive:
            try:
                self._child.send(pack({"op": op, "seq": 0, **fields}), self.limits.seconds)
            except ChildGone:
                self.drop()

    def drop(self) -> None:
        """End the child and remove its scratch folder."""
        child, self._child = self._child, None
        if child is not None:
            child.end("dropped")
            self.last_words = child.last_words
        if self._scratch is not None:
            shutil.rmtree(self._scratch, ignore_errors=True)


def _sweep() -> None:
    """Remove what a killed program left: scratch folders of readers older than a day."""
    oldest = time.time() - _STALE
    for folder in Path(tempfile.gettempdir()).glob(PREFIX + "*"):
        try:
            stale = folder.is_dir() and not folder.is_symlink() and folder.stat().st_mtime < oldest
        except OSError:
            continue
        if stale:
            shutil.rmtree(folder, ignore_errors=True)
