"""Sealed documents: whole or damaged, never something else."""

import os
import sys

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from clementine_crm.errors import Corrupt, NotFound, StorageError
from clementine_crm.store import documents as module
from clementine_crm.store.documents import CHUNK, Documents, seal, unseal

DEK, OTHER = bytes(range(32)), bytes(32)
ANNE, PAUL = b"a" * 16, b"p" * 16
STEP = CHUNK + 40


@pytest.fixture
def store(tmp_path):
    return Documents(tmp_path)


@pytest.mark.parametrize("size", [0, 1, CHUNK - 1, CHUNK, CHUNK + 1, 3 * CHUNK])
def test_round_trip(store, size):
    data = os.urandom(size)
    name = store.put(DEK, ANNE, data)
    assert store.get(DEK, ANNE, name) == data
    assert list(store.names()) == [name]
    raw = store.path(name).read_bytes()
    assert store.path(name).parent.name == name[:2]
    assert size < 64 or data[:64] not in raw


def test_twice_is_one_file_and_two_persons_have_two_names(store):
    name = store.put(DEK, ANNE, b"cv")
    before = store.path(name).read_bytes()
    assert store.put(DEK, ANNE, b"cv") == name
    assert store.path(name).read_bytes() == before
    assert store.put(OTHER, PAUL, b"cv") != name


def test_a_torn_file_is_mended_by_storing_again(store):
    name = store.put(DEK, ANNE, b"cv")
    store.path(name).write_bytes(b"CLDO\x01torn")
    with pytest.raises(Corrupt):
        store.get(DEK, ANNE, name)
    assert store.put(DEK, ANNE, b"cv") == name
    assert store.get(DEK, ANNE, name) == b"cv"


def damage(raw):
    body = [raw[5 + n : 5 + n + STEP] for n in range(0, len(raw) - 5, STEP)]
    yield "last chunk gone", raw[:5] + b"".join(body[:-1])
    yield "last two gone", raw[:5] + b"".join(body[:-2])
    yield "chunks swapped", raw[:5] + body[1] + body[0] + body[2]
    yield "chunk doubled", raw + body[2]
    yield "first gone", raw[:5] + b"".join(body[1:])
    yield "cut inside", raw[:-1]
    yield "one byte more", raw + b"\0"
    yield "empty", b""
    yield "head alone", raw[:5]
    yield "zeros", bytes(len(raw))
    yield "other head", b"CLDO\x02" + raw[5:]
    for place in (5, 40, STEP, len(raw) - 1):
        yield f"bit at {place}", raw[:place] + bytes([raw[place] ^ 1]) + raw[place + 1 :]


def test_every_damage_is_named(store):
    name = store.put(DEK, ANNE, os.urandom(2 * CHUNK + 5))
    path = store.path(name)
    raw = path.read_bytes()
    for what, bad in damage(raw):
        path.write_bytes(bad)
        with pytest.raises(Corrupt) as caught:
            store.get(DEK, ANNE, name)
        assert (caught.value.key, caught.value.params) == ("document_damaged", {"name": name}), what
    path.write_bytes(raw)
    for dek, dossier in ((OTHER, ANNE), (DEK, PAUL)):
        with pytest.raises(Corrupt):
            store.get(dek, dossier, name)


def test_a_document_put_in_place_of_another_is_seen(store):
    one, two = store.put(DEK, ANNE, b"one"), store.put(DEK, ANNE, b"two")
    store.path(one).write_bytes(store.path(two).read_bytes())
    with pytest.raises(Corrupt):
        store.get(DEK, ANNE, one)


@given(st.binary(max_size=300), st.integers(1, 64), st.data())
@settings(max_examples=80)
def test_small_chunks_too(content, chunk, data):
    real, module.CHUNK = module.CHUNK, chunk
    try:
        sealed = seal(DEK, ANNE, content)
        assert unseal(DEK, ANNE, sealed) == content
        cut = data.draw(st.integers(0, len(sealed) - 1))
        assert unseal(DEK, ANNE, sealed[:cut]) is None
    finally:
        module.CHUNK = real


def test_gone_is_gone(store, tmp_path):
    name = store.put(DEK, ANNE, b"cv")
    store.delete(ANNE, name)
    store.delete(ANNE, name)
    assert list(tmp_path.rglob("*")) == []
    with pytest.raises(NotFound, match="document_missing"):
        store.get(DEK, ANNE, name)


@pytest.mark.parametrize(
    "name", ["", "../../keys.json", "A" * 64, "0" * 63, "0" * 64 + "\n", "/etc/passwd"]
)
def test_a_name_never_leads_out(store, name):
    with pytest.raises(NotFound):
        store.get(DEK, ANNE, name)
    with pytest.raises(NotFound):
        store.delete(ANNE, name)


def test_half_written_files_are_swept(store):
    name = store.put(DEK, ANNE, b"cv")
    (store.path(name).parent / f"{name}.12ab34cd.tmp").write_bytes(b"half")
    assert list(store.names()) == [name]
    assert store.sweep() == 1
    assert store.get(DEK, ANNE, name) == b"cv"


@pytest.mark.skipif(sys.platform == "win32", reason="limits of POSIX")
def test_no_room_leaves_nothing(tmp_path):
    import subprocess

    code = """
import resource, signal, sys
from pathlib import Path
from clementine_crm.errors import DiskFull
from clementine_crm.store.documents import Documents
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (5000, 5000))
try:
    Documents(Path(sys.argv[1])).put(bytes(32), bytes(16), bytes(10000))
except DiskFull as error:
    print(error.key)
"""
    done = subprocess.run(
        [sys.executable, "-c", code, str(tmp_path)], capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "disk_full"
    assert not [p for p in tmp_path.rglob("*") if p.is_file()]


def test_a_folder_that_cannot_be_made(tmp_path):
    (tmp_path / "file").write_text("x")
    with pytest.raises(StorageError, match="file_not_written"):
        Documents(tmp_path / "file").put(DEK, ANNE, b"cv")
