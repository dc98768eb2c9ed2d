"""The middle of a dossier: the thread with its note field, the files, messages, notes, agreements."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QGuiApplication, QPainter, QPaintEvent
from PySide6.QtWidgets import (
    QAbstractButton,
    QHBoxLayout,
    QPlainTextEdit,
    QSizePolicy,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)
from typing_extensions import override

from clementine_crm.domain.ids import Id
from clementine_crm.queries.dossier import CandidateView, ThreadLine
from ui import icons, moments, theme
from ui.context import UiContext
from ui.keys import key_text
from ui.models.page_shelf import shelf_of
from ui.models.plain import Line, choose
from ui.pages.dossier_parts import ShortList, Thread
from ui.pages.triage_document import ItemDocuments, tabs_of
from ui.speech import say
from ui.widgets import drawing
from ui.widgets.button import Button
from ui.widgets.card import Panel
from ui.widgets.rows import TWO_LINES, Row
from ui.widgets.tabs import Tabs
from ui.widgets.text import Text

THREAD, CV, MESSAGES, NOTES, CONSENTS = range(5)
TABS = ("thread", "cv", "messages", "notes", "consents")
_NOTED = ("note", "call", "meeting")


class NoteField(QAbstractButton):
    """What looks like a field and opens the note; its hint is there for good."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setText(say("dossier.note_field"))
        self.setAccessibleName(say("dossier.note_field"))
        self.setAccessibleDescription(say("note.hint"))
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setCursor(Qt.CursorShape.IBeamCursor)

    @override
    def sizeHint(self) -> QSize:
        return QSize(300, 54)

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        drawing.smooth(painter)
        whole = QRectF(self.rect())
        focused = self.hasFocus()
        edge = theme.colour("accent" if focused else "edge")
        ground = theme.colour("card" if self.isEnabled() else "sunk")
        drawing.box(painter, whole, theme.RADIUS_CONTROL, ground, edge, 2 if focused else 1)
        icons.paint(painter, "pencil", "ink_soft", QRectF(14, 10, 15, 15))
        soft = theme.colour("ink_soft")
        key = key_text("N")
        wide = drawing.key_width(key)
        room = QRectF(38, 6, whole.width() - 58 - wide, 22)
        drawing.draw_text(painter, room, self.text(), theme.BODY, 400, soft)
        drawing.draw_key(painter, key, whole.width() - 12 - wide, 17, soft)
        hint = QRectF(14, 30, whole.width() - 28, 18)
        drawing.draw_text(painter, hint, say("note.hint"), theme.NOTE, 400, soft)


class Messages(QWidget):
    """Messages that wait for this person; the chosen one to be read and copied."""

    def __init__(self, ctx: UiContext) -> None:
        super().__init__()
        self._ctx = ctx
        self.list: ShortList[ThreadLine] = ShortList(
            say("dossier.tab_messages"), TWO_LINES, most=3, leads=True
        )
        self.list.selectionModel().currentChanged.connect(lambda *_: self._chosen())
        self.text = QPlainTextEdit()
        self.text.setReadOnly(True)
        self.text.setTabChangesFocus(True)
        self.text.setFont(theme.font())
        self.text.setAccessibleName(say("dossier.message"))
        self.copy = Button(say("ui.copy"), height=32, icon="file", on_click=self._copy)
        self.box = Button(say("dossier.outbox"), "link", height=32,
                          on_click=lambda: ctx.frame.go("administration", "outbox"))  # fmt: skip
        self.none = Text(say("dossier.no_messages"), tone="soft", wrap=True)
        column = QVBoxLayout(self)
        column.setContentsMargins(15, 10, 15, 12)
        column.setSpacing(8)
        column.addWidget(self.list)
        column.addWidget(self.text, 1)
        row = QHBoxLayout()
        row.addWidget(self.copy)
        row.addWidget(self.box)
        row.addStretch(1)
        column.addLayout(row)
        column.addWidget(self.none)
        column.addStretch(0)

    def show_messages(self, lines: Sequence[ThreadLine]) -> None:
        """Show others, newest first."""
        now = self._ctx.clock.now()
        self.list.show_lines([
            Line(n, line, Row(line.title, say("dossier.message_waits"),
                              when=moments.day_and_hour(line.at, now), icon="send"))
            for n, line in enumerate(lines)
        ])  # fmt: skip
        for widget in (self.text, self.copy, self.box):
            widget.setVisible(bool(lines))
        self.none.setVisible(not lines)
        choose(self.list, self.list.lines, 0)
        self._chosen()

    def _chosen(self) -> None:
        line = self.list.thing
        self.text.setPlainText(f"{line.title}\n\n{line.text}" if line is not None else "")

    def _copy(self) -> None:
        QGuiApplication.clipboard().setText(self.text.toPlainText())
        self._ctx.frame.tell(say("dossier.copied"))


