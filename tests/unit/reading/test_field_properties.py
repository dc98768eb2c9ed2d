"""Rules that hold for any text: an answer, true places, values of the right form, linear time."""

from __future__ import annotations

import re
import time
from itertools import pairwise

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from clementine_crm.domain.values import normalise_phone
from clementine_crm.reading.fields import language_of, propose_fields
from clementine_crm.reading.fields.contact import emails_in, phones_in
from clementine_crm.reading.fields.lines import lines_of
from clementine_crm.reading.fields.vocabulary import fold
from tests.unit.reading.test_cv_names import BODY

PIECES = st.sampled_from(
    [
        "Lucie Martin", "MARTIN Lucie", "Nom : MARTIN", "Prénom : Lucie", "lucie.martin@example.com", "lucie (at) example.com",
        "06 39 98 12 34", "+33 (0)6 39 98 12 34", "(+386) 069984236", "12 rue du Lac, 21000 Dijon", "Dijon", "Lyon (69)",
        "EXPÉRIENCE PROFESSIONNELLE", "Formation", "Compétences :", "LANGUES Français", "Références", "Contact", "Profil",
        "2019 – 2024 : Comptable, Société Valcombe, Lyon", "Depuis 2020", "09/2019 –", "aujourd’hui", "2015 BTS Comptabilité",
        "Master 2 en", "Excel, Sage", "anglais (B2)", "• ", "—", "|", "\t", "  ", "linkedin.com/in/lucie", "x.com/lucie",
        "Née le 03/05/1985", "Madame,", "Je vous prie d’agréer", "Altamira Recrutement", "Votre contact :", "@", "example.com",
        "\u00a0", "e\u0301", "ﬁ", "İ", "ß", "\x00", "Œuvrard", "d’Aubigné", ",", "(", ")", ":", "\u2028",
    ]
)  # fmt: skip
LINES = st.lists(st.lists(PIECES | st.text(max_size=12), max_size=5).map(" ".join), max_size=30)
TEXTS = (
    st.text(max_size=400) | LINES.map("\n".join) | LINES.map(lambda lines: "\n".join(lines) + BODY)
)
STARTS = st.lists(st.integers(1, 40), max_size=4).map(lambda found: tuple(sorted({1, *found})))


@settings(max_examples=300, deadline=None)
@given(TEXTS, STARTS | st.just(()), st.sampled_from(["fr", "en", ""]))
@example("LUC AA\nCOMPETENCE\n@A\r", (), "fr")
@example(".\u00a0", (), "fr")
def test_every_text_has_an_answer_whose_places_are_true(text, starts, language) -> None:
    lines = text.split("\n")
    for one in propose_fields(text, starts, language):
        assert one.place.quote
        assert one.place.quote in lines[one.place.line - 1]
        assert one.place.page == sum(start <= one.place.line for start in starts)
        assert 0 < one.confidence <= 1
        assert one.value == one.value.strip()
        assert one.value


@settings(max_examples=300, deadline=None)
@given(TEXTS)
def test_values_have_the_form_that_they_promise(text) -> None:
    fields = propose_fields(text, (), language_of(text))
    for one in fields:
        if one.name == "phone":
            assert normalise_phone(one.value) == one.value
        elif one.name == "email":
            assert re.fullmatch(r"[^@\s]+@[^@\s]+\.[a-z]+", one.value)
        elif one.name == "language":
            assert re.fullmatch(r"[a-z]{2,3}(?: [ABC][12])?", one.value)
        elif one.name == "link":
            assert re.match(r"https?://", one.value, re.IGNORECASE)
    alone = ("given_name", "family_name", "headline", "town", "postal_address")
    names = [one.name for one in fields]
    assert all(names.count(name) <= 1 for name in alone)
    assert ("given_name" in names) == ("family_name" in names)
    assert len({(one.name, one.value) for one in fields}) == len(fields)


@settings(deadline=None)
@given(TEXTS)
def test_the_same_text_gives_the_same_answer(text) -> None:
    assert propose_fields(text) == propose_fields(text)
    assert language_of(text) in ("fr", "en", "")


@given(st.text(max_size=200))
def test_folding_twice_changes_nothing(text) -> None:
    assert fold(fold(text)) == fold(text)


HOSTILE = {
    "addresses": "a.b@c.d ", "local parts": "a.", "labels": "x@a-b-c-d-e-f-", "spelt": " (at) a [dot] ", "numbers": "06 39 98 12 3 ",
    "abroad": "+33 (0) 6 ", "digits": "0123456789 ", "blanks": "a   b\t", "capitals": "JEAN DUPONT ", "particles": "De La Le Van ",
    "brackets": "((((", "hosts": "a.b.c.d.e/", "streets": "12 rue de la Paix, 75002 ", "periods": "janv. 2019 – ",
    "dashes": " - - – —", "apostrophes": "d'd'd'", "hyphens": "a-", "labels of names": "Nom : Prénom : ", "colons": "a:b:",
    "letters": "Madame,\ncordialement\n", "letterheads": "Recrutement 01 99 00 12 34\n", "headings": "FORMATION\n",
    "posts": "Expérience\n2015 – 2019 : Comptable, Société X, Lyon\n", "items": "Compétences\na, b; e • f\n", "accents": "e\u0301",
    "names": "Jean Dupont\n", "cut addresses": "abc@\n", "spaced letters": "a b c ",
}  # fmt: skip


def seconds(text: str) -> float:
    """The least processor time of two goes."""
    took = []
    for _ in range(2):
        began = time.process_time()
        propose_fields(text, (1,), language_of(text))
        took.append(time.process_time() - began)
    return min(took)


@pytest.mark.parametrize("piece", HOSTILE.values(), ids=HOSTILE.keys())
@pytest.mark.parametrize("width", [900, 10**9], ids=["lines", "one line"])
def test_twice_the_text_takes_hardly_more_than_twice_the_time(piece: str, width: int) -> None:
    """Sizes below the limits of lines and lengths, so that every character is looked at."""
    head = "Lucie Martin lucie.martin@example.org 2015 - 2019\nExpérience\nFormation\nCompétences\n"
    took = []
    for size in (15_000, 30_000, 60_000):
        body = (piece * (size // len(piece) + 1))[:size]
        broken = "\n".join(body[at : at + width] for at in range(0, size, width))
        took.append(seconds(head + broken + BODY))
    for less, more in pairwise(took):
        assert more < 3.5 * less + 0.02, took


def test_a_text_of_thousands_of_numbers_is_not_searched_to_its_end() -> None:
    many = lines_of("\n".join(["06 39 98 12 34 lucie.martin@example.com"] * 2000), ())
    assert len(phones_in(many, "fr")) == len(emails_in(many)) == 300
