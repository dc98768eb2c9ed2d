"""Administration: is everything safe? The title is the verdict; what demands attention comes first."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtWidgets import QStackedWidget, QWidget
from typing_extensions import override

from ui.context import Change, UiContext
from ui.pages.administration_accounts import AccountsTab
from ui.pages.administration_copies import CopiesTab
from ui.pages.administration_house import HouseTab
from ui.pages.administration_outbox import OutboxTab
from ui.pages.administration_plugins import PluginsTab
from ui.pages.administration_rules import RulesTab
from ui.pages.administration_tab import AdminTab
from ui.pages.base import Foot, Page
from ui.ports import Check, Desk
from ui.speech import say
from ui.widgets.tabs import Tabs

TABS: tuple[type[AdminTab], ...] = (
    HouseTab, CopiesTab, PluginsTab, RulesTab, AccountsTab, OutboxTab,
)  # fmt: skip


class AdministrationPage(Page):
    """One tab a question; somebody sees those of their rights."""

    def __init__(self, ctx: UiContext, desk: Desk) -> None:
        super().__init__(ctx)
        self.tabs_shown = [kind(ctx, desk) for kind in TABS if kind.seen(ctx)]
        self.tabs = Tabs([(say(f"administration.tab_{t.name}"), "") for t in self.tabs_shown])
        self.tabs.chosen.connect(self._turn)
        self._stack = QStackedWidget()
        for tab in self.tabs_shown:
            self._stack.addWidget(tab)
            tab.foot_changed.connect(self.foot_changed)
            tab.count_changed.connect(self._count)
        self.content.addWidget(self.tabs)
        self.content.addWidget(self._stack, 1)
        for house in self.tabs_shown:
            if isinstance(house, HouseTab):
                house.judged.connect(self._verdict)
        self.set_title(say("shell.administration"), say("administration.looking"))

    @property
    def tab(self) -> AdminTab:
        """The tab on screen."""
        return self.tabs_shown[max(0, self.tabs.current())]

    def _turn(self, place: int) -> None:
        self._stack.setCurrentIndex(place)
        self.tab.refresh()
        self.foot_changed.emit()

    def _count(self) -> None:
        self.tabs.set_names(
            [(say(f"administration.tab_{t.name}"), t.count) for t in self.tabs_shown]
        )

    def _verdict(self, checks: Sequence[Check]) -> None:
        wrong = [check for check in checks if not check.ok]
        if not wrong:
            self.set_title(say("administration.in_order"), say("administration.in_order_note"))
            return
        names = ", ".join(say(f"doctor.name_{check.name}") for check in wrong)
        self.set_title(say("administration.attention", n=len(wrong)), names)

    @override
    def affects(self, change: Change) -> bool:
        return change.touches("agency", "backup", "inbox", "candidate")

    @override
    def refresh(self) -> None:
        self.tab.refresh()

    @override
    def open_at(self, argument: object) -> None:
        for place, tab in enumerate(self.tabs_shown):
            if tab.name == argument:
                self.tabs.choose(place)

    @override
    def foot(self) -> Foot:
        return self.tab.foot()

    @override
    def keys(self) -> list[tuple[str, str]]:
        return self.tab.keys()

    @override
    def panes(self) -> list[QWidget]:
        return [self.tabs, *self.tab.panes()]
