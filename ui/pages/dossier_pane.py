"""The pane beside the list: who it is, what is due, the right to keep, the last things that happened."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from clementine_crm.clock import Clock
from clementine_crm.domain.next_action import NextAction
from clementine_crm.queries.documents import DocumentRow
from clementine_crm.queries.dossier import ApplicationRow, CandidateView
from clementine_crm.queries.dossier_access import Access, Opened
from ui.pages.dossier_parts import (
    Holder,
    ShortList,
    Thread,
    application_lines,
    document_lines,
    lawful_panel,
    next_panel,
)
from ui.pages.dossier_shut import shut_panel
from ui.speech import say
from ui.widgets.button import IconButton
from ui.widgets.card import Panel
from ui.widgets.rows import DENSE, TWO_LINES
from ui.widgets.tabs import Tabs
from ui.widgets.text import Text

THREAD, APPLICATIONS, DOCUMENTS, NOTES = range(4)
_NOTED = ("note", "call", "meeting")


class DossierPane(Panel):
    """Signals: ``proof_asked()``; ``call_asked()``, ``note_asked()``, ``task_asked()`` its three
    round buttons; ``document_asked(DocumentRow)``.
    """

    proof_asked = Signal()
    call_asked = Signal()
    note_asked = Signal()
    task_asked = Signal()
    document_asked = Signal(object)
    next_asked = Signal()

    def __init__(self, clock: Clock, parent: QWidget | None = None) -> None:
        super().__init__(parent=parent)
        self._clock = clock
        self.view: CandidateView | None = None
        self.opened: Opened | None = None
        self.action: NextAction | None = None
        self.name, self.headline = (
            Text("", "page_title", elide=True),
            Text("", "second", "soft", elide=True),
        )
        self.buttons = [
            self._button("phone", "dossier.call", "A", self.call_asked.emit),
            self._button("note", "dossier.note", "N", self.note_asked.emit),
            self._button("check", "dossier.task", "T", self.task_asked.emit),
        ]
        self._next, self._lawful, self._shut = Holder(), Holder(), Holder()
        self.tabs = Tabs([(say(f"dossier.tab_{name}"), "") for name in
                          ("thread", "applications", "documents", "notes")], height=36)  # fmt: skip
        self.happened, self.notes = (
            Thread(say("dossier.tab_thread")),
            Thread(say("dossier.tab_notes")),
        )
        self.applications: ShortList[ApplicationRow] = ShortList(
            say("dossier.tab_applications"), TWO_LINES, most=8
        )
        self.documents: ShortList[DocumentRow] = ShortList(
            say("dossier.tab_documents"), DENSE, most=12
        )
        self.documents.opened.connect(self.document_asked)
        self._stack = QStackedWidget()
        for widget in (
            self.happened,
            _topped(self.applications),
            _topped(self.documents),
            self.notes,
        ):
            self._stack.addWidget(widget)
        self.tabs.chosen.connect(self._stack.setCurrentIndex)
        self._body = QWidget()
        self._lay_out()
        self.show_dossier(None)

    def _button(self, icon: str, key: str, keys: str, act: Callable[[], object]) -> IconButton:
        return IconButton(icon, say(key), key=keys, on_click=act)

    def _lay_out(self) -> None:
        head = QHBoxLayout()
        head.setSpacing(8)
        names = QVBoxLayout()
        names.setSpacing(0)
        names.addWidget(self.name)
        names.addWidget(self.headline)
        head.addLayout(names, 1)
        for button in self.buttons:
            head.addWidget(button)
        self._head = QWidget()
        self._head.setLayout(head)
        head.setContentsMargins(15, 13, 15, 0)
        body = QVBoxLayout(self._body)
        body.setContentsMargins(0, 0, 0, 0)
        body.setSpacing(8)
        inset = QVBoxLayout()
        inset.setContentsMargins(15, 0, 15, 0)
        inset.setSpacing(8)
        inset.addWidget(self._next)
        inset.addWidget(self._lawful)
        inset.addWidget(self.tabs)
        body.addLayout(inset)
        body.addWidget(self._stack, 1)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(1, 1, 1, 1)
        whole.setSpacing(10)
        whole.addWidget(self._head)
        whole.addWidget(self._body, 1)
        whole.addWidget(self._shut)

    def show_dossier(self, opened: Opened | None) -> None:
        """Show a person; None shows that nobody is chosen."""
        self.opened = opened
        self.view = view = opened.view if opened is not None else None
        self._head.setVisible(opened is not None)
        self._body.setVisible(view is not None)
        self._shut.hold(shut_panel(opened, self._clock.today()) if view is None else None)
        if opened is None:
            self.setAccessibleName(say("dossier.nobody"))
            return
        self.setAccessibleName(opened.name)
        self.name.setText(opened.name)
        for button in self.buttons:
            button.setVisible(view is not None)
        if view is not None:
            self._show(view, opened.access)
        else:
            self.headline.setText("")

    def _show(self, view: CandidateView, access: Access) -> None:
        today, now = self._clock.today(), self._clock.now()
        self.headline.setText(
            " · ".join(filter(None, (view.headline, view.town))) or say("dossier.no_headline")
        )
        readonly = "" if access is Access.OPEN else say("dossier.read_only")
        for button in self.buttons:
            button.set_reason(readonly)
        self.action, panel = next_panel(view, today, on_click=self.next_asked.emit)
        self._next.hold(panel)
        self._lawful.hold(lawful_panel(view, today, self.proof_asked.emit, brief=True))
        notes = [line for line in view.thread if line.kind in _NOTED]
        self.tabs.set_names([
            (say("dossier.tab_thread"), ""),
            (say("dossier.tab_applications"), _count(len(view.applications))),
            (say("dossier.tab_documents"), _count(len(view.documents))),
            (say("dossier.tab_notes"), _count(len(notes))),
        ])  # fmt: skip
        self.happened.show_lines(view.thread, now)
        self.notes.show_lines(notes, now)
        self.applications.show_lines(application_lines(view))
        self.documents.show_lines(document_lines(view.documents, today))


def _count(number: int) -> str:
    return str(number) if number else ""


def _topped(widget: QWidget) -> QWidget:
    holder = QWidget()
    column = QVBoxLayout(holder)
    column.setContentsMargins(0, 0, 0, 0)
    column.addWidget(widget)
    column.addStretch(1)
    return holder
