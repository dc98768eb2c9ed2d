"""keys.json: opened by a password or the 24 words, never altered by a failure."""

import hashlib
import itertools
import json
import os
from datetime import UTC, date, datetime, timedelta

import pytest

from clementine_crm.errors import (
    Busy,
    ClementineError,
    Corrupt,
    NotFound,
    RuleViolation,
    SchemaTooNew,
    StorageError,
    ValidationError,
    WrongKey,
)
from clementine_crm.keys import keycontent, keycopies, keyfile, throttle, wrapping

ANNE = "anne@example.org"
PAUL = "paul@example.org"
FIRST = "Lac#7tonneau!Brume"
SECOND = "Vélo.rouge&7fenêtres"


class Hands:
    """A clock that a test turns."""

    def __init__(self):
        self.at = datetime(2026, 11, 24, 9, tzinfo=UTC)

    def now(self):
        return self.at

    def today(self):
        return date(2026, 11, 24)


@pytest.fixture(autouse=True)
def _light_argon(monkeypatch):
    """Eight hundredths of a second for each of a hundred unlocks is not what is tested here."""
    monkeypatch.setattr(wrapping.wrap, "__defaults__", (1, 8 << 10))


@pytest.fixture
def made(tmp_path):
    opened, words = keyfile.create(tmp_path, ANNE, FIRST)
    return tmp_path, opened, words


def hashes(folder, but=()):
    return {
        path.name: hashlib.sha256(path.read_bytes()).hexdigest()
        for path in folder.iterdir()
        if path.name not in but
    }


def test_the_password_opens(made):
    folder, opened, _ = made
    again = keyfile.unlock(folder, "  ANNE@Example.org ", FIRST)
    assert again == opened
    assert len(again.db_key) == 32
    assert again.agency_secret != again.db_key
    assert repr(opened.db_key) not in repr(opened)
    assert "ANNE" not in repr(opened)


def test_nothing_readable_without_a_secret(made):
    folder, opened, words = made
    for name in keycopies.NAMES:
        text = (folder / name).read_text()
        for secret in (opened.db_key, opened.agency_secret):
            assert secret.hex() not in text
        assert not any(f'"{w}"' in text for w in words)
        assert FIRST not in text


@pytest.mark.skipif(os.name == "nt", reason="permissions of the system")
def test_the_files_are_their_owners_alone(made):
    folder, _, _ = made
    assert all((folder / name).stat().st_mode & 0o077 == 0 for name in keycopies.NAMES)


@pytest.mark.parametrize(("email", "password"), [(ANNE, FIRST + "x"), (ANNE, ""), (PAUL, FIRST)])
def test_wrong_user_and_wrong_password_look_the_same_and_change_nothing(made, email, password):
    folder, _, _ = made
    before = hashes(folder)
    with pytest.raises(WrongKey) as caught:
        keyfile.unlock(folder, email, password)
    assert (caught.value.key, caught.value.params) == ("wrong_password", {})
    assert hashes(folder, but=(throttle.NAME,)) == before


def test_failures_slow_down_and_success_forgets(made):
    folder, _, _ = made
    clock = Hands()
    for _ in range(5):
        with pytest.raises(WrongKey):
            keyfile.unlock(folder, ANNE, "no", clock)
    with pytest.raises(Busy) as caught:  # even with the right one
        keyfile.unlock(folder, ANNE, FIRST, clock)
    assert (caught.value.key, caught.value.params) == ("unlock_wait", {"n": 5})
    clock.at += timedelta(seconds=5)
    with pytest.raises(WrongKey):
        keyfile.unlock(folder, ANNE, "no", clock)
    assert throttle.wait(folder, clock) == 10
    clock.at -= timedelta(days=3650)  # a clock set back neither frees nor locks for years
    assert throttle.wait(folder, clock) == 10
    clock.at += timedelta(days=3651)
    keyfile.unlock(folder, ANNE, FIRST, clock)
    assert not (folder / throttle.NAME).exists()


@pytest.mark.parametrize("content", [b"", b"{", b"[]", b'{"failures": 1e400, "last": 0}', b"\xff"])
def test_a_forged_counter_does_not_stop_the_owner(made, content):
    folder, _, _ = made
    (folder / throttle.NAME).write_bytes(content)
    assert keyfile.unlock(folder, ANNE, FIRST).email == ANNE


def test_the_wait_has_a_ceiling(made):
    folder, _, _ = made
    clock = Hands()
    (folder / throttle.NAME).write_text(
        json.dumps({"failures": 10**6, "last": clock.at.timestamp()})
    )
    assert throttle.wait(folder, clock) == 900


