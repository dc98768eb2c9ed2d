"""The boxes a visitor ticked, as evidence of exactly what they say and of nothing more."""

from __future__ import annotations

import re
from typing import Literal

from clementine_crm.plugin_api import ConsentEvidence

from .labels import fold
from .site import Site
from .submission import Submission

Purpose = Literal["POOL", "NEWS", "APPLICATION", "CONTACT"]
# Contact Form 7 writes "Not consented: <the box's words>" into the mail when the box stays empty.
_NO = re.compile(
    r"(|0|no|non|n|false|faux|off|unchecked|decoche|aucun|none)"
    r"|(not? |non )(consented|accepted|agreed|checked|ticked|given|consenti|accepte|coche|donne)\b.*"
    r"|(refus|declin|je (ne|n) |i (do|don) (not|t) ).*"
)
# "Je ne souhaite pas que mon profil soit gardé": ticking such a box gives nothing.
_NEGATED = re.compile(
    r"\b(je|j) (ne|n) .{0,60}\b(pas|plus)\b|\bje refuse\b|\bje m oppose\b|\bi (do not|don t|refuse|object)\b"
    r"|\bopt out\b"
)
_POOL = re.compile(
    r"\bvivier\b|\btalent (pool|bank|community)\b"
    r"|\b(autres?|futur\w*|prochain\w*|ulterieur\w*) (offre|poste|opportunite|mission|emploi)s?\b"
    r"|\b(offre|poste|opportunite|mission|emploi)s? (ulterieur\w*|futur\w*|a venir|similaires?)\b"
    r"|\b(future|later|other|upcoming|further|similar) (job |career )?"
    r"(opportunit\w+|position|job|offer|vacanc\w+|role|opening|assignment)s?\b"
)
_KEPT = re.compile(
    r"\b(gard|conserv|enregistr|sauvegard|archiv)\w* (de )?(mon|votre|nos|le|un|ce) (profil|cv)\b"
    r"|\b(mon|votre|ce) (profil|cv) (soit|puisse etre|pourra etre|est|sera) (garde|conserve|enregistre|archive)"
    r"|\b(keep|keeps|keeping|retain|retains|store|stores|hold|holds) (my|your|the) (profile|cv|resume)\b"
)
# Kept for as long as this very application is looked at: no pool.
_THIS_ONE = re.compile(
    r"\b(pour|afin d\w*|dans le cadre d\w*|le temps d\w*|duree d\w*|for|in order to|during) .{0,30}"
    r"\b(ma|cette|ce|mon|my|this|the) (\w+ )?(candidature|demande|recrutement|message|application|request|process)\b"
)
_LONGEST = 3_000
_NEWS = re.compile(r"\b(newsletter|lettre d (information|actualites?)|infolettre|mailing list)\b")


def consents(found: Submission, form: str, site: Site) -> tuple[ConsentEvidence, ...]:
    """Evidence for each ticked box: its words, the answer, the form, the notice's version, the time.

    A box is by default the agreement to the treatment of that very message or application. It
    covers the pool only when its own words speak of keeping the profile or of later offers
    (``gdpr.md`` 1.1): "j’accepte la politique de confidentialité" does not.
    """
    if not found.trusted:
        return ()
    made = []
    for name, answer in found.boxes:
        if _NO.fullmatch(fold(answer)):
            continue
        label = site.box(form, name) or name
        words = fold(f"{label} {answer}", _LONGEST)
        if _NEGATED.search(words):
            found.warn("form_box_refuses")
            continue
        made.append(
            ConsentEvidence(
                purpose=_purpose(words, form),
                label=label[:2_000],
                answer=answer[:2_000],
                form=form,
                notice_version=site.notice_version,
                given_at=found.sent_at,
            )
        )
    return tuple(made)


def _purpose(words: str, form: str) -> Purpose:
    if _NEWS.search(words):
        return "NEWS"
    if _POOL.search(words) or (_KEPT.search(words) and not _THIS_ONE.search(words)):
        return "POOL"
    return "APPLICATION" if form.startswith(("spontaneous", "targeted")) else "CONTACT"
