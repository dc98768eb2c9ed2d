"""One state, one string of bytes; anything else is refused by name, in little memory."""

from __future__ import annotations

import random
import tracemalloc

import msgpack
import pytest
from dossier_states import DOSSIER, LOOSE, dice, id_of, kinds, state
from hypothesis import example, given, settings
from hypothesis import strategies as st

from clementine_crm.dossier.encoding import (
    FORMAT,
    decode,
    digest,
    digest_of_all,
    encode,
    pack_cell,
    pack_row,
    unpack_cell,
    unpack_row,
)
from clementine_crm.dossier.join import join
from clementine_crm.dossier.state import (
    ABSENT,
    NEVER,
    Dossier,
    Erased,
    Row,
    Stamp,
    Written,
    latest,
    row_of,
)
from clementine_crm.errors import Corrupt, SchemaTooNew

ROW = id_of(0, 0)
BASE = Stamp(5, 1)


def one_row(*cells) -> Dossier:
    return Dossier(DOSSIER, "client", {"client": {ROW: row_of(BASE, cells)}})


@given(kinds, dice)
@settings(max_examples=500, deadline=None)
def test_every_kind_survives_the_way_through_bytes(kind, dice):
    before = state(dice, kind)
    data = encode(before)
    assert encode(decode(data)) == data
    joined = join(decode(data), before)
    assert encode(joined.state) == data
    assert joined.conflicts == ()


@given(
    st.one_of(
        st.none(),
        st.integers(-(1 << 63), (1 << 63) - 1),
        st.floats(allow_nan=False),
        st.text(),
        st.binary(),
        st.sampled_from(LOOSE),
    )
)
@settings(deadline=None)
def test_every_value_of_sqlite_survives(value):
    found = unpack_cell(pack_cell(value))
    assert found == value
    assert type(found) is type(value)


def test_order_of_insertion_leaves_no_trace():
    cells = [("town", "Lyon", Written(BASE)), ("name", "Verdier", Written(Stamp(7, 2), BASE, BASE))]
    assert encode(one_row(*cells)) == encode(one_row(*reversed(cells)))


def test_a_default_of_the_insertion_is_not_named_and_a_later_one_is():
    plain, later = Written(BASE), Written(Stamp(7, 1), BASE)
    assert encode(one_row(("town", ABSENT, plain))) == encode(one_row())
    blanked = encode(one_row(("town", ABSENT, later)))
    assert decode(blanked).rows["client"][ROW].cells == {"town": ABSENT}
    assert msgpack.ExtType(1, b"") in msgpack.unpackb(blanked)[3]["client"][ROW][2].values()


def test_what_a_writer_had_seen_takes_no_room_where_it_follows():
    own, foreign = Stamp(4, 1), Stamp(4, 2)
    at = Stamp(7, 1)
    short = [Written(at, foreign, foreign), Written(at, own, NEVER), Written(at)]
    for mark in short:
        laid = msgpack.unpackb(encode(one_row(("name", "x", mark))))[3]["client"][ROW][3]["name"]
        assert len(laid) == 4
    long = one_row(("name", "x", Written(at, own, foreign)))
    assert len(msgpack.unpackb(encode(long))[3]["client"][ROW][3]["name"]) == 6
    assert decode(encode(long)) == long


def test_a_row_alone_survives():
    row = row_of(
        BASE, [("at", 5, Written(BASE)), ("place", ABSENT, Written(Stamp(9, 2), BASE, BASE))]
    )
    assert unpack_row(pack_row(row)) == row


def test_digests():
    one, other = digest(encode(one_row())), digest(encode(Erased(DOSSIER, "client", "undone", 1)))
    assert one != other
    assert digest_of_all({b"a": one, b"b": other}) == digest_of_all({b"b": other, b"a": one})
    assert digest_of_all({b"a": other, b"b": one}) != digest_of_all({b"a": one, b"b": other})


