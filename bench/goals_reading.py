"""Goal 10 of ``perf.md`` 9: CVs through two reader processes beside one."""

from __future__ import annotations

import io
import textwrap
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from itertools import islice
from statistics import median

from reportlab.lib.pagesizes import A4  # type: ignore[import-untyped]
from reportlab.pdfgen.canvas import Canvas  # type: ignore[import-untyped]

from bench.corpus import read_corpus
from bench.ground import Ground
from bench.measuring import Line
from clementine_crm.reading.process import ReaderProcess

CVS = 60
_LINE, _WIDTH, _PAGE_LINES = 13, 95, 58


def pdf_of(text: str) -> bytes:
    """A CV as a plain PDF of one to three pages."""
    out = io.BytesIO()
    canvas = Canvas(out, pagesize=A4)
    lines = [part for line in text.splitlines() for part in textwrap.wrap(line, _WIDTH) or [""]]
    for start in range(0, len(lines), _PAGE_LINES):
        page = canvas.beginText(50, A4[1] - 50)
        page.setFont("Helvetica", 9)
        page.setLeading(_LINE)
        for line in lines[start : start + _PAGE_LINES]:
            page.textLine(line)
        canvas.drawText(page)
        canvas.showPage()
    canvas.save()
    return out.getvalue()


def workers(ground: Ground, rounds: int) -> list[Line]:
    """CVs a second, text and fields; both readers take half each while the other side waits."""
    people = islice(read_corpus(ground.corpus), CVS)
    pdfs = [pdf_of(person.cv_text) for person in people]
    rates: dict[int, list[float]] = {1: [], 2: []}
    with ReaderProcess() as first, ReaderProcess() as second:
        for reader in (first, second):
            read(reader, pdfs[:3])
        for n in range(rounds):
            for count in (1, 2) if n % 2 else (2, 1):
                readers = (first, second)[:count]
                start = time.perf_counter()
                with ThreadPoolExecutor(count) as pool:
                    halves = [pdfs[k::count] for k in range(count)]
                    characters = sum(pool.map(read, readers, halves))
                rates[count].append(len(pdfs) / (time.perf_counter() - start))
                assert characters > CVS * 1_000
    one, two = median(rates[1]), median(rates[2])
    return [
        Line(
            "10",
            "CVs a second, two readers beside one",
            two,
            one,
            "/s",
            two / one,
            1.8,
            at_least=True,
        )
    ]


def read(reader: ReaderProcess, pdfs: Sequence[bytes]) -> int:
    """How many characters were read."""
    return sum(len(reader.document(pdf, "cv.pdf").text) for pdf in pdfs)


def all_lines(ground: Ground, repeats: int) -> Iterator[list[Line]]:
    ground.say("reading: two workers")
    yield workers(ground, max(5, repeats // 3))
