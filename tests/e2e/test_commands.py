"""The commands as a script meets them: keys of their JSON, exit codes, one sentence when refused."""

from __future__ import annotations

import json
import os
import zipfile
from pathlib import Path

import pytest

from tests.e2e.conftest import EMAIL, PASSWORD, Clementine, run
from tests.support.agency import Founded
from tests.support.exports import flamingo

CV = "Léa Fabre\nComptable\nlea.fabre@example.org\n06 39 98 00 01\nExcel, Sage 100, xyloglotte\n"
NEW = "Nuage-opalin!4417kv"


@pytest.fixture
def cv(tmp_path: Path) -> Path:
    path = tmp_path / "Salon" / "cv Léa.txt"
    path.parent.mkdir()
    path.write_text(CV, "utf-8")
    return path


def test_a_week_on_the_command_line(clementine: Clementine, cv: Path, tmp_path: Path) -> None:
    added = clementine("mission", "add", "REF-2214", "Chef comptable", "--client", "Talvance")
    assert added.json["missions"][0]["client"] == "Talvance"
    first = clementine("import", cv.parent)
    assert first.code == 0
    report = first.json
    assert set(report) >= {"read", "accepted", "already_known", "rejected", "items", "batch"}
    assert (report["read"], report["accepted"], report["rejected"]) == (1, 1, [])
    (waiting,) = clementine("triage", "list").json["items"]
    assert set(waiting) >= {
        "id", "source", "received_at", "kind", "given_name", "family_name", "emails", "phones",
        "reference", "subject", "message", "documents", "maybe_known",
    }  # fmt: skip
    assert waiting["documents"][0]["name"] == "cv Léa.txt"
    kept = clementine("triage", "keep", waiting["id"], "--mission", "ref 2214").json
    assert kept["done"] == 1
    (candidate,) = kept["candidates"]
    hits = clementine("search", "xyloglotte").json
    assert hits["total"] == 1
    assert hits["hits"][0]["id"] == candidate
    assert set(hits["hits"][0]) >= {"id", "name", "snippet", "score"}
    assert clementine("note", candidate, "Disponible en janvier.").json["activity"]
    (task,) = clementine("task", "add", candidate, "Rappeler", "--due", "2026-12-01").json["tasks"]
    assert clementine("task", "list").json["tasks"][0]["due"] == "2026-12-01"
    assert clementine("task", "done", task["id"]).code == 0
    assert clementine("task", "list").json["tasks"] == []
    shown = clementine("candidate", "show", candidate).json
    assert shown["documents"][0]["name"] == "cv Léa.txt"
    assert clementine("candidate", "list").json["candidates"][0]["id"] == candidate
    (record,) = clementine("consent", "status", candidate).json["records"]
    assert set(record) >= {
        "person", "purpose", "source", "state", "given_on", "renewal_due_on", "answer_by", "erase_on",
    }  # fmt: skip
    assert record["state"] == "OPEN"
    out = tmp_path / "Léa.zip"
    exported = clementine("candidate", "export", candidate, "--out", out, "--reason", "accès").json
    assert exported == {"file": str(out), "documents": 1, "lost": []}
    with zipfile.ZipFile(out) as archive:
        names = set(archive.namelist())
        assert archive.read("documents/cv Léa.txt").decode() == CV
        assert json.loads(archive.read("notes.json"))[0]["text"] == "Disponible en janvier."
    assert {"manifest.json", "person.json", "consents.json", "person.vcf"} <= names
    signed = clementine("triage", "close").json
    assert (signed["received"], signed["kept"], signed["left"]) == (1, 1, 0)
    undone = clementine("batch", "undo", clementine("batch", "list").json["batches"][0]["id"])
    assert undone.json["batches"][0]["decided"] == 1


def test_rejected_rows_end_with_one_and_are_listed(clementine: Clementine, tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "liste.xyz").write_bytes(b"\x00\x01nothing")
    ran = clementine("import", tmp_path / "in")
    assert ran.code == 1
    (row,) = ran.json["rejected"]
    assert row["path"] == "liste.xyz"
    assert row["reason"].endswith(".")


