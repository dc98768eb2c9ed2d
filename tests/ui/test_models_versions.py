"""What changed between two texts."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from ui.models.lit import tokens_of
from ui.models.versions import MOST_LINES, steps_between

OLD = "Jean Dupont\nComptable\n\n2019 - 2021 Banque Nord\nExcel, SAP et Sage\nParis"
NEW = (
    "Jean DUPONT\nComptable unique\n2021 - 2024 Usine Est\n\n2019 - 2021 Banque Nord\n"
    "Excel, SAP\net Python\nParis"
)


def pieces(old: str, new: str) -> list[tuple[str, str]]:
    return [
        (old[s.old[0] : sum(s.old)], new[s.new[0] : sum(s.new)]) for s in steps_between(old, new)
    ]


def test_words_are_compared_where_lines_are_alike() -> None:
    assert pieces(OLD, NEW) == [("", "unique\n2021 - 2024 Usine Est"), ("Sage", "Python")]


def test_case_accents_signs_and_broken_lines_do_not_count() -> None:
    assert pieces("Érik, TOURNEUR\nfraiseur", "erik tourneur fraiseur.") == []
    assert pieces(OLD, OLD) == []
    assert pieces("", "") == []


def test_lines_that_have_nothing_in_common_are_one_place() -> None:
    assert pieces("a\nchef de rang au Rialto\nz", "a\nmaçon coffreur banche\nz") == [
        ("chef de rang au Rialto", "maçon coffreur banche")
    ]


def test_what_is_only_on_one_side_says_where_the_other_goes_on() -> None:
    old, new = "un\ntrois", "un\ndeux\ntrois"
    (step,) = steps_between(old, new)
    assert new[step.new[0] : sum(step.new)] == "deux"
    assert step.old == (old.index("trois"), 0)
    (step,) = steps_between(new, old)
    assert step.new == (old.index("trois"), 0)


def test_endless_texts_are_compared_up_to_a_measure() -> None:
    long = "\n".join(str(n) for n in range(MOST_LINES + 50))
    assert steps_between(long, long + "\nplus") == []


@given(st.text("ab C\n.é", max_size=60), st.text("ab C\n.é", max_size=60))
def test_without_the_steps_both_say_the_same(old: str, new: str) -> None:
    steps = steps_between(old, new)
    for step, text in [(s.old, old) for s in steps] + [(s.new, new) for s in steps]:
        assert 0 <= step[0] <= sum(step) <= len(text)

    def rest(text: str, spans: list[tuple[int, int]]) -> list[str]:
        return [
            t.word
            for t in tokens_of(text)
            if not any(start <= t.start < start + length for start, length in spans)
        ]

    assert rest(old, [s.old for s in steps]) == rest(new, [s.new for s in steps])
