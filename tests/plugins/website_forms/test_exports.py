"""Whose export a table is, which form it came by, and what its boxes prove."""

from __future__ import annotations

import pytest

from clementine_crm.plugin_api import ItemPayload, Rejection
from tests.plugins.readings import InProcess
from tests.plugins.website_forms.conftest import site_mail

DATE = "2026-11-20T10:00:00+01:00"
VENDORS = {
    "legacy": "N° fiche;Civilité;NOM;Prénom;E-mail;Commentaires;Date création\n1;Mme;A;B;a@example.org;x;01/02/2024\n",
    "newsletter": '"email","prénom","nom"\n"a@example.org","A","B"\n',
    "connections": "First Name,Last Name,URL,Email Address,Company,Position,Connected On\nA,B,,a@example.org,C,D,12 Mar 2024\n",
    "results": "Nom;Prénom;Email;Date de passation;Questionnaire;Score\nA;B;a@example.org;01/02/2024;SWIPE;7\n",
    "ats": "Candidate ID,First name,Last name,Email,Phone,Job title,Stage,Source,Created at\n1,A,B,a@example.org,,C,Inbox,x,2024-01-01\n",
    "phones": "Nom;Téléphone;CP\nA;3,36399E+10;1000\n",
    "plain": "Nom;Prénom;E-mail;Téléphone;Salaire;Remarques\nA;B;a@example.org;;;x\n",
}


def table(*columns: tuple[str, str], date: str = DATE) -> bytes:
    header = ",".join(f'"{name}"' for name, _ in columns)
    cells = ",".join('"' + value.replace('"', '""') + '"' for _, value in columns)
    return f'{header},"Date"\r\n{cells},"{date}"'.encode()


def one(entries: list[ItemPayload | Rejection]) -> ItemPayload:
    (item,) = entries
    assert isinstance(item, ItemPayload)
    return item


@pytest.mark.parametrize("text", VENDORS.values(), ids=VENDORS)
def test_other_programs_tables_are_left_alone(text, read) -> None:
    (entry,) = read(text.encode(), "x.csv", None)
    assert isinstance(entry, Rejection)
    assert entry.reason == "no_source"


@pytest.mark.parametrize(
    ("name", "columns", "form"),
    [
        ("x.csv", (("nom", "A"), ("email", "a@example.org"), ("reference-offre", "R1"), ("message", "x")), "targeted-fr"),
        ("x.csv", (("nom", "A"), ("email", "a@example.org"), ("poste-recherche", "P"), ("message", "x")), "spontaneous-fr"),
        ("x.csv", (("first-name", "A"), ("your-email", "a@example.org"), ("position", "P"), ("your-message", "I am")), "spontaneous-en"),
        ("x.csv", (("your-name", "A"), ("your-email", "a@example.org"), ("your-subject", "Autre"), ("your-message", "Bonjour")), "contact-fr"),
        ("x.csv", (("your-name", "A"), ("your-email", "a@example.org"), ("your-subject", "Other"), ("your-message", "Hello")), "contact-en"),
        ("site-contact-en.csv", (("your-name", "A"), ("your-email", "a@example.org"), ("your-subject", "Autre"), ("your-message", "Bonjour")), "contact-en"),
        ("site-contact-en-2026-11-20.csv", (("your-name", "A"), ("your-email", "a@example.org"), ("objet", "Autre"), ("your-message", "Bonjour")), "contact-en"),
        ("export-en-cours.csv", (("nom", "A"), ("email", "a@example.org"), ("objet", "Autre"), ("message", "Bonjour")), "contact-fr"),
        ("x.csv", (("nom", "A"), ("email", "a@example.org"), ("reference-offre", "R1"), ("message", "I am writing to you and the team")), "targeted-fr"),
    ],
)  # fmt: skip
def test_a_form_is_told_by_its_fields(name, columns, form, read) -> None:
    assert one(read(table(*columns), name)).form == form


def test_the_agencys_own_names_decide(read, tmp_path) -> None:
    plugins = InProcess(
        form_contact_en="Get in touch; contact-form-9", form_spontaneous_fr="rejoignez-nous"
    )
    columns = (("nom", "A"), ("email", "a@example.org"), ("message", "Bonjour"), ("consent", "1"))
    for name, form in (
        ("site-contact-form-9.csv", "contact-en"),
        ("rejoignez-nous-2026.csv", "spontaneous-fr"),
        ("autre.csv", "contact-fr"),
    ):
        path = tmp_path / name
        path.write_bytes(table(*columns))
        assert one(plugins.read(path)).form == form


