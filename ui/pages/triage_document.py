"""The middle pane of triage: the CV, the letter, the message, in tabs over one document view."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from clementine_crm.domain.ids import Id
from clementine_crm.queries.documents import DocumentRow
from clementine_crm.queries.inbox import ItemView
from ui.models.page_shelf import DRAWN_KINDS, PageShelf
from ui.speech import say
from ui.widgets.button import Button
from ui.widgets.document_view import DocumentView, Shown
from ui.widgets.field import Choice
from ui.widgets.tabs import Tabs

CV, LETTER, OTHER, MESSAGE = "cv", "letter", "other", "message"


@dataclass(frozen=True)
class Tab:
    """One tab: its name and what it may show, the newest first."""

    kind: str
    shown: tuple[Shown, ...]


def tabs_of(
    documents: Sequence[DocumentRow], texts: dict[Id, str], message: str = "", subject: str = ""
) -> list[Tab]:
    """The tabs of an item: files by their role, then the message when there is one."""
    groups: dict[str, list[Shown]] = {}
    for row in documents:
        kind = row.role if row.role in (CV, LETTER) else OTHER
        groups.setdefault(kind, []).append(Shown(row.name, texts.get(row.id, ""), row))
    # A lone file whose role nobody said is what there is to read.
    if CV not in groups and OTHER in groups and LETTER not in groups:
        groups = {CV: groups[OTHER]}
    tabs = [Tab(kind, tuple(groups[kind])) for kind in (CV, LETTER, OTHER) if kind in groups]
    whole = "\n\n".join(filter(None, (subject, message)))
    if message.strip():
        tabs.append(Tab(MESSAGE, (Shown(say("document.message"), whole),)))
    return tabs


def cv_versions(documents: Sequence[DocumentRow], texts: dict[Id, str]) -> tuple[Shown, ...]:
    """The CVs that have a text, the newest first."""
    tabs = tabs_of(documents, texts)
    return tuple(s for s in tabs[0].shown if s.text.strip()) if tabs and tabs[0].kind == CV else ()


class ItemDocuments(DocumentView):
    """A document view with the tabs of one item, and a choice when a tab holds several files.

    Signal: ``compare_asked()`` two files of a tab side by side.
    """

    compare_asked = Signal()

    def __init__(self, shelf: PageShelf, parent: QWidget | None = None) -> None:
        super().__init__(shelf, parent)
        self._shelf = shelf
        self._tabs: list[Tab] = []
        self._words: tuple[str, ...] = ()
        self.tabs = Tabs([], height=40, line=False)
        self.files = Choice(say("document.which"))
        self.files.setMaximumWidth(190)
        self.leading.addWidget(self.tabs)
        self.compare = Button(say("versions.compare"), "link", key="C", height=28,
                              on_click=self.compare_asked.emit)  # fmt: skip
        self.leading.addWidget(self.files)
        self.leading.addWidget(self.compare)
        self.tabs.chosen.connect(lambda _place: self._show_tab())
        self.files.activated.connect(lambda _place: self._show_file())

    def show_tabs(self, tabs: Sequence[Tab], terms: Sequence[str]) -> None:
        """Show another item, from its first tab."""
        self._tabs, self._words = list(tabs), tuple(terms)
        names = [(say(f"document.tab_{tab.kind}"), _several(tab)) for tab in self._tabs]
        self.tabs.choose(0)
        self.tabs.set_names(names)
        self.tabs.setVisible(bool(names))
        self._show_tab()

    def go_tab(self, place: int) -> None:
        """Show a tab by its place, from 0; nothing when there is none."""
        self.tabs.choose(place)

    @property
    def tab_count(self) -> int:
        return len(self._tabs)

    def _show_tab(self) -> None:
        tab = self._tab
        shown = tab.shown if tab is not None else ()
        self.files.clear()
        for one in shown:
            self.files.addItem(one.name)
        self.files.setVisible(len(shown) > 1)
        self.compare.setVisible(len(self.versions()) > 1)
        self._show_file()

    def versions(self) -> tuple[Shown, ...]:
        """The files of the tab in sight that can be compared, the newest first."""
        tab = self._tab
        return tuple(s for s in tab.shown if s.row and s.text.strip()) if tab is not None else ()

    @property
    def _tab(self) -> Tab | None:
        place = self.tabs.current()
        return self._tabs[place] if 0 <= place < len(self._tabs) else None

    def _show_file(self) -> None:
        tab = self._tab
        place = max(0, self.files.currentIndex())
        self.show_document(tab.shown[place] if tab is not None else None, self._words)

    def fetch_ahead(self, view: ItemView, owner: QWidget) -> None:
        """Have the first page of another item drawn before it is asked for."""
        tabs = tabs_of(view.documents, dict(view.texts))
        row = tabs[0].shown[0].row if tabs else None
        if row is None or row.kind not in DRAWN_KINDS or row.reason not in ("", "image"):
            return
        scale = 1.0 if row.kind == "image" else self.sheets.first_scale()
        self._shelf.ask(row.id, 1, scale, owner=owner, on_ready=lambda _drawn: None, urgent=False)

    def reveal(self, document: Id | None) -> bool:
        """Turn to the tab that shows a document; False when none does."""
        for place, tab in enumerate(self._tabs):
            for number, shown in enumerate(tab.shown):
                if shown.row is not None and shown.row.id == document:
                    if self.shown is not shown:
                        self.tabs.choose(place)
                        self.files.setCurrentIndex(number)
                        self._show_file()
                    return True
        return False


def _several(tab: Tab) -> str:
    return str(len(tab.shown)) if len(tab.shown) > 1 else ""
