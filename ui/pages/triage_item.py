"""Reading one item: a fact points at the page and the page at a fact; correct, see the proof, re-read."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QWidget

from clementine_crm.domain.ids import Id
from clementine_crm.errors import NotFound
from clementine_crm.queries import missions as mandates
from clementine_crm.queries.dossier_access import opened, texts_of
from clementine_crm.queries.inbox import InboxQueue, ItemView, inbox, item
from clementine_crm.queries.missions import MissionRow
from clementine_crm.queries.reading import Reading
from clementine_crm.services.waiting import ReadAgain
from ui.context import UiContext
from ui.models.lit import Token
from ui.pages.dossier_versions import VersionsSheet, versions_of
from ui.pages.triage_document import ItemDocuments, cv_versions
from ui.pages.triage_facts import FactsPane
from ui.pages.triage_sheets import CorrectSheet, PasswordSheet, ProofSheet
from ui.pages.triage_words import lines_of, title_of
from ui.speech import say
from ui.widgets.document_view import Shown as Paper
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
        documents.compare_asked.connect(self.compare)
        facts.compare_asked.connect(self.compare)

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

    def compare(self) -> None:
        """C: beside the CV of the person it may be; otherwise two files of the tab."""
        view, known = self._page.ready, self.facts.joined
        if view is None:
            return
        came = cv_versions(view.documents, dict(view.texts))
        if known is None or not came:
            self._compare(title_of(view.row), self.documents.versions())
            return
        self.ctx.read(
            lambda reading: _texts_held(reading, known.dossier), owner=self, slot="compare",
            on_result=lambda held: self._compare(known.name, (*came[:1], *held)),
        )  # fmt: skip

    def _compare(self, name: str, shown: Sequence[Paper]) -> None:
        found = versions_of(shown, self.ctx.clock.today())
        if len(found) > 1:
            new, *older = found
            VersionsSheet(self.ctx, name, new, older, self._page.window()).open()
        elif self.facts.joined is not None:
            self.ctx.frame.tell(say("versions.none"))

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


def _texts_held(reading: Reading, dossier: Id) -> tuple[Paper, ...]:
    """What the CVs of a dossier say, the newest first; nothing where it may not be read."""
    view = opened(reading, dossier).view
    return cv_versions(view.documents, texts_of(reading, view)) if view is not None else ()


def queue_and_missions(reading: Reading) -> tuple[InboxQueue, list[MissionRow]]:
    """What waits, and the missions it may be kept for."""
    return inbox(reading), mandates.missions(reading)


def item_or_none(id: Id, reading: Reading) -> ItemView | None:
    """An item, None when somebody decided it meanwhile."""
    try:
        return item(reading, id)
    except NotFound:
        return None


def same_files(before: ItemView, view: ItemView) -> bool:
    """Whether the page in sight may stay."""
    return before.row.id == view.row.id and before.documents == view.documents


def words_to_light(view: ItemView) -> Sequence[str]:
    """The words of the mission."""
    return view.mission.criteria if view.mission is not None else ()
