"""The redactable pack: every entry or an error, for whatever happens to the file."""

import hashlib
import io
import random
import struct
import tracemalloc

import msgpack
import nacl.signing
import pytest
import zstandard
from hypothesis import given, settings
from hypothesis import strategies as st

from clementine_crm.errors import Corrupt, WrongKey
from clementine_crm.hub import pack as module
from clementine_crm.hub.header import MOST_ENTRIES, Blob, Cover, Origin
from clementine_crm.hub.pack import (
    GRAIN,
    MAGIC,
    MOST_STATE,
    Entry,
    Pack,
    build,
    cut,
    open_entry,
    seal_entry,
)

AGENCY, DEVICE = b"A" * 16, b"D" * 16
SIGNER = nacl.signing.SigningKey(bytes(range(32)))
PUBLIC = bytes(SIGNER.verify_key)
GROUP = b"g" * 32
ORIGIN = Origin(AGENCY, DEVICE, 7)


def key_of(device):
    return PUBLIC if device == DEVICE else None


def dek(dossier):
    return hashlib.sha256(b"dek" + dossier).digest()


def made(states, group_key=GROUP, **more):
    """A pack of {dossier: state}, in order."""
    entries = [
        Entry(
            dossier,
            "candidate",
            seal_entry(dek(dossier), ORIGIN, dossier, state),
            (Blob(hashlib.sha256(state).hexdigest(), len(state), bytes(32)),),
            b"w" * 72,
            b"mark",
        )
        for dossier, state in states.items()
    ]
    return build(Cover(ORIGIN, **more), entries, SIGNER, group_key)


def opened(data, group_key=GROUP, keys=key_of, name=""):
    return Pack(io.BytesIO(data), keys, group_key, name)


def read(pack):
    return {
        pack.listed[n].dossier: open_entry(
            dek(pack.listed[n].dossier), pack.origin, pack.listed[n].dossier, box
        )
        for n, box in pack.entries()
    }


def redacted(data, *gone):
    target = io.BytesIO()
    count = cut(io.BytesIO(data), target, set(gone))
    return target.getvalue(), count


def accepted(data, erased=()):
    """Whether a reader takes this file for a whole pack."""
    try:
        pack = opened(data)
        if pack.check(erased):
            return False
        read(pack)
    except (Corrupt, WrongKey):
        return False
    return True


some_states = st.dictionaries(
    st.binary(min_size=16, max_size=16), st.binary(max_size=3000), max_size=9
)


@settings(max_examples=60, deadline=None)
@given(some_states, st.booleans())
def test_what_was_packed_is_read(states, grouped):
    key = GROUP if grouped else None
    versions = {DEVICE: 5, b"E" * 16: 2**62}
    data = made(states, key, epoch=3, max_hlc=2**60, schema="0001", versions=versions)
    pack = opened(data, key)
    assert read(pack) == states
    assert pack.check() == []
    assert [e.kind for e in pack.listed] == ["candidate"] * len(states)
    assert all(e.wrapped == b"w" * 72 and e.mark == b"mark" for e in pack.listed)
    assert [e.documents[0].size for e in pack.listed] == [len(s) for s in states.values()]
    cover = pack.header.cover
    assert (cover.origin, cover.epoch, cover.max_hlc) == (ORIGIN, 3, 2**60)
    assert (cover.schema, cover.versions) == ("0001", versions)
    assert len(data) % GRAIN == 0


@settings(max_examples=60, deadline=None)
@given(some_states, st.data())
def test_any_entries_can_be_cut_without_a_key_and_the_rest_still_verifies(states, data):
    whole = made(states)
    gone = data.draw(st.sets(st.sampled_from(sorted(states)) if states else st.nothing()))
    less, count = redacted(whole, *gone, b"z" * 16)
    assert count == len(gone)
    pack = opened(less)
    assert read(pack) == {d: s for d, s in states.items() if d not in gone}
    assert pack.check(gone) == []
    assert pack.name == opened(whole).name
    # Nothing of a cut entry stays in the file.
    for dossier in gone:
        number = next(n for n, e in enumerate(pack.listed) if e.dossier == dossier)
        assert opened(whole).entry(number) not in less
    # A hole without an erasure is damage.
    if gone:
        assert len(pack.check()) == len(gone)
    # In two steps or in one: the same file.
    step = whole
    for dossier in gone:
        step, _ = redacted(step, dossier)
    assert step == less


