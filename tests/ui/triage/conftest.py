"""Triage, open on the incoming items of the demonstration, its first item on show."""

from __future__ import annotations

import pytest

from clementine_crm.domain.ids import Id
from tests.ui.conftest import Quiet
from ui.pages.triage import TriagePage
from ui.shell import Shell


@pytest.fixture
def page(shell: Shell, open_page, quiet: Quiet, qtbot) -> TriagePage:
    page = open_page("triage", TriagePage)
    assert isinstance(page, TriagePage)
    shell.activateWindow()
    qtbot.waitUntil(lambda: page.ready is not None, timeout=20_000)
    quiet()
    return page


def choose(page: TriagePage, name: str, qtbot) -> Id:
    row = next(r for r in page.queue.rows if r.name == name)
    assert page.queue.choose(row.id)
    qtbot.waitUntil(lambda: page.ready is not None and page.ready.row.id == row.id, timeout=20_000)
    page.queue.list.setFocus()
    return row.id
