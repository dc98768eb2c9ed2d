"""The system key store: never required, never plain."""

import keyring.backends.fail
import keyring.backends.null
import keyring.errors
from keyring.backend import KeyringBackend

from clementine_crm.keys import keystore

HERE = (__name__,)


class Memory(KeyringBackend):
    priority = 1

    def __init__(self):
        super().__init__()
        self.held = {}

    def get_password(self, service, username):
        return self.held.get((service, username))

    def set_password(self, service, username, password):
        self.held[service, username] = password

    def delete_password(self, service, username):
        if self.held.pop((service, username), None) is None:
            raise keyring.errors.PasswordDeleteError


class Locked(Memory):
    def get_password(self, service, username):
        raise keyring.errors.KeyringLocked

    def set_password(self, service, username, password):
        raise keyring.errors.KeyringLocked


def test_keeps_one_key_per_home_and_user():
    store = Memory()
    assert keystore.keep("home", "a@example.org", bytes(range(32)), store, HERE)
    assert keystore.from_key_store("home", "a@example.org", store, HERE) == bytes(range(32))
    assert keystore.from_key_store("home", "b@example.org", store, HERE) is None
    assert keystore.from_key_store("other", "a@example.org", store, HERE) is None
    keystore.forget("home", "a@example.org", store, HERE)
    keystore.forget("home", "a@example.org", store, HERE)
    assert keystore.from_key_store("home", "a@example.org", store, HERE) is None


def test_an_unknown_store_is_refused():
    store = Memory()
    for backend in (store, keyring.backends.fail.Keyring(), keyring.backends.null.Keyring()):
        assert not keystore.available(backend)
        assert not keystore.keep("home", "a@example.org", bytes(32), backend)
        assert keystore.from_key_store("home", "a@example.org", backend) is None
    assert store.held == {}


def test_a_locked_or_spoilt_store_is_no_store():
    assert keystore.from_key_store("home", "a@example.org", Locked(), HERE) is None
    assert not keystore.keep("home", "a@example.org", bytes(32), Locked(), HERE)
    store = Memory()
    for junk in ("", "not base64!", "AAAA", "é"):
        store.held[keystore.SERVICE, "home/a@example.org"] = junk
        assert keystore.from_key_store("home", "a@example.org", store, HERE) is None
