"""The meaning of a question, held against a model that knows neither FTS5 nor our parser."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from random import Random
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from tests.integration.queries.search_home import SearchHome

WORDS = [
    "alto",
    "altos",
    "basse",
    "basson",
    "côte",
    "cote",
    "duo",
    "été",
    "C++",
    "C#",
    "cœur",
    "ré",
]
TOWNS = ["Lyon", "Lyon 3e", "Le Mans", "Saint-Étienne", "Foy-lès-Lyon", ""]
SOURCES = ["website_forms", "mail files", "CVthèque"]


class Model:
    """One person as plain words in columns."""

    def __init__(self, columns: dict[str, list[str]], town: str, source: str) -> None:
        self.columns = {name: [plain(w) for w in words] for name, words in columns.items()}
        self.town = plain(town.replace("-", " "))
        self.source = source

    def holds(self, words: list[str], prefix: bool, columns: tuple[str, ...]) -> bool:
        wanted = [plain(word) for word in words]
        return any(
            follows(self.columns[name], start, wanted, prefix)
            for name in columns
            for start in range(len(self.columns[name]))
        )


def plain(word: str) -> str:
    flat = unicodedata.normalize("NFD", word.casefold().replace("œ", "oe"))
    return "".join(c for c in flat if not unicodedata.combining(c))


def follows(text: list[str], start: int, wanted: list[str], prefix: bool) -> bool:
    here = text[start : start + len(wanted)]
    if len(here) < len(wanted) or here[:-1] != wanted[:-1]:
        return False
    return here[-1].startswith(wanted[-1]) if prefix else here[-1] == wanted[-1]


@pytest.fixture(scope="module")
def world(
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[tuple[SearchHome, dict[Any, Model]]]:
    home = SearchHome(tmp_path_factory.mktemp("meaning"))
    rnd, people, models = Random(4), [], []
    for n in range(120):
        title = rnd.sample(WORDS, rnd.randrange(3))
        skills = rnd.sample(WORDS, rnd.randrange(3))
        body = [rnd.choice(WORDS) for _ in range(rnd.randrange(7))]
        town, source = rnd.choice(TOWNS), rnd.choice(SOURCES)
        name = ["Nul", f"Nom{n}"]
        people.append(
            {
                "name": " ".join(name),
                "headline": " ".join(title),
                "skills": tuple(skills),
                "body": ", ".join(body),
                "town": town,
                "source": source,
            }
        )
        # A comma between two skills, or two words of a text, parts no phrase.
        columns = {"name": name, "title": title, "skills": skills, "body": body}
        columns["town"] = re.split(r"[ -]", town)
        models.append(Model(columns, town, source))
    yield home, dict(zip(home.add_many(people), models, strict=True))
    home.close()


Tree = tuple[Any, ...]
ALL = ("name", "title", "skills", "body", "town")
WORD = st.sampled_from([*WORDS, "ALTO", "Cote", "COEUR", "absent"])
LEAF = (
    st.tuples(st.just("word"), WORD)
    | st.tuples(st.just("prefix"), st.sampled_from(["alt", "bas", "cot", "coe", "dis"]))
    | st.tuples(st.just("phrase"), WORD, WORD)
    | st.tuples(st.just("city"), st.sampled_from(["lyon", "LE MANS", "saint étienne", "foy", "le"]))
    | st.tuples(st.just("skill"), WORD)
    | st.tuples(st.just("source"), st.sampled_from(["Website_Forms", "mail", "cvtheque", "rien"]))
)
TREES = st.recursive(
    LEAF,
    lambda inner: (
        st.tuples(st.sampled_from(["and", "or"]), inner, inner) | st.tuples(st.just("not"), inner)
    ),
    max_leaves=7,
)
_SPOKEN = {"and": ("AND", "ET", ""), "or": ("OR", "OU"), "not": ("NOT", "SAUF")}


def typed(tree: Tree, rnd: Random) -> str:
    kind = tree[0]
    if kind in ("and", "or"):
        joined = f" {rnd.choice(_SPOKEN[kind])} ".join(typed(part, rnd) for part in tree[1:])
        return f"({joined})"
    if kind == "not":
        return f"{rnd.choice(_SPOKEN[kind])} {typed(tree[1], rnd)}"
    if kind == "word":
        return str(tree[1])
    if kind == "prefix":
        return f"{tree[1]}*"
    if kind == "phrase":
        return f'"{tree[1]} {tree[2]}"'
    return f'{kind}:"{tree[1]}"' if rnd.random() < 0.5 or " " in tree[1] else f"{kind}:{tree[1]}"


def means(tree: Tree, person: Model) -> bool:
    kind = tree[0]
    if kind == "and":
        return all(means(part, person) for part in tree[1:])
    if kind == "or":
        return any(means(part, person) for part in tree[1:])
    if kind == "not":
        return not means(tree[1], person)
    if kind == "city":
        return f"{person.town} ".startswith(f"{plain(tree[1])} ")
    if kind == "source":
        return re.sub(r"\W|_", "", plain(person.source)).startswith(
            re.sub(r"\W|_", "", plain(tree[1]))
        )
    columns = ("skills",) if kind == "skill" else ALL
    return person.holds(list(tree[1:]), kind == "prefix", columns)


@settings(max_examples=300, deadline=None)
@given(TREES, st.integers(0, 999))
@example(("or", ("word", "alto"), ("not", ("word", "basse"))), 0)
@example(("and", ("city", "lyon"), ("not", ("source", "mail"))), 0)
@example(("and", ("word", "alto"), ("not", ("word", "basse")), ("not", ("word", "duo"))), 0)
@example(("not", ("not", ("not", ("phrase", "côte", "cœur")))), 0)
def test_operators_filters_and_phrases_mean_what_they_say(
    world: tuple[SearchHome, dict[Any, Model]], tree: Tree, seed: int
) -> None:
    home, models = world
    answer = home.search(typed(tree, Random(seed)), limit=500)
    wanted = {id for id, person in models.items() if means(tree, person)}
    assert {hit.id for hit in answer.hits} == wanted
    assert (answer.total, answer.exact, answer.hidden) == (len(wanted), True, 0)


@settings(max_examples=150, deadline=None)
@given(WORD, st.integers(1, 5), WORD)
def test_while_typing_the_last_word_may_go_on(
    world: tuple[SearchHome, dict[Any, Model]], first: str, letters: int, last: str
) -> None:
    home, models = world
    begun = last[:letters]
    size = len(plain(begun).rstrip("+#"))
    # One and two letters are looked for in names, titles and skills.
    columns = ALL if size > 2 or begun[1:] in ("+", "++", "#") else ("name", "title", "skills")
    if begun in ("C+", "C++"):
        return
    wanted = {
        id
        for id, person in models.items()
        if person.holds([begun], True, columns) and person.holds([first], False, ALL)
    }
    answer = home.search(f"{first} {begun}", typing=True, limit=500)
    assert {hit.id for hit in answer.hits} == wanted


SIGNS = list("\"'()*:^-+{}[].,;\\%_«»“”‘’ \t\n\x00\ufdd0\ufdd1\ue0b1")
SPEECH = ["AND", "OR", "NOT", "NEAR(a b)", "rowid", "search_fts", "body : ", "{name title} : "]
OTHERS = ["city:", "skill:", "consent:", "alto", "a", "C++", "' OR 1=1 --", "\ud800", "🙂", "ﷺ"]
SYNTAX = st.sampled_from([*SIGNS, *SPEECH, *OTHERS])


@settings(max_examples=400, deadline=None)
@given(st.text(max_size=40) | st.lists(SYNTAX, max_size=25).map("".join), st.booleans())
@example("a" * 10_000, True)
@example("alto " * 2_000, False)
@example("(" * 10_000, False)
@example('"' + "alto " * 1_999, True)
@example("NOT", True)
@example('"', True)
@example("a\x00b", False)
def test_any_text_is_answered(
    world: tuple[SearchHome, dict[Any, Model]], text: str, typing: bool
) -> None:
    home, models = world
    answer = home.search(text, typing=typing)
    assert 0 <= answer.total <= len(models)
    assert len(answer.rids) == answer.total
    for hit in answer.hits:
        for start, end in hit.passage.lit:
            assert 0 <= start < end <= len(hit.snippet)
