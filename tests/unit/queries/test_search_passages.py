"""What is lit in a text is what the index finds there, on one short line of whole words."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
import sqlcipher3.dbapi2 as driver
from hypothesis import example, given, settings
from hypothesis import strategies as st

from clementine_crm.domain.indexing import DOT, PLUS, SHARP, as_indexed
from clementine_crm.queries.search_language import Words, tokens_of
from clementine_crm.queries.search_passages import Light
from clementine_crm.queries.search_plan import phrase


@pytest.fixture(scope="module")
def index() -> Iterator[Any]:
    base = driver.connect(":memory:", isolation_level=None)
    base.execute("CREATE VIRTUAL TABLE t USING fts5(x, tokenize='unicode61 remove_diacritics 2')")
    yield base
    base.close()


def bare(tokens: tuple[str, ...]) -> list[str]:
    return [token.rstrip(PLUS + SHARP + DOT) for token in tokens]


def words(text: str, *, prefix: bool = False) -> Words:
    return Words(text, tokens_of(text), prefix)


WRITTEN = (
    "c C C++ c# F# f .NET .net asp.net net œuf oeuf été ete ETE e\u0301te\u0301 straße strasse l’œil "
    "oeil a ab abc Łódź lodz , - _ ’ . + # @ x é 2026 eﬃcace efficace"
)
PIECES = st.sampled_from([*WRITTEN.split(), " ", " ", "  ", "\n"])
TYPED = (
    "c|c++|c#|f#|.net|net|oeuf|œuf|été|ete|strasse|oeil|a|ab|abc|lodz|ete ab|c++ c|a b|2026|efficace|f"
    "|l oeil|asp net|asp.net|x|net c"
)
ASKED = st.sampled_from(TYPED.split("|"))


@settings(max_examples=600, deadline=None)
@given(st.lists(PIECES, max_size=8).map("".join), ASKED, st.booleans())
@example("C++", "c", True)
@example(".NET", "net", True)
def test_lit_where_the_index_finds(index: Any, text: str, asked: str, prefix: bool) -> None:
    wanted = words(asked, prefix=prefix)
    index.execute("DELETE FROM t")
    index.execute("INSERT INTO t VALUES (?)", (as_indexed(text),))
    found = index.execute("SELECT count(*) FROM t WHERE t MATCH ?", (phrase(wanted),)).fetchone()[0]
    light = Light([wanted])
    passage = light.passage([text])
    assert bool(passage.lit) == bool(found)
    for start, end in passage.lit:
        told, meant = bare(tokens_of(passage.text[start:end])), bare(wanted.tokens)
        assert told[:-1] == meant[:-1]
        assert told[-1].startswith(meant[-1]) if prefix else told == meant


def test_a_passage_is_a_short_line_of_whole_words() -> None:
    text = "début " + "mot " * 200 + "une manœuvre\ndélicate " + "autre " * 200
    passage = Light([words("manoeuvre")]).passage([text])
    assert passage.text.startswith("… mot mot")
    assert "une manœuvre délicate autre" in passage.text
    assert passage.text.endswith("autre …")
    assert len(passage.text) < 120
    assert [passage.text[a:b] for a, b in passage.lit] == ["manœuvre"]


def test_the_place_with_most_words_is_shown() -> None:
    text = "python seul " + "mot " * 60 + "python et docker ensemble " + "mot " * 60
    both = Light([words("docker"), words("python")])
    assert "python et docker" in both.passage([text]).text
    assert "python et docker" in both.passage(["python tout seul", text]).text


def test_texts_are_read_no_further_than_needed() -> None:
    def texts() -> Iterator[str]:
        yield "la soudure"
        raise AssertionError("read on")

    assert Light([words("soudure")]).passage(texts()).lit == ((3, 10),)


def test_nothing_is_lit_where_nothing_stands() -> None:
    light = Light([words("absent")])
    assert light.passage(["un texte", ""]).text == ""
    assert light.on("un  texte\nlong").text == "un texte long"
    assert not light.shines("présent")
    assert Light([]).passage(["un texte"]).lit == ()
