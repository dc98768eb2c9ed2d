"""The pages of a document as sheets of paper: drawn words lit, a value framed, zoom, several pages."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import partial

from PySide6.QtCore import QPointF, QRectF, QSizeF, Qt, Signal
from PySide6.QtGui import QMouseEvent, QPainter, QPaintEvent, QPen, QResizeEvent, QWheelEvent
from PySide6.QtWidgets import QAbstractScrollArea, QFrame, QWidget
from typing_extensions import override

from clementine_crm.domain.ids import Id
from ui import theme
from ui.models.lit import Hit, Token, hits, place_of
from ui.models.page_shelf import Drawn, PageShelf
from ui.widgets import drawing

A4 = QSizeF(595, 842)
MARGIN, BETWEEN = 16, 14
STEPS = (0.6, 0.8, 1.0, 1.25, 1.5, 2.0, 3.0)
WIDEST = 2.1
POINTS_TO_PIXELS = 96 / 72


@dataclass
class _Sheet:
    """One page: its size in points, its picture, where its words are."""

    size: QSizeF = field(default_factory=lambda: QSizeF(A4))
    drawn: Drawn | None = None
    tokens: Sequence[Token] = ()
    lit: list[Hit] = field(default_factory=list)
    asked: float = 0.0
    top: float = 0.0


class SheetView(QAbstractScrollArea):
    """Sheets under each other, as wide as the pane.

    Signals: ``page_changed(at, pages)``; ``pointed(page, word)`` the pointer is on a word (-1: on
    none); ``failed(Exception)`` a page could not be drawn; ``painted()`` after the first paint of a
    picture; ``zoomed()``.
    """

    page_changed = Signal(int, int)
    pointed = Signal(int, int)
    failed = Signal(object)
    painted = Signal()
    zoomed = Signal()

    def __init__(self, shelf: PageShelf, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._shelf = shelf
        self._document: Id | None = None
        self._image = False
        self._sheets: list[_Sheet] = []
        self._terms: tuple[str, ...] = ()
        self._framed: tuple[int, str, str] | None = None
        self._step = STEPS.index(1.0)
        self._at = 0
        self._said_painted = False
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAsNeeded)
        self.viewport().setMouseTracking(True)
        self.verticalScrollBar().setSingleStep(40)
        self.verticalScrollBar().valueChanged.connect(lambda _value: self._moved())

    # What to show.
    def show_document(
        self, document: Id, name: str, pages: int, *, image: bool, terms: Sequence[str] = ()
    ) -> None:
        """Show a document from its first page; what was shown before is forgotten."""
        self._shelf.drop_wishes(self)
        self._document, self._image = document, image
        self._sheets = [_Sheet() for _ in range(max(1, pages))]
        self._terms, self._framed, self._said_painted = tuple(terms), None, False
        self._at = 0
        self.setAccessibleName(name)
        self._place()
        self.verticalScrollBar().setValue(0)
        self._want()
        self.page_changed.emit(1, len(self._sheets))

    def clear(self) -> None:
        """Show nothing."""
        self._shelf.drop_wishes(self)
        self._document, self._sheets, self._framed = None, [], None
        self.viewport().update()

    def set_terms(self, terms: Sequence[str]) -> None:
        """Light other words."""
        self._terms = tuple(terms)
        for sheet in self._sheets:
            sheet.lit = hits(sheet.tokens, self._terms)
        self.viewport().update()

    def frame_value(self, page: int, value: str, quote: str) -> None:
        """Frame where a value was read, and bring it into sight."""
        self._framed = (page, value, quote)
        for box in self._framed_boxes()[:1]:
            self._reveal(box)
        self.viewport().update()

    def unframe(self) -> None:
        """Take the frame away."""
        if self._framed is not None:
            self._framed = None
            self.viewport().update()

    def tokens(self, page: int) -> Sequence[Token]:
        """The words of a drawn page, empty before it is drawn."""
        return self._sheets[page - 1].tokens if 0 < page <= len(self._sheets) else ()

    # Zoom and pages.
    @property
    def pages(self) -> int:
        """How many pages there are."""
        return len(self._sheets)

    @property
    def percent(self) -> int:
        """The zoom as people say it: 100 is the size of the paper on the screen."""
        return round(self._zoom(0) / POINTS_TO_PIXELS * 100) if self._sheets else 100

    def zoom_by(self, steps: int) -> None:
        """Closer (+1) or further (-1); 0 goes back to the width of the pane."""
        wanted = STEPS.index(1.0) if steps == 0 else self._step + steps
        self._step = min(max(wanted, 0), len(STEPS) - 1)
        bar = self.verticalScrollBar()
        share = bar.value() / bar.maximum() if bar.maximum() else 0.0
        self._place()
        bar.setValue(round(share * bar.maximum()))
        self._want()
        self.zoomed.emit()

    def go_page(self, by: int) -> None:
        """The next or the previous page."""
        at = min(max(self._at + by, 0), len(self._sheets) - 1)
        if self._sheets:
            self.verticalScrollBar().setValue(int(self._sheets[at].top) - BETWEEN)

    def scroll_by(self, screens: float) -> None:
        """Move by a part of what is seen."""
        bar = self.verticalScrollBar()
        bar.setValue(bar.value() + int(self.viewport().height() * screens))

    def _zoom(self, at: int) -> float:
        """Pixels a point, so that the sheet fills the pane at the middle step."""
        room = max(120, self.viewport().width() - 2 * MARGIN)
        width = self._sheets[at].size.width() if self._sheets else A4.width()
        return min(room / width, WIDEST) * STEPS[self._step]

    def scale_of(self, at: int = 0) -> float:
        """What a page is asked to be drawn at."""
        if self._image:
            return 1.0
        return round(self._zoom(at) * self.devicePixelRatioF(), 2)

    def first_scale(self) -> float:
        """What the first page of a document not seen yet will be asked at, for who fetches ahead."""
        room = max(120, self.viewport().width() - 2 * MARGIN)
        zoom = min(room / A4.width(), WIDEST) * STEPS[self._step]
        return round(zoom * self.devicePixelRatioF(), 2)

    # Places.
    def _place(self) -> None:
        top, widest = float(BETWEEN), 0.0
        for at, sheet in enumerate(self._sheets):
            sheet.top = top
            zoom = self._zoom(at)
            top += sheet.size.height() * zoom + BETWEEN
            widest = max(widest, sheet.size.width() * zoom + 2 * MARGIN)
        port = self.viewport().size()
        self.verticalScrollBar().setPageStep(port.height())
        self.verticalScrollBar().setRange(0, max(0, int(top) - port.height()))
        self.horizontalScrollBar().setPageStep(port.width())
        self.horizontalScrollBar().setRange(0, max(0, int(widest) - port.width()))
        self.viewport().update()

    def _rect(self, at: int) -> QRectF:
        """A sheet on the viewport."""
        zoom = self._zoom(at)
        size = self._sheets[at].size * zoom
        left = max(float(MARGIN), (self.viewport().width() - size.width()) / 2)
        left -= self.horizontalScrollBar().value()
        top = self._sheets[at].top - self.verticalScrollBar().value()
        return QRectF(QPointF(round(left), round(top)), size)

    def _seen(self, beyond: float = 0.0) -> list[int]:
        port = QRectF(self.viewport().rect()).adjusted(0, -beyond, 0, beyond)
        return [at for at in range(len(self._sheets)) if self._rect(at).intersects(port)]

    def _want(self) -> None:
        """Ask for what is on screen at the size it has now, then for what comes next."""
        if self._document is None:
            return
        seen = self._seen()
        for at in [*seen, *(n for n in self._seen(self.viewport().height()) if n not in seen)]:
            scale = self.scale_of(at)
            sheet = self._sheets[at]
            if sheet.asked == scale:
                continue
            sheet.asked = scale
            self._shelf.ask(
                self._document,
                at + 1,
                scale,
                owner=self,
                urgent=at in seen,
                on_ready=partial(self._drawn, self._document),
                on_error=partial(self._not_drawn, self._document),
            )

    def _not_drawn(self, document: Id, error: Exception) -> None:
        if document == self._document:
            self.failed.emit(error)

    def _drawn(self, document: Id, drawn: Drawn) -> None:
        if document != self._document:
            return
        if drawn.pages > len(self._sheets):
            self._sheets += [_Sheet() for _ in range(drawn.pages - len(self._sheets))]
            self.page_changed.emit(self._at + 1, drawn.pages)
        sheet = self._sheets[drawn.page - 1]
        words_known = bool(sheet.tokens)
        sheet.drawn = drawn
        size = QSizeF(drawn.image.size()) / drawn.scale
        if not words_known:
            sheet.tokens = drawn.tokens
            sheet.lit = hits(sheet.tokens, self._terms)
        if (
            abs(size.width() - sheet.size.width()) > 1
            or abs(size.height() - sheet.size.height()) > 1
        ):
            sheet.size = size
            self._place()
            self._want()
        if not words_known:
            for box in self._framed_boxes()[:1]:
                self._reveal(box)
        self.viewport().update()

    def _moved(self) -> None:
        self.viewport().update()
        self._want()
        middle = self.viewport().height() / 2
        at = next((n for n in range(len(self._sheets)) if self._rect(n).bottom() >= middle), 0)
        if at != self._at:
            self._at = at
            self.page_changed.emit(at + 1, len(self._sheets))

    # Words on the sheet.
    def _boxes(self, at: int, hit: Hit) -> list[QRectF]:
        """Where a run of words stands on the viewport, one box a line."""
        sheet = self._sheets[at]
        if sheet.drawn is None:
            return []
        first, last = sheet.tokens[hit.first].owner, sheet.tokens[hit.last].owner
        zoom = self._zoom(at) / sheet.drawn.scale
        lines: list[QRectF] = []
        for _, left, top, right, bottom in sheet.drawn.boxes[first : last + 1]:
            box = QRectF(QPointF(left, top) * zoom, QPointF(right, bottom) * zoom)
            same = lines and lines[-1].top() < box.center().y() < lines[-1].bottom()
            if same and box.left() > lines[-1].left():
                lines[-1] = lines[-1].united(box)
            else:
                lines.append(box)
        corner = self._rect(at).topLeft()
        return [line.translated(corner) for line in lines]

    def _framed_boxes(self) -> list[QRectF]:
        if self._framed is None:
            return []
        page, value, quote = self._framed
        for at in [page - 1] if page else range(len(self._sheets)):
            if 0 <= at < len(self._sheets):
                hit = place_of(self._sheets[at].tokens, value, quote)
                if hit is not None:
                    return self._boxes(at, hit)
        return []

    def _reveal(self, box: QRectF) -> None:
        port = QRectF(self.viewport().rect())
        if box.top() < port.top() + 8 or box.bottom() > port.bottom() - 70:
            bar = self.verticalScrollBar()
            bar.setValue(int(bar.value() + box.center().y() - port.height() / 3))

    def _word_at(self, where: QPointF) -> tuple[int, int]:
        for at in self._seen():
            sheet, rect = self._sheets[at], self._rect(at)
            if sheet.drawn is None or not rect.contains(where):
                continue
            spot = (where - rect.topLeft()) / (self._zoom(at) / sheet.drawn.scale)
            for number, (_, left, top, right, bottom) in enumerate(sheet.drawn.boxes):
                if left - 1 <= spot.x() <= right + 1 and top - 1 <= spot.y() <= bottom + 1:
                    return at + 1, number
        return 0, -1

    # Painting.
    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self.viewport())
        painter.fillRect(self.viewport().rect(), theme.colour("sunk"))
        drawing.smooth(painter)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        pictured = False
        for at in self._seen():
            pictured |= self._paint_sheet(painter, at)
        self._paint_frame(painter)
        if self.hasFocus():
            ring = QRectF(self.viewport().rect())
            drawing.box(painter, ring, theme.RADIUS_CELL, None, theme.colour("accent"), 2)
        if pictured and not self._said_painted:
            self._said_painted = True
            self.painted.emit()

    def _paint_sheet(self, painter: QPainter, at: int) -> bool:
        sheet, rect = self._sheets[at], self._rect(at)
        painter.fillRect(rect.adjusted(-1, -1, 1, 1), theme.colour("line"))
        painter.fillRect(rect, theme.colour("paper"))
        if sheet.drawn is None:
            return False
        # The sheet keeps its own colours and is only dimmed at night.
        painter.setCompositionMode(QPainter.CompositionMode.CompositionMode_Multiply)
        painter.drawImage(rect, sheet.drawn.image)
        for hit in sheet.lit:
            for box in self._boxes(at, hit):
                drawing.box(painter, box.adjusted(-2, -1, 2, 1), 3, theme.colour("mark"))
        painter.setCompositionMode(QPainter.CompositionMode.CompositionMode_SourceOver)
        return True

    def _paint_frame(self, painter: QPainter) -> None:
        for line in self._framed_boxes():
            box = line.adjusted(-3, -2, 3, 2)
            painter.setCompositionMode(QPainter.CompositionMode.CompositionMode_Multiply)
            drawing.box(painter, box, 3, theme.LIGHT.colour("tint"))
            painter.setCompositionMode(QPainter.CompositionMode.CompositionMode_SourceOver)
            painter.setPen(QPen(theme.LIGHT.colour("accent"), 1.5))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(box, 3, 3)

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._place()
        self._want()
        self.zoomed.emit()

    @override
    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        super().mouseMoveEvent(event)
        self.pointed.emit(*self._word_at(event.position()))

    @override
    def wheelEvent(self, event: QWheelEvent) -> None:
        if event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            self.zoom_by(1 if event.angleDelta().y() > 0 else -1)
            event.accept()
            return
        super().wheelEvent(event)
