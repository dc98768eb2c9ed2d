"""The plugins in this process, and small files for them."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from clementine_crm.plugin_api import ItemPayload, Mail, Rejection
from clementine_crm.plugin_host.lent import LentTools
from tests.plugins.readings import InProcess

Read = Callable[..., list[ItemPayload | Rejection]]


@pytest.fixture(scope="session")
def plugins() -> InProcess:
    """The bundled plugins without any setting."""
    return InProcess()


@pytest.fixture
def read(plugins: InProcess, tmp_path: Path) -> Read:
    """What the plugins make of bytes under a name; ``plugin`` asks one although it may not sniff it."""

    def made(data: bytes, name: str = "contact-fr.csv", plugin: str | None = "website_forms"):
        path = tmp_path / name
        path.write_bytes(data)
        return plugins.read(path, plugin)

    return made


def site_mail(text: str, *, headers: str = "", site: str = "wordpress@site.example.org") -> Mail:
    """A plain notification, as the parser gives it."""
    head = (
        f"From: Agence Exemple <{site}>\nTo: recrutement@agence.example.org\n"
        f"Subject: Nouveau message\nDate: Fri, 20 Nov 2026 09:00:00 +0000\n"
        f"Content-Type: text/plain; charset=utf-8\n{headers}\n"
    )
    return LentTools().mail((head + text).encode("utf-8"))
