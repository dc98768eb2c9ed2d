"""The tree of the repository: what stands at its top, and what no tracked file may hold."""

from __future__ import annotations

import os
import re
import subprocess
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
FOLDERS = {
    "clementine_crm", "ui", "resources", "plugins", "installer", "tests", "bench", "docs", ".ci",
}  # fmt: skip
FILES = {
    "main.py", "pyproject.toml", "requirements.lock", "README.md", "README.en.md", "LICENSE",
    "CHANGELOG.md", "CONTRIBUTING.md", "SECURITY.md", "Makefile", "make.ps1", ".gitignore",
}  # fmt: skip
MAY_BE = {".gitattributes"}
MOST = 800
LOCKS = ("requirements.lock", "installer/tools.lock", "installer/runtime.lock")


def tracked() -> list[str]:
    """Files that are or will be committed: not what .gitignore names."""
    ran = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        check=True,
    )
    names = map(os.fsdecode, filter(None, ran.stdout.split(b"\0")))
    return [name for name in names if (ROOT / name).is_file()]


def words_of(name: str) -> str | None:
    """The text of a file, None when it holds none."""
    data = (ROOT / name).read_bytes()
    if b"\0" in data[:8192]:
        return None
    return data.decode("utf-8", "replace")


def test_the_top_holds_what_the_issue_lists() -> None:
    tops = {name.partition("/")[0] for name in tracked()}
    assert tops - FOLDERS - FILES - MAY_BE == set(), "not in the list"
    assert (FOLDERS | FILES) - tops == set(), "missing"


# Written in pieces: this file is tracked too.
MACHINE = re.compile(
    r"(?<![\w.~/-])/(?:" + "|".join(("work", "root", "tmp", "opt")) + r")/|\.py" + "env/"
)
HOSTS = re.compile(
    "|".join(["py" + r"pi\.org", "python" + "hosted", "npm" + r"js\.", r"deb\.deb" + "ian"])
)
# What imitates other programs' files may hold what those write.
FOREIGN = ("tests/data/",)


@pytest.mark.parametrize(
    ("what", "pattern"), [("machine path", MACHINE), ("index", HOSTS)], ids=["machine", "index"]
)
def test_no_tracked_file_names_this_machine_or_a_package_index(
    what: str, pattern: re.Pattern[str]
) -> None:
    found = [
        f"{name}:{text.count(chr(10), 0, hit.start()) + 1}: {hit[0]}"
        for name in tracked()
        if not name.startswith(FOREIGN) and (text := words_of(name)) is not None
        for hit in pattern.finditer(text)
    ]
    assert found == [], what


@pytest.mark.parametrize(
    "text", ["/wo" + "rk/main", '"/tm' + 'p/x"', "see https://py" + "pi.org/simple"]
)
def test_what_must_not_be_there_would_be_seen(text: str) -> None:
    assert MACHINE.search(text) or HOSTS.search(text)


@pytest.mark.parametrize("text", ["/home/anne/wo" + "rk/a", "a/tmp/b", "~/wo" + "rk/"])
def test_other_paths_are_left_alone(text: str) -> None:
    assert not MACHINE.search(text)


def test_no_file_grows_out_of_hand() -> None:
    """400 lines are the wish (.ci/run lists who passes it); 800 end the build."""
    lengths = {
        name: (ROOT / name).read_bytes().count(b"\n") for name in tracked() if name.endswith(".py")
    }
    assert {name: n for name, n in lengths.items() if n > MOST} == {}


@pytest.mark.parametrize("name", LOCKS)
def test_a_lock_pins_every_package_by_hash_and_names_no_place(name: str) -> None:
    text = (ROOT / name).read_text("utf-8")
    assert "://" not in text
    assert not re.search(r"^\s*-", text.replace("    --hash=sha256:", ""), re.MULTILINE)
    entries = re.split(r"^(?=[a-z])", text, flags=re.MULTILINE)[1:]
    loose = [entry.split()[0] for entry in entries if not _pinned(entry)]
    assert entries
    assert loose == []


def _pinned(entry: str) -> bool:
    head = re.match(r"[a-z0-9.-]+(\[[a-z,]+\])?==[^\s;]+( ; [^\\]+)? \\\n", entry)
    return bool(head) and bool(re.search(r"--hash=sha256:[0-9a-f]{64}", entry))


def test_the_lock_holds_every_dependency_of_the_project() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    wanted = [*project["project"]["dependencies"], *project["dependency-groups"]["dev"]]
    names = {re.sub(r"[-_.]+", "-", re.match(r"[\w.-]+", line)[0]).lower() for line in wanted}  # type: ignore[index]
    lock = (ROOT / "requirements.lock").read_text("utf-8")
    locked = set(re.findall(r"^([a-z0-9-]+)(?:\[\w+\])?==", lock.replace(".", "-"), re.MULTILINE))
    assert names - locked == set()
