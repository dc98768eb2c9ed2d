"""E-mail addresses and telephones: the candidate's own, in every spelling, and nobody else's."""

from __future__ import annotations

import pytest

from clementine_crm.reading.fields import language_of, propose_fields
from tests.unit.reading.test_cv_names import BODY

ENGLISH = """

Work Experience
2019 – 2024 Accountant, Valcombe Ltd, Leeds
Education
2015 BSc Accounting, University of York
Skills
Excel, Sage and the usual tools
"""


def found(text: str, name: str) -> list[str]:
    return [one.value for one in propose_fields(text, (), language_of(text)) if one.name == name]


def emails(head: str, body: str = BODY) -> list[str]:
    return found(f"Lucie Martin\n{head}{body}", "email")


def phones(head: str, body: str = BODY) -> list[str]:
    return found(f"Lucie Martin\n{head}{body}", "phone")


@pytest.mark.parametrize(
    "written",
    [
        "lucie.martin@example.com",
        "E-mail : lucie.martin@example.com",
        "mailto:lucie.martin@example.com",
        "Email:lucie.martin@example.comTél:0639981234",
        "<lucie.martin@example.com>",
        "lucie.martin @ example.com",
        "lucie.martin (at) example.com",
        "lucie.martin[at]example[dot]com",
        "lucie.martin (arobase) example (point) com",
        "lucie.martin@\nexample.com",
        "lucie.martin\n@example.com",
        "lucie.martin@exam\nple.com",
    ],
)
def test_an_address_however_it_is_written(written: str) -> None:
    assert emails(written) == ["lucie.martin@example.com"]


def test_capitals_of_the_domain_do_not_count() -> None:
    assert emails("Lucie.Martin@EXAMPLE.COM") == ["Lucie.Martin@example.com"]


def test_a_web_site_below_an_address_is_not_its_rest() -> None:
    assert emails("lucie.martin@example.com\nluciemartin.example.fr") == [
        "lucie.martin@example.com"
    ]


@pytest.mark.parametrize("wrong", ["lucie..martin@example.com", "lucie@martin", "@lucie", "a@b.c"])
def test_what_is_no_address(wrong: str) -> None:
    assert emails(wrong) == []


def test_a_second_address_only_when_it_is_private() -> None:
    head = "lucie.martin@example.com\nlucie.martin@orange.fr\nl.martin@valcombe.example.com"
    assert emails(head) == ["lucie.martin@example.com", "lucie.martin@orange.fr"]


@pytest.mark.parametrize(
    ("written", "number"),
    [
        ("06 39 98 12 34", "+33639981234"),
        ("06.39.98.12.34", "+33639981234"),
        ("06-39-98-12-34", "+33639981234"),
        ("06/39/98/12/34", "+33639981234"),
        ("06 – 39 – 98 – 12 – 34", "+33639981234"),
        ("0639981234", "+33639981234"),
        ("0639 98 12 34", "+33639981234"),
        ("06\u00a039\u00a098\u00a012\u00a034", "+33639981234"),
        ("06  39  98  12  34", "+33639981234"),
        ("+33 6 39 98 12 34", "+33639981234"),
        ("+33 (0)6 39 98 12 34", "+33639981234"),
        ("+33(0)639981234", "+33639981234"),
        ("0033 6 39 98 12 34", "+33639981234"),
        ("(+33) 6 39 98 12 34", "+33639981234"),
        ("33 6 39 98 12 34", "+33639981234"),
        ("Tél. : 01 99 00 12 34", "+33199001234"),
        ("(+386) 069984236", "+38669984236"),
        ("+41 79 123 45 67", "+41791234567"),
        ("+44 20 7946 0123", "+442079460123"),
    ],
)
def test_a_number_however_it_is_written(written: str, number: str) -> None:
    assert phones(written) == [number]


def test_two_numbers_on_a_line() -> None:
    assert phones("Dom. 01 99 00 12 34 / Port. 06 39 98 12 34") == ["+33199001234", "+33639981234"]


def test_american_numbers_only_in_an_english_cv() -> None:
    assert phones("(555) 010-1234", ENGLISH) == ["+15550101234"]
    assert phones("(555) 010-1234") == []


@pytest.mark.parametrize(
    "written",
    [
        "Fax : 01 99 00 12 34",
        "SIRET 123 456 789 00012",
        "01 02 03 04 05 06 07",
        "IBAN FR76 0639 9812 3406 3998 1234 063",
        "Sécurité sociale : 2 85 03 21 231 001 23",
        "du 01/02/2019 au 03/04/2020",
        "06 39 98 12",
    ],
)
def test_what_is_no_telephone(written: str) -> None:
    assert phones(written) == []


