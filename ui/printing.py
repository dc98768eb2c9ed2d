"""Printing the recovery sheet: two copies, nothing written to a file or a clipboard by us."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from html import escape

from PySide6.QtGui import QTextDocument
from PySide6.QtPrintSupport import QPrintDialog, QPrinter
from PySide6.QtWidgets import QDialog, QWidget

from ui.speech import say


def sheet_html(agency: str, words: Sequence[str]) -> str:
    """The sheet: the words numbered, in columns read downwards."""
    rows = []
    for line in range(4):
        cells = "".join(
            f"<td><small>{n + 1}</small>&nbsp;<b>{escape(words[n])}</b></td>"
            for n in range(line, len(words), 4)
        )
        rows.append(f"<tr>{cells}</tr>")
    title = escape(say("first_start.sheet_title", agency=agency))
    return (
        f"<h2>{title}</h2><p>{escape(say('first_start.sheet_text'))}</p>"
        f"<table cellpadding='8' width='100%'>{''.join(rows)}</table>"
    )


def print_sheet(
    agency: str, words: Sequence[str], parent: QWidget, on_done: Callable[[bool], object]
) -> None:
    """Ask for a printer and print two copies; ``on_done(False)`` when it did not happen."""
    printer = QPrinter(QPrinter.PrinterMode.HighResolution)
    printer.setCopyCount(2)
    printer.setDocName("Clementine")
    dialog = QPrintDialog(printer, parent)

    def accepted() -> None:
        document = QTextDocument()
        document.setHtml(sheet_html(agency, words))
        document.print_(printer)
        on_done(printer.printerState() != QPrinter.PrinterState.Error)

    # The stub of QPrintDialog hides the plain open() of QDialog.
    dialog.accepted.connect(accepted)
    dialog.rejected.connect(lambda: on_done(False))
    QDialog.open(dialog)
