"""Which of the five forms a submission came by, in which language, and what its sender wants."""

from __future__ import annotations

import re
from typing import Literal

from .labels import fold
from .site import Site
from .submission import Submission

Lang = Literal["fr", "en", ""]
Kind = Literal["application", "contact", "enquiry"]
_CANDIDATE = re.compile(
    r"\bcandidat|\bcherche un emploi|recherche d emploi|looking for a job|job seeker|\bapplication\b"
    r"|\bapplying\b|\bmon dossier\b|\bmy (cv|resume)\b"
)
_EMPLOYER = re.compile(
    r"\brecrut(eur|euse|ement|er|ons|e)\b|\bemployeur|\bentreprise|\bclient\b|\brecruiter|\bemployer|\bhir(e|ing)\b"
    r"|\brecruitment|\bpartenariat|\bpartenaire|\bpartnership|\bpresse\b|\bpress\b|\bbesoin en\b|\bdevis\b"
    r"|\bopening (an?|our) (office|workshop|site|branch)\b"
)
_WE_HIRE = re.compile(
    r"\bnous (recrutons|recherchons|cherchons|souhaitons recruter|avons besoin|ouvrons|proposons)\b"
    r"|\bwe (are |re )?(plan to |want to |wish to |would like to |need to )?(hir\w+|recruit\w*|looking for)\b"
    r"|\bwe are an? \w+ (firm|company|agency|school)\b"
)
_FRENCH_LABELS = re.compile(
    r"\b(prenom|nom|telephone|societe|poste|annonce|offre|intitule|lettre|courriel|fonction|de|ville"
    r"|motivation|consentement|civilite)\b"
)
_ENGLISH_LABELS = re.compile(
    r"\b(first name|last name|subject|from|phone|message body|languages|company)\b"
)
_FRENCH = re.compile(
    r"\b(bonjour|madame|monsieur|vous|votre|candidature|je|nous|cordialement|recrute\w*|candidat|autre)\b"
)
_ENGLISH = re.compile(
    r"\b(dear|hello|regards|your|please|the|and|we|recruiter|candidate|other|is|in|with)\b"
)
_LOOK = 5_000


def form_of(found: Submission, site: Site) -> tuple[str, Lang]:
    """(one of ``FORMS``, ``contact`` … when only its kind is known, or nothing; language).

    The agency's own names of its forms come first, then the fields that the form has.
    """
    named = site.form_named(found.hint)
    lang = named.rpartition("-")[2] if named else _language(found)
    if not found.whole:
        return "", "fr" if lang == "fr" else "en" if lang == "en" else ""
    if named:
        return named, "fr" if lang == "fr" else "en"
    kind = _shape(found)
    if kind == "targeted":
        # The charter has none in English, though a visitor may write English into the French one.
        lang = "fr"
    return f"{kind}-{lang}", "fr" if lang == "fr" else "en"


def _shape(found: Submission) -> str:
    hint = fold(found.hint, _LOOK)
    if "reference" in found.labels or re.search(r"\b(ciblee|targeted)\b", hint):
        return "targeted"
    if {"position", "cv", "letter"} & set(found.labels) or re.search(r"\bspontan", hint):
        return "spontaneous"
    carries = bool(found.files) and not _EMPLOYER.search(fold(found.get("subject"), 500))
    return "spontaneous" if carries else "contact"


def _language(found: Submission) -> Lang:
    hinted = _hinted(found.hint)
    if hinted:
        return hinted
    # Field names like "your-subject" are English on every site; the form's other words are its own.
    words = (fold(label) for label in found.labels.values())
    labels = " | ".join(word for word in words if not word.startswith("your "))
    text = fold(f"{found.get('subject')} {found.get('message')}", _LOOK)
    french, english = len(_FRENCH.findall(text)), len(_ENGLISH.findall(text))
    own = bool(_FRENCH_LABELS.search(labels)), bool(_ENGLISH_LABELS.search(labels))
    if own[0] != own[1]:
        return "fr" if own[0] else "en"
    return "en" if english > french else "fr"


def _hinted(hint: str) -> Lang:
    """``contact-en.csv``, ``Contact (EN)``, ``/en/contact/``: a language as the site names it."""
    found = {
        "fr" if code in ("fr", "francais", "french") else "en"
        for code in re.findall(
            r"(?:(?<=[-_(/. ])|^)(fr|en|english|anglais|francais|french)(?=$|[)/]|[-_ .]*(?:\d|csv|xml))",
            hint.casefold(),
        )
    } | ({"en"} if re.search(r"\banglais\b", hint.casefold()) else set())
    if len(found) != 1:
        return ""
    return "fr" if found == {"fr"} else "en"


def purpose(found: Submission, form: str) -> Kind:
    """``application`` for an application form; on a contact form what the subject says.

    Recruiter, partnership and press are ``enquiry`` (they become clients, not candidates); whoever
    writes as a candidate, or does not say, is a ``contact``.
    """
    if form.startswith(("spontaneous", "targeted")):
        return "application"
    subject = fold(found.get("subject"), 500)
    if _CANDIDATE.search(subject):
        return "contact"
    if _EMPLOYER.search(subject) or found.get("company"):
        return "enquiry"
    return "enquiry" if _WE_HIRE.search(fold(found.get("message"), _LOOK)) else "contact"
