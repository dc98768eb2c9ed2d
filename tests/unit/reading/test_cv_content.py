"""What a CV says besides its name and contact: title, town, career, skills, languages, links."""

from __future__ import annotations

import pytest

from clementine_crm.plugin_api import ProposedField
from clementine_crm.reading.fields import language_of, propose_fields
from clementine_crm.reading.fields.lines import lines_of
from tests.unit.reading.test_cv_names import BODY, read


def values(fields: tuple[ProposedField, ...], name: str) -> list[str]:
    return [one.value for one in fields if one.name == name]


HEAD = "Lucie Martin\nlucie.martin@example.com\n"


@pytest.mark.parametrize(
    ("head", "title"),
    [
        ("Lucie Martin\nContrôleuse de gestion\nlucie.martin@example.com", "Contrôleuse de gestion"),
        ("Lucie Martin | Directrice commerciale | Dijon", "Directrice commerciale"),
        ("Lucie Martin | Directrice\ncommerciale France & Benelux\n", "Directrice commerciale France & Benelux"),
        ("Comptable – Lucie Martin\nlucie.martin@example.com", "Comptable"),
        (HEAD + "Électromécanicienne\n", "Électromécanicienne"),
        (HEAD + "\nPoste visé\nInfirmière coordinatrice", "Infirmière coordinatrice"),
        ("Lucie Martin\nPoste recherché : Acheteuse\nlucie.martin@example.com", "Acheteuse"),
        ("Lucie Martin\n06 39 98 12 34\nChargée de clientèle\nDijon", "Chargée de clientèle"),
    ],
)  # fmt: skip
def test_the_title_a_cv_goes_by(head: str, title: str) -> None:
    assert values(read(head), "headline") == [title]


def test_a_title_alone_above_the_profile() -> None:
    text = f"Lucie\nMartin\nContact\nlucie.martin@example.com\nLangues\nAnglais\nIngénieure logiciel\nProfil\nCurieuse.{BODY}"
    assert values(propose_fields(text, (), "fr"), "headline") == ["Ingénieure logiciel"]


@pytest.mark.parametrize(
    "line", ["Je cherche un poste stable.", "34 ans, célibataire", "21000 Dijon", "06 39 98 12 34"]
)
def test_what_is_no_title(line: str) -> None:
    assert values(read(f"Lucie Martin\n{line}\nlucie.martin@example.com"), "headline") == []


@pytest.mark.parametrize(
    ("line", "town", "address"),
    [
        ("12 rue du Lac, 21000 Dijon", "Dijon", "12 rue du Lac, 21000 Dijon"),
        ("4 bis, place Bellecour – 69002 Lyon", "Lyon", "4 bis, place Bellecour – 69002 Lyon"),
        ("12 rue du Lac\n44600 Saint-Nazaire", "Saint-Nazaire", "12 rue du Lac, 44600 Saint-Nazaire"),
        ("Quai de la Fosse, 44000 Nantes cedex 2", "Nantes", "Quai de la Fosse, 44000 Nantes"),
        ("77230 Villeneuve-sous-Dammartin", "Villeneuve-sous-Dammartin", ""),
        ("8, chemin des Vignes\n33500 LIBOURNE", "Libourne", "8, chemin des Vignes, 33500 LIBOURNE"),
        ("Lorient (56)", "Lorient", ""),
        ("Bischwihr 68320", "Bischwihr", ""),
        ("Lyon 8ème", "Lyon", ""),
        ("Strasbourg Neudorf", "Strasbourg", ""),
        ("Nice, France", "Nice", ""),
        ("06 39 98 12 34 · Caluire-et-Cuire", "Caluire-et-Cuire", ""),
        ("06 39 98 12 34 – Plougonven", "Plougonven", ""),
        ("14 Orchard Lane, Leeds LS1 4AP", "Leeds", ""),
    ],
)  # fmt: skip
def test_town_and_address(line: str, town: str, address: str) -> None:
    fields = read(HEAD + line)
    assert values(fields, "town") == [town]
    assert values(fields, "postal_address") == ([address] if address else [])


