"""Every component, the shell, the first start and the unlock page, with invented data.

``python -m ui.gallery --out DIR`` writes one picture per screen, language and theme.
"""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

from PySide6.QtWidgets import QApplication, QWidget

from clementine_crm.words import LANGUAGES, Words
from ui import gallery_screens, screens, speech, theme

Screen = Callable[[], QWidget]


def build(names: Sequence[str] = ()) -> dict[str, Screen]:
    """The screens of the gallery by name."""
    every = gallery_screens.SCREENS
    return {name: every[name] for name in every if not names or name in names}


def main(arguments: Sequence[str] | None = None) -> int:
    """Write the pictures; 0 when no check found a fault, else 1 (the pictures are there)."""
    parser = argparse.ArgumentParser(prog="python -m ui.gallery", description=__doc__)
    parser.add_argument("--out", required=True, type=Path)
    parser.add_argument("--only", nargs="*", default=[], choices=sorted(gallery_screens.SCREENS))
    given = parser.parse_args(arguments)
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    application = QApplication.instance()
    app = application if isinstance(application, QApplication) else QApplication(sys.argv[:1])
    faults: list[str] = []
    for lang in LANGUAGES:
        for name in ("light", "dark"):
            speech.speak(Words(lang))
            theme.apply(app, theme.named(name), bundled=True)
            for screen, make in build(given.only).items():
                for size in gallery_screens.SIZES.get(screen, screens.SIZES):
                    widget = make()
                    target = given.out / f"{screen}-{lang}-{name}-{size[0]}x{size[1]}.png"
                    screens.save(widget, target, size)
                    faults += [f"{target.name}: {fault}" for fault in screens.faults(widget)]
                    widget.close()
                    widget.deleteLater()
                    screens.settle()
    sys.stderr.writelines(f"{fault}\n" for fault in faults)
    return 1 if faults else 0


if __name__ == "__main__":
    raise SystemExit(main())
