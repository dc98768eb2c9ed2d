"""Who may look into whom: design.md, "The house". import-linter holds the floors, this the rest."""

from __future__ import annotations

import ast
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
# Rule 3: what the rules may import, by the name that stands in an import.
DOMAIN = {"phonenumbers", "email_validator", "rapidfuzz"}
MAY_IMPORT = {
    "clementine_crm/domain": DOMAIN,
    "clementine_crm/dossier": DOMAIN | {"msgpack"},
}
STARTS_A_THREAD = {
    "Thread",
    "Timer",
    "ThreadPoolExecutor",
    "ProcessPoolExecutor",
    "start_new_thread",
    "start_new",
    "to_thread",
    "run_in_executor",
}
BRINGS_THREADS = {"_thread", "concurrent", "multiprocessing", "asyncio"}


def modules(*rooms: str) -> Iterator[tuple[str, ast.Module]]:
    """Path from the root and syntax of every module of some rooms."""
    for room in rooms:
        start = ROOT / room
        for path in [start] if start.is_file() else sorted(start.rglob("*.py")):
            yield path.relative_to(ROOT).as_posix(), ast.parse(path.read_text("utf-8"))


def imported(tree: ast.Module) -> Iterator[tuple[int, str]]:
    """Line and dotted name of every absolute import, wherever it stands in the file."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from ((node.lineno, alias.name) for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            yield node.lineno, node.module


def names(tree: ast.Module) -> Iterator[tuple[int, str]]:
    """Line and last name of whatever is used, and of what is imported by name."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Name):
            yield node.lineno, node.id
        elif isinstance(node, ast.Attribute):
            yield node.lineno, node.attr
        elif isinstance(node, ast.ImportFrom):
            yield from ((node.lineno, alias.name) for alias in node.names)


def test_the_contracts_of_pyproject_are_kept() -> None:
    ran = subprocess.run(
        [sys.executable, "-c", "from importlinter.cli import lint_imports_command as c; c()"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert ran.returncode == 0, ran.stdout[-3000:] + ran.stderr[-1000:]
    assert "0 broken" in ran.stdout


@pytest.mark.parametrize(("room", "allowed"), MAY_IMPORT.items())
def test_rules_import_the_standard_library_and_what_is_listed(room: str, allowed: set[str]) -> None:
    known = sys.stdlib_module_names | allowed | {"clementine_crm"}
    strangers = [
        f"{path}:{line}: {name}"
        for path, tree in modules(room)
        for line, name in imported(tree)
        if name.partition(".")[0] not in known
    ]
    assert strangers == []


def test_qt_only_in_ui() -> None:
    found = [
        f"{path}:{line}"
        for path, tree in modules("clementine_crm", "plugins", "main.py")
        for line, name in imported(tree)
        if name.startswith(("PySide6", "shiboken6"))
    ]
    assert found == []


def test_print_only_on_the_command_line() -> None:
    found = [
        f"{path}:{node.lineno}"
        for path, tree in modules("clementine_crm", "plugins", "ui")
        if not path.startswith("clementine_crm/cli/")
        for node in ast.walk(tree)
        if isinstance(node, ast.Name) and node.id == "print"
    ]
    assert found == []


def test_threads_start_only_in_ui() -> None:
    found = [
        f"{path}:{line}: {name}"
        for path, tree in modules("clementine_crm", "plugins", "main.py")
        for line, name in [
            *(pair for pair in names(tree) if pair[1] in STARTS_A_THREAD),
            *(pair for pair in imported(tree) if pair[1].partition(".")[0] in BRINGS_THREADS),
        ]
    ]
    assert found == []


def test_only_the_wiring_knows_the_classes_behind_the_ports() -> None:
    """``main.py`` joins ``ui`` and the wiring; where a home lies it asks without loading the base."""
    ours = {
        name
        for _, tree in modules("main.py")
        for _, name in imported(tree)
        if name.partition(".")[0] in {"clementine_crm", "plugins"}
    }
    behind = ("store", "hub", "keys", "queries", "services", "reading", "mail", "outgoing")
    reached = {name for name in ours if name.count(".") and name.split(".")[1] in behind}
    assert reached <= {"clementine_crm.store.home"}


@pytest.mark.parametrize(
    ("code", "seen"),
    [
        ("import threading\nthreading.Thread(target=f)", "Thread"),
        ("from threading import Timer", "Timer"),
        ("from concurrent.futures import ThreadPoolExecutor as P", "ThreadPoolExecutor"),
        ("def f():\n    import threading as t\n    t.Thread()", "Thread"),
    ],
)
def test_a_thread_is_seen_however_it_is_written(code: str, seen: str) -> None:
    assert seen in {name for _, name in names(ast.parse(code))} & STARTS_A_THREAD
