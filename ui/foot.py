"""The foot: the main act filled at the left, at most four others, the destructive one at the right."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QResizeEvent, QShortcut
from PySide6.QtWidgets import QApplication, QHBoxLayout, QMenu, QWidget
from typing_extensions import override

from ui import theme
from ui.keys import bind, key_text
from ui.pages.base import Action, Foot
from ui.speech import say
from ui.widgets.button import Button, IconButton
from ui.widgets.layouts import empty
from ui.widgets.text import Text

OTHERS = 4
RETURN = ("Return", "Enter")


class FootBar(QWidget):
    """Shows a ``Foot`` and owns its keys, so that an act in "…" still answers to its key.

    ``cover`` says when keys sleep (something stands above the page).
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._foot = Foot()
        self._shortcuts: list[QShortcut] = []
        self._others: list[Button] = []
        self._more: IconButton | None = None
        self._note: Text | None = None
        self._row = QHBoxLayout(self)
        self._row.setSpacing(10)
        self.covered: Callable[[], bool] = lambda: False
        self.setAccessibleName(say("shell.foot"))
        self._size(small=False)

    def set_small(self, *, small: bool) -> None:
        """52 px below 1366 px wide, 60 otherwise."""
        self._size(small=small)

    def _size(self, *, small: bool) -> None:
        self.setFixedHeight(theme.FOOT_SMALL if small else theme.FOOT)
        side = 16 if small else 24
        self._row.setContentsMargins(side, 1, side, 0)

    def set_foot(self, foot: Foot) -> None:
        """Show other acts. The focus, when it was on one of them, goes to its successor."""
        if foot == self._foot and self._row.count() and self._same_runs(foot):
            return
        had = QApplication.focusWidget()
        text = had.text() if isinstance(had, Button) and self.isAncestorOf(had) else ""
        self._clear()
        self._foot = foot
        if foot.main:
            self._row.addWidget(self._button(foot.main, "filled"))
        for action in foot.others[:OTHERS]:
            button = self._button(action, "outlined")
            self._others.append(button)
            self._row.addWidget(button)
        self._more = IconButton("more", say("ui.more"), height=36, on_click=self._open_more)
        self._row.addWidget(self._more)
        self._row.addStretch(1)
        if foot.note:
            self._note = Text(foot.note, "second", "soft", elide=True)
            self._row.addWidget(self._note, 100)
        if foot.danger:
            self._row.addWidget(self._button(foot.danger, "danger"))
        self._fit()
        for button in self._buttons():
            if text and button.text() == text:
                button.setFocus()

    def _buttons(self) -> list[Button]:
        """Those on show now; the former ones may still wait to be deleted."""
        widgets = [item.widget() for n in range(self._row.count()) if (item := self._row.itemAt(n))]
        return [widget for widget in widgets if isinstance(widget, Button)]

    def _same_runs(self, foot: Foot) -> bool:
        mine = (self._foot.main, *self._foot.others, self._foot.danger)
        other = (foot.main, *foot.others, foot.danger)
        return all((a and a.run) == (b and b.run) for a, b in zip(mine, other, strict=True))

    def _clear(self) -> None:
        for shortcut in self._shortcuts:
            shortcut.setEnabled(False)
            shortcut.deleteLater()
        self._shortcuts.clear()
        self._others.clear()
        self._note = self._more = None
        empty(self._row)

    def _button(self, action: Action, kind: str) -> Button:
        button = Button(action.text, "outlined", icon=action.icon, key=action.key)
        button.set_kind(
            "filled" if kind == "filled" else "danger" if kind == "danger" else "outlined"
        )
        if kind == "danger" and not action.icon:
            button.icon_name = "erase"
        button.clicked.connect(lambda _=False: action.run())
        button.set_reason(action.reason)
        button.setObjectName(f"foot:{action.key}")
        if action.key and not action.reason:
            keys = RETURN if action.key == "Return" else (action.key,)
            for one in keys:
                self._shortcuts.append(bind(self, one, partial(self._press, action)))
        return button

    def _press(self, action: Action) -> None:
        if self.covered():
            return
        focused = QApplication.focusWidget()
        # Entrée on a button is that button, whatever the main act is.
        if action.key == "Return" and isinstance(focused, Button) and focused.isEnabled():
            focused.click()
            return
        action.run()

    def _fit(self) -> None:
        """Hide from the last what does not fit; the main act never goes."""
        if self._more is None:
            return
        margins = self._row.contentsMargins()
        room = self.width() - margins.left() - margins.right()
        gap = self._row.spacing()
        fixed = 120 if self._note else 0
        for button in self._buttons():
            if button not in self._others and button is not self._more:
                fixed += button.sizeHint().width() + gap
        widths = [button.sizeHint().width() + gap for button in self._others]
        shown = len(widths)
        more = self._more.sizeHint().width() + gap
        while shown and fixed + sum(widths[:shown]) + (more if shown < len(widths) else 0) > room:
            shown -= 1
        for place, button in enumerate(self._others):
            button.setVisible(place < shown)
        self._more.setVisible(shown < len(widths))

    def _open_more(self) -> None:
        if self._more is None:
            return
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        for button, action in zip(self._others, self._foot.others, strict=False):
            if button.isHidden():
                label = f"{action.text}\t{key_text(action.key)}" if action.key else action.text
                entry = menu.addAction(label.replace("&", "&&"))
                entry.setEnabled(not action.reason)
                entry.triggered.connect(lambda _=False, run=action.run: run())
        menu.popup(self._more.mapToGlobal(QPoint(0, -menu.sizeHint().height())))

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(self.rect(), theme.colour("card"))
        painter.fillRect(0, 0, self.width(), 1, theme.colour("line"))