def test_the_latest_clock_is_a_cells_too():
    state = one_row(("name", "x", Written(Stamp(9, 2), BASE)), ("town", "y", Written(Stamp(2, 2))))
    assert latest(state) == 9
    assert latest(one_row()) == 5
    assert latest(Dossier(DOSSIER, "client")) == latest(Erased(DOSSIER, "client", "kept", 3)) == 0


class TestDamage:
    def test_a_newer_format_is_said_to_be_newer(self):
        for later in (FORMAT + 1, 127):
            data = msgpack.packb([later, DOSSIER, {"what": ["ever"] * 20}])
            with pytest.raises(SchemaTooNew) as error:
                decode(data)
            assert error.value.key == "dossier_newer"

    @pytest.mark.parametrize(
        "laid",
        [
            None,
            [],
            {},
            [FORMAT],
            [0, DOSSIER, "client", {}],
            [True, DOSSIER, "client", {}],
            [FORMAT, DOSSIER[:-1], "client", {}],
            [FORMAT, "0" * 16, "client", {}],
            [FORMAT, DOSSIER, b"client", {}],
            [FORMAT, DOSSIER, "client", {}, 1],
            [FORMAT, DOSSIER, "client", []],
            [FORMAT, DOSSIER, "client", ["undone"]],
            [FORMAT, DOSSIER, "client", ["undone", "today"]],
            [FORMAT, DOSSIER, "client", ["undone", True]],
            [FORMAT, DOSSIER, "client", ["undone", 1 << 63]],
            [FORMAT, DOSSIER, "client", {"client": {}}],
            [FORMAT, DOSSIER, "client", {"client": []}],
            [FORMAT, DOSSIER, "client", {b"client": {ROW: [5, 1, {}]}}],
            [FORMAT, DOSSIER, "client", {"client": {"row": [5, 1, {}]}}],
            [FORMAT, DOSSIER, "client", {"client": {ROW: [5, 1]}}],
            [FORMAT, DOSSIER, "client", {"client": {ROW: [5, 1, {}, {}]}}],
            [FORMAT, DOSSIER, "client", {"client": {ROW: [-1, 1, {}]}}],
            [FORMAT, DOSSIER, "client", {"client": {ROW: [1 << 62, 1, {}]}}],
            [FORMAT, DOSSIER, "client", {"client": {ROW: [5.0, 1, {}]}}],
            [FORMAT, DOSSIER, "client", {"client": {ROW: [5, 1, {"name": True}]}}],
            [FORMAT, DOSSIER, "client", {"client": {ROW: [5, 1, {"name": ["x"]}]}}],
            [FORMAT, DOSSIER, "client", {"client": {ROW: [5, 1, {"name": {}}]}}],
            [FORMAT, DOSSIER, "client", {"client": {ROW: [5, 1, {"name": 1 << 63}]}}],
            [FORMAT, DOSSIER, "client", {"client": {ROW: [5, 1, {"name": float("nan")}]}}],
            [FORMAT, DOSSIER, "client", {"client": {ROW: [5, 1, {"name": msgpack.ExtType(2, b"")}]}}],
            [FORMAT, DOSSIER, "client", {"client": {ROW: [5, 1, {"name": msgpack.ExtType(1, b"")}]}}],
            [FORMAT, DOSSIER, "client", {"client": {ROW: [5, 1, {"name": "x"}, {"name": [5, 1, 0, 0]}]}}],
            [FORMAT, DOSSIER, "client", {"client": {ROW: [5, 1, {"name": "x"}, {"name": [7, 1, 0]}]}}],
            [FORMAT, DOSSIER, "client", {"client": {ROW: [5, 1, {"name": "x"}, {"name": [7, 1, 0, 0, 0]}]}}],
            [FORMAT, DOSSIER, "client", {"client": {ROW: [5, 1, {"name": "x"}, {"name": [7, 1, 0, 0, 0, 0]}]}}],
            [FORMAT, DOSSIER, "client", {"client": {ROW: [5, 1, {}, {"name": [7, 1, 0, 0]}]}}],
            [FORMAT, DOSSIER, "client", {"client": {ROW: [5, 1, {"town": "x", "name": "y"}]}}],
        ],
    )  # fmt: skip
    def test_what_is_not_in_the_one_form_is_damaged(self, laid):
        with pytest.raises(Corrupt) as error:
            decode(msgpack.packb(laid))
        assert error.value.key == "dossier_damaged"

    @pytest.mark.parametrize(
        "data",
        [
            b"",
            b"\x94",
            b"\x94\x01",
            # a key twice
            b"\x94\x01\xc4\x10" + DOSSIER + b"\xa6client\x81\xa6client\x81\xc4\x10" + ROW
            + b"\x93\x05\x01\x82\xa1a\x01\xa1a\x02",
            # five as two bytes
            b"\x94\x01\xc4\x10" + DOSSIER + b"\xa6client\x81\xa6client\x81\xc4\x10" + ROW
            + b"\x93\xcc\x05\x01\x80",
            # text that is no UTF-8
            b"\x94\x01\xc4\x10" + DOSSIER + b"\xa2\xff\xff\x80",
            # a timestamp, a long extension
            b"\xd6\xff\0\0\0\0",
            b"\xc9\xff\xff\xff\xff\x01",
            # something after the end
            encode(one_row()) + b"\x00",
        ],
    )  # fmt: skip
    def test_bytes_that_no_program_of_ours_wrote(self, data):
        with pytest.raises(Corrupt):
            decode(data)

    @given(kinds, dice, st.randoms(use_true_random=False))
    @settings(max_examples=300, deadline=None)
    def test_flipped_cut_doubled_or_mixed(self, kind, dice, dealer):
        data = bytearray(encode(state(dice, kind)))
        for _ in range(dealer.randint(1, 4)):
            place = dealer.randrange(len(data) + 1)
            act = dealer.randrange(4)
            if act == 0 and place < len(data):
                data[place] ^= 1 << dealer.randrange(8)
            elif act == 1:
                del data[place : place + dealer.randint(1, 9)]
            elif act == 2:
                data[place:place] = data[: dealer.randint(1, 9)]
            else:
                data[place:place] = dealer.randbytes(dealer.randint(1, 5))
        _one_form_or_refused(bytes(data))

    @given(st.binary(max_size=300))
    @example(b"\x94\x01")
    @settings(max_examples=300, deadline=None)
    def test_noise(self, data):
        _one_form_or_refused(data)

    @pytest.mark.parametrize(
        "hostile",
        [
            # Nested lists that each promise fewer items than there are bytes.
            b"\xdd\x00\x01\x00\x00" * 20_000,
            b"\xdf\x00\x0f\xff\xff\xa1a" * 140_000,
            b"\x91" * 1_000_000,
            b"\x81\xa1a" * 300_000,
            b"\xdb\xff\xff\xff\xff",
            b"\xc6\xff\xff\xff\xff",
            b"\x94\x01" + b"\xdd\xff\xff\xff\xff" * 1000,
            msgpack.packb([FORMAT, DOSSIER, "client", {"t": {ROW: [1, 1, {f"{n}": n for n in range(9)}]}}])[:-4],
        ],
    )  # fmt: skip
    def test_headers_that_promise_much_get_little_memory(self, hostile):
        tracemalloc.start()
        try:
            with pytest.raises(Corrupt):
                decode(hostile)
            _, peak = tracemalloc.get_traced_memory()
        finally:
            tracemalloc.stop()
        assert peak < 1_000_000 + 100 * len(hostile)

    def test_a_large_dossier_stays_within_a_small_multiple(self):
        dealer = random.Random(1)
        rows = {
            dealer.randbytes(16): Row(BASE, {f"c{n}": dealer.randbytes(8) for n in range(12)})
            for _ in range(4_000)
        }
        data = encode(Dossier(DOSSIER, "client", {"client": rows}))
        tracemalloc.start()
        try:
            decode(data)
            _, peak = tracemalloc.get_traced_memory()
        finally:
            tracemalloc.stop()
        assert peak < 40 * len(data)


def _one_form_or_refused(data: bytes) -> None:
    try:
        found = decode(data)
    except (Corrupt, SchemaTooNew):
        return
    assert encode(found) == data
