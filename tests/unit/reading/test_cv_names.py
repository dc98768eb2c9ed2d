"""Whose CV it is: names as people write them at the head of one."""

from __future__ import annotations

import pytest

from clementine_crm.plugin_api import ProposedField
from clementine_crm.reading.fields import language_of, propose_fields

BODY = """

EXPÉRIENCE PROFESSIONNELLE
2019 – 2024 : Comptable, Société Valcombe, Lyon
• Saisie des factures
2015 – 2019 : Aide-comptable, Cabinet Noirbois, Dijon
FORMATION
2015 : BTS Comptabilité, Lycée du Parc
COMPÉTENCES
Excel, Sage
LANGUES
Français, anglais (B2)
"""


def read(head: str, body: str = BODY) -> tuple[ProposedField, ...]:
    text = head + body
    return propose_fields(text, (), language_of(text))


def name_of(fields: tuple[ProposedField, ...]) -> tuple[str, ...]:
    return tuple(one.value for one in fields if one.name in ("given_name", "family_name"))


@pytest.mark.parametrize(
    ("head", "given", "family"),
    [
        ("Lucie Martin\nComptable\nlucie.martin@example.com", "Lucie", "Martin"),
        ("LUCIE MARTIN\nComptable\n06 39 98 12 34", "Lucie", "Martin"),
        ("MARTIN Lucie\nComptable\n06 39 98 12 34", "Lucie", "MARTIN"),
        ("Lucie MARTIN-LE GOFF\nComptable\n06 39 98 12 34", "Lucie", "MARTIN-LE GOFF"),
        ("MARTIN, Lucie\n21000 Dijon\n06 39 98 12 34", "Lucie", "MARTIN"),
        ("lucie martin\nlucie.martin@example.com", "Lucie", "Martin"),
        ("Mme Lucie Martin\nNée le 12/03/1985\n06 39 98 12 34", "Lucie", "Martin"),
        ("CURRICULUM VITAE\nLucie Martin\n06 39 98 12 34", "Lucie", "Martin"),
        ("Curriculum vitae de Lucie Martin\n06 39 98 12 34", "Lucie", "Martin"),
        ("Candidature de Lucie Martin\nlucie.martin@example.com", "Lucie", "Martin"),
        ("LUCIE MARTIN RÉSUMÉ\nlucie.martin@example.com", "Lucie", "Martin"),
        ("Je m’appelle Lucie Martin\nlucie@example.com", "Lucie", "Martin"),
        ("Lucie Martin Comptable\nlucie.martin@example.com", "Lucie", "Martin"),
        ("Lucie Martin | Comptable | Dijon | 06 39 98 12 34", "Lucie", "Martin"),
        ("Lucie Martin E-mail : lucie.martin@example.com", "Lucie", "Martin"),
        ("Comptable\nLucie Martin\n06 39 98 12 34", "Lucie", "Martin"),
        ("Comptable – Lucie Martin\n06 39 98 12 34", "Lucie", "Martin"),
        ("Page 1 sur 2\nLucie Martin\n06 39 98 12 34", "Lucie", "Martin"),
        ("Lucie\nMARTIN\nComptable\n06 39 98 12 34", "Lucie", "MARTIN"),
        ("Jean Marc\nLe Goff\njm.legoff@example.com", "Jean Marc", "Le Goff"),
        ("Nom : MARTIN\nPrénom : Lucie\n06 39 98 12 34", "Lucie", "MARTIN"),
        ("Nom : MARTIN    Prénom : Lucie\n06 39 98 12 34", "Lucie", "MARTIN"),
        ("Nom : MARTIN Prénom : Lucie\n06 39 98 12 34", "Lucie", "MARTIN"),
        ("Maître Lucie Martin\nAvocate\n06 39 98 12 34", "Lucie", "Martin"),
        ("Profil n° 4471 : Lucie Martin\n06 39 98 12 34", "Lucie", "Martin"),
        ("NOM Prénom : MARTIN Lucie\nMobile : 06 39 98 12 34", "Lucie", "MARTIN"),
        ("Name: Lucie Martin\nMobile: 06 39 98 12 34", "Lucie", "Martin"),
        ("Jean-Baptiste d’Aubigné\njb.daubigne@example.net", "Jean-Baptiste", "d’Aubigné"),
        ("Nadia El Amrani\nnadia.elamrani@example.org", "Nadia", "El Amrani"),
        ("Zoé N’Guyen\nzoe.nguyen@example.org", "Zoé", "N’Guyen"),
        ("John Q. Public\njohn.public@example.com", "John Q.", "Public"),
        ("Dr. Anna Kowalska, PhD\nanna.kowalska@example.com", "Anna", "Kowalska"),
        ("Jan KüSTER\njan.kuester@example.com", "Jan", "KüSTER"),
        ("Sophie BOULANGER\ns.boulanger@example.org", "Sophie", "BOULANGER"),
        ("Marie Paris\nmarie.paris@example.org", "Marie", "Paris"),
        ("Joaquim Tanguy\njoaquim.tanguy@example.org", "Joaquim", "Tanguy"),
        ("Bessiere Ludovic\nl.bessiere@example.org", "Ludovic", "Bessiere"),
        ("Tsiory Karim\ntsiory.karim@example.org", "Tsiory", "Karim"),
        ("Wioletta Brzęczyszczykiewicz\n06 39 98 12 34", "Wioletta", "Brzęczyszczykiewicz"),
        ("Xochitl Zubizarreta\nComptable\nchoupette@example.com", "Xochitl", "Zubizarreta"),
    ],
)
def test_the_name_at_the_head(head: str, given: str, family: str) -> None:
    assert name_of(read(head)) == (given, family)


