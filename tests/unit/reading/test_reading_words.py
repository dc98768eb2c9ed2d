"""Every reason, flag and warning that reading gives has a sentence under ``[reading]``."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from clementine_crm.words import keys

ROOT = Path(__file__).resolve().parents[3]
ROOMS = ("clementine_crm/reading", "clementine_crm/plugin_host", "plugins/mail_files")
NAMES = {"reason", "reasons", "flag", "flags", "warnings", "empty", "checks", "_REASONS"}
"""Variables, attributes and parameters that hold such keys."""
CALLS = {"Refused", "_unread", "warn"}
FIRST_ONLY = {"Lost", "_reject", "_rest"}
"""Calls whose first string is a reason and whose others say where it broke."""
KINDS = {"auto_reply", "bounce", "list"}
KEY = re.compile(r"[a-z][a-z_]{2,}")


def last_name(node: ast.expr | None) -> str:
    return node.id if isinstance(node, ast.Name) else str(getattr(node, "attr", ""))


def constants(node: ast.AST) -> Iterator[str]:
    """Strings that are values: not those that a comparison asks for."""
    if isinstance(node, ast.Compare):
        return
    if isinstance(node, ast.IfExp):
        yield from constants(node.body)
        yield from constants(node.orelse)
        return
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        yield node.value
    for child in ast.iter_child_nodes(node):
        yield from constants(child)


def given(tree: ast.AST) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            called = last_name(node.func)
            owner = last_name(node.func.value) if isinstance(node.func, ast.Attribute) else ""
            if called in CALLS or (called in ("append", "extend") and owner in NAMES):
                for argument in node.args:
                    yield from constants(argument)
            if called in FIRST_ONLY:
                told = [one for argument in node.args for one in constants(argument)]
                yield from told[:1]
            for keyword in node.keywords:
                if keyword.arg in NAMES:
                    yield from constants(keyword.value)
        elif isinstance(node, ast.Assign | ast.AnnAssign) and node.value is not None:
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            if any(last_name(target) in NAMES for target in targets):
                yield from constants(node.value)


def all_given() -> set[str]:
    found = {f"mail_{kind}" for kind in KINDS}
    for room in ROOMS:
        for path in (ROOT / room).rglob("*.py"):
            found.update(given(ast.parse(path.read_text("utf-8"))))
    return {key for key in found if KEY.fullmatch(key)}


def test_the_keys_are_found() -> None:
    found = all_given()
    for key in (
        "password",
        "image",
        "macros",
        "cut",
        "too_slow",
        "mail_tnef",
        "mail_cut_short",
        "msg_unreadable",
        "no_source",
    ):
        assert key in found


def test_each_has_a_sentence_in_both_languages() -> None:
    for lang in ("fr", "en"):
        told = keys(lang)
        assert sorted(key for key in all_given() if f"reading.{key}" not in told) == []


def test_no_sentence_for_a_key_that_nobody_gives() -> None:
    code = "\n".join(
        path.read_text("utf-8")
        for room in ("clementine_crm", "plugins")
        for path in (ROOT / room).rglob("*.py")
    )
    words = set(re.findall(r"[a-z][a-z_]+", code)) | {f"mail_{kind}" for kind in KINDS}
    sentences = [key.partition(".")[2] for key in keys("fr") if key.startswith("reading.")]
    assert [key for key in sentences if key not in words] == []
