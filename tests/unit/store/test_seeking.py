"""Many values are found at once, wherever they begin and however they were written."""

import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from clementine_crm.store import seeking
from clementine_crm.store.seeking import SHORTEST, Seeker, forms

values = st.lists(
    st.one_of(
        st.binary(max_size=12),
        st.text("abé @.", max_size=12).map(str.encode),
        st.binary(min_size=16, max_size=16),
    ),
    max_size=8,
)


def naive(wanted, data):
    small = data.lower()
    return {
        (place, number)
        for number, value in enumerate(wanted)
        if len(value) >= SHORTEST
        for form in forms(value)
        for place in range(len(small))
        if small.startswith(form, place)
    }


@pytest.mark.parametrize("few", [0, 40])
@settings(max_examples=300, deadline=None)
@given(values, st.lists(st.one_of(st.binary(max_size=9), st.integers(0, 7)), max_size=12))
def test_all_that_stands_there_is_found_and_nothing_else(few, wanted, pieces):
    data = b"".join(
        piece if isinstance(piece, bytes) else wanted[piece % len(wanted)] if wanted else b"x"
        for piece in pieces
    )
    before = seeking._FEW
    seeking._FEW = few
    try:
        assert set(Seeker(wanted).look(data)) == naive(wanted, data)
    finally:
        seeking._FEW = before


@pytest.mark.parametrize("size", range(SHORTEST, 20))
def test_at_every_place_and_length(size):
    rng = random.Random(size)
    wanted = [bytes(rng.choices(b"abcdefgh", k=size)) for _ in range(60)]
    for shift in range(9):
        data = b"\0" * shift + wanted[0] + b"#" * 5 + wanted[1]
        found = set(Seeker(wanted).look(data))
        assert {(shift, 0), (shift + size + 5, 1)} <= found


@pytest.mark.parametrize(
    "written",
    [
        "Zéphyrine CANARI",
        "ZÉPHYRINE CANARI",
        "zéphyrine canari",
        "Zephyrine Canari",
        "Ze\u0301phyrine Canari",
    ],
)
def test_a_name_is_found_however_it_was_written(written):
    assert list(Seeker(["Zéphyrine Canari".encode()]).look(b"xx" + written.encode()))


def test_short_values_are_named_and_not_looked_for():
    seeker = Seeker([b"abc", b"abcd", b""])
    assert seeker.skipped == (0, 2)
    assert list(seeker.look(b"abcabcd")) == [(3, 1)]


def test_thousands_of_values_cost_one_look_each_four_bytes():
    rng = random.Random(3)
    wanted = [b"person%07d@example.org" % rng.randrange(10**7) for _ in range(20_000)]
    data = bytearray(rng.randbytes(1 << 20))
    places = sorted(rng.sample(range(0, len(data) - 40, 40), 50))
    for n, place in enumerate(places):
        data[place : place + len(wanted[n])] = wanted[n]
    found = dict(Seeker(wanted).look(bytes(data)))
    assert sorted(found) == places
