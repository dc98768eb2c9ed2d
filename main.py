"""Clémentine CRM. No command opens the window; a command is carried out on the command line."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from clementine_crm import __version__

if TYPE_CHECKING:
    from clementine_crm.parts import Parts

CLI_OPTIONS = ("-h", "--help", "--self-test")
OPTIONS_WITH_VALUE = ("--home", "--as-of", "--user", "--password-file", "--language")


def main(argv: Sequence[str] | None = None) -> int:
    """Start what is asked for and return the exit code. Nothing is imported before it is needed."""
    given = list(sys.argv[1:] if argv is None else argv)
    if given[:1] == ["--reader"]:
        from clementine_crm.plugin_host.reader_child import run

        return run()
    if given[:1] == ["--version"]:
        sys.stdout.write(f"{__version__}\n")
        return 0
    if _has_command(given):
        from clementine_crm.cli.main import run as run_command

        return run_command(given, _Window())
    from clementine_crm.parts import Parts
    from clementine_crm.store.home import default_home

    home = Path(given[given.index("--home") + 1]) if "--home" in given[:-1] else default_home()
    return _Window().show(Parts(home, version=__version__))


def _has_command(given: Sequence[str]) -> bool:
    """Whether something beside the options of the window stands there."""
    rest = list(given)
    while rest:
        word = rest.pop(0)
        if word in OPTIONS_WITH_VALUE:
            rest[:1] = []
        elif not word.startswith("-") or word in CLI_OPTIONS:
            return True
    return False


class _Window:
    """The window, as the command line may ask for it; Qt is imported by nothing else."""

    def show(self, parts: Parts) -> int:
        from ui.app import run

        return run(parts)

    def pictures(self, parts: Parts, folder: Path) -> list[Path]:
        from ui.pictures import write

        return write(parts, folder)

    def draws(self) -> str:
        from ui.pictures import window_draws

        return window_draws()


if __name__ == "__main__":
    raise SystemExit(main())
