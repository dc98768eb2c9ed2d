"""Fields that must not exist, told by their name; NIR and IBAN told by their key."""

from __future__ import annotations

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clementine_crm.domain.forbidden import (
    FAMILIES,
    find_identifiers,
    iban_is_valid,
    is_forbidden,
    nir_is_valid,
    refuse_identifiers,
)
from clementine_crm.errors import ValidationError
from clementine_crm.plugin_api import forbidden as offered

REFUSED = {
    "nir": "NIR|N° de sécurité sociale|Numéro de sécu|NSS|social_security_number|SSN|National Insurance number",
    "bank": "IBAN|RIB|Coordonnées bancaires|bankAccount|Compte bancaire|Sort code",
    "photo": "Photo|Votre photo|photo_url|Avatar|Profile picture|Photo d'identité|Portrait",
    "birth": "Date de naissance|DATE_NAISSANCE|dateNaissance|birth_date|Birthdate|DOB|Lieu de naissance"
    "|Place of birth|Né(e) le|Anniversaire|Date et lieu de naissance",
    "age": "Âge|AGE|Votre âge :|Tranche d'âge|Age (years)",
    "sex": "Sexe|sex|Gender|Genre (H/F)|Sexual orientation|Civilité|CIVILITE|Votre civilité *|Form of address|M./Mme",
    "marital": "Situation familiale|Marital status|État civil|Situation matrimoniale|Nom de jeune fille|Célibataire",
    "children": "Enfants|Nombre d'enfants|nb_enfants|Children|Number of children|Enfants à charge",
    "family": "Famille|Profession du père|Mother's name",
    "religion": "Religion|Confession|Religious beliefs",
    "opinions": "Opinions politiques|Political views|Opinions|Parti politique",
    "union": "Syndicat|Appartenance syndicale|Trade union|Union membership",
    "health": "Santé|État de santé|Health condition|Medical history|Groupe sanguin|Dossier médical",
    "disability": "Handicap|Travailleur handicapé (RQTH)|RQTH|Disability|Taux d'invalidité",
    "pregnancy": "Grossesse|Enceinte ?|Pregnancy|Pregnant",
    "origin": "Origine ethnique|Ethnicity|Race|Country of origin|Pays d'origine",
    "physical": "Taille|Poids|Height|Couleur de peau|Skin color|eye_colour|Description physique",
    "criminal": "Casier judiciaire|Criminal record|Condamnations",
    "nationality": "Nationalité|nationality|Nationalité(s)|Citizenship|Date de naturalisation|Titre de séjour"
    "|Permis de séjour|Residence permit|N° de passeport",
    "social_accounts": "Facebook|Compte Instagram|TikTok|twitter_url|Réseaux sociaux personnels",
    "pay": "Salaire actuel|Salaire|Dernier salaire|Current salary|Rémunération annuelle actuelle"
    "|Salary history|Bulletins de paie|Payslips|Salaire brut actuel|salary|Rémunération actuelle",
    "credit": "Credit score|Crédits en cours|Taux d'endettement",
}
ALLOWED = """Nom|Prénom|Nom de famille|Family name|Family_name|E-mail|Téléphone|Ville|Page|Langage|Langues|Message
|Photographe|Photoshop|Photographie (compétence)|Agence|Avantages|Stage|Partage|Langage de programmation|Management
|Prétentions salariales|Salaire souhaité|Expected salary|Fourchette de salaire|Salaire du poste|Rémunération proposée
|Gestionnaire de paie|Expérience en paie|Responsable paie|Taille de l'entreprise|Company size|Team size
|Origine de la candidature|Source|Secteur santé|Domaine de la santé|Expérience avec des enfants ?|Petite enfance
|LinkedIn|Profil LinkedIn|Permis de conduire|Permis de travail|Disponibilité|Employeur actuel|Poste actuel
|Current job title|Date de candidature|Date d'obtention|Année du diplôme|European Union experience|Payment method
|Réseau|Community manager réseaux sociaux|Crédit manager|Directeur de crédit|Mission|Motivation|Référence
|Nom de naissance|Contact name|Genre de contrat|Poids lourd (permis)|Ribambelle|Bicyclette|Business English
|Sexe et genre dans la littérature (thèse)|Titre|Title|Job title|Durée du séjour|Passeport de compétences|Message de la mairie|Marie|Pays|Country|Ethnologie|Union européenne""".replace(
    "\n", ""
).split("|")


