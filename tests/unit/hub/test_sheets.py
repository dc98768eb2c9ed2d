"""The small signed files of a copy: ring, journal, manifest, signers."""

from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from clementine_crm.errors import Corrupt, NotFound, SchemaTooNew, WrongKey
from clementine_crm.hub import ledger, manifest, ring, sheet, signers
from clementine_crm.hub.ledger import Ledger
from clementine_crm.hub.manifest import Manifest
from clementine_crm.hub.ports import Erased
from clementine_crm.hub.shelf import Shelf
from clementine_crm.words import LANGUAGES, Words
from tests.integration.hub.paper import START, Locks, identity

WHO = identity()
ids = st.binary(min_size=16, max_size=16)
keys = st.binary(min_size=32, max_size=32)
millis = st.integers(0, 253_402_300_799_999)
moments = millis.map(ledger.instant)
LINES = st.lists(st.builds(Erased, ids, st.text(max_size=40), moments), max_size=8)


def key_of(device):
    return WHO.public if device == WHO.device else None


@settings(max_examples=60, deadline=None)
@given(st.dictionaries(ids, keys, max_size=20), st.dictionaries(ids, keys, max_size=3), millis)
def test_a_ring_opens_by_the_home_and_by_the_24_words(known, devices, made_at):
    locks = Locks()
    data = ring.close(WHO, locks, known, devices, made_at)
    for opened in (
        ring.open_ring(data, home=locks.from_home),
        ring.open_ring(data, recovery=locks.recovery.open),
    ):
        assert (opened.agency, opened.device, opened.secret) == (
            WHO.agency,
            WHO.device,
            WHO.secret,
        )
        assert (opened.keys, opened.signers, opened.made_at) == (known, devices, made_at)
        assert WHO.secret.hex() not in repr(opened)


def test_a_ring_opens_for_nobody_else():
    from clementine_crm.keys.wrapping import RecoveryKey

    data = ring.close(WHO, Locks(), {b"a" * 16: b"k" * 32}, {}, 5)
    with pytest.raises(WrongKey, match="ring_other_home"):
        ring.open_ring(data, home=Locks(b"o" * 32).from_home)
    with pytest.raises(WrongKey, match="recovery_key_other"):
        ring.open_ring(data, recovery=RecoveryKey.new().open)
    with pytest.raises(ValueError, match="no opener"):
        ring.open_ring(data)
    for place in range(len(data)):
        bad = data[:place] + bytes([data[place] ^ 1]) + data[place + 1 :]
        with pytest.raises((Corrupt, WrongKey)):
            ring.open_ring(bad, home=Locks().from_home)


def opened_both_ways(data):
    ring.open_ring(data, home=Locks().from_home)
    ring.open_ring(data, recovery=Locks().recovery.open)


def test_a_ring_altered_and_summed_anew_is_refused():
    """The SHA-256 can be made by anybody; box, instant and device are bound to the body."""
    import hashlib

    data = ring.close(WHO, Locks(), {b"a" * 16: b"k" * 32}, {}, 5)
    for place in range(5, len(data) - 32):
        bad = data[:place] + bytes([data[place] ^ 1]) + data[place + 1 : -32]
        bad += hashlib.sha256(bad).digest()
        if len(data) - 96 <= place:
            # The signature: looked at by who knows the device.
            with pytest.raises(Corrupt):
                sheet.read(ring.LETTERS, bad, key_of, "ring")
        else:
            with pytest.raises((Corrupt, WrongKey)):
                opened_both_ways(bad)


def test_of_two_rings_the_newer_whole_one_is_read(tmp_path):
    shelf = Shelf(tmp_path)
    with pytest.raises(Corrupt, match="ring_missing"):
        ring.read_newest(shelf)
    old, new = (ring.close(WHO, Locks(), {}, {}, n) for n in (300, 70_000))
    for first, second in ((old, new), (new, old), (new, new[:-5]), (b"", new)):
        shelf.put(ring.NAMES[0], first)
        shelf.put(ring.NAMES[1], second)
        assert ring.read_newest(shelf) == new
    shelf.put(ring.NAMES[0], new[:-1])
    shelf.put(ring.NAMES[1], b"nothing")
    with pytest.raises(Corrupt, match="ring_damaged"):
        ring.read_newest(shelf)


@settings(max_examples=80, deadline=None)
@given(LINES, LINES, millis)
def test_the_journal_of_a_copy(first, second, until):
    lines = ledger.union(first, second)
    assert {line.dossier for line in lines} == {line.dossier for line in (*first, *second)}
    assert len({line.dossier for line in lines}) == len(lines)
    assert ledger.union(second, first, lines) == ledger.union(first, second) or any(
        a.dossier == b.dossier and a.at == b.at and a.cause != b.cause
        for a in (*first, *second)
        for b in (*first, *second)
    )
    for line in lines:
        assert line.at == min(o.at for o in (*first, *second) if o.dossier == line.dossier)
    assert list(lines) == sorted(lines, key=lambda line: (line.at, line.dossier))
    book = Ledger(WHO.agency, until, lines)
    assert ledger.read(ledger.write(WHO, book), key_of) == book


