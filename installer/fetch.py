"""What a build needs from outside, by pinned hash: uv, Windows wheels, Python for Windows."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

from installer import pe
from installer.wine import program
from installer.workshop import HERE, ROOT, Build, BuildError, run

PYTHON = "3.13"
TARGET = ["--python-platform", "x86_64-pc-windows-msvc", "--python-version", PYTHON]
SIGNERS = ("CN=Python Software Foundation", "CN=Microsoft ")
SIGNED_FILES = 30


def uv(build: Build) -> Callable[..., str]:
    """uv at the version of tools.lock, which resolves for another platform correctly."""
    lock = HERE / "tools.lock"
    pip = [sys.executable, "-m", "pip", "install", "-q", "--no-deps", "--require-hashes"]

    def make(folder: Path) -> None:
        run([*pip, "--target", str(folder), "-r", str(lock)], "Installing uv")

    tool = build.cached("uv", [lock.read_bytes()], make) / "bin" / "uv"
    cache = str(build.out / "cache" / "uv-cache")

    def call(*arguments: str, what: str) -> str:
        return run([str(tool), *arguments], what, UV_CACHE_DIR=cache, UV_LINK_MODE="copy")

    return call


def locked(names: set[str], lock: str) -> str:
    """The lines of the lock for these ``name==version``; BuildError when one is not in it.

    Extras (``pyjwt[crypto]``) and markers of the lock are left out: both were already resolved.
    """
    blocks = re.findall(
        r"^([a-z0-9][^\s;\[=]*)(?:\[[^\]]*\])?(==[^\s;]+)(?: ;[^\n]*)? \\\n"
        r"((?:    --hash=\S+(?: \\)?\n)+)",
        lock,
        re.MULTILINE,
    )
    found = {name + version: hashes for name, version, hashes in blocks}
    if names - found.keys():
        raise BuildError(f"not in requirements.lock: {', '.join(sorted(names - found.keys()))}")
    return "".join(f"{name} \\\n{found[name]}" for name in sorted(names))


def resolve(build: Build) -> Path:
    """What the program needs at run time, as Windows wheels, exactly as locked."""
    project, lock = ROOT / "pyproject.toml", ROOT / "requirements.lock"

    def make(folder: Path) -> None:
        call = uv(build)
        compiled = call(
            "pip",
            "compile",
            "-q",
            "--no-header",
            "--no-annotate",
            *TARGET,
            "--only-binary",
            ":all:",
            "-c",
            str(lock),
            str(project),
            what="Resolving for Windows (a dependency without a Windows wheel?)",
        )
        names = {line.strip() for line in compiled.splitlines() if "==" in line}
        wanted = folder / "windows.lock"
        wanted.write_text(locked(names, lock.read_text("utf-8")), "utf-8")
        call(
            "pip",
            "install",
            "-q",
            *TARGET,
            "--only-binary",
            ":all:",
            "--no-deps",
            "--require-hashes",
            "--target",
            str(folder / "all"),
            "-r",
            str(wanted),
            what="Fetching Windows wheels",
        )

    parts = [project.read_bytes(), lock.read_bytes(), PYTHON.encode()]
    return build.cached("wheels", parts, make) / "all"


def fetch_runtime(build: Build) -> Path:
    """Python for Windows by its pinned hash, each binary's Authenticode digest recomputed."""
    lock = HERE / "runtime.lock"

    def make(folder: Path) -> None:
        uv(build)(
            "pip",
            "install",
            "-q",
            "--no-deps",
            "--require-hashes",
            "--target",
            str(folder),
            "-r",
            str(lock),
            what="Fetching Python for Windows",
        )
        check_signatures(folder)

    return build.cached("runtime", [lock.read_bytes()], make)


def check_signatures(folder: Path) -> None:
    """Digest and signer of every binary. The chain to Microsoft's root is not checked here."""
    tool = program("osslsigncode")
    checked = 0
    for path in sorted(folder.iterdir()):
        if path.suffix not in pe.BINARY_SUFFIXES:
            continue
        said = subprocess.run(
            [tool, "verify", "-in", str(path)],
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        ).stdout
        problem = signature_problem(said)
        if problem:
            raise BuildError(f"{path.name}: {problem}")
        checked += 1
    if checked != SIGNED_FILES:
        raise BuildError(f"the runtime has {checked} binaries, {SIGNED_FILES} were expected")


def signature_problem(said: str) -> str | None:
    """What osslsigncode's report on one file says against it, or None."""
    current = re.search(r"Current message digest\s*: ([0-9A-F]{40,})", said)
    computed = re.search(r"Calculated message digest\s*: ([0-9A-F]{40,})", said)
    signer = re.search(r"Signer #0:\s+Subject: (.*)", said)
    if not (current and computed and signer):
        return "not signed"
    if current[1] != computed[1]:
        return "the signature is of another file"
    if not any(name in signer[1] for name in SIGNERS):
        return f"signed by a stranger: {signer[1]}"
    return None
