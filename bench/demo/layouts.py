"""Five page layouts of CVs as PDF, and letters: small files (base fonts), the same bytes each time."""

from __future__ import annotations

import io
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any
from xml.sax.saxutils import escape

from reportlab import rl_config
from reportlab.lib.colors import Color, HexColor, white
from reportlab.lib.enums import TA_CENTER, TA_RIGHT
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.pdfbase.pdfmetrics import stringWidth
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import (
    BaseDocTemplate,
    Flowable,
    Frame,
    HRFlowable,
    KeepTogether,
    NextPageTemplate,
    PageTemplate,
    Paragraph,
    Spacer,
    Table,
)

from bench.demo.people import Cv, Job, Person, spoken_phone

rl_config.useA85 = 0  # binary streams: a fifth smaller

WIDTH, HEIGHT = A4
INK = HexColor("#23272f")
GREY = HexColor("#5d6573")
ACCENTS = ("#1f5a7a", "#7a3b1f", "#2f6b4f", "#5b3a77", "#8a2f45", "#35507a", "#6b5a1f", "#1f6f6f")
KINDS = ("classic", "sidebar", "banner", "timeline", "columns")


@dataclass(frozen=True)
class Look:
    """The styles of one CV: a fount, an accent, sizes in points."""

    accent: Color
    font: str
    bold: str
    size: float = 10.1

    def style(self, name: str, **changes: Any) -> ParagraphStyle:
        base: dict[str, Any] = {
            "fontName": self.font,
            "fontSize": self.size,
            "leading": self.size * 1.42,
            "textColor": INK,
        }
        return ParagraphStyle(name, **(base | changes))

    def name(self, **changes: Any) -> ParagraphStyle:
        base: dict[str, Any] = {
            "fontName": self.bold,
            "fontSize": 23,
            "leading": 28,
            "textColor": self.accent,
        }
        return self.style("name", **(base | changes))

    def head(self, **changes: Any) -> ParagraphStyle:
        base: dict[str, Any] = {
            "fontName": self.bold,
            "fontSize": 11.5,
            "leading": 15,
            "textColor": self.accent,
            "spaceBefore": 11,
            "spaceAfter": 2,
        }
        return self.style("head", **(base | changes))


def _look(number: int, kind: str) -> Look:
    accent = HexColor(ACCENTS[number % len(ACCENTS)])
    if kind == "classic":
        return Look(accent, "Times-Roman", "Times-Bold", 11.2)
    return Look(accent, "Helvetica", "Helvetica-Bold")


def _p(text: str, style: ParagraphStyle) -> Paragraph:
    return Paragraph(escape(text), style)


def _fitting(text: str, font: str, size: float, width: float) -> float:
    """The size, at most ``size``, at which the text stands on one line of that width."""
    return min(size, size * width / float(stringWidth(text, font, size)))


def _name(person: Person) -> str:
    return f"{person.given_name} {person.family_name}"


def _rule(look: Look, width: str = "100%") -> HRFlowable:
    return HRFlowable(width=width, thickness=0.7, color=look.accent, spaceBefore=1, spaceAfter=4)


def _bullets(lines: Sequence[str], look: Look) -> list[Flowable]:
    style = look.style("task", leftIndent=9, bulletIndent=0, spaceAfter=1)
    return [Paragraph(escape(line), style, bulletText="•") for line in lines]


def _job(cv: Cv, job: Job, look: Look) -> Flowable:
    title = f"<b>{escape(job.title)}</b> – {escape(job.employer)}, {escape(job.town)}"
    when = look.style("when", textColor=GREY, fontSize=look.size - 0.8)
    head = [Paragraph(title, look.style("job", spaceBefore=7)), _p(cv.years(job), when)]
    return KeepTogether([*head, *_bullets(job.tasks, look)])


def _work(cv: Cv, look: Look, rule: bool) -> list[Flowable]:
    head: list[Flowable] = [_p(cv.headings["work"], look.head())]
    return [*head, *([_rule(look)] if rule else []), *(_job(cv, job, look) for job in cv.jobs)]


def _education(cv: Cv, look: Look, rule: bool) -> list[Flowable]:
    lines = [
        _p(f"{year} – {what}, {where}", look.style("school")) for year, what, where in cv.education
    ]
    return [_p(cv.headings["education"], look.head()), *([_rule(look)] if rule else []), *lines]


def _section(title: str, lines: Sequence[str], look: Look, rule: bool) -> list[Flowable]:
    body = [_p(line, look.style("line")) for line in lines]
    return [_p(title, look.head()), *([_rule(look)] if rule else []), *body]


def _contact(cv: Cv, number: int) -> list[str]:
    lines = [cv.person.email, spoken_phone(cv.person, number), cv.person.town]
    return [*lines, f"{cv.headings['birth']} {cv.birth}"] if cv.birth else lines


