"""Emptying a layout or a stack: widgets go at once from the screen and soon from memory."""

from __future__ import annotations

from PySide6.QtWidgets import QLayout, QStackedWidget, QWidget


def empty(layout: QLayout, keep: int = 0) -> None:
    """Take everything out of a layout but its last ``keep`` items."""
    while layout.count() > keep:
        item = layout.takeAt(0)
        widget = item.widget() if item is not None else None
        if widget is not None:
            # It keeps its parent: a widget without one is Python's, which may collect it on any thread.
            widget.hide()
            widget.deleteLater()


def show_instead(stack: QStackedWidget, place: int, widget: QWidget) -> None:
    """Put a widget at a place of a stack, in the stead of what stood there, and show it."""
    before = stack.widget(place) if place < stack.count() else None
    stack.insertWidget(place, widget)
    if before is not None:
        stack.removeWidget(before)
        before.deleteLater()
    stack.setCurrentIndex(place)