def test_the_trailer_of_a_cut_pack_is_right_and_of_a_torn_one_wrong():
    whole = made({b"a" * 16: random.Random(1).randbytes(5000), b"b" * 16: b"y" * 50})
    less, _ = redacted(whole, b"a" * 16)
    total = struct.unpack(">Q", less[-40:-32])[0]
    assert total == len(less) < len(whole)
    assert hashlib.sha256(less[:-32]).digest() == less[-32:]
    assert not accepted(less[: -GRAIN or None], {b"a" * 16})


def test_who_has_no_group_key_sees_ids_lengths_and_hashes_only():
    data = made({b"a" * 16: b"x"}, schema="secret-schema")
    pack = opened(data, None)
    assert not pack.header.readable
    assert (pack.listed[0].kind, pack.listed[0].wrapped, pack.listed[0].mark) == ("", None, b"")
    assert pack.check() == []
    assert b"secret-schema" not in data
    assert b"candidate" not in data
    with pytest.raises(WrongKey, match="pack_other_group"):
        opened(data, b"o" * 32)


def test_an_entry_opens_only_with_its_key_for_its_dossier_in_its_pack():
    box = seal_entry(dek(b"a" * 16), ORIGIN, b"a" * 16, b"state")
    assert open_entry(dek(b"a" * 16), ORIGIN, b"a" * 16, box) == b"state"
    elsewhere = [
        (dek(b"b" * 16), ORIGIN, b"a" * 16),
        (dek(b"a" * 16), Origin(AGENCY, DEVICE, 8), b"a" * 16),
        (dek(b"a" * 16), Origin(AGENCY, b"E" * 16, 7), b"a" * 16),
        (dek(b"a" * 16), Origin(b"B" * 16, DEVICE, 7), b"a" * 16),
        (dek(b"a" * 16), ORIGIN, b"b" * 16),
    ]
    for key, origin, dossier in elsewhere:
        with pytest.raises(WrongKey):
            open_entry(key, origin, dossier, box)


def test_a_signature_of_somebody_else_is_refused():
    entry = Entry(b"a" * 16, "x", seal_entry(dek(b"a" * 16), ORIGIN, b"a" * 16, b"s"))
    forged = build(Cover(ORIGIN), [entry], nacl.signing.SigningKey(b"o" * 32), GROUP)
    with pytest.raises(Corrupt, match="pack_damaged"):
        opened(forged)
    with pytest.raises(Corrupt, match="pack_unsigned"):
        opened(forged, keys=lambda device: None)
    assert opened(forged, keys=None).check() == []


def test_a_pack_under_another_name_is_refused():
    data = made({b"a" * 16: b"x"})
    assert opened(data, name=opened(data).name).check() == []
    with pytest.raises(Corrupt) as caught:
        opened(data, name="0" * 64)
    assert caught.value.params == {"file": "0" * 64}


def trailed(body):
    """A file with the trailer that belongs to it: what a forger without any key can make."""
    body = body[:-40] + (len(body)).to_bytes(8, "big")
    return body + hashlib.sha256(body).digest()