def test_the_words_open_and_give_a_new_password(made):
    folder, opened, words = made
    text = " ".join(words).upper()
    assert keyfile.check_recovery(folder, text)
    assert not keyfile.check_recovery(folder, " ".join(wrapping.RecoveryKey.new().words))
    again = keyfile.set_password_by_recovery(folder, text, ANNE, SECOND)
    assert again.db_key == opened.db_key
    assert keyfile.unlock(folder, ANNE, SECOND).db_key == opened.db_key
    with pytest.raises(WrongKey):
        keyfile.unlock(folder, ANNE, FIRST)
    with pytest.raises(NotFound):
        keyfile.set_password_by_recovery(folder, text, PAUL, SECOND)
    other = " ".join(wrapping.RecoveryKey.new().words)
    with pytest.raises(WrongKey):
        keyfile.set_password_by_recovery(folder, other, ANNE, SECOND)


def test_changing_needs_the_old_one_and_refuses_the_former_five(made):
    folder, opened, _ = made
    with pytest.raises(WrongKey):
        keyfile.change_password(folder, ANNE, "no", SECOND)
    chain = [FIRST, SECOND] + [f"Tonneau#{n}Brume&Lac" for n in range(2, 7)]
    for old, new in itertools.pairwise(chain):
        keyfile.change_password(folder, ANNE, old, new)
    for former in chain[1:]:  # the present one and the five before it
        with pytest.raises(ValidationError) as caught:
            keyfile.change_password(folder, ANNE, chain[-1], former)
        assert caught.value.key == "password_rules"
        assert "reused" in caught.value.params["rules"]
        assert "reused" in keyfile.unmet(folder, opened.db_key, ANNE, former)
    keyfile.change_password(folder, ANNE, chain[-1], chain[0])  # the sixth before it is free again
    assert keyfile.unlock(folder, ANNE, chain[0]).db_key == opened.db_key


def test_a_weak_one_creates_nothing(tmp_path):
    with pytest.raises(ValidationError):
        keyfile.create(tmp_path / "new", ANNE, "Anne#7tonneau!", about=["Anne Lac"])
    assert not (tmp_path / "new").exists()
    with pytest.raises(ValidationError):
        keyfile.create(tmp_path / "new", "not an address", FIRST)


def test_creating_never_replaces(made):
    folder, _, _ = made
    (folder / "keys.json").unlink()
    before = hashes(folder)
    with pytest.raises(StorageError, match="keys_exist"):
        keyfile.create(folder, PAUL, SECOND)
    assert hashes(folder) == before


def test_users_come_and_go(made):
    folder, opened, _ = made
    with pytest.raises(RuleViolation, match="user_last"):
        keyfile.remove_user(folder, opened.db_key, ANNE)
    keyfile.add_user(folder, opened.db_key, PAUL, SECOND)
    with pytest.raises(RuleViolation, match="user_exists"):
        keyfile.add_user(folder, opened.db_key, PAUL, SECOND)
    with pytest.raises(Corrupt):
        keyfile.add_user(folder, os.urandom(32), "eve@example.org", SECOND)
    assert keyfile.users(folder) == [ANNE, PAUL]
    assert keyfile.last_user(folder) == ANNE
    paul = keyfile.unlock(folder, PAUL, SECOND)
    assert paul.db_key == opened.db_key
    assert paul.must_change
    assert keyfile.last_user(folder) == PAUL
    keyfile.change_password(folder, PAUL, SECOND, "Un.autre#7tonneau")
    assert not keyfile.unlock(folder, PAUL, "Un.autre#7tonneau").must_change
    keyfile.remove_user(folder, opened.db_key, PAUL)
    with pytest.raises(WrongKey):
        keyfile.unlock(folder, PAUL, "Un.autre#7tonneau")
    with pytest.raises(NotFound):
        keyfile.remove_user(folder, opened.db_key, PAUL)
    assert keyfile.last_user(folder) == ANNE


def test_the_key_store_opens_users_of_this_home_only(made):
    folder, opened, _ = made
    assert keyfile.unlock_with_key(folder, ANNE, opened.db_key) == opened
    for email, key in ((PAUL, opened.db_key), (ANNE, os.urandom(32))):
        with pytest.raises(WrongKey):
            keyfile.unlock_with_key(folder, email, key)