@settings(max_examples=40, deadline=None)
@given(st.dictionaries(keys.map(bytes.hex), st.frozensets(st.integers(0, 8191)), max_size=4))
def test_a_manifest_says_again_what_was_said(tmp_path_factory, packs):
    shelf = Shelf(tmp_path_factory.mktemp("m"))
    copy = manifest.new_id(START)
    said = Manifest(
        copy,
        WHO.agency,
        WHO.device,
        ledger.millis(START),
        "0001",
        3,
        4,
        5,
        packs,
        {"lang": "fr"},
        {"candidate": 3},
    )
    shelf.put(manifest.path_of(copy), manifest.write(WHO, said))
    assert manifest.read(shelf, copy, key_of, WHO.group_key) == said
    assert manifest.ids(shelf) == [copy]
    assert manifest.made(copy) == START
    blind = manifest.read(shelf, copy, None, None)
    assert (blind.packs, blind.settings, blind.kinds) == (packs, {}, {})
    with pytest.raises(WrongKey):
        manifest.read(shelf, copy, key_of, b"o" * 32)


def test_a_manifest_under_another_id_is_refused(tmp_path):
    shelf = Shelf(tmp_path)
    copy, other = manifest.new_id(START), "20270101-000000-aaaaaa"
    said = Manifest(copy, WHO.agency, WHO.device, 0, "", 0, 0, 0, {})
    shelf.put(manifest.path_of(other), manifest.write(WHO, said))
    with pytest.raises(Corrupt, match="sheet_damaged"):
        manifest.read(shelf, other, key_of, None)
    for strange in ("20261341-000000-aaaaaa", "x", "20261127-090000-AAAAAA", f"{copy}/.."):
        with pytest.raises(NotFound, match="copy_unknown"):
            manifest.path_of(strange)


def test_sheets_of_strangers():
    data = sheet.write(b"CLMF", WHO.device, b"body", WHO.sign)
    assert sheet.read(b"CLMF", data, key_of, "m") == (WHO.device, b"body")
    for place in range(len(data)):
        bad = data[:place] + bytes([data[place] ^ 8]) + data[place + 1 :]
        with pytest.raises(Corrupt, match="sheet_damaged"):
            sheet.read(b"CLMF", bad, key_of, "m")
    for bad in (data[:-1], data + b"\0", b"", data[:40]):
        with pytest.raises(Corrupt, match="sheet_damaged"):
            sheet.read(b"CLMF", bad, key_of, "m")
    with pytest.raises(Corrupt, match="sheet_damaged"):
        sheet.read(b"CLJN", data, key_of, "m")
    with pytest.raises(Corrupt, match="sheet_unsigned"):
        sheet.read(b"CLMF", data, lambda device: None, "m")
    with pytest.raises(Corrupt, match="sheet_damaged"):
        sheet.read(b"CLMF", data, lambda device: identity(2).public, "m")
    import hashlib

    newer = bytearray(data[:-32])
    newer[4] = 2
    with pytest.raises(SchemaTooNew):
        sheet.read(b"CLMF", bytes(newer) + hashlib.sha256(newer).digest(), key_of, "m")


@settings(max_examples=150, deadline=None)
@given(st.binary(max_size=200))
def test_any_signed_body_is_read_or_refused(body):
    for letters, read in (
        (b"CLJN", lambda data: ledger.read(data, key_of)),
        (b"CLRG", lambda data: ring.open_ring(data, home=Locks().from_home)),
        (b"CLRG", ring.agency_of),
    ):
        with pytest.raises((Corrupt, WrongKey)):
            read(sheet.write(letters, WHO.device, body, WHO.sign))


def test_who_may_sign(tmp_path):
    shelf = Shelf(tmp_path)
    signers.publish(shelf, WHO)
    signers.publish(shelf, identity(2))
    stranger = identity(3, agency=9)
    signers.publish(shelf, stranger)
    (tmp_path / "signers" / "notes.key").write_text("x")
    (tmp_path / "signers" / f"{'0' * 32}.key").write_text("x")
    known = signers.known_to(shelf, WHO.secret)
    assert known == {WHO.device: WHO.public, identity(2).device: identity(2).public}
    assert set(signers.known_to(shelf, None)) == {*known, stranger.device}


def test_every_error_of_the_hub_has_its_sentence_in_both_languages():
    import re
    from pathlib import Path

    import clementine_crm.hub

    folder = Path(clementine_crm.hub.__file__).parent
    raised = set()
    for path in folder.glob("*.py"):
        raised |= set(
            re.findall(
                r'(?:Error|Corrupt|NotFound|WrongKey|DiskFull|Offline|TooNew|Violation)\(\s*"(\w+)"',
                path.read_text(),
            )
        )
    assert len(raised) > 25
    for lang in LANGUAGES:
        words = Words(lang)
        for key in raised - {"no opener"}:
            params = dict.fromkeys(
                ("folder", "file", "files", "restorable", "total", "id", "reason", "name"), "7"
            )
            assert words(f"errors.{key}", **params)


def test_instants():
    assert ledger.instant(ledger.millis(START)) == START
    assert ledger.millis(datetime(1969, 1, 1, tzinfo=UTC)) == 0
