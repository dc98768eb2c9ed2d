"""The window itself: one screen at a time, files dropped anywhere on it, its size remembered."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from PySide6.QtCore import QEvent, QMimeData, QObject, QRect, QRectF, Qt, Signal
from PySide6.QtGui import (
    QCloseEvent,
    QDropEvent,
    QGuiApplication,
    QPainter,
    QPaintEvent,
    QShowEvent,
)
from PySide6.QtWidgets import QVBoxLayout, QWidget
from typing_extensions import override

from ui import icons, theme
from ui.preferences import Preferences
from ui.speech import say
from ui.widgets import drawing

SMALLEST, USUAL = (1024, 640), (1440, 900)
# Outlook hands over what is not a file on any disk; only Outlook's own library reads it.
_OUTLOOK = ("FileGroupDescriptor", "RenPrivateItem")
_DRAGS = (QEvent.Type.DragEnter, QEvent.Type.DragMove)


def files_of(mime: QMimeData) -> tuple[Path, ...]:
    """The files and folders of this machine that are being dropped."""
    return tuple(Path(url.toLocalFile()) for url in mime.urls() if url.isLocalFile())


def from_outlook(mime: QMimeData) -> bool:
    """Whether Outlook drops messages that are no files."""
    return not mime.hasUrls() and any(word in name for name in mime.formats() for word in _OUTLOOK)


class _DropVeil(QWidget):
    """Says that files may be let go here."""

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        self.setProperty("floats", True)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setGeometry(window.rect())
        self.setAccessibleName(say("window.drop_here"))
        self.show()
        self.raise_()

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        drawing.smooth(painter)
        ground = theme.colour("accent_wash")
        ground.setAlphaF(0.92)
        painter.fillRect(self.rect(), ground)
        frame = QRectF(self.rect()).adjusted(16, 16, -16, -16)
        drawing.box(painter, frame, theme.RADIUS_DIALOG, None, theme.colour("accent"), 2)
        middle = frame.center()
        icons.paint(
            painter, "upload", "accent_ink", QRectF(middle.x() - 20, middle.y() - 56, 40, 40)
        )
        centre = Qt.AlignmentFlag.AlignHCenter
        ink = theme.colour("accent_ink")
        first = QRectF(frame.left(), middle.y(), frame.width(), 30)
        drawing.draw_text(
            painter, first, say("window.drop_here"), theme.PAGE_TITLE, 600, ink, centre
        )
        second = QRectF(frame.left(), middle.y() + 34, frame.width(), 22)
        drawing.draw_text(painter, second, say("window.drop_note"), theme.BODY, 400, ink, centre)


class Window(QWidget):
    """Signals: ``close_asked()``; ``dropped(tuple[Path, ...])``; ``outlook_dropped()``."""

    close_asked = Signal()
    dropped = Signal(object)
    outlook_dropped = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setWindowTitle(say("shell.product"))
        self.setWindowIcon(icons.window_icon())
        self.setMinimumSize(*SMALLEST)
        self.setAcceptDrops(True)
        self.takes_files = False
        self.may_close = False
        self._screen: QWidget | None = None
        self._veil: _DropVeil | None = None
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)

    @property
    def screen_shown(self) -> QWidget | None:
        """What fills the window."""
        return self._screen

    def put(self, screen: QWidget) -> None:
        """Fill the window with another screen; the one before goes for good."""
        before, self._screen = self._screen, screen
        if before is screen:
            return
        # What a screen gave the focus to before it was in a window is forgotten on the way.
        focused = screen.focusWidget()
        if before is not None:
            before.hide()
            self._column.removeWidget(before)
            # Never without a parent: Python would own it, and may collect it on any thread.
            before.deleteLater()
        self._column.addWidget(screen)
        screen.show()
        if focused is not None:
            focused.setFocus()

    def say_title(self, agency: str = "") -> None:
        """The window's name for the task bar: the agency's, never a person's."""
        product = say("shell.product")
        self.setWindowTitle(f"{agency} · {product}" if agency else product)

    def come_forward(self) -> None:
        """Above the others, and with the keyboard."""
        if self.isMinimized():
            self.showNormal()
        self.raise_()
        self.activateWindow()

    # Its size and place.
    def open_as(self, kept: Preferences) -> None:
        """As it was last time, when that is still on a screen."""
        self.resize(*USUAL)
        if kept.frame is not None and _on_a_screen(QRect(*kept.frame)):
            self.setGeometry(QRect(*kept.frame))
        else:
            screen = QGuiApplication.primaryScreen()
            if screen is not None:
                room = screen.availableGeometry()
                self.resize(min(USUAL[0], room.width()), min(USUAL[1], room.height()))
        if kept.maximised:
            self.showMaximized()
        else:
            self.show()

    def remembered(self, kept: Preferences) -> Preferences:
        """What to remember of its size and place."""
        at = self.normalGeometry() if self.isMaximized() else self.geometry()
        frame = (at.left(), at.top(), at.width(), at.height())
        return replace(kept, frame=frame, maximised=self.isMaximized())

    # What is dropped on it, before any field below may take it for text.
    @override
    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        handle = self.windowHandle()
        if handle is not None:
            handle.removeEventFilter(self)
            handle.installEventFilter(self)

    @override
    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        kind = event.type()
        if kind == QEvent.Type.DragLeave:
            self._uncover()
        elif isinstance(event, QDropEvent) and self.takes_files:
            files, outlook = files_of(event.mimeData()), from_outlook(event.mimeData())
            if kind in _DRAGS and (files or outlook):
                self._cover()
                event.setDropAction(Qt.DropAction.CopyAction)
                event.accept()
                return True
            if kind == QEvent.Type.Drop and (files or outlook):
                self._uncover()
                event.setDropAction(Qt.DropAction.CopyAction)
                event.accept()
                self._tell(files)
                return True
        return super().eventFilter(watched, event)

    def _tell(self, files: Sequence[Path]) -> None:
        if files:
            self.dropped.emit(tuple(files))
        else:
            self.outlook_dropped.emit()

    def _cover(self) -> None:
        if self._veil is None:
            self._veil = _DropVeil(self)

    def _uncover(self) -> None:
        if self._veil is not None:
            self._veil.hide()
            self._veil.deleteLater()
            self._veil = None

    @override
    def closeEvent(self, event: QCloseEvent) -> None:
        if self.may_close:
            super().closeEvent(event)
        else:
            event.ignore()
            self.close_asked.emit()


def _on_a_screen(frame: QRect) -> bool:
    title = QRect(frame.left(), frame.top(), frame.width(), 40)
    return any(
        screen.availableGeometry().intersected(title).width() > 200
        for screen in QGuiApplication.screens()
    )
