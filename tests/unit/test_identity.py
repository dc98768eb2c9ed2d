"""Same person? What is proposed, with which evidence, and what must never be."""

from __future__ import annotations

import random

import pytest

from bench.duplicates import Person, find_duplicates
from clementine_crm.domain.identity import (
    MatchKind,
    PersonKeys,
    cv_lines,
    keys,
    match,
    phone_key,
    share,
)
from clementine_crm.domain.names import name_code, name_score


def who(given: str, family: str, email: str = "", phone: str = "") -> PersonKeys:
    return PersonKeys([email], [phone], given, family)


def test_keys_are_the_same_however_the_values_were_written() -> None:
    one = who("Éloïse", "Le Goff", "E.LeGoff@Example.org", "+33 (0)6 39 98 12 34")
    two = who("LE GOFF", "Eloise", "e.legoff@example.org ", "06.39.98.12.34")
    assert keys(one) == keys(two)
    assert keys(one) == (
        ("e", "e.legoff@example.org"),
        ("p", "639981234"),
        ("n", "eloise goff le"),
    )


def test_what_is_no_value_is_no_key() -> None:
    assert keys(who("", "", "not an address", "12")) == ()
    assert keys(who("Anne", "")) == (), "half a name would pair strangers"
    assert phone_key("07700 900123") == phone_key("+44 7700 900123") == "700900123"
    assert phone_key("") is None


def test_a_common_email_is_proposed_and_tells_whether_the_names_agree() -> None:
    a = who("Anne", "Martin", "am@example.org")
    same = match(a, who("Anne", "Martin", "AM@example.org"))
    assert same is not None
    assert (same.kind, same.likely) == (MatchKind.EXACT_EMAIL, True)
    assert same.evidence == ("email:am@example.org", "name")
    other = match(a, who("Paul", "Durand", "am@example.org"))
    assert other is not None
    assert "name!" in other.evidence
    assert other.confidence < same.confidence
    nameless = match(a, who("", "", "am@example.org"))
    assert nameless is not None
    assert other.confidence < nameless.confidence < same.confidence


@pytest.mark.parametrize(
    ("given", "family", "likely"),
    [
        ("Anne", "Lefevre", True),
        ("Lefevre", "Anne", True),
        ("Anne", "Lefvere", True),
        ("Anne", "Lefèvvre", True),
        ("Ane", "Lefevr", True),
        ("Paul", "Lefevre", False),
        ("Anne", "Durand", False),
    ],
)
def test_a_common_phone_needs_nearly_the_same_name(given: str, family: str, likely: bool) -> None:
    found = match(who("Anne", "Lefevre", "", "0639981234"), who(given, family, "", "+33639981234"))
    assert (found is not None and found.likely) is likely


def test_children_of_one_household_are_not_one_person() -> None:
    """One line, one family name, given names one letter apart."""
    lea, leo = who("Léa", "Martin", "", "0639981234"), who("Léo", "Martin", "", "0639981234")
    assert match(lea, leo) is None
    marie, maria = (
        who("Marie", "Martin", "", "0639981234"),
        who("Maria", "Martin", "", "0639981234"),
    )
    found = match(marie, maria, shared_lines=0.0)
    assert found is not None
    assert not found.likely, "CVs with nothing in common: two sisters"


def test_a_namesake_is_only_likely_with_half_of_the_cv() -> None:
    a, b = who("Anne", "Martin", "a@example.org"), who("Anne", "Martin", "b@example.org")
    for shared, likely in ((None, False), (0.0, False), (0.49, False), (0.5, True)):
        found = match(a, b, shared)
        assert found is not None
        assert (found.kind, found.likely) == (MatchKind.NAME, likely)


def test_strangers_and_the_nameless_do_not_match() -> None:
    assert match(who("Anne", "Martin"), who("Paul", "Durand")) is None
    assert match(who("", ""), who("", "")) is None
    assert match(who("", "", "", "0639981234"), who("", "", "", "0639981234")) is None


def test_a_match_is_the_same_both_ways() -> None:
    a = who("Anne-Lise", "Lefevre", "x@example.org", "0639981234")
    b = who("LEFEVRE", "Anne Lise", "y@example.org", "0639981234")
    assert match(a, b, 0.3) == match(b, a, 0.3)


def test_shared_lines() -> None:
    text = "Conduite de projets informatiques\nÀ Lyon\n  GESTION du parc de serveurs  "
    lines = cv_lines(text)
    assert lines == {"conduite de projets informatiques", "gestion du parc de serveurs"}
    assert share(lines, cv_lines(text.upper())) == 1.0
    assert share(lines, cv_lines("Gestion du parc de serveurs")) == 1.0
    assert share(lines, frozenset()) == 0.0


