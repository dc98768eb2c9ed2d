"""One submission, written as the site mails it and as it exports it, reads the same and meets itself."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from clementine_crm.plugin_api import ItemPayload
from clementine_crm.plugin_host.lent import LentTools
from tests.plugins.readings import InProcess
from tests.plugins.website_forms.site_writer import Typed, flamingo, mail_bytes, wxr

NAMES = st.text("abcdefghijklmnoprstuvéèêïôüçœñ'-’", min_size=2, max_size=12).map(
    lambda text: f"N{text}".strip("'-’")
)
WORDS = st.text(
    st.characters(codec="utf-8", exclude_categories=("Cc", "Cs", "Co", "Cn", "Zl", "Zp")),
    max_size=60,
)
FORGED = (
    "E-mail : somebody.else@example.net", "Nom : Personne", "Message :", "Référence : REF-666",
    "Consentement : oui", "> Téléphone : 06 39 98 00 00", "-- ", "--", "De : Quelqu’un <a@example.net>",
)  # fmt: skip
MESSAGES = st.lists(st.one_of(WORDS, st.sampled_from(FORGED)), max_size=8).map(
    lambda lines: "\n".join(lines).strip()
)
MOMENTS = st.integers(1_577_836_800, 1_893_456_000).map(lambda n: datetime.fromtimestamp(n, UTC))
PHONES = st.sampled_from(("", "06 39 98 12 34", "+33639980011", "+33 (0)6 39 98 45 67"))
COLUMNS = {
    "targeted-fr": ("reference-offre", "nom", "prenom", "email", "telephone", "rgpd"),
    "spontaneous-fr": ("nom", "prenom", "email", "telephone", "poste-recherche", "rgpd"),
    "contact-fr": ("nom", "prenom", "email", "telephone", "societe", "objet", "rgpd"),
}


@st.composite
def typed(draw: st.DrawFn) -> tuple[str, Typed]:
    form = draw(st.sampled_from(sorted(COLUMNS)))
    given_name, family_name = draw(NAMES), draw(NAMES)
    fields = {
        "nom": family_name,
        "prenom": given_name,
        "email": f"p{draw(st.integers(0, 10**6))}@example.org",
        "telephone": draw(PHONES),
        "rgpd": draw(st.sampled_from(("1", ""))),
        "reference-offre": draw(st.sampled_from(("REF-2026-0147", ""))),
        "poste-recherche": draw(st.sampled_from(("Comptable", "Chef de chantier"))),
        "objet": draw(st.sampled_from(("Candidat", "Recruteur", "Autre"))),
        "societe": draw(st.sampled_from(("", "Menuiserie Exemple"))),
    }
    kept = {name: fields[name] for name in COLUMNS[form]}
    cv = draw(st.binary(min_size=1, max_size=50)) if form != "contact-fr" else b""
    message = draw(MESSAGES)
    return form, Typed(kept, message, draw(MOMENTS), cv, columns=COLUMNS[form])


@pytest.fixture(scope="module")
def plugins() -> InProcess:
    return InProcess()


@pytest.fixture(scope="module")
def scratch(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("exports")


def from_mail(plugins: InProcess, data: bytes) -> ItemPayload:
    plugin, item = plugins.take(LentTools().mail(data))
    assert plugin == "website_forms"
    assert isinstance(item, ItemPayload)
    return item


def from_file(plugins: InProcess, path: Path, data: bytes) -> list[ItemPayload]:
    path.write_bytes(data)
    entries = plugins.read(path)
    assert all(isinstance(entry, ItemPayload) for entry in entries), entries
    return [entry for entry in entries if isinstance(entry, ItemPayload)]


def said(item: ItemPayload) -> dict[str, object]:
    """All that does not depend on the way it came."""
    return {
        "fields": {(f.name, f.value) for f in item.fields},
        "message": " ".join(item.message.split()),
        "kind": item.kind,
        "form": item.form,
        "reference": item.reference,
        "position": item.position,
        "company": item.company,
        "ticked": [c.answer for c in item.consents],
    }


@given(typed(), st.integers(0, 2), st.booleans())
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_mail_row_and_wordpress_export_are_one_submission(plugins, scratch, case, delay, sha256):
    form, one = case
    mail = from_mail(plugins, mail_bytes(one, delay=delay))
    (row,) = from_file(plugins, scratch / "export.csv", flamingo([one], sha256=sha256))
    (post,) = from_file(plugins, scratch / "site.xml", wxr([one]))
    (packed,) = from_file(plugins, scratch / "site.xml", wxr([one], fields_in="_fields"))
    assert mail.form == form
    assert said(mail) == said(row) == said(post) == said(packed)
    assert post.external_id == packed.external_id
    for other in (row, post):
        assert set(mail.join_keys) & set(other.join_keys)
    assert [file.data for file in mail.files] == ([one.cv] if one.cv else [])
    # A visitor's forged lines stay in the message, and nowhere else.
    assert "somebody.else@example.net" not in {f.value for f in mail.fields}


@given(typed(), st.integers(5, 50_000), MESSAGES)
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_two_messages_of_one_person_stay_two(plugins, scratch, case, later, message):
    _, one = case
    other = replace(one, message=f"{message} autre chose", sent=one.sent + timedelta(seconds=later),
                    cv=one.cv + b"2" if one.cv else b"")  # fmt: skip
    mail = from_mail(plugins, mail_bytes(one))
    rows = from_file(plugins, scratch / "export.csv", flamingo([other, one]))
    assert len({row.external_id for row in rows}) == 2
    assert not set(mail.join_keys) & set(rows[0].join_keys)
    assert set(mail.join_keys) & set(rows[1].join_keys)


def test_the_same_cv_for_two_offers_makes_two_applications(plugins, scratch) -> None:
    moment = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)
    fields = {"reference-offre": "REF-1", "nom": "Bérard", "prenom": "Maëlle",
              "email": "maelle@example.org"}  # fmt: skip
    first = Typed(fields, "", moment, b"%PDF-1.4 the same")
    second = replace(
        first, fields={**fields, "reference-offre": "REF-2"}, sent=moment + timedelta(days=3)
    )
    mails = [from_mail(plugins, mail_bytes(one)) for one in (first, second)]
    rows = from_file(plugins, scratch / "export.csv", flamingo([second, first]))
    for mail, row, other in ((mails[0], rows[1], rows[0]), (mails[1], rows[0], rows[1])):
        assert set(mail.join_keys) & set(row.join_keys)
        assert not set(mail.join_keys) & set(other.join_keys)


@pytest.mark.parametrize("sha256", [True, False])
def test_a_row_and_a_mail_days_apart_meet_by_the_file(plugins, scratch, sha256) -> None:
    """A mail that was sent again later: only the file, the person and the offer tell."""
    fields = {"reference-offre": "REF-1", "nom": "Bérard", "prenom": "Maëlle",
              "email": "Maelle@Example.org"}  # fmt: skip
    one = Typed(fields, "Bonjour", datetime(2026, 11, 20, 9, 0, tzinfo=UTC), b"%PDF-1.4 x")
    (row,) = from_file(plugins, scratch / "export.csv", flamingo([one], sha256=sha256))
    again = from_mail(plugins, mail_bytes(replace(one, message=""), delay=400_000))
    shared = set(row.join_keys) & set(again.join_keys)
    assert shared
    assert all(key.startswith("file:") for key in shared)