@pytest.mark.parametrize(
    "line",
    [
        "Née le 3 mai 1985 à Rouen",
        "Nationalité : française",
        "Lieu de naissance : Rouen",
        "06 39 98 12 34 – Véhiculée",
        "RPPS 10001234567\nRPPS – 06 39 98 12 34",
        "Permis B",
    ],
)
def test_where_somebody_was_born_is_no_town(line: str) -> None:
    assert values(read(HEAD + line), "town") == []


def test_the_town_of_a_school_or_an_employer_is_not_theirs() -> None:
    assert values(read(HEAD), "town") == []
    contact_at_the_end = "Lycée du Parc, Rennes\nlucie.martin@example.com\n06 39 98 12 34"
    body = BODY.replace("Lycée du Parc", contact_at_the_end)
    assert values(read("Lucie Martin\nComptable", body), "town") == []


def test_the_town_of_somebody_else_in_the_head_is_not_theirs() -> None:
    other = "Personne à prévenir : Odile Martin, 12 rue du Lac, 35000 Rennes, 06 39 98 56 78"
    fields = read(HEAD + other)
    assert values(fields, "town") == values(fields, "postal_address") == []


def test_a_family_name_that_is_a_town() -> None:
    fields = read("Thibault\nMontauban\nContact\nthibault.montauban@example.com\nVoiron")
    assert values(fields, "town") == ["Voiron"]


@pytest.mark.parametrize(
    ("entry", "employer"),
    [
        ("2019 – 2024 : Comptable, Société Valcombe, Lyon", "Société Valcombe"),
        ("2019 – 2024  Comptable\nValcombe, Lyon", "Valcombe"),
        ("Comptable – Cabinet Noirbois, Dijon\nDepuis 2019", "Cabinet Noirbois"),
        (
            "Verrerie du Forez SA Saint-Étienne\nDirecteur commercial 2016 – 2024",
            "Verrerie du Forez SA",
        ),
        (
            "09/2019 –\naujourd’hui\nComptable, Ateliers Bréguet & Fils, Nantes",
            "Ateliers Bréguet & Fils",
        ),
        ("Comptable | Valcombe | 2019 – 2024", "Valcombe"),
        ("June 2023 – present Accountant, Nexus – Leeds", "Nexus"),
    ],
)
def test_the_employer_of_a_post(entry: str, employer: str) -> None:
    text = f"{HEAD}\nExpérience professionnelle\n{entry}\n• Saisie des factures\nFormation\n2015 BTS\n2013 Baccalauréat"
    assert values(propose_fields(text, (), "fr"), "company") == [employer]


def test_employers_in_the_order_of_the_cv() -> None:
    assert values(read(HEAD), "company") == ["Société Valcombe", "Cabinet Noirbois"]


@pytest.mark.parametrize(
    ("entry", "diploma"),
    [
        ("2015 : BTS Comptabilité, Lycée du Parc", "BTS Comptabilité"),
        ("2015 Master CCA (comptabilité, contrôle, audit), Université de Rennes", "Master CCA (comptabilité, contrôle, audit)"),
        ("2013 – CAP Réalisation en\nchaudronnerie, Campus", "CAP Réalisation en chaudronnerie"),
        ("2009 – Licence professionnelle\nDistribution, Centre", "Licence professionnelle Distribution"),
        ("MSc Management – Universität Mannheim, 2013", "MSc Management"),
    ],
)  # fmt: skip
def test_a_diploma_without_its_school(entry: str, diploma: str) -> None:
    body = BODY.replace("2015 : BTS Comptabilité, Lycée du Parc", entry)
    assert values(read(HEAD, body), "diploma") == [diploma]


def test_skills_item_by_item() -> None:
    body = BODY.replace(
        "Excel, Sage", "Logiciels : Excel, Sage 100 ; CACES 1, 3 et 5\n• Droit social"
    )
    assert values(read(HEAD, body), "skill") == [
        "Excel",
        "Sage 100",
        "CACES 1, 3 et 5",
        "Droit social",
    ]


