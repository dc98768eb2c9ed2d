"""Who works here: names, roles, whether the account is open."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget
from typing_extensions import override

from clementine_crm.domain.agency import Right
from clementine_crm.queries.house import UserRow, users
from ui.context import UiContext
from ui.dialogs.password import PasswordDialog
from ui.models.plain import TableLine, TableModel, replace_lines
from ui.pages.administration_tab import AdminTab
from ui.pages.base import Action, Foot
from ui.ports import Desk
from ui.quantities import number
from ui.speech import say
from ui.widgets.card import Card
from ui.widgets.rows import Cell, CellTable, ChipSpec


class AccountsTab(AdminTab):
    """A list; inviting comes with the sharing of the base."""

    name = "accounts"
    needs = (Right.TRIAGE,)

    def __init__(self, ctx: UiContext, desk: Desk) -> None:
        super().__init__(ctx, desk)
        heads = [say(f"administration.account_{h}") for h in ("name", "email", "roles", "state")]
        self.model: TableModel[UserRow] = TableModel(heads, self)
        self.table = CellTable(say("administration.tab_accounts"))
        self.table.setModel(self.model)
        for column, wide in enumerate((220, 280, 260)):
            self.table.setColumnWidth(column, wide)
        self.card = Card(say("administration.accounts"), flush=True)
        self.card.body.addWidget(self.table)
        self.row.addWidget(self.card)

    @override
    def refresh(self) -> None:
        self.ctx.read(users, owner=self, on_result=self._show, slot="users")

    def _show(self, found: list[UserRow]) -> None:
        replace_lines(self.table, self.model, [_line(user) for user in found])
        self.card.set_title(say("administration.accounts"), number(len(found)))
        self.foot_changed.emit()

    @override
    def foot(self) -> Foot:
        change = Action(say("account.password"), self._password, "P", "key")
        return Foot(change, note=say("administration.accounts_note"))

    def _password(self) -> None:
        sheet = PasswordDialog(self.desk.passwords, self.ctx.runner, self.window())
        sheet.changed.connect(lambda: self.ctx.frame.tell(say("password.changed")))
        sheet.open()

    @override
    def panes(self) -> list[QWidget]:
        return [self.table]


def _line(user: UserRow) -> TableLine[UserRow]:
    roles = ", ".join(say(f"roles.{role}") for role in user.roles)
    chip = ChipSpec(say("administration.account_open"), "good", "check")
    if not user.active:
        chip = ChipSpec(say("administration.account_closed"), "stop", "alert")
    cells = (
        Cell(user.name, strong=True),
        Cell(user.email, soft=True),
        Cell(roles),
        Cell(chip=chip),
    )
    return TableLine(user.id, user, cells, (user.name.casefold(), user.email, roles, user.active))