def _tail(cv: Cv, look: Look, rule: bool = True) -> list[Flowable]:
    return [
        *_section(cv.headings["skills"], [", ".join(cv.skills)], look, rule),
        *_section(cv.headings["languages"], cv.languages, look, rule),
        *_section(cv.headings["interests"], [cv.interests], look, rule),
    ]


def _classic(cv: Cv, number: int, look: Look) -> tuple[list[Flowable], None]:
    story: list[Flowable] = [
        _p(_name(cv.person), look.name(alignment=TA_CENTER)),
        _p(cv.title, look.style("title", alignment=TA_CENTER, fontSize=13, leading=17)),
        _p(
            "  ·  ".join(_contact(cv, number)), look.style("c", alignment=TA_CENTER, textColor=GREY)
        ),
        *_section(cv.headings["profile"], [cv.profile], look, True),
    ]
    return [*story, *_work(cv, look, True), *_education(cv, look, True), *_tail(cv, look)], None


def _timeline(cv: Cv, number: int, look: Look) -> tuple[list[Flowable], None]:
    right = look.style("when", alignment=TA_RIGHT, textColor=look.accent, fontName=look.bold)
    rows: list[list[Any]] = []
    for job in cv.jobs:
        title = Paragraph(f"<b>{escape(job.title)}</b>", look.style("job"))
        place = _p(f"{job.employer}, {job.town}", look.style("place", textColor=GREY))
        rows.append(
            [_p(cv.years(job), right), [title, place, *_bullets(job.tasks, look), Spacer(1, 8)]]
        )
    schools: list[list[Any]] = [
        [_p(str(year), right), _p(f"{what}, {where}", look.style("school"))]
        for year, what, where in cv.education
    ]
    widths = [29 * mm, WIDTH - 36 * mm - 29 * mm]
    style = [
        ("VALIGN", (0, 0), (-1, -1), "TOP"),
        ("LINEAFTER", (0, 0), (0, -1), 1.2, look.accent),
        ("LEFTPADDING", (1, 0), (1, -1), 9),
        ("TOPPADDING", (0, 0), (-1, -1), 1),
    ]
    story: list[Flowable] = [
        _p(_name(cv.person), look.name()),
        _p(cv.title, look.style("title", fontSize=13, leading=18)),
        _p(" | ".join(_contact(cv, number)), look.style("contact", textColor=GREY)),
        *_section(cv.headings["profile"], [cv.profile], look, False),
        _p(cv.headings["work"], look.head()),
        Table(rows, widths, style=style),
        _p(cv.headings["education"], look.head()),
        Table(schools, widths, style=style),
    ]
    return [*story, *_tail(cv, look, False)], None


_Drawer = Callable[[Canvas], None]


def _sidebar(cv: Cv, number: int, look: Look) -> tuple[list[Flowable], _Drawer]:
    pale = Look(white, look.font, look.bold, 9)
    side: list[Flowable] = [
        _p(cv.person.given_name, pale.name(fontSize=18, leading=21)),
        _p(cv.person.family_name, pale.name(fontSize=18, leading=23, spaceAfter=10)),
    ]
    line = pale.style("side", textColor=white, spaceAfter=2)
    contact = _contact(cv, number)
    size = min(_fitting(text, pale.font, pale.size, 53 * mm) for text in contact)
    small = pale.style("contact", textColor=white, spaceAfter=2, fontSize=size)
    blocks = [
        ("Contact", contact),
        (cv.headings["skills"], cv.skills),
        (cv.headings["languages"], cv.languages),
        (cv.headings["interests"], [cv.interests]),
    ]
    for title, lines in blocks:
        side += [
            _p(title, pale.head(textColor=white)),
            _rule(pale),
            *(_p(x, small if lines is contact else line) for x in lines),
        ]

    def draw(canvas: Canvas) -> None:
        canvas.setFillColor(look.accent)
        canvas.rect(0, 0, 66 * mm, HEIGHT, stroke=0, fill=1)
        Frame(7 * mm, 12 * mm, 54 * mm, HEIGHT - 26 * mm, 0, 0, 0, 0).addFromList(side, canvas)

    story: list[Flowable] = [
        _p(cv.title, look.head(fontSize=17, leading=21, spaceBefore=0)),
        *_section(cv.headings["profile"], [cv.profile], look, False),
    ]
    return [*story, *_work(cv, look, False), *_education(cv, look, False)], draw


