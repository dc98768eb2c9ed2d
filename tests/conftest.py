"""Ground for every test: no network, a home of its own, a key store in memory, no stray warning."""

from __future__ import annotations

import logging
import os
from collections.abc import Iterator
from pathlib import Path

import pytest

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
os.environ["PYTHON_KEYRING_BACKEND"] = "keyring.backends.null.Keyring"

DATA = Path(__file__).parent / "data"


@pytest.fixture(scope="session")
def samples(request: pytest.FixtureRequest) -> Path:
    """The folder given with ``--samples``; a test that asks for it is skipped without."""
    folder = request.config.getoption("--samples")
    if not folder:
        pytest.skip("runs with --samples DIR")
    return Path(folder)


@pytest.fixture
def data() -> Path:
    return DATA


@pytest.fixture(scope="session", autouse=True)
def _kept_readers() -> Iterator[None]:
    """A desk's readers go on to the next desk; tests of the reader itself start their own."""
    from clementine_crm import bootstrap
    from tests.support import readers

    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(bootstrap, "ReaderProcess", readers.lend)
        yield
    readers.end_all()


@pytest.fixture(autouse=True)
def _own_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CLEMENTINE_HOME", str(tmp_path / "default-home"))
    for name in ("CLEMENTINE_PASSWORD", "CLEMENTINE_RECOVERY_KEY", "CLEMENTINE_LANG"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture(autouse=True)
def _no_unexpected_warning(request: pytest.FixtureRequest, caplog: pytest.LogCaptureFixture):
    """A warning in the log is a failure unless the test says it expects it (marker ``logs``)."""
    yield
    if request.node.get_closest_marker("logs"):
        return
    loud = [r for r in caplog.get_records("call") if r.levelno >= logging.WARNING]
    assert not loud, [f"{r.name}: {r.getMessage()}" for r in loud]


def pytest_runtest_setup(item: pytest.Item) -> None:
    if not item.get_closest_marker("network"):
        from pytest_socket import disable_socket

        disable_socket(allow_unix_socket=True)
