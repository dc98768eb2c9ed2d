"""Saved messages: one item each, whose it is, what came with it, and what is no application."""

from __future__ import annotations

from email.message import EmailMessage
from email.policy import SMTP
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from clementine_crm.jobs import JobContext
from clementine_crm.plugin_api import ItemPayload, Mail, MessageEntry, Rejection
from clementine_crm.plugin_host.lent import LentTools
from clementine_crm.plugin_host.reader_plugins import ReaderPlugins
from plugins.mail_files.applicant import split_name
from plugins.mail_files.clues import phone, reference, role
from plugins.mail_files.tnef import is_tnef, unpacked
from tests.plugins.mail_files.outlook_writer import outlook_message, winmail
from tests.plugins.readings import BUNDLED

BODY = "Madame, Monsieur,\nveuillez trouver ma candidature.\nCordialement"


class Desk:
    """The plugin alone, with settings."""

    def __init__(self, folder: Path, **settings: str | int) -> None:
        self.folder = folder
        self.plugins = ReaderPlugins(LentTools())
        assert not self.plugins.load(
            "mail_files", str(BUNDLED / "mail_files"), "plugin:MailFiles", settings
        )

    def read(self, data: bytes, name: str = "x.eml") -> list[ItemPayload | Rejection]:
        path = self.folder / name
        path.write_bytes(data)
        assert self.plugins.choose(path, None) == ("mail_files", "")
        return [
            self.plugins.offer(e, row, path)[1] if isinstance(e, MessageEntry) else e
            for row, e in self.plugins.rows(path, "mail_files", JobContext())
        ]

    def one(self, data: bytes, name: str = "x.eml") -> ItemPayload:
        (item,) = self.read(data, name)
        assert isinstance(item, ItemPayload)
        return item


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(tmp_path)


def letter(
    sender: str = "Élodie Lefèvre <e@example.org>",
    subject: str = "Candidature",
    text: str = BODY,
    files: tuple[tuple[str, bytes], ...] = (),
    **headers: str,
) -> EmailMessage:
    mail = EmailMessage(policy=SMTP)
    mail["From"], mail["To"], mail["Subject"] = sender, "recrutement@agence.example.org", subject
    mail["Date"] = "Fri, 20 Nov 2026 09:00:00 +0000"
    for name, value in headers.items():
        mail[name.replace("_", "-")] = value
    mail.set_content(text, cte="8bit")
    for name, data in files:
        mail.add_attachment(data, maintype="application", subtype="octet-stream", filename=name)
    return mail


def value(item: ItemPayload, name: str) -> str:
    return next((f.value for f in item.fields if f.name == name), "")


def carried(
    inner: EmailMessage, sender: str = "Dupont <c.dupont@agence.example.org>"
) -> EmailMessage:
    outer = letter(sender, "TR: candidature", "à voir")
    outer.add_attachment(inner)
    return outer


def test_the_applicant_is_the_first_sender_and_the_way_is_shown(desk) -> None:
    inner = letter(files=(("CV.pdf", b"cv"),))
    item = desk.one(carried(carried(inner)).as_bytes())
    assert (value(item, "email"), value(item, "family_name")) == ("e@example.org", "Lefèvre")
    assert item.evidence.count("→") == 2
    assert item.evidence.endswith("Élodie Lefèvre <e@example.org>")
    assert [(f.name, f.role) for f in item.files] == [("CV.pdf", "cv")]
    assert (item.subject, item.channel) == ("Candidature", "mail")


def test_a_candidate_who_passes_something_on_stays_the_applicant(tmp_path) -> None:
    desk = Desk(tmp_path, house_domains="agence.example.org")
    ours = desk.one(carried(letter()).as_bytes())
    theirs = desk.one(carried(letter(), "Marie Curie <marie@example.net>").as_bytes())
    assert value(ours, "email") == "e@example.org"
    assert value(theirs, "email") == "marie@example.net"


