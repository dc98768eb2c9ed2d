"""The two side columns of a dossier: what the person is and seeks; applications, files, tasks."""

from __future__ import annotations

from datetime import date

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QScrollArea, QVBoxLayout, QWidget

from clementine_crm.queries.documents import DocumentRow
from clementine_crm.queries.dossier import ApplicationRow, CandidateView
from clementine_crm.queries.tasks import TaskRow
from ui import theme
from ui.pages.dossier_parts import ShortList, application_lines, document_lines, task_lines
from ui.pages.dossier_words import facts_of, languages_of
from ui.speech import say
from ui.widgets.button import Button
from ui.widgets.card import Card
from ui.widgets.chip_flow import ChipFlow
from ui.widgets.fact_list import FactList
from ui.widgets.rows import DENSE, TASK, TWO_LINES, ChipSpec
from ui.widgets.text import Text


class Column(QScrollArea):
    """Cards under each other that scroll when the window is low."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self.inner = QWidget()
        self.cards = QVBoxLayout(self.inner)
        self.cards.setContentsMargins(0, 0, 0, 0)
        self.cards.setSpacing(theme.GAP)
        self.setWidget(self.inner)
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setAccessibleName(name)


class PersonColumn(Column):
    """Coordinates with their sources, career, skills. Signal: ``edit_asked(str)`` which value."""

    edit_asked = Signal(str)

    def __init__(self) -> None:
        super().__init__(say("dossier.person"))
        self.edit = Button(say("dossier.edit"), "link", key="F2", height=28,
                           on_click=lambda: self.edit_asked.emit(""))  # fmt: skip
        self.facts = FactList(say("dossier.coordinates"), 68)
        self.facts.correct_asked.connect(lambda fact: self.edit_asked.emit(fact.name))
        coordinates = Card(say("dossier.coordinates"), trailing=self.edit, flush=True)
        coordinates.note.hide()
        coordinates.body.addWidget(self.facts)
        coordinates.body.addSpacing(6)
        self._career = Card(say("dossier.career"))
        self._experience = Text("", "second", wrap=True)
        self._education = Text("", "second", "soft", wrap=True)
        self._career.body.addWidget(self._experience)
        self._career.body.addWidget(self._education)
        self._skills = Card(say("facts.skill"))
        self.skills, self.tags = ChipFlow(say("facts.skill")), ChipFlow(say("dossier.tags"))
        self.languages = ChipFlow(say("facts.language"))
        for flow in (self.skills, self.languages, self.tags):
            self._skills.body.addWidget(flow)
        for card in (coordinates, self._career, self._skills):
            self.cards.addWidget(card)
        self.cards.addStretch(1)

    def show_person(self, view: CandidateView, *, readonly: str) -> None:
        """Show who it is."""
        self.facts.set_facts(facts_of(view))
        self.edit.set_reason(readonly)
        self.edit.setVisible(not readonly)
        _fill(self._experience, [_named(row.name, row.detail) for row in view.experience])
        _fill(self._education, [_named(row.name, row.detail) for row in view.education])
        self._career.setVisible(bool(view.experience or view.education))
        read = sum(not skill.confirmed for skill in view.skills)
        note = say("dossier.skills_read", n=read, count=len(view.skills)) if view.skills else ""
        self._skills.set_title(say("facts.skill"), "", note)
        self.skills.set_chips([
            ChipSpec(s.name, "good" if s.confirmed else "neutral", "check" if s.confirmed else "")
            for s in view.skills
        ])  # fmt: skip
        self.languages.set_chips(
            [ChipSpec(name, "neutral", "globe") for name in languages_of(view)]
        )
        self.tags.set_chips([ChipSpec(tag.name, "accent", "tag") for tag in view.tags])
        for flow, rows in ((self.skills, view.skills), (self.languages, view.languages),
                           (self.tags, view.tags)):  # fmt: skip
            flow.setVisible(bool(rows))
        self._skills.setVisible(bool(view.skills or view.languages or view.tags))


class WorkColumn(Column):
    """Applications, documents, tasks. Signals: ``document_opened``, ``drop_asked``, ``task_ticked``,
    ``task_asked``.
    """

    document_opened = Signal(object)
    drop_asked = Signal()
    task_ticked = Signal(object)
    task_asked = Signal()

    def __init__(self) -> None:
        super().__init__(say("dossier.work"))
        self.applications: ShortList[ApplicationRow] = ShortList(
            say("dossier.tab_applications"), TWO_LINES, most=4
        )
        self.documents: ShortList[DocumentRow] = ShortList(say("dossier.tab_documents"), DENSE)
        self.tasks: ShortList[TaskRow] = ShortList(say("dossier.tasks"), TASK)
        self.documents.opened.connect(self.document_opened)
        self.documents.clicked.connect(lambda _i: self.document_opened.emit(self.documents.thing))
        self.tasks.ticked.connect(self.task_ticked)
        self.tasks.opened.connect(self.task_ticked)
        self.drop = Button(say("dossier.drop"), "link", height=28, on_click=self.drop_asked.emit)
        self.add = Button(
            say("dossier.add"), "link", key="T", height=28, on_click=self.task_asked.emit
        )
        self._none: dict[str, Text] = {}
        for name, title, held, link in (
            ("applications", "tab_applications", self.applications, None),
            ("documents", "tab_documents", self.documents, self.drop),
            ("tasks", "tasks", self.tasks, self.add),
        ):
            card = Card(say(f"dossier.{title}"), trailing=link, flush=True)
            card.note.hide()
            card.body.addWidget(held)
            none = Text(say(f"dossier.no_{name}"), "second", "soft", wrap=True)
            none.setContentsMargins(15, 0, 15, 10)
            self._none[name] = none
            card.body.addWidget(none)
            self.cards.addWidget(card)
        self.cards.addStretch(1)

    def show_work(self, view: CandidateView, today: date, *, readonly: str) -> None:
        """Show what is going on."""
        self.applications.show_lines(application_lines(view))
        self.documents.show_lines(document_lines(view.documents, today, brief=True))
        self.tasks.show_lines(task_lines(view.tasks, today))
        for name, rows in (("applications", view.applications), ("documents", view.documents),
                           ("tasks", view.tasks)):  # fmt: skip
            self._none[name].setVisible(not rows)
        for button in (self.drop, self.add):
            button.set_reason(readonly)
            button.setVisible(not readonly)


def _named(name: str, detail: str) -> str:
    return f"{name} ({detail})" if detail else name


def _fill(label: Text, lines: list[str]) -> None:
    label.setText("\n".join(filter(None, lines)))
    label.setVisible(bool(lines))
