"""A paper home with forty dossiers, and a folder for its copies."""

import os
import random

import pytest

from tests.integration.hub.own_copy.copying import CANARY
from tests.integration.hub.paper import (
    FixedClock,
    PaperHome,
)


@pytest.fixture
def clock():
    return FixedClock()


@pytest.fixture
def home(tmp_path, clock):
    made = PaperHome(tmp_path / "home", clock=clock)
    made.folder.mkdir()
    for n in range(40):
        made.add(
            CANARY + b" %d" % n,
            texts=[f"{CANARY.decode()} text {n}"] if n % 3 else [],
            files=[random.Random(n).randbytes(900), CANARY] if n % 4 == 0 else [],
        )
    return made


@pytest.fixture
def unforced(monkeypatch):
    """Nothing is forced to the disk: for tests of hundreds of runs."""
    monkeypatch.setattr(os, "fsync", lambda descriptor: None)
    monkeypatch.setattr(os, "posix_fadvise", lambda *_: None, raising=False)


@pytest.fixture
def folder(tmp_path):
    return tmp_path / "key"
