"""What the base calls back: the clock of the running transaction, marks of change, zipped texts."""

from __future__ import annotations

import zlib
from typing import Any

from sqlalchemy import Connection, Engine, event

from clementine_crm.dossier.encoding import pack_marks, unpack_marks
from clementine_crm.dossier.state import Stamp, Written, overwrite
from clementine_crm.store import index_words
from clementine_crm.store.sql import NORMAL


class Writing:
    """The state of one connection's transaction; ``stamp`` 0 = no writer may stamp now."""

    def __init__(self) -> None:
        self.stamp = 0
        self.device = 0
        self.mode = NORMAL
        self.touched: set[bytes] = set()

    def hlc(self) -> int:
        if not self.stamp:
            raise RuntimeError("a write outside a unit of work")
        return self.stamp

    def touch(self, dossier: bytes) -> None:
        self.touched.add(dossier)

    def cells(
        self, clock: int, device: int, cells: bytes | None, names: str, *changed: int
    ) -> bytes | None:
        """The marks of a row after a write to some of its cells."""
        marks = unpack_marks(cells) if cells else {}
        plain, now = Written(Stamp(clock, device)), Stamp(self.hlc(), self.device)
        for name, differs in zip(names.split(","), changed, strict=True):
            if differs:
                marks[name] = overwrite(marks.get(name, plain), now)
                if marks[name] == plain:
                    del marks[name]
        return pack_marks(marks) if marks else None


def zip_text(text: str) -> bytes:
    return zlib.compress(text.encode(), 6)


def unzip_text(blob: bytes | None) -> str:
    return "" if blob is None else zlib.decompress(blob).decode()


def writing(connection: Connection) -> Writing:
    """The writing state of a connection of ours."""
    state: Writing = connection.info["writing"]
    return state


def install(engine: Engine) -> None:
    """Register the functions on every connection the engine opens from now on."""

    @event.listens_for(engine, "connect")
    def _register(raw: Any, record: Any) -> None:
        state = Writing()
        record.info["writing"] = state
        raw.create_function("clm_hlc", 0, state.hlc)
        raw.create_function("clm_dev", 0, lambda: state.device)
        raw.create_function("clm_mode", 0, lambda: state.mode)
        raw.create_function("clm_touch", 1, state.touch)
        raw.create_function("clm_stamp", -1, state.cells)
        index_words.register(raw)