def test_discard_undo_and_close_refuse_as_the_page_says(clementine: Clementine, cv: Path) -> None:
    (item,) = clementine("import", cv.parent).json["items"]
    assert clementine("triage", "discard", item).json["done"] == 1
    again = clementine("triage", "undo")
    assert (again.code, again.error) == (3, "nothing_to_undo")
    assert again.json["error"]["message"] == again.err.strip()
    gone = clementine("triage", "keep", item)
    assert (gone.code, gone.error) == (2, "no_such_item")
    assert clementine("import", cv.parent).json["already_known"] == 1


def test_the_password_is_found_headless_in_the_order_of_the_page(
    clementine: Clementine, home: Path, tmp_path: Path
) -> None:
    right, wrong = tmp_path / "right", tmp_path / "wrong"
    right.write_text(f"{PASSWORD}\n", "utf-8")
    wrong.write_text("not-this-one\n", "utf-8")
    listing = ("mission", "list")
    assert clementine(*listing, home=home).code == 0
    assert (
        clementine(*listing, "--password-file", right, home=home, CLEMENTINE_PASSWORD="x").code == 0
    )
    refused = clementine(*listing, "--password-file", wrong, home=home)
    assert (refused.code, refused.error) == (3, "wrong_password")
    none = clementine(*listing, home=home, CLEMENTINE_PASSWORD="")
    assert (none.code, none.error) == (3, "no_password")
    missing = clementine(*listing, "--password-file", tmp_path / "no", home=home)
    assert (missing.code, missing.error) == (2, "password_file_unreadable")


def test_wrong_usage_is_one_sentence_and_two(clementine: Clementine) -> None:
    for words in (("triage",), ("mission", "add", "REF"), ("nonsense",), ("import",)):
        ran = clementine(*words)
        assert (ran.code, ran.error) == (2, "usage"), words
        assert len(ran.err.strip().splitlines()) == 1
    assert clementine("candidate", "show", "no-id").code == 2
    assert clementine("--help", json_=False).code == 0
    assert clementine("mission", "list", "--hom", "x").error == "usage", "options are written out"


def test_the_language_of_a_mission_is_not_the_language_of_the_answer(
    clementine: Clementine,
) -> None:
    made = clementine("mission", "add", "REF-1", "Welder", "--lang", "en").json["missions"]
    assert made[0]["lang"] == "en"
    refused = clementine("mission", "add", "REF-1", "Welder", "--lang", "en")
    assert (refused.error, refused.err[:12]) == ("mission_exists", "Une mission ")
    english = clementine("mission", "add", "REF-1", "Welder", "--language", "en")
    assert english.error == "mission_exists"
    assert english.err != refused.err
    assert clementine("mission", "list", "--language", "de").error == "usage"


def test_founding_shows_the_words_once_and_refuses_a_second_time(
    clementine: Clementine, tmp_path: Path
) -> None:
    home = tmp_path / "neuf"
    words = ("init", "--agency", "Varangue", "--user", EMAIL, "--name", "Camille Ott")
    made = clementine(*words, home=home).json
    assert set(made) >= {"agency", "user", "recovery_key"}
    assert len(made["recovery_key"].split()) == 24
    again = clementine(*words, home=home)
    assert (again.code, again.error) == (4, "base_exists")
    weak = clementine(*words, home=tmp_path / "faible", CLEMENTINE_PASSWORD="facile")
    assert (weak.code, weak.error) == (2, "password_rules")
    assert not (tmp_path / "faible" / "keys.json").exists()


def test_a_password_is_changed_by_the_old_one_or_by_the_words(
    clementine: Clementine, agency: Founded
) -> None:
    assert clementine("user", "password", CLEMENTINE_NEW_PASSWORD=NEW).code == 0
    assert clementine("mission", "list").error == "wrong_password"
    assert clementine("mission", "list", CLEMENTINE_PASSWORD=NEW).code == 0
    by_words = clementine(
        "user", "password", "--recovery",
        CLEMENTINE_RECOVERY_KEY=" ".join(agency.words), CLEMENTINE_NEW_PASSWORD=f"{NEW}Z8",
    )  # fmt: skip
    assert by_words.code == 0
    assert clementine("mission", "list", CLEMENTINE_PASSWORD=f"{NEW}Z8").code == 0


