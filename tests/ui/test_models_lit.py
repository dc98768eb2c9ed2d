"""Words are lit where they stand, accents and signs aside, and nowhere else."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from ui.models.lit import hits, place_of, spans, tokens_of, tokens_of_boxes

LINE = "Encadrement d’une équipe de 6, Python, C++ et C#, œuvre"


def lit(text: str, *terms: str, prefix: bool = False) -> list[str]:
    return [text[start : start + length] for start, length in spans(text, terms, prefix=prefix)]


def test_accents_case_and_signs_do_not_count() -> None:
    assert lit(LINE, "EQUIPE", "python", "oeuvre") == ["équipe", "Python", "œuvre"]


def test_signs_that_belong_to_a_word_stay() -> None:
    assert lit(LINE, "c++") == ["C++"]
    assert lit(LINE, "c#") == ["C#"]
    assert lit(LINE, "c") == []


def test_a_term_of_several_words_is_one_light() -> None:
    assert lit(LINE, "équipe de 6") == ["équipe de 6"]
    assert lit(LINE, "équipe de 7") == []


def test_a_part_of_a_word_is_lit_only_while_typing() -> None:
    assert lit(LINE, "pyth") == []
    assert lit(LINE, "pyth", prefix=True) == ["Python"]
    assert lit(LINE, "équipe d", prefix=True) == ["équipe de"]


def test_an_apostrophe_parts_words() -> None:
    assert lit(LINE, "une") == ["une"]


def test_boxes_of_a_page_are_named_by_number() -> None:
    tokens = tokens_of_boxes(["Chef", "d’équipe", "Python,"])
    found = hits(tokens, ["chef d'équipe", "python"])
    assert [(tokens[h.first].owner, tokens[h.last].owner) for h in found] == [(0, 1), (2, 2)]


def test_a_value_written_otherwise_is_found_by_its_line() -> None:
    tokens = tokens_of_boxes(["Tél.", "06", "39", "98", "88", "99"])
    found = place_of(tokens, "+33639988899", "06 39 98 88 99")
    assert found is not None
    assert (tokens[found.first].owner, tokens[found.last].owner) == (1, 5)
    assert place_of(tokens, "Lyon", "") is None


@given(st.text(max_size=80), st.lists(st.text(max_size=12), max_size=4), st.booleans())
def test_lights_are_inside_the_text_in_order_and_apart(
    text: str, terms: list[str], prefix: bool
) -> None:
    end = 0
    for start, length in spans(text, terms, prefix=prefix):
        assert start >= end
        assert length > 0
        end = start + length
    assert end <= len(text)


@given(st.text(max_size=60))
def test_every_word_of_a_text_finds_itself(text: str) -> None:
    for token in tokens_of(text):
        assert hits(tokens_of(text), [text[token.start : token.end]])