OTHERS = [
    "RÉFÉRENCES\nMonique Lebeau, directrice\n{}",
    "Références professionnelles :\nMonique Lebeau\nSociété Exemple\n{}",
    "EXPÉRIENCE\n2010 – 2012 : Vendeuse, Galerie Cardouan\nRéférent : M. Gérard Tranchant, {}",
    "EXPÉRIENCE\n2010 – 2012 : Vendeuse, Galerie Cardouan\nContact : {}",
    "EXPÉRIENCE\n2010 – 2012 : Vendeuse, Galerie Cardouan\n3 rue du Levant, 35000 Rennes, accueil {}",
    "FORMATION\n2009 : BTS, Lycée du Grand-Pré\nDirecteur : {}",
    "Personne à prévenir en cas d’urgence : Odile Martin {}",
    "Altamira Recrutement – 8 rue du Levant, 75009 Paris – {}",
    "Dossier présenté par Altamira\nVotre consultante : Claire Montaigu\n{}",
]


@pytest.mark.parametrize("place", OTHERS)
def test_somebody_elses_address_is_never_taken(place: str) -> None:
    head = "lucie.martin@example.com\n06 39 98 12 34"
    text = f"Lucie Martin\n{head}{BODY}\n{place.format('g.tranchant@tiers.example.com – 01 99 00 55 66')}"
    assert found(text, "email") == ["lucie.martin@example.com"]
    assert found(text, "phone") == ["+33639981234"]


@pytest.mark.parametrize("place", OTHERS)
def test_nor_where_the_candidate_gives_none(place: str) -> None:
    text = f"Lucie Martin\nDijon{BODY}\n{place.format('g.tranchant@tiers.example.com, 01 99 00 55 66')}"
    assert found(text, "email") == []
    assert found(text, "phone") == []


@pytest.mark.parametrize(
    "letterhead",
    [
        "Altamira Recrutement\n8 rue du Levant, 75009 Paris\ncontact@altamira.example.com\n01 99 00 77 88",
        "Université de Bourgogne – Service des stages\nstages@ubourgogne.example.com – 01 99 00 77 88",
        "Pôle emploi Dijon – conseiller : Marc Renaud, 01 99 00 77 88",
        "Dossier présenté par Altamira, 01 99 00 77 88, c.montaigu@altamira.example.com",
    ],
)
def test_a_letterhead_above_the_name_is_not_the_candidates(letterhead: str) -> None:
    text = (
        f"{letterhead}\nLucie Martin\n21000 Dijon\n06 39 98 12 34\nlucie.martin@example.com{BODY}"
    )
    fields = propose_fields(text, (), "fr")
    assert [one.value for one in fields if one.name == "email"] == ["lucie.martin@example.com"]
    assert [one.value for one in fields if one.name == "phone"] == ["+33639981234"]
    assert [one.value for one in fields if one.name == "town"] == ["Dijon"]
    assert not [one for one in fields if "altamira" in one.value or "Levant" in one.value]


@pytest.mark.parametrize(
    "line",
    [
        "Status: M.Sc. Digital Media",
        "Superviseur logistique",
        "Tutrice de stagiaires",
        "Domaines : conseil et formation",
        "Référente qualité",
        "Candidate : Mme Lucie Martin",
    ],
)
def test_a_line_in_the_head_that_only_sounds_like_somebody_else(line: str) -> None:
    text = f"Lucie Martin\n{line} – choupette@example.com – 06 39 98 12 34{BODY}"
    assert found(text, "email") == ["choupette@example.com"]
    assert found(text, "phone") == ["+33639981234"]


def test_a_recruiter_may_apply_too() -> None:
    text = f"Clémence Vidal\nChargée de recrutement\nchoupette@example.com\n06 39 98 12 34{BODY}"
    assert found(text, "email") == ["choupette@example.com"]
    assert found(text, "phone") == ["+33639981234"]


def test_a_shared_box_is_the_candidates_when_it_has_their_name() -> None:
    assert found(f"Lucie Martin\ninfo@luciemartin.example.fr{BODY}", "email") == [
        "info@luciemartin.example.fr"
    ]


def test_the_recipient_of_a_letter_bound_in_front_is_left_out() -> None:
    letter = (
        "Lucie Martin\nlucie.martin@example.com\nMenuiseries Lebrac\nrh@lebrac.example.com – 01 99 00 55 66\n"
        "Objet : candidature\nMadame,\nJe vous prie d’agréer, Madame, mes salutations distinguées.\nLucie Martin\n"
    )
    head = "Lucie Martin\nComptable\nlucie.martin@example.com\n06 39 98 12 34"
    for text, starts in ((letter + head + BODY, (1, 9)), (head + BODY + letter, (1, 17))):
        fields = propose_fields(text, starts, "fr")
        assert [one.value for one in fields if one.name == "email"] == ["lucie.martin@example.com"]
        assert [one.value for one in fields if one.name == "phone"] == ["+33639981234"]