@pytest.mark.parametrize(
    "head",
    [
        "J.D. – Ingénieur d’études",
        "Trigramme : JDU\nConsultant confirmé\n10 ans d’expérience",
        "Prénom NOM\nAdresse\nTéléphone",
        "Samira B.\nAssistante\nsamira.b@example.com",
        "Comptable général\nDijon\n06 39 98 12 34",
        "Société Générale\nComptable",
        "Curriculum Vitae",
        "Saint-Étienne Villeurbanne\n06 39 98 12 34",
        "Ressources Humaines\n06 39 98 12 34",
        "Gestion Administrative\nDijon\n06 39 98 12 34",
        "Comptable\n06 39 98 12 34\nPROFIL\nPonctuelle Souriante",
        "Directrice de l’agence : Claire Montaigu\n06 39 98 12 34",
        "Formatrice : Claire Montaigu\nExcel perfectionnement",
    ],
)
def test_blank_rather_than_wrong(head: str) -> None:
    assert name_of(read(head)) == ()


def test_a_side_bar_may_come_before_the_name() -> None:
    side = "Contact\nzoe.nguyen@example.org\n06 39 98 12 34\nLangues\nFrançais, anglais (C1)\n"
    fields = read(f"{side}Zoé N’Guyen\nDéveloppeuse Python")
    assert name_of(fields) == ("Zoé", "N’Guyen")
    assert [one.value for one in fields if one.name == "headline"] == ["Développeuse Python"]


def test_a_colleague_or_referee_is_not_the_candidate() -> None:
    body = BODY.replace("• Saisie", "Claire Montaigu\n01 99 00 12 34\n• Saisie")
    fields = read("Comptable\n06 39 98 12 34", f"{body}\nRÉFÉRENCES\nMonique Lebeau\nDirectrice\n")
    assert name_of(fields) == ()


def test_both_parts_say_where_they_stand() -> None:
    given, family = read("Comptable\nLucie\nMARTIN\nlucie.martin@example.com")[:2]
    assert (given.place.line, given.place.quote) == (2, "Lucie")
    assert (family.place.line, family.place.quote) == (3, "MARTIN")
    assert given.confidence == family.confidence > 0.9


def test_an_address_that_spells_the_name_makes_it_surer() -> None:
    spelt = read("Lucie Martin\nlucie.martin@example.com")[0]
    silent = read("Lucie Martin\nchoupette@example.com")[0]
    assert spelt.confidence > silent.confidence
