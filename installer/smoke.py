"""Try the set-up under wine: ``python -m installer smoke`` after ``python -m installer build``.

A fresh prefix, a virtual screen; every Windows program has a time limit; everything is ended.
"""

from __future__ import annotations

import argparse
import json
import re
import shutil
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from installer.allow import differences, manifest
from installer.stamp import Stamp
from installer.wine import MissingError, Picture, Prefix, Screen, compile_shims
from installer.workshop import HERE, ROOT

# Accents and a space: the folder a French user may well choose.
FOLDER = "C:\\Été\\Clémentine CRM TEST"
INTO = f"/D={FOLDER}".split(" ")  # NSIS wants it last and unquoted: wine quotes a word with spaces
UNINSTALLER = "Uninstall.exe"
RUNNING, TOO_OLD = 3, 5
INSTALL_SECONDS, START_SECONDS, SELF_TEST_SECONDS = 300, 120, 300
LEAST_DRAWN = 0.005
CHECKED = frozenset({"base", "reader", "plugins", "window"})  # what --self-test must have tried
STRANGER = "notes de la cliente.txt"


class SmokeError(RuntimeError):
    """The set-up, or what it installed, does not do what it must."""


@dataclass
class Smoke:
    """One trial: the prefix, the screen and what was built."""

    out: Path
    report: dict[str, Any]
    prefix: Prefix
    screen: Screen
    window_arguments: list[str]
    seconds: dict[str, float] = field(default_factory=dict)

    @property
    def installed(self) -> Path:
        return self.prefix.drive / "Été" / "Clémentine CRM TEST"

    def exe(self, name: str) -> str:
        return f"{FOLDER}\\{name}"

    def setup(self, name: str, *arguments: str) -> int:
        """Run a set-up silently; its exit code."""
        command = [str(self.out / name), "/S", "/CurrentUser", *arguments]
        return self.prefix.run(command, INSTALL_SECONDS).code

    def tree(self) -> dict[str, str]:
        """What lies in the program's folder, except the uninstaller and a stranger's file."""
        found = manifest(self.installed)
        return {name: sha for name, sha in found.items() if name not in {UNINSTALLER, STRANGER}}

    def same_tree(self, key: str) -> None:
        """Raise SmokeError unless the folder holds exactly a manifest."""
        found = differences(self.report[key], self.tree())
        if found:
            raise SmokeError(f"{len(found)} files differ:\n" + "\n".join(found[:20]))

    def registered(self) -> str | None:
        """The version Windows lists under installed programs, or None."""
        key = r"HKCU\Software\Microsoft\Windows\CurrentVersion\Uninstall" + "\\"
        key += str(self.report["registry"])
        ran = self.prefix.run(["reg", "query", key, "/v", "DisplayVersion"], 60)
        return ran.output.split()[-1] if ran.code == 0 else None


def expect(what: str, found: object, wanted: object) -> None:
    """Raise SmokeError unless two values are equal."""
    if found != wanted:
        raise SmokeError(f"{what}: {found!r}, not {wanted!r}")


def wait_for(what: str, ready: Callable[[], bool], seconds: float) -> None:
    """Look every quarter of a second; SmokeError when the time is over."""
    until = time.monotonic() + seconds
    while not ready():
        if time.monotonic() > until:
            raise SmokeError(f"{what}: not within {seconds:.0f} s")
        time.sleep(0.25)


def refuses_old_windows(smoke: Smoke) -> None:
    smoke.prefix.windows("win81")
    code = smoke.setup(smoke.report["setup"], *INTO)
    smoke.prefix.windows("win10")
    expect("exit code on Windows 8.1", code, TOO_OLD)
    expect("installed on Windows 8.1", smoke.installed.exists(), False)


def installs(smoke: Smoke) -> None:
    expect("exit code", smoke.setup(smoke.report["setup"], *INTO), 0)
    smoke.same_tree("manifest")
    expect("version in the registry", smoke.registered(), smoke.report["version"])
    expect("uninstaller", (smoke.installed / UNINSTALLER).exists(), True)


def says_its_version(smoke: Smoke) -> None:
    for name in ("clementine.exe", "ClementineCRM.exe"):
        ran = smoke.prefix.run([smoke.exe(name), "--version"], START_SECONDS)
        expect(f"{name} --version\n{ran.output}", ran.code, 0)
        if name == "clementine.exe" and smoke.report["version"] not in ran.output:
            raise SmokeError(f"--version says {ran.output!r}")


def self_test_problem(output: str) -> str | None:
    """What the answer to ``--self-test --json`` says against the program, or None.

    ``{"checks": [{"name": …, "ok": …, "say": …}]}`` (the commands' JSON), among what else was
    written: both streams arrive together.
    """
    start = re.search(r"^\{", output, re.MULTILINE)
    try:
        answer = json.JSONDecoder().raw_decode(output, start.start() if start else 0)[0]
        checks = answer["checks"]
        bad = [f"{check['name']}: {check.get('say', '')}" for check in checks if not check["ok"]]
        unseen = sorted(CHECKED - {check["name"] for check in checks})
    except (ValueError, KeyError, TypeError) as error:
        return f"no list of checks ({error!r})"
    if bad:
        return "; ".join(bad)
    return f"not checked: {', '.join(unseen)}" if unseen else None