def _banner(cv: Cv, number: int, look: Look) -> tuple[list[Flowable], _Drawer]:
    def draw(canvas: Canvas) -> None:
        canvas.setFillColor(look.accent)
        canvas.rect(0, HEIGHT - 42 * mm, WIDTH, 42 * mm, stroke=0, fill=1)
        canvas.setFillColor(white)
        canvas.setFont(look.bold, 24)
        canvas.drawString(18 * mm, HEIGHT - 19 * mm, _name(cv.person))
        canvas.setFont(look.font, 13)
        canvas.drawString(18 * mm, HEIGHT - 27 * mm, cv.title)
        contact = "    ".join(_contact(cv, number))
        canvas.setFont(look.font, _fitting(contact, look.font, 9.5, WIDTH - 36 * mm))
        canvas.drawString(18 * mm, HEIGHT - 36 * mm, contact)

    story: list[Flowable] = [
        _p(cv.profile, look.style("p", fontSize=10.4, leading=14.5, spaceAfter=4))
    ]
    return [*story, *_work(cv, look, True), *_education(cv, look, True), *_tail(cv, look)], draw


def _columns(cv: Cv, number: int, look: Look) -> tuple[list[Flowable], _Drawer]:
    side: list[Flowable] = [
        *_education(cv, look, True),
        *_section(cv.headings["skills"], cv.skills, look, True),
        *_section(cv.headings["languages"], cv.languages, look, True),
        *_section(cv.headings["interests"], [cv.interests], look, True),
    ]

    def draw(canvas: Canvas) -> None:
        canvas.setFillColor(look.accent)
        canvas.setFont(look.bold, 22)
        canvas.drawString(18 * mm, HEIGHT - 22 * mm, _name(cv.person).upper())
        canvas.setFillColor(GREY)
        canvas.setFont(look.font, 12)
        canvas.drawString(18 * mm, HEIGHT - 29 * mm, cv.title)
        contact = " – ".join(_contact(cv, number))
        canvas.setFont(look.font, _fitting(contact, look.font, 9.2, WIDTH - 36 * mm))
        canvas.drawString(18 * mm, HEIGHT - 35 * mm, contact)
        canvas.setStrokeColor(look.accent)
        canvas.setLineWidth(1.6)
        canvas.line(18 * mm, HEIGHT - 39 * mm, WIDTH - 18 * mm, HEIGHT - 39 * mm)
        x = 140 * mm
        Frame(x, 14 * mm, WIDTH - x - 16 * mm, HEIGHT - 56 * mm, 0, 0, 0, 0).addFromList(
            side, canvas
        )

    story: list[Flowable] = _section(cv.headings["profile"], [cv.profile], look, True)
    return [*story, *_work(cv, look, True)], draw


_BUILD = {
    "classic": _classic,
    "timeline": _timeline,
    "sidebar": _sidebar,
    "banner": _banner,
    "columns": _columns,
}
# left, top and right margins of the first page's text, in millimetres
_FIRST = {
    "classic": (20, 17, 20),
    "timeline": (18, 16, 18),
    "sidebar": (74, 16, 14),
    "banner": (18, 48, 18),
    "columns": (18, 43, 78),
}


def _frame(left: float, top: float, right: float) -> Frame:
    height = HEIGHT - (top + 14) * mm
    return Frame(left * mm, 14 * mm, WIDTH - (left + right) * mm, height, 0, 0, 0, 0)


def cv_pdf(cv: Cv, kind: str, number: int, encrypt: object = None) -> bytes:
    """The CV as PDF in one of ``KINDS``; ``number`` chooses accent and phone style.

    ``encrypt`` is a password (or a reportlab encryption) that the file then asks for.
    """
    story, draw = _BUILD[kind](cv, number, _look(number, kind))
    return _write(story, draw, _FIRST[kind], f"CV {_name(cv.person)}", _name(cv.person), encrypt)


def letter_pdf(person: Person, lines: Sequence[str]) -> bytes:
    """A covering letter: who writes, then its paragraphs."""
    look = Look(INK, "Times-Roman", "Times-Bold", 11.5)
    head = [_name(person), person.street, person.town, person.email, spoken_phone(person, 0)]
    story: list[Flowable] = [_p(line, look.style("from")) for line in head]
    story.append(Spacer(1, 30))
    story += [_p(line, look.style("body", spaceAfter=10)) for line in lines]
    story += [Spacer(1, 14), _p(_name(person), look.style("sign", leftIndent=95 * mm))]
    return _write(story, None, (24, 24, 24), "Lettre", _name(person), None)


def _write(
    story: list[Flowable],
    draw: _Drawer | None,
    margins: tuple[int, int, int],
    title: str,
    author: str,
    encrypt: object,
) -> bytes:
    out = io.BytesIO()
    document = BaseDocTemplate(
        out,
        pagesize=A4,
        title=title,
        author=author,
        invariant=1,
        pageCompression=1,
        encrypt=encrypt,
    )

    def first(canvas: Canvas, _document: BaseDocTemplate) -> None:
        if draw is not None:
            draw(canvas)

    document.addPageTemplates(
        [
            PageTemplate("first", [_frame(*margins)], onPage=first),
            PageTemplate("later", [_frame(20, 18, 20)]),
        ]
    )
    document.build([NextPageTemplate("later"), *story])
    return out.getvalue()
