"""The bench corpus: repeatable, a head of itself, and true about what it planted."""

from __future__ import annotations

import json
import re
from collections import Counter
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rapidfuzz.distance import DamerauLevenshtein

from bench.corpus import (
    BadCorpusError,
    read_corpus,
    read_duplicates,
    read_misspelt,
    read_queries,
    write_corpus,
)
from bench.corpus_slips import bare, mistyped, name_key
from bench.corpus_world import World, fold

SIZE = 3_000
FILES = ("candidates.jsonl", "duplicates.csv", "queries.json", "misspelt.csv")


@pytest.fixture(scope="module")
def corpus(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("corpus")
    write_corpus(folder, SIZE, seed=5)
    return folder


def bytes_of(folder: Path) -> dict[str, bytes]:
    return {name: (folder / name).read_bytes() for name in FILES}


def test_the_same_seed_gives_the_same_bytes_for_any_number_of_processes(
    corpus: Path, tmp_path: Path
) -> None:
    write_corpus(tmp_path / "two", SIZE, seed=5, jobs=2)
    assert bytes_of(tmp_path / "two") == bytes_of(corpus)
    write_corpus(tmp_path / "other", 200, seed=6)
    assert (
        bytes_of(tmp_path / "other")["candidates.jsonl"][:500]
        != bytes_of(corpus)["candidates.jsonl"][:500]
    )


@settings(max_examples=12, deadline=None)
@given(people=st.integers(0, 1_300))
def test_a_small_corpus_is_the_head_of_a_large_one(
    corpus: Path, tmp_path_factory: pytest.TempPathFactory, people: int
) -> None:
    small = tmp_path_factory.mktemp("head")
    write_corpus(small, people, seed=5)
    whole, head = bytes_of(corpus), bytes_of(small)
    for name in ("candidates.jsonl", "duplicates.csv"):
        assert whole[name].startswith(head[name])
    assert head["candidates.jsonl"].count(b"\n") == people
    queries = read_queries(corpus)
    for name, needle in read_queries(small).items():
        assert needle.ids == tuple(i for i in queries[name].ids if i < people)


def test_shape_of_a_person(corpus: Path) -> None:
    people = list(read_corpus(corpus))
    assert [person.id for person in people] == list(range(SIZE))
    share = Counter(person.lang for person in people)
    assert 0.65 < share["fr"] / SIZE < 0.75
    for person in people:
        assert 300 <= len(person.cv_text.split()) <= 1_200
        assert f"{person.given_name} {person.family_name}" in person.cv_text
        assert person.email in person.cv_text
        assert person.phone in person.cv_text
        assert re.search(r"@([\w-]+\.)*example\.(com|org|net)$", person.email)
        assert re.match(r"(0|\+33)6 ?39 ?98|(0|\+44)7700 ?90", person.phone)
        assert len(person.skills) == len(set(person.skills)) >= 1
    assert len({person.email.lower() for person in people}) > 0.96 * SIZE
    assert 0.5 * SIZE < sum(len(person.applications) for person in people) < 2 * SIZE


def test_needles_are_exactly_where_the_truth_says(corpus: Path) -> None:
    people = list(read_corpus(corpus))
    needles = read_queries(corpus)
    assert set(needles) == {
        "rare_word",
        "phrase",
        "phrase_decoy",
        "accented",
        "accentless",
        "prefix",
    }
    for name, needle in needles.items():
        holders = tuple(person.id for person in people if needle.text in person.cv_text)
        assert holders == needle.ids, name
    for name in ("rare_word", "phrase", "accented", "prefix"):
        assert needles[name].ids, name
    # The decoy has the words of the phrase, never in its order.
    assert sorted(needles["phrase"].text.split()) == sorted(
        word for word in needles["phrase_decoy"].text.split() if word != "et"
    )
    assert fold(needles["accented"].text) == fold(needles["accentless"].text)
    # Nothing else begins like the rare word or the prefix.
    rare = {
        word
        for person in people
        for word in fold(person.cv_text).split()
        if word[:3] in ("zwo", "zyx")
    }
    assert rare == {"zwoxygraphe", "zyxometre"}


def test_near_duplicates_are_known_and_keep_one_sure_key(corpus: Path) -> None:
    people = {person.id: person for person in read_corpus(corpus)}
    truth = list(read_duplicates(corpus))
    assert 0.02 * SIZE < len(truth) < 0.04 * SIZE
    seen: Counter[str] = Counter()
    for copy_id, original_id, kinds in truth:
        copy, original = people[copy_id], people[original_id]
        seen.update(kinds)
        assert original_id < copy_id
        assert original_id not in {row[0] for row in truth}
        same_phone = re.sub(r"\D", "", copy.phone)[-9:] == re.sub(r"\D", "", original.phone)[-9:]
        assert copy.email == original.email or same_phone
        changed = (copy.given_name, copy.family_name, copy.email, copy.phone) != (
            original.given_name,
            original.family_name,
            original.email,
            original.phone,
        )
        assert changed
        assert (copy.email != original.email) == ("new_email" in kinds)
        if "swapped" in kinds and not {"accents", "case", "typo"} & set(kinds):
            assert (copy.given_name, copy.family_name) == (
                original.family_name,
                original.given_name,
            )
    assert {"accents", "case", "typo", "swapped", "new_email", "new_phone", "phone_format"} == set(
        seen
    )


def test_misspellings_mean_one_person_alone(corpus: Path) -> None:
    people = {person.id: person for person in read_corpus(corpus)}
    bearers = Counter(name_key(p.given_name, p.family_name) for p in people.values())
    planted = read_misspelt(corpus)
    assert len(planted) == 500
    assert len({m.candidate_id for m in planted}) == 500
    assert {"edit", "sound", "accent"} == {m.slip for m in planted}
    for slip in planted:
        person = people[slip.candidate_id]
        name = f"{person.given_name} {person.family_name}"
        assert slip.query != name
        assert bearers[name_key(person.given_name, person.family_name)] == 1
        if slip.slip == "accent":
            assert fold(slip.query) == fold(name)
        else:
            assert bearers[name_key(slip.query, "")] == 0
            limit = 1 if slip.slip == "edit" else 3
            assert (
                DamerauLevenshtein.distance(bare(slip.query).lower(), bare(name).lower()) <= limit
            )


@given(
    names=st.tuples(
        st.sampled_from(("Zoé", "Léa", "Jean-Luc", "Ève")),
        st.sampled_from(("Le Bihan", "Diop", "N’Diaye", "Tran")),
    ),
    seed=st.integers(0, 10**6),
)
def test_a_slip_always_shows(names: tuple[str, str], seed: int) -> None:
    from random import Random

    query, _kind = mistyped(*names, Random(seed))
    assert query != " ".join(names)
    assert query.strip()


def test_bad_lines_name_their_place(tmp_path: Path, corpus: Path) -> None:
    good = (corpus / "candidates.jsonl").read_bytes().split(b"\n")[0]
    broken = json.loads(good) | {"title": None}
    less = {key: value for key, value in json.loads(good).items() if key != "phone"}
    for bad in (b"{", b"", json.dumps(broken).encode(), json.dumps(less).encode(), b"[]", b"\xff"):
        (tmp_path / "candidates.jsonl").write_bytes(good + b"\n" + bad + b"\n")
        with pytest.raises(BadCorpusError, match=r"candidates\.jsonl, line 2"):
            list(read_corpus(tmp_path))
    (tmp_path / "candidates.jsonl").write_bytes(json.dumps(json.loads(good) | {"more": 1}).encode())
    assert len(list(read_corpus(tmp_path))) == 1


def test_an_empty_corpus_is_one(tmp_path: Path) -> None:
    assert write_corpus(tmp_path, 0).people == 0
    assert list(read_corpus(tmp_path)) == []
    assert list(read_duplicates(tmp_path)) == []
    assert read_misspelt(tmp_path) == []


def test_a_person_does_not_depend_on_who_was_made_before() -> None:
    world = World(5)
    late = world.person(777)
    assert World(5).person(777) == late
    assert [world.person(k)["id"] for k in (3, 1, 2)] == [3, 1, 2]
    assert world.person(777) == late
