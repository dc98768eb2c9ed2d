"""What a message's words give away: a job reference, a telephone, a file's role, its language."""

from __future__ import annotations

import re
from typing import Literal

Role = Literal["cv", "letter", "other", ""]
_LOOK = 50_000
_CODE = re.compile(r"\b[A-Z]{2,6}-\d{4}-\d{2,6}\b", re.IGNORECASE)
_NAMED = re.compile(
    r"\b(?:r[ée]f(?:[ée]rences?|s)?|job\s?ref(?:erence)?)\b[ \t]{0,2}\.?"
    r"(?:[ \t]{0,2}(?:de[ \t])?(?:l['’][ \t]?)?(?:annonce|offre|poste|offer|job))?"
    r"[ \t\u00a0\u202f]{0,3}(?:[:#=]|n[°ᵒo])?[ \t\u00a0]{0,3}"
    r"([A-Z0-9][A-Z0-9/_-]{2,30})",
    re.IGNORECASE,
)
_PHONE = re.compile(
    r"(?<![\d+])(?:\+33|0033)[ .]?(?:\(0\)[ .]?)?[1-9](?:[ .-]?\d{2}){4}(?!\d)"
    r"|(?<![\d+./-])0[1-9](?:[ .-]?\d{2}){4}(?!\d)"
)
_CV = re.compile(r"(?<![a-z])(c\.?v|curriculum|resume|résumé|lebenslauf)(?![a-z])")
_LETTER = re.compile(r"(?<![a-z])(lettre|lm|ldm|motivations?|cover|letter|anschreiben)(?![a-z])")
_PROGRAM = re.compile(r"\.(exe|scr|com|bat|cmd|pif|jse?|vb[se]|ws[fh]|hta|ms[ip]|ps1|jar|lnk)$")
_FRENCH = re.compile(
    r"\b(bonjour|madame|monsieur|vous|votre|candidature|je|nous|cordialement|une)\b"
)
_ENGLISH = re.compile(r"\b(dear|hello|regards|application|your|please|the|and|sincerely|job)\b")


_RIGHTS = re.compile(
    r"\b(effac|supprim|suppression|rectifi)\w* .{0,60}\bmes (\w+ )?(donn[ée]es|informations|coordonn[ée]es)"
    r"|\b(effac|supprim|suppression)\w* .{0,40}\b(mon|mes) (cv|profil|dossier|compte|candidature)\b"
    r"|\bdroit (d['’]acc[èe]s|[àa] l['’](oubli|effacement)|d['’]opposition|de rectification|[àa] la portabilit[ée])"
    r"|\barticles? (15|16|17|18|20|21) (du |of (the )?)?(rgpd|gdpr|r[èe]glement)"
    r"|\b(delete|erase|remove) .{0,40}\bmy (personal )?(data|details|information|profile|cv|resume|account)\b"
    r"|\bright (to erasure|to be forgotten|of access|to object)\b|\bsubject access request\b",
    re.IGNORECASE,
)
_ANSWER = re.compile(r"^\W{0,5}(oui|non|yes|no)\b", re.IGNORECASE)
_ABOUT_KEEPING = re.compile(
    r"conserv|gard(er|ez|iez)|rester dans|vivier|mon (dossier|profil)|supprim|\bkeep\b|\bdelete|\b12 (mois|months)",
    re.IGNORECASE,
)
_QUOTE = re.compile(
    r"^\s{0,4}(>|-{2,10} ?(message|original)|(le|on) .{5,80}(a écrit|wrote) ?:)", re.IGNORECASE
)


def not_an_application(subject: str, text: str, in_reply_to: str) -> str:
    """Why a message without files is none: somebody exercises a right, or answers our question.

    A key under ``reading.``, empty when it may be an application. Only the writer's own words count,
    never what is quoted below them.
    """
    own = []
    for line in text[:_LOOK].split("\n"):
        if _QUOTE.match(line):
            break
        own.append(line)
    words = " ".join(f"{subject} {' '.join(own)}".split())[:4_000]
    if _RIGHTS.search(words):
        return "mail_rights_request"
    said = (_ANSWER.match(subject) or _ANSWER.match(" ".join(own))) and in_reply_to
    return "mail_consent_answer" if said and _ABOUT_KEEPING.search(words[:500]) else ""


def reference(*texts: str) -> str:
    """The first job reference in the texts, in their order; empty when none is named."""
    for text in texts:
        found = _CODE.search(text[:_LOOK])
        if found:
            return found[0]
        for named in _NAMED.finditer(text[:_LOOK]):
            if any(c.isdigit() for c in named[1]):
                return named[1].rstrip("-/_")
    return ""


def phone(text: str) -> tuple[str, str]:
    """The one French telephone of a text with its line; nothing when there are two (whose?)."""
    found: dict[str, str] = {}
    for match in _PHONE.finditer(text[:_LOOK]):
        digits = re.sub(r"\D", "", match[0].replace("(0)", ""))
        line = text[text.rfind("\n", 0, match.start()) + 1 :].split("\n", 1)[0]
        found.setdefault(digits[-9:], f"{match[0]}\n{line.strip()[:200]}")
    if len(found) != 1:
        return "", ""
    shown, _, line = next(iter(found.values())).partition("\n")
    return shown, line


def role(name: str, media_type: str) -> Role:
    """What a file seems to be, from its name alone; the recruiter may say otherwise."""
    plain = re.sub(r"[_\W]+", " ", name.casefold())
    if _PROGRAM.search(name.casefold()):
        return "other"
    if _LETTER.search(plain):
        return "letter"
    if _CV.search(plain):
        return "cv"
    if media_type.startswith(("image/", "audio/", "video/", "text/calendar", "text/x-vcard")):
        return "other"
    return ""


def language(text: str) -> Literal["fr", "en", ""]:
    """French, English or undecided, by common words."""
    sample = text[:5_000].casefold()
    french, english = len(_FRENCH.findall(sample)), len(_ENGLISH.findall(sample))
    if max(french, english) < 2 or french == english:
        return ""
    return "fr" if french > english else "en"
