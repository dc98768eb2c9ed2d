"""A place for files: dropped on it, or chosen with its key; each file can be taken out again."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from pathlib import Path

from PySide6.QtCore import QRectF, Qt, Signal
from PySide6.QtGui import QDragEnterEvent, QDropEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QWidget
from typing_extensions import override

from ui import theme
from ui.widgets import drawing
from ui.widgets.button import Button
from ui.widgets.chip import FilterChip
from ui.widgets.layouts import empty
from ui.widgets.text import Text


class DropZone(QWidget):
    """Signal: ``changed()`` the files are others."""

    changed = Signal()

    def __init__(self, text: str, act: str, key: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.paths: tuple[Path, ...] = ()
        self._over = False
        self.setAcceptDrops(True)
        self.setMinimumHeight(48)
        row = QHBoxLayout(self)
        row.setContentsMargins(12, 8, 12, 8)
        row.setSpacing(8)
        self._text = Text(text, "second", "soft", elide=True)
        self._files = QHBoxLayout()
        self._files.setSpacing(6)
        self.choose = Button(act, icon="file", key=key, height=32, on_click=self.ask)
        row.addWidget(self.choose)
        row.addLayout(self._files)
        row.addWidget(self._text, 1)
        self.setAccessibleName(text)

    def ask(self) -> None:
        """Choose files in the system's own dialog."""
        dialog = QFileDialog(self.window(), self.choose.text())
        dialog.setFileMode(QFileDialog.FileMode.ExistingFiles)
        dialog.filesSelected.connect(lambda names: self.add([Path(name) for name in names]))
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    def add(self, paths: Sequence[Path]) -> None:
        """Take files in, each once."""
        new = tuple(p for p in paths if p.is_file() and p not in self.paths)
        if new:
            self._set((*self.paths, *new))

    def _set(self, paths: tuple[Path, ...]) -> None:
        self.paths = paths
        empty(self._files)
        for path in paths:
            chip = FilterChip(_short(path.name), "file")
            chip.setToolTip(path.name)
            chip.removed.connect(partial(self._remove, path))
            self._files.addWidget(chip)
        self._text.setVisible(not paths)
        self.changed.emit()

    def _remove(self, path: Path) -> None:
        self._set(tuple(p for p in self.paths if p != path))
        self.choose.setFocus()

    @override
    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if any(url.isLocalFile() for url in event.mimeData().urls()):
            event.acceptProposedAction()
            self._over = True
            self.update()

    @override
    def dragLeaveEvent(self, event: object) -> None:
        self._over = False
        self.update()

    @override
    def dropEvent(self, event: QDropEvent) -> None:
        self._over = False
        self.update()
        self.add([Path(url.toLocalFile()) for url in event.mimeData().urls() if url.isLocalFile()])
        event.acceptProposedAction()

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        drawing.smooth(painter)
        if self._over:
            drawing.box(
                painter, QRectF(self.rect()), theme.RADIUS_CONTROL, theme.colour("accent_wash")
            )
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(
            QPen(theme.colour("accent" if self._over else "edge"), 1, Qt.PenStyle.DashLine)
        )
        frame = QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5)
        painter.drawRoundedRect(frame, theme.RADIUS_CONTROL, theme.RADIUS_CONTROL)


def _short(name: str, most: int = 26) -> str:
    return name if len(name) <= most else f"{name[: most - 8]}…{name[-7:]}"
