"""Clémentine CRM. No command opens the window; a command is carried out on the command line."""

from __future__ import annotations

import sys
from collections.abc import Sequence


def main(argv: Sequence[str] | None = None) -> int:
    """Start what is asked for and return the exit code. Nothing is imported before it is needed."""
    given = list(sys.argv[1:] if argv is None else argv)
    if given[:1] == ["--reader"]:
        from clementine_crm.plugin_host.reader_child import run

        return run()
    # The window (no command) and the command line join here.
    return 2


if __name__ == "__main__":
    raise SystemExit(main())
