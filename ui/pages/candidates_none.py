"""When nobody answers, or few: what stands in the way, and persons whose name looks alike."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date
from functools import partial

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from clementine_crm.domain.ids import Id
from clementine_crm.queries.reading import Reading
from ui.models.found import EVERYBODY, Found, Wanted, find
from ui.pages.candidates_words import parts_of
from ui.pages.dossier_words import kept_chip
from ui.quantities import number
from ui.speech import say
from ui.widgets.button import Button
from ui.widgets.card import Panel
from ui.widgets.field import Picture
from ui.widgets.layouts import empty
from ui.widgets.text import Text

PROPOSED = 3


def count_without(reading: Reading, wanted: Wanted) -> list[tuple[str, int]]:
    """For each filter (and the words), how many there would be without it, most first."""
    counts = []
    for name in ("use", "town", "source", "tag", "mission"):
        blank = getattr(EVERYBODY, name)
        if getattr(wanted.filter, name) != blank:
            less = replace(wanted, filter=replace(wanted.filter, **{name: blank}))
            counts.append((name, find(reading, less).total))
    if wanted.searching and wanted.filter != EVERYBODY:
        counts.append(("text", find(reading, replace(wanted, text="")).total))
    return sorted((c for c in counts if c[1]), key=lambda c: -c[1])


class NobodyPanel(Panel):
    """Signals: ``without_asked(name)`` a filter, or ``text``, is to go; ``person_asked(Id)``."""

    without_asked = Signal(str)
    person_asked = Signal(bytes)

    def __init__(self, today: Callable[[], date], parent: QWidget | None = None) -> None:
        super().__init__("accent_wash", "", parent=parent)
        self._today = today
        self._found: Found | None = None
        column = QVBoxLayout(self)
        column.setContentsMargins(14, 8, 14, 8)
        column.setSpacing(2)
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addWidget(Picture("search", "accent_ink", 15))
        self._text = Text("", wrap=True)
        row.addWidget(self._text, 1)
        column.addLayout(row)
        self._links = QHBoxLayout()
        self._links.setSpacing(4)
        column.addLayout(self._links)

    @property
    def says_something(self) -> bool:
        """Whether there is a reason to stand there."""
        found = self._found
        return found is not None and bool(
            found.near or found.listed or found.unknown or not len(found)
        )

    def show_found(self, found: Found, missions: Mapping[Id, str]) -> None:
        """Say why nobody, or few, answer."""
        self._found = found
        empty(self._links)
        filters = len(parts_of(found.wanted.filter, dict(missions)))
        if found.listed:
            self._text.setText(say("nobody.listed"))
            for row in found.listed:
                why = kept_chip(row.standing, self._today()).text
                button = Button(say("nobody.who", name=row.name, why=why), "link", height=28)
                button.clicked.connect(partial(self._chosen, row.id))
                self._links.addWidget(button)
        elif found.near:
            key = "nobody.near" if not len(found) else "nobody.near_too"
            self._text.setText(say(key, text=found.wanted.text))
            for hit in found.near[:PROPOSED]:
                button = Button(hit.name, "link", height=28)
                button.clicked.connect(partial(self._chosen, hit.id))
                self._links.addWidget(button)
        elif found.unknown:
            self._text.setText(say("nobody.unknown", value=", ".join(found.unknown)))
        elif found.wanted.searching:
            key = "nobody.text_filtered" if filters else "nobody.text"
            self._text.setText(say(key, text=found.wanted.text, n=filters))
        elif filters:
            self._text.setText(say("nobody.filters", n=filters))
        else:
            self._text.setText(say("nobody.yet"))
        self._links.addStretch(1)

    def _chosen(self, id: Id, _checked: bool = False) -> None:
        self.person_asked.emit(id)

    def show_counts(self, counts: list[tuple[str, int]], missions: Mapping[Id, str]) -> None:
        """Offer the filter whose removal gives most."""
        found = self._found
        if found is None or not counts or len(found) or found.near:
            return
        empty(self._links)
        named = {name: text for name, _, text in parts_of(found.wanted.filter, dict(missions))}
        for name, count in counts[:PROPOSED]:
            what = named.get(name, found.wanted.text)
            button = Button(
                say("nobody.without", filter=what, n=count, count=number(count)), "link", height=28
            )
            button.clicked.connect(lambda _=False, n=name: self.without_asked.emit(n))
            self._links.addWidget(button)
        self._links.addStretch(1)
