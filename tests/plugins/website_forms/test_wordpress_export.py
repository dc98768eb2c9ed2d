"""WordPress's own export: serialised fields by byte lengths, spam set aside, hostile XML refused."""

from __future__ import annotations

import contextlib
from datetime import UTC, datetime

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from clementine_crm.plugin_api import ItemPayload, Rejection
from plugins.website_forms.php import NotPhpError, unserialised, words_of
from tests.plugins.website_forms.site_writer import Typed, serialised, wxr

ONE = Typed(
    {"nom": "Lefèvre", "prenom": "Élodie", "email": "e@example.org", "reference-offre": "R1"},
    "Bonjour & merci <b>à vous</b>",
    datetime(2026, 11, 20, 9, 0, tzinfo=UTC),
)
VALUES = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(-(2**50), 2**50), st.text(max_size=30)),
    lambda inner: st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=12,
)


@given(VALUES)
def test_what_php_writes_is_read_back(value) -> None:
    assert unserialised(serialised(value)) == value


@given(st.text(alphabet='asibdNOC:;{}"0123456789é', max_size=60))
def test_any_text_is_read_or_refused(text) -> None:
    with contextlib.suppress(NotPhpError):
        words_of(unserialised(text))


@pytest.mark.parametrize(
    "text",
    [
        "", "a", 's:4:"Léa";x', 'O:8:"stdClass":0:{}', 'C:1:"A":0:{}', "R:1;",
        'a:1:{i:0;O:1:"A":0:{}}', "a:999999:{", "i:9" * 50, 's:999999999:"x";', "a:1:{" * 5_000,
        'a:1:{d:1.5;s:1:"x";}', "i:1.5.5;",
    ],
)  # fmt: skip
def test_objects_wrong_lengths_and_towers_are_refused(text) -> None:
    with pytest.raises(NotPhpError):
        unserialised(text)


def test_several_choices_read_as_the_form_shows_them() -> None:
    assert words_of(unserialised(serialised(["CDI", "Intérim", ""]))) == "CDI, Intérim"


def items(entries: list[ItemPayload | Rejection]) -> list[ItemPayload]:
    return [entry for entry in entries if isinstance(entry, ItemPayload)]


def test_a_form_message_becomes_an_item(read) -> None:
    (item,) = items(read(wxr([ONE]), "site.xml", None))
    assert item.message == ONE.message
    assert (item.reference, item.form, item.kind) == ("R1", "targeted-fr", "application")
    assert item.received_at == ONE.sent
    assert item.evidence == "site.xml:7000"


def test_lengths_counted_in_letters_fall_back_on_the_metas(read) -> None:
    """A careless search-and-replace breaks ``_fields``; each value also stands by itself."""
    broken = wxr([ONE]).replace(b's:3:"nom"', b's:9:"nom"')
    (item,) = items(read(broken, "site.xml"))
    assert {"Lefèvre", "Élodie", "e@example.org"} <= {f.value for f in item.fields}


def test_several_choices_in_a_meta(read) -> None:
    data = wxr([ONE]).replace(
        b"<wp:meta_key>_field_nom</wp:meta_key>",
        b"<wp:meta_key>_field_contrat</wp:meta_key><wp:meta_value>"
        + serialised(["CDI", "Intérim"]).encode()
        + b"</wp:meta_value></wp:postmeta><wp:postmeta><wp:meta_key>_field_nom</wp:meta_key>",
    )
    (item,) = items(read(data, "site.xml"))
    assert item.tags == ("CDI", "Intérim")


def test_spam_is_set_aside_and_joins_nothing(read) -> None:
    (item,) = items(read(wxr([ONE], status="flamingo-spam"), "site.xml"))
    assert item.set_aside == "form_spam"
    assert item.join_keys == ()


def test_binned_messages_and_other_posts_make_no_item(read) -> None:
    other = wxr([ONE]).replace(b"flamingo_inbound</wp:post_type>", b"post</wp:post_type>")
    for data in (wxr([ONE], status="trash"), other):
        (entry,) = read(data, "site.xml")
        assert isinstance(entry, Rejection)
        assert entry.reason == "form_none_in_export"


def test_a_cut_export_keeps_what_came_before(read) -> None:
    data = wxr([ONE, Typed(ONE.fields, "second", ONE.sent)])
    entries = read(data[: data.rindex(b"second")], "site.xml")
    assert len(items(entries)) == 1
    assert isinstance(entries[-1], Rejection)
    assert (entries[-1].reason, entries[-1].row) == ("form_export_broken", 2)


BOMB = b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>'
OUTSIDE = b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/hostname">]>'


@pytest.mark.parametrize("head", [BOMB, OUTSIDE])
def test_entities_are_refused(head, read) -> None:
    body = wxr([ONE]).split(b"?>", 1)[1].replace(b"Bonjour", b"&b;" if head is BOMB else b"&a;")
    entries = read(head + body, "site.xml")
    assert [e.reason for e in entries if isinstance(e, Rejection)] == ["form_export_broken"]
    assert items(entries) == []


@given(st.data())
@settings(max_examples=60, deadline=None,
          suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])  # fmt: skip
def test_a_damaged_export_never_breaks_the_plugin(read, data) -> None:
    raw = bytearray(wxr([ONE, ONE]))
    for _ in range(data.draw(st.integers(1, 6))):
        at = data.draw(st.integers(0, len(raw) - 1))
        raw[at : at + data.draw(st.integers(0, 3))] = data.draw(st.binary(max_size=3))
    entries = read(bytes(raw), "site.xml")
    assert entries
    assert not any(isinstance(e, Rejection) and e.reason == "plugin_failed" for e in entries)
