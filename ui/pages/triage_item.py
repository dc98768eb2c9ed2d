"""Reading one item: a fact points at the page and the page at a fact; correct, see the proof, re-read."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QWidget

from clementine_crm.queries.inbox import ItemView
from clementine_crm.services.waiting import ReadAgain
from ui.context import UiContext
from ui.models.lit import Token
from ui.pages.triage_document import ItemDocuments
from ui.pages.triage_facts import FactsPane
from ui.pages.triage_sheets import CorrectSheet, PasswordSheet, ProofSheet
from ui.pages.triage_words import lines_of
from ui.speech import say
from ui.widgets.fact_list import Fact


class Shown(Protocol):
    """What reading asks of the page."""

    shown: ItemView | None

    @property
    def ready(self) -> ItemView | None: ...

    def window(self) -> QWidget: ...


class ItemReading(QObject):
    """Joins the two panes of one item."""

    def __init__(
        self, ctx: UiContext, page: Shown, documents: ItemDocuments, facts: FactsPane,
        parent: QObject,
    ) -> None:  # fmt: skip
        super().__init__(parent)
        self.ctx, self._page, self.documents, self.facts = ctx, page, documents, facts
        facts.pointed.connect(self._frame)
        facts.correct_asked.connect(self._correct)
        facts.proof_asked.connect(self._prove)
        documents.pointed.connect(self._word_pointed)
        documents.again_asked.connect(self._read_again)

    def _frame(self, fact: object) -> None:
        view = self._page.shown
        if not isinstance(fact, Fact) or view is None:
            self.documents.unframe()
            return
        line = next((line for line in lines_of(view, fact.name) if line.line), None)
        if line is None or not self.documents.reveal(line.document):
            self.documents.unframe()
            return
        self.documents.frame_value(line.page, line.line, line.value, line.quote)

    def _word_pointed(self, page: int, word: int) -> None:
        tokens: Sequence[Token] = self.documents.words_on(page)
        if page:
            found = {token.word for token in tokens if token.owner == word}
        else:
            found = {token.word for token in tokens if token.start <= word < token.end}
        self.facts.light_word(found)

    def _correct(self, fact: object) -> None:
        if self._page.ready is not None and isinstance(fact, Fact):
            CorrectSheet(self.ctx, self._page.ready, fact, self._page.window()).open()

    def _prove(self) -> None:
        if self._page.ready is not None:
            ProofSheet(self._page.ready, self._page.window()).open()

    def _read_again(self) -> None:
        view, shown = self._page.ready, self.documents.shown
        if view is None or shown is None or shown.row is None:
            return
        if shown.row.reason == "password":
            PasswordSheet(self.ctx, view, shown.row.name, self._page.window()).open()
            return
        self.ctx.dispatch(ReadAgain((view.row.id,)), owner=self, on_done=self._was_read)

    def _was_read(self, read: int) -> None:
        self.ctx.frame.tell(say("reread.done" if read else "reread.still"))
