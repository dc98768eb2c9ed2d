"""A mail may name any charset: its bytes become text all the same."""

from __future__ import annotations

import encodings.aliases

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clementine_crm.reading.mail.charsets import decode

LABELS = sorted({*encodings.aliases.aliases, *encodings.aliases.aliases.values()})


@pytest.mark.parametrize("label", ["hex", "base64", "zlib", "bz2", "rot13", "uu", "quopri"])
def test_a_codec_that_gives_no_text_is_a_label_that_lied(label: str) -> None:
    assert decode(b"Bonjour", label) == ("Bonjour", False)


@given(data=st.binary(max_size=200), label=st.one_of(st.sampled_from(LABELS), st.text(max_size=20)))
def test_any_label_has_an_answer(data: bytes, label: str) -> None:
    text, _honest = decode(data, label)
    text.encode("utf-8")