SYLLABLES = [
    "ba",
    "be",
    "bi",
    "bo",
    "ca",
    "chau",
    "co",
    "da",
    "de",
    "dou",
    "fe",
    "fi",
    "ga",
    "gau",
    "gi",
    "la",
    "le",
    "li",
    "ma",
    "mi",
    "mo",
    "nau",
    "ne",
    "pa",
    "phi",
    "po",
    "re",
    "ri",
    "ro",
    "sa",
    "se",
    "ssi",
    "ta",
    "the",
    "ti",
    "to",
    "va",
    "vi",
    "ze",
]


def invented(rnd: random.Random, count: int) -> list[str]:
    names: dict[str, None] = {}
    while len(names) < count:
        words = ["".join(rnd.choices(SYLLABLES, k=k)) for k in (2, rnd.choice((2, 3)))]
        names[" ".join(words)] = None
    return list(names)


SLIPS = (
    ("ph", "f"), ("f", "ph"), ("eau", "o"), ("au", "o"), ("o", "au"), ("i", "y"), ("ss", "c"),
    ("th", "t"), ("t", "th"), ("l", "ll"), ("n", "nn"), ("z", "s"), ("c", "k"), ("e", "ai"),
)  # fmt: skip


def misspelt(rnd: random.Random, name: str) -> str:
    given, family = name.split()
    sounding = [(a, b) for a, b in SLIPS if a in family]
    p = rnd.randrange(1, len(family) - 1)
    kinds = [
        family[:p] + family[p + 1 :],
        family[:p] + family[p + 1] + family[p] + family[p + 2 :],
        family[:p] + family[p] + family[p:],
    ]
    if sounding:
        a, b = rnd.choice(sounding)
        kinds += [family.replace(a, b, 1)] * 3
    words = [given, rnd.choice(kinds)]
    return " ".join(words if rnd.random() < 0.7 else reversed(words))


def trigrams(name: str) -> set[str]:
    padded = [f"  {word} " for word in name.split()]
    return {word[at : at + 3] for word in padded for at in range(len(word) - 2)}


def test_misspelt_names_are_found_among_many() -> None:
    """The score that ranks what a trigram filter lets through: recall@10 ≥ 0.95."""
    rnd = random.Random(20261124)
    names = invented(rnd, 3000)
    grams = {name: trigrams(name) | trigrams(name_code(name)) for name in names}
    found = 0
    wanted = rnd.sample(names, 100)
    for name in wanted:
        query = misspelt(rnd, name)
        typed = trigrams(query) | trigrams(name_code(query))
        near = sorted(names, key=lambda n: -len(grams[n] & typed))[:100]
        found += name in sorted(near, key=lambda n: -name_score(query, n))[:10]
    assert found >= 0.95 * len(wanted)


def test_name_score_orders_as_people_would() -> None:
    assert name_score("dupont marie", "marie dupont") == 1.0
    assert name_score("filipe", "philippe") > 0.9 > name_score("filipe", "felix")
    assert name_score("tibo", "thibault") > name_score("tibo", "timothee")
    assert name_score("legoff", "le goff") > 0.9
    assert name_score("dupond", "marie dupont") > name_score("dupond", "marie dumont")
    assert name_score("dupont", "dupont") > name_score("dupont", "marie dupont")
    assert name_score("", "marie") == name_score("marie", "") == 0.0


def test_duplicates_are_found_and_families_are_not() -> None:
    """Hard strangers: same name, siblings on one line, a shared mailbox with other lines."""
    people = [
        ("Anne", "Martin", "anne1@example.org", "0639980001"),
        ("MARTIN", "Anne", "anne2@example.org", "+33 6 39 98 00 01"),
        ("Anne", "Martin", "anne3@example.org", "0639980003"),
        ("Léa", "Robin", "lea@example.org", "0639980004"),
        ("Léo", "Robin", "leo@example.org", "0639980004"),
        ("Hugo", "Fontaine", "hf@example.org", "0639980005"),
        ("Hugo", "Fontane", "hugo@example.org", "0639980005"),
        ("Hugo", "Perrin", "perrin@example.org", "0639980006"),
    ]
    text = "Une ligne du parcours de cette personne, numéro {}"
    found = find_duplicates(
        Person(i, PersonKeys([e], [p], g, f), lambda i=i: text.format("un" if i > 4 else i))
        for i, (g, f, e, p) in enumerate(people)
    )
    assert found == {(0, 1), (5, 6)}
