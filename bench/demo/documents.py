"""The other file kinds of CVs: DOCX, ODT, RTF, plain text and a scanned page."""

from __future__ import annotations

import io
import random
import re
import zipfile
from collections.abc import Iterator
from xml.sax.saxutils import escape

import docx
import pypdfium2
from docx.oxml.ns import qn
from docx.shared import Pt, RGBColor
from PIL import Image

from bench.demo.layouts import ACCENTS
from bench.demo.people import Cv, spoken_phone

_EPOCH = (2026, 1, 5, 8, 0, 0)


def lines(cv: Cv, number: int) -> Iterator[tuple[str, str]]:
    """The CV as (kind, text): ``name``, ``title``, ``contact``, ``head``, ``job``, ``task``, ``text``."""
    person, heads = cv.person, cv.headings
    yield "name", f"{person.given_name} {person.family_name}"
    yield "title", cv.title
    yield "contact", f"{person.town} · {spoken_phone(person, number)} · {person.email}"
    if cv.birth:
        yield "contact", f"{heads['birth']} {cv.birth}"
    yield "head", heads["profile"]
    yield "text", cv.profile
    yield "head", heads["work"]
    for job in cv.jobs:
        yield "job", f"{cv.years(job)} : {job.title}, {job.employer}, {job.town}"
        yield from (("task", task) for task in job.tasks)
    yield "head", heads["education"]
    yield from (("text", f"{year} : {what}, {where}") for year, what, where in cv.education)
    yield "head", heads["skills"]
    yield "text", ", ".join(cv.skills)
    yield "head", heads["languages"]
    yield from (("text", line) for line in cv.languages)
    yield "head", heads["interests"]
    yield "text", cv.interests


def cv_text(cv: Cv, number: int = 0) -> str:
    """The CV as plain text."""
    out = []
    for kind, text in lines(cv, number):
        if kind == "head":
            out += ["", text.upper()]
        else:
            out.append(f"- {text}" if kind == "task" else text)
    return "\n".join(out) + "\n"


def cv_docx(cv: Cv, number: int) -> bytes:
    """The CV as a Word document with headings, bullets and, every third time, a table on top."""
    document = docx.Document()
    accent = RGBColor.from_string(ACCENTS[number % len(ACCENTS)][1:].upper())
    normal = document.styles["Normal"].font
    normal.name, normal.size = "Calibri", Pt(10.5)
    parts = list(lines(cv, number))
    if number % 3 == 0:
        cells = document.add_table(rows=1, cols=2).rows[0].cells
        run = cells[0].paragraphs[0].add_run(parts[0][1])
        run.bold, run.font.size, run.font.color.rgb = True, Pt(20), accent
        cells[0].add_paragraph(parts[1][1])
        for piece in parts[2][1].split(" · "):
            cells[1].add_paragraph(piece)
        parts = parts[3:]
    for kind, text in parts:
        _docx_line(document, kind, text, accent)
    for style in list(document.styles.element):
        if style.get(qn("w:type")) == "table" and style.get(qn("w:default")) is None:
            document.styles.element.remove(style)
    raw = io.BytesIO()
    document.core_properties.author = ""
    document.core_properties.title = "CV"
    document.save(raw)
    return _repacked(raw.getvalue())


def _docx_line(document: docx.document.Document, kind: str, text: str, accent: RGBColor) -> None:
    if kind in ("name", "head"):
        heading = document.add_heading(text, 0 if kind == "name" else 2)
        heading.runs[0].font.color.rgb = accent
    elif kind == "task":
        document.add_paragraph(text, style="List Bullet").paragraph_format.space_after = Pt(0)
    else:
        paragraph = document.add_paragraph()
        run = paragraph.add_run(text)
        run.bold = kind in ("job", "title")
        paragraph.paragraph_format.space_after = Pt(3)


_UNUSED = ("thumbnail.jpeg", "stylesWithEffects.xml")


