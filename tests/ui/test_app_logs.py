"""What the log keeps: kinds, keys and places; never a name, an address, a number of a person."""

from __future__ import annotations

import logging
import os
import time
from dataclasses import dataclass
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ui import logs


@dataclass(frozen=True)
class CandidateRow:
    id: bytes
    name: str
    emails: tuple[str, ...]
    note: str


ROW = CandidateRow(
    b"\x01", "Claire Aubry", ("claire.aubry@example.org",), 'dit "oui", l\'an dernier'
)


@pytest.mark.parametrize(
    "secret",
    [
        "claire.aubry@example.org", "Claire.AUBRY+cv@sub.example.org", "06 39 98 12 34",
        "+33 6 39 98 12 34", "0639981234", "(+33) 6.39.98.12.34", "06-39-98-12-34",
        "0032 470 12 34 56",
    ],
)  # fmt: skip
def test_addresses_and_numbers_are_taken_out_wherever_they_stand(secret: str) -> None:
    for text in (secret, f"cannot send to {secret}.", f"<{secret}>", f"a {secret} b {secret}"):
        assert secret not in logs.redacted(text)


@pytest.mark.parametrize("form", ["{!r}", "row: {}", "[{!r}]", "kept {!r} for REF-2214"])
def test_the_values_of_a_row_are_taken_out_and_its_kind_stays(form: str) -> None:
    text = logs.redacted(form.format(ROW))
    assert "CandidateRow" in text
    for secret in ("Claire", "Aubry", "example.org", "dernier"):
        assert secret not in text


def test_what_helps_to_mend_is_kept() -> None:
    text = (
        "store/engine.py:185 base_locked after 5000 ms, lane write, 2026-11-24 09:12:33, REF-2214"
    )
    assert logs.redacted(text) == text


@given(st.text(st.characters(codec="utf-8"), max_size=200))
def test_any_text_is_taken_and_twice_is_once(text: str) -> None:
    once = logs.redacted(text)
    assert logs.redacted(once) == once or "…" in once


@given(st.emails())
def test_no_address_survives(email: str) -> None:
    local = email.split("@")[0]
    if local.isalnum() and local.isascii() and len(local) > 3:
        assert email not in logs.redacted(f"to {email} now")


@pytest.fixture
def log(tmp_path: Path):
    handler = logs.start(tmp_path / "logs")
    assert handler is not None
    yield tmp_path / "logs" / logs.NAME
    logs.stop(handler)


def test_arguments_are_redacted_and_a_traceback_is_places_only(log: Path) -> None:
    logger = logging.getLogger("clementine_crm.somewhere")
    logger.info("kept %r by %s", ROW, "camille.roux@example.org")
    try:
        raise KeyError("Claire Aubry")
    except KeyError:
        logger.info("failed", exc_info=True)
    logger.info("wrong %d", "Claire Aubry")
    text = log.read_text("utf-8")
    assert "KeyError" in text
    assert "test_app_logs.py" in text
    assert "Aubry" not in text.replace("wrong", "")
    assert "@example" not in text


def test_the_file_turns_and_old_ones_go_after_ninety_days(tmp_path: Path) -> None:
    folder = tmp_path / "logs"
    folder.mkdir()
    old, new = folder / f"{logs.NAME}.3", folder / f"{logs.NAME}.1"
    for path in (old, new):
        path.write_text("x")
    past = time.time() - logs.KEPT_SECONDS - 60
    os.utime(old, (past, past))
    handler = logs.start(folder)
    logger = logging.getLogger("clementine_crm.turning")
    for _ in range(3 * logs.BYTES // 200):
        logger.info("%s", "x" * 180)
    logs.stop(handler)
    assert not old.exists() or old.stat().st_mtime > past + 10
    sizes = [path.stat().st_size for path in folder.iterdir()]
    assert len(sizes) <= logs.FILES + 1
    assert max(sizes) <= logs.BYTES + 1000


def test_a_home_that_cannot_be_written_has_no_log_and_no_error(tmp_path: Path) -> None:
    file = tmp_path / "file"
    file.write_text("x")
    assert logs.start(file / "logs") is None
    logs.stop(None)
