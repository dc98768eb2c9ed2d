"""Whose signatures hold in a copy: one small file a device, vouched for by the agency secret.

Who holds the secret (the home, or the ring opened by the 24 words) accepts a device only with the
secret's MAC. Without it, the files are taken at their word: enough to find damage, not to find a forger.
"""

from __future__ import annotations

import hashlib
import hmac
import re

from clementine_crm.errors import Corrupt
from clementine_crm.hub import sheet
from clementine_crm.hub.ports import Identity, derived
from clementine_crm.hub.shelf import Shelf
from clementine_crm.hub.strict import MalformedError, Reader, pack

PLACE = "signers"
ENDING = ".key"
LETTERS = b"CLSK"
_MAC = 32
_MOST = 1_024
_NAME = re.compile(r"[0-9a-f]{32}\.key\Z")


def publish(shelf: Shelf, identity: Identity) -> None:
    """Write this device's public key down."""
    body = pack([identity.public, _mac(identity.secret, identity.device, identity.public)])
    data = sheet.write(LETTERS, identity.device, body, identity.sign)
    shelf.put(f"{PLACE}/{identity.device.hex()}{ENDING}", data)


def known_to(shelf: Shelf, secret: bytes | None) -> dict[bytes, bytes]:
    """Device → public key of those that may sign here; whatever is wrong with one leaves it out."""
    known: dict[bytes, bytes] = {}
    for name in shelf.sizes(PLACE, ENDING):
        if _NAME.match(name):
            data = shelf.get(f"{PLACE}/{name}", _MOST)
            found = _one(data, secret)
            if found is not None:
                known[found[0]] = found[1]
    return known


def _one(data: bytes, secret: bytes | None) -> tuple[bytes, bytes] | None:
    try:
        device, body = sheet.read(LETTERS, data, None, PLACE)
        reader = Reader(body)
        reader.array(2, 2)
        public, mac = reader.octets(32), reader.octets(_MAC)
        reader.end()
        sheet.read(LETTERS, data, lambda _: public, PLACE)
    except (Corrupt, MalformedError):
        return None
    if secret is not None and not hmac.compare_digest(mac, _mac(secret, device, public)):
        return None
    return device, public


def _mac(secret: bytes, device: bytes, public: bytes) -> bytes:
    key = derived(secret, "copy-signers")
    return hashlib.blake2b(device + public, key=key, digest_size=_MAC).digest()
