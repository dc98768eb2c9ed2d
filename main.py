"""Clémentine CRM. No command opens the window; a command is carried out on the command line."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from clementine_crm.bootstrap import Desk

CLI_OPTIONS = ("-h", "--help", "--version", "--self-test")
OPTIONS_WITH_VALUE = ("--home", "--as-of", "--user", "--password-file", "--lang")


def main(argv: Sequence[str] | None = None) -> int:
    """Start what is asked for and return the exit code. Nothing is imported before it is needed."""
    given = list(sys.argv[1:] if argv is None else argv)
    if given[:1] == ["--reader"]:
        from clementine_crm.plugin_host.reader_child import run

        return run()
    if not _has_command(given):
        from ui.app import run as run_window

        return run_window(_parts(given), given)
    from clementine_crm.cli.main import run as run_command

    return run_command(given, _Window())


def _has_command(given: Sequence[str]) -> bool:
    """Whether something beside the options stands there."""
    rest = list(given)
    while rest:
        word = rest.pop(0)
        if word in OPTIONS_WITH_VALUE:
            rest[:1] = []
        elif not word.startswith("-") or word in CLI_OPTIONS:
            return True
    return False


class _Window:
    """The window, as the command line may ask for it."""

    def show(self, desk: Desk) -> int:
        from ui.app import run_desk

        return run_desk(desk)

    def pictures(self, desk: Desk, folder: Path) -> list[Path]:
        from ui.pictures import write

        return write(desk, folder)

    def draws(self) -> str:
        from ui.pictures import window_draws

        return window_draws()


if __name__ == "__main__":
    raise SystemExit(main())