def test_several_messages_in_one_mail_are_an_item_each(desk) -> None:
    outer = carried(letter(Message_ID="<1@example.org>"))
    outer.add_attachment(letter("Paul Martin <p@example.org>", Message_ID="<2@example.org>"))
    outer.add_attachment(b"list", maintype="application", subtype="pdf", filename="liste.pdf")
    items = desk.read(outer.as_bytes())
    assert [value(i, "email") for i in items] == [
        "e@example.org",
        "p@example.org",
        "c.dupont@agence.example.org",
    ]
    assert [f.name for f in items[2].files] == ["liste.pdf"]


def test_a_job_boards_no_reply_address_is_not_the_applicant(desk) -> None:
    mail = letter("Jobs <no-reply@jobs.example.com>", Reply_To="Paul Martin <p@example.org>")
    item = desk.one(mail.as_bytes())
    assert (value(item, "email"), value(item, "given_name")) == ("p@example.org", "Paul")
    assert "→ Paul Martin <p@example.org>" in item.evidence


@pytest.mark.parametrize(
    ("headers", "reason"),
    [
        ({"Auto_Submitted": "auto-replied"}, "mail_auto_reply"),
        ({"X_Auto_Response_Suppress": "All"}, "mail_auto_reply"),
        ({"X_Failed_Recipients": "a@example.org"}, "mail_bounce"),
        ({"List_Id": "<list.example.org>"}, "mail_list"),
        ({}, ""),
    ],
)
def test_what_is_no_application_is_set_aside_with_the_reason(desk, headers, reason) -> None:
    item = desk.one(letter(**headers).as_bytes())
    assert item.set_aside == reason
    assert item.kind == ("other" if reason else "application")
    assert item.consents == ()


@pytest.mark.parametrize(
    ("subject", "text", "reason"),
    [
        (
            "Mes données",
            "Je vous demande l’effacement de toutes mes données.",
            "mail_rights_request",
        ),
        (
            "RGPD",
            "Conformément à l'article 15 du RGPD, quelles données avez-vous ?",
            "mail_rights_request",
        ),
        ("Suppression de mon profil", "Merci.", "mail_rights_request"),
        ("Request", "Please delete\nmy personal data.", "mail_rights_request"),
        ("Hello", "I exercise my right to be forgotten.", "mail_rights_request"),
        ("Droit d’accès", "Bonjour", "mail_rights_request"),
        ("Candidature", "J’ai suivi les dossiers RGPD de mon employeur.", ""),
        ("Candidature", "Bonjour\n\n> Je demande l’effacement de mes données", ""),
        ("Candidature", "Oui, je suis libre lundi.", ""),
    ],
)
def test_a_right_exercised_is_no_application(desk, subject, text, reason) -> None:
    assert desk.one(letter(subject=subject, text=text).as_bytes()).set_aside == reason
    # Whoever sends a CV applies, whatever the letter speaks of.
    with_cv = letter(subject=subject, text=text, files=(("CV.pdf", b"x"),))
    assert desk.one(with_cv.as_bytes()).set_aside == ""


def test_an_answer_to_our_question_is_no_application_and_no_consent(desk) -> None:
    text = "Oui, vous pouvez conserver mon dossier.\n\n> Bonjour, souhaitez-vous"
    asked = desk.one(letter(text=text, In_Reply_To="<question@agence.example.org>").as_bytes())
    assert (asked.set_aside, asked.consents) == ("mail_consent_answer", ())
    assert desk.one(letter(text=text).as_bytes()).set_aside == ""


def test_the_same_message_twice_in_a_mailbox_is_one_item(desk) -> None:
    first, second = letter(Message_ID="<1@example.org>"), letter(text="autre")
    blocks = [b"From a@example.org Fri Nov 20 09:00:00 2026\n" + m.as_bytes().replace(b"\r\n", b"\n") + b"\n"
              for m in (first, second, first, second)]  # fmt: skip
    items = desk.read(b"".join(blocks), "box.mbox")
    assert len(items) == 4
    assert len({i.external_id for i in items if isinstance(i, ItemPayload)}) == 2
    # The file by itself, saved from the same mailbox, is the same message.
    assert desk.one(first.as_bytes()).external_id == items[0].external_id


