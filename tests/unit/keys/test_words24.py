"""The recovery key: 24 words that survive being copied by hand."""

import contextlib
import importlib.util
import random
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from clementine_crm.errors import ValidationError
from clementine_crm.keys import words24

ROOT = Path(__file__).parents[3]


def test_the_list_is_what_its_recipe_makes():
    spec = importlib.util.spec_from_file_location("recipe", ROOT / "installer/make_words24.py")
    recipe = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(recipe)
    assert list(words24.word_list()) == recipe.words()


def test_first_four_letters_name_a_word():
    words = words24.word_list()
    assert len(words) == len(set(words)) == len({w[:4] for w in words}) == 2048
    assert all(w.isascii() and w.islower() and len(w) == 5 for w in words)


def test_one_wrong_letter_or_a_swap_is_never_another_word():
    words = set(words24.word_list())
    for word in words:
        for n in range(5):
            for letter in "abcdefghijklmnopqrstuvwxyz":
                other = word[:n] + letter + word[n + 1 :]
                assert other == word or other not in words
        c1, v1, c2, v2, last = word
        for swapped in (
            c2 + v1 + c1 + v2 + last,
            c1 + v2 + c2 + v1 + last,
            v1 + c1 + c2 + v2 + last,
        ):
            assert swapped == word or swapped not in words


@given(st.binary(min_size=32, max_size=32))
@settings(max_examples=100)
def test_round_trip(key):
    words = words24.encode(key)
    assert len(words) == 24
    assert words24.decode(" ".join(words)) == key
    assert words24.decode(words24.numbered(words)) == key


def test_typing_is_tolerated():
    key = bytes(range(32))
    words = words24.encode(key)
    messy = "\n".join(f"{n}) {w.upper()} \u00a0" for n, w in enumerate(words, 1))
    assert words24.decode(messy) == key
    assert words24.decode("-".join(words)) == key
    assert words24.decode(" ".join(w.replace("e", "é").replace("a", "à") for w in words)) == key
    assert words24.decode(" ".join(w[:4] for w in words)) == key


def test_a_wrong_word_names_its_place():
    words = words24.encode(bytes(32))
    words[6] = "xxxxx"
    words[20] = "oups"
    with pytest.raises(ValidationError) as caught:
        words24.decode(" ".join(words))
    assert caught.value.key == "recovery_word_unknown"
    assert caught.value.params["position"] == 7
    assert caught.value.params["word"] == "xxxxx"
    assert caught.value.params["positions"] == "7, 21"


@pytest.mark.parametrize("count", [0, 1, 23, 25, 500])
def test_another_number_of_words_is_said(count):
    with pytest.raises(ValidationError) as caught:
        words24.decode(" ".join([words24.word_list()[5]] * count))
    assert (caught.value.key, caught.value.params["n"]) == ("recovery_word_count", count)


def test_the_checksum_sees_words_in_another_order():
    rng = random.Random(1)
    seen = 0
    for _ in range(300):
        words = words24.encode(rng.randbytes(32))
        a, b = rng.sample(range(24), 2)
        words[a], words[b] = words[b], words[a]
        with contextlib.suppress(AssertionError, pytest.fail.Exception):
            with pytest.raises(ValidationError, match="recovery_checksum"):
                words24.decode(" ".join(words))
            seen += 1
    assert seen >= 290  # 8 bits let 1 in 256 through


def test_completion():
    assert words24.complete("") == []
    assert words24.complete("ZZZ") == []
    word = words24.word_list()[100]
    assert word in words24.complete(word[:2].upper(), limit=100)
    assert words24.complete(word[:4]) == [word]
