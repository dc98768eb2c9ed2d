"""Mails that people wrote themselves, a mailbox, a forward, the site's export and an auto-reply."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

from bench.demo import inbox_forms as forms
from bench.demo import mails
from bench.demo.inbox import (
    PASSWORD,
    WHY_FR,
    Inbox,
    contact_mails,
    cv_file,
    fresh,
    mail_path,
    second_cv,
    spontaneous_mails,
    targeted_mails,
)
from bench.demo.kept import Kept
from bench.demo.layouts import cv_pdf
from bench.demo.mails import Letter
from bench.demo.people import Crowd, Cv, Person, ascii_fold, spoken_phone


def _address(person: Person) -> str:
    return f'"{person.given_name} {person.family_name}" <{person.email}>'


def personal_mails(box: Inbox) -> None:
    """Four mails people wrote themselves: one CV asks for a password."""
    known, whose = second_cv(box, "same_phone")
    other = f"{ascii_fold(known.person.family_name)}.pro@example.net"
    known = replace(known, person=replace(known.person, email=other))
    plan = (
        (fresh(box, "fr", "sales"), "pdf", 2, "", ""),
        (known, "pdf", 6, whose, "second CV of a known person, same phone, other e-mail"),
        (fresh(box, "fr", "buying"), "locked", 3, "", "the CV asks for a password"),
        (fresh(box, "fr", "driving"), "odt", 9, "", ""),
    )
    for number, (cv, form, days, known_id, about) in enumerate(plan, start=40):
        file = cv_file(cv, "pdf" if form == "locked" else form, number)
        if form == "locked":
            file = replace(file, data=cv_pdf(cv, "classic", number, encrypt=PASSWORD))
        text = f"{WHY_FR[1 + number % 2]}\n\n{cv.person.given_name} {cv.person.family_name}\n{spoken_phone(cv.person, number)}\n"
        letter = Letter(
            _address(cv.person),
            box.site.inbox,
            f"Candidature {cv.title}",
            box.sent(days),
            text,
            (file,),
            html=number % 2 == 0,
        )
        path = mail_path(len(box.lines) + 1, "mail", cv.person)
        box.add(path, mails.written(letter))
        box.note(path, "mail", cv.person, days, known=known_id, about=about, files=(file,))


def mailbox(box: Inbox, twice: Cv) -> None:
    """An mbox of four: somebody under a second e-mail, one who sent no CV, an English one."""
    again = replace(
        twice,
        person=replace(
            twice.person, email=f"{ascii_fold(twice.person.given_name)}.perso@courriel.example.org"
        ),
    )
    plan = (
        (again, "pdf", 4, "same person and phone as another item, other e-mail"),
        (fresh(box, "fr", "picking"), "docx", 7, ""),
        (fresh(box, "fr", "shop"), "", 5, "no CV"),
        (fresh(box, "en", "software"), "pdf", 3, ""),
    )
    messages = []
    for number, (cv, form, days, about) in enumerate(plan, start=60):
        files = (cv_file(cv, form, number),) if form else ()
        text = (
            WHY_FR[1 + number % 2]
            if cv.person.lang == "fr"
            else "Hello,\n\nPlease find my CV.\n\nKind regards"
        )
        if not files:
            text = f"Bonjour,\n\nFrom scratch ou presque : je cherche un poste de {cv.title} à {cv.person.town}, CV sur demande.\n\nMerci"
        text += f"\n\n{cv.person.given_name} {cv.person.family_name}\n{spoken_phone(cv.person, number)}\n"
        sent = box.sent(days)
        letter = Letter(
            _address(cv.person), box.site.inbox, f"Candidature : {cv.title}", sent, text, files
        )
        messages.append((cv.person.email, sent, mails.written(letter)))
        box.note("candidatures.mbox", "mbox", cv.person, days, about=about, files=files)
    box.add("candidatures.mbox", mails.mailbox(messages))


def forwarded(box: Inbox) -> None:
    """A colleague hands on a CV that came to his own address: the applicant is the sender below."""
    cv, colleague = fresh(box, "fr", "nursing"), box.agency["users"][1]
    file, sent = cv_file(cv, "pdf", 71), box.sent(1)
    text = (
        "Pour le poste de la clinique, je crois.\n\nSofiane\n\n-----Message d'origine-----\n"
        f"De : {cv.person.given_name} {cv.person.family_name} <{cv.person.email}>\n"
        f"Envoyé : {sent - timedelta(hours=3):%d/%m/%Y %H:%M}\nÀ : {colleague['name']} <{colleague['email']}>\n"
        f"Objet : Candidature {cv.title}\n\n{WHY_FR[0]}\n\n"
        f"{cv.person.given_name} {cv.person.family_name}\n{spoken_phone(cv.person, 0)}\n"
    )
    sender = f'"{colleague["name"]}" <{colleague["email"]}>'
    letter = Letter(sender, box.site.inbox, f"TR : Candidature {cv.title}", sent, text, (file,))
    path = mail_path(len(box.lines) + 1, "transfert", cv.person)
    box.add(path, mails.written(letter, box.site.domain))
    box.note(path, "forward", cv.person, 1, about="forwarded by a colleague", files=(file,))


def export_and_reply(box: Inbox) -> None:
    """The site's export with one row whose mail never came, and an auto-reply, which is no item."""
    cv, mission = fresh(box, "fr", "payroll"), box.mission("REF-2222")
    file = cv_file(cv, "pdf", 80)
    ask = {
        "reference": "REF-2222",
        "title": mission["title"],
        "message": WHY_FR[1],
        "box": box.box("fr", True),
    }
    lost = forms.targeted(box.site, cv.person, box.sent(2), ask, (file,), 2)
    rows = sorted(
        [*box.rows, forms.csv_row(cv.person, lost, ask, 2)], key=lambda row: row[-1], reverse=True
    )
    day = box.agency["agency"]["written_on"]
    path = f"varangue-flamingo-inbound-candidature-a-une-offre-{day}.csv"
    box.add(path, mails.flamingo_csv(forms.CSV_HEADER, rows))
    box.note(
        path,
        "csv",
        cv.person,
        2,
        form="targeted-fr",
        reference="REF-2222",
        position=mission["title"],
        consent=True,
        about="row without its mail: the CV is missing",
    )
    person = box.crowd.person("fr")
    away = Letter(
        _address(person),
        box.site.inbox,
        "Réponse automatique : Votre candidature",
        box.sent(1),
        "Bonjour,\n\nJe suis absent(e) jusqu’à lundi et vous répondrai à mon retour.\n",
        headers=(("Auto-Submitted", "auto-replied"), ("X-Auto-Response-Suppress", "All")),
    )
    path = mail_path(len(box.lines) + 1, "absence", person)
    box.add(path, mails.written(away))
    box.note(path, "auto_reply", person, 1, set_aside=True, about="auto-reply: no item to triage")


def build_inbox(crowd: Crowd, agency: dict[str, Any], kept: list[Kept]) -> Inbox:
    """Everything that waits in ``resources/demo/inbox``."""
    box = Inbox(crowd, agency, kept)
    targeted_mails(box)
    twice = spontaneous_mails(box)
    contact_mails(box)
    personal_mails(box)
    mailbox(box, twice)
    forwarded(box)
    export_and_reply(box)
    return box
