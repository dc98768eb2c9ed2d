"""The keys of this screen, under `?`: those of the page first, then those of everywhere."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QVBoxLayout, QWidget

from ui import theme
from ui.pages.base import Foot
from ui.speech import say
from ui.widgets.button import Key
from ui.widgets.card import Panel
from ui.widgets.text import Text

EVERYWHERE = (
    ("Ctrl+K", "search"), ("Ctrl+N", "new"), ("Ctrl+1", "places"), ("Alt+Left", "back"),
    ("Alt+Right", "forward"), ("F6", "next_pane"), ("F5", "refresh"), ("Ctrl+Z", "undo"),
    ("Ctrl+B", "fold"), ("Ctrl+L", "lock"), ("Ctrl+Q", "quit"), ("Esc", "escape"), ("?", "help"),
)  # fmt: skip


class KeysPanel(Panel):
    """Two columns; closed by Échap."""

    def __init__(
        self,
        foot: Foot = Foot(),  # noqa: B008 (frozen)
        more: Sequence[tuple[str, str]] = (),
        parent: QWidget | None = None,
    ) -> None:
        super().__init__("card", "edge", theme.RADIUS_DIALOG, parent)
        self.setAccessibleName(say("shell.keys_title"))
        acts = [a for a in (foot.main, *foot.others, foot.danger) if a is not None and a.key]
        here = [(a.key, a.text) for a in acts] + list(more)
        everywhere = [(key, say(f"shell.key_{name}")) for key, name in EVERYWHERE]
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 18, 24, 18)
        column.setSpacing(12)
        head = QHBoxLayout()
        head.addWidget(Text(say("shell.keys_title"), "dialog_title"), 1)
        head.addWidget(Key("Esc"))
        column.addLayout(head)
        both = QHBoxLayout()
        both.setSpacing(32)
        if here:
            both.addLayout(self._list(say("shell.keys_here"), here), 1)
        both.addLayout(self._list(say("shell.keys_everywhere"), everywhere), 1)
        column.addLayout(both)

    def _list(self, title: str, rows: Sequence[tuple[str, str]]) -> QGridLayout:
        grid = QGridLayout()
        grid.setHorizontalSpacing(12)
        grid.setVerticalSpacing(6)
        grid.addWidget(Text(title, "head", "soft"), 0, 0, 1, 2)
        for at, (key, what) in enumerate(rows, start=1):
            grid.addWidget(Key(key), at, 0, Qt.AlignmentFlag.AlignLeft)
            grid.addWidget(Text(what, wrap=True), at, 1)
        grid.setColumnStretch(1, 1)
        grid.setRowStretch(len(rows) + 1, 1)
        return grid