def test_messages_deleted_in_the_mail_program_are_refused_by_name(desk) -> None:
    (entry,) = desk.read(letter(X_Mozilla_Status="0009").as_bytes())
    assert isinstance(entry, Rejection)
    assert entry.reason == "mail_deleted"


def test_pictures_within_the_text_and_signatures_stay_out_and_files_come_once(tmp_path) -> None:
    mail = letter(files=(("CV.pdf", b"cv"), ("CV-copie.pdf", b"cv"), ("photo.png", b"p" * 60_000)))
    mail.add_attachment(b"logo", maintype="image", subtype="png", filename="logo.png",
                        disposition="inline", cid="<l>")  # fmt: skip
    mail.add_attachment(b"big" * 30_000, maintype="image", subtype="png", filename="scan.png",
                        disposition="inline", cid="<s>")  # fmt: skip
    mail.add_attachment(
        b"sig", maintype="application", subtype="pkcs7-signature", filename="smime.p7s"
    )
    item = Desk(tmp_path).one(mail.as_bytes())
    assert [f.name for f in item.files] == ["CV.pdf", "photo.png", "scan.png"]
    assert "mail_inline_left_out" in item.warnings
    strict = Desk(tmp_path, small_inline_kb=500).one(mail.as_bytes())
    assert [f.name for f in strict.files] == ["CV.pdf", "photo.png"]


def test_a_message_without_anything_is_refused_by_name(desk) -> None:
    for data, reason in ((b"", None), (b"MIME-Version: 1.0\n\n", "mail_nothing_in_it")):
        path = desk.folder / "x.eml"
        path.write_bytes(data)
        if reason is None:
            assert [e.reason for _, e in _rows(desk, path)] == ["empty"]
        else:
            assert [e.reason for _, e in _rows(desk, path)] == [reason]


def _rows(desk: Desk, path: Path):
    return list(desk.plugins.rows(path, "mail_files", JobContext()))


def test_an_outlook_message_with_its_file(desk) -> None:
    data = outlook_message(subject="Candidature REF-2026-0147", body=BODY, name="Élodie Lefèvre",
                           email="e@example.org", message_id="<1@example.org>",
                           files=(("CV Élodie.pdf", b"%PDF" + b"x" * 9_000), ("lettre.txt", b"court")))  # fmt: skip
    item = desk.one(data, "sans extension")
    assert (value(item, "given_name"), value(item, "email")) == ("Élodie", "e@example.org")
    assert (item.reference, item.external_id) == (
        "REF-2026-0147",
        "<1@example.org> e@example.org",
    )
    assert [(f.name, len(f.data), f.role) for f in item.files] == [
        ("CV Élodie.pdf", 9_004, "cv"), ("lettre.txt", 5, "letter"),
    ]  # fmt: skip
    assert item.message.replace("\r\n", "\n").startswith(BODY)


def test_a_damaged_outlook_message_is_refused_by_name(desk) -> None:
    data = outlook_message(subject="x", body="y", name="A", email="a@example.org")
    (entry,) = desk.read(data[:700], "x.msg")
    assert isinstance(entry, Rejection)
    assert (entry.path, entry.reason) == ("x.msg", "msg_unreadable")


@pytest.mark.parametrize("long_names", [False, True])
def test_what_winmail_packs_is_unpacked(desk, long_names) -> None:
    files = (("CV_Élodie.pdf", b"%PDF-1.4 cv"), ("Lettre de motivation.docx", b"PK letter"))
    mail = letter(files=(("winmail.dat", winmail(files, long_names=long_names)),))
    item = desk.one(mail.as_bytes())
    assert [(f.name, f.data) for f in item.files] == list(files)
    assert [f.role for f in item.files] == ["cv", "letter"]
    assert "mail_tnef" not in item.warnings


