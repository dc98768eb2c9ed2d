"""Hostile and broken documents through the real reader process: text or a reason, within limits."""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from clementine_crm.plugin_api import DocumentText
from clementine_crm.reading.process import ReaderLimits, ReaderProcess
from clementine_crm.words import keys

LIMITS = ReaderLimits()
"""Those of the program: 20 s and 512 MB a document."""


@pytest.fixture
def reader() -> Iterator[ReaderProcess]:
    with ReaderProcess([], LIMITS) as made:
        made.start()
        yield made


def memory(pid: int, line: str) -> int:
    """A figure of ``/proc/PID/status`` in MB."""
    status = Path(f"/proc/{pid}/status").read_text("ascii", "replace")
    return next(int(one.split()[1]) // 1024 for one in status.splitlines() if one.startswith(line))


def ends_well(reader: ReaderProcess, path: Path) -> DocumentText:
    """Read it: text or a named reason, in time, in memory, the next document still read."""
    reader.document(b"Bonjour", "before.txt")
    pid = reader.pid
    assert pid is not None
    idle = memory(pid, "VmRSS") if sys.platform == "linux" else 0
    began = time.monotonic()
    document = reader.document(path.read_bytes(), path.name)
    assert time.monotonic() - began < LIMITS.seconds + 5, path.name
    if document.reason:
        assert f"reading.{document.reason}" in keys("fr"), (path.name, document.reason)
        assert not document.fields, path.name
    else:
        assert document.text.strip(), path.name
    for flag in document.flags:
        assert f"reading.{flag}" in keys("fr"), (path.name, flag)
    if reader.pid == pid and sys.platform == "linux":
        assert memory(pid, "VmHWM") - idle < LIMITS.memory_mb, path.name
    assert reader.document(b"Bonjour", "after.txt").text == "Bonjour"
    return document


def check(folder: Path, reader: ReaderProcess) -> dict[str, DocumentText]:
    expected = json.loads((folder / "expected.json").read_text("utf-8"))
    read: dict[str, DocumentText] = {}
    for file, stated in expected.items():
        document = read[file] = ends_well(reader, folder / file)
        if "text_contains" in stated:
            assert stated["text_contains"] in document.text, file
        if "text_begins" in stated:
            assert document.text.split()[:3] == stated["text_begins"].split()[:3], file
        if "password" in stated:
            assert document.reason == "password", file
        if "password" in stated and document.kind == "pdf":
            data = (folder / file).read_bytes()
            assert reader.document(data, file, stated["password"]).text.strip(), file
    return read


def test_our_own_nasty_documents_end_as_text_or_a_reason(reader: ReaderProcess, data: Path) -> None:
    read = check(data / "nasty_documents", reader)
    assert {file: (one.kind, one.reason) for file, one in read.items()} == {
        "made_billion_laughs.docx": ("docx", "damaged"),
        "made_cv_password_secret.pdf": ("pdf", "password"),
        "made_docx_named.pdf": ("docx", ""),
        "made_empty.docx": ("unknown", "empty"),
        "made_empty.pdf": ("unknown", "empty"),
        "made_half_pdf.pdf": ("pdf", "damaged"),
        "made_html_named.doc": ("html", ""),
        "made_png_named.pdf": ("image", "image"),
        "made_zip_bomb_150MB.docx": ("docx", "too_large"),
        "made_zip_of_cvs.zip": ("archive", "archive"),
        "made_zip_path_traversal.docx": ("docx", ""),
    }


def test_the_name_in_an_encrypted_cv_is_read_with_its_password(
    reader: ReaderProcess, data: Path
) -> None:
    path = data / "nasty_documents" / "made_cv_password_secret.pdf"
    document = reader.document(path.read_bytes(), path.name, "secret")
    names = [one.value for one in document.fields if one.name.endswith("_name")]
    assert names == ["Élodie", "Lefèvre-Martin"]


@pytest.mark.samples
def test_every_nasty_document_of_a_folder_ends_as_text_or_a_reason(
    reader: ReaderProcess, samples: Path
) -> None:
    if not (samples / "nasty_documents" / "expected.json").is_file():
        pytest.skip("this folder holds no nasty_documents/expected.json")
    assert check(samples / "nasty_documents", reader)
