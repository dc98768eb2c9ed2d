"""Marks go in for the tokenizer and come out for the eye."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clementine_crm.domain.indexing import CLOSE, OPEN, as_code, as_indexed, as_written

# What is taken away for good: things unseen, symbols of private fonts, typesetter's ligatures, ð.
LOST = set("\u00ad\u200b\u200c\u200d\u2060\ufeff\u032eﬀﬁﬂﬃﬄðÐ\ufdd0\ufdd1")
CHARACTERS = st.characters(exclude_categories=["Cs", "Co"]).filter(lambda c: c not in LOST)
PIECES = st.sampled_from("C++ c++ C# f# .NET .net ASP.NET Œ œ æ ß ø ł ı Þ + # . net".split() + [" "])
TEXTS = st.lists(CHARACTERS | PIECES, max_size=30).map("".join)


@given(TEXTS)
def test_what_goes_in_comes_out(text: str) -> None:
    assert as_written(as_indexed(text)) == text


@pytest.mark.parametrize(
    ("text", "same"),
    [
        ("C++", "c++"),
        ("C++17", "C++ 11"),
        (".NET", ".net"),
        ("ASP.NET", "vb.net"),
        ("Œuvre", "OEUVRE"),
    ],
)
def test_marked_the_same_in_texts_and_questions(text: str, same: str) -> None:
    marks = [c for c in as_indexed(text) if "\ue000" <= c <= "\uf8ff"]
    if text != "Œuvre":
        assert marks
        assert marks == [c for c in as_indexed(same) if "\ue000" <= c <= "\uf8ff"]


@pytest.mark.parametrize(
    "text", ["a@example.net", "www.example.net", "abc++", "A#B", "netto", "x.nets", "c+", "f ++"]
)
def test_what_is_no_language_stays(text: str) -> None:
    assert as_indexed(text) == text


def test_light_covers_the_whole_sign() -> None:
    marked = f"{OPEN}C{as_indexed('C++')[1]}{CLOSE}++ et {OPEN}manoe\u032euvre{CLOSE}"
    assert as_written(marked) == f"{OPEN}C++{CLOSE} et {OPEN}manœuvre{CLOSE}"


def test_a_bullet_of_a_symbol_font_does_not_stick() -> None:
    assert as_indexed("\uf0b7Soudure") == " Soudure"
    assert as_indexed("ef\u00adﬁcace\u200b") == "efficace"


def test_no_text_holds_a_code() -> None:
    code = as_code("website forms")
    assert as_indexed(code) != code
    assert as_code("") == as_code("- -") == ""
