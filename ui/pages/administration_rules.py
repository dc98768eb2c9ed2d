"""Who treats what comes in: a small table of rules, the first that fits gives the consultant."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QGridLayout, QLineEdit, QScrollArea, QVBoxLayout, QWidget
from typing_extensions import override

from clementine_crm.domain.agency import Right
from clementine_crm.domain.triage import TriageRule
from clementine_crm.queries.house import UserRow, settings, users
from clementine_crm.queries.reading import Reading
from clementine_crm.services.agencies import ChangeSetting
from ui import theme
from ui.context import UiContext
from ui.pages.administration_tab import AdminTab
from ui.pages.base import Action, Foot, focus_first
from ui.ports import Desk
from ui.quantities import number
from ui.speech import say
from ui.widgets.button import IconButton
from ui.widgets.card import Card
from ui.widgets.field import Choice
from ui.widgets.text import Text

SETTING = "triage.rules"
PATTERNS = ("form", "subject", "company", "position", "reference")


@dataclass(frozen=True)
class Known:
    """The rules as they stand, and who may be named in them."""

    rules: tuple[TriageRule, ...]
    users: tuple[UserRow, ...]


def known(reading: Reading) -> Known:
    """Read both; a rule that an older program wrote is taken as far as it goes."""
    stored = json.loads(settings(reading).get(SETTING, "[]"))
    wanted = ("consultant", *PATTERNS)
    rules = [TriageRule(**{k: str(v) for k, v in rule.items() if k in wanted}) for rule in stored]
    return Known(tuple(rules), tuple(user for user in users(reading) if user.active))


class RuleLine(QWidget):
    """One rule: who, and the words that name their items."""

    changed = Signal()

    def __init__(self, rule: TriageRule, who: Sequence[tuple[str, object]]) -> None:
        super().__init__()
        entries = list(who)
        if rule.consultant and all(value != rule.consultant for _, value in entries):
            # Somebody who left: shown, so that it can be mended.
            entries.append((rule.consultant, rule.consultant))
        self.who = Choice(say("administration.rule_consultant"), entries)
        self.who.setCurrentIndex(max(0, self.who.findData(rule.consultant)))
        self.who.currentIndexChanged.connect(lambda _at: self.changed.emit())
        self.boxes: dict[str, QLineEdit] = {}
        for name in PATTERNS:
            box = QLineEdit(getattr(rule, name))
            box.setFont(theme.font())
            box.setAccessibleName(say(f"administration.rule_{name}"))
            box.setMaxLength(500)
            box.setCursorPosition(0)
            box.textEdited.connect(lambda _text: self.changed.emit())
            self.boxes[name] = box

    def rule(self) -> TriageRule:
        """As it stands on screen."""
        words = {name: box.text().strip() for name, box in self.boxes.items()}
        return TriageRule(str(self.who.currentData() or ""), **words)


class RulesTab(AdminTab):
    """Edited as a whole and saved as a whole; the order counts."""

    name = "rules"
    needs = (Right.PLUGINS,)

    def __init__(self, ctx: UiContext, desk: Desk) -> None:
        super().__init__(ctx, desk)
        self._known: Known | None = None
        self.lines: list[RuleLine] = []
        self.card = Card(say("administration.rules"))
        self.card.body.addWidget(Text(say("administration.rules_text"), "body", "soft", wrap=True))
        self._grid_widget = QWidget()
        column = QVBoxLayout(self._grid_widget)
        column.setContentsMargins(0, 0, 12, 0)
        self._grid = QGridLayout()
        self._grid.setHorizontalSpacing(8)
        self._grid.setVerticalSpacing(8)
        column.addLayout(self._grid)
        self._none = Text(say("administration.no_rule"), "body", "soft", wrap=True)
        column.addWidget(self._none)
        column.addStretch(1)
        scroll = QScrollArea()
        scroll.setWidgetResizable(True)
        scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        scroll.setWidget(self._grid_widget)
        # Qt fills what scrolls: here the card shows through.
        scroll.viewport().setAutoFillBackground(False)
        self._grid_widget.setAutoFillBackground(False)
        self.card.body.addWidget(scroll, 1)
        self.row.addWidget(self.card)

    @classmethod
    @override
    def seen(cls, ctx: UiContext) -> bool:
        # The rules name colleagues: whoever may not list them does not see the rules either.
        return ctx.may(Right.PLUGINS) and ctx.may(Right.TRIAGE)

    @override
    def refresh(self) -> None:
        if not self._dirty():
            self.ctx.read(known, owner=self, on_result=self._show, slot="rules")

    def _show(self, found: Known) -> None:
        self._known = found
        self._draw(found.rules)

    def _who(self) -> list[tuple[str, object]]:
        people = self._known.users if self._known else ()
        return [(user.name or user.email, user.email) for user in people]

    def _draw(self, rules: Sequence[TriageRule]) -> None:
        while self._grid.count():
            item = self._grid.takeAt(0)
            widget = item.widget() if item is not None else None
            if widget is not None:
                widget.hide()
                widget.deleteLater()
        who = self._who()
        self.lines = [RuleLine(rule, who) for rule in rules]
        if rules:
            for column, name in enumerate(("consultant", *PATTERNS)):
                self._grid.addWidget(
                    Text(say(f"administration.rule_{name}"), "head", "soft"), 0, column
                )
        for row, line in enumerate(self.lines, start=1):
            self._grid.addWidget(line.who, row, 0)
            for column, box in enumerate(line.boxes.values(), start=1):
                self._grid.addWidget(box, row, column)
                # References come in lists.
                self._grid.setColumnStretch(column, 2 if column == len(PATTERNS) else 1)
            up = IconButton("up", say("administration.rule_up", row=row), height=36,
                            on_click=partial(self._move, row - 1))  # fmt: skip
            up.setEnabled(row > 1)
            drop = IconButton("x", say("administration.rule_drop", row=row), height=36,
                              on_click=partial(self._drop, row - 1))  # fmt: skip
            self._grid.addWidget(up, row, 6)
            self._grid.addWidget(drop, row, 7)
            line.changed.connect(self.foot_changed)
        self._none.setVisible(not rules)
        self.card.set_title(say("administration.rules"), number(len(rules)) if rules else "")
        self.foot_changed.emit()

    def rules(self) -> tuple[TriageRule, ...]:
        """The rules on screen, in their order."""
        return tuple(line.rule() for line in self.lines)

    def _dirty(self) -> bool:
        return self._known is not None and self.rules() != self._known.rules

    def _move(self, at: int) -> None:
        rules = list(self.rules())
        rules[at - 1], rules[at] = rules[at], rules[at - 1]
        self._draw(rules)
        focus_first(self.lines[at - 1].who)

    def _drop(self, at: int) -> None:
        rules = list(self.rules())
        before = tuple(rules)
        rules.pop(at)
        self._draw(rules)
        self.ctx.frame.offer_undo(say("administration.rule_dropped"), lambda: self._draw(before))

    def add(self) -> None:
        """One more, at the end."""
        who = self._who()
        first = str(who[0][1]) if who else ""
        self._draw([*self.rules(), TriageRule(first)])
        self.lines[-1].who.setFocus()

    def _empty_rule(self) -> str:
        for row, rule in enumerate(self.rules(), start=1):
            if not any(getattr(rule, name).strip("*, ") for name in PATTERNS):
                return say("administration.rule_empty", row=row)
        return ""

    @override
    def foot(self) -> Foot:
        clean = "" if self._dirty() else say("administration.nothing_changed")
        save = Action(say("administration.save"), self.save, "Ctrl+Return", "check",
                      reason=clean or self._empty_rule())  # fmt: skip
        add = Action(say("administration.rule_add"), self.add, "A", "plus")
        back = Action(say("administration.rule_back"), self._back, reason=clean)
        return Foot(save, (add, back), note=self._empty_rule() or say("administration.rules_note"))

    def _back(self) -> None:
        if self._known is not None:
            self._draw(self._known.rules)

    def save(self) -> None:
        """Store them all; they count for what comes in from now on."""
        rules = self.rules()
        text = json.dumps([asdict(rule) for rule in rules], ensure_ascii=False)

        def done(_none: None) -> None:
            if self._known is not None:
                self._known = Known(rules, self._known.users)
            self.ctx.frame.tell(say("administration.rules_saved", n=len(rules)))
            self.foot_changed.emit()

        self.ctx.dispatch(ChangeSetting(SETTING, text), owner=self, on_done=done)

    @override
    def panes(self) -> list[QWidget]:
        return [self.card]
