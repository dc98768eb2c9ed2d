"""The sheets of triage: which mission, what is missing, which value is right, what proves it."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QPlainTextEdit, QVBoxLayout, QWidget
from typing_extensions import override

from clementine_crm.errors import ClementineError, StaleData, ValidationError
from clementine_crm.queries.inbox import ItemView
from clementine_crm.queries.missions import MissionRow
from clementine_crm.services.triage import AskForMore
from clementine_crm.services.waiting import CorrectItem, ReadAgain, ValueEdit
from ui import theme
from ui.context import UiContext
from ui.errors import sentence
from ui.pages.triage_words import FIELDS_OF, known_or, lines_of, source_name, title_of
from ui.speech import say, words
from ui.widgets.button import Button
from ui.widgets.decision import Decision
from ui.widgets.fact_list import Fact
from ui.widgets.field import Field
from ui.widgets.question import Sheet
from ui.widgets.text import Text
from ui.widgets.typed_choice import Choosable, TypedChoice

NO_MISSION = ""
LISTS = frozenset({"email", "phone", "company", "diploma", "skill", "language", "link"})


class MissionSheet(Sheet):
    """For which mission: nearest first, typed; or for none. Signal: ``chosen(reference)``."""

    chosen = Signal(str)

    def __init__(self, view: ItemView, missions: Sequence[MissionRow], parent: QWidget) -> None:
        title = say("mission_sheet.title", name=title_of(view.row))
        super().__init__(title, parent, width=600)
        self.choice = TypedChoice(say("mission_sheet.field"), mission_entries(view, missions),
                                  ghost=say("mission_sheet.ghost"))  # fmt: skip
        self.note = Text(say("mission_sheet.note"), "second", "soft", wrap=True)
        self.choice.taken.connect(self._take)
        self.column.addWidget(self.choice)
        self.column.addWidget(self.note)
        row = QHBoxLayout()
        self.keep = Button(say("mission_sheet.keep"), "filled", key="Return",
                           on_click=self.choice.take)  # fmt: skip
        row.addWidget(self.keep)
        row.addWidget(Button(say("ui.cancel"), key="Esc", on_click=self.reject))
        row.addStretch(1)
        self.column.addLayout(row)
        self.choice.setFocus()

    def _take(self, reference: object) -> None:
        self.accept()
        self.chosen.emit(str(reference))


def mission_entries(view: ItemView, missions: Sequence[MissionRow]) -> list[Choosable]:
    """The item's own mission, the nearest ones, every other open one, then none at all."""
    hints = {hint.reference: hint for hint in view.hints}
    own = view.mission.reference if view.mission is not None else ""

    def rank(mission: MissionRow) -> tuple[bool, int]:
        place = list(hints).index(mission.reference) if mission.reference in hints else len(hints)
        return mission.reference != own, place

    found = []
    for mission in sorted((m for m in missions if m.open), key=rank):
        chip = ""
        if mission.reference == own:
            chip = say("mission_sheet.own")
        elif mission.reference in hints:
            chip = known_or(f"facing.because_{hints[mission.reference].because}", "")
        found.append(
            Choosable(mission.reference, f"{mission.reference} · {mission.title}", mission.client,
                      "mission", chip)
        )  # fmt: skip
    asks = say("mission_sheet.none_agreed" if view.keep_until else "mission_sheet.none_asks")
    found.append(Choosable(NO_MISSION, say("mission_sheet.none"), asks, "person"))
    return found


class AskSheet(Decision):
    """What is missing, in one's own words; the letter around it is written from the template."""

    def __init__(self, ctx: UiContext, view: ItemView, on_done: Callable[[], None],
                 parent: QWidget) -> None:  # fmt: skip
        super().__init__(say("ask.title", name=title_of(view.row)), say("ask.act"), parent)
        self._ctx, self._view, self._on_done = ctx, view, on_done
        self.column.addWidget(Text(say("ask.to", email=view.emails[0]), "second", "soft"))
        label = Text(say("ask.missing"), "second", "soft")
        self.missing = QPlainTextEdit()
        self.missing.setAccessibleName(say("ask.missing"))
        self.missing.setPlaceholderText(say("ask.ghost"))
        self.missing.setTabChangesFocus(True)
        self.missing.setFixedHeight(110)
        self.missing.setFont(theme.font())
        self.error = Text("", "second", "stop", wrap=True)
        self.error.setVisible(False)
        self.column.addWidget(label)
        self.column.addWidget(self.missing)
        self.column.addWidget(self.error)
        self.column.addWidget(Text(say("ask.note"), "second", "soft", wrap=True))
        self.close_with_buttons()
        self.missing.setFocus()

    @override
    def do(self) -> None:
        """Write the letter; the item stays in the queue."""
        self.act.set_reason(say("ask.working"))
        command = AskForMore((self._view.row.id,), self.missing.toPlainText().strip())
        self._ctx.dispatch(command, owner=self, on_done=lambda _n: self._done(),
                           on_error=self._failed)  # fmt: skip

    def _done(self) -> None:
        self.accept()
        self._on_done()

    def _failed(self, error: Exception) -> None:
        self.act.set_reason("")
        self.error.setText(sentence(error, words()))
        self.error.setVisible(True)