@pytest.mark.parametrize(
    ("family", "label"),
    [(f, label) for f, labels in REFUSED.items() for label in labels.split("|")],
)
def test_a_forbidden_field_is_told_by_its_name(family: str, label: str) -> None:
    assert is_forbidden(label) == family


@pytest.mark.parametrize("label", ALLOWED)
def test_other_fields_pass(label: str) -> None:
    assert is_forbidden(label) is None


def test_each_family_has_examples_and_plugins_see_the_same_list() -> None:
    assert set(REFUSED) == set(FAMILIES)
    assert offered.is_forbidden is is_forbidden


@given(st.text(max_size=400))
def test_any_label_gets_an_answer(text: str) -> None:
    assert is_forbidden(text) in {None, *FAMILIES}
    find_identifiers(text)


def nir(body: str) -> str:
    number = int(body.replace("2A", "19").replace("2B", "18"))
    return f"{body}{97 - number % 97:02d}"


def iban(country: str, account: str) -> str:
    digits = "".join(str(int(c, 36)) for c in account + country + "00")
    return f"{country}{98 - int(digits) % 97:02d}{account}"


FRENCH = iban("FR", "30006000011234567890189")
NIR = nir("2990399988777")


@pytest.mark.parametrize(
    "body", ["1850578006084", "2990399988777", "185052A123456", "299122B123456", "1853399123456"]
)
def test_nir(body: str) -> None:
    whole = nir(body)
    assert nir_is_valid(whole)
    assert find_identifiers(f"Son numéro est {whole}.")[0].kind == "nir"
    spaced = f"{whole[0]} {whole[1:3]} {whole[3:5]} {whole[5:7]} {whole[7:10]} {whole[10:13]} {whole[13:]}"
    assert [i.kind for i in find_identifiers(f"n° {spaced}, noté")] == ["nir"]
    wrong = whole[:-2] + f"{(int(whole[-2:]) % 97) + 1:02d}"
    assert not nir_is_valid(wrong)
    assert find_identifiers(wrong) == ()


@pytest.mark.parametrize(
    "text",
    [
        "185057800608400",
        "18505780060849",
        "1850578006084912",
        "06 39 98 12 34",
        "",
        "1" * 15,
        "REF-185057800608436A",
    ],
)
def test_other_numbers_are_no_nir(text: str) -> None:
    assert not any(i.kind == "nir" for i in find_identifiers(text))


def test_iban_in_text_is_found_where_it_stands() -> None:
    grouped = " ".join(FRENCH[i : i + 4] for i in range(0, 27, 4))
    for written in (
        FRENCH,
        FRENCH.lower(),
        grouped,
        grouped.replace(" ", "\u00a0"),
        grouped.replace(" ", "-"),
    ):
        text = f"Virement : {written} au nom de Anne"
        (found,) = find_identifiers(text)
        assert text[found.start : found.end] == written
    assert iban_is_valid(iban("DE", "370400440532013000"))
    assert iban_is_valid(iban("GB", "NWBK60161331926819"))


def test_what_only_looks_like_an_iban_passes() -> None:
    broken = FRENCH[:-1] + str((int(FRENCH[-1]) + 1) % 10)
    for text in (
        broken,
        FRENCH + "7",
        "X" + FRENCH,
        FRENCH[:-2],
        "ZZ" + FRENCH[2:],
        "FR76",
        "CV20 2026",
    ):
        assert find_identifiers(text) == (), text


def test_wide_digits_hide_nothing() -> None:
    wide = "".join(chr(ord(c) + 0xFEE0) if c.isdigit() else c for c in NIR)
    assert [i.kind for i in find_identifiers(wide)] == ["nir"]


def test_a_note_with_a_number_is_refused_and_the_field_named() -> None:
    for kind, text in (("nir", NIR), ("iban", FRENCH)):
        with pytest.raises(ValidationError) as refused:
            refuse_identifiers(f"à noter {text}", field="note")
        assert refused.value.key == f"{kind}_in_text"
        assert refused.value.field == "note"
    with pytest.raises(ValidationError, match="iban_in_text"):
        refuse_identifiers("FR76 3000 6000 0112 3456 7890 1\u200b89")
    with pytest.raises(ValidationError, match="nir_in_text"):
        refuse_identifiers("1 85 05 78 006\u200b 084\u2060 91")
    refuse_identifiers("Rappeler au 06 39 98 12 34, réf. 2026-0147")


def test_a_long_text_is_read_in_time() -> None:
    rnd = random.Random(1)
    text = "".join(rnd.choice("FR76 12 DE.-") for _ in range(100_000))
    assert isinstance(find_identifiers(text), tuple)
