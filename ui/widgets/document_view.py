"""One document in sight: its pages or its text, words lit, a value framed, or why it cannot be read."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from clementine_crm.queries.documents import DocumentRow
from ui.errors import sentence
from ui.models.lit import Token, hits, tokens_of
from ui.models.page_shelf import DRAWN_KINDS, PageShelf
from ui.speech import say, words
from ui.widgets.button import Button, IconButton
from ui.widgets.card import Line, Panel
from ui.widgets.chip import Chip
from ui.widgets.field import Picture
from ui.widgets.sheet_view import SheetView
from ui.widgets.text import Text
from ui.widgets.text_sheet import TextSheet

HEAD = 42


@dataclass(frozen=True)
class Shown:
    """What the view shows: a document with its text, or only a text (``row`` None: a message)."""

    name: str
    text: str
    row: DocumentRow | None = None

    @property
    def drawn(self) -> bool:
        """Whether it has pages that can be drawn."""
        return self.row is not None and self.row.kind in DRAWN_KINDS


class _Notice(QWidget):
    """Instead of a document: why it cannot be shown, and the way on."""

    def __init__(self) -> None:
        super().__init__()
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 24, 24, 24)
        column.addStretch(2)
        middle = Qt.AlignmentFlag.AlignHCenter
        column.addWidget(Picture("file", "ink_soft", 40), 0, middle)
        self.title = Text("", "card_title", wrap=True)
        self.reason = Text("", "body", "soft", wrap=True)
        for text in (self.title, self.reason):
            text.setAlignment(middle)
            column.addWidget(text)
        column.addSpacing(8)
        self.again = Button(say("document.again"), icon="sync", height=32)
        column.addWidget(self.again, 0, middle)
        column.addStretch(3)

    def tell(self, title: str, reason: str) -> None:
        """Say what is wrong with which file."""
        self.title.setText(title)
        self.reason.setText(reason)
        self.setAccessibleName(f"{title}. {reason}")


class DocumentView(Panel):
    """A card with a head (``leading`` is the owner's: tabs) and the document below it.

    Signals: ``again_asked()`` read the file again; ``pointed(page, word)`` the pointer is on a word
    (-1: on none; page 0: a position in the text); ``painted()`` something of it is on screen.
    """

    again_asked = Signal()
    pointed = Signal(int, int)
    painted = Signal()

    def __init__(self, shelf: PageShelf, parent: QWidget | None = None) -> None:
        super().__init__(parent=parent)
        self.shown: Shown | None = None
        self.found = 0
        self._terms: tuple[str, ...] = ()
        self._as_text = False
        self._sentences: tuple[str, ...] = ()
        self.leading = QHBoxLayout()
        self.sheets, self.text = SheetView(shelf), TextSheet()
        self._notice = _Notice()
        self.stack = QStackedWidget()
        for widget in (self.sheets, self.text, self._notice):
            self.stack.addWidget(widget)
        self._tools()
        whole = QVBoxLayout(self)
        whole.setContentsMargins(1, 1, 1, 1)
        whole.setSpacing(0)
        whole.addWidget(self._head())
        whole.addWidget(Line())
        self._banner = self._make_banner()
        whole.addWidget(self._banner)
        whole.addWidget(self.stack, 1)
        self.sheets.page_changed.connect(self._say_page)
        self.sheets.zoomed.connect(self._say_zoom)
        self.sheets.failed.connect(self._not_drawn)
        self.sheets.painted.connect(self.painted)
        self.sheets.pointed.connect(self.pointed)
        self.text.pointed.connect(lambda place: self.pointed.emit(0, place))
        self._notice.again.clicked.connect(lambda _=False: self.again_asked.emit())

    def _tools(self) -> None:
        self._lit = Chip("", "care", icon="search")
        self._page = Text("", "second", "soft")
        self._up = self._tool("up", "document.previous_page", lambda: self.sheets.go_page(-1))
        self._down = self._tool("down", "document.next_page", lambda: self.sheets.go_page(1))
        self._out = self._tool("minus", "document.smaller", lambda: self.zoom_by(-1), "-")
        self._zoom = Text("", "second", "soft")
        self._zoom.setMinimumWidth(38)
        self._zoom.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._in = self._tool("plus", "document.larger", lambda: self.zoom_by(1), "+")
        self._turn = self._tool("list", "document.as_text", self.turn, "V")

    def _tool(self, icon: str, key: str, act: Callable[[], object], keys: str = "") -> IconButton:
        return IconButton(icon, say(key), key=keys, kind="quiet", height=28, on_click=act)

    def _head(self) -> QWidget:
        head = QWidget()
        head.setFixedHeight(HEAD)
        row = QHBoxLayout(head)
        row.setContentsMargins(14, 0, 8, 0)
        row.setSpacing(4)
        self.leading.setSpacing(8)
        row.addLayout(self.leading)
        row.addStretch(1)
        for widget in (self._lit, self._page, self._up, self._down, self._out, self._zoom,
                       self._in, self._turn):  # fmt: skip
            row.addWidget(widget)
            if widget in (self._lit, self._page):
                row.addSpacing(4)
        return head

    def _make_banner(self) -> QWidget:
        banner = QWidget()
        row = QHBoxLayout(banner)
        row.setContentsMargins(14, 6, 14, 6)
        row.setSpacing(8)
        row.addWidget(Picture("info", "care", 15), 0, Qt.AlignmentFlag.AlignTop)
        self._told = Text("", "second", "care", wrap=True)
        row.addWidget(self._told, 1)
        banner.setVisible(False)
        return banner

    def set_notice(self, *sentences: str) -> None:
        """What must be known of whatever is shown (why it was set aside, what was mended)."""
        self._sentences = tuple(filter(None, sentences))
        self._say_banner()

    def _say_banner(self) -> None:
        row = self.shown.row if self.shown is not None else None
        by_eye = bool(row and row.reason == "image" and row.kind in DRAWN_KINDS)
        told = " ".join((*self._sentences, say("document.by_eye") if by_eye else "")).strip()
        self._told.setText(told)
        self._banner.setVisible(bool(told))

    # What to show.
    def show_document(self, shown: Shown | None, terms: Sequence[str] = ()) -> None:
        """Show a document, from its beginning; None shows nothing."""
        self.shown, self._terms = shown, tuple(terms)
        self._as_text = False
        self._say_banner()
        if shown is None:
            self.sheets.clear()
            self._notice.tell(say("document.none"), say("document.none_reason"))
            self._turn_to(self._notice)
            return
        self._count()
        row = shown.row
        if row is not None and shown.drawn and row.reason in ("", "image"):
            self.sheets.show_document(
                row.id, shown.name, row.pages, image=row.kind == "image", terms=terms
            )
            self._turn_to(self.sheets)
        elif shown.text.strip():
            self._show_text()
        else:
            self._tell_unread(row)

    def _show_text(self) -> None:
        if self.shown is not None:
            self.text.show_text(self.shown.text, self.shown.name, self._terms)
            self._turn_to(self.text)

    def _tell_unread(self, row: DocumentRow | None) -> None:
        self.sheets.clear()
        reason = row.reason if row is not None else "empty"
        title = row.name if row is not None else say("document.none")
        self._notice.tell(title, unread_reason(reason))
        self._turn_to(self._notice)
        self._notice.again.setVisible(row is not None)

    def _not_drawn(self, error: object) -> None:
        """A page that cannot be drawn: its text when there is one, otherwise the reason."""
        if self.shown is None or self.stack.currentWidget() is not self.sheets:
            return
        if self.shown.text.strip():
            self._show_text()
        elif isinstance(error, Exception):
            self._notice.tell(self.shown.name, sentence(error, words()))
            self._turn_to(self._notice)

    def _turn_to(self, widget: QWidget) -> None:
        self.stack.setCurrentWidget(widget)
        self.setFocusProxy(self.focus_target)
        drawn = widget is self.sheets
        for tool in (self._page, self._up, self._down):
            tool.setVisible(drawn and self.sheets.pages > 1)
        for tool in (self._out, self._zoom, self._in):
            tool.setVisible(widget is not self._notice)
        both = self.shown is not None and self.shown.drawn and bool(self.shown.text.strip())
        self._turn.setVisible(both and widget is not self._notice)
        self._turn.set_kind("on" if self._as_text else "quiet")
        self._lit.setVisible(bool(self.found) and widget is not self._notice)
        self._say_zoom()
        if not drawn:
            self.painted.emit()

    # Words.
    def set_terms(self, terms: Sequence[str]) -> None:
        """Light other words."""
        self._terms = tuple(terms)
        self.sheets.set_terms(terms)
        self.text.set_terms(terms)
        self._count()
        self._lit.setVisible(bool(self.found) and self.stack.currentWidget() is not self._notice)

    def _count(self) -> None:
        text = self.shown.text if self.shown is not None else ""
        self.found = len({hit.term for hit in hits(tokens_of(text), self._terms)})
        self._lit.set(say("document.found", n=self.found), "care", "search")

    def frame_value(self, page: int, line: int, value: str, quote: str) -> None:
        """Frame where a value was read."""
        if self.stack.currentWidget() is self.sheets:
            self.sheets.frame_value(page, value, quote)
        elif self.stack.currentWidget() is self.text:
            self.text.frame_value(line, value, quote)

    def unframe(self) -> None:
        """Take the frame away."""
        self.sheets.unframe()
        self.text.unframe()

    def words_on(self, page: int) -> Sequence[Token]:
        """The words that ``pointed`` names: of a drawn page, or of the text for page 0."""
        if page:
            return self.sheets.tokens(page)
        return tokens_of(self.shown.text) if self.shown is not None else []

    # Moving.
    @property
    def focus_target(self) -> QWidget:
        """What takes the focus here: the sheets, the text, or the button of the notice."""
        for widget in (self.sheets, self.text):
            if self.stack.currentWidget() is widget:
                return widget
        return self._notice.again

    def zoom_by(self, steps: int) -> None:
        """Closer, further, or (0) as wide as the pane."""
        if self.stack.currentWidget() is self.text:
            self.text.zoom_by(steps)
        else:
            self.sheets.zoom_by(steps)
        self._say_zoom()

    def scroll_by(self, screens: float) -> None:
        """Move by a part of what is seen."""
        widget = self.stack.currentWidget()
        if widget is self.sheets or widget is self.text:
            widget.scroll_by(screens)

    def turn(self) -> None:
        """From the drawn page to its text, and back: what a screen reader reads."""
        if self.shown is None or not (self.shown.drawn and self.shown.text.strip()):
            return
        self._as_text = self.stack.currentWidget() is self.sheets
        if self._as_text:
            self._show_text()
        else:
            self._turn_to(self.sheets)

    def set_narrow(self, *, narrow: bool) -> None:
        """In a small window the figures of the zoom go; its keys stay."""
        self._zoom.setMaximumWidth(0 if narrow else 16777215)

    def _say_page(self, at: int, pages: int) -> None:
        self._page.setText(say("document.page_of", page=at, pages=pages))
        for tool in (self._page, self._up, self._down):
            tool.setVisible(pages > 1 and self.stack.currentWidget() is self.sheets)

    def _say_zoom(self) -> None:
        drawn = self.stack.currentWidget() is self.sheets
        percent = self.sheets.percent if drawn else self.text.percent
        self._zoom.setText(say("document.percent", n=percent))


def unread_reason(reason: str) -> str:
    """Why a file has no text, as a sentence; a reason of a later program is told in general."""
    try:
        return words()(f"reading.{reason}")
    except KeyError:
        return say("document.unread")
