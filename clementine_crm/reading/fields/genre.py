"""Is this the CV of somebody? An invoice, an advert or a letter proposes nothing."""

from __future__ import annotations

import re

from clementine_crm.reading.fields.dates import has_period
from clementine_crm.reading.fields.lines import Line

_BODY = ("experience", "education", "skills", "languages", "interests")
_TITLE = re.compile(r"\b(?:curriculum(?: vitae)?|c\.?v\.?|resume)\b")
_TITLE_LINES = 12

# Each family counts once. A CV may use a few of these words, hardly four families of them.
_INVOICE = tuple(
    re.compile(pattern)
    for pattern in (
        r"\b(?:facture|invoice|devis|quotation|avoir|bon de commande|purchase order|bon de livraison)\b ?(?:n|no|#|:|num)",
        r"\b(?:total (?:ttc|ht|due)|montant (?:ttc|ht|du)|net a payer|amount due|sous-total|subtotal|grand total)\b",
        r"\b(?:tva (?:\d|intra)|n° ?tva|vat (?:number|no|id|\d)|numero de tva)",
        r"\b(?:iban|bic|rib|swift)\b",
        r"\b(?:echeance|date d'echeance|due date|payment terms|conditions de reglement|penalites de retard)\b",
        r"\b(?:siret|siren|rcs|capital de|company number)\b",
        r"\b(?:quantite|qte|prix unitaire|unit price|p\.u\.|designation)\b",
    )
)
_ADVERT = tuple(
    re.compile(pattern)
    for pattern in (
        r"\b(?:nous (?:recherchons|recrutons|offrons|proposons)|notre client|we are (?:looking|hiring|seeking)|we offer|our client)\b",
        r"\b(?:votre profil|profil recherche|your profile|about you|who you are|the ideal candidate|candidat ideal)\b",
        r"\b(?:vous (?:etes|avez|justifiez|maitrisez|serez|aurez|disposez|assurez|participez)|you (?:will|have|are|bring))\b",
        r"(?:\(?\b[hf] ?/ ?[fh]\b\)?|\bm/f\b|\(m/w/d\))",
        r"\b(?:poste a pourvoir|offre d'emploi|job (?:offer|description|advert)|intitule du poste|type de contrat|contract type)\b",
        r"\b(?:(?:envoyez|adressez|transmettez|merci d'adresser|postulez)\b.{0,40}\b(?:cv|candidature)|apply (?:now|by|to|online)|send (?:us )?your (?:cv|resume))",
        r"\b(?:avantages|benefits|tickets restaurant|teletravail possible|mutuelle)\b",
        r"\b(?:rejoignez|rejoindre (?:nos|notre)|join (?:us|our)|au sein de (?:notre|nos))\b",
    )
)
_MANY = 3
_LEAST = 3
_PERIODS = 2


def cv_weight(lines: list[Line], name_weight: int) -> int:
    """How much speaks for a CV: its sections, dated posts, its title, a person's name (0 to 2)."""
    sections = {one.section for one in lines if one.is_heading} & set(_BODY)
    periods = sum(has_period(one.text) for one in lines)
    title = any(_TITLE.search(one.folded) for one in lines[:_TITLE_LINES])
    return len(sections) + (periods >= _PERIODS) + title + name_weight


def is_cv(lines: list[Line], name_weight: int) -> bool:
    """Whether fields may be proposed at all."""
    read = [one for one in lines if one.section != "letter"]
    weight = cv_weight(read, name_weight)
    if weight < _LEAST:
        return False
    return not (_is_many(_INVOICE, read) or (_is_many(_ADVERT, read) and _periods(read) < _MANY))


def _periods(lines: list[Line]) -> int:
    return sum(has_period(one.text) for one in lines)


def _is_many(families: tuple[re.Pattern[str], ...], lines: list[Line]) -> bool:
    missing = list(families)
    for one in lines:
        missing = [family for family in missing if not family.search(one.folded)]
    return len(families) - len(missing) >= _MANY
