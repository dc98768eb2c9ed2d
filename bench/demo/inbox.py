"""Thirty items to triage, and one auto-reply, as the files in which they arrive."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field, replace
from datetime import datetime, time, timedelta
from typing import Any

from bench.demo import inbox_forms as forms
from bench.demo import mails
from bench.demo.documents import scan_jpeg
from bench.demo.kept import KNOWN, Kept, document
from bench.demo.layouts import cv_pdf, letter_pdf
from bench.demo.mails import File
from bench.demo.people import Crowd, Cv, Person, ascii_fold, newer

UNKNOWN_REFERENCE = "REF-2299"
PASSWORD = "varangue"
"""Of the one CV that nobody can open without asking."""

MEDIA = {
    "pdf": "application/pdf",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "odt": "application/vnd.oasis.opendocument.text",
    "rtf": "application/rtf",
    "jpg": "image/jpeg",
}

WHY_FR = (
    "Bonjour,\n\nVotre annonce correspond à mon parcours : les tâches décrites sont celles que j’exerce depuis plusieurs années. Je suis disponible pour un échange.\n\nCordialement",
    "Madame, Monsieur,\n\nJe vous adresse ma candidature. Actuellement en poste, je vous remercie de la garder confidentielle.\n\nBien à vous",
    "Bonjour,\nVous trouverez mon CV ci-joint.\nJe peux me libérer en fin de journée pour un appel.\nMerci",
)
LETTER = (
    "Madame, Monsieur,",
    "Le poste que vous proposez réunit ce que je cherche : une équipe stable, des responsabilités réelles et un métier que j’exerce avec plaisir depuis plusieurs années.",
    "Dans mon poste actuel, j’ai appris à tenir les délais sans sacrifier la qualité, à expliquer mes choix et à former les collègues qui arrivent. J’aimerais mettre cette expérience au service de votre client.",
    "Je vous propose de convenir d’un entretien à la date qui vous conviendra, et vous prie d’agréer, Madame, Monsieur, mes salutations distinguées.",
)


@dataclass
class Inbox:
    """What was made so far: files by their path under the folder, one line of truth an item."""

    crowd: Crowd
    agency: dict[str, Any]
    kept: list[Kept]
    files: dict[str, bytes] = field(default_factory=dict)
    lines: list[dict[str, Any]] = field(default_factory=list)
    rows: list[tuple[str, ...]] = field(default_factory=list)

    @property
    def site(self) -> mails.Site:
        return forms.site_of(self.agency)

    def mission(self, reference: str) -> dict[str, Any]:
        return next(m for m in self.agency["missions"] if m["reference"] == reference)

    def sent(self, days: int) -> datetime:
        """A moment of that day, in Paris, to the second."""
        rnd = self.crowd.random
        moment = time(
            rnd.randint(7, 21) if days else 6,
            rnd.randint(0, 59),
            rnd.randint(0, 59),
            tzinfo=mails.PARIS_WINTER,
        )
        return datetime.combine(self.agency["agency"]["written_on"] - timedelta(days=days), moment)

    def box(self, lang: str, ticked: bool) -> str:
        return str(self.agency["agency"][f"box_{lang}"]) if ticked else ""

    def note(self, path: str, kind: str, person: Person, days: int, **more: Any) -> None:
        """One line of ``inbox.jsonl``: what a correct reader finds in ``path``."""
        files = more.pop("files", ())
        line = {
            "n": len(self.lines) + 1,
            "file": f"inbox/{path}",
            "kind": kind,
            "form": "",
            "received_days_ago": days,
            "given_name": person.given_name,
            "family_name": person.family_name,
            "email": person.email,
            "phone": f"+33{person.phone[1:]}",
            "reference": "",
            "position": "",
            "known": "",
            "consent": False,
            "set_aside": False,
            "about": "",
        }
        documents = [
            {"name": f.name, "sha256": hashlib.sha256(f.data).hexdigest(), "bytes": len(f.data)}
            for f in files
        ]
        self.lines.append(line | more | {"documents": documents})

    def add(self, path: str, data: bytes) -> None:
        self.files[path] = data


def cv_file(cv: Cv, form: str, number: int) -> File:
    name = f"CV-{ascii_fold(cv.person.given_name).capitalize()}-{ascii_fold(cv.person.family_name).capitalize()}.{form}"
    if form == "jpg":
        return File(name, scan_jpeg(cv_pdf(cv, "classic", number), number), MEDIA[form])
    return File(name, document(cv, form, number), MEDIA[form])


def mail_path(number: int, kind: str, person: Person) -> str:
    return f"{number:02d}_{kind}_{ascii_fold(person.family_name)}.eml"


def fresh(box: Inbox, lang: Any, trade: str) -> Cv:
    return box.crowd.cv(box.crowd.person(lang), trade)


def second_cv(box: Inbox, key: str) -> tuple[Cv, str]:
    kept = box.kept[KNOWN[key]]
    return newer(kept.cv, box.crowd), str(kept.line["id"])


# reference, format, days, letter, box ticked, in the export too
_TARGETED = (
    ("REF-2214", "pdf", 1, True, True, True),
    ("REF-2214", "pdf", 2, False, True, True),
    ("REF-2215", "docx", 4, False, False, True),
    ("REF-2216", "pdf", 0, True, True, True),
    ("REF-2218", "pdf", 3, False, True, True),
    ("REF-2219", "jpg", 5, False, True, True),
    (UNKNOWN_REFERENCE, "pdf", 2, False, True, False),
    ("REF-2226", "odt", 6, False, False, False),
)


def targeted_mails(box: Inbox) -> None:
    """Eight answers to adverts: one to a mission nobody knows, one to a closed one."""
    for number, (reference, form, days, letter, ticked, exported) in enumerate(_TARGETED):
        known, about = "", ""
        if reference == UNKNOWN_REFERENCE:
            cv, title, about = (
                fresh(box, "fr", "sales"),
                "Commercial sédentaire (F/H)",
                "unknown mission",
            )
        else:
            mission = box.mission(reference)
            title, about = (
                mission["title"],
                "closed mission" if mission["status"] == "closed" else "",
            )
            cv = fresh(box, "fr", mission["trade"])
        if reference == "REF-2218":
            cv, known = second_cv(box, "same_email")
            about = "second CV of a known person, same e-mail"
        files = [cv_file(cv, form, number)]
        if letter:
            files.append(
                File("Lettre-de-motivation.pdf", letter_pdf(cv.person, LETTER), MEDIA["pdf"])
            )
        ask = {
            "reference": reference,
            "title": title,
            "message": WHY_FR[number % 3],
            "box": box.box("fr", ticked),
        }
        mail = forms.targeted(box.site, cv.person, box.sent(days), ask, tuple(files), number)
        path = mail_path(len(box.lines) + 1, "offre", cv.person)
        box.add(path, mails.notification(box.site, mail))
        box.note(
            path,
            "form",
            cv.person,
            days,
            form="targeted-fr",
            reference=reference,
            position=title,
            known=known,
            consent=ticked,
            about=about,
            files=files,
        )
        if exported:
            box.rows.append(forms.csv_row(cv.person, mail, ask, number))


def spontaneous_mails(box: Inbox) -> Cv:
    """Five French and two English spontaneous applications; returns the CV that comes twice."""
    known_name, known = second_cv(box, "same_name")
    stranger = box.crowd.person("fr")
    known_name = replace(
        known_name, person=replace(known_name.person, email=stranger.email, phone=stranger.phone)
    )
    born = replace(fresh(box, "fr", "welding"), birth="14/02/1988")
    twice = fresh(box, "fr", "quality")
    english, known_en = second_cv(box, "english")
    plan = (
        (fresh(box, "fr", "kitchen"), "pdf", 9, "", ""),
        (fresh(box, "fr", "care"), "rtf", 12, "", ""),
        (known_name, "docx", 4, known, "second CV of a known person, same name only"),
        (born, "pdf", 8, "", "CV with a birth date"),
        (twice, "pdf", 5, "", "comes again with another e-mail"),
        (fresh(box, "en", "data"), "pdf", 1, "", ""),
        (english, "docx", 10, known_en, "second CV of a known person, same e-mail"),
    )
    for number, (cv, form, days, whose, about) in enumerate(plan, start=20):
        lang = cv.person.lang
        message = (
            WHY_FR[1 + number % 2]
            if lang == "fr"
            else "Hello,\n\nPlease find my CV attached. I have lived in France for years and work in both languages.\n\nKind regards"
        )
        ask = {"position": cv.title, "message": message, "box": box.box(lang, number != 21)}
        body = forms.spontaneous_fr if lang == "fr" else forms.spontaneous_en
        files = (cv_file(cv, form, number),)
        mail = body(box.site, cv.person, box.sent(days), ask, files, number)
        path = mail_path(
            len(box.lines) + 1, "spontanee" if lang == "fr" else "spontaneous", cv.person
        )
        box.add(path, mails.notification(box.site, mail))
        name = "spontaneous-fr" if lang == "fr" else "spontaneous-en"
        box.note(
            path,
            "form",
            cv.person,
            days,
            form=name,
            position=cv.title,
            known=whose,
            consent=number != 21,
            about=about,
            files=files,
        )
    return twice


def contact_mails(box: Inbox) -> None:
    """Three French and two English messages: a client to be, a partner, candidates."""
    asks: tuple[dict[str, str], ...] = (
        {
            "subject": "Recruteur",
            "company": "Vergers Clairmarais",
            "post": "Directrice des opérations",
            "message": "Bonjour,\n\nNous ouvrons une station de conditionnement et cherchons un responsable de maintenance et deux caristes pour mars.\nPouvez-vous me rappeler ?\n\nBien cordialement",
        },
        {
            "subject": "Candidat",
            "message": "Bonjour,\n\nMon dossier est-il bien arrivé ? Je l’avais envoyé ainsi :\nNom : Personne\nE-mail : autre.adresse@example.net\nTéléphone : 06 39 98 00 00\n\nMerci de votre réponse.",
        },
        {
            "subject": "Autre",
            "company": "Association Passerelle des Métiers",
            "post": "Chargé de projets",
            "message": "Bonjour,\n\nNous organisons un forum de l’emploi au printemps et aimerions vous y accueillir. À qui puis-je envoyer le programme ?",
        },
    )
    for number, (ask, days) in enumerate(zip(asks, (1, 3, 7), strict=True)):
        person = box.crowd.person("fr")
        path = mail_path(len(box.lines) + 1, "contact", person)
        box.add(
            path,
            mails.notification(
                box.site, forms.contact_fr(box.site, person, box.sent(days), ask, number)
            ),
        )
        box.note(
            path,
            "form",
            person,
            days,
            form="contact-fr",
            about="field lines typed in the message" if number == 1 else "",
        )
    english = (
        (
            "Opening a workshop near Annecy",
            "Hello,\n\nWe plan to hire three process engineers from April.\nCould we set up a call next week?\n\nBest regards",
        ),
        (
            "Is the export position still open?",
            "Hello,\n\nI saw REF-2223 on your site. Is it still open? I can send my CV.\n\nThank you",
        ),
    )
    for (subject, message), days in zip(english, (2, 0), strict=True):
        person = box.crowd.person("en")
        path = mail_path(len(box.lines) + 1, "contact-en", person)
        mail = forms.contact_en(
            box.site, person, box.sent(days), {"subject": subject, "message": message}
        )
        box.add(path, mails.notification(box.site, mail))
        box.note(path, "form", replace(person, phone="0"), days, form="contact-en", phone="")