def test_in_a_mail_only_the_sites_words_name_the_form() -> None:
    plugins = InProcess(form_targeted_fr="Postuler à une offre")
    text = "Nom : A\nE-mail : a@example.org\nObjet : Postuler à une offre\nMessage :\nPostuler à une offre\n\n-- \n{}\n"
    _, typed = plugins.take(site_mail(text.format("Agence Exemple - Contact")))
    _, own = plugins.take(site_mail(text.format("Agence Exemple - Postuler à une offre")))
    assert isinstance(typed, ItemPayload)
    assert isinstance(own, ItemPayload)
    assert (typed.form, own.form) == ("contact-fr", "targeted-fr")


@pytest.mark.parametrize(
    ("subject", "company", "message", "kind"),
    [
        ("Recruteur", "", "x", "enquiry"),
        ("Je recrute", "", "x", "enquiry"),
        ("Recruiter", "", "x", "enquiry"),
        ("Demande de partenariat", "", "x", "enquiry"),
        ("Presse / partenariat", "Journal", "x", "enquiry"),
        ("Candidat", "Mon employeur", "Nous cherchons", "contact"),
        ("Je cherche un emploi", "", "x", "contact"),
        ("Candidate", "", "x", "contact"),
        ("Autre", "Association", "x", "enquiry"),
        ("Autre", "", "x", "contact"),
        ("Bonjour", "", "Nous recherchons deux menuisiers", "enquiry"),
        ("Hello", "", "We plan to hire five people", "enquiry"),
        ("Bonjour", "", "Je souhaite être recrutée", "contact"),
    ],
)
def test_each_purpose_reaches_its_queue(subject, company, message, kind, read) -> None:
    columns = (("nom", "A"), ("email", "a@example.org"), ("societe", company), ("objet", subject),
               ("message", message))  # fmt: skip
    assert one(read(table(*columns))).kind == kind


BOXES = {
    "J’accepte que l’agence garde mon profil dans son vivier pendant 12 mois": "POOL",
    "I agree that the agency keeps my profile in its talent pool": "POOL",
    "J’accepte d’être recontacté pour d’autres offres": "POOL",
    "I agree to be contacted about future opportunities": "POOL",
    "J’autorise la conservation de mes données pour de futurs postes": "POOL",
    "J’accepte la politique de confidentialité.": "APPLICATION",
    "J’accepte que mes données soient traitées pour étudier ma candidature": "APPLICATION",
    "J’accepte que mon CV soit conservé le temps de l’étude de ma candidature": "APPLICATION",
    "I have read the privacy notice": "APPLICATION",
    "Je souhaite recevoir la newsletter": "NEWS",
    "Je ne souhaite pas que mon profil soit gardé dans le vivier": "",
    "I do not want to be contacted about other jobs": "",
}


@pytest.mark.parametrize(("words", "purpose"), BOXES.items(), ids=BOXES)
def test_a_box_proves_what_its_words_say(words, purpose, tmp_path) -> None:
    plugins = InProcess(box_targeted_fr=words, notice_version="site-3")
    path = tmp_path / "x.csv"
    path.write_bytes(table(("nom", "A"), ("email", "a@example.org"), ("reference-offre", "R"),
                           ("message", "x"), ("rgpd", "1")))  # fmt: skip
    item = one(plugins.read(path))
    if not purpose:
        assert item.consents == ()
        assert "form_box_refuses" in item.warnings
        return
    (box,) = item.consents
    assert (box.purpose, box.label, box.answer) == (purpose, words, "1")
    assert (box.form, box.notice_version) == ("targeted-fr", "site-3")
    assert box.given_at is not None
    assert box.given_at.isoformat() == DATE


def test_without_its_words_a_box_is_no_pool_consent(read) -> None:
    columns = (
        ("nom", "A"),
        ("email", "a@example.org"),
        ("cv", ""),
        ("position", "P"),
        ("message", "x"),
    )
    (box,) = one(read(table(*columns, ("rgpd", "1")))).consents
    assert (box.purpose, box.label) == ("APPLICATION", "rgpd")


@pytest.mark.parametrize(
    "answer",
    [
        "",
        "0",
        "non",
        "No",
        "Not consented: I agree to the talent pool",
        "Non consenti : vivier",
        "off",
        "Refusé",
    ],
)
def test_an_empty_box_is_no_consent(answer, read) -> None:
    columns = (("nom", "A"), ("email", "a@example.org"), ("message", "x"), ("vivier", answer))
    assert one(read(table(*columns))).consents == ()


