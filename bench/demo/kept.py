"""The hundred and fifty dossiers: how each came, what was agreed, what happened since."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from bench.demo.documents import cv_docx, cv_odt, cv_rtf, cv_text
from bench.demo.layouts import KINDS, cv_pdf
from bench.demo.people import Crowd, Cv, Lang, ascii_fold, words

FRENCH, ENGLISH = 120, 30
WITH_BIRTH = (19, 76)
"""Two CVs here (and one to triage) state a birth date, to show that it is left out."""

KNOWN = {"same_email": 11, "same_phone": 42, "same_name": 87, "english": 131}
"""People of whom a second CV lies in the inbox, by their place in the list (from 0)."""

_FORMATS = (
    "pdf",
    "pdf",
    "docx",
    "pdf",
    "pdf",
    "txt",
    "pdf",
    "docx",
    "pdf",
    "odt",
    "pdf",
    "docx",
    "pdf",
    "rtf",
    "pdf",
)

NOTES = (
    "Parcours solide en {label}, explique bien ce qu’il reste à apprendre.",
    "Cherche un temps plein à {town}, accepterait quarante minutes de trajet.",
    "Préavis d’un mois, négociable.",
    "Disponible dès la fin du contrat en cours.",
    "Souhaite un poste avec une part de terrain.",
    "Références à demander après l’entretien avec le client.",
    "Bon niveau d’anglais au téléphone.",
    "A déjà travaillé avec nous il y a deux ans, retour du client très favorable.",
    "Préfère être joint(e) par message avant midi.",
)
CALLS = (
    (
        "Premier échange de quinze minutes, projet clair.",
        "intéressé(e)",
        "Envoyer le descriptif du poste",
    ),
    ("Message laissé sur le répondeur.", "pas de réponse", "Rappeler en fin de journée"),
    (
        "Point avant l’entretien chez le client, dernières questions.",
        "prêt(e)",
        "Débrief après l’entretien",
    ),
    ("Retour de l’entretien : bon contact, attend une décision.", "positif", "Appeler le client"),
    ("Ne souhaite pas changer avant le printemps.", "plus tard", "Reprendre contact"),
)
TASKS = (
    "Rappeler",
    "Demander un CV à jour",
    "Préparer la présentation au client",
    "Vérifier la disponibilité",
    "Proposer deux créneaux d’entretien",
    "Envoyer le descriptif du poste",
)
OFFLINE_TAGS = ("salon de l’emploi", "forum des métiers", "cooptation")
YES = {
    "fr": "Oui, vous pouvez garder mon CV pendant douze mois.",
    "en": "Yes, you may keep my CV for twelve months.",
}


@dataclass(frozen=True)
class Kept:
    """One dossier to be: its CV as a file, and its line of ``kept.jsonl``."""

    cv: Cv
    file: str
    data: bytes
    line: dict[str, Any] = field(hash=False)


def kept_dossiers(crowd: Crowd, agency: dict[str, Any]) -> list[Kept]:
    """All of them, in order; the same seed gives the same bytes."""
    out = []
    for place in range(FRENCH + ENGLISH):
        lang: Lang = "fr" if place < FRENCH else "en"
        trades = list(words(lang)["trade"])
        cv = crowd.cv(crowd.person(lang), trades[place % len(trades)])
        if place in WITH_BIRTH:
            day, year = crowd.random.randint(1, 28), crowd.random.randint(1970, 1992)
            cv = Cv(
                **{**cv.__dict__, "birth": f"{day:02d}/{crowd.random.randint(1, 12):02d}/{year}"}
            )
        out.append(_kept(crowd, agency, cv, place))
    return out


def _kept(crowd: Crowd, agency: dict[str, Any], cv: Cv, place: int) -> Kept:
    form = _FORMATS[place % len(_FORMATS)]
    person = cv.person
    name = (
        f"{place + 1:03d}_{ascii_fold(person.family_name)}_{ascii_fold(person.given_name)}.{form}"
    )
    line: dict[str, Any] = {"id": f"K{place + 1:03d}", "file": f"kept/{name}", "lang": person.lang}
    line |= _arrival(crowd, agency, cv, place)
    line |= {
        "fields": {
            "given_name": person.given_name,
            "family_name": person.family_name,
            "email": person.email,
            "phone": f"+33{person.phone[1:]}",
            "town": person.town,
        },
        "headline": cv.title,
    }
    return Kept(cv, f"kept/{name}", document(cv, form, place), line | _after(crowd, cv, line))


def document(cv: Cv, form: str, number: int) -> bytes:
    """The CV in a file format; the layout of a PDF and the colours follow ``number``."""
    if form == "pdf":
        return cv_pdf(cv, KINDS[number % len(KINDS)], number)
    if form == "txt":
        return cv_text(cv, number).encode("utf-8" if number % 2 else "cp1252")
    return {"docx": cv_docx, "odt": cv_odt, "rtf": cv_rtf}[form](cv, number)


def _arrival(crowd: Crowd, agency: dict[str, Any], cv: Cv, place: int) -> dict[str, Any]:
    """Source, mission and consent: every way the house knows, most through the site."""
    rnd, lang = crowd.random, cv.person.lang
    missions = [
        m
        for m in agency["missions"]
        if m["trade"] == cv.trade and (lang == "fr" or m["lang"] == "en")
    ]
    if lang == "fr":
        missions = [m for m in missions if m["lang"] == "fr"]
    share = place % 20
    if share < 3:
        return _from_folder(crowd, place)
    if missions and share < 15:
        return _for_mission(crowd, agency, cv, missions[0])
    return _spontaneous(
        crowd, agency, cv, "mail" if share in (3, 4, 5) else "form", rnd.randint(6, 330), place
    )


def _from_folder(crowd: Crowd, place: int) -> dict[str, Any]:
    """From the old shelf (unknown consent) or a fair (sourced): to be asked within a month."""
    rnd = crowd.random
    ground = "sourced" if place % 20 == 0 else "unknown"
    days = rnd.randint(3, 18)
    last = days if ground == "sourced" else rnd.randint(60, 560)
    return {
        "source": "folder",
        "form": "",
        "received_days_ago": days,
        "last_contact_days_ago": last,
        "kept_days_ago": days,
        "mission": "",
        "position": "",
        "message": "",
        "ground": ground,
        "consents": [],
        "tags": [rnd.choice(OFFLINE_TAGS)] if ground == "sourced" else [],
    }


def _for_mission(
    crowd: Crowd, agency: dict[str, Any], cv: Cv, mission: dict[str, Any]
) -> dict[str, Any]:
    rnd, lang = crowd.random, cv.person.lang
    days = rnd.randint(2, max(3, mission["opened_days_ago"] - 1))
    boxed = mission["status"] == "closed" or rnd.random() < 0.7
    given = agency["agency"][f"box_{lang}"]
    form = "targeted-fr" if lang == "fr" else "spontaneous-en"
    return {
        "source": "form",
        "form": form,
        "received_days_ago": days,
        "last_contact_days_ago": days,
        "kept_days_ago": max(0, days - rnd.randint(0, 4)),
        "mission": mission["reference"],
        "position": mission["title"],
        "message": _motivation(lang, mission["title"]),
        "ground": "consent" if boxed else "application",
        "consents": [_box(agency, form, given, days)] if boxed else [],
        "tags": [],
    }


def _spontaneous(
    crowd: Crowd, agency: dict[str, Any], cv: Cv, source: str, days: int, place: int
) -> dict[str, Any]:
    rnd, lang = crowd.random, cv.person.lang
    if place % 20 == 16 and source == "form":
        days = rnd.randint(367, 385)  # the thirteenth month: to be asked again
    form = "" if source == "mail" else ("spontaneous-fr" if lang == "fr" else "spontaneous-en")
    refused = place % 20 == 5 and source == "mail"  # kept for no mission: the request is prepared
    if refused:
        days = rnd.randint(4, 20)
    kept = max(0, days - rnd.randint(0, 5))
    consents = (
        []
        if refused
        else [
            _box(
                agency,
                form,
                agency["agency"][f"box_{lang}"] if form else YES[lang],
                days if form else kept,
            )
        ]
    )
    return {
        "source": source,
        "form": form,
        "received_days_ago": days,
        "last_contact_days_ago": days,
        "kept_days_ago": kept,
        "mission": "",
        "position": cv.title,
        "message": _motivation(lang, cv.title),
        "ground": "application" if refused else "consent",
        "consents": consents,
        "tags": [],
    }


def _box(agency: dict[str, Any], form: str, label: str, days: int) -> dict[str, Any]:
    return {
        "purpose": "POOL",
        "label": label,
        "answer": "1" if form else label,
        "form": form,
        "channel": "web_form" if form else "e_mail",
        "notice_version": agency["agency"]["notice_version"],
        "given_days_ago": days,
    }


def _motivation(lang: str, title: str) -> str:
    if lang == "en":
        return f"Hello,\n\nPlease find my CV for a position as {title}. I would be glad to talk.\n\nKind regards"
    return f"Bonjour,\n\nVous trouverez mon CV pour un poste de {title}. Je suis à votre disposition pour en parler.\n\nCordialement"


def _after(crowd: Crowd, cv: Cv, line: dict[str, Any]) -> dict[str, Any]:
    """Tags, notes, calls and tasks since the dossier was kept; days before or after today."""
    rnd, kept = crowd.random, line["kept_days_ago"]
    tags = [
        *line["tags"],
        cv.label,
        *rnd.sample(("disponible", "mobile", "encadrement", "bilingue"), rnd.randint(0, 1)),
    ]
    activities: list[dict[str, Any]] = []
    for _ in range(rnd.choice((0, 1, 1, 2, 3))):
        day = rnd.randint(0, min(kept, 90))
        if rnd.random() < 0.45:
            text, outcome, step = rnd.choice(CALLS)
            activities.append(
                {
                    "kind": "call",
                    "days_ago": day,
                    "text": text,
                    "outcome": outcome,
                    "next_step": step,
                }
            )
        else:
            note = rnd.choice(NOTES).format(label=cv.label, town=cv.person.town)
            activities.append({"kind": "note", "days_ago": day, "text": note})
    activities.sort(key=lambda entry: -entry["days_ago"])
    tasks = []
    if rnd.random() < 0.3:
        tasks.append(
            {
                "text": rnd.choice(TASKS),
                "due_in_days": rnd.choice((-3, -1, 0, 0, 1, 2, 4, 7, 12)),
                "done": False,
            }
        )
    if rnd.random() < 0.15:
        tasks.append({"text": rnd.choice(TASKS), "due_in_days": -rnd.randint(2, 30), "done": True})
    return {"tags": tags, "activities": activities, "tasks": tasks}
