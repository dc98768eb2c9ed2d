"""The settings of a plugin as its manifest declares them: a plugin needs no Qt."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QVBoxLayout, QWidget

from clementine_crm.plugin_host.host import SettingRow
from ui.speech import say, words
from ui.widgets.button import Button
from ui.widgets.field import Choice, Field, Mark
from ui.widgets.text import Text

Value = str | int | bool


def label_of(row: SettingRow) -> str:
    """What the setting is called on this screen."""
    name = row.label_fr if words().lang == "fr" else row.label_en
    return name if not row.required else say("schema_form.required", name=name)


class _Entry:
    """One control: how to read it, and how to say that its value will not do."""

    def __init__(
        self,
        row: SettingRow,
        widget: QWidget,
        read: Callable[[], Value | None],
        field: Field | None,
    ) -> None:
        self.row, self.widget, self.read, self.field = row, widget, read, field
        self.first = read()

    @property
    def changed(self) -> bool:
        return self.read() != self.first


class SchemaForm(QWidget):
    """One control a setting. Signal: ``changed()``. Secrets are shown as kept or not, never read."""

    changed = Signal()

    def __init__(self, rows: Sequence[SettingRow] = (), parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(12)
        self.entries = {row.key: self._entry(row) for row in rows}
        for entry in self.entries.values():
            self._column.addWidget(entry.widget)

    def values(self) -> dict[str, Value]:
        """What was changed, by key; a text field emptied is ""."""
        found: dict[str, Value] = {}
        for key, entry in self.entries.items():
            value = entry.read()
            if entry.changed and value is not None:
                found[key] = value
        return found

    def dirty(self) -> bool:
        """Whether anything differs from what is stored."""
        return any(entry.changed for entry in self.entries.values())

    def check(self) -> bool:
        """Say at its field what will not do; True when everything does."""
        wrong = [entry for entry in self.entries.values() if self._fault(entry)]
        if wrong and wrong[0].field is not None:
            wrong[0].field.setFocus()
        return not wrong

    @staticmethod
    def _fault(entry: _Entry) -> str:
        if entry.field is None:
            return ""
        text, kind, fault = entry.field.text().strip(), entry.row.type, ""
        if not text and entry.row.required and not (kind == "secret" and entry.row.is_set):
            fault = say("schema_form.missing")
        elif text and kind == "int" and _number(text) is None:
            fault = say("schema_form.no_number")
        elif text and kind == "url" and not text.startswith(("https://", "http://")):
            fault = say("schema_form.no_url")
        entry.field.set_error(fault)
        return fault

    def _entry(self, row: SettingRow) -> _Entry:
        if row.type == "bool":
            return self._mark(row)
        if row.type == "choice":
            return self._choice(row)
        secret = row.type == "secret"
        ghost = say("schema_form.kept") if secret and row.is_set else ""
        text = "" if row.value is None else str(row.value)
        field = Field(label_of(row), ghost=ghost, secret=secret, text=text)
        field.changed.connect(lambda _text: self.changed.emit())
        widget = self._with_browse(field) if row.type == "path" else field
        return _Entry(row, widget, lambda: self._typed(field, row), field)

    @staticmethod
    def _typed(field: Field, row: SettingRow) -> Value | None:
        text = field.text().strip()
        if row.type == "int":
            return _number(text) if text else None
        if row.type == "secret":
            return text or None
        return text

    def _mark(self, row: SettingRow) -> _Entry:
        mark = Mark(label_of(row), checked=bool(row.value))
        mark.toggled.connect(lambda _on: self.changed.emit())
        return _Entry(row, mark, mark.isChecked, None)

    def _choice(self, row: SettingRow) -> _Entry:
        french = words().lang == "fr"
        entries: list[tuple[str, object]] = [(fr if french else en, v) for v, fr, en in row.choices]
        if not row.required and row.value is None:
            entries.insert(0, (say("schema_form.none"), ""))
        box = Choice(label_of(row), entries)
        if row.value is not None:
            box.setCurrentIndex(max(0, box.findData(row.value)))
        box.currentIndexChanged.connect(lambda _at: self.changed.emit())
        holder = QWidget()
        column = QVBoxLayout(holder)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        column.addWidget(Text(label_of(row), "second", "soft", wrap=True))
        column.addWidget(box)
        return _Entry(row, holder, lambda: str(box.currentData()), None)

    def _with_browse(self, field: Field) -> QWidget:
        holder = QWidget()
        line = QHBoxLayout(holder)
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(8)
        line.addWidget(field, 1)
        browse = Button(say("schema_form.browse"), height=36)
        browse.setAccessibleName(f"{say('schema_form.browse')} {field.label.text()}")
        browse.clicked.connect(lambda _=False: self._browse(field))
        column = QVBoxLayout()
        column.addStretch(1)
        column.addWidget(browse)
        line.addLayout(column)
        return holder

    def _browse(self, field: Field) -> None:
        dialog = QFileDialog(self.window(), field.label.text(), field.text())
        dialog.setFileMode(QFileDialog.FileMode.Directory)
        dialog.filesSelected.connect(lambda names: field.set_text(names[0]))
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()


def _number(text: str) -> int | None:
    try:
        return int(text)
    except ValueError:
        return None
