"""The SQL that SQLAlchemy has no words for: stamping triggers and the full-text index.

Migrations call these functions, so what a function gives never changes: another form is another
function. ``tests/data/schema`` holds what each revision made of them.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

NORMAL, JOINING, ERASING = 0, 1, 2


def stamping(name: str, cells: Sequence[str]) -> list[str]:
    """Triggers that stamp a synced table's cells whatever writes, and refuse a plain DELETE.

    They call connection functions (``store/functions.py``): a connection that did not register them
    cannot write. Recursive triggers are off, so the stamping UPDATE does not wake them again.
    """
    changed = ", ".join(f'old."{cell}" IS NOT new."{cell}"' for cell in cells)
    columns = ", ".join(f'"{cell}"' for cell in cells)
    mark = "INSERT OR IGNORE INTO dirty(dossier) VALUES (new.dossier);"
    return [
        f"CREATE TRIGGER {name}_inserted AFTER INSERT ON {name} WHEN clm_mode() = {NORMAL} BEGIN "
        f'UPDATE "{name}" SET clock = clm_hlc(), dev = clm_dev(), cells = NULL WHERE rid = new.rid; '
        f"{mark} SELECT clm_touch(new.dossier); END",
        f"CREATE TRIGGER {name}_updated AFTER UPDATE OF {columns} ON {name} "
        f"WHEN clm_mode() = {NORMAL} BEGIN "
        f"UPDATE \"{name}\" SET cells = clm_stamp(old.clock, old.dev, old.cells, '{','.join(cells)}', "
        f"{changed}) WHERE rid = new.rid; {mark} SELECT clm_touch(new.dossier); END",
        f"CREATE TRIGGER {name}_kept BEFORE DELETE ON {name} WHEN clm_mode() <> {ERASING} BEGIN "
        "SELECT RAISE(ABORT, 'rows of a dossier are never deleted singly'); END",
    ]


_CONTENT = "name, title, skills, body"
_SHORT = "name, title, contacts"
_TOKENS = "tokenize='unicode61 remove_diacritics 2'"


def _forget(table: str, columns: str, source: str, where: str) -> str:
    return f"INSERT INTO {table}({table}, rowid, {columns}) SELECT 'delete', rid, {columns} FROM {source} WHERE {where};"


def _learn(table: str, columns: str, source: str, where: str) -> str:
    return (
        f"INSERT INTO {table}(rowid, {columns}) SELECT rid, {columns} FROM {source} WHERE {where};"
    )


def full_text() -> list[str]:
    """The three indexes of ``perf.md`` 4, kept true by triggers on what they read.

    ``search_fts`` (all words of a dossier) and ``search_short`` (names, titles, addresses by one to
    three letters) and ``search_tri`` (names by their trigrams, for slips of the pen).
    """
    old, new = "rid = old.rid", "rid = new.rid"
    of_text = "rid = (SELECT rid FROM search_doc WHERE dossier = {}.dossier)"

    def all_three(act: Callable[[str, str, str, str], str], where: str) -> str:
        return " ".join(
            [
                act("search_fts", _CONTENT, "search_source", where),
                act("search_short", _SHORT, "search_doc", where),
                act("search_tri", "name", "search_doc", where),
            ]
        )

    statements = [
        "CREATE VIEW search_source AS SELECT d.rid AS rid, d.name AS name, d.title AS title, "
        "d.skills AS skills, (SELECT group_concat(t.part, char(10)) FROM (SELECT "
        "clm_unzip(b.body) AS part FROM body_text b WHERE b.dossier = d.dossier ORDER BY b.rid) t) "
        "AS body FROM search_doc d",
        f"CREATE VIRTUAL TABLE search_fts USING fts5({_CONTENT}, content='search_source', "
        f"content_rowid='rid', {_TOKENS})",
        f"CREATE VIRTUAL TABLE search_short USING fts5({_SHORT}, content='search_doc', "
        f"content_rowid='rid', {_TOKENS}, prefix='1 2 3')",
        "CREATE VIRTUAL TABLE search_tri USING fts5(name, content='search_doc', "
        "content_rowid='rid', tokenize='trigram remove_diacritics 1')",
    ]
    statements += [
        f"INSERT INTO {fts}({fts}, rank) VALUES ('secure-delete', 1)"
        for fts in ("search_fts", "search_short", "search_tri")
    ]
    statements += [
        f"CREATE TRIGGER search_doc_learn AFTER INSERT ON search_doc BEGIN {all_three(_learn, new)} END",
        f"CREATE TRIGGER search_doc_forget BEFORE DELETE ON search_doc BEGIN {all_three(_forget, old)} END",
        "CREATE TRIGGER search_doc_before BEFORE UPDATE OF name, title, skills, contacts ON search_doc "
        f"BEGIN {all_three(_forget, old)} END",
        "CREATE TRIGGER search_doc_after AFTER UPDATE OF name, title, skills, contacts ON search_doc "
        f"BEGIN {all_three(_learn, new)} END",
    ]
    for event, row in (("INSERT", "new"), ("UPDATE", "new"), ("DELETE", "old")):
        where = of_text.format(row)
        statements += [
            f"CREATE TRIGGER body_text_{event.lower()}_before BEFORE {event} ON body_text BEGIN "
            f"{_forget('search_fts', _CONTENT, 'search_source', where)} END",
            f"CREATE TRIGGER body_text_{event.lower()}_after AFTER {event} ON body_text BEGIN "
            f"{_learn('search_fts', _CONTENT, 'search_source', where)} END",
        ]
    return statements
