"""Build ``resources/leaked.bin``, the offline list of passwords that everybody tries first.

    python installer/make_leaked.py resources/leaked.bin LIST…

Each LIST is a text file (one password a line), the same gzipped, or a JSON array. Only the first
five bytes of the SHA-256 of each folded password are kept, sorted: small, and searched by halving.
Where the lists come from, and their licences, stands in ``resources/ORIGINS.md``.
"""

from __future__ import annotations

import gzip
import hashlib
import json
import sys
import unicodedata
from pathlib import Path

MAGIC = b"CLKD\x01"
PREFIX = 5
SHORTEST = 4


def fold(text: str) -> str:
    """As ``clementine_crm.keys.passwords.fold``; a test compares the two."""
    return unicodedata.normalize("NFKC", text).casefold()


def read(path: Path) -> list[str]:
    data = path.read_bytes()
    if path.suffix == ".gz":
        data = gzip.decompress(data)
    text = data.decode("utf-8", "replace")
    return [str(word) for word in json.loads(text)] if path.suffix == ".json" else text.splitlines()


def build(words: list[str]) -> bytes:
    folded = {fold(word.strip()) for word in words}
    hashes = {
        hashlib.sha256(word.encode()).digest()[:PREFIX] for word in folded if len(word) >= SHORTEST
    }
    return MAGIC + len(hashes).to_bytes(4, "big") + b"".join(sorted(hashes))


if __name__ == "__main__":
    everything = [word for name in sys.argv[2:] for word in read(Path(name))]
    Path(sys.argv[1]).write_bytes(build(everything))
