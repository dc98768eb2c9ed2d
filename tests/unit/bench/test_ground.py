"""A corpus becomes a home through the services; the same base without its key says the same."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import text

from bench.corpus import read_corpus, write_corpus
from bench.door import EMAIL, opener
from bench.goals_search import forms
from bench.ground import Ground, fill, open_home, raw
from bench.plain import decrypt, plain_engine
from clementine_crm.bootstrap import open_desk, unlock
from clementine_crm.domain.consent_model import State
from clementine_crm.errors import WrongKey
from clementine_crm.queries.consents import consent_lines
from clementine_crm.queries.dossier import candidate
from clementine_crm.queries.search import search
from clementine_crm.store.engine import checkpoint

PEOPLE = 120


def quiet(_text: str) -> None:
    return


@pytest.fixture(scope="module")
def ground(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Ground]:
    folder = tmp_path_factory.mktemp("ground")
    write_corpus(folder / "corpus", PEOPLE, seed=3)
    fill(folder / "home", folder / "corpus", 100, quiet)
    fill(folder / "home", folder / "corpus", 0, quiet)
    ground = Ground(folder, 100, folder / "corpus", folder / "home", quiet)
    yield ground
    ground.close()


def test_each_person_is_kept_with_texts_and_a_consent_of_that_day(ground: Ground) -> None:
    reading = ground.desk.reading
    people = {p.id: p for p in read_corpus(ground.corpus) if p.id < 100}
    assert sorted(ground.rids) == sorted(people)
    # The corpus's order is the order of the rows: the newest is the last.
    assert [ground.rids[n] for n in sorted(people)] == sorted(ground.rids.values())
    noted = next(p for p in people.values() if p.notes and p.applications)
    hit = next(h for h in search(reading, noted.email).hits if h.rid == ground.rids[noted.id])
    view = candidate(reading, hit.id)
    assert view.name == f"{noted.given_name} {noted.family_name}"
    assert (view.headline, view.town) == (noted.title, noted.city)
    assert {s.name for s in view.skills} == set(noted.skills)
    assert len(view.applications) == len(noted.applications)
    assert len(view.documents) == 1
    (line,) = consent_lines(reading, hit.id)
    assert (line.purpose, line.dates.state, line.source) == ("POOL", State.GIVEN, "bench")
    assert line.dates.granted_on == reading.today


def test_every_word_of_a_cv_finds_its_person(ground: Ground) -> None:
    person = next(p for p in read_corpus(ground.corpus) if p.id == 42)
    phrase = " ".join(person.cv_text.split()[60:70]).replace('"', "")
    found = search(ground.desk.reading, f'"{phrase}"')
    assert ground.rids[42] in found.rids
    assert search(ground.desk.reading, "source:bench").total == 100


def test_the_plain_copy_is_the_same_base(ground: Ground) -> None:
    assert ground.plain_path.read_bytes()[:16] == b"SQLite format 3\0"
    assert ground.plain_path.stat().st_size == ground.desk.home.base.stat().st_size
    asked = [
        form for form in forms(ground) if form.name in ("common word", "full name", "prefix k*")
    ]
    assert len(asked) == 3
    with raw(ground.desk.engines.search) as ours, raw(ground.plain) as plain:
        for form in asked:
            for sql in (form.newest(), form.ranked(), form.counted()):
                rows = [c.execute(sql, (form.match,)).fetchall() for c in (ours, plain)]
                assert rows[0] == rows[1]


def test_a_page_of_another_key_is_refused(ground: Ground, tmp_path: Path) -> None:
    checkpoint(ground.desk.engines.write)
    with pytest.raises(ValueError, match="does not verify"):
        decrypt(ground.desk.home.base, bytes(32), tmp_path / "plain.db")


def test_a_plain_base_can_be_written(tmp_path: Path) -> None:
    engine = plain_engine(tmp_path / "new.db", readonly=False)
    with engine.begin() as connection:
        connection.execute(text("CREATE TABLE t (a)"))
    engine.dispose()
    assert (tmp_path / "new.db").read_bytes()[:16] == b"SQLite format 3\0"


def test_another_home_is_opened_by_the_password_of_the_environment(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CLEMENTINE_PASSWORD", "Verger-Mistral-47!bocage")
    open_home(tmp_path / "home").close()
    assert opener(tmp_path / "home") == (EMAIL, "Verger-Mistral-47!bocage")
    open_home(tmp_path / "home").close()
    monkeypatch.delenv("CLEMENTINE_PASSWORD")
    with pytest.raises(WrongKey):
        open_home(tmp_path / "home")


def test_the_home_is_any_home(ground: Ground) -> None:
    ground.desk.close()
    del ground.__dict__["desk"]
    desk = open_desk(ground.home, unlock(ground.home, *opener(ground.home)))
    assert search(desk.reading, "source:bench").total == 100
    desk.close()
    again = open_home(ground.home)
    again.close()