def test_languages_with_the_level_that_is_written() -> None:
    body = BODY.replace(
        "Français, anglais (B2)", "Français : langue maternelle\nAnglais : courant (C1), breton"
    )
    assert values(read(HEAD, body), "language") == ["fr", "en C1", "br"]


def test_professional_links_but_no_personal_network() -> None:
    head = (
        "Lucie Martin\nlinkedin.com/in/lucie-martin – github.com/lucie – https://luciemartin.example.fr\n"
        "https://www.facebook.com/lucie.martin, https://instagram.com/luciemartin, https://x.com/lucie\nlucie.martin@example.com"
    )
    assert values(read(head), "link") == [
        "https://linkedin.com/in/lucie-martin",
        "https://github.com/lucie",
        "https://luciemartin.example.fr",
    ]


def test_what_the_law_keeps_out_is_in_no_value_and_no_quote() -> None:
    head = (
        "Lucie Martin – lucie.martin@example.com – 06 39 98 12 34 – Dijon – Née le 03/05/1985 à Rouen – française\n"
        "34 ans, mariée, deux enfants – N° SS 2 85 05 76 540 123 45\nSalaire actuel : 31 000 €"
    )
    told = " ".join(f"{one.value} {one.place.quote}" for one in read(head))
    for word in (
        "1985",
        "Rouen",
        "française",
        "34 ans",
        "mariée",
        "enfants",
        "540",
        "31 000",
        "Née",
    ):
        assert word not in told


def test_headings_on_their_own_line_shared_shouted_and_broken() -> None:
    text = (
        "Lucie Martin\nINFORMATIONS\nPERSONNELLES\nDijon\nPOSTE VISÉ Comptable\nExpériences professionnelles :\na\n"
        "EXPÉRIENCES PROFESSIONNELLES CLÉS\nb\n** Diplômes **\nc\nFORMATION & DIPLÔMES\nd\nLangues : anglais\nRÉFÉRENCES\ne"
    )
    sections = [(one.text, one.section) for one in lines_of(text, ()) if not one.is_heading]
    assert sections == [
        ("Lucie Martin", "header"), ("Dijon", "contact"), ("a", "experience"), ("b", "experience"),
        ("c", "education"), ("d", "education"), ("e", "references"),
    ]  # fmt: skip
    shared = [
        (one.section, one.content) for one in lines_of(text, ()) if one.content and one.is_heading
    ]
    assert shared == [("target", "Comptable"), ("languages", "anglais")]


def test_pages_are_counted_from_their_first_lines() -> None:
    text = f"Lucie Martin\nlucie.martin@example.com{BODY}"
    fields = propose_fields(text, (1, 4), "fr")
    assert {one.place.page for one in fields if one.name == "email"} == {1}
    assert {one.place.page for one in fields if one.name == "skill"} == {2}


@pytest.mark.parametrize(
    ("text", "language"),
    [
        (BODY, "fr"),
        ("Work experience\nLed a team of nine and opened the market for the company", "en"),
        ("Responsable d’équipe chez Valcombe depuis aujourd’hui et pour la première fois", "fr"),
        ("Python Docker SQL", ""),
        ("", ""),
    ],
)
def test_the_language_of_a_text(text: str, language: str) -> None:
    assert language_of(text) == language


def test_a_value_told_twice_is_proposed_once() -> None:
    fields = read(HEAD, BODY + "\nFORMATION\n2013 : BTS Comptabilité, Lycée du Parc\u2028")
    assert values(fields, "diploma") == ["BTS Comptabilité"]
    text = "FORMATION\r2000 BTS Achats\u2028\nEXPERIENCE\r2000\nFORMATION\n2000 BTS Achats"
    assert values(propose_fields(text, (), "fr"), "diploma").count("BTS Achats") < 2
