"""Pages of documents as pictures: drawn by the reader process, one at a time, kept for a while.

One shelf serves every page of the window. What is on screen is drawn before what may come next;
a wish that nobody has any more is dropped before it is begun.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol, runtime_checkable

from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QObject, QSize
from PySide6.QtGui import QImage, QImageReader
from shiboken6 import isValid

from clementine_crm.domain.ids import Id
from clementine_crm.errors import BadResponse
from clementine_crm.jobs import JobContext
from clementine_crm.plugin_api import DocumentText
from clementine_crm.queries.documents import document
from clementine_crm.reading.page import PagePicture, WordBox
from ui.context import UiContext
from ui.models.lit import Token, tokens_of_boxes

PAGES_KEPT, FILES_KEPT = 16, 6
IMAGE_SIDE = 2400
DRAWN_KINDS = frozenset({"pdf", "image"})
"""Kinds of documents that have pages of their own; the others are shown as text."""


@runtime_checkable
class ReadsDocuments(Protocol):
    """The same process, where it can also read a file for its fields."""

    def document(self, data: bytes, name: str, password: str = "") -> DocumentText: ...


@dataclass(frozen=True)
class Drawn:
    """One page, ready to be painted. ``scale`` is what it was drawn at (1.0 for an image file);
    ``tokens`` are the words of ``boxes``.
    """

    image: QImage
    boxes: tuple[WordBox, ...]
    tokens: tuple[Token, ...]
    page: int
    pages: int
    scale: float


@dataclass
class _Wish:
    document: Id
    page: int
    scale: float
    urgent: bool
    owner: QObject
    on_ready: Callable[[Drawn], None]
    on_error: Callable[[Exception], None]

    @property
    def key(self) -> tuple[Id, int, float]:
        return self.document, self.page, self.scale

    @property
    def wanted(self) -> bool:
        return isValid(self.owner)


class PageShelf(QObject):
    """Asks and keeps: ``ctx.pages`` draws on the io lane, one call at a time."""

    def __init__(self, ctx: UiContext) -> None:
        super().__init__(ctx.runner)
        self._ctx = ctx
        self._pages: OrderedDict[tuple[Id, int, float], Drawn] = OrderedDict()
        self._files: OrderedDict[Id, bytes] = OrderedDict()
        self._wishes: list[_Wish] = []
        self._texts: list[Callable[[], None]] = []
        self._busy = False

    def held(self, document: Id, page: int, scale: float) -> Drawn | None:
        """The page, when it is at hand."""
        key = (document, page, scale)
        if key in self._pages:
            self._pages.move_to_end(key)
        return self._pages.get(key)

    def ask(
        self,
        document: Id,
        page: int,
        scale: float,
        *,
        owner: QObject,
        on_ready: Callable[[Drawn], None],
        on_error: Callable[[Exception], None] = lambda _error: None,
        urgent: bool = True,
    ) -> None:
        """Have a page drawn; ``on_ready`` at once when it is at hand.

        ``urgent`` False is for what may be shown next: it waits behind everything on screen.
        """
        held = self.held(document, page, scale)
        if held is not None:
            on_ready(held)
            return
        self._wishes.append(_Wish(document, page, scale, urgent, owner, on_ready, on_error))
        self._next()

    def read(
        self,
        data: bytes,
        name: str,
        *,
        owner: QObject,
        on_ready: Callable[[DocumentText], None],
    ) -> None:
        """Have a file read for what it says of a person; nothing is told where nobody can read."""
        reader = self._ctx.pages
        if not isinstance(reader, ReadsDocuments):
            return
        self._texts.append(lambda: self._read(reader, data, name, owner, on_ready))
        self._next()

    def _read(
        self, reader: ReadsDocuments, data: bytes, name: str, owner: QObject,
        on_ready: Callable[[DocumentText], None],
    ) -> None:  # fmt: skip
        def done(text: DocumentText | None) -> None:
            self._busy = False
            if text is not None and isValid(owner):
                on_ready(text)
            self._next()

        self._ctx.runner.submit(
            lambda _job: reader.document(data, name), lane="io", owner=self, on_result=done,
            on_error=lambda _error: done(None),
        )  # fmt: skip

    def drop_wishes(self, owner: QObject) -> None:
        """What this owner waits for is not needed any more."""
        self._wishes = [wish for wish in self._wishes if wish.owner is not owner]

    def forget(self, document: Id) -> None:
        """A document changed or is gone: nothing of it stays."""
        self._files.pop(document, None)
        for key in [key for key in self._pages if key[0] == document]:
            del self._pages[key]

    def clear(self) -> None:
        """Nothing of any person stays (lock, quit)."""
        self._wishes.clear()
        self._files.clear()
        self._pages.clear()

    def _next(self) -> None:
        self._wishes = [wish for wish in self._wishes if wish.wanted]
        if not self._busy and self._texts:
            self._busy = True
            self._texts.pop(0)()
        if self._busy or not self._wishes:
            return
        wish = next((w for w in self._wishes if w.urgent), self._wishes[0])
        self._busy = True
        data = self._files.get(wish.document)
        if data is None:
            self._ctx.read(
                lambda reading: document(reading, wish.document).data,
                owner=self,
                on_result=lambda found: self._fetched(wish, found),
                on_error=lambda error: self._failed(wish, error),
            )
        else:
            self._start(wish, data)

    def _fetched(self, wish: _Wish, data: bytes) -> None:
        self._files[wish.document] = data
        while len(self._files) > FILES_KEPT:
            self._files.popitem(last=False)
        self._start(wish, data)

    def _start(self, wish: _Wish, data: bytes) -> None:
        def job(_job: JobContext) -> Drawn:
            if self._ctx.pages is None:
                raise BadResponse("page_reader_gave_up", page=wish.page, reason="unsupported")
            drawn: PagePicture = self._ctx.pages.draw_page(data, wish.page, wish.scale)
            return _drawn(drawn, wish.scale)

        self._ctx.runner.submit(
            job,
            lane="io",
            name="",
            owner=self,
            on_result=lambda drawn: self._ready(wish, drawn),
            on_error=lambda error: self._failed(wish, error),
        )

    def _ready(self, wish: _Wish, drawn: Drawn) -> None:
        self._pages[wish.key] = drawn
        while len(self._pages) > PAGES_KEPT:
            self._pages.popitem(last=False)
        for other in self._ended(wish):
            other.on_ready(drawn)

    def _failed(self, wish: _Wish, error: Exception) -> None:
        for other in self._ended(wish):
            other.on_error(error)

    def _ended(self, wish: _Wish) -> list[_Wish]:
        """Take every wish for this very page off the list, and go on with the others."""
        self._busy = False
        same = [w for w in self._wishes if w.key == wish.key and w.wanted]
        self._wishes = [w for w in self._wishes if w.key != wish.key]
        self._next()
        return same


def shelf_of(ctx: UiContext) -> PageShelf:
    """The one shelf of a window, made when it is first asked for."""
    found = ctx.runner.findChild(PageShelf)
    return found if isinstance(found, PageShelf) else PageShelf(ctx)


def _drawn(picture: PagePicture, scale: float) -> Drawn:
    """The picture as Qt paints it fastest; runs off the GUI thread."""
    if picture.encoded:
        image, scale = _decoded(picture), 1.0
    else:
        rows = QImage(
            picture.pixels,
            picture.width,
            picture.height,
            picture.stride,
            QImage.Format.Format_RGB888,
        )
        image = rows.convertToFormat(QImage.Format.Format_RGB32)
    tokens = tuple(tokens_of_boxes(box[0] for box in picture.boxes))
    return Drawn(image, picture.boxes, tokens, picture.page, picture.pages, scale)


def _decoded(picture: PagePicture) -> QImage:
    """An image file, never larger than a screen needs. BadResponse when it is none."""
    buffer = QBuffer()
    buffer.setData(QByteArray(picture.encoded))
    buffer.open(QIODevice.OpenModeFlag.ReadOnly)
    reader = QImageReader(buffer)
    reader.setAutoTransform(True)
    size = reader.size()
    if size.isValid() and max(size.width(), size.height()) > IMAGE_SIDE:
        factor = IMAGE_SIDE / max(size.width(), size.height())
        reader.setScaledSize(QSize(int(size.width() * factor), int(size.height() * factor)))
    image = reader.read()
    if image.isNull():
        raise BadResponse("page_reader_gave_up", page=picture.page, reason="damaged")
    return image.convertToFormat(QImage.Format.Format_RGB32)
