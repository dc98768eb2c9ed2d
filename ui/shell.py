"""The window: rail, top bar, page, foot; keys that work everywhere; one error bar, one undo bar."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QApplication, QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget
from typing_extensions import override

from ui import theme
from ui.context import UiContext
from ui.errors import explain
from ui.floating import Floating
from ui.foot import FootBar
from ui.job_strip import JobStrip
from ui.keys import bind
from ui.keys_panel import KeysPanel
from ui.pages.base import Page, focus_first
from ui.rail import Rail, StateTone
from ui.speech import say
from ui.top_bar import TopBar
from ui.widgets.error_bar import ErrorBar, Problem
from ui.widgets.veil import Veil


@dataclass(frozen=True)
class Place:
    """A page of the rail, made when it is first opened. ``key`` is its words' key.

    ``under`` names the place it belongs to: such a page (a dossier) has no button of its own.
    """

    name: str
    icon: str
    key: str
    make: Callable[[UiContext], Page]
    low: bool = False
    under: str = ""


class Shell(QWidget):
    """The window's content.

    Signals: ``palette_asked(str)`` the search box outside a live page; ``new_asked()`` Ctrl N;
    ``state_asked(str)`` sync or backup; ``person_asked()``; ``place_changed(str)``.
    """

    palette_asked = Signal(str)
    new_asked = Signal()
    state_asked = Signal(str)
    person_asked = Signal()
    place_changed = Signal(str)
    details_asked = Signal(str)

    def __init__(
        self, ctx: UiContext, *, person: str = "", role: str = "", parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.ctx = ctx
        ctx.frame = self
        self._places: dict[str, Place] = {}
        self._pages: dict[str, Page] = {}
        self._order: list[str] = []
        self._history: list[tuple[str, object]] = []
        self._at = -1
        self._asked: dict[Page, str] = {}
        self.folded = False
        self._veil: Veil | None = None
        self.rail, self.top = Rail(), TopBar(person, role)
        self.stack, self.foot, self.errors = QStackedWidget(), FootBar(), ErrorBar()
        self.jobs = JobStrip(ctx.runner)
        self._lay_out()
        self.floating = Floating(self._body)
        self._connect()
        self._keys()

    def _lay_out(self) -> None:
        self.setAutoFillBackground(True)
        whole = QHBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(0)
        whole.addWidget(self.rail)
        right = QVBoxLayout()
        right.setSpacing(0)
        self._body = QWidget()
        body = QVBoxLayout(self._body)
        body.setContentsMargins(0, 0, 0, 0)
        body.addWidget(self.stack)
        for widget in (self.top, self.errors):
            right.addWidget(widget)
        right.addWidget(self._body, 1)
        right.addWidget(self.jobs)
        right.addWidget(self.foot)
        whole.addLayout(right, 1)
        # Reading order: top bar, places, page, foot.
        self.setTabOrder(self.top.search, self.top.new)

    def _connect(self) -> None:
        self.rail.asked.connect(self.go)
        self.rail.state_asked.connect(self.state_asked)
        self.top.search.textEdited.connect(self._searched)
        self.top.search.left.connect(self._back_to_page)
        self.top.search.textChanged.connect(self._cleared)
        self.top.new.clicked.connect(lambda _=False: self.new_asked.emit())
        self.top.help.clicked.connect(lambda _=False: self.show_keys())
        self.top.person.clicked.connect(lambda _=False: self.person_asked.emit())
        self.ctx.runner.failed.connect(self.show_error)
        self.errors.details.connect(self.details_asked)
        self.errors.emptied.connect(self._after_error)
        self.foot.covered = lambda: self._veil is not None

    def _keys(self) -> None:
        acts: dict[str, Callable[[], object]] = {
            "Ctrl+K": self.search, "Ctrl+N": self.new_asked.emit, "?": self.show_keys,
            "Ctrl+B": self.fold, "F5": self.reload, "F6": self.next_pane,
            "Shift+F6": partial(self.next_pane, -1), "Esc": self.escape, "Ctrl+Z": self.undo,
            "Alt+Left": partial(self.step, -1), "Alt+Right": partial(self.step, 1),
        }  # fmt: skip
        for number in range(1, 9):
            acts[f"Ctrl+{number}"] = partial(self.go_number, number)
        for keys, act in acts.items():
            bind(self, keys, partial(self._act, act, keys))

    def _act(self, act: Callable[[], object], keys: str) -> None:
        if self._veil is not None:
            if keys in ("Esc", "?"):
                self._veil.close_veil()
            return
        act()

    # Places and history.
    def add_place(self, place: Place) -> None:
        """Put a page on the rail; Ctrl 1 is the first added."""
        self._places[place.name] = place
        if place.under:
            return
        self._order.append(place.name)
        number = len(self._order)
        key = f"Ctrl+{number}" if number < 9 else ""
        self.rail.add_place(place.name, say(place.key), place.icon, key, low=place.low)
        self.rail.set_small(small=self.small)

    def page(self, name: str) -> Page:
        """The page of a place, made now if it was not yet."""
        if name not in self._pages:
            page = self._places[name].make(self.ctx)
            page.foot_changed.connect(lambda: self._foot_of(page))
            if name in self.rail.places:
                page.counter_changed.connect(self.rail.places[name].set_count)
            self._pages[name] = page
            self.stack.addWidget(page)
        return self._pages[name]

    @property
    def current(self) -> Page | None:
        """The page on screen."""
        widget = self.stack.currentWidget()
        return widget if isinstance(widget, Page) else None

    @property
    def place(self) -> str:
        """Name of the place on screen, "" before the first."""
        return self.where[0]

    @property
    def where(self) -> tuple[str, object]:
        """The place on screen and what it was opened at."""
        return self._history[self._at] if self._history else ("", None)

    @property
    def first_place(self) -> str:
        """The topmost place that this person sees."""
        return self._order[0]

    def listed(self) -> list[tuple[Place, str]]:
        """The places of the rail, each with its key."""
        return [
            (self._places[name], f"Ctrl+{n}" if n < 9 else "")
            for n, name in enumerate(self._order, 1)
        ]

    def has(self, name: str) -> bool:
        """Whether this person sees a place."""
        return name in self._places

    def go(self, name: str, argument: object = None) -> None:
        """Open a place; ``argument`` goes to the page's ``open_at`` (a dossier, a filter)."""
        del self._history[self._at + 1 :]
        if not self._history or self._history[-1] != (name, argument):
            self._history.append((name, argument))
        self._at = len(self._history) - 1
        self._show(name, argument)

    def go_number(self, number: int) -> None:
        """The place of Ctrl 1…8; nothing when there is none."""
        if number <= len(self._order):
            self.go(self._order[number - 1])

    def step(self, by: int) -> None:
        """Back (−1) or forward (1) in what was visited."""
        if 0 <= self._at + by < len(self._history):
            self._at += by
            self._show(*self._history[self._at])

    def _show(self, name: str, argument: object) -> None:
        before, page = self.current, self.page(name)
        self.rail.set_current(self._places[name].under or name)
        page.drawn_for(small=self.small)
        self.stack.setCurrentWidget(page)
        self._hand_over_the_box(before, page)
        if argument is not None:
            page.open_at(argument)
        self._foot_of(page)
        self._back_to_page()
        self.place_changed.emit(name)

    def _hand_over_the_box(self, before: Page | None, page: Page) -> None:
        """What was asked of a live page stands in the box only while that page does."""
        if before is not None and before.live_query:
            self._asked[before] = self.top.search.text()
        self.top.search.setText(self._asked.get(page, "") if page.live_query else "")

    def _foot_of(self, page: Page) -> None:
        if page is self.current:
            self.foot.set_foot(page.foot())

    # Search, keys, undo, errors.
    def search(self) -> None:
        """Ctrl K: the box of a live page, elsewhere the palette."""
        page = self.current
        if page is not None and page.live_query:
            self.top.search.setFocus(Qt.FocusReason.ShortcutFocusReason)
            self.top.search.selectAll()
        else:
            self.palette_asked.emit("")

    def leave_search(self) -> None:
        """The palette takes over what was typed: the box is empty, the page has the keyboard."""
        if self.top.search.hasFocus():
            self._back_to_page()
        self.top.search.clear()

    def search_candidates(self, text: str) -> None:
        """Open the live list of candidates with a text in its box."""
        self.go("candidates")
        self.top.search.setText(text)
        self.page("candidates").query(text)

    def _searched(self, text: str) -> None:
        page = self.current
        if page is not None and page.live_query:
            page.query(text)
        elif text:
            self.palette_asked.emit(text)

    def _cleared(self, text: str) -> None:
        page = self.current
        if not text and page is not None and page.live_query:
            page.query("")

    def _back_to_page(self) -> None:
        page = self.current
        if page is not None and not focus_first(page):
            page.setFocus()

    def _after_error(self) -> None:
        focused = QApplication.focusWidget()
        if focused is None or self.errors.isAncestorOf(focused):
            self._back_to_page()

    def cover(self, panel: QWidget, *, width: int = 700, top: int = -1) -> Veil:
        """Put a panel over the window (the palette); one at a time."""
        if self._veil is not None:
            self._veil.close_veil()
        self._veil = Veil(self, panel, width=width, top=top)
        self._veil.closed.connect(self._uncovered)
        return self._veil

    def _uncovered(self) -> None:
        self._veil = None

    def uncover(self) -> None:
        """Take away what covers the window, if anything does."""
        if self._veil is not None:
            self._veil.close_veil()

    def offer_undo(
        self,
        text: str,
        on_undo: Callable[[], object],
        on_expired: Callable[[], object] | None = None,
    ) -> None:
        """Say what was done and offer Annuler for ten seconds (Ctrl Z)."""
        self.floating.show_undo(text, on_undo, on_expired)

    def tell(self, text: str, link: str = "", on_open: Callable[[], object] | None = None) -> None:
        """Say what ended out of sight."""
        self.floating.show_toast(text, link, on_open)

    def show_keys(self) -> None:
        """`?`: every key of this screen."""
        page = self.current
        self.cover(KeysPanel(page.foot(), page.keys()) if page else KeysPanel(), width=720)

    def undo(self) -> None:
        """Ctrl Z: what the bar offers, else the page's own."""
        if not self.floating.undo() and self.current is not None:
            self.current.undo()

    def escape(self) -> None:
        """Échap: close or clear what the page has open; otherwise stop the work that is shown."""
        if self.current is None or not self.current.leave_escape():
            self.jobs.stop_newest()

    def reload(self) -> None:
        """F5: try again what failed, else fetch again."""
        if self.errors.can_retry:
            self.errors.retry()
        elif self.current is not None:
            self.current.refresh()

    def next_pane(self, by: int = 1) -> None:
        """F6: rail, top bar, panes of the page, foot, and round again."""
        page = self.current
        panes = [self.rail, self.top, *((page.panes() or [page]) if page else []), self.foot]
        panes = [pane for pane in panes if pane.isVisible()]
        now = QApplication.focusWidget()
        inside = [i for i, p in enumerate(panes) if now and (p is now or p.isAncestorOf(now))]
        at = inside[-1] if inside else (-1 if by > 0 else 0)
        focus_first(panes[(at + by) % len(panes)])

    def show_error(self, error: Exception, retry: Callable[[], object] | None = None) -> None:
        """Put a failure into the bar, in words."""
        self.errors.show_problem(Problem(explain(error, self.ctx.words), retry))

    def set_state(self, name: str, text: str, tone: StateTone = "soft", icon: str = "") -> None:
        """A line of state in the rail: ``sync`` or ``backup``."""
        chosen = icon or {"care": "alert", "stop": "alert"}.get(tone, "check")
        self.rail.states[name].set(text, tone, chosen)
        self.rail.update()

    # Sizes.
    @property
    def small(self) -> bool:
        """Below 1366 px wide, or folded by Ctrl B."""
        return self.width() < theme.SMALL_BELOW

    def fold(self) -> None:
        """Ctrl B: the rail narrow, or wide again."""
        self.set_folded(folded=not self.folded)

    def set_folded(self, *, folded: bool) -> None:
        """The rail narrow even in a wide window."""
        self.folded = folded
        self._resized()

    def _resized(self) -> None:
        self.rail.set_small(small=self.small or self.folded)
        self.top.set_small(small=self.small)
        self.foot.set_small(small=self.small)
        if self.current is not None:
            self.current.drawn_for(small=self.small)

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._resized()
