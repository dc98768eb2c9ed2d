"""Keys as the keyboard of the user names them: Entrée, Échap, Ctrl K, Alt ←."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QWidget

from ui.speech import say

_NAMED = {
    "Return": "enter", "Enter": "enter", "Esc": "escape", "Escape": "escape", "Space": "space",
    "Tab": "tab", "Del": "delete", "Delete": "delete", "Backspace": "backspace",
    "Shift": "shift", "PgUp": "page_up", "PgDown": "page_down", "Home": "home", "End": "end",
}  # fmt: skip
_ARROWS = {"Left": "←", "Right": "→", "Up": "↑", "Down": "↓"}


def key_text(keys: str) -> str:
    """``Ctrl+Return`` (Qt's portable text) as it is shown inside a button: ``Ctrl Entrée``."""
    if not keys:
        return ""
    parts = ["+"] if keys == "+" else keys.split("+")
    return "\u00a0".join(
        _ARROWS.get(p) or (say(f"keys.{_NAMED[p]}") if p in _NAMED else p) for p in parts
    )


def bind(owner: QWidget, keys: str, act: Callable[[], object]) -> QShortcut:
    """Make a key of ``owner``'s window do something, once per press: a key held down is one act."""
    shortcut = QShortcut(QKeySequence(keys), owner)
    shortcut.setAutoRepeat(False)
    shortcut.activated.connect(act)
    return shortcut