def test_the_legal_date_moves_and_the_clocks_do_not(clementine: Clementine, cv: Path) -> None:
    (item,) = clementine("import", cv.parent, "--ground", "sourced").json["items"]
    clementine("triage", "keep", item, "--as-of", "2026-11-24")
    (now,) = clementine("consent", "status").json["records"]
    (later,) = clementine("consent", "status", "--as-of", "2027-12-21").json["records"]
    assert (now["state"], later["state"]) == ("SOURCED", "EXPIRED")
    assert clementine("candidate", "list", "--as-of", "2027-12-21").json["hidden"] == 1


def test_a_missing_or_damaged_home_is_one_sentence_and_stays_as_it_is(
    clementine: Clementine, home: Path, tmp_path: Path
) -> None:
    assert clementine("mission", "list", home=tmp_path / "none").error == "home_missing"
    base = home / "base.db"
    whole = base.read_bytes()
    base.write_bytes(whole[:5000])
    cut = clementine("mission", "list", home=home)
    assert (cut.code, cut.error) == (4, "base_damaged")
    assert base.read_bytes() == whole[:5000]


def test_a_copy_is_made_verified_and_restored(
    clementine: Clementine, home: Path, cv: Path, tmp_path: Path, agency: Founded
) -> None:
    key = tmp_path / "clé"
    key.mkdir()
    items = clementine("import", cv.parent).json["items"]
    (candidate,) = clementine("triage", "keep", *items).json["candidates"]
    made = clementine("backup", "run", "--to", key).json["backup"]
    assert set(made) >= {"id", "made_at", "dossiers", "bytes"}
    checked = clementine("backup", "verify", "--from", key).json
    assert checked["ok"]
    assert checked["checked"] > 0
    assert checked["damaged"] == []
    later = tmp_path / "autre.txt"
    later.write_text("Autre personne\nautre@example.org\n", "utf-8")
    clementine("import", later)
    into = tmp_path / "rendu"
    nested = clementine("backup", "restore", made["id"], "--from", key, "--into", home / "sub")
    assert (nested.code, nested.error) == (2, "restore_inside_home")
    restored = clementine("backup", "restore", made["id"], "--from", key, "--into", into)
    assert restored.code == 0, restored.err
    assert set(restored.json) >= {"dossiers", "re_erased", "ms"}
    shown = clementine("candidate", "show", candidate, home=into).json
    assert shown["documents"][0]["name"] == "cv Léa.txt"
    assert clementine("search", "xyloglotte", home=into).json["total"] == 1
    assert clementine("triage", "list", home=into).json["items"] == []
    words_only = clementine(
        "backup", "restore", made["id"], "--from", key, "--into", tmp_path / "par les mots",
        "--user", EMAIL, home=tmp_path / "no home", CLEMENTINE_PASSWORD=NEW,
        CLEMENTINE_RECOVERY_KEY=" ".join(agency.words),
    )  # fmt: skip
    assert words_only.code == 0, words_only.err
    found = clementine(
        "search", "xyloglotte", home=tmp_path / "par les mots", CLEMENTINE_PASSWORD=NEW
    ).json
    assert found["total"] == 1


def test_what_was_discarded_after_a_copy_does_not_come_back(
    clementine: Clementine, tmp_path: Path
) -> None:
    key = tmp_path / "clé"
    key.mkdir()
    path = flamingo(tmp_path / "site-flamingo-inbound-2026-11-24.csv", 6)
    items = clementine("import", path).json["items"]
    made = clementine("backup", "run", "--to", key).json["backup"]
    clementine("triage", "discard", *items[:4])
    restored = clementine(
        "backup", "restore", made["id"], "--from", key, "--into", tmp_path / "rendu"
    ).json
    assert restored["re_erased"] == 4
    assert len(clementine("triage", "list", home=tmp_path / "rendu").json["items"]) == 2


def test_doctor_and_plugins_say_what_is(clementine: Clementine) -> None:
    checks = clementine("doctor").json["checks"]
    assert checks
    assert all(set(check) == {"name", "ok", "say"} for check in checks)
    assert {p["id"] for p in clementine("plugins").json["plugins"]} == {
        "mail_files",
        "website_forms",
    }


