"""What a tab of Administration is to its page."""

from __future__ import annotations

from typing import ClassVar

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QWidget

from clementine_crm.domain.agency import Right
from ui import theme
from ui.context import UiContext
from ui.pages.base import Foot
from ui.ports import Desk
from ui.speech import say


class AdminTab(QWidget):
    """``needs`` are the rights of which one shows it. Signals: ``foot_changed()``, ``count_changed()``."""

    foot_changed = Signal()
    count_changed = Signal()
    name: ClassVar[str] = ""
    needs: ClassVar[tuple[Right, ...]] = ()

    def __init__(self, ctx: UiContext, desk: Desk) -> None:
        super().__init__()
        self.ctx, self.desk = ctx, desk
        self.count = ""
        self.row = QHBoxLayout(self)
        self.row.setContentsMargins(0, 0, 0, 0)
        self.row.setSpacing(theme.GAP)

    @classmethod
    def seen(cls, ctx: UiContext) -> bool:
        """Whether who works here sees it."""
        return any(ctx.may(right) for right in cls.needs)

    def refuses(self, right: Right) -> str:
        """Why an act is grey, "" when it is not."""
        return "" if self.ctx.may(right) else say("ui_errors.not_allowed_title")

    def set_count(self, count: int) -> None:
        """The counter beside the tab's name; 0 shows none."""
        text = str(count) if count else ""
        if text != self.count:
            self.count = text
            self.count_changed.emit()

    def refresh(self) -> None:
        """Fetch again."""

    def foot(self) -> Foot:
        """Its acts."""
        return Foot()

    def keys(self) -> list[tuple[str, str]]:
        """Its keys beyond the foot."""
        return []

    def panes(self) -> list[QWidget]:
        """Where F6 goes."""
        return [self]
