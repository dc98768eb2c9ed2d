"""Is this the CV of somebody? An invoice, an advert or a letter proposes nothing."""

from __future__ import annotations

import re

from clementine_crm.reading.fields.dates import has_period
from clementine_crm.reading.fields.lines import Line
from clementine_crm.reading.fields.names import Name

_BODY = ("experience", "education", "skills", "languages", "interests")
_DATED = ("experience", "education")
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
_DATED_POSTS = 2
_HEAD = ("header", "contact")
_YEAR = re.compile(r"\b(?:19[5-9]|20[0-4])\d\b")
_DATA = re.compile(r"\s*(?:\{|\[\s*(?:[\[{\"]|$))")


def is_cv(lines: list[Line], name: Name | None) -> bool:
    """Whether fields may be proposed at all: enough speaks for a CV and little for another text.

    Sections of a CV, dated posts, its title and a person's name count. Who has no dates must at
    least head the text with a name that their address spells.
    """
    read = [one for one in lines if one.section not in ("letter", "letterhead")]
    if not read or _DATA.match(read[0].text):
        return False
    sections = {one.section for one in read if one.is_heading} & set(_BODY)
    periods = sum(has_period(one.text) for one in read)
    years = sum(bool(_YEAR.search(one.text)) for one in read if one.section in _DATED)
    title = any(_TITLE.search(one.folded) for one in read[:_TITLE_LINES])
    is_dated = years > 1 or periods > 1
    weight = len(sections) + is_dated + title + (name.weight if name else 0)
    is_headed = name is not None and name.weight > 1 and name.given.line.section in _HEAD
    if weight < _LEAST or not (is_dated or is_headed):
        return False
    said = "\n".join(one.folded for one in read)
    return not (_is_many(_INVOICE, said) or (_is_many(_ADVERT, said) and periods < _DATED_POSTS))


def _is_many(families: tuple[re.Pattern[str], ...], said: str) -> bool:
    return sum(bool(family.search(said)) for family in families) >= _MANY