def _repacked(data: bytes) -> bytes:
    """The same package smaller and with fixed dates: without the template's unused parts."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w") as new:
        for entry in old.infolist():
            if entry.filename.endswith(_UNUSED):
                continue
            body = old.read(entry)
            if entry.filename.endswith((".rels", "[Content_Types].xml")):
                for part in _UNUSED:
                    body = re.sub(
                        rb"<(Relationship|Override) [^>]*" + part.encode() + rb"[^>]*/>", b"", body
                    )
            _add(new, entry.filename, body)
    return out.getvalue()


def _add(package: zipfile.ZipFile, name: str, body: bytes, stored: bool = False) -> None:
    info = zipfile.ZipInfo(name, _EPOCH)
    info.compress_type = zipfile.ZIP_STORED if stored else zipfile.ZIP_DEFLATED
    info.external_attr = 0o644 << 16
    package.writestr(info, body, compresslevel=9)


_ODF = "urn:oasis:names:tc:opendocument:xmlns"
_ODT_STYLES = (
    '<style:style style:name="T" style:family="paragraph"><style:text-properties fo:font-size="20pt"'
    ' fo:font-weight="bold" fo:color="{accent}"/></style:style>'
    '<style:style style:name="H" style:family="paragraph"><style:paragraph-properties'
    ' fo:margin-top="0.35cm"/><style:text-properties fo:font-size="13pt" fo:font-weight="bold"'
    ' fo:color="{accent}"/></style:style><style:style style:name="B" style:family="paragraph">'
    '<style:text-properties fo:font-weight="bold"/></style:style>'
)


def cv_odt(cv: Cv, number: int) -> bytes:
    """The CV as an OpenDocument text."""
    mime = "application/vnd.oasis.opendocument.text"
    body = []
    for kind, text in lines(cv, number):
        if kind == "head":
            body.append(
                f'<text:h text:style-name="H" text:outline-level="1">{escape(text)}</text:h>'
            )
        elif kind == "task":
            body.append(
                f"<text:list><text:list-item><text:p>{escape(text)}</text:p></text:list-item></text:list>"
            )
        else:
            style = {"name": ' text:style-name="T"', "job": ' text:style-name="B"'}.get(kind, "")
            body.append(f"<text:p{style}>{escape(text)}</text:p>")
    spaces = " ".join(f'xmlns:{p}="{_ODF}:{p}:1.0"' for p in ("office", "text", "style"))
    spaces += f' xmlns:fo="{_ODF}:xsl-fo-compatible:1.0"'
    styles = _ODT_STYLES.format(accent=ACCENTS[number % len(ACCENTS)])
    content = (
        f'<?xml version="1.0" encoding="UTF-8"?>\n<office:document-content {spaces} office:version="1.3">'
        f"<office:automatic-styles>{styles}</office:automatic-styles><office:body><office:text>"
        f"{''.join(body)}</office:text></office:body></office:document-content>"
    )
    manifest = (
        '<?xml version="1.0" encoding="UTF-8"?>\n<manifest:manifest'
        f' xmlns:manifest="{_ODF}:manifest:1.0" manifest:version="1.3">'
        f'<manifest:file-entry manifest:full-path="/" manifest:media-type="{mime}"/>'
        '<manifest:file-entry manifest:full-path="content.xml" manifest:media-type="text/xml"/>'
        "</manifest:manifest>"
    )
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as package:
        _add(package, "mimetype", mime.encode(), stored=True)
        _add(package, "content.xml", content.encode())
        _add(package, "META-INF/manifest.xml", manifest.encode())
    return out.getvalue()


_RTF = {
    "name": r"\b\fs40 {}\b0\fs21",
    "title": r"\b {}\b0",
    "head": r"\sb180\b\fs26\cf1 {}\b0\fs21\cf0\sb0",
    "job": r"\sb80\b {}\b0\sb0",
    "task": r"\li300\bullet  {}\li0",
}


def cv_rtf(cv: Cv, number: int) -> bytes:
    """The CV as RTF in cp1252 with Unicode escapes for the rest."""
    red, green, blue = (int(ACCENTS[number % len(ACCENTS)][k : k + 2], 16) for k in (1, 3, 5))
    out = [
        r"{\rtf1\ansi\ansicpg1252\deff0{\fonttbl{\f0\fswiss Arial;}}",
        rf"{{\colortbl;\red{red}\green{green}\blue{blue};}}\fs21",
    ]
    for kind, text in lines(cv, number):
        out.append(_RTF.get(kind, "{}").replace("{}", _rtf_escaped(text)) + r"\par")
    return ("\n".join(out) + "\n}\n").encode("ascii")


def _rtf_escaped(text: str) -> str:
    out = []
    for char in text:
        if char in "\\{}":
            out.append("\\" + char)
        elif ord(char) < 128:
            out.append(char)
        elif len(char.encode("cp1252", "ignore")) == 1:
            out.append(f"\\'{char.encode('cp1252')[0]:02x}")
        else:
            out.append(f"\\u{ord(char)}?")
    return "".join(out)


def scan_jpeg(pdf: bytes, seed: int) -> bytes:
    """The first page as a slightly turned grey photograph: there is no text to read in it."""
    rnd = random.Random(seed)
    document = pypdfium2.PdfDocument(pdf)
    page = document[0].render(scale=1.75).to_pil().convert("L")
    document.close()
    page = page.rotate(
        rnd.uniform(-1.2, 1.2), expand=True, fillcolor=236, resample=Image.Resampling.BICUBIC
    )
    noise = Image.frombytes("L", page.size, rnd.randbytes(page.size[0] * page.size[1]))
    page = Image.blend(page, noise, 0.04)
    out = io.BytesIO()
    page.save(out, "JPEG", quality=48, optimize=True)
    return out.getvalue()
