"""The right pane of triage: what was read, what the mission asks, the right to keep, already known?"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QGridLayout, QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from clementine_crm.queries.inbox import ItemView
from clementine_crm.queries.known import Known
from ui import theme
from ui.pages.triage_words import (
    evidence_of,
    facts_of,
    known_or,
    lawful_of,
    left_out,
    likely,
    lines_of,
    pairs_of,
)
from ui.speech import say
from ui.widgets.button import Button
from ui.widgets.card import Card
from ui.widgets.chip import Chip
from ui.widgets.compare import CompareGrid
from ui.widgets.criteria import CriteriaGrid
from ui.widgets.fact_list import Fact, FactList
from ui.widgets.field import Picture
from ui.widgets.layouts import empty
from ui.widgets.text import Text


class FactsPane(QWidget):
    """Cards under each other.

    Signals: ``pointed(Fact | None)``; ``correct_asked(Fact)``; ``proof_asked()``;
    ``mission_asked(str)`` a near mission was chosen; ``known_changed()`` another person, or none,
    is the one to join; ``compare_asked()`` their CV beside the one that came in.
    """

    pointed = Signal(object)
    correct_asked = Signal(object)
    proof_asked = Signal()
    mission_asked = Signal(str)
    known_changed = Signal()
    compare_asked = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.view: ItemView | None = None
        self._known: tuple[Known, ...] = ()
        self._known_at = 0
        self._apart = False
        self.facts = FactList(say("facts.title"))
        self.setFocusProxy(self.facts)
        self.facts.pointed.connect(self.pointed)
        self.facts.correct_asked.connect(self.correct_asked)
        self._read = self._read_card()
        self._mission = self._mission_card()
        self._lawful = self._lawful_card()
        self._same = self._known_card()
        inner = QWidget()
        self._column = QVBoxLayout(inner)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(theme.GAP)
        for card in (self._read, self._mission, self._lawful, self._same):
            self._column.addWidget(card)
        self._column.addStretch(1)
        scroll = QScrollArea()
        scroll.setWidgetResizable(True)
        scroll.setFrameShape(QFrame.Shape.NoFrame)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        scroll.setWidget(inner)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addWidget(scroll)
        self.setAccessibleName(say("facts.title"))

    # The cards, once.
    def _read_card(self) -> Card:
        self.correct = Button(say("facts.correct"), "link", key="F2", height=28,
                              on_click=self.ask_correction)  # fmt: skip
        card = Card(say("facts.title"), trailing=self.correct, flush=True)
        card.note.hide()
        card.body.addWidget(self.facts)
        self._left_out = QWidget()
        row = QHBoxLayout(self._left_out)
        row.setContentsMargins(14, 2, 14, 8)
        row.setSpacing(6)
        row.addWidget(Picture("lock", "ink_soft", 13), 0, Qt.AlignmentFlag.AlignTop)
        self._left_text = Text("", "second", "soft", wrap=True)
        row.addWidget(self._left_text, 1)
        card.body.addWidget(self._left_out)
        card.body.addSpacing(4)
        return card

    def _mission_card(self) -> Card:
        card = Card(say("facing.none"))
        self._met = Chip("", "good")
        _beside_title(card, self._met)
        self._criteria = CriteriaGrid()
        self._facing = Text("", "second", "soft", wrap=True)
        self._hints = QVBoxLayout()
        self._hints.setSpacing(2)
        for widget in (self._criteria, self._facing):
            card.body.addWidget(widget)
        card.body.addLayout(self._hints)
        return card

    def _lawful_card(self) -> Card:
        card = Card(say("lawful.title"))
        self._ground = Chip("", "good")
        _beside_title(card, self._ground)
        self._evidence = Text("", "second", "soft", wrap=True)
        self._until = Text("", "second", wrap=True)
        self._proof = Button(say("lawful.proof"), "link", height=28,
                             on_click=self.proof_asked.emit)  # fmt: skip
        for text in (self._evidence, self._until):
            card.body.addWidget(text)
        card.body.addWidget(self._proof, 0, Qt.AlignmentFlag.AlignLeft)
        return card

    def _known_card(self) -> Card:
        card = Card(say("known.title"))
        self._doubles = Chip("", "care")
        _beside_title(card, self._doubles)
        self._because = Text("", "second", "soft", wrap=True)
        self._sides = CompareGrid()
        self._other = Button("", "link", height=28, on_click=self._next_known)
        self.apart = Button(say("known.apart"), "link", key="A", height=28,
                            on_click=self.toggle_apart)  # fmt: skip
        links = QHBoxLayout()
        links.setSpacing(8)
        self.compare = Button(say("versions.compare_known"), "link", key="C", height=28,
                              on_click=self.compare_asked.emit)  # fmt: skip
        links.addWidget(self.apart)
        links.addWidget(self._other)
        links.addStretch(1)
        card.body.addWidget(self._because)
        card.body.addWidget(self._sides)
        card.body.addWidget(self.compare, 0, Qt.AlignmentFlag.AlignLeft)
        card.body.addLayout(links)
        return card

    # One item.
    def show_item(self, view: ItemView | None, now: datetime) -> None:
        """Show what was read of an item; None blanks the pane."""
        self.view = view
        self.setVisible(view is not None)
        if view is None:
            self.facts.set_facts([])
            return
        self._known, self._known_at, self._apart = likely(view), 0, False
        self.facts.set_facts(facts_of(view))
        self._say_left_out(view)
        self._say_mission(view)
        self._say_lawful(view, now)
        self._say_known(view)
        # Who may be known is the first question; otherwise what was read is.
        order = (self._same, self._read) if self._known else (self._read, self._same)
        if self._column.indexOf(order[0]) != 0:
            self._column.removeWidget(self._same)
            self._column.insertWidget(0 if self._known else 3, self._same)

    def _say_left_out(self, view: ItemView) -> None:
        said = left_out(view)
        self._left_text.setText(said)
        self._left_out.setVisible(bool(said))

    def _say_mission(self, view: ItemView) -> None:
        empty(self._hints)
        mission, hints = view.mission, view.hints
        self._criteria.setVisible(bool(view.criteria))
        self._met.setVisible(bool(view.criteria))
        if mission is not None:
            self._mission.set_title(say("facing.title", reference=mission.reference))
            met = sum(c.found for c in view.criteria)
            self._met.set(say("facing.met", met=met, n=len(view.criteria)),
                          "good" if met else "neutral", "")  # fmt: skip
            self._criteria.set_criteria(view.criteria)
            key = "facing.note" if view.criteria else "facing.no_criteria"
            self._facing.setText(say(key, title=mission.title, client=mission.client or "–"))
        elif hints:
            self._mission.set_title(say("facing.near"))
            reference = view.row.reference
            self._facing.setText(say("facing.unknown", reference=reference) if reference
                                 else say("facing.near_note"))  # fmt: skip
            for hint in hints:
                text = f"{hint.reference} · {hint.title}"
                self._hints.addWidget(_Hint(text, known_or(f"facing.because_{hint.because}", ""),
                                            self._choose(hint.reference)))  # fmt: skip
        self._mission.setVisible(mission is not None or bool(hints))

    def _choose(self, reference: str) -> Callable[[], None]:
        return lambda: self.mission_asked.emit(reference)

    def _say_lawful(self, view: ItemView, now: datetime) -> None:
        lawful = lawful_of(view, now)
        self._ground.set(lawful.chip, lawful.kind)
        self._evidence.setText(lawful.evidence)
        self._until.setText(lawful.until)
        self._proof.setVisible(lawful.proof)

    def _say_known(self, view: ItemView) -> None:
        known = self.joined
        shown = self._known[self._known_at] if self._known else None
        self._sides.setVisible(known is not None)
        self.apart.setVisible(shown is not None)
        self.compare.setVisible(known is not None and any(text.strip() for _, text in view.texts))
        self._other.setVisible(len(self._known) > 1 and not self._apart)
        if shown is None:
            self._doubles.set(say("known.nobody"))
            self._because.setText(
                say("known.namesakes", n=len(view.known)) if view.known else say("known.compared")
            )
            return
        if known is None:
            self._doubles.set(say("known.other_person"))
            self._because.setText(say("known.apart_note"))
        else:
            self._doubles.set(say("known.maybe"), "care", "merge")
            self._because.setText(say("known.because", name=known.name, marks=evidence_of(known)))
            self._sides.set_pairs(say("known.left"), say("known.right"), pairs_of(known))
        self._other.setText(say("known.next", at=self._known_at + 1, n=len(self._known)))
        self.apart.setText(say("known.together" if self._apart else "known.apart"))

    # Who it is.
    @property
    def joined(self) -> Known | None:
        """The person that keeping would join; None keeps apart."""
        if self._apart or not self._known:
            return None
        return self._known[self._known_at]

    def toggle_apart(self) -> None:
        """It is somebody else, or the same person after all."""
        if self._known and self.view is not None:
            self._apart = not self._apart
            self._say_known(self.view)
            self.known_changed.emit()

    def _next_known(self) -> None:
        if self._known and self.view is not None:
            self._known_at = (self._known_at + 1) % len(self._known)
            self._say_known(self.view)
            self.known_changed.emit()

    # Facts.
    def ask_correction(self) -> None:
        """F2: correct the fact that is pointed at, otherwise the first that lacks a value."""
        chosen = self.facts.chosen()
        if chosen is None and self.facts.facts:
            facts = self.facts.facts
            chosen = next((fact for fact in facts if not fact.value), facts[0])
        if chosen is not None:
            self.correct_asked.emit(chosen)

    def light_word(self, words: set[str]) -> None:
        """Light the fact whose value holds one of these words (folded), if any."""
        found = ""
        if self.view is not None and words:
            for fact in self.facts.facts:
                if words & _words_of(self.view, fact):
                    found = fact.name
                    break
        self.facts.light(found)


def _beside_title(card: Card, chip: Chip) -> None:
    """Put a chip at the right of a card's title; the soft note that stands there is not needed."""
    card.note.hide()
    row = card.head.layout()
    if isinstance(row, QHBoxLayout):
        row.addWidget(chip)


def _words_of(view: ItemView, fact: Fact) -> set[str]:
    from ui.models.lit import tokens_of

    texts = [t for line in lines_of(view, fact.name) for t in (line.value, line.quote) if line.line]
    return {token.word for text in texts for token in tokens_of(text)}


class _Hint(QWidget):
    """A mission that may be meant: its name, why it is proposed, and the way to choose it."""

    def __init__(self, text: str, because: str, choose: Callable[[], None]) -> None:
        super().__init__()
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(6)
        grid.setVerticalSpacing(0)
        grid.addWidget(Picture("mission", "ink_soft", 13), 0, 0)
        grid.addWidget(Text(text, "second", elide=True), 0, 1, 1, 2)
        grid.addWidget(Text(because, "note", "soft", elide=True), 1, 1)
        button = Button(say("facing.choose"), "link", height=28, on_click=choose)
        button.setAccessibleName(say("facing.choose_this", mission=text))
        grid.addWidget(button, 1, 2)
        grid.setColumnStretch(1, 1)