def tests_itself(smoke: Smoke) -> None:
    for name in ("clementine.exe", "ClementineCRM.exe"):
        ran = smoke.prefix.run([smoke.exe(name), "--self-test", "--json"], SELF_TEST_SECONDS)
        (smoke.out / f"self-test-{name}.txt").write_text(ran.output, "utf-8")
        expect(f"{name} --self-test\n{ran.output[-3000:]}", ran.code, 0)
        if name == "clementine.exe":
            expect(f"{name} --self-test", self_test_problem(ran.output), None)
    smoke.same_tree("manifest")  # a running program writes nothing into its own folder


def shows_its_window(smoke: Smoke) -> None:
    """A picture of the window; and while it is open, a set-up changes nothing."""
    process = smoke.prefix.start([smoke.exe("ClementineCRM.exe"), *smoke.window_arguments])
    pictures: list[Picture] = []

    def still_and_drawn() -> bool:
        pictures.append(smoke.screen.grab())
        return (
            len(pictures) > 1
            and pictures[-1].drawn() >= LEAST_DRAWN
            and pictures[-1].rows == pictures[-2].rows
        )

    try:
        wait_for("a window with something in it", still_and_drawn, START_SECONDS)
        expect("set-up while the program runs", smoke.setup(smoke.report["next_setup"]), RUNNING)
        smoke.same_tree("manifest")
        expect("window still open", process.poll(), None)
        smoke.prefix.run(["taskkill", "/IM", "ClementineCRM.exe"], 60)
        wait_for("the window closes", lambda: process.poll() is not None, 30)
    finally:
        if pictures:
            (smoke.out / "window.png").write_bytes(pictures[-1].png())
        smoke.prefix.run(["taskkill", "/F", "/IM", "ClementineCRM.exe"], 60)


def upgrades(smoke: Smoke) -> None:
    data = smoke.prefix.drive / "users/Public/base d’une cliente.db"
    data.write_bytes(b"data of a person")
    (smoke.installed / STRANGER).write_text("pas à nous", "utf-8")
    expect("exit code", smoke.setup(smoke.report["next_setup"]), 0)
    smoke.same_tree("next_manifest")
    expect("a stranger's file", (smoke.installed / STRANGER).exists(), True)
    expect("data", data.read_bytes(), b"data of a person")


def leaves_nothing(smoke: Smoke) -> None:
    code = smoke.prefix.run([smoke.exe(UNINSTALLER), "/S", "/CurrentUser"], 60).code
    expect("exit code", code, 0)
    # The uninstaller goes on as a copy of itself after its first process ended.
    gone = smoke.installed / UNINSTALLER
    wait_for("the uninstaller goes", lambda: not gone.exists(), 60)
    wait_for("the registry entry goes", lambda: smoke.registered() is None, 60)
    expect("our files left", sorted(smoke.tree()), [])
    expect("a stranger's file", (smoke.installed / STRANGER).exists(), True)
    product = Stamp(smoke.report["version"]).product
    expect("shortcuts left", list(smoke.prefix.drive.rglob(f"{product}.lnk")), [])


STEPS: tuple[tuple[str, Callable[[Smoke], None]], ...] = (
    ("refuses an old Windows", refuses_old_windows),
    ("installs silently, tree as listed", installs),
    ("--version", says_its_version),
    ("--self-test", tests_itself),
    ("draws a window, refuses a set-up meanwhile", shows_its_window),
    ("upgrades silently", upgrades),
    ("uninstalls, nothing of ours left", leaves_nothing),
)


def smoke_all(out: Path, window_arguments: list[str]) -> None:
    """Every step in its order, in a fresh prefix that is gone afterwards."""
    report = json.loads((out / "report.json").read_text("utf-8"))
    compile_shims(HERE / "wine", out / "cache" / "shims")
    folder = out / "smoke-prefix"
    shutil.rmtree(folder, ignore_errors=True)
    begun = time.monotonic()
    try:
        with (
            Screen(out / "screen") as screen,
            Prefix(folder, out / "cache" / "shims", screen.display) as prefix,
        ):
            smoke = Smoke(out, report, prefix, screen, window_arguments)
            prefix.create()
            smoke.seconds["a fresh prefix"] = round(time.monotonic() - begun, 1)
            for name, step in STEPS:
                at = time.monotonic()
                print(f"{name} …", flush=True)
                step(smoke)
                smoke.seconds[name] = round(time.monotonic() - at, 1)
                print(f"{name}: {smoke.seconds[name]} s", flush=True)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    smoke.seconds["whole smoke test"] = round(time.monotonic() - begun, 1)
    text = json.dumps(smoke.seconds, indent=1)
    (out / "smoke.json").write_text(text, "utf-8")
    print(f"smoke test passed in {smoke.seconds['whole smoke test']} s")


def main(arguments: list[str] | None = None) -> int:
    """Exit codes: 0 passed (or skipped as asked), 1 failed, 4 wine or Xvfb is missing."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=Path, default=ROOT / "build" / "windows")
    parser.add_argument("--without-wine", choices=("fail", "skip"), default="fail")
    parser.add_argument(
        "--window", nargs="*", default=[], metavar="WORD", help="arguments that open the window"
    )
    options = parser.parse_args(arguments)
    try:
        smoke_all(options.out.resolve(), options.window)
    except MissingError as error:
        skip = options.without_wine == "skip"
        print(f"{'SKIPPED' if skip else 'FAILED'}: the set-up was not tried: {error}")
        return 0 if skip else 4
    except FileNotFoundError as error:
        print(f"FAILED: {error.filename}: run python -m installer build first", file=sys.stderr)
        return 1
    except (SmokeError, RuntimeError) as error:
        print(f"FAILED: {error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
