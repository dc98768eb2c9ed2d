"""The two menus of the top bar: what may be made (Nouveau), and the person's own (language, look,
password, lock)."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QPoint
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMenu, QWidget

from clementine_crm.domain.agency import Right
from clementine_crm.words import LANGUAGES
from ui import icons
from ui.dialogs.password import PasswordDialog
from ui.palette import Act
from ui.preferences import LOOKS
from ui.shell import Shell
from ui.speech import say, words

if TYPE_CHECKING:
    from ui.app import App

NEW = (
    ("person", "person", "candidates", Right.EDIT_PERSONS),
    ("mission", "mission", "missions", Right.EDIT_MISSIONS),
    ("client", "client", "clients", Right.EDIT_MISSIONS),
    ("task", "check", "today", Right.EDIT_PERSONS),
    ("import", "upload", "import", Right.IMPORT),
)
"""What Nouveau offers: its word, icon, the place whose page makes it, the right it asks for."""


class Account(QObject):
    """Built once for the window; the menus are built when they are asked for."""

    def __init__(self, app: App) -> None:
        super().__init__(app)
        self._app = app

    def offer_new(self) -> QMenu | None:
        """Ctrl N: what this person may make here."""
        shell = self._shell
        if shell is None:
            return None
        menu = QMenu(shell)
        for word, icon, place, right in NEW:
            if shell.has(place) and shell.ctx.may(right):
                act = menu.addAction(icons.icon(icon, "ink", 16), say(f"new.{word}"))
                act.triggered.connect(partial(self.make_new, place))
        return self._open(menu, shell.top.new)

    def offer_menu(self) -> QMenu | None:
        """The person's own menu."""
        shell = self._shell
        if shell is None:
            return None
        menu = QMenu(shell)
        self._choices(
            menu, "language", [(lang, say(f"account.{lang}")) for lang in LANGUAGES],
            words().lang, lambda lang: self._app.prefer(lang=lang),
        )  # fmt: skip
        self._choices(
            menu, "look", [(look, say(f"account.{look}")) for look in LOOKS],
            self._app.preferences.look, lambda look: self._app.prefer(look=look),
        )  # fmt: skip
        menu.addSeparator()
        menu.addAction(icons.icon("key", "ink", 16), say("account.password"), self.change_password)
        menu.addSeparator()
        # The keys are the window's own: shown here, they would answer twice.
        menu.addAction(
            icons.icon("lock", "ink", 16), f"{say('account.lock')}\tCtrl+L"
        ).triggered.connect(self._app.lock)
        menu.addAction(f"{say('account.quit')}\tCtrl+Q").triggered.connect(self._app.quit)
        return self._open(menu, shell.top.person)

    def acts(self, shell: Shell) -> list[Act]:
        """Everything that can be done from anywhere, for the palette."""
        found = [
            Act(say(f"palette.new_{word}"), icon, partial(self.make_new, place))
            for word, icon, place, right in NEW
            if shell.has(place) and shell.ctx.may(right)
        ]
        found += [
            Act(
                say("palette.go", place=say(place.key)),
                place.icon,
                partial(shell.go, place.name),
                key,
            )
            for place, key in shell.listed()
        ]
        found.append(Act(say("account.password"), "key", self.change_password))
        found.append(Act(say("account.lock"), "lock", self._app.lock, "Ctrl+L"))
        return found

    def change_password(self, *, must: bool = False) -> PasswordDialog | None:
        """One's own password; one that was given by somebody else is changed first or locks."""
        sitting = self._app.sitting
        if sitting is None:
            return None
        sheet = PasswordDialog(sitting.desk.passwords, sitting.runner, self._app.window, must=must)
        if must:
            sheet.rejected.connect(self._app.lock)
        sheet.changed.connect(lambda: sitting.ctx.frame.tell(say("password.changed")))
        sheet.open()
        return sheet

    @property
    def _shell(self) -> Shell | None:
        return self._app.sitting.shell if self._app.sitting is not None else None

    def make_new(self, place: str, _checked: bool = False) -> None:
        """Open a place and let it ask for something new."""
        shell = self._shell
        if shell is not None:
            shell.go(place)
            shell.page(place).make_new()

    @staticmethod
    def _choices(
        menu: QMenu,
        title: str,
        choices: list[tuple[str, str]],
        now: str,
        choose: Callable[[str], object],
    ) -> None:
        menu.addSection(say(f"account.{title}"))
        for value, text in choices:
            act = QAction(text, menu, checkable=True, checked=value == now)
            act.triggered.connect(lambda _=False, to=value: choose(to))
            menu.addAction(act)

    @staticmethod
    def _open(menu: QMenu, under: QWidget) -> QMenu:
        menu.aboutToHide.connect(menu.deleteLater)
        wide = menu.sizeHint().width()
        menu.popup(under.mapToGlobal(QPoint(under.width() - wide, under.height() + 2)))
        return menu
