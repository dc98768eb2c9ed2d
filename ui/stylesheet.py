"""The small style sheet of the stock controls; painted controls draw themselves."""

from __future__ import annotations

from collections.abc import Mapping
from string import Template

# Only what a palette cannot say: edges, radii and the colours of a label's role.
_SHEET = Template("""
QLabel[tone="soft"] { color: $ink_soft; }
QLabel[tone="accent"] { color: $accent_ink; }
QLabel[tone="good"] { color: $good; }
QLabel[tone="care"] { color: $care; }
QLabel[tone="stop"] { color: $stop; }
QLabel[tone="undo"] { color: $undo_text; }
QLineEdit, QPlainTextEdit, QTextEdit, QDateEdit, QSpinBox, QComboBox {
    background: $card; color: $ink; border: 1px solid $edge; border-radius: 8px;
    selection-background-color: $accent; selection-color: $on_accent; }
QLineEdit, QDateEdit, QSpinBox, QComboBox { padding: 0px 11px; min-height: 34px; max-height: 34px; }
QPlainTextEdit, QTextEdit { padding: 7px 9px; }
QLineEdit:focus, QDateEdit:focus, QSpinBox:focus, QComboBox:focus {
    border: 2px solid $accent; padding: 0px 10px; min-height: 32px; max-height: 32px; }
QPlainTextEdit:focus, QTextEdit:focus { border: 2px solid $accent; padding: 6px 8px; }
QLineEdit[wrong="true"], QPlainTextEdit[wrong="true"], QComboBox[wrong="true"] {
    border: 2px solid $stop; padding: 0px 10px; min-height: 32px; max-height: 32px; }
QLineEdit:disabled, QComboBox:disabled, QPlainTextEdit:disabled {
    background: $sunk; color: $ink_soft; border: 1px solid $edge; }
QLineEdit[bare="true"] { border: none; background: transparent; padding: 0px;
    min-height: 0px; max-height: 1000px; }
QComboBox::drop-down { border: none; width: 26px; }
QComboBox::down-arrow { image: none; width: 0px; }
QComboBox QAbstractItemView { background: $card; color: $ink; border: 1px solid $edge;
    selection-background-color: $accent_wash; selection-color: $ink; outline: none; padding: 4px; }
QAbstractItemView { background: $card; color: $ink; border: none; outline: none;
    selection-background-color: $accent_wash; selection-color: $ink; }
QHeaderView { background: $card; border: none; }
QHeaderView::section { background: $card; color: $ink_soft; border: none;
    border-bottom: 1px solid $line; padding: 0px 8px; }
QHeaderView::section:first { padding: 0px 8px 0px 16px; }
QTableCornerButton::section { background: $card; border: none; }
QScrollArea { background: transparent; border: none; }
QScrollBar:vertical { background: transparent; width: 12px; margin: 0px; }
QScrollBar:horizontal { background: transparent; height: 12px; margin: 0px; }
QScrollBar::handle { background: $edge; border-radius: 3px; margin: 3px; }
QScrollBar::handle:vertical { min-height: 32px; }
QScrollBar::handle:horizontal { min-width: 32px; }
QScrollBar::add-line, QScrollBar::sub-line { width: 0px; height: 0px; }
QScrollBar::add-page, QScrollBar::sub-page { background: transparent; }
QSplitter::handle { background: transparent; }
QMenu { background: $card; color: $ink; border: 1px solid $edge; border-radius: 8px; padding: 4px; }
QMenu::item { padding: 8px 16px; border-radius: 6px; }
QMenu::item:selected { background: $accent_wash; color: $ink; }
QMenu::item:disabled { color: $ink_soft; }
QMenu::separator { height: 1px; background: $line; margin: 4px 8px; }
QToolTip { background: $undo; color: $undo_text; border: 1px solid $undo_edge; padding: 4px 8px; }
""")


def stylesheet(tokens: Mapping[str, str]) -> str:
    """The style sheet with the tokens of a theme put in."""
    return _SHEET.substitute(tokens)
