"""Persons whom a list may show and no search: found by how their name begins, and only they."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from clementine_crm.domain.agency import Role, User
from clementine_crm.domain.consent_model import EventType, Purpose
from clementine_crm.errors import NotAllowed
from clementine_crm.queries.listed_names import MOST, only_listed
from clementine_crm.queries.reading import Reading
from clementine_crm.store.documents import Documents
from tests.integration.queries.search_home import Act, SearchHome
from tests.support.agency import FIRST_DAY, TestClock

SOURCED = (Act(EventType.SOURCED, FIRST_DAY),)
PLACED = (Act(EventType.PLACED, FIRST_DAY, Purpose.PLACEMENT),)


@pytest.fixture
def home(tmp_path: Path) -> Iterator[SearchHome]:
    home = SearchHome(tmp_path)
    yield home
    home.close()


def reading_of(home: SearchHome, role: Role = Role.MANAGER) -> Reading:
    actor = User(b"", "kim@example.org", "Kim Ott", roles=f"{role}")
    return Reading(home.reader, home.reader, Documents(Path()), TestClock(), actor)


def names(home: SearchHome, text: str) -> list[str]:
    return [row.name for row in only_listed(reading_of(home), text)]


def test_the_family_name_or_both_in_any_order(home: SearchHome) -> None:
    home.add("Jean-Marc Larrieu", acts=SOURCED)
    home.add("Ana De La Tour", acts=PLACED)
    for text in ("larr", "LARRIEU", "larrieu jean", "jean-marc larrieu", "Larrieu Jean-M"):
        assert names(home, text) == ["Jean-Marc Larrieu"], text
    assert names(home, "de la tour") == ["Ana De La Tour"]
    assert names(home, "ana de la t") == ["Ana De La Tour"]
    for text in ("", "la", "jean", "arrieu", "larrieu paul", "un deux trois quatre cinq six"):
        assert names(home, text) == [], text


def test_who_may_be_searched_or_not_even_listed_is_not_told(home: SearchHome) -> None:
    home.add("Ada Larrieu")
    home.add("Bea Larrieu", acts=())
    both = (*SOURCED, Act(EventType.APPLICATION_RECEIVED, FIRST_DAY, Purpose.APPLICATION))
    home.add("Cléo Larrieu", acts=both)
    limited = (*SOURCED, Act(EventType.RESTRICTION_ON, FIRST_DAY))
    home.add("Dan Larrieu", acts=limited)
    home.add("Eva Larrieu", acts=(Act(EventType.SOURCED, FIRST_DAY - timedelta(days=900)),))
    assert names(home, "larrieu") == []


def test_a_few_at_most(home: SearchHome) -> None:
    home.add_many([{"name": f"P{n} Martin", "acts": SOURCED} for n in range(MOST * 3)])
    assert len(names(home, "martin")) == MOST


def test_only_for_who_may_see_persons(home: SearchHome) -> None:
    home.add("Jean-Marc Larrieu", acts=SOURCED)
    with pytest.raises(NotAllowed):
        only_listed(reading_of(home, Role.WEBMASTER), "larrieu")
