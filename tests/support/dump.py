"""What a base says, without clocks and row numbers: to compare before and after."""

from __future__ import annotations

from typing import Any

from clementine_crm.bootstrap import Desk
from clementine_crm.store import tables

# Who did what is never taken back, and neither are this desktop's own marks.
_APART = {"audit_event", "meta", "erased", "dirty", "undo_memory", "backup_run", "triage_decision"}
_LOCAL_CLOCKS = {"rid", "clock", "dev", "cells", "extra"}


def logical(desk: Desk) -> dict[str, list[tuple[Any, ...]]]:
    """Every living row of every table, in an order of its own; files by name."""
    found: dict[str, list[tuple[Any, ...]]] = {}
    with desk.engines.read.connect() as connection:
        audit = {
            row[0]
            for row in connection.exec_driver_sql(
                "SELECT dossier FROM dossier_key WHERE kind = 'audit'"
            )
        }
        for table in tables.metadata.sorted_tables:
            if table.name in _APART:
                continue
            names = [c.name for c in table.columns if c.name not in _LOCAL_CLOCKS]
            listed = ", ".join(f'"{name}"' for name in names)
            dead = " WHERE dead = 0" if "dead" in names else ""
            rows = connection.exec_driver_sql(f'SELECT {listed} FROM "{table.name}"{dead}')
            kept = [tuple(row) for row in rows if not audit.intersection(row)]
            if kept:
                found[table.name] = sorted(kept, key=repr)
        words = connection.exec_driver_sql("SELECT rowid FROM search_fts ORDER BY rowid")
        found["search_fts"] = [tuple(row) for row in words]
    found["files"] = [(name,) for name in desk.documents.names()]
    return found