@pytest.mark.parametrize("torn", keycopies.NAMES)
@pytest.mark.parametrize("how", ["cut", "empty", "zeros", "absent", "flipped", "huge"])
def test_a_torn_copy_is_healed_from_the_other(made, torn, how):
    folder, opened, _ = made
    path = folder / torn
    good = path.read_bytes()
    if how == "absent":
        path.unlink()
    else:
        flipped = good.replace(b'"ops": 1', b'"ops": 2')
        assert flipped != good
        path.write_bytes(
            {
                "cut": good[: len(good) // 2],
                "empty": b"",
                "zeros": bytes(len(good)),
                "flipped": flipped,
                "huge": b" " * (5 << 20),
            }[how]
        )
    assert keyfile.unlock(folder, ANNE, FIRST) == opened
    assert path.read_bytes() == good


def test_dying_between_the_two_copies_keeps_the_newer(made, monkeypatch):
    folder, opened, _ = made
    real = keycopies.replace_file

    def dies(path, data):
        if path.name == keycopies.NAMES[1]:
            raise KeyboardInterrupt
        real(path, data)

    monkeypatch.setattr(keycopies, "replace_file", dies)
    with pytest.raises(KeyboardInterrupt):
        keyfile.change_password(folder, ANNE, FIRST, SECOND)
    monkeypatch.setattr(keycopies, "replace_file", real)
    assert keyfile.unlock(folder, ANNE, SECOND) == opened
    assert len({(folder / name).read_bytes() for name in keycopies.NAMES}) == 1


def test_both_torn_or_absent_is_said(made):
    folder, _, _ = made
    for name in keycopies.NAMES:
        (folder / name).write_bytes(b'{"format": 1')
    before = hashes(folder)
    with pytest.raises(Corrupt, match="keys_damaged"):
        keyfile.unlock(folder, ANNE, FIRST)
    assert hashes(folder) == before
    for name in keycopies.NAMES:
        (folder / name).unlink()
    with pytest.raises(StorageError, match="keys_missing"):
        keyfile.unlock(folder, ANNE, FIRST)
    assert list(folder.iterdir()) == []


def forge(folder, change):
    """Write both copies with a right check: a skilled hand without the key."""
    body = json.loads((folder / "keys.json").read_text())
    body.pop("check")
    change(body)
    for name in keycopies.NAMES:
        (folder / name).write_bytes(keycopies._render(body))


def test_a_newer_file_is_left_alone(made):
    folder, _, _ = made
    forge(folder, lambda body: body.update(format=2))
    before = hashes(folder)
    with pytest.raises(SchemaTooNew, match="keys_newer"):
        keyfile.unlock(folder, ANNE, FIRST)
    assert hashes(folder) == before


def test_a_planted_recovery_key_is_seen(made):
    folder, _, _ = made
    thief = wrapping.RecoveryKey.new()
    forge(folder, lambda body: body.update(recovery_public=thief.public.hex()))
    with pytest.raises(Corrupt, match="keys_altered"):
        keyfile.unlock(folder, ANNE, FIRST)


@pytest.mark.parametrize(
    "change",
    [
        lambda body: body["users"][ANNE].update(mem=1 << 50),
        lambda body: body["users"][ANNE].update(ops=10**9),
        lambda body: body["users"][ANNE].update(salt="zz"),
        lambda body: body["users"][ANNE].pop("box"),
        lambda body: body.update(users=[]),
        lambda body: body.update(users={}),
        lambda body: body.update(agency_id=7),
        lambda body: body.update(format=True and "1"),
        lambda body: body.update(recovery_box=None),
    ],
)
def test_a_hostile_file_is_damage_not_a_crash(made, change):
    folder, _, _ = made
    forge(folder, change)
    before = hashes(folder)
    with pytest.raises(ClementineError) as caught:
        keyfile.unlock(folder, ANNE, FIRST)
    assert caught.value.key == "keys_damaged"
    assert hashes(folder) == before


def test_two_processes_do_not_overwrite_each_other(made):
    folder, opened, _ = made
    content, sequence = keycontent.load(folder)
    keyfile.add_user(folder, opened.db_key, PAUL, SECOND)
    with pytest.raises(Busy):
        keycontent.save(folder, content, opened.db_key, sequence)
    assert keyfile.users(folder) == [ANNE, PAUL]


def test_the_cost_is_the_one_that_was_settled(tmp_path, monkeypatch):
    monkeypatch.setattr(wrapping.wrap, "__defaults__", (wrapping.OPS, wrapping.MEM_BYTES))
    keyfile.create(tmp_path, ANNE, FIRST)
    user = json.loads((tmp_path / "keys.json").read_text())["users"][ANNE]
    assert (user["ops"], user["mem"]) == (3, 64 * 1024 * 1024)


def test_another_keyboard_types_the_same(made):
    folder, opened, _ = made
    import unicodedata

    keyfile.change_password(folder, ANNE, FIRST, SECOND)
    assert (
        keyfile.unlock(folder, ANNE, unicodedata.normalize("NFD", SECOND)).db_key == opened.db_key
    )


class OtherMachine:
    name = "machine"

    def close(self, data):
        return data[::-1]

    def open(self, data):
        return data[::-1]


def test_a_second_lock_of_the_machine(tmp_path, monkeypatch):
    monkeypatch.setattr(keyfile, "machine_vault", OtherMachine)
    opened, words = keyfile.create(tmp_path, ANNE, FIRST)
    assert keyfile.unlock(tmp_path, ANNE, FIRST) == opened
    monkeypatch.undo()
    with pytest.raises(StorageError, match="keys_other_machine"):
        keyfile.unlock(tmp_path, ANNE, FIRST)
    monkeypatch.setattr(wrapping.wrap, "__defaults__", (1, 8 << 10))
    again = keyfile.set_password_by_recovery(tmp_path, " ".join(words), ANNE, SECOND)
    assert again.db_key == opened.db_key
