"""Marks tell C++, C# and .NET from their letters; nothing else is changed that a tokenizer reads."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clementine_crm.domain.indexing import DOT, PLUS, SHARP, as_code, as_indexed


@given(st.text(st.characters(max_codepoint=0xA0, exclude_characters="+#.")))
def test_plain_text_stays(text: str) -> None:
    assert as_indexed(text) == text


@pytest.mark.parametrize(
    ("text", "indexed"),
    [
        ("C++17, c++", f"C{PLUS}++17, c{PLUS}++"),
        ("C# et F♯", f"C{SHARP}# et F{SHARP}♯"),
        (".NET", f".NET{DOT}"),
        ("ASP.NET, vb.net.", f"ASP.NET{DOT}, vb.net{DOT}."),
        ("manœuvre Œuvre straße", "manoeuvre oeuvre strasse"),
        ("eﬃcace ef\u00adﬁ\u200bcace", "efficace efficace"),
        ("\uf0b7Soudure", " Soudure"),
    ],
)
def test_what_a_tokenizer_reads_wrongly(text: str, indexed: str) -> None:
    assert as_indexed(text) == indexed


@pytest.mark.parametrize(
    "text", ["a@example.net", "www.example.net", "abc++", "A#B", "netto", "x.nets", "c+", "f ++"]
)
def test_what_is_no_language_stays(text: str) -> None:
    assert as_indexed(text) == text


def test_no_text_holds_a_code_or_a_mark() -> None:
    code = as_code("website forms")
    assert as_indexed(code) != code
    assert as_indexed(f"c{PLUS}") == "c "
    assert as_code("") == as_code("- -") == ""
