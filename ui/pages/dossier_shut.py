"""What is shown of a person whose dossier is shut or limited: a sentence, and the dates it rests on."""

from __future__ import annotations

from datetime import date

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from clementine_crm.queries.dossier_access import Access, Opened
from ui import moments
from ui.speech import say
from ui.widgets.card import Panel
from ui.widgets.field import Picture
from ui.widgets.text import Text


def shut_panel(opened: Opened | None, today: date) -> QWidget:
    """The whole content where there is nothing else to show."""
    panel = Panel("card", "")
    column = QVBoxLayout(panel)
    column.setContentsMargins(24, 24, 24, 24)
    column.setSpacing(8)
    column.addStretch(2)
    middle = Qt.AlignmentFlag.AlignHCenter
    icon, title, text = _said(opened, today)
    column.addWidget(Picture(icon, "ink_soft", 36), 0, middle)
    for label in (Text(title, "card_title", wrap=True), Text(text, "body", "soft", wrap=True)):
        label.setAlignment(middle)
        column.addWidget(label)
        label.setVisible(bool(label.text()))
    column.addStretch(3)
    panel.setAccessibleName(f"{title}. {text}")
    return panel


def _said(opened: Opened | None, today: date) -> tuple[str, str, str]:
    if opened is None:
        return "person", say("dossier.nobody"), say("dossier.nobody_text")
    since = moments.full_day(opened.since) if opened.since else ""
    if opened.access is Access.REFUSED:
        return "lock", say("shut.limited"), say("shut.refused", day=since)
    erase = moments.full_day(opened.erase_on) if opened.erase_on else ""
    if erase and opened.erase_on is not None and opened.erase_on > today:
        return "lock", say("shut.locked"), say("shut.erased_on", since=since, day=erase)
    return "lock", say("shut.locked"), say("shut.erased_next", since=since)


def banner_of(opened: Opened) -> QWidget | None:
    """The amber bar above a dossier that may only be read; None where all may be done."""
    if opened.access is Access.LIMITED:
        day = moments.full_day(opened.since) if opened.since else ""
        text = say("shut.banner_limited", day=day) if day else say("shut.limited")
    elif opened.access is Access.KEPT:
        text = say("shut.banner_kept")
    else:
        return None
    panel = Panel("care_wash", "", 8)
    panel.setAccessibleName(text)
    row = QHBoxLayout(panel)
    row.setContentsMargins(14, 8, 14, 8)
    row.setSpacing(8)
    row.addWidget(Picture("lock", "care", 15))
    row.addWidget(Text(text, "strong", "care", wrap=True), 1)
    return panel
