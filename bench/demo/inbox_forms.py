"""The bodies of the site's five forms, as the webmaster of the demonstration set them up."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from bench.demo.mails import File, FormMail, Site, table_html
from bench.demo.people import Person, spoken_phone


def _name(person: Person) -> str:
    return f"{person.given_name} {person.family_name}"


def _files(files: Sequence[File], labels: Sequence[str]) -> list[str]:
    return [f"{label} : {file.name}" for label, file in zip(labels, files, strict=False)]


def targeted(
    site: Site,
    person: Person,
    sent: datetime,
    ask: Mapping[str, str],
    files: tuple[File, ...],
    number: int,
) -> FormMail:
    """« Postuler à une offre » : ``ask`` has reference, title, message and box."""
    lines = [
        f"Référence de l’offre : {ask['reference']}",
        f"Intitulé : {ask['title']}",
        "",
        f"Nom : {person.family_name}",
        f"Prénom : {person.given_name}",
        f"E-mail : {person.email}",
        f"Téléphone : {spoken_phone(person, number)}",
        *_files(files, ("CV", "Lettre")),
        f"Consentement : {ask['box']}",
        "",
        "Motivation :",
        ask["message"],
        "",
        "-- ",
        f"{site.name} - Postuler à une offre",
    ]
    subject = f"Candidature {ask['reference']} - {ask['title']} - {_name(person)}"
    return FormMail(subject, f"{person.email}", sent, "\n".join(lines) + "\n", files=files)


def spontaneous_fr(
    site: Site,
    person: Person,
    sent: datetime,
    ask: Mapping[str, str],
    files: tuple[File, ...],
    number: int,
) -> FormMail:
    """« Candidature spontanée » : ``ask`` has position, message and box."""
    lines = [
        "Nouvelle candidature spontanée",
        "",
        f"Nom : {person.family_name}",
        f"Prénom : {person.given_name}",
        f"E-mail : {person.email}",
        f"Téléphone : {spoken_phone(person, number)}",
        f"Poste recherché : {ask['position']}",
        "Contrat : CDI",
        *_files(files, ("CV",)),
        f"Consentement : {ask['box']}",
        "",
        "Message :",
        ask["message"],
        "",
        "-- ",
        f"Envoyé depuis {site.site}/candidature-spontanee/",
    ]
    subject = f"{site.name} Candidature spontanée : {_name(person)}"
    return FormMail(subject, person.email, sent, "\n".join(lines) + "\n", files=files)


def spontaneous_en(
    site: Site,
    person: Person,
    sent: datetime,
    ask: Mapping[str, str],
    files: tuple[File, ...],
    number: int,
) -> FormMail:
    """« Spontaneous application »: sent as a table, with a plain twin made of it."""
    rows = [
        ("First name", person.given_name),
        ("Last name", person.family_name),
        ("Email", person.email),
        ("Phone", spoken_phone(person, number)),
        ("Position", ask["position"]),
        ("Languages", "English, French"),
        ("CV", files[0].name if files else ""),
        ("Consent", ask["box"]),
    ]
    cells = "\n".join(
        f"\t\n\t\t\n\t\t\t{label}\n\t\t\t\n\t\t\n\t\t\n\t\t\t{value}\n\t\t\t\n\t\t\n\t"
        for label, value in rows
    )
    text = f"Spontaneous application\n\n\n{cells}\n\n{ask['message']}\n\nSent from {site.site}/en/spontaneous-application/\n"
    subject = f"Spontaneous application: {_name(person)}"
    html = table_html(subject, rows, ask["message"])
    return FormMail(subject, person.email, sent, text, html, files)


def contact_fr(
    site: Site, person: Person, sent: datetime, ask: Mapping[str, str], number: int
) -> FormMail:
    """« Contact » : the subject is one of Candidat, Recruteur, Autre; company and post optional."""
    lines = [
        f"De : {_name(person)} <{person.email}>",
        f"Société : {ask.get('company', '')}",
        f"Fonction : {ask.get('post', '')}",
        f"Téléphone : {spoken_phone(person, number)}",
        f"Objet : {ask['subject']}",
        "",
        "Message :",
        ask["message"],
        "",
        "-- ",
        f"Cet e-mail a été envoyé via le formulaire de contact de {site.name} ({site.site})",
    ]
    subject = f"{site.name} Contact : {ask['subject']}"
    return FormMail(subject, person.email, sent, "\n".join(lines) + "\n")


def contact_en(site: Site, person: Person, sent: datetime, ask: Mapping[str, str]) -> FormMail:
    """« Contact » in English: the plugin's own default body."""
    lines = [
        f"From: {_name(person)} <{person.email}>",
        f"Subject: {ask['subject']}",
        "",
        "Message Body:",
        ask["message"],
        "",
        "-- ",
        f"This e-mail was sent from a contact form on {site.name} ({site.site})",
    ]
    subject = f'{site.name} "{ask["subject"]}"'
    return FormMail(subject, person.email, sent, "\n".join(lines) + "\n")


CSV_HEADER = (
    "reference-offre",
    "intitule-offre",
    "nom",
    "prenom",
    "email",
    "telephone",
    "message",
    "rgpd",
    "cv",
    "lettre",
    "Date",
)


def csv_row(person: Person, mail: FormMail, ask: Mapping[str, str], number: int) -> tuple[str, ...]:
    """The same submission as the site's export shows it: hashes for files, one ISO date."""
    hashes = [file.md5 for file in mail.files] + ["", ""]
    return (
        ask["reference"],
        ask["title"],
        person.family_name,
        person.given_name,
        person.email,
        spoken_phone(person, number),
        ask["message"],
        "1" if ask["box"] else "",
        hashes[0],
        hashes[1],
        mail.sent.isoformat(timespec="seconds"),
    )


def site_of(agency: Mapping[str, Any]) -> Site:
    """The site's names and addresses from ``agency.toml``."""
    house = agency["agency"]
    return Site(
        house["name"], house["domain"], house["site"], house["site_address"], house["inbox_address"]
    )
