"""The rules of a password, as ``mission.md`` promises them."""

import importlib.util
import time
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from clementine_crm.keys import passwords
from clementine_crm.keys.passwords import strength, unmet

ROOT = Path(__file__).parents[3]
GOOD = "Lac#7tonneau!Brume"


def test_a_good_one_meets_all():
    assert unmet(GOOD) == []
    assert unmet("Un vélo; 3 fenêtres bleues: Oui") == []


@pytest.mark.parametrize(
    ("password", "rule"),
    [
        ("Lac#7tonne!", "length"),
        ("aB1!" + "x y z" * 300, "too_long"),
        ("Lac#tonneau!Brume", "digit"),
        ("Lac7tonneauBrume", "special"),
        ("LAC#7TONNEAU!BRUME", "lower"),
        ("lac#7tonneau!brume", "upper"),
        ("Password123!", "leaked"),
        ("P@ssw0rd2!!!", "leaked"),
        ("!!Football!9!", "leaked"),
        ("Lac#7tonnnneau!", "repeated"),
        ("Xy7!Xy7!Xy7!", "repeated"),
        ("Tonneau#Tonneau7", "repeated"),
        ("Aa1!Aa1!aA1!", "repeated"),
        ("Brume#azer!7tonneau", "sequence"),
        ("Brume#REZA!7tonneau", "sequence"),
        ("Brume#4567!tonneau", "sequence"),
        ("Brume#dcba!7tonneau", "sequence"),
        ("Brume#2026!tonneau", "year"),
        ("Brume#1987!tonneau", "year"),
        ("Lefèvre#7tonneau!", "personal"),
        ("L3f3vr3#tonneau!X", "personal"),
        ("Tonneau!7Horizon", "personal"),
        ("Clementine#7tonneau", "personal"),
    ],
)
def test_each_rule_is_named(password, rule):
    assert rule in unmet(password, ["Aïda Lefevre", "aida@example.org", "Horizon Recrutement"])


def test_a_number_is_not_a_year():
    assert unmet("Brume#20268!tonneau") == []


def test_reused_is_told_by_the_caller():
    assert unmet(GOOD, reused=True) == ["reused"]


def test_empty_shows_what_is_wanted():
    assert unmet("") == ["length", "digit", "special", "lower", "upper"]


def test_every_rule_can_be_shown():
    from clementine_crm.words import keys

    for lang in ("fr", "en"):
        assert {f"password.{rule}" for rule in passwords.RULES} <= keys(lang).keys()


@given(st.text(max_size=60))
@settings(max_examples=150)
def test_any_text_is_answered(text):
    assert set(unmet(text, ["x@example.org"])) <= set(passwords.RULES)
    assert 0 <= strength(text) <= 4


def test_a_long_one_does_not_hang():
    start = time.perf_counter()
    for text in (
        "aB1!" * 256,
        "ab" * 511 + "c!",
        "".join(chr(33 + n * 7 % 90) for n in range(1024)),
    ):
        unmet(text)
    assert time.perf_counter() - start < 2


def test_strength_grows():
    assert strength("Password123!") == 0
    assert strength(GOOD) >= 2
    assert strength(GOOD + " et 9 Fenêtres") == 4


def test_the_list_is_folded_as_the_program_folds():
    spec = importlib.util.spec_from_file_location("recipe", ROOT / "installer/make_leaked.py")
    recipe = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(recipe)
    for text in ("ÉTÉ", "ﬁn", "Straße", "１２３"):
        assert recipe.fold(text) == passwords.fold(text)
    table = recipe.build(["Étés", "abcd", "abc", "ABCD"])
    assert int.from_bytes(table[5:9], "big") == 2  # three letters are never a word of their own
    assert len(table) == 9 + 2 * 5