def damaged(rng, data, pack):
    """One way to harm a pack."""
    how = rng.choice(
        ["cut", "flip", "zero", "swap", "drop", "double", "insert", "bit", "trailed flip", "tail"]
    )
    place = rng.randrange(len(data))
    size = rng.choice([1, 16, 512, 1024, 4096])
    if how == "cut":
        return data[:place]
    if how == "flip":
        return data[:place] + bytes([data[place] ^ 1 << rng.randrange(8)]) + data[place + 1 :]
    if how == "zero":
        end = min(len(data), place + size)
        return data[:place] + bytes(end - place) + data[end:]
    if how == "insert":
        return trailed(data[:place] + rng.randbytes(GRAIN) + data[place:])
    if how == "tail":
        return data + data[-GRAIN:]
    if how == "bit":
        # A hole that nobody ordered, the trailer right.
        at = pack.front + rng.randrange(-(-len(pack.listed) // 8))
        return trailed(data[:at] + bytes([data[at] ^ 1 << rng.randrange(8)]) + data[at + 1 :])
    if how == "trailed flip":
        place = rng.randrange(len(data) - 40)
        return trailed(
            data[:place] + bytes([data[place] ^ 1 << rng.randrange(8)]) + data[place + 1 :]
        )
    parts = [data[pack.places[n] : pack.places[n] + e.length] for n, e in enumerate(pack.listed)]
    a, b = rng.sample(range(len(parts)), 2)
    if how == "swap":
        parts[a], parts[b] = parts[b], parts[a]
    elif how == "drop":
        del parts[a]
    else:
        parts[a] = parts[b]
    body = data[: pack.places[0]] + b"".join(parts)
    body += bytes(-(len(body) + 40) % GRAIN + 40)
    return trailed(body)


def test_no_damaged_copy_of_two_thousand_is_accepted():
    rng = random.Random(4211)
    # Entries of two sizes, so that a swap may leave every length right.
    states = {rng.randbytes(16): rng.randbytes(rng.choice([400, 400, 900])) for _ in range(37)}
    data = made(states)
    pack = opened(data)
    assert accepted(data)
    tried = 0
    while tried < 2_000:
        bad = damaged(rng, data, pack)
        if bad != data:
            assert not accepted(bad), tried
            tried += 1


def test_damage_of_a_cut_pack_is_not_accepted_either():
    rng = random.Random(5)
    states = {rng.randbytes(16): rng.randbytes(300) for _ in range(12)}
    gone = set(list(states)[:3])
    data, _ = redacted(made(states), *gone)
    assert accepted(data, gone)
    pack = opened(data)
    for _ in range(500):
        place = rng.randrange(len(data))
        bad = data[:place] + bytes([data[place] ^ 1 << rng.randrange(8)]) + data[place + 1 :]
        assert not accepted(bad, gone), place
    # A further hole that the erasures do not name.
    more, _ = redacted(data, list(states)[5])
    assert not accepted(more, gone)
    assert len(pack.listed) == 12


def test_one_damaged_entry_leaves_the_others_readable_and_is_named():
    states = {bytes([n]) * 16: bytes([n]) * 500 for n in range(1, 6)}
    data = bytearray(made(states))
    pack = opened(bytes(data))
    data[pack.places[2] + 30] ^= 4
    pack = opened(bytes(data))
    assert pack.check() == [2]
    for number in (0, 1, 3, 4):
        pack.entry(number)
    # Cutting another one keeps the damage visible, cutting the damaged one heals the pack.
    less, _ = redacted(bytes(data), pack.listed[0].dossier)
    assert opened(less).check({pack.listed[0].dossier}) == [2]
    less, _ = redacted(bytes(data), pack.listed[2].dossier)
    assert opened(less).check({pack.listed[2].dossier}) == []


def test_entries_are_read_one_at_a_time():
    states = {bytes([n]) * 16: random.Random(n).randbytes(1 << 20) for n in range(1, 25)}
    data = io.BytesIO(made(states))
    tracemalloc.start()
    pack = Pack(data, key_of, GROUP)
    total = sum(len(box) for _, box in pack.entries())
    assert pack.check() == []
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert total > 24 << 20
    assert peak < 4 << 20


def shell(header):
    front = MAGIC + len(header).to_bytes(4, "big") + header
    body = front + SIGNER.sign(front).signature
    return trailed(body + bytes(-(len(body) + 40) % GRAIN + 40))


def hostile_headers():
    bomb = b"\xdd\xff\xff\xff\xff"
    fixed = [AGENCY, DEVICE, 1, bytes(32), 0, 0]
    start = b"\x99" + b"".join(msgpack.packb(v) for v in fixed)
    yield bomb * 200_000
    # Lists that would fit into the file, in each other: a library makes room for every one.
    yield b"\x99" + (b"\xdd" + struct.pack(">I", 900_000)) * 200_000
    yield start + bomb * 200_000
    yield start + b"\xdc\xff\xff" + bomb * 200_000
    yield start + b"\xdd" + struct.pack(">I", MOST_ENTRIES + 1) + b"\x94" * 100_000
    yield start + b"\xdd" + struct.pack(">I", MOST_ENTRIES) + b"\x91" * 500_000
    yield b"\x99\xc6\xff\xff\xff\xff"
    yield b"\x99\xdb\xff\xff\xff\xff"
    yield b"\xdf\xff\xff\xff\xff" * 100_000
    yield b"\x91" * 1_000_000
    yield b"\xc9\xff\xff\xff\xff\x01" * 100_000
    yield msgpack.packb([AGENCY, DEVICE, 2**64 - 1, bytes(32), 0, 0, [], 0, b""])
    yield msgpack.packb([AGENCY, DEVICE, True, bytes(32), 0, 0, [], 0, b""])
    yield msgpack.packb([AGENCY, DEVICE, -1, bytes(32), 0, 0, [], 0, b""])
    yield msgpack.packb(
        [AGENCY, DEVICE, 1, bytes(32), 0, 0, [[b"i" * 16, 2**62, bytes(32), []]], 0, b""]
    )
    yield msgpack.packb([AGENCY, DEVICE, 1, bytes(32), 0, 0, [], 0, msgpack.packb(["", [], [1]])])
    yield msgpack.packb([AGENCY, DEVICE, 1, bytes(32), 0, 0, [], 0, bomb * 100_000])
    yield msgpack.packb([AGENCY, DEVICE, 1, bytes(32), 0, 0, [], 2, b""])
    many = [[b"i" * 16, 1, bytes(32), [[bytes(32), 1, bytes(32)]] * 9_000]] * 4
    private = msgpack.packb(["", [], [["", b"", b""]] * 4])
    yield msgpack.packb([AGENCY, DEVICE, 1, bytes(32), 0, 0, many, 0, private])
    whole = msgpack.packb([AGENCY, DEVICE, 1, bytes(32), 0, 0, [], 0, msgpack.packb(["", [], []])])
    yield whole + b"\0"
    yield msgpack.packb({"agency": AGENCY})
    yield b""


@pytest.mark.parametrize("number", range(len(list(hostile_headers()))))
def test_hostile_headers_cannot_exhaust_memory(number):
    data = shell(list(hostile_headers())[number])
    tracemalloc.start()
    with pytest.raises(Corrupt, match="pack_damaged"):
        opened(data)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 48 << 20


def test_a_length_beyond_the_file_reads_nothing(tmp_path):
    (tmp_path / "forged").write_bytes(MAGIC + b"\x7f\xff\xff\xff" + bytes(2000))
    with (tmp_path / "forged").open("rb") as file:
        tracemalloc.start()
        with pytest.raises(Corrupt):
            Pack(file, key_of, GROUP)
        assert tracemalloc.get_traced_memory()[1] < 1 << 20
        tracemalloc.stop()


def test_a_file_of_another_length_is_refused_by_its_header_alone():
    data = made({b"a" * 16: random.Random(1).randbytes(5000)})
    for bad in (data[:-GRAIN], data[:-1], data + bytes(GRAIN), data + b"\0"):
        with pytest.raises(Corrupt, match="pack_damaged"):
            opened(bad)


@settings(max_examples=300, deadline=None)
@given(st.binary(max_size=400))
def test_any_bytes_are_refused_with_our_error(data):
    for bad in (data, MAGIC + data, shell(data)):
        with pytest.raises(Corrupt):
            opened(bad)


def test_a_bomb_in_an_entry_is_refused():
    bomb = zstandard.ZstdCompressor(level=19).compress(bytes(MOST_STATE + 1))
    unsized = zstandard.ZstdCompressor(write_content_size=False).compress(bytes(100))
    import nacl.secret

    for zipped in (bomb, unsized, b"no zip"):
        box = nacl.secret.Aead(dek(b"a" * 16)).encrypt(zipped, module._aad(ORIGIN, b"a" * 16))
        with pytest.raises(Corrupt):
            open_entry(dek(b"a" * 16), ORIGIN, b"a" * 16, bytes(box))


def test_limits_of_the_writer():
    entry = Entry(b"a" * 16, "x", b"box")
    with pytest.raises(ValueError, match="too much"):
        build(Cover(ORIGIN), [entry] * (MOST_ENTRIES + 1), SIGNER)
    with pytest.raises(ValueError, match="too large"):
        seal_entry(bytes(32), ORIGIN, b"a" * 16, bytes(MOST_STATE + 1))
    largest = build(Cover(ORIGIN), [entry] * MOST_ENTRIES, SIGNER)
    assert opened(largest, None).check() == []


def test_cutting_a_torn_pack_keeps_it_unacceptable():
    states = {bytes([n]) * 16: bytes([n]) * 2000 for n in range(1, 5)}
    data = made(states)
    with pytest.raises(Corrupt, match="pack_damaged"):
        redacted(data[: len(data) // 2], b"\x01" * 16)
