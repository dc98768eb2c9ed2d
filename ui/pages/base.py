"""What a page is to the shell: a title, acts with keys in the foot, and when to fetch again."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget
from typing_extensions import override

from ui import theme
from ui.context import Change, UiContext
from ui.widgets.text import Text


@dataclass(frozen=True)
class Action:
    """An act of a page. ``reason`` not empty: it is grey and says why.

    ``key`` is Qt's portable text (``G``, ``Return``, ``Ctrl+E``); ``danger`` stands alone at the
    right of the foot.
    """

    text: str
    run: Callable[[], object] = field(compare=False)
    key: str = ""
    icon: str = ""
    danger: bool = False
    reason: str = ""


@dataclass(frozen=True)
class Foot:
    """What stands in the foot: the main act first, at most four others, one danger, one sentence."""

    main: Action | None = None
    others: tuple[Action, ...] = ()
    danger: Action | None = None
    note: str = ""


class Page(QWidget):
    """Base of every place. Content goes into ``content``; the head is drawn here.

    Signals: ``foot_changed()`` after ``foot()`` would answer otherwise; ``title_changed()``;
    ``counter_changed(int)`` for the rail. A page that answers the search box of the top bar sets
    ``live_query`` and implements ``query``.
    """

    foot_changed = Signal()
    title_changed = Signal()
    counter_changed = Signal(int)

    live_query = False
    headless = False

    def __init__(self, ctx: UiContext, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.ctx = ctx
        self._stale = True
        # Takes the focus itself while its content is still being read.
        self.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
        self._whole = QVBoxLayout(self)
        self._whole.setSpacing(theme.GAP)
        self._head = QWidget()
        row = QHBoxLayout(self._head)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(theme.SPACE[1])
        self._names = QVBoxLayout()
        self._names.setSpacing(1)
        self.title_label = Text("", "page_title", elide=True)
        self.subtitle_label = Text("", "body", "soft", elide=True)
        self._names.addWidget(self.title_label)
        self._names.addWidget(self.subtitle_label)
        row.addLayout(self._names, 1)
        self.head_tools = QHBoxLayout()
        self.head_tools.setSpacing(theme.SPACE[1])
        row.addLayout(self.head_tools)
        self._whole.addWidget(self._head)
        self.content = QVBoxLayout()
        self.content.setSpacing(theme.GAP)
        self._whole.addLayout(self.content, 1)
        self._head.setVisible(not self.headless)
        self._margins()
        ctx.bus.changed.connect(self._hear)

    # What a page says of itself.
    def foot(self) -> Foot:
        """The acts in the foot, as things stand now."""
        return Foot()

    def keys(self) -> list[tuple[str, str]]:
        """(key, what it does) beyond the foot, for the list under ``?``."""
        return []

    def affects(self, change: Change) -> bool:
        """Whether what was written concerns this page."""
        return bool(change.kinds)

    def refresh(self) -> None:
        """Fetch again (on ``ctx.read``); called when shown stale, on F5, and by changes."""

    def query(self, text: str) -> None:
        """The search box of the top bar changed (only with ``live_query``)."""

    def open_at(self, argument: object) -> None:
        """Show one thing of this place (a dossier by id, a filter); history comes back here too."""

    def make_new(self) -> None:
        """Nouveau was chosen for what this place holds: ask for it."""

    def take_files(self, paths: Sequence[Path]) -> None:
        """Files or folders were dropped on the window (the import takes them)."""

    def undo(self) -> None:
        """Ctrl Z when no undo bar is on screen."""

    def leave_escape(self) -> bool:
        """Échap: close or clear something; True when something was."""
        return False

    def panes(self) -> list[QWidget]:
        """The panes F6 goes through, in reading order."""
        return []

    def drawn_for(self, *, small: bool) -> None:
        """The window is below 1366 px, or not any more: lists become narrower, panes drawers."""

    # What the shell and the bus do.
    def set_title(self, title: str, subtitle: str = "") -> None:
        """Title 20/600 and one soft line."""
        self.title_label.setText(title)
        self.subtitle_label.setText(subtitle)
        self.subtitle_label.setVisible(bool(subtitle))
        self.setAccessibleName(title)
        self.title_changed.emit()

    def refresh_now_or_when_shown(self) -> None:
        """Fetch at once when on screen, otherwise at the next showing."""
        if self.isVisible():
            self._stale = False
            self.refresh()
        else:
            self._stale = True

    def _hear(self, change: object) -> None:
        if isinstance(change, Change) and self.affects(change):
            self.refresh_now_or_when_shown()

    def _margins(self) -> None:
        small = self.window().width() < theme.SMALL_BELOW
        side, top = (16, 10) if small else (24, 14)
        self._whole.setContentsMargins(side, top, side, theme.GAP)

    @override
    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._margins()
        if self._stale:
            self._stale = False
            self.refresh()

    @override
    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Resize:
            self._margins()
        return super().event(event)


def focus_first(widget: QWidget) -> bool:
    """Give the focus to a pane: to what it names by its focus proxy, otherwise to its first control,
    as Tab would; False when it has none.
    """
    named = widget.focusProxy()
    for child in [
        *([named] if isinstance(named, QWidget) else []),
        widget,
        *widget.findChildren(QWidget),
    ]:
        if (
            child.isVisibleTo(widget)
            and child.isEnabled()
            and (child.focusPolicy() & Qt.FocusPolicy.TabFocus)
        ):
            child.setFocus(Qt.FocusReason.TabFocusReason)
            return True
    return False