def test_a_container_with_nothing_to_unpack_is_kept(desk) -> None:
    mail = letter(files=(("winmail.dat", winmail(())[:20]),))
    item = desk.one(mail.as_bytes())
    assert [f.name for f in item.files] == ["winmail.dat"]
    assert "mail_tnef" in item.warnings


@given(st.lists(st.tuples(st.text("abcé ñ", min_size=1, max_size=12).map(str.strip).filter(bool),
                          st.binary(min_size=1, max_size=200)), max_size=5),
       st.booleans(), st.integers(0, 2_000), st.integers(0, 255))  # fmt: skip
def test_winmail_round_trip_and_no_damage_breaks_it(files, long_names, at, byte) -> None:
    data = winmail(files, long_names=long_names)
    assert is_tnef(data)
    assert unpacked(data) == files
    broken = bytearray(data)
    broken[at % len(broken)] = byte
    assert sum(len(content) for _, content in unpacked(bytes(broken))) <= len(data)
    unpacked(data[: at % len(data)])


@given(st.binary(max_size=400))
@settings(
    max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_any_bytes_end_as_items_or_named_rejections(desk, data) -> None:
    for name in ("x.eml", "x.mbox", "x.msg"):
        path = desk.folder / name
        path.write_bytes(data)
        for _, entry in _rows(desk, path):
            if isinstance(entry, Rejection):
                assert entry.reason != "plugin_failed"
            else:
                assert isinstance(desk.plugins.offer(entry, 1, path)[1], ItemPayload)


@given(text=st.text(max_size=300), subject=st.text(max_size=60), name=st.text(max_size=40),
       email=st.text(max_size=40))  # fmt: skip
@settings(
    max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_any_message_makes_an_item(desk, text, subject, name, email) -> None:
    mail = Mail(text=text, subject=subject, from_name=name, from_email=email)
    entry = MessageEntry(mail=mail, external_id="x")
    assert isinstance(desk.plugins.offer(entry, 1, desk.folder)[1], ItemPayload)


@pytest.mark.parametrize(
    ("shown", "given_name", "family_name"),
    [
        ("Élodie Lefèvre", "Élodie", "Lefèvre"), ("LEFÈVRE Élodie", "Élodie", "LEFÈVRE"),
        ("Lefèvre, Élodie", "Élodie", "Lefèvre"), ("Jean-Baptiste de La Tour", "Jean-Baptiste", "de La Tour"),
        ("Élodie", "", ""), ("Jean Pierre Martin", "", ""), ("contact@example.org", "", ""),
        ("Agence 75", "", ""), ("", "", ""), ("Marie Curie (via Jobs)", "Marie", "Curie"),
    ],
)  # fmt: skip
def test_a_name_is_split_only_where_it_is_plain(shown, given_name, family_name) -> None:
    assert split_name(shown) == (given_name, family_name)


def test_a_telephone_is_taken_when_there_is_exactly_one() -> None:
    assert phone("tél. 06 39 98 12 34\nou +33 6 39 98 12 34")[0] == "06 39 98 12 34"
    assert phone("06 39 98 12 34 ou 06 39 98 00 00") == ("", "")
    assert phone("réf. 2026-0147") == ("", "")


def test_references_and_roles() -> None:
    assert reference("Candidature réf. CLM-2024-110") == "CLM-2024-110"
    assert reference("Réf : 2214", "") == "2214"
    assert reference("référence professionnelle disponible") == ""
    assert [role(n, "") for n in ("CV.pdf", "mon_cv_2026.docx", "Lettre.pdf", "cv.pdf.exe", "scan.pdf")] == [
        "cv", "cv", "letter", "other", "",
    ]  # fmt: skip
