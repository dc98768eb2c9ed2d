"""What must not be stored: fields by their name (``gdpr.md`` 6.1), NIR and IBAN by their key (6.3).

A field is judged by its label, as an export, a form or a custom field names it, in French or
English; its family is what the import report says was dropped.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass

from clementine_crm.domain.values import fold
from clementine_crm.errors import ValidationError

_MAX_LABEL = 300

# A word alone names the field only as the whole label; elsewhere it may be a trade ("photographe"),
# a form question ("avec des enfants ?") or a job ("gestionnaire de paie").
_WHOLE: dict[str, str] = {
    "nir": r"(numero |no |n )?(de )?(nir|nss|ssn|secu|insee)|securite sociale",
    "bank": r"rib|iban|bic|swift|banque|bank|bank details",
    "photo": r"(ma |votre |your |my )?(photo|photos|avatar|portrait|picture|image|trombine|headshot)"
    r"( (d )?identite| de profil| du candidat| candidat)?( (url|file|fichier|id))?"
    r"|(profile|candidate|user) (photo|picture|image|avatar)",
    "birth": r"naissance|dob|birth|birthday|anniversaire|(date d )?anniversaire|(nee?|ne e) (le|a|en)|born( on| in)?",
    "age": r"(votre |your |son )?age( (actuel|ans|years|annees|in years|du candidat|candidat))?",
    # The form of address tells the sex, and greeting uses the name (6.2).
    "sex": r"(votre |your )?(sexe|sex|gender|genre)( (m f|h f|f m|f h|identity|code|du candidat))?"
    r"|(votre |your )?(civilites?|salutation|form of address|honorific)|(m|mr)( mrs)? (mme|ms)( mlle)?",
    "marital": r"conjointe?|epou(x|se)|spouse|mariee|marie e|married|celibataire|single|husband|wife|partenaire",
    "children": r"(nb|nbre|nombre|number|no|n|vos|your)?( d| de| of)? ?(enfants?|children|kids|dependants?)"
    r"( a charge| at home)?",
    "family": r"famille|family|parents|fratrie",
    "religion": r"religion|religions|confession|culte|faith|foi|religious",
    "union": r"syndicat|syndique|union|trade union",
    "health": r"sante|health|maladies?|illness|allergies?|vaccin(s|ation)?|groupe sanguin|blood type",
    "origin": r"origines|race|ethnicite|ethnicity|ethnie|ethnic group",
    "physical": r"taille|poids|height|weight|corpulence|morphologie|imc|bmi",
    "criminal": r"condamnations?|convictions?|casier",
    "social_accounts": r"facebook|instagram|insta|tiktok|snapchat|twitter|x twitter|pinterest|threads|bluesky"
    r"|mastodon|(compte |url |profil |page |lien )(facebook|instagram|tiktok|snapchat|twitter)"
    r"|(facebook|instagram|tiktok|snapchat|twitter) (url|account|profile|page|handle|link)",
    "pay": r"(bulletins?|fiches?|feuilles?) de (paie|paye|salaire)|pay ?slips?",
    "credit": r"credits?( en cours)?",
}
# These words name the field wherever they stand in it.
_ANYWHERE: dict[str, str] = {
    "nir": r"(numero|no|n|code)( de)? (securite sociale|secu)\b|social security|national insurance"
    r"|\bni number|\bssn\b|\bnir\b|carte vitale|numero insee",
    "bank": r"\biban\b|\bbic\b|\brib\b|compte bancaire|coordonnees bancaires|bank ?account|account number"
    r"|sort code",
    "photo": r"photo d identite|\bavatar\b",
    "birth": r"(date|jour|mois|annee|lieu|ville|pays|commune|departement|heure)( et (lieu|date))?( ?de)? ?naissance"
    r"|birth ?(date|day|place|year|month|city|country)|(date|place|year|city|country) of birth|\bdob\b",
    "age": r"tranche d age|age range|age group|years old",
    "sex": r"orientation sexuelle|sexual orientation|identite de genre|gender identity",
    "marital": r"(situation|statut|etat) (familiale?|maritale?|matrimoniale?|de famille|civile?)"
    r"|(marital|civil|family|relationship) (status|situation)|nom de jeune fille|maiden name",
    "children": r"enfants? a charge|(nombre|nb|nbre) (d )?enfants?|number of (children|kids|dependants?)",
    "family": r"(profession|metier|nom) (du|de la|de votre|des) (pere|mere|parents?|conjoint)"
    r"|(father|mother|parent)s? s? ?(name|profession|occupation|job)",
    "religion": r"(appartenance|conviction|croyance|pratique)s? religieuses?|religious (belief|affiliation)s?",
    "opinions": r"opinions?( (politique|philosophique|religieuse)s?)|politique(s)? (d )?opinion"
    r"|political|parti politique|convictions? (politique|philosophique)s?|^opinions?$",
    "union": r"(appartenance|adhesion|activite|mandat)s? (syndicale?|syndicaux|a un syndicat)"
    r"|union (membership|member)",
    "health": r"(etat|probleme|donnee|situation)s? de sante|health (status|condition|issue|problem|record)s?"
    r"|medical (history|condition|record|file|certificate)s?|(dossier|certificat|antecedent)s? medica\w*"
    r"|visite medicale|arrets? (de travail|maladie)|sick leave",
    "disability": r"handicap\w*|\brqth\b|disabilit\w*|\bdisabled\b|invalidite|travailleur handicape",
    "pregnancy": r"grossesse|\benceinte\b|pregnan\w*",
    "origin": r"origines? (ethnique|raciale|sociale|culturelle|nationale)s?|(ethnic|racial|national) origins?"
    r"|country of origin|pays d origine",
    "physical": r"couleur (de (la )?peau|des (yeux|cheveux))|(skin|eye|hair) colou?r|(description|apparence|aspect"
    r"|caracteristique)s? physiques?|physical (appearance|description)",
    "criminal": r"casier( judiciaire)?|criminal (record|history|conviction|background)s?|condamnations? (penales?|judiciaires?)"
    r"|antecedents? judiciaires?",
    # The right to work is noted as yes, no or to check; never its paper, which tells the nationality.
    "nationality": r"\bnationalit\w*|citizenships?\b|citoyennete|naturali[sz]ation\w*"
    r"|(titre|permis|carte) de sejour|residence permit|(numero|no|n)( de)? passeport|passport (number|no)\b",
    "social_accounts": r"reseaux? socia(l|ux) (personnels?|prives?)|personal social (media|network)s?",
    "pay": r"(current|present|previous|last|past) (base |gross |annual |monthly )*(salary|pay|wage|compensation|remuneration)"
    r"|(salary|pay|compensation) history|historique (des? )?(salaires?|remunerations?)"
    r"|(dernier|ancien|precedent)s?( |es? )?(salaires?|remunerations?)"
    r"|(salaires?|remunerations?|package) (\w+ ){0,2}(actuel\w*|precedent\w*|anterieur\w*|en cours|percu\w*)",
    "credit": r"credit (score|history|rating|check|report)s?|\bficp\b|endettement|cote de credit|debts?$",
}
_BARE_PAY = re.compile(r"\b(salaires?|salary|salaries|remunerations?|wages?|pay)\b")
_WISHED = re.compile(
    r"souhait|pretention|attendu|vise|desir|espere|expect|desired|wish|target|wanted|propose|offer"
    r"|poste|mission|budget|min\b|max\b|minim|maxim|range|fourchette"
)
_LONGEST_BARE = 3


def _compiled(patterns: dict[str, str], form: str) -> tuple[tuple[str, re.Pattern[str]], ...]:
    return tuple((family, re.compile(form.format(p))) for family, p in patterns.items())


_WHOLE_RE = _compiled(_WHOLE, r"(?:{0})")
_ANYWHERE_RE = _compiled(_ANYWHERE, r"(?<![a-z0-9])(?:{0})")
FAMILIES: tuple[str, ...] = tuple(sorted({*_WHOLE, *_ANYWHERE}))
"""The families of :func:`is_forbidden`, each with a name in ``words`` (``forbidden.<family>``)."""


def _words_of(label: str) -> str:
    return " ".join(re.sub(r"[^a-z0-9]+", " ", fold(label)).split())


def is_forbidden(label: str) -> str | None:
    """The family of ``gdpr.md`` 6.1 that a field of this name belongs to, or None.

    Labels are read in French and English, in any spelling a program may give them:
    ``dateNaissance``, ``your-birth_date``, ``N° de sécu :``.
    """
    label = label[:_MAX_LABEL]
    split = re.sub(r"(?<=[a-zà-ÿ])(?=[A-ZÀ-Ý])", " ", label)
    for words in dict.fromkeys((_words_of(label), _words_of(split))):
        if family := _family(words):
            return family
    return None


def _family(words: str) -> str | None:
    for family, pattern in _WHOLE_RE:
        if pattern.fullmatch(words):
            return family
    for family, pattern in _ANYWHERE_RE:
        if pattern.search(words):
            return family
    bare = _BARE_PAY.search(words) and len(words.split()) <= _LONGEST_BARE
    # Pay that no word calls expected or offered is the person's own.
    return "pay" if bare and not _WISHED.search(words) else None


@dataclass(frozen=True)
class Identifier:
    """A number that may not be stored, where it stands in the text: ``nir`` or ``iban``."""

    kind: str
    start: int
    end: int


_NIR = re.compile(
    r"(?<![0-9A-Za-z])[123478][ .\-]?\d\d[ .\-]?\d\d[ .\-]?(?:\d\d|2[AaBb])[ .\-]?\d{3}[ .\-]?\d{3}"
    r"[ .\-/]{0,3}\d\d(?![0-9A-Za-z])"
)
_IBAN_HEAD = re.compile(r"(?<![0-9A-Za-z])[A-Za-z]{2}[ .\-]?\d\d")
_IBAN_LENGTHS: dict[str, int] = {
    code: length
    for length, codes in {
        15: "NO", 16: "BE", 18: "DK FI FO GL NL SD", 19: "MK SI", 20: "AT BA EE KZ LT LU XK",
        21: "CH CR HR LI LV", 22: "BG BH DE GB GE IE ME RS VA", 23: "AE GI IL IQ OM TL SO",
        24: "AD CZ ES MD PK RO SA SE SK TN VG", 25: "LY PT ST", 26: "IS TR",
        27: "BI DJ FR GR IT MC MR SM", 28: "AL AZ BY CY DO GT HU LB NI PL SV",
        29: "BR EG PS QA UA", 30: "JO KW MU YE", 31: "MT SC", 32: "LC", 33: "RU",
    }.items()
    for code in codes.split()
}  # fmt: skip


def nir_is_valid(text: str) -> bool:
    """Whether 15 characters, separators aside, are a social-security number with its key."""
    flat = re.sub(r"[^0-9A-Za-z]", "", text).upper()
    if not re.fullmatch(r"[123478]\d{4}(\d\d|2A|2B)\d{8}", flat):
        return False
    month = int(flat[3:5])
    # Months 20 and above stand for births whose papers were incomplete.
    if month == 0 or 12 < month < 20:
        return False
    body = flat[:13].replace("2A", "19", 1) if flat[5:7] == "2A" else flat[:13]
    body = body[:5] + "18" + body[7:] if flat[5:7] == "2B" else body
    return 97 - int(body) % 97 == int(flat[13:])


def iban_is_valid(text: str) -> bool:
    """Whether the characters, separators aside, are an IBAN: country, length, and 1 modulo 97."""
    flat = re.sub(r"[^0-9A-Za-z]", "", text).upper()
    if _IBAN_LENGTHS.get(flat[:2]) != len(flat) or not flat.isascii():
        return False
    return int("".join(str(int(c, 36)) for c in flat[4:] + flat[:4])) % 97 == 1


def _ascii_like(text: str) -> str:
    """The text with wide digits and odd spaces made plain, every character in its place."""
    if text.isascii():
        return text.replace("\t", " ").replace("\n", " ")

    def plain(c: str) -> str:
        if c.isspace():
            return " "
        flat = unicodedata.normalize("NFKC", c)
        return "-" if unicodedata.category(c) == "Pd" else flat if len(flat) == 1 else c

    return "".join(map(plain, text))


def find_identifiers(text: str) -> tuple[Identifier, ...]:
    """Every NIR and IBAN in a free text, in order; numbers without a valid key are not."""
    flat = _ascii_like(text)
    found = [
        Identifier("nir", m.start(), m.end())
        for m in _NIR.finditer(flat)
        if nir_is_valid(m.group())
    ]
    found += _ibans(flat)
    return tuple(sorted(found, key=lambda i: i.start))


def _ibans(flat: str) -> Iterator[Identifier]:
    for head in _IBAN_HEAD.finditer(flat):
        wanted = _IBAN_LENGTHS.get(head.group()[:2].upper())
        if wanted is None:
            continue
        end, count, gap = head.start(), 0, 0
        while end < len(flat) and count < wanted and gap <= 2:
            if flat[end].isascii() and flat[end].isalnum():
                count, gap = count + 1, 0
            elif flat[end] in " .-":
                gap += 1
            else:
                break
            end += 1
        whole = count == wanted and not flat[end : end + 1].isalnum()
        if whole and iban_is_valid(flat[head.start() : end]):
            yield Identifier("iban", head.start(), end)


def refuse_identifiers(text: str, *, field: str = "") -> None:
    """ValidationError ``nir_in_text`` or ``iban_in_text`` when the text holds one (6.3)."""
    # What nobody sees between two digits must not hide them (a PDF's copy is full of it).
    seen = "".join(c for c in text if unicodedata.category(c) != "Cf")
    for found in find_identifiers(seen):
        raise ValidationError(f"{found.kind}_in_text", field=field)
