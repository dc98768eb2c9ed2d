"""The site's mails: what is a field, what is not, and which mails are no submissions."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from clementine_crm.plugin_api import Attachment, ItemPayload, Mail
from clementine_crm.plugin_host.lent import LentTools
from plugins.website_forms import labels
from tests.plugins.readings import InProcess
from tests.plugins.website_forms.conftest import site_mail

FIELDS = "Nom : Bérard\nPrénom : Maëlle\nE-mail : maelle@example.org\nTéléphone : 06 39 98 00 10\n"
MAILER = "X-Mailer: PHPMailer 6.8.1 (https://github.com/PHPMailer/PHPMailer)\n"


def taken(plugins: InProcess, mail: Mail) -> ItemPayload:
    plugin, item = plugins.take(mail)
    assert plugin == "website_forms"
    assert isinstance(item, ItemPayload)
    return item


def value(item: ItemPayload, name: str) -> str:
    return next((f.value for f in item.fields if f.name == name), "")


def test_lines_typed_into_the_message_are_no_fields(plugins) -> None:
    mail = site_mail(
        f"{FIELDS}\nMessage :\nBonjour,\nE-mail : autre@example.net\nSociété : Fausse SA\nMessage :\nfin\n"
    )
    item = taken(plugins, mail)
    assert value(item, "email") == "maelle@example.org"
    assert value(item, "company") == ""
    assert (
        item.message == "Bonjour,\nE-mail : autre@example.net\nSociété : Fausse SA\nMessage :\nfin"
    )


def test_without_a_known_message_label_fields_end_at_the_first_free_line(plugins) -> None:
    free = f"{FIELDS}\nBonjour, je vous écris.\nSociété : Fausse SA\n"
    named = f"{FIELDS}Votre projet :\nSociété : Fausse SA\nMerci\n"
    for text, message in ((free, "Bonjour, je vous"), (named, "Votre projet :\nSociété")):
        item = taken(plugins, site_mail(text))
        assert value(item, "company") == ""
        assert item.message.startswith(message)


def test_the_first_of_two_equal_labels_counts(plugins) -> None:
    item = taken(plugins, site_mail(f"{FIELDS}E-mail : autre@example.net\nMessage : un mot\n"))
    assert value(item, "email") == "maelle@example.org"
    assert item.message == "un mot"


def test_empty_fields_stay_empty_even_when_the_label_comes_again(plugins) -> None:
    text = (
        "Nom : Bérard\nE-mail : a@example.org\nTéléphone : \nTéléphone : 0639980000\nMessage : x\n"
    )
    assert value(taken(plugins, site_mail(text)), "phone") == ""


def test_reply_to_is_the_visitor_only_where_no_address_was_typed(plugins) -> None:
    typed = taken(plugins, site_mail(f"{FIELDS}Message : x\n", headers="Reply-To: b@example.net\n"))
    assert value(typed, "email") == "maelle@example.org"
    assert "form_reply_to_differs" in typed.warnings
    blank = site_mail("Nom : Bérard\nTéléphone : 0639980010\nMessage : x\n",
                      headers="Reply-To: b@example.net\n")  # fmt: skip
    assert value(taken(plugins, blank), "email") == "b@example.net"


@pytest.mark.parametrize(
    ("footer", "kept"),
    [
        ("-- \nCet e-mail est une notification du site", ""),
        ("-- \nAgence Exemple - Contact - 22 novembre", ""),
        ("Cet e-mail a été envoyé via le formulaire de contact de l’agence", ""),
        ("-- \nMaëlle Bérard\nComptable", "-- \nMaëlle Bérard\nComptable"),
        ("-- \nMoi\n\n-- \nEnvoyé depuis le site", "-- \nMoi"),
        ("https://mes-travaux.example.org", "https://mes-travaux.example.org"),
    ],
)
def test_the_sites_footer_goes_and_a_visitors_signature_stays(plugins, footer, kept) -> None:
    item = taken(plugins, site_mail(f"{FIELDS}Message :\nBonjour\n\n{footer}\n"))
    assert item.message == f"Bonjour\n\n{kept}".strip()


def test_only_the_sites_own_mails_are_claimed(plugins) -> None:
    text = f"{FIELDS}Message : x\n"
    assert plugins.take(site_mail(text, site="someone@example.net"))[0] == "mail_files"
    assert plugins.take(site_mail(text, site="someone@example.net", headers=MAILER))[0] == (
        "website_forms"
    )
    bounced = site_mail(text, headers="X-Failed-Recipients: a@example.org\n")
    assert plugins.take(bounced)[0] == "mail_files"


def test_a_sites_mail_through_a_list_or_marked_automatic_is_still_a_submission(plugins) -> None:
    for header in ("List-Id: <candidatures.example.org>\n", "Auto-Submitted: auto-generated\n"):
        item = taken(plugins, site_mail(f"{FIELDS}Message : x\n", headers=header))
        assert item.set_aside == ""
        assert value(item, "email") == "maelle@example.org"


def test_once_the_sites_address_is_known_boxes_in_other_mails_prove_nothing() -> None:
    plugins = InProcess(site_addresses="Site@agence.example.org, autre@agence.example.org")
    text = (
        f"{FIELDS}Consentement : J’accepte que mon profil soit gardé dans le vivier\nMessage : x\n"
    )
    own = taken(plugins, site_mail(text, site="site@agence.example.org"))
    assert [c.purpose for c in own.consents] == ["POOL"]
    foreign = taken(plugins, site_mail(text, site="someone@example.net", headers=MAILER))
    assert foreign.consents == ()
    assert "form_sender_unknown" in foreign.warnings


@pytest.mark.parametrize(
    "text",
    [
        "Bonjour Maëlle,\n\nNous avons bien reçu votre message.\n\nNom : Bérard\nE-mail : m@example.org\n",
        "Hello,\n\nThank you for your application. We have received your CV.\n",
        "Accusé de réception\n\nMerci de votre intérêt.",
    ],
)
def test_the_receipt_sent_to_the_visitor_is_no_submission(plugins, text) -> None:
    mail = site_mail(text, headers="Reply-To: contact@agence.example.org\nCc: M@example.org\n")
    item = taken(plugins, mail)
    assert item.set_aside == "form_receipt"
    assert (item.fields, item.message, item.join_keys) == ((), "", ())


def test_the_sites_other_mails_are_set_aside_and_strange_forms_kept_whole(plugins) -> None:
    comment = site_mail(
        "Un nouveau commentaire attend votre approbation\nAuteur : X (IP : 192.0.2.1)\n"
        "E-mail : x@example.net\nCommentaire : Bravo\n"
    )
    assert taken(plugins, comment).set_aside == "form_site_mail"
    strange = site_mail("Quel métier ?\nComptable\n", headers="Reply-To: m@example.org\n")
    item = taken(plugins, strange)
    assert item.set_aside == ""
    assert (item.kind, item.message) == ("other", "Quel métier ?\nComptable")
    assert value(item, "email") == "m@example.org"
    assert "form_not_recognised" in item.warnings


def test_own_labels_of_the_webmaster_are_fields() -> None:
    plugins = InProcess(labels="Quel métier ? = position; Votre CP = town; Sexe = role")
    text = "Nom : A\nE-mail : a@example.org\nQuel métier ? : Soudeur\nVotre CP : 69003\nSexe : F\nMessage : x\n"
    item = taken(plugins, site_mail(text))
    assert (item.position, value(item, "town")) == ("Soudeur", "69003")
    # A forbidden field cannot be named back in.
    assert value(item, "headline") == ""
    assert "Sexe" in item.left_out


def test_forbidden_and_unknown_fields_are_left_out_by_name(plugins) -> None:
    text = f"{FIELDS}Date de naissance : 01/02/1990\nNationalité : X\nDisponibilité : juin\nVide : \nMessage : x\n"
    item = taken(plugins, site_mail(text))
    assert item.left_out == ("Date de naissance", "Nationalité", "Disponibilité")
    assert "1990" not in item.model_dump_json()


def test_a_form_of_address_is_no_part_of_the_name(plugins) -> None:
    item = taken(
        plugins, site_mail("De : Madame Aurélie Delorme <a@example.org>\nObjet : x\nMessage : y\n")
    )
    assert (value(item, "given_name"), value(item, "family_name")) == ("Aurélie", "Delorme")
    assert "civilité" in item.left_out


def with_files(mail: Mail, *files: Attachment) -> Mail:
    return mail.model_copy(update={"attachments": files})


def test_every_file_comes_along_but_the_layouts_own_pictures(plugins) -> None:
    files = (
        Attachment(name="CV-Berard.pdf", media_type="application/pdf", data=b"cv", inline=True),
        Attachment(name="lettre de motivation.docx", media_type="application/x", data=b"letter"),
        Attachment(name="logo.png", media_type="image/png", data=b"logo", inline=True),
        Attachment(name="", media_type="application/pdf", data=b"unnamed"),
    )
    item = taken(
        plugins, with_files(site_mail(f"{FIELDS}CV : CV-Berard.pdf\nMessage : x\n"), *files)
    )
    assert [(f.data, f.role) for f in item.files] == [
        (b"cv", "cv"),
        (b"letter", "letter"),
        (b"unnamed", ""),
    ]
    missing = taken(plugins, site_mail(f"{FIELDS}CV : CV-Berard.pdf\nMessage : x\n"))
    assert "form_file_missing" in missing.warnings


def test_a_notification_passed_on_by_a_colleague_is_the_visitors(plugins) -> None:
    inner = site_mail(f"{FIELDS}Référence : REF-1\nMessage : x\n")
    part = Attachment(name="x.eml", media_type="message/rfc822", data=b"", message=inner)
    outer = Mail(from_email="c.dupont@agence.example.org", subject="TR: candidature",
                 text="à voir", attachments=(part,))  # fmt: skip
    attached = taken(plugins, outer)
    quoted = LentTools().mail(
        (
            "From: c.dupont@agence.example.org\nSubject: TR : Nouveau message\n"
            "Date: Fri, 20 Nov 2026 10:00:00 +0000\nContent-Type: text/plain; charset=utf-8\n\n"
            "à voir\n\n-----Message d'origine-----\nDe : Site [mailto:wordpress@site.example.org]\n"
            "Envoyé : vendredi 20 novembre 2026 10:00\nÀ : Dupont\nObjet : Nouveau message\n\n"
            f"{FIELDS}Référence : REF-1\nMessage : x\n"
        ).encode()
    )
    for item in (attached, taken(plugins, quoted)):
        assert value(item, "email") == "maelle@example.org"
        assert (item.reference, item.message) == ("REF-1", "x")
        assert item.evidence.startswith("c.dupont@agence.example.org → wordpress@site.example.org")


TABLES = {
    "th and td": "<tr><th>Nom</th><td>Bérard</td></tr><tr><th>E-mail</th><td>m@example.org</td></tr>"
    "<tr><th>Message</th><td>Bonjour<br>à vous</td></tr>",
    "two cells": "<tr><td><strong>Nom :</strong></td><td>Bérard</td></tr><tr><td>E-mail</td>"
    "<td>m@example.org</td></tr><tr><td>Message</td><td>Bonjour<br />à vous</td></tr>",
    "label above": "<tr bgcolor='#EAF2FA'><td colspan=2><b>Nom</b></td></tr><tr><td>&nbsp;</td><td>Bérard</td></tr>"
    "<tr><td colspan=2>E-mail</td></tr><tr><td></td><td><a href='mailto:m@example.org'>m@example.org</a></td></tr>"
    "<tr><td colspan=2>Message</td></tr><tr><td></td><td>Bonjour<br>à vous</td></tr>",
}


@pytest.mark.parametrize("rows", TABLES.values(), ids=TABLES)
def test_a_form_sent_as_html(plugins, rows) -> None:
    mail = site_mail("", headers="").model_copy(
        update={
            "html": f"<html><head><title>x</title><style>td {{}}</style></head><table>{rows}</table></html>"
        }
    )
    item = taken(plugins, mail)
    assert (value(item, "family_name"), value(item, "email")) == ("Bérard", "m@example.org")
    assert item.message == "Bonjour\nà vous"


def test_what_a_visitor_types_cannot_open_a_row(plugins) -> None:
    rows = (
        "<tr><th>Nom</th><td>&lt;/td&gt;&lt;/tr&gt;&lt;tr&gt;&lt;th&gt;Reference&lt;/th&gt;</td></tr>"
        "<tr><th>E-mail</th><td>m@example.org</td></tr>"
    )
    mail = site_mail("").model_copy(update={"html": f"<table>{rows}</table><p>Bonjour</p>"})
    item = taken(plugins, mail)
    assert item.reference == ""
    assert item.message == "Bonjour"


def test_a_hostile_table_is_read_in_time(plugins) -> None:
    for piece in ("<th>", "<td", "<", "<th>x", "<table><tr>", "<!--"):
        mail = site_mail(f"{FIELDS}Message : x\n").model_copy(update={"html": piece * 200_000})
        assert isinstance(plugins.take(mail)[1], ItemPayload)


@given(text=st.text(max_size=400), html=st.text(max_size=300), subject=st.text(max_size=50),
       reply=st.text(max_size=30), known=st.booleans())  # fmt: skip
@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow,
          HealthCheck.function_scoped_fixture])  # fmt: skip
def test_any_mail_of_the_site_makes_an_item(plugins, text, html, subject, reply, known) -> None:
    start = FIELDS if known else ""
    mail = Mail(from_email="wordpress@site.example.org", reply_to_email=reply, subject=subject,
                text=start + text, html=html)  # fmt: skip
    assert isinstance(plugins.take(mail)[1], ItemPayload)


def test_every_field_that_a_label_names_goes_somewhere() -> None:
    """A label without a use would lose the visitor's words, and not even say so."""
    folder = Path(labels.__file__).parent
    used = "".join(
        path.read_text("utf-8") for path in folder.glob("*.py") if path.name != "labels.py"
    )
    assert [field for field in sorted(labels.FIELDS) if f'"{field}"' not in used] == []