def test_who_may_be_known_is_named_and_never_joined_silently(
    clementine: Clementine, tmp_path: Path
) -> None:
    mail = "From: Léa Fabre <lea.fabre@example.org>\r\nMessage-ID: <{n}@example.org>\r\n\r\nBonjour {n}\r\n"
    for n in (1, 2):
        (tmp_path / f"{n}.eml").write_text(mail.format(n=n), "utf-8")
    (one,) = clementine("import", tmp_path / "1.eml").json["items"]
    (first,) = clementine("triage", "keep", one).json["candidates"]
    (again,) = clementine("import", tmp_path / "2.eml").json["items"]
    assert "déjà connu" in clementine("triage", "list", json_=False).out
    kept = clementine("triage", "keep", again)
    assert [known["id"] for known in kept.json["maybe_known"]] == [first]
    assert kept.json["candidates"] != [first]
    assert "Léa Fabre" in kept.err
    (tmp_path / "3.eml").write_text(
        mail.format(n=3).replace("Léa Fabre <lea", "Zoé Ott <zoe"), "utf-8"
    )
    (tmp_path / "4.eml").write_text(
        mail.format(n=4).replace("Léa Fabre <lea", "Zoé Ott <zoe"), "utf-8"
    )
    both = clementine("import", tmp_path / "3.eml", tmp_path / "4.eml").json["items"]
    together = clementine("triage", "keep", *both).json
    assert {known["id"] for known in together["maybe_known"]} == set(together["candidates"])


def test_an_export_writes_over_nothing(clementine: Clementine, cv: Path, home: Path) -> None:
    items = clementine("import", cv.parent).json["items"]
    (person,) = clementine("triage", "keep", *items).json["candidates"]
    base = (home / "base.db").read_bytes()
    for target in (home / "base.db", home / "documents" / "x.zip"):
        refused = clementine("candidate", "export", person, "--out", target)
        assert (refused.code, refused.error) == (2, "export_inside_home")
    assert (home / "base.db").read_bytes()[:4096] == base[:4096]
    there = cv.parent / "lettre.eml"
    there.write_text("From: a@example.org\n\n", "utf-8")
    assert clementine("candidate", "export", person, "--out", there).error == "export_file_exists"
    made = cv.parent / "personne.zip"
    assert clementine("candidate", "export", person, "--out", made).code == 0
    assert made.stat().st_mode & 0o077 == 0, "for its owner alone"


def test_bytes_that_are_no_text_are_one_sentence(clementine: Clementine, tmp_path: Path) -> None:
    folder = tmp_path / "clé" / os.fsdecode(b"d\xff")
    folder.mkdir(parents=True)
    mail = b"From: Lea <lea@example.org>\r\nSubject: CV\r\n\r\nBonjour, voici.\r\n"
    for name in (b"cv\xfe.txt", b"mail\xff.eml"):
        (folder / os.fsdecode(name)).write_bytes(mail)
    report = clementine("import", tmp_path / "clé").json
    assert (report["accepted"], report["rejected"]) == (2, [])
    alone = clementine("import", folder / os.fsdecode(b"cv\xfe.txt")).json
    assert alone["already_known"] == 1
    (item, _other) = clementine("triage", "list").json["items"]
    (person,) = clementine("triage", "keep", item["id"]).json["candidates"]
    refused = clementine("note", person, os.fsdecode(b"x\xff"))
    assert (refused.code, refused.error) == (2, "text_unreadable")


def test_what_a_stranger_wrote_does_not_steer_the_terminal(
    clementine: Clementine, tmp_path: Path
) -> None:
    (tmp_path / "m.eml").write_bytes(
        b"From: x@example.org\r\nSubject: =?utf-8?q?a=1B=5B2Jb?=\r\n\r\nBonjour\r\n"
    )
    clementine("import", tmp_path / "m.eml")
    assert "\x1b" not in clementine("triage", "list", json_=False).out


def test_what_is_missing_for_a_new_password_is_named(
    clementine: Clementine, tmp_path: Path
) -> None:
    new = tmp_path / "new"
    new.write_text(NEW, "utf-8")
    words = ("user", "password", "--recovery", "--new-password-file", new)
    assert clementine(*words).error == "no_recovery_words"
    assert clementine("user", "password").error == "no_new_password"


def test_version_and_self_test() -> None:
    version = run("--version", home=Path("none"), json_=False)
    assert (version.code, version.out.strip()) == (0, "0.1.0")
    tried = run("--self-test", home=Path("none"), json_=False)
    parts = {part["name"]: part["ok"] for part in tried.json["checks"]}
    assert parts == dict.fromkeys(("version", "base", "reader", "plugins", "window"), True)
    assert tried.code == 0
