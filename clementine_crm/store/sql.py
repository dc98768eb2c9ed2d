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


# What each index holds, in the order of the weights that a ranking gives.
FULL = "name, title, skills, contacts, town, source, body"
SHORT = "name, title, skills, contacts"
NEAR = "letters, sound"
_WORDS = "tokenize='unicode61 remove_diacritics 2'"


def _forget(index: str, columns: str, where: str) -> str:
    return (
        f"INSERT INTO {index}({index}, rowid, {columns}) "
        f"SELECT 'delete', rid, {columns} FROM search_source WHERE {where};"
    )


def _learn(index: str, columns: str, where: str) -> str:
    return (
        f"INSERT INTO {index}(rowid, {columns}) "
        f"SELECT rid, {columns} FROM search_source WHERE {where};"
    )


def full_text() -> list[str]:
    """The three indexes of ``perf.md`` 4, kept true by triggers on what they read.

    ``search_fts``: every word of a dossier. ``search_short``: names, titles, skills and addresses by
    their first one or two letters. ``search_tri``: names by their letters and by their sound, for
    slips of the pen. All read ``search_source``, where the words carry their marks.
    """
    columns = {"search_fts": FULL, "search_short": SHORT, "search_tri": NEAR}
    options = {
        "search_fts": _WORDS,
        "search_short": f"{_WORDS}, prefix='1 2'",
        "search_tri": "tokenize='trigram'",
    }

    def everywhere(act: Callable[[str, str, str], str], row: str) -> str:
        return " ".join(act(index, columns[index], f"rid = {row}.rid") for index in columns)

    statements = [
        "CREATE VIEW search_source AS SELECT d.rid AS rid, clm_words(d.name) AS name, "
        "clm_words(d.title) AS title, clm_words(d.skills) AS skills, d.contacts AS contacts, "
        "d.town AS town, clm_code(d.source) AS source, clm_letters(d.name) AS letters, "
        "clm_sound(d.name) AS sound, (SELECT group_concat(t.part, char(10)) FROM "
        "(SELECT clm_body(b.body) AS part FROM body_text b WHERE b.dossier = d.dossier "
        "ORDER BY b.rid) t) AS body FROM search_doc d"
    ]
    for index in columns:
        statements += [
            f"CREATE VIRTUAL TABLE {index} USING fts5({columns[index]}, content='search_source', "
            f"content_rowid='rid', {options[index]})",
            f"INSERT INTO {index}({index}, rank) VALUES ('secure-delete', 1)",
        ]
    read = "name, title, skills, contacts, town, source"
    statements += [
        "CREATE TRIGGER search_doc_learn AFTER INSERT ON search_doc "
        f"BEGIN {everywhere(_learn, 'new')} END",
        "CREATE TRIGGER search_doc_forget BEFORE DELETE ON search_doc "
        f"BEGIN {everywhere(_forget, 'old')} DELETE FROM findable WHERE rid = old.rid; END",
        f"CREATE TRIGGER search_doc_before BEFORE UPDATE OF {read} ON search_doc "
        f"BEGIN {everywhere(_forget, 'old')} END",
        f"CREATE TRIGGER search_doc_after AFTER UPDATE OF {read} ON search_doc "
        f"BEGIN {everywhere(_learn, 'new')} END",
    ]
    for event, row in (("INSERT", "new"), ("UPDATE", "new"), ("DELETE", "old")):
        where = f"rid = (SELECT rid FROM search_doc WHERE dossier = {row}.dossier)"
        statements += [
            f"CREATE TRIGGER body_text_{event.lower()}_before BEFORE {event} ON body_text BEGIN "
            f"{_forget('search_fts', FULL, where)} END",
            f"CREATE TRIGGER body_text_{event.lower()}_after AFTER {event} ON body_text BEGIN "
            f"{_learn('search_fts', FULL, where)} END",
        ]
    return statements
