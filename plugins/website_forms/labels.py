"""What a form's field is called: synonyms with accents and case ignored, and what must not come in.

Keys of the table are the fields a submission knows; the words are column headers, field names and
mail labels of the five forms in both languages, folded by ``fold``.
"""

from __future__ import annotations

import re
import unicodedata

from clementine_crm.plugin_api import is_forbidden

_SYNONYMS = {
    "given_name": "prenom|votre prenom|your firstname|your first name|first name|firstname|given name"
    "|nom prenom|name first|prenoms",
    "family_name": "nom de famille|last name|lastname|your lastname|your last name|surname|nom nom"
    "|name last|family name",
    "name": "nom|your name|name|votre nom|nom complet|full name|nom et prenom|prenom et nom|from|de"
    "|expediteur|nom prenoms",
    "email": "email|e mail|mail|your email|your e mail|votre email|votre e mail|courriel|adresse mail"
    "|adresse e mail|adresse email|adresse electronique|email address|e mail address",
    "phone": "telephone|tel|phone|your phone|votre telephone|mobile|portable|phone number"
    "|numero de telephone|telephone portable|telephone mobile|your tel",
    "company": "societe|entreprise|company|your company|votre societe|organisation|raison sociale"
    "|company name|nom de la societe",
    "role": "your position|fonction|votre fonction|poste occupe|poste actuel|current position",
    "position": "position|poste recherche|poste|intitule poste|intitule du poste|poste souhaite"
    "|job title|desired position|metier|metier recherche|position wanted|poste vise|your job",
    "subject": "objet|subject|your subject|sujet|motif|votre objet|objet de votre message|vous etes",
    "message": "message|your message|votre message|motivation|motivations|corps du message"
    "|message body|vos motivations|commentaire|commentaires|comments|your motivation",
    "reference": "reference|reference offre|reference annonce|reference de l annonce|ref|ref offre"
    "|reference de l offre|reference poste|job reference|reference du poste|job ref|offer reference",
    "offer": "intitule offre|intitule|intitule de l offre|offre|annonce|titre de l annonce|job offer"
    "|titre offre|offer title",
    "cv": "cv|your cv|votre cv|resume|curriculum vitae|fichier cv|cv pdf|upload cv|your resume",
    "letter": "lettre|lettre de motivation|cover letter|lm|votre lettre|your letter|lettre motivation",
    "file": "fichier|file|piece jointe|pieces jointes|attachment|document|documents|your file",
    "consent": "rgpd|consent|consentement|acceptance|acceptance rgpd|gdpr|acceptation|privacy"
    "|acceptance gdpr|politique de confidentialite|consentement rgpd|j accepte|your consent|vivier",
    "link": "linkedin|profil linkedin|your linkedin|linkedin profile|portfolio",
    "language": "languages|langues|langues parlees|spoken languages",
    "town": "ville|city|town|localite|votre ville|your city",
    "contract": "contrat|type de contrat|contract|contract type|contrats",
}
FIELDS = frozenset(_SYNONYMS)
CANONICAL = {word: key for key, words in _SYNONYMS.items() for word in words.split("|")}
# "J’accepte que mon profil soit gardé…": form builders take the box's whole sentence as its label.
_BOX = re.compile(
    r"(en (soumettant|cochant|envoyant)|by (submitting|ticking|checking)|j accepte|j autorise"
    r"|je (consens|donne mon accord|souhaite (recevoir|etre recontacte))|i (accept|agree|consent)"
    r"|acceptance|consentement|consent|opt in|newsletter)\b"
)
_MARKS = re.compile(r" (obligatoire|required|facultatif|optional|optionnel|\d)$")
TITLES = re.compile(
    r"^(?:(?:madame|monsieur|mademoiselle|mme|mlle|mr|mrs|ms|miss|mister|m|dr)\b\.?"
    r"|non pr[ée]cis[ée]|not specified|autre civilité)\s+",
    re.IGNORECASE,
)
_ACCENTS = re.compile("[\u0300-\u036f]+")
_SIGNS = re.compile(r"[^a-z0-9#]+")
_LONGEST = 200


def fold(label: str, longest: int = _LONGEST) -> str:
    """Without accents, case and punctuation: ``Référence de l'annonce`` → ``reference de l annonce``."""
    plain = label[:longest].casefold()
    if not plain.isascii():
        plain = _ACCENTS.sub("", unicodedata.normalize("NFKD", plain)).casefold()
    return _SIGNS.sub(" ", plain).strip()


def canonical(label: str) -> str:
    """The field a label names, ``forbidden`` for what must not be stored, empty when unknown."""
    folded = fold(label)
    if is_forbidden(label):
        return "forbidden"
    # "Téléphone (obligatoire)", "E-mail *", "Nom 2": the mark is not part of the name.
    found = CANONICAL.get(folded) or CANONICAL.get(_MARKS.sub("", folded), "")
    return "consent" if not found and _BOX.match(folded) else found


def without_title(name: str) -> tuple[str, bool]:
    """A name without its form of address, and whether there was one."""
    match = TITLES.match(name.strip())
    if match is None:
        return name.strip(), False
    return name.strip()[match.end() :].strip(), True


def split_name(shown: str) -> tuple[str, str]:
    """(given, family) of a full name: ``Chen, Wei``, ``NGUYEN Théo``, else the first word is given."""
    shown = " ".join(shown.split())
    if "," in shown:
        family, _, given = shown.partition(",")
        return given.strip(), family.strip()
    words = shown.split(" ")
    capitals = [w for w in words if w.isupper() and len(w) > 1]
    if capitals and len(capitals) < len(words):
        return " ".join(w for w in words if w not in capitals), " ".join(capitals)
    return (words[0], " ".join(words[1:])) if len(words) > 1 else ("", shown)
