"""Documents whose layout could part a name from its contact block: Word parts, boxes, columns."""

from __future__ import annotations

import io
from collections.abc import Sequence

import docx
import pytest
from docx.oxml import parse_xml
from reportlab.pdfgen.canvas import Canvas

from clementine_crm.plugin_api import DocumentText
from clementine_crm.reading.documents import read_document

SIDE = ["Contact", "06 39 98 12 34", "lucie.martin@example.com", "Dijon", "Compétences", "Excel", "Sage", "Power BI", "Langues", "Anglais"]  # fmt: skip
MAIN = [
    "Expérience professionnelle", "2019 – 2024 Comptable", "Société Valcombe, Lyon", "Saisie des factures fournisseurs",
    "Clôtures mensuelles", "2015 – 2019 Aide-comptable", "Cabinet Noirbois, Dijon", "Lettrage", "Formation", "2015 BTS Comptabilité",
]  # fmt: skip


def saved(document: docx.document.Document) -> DocumentText:
    out = io.BytesIO()
    document.save(out)
    return read_document(out.getvalue(), "cv.docx")


def told(document: DocumentText) -> dict[str, str]:
    """The first value of each field."""
    return {one.name: one.value for one in reversed(document.fields)}


WHO = {
    "given_name": "Lucie", "family_name": "Martin", "email": "lucie.martin@example.com", "phone": "+33639981234", "town": "Dijon",
    "headline": "Comptable", "company": "Société Valcombe",
}  # fmt: skip


def add(document: docx.document.Document, lines: Sequence[str]) -> None:
    for line in lines:
        document.add_paragraph(line)


def test_a_name_in_the_page_header_of_a_word_file() -> None:
    document = docx.Document()
    header = document.sections[0].header
    header.paragraphs[0].text = "Lucie Martin"
    header.add_paragraph("Comptable")
    add(document, ["Dijon", "06 39 98 12 34", "lucie.martin@example.com", *MAIN])
    document.sections[0].footer.paragraphs[
        0
    ].text = "Altamira Recrutement – contact@altamira.example.com – 01 99 00 77 88"
    read = saved(document)
    assert WHO.items() <= told(read).items()
    assert not [one for one in read.fields if "altamira" in one.value or "7788" in one.value]


W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'


def test_text_boxes_anchored_behind_the_body() -> None:
    document = docx.Document()
    add(document, MAIN)
    anchor = document.add_paragraph()
    for lines in (
        ["06 39 98 12 34", "lucie.martin@example.com", "Dijon"],
        ["Lucie Martin", "Comptable"],
    ):
        inside = "".join(f"<w:p><w:r><w:t>{line}</w:t></w:r></w:p>" for line in lines)
        anchor._p.append(
            parse_xml(f"<w:r {W}><w:pict><w:txbxContent>{inside}</w:txbxContent></w:pict></w:r>")
        )
    assert WHO.items() <= told(saved(document)).items()


def test_a_table_of_two_columns() -> None:
    document = docx.Document()
    left, right = document.add_table(1, 2).rows[0].cells
    left.text = "\n".join(SIDE)
    right.text = "\n".join(["Lucie Martin", "Comptable", *MAIN])
    assert WHO.items() <= told(saved(document)).items()


def test_items_of_a_list_keep_their_bullets() -> None:
    document = docx.Document()
    document.add_paragraph("Lucie Martin")
    document.add_paragraph("Saisie des factures", style="List Bullet")
    document.add_paragraph("Clôtures", style="List Number")
    assert saved(document).text == "Lucie Martin\n• Saisie des factures\n• Clôtures"


def page(pieces: Sequence[tuple[float, float, str]]) -> DocumentText:
    out = io.BytesIO()
    canvas = Canvas(out, invariant=1)
    for x, y, text in pieces:
        canvas.drawString(x, y, text)
    canvas.save()
    return read_document(out.getvalue(), "cv.pdf")


HEAD = [(230.0, 800.0, "Lucie Martin"), (230.0, 780.0, "Comptable")]


def column(lines: Sequence[str], x: float, y: float, step: float) -> list[tuple[float, float, str]]:
    return [(x, y - step * at, line) for at, line in enumerate(lines)]


@pytest.mark.parametrize(
    ("step", "shift"), [(17.0, 5.0), (15.0, 0.0)], ids=["shifted", "same lines"]
)
def test_two_columns_written_row_by_row(step: float, shift: float) -> None:
    left = column([*SIDE, "Espagnol", "Allemand"], 30, 750, step)
    right = column(MAIN, 230, 750 - shift, 15)
    rows = sorted(left + right, key=lambda piece: -piece[1])
    read = page([*HEAD, *rows])
    assert WHO.items() <= told(read).items()
    assert "Compétences\nExcel\nSage" in read.text
    assert "Contact Exp" not in read.text


def test_a_side_bar_written_before_or_after_the_body() -> None:
    side, body = column(SIDE, 30, 750, 15), column(MAIN, 230, 750, 15)
    assert WHO.items() <= told(page([*side, *HEAD, *body])).items()
    assert WHO.items() <= told(page([*HEAD, *body, *side])).items()


def test_dates_in_a_column_of_their_own_stay_with_their_posts() -> None:
    years = [f"{year} – {year + 1}" for year in range(2012, 2022)]
    posts = [f"Comptable, Société Valcombe {at}" for at in range(10)]
    rows = [
        piece
        for at in range(10)
        for piece in ((30.0, 700.0 - 15 * at, years[at]), (230.0, 700.0 - 15 * at, posts[at]))
    ]
    assert "2012 – 2013 Comptable, Société Valcombe 0" in page([*HEAD, *rows]).text


def test_a_telephone_among_the_dates_makes_no_side_bar() -> None:
    left = ["06 39 98 12 34", *(f"{year} – {year + 1}" for year in range(2012, 2022))]
    right = ["lucie.martin@example.com", *(f"Comptable, Société Valcombe {at}" for at in range(10))]
    rows = [
        piece
        for at, (when, what) in enumerate(zip(left, right, strict=True))
        for piece in ((30.0, 700.0 - 15 * at, when), (230.0, 700.0 - 15 * at, what))
    ]
    assert "2012 – 2013 Comptable, Société Valcombe 0" in page([*HEAD, *rows]).text


def test_a_name_in_spaced_out_letters() -> None:
    text = (
        "L U C I E   M A R T I N\nComptable\nlucie.martin@example.com\n06 39 98 12 34\nDijon\n"
        + "\n".join(MAIN)
    )
    assert WHO.items() <= told(read_document(text.encode(), "cv.txt")).items()
