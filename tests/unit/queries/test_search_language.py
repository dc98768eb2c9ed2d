"""What is typed always means something, and the same thing whichever way it is written."""

from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from clementine_crm.queries.search_language import (
    MOST_WORDS,
    Asked,
    Consent,
    Either,
    Every,
    Field,
    Node,
    Without,
    Words,
    parse,
    tokens_of,
)


def words(text: str, **more: object) -> Words:
    return Words(text, tokens_of(text), **more)  # type: ignore[arg-type]


A, B, C, D = words("a"), words("b"), words("c"), words("d")


@pytest.mark.parametrize(
    ("text", "tree"),
    [
        ("a b", Every((A, B))),
        ("a AND b", Every((A, B))),
        ("a ET b", Every((A, B))),
        ("a OR b", Either((A, B))),
        ("a OU b c", Either((A, Every((B, C))))),
        ("a NOT b", Every((A, Without(B)))),
        ("a AND NOT b", Every((A, Without(B)))),
        ("a SAUF (b OU c)", Every((A, Without(Either((B, C)))))),
        ("NOT a", Without(A)),
        ("NOT NOT a", A),
        ("(a OR b) AND (c OR d)", Every((Either((A, B)), Either((C, D))))),
        ("a and b", Every((A, words("and"), B))),
        ("a ou b", Every((A, words("ou"), B))),
        ('"a b" c', Every((words("a b"), C))),
        ("«\u00a0a b\u00a0»", words("\u00a0a b\u00a0")),
        ("“a b”", words("a b")),
        ("abc*", words("abc", prefix=True)),
        ('"a bcd"*', words("a bcd", prefix=True)),
        ("l’avion", words("l’avion")),
        ("city:Lyon", words("Lyon", field=Field.CITY)),
        ("VILLE:lyon", words("lyon", field=Field.CITY)),
        ('city:"Le Mans" a', Every((words("Le Mans", field=Field.CITY), A))),
        ("compétence:a", words("a", field=Field.SKILL)),
        ("skill:(a OR b)", Either((words("a", field=Field.SKILL), words("b", field=Field.SKILL)))),
        ("source: cv", words("cv", field=Field.SOURCE)),
        ("NOT city:lyon", Without(words("lyon", field=Field.CITY))),
        ("consent:Vivier", Consent("vivier")),
        ("accord:given a", Every((Consent("given"), A))),
    ],
)
def test_grammar(text: str, tree: Node) -> None:
    assert parse(text).tree == tree


@pytest.mark.parametrize(
    ("text", "tree"),
    [
        ("a AND", A),
        ("OR a", A),
        ("a OR OR b", Either((A, B))),
        ("a NOT", A),
        ("(a", A),
        ("a)) b", Every((A, B))),
        ("() a", A),
        ('"a', A),
        ('a "', A),
        ("a !!! b", Every((A, B))),
        ("city: ", None),
        ("a city:", A),
        ("skill:()", None),
        ("*", None),
        ("", None),
        ("\x00a\x00\ud800", A),
        ("AND", words("and")),
        ("SAUF", words("sauf")),
        ("http://a", words("http://a")),
    ],
)
def test_what_joins_nothing_is_passed_over(text: str, tree: Node | None) -> None:
    assert parse(text).tree == tree


def test_while_typing_the_last_word_may_go_on() -> None:
    assert parse("ab cd", typing=True).tree == Every((words("ab"), words("cd", prefix=True)))
    assert parse("ab cd ", typing=True).tree == Every((words("ab"), words("cd")))
    assert parse('"ab cd', typing=True).tree == words("ab cd", prefix=True)
    assert parse('"ab cd"', typing=True).tree == words("ab cd")
    assert parse("city:ly", typing=True).tree == words("ly", prefix=True, field=Field.CITY)
    assert parse("ab OR", typing=True).tree == words("ab")


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("Léa Martin", ("lea", "martin")),
        ("MARTIN, Léa", ("martin", "lea")),
        ("Jean-Pierre N’Diaye", ("jean", "pierre", "n", "diaye")),
        ('"Léa Martin"', ()),
        ("léa OR martin", ()),
        ("city:lyon", ()),
    ],
)
def test_only_plain_words_may_be_a_name(text: str, plain: tuple[str, ...]) -> None:
    assert parse(text).plain == plain


@pytest.mark.parametrize(
    ("text", "digits"),
    [
        ("06 39 98 00 01", "33639980001"),
        ("06.39.98.00.01", "33639980001"),
        ("+33 (0)6 39 98 00 01", "33639980001"),
        ("0033 6 39 98 00 01", "33639980001"),
        ("tel:+33639980001", "33639980001"),
        ("0639", "33639"),
    ],
)
def test_a_number_is_looked_for_as_it_is_kept(text: str, digits: str) -> None:
    asked = parse(text)
    assert asked.telephone
    assert isinstance(asked.tree, Either)
    assert asked.tree.parts[0] == words(digits, prefix=True, field=Field.CONTACT)


@pytest.mark.parametrize("text", ["2026", "1 000", "12 ans", "01", "a 0639980001"])
def test_other_figures_are_words(text: str) -> None:
    assert not parse(text).telephone


def test_more_words_than_are_looked_for_is_said() -> None:
    asked = parse(" ".join(f"w{n}" for n in range(500)))
    assert asked.cut
    assert isinstance(asked.tree, Every)
    assert len(asked.tree.parts) == MOST_WORDS
    assert not parse("w1 w2").cut


SIGNS = st.sampled_from([*"\"'()*:^-+{}[].,«»“” \t\n\x00", "AND ", "OR ", "NOT ", "city:"])


@given(st.text() | st.lists(SIGNS | st.text(max_size=3), max_size=60).map("".join), st.booleans())
@example("(" * 10_000, False)
@example("city:" * 2_000 + "a", True)
@example("NOT " * 2_500, False)
@example('"' * 9_999, True)
@example("a" * 10_000, False)
def test_every_text_has_a_tree(text: str, typing: bool) -> None:
    asked = parse(text, typing=typing)
    assert isinstance(asked, Asked)
    assert depth(asked.tree) <= 64


def depth(node: Node | None) -> int:
    if isinstance(node, Every | Either):
        return 1 + max(map(depth, node.parts))
    return 1 + depth(node.part) if isinstance(node, Without) else 1


@given(st.text())
def test_tokens_are_never_empty_and_stand_for_themselves(text: str) -> None:
    for token in tokens_of(text):
        assert token
