"""The list of candidates, open on the agency after a morning's triage."""

from __future__ import annotations

import pytest

from clementine_crm.bootstrap import Desk
from tests.ui.conftest import Quiet
from ui.pages.candidates import CandidatesPage
from ui.pages.dossier import DossierPage
from ui.shell import Place, Shell


@pytest.fixture
def desk(kept_desk: Desk) -> Desk:
    return kept_desk


@pytest.fixture
def page(shell: Shell, quiet: Quiet, qtbot) -> CandidatesPage:
    shell.add_place(Place("candidates", "people", "shell.candidates", CandidatesPage))
    shell.add_place(Place("dossier", "", "shell.candidates", DossierPage, under="candidates"))
    shell.activateWindow()
    shell.go("candidates")
    page = shell.page("candidates")
    assert isinstance(page, CandidatesPage)
    qtbot.waitUntil(lambda: page.pane.view is not None, timeout=20_000)
    quiet()
    return page