class CorrectSheet(Decision):
    """F2: one fact, its values, and the line they were read from."""

    def __init__(self, ctx: UiContext, view: ItemView, fact: Fact, parent: QWidget) -> None:
        super().__init__(say("correct.title", fact=fact.label.lower()), say("correct.act"), parent,
                         width=480)  # fmt: skip
        self._ctx, self._view = ctx, view
        self.fields: dict[str, Field] = {}
        self._was: dict[str, tuple[str, ...]] = {}
        for name in FIELDS_OF.get(fact.name, (fact.name,)):
            held = tuple(line.value for line in view.fields if line.name == name)
            self._was[name] = held
            shown = ", ".join(held) if name in LISTS else next(iter(held), "")
            field = Field(say(f"facts.{name}"), text=shown)
            self.fields[name] = field
            self.column.addWidget(field)
        quote = next((line.quote for line in lines_of(view, fact.name) if line.quote), "")
        if quote:
            self.column.addWidget(
                Text(say("correct.read", quote=quote), "second", "soft", wrap=True)
            )
        if fact.name in LISTS:
            self.column.addWidget(Text(say("correct.list"), "second", "soft", wrap=True))
        self.close_with_buttons()
        first = next(iter(self.fields.values()))
        first.setFocus()
        first.box.selectAll()
        for field in self.fields.values():
            field.box.returnPressed.connect(self._press)

    def edits(self) -> tuple[ValueEdit, ...]:
        """What was changed."""
        found = []
        for name, field in self.fields.items():
            text, was = field.text().strip(), self._was[name]
            if name in LISTS:
                now = tuple(filter(None, (part.strip() for part in text.split(","))))
            else:
                # Only the value that counts is edited; others read elsewhere give way to it.
                now = (text, *was[1:]) if text and was and was[0] == text else (text,)
            if now != was and (any(now) or was):
                found.append(ValueEdit(name, was, now))
        return tuple(found)

    @override
    def do(self) -> None:
        """Write the correction; nothing changed closes the sheet."""
        edits = self.edits()
        if not edits:
            self.accept()
            return
        self.act.set_reason(say("ask.working"))
        self._ctx.dispatch(CorrectItem(self._view.row.id, edits), owner=self,
                           on_done=lambda _id: self.accept(), on_error=self._failed)  # fmt: skip

    def _failed(self, error: Exception) -> None:
        self.act.set_reason("")
        name = ""
        if isinstance(error, ValidationError):
            name = error.field
        elif isinstance(error, StaleData):
            name = str(error.params.get("cell", ""))
        field = self.fields.get(name) or next(iter(self.fields.values()))
        field.set_error(sentence(error, words()))
        field.setFocus()


class PasswordSheet(Decision):
    """A protected file: its password, which is kept nowhere."""

    def __init__(self, ctx: UiContext, view: ItemView, file: str, parent: QWidget) -> None:
        super().__init__(say("reread.password_title", file=file), say("reread.act"), parent,
                         width=480)  # fmt: skip
        self._ctx, self._view = ctx, view
        self.password = Field(say("reread.password"), secret=True)
        self.column.addWidget(self.password)
        self.column.addWidget(Text(say("reread.password_note"), "second", "soft", wrap=True))
        self.close_with_buttons()
        self.password.box.returnPressed.connect(self._press)
        self.password.setFocus()

    @override
    def do(self) -> None:
        """Read it with this password."""
        self.act.set_reason(say("ask.working"))
        command = ReadAgain((self._view.row.id,), self.password.text())
        self._ctx.dispatch(command, owner=self, on_done=self._done, on_error=self._failed)

    def _done(self, read: int) -> None:
        if read:
            self.accept()
            return
        self.act.set_reason("")
        self.password.set_error(say("reread.wrong"))

    def _failed(self, error: Exception) -> None:
        self.act.set_reason("")
        if isinstance(error, ClementineError):
            self.password.set_error(sentence(error, words()))
        else:
            self._ctx.frame.show_error(error)


class ProofSheet(Sheet):
    """The boxes the person ticked or left, word for word."""

    def __init__(self, view: ItemView, parent: QWidget) -> None:
        super().__init__(say("proof.title", name=title_of(view.row)), parent, width=560)
        self.column.setSpacing(theme.SPACE[2])
        for box in view.boxes:
            self.column.addWidget(_quoted(box.label, box.answer))
            line = say("proof.box", form=known_or(f"forms.{box.form}", box.form or source_name(view.row.source)),
                       version=box.version or say("lawful.no_version"))  # fmt: skip
            self.column.addWidget(Text(line, "second", "soft", wrap=True))
        if view.evidence:
            self.column.addWidget(Text(say("proof.message", evidence=view.evidence), "second",
                                       "soft", wrap=True))  # fmt: skip
        self.leave = Button(say("ui.close"), key="Esc", on_click=self.reject)
        self.column.addWidget(self.leave, 0, Qt.AlignmentFlag.AlignLeft)
        self.leave.setFocus()


def _quoted(label: str, answer: str) -> QWidget:
    holder = QWidget()
    column = QVBoxLayout(holder)
    column.setContentsMargins(0, 0, 0, 0)
    column.setSpacing(2)
    column.addWidget(Text(say("proof.quoted", text=label), wrap=True))
    # A form may send the label itself for a ticked box.
    told = say("proof.ticked") if answer.strip() == label.strip() else answer
    column.addWidget(Text(say("proof.answer", answer=told), "strong", wrap=True))
    return holder