class DossierMiddle(Panel):
    """Signals: ``note_asked()``; ``proof_asked()``."""

    note_asked = Signal()
    proof_asked = Signal()

    def __init__(self, ctx: UiContext, parent: QWidget | None = None) -> None:
        super().__init__(parent=parent)
        self._ctx = ctx
        self.tabs = Tabs([(say(f"dossier.tab_{name}"), "") for name in TABS], height=40, line=True)
        self.note = NoteField()
        self.note.clicked.connect(lambda _=False: self.note_asked.emit())
        self.happened = Thread(say("dossier.tab_thread"), most=80)
        self.noted = Thread(say("dossier.tab_notes"), most=80)
        self.agreed = Thread(say("dossier.tab_consents"))
        self.documents = ItemDocuments(shelf_of(ctx))
        self.documents.set_look("card", "")
        self.messages = Messages(ctx)
        self._proof = Button(say("dossier.all_proofs"), "link", icon="consent", height=28,
                             on_click=self.proof_asked.emit)  # fmt: skip
        self.stack = QStackedWidget()
        for widget in (
            self._with_note(),
            self.documents,
            self.messages,
            self.noted,
            self._with_proof(),
        ):
            self.stack.addWidget(widget)
        self.tabs.chosen.connect(self.stack.setCurrentIndex)
        column = QVBoxLayout(self)
        column.setContentsMargins(1, 1, 1, 1)
        column.setSpacing(0)
        head = QHBoxLayout()
        head.setContentsMargins(14, 0, 14, 0)
        head.addWidget(self.tabs)
        column.addLayout(head)
        column.addWidget(self.stack, 1)

    def _with_note(self) -> QWidget:
        holder = QWidget()
        column = QVBoxLayout(holder)
        column.setContentsMargins(0, 10, 0, 0)
        column.setSpacing(4)
        row = QHBoxLayout()
        row.setContentsMargins(15, 0, 15, 0)
        row.addWidget(self.note)
        column.addLayout(row)
        column.addWidget(self.happened, 1)
        return holder

    def _with_proof(self) -> QWidget:
        holder = QWidget()
        column = QVBoxLayout(holder)
        column.setContentsMargins(0, 8, 0, 0)
        column.setSpacing(0)
        row = QHBoxLayout()
        row.setContentsMargins(11, 0, 15, 0)
        row.addWidget(self._proof)
        row.addStretch(1)
        column.addLayout(row)
        column.addWidget(self.agreed, 1)
        return holder

    def show_dossier(self, view: CandidateView, *, readonly: str) -> None:
        """Show what happened with a person."""
        now = self._ctx.clock.now()
        messages = [line for line in view.thread if line.kind == "message"]
        notes = [line for line in view.thread if line.kind in _NOTED]
        consents = [line for line in view.thread if line.kind == "consent"]
        counts = (0, len(view.documents), len(messages), len(notes), len(consents))
        self.tabs.set_names([
            (say(f"dossier.tab_{name}"), str(count) if count else "")
            for name, count in zip(TABS, counts, strict=True)
        ])  # fmt: skip
        self.note.setEnabled(not readonly)
        self.note.setVisible(not readonly)
        self.happened.show_lines(view.thread, now)
        self.noted.show_lines(notes, now)
        self.agreed.show_lines(consents, now)
        self.messages.show_messages(messages)

    def show_documents(
        self, view: CandidateView, texts: dict[Id, str], words: Sequence[str]
    ) -> None:
        """Show the files; the words that were searched are lit."""
        self.documents.show_tabs(tabs_of(view.documents, texts), words)

    def choose(self, place: int) -> None:
        """Show a tab by its place, from 0."""
        self.tabs.choose(place)
        self.take_focus()

    def take_focus(self) -> None:
        """Give the keyboard to what is shown."""
        if not self.isVisible():
            return
        at = self.tabs.current()
        thread: QWidget = self.note if self.note.isVisible() else self.happened
        target: QWidget = (
            thread, self.documents.focus_target, self.messages.list, self.noted, self.agreed
        )[at]  # fmt: skip
        target.setFocus()
