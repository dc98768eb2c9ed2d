"""Texts that are nobody's CV propose nothing, whoever's names and numbers they hold."""

from __future__ import annotations

from pathlib import Path

import pytest

from clementine_crm.reading.documents import read_document
from clementine_crm.reading.fields import propose_fields
from tests.unit.reading.test_cv_names import BODY, read

TEXTS = sorted((Path(__file__).parents[2] / "data" / "not_cvs").glob("*.txt"))


@pytest.mark.parametrize("path", TEXTS, ids=lambda path: path.stem)
def test_nothing_is_proposed(path: Path) -> None:
    document = read_document(path.read_bytes(), path.name)
    assert document.text
    assert document.fields == ()


def test_there_are_such_texts() -> None:
    assert len(TEXTS) > 20


@pytest.mark.parametrize(
    "text",
    [
        "",
        "\n\n",
        "Bonjour",
        "Lucie Martin\nlucie.martin@example.com\n06 39 98 12 34",
        '{"basics": {"name": "Lucie Martin", "email": "lucie.martin@example.com"}}',
        "EXPÉRIENCE\nFORMATION\nCOMPÉTENCES\nLANGUES",
    ],
)
def test_nor_for_texts_that_say_too_little(text: str) -> None:
    assert propose_fields(text) == ()


def test_a_few_words_of_an_advert_do_not_make_one_of_a_cv() -> None:
    body = BODY.replace("Excel, Sage", "Rédaction d’annonces H/F, tickets restaurant, votre profil")
    assert read("Lucie Martin\nlucie.martin@example.com", body)