def test_two_boxes_of_one_form_are_told_apart(tmp_path) -> None:
    plugins = InProcess(
        box_contact_fr="rgpd = J’accepte la politique | vivier = Gardez mon profil au vivier"
    )
    path = tmp_path / "x.csv"
    path.write_bytes(table(("nom", "A"), ("email", "a@example.org"), ("objet", "Candidat"),
                           ("message", "x"), ("rgpd", "1"), ("vivier", "1")))  # fmt: skip
    assert [(c.purpose, c.label) for c in one(plugins.read(path)).consents] == [
        ("CONTACT", "J’accepte la politique"),
        ("POOL", "Gardez mon profil au vivier"),
    ]


def test_a_whole_sentence_as_the_columns_name_is_the_boxs_words(read) -> None:
    sentence = "J’accepte que l’agence conserve mon CV dans son vivier"
    columns = (("nom", "A"), ("email", "a@example.org"), ("message", "x"), (sentence, "Oui"))
    (box,) = one(read(table(*columns))).consents
    assert (box.purpose, box.label, box.answer) == ("POOL", sentence, "Oui")


@pytest.mark.parametrize(
    ("written", "order", "iso"),
    [
        ("01/03/2024", "dmy", "2024-03-01"),
        ("01/03/2024", "mdy", "2024-01-03"),
        ("13/03/2024", "mdy", "2024-03-13"),
        ("03/13/2024", "dmy", "2024-03-13"),
        ("01/03/2024 10:15", "dmy", "2024-03-01"),
        ("03-01-2024 1:05 pm", "mdy", "2024-03-01"),
        ("2024-03-01 09:15:00", "dmy", "2024-03-01"),
    ],
)
def test_dates_in_figures(written, order, iso, tmp_path) -> None:
    plugins = InProcess(date_order=order)
    path = tmp_path / "nf.csv"
    path.write_text(
        f'"#","Date Submitted","Nom","E-mail","Message"\n"1","{written}","A","a@example.org","x"\n',
        encoding="utf-8",
    )
    item = one(plugins.read(path))
    assert item.received_at is not None
    assert item.received_at.date().isoformat() == iso


def test_a_day_only_export_meets_the_mail_of_that_day(read, plugins) -> None:
    text = "Nom : A\nE-mail : a@example.org\nMessage :\nBonjour à vous\n"
    _, mail = plugins.take(site_mail(text))
    rows = '"#","Date Submitted","Nom","E-mail","Message"\n"1","{}","A","a@example.org","Bonjour à vous"\n'
    assert isinstance(mail, ItemPayload)
    same = one(read(rows.format("20/11/2026").encode()))
    other = one(read(rows.format("21/11/2026").encode()))
    assert set(mail.join_keys) & set(same.join_keys)
    assert not set(mail.join_keys) & set(other.join_keys)


def test_what_the_form_plugin_adds_is_left_out_by_name_and_no_address_is_kept(read) -> None:
    text = (
        '"Nom","E-mail","Message","Entry Id","Entry Date","Source Url","User Agent","User IP"\n'
        '"A","a@example.org","x","7","2024-03-01 09:15:00","https://example.org/en/contact/","Agent/5.0","192.0.2.10"\n'
    )
    item = one(read(text.encode(), "entries.csv"))
    assert item.left_out == ("User Agent", "User IP")
    assert "192.0.2.10" not in item.model_dump_json()
    assert item.form == "contact-en"


def test_a_file_left_on_the_site_is_given_by_its_address(read) -> None:
    address = "https://example.org/wp-content/uploads/gravity_forms/3/cv.pdf"
    columns = (
        ("nom", "A"),
        ("email", "a@example.org"),
        ("message", "x"),
        ("cv", f"{address} | {address}2"),
    )
    item = one(read(table(*columns)))
    assert address in item.evidence
    assert f"{address}2" in item.evidence
    assert "form_file_address" in item.warnings
    assert item.expects_files == ()


def test_an_empty_upload_is_no_file(read) -> None:
    empty = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
    columns = (("nom", "A"), ("email", "a@example.org"), ("message", "x"), ("cv", empty))
    item = one(read(table(*columns)))
    assert item.expects_files == ()
    assert not [key for key in item.join_keys if key.startswith("file:")]


def test_settings_that_name_no_field_are_told(plugins) -> None:
    made = InProcess(labels="Quel métier ? = position; Votre signe = astrology")
    (health,) = [p.check() for name, p in made.plugins._made.items() if name == "website_forms"]
    assert (health.ok, health.say) == (False, "website_forms_labels")
