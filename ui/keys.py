"""Keys as the keyboard of the user names them: Entrée, Échap, Ctrl K, Alt ←."""

from __future__ import annotations

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
    return "\u00a0".join(_ARROWS.get(p) or (say(f"keys.{_NAMED[p]}") if p in _NAMED else p) for p in parts)
